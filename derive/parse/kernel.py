"""A kernel from a file, from standard input, from the gallery or from the command line itself.

A matrix is a kernel of one channel; derive/parse/layout.py reads the axes of any other array.
"""

import sys
from dataclasses import dataclass
from os import fspath, PathLike
from os.path import exists, isdir, islink
from pathlib import Path
from typing import Any

from derive.algebra.kernel import Kernel
from derive.kernels import gallery, kernel_id
from derive.notation.errors import InputError
from derive.notation.names import UnknownNameError
from derive.notation.weights import Reading
from derive.notation.words import short
from derive.parse.arrays import read_array, read_npy, read_npz, read_safetensors
from derive.parse.entries import Entries, whole
from derive.parse.layout import Known, laid_out
from derive.parse.source import is_open_pipe, text_from, text_of, unreadable
from derive.parse.text import is_matrix, is_nested, read_by_hand, read_json, read_nested, read_rows

TABLES = (".csv", ".tsv", ".txt")
SUFFIXES = (".npy", ".npz", ".safetensors", ".json", *TABLES)
SAVE = "numpy.save('kernel.npy', layer.weight.detach().numpy())"
FOREIGN = {
    **dict.fromkeys(
        (".pt", ".pth", ".bin", ".ckpt", ".pkl", ".pickle", ".joblib"),
        f"is a pickle, which can run any code and is never read: save the weights by {SAVE}",
    ),
    **dict.fromkeys(
        (".h5", ".hdf5", ".keras"),
        "is a Keras model: save a layer by numpy.save('kernel.npy', layer.kernel.numpy()) and read"
        " it with --layout keras",
    ),
}


@dataclass(frozen=True)
class ReadKernel:
    """A kernel with its name and how it was read; ``floating`` is its format, such as float32, None
    if it is exact."""

    kernel: Kernel
    name: str
    reading: Reading
    floating: str | None = None


def read_kernel(source: Any, known: Known | None = None, key: str | None = None) -> ReadKernel:
    """The kernel that a source names: a file, "-" for standard input, a name of the gallery, or a
    matrix written out; an array or nested lists are a kernel themselves.

    ``known`` says what is known of its layout, ``key`` names one array of several. Raises
    InputError, one line, if there is no such kernel or no layout fits.

    >>> from derive.notation.letters import u, v
    >>> read_kernel("1 2; 2 4").kernel.rank((u,), (v,))
    1
    >>> read_kernel("sobel").kernel.nested
    [[[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]]]
    >>> read_kernel([[1, 0.5], [2, 1]]).kernel.nested
    [[[[1, Fraction(1, 2)], [2, 1]]]]
    """
    name, entries = _entries(source, key)
    kernel, reading = laid_out(name, entries, known)
    return ReadKernel(kernel, name, reading, entries.floating)


def _entries(source: Any, key: str | None) -> tuple[str, Entries]:
    """The name and the entries of what a source names."""
    if isinstance(source, PathLike):
        source = fspath(source)
    if not isinstance(source, str):
        return "the kernel", _in_memory(source, key)
    if source == "-":
        return "standard input", _standard_input(key)
    if exists(source) and not (isdir(source) and source in gallery()):
        path = Path(source)
        return _label(path.name, key), _file(path, path.name, key)
    if key is not None:
        raise InputError(f"there is no file {short(source)!r} to look up --key {short(key)} in")
    if is_matrix(source):
        return "the kernel", read_by_hand("the kernel", source)
    return _named(source)


def _in_memory(source: Any, key: str | None) -> Entries:
    """The entries of an array or of nested lists, whose parts may be arrays."""
    if isinstance(source, list | tuple):
        entries = read_nested("the kernel", _listed(source))
    elif hasattr(source, "__array__"):
        entries = read_array("the kernel", source)
    else:
        raise InputError(
            "a kernel is the name of a file or of the gallery, a matrix in text such as '1 2; 2 4',"
            f" an array or nested lists, not {type(source).__name__}"
        )
    if key is not None:
        raise InputError(f"an array holds one kernel without a name: leave out key={short(key)!r}")
    return entries


def _listed(part: Any) -> Any:
    if isinstance(part, list | tuple):
        return [_listed(inner) for inner in part]
    return part.tolist() if hasattr(part, "tolist") else part


def _label(name: str, key: str | None) -> str:
    return f"{name}, {short(key)}" if key else name


def _file(path: Path, name: str, key: str | None) -> Entries:
    """The entries of a file, by its suffix."""
    suffix = path.suffix.lower()
    if path.is_dir():
        raise InputError(f"{name} is a folder: name a file in it")
    if is_open_pipe(path):
        return _pipe(path, name, key)
    if suffix in FOREIGN:
        raise InputError(f"{name} {FOREIGN[suffix]}")
    if suffix not in SUFFIXES:
        raise InputError(f"{name} ends in none of {', '.join(SUFFIXES)}: its format is not known")
    if suffix == ".npz":
        return read_npz(path, name, key)
    if suffix == ".safetensors":
        return read_safetensors(path, name, key)
    if suffix == ".json":
        return read_json(name, text_of(path, name), key)
    if key is not None:
        raise InputError(f"{name} holds one kernel without a name: leave out --key")
    return read_npy(path, name) if suffix == ".npy" else read_rows(name, text_of(path, name))


def _standard_input(key: str | None) -> Entries:
    """Rows of numbers or JSON."""
    if sys.stdin is None or sys.stdin.closed:
        raise InputError("standard input is closed")
    return _piped("standard input", text_from(sys.stdin.buffer, "standard input"), key)


def _pipe(path: Path, name: str, key: str | None) -> Entries:
    """Rows of numbers or JSON, from a pipe that the shell has opened."""
    try:
        with path.open("rb") as stream:
            return _piped(name, text_from(stream, name), key)
    except OSError as error:
        raise unreadable(name, error) from None


def _piped(name: str, text: str, key: str | None) -> Entries:
    if is_nested(text) or text.lstrip().startswith("{"):
        return read_json(name, text, key)
    if key is not None:
        raise InputError(f"{name} holds one kernel without a name: leave out --key")
    by_hand = ";" in text or text.lstrip().startswith("[")
    return read_by_hand(name, text) if by_hand else read_rows(name, text)


def _named(name: str) -> tuple[str, Entries]:
    """A kernel of the gallery, with its id."""
    kernel = gallery()[_known(name)]
    rows = kernel.entries
    numbers = [whole(x) for row in rows for x in row]
    return kernel.name, Entries((len(rows), len(rows[0])), numbers, kernel.floating)


def _known(name: str) -> str:
    """The id of the kernel of the gallery that a text names; InputError if it names none."""
    if name in gallery():
        return name
    if islink(name):
        raise InputError(f"{short(name)!r} is a link that leads to no file")
    if Path(name).suffix.lower() in (*SUFFIXES, *FOREIGN) or "/" in name:
        raise InputError(f"there is no file {short(name)!r}")
    try:
        return kernel_id(name)
    except UnknownNameError as error:
        raise InputError(
            f"{short(name)!r} is no file, no matrix such as '1 2; 2 4' and no kernel of the"
            f" gallery; {error.hint}"
        ) from None
