"""Bytes from files and pipes, bounded: only regular files are opened, and no text is read for ever.

A pipe that the shell has opened, as ``<(...)`` does, is read like standard input.
"""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, IO

from derive.notation.errors import InputError

LONGEST = 2**26  # bytes of a text
CHUNK = 2**16  # bytes in which a binary file shows itself
OPEN_PIPE = re.compile(r"/dev/(stdin|fd/\d{1,9})|/proc/self/fd/\d{1,9}", re.ASCII)
KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def is_open_pipe(path: Path) -> bool:
    """True for a pipe that the shell has opened for this program, such as /dev/fd/63."""
    return OPEN_PIPE.fullmatch(str(path)) is not None and path.is_fifo()


@contextmanager
def opened(path: Path, name: str) -> Iterator[BinaryIO]:
    """The bytes of a regular file; InputError for anything else, and for whatever fails in reading.

    The kind is looked at before the file is opened, since opening a named pipe would wait.
    """
    try:
        kind = stat.S_IFMT(path.stat().st_mode)
        if kind in KINDS:
            raise InputError(
                f"{name} is {KINDS[kind]}, not a file: copy what it gives into a file, or pipe text"
                " to standard input and name the kernel -"
            )
        with path.open("rb") as stream:
            yield stream
    except OSError as error:
        raise unreadable(name, error) from None


def text_of(path: Path, name: str) -> str:
    """The text of a regular file."""
    with opened(path, name) as stream:
        if os.fstat(stream.fileno()).st_size > LONGEST:
            raise _too_long(name)
        return text_from(stream, name)


def text_from(stream: IO[bytes], name: str) -> str:
    """The text that a stream holds until its end; InputError if it is too long, or not UTF-8."""
    try:
        start = stream.read(CHUNK)
        if b"\0" in start:
            raise _binary(name, start.index(b"\0"), start)
        data = start + stream.read(LONGEST + 1 - len(start))
    except OSError as error:
        raise unreadable(name, error) from None
    if len(data) > LONGEST:
        raise _too_long(name)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _binary(name, error.start, data) from None


def unreadable(name: str, error: OSError) -> InputError:
    """Why the system does not let a file be read, in one line."""
    return InputError(f"cannot read {name}: {error.strerror or 'the system gives no reason'}")


def _too_long(name: str) -> InputError:
    return InputError(f"{name} has more than {LONGEST:,} bytes of text: save it as .npy")


def _binary(name: str, place: int, data: bytes) -> InputError:
    """What a text that is none holds, and where."""
    line = data.count(b"\n", 0, place) + 1
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return InputError(f"{name} is no text in UTF-8 but in UTF-16: save it as UTF-8")
    return InputError(
        f"{name} is no text in UTF-8: byte {place + 1:,}, on line {line:,}, is 0x{data[place]:02x}"
    )
