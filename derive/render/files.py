"""Files are written in full or not at all: an old file stays until the new one is complete."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from derive.notation.errors import InputError
from derive.notation.words import short


def write_file(path: Path, data: bytes, *, overwrite: bool = True, durable: bool = True) -> None:
    """Write data to a file, or leave everything as it was.

    The data goes to a temporary file in the same folder, which is then renamed, so that a full disk
    or an interruption harms no old file and leaves no part of a new one. A link stays a link, and
    permissions are kept. ``durable`` waits until the disk has the data, which a cache can do
    without. Raises InputError if the file exists and ``overwrite`` is false, if the path is a
    folder, a pipe or a device, and if it cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_file(Path(folder) / "factors.json", b"[1, 2]")
    ...     (Path(folder) / "factors.json").read_text()
    '[1, 2]'
    """
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            raise InputError(
                f"cannot write {_shown(path)}: it is a folder, a pipe or a device, not a file"
            )
        if target.exists() and not overwrite:
            raise FileExistsError
        _replace(target, data, overwrite, durable)
    except FileExistsError:
        raise InputError(
            f"{_shown(path)} exists: choose another name, or --force to overwrite"
        ) from None
    except (OSError, RuntimeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"cannot write {_shown(path)}: {reason}") from None


def _shown(path: Path) -> str:
    return short(str(path), 200)


def _replace(target: Path, data: bytes, overwrite: bool, durable: bool) -> None:
    """Write a temporary file next to the target and give it the target's name."""
    part = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as stream:
            stream.write(data)
            stream.flush()
            if durable:
                os.fsync(stream.fileno())
        if target.exists():
            part.chmod(target.stat().st_mode & 0o7777)
        if overwrite:
            part.replace(target)
        else:
            _place(part, target)
    finally:
        with suppress(OSError):
            part.unlink()


def _place(part: Path, target: Path) -> None:
    """Give a file a name that is free; FileExistsError if another process has taken it."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if target.exists():
            raise FileExistsError from None
        part.replace(target)
