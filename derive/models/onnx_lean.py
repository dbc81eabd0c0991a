"""A file of ONNX read without the numbers of its weights, which stay in the file until they are
wanted.

A file of protobuf is a list of fields: a number that says which, how it is laid out, and what it
holds. A model is read field by field, and of every large initializer all but its numbers is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path

LARGE = 2**15  # bytes of an initializer from which its numbers stay in the file
GRAPH, INITIALIZER, NAME = 7, 5, 8  # fields of ModelProto, GraphProto and TensorProto
NUMBERS = frozenset({4, 5, 6, 7, 9, 10, 11})  # fields of TensorProto that hold numbers
FIXED = {1: 8, 5: 4}  # bytes of what is laid out in one way
COUNTED = 2  # how a field is laid out that says how long it is


class MalformedError(ValueError):
    """Bytes that are no message of protobuf, or are cut off."""


@dataclass(frozen=True)
class Place:
    """Where an initializer stands in a file."""

    path: Path
    start: int
    end: int

    def read(self) -> bytes:
        """The bytes of it; OSError if the file cannot be read."""
        with self.path.open("rb") as stream:
            stream.seek(self.start)
            return stream.read(self.end - self.start)


@dataclass(frozen=True)
class Field:
    """A field of a message: its number, its layout, and where it and what it holds stand."""

    number: int
    layout: int
    start: int
    held: int
    end: int


def lean(path: Path) -> tuple[bytes, dict[str, Place]]:
    """The bytes of a model without the numbers of its large initializers, and where these are.

    Raises OSError for a file that cannot be read, and MalformedError for one that is no message.
    """
    with path.open("rb") as stream:
        if not path.stat().st_size:
            return b"", {}
        with mmap(stream.fileno(), 0, access=ACCESS_READ) as data:
            places: dict[str, Place] = {}
            return b"".join(_model(data, path, places)), places


def _model(data: mmap, path: Path, places: dict[str, Place]) -> Iterator[bytes]:
    for one in fields(data, 0, len(data)):
        if (one.number, one.layout) == (GRAPH, COUNTED):
            yield _message(GRAPH, b"".join(_graph(data, one, path, places)))
        else:
            yield data[one.start : one.end]


def _graph(data: mmap, graph: Field, path: Path, places: dict[str, Place]) -> Iterator[bytes]:
    for one in fields(data, graph.held, graph.end):
        large = one.end - one.held > LARGE
        if large and (one.number, one.layout) == (INITIALIZER, COUNTED):
            inner = list(fields(data, one.held, one.end))
            (name,) = [data[x.held : x.end] for x in inner if x.number == NAME][-1:] or [b""]
            places[name.decode("utf-8", "replace")] = Place(path, one.held, one.end)
            kept = (data[x.start : x.end] for x in inner if x.number not in NUMBERS)
            yield _message(INITIALIZER, b"".join(kept))
        else:
            yield data[one.start : one.end]


def fields(data: "mmap | bytes", start: int, end: int) -> Iterator[Field]:
    """The fields of a message from one place to another; MalformedError if they are none.

    >>> [(one.number, one.held, one.end) for one in fields(b"\\x08\\x96\\x01\\x12\\x01a", 0, 6)]
    [(1, 1, 3), (2, 5, 6)]
    """
    while start < end:
        key, held = _varint(data, start, end)
        number, layout = key >> 3, key & 7
        if layout == COUNTED:
            length, held = _varint(data, held, end)
            stop = held + length
        elif layout in FIXED:
            stop = held + FIXED[layout]
        elif layout == 0:
            _, stop = _varint(data, held, end)
        else:
            raise MalformedError(f"layout {layout}")
        if stop > end or not number:
            raise MalformedError("cut off")
        yield Field(number, layout, start, held, stop)
        start = stop


def _varint(data: "mmap | bytes", start: int, end: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and where it ends."""
    value = 0
    for place in range(start, min(end, start + 10)):
        value |= (data[place] & 127) << 7 * (place - start)
        if data[place] < 128:
            return value, place + 1
    raise MalformedError("cut off")


def _message(number: int, held: bytes) -> bytes:
    """A field that holds a message."""
    return _written(number << 3 | COUNTED) + _written(len(held)) + held


def _written(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)
