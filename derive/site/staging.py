"""A folder is built next to the one it replaces, which stays until the new one is complete."""

import errno
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from derive.notation.errors import InputError

DAY = 86_400  # seconds after which no running build owns a folder that was left behind
TAKEN = (errno.EEXIST, errno.ENOTEMPTY)


@dataclass(frozen=True)
class Staged:
    """A folder to build into, and the folder whose place it takes."""

    folder: Path
    target: Path

    def publish(self) -> None:
        """Put the folder in the place of the target, or leave the target as it was.

        Of several builds at once each publishes a whole folder, and the last one stays. Raises
        InputError if the target cannot be moved.
        """
        try:
            while not self._swapped():
                pass
        except OSError as error:
            raise InputError(f"{self.target} cannot be replaced: {error.strerror}") from None
        finally:
            _restore(self.folder, self.target)

    @property
    def built(self) -> Path:
        """Where to build."""
        return self.folder / "new"

    def _swapped(self) -> bool:
        """Whether the new folder has taken the target's place, and not another build's."""
        with suppress(FileNotFoundError):  # there is none yet
            self.target.rename(self.folder / f"old-{secrets.token_hex(8)}")
        try:
            self.built.rename(self.target)
        except OSError as error:
            if error.errno not in TAKEN:
                raise
            return False
        return True


@contextmanager
def staged(target: Path) -> Iterator[Staged]:
    """A fresh folder next to the target, which is gone in the end, published or not.

    Raises InputError if there can be none.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as place:
    ...     with staged(Path(place) / "site") as site:
    ...         _ = (site.built / "index.html").write_text("new")
    ...         site.publish()
    ...     [path.name for path in Path(place).rglob("*")]
    ['site', 'index.html']
    """
    target = target.resolve()
    folder = _next_to(target)
    try:
        yield Staged(folder, target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _next_to(target: Path) -> Path:
    """A new folder next to the target, with one in it to build into."""
    try:
        _clear(target)
        folder = Path(mkdtemp(prefix=_prefix(target), dir=target.parent))
        (folder / "new").mkdir()
    except OSError as error:
        raise InputError(f"cannot write to {target.parent}: {error.strerror}") from None
    return folder


def _prefix(target: Path) -> str:
    return f".{target.name}-"


def _restore(folder: Path, target: Path) -> None:
    """Put the last folder that was moved aside back, if nothing has taken its place."""
    old = sorted(folder.glob("old-*"))
    if old and not target.exists():
        old[-1].rename(target)


def _clear(target: Path) -> None:
    """Remove what builds that were killed left behind long ago, and put back what they moved."""
    for folder in target.parent.glob(f"{_prefix(target)}*"):
        _restore(folder, target)
        if time.time() - folder.stat().st_mtime > DAY:
            shutil.rmtree(folder, ignore_errors=True)
