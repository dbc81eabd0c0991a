"""A file of ONNX read without the numbers of its weights, which stay in the file until they are
wanted.

A file of protobuf is a list of fields: a number that says which, how it is laid out, and what it
holds. A model is read field by field, and of every large initializer all but its numbers is kept.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

LARGE = 2**15  # bytes of an initializer from which its numbers stay in the file
GRAPH, INITIALIZER, NAME = 7, 5, 8  # fields of ModelProto, GraphProto and TensorProto
NUMBERS = frozenset({4, 5, 6, 7, 9, 10, 11})  # fields of TensorProto that hold numbers
FIXED = {1: 8, 5: 4}  # bytes of what is laid out in one way
COUNTED = 2  # how a field is laid out that says how long it is
LONGEST = 10  # bytes of a number

Read = Callable[[int, int], bytes]  # the bytes from one place to another


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

        def read(start: int, end: int) -> bytes:
            stream.seek(start)
            return stream.read(end - start)

        places: dict[str, Place] = {}
        return b"".join(_model(read, path, places)), places


def _model(read: Read, path: Path, places: dict[str, Place]) -> Iterator[bytes]:
    for one in fields(read, 0, path.stat().st_size):
        if (one.number, one.layout) == (GRAPH, COUNTED):
            yield _message(GRAPH, b"".join(_graph(read, one, path, places)))
        else:
            yield read(one.start, one.end)


def _graph(read: Read, graph: Field, path: Path, places: dict[str, Place]) -> Iterator[bytes]:
    for one in fields(read, graph.held, graph.end):
        large = one.end - one.held > LARGE
        if large and (one.number, one.layout) == (INITIALIZER, COUNTED):
            inner = list(fields(read, one.held, one.end))
            (name,) = [read(x.held, x.end) for x in inner if x.number == NAME][-1:] or [b""]
            places[name.decode("utf-8", "replace")] = Place(path, one.held, one.end)
            kept = (read(x.start, x.end) for x in inner if x.number not in NUMBERS)
            yield _message(INITIALIZER, b"".join(kept))
        else:
            yield read(one.start, one.end)


def fields(read: Read, start: int, end: int) -> Iterator[Field]:
    """The fields of a message from one place to another; MalformedError if they are none.

    >>> message = b"\\x08\\x96\\x01\\x12\\x01a"
    >>> found = fields(lambda start, end: message[start:end], 0, 6)
    >>> [(one.number, one.held, one.end) for one in found]
    [(1, 1, 3), (2, 5, 6)]
    """
    while start < end:
        head = read(start, min(end, start + 2 * LONGEST))
        key, used = _varint(head, 0)
        number, layout, held = key >> 3, key & 7, start + used
        if layout == COUNTED:
            length, used = _varint(head, used)
            held = start + used
            stop = held + length
        elif layout in FIXED:
            stop = held + FIXED[layout]
        elif layout == 0:
            stop = start + _varint(head, used)[1]
        else:
            raise MalformedError(f"layout {layout}")
        if stop > end or not number:
            raise MalformedError("cut off")
        yield Field(number, layout, start, held, stop)
        start = stop


def _varint(head: bytes, start: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and where it ends."""
    value = 0
    for place, byte in enumerate(head[start : start + LONGEST]):
        value |= (byte & 127) << 7 * place
        if byte < 128:
            return value, start + place + 1
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
