"""Kernels in binary files: NumPy's .npy and .npz, and .safetensors.

The header is read and judged before any entry; nothing is ever unpickled. A floating-point number
is the dyadic rational that it is.
"""

import json
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from fractions import Fraction
from math import prod
from pathlib import Path
from tokenize import TokenError
from typing import Any, BinaryIO

from derive.notation.errors import InputError
from derive.read.entries import checked, Entries, exact, place, short, whole
from derive.read.text import read_nested

BROKEN = (
    *(EOFError, KeyError, OSError, RuntimeError, TokenError, ValueError),
    *(zipfile.BadZipFile, zlib.error),
)  # what a damaged file may raise
LONGEST_WORD = 4 * 256  # bytes of a text in an array, four a character
HEADER = 2**27  # bytes of the header of a .safetensors file, at most
SAFE = {
    **{"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "BOOL": "|b1"},
    **{"I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "|i1"},
    **{"U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "|u1"},
}  # formats of .safetensors in NumPy's words


def read_npy(path: Path, name: str) -> Entries:
    """The array of a .npy file; InputError if it is damaged, or holds anything but real numbers."""
    try:
        with path.open("rb") as stream:
            return _npy(stream, name)
    except BROKEN as error:
        raise _damaged(name, error) from None


def read_npz(path: Path, name: str, key: str | None = None) -> Entries:
    """The array of a .npz file that the key names, or its only one."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = {x.removesuffix(".npy"): x for x in archive.namelist() if x.endswith(".npy")}
            if not members and any(x.endswith(".pkl") for x in archive.namelist()):
                raise InputError(f"{name} holds a pickle, which is never read")
            key = chosen(name, dict.fromkeys(members, ""), key)
            with archive.open(members[key]) as stream:
                return _npy(stream, f"{name}, {key}")
    except BROKEN as error:
        raise _damaged(name, error) from None


def read_safetensors(path: Path, name: str, key: str | None = None) -> Entries:
    """The tensor of a .safetensors file that the key names, or its only one.

    The file is a length of eight bytes, a header in JSON of that length, then the numbers.
    """
    try:
        with path.open("rb") as stream:
            header, start = _header(stream, path.stat().st_size)
            shapes = {x: str(tuple(one["shape"])) for x, one in header.items()}
            key = chosen(name, shapes, key)
            return _tensor(stream, f"{name}, {key}", header[key], start)
    except (*BROKEN, AttributeError, RecursionError, TypeError) as error:
        raise _damaged(name, error) from None


def read_array(name: str, given: Any) -> Entries:
    """An array of NumPy, a tensor of PyTorch, or anything else that NumPy takes for an array."""
    import numpy as np

    try:
        array = np.asarray(given.detach() if hasattr(given, "detach") else given)
    except (RuntimeError, TypeError, ValueError) as error:
        reason = short(" ".join(str(error).split()))
        raise InputError(f"{name} is no array that NumPy takes: {reason}") from None
    if array.dtype.kind == "O":
        return read_nested(name, array.tolist())
    floating = _format(name, array.dtype)
    return _entries(name, array.reshape(checked(name, array.shape)), floating)


def chosen(name: str, members: Mapping[str, str], key: str | None) -> str:
    """The name of the array to read; InputError, with what there is, if the key names none."""
    if key is None and len(members) == 1:
        return next(iter(members))
    if key is not None and key in members:
        return key
    if not members:
        raise InputError(f"{name} holds no arrays")
    listed = [f"{short(x)} {shape}".strip() for x, shape in list(members.items())[:12]]
    more = f" and {len(members) - 12} more" if len(members) > 12 else ""
    have = f"{', '.join(listed)}{more}"
    if key is None:
        raise InputError(f"{name} holds {len(members)} arrays: name one with --key: {have}")
    raise InputError(f"{name} has no array {short(key)!r}; it has {have}")


def _npy(stream: Any, name: str) -> Entries:
    """One array in NumPy's format: its header is judged first."""
    from numpy.lib import format as forms

    start = stream.read(8)
    if start[:1] == b"\x80":
        raise InputError(f"{name} is a pickle, which is never read: write it with numpy.save")
    if start[:6] != forms.MAGIC_PREFIX:
        raise InputError(f"{name} is no NumPy array: write it with numpy.save")
    readers = {(1, 0): forms.read_array_header_1_0, (2, 0): forms.read_array_header_2_0}
    if (version := tuple(start[6:8])) not in readers:
        raise InputError(f"{name} is in version {version} of NumPy's format: 1 and 2 are read")
    with warnings.catch_warnings(action="ignore"):  # of headers that Python 2 wrote
        shape, _, dtype = readers[version](stream)
    floating = _format(name, dtype)
    checked(name, shape)
    stream.seek(0)
    with warnings.catch_warnings(action="ignore"):
        array = forms.read_array(stream, allow_pickle=False)
    return _entries(name, array, floating)


def _format(name: str, dtype: Any) -> str | None:
    """The name of a floating-point format, None for exact ones; InputError for any other."""
    if dtype.kind == "f" and dtype.itemsize <= 8:
        return str(dtype.name)
    if dtype.kind in "biu" or (dtype.kind == "U" and dtype.itemsize <= LONGEST_WORD):
        return None
    kinds = {
        "O": "Python objects, which are pickled and never read: save it as float64",
        "c": "complex numbers: a kernel is real, save its real part",
        "f": f"{dtype.name} numbers, which few machines have: save it as float64",
        "V": "records or raw bytes, not numbers",
        "U": "texts longer than a number that is read",
    }
    raise InputError(f"{name} holds {kinds.get(dtype.kind, f'{dtype.name}, not numbers')}")


def _entries(name: str, array: Any, floating: str | None) -> Entries:
    """The numbers of an array, row after row; strings are read as text is."""
    import numpy as np

    numbers = array.ravel(order="C").tolist()
    if array.dtype.kind == "U":
        return Entries(array.shape, [_said(name, array.shape, x) for x in enumerate(numbers)])
    if not floating:
        return Entries(array.shape, list(map(int, numbers)))
    if len(bad := np.argwhere(~np.isfinite(array))):
        at, entry = place(bad[0]), array[tuple(bad[0])]
        raise InputError(f"{name}, {at} is {entry}: every entry must be a finite number")
    return Entries(array.shape, [whole(Fraction(x)) for x in numbers], floating)


def _said(name: str, shape: tuple[int, ...], numbered: tuple[int, str]) -> Any:
    try:
        return exact(numbered[1])
    except InputError as error:
        raise InputError(f"{name}, {place(_index(shape, numbered[0]))}: {error}") from None


def _index(shape: tuple[int, ...], number: int) -> tuple[int, ...]:
    """The index of an entry that stands at some number in the file's order."""
    index = []
    for extent in reversed(shape):
        number, digit = divmod(number, extent)
        index.append(digit)
    return tuple(reversed(index))


def _header(stream: BinaryIO, size: int) -> tuple[dict[str, Any], int]:
    """The header of a .safetensors file and where its numbers begin."""
    length = int.from_bytes(stream.read(8), "little")
    if length > min(HEADER, size - 8):
        raise ValueError("its header is longer than the file")
    header = json.loads(stream.read(length))
    header.pop("__metadata__", None)
    return header, 8 + length


def _tensor(stream: BinaryIO, name: str, about: Mapping[str, Any], start: int) -> Entries:
    """One tensor: its place and size must be those that its shape and format make."""
    import numpy as np

    if about["dtype"] not in SAFE:
        raise InputError(
            f"{name} has {short(str(about['dtype']))} entries; {', '.join(SAFE)} are read"
        )
    dtype = np.dtype(SAFE[about["dtype"]])
    shape, (first, last) = checked(name, about["shape"]), about["data_offsets"]
    if first < 0 or last - first != prod(shape) * dtype.itemsize:
        raise ValueError(f"{last - first} bytes for {prod(shape)} entries")
    stream.seek(start + first)
    data = stream.read(last - first)
    if len(data) < last - first:
        raise EOFError("it ends too early")
    array = np.frombuffer(data, dtype).reshape(shape)
    if about["dtype"] == "BF16":  # the upper half of a float32
        return _entries(name, (array.astype("<u4") << 16).view("<f4"), "bfloat16")
    return _entries(name, array, _format(name, dtype))


def _damaged(name: str, error: Exception) -> InputError:
    """What is wrong with a file in one line; a refusal of ours stays as it is."""
    if isinstance(error, InputError):
        return error
    if isinstance(error, OSError) and error.strerror:
        return InputError(f"cannot read {name}: {error.strerror}")
    reason = " ".join(str(error).split()) or type(error).__name__
    return InputError(f"{name} is damaged or cut off: {short(reason)}")
