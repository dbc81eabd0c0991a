"""Kernels in binary files: NumPy's .npy and .npz, and .safetensors.

The header is read and judged before any entry; nothing is ever unpickled. A floating-point number
is the dyadic rational that it is.
"""

import re
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import Any, IO

from derive.algebra.dyadic import Dyadics
from derive.notation.errors import InputError
from derive.notation.words import natural, short
from derive.parse.entries import checked, Entries, exact, place
from derive.parse.source import opened
from derive.parse.text import parsed, read_nested

BROKEN = (
    *(EOFError, KeyError, OSError, RuntimeError, SystemError, ValueError),
    *(zipfile.BadZipFile, zlib.error),
)  # what a damaged file may raise
MAGIC = b"\x93NUMPY"
VERSIONS = {(1, 0): 2, (2, 0): 4, (3, 0): 4}  # of NumPy's format: bytes of a header's length
NPY_HEADER = 10_000  # bytes of it, at most, as numpy.load has it
HEADER = 2**24  # bytes of the header of a .safetensors file, at most
HEADER_COMMAS = 2**21  # in it
LONGEST = 2**27  # bytes of the numbers or texts of an array
LONGEST_WORD = 4 * 256  # bytes of a text in an array, four a character
FIELD = {
    "descr": r"""(?P<descr>'[^']*'|"[^"]*"|\((?:[^()]|\([^()]*\))*\)|\[.*\])""",
    "fortran_order": "(?P<fortran_order>True|False)",
    "shape": r"\((?P<shape>(?:\s*\d{1,20}L?\s*(?:,|(?=\))))*\s*)\)",
}  # of the header of a .npy file, with what may stand in it
NPY_ENTRY = {
    name: re.compile(rf"""['"]{name}['"]\s*:\s*{value}\s*(?:,\s*|$)""")
    for name, value in FIELD.items()
}
DESCR = re.compile(r"[<>=|]?[a-zA-Z?]\d{0,6}(\[\d{0,4}[a-z]{1,2}\])?")
SAFE = {
    **{"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "BOOL": "|b1"},
    **{"I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "|i1"},
    **{"U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "|u1"},
}  # formats of .safetensors in NumPy's words


def read_npy(path: Path, name: str) -> Entries:
    """The array of a .npy file; InputError if it is damaged, or holds anything but real numbers."""
    with opened(path, name) as stream:
        return _npy(stream, name)


def read_npz(path: Path, name: str, key: str | None = None) -> Entries:
    """The array of a .npz file that the key names, or its only one.

    Raises InputError, in one line, if there is no such array or the file cannot be read.
    """
    with opened(path, name) as file:
        try:
            archive = zipfile.ZipFile(file)
        except (*BROKEN, NotImplementedError):
            raise _damaged(name, "it is no zip archive, as numpy.savez writes one") from None
        listed = archive.namelist()
        members = {x.removesuffix(".npy"): x for x in listed if x.endswith(".npy")}
        if not members and any(x.endswith(".pkl") for x in listed):
            raise InputError(f"{name} holds a pickle, which is never read")
        key = chosen(name, dict.fromkeys(members, ""), key)
        if listed.count(members[key]) > 1:
            raise InputError(f"{name} holds {short(key)} twice: give every array a name of its own")
        return _member(archive, archive.getinfo(members[key]), f"{name}, {short(key)}")


def _member(archive: zipfile.ZipFile, about: zipfile.ZipInfo, name: str) -> Entries:
    """An array in an archive, unpacked no further than its own header says."""
    if about.flag_bits & 1:
        raise InputError(f"{name} is encrypted: save it without a password, by numpy.savez")
    if about.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError(
            f"{name} is packed by a method that NumPy does not write: save it by"
            " numpy.savez_compressed"
        )
    try:
        with archive.open(about) as stream:
            return _npy(stream, name)
    except InputError:
        raise
    except BROKEN:
        raise _damaged(name, "its bytes and their checksum in the archive disagree") from None


def read_safetensors(path: Path, name: str, key: str | None = None) -> Entries:
    """The tensor of a .safetensors file that the key names, or its only one.

    The file is a length of eight bytes, a header in JSON of that length, then the numbers.
    """
    with opened(path, name) as stream:
        size = path.stat().st_size
        header, start = _header(stream, name, size)
        places = {x: _place(f"{name}, {short(x)}", one, size - start) for x, one in header.items()}
        shapes = {
            x: f"({short(', '.join(map(str, one['shape'][:9])))})" for x, one in header.items()
        }
        key = chosen(name, shapes, key)
        entries = _tensor(stream, f"{name}, {short(key)}", header[key], start + places[key][0])
        _need_cover(name, places, size - start)
        return entries


def read_array(name: str, given: Any) -> Entries:
    """An array of NumPy, a tensor of PyTorch, or anything else that NumPy takes for an array.

    Raises InputError, in one line, for an array that cannot be a kernel.
    """
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


def _npy(stream: IO[bytes], name: str) -> Entries:
    """One array in NumPy's format: its header is judged before any number is read."""
    import numpy as np

    shape, backwards, dtype = _npy_header(stream, name)
    floating = _format(name, dtype)
    shape = checked(name, shape)
    size = prod(shape) * dtype.itemsize
    if size > LONGEST:
        raise InputError(f"{name} has {size:,} bytes of text: at most {LONGEST:,} are read")
    data = stream.read(size + 1)
    if len(data) < size:
        raise _damaged(name, f"it has {len(data):,} of the {size:,} bytes that its shape needs")
    if len(data) > size:
        raise InputError(
            f"{name} goes on after the {size:,} bytes that its shape needs: save one array in a"
            " file, or several by numpy.savez"
        )
    array = np.frombuffer(data, dtype).reshape(shape, order="F" if backwards else "C")
    return _entries(name, array, floating)


def _npy_header(stream: IO[bytes], name: str) -> tuple[tuple[int, ...], bool, Any]:
    """Shape, order and format as the header of a .npy file says them, read by a grammar."""
    start = stream.read(8)
    if start[:1] == b"\x80":
        raise InputError(f"{name} is a pickle, which is never read: write it with numpy.save")
    if start[:6] != MAGIC:
        raise InputError(f"{name} is no NumPy array: write it with numpy.save")
    if (version := tuple(start[6:])) not in VERSIONS:
        raise InputError(f"{name} is in version {version} of NumPy's format: 1 to 3 are read")
    length = int.from_bytes(stream.read(VERSIONS[version]), "little")
    if length > NPY_HEADER:
        raise _damaged(name, f"its header claims {length:,} bytes, at most {NPY_HEADER:,} are read")
    header = stream.read(length)
    text = header.decode("latin-1").strip()
    if len(header) < length or not (text.startswith("{") and text.endswith("}")):
        raise _damaged(name, "its header is no {'descr': ..., 'fortran_order': ..., 'shape': ...}")
    fields = _fields(name, text[1:-1].strip())
    shape = tuple(int(n.strip().rstrip("L")) for n in fields["shape"].split(",") if n.strip())
    return shape, fields["fortran_order"] == "True", _dtype(name, fields["descr"])


def _fields(name: str, text: str) -> dict[str, str]:
    """The three fields of the header of a .npy file, each once."""
    found: dict[str, str] = {}
    while text:
        field, match = next(
            ((x, m) for x, entry in NPY_ENTRY.items() if (m := entry.match(text))), ("", None)
        )
        if match is None:
            raise _damaged(name, f"its header is not what numpy.save writes at {short(text)!r}")
        if field in found:
            raise _damaged(name, f"its header gives {field} twice")
        found[field], text = match[field], text[match.end() :]
    if missing := [x for x in FIELD if x not in found]:
        raise _damaged(name, f"its header has no {missing[0]}")
    return found


def _dtype(name: str, descr: str) -> Any:
    """The format of entries that a header names; fields of records are named by lists."""
    import numpy as np

    if descr[0] in "[(":
        return np.dtype("V")
    word = descr[1:-1]
    try:
        if DESCR.fullmatch(word):
            with warnings.catch_warnings(action="ignore"):  # of letters that are out of use
                return np.dtype(word)
    except (TypeError, ValueError):
        pass
    raise _damaged(name, f"its entries are {short(word)!r}, which is no format of NumPy")


def _format(name: str, dtype: Any) -> str | None:
    """The name of a floating-point format, None for exact ones; InputError for any other."""
    if dtype.kind == "f" and dtype.itemsize <= 8:
        return str(dtype.name)
    if dtype.kind in "biu" or (dtype.kind == "U" and 0 < dtype.itemsize <= LONGEST_WORD):
        return None
    kinds = {
        "O": "Python objects, which are pickled and never read: save it as float64",
        "c": "complex numbers: a kernel is real, save its real part",
        "f": f"{dtype.name} numbers, which few machines have: save it as float64",
        "V": "records or raw bytes, not numbers",
        "U": "texts longer than a number that is read, or empty ones",
    }
    raise InputError(f"{name} holds {kinds.get(dtype.kind, f'{dtype.name}, not numbers')}")


def _entries(name: str, array: Any, floating: str | None) -> Entries:
    """The numbers of an array, row after row; strings are read as text is."""

    if floating:
        return _floats(name, array, floating)
    try:
        numbers = array.ravel(order="C").tolist()
    except (SystemError, ValueError):
        raise _damaged(
            name, "it holds a text with a character that Unicode does not have"
        ) from None
    if array.dtype.kind == "U":
        return Entries(array.shape, [_said(name, array.shape, x) for x in enumerate(numbers)])
    return Entries(array.shape, list(map(int, numbers)))


def _floats(name: str, array: Any, floating: str) -> Entries:
    """Floating-point numbers, each as the exact number that it is; all must be finite."""
    import numpy as np

    if len(bad := np.argwhere(~np.isfinite(array))):
        at, entry = place(bad[0]), array[tuple(bad[0])]
        raise InputError(f"{name}, {at} is {entry}: every entry must be a finite number")
    return Entries(array.shape, Dyadics(array.ravel(order="C").astype(np.float64)), floating)


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


def _header(stream: IO[bytes], name: str, size: int) -> tuple[dict[str, Any], int]:
    """The header of a .safetensors file, without its metadata, and where its numbers begin."""
    length = int.from_bytes(stream.read(8), "little")
    if length > size - 8 or not length:
        raise _damaged(name, "its header is longer than the file")
    if length > HEADER:
        raise _damaged(name, f"its header claims {length:,} bytes, at most {HEADER:,} are read")
    data = stream.read(length)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise _damaged(name, f"its header is no UTF-8 at byte {error.start}") from None
    here = f"{name} is damaged or cut off: its header"
    header = parsed(here, text, HEADER_COMMAS, {"parse_int": _size})
    if not isinstance(header, dict):
        raise _damaged(name, "its header names no tensors")
    header.pop("__metadata__", None)
    return header, 8 + length


def _place(name: str, about: Any, size: int) -> tuple[int, int]:
    """Where the bytes of a tensor begin and end, for a header that says it as the format does."""
    if not (isinstance(about, dict) and {"dtype", "shape", "data_offsets"} <= about.keys()):
        raise _damaged(name, "a tensor needs dtype, shape and data_offsets")
    shape, offsets = _whole(about["shape"]), _whole(about["data_offsets"])
    if not isinstance(about["dtype"], str) or shape is None or offsets is None or len(offsets) != 2:
        raise _damaged(name, "shape and data_offsets are lists of whole numbers, dtype is a word")
    about["shape"] = shape
    first, last = offsets
    if not first <= last <= size:
        raise _damaged(name, f"bytes {first:,} to {last:,} of {size:,}: it ends too early")
    return first, last


def _whole(given: Any) -> list[int] | None:
    """A list of whole numbers; None for anything else."""
    if not isinstance(given, list):
        return None
    numbers = [x for x in given if isinstance(x, int) and not isinstance(x, bool)]
    return numbers if len(numbers) == len(given) else None


def _size(word: str) -> int | None:
    """A number of a header, which can be no more than a disk holds."""
    return natural(word, 2**63)


def _need_cover(name: str, places: Mapping[str, tuple[int, int]], size: int) -> None:
    """InputError unless every byte belongs to one tensor."""
    ordered = sorted((at, x) for x, at in places.items() if at[0] < at[1])
    ends = [((0, 0), ""), *ordered, ((size, size), "")]
    for ((_, end), one), ((begin, _), other) in pairwise(ends):
        if begin < end:
            raise _damaged(name, f"{short(one)} and {short(other)} share bytes")
        if begin > end:
            raise _damaged(name, f"bytes {end:,} to {begin:,} belong to no tensor")


def _tensor(stream: IO[bytes], name: str, about: Mapping[str, Any], start: int) -> Entries:
    """One tensor: its size must be the one that its shape and format make."""
    import numpy as np

    if about["dtype"] not in SAFE:
        raise InputError(f"{name} has {short(about['dtype'])} entries; {', '.join(SAFE)} are read")
    dtype, shape = np.dtype(SAFE[about["dtype"]]), checked(name, about["shape"])
    first, last = (int(x) for x in about["data_offsets"])
    if last - first != prod(shape) * dtype.itemsize:
        raise _damaged(name, f"{last - first:,} bytes for {prod(shape):,} entries")
    stream.seek(start)
    data = stream.read(last - first)
    if len(data) < last - first:
        raise _damaged(name, "it ends too early")
    array = np.frombuffer(data, dtype).reshape(shape)
    if about["dtype"] == "BF16":  # the upper half of a float32
        return _entries(name, (array.astype("<u4") << 16).view("<f4"), "bfloat16")
    return _entries(name, array, _format(name, dtype))


def _damaged(name: str, reason: str) -> InputError:
    """What is wrong with a file, in one line."""
    return InputError(f"{name} is damaged or cut off: {reason}")
