"""The pages as Markdown in a folder, for another site builder; nothing of others is overwritten."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from derive.notation.errors import InputError
from derive.render.files import write_file

WRITTEN = ".derive-markdown.json"  # the digests of the files that an export wrote


def export(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files to a folder, and remove those of an earlier export that are no longer among them.

    Raises InputError, before anything is written, if a file is in the way that no export wrote, or
    that was changed since.
    """
    before = _written(folder)
    now = {name: _digest(content) for name, content in files.items()}
    for name, digest in now.items():
        if _foreign(folder / name, {digest, before.get(name)}):
            raise InputError(f"{folder / name} is in the way: no export wrote it as it is now")
    _write(folder / WRITTEN, json.dumps({**before, **now}, indent=1).encode())
    for name, content in files.items():
        _write(folder / name, content)
    for name in before.keys() - now.keys():
        if not _foreign(folder / name, {before[name]}):
            (folder / name).unlink(missing_ok=True)
    _write(folder / WRITTEN, json.dumps(now, indent=1).encode())


def _written(folder: Path) -> dict[str, str]:
    """What an earlier export wrote, as far as its record can be read."""
    with suppress(OSError, ValueError):
        found = json.loads((folder / WRITTEN).read_bytes())
        if isinstance(found, dict):
            return {
                name: str(digest)
                for name, digest in found.items()
                if (folder / name).resolve().is_relative_to(folder.resolve())
            }
    return {}


def _foreign(path: Path, digests: set[str | None]) -> bool:
    """Whether something is there that is not one of ours."""
    if not path.exists() and not path.is_symlink():
        return False
    return path.is_symlink() or not path.is_file() or _digest(path.read_bytes()) not in digests


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write to {path.parent}: {error.strerror}") from None
    write_file(path, content, durable=False)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
