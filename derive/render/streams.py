"""Standard output and standard error: what is written there, and what becomes of their failures.

Standard output carries data: if it cannot be written, the run ends with an exit code of its own.
Standard error carries words: if they cannot be written, nobody reads them and the run goes on.
"""

import codecs
import errno
import io
import json
import os
import re
import select
import sys
from contextlib import suppress
from typing import Any, TextIO

CANNOT_WRITE = 74  # EX_IOERR of sysexits.h
CLOSED_PIPE = 141  # of a program that SIGPIPE ends, as a shell reports it

# Control characters of ASCII but for the end of a line, those of Latin-1, the separators of lines
# and paragraphs, and the marks that change the direction of writing.
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

# Signs of our tables for streams that have no such characters, as those of the C locale.
PLAIN = {"×": "x", "≤": "<=", "≥": ">=", "≠": "!=", "→": "->", "·": "*", "…": "..."}


class OutputError(Exception):
    """Standard output cannot be written; ``code`` is the exit code.

    It is no OSError, so that nothing takes it for the failure of a file that it has opened.
    """

    def __init__(self, error: OSError) -> None:
        super().__init__(f"cannot write to standard output: {error.strerror}")
        self.code = CLOSED_PIPE if error.errno == errno.EPIPE else CANNOT_WRITE


class _Output(io.RawIOBase):
    """The raw end of a stream, which drops everything once a write has failed."""

    def __init__(self, raw: io.RawIOBase, needed: bool) -> None:
        self._raw, self._needed, self._failed = raw, needed, False

    def write(self, data: Any, /) -> int:
        """Write some bytes; OutputError, the first time only, if that fails on a needed stream."""
        if not self._failed:
            try:
                return self._written(data)
            except OSError as error:
                self._failed = True
                if self._needed:
                    raise OutputError(error) from error
        return len(data)

    def _written(self, data: Any) -> int:
        while (count := self._raw.write(data)) is None:  # a pipe that does not block is full
            select.select([], [self._raw], [])
        return count

    def writable(self) -> bool:
        """True: the stream is there to be written to."""
        return True

    def fileno(self) -> int:
        """The file descriptor."""
        return self._raw.fileno()

    def isatty(self) -> bool:
        """Whether a person reads it."""
        return self._raw.isatty()


def guard() -> None:
    """Let failures of standard output raise OutputError, and those of standard error pass.

    What a stream cannot encode is written in plain signs or as an escape. Streams that another
    program has put in their place, as a notebook does, stay as they are.
    """
    codecs.register_error("plain", _plain)
    _occupy()
    if sys.stdout is sys.__stdout__:
        sys.stdout = _guarded(sys.stdout, 1, needed=True)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _guarded(sys.stderr, 2, needed=False)


def _occupy() -> None:
    """Open the descriptors 0, 1 and 2 that are closed, so that no file is mistaken for a stream."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_WRONLY if number == 0 else os.O_RDONLY)  # EBADF, as if closed


def _guarded(stream: TextIO | None, number: int, *, needed: bool) -> TextIO:
    """The stream with our raw end; one that was closed when Python started is None."""
    if stream is None:
        raw: Any = io.FileIO(number, "wb", closefd=False)
    elif isinstance(stream, io.TextIOWrapper):
        raw = getattr(stream.buffer, "raw", stream.buffer)
    else:
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(_Output(raw, needed)),
        encoding=stream.encoding if stream else "utf-8",
        errors="plain",
        line_buffering=stream is not None and stream.line_buffering,
    )


def _plain(error: UnicodeError) -> tuple[str | bytes, int]:
    """What is written for characters that a stream cannot encode."""
    if isinstance(error, UnicodeEncodeError) and (sign := PLAIN.get(error.object[error.start])):
        return sign, error.start + 1
    return codecs.backslashreplace_errors(error)


def visible(text: str) -> str:
    r"""A text with its control characters as escapes, so that a terminal shows and obeys none.

    >>> visible("a\x1b[31mb\n\u202ec")
    'a\\x1b[31mb\n\\u202ec'
    """
    return UNSAFE.sub(lambda found: ascii(found[0])[1:-1], text)


def one_line(text: str) -> str:
    r"""A text in one line, with its control characters as escapes.

    >>> one_line("1 2\n3  4\x9b")
    '1 2 3 4\\x9b'
    """
    return visible(" ".join(text.split()))


def put(text: str) -> None:
    """Write a text and the end of its line to standard output; OutputError if that fails."""
    print(text, flush=True)


def put_json(document: object) -> None:
    """Write a document, which may hold records, as JSON; what a terminal would obey, or cannot
    show, as escapes of JSON."""
    from derive.render.values import json_values

    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    text = json.dumps(json_values(document), ensure_ascii=encoding != "utf8", indent=2)
    put(UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def say(words: str) -> None:
    """Write one line to standard error, if someone is there to read it."""
    with suppress(OSError, ValueError):
        print(one_line(words), file=sys.stderr, flush=True)


def flush() -> None:
    """Write what is left over; OutputError if that fails."""
    if sys.stdout is not None:
        sys.stdout.flush()
