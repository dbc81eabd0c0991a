"""Kernels in text: rows of numbers, or nested lists, with every entry read exactly."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby, pairwise
from math import isfinite, prod
from numbers import Rational
from typing import Any

from derive.algebra.matrix import Number
from derive.notation.errors import InputError
from derive.notation.words import short
from derive.parse import entries as limits
from derive.parse.entries import (
    checked,
    Entries,
    legible,
    MOST_AXES,
    number_of,
    place,
    sides,
    whole,
)

# Entries of JSON stay words until they are read exactly: a float would lose digits.
WORDS = {"parse_int": str, "parse_float": str, "parse_constant": str}
PARTS, LISTS, OBJECTS = 10**6, 500_000, 10**5  # of a JSON document: they fit into 300 MB
CELLS, LINES = 3 * 10**6, 250_000  # of a table, likewise
PIECE = 2**20  # characters of a line that are looked at together

WORD = re.compile(r"[^][,\s]+")  # within lists written by hand
BREAKS = "\n\r\v\f\x85\u2028\u2029"
SIGNS = frozenset("0123456789 \t.,/+-\N{MINUS SIGN}eE")  # of numbers
PLAIN = r"[+-]?\d{1,99}(?:\.\d{0,99})?"  # a number as most are written
ROW = re.compile(rf" *{PLAIN}(?: *, *{PLAIN})* *| *{PLAIN}(?: +{PLAIN})* *", re.ASCII)
NO_CELL = re.compile(r"\t *\t")  # what a spreadsheet copies for an empty cell


def read_rows(name: str, text: str) -> Entries:
    """A matrix, one row a line, entries separated by commas or by white space.

    Lines that start with # are left out. Raises InputError, with the line, for rows of unequal
    length and for what is no number.

    >>> read_rows("edge.csv", "1, 1/2\\n0.5 1e-2").numbers
    [1, Fraction(1, 2), Fraction(1, 2), Fraction(1, 100)]
    """
    return _matrix(name, list(_table(name, _lines(name, text))))


def read_by_hand(name: str, text: str) -> Entries:
    """A matrix, its rows separated by semicolons or by line breaks; or nested lists.

    The module docs/assets/js/kernel/words.js reads the same texts and refuses others in the same
    words. Raises InputError, with the row, for rows of unequal length and for what is no number.

    >>> read_by_hand("kernel", "1 2 1; 2 4 2; 1 2 1").shape
    (3, 3)
    >>> read_by_hand("kernel", "1 2 1\\n2 4 2\\n").shape
    (2, 3)
    >>> read_by_hand("kernel", "[[1, 2], [3, 1/2]]").numbers
    [1, 2, 3, Fraction(1, 2)]
    """
    text = text.replace("\N{ZERO WIDTH NO-BREAK SPACE}", " ")  # a byte order mark
    inner = text.strip()
    if is_nested(inner):
        return _lists(name, inner)
    if inner.startswith("[") and inner.endswith("]"):
        text = inner[1:-1]  # as in MATLAB
    return _matrix(name, [(f"row {n}", row) for n, row in enumerate(_rows(name, text), start=1)])


def is_matrix(text: str) -> bool:
    """True for a text that is meant as a matrix: it has brackets, semicolons, line breaks, or
    nothing but numbers.

    >>> is_matrix("1 2\\n2 4"), is_matrix("1 2 1"), is_matrix("sobel")
    (True, True, False)
    """
    inner = text.strip()
    rows = inner.startswith("[") or ";" in inner or _has_break(inner)
    return rows or (SIGNS.issuperset(inner) and any(map(str.isdecimal, inner)))


def is_nested(text: str) -> bool:
    """True for a text of nested lists, False for rows, which may stand in brackets as in MATLAB.

    >>> is_nested("[[1, 2], [3, 4]]"), is_nested("[1 2; 3 4]")
    (True, False)
    """
    inner = text.strip()
    twice = inner[1:].lstrip().startswith("[")
    return inner.startswith("[") and ";" not in inner and (twice or not _has_break(inner))


def read_json(name: str, text: str, key: str | None = None) -> Entries:
    """Nested lists of numbers, or of strings such as "1/3", alone or as the entries of an object.

    Raises InputError for what is no JSON, and, with the place, for lists of unequal length and for
    what is no number.

    >>> read_json("k.json", '[[0.1, "1/3"]]').numbers
    [Fraction(1, 10), Fraction(1, 3)]
    """
    document = parsed(name, text, min(limits.LARGEST, PARTS), WORDS)
    nested = _picked(name, document, key)
    if isinstance(nested, dict):
        return _flat(name, nested)
    return read_nested(name, nested)


def parsed(name: str, text: str, commas: int, words: Mapping[str, Callable[[str], Any]]) -> Any:
    """A JSON document; InputError, with line and column, for what is none, gives a key twice, or
    has more lists and objects, or commas between its parts, than are read.

    >>> parsed("k.json", '{"a": 1, "a": 2}', 9, WORDS)
    Traceback (most recent call last):
    derive.notation.errors.InputError: k.json gives the key 'a' twice: leave out one of them
    """
    _bounded(name, text, commas)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = Counter(key for key, _ in pairs)
            raise InputError(
                f"{name} gives the key {short(names.most_common(1)[0][0])!r} twice: leave out one"
                " of them"
            )
        return found

    try:
        return json.loads(text, object_pairs_hook=once, **words)  # type: ignore[arg-type]
    except RecursionError:
        raise InputError(f"{name} is nested too deeply to be a kernel") from None
    except json.JSONDecodeError as error:
        raise InputError(f"{name} is no JSON: {_where(error)}") from None


def _bounded(name: str, text: str, commas: int) -> None:
    """InputError for more parts, lists or objects than are read, before any is made."""
    bounds = ((",", commas, "and more parts"), ("[", LISTS, "lists"), ("{", OBJECTS, "objects"))
    for sign, most, parts in bounds:
        if (count := text.count(sign)) > most:
            raise InputError(
                f"{name} has {count:,} {parts}: at most {most:,} are read; save it as .npy"
            )


def _where(error: json.JSONDecodeError) -> str:
    """Where a document stops being JSON, and what stands there."""
    rest = error.doc[error.pos : error.pos + 20].partition("\n")[0]
    if not error.doc.strip():
        return "it is empty"
    if not error.doc[error.pos :].strip():
        return f"it ends in line {error.lineno}, column {error.colno}, before it is complete"
    return f"line {error.lineno}, column {error.colno} cannot go on with {short(rest)!r}"


def read_nested(name: str, nested: Any) -> Entries:
    """Nested lists of numbers, or of numbers in words; a float is the exact fraction that it is.

    >>> read_nested("the kernel", [["1/3", 2, 0.5]]).numbers
    [Fraction(1, 3), 2, Fraction(1, 2)]
    """
    shape = checked(name, list(_extents(nested)))
    floating, numbers = None, []
    for leaf, index in _leaves(name, nested, shape, ()):
        floating = "float64" if isinstance(leaf, float) else floating
        numbers.append(_number(name, leaf, index))
    return Entries(shape, numbers, floating)


def _lists(name: str, text: str) -> Entries:
    """Nested lists written by hand: fractions and decimals need no quotes."""
    _bounded(name, text, min(limits.LARGEST, PARTS))
    plain = text.replace('"', "").replace("'", "")
    try:
        nested = json.loads(WORD.sub(lambda word: json.dumps(word[0]), plain))
    except RecursionError:
        raise InputError(f"{name} is nested too deeply to be a kernel") from None
    except ValueError:
        raise InputError(
            f"{name}, the brackets or commas do not match: write [[1, 2], [3, 4]] or 1 2; 3 4"
        ) from None
    return read_nested(name, nested)


def _rows(name: str, text: str) -> list[str]:
    """The rows of a matrix written by hand: of one line between semicolons, else one a line."""
    lines = _lines(name, text)
    if (count := text.count(";")) > LINES:
        raise InputError(f"{name} has {count:,} rows: at most {LINES:,} are read, save it as .npy")
    full = [line.rstrip() for line in lines if line.strip()]
    if len(full) == 1:
        rows = [row.strip() for row in full[0].removesuffix(";").split(";")]
        if "" in rows:
            raise InputError(
                f"{name}, row {rows.index('') + 1} is empty: leave out one of the semicolons"
            )
        return rows
    heights = [len(list(block)) for blank, block in groupby(lines, _is_blank) if not blank]
    if len(heights) > 1 and heights[0] > 1 and len(set(heights)) == 1:
        raise InputError(
            f"{name}, blank lines divide it into {len(heights)} tables of {heights[0]} rows: write"
            " one matrix; kernels of several channels are read from .json or .npy files"
        )
    return [line.removesuffix(";") for line in full]


def _is_blank(line: str) -> bool:
    return not line.strip()


def _lines(name: str, text: str) -> list[str]:
    """The lines of a text, counted before they are taken apart."""
    count = sum(map(text.count, BREAKS)) - text.count("\r\n") + 1
    if count > LINES:
        raise InputError(f"{name} has {count:,} lines: at most {LINES:,} are read, save it as .npy")
    return _split(text)


def _split(text: str) -> list[str]:
    """The lines of a text, whatever ends them."""
    for end in ("\r\n", *BREAKS):
        text = text.replace(end, "\n")
    return text.split("\n")


def _has_break(text: str) -> bool:
    return any(end in text for end in BREAKS)


def _table(name: str, lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The rows of a table with their places: no comments, and empty lines at the ends only."""
    blank, begun = "", False
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            blank = blank or (f"line {number}" if begun else "")
        elif not line.lstrip().startswith("#"):
            if blank:
                raise InputError(
                    f"{name}, {blank} is empty: a table is one matrix, more channels need .json or"
                    " .npy"
                )
            begun = True
            yield f"line {number}", line


def _matrix(name: str, lines: list[tuple[str, str]]) -> Entries:
    """Rows of equal length, each with the place where it stands."""
    indented = [line.startswith("\t") for _, line in lines]
    strip = str.strip if all(indented) else str.rstrip
    if not lines:
        raise InputError(f"{name} is empty: write one row of numbers per line")
    widths = [_width(strip(line)) for _, line in lines]
    if sum(widths) > limits.LARGEST:  # before any number is read
        _need_shape(name, lines, widths)
    if (count := sum(widths)) > CELLS:
        raise InputError(
            f"{name} has {count:,} entries: at most {CELLS:,} of a table are read; save it as .npy"
        )
    rows = [_row(f"{name}, {where}", strip(line)) for where, line in lines]
    shape = _need_shape(name, lines, widths)
    return Entries(shape, [number_of(x) for row in rows for x in row.split(_separator(row))])


def _need_shape(
    name: str, lines: Sequence[tuple[str, str]], widths: Sequence[int]
) -> tuple[int, ...]:
    """The shape of rows of these widths; InputError unless they are equally long."""
    for (where, _), width in zip(lines, widths, strict=True):
        if width != widths[0]:
            raise InputError(
                f"{name}, {where} has {width} entries, {lines[0][0]} has {widths[0]}: all rows must"
                " be equally long"
            )
    return checked(name, (len(widths), widths[0]))


def _width(line: str) -> int:
    """The number of words in a row, counted without taking a long one apart as a whole."""
    if (separator := _separator(line)) is not None:
        return line.count(separator) + 1
    pieces = [line[at : at + PIECE] for at in range(0, len(line), PIECE)]
    cut = sum(not (one[-1].isspace() or two[0].isspace()) for one, two in pairwise(pieces))
    return sum(len(piece.split()) for piece in pieces) - cut


def _separator(line: str) -> str | None:
    """What stands between the words of a row: a comma, a tab next to an empty cell, or white space
    (None)."""
    if "," in line:
        return ","
    return "\t" if line.startswith("\t") or NO_CELL.search(line) else None


def _row(where: str, line: str) -> str:
    """A row as a text in which every entry is seen to be a number; an empty cell of a spreadsheet
    is an entry that is missing."""
    if ";" in line:
        raise InputError(
            f"{where} holds a semicolon: separate entries by commas or spaces, and rows by line"
            " breaks"
        )
    if ROW.fullmatch(line):  # a whole row at a glance
        return line
    words = enumerate(line.split(_separator(line)), start=1)
    return ",".join([_legible(f"{where}, entry {n}", word) for n, word in words])


def _entry(where: str, word: str) -> Number:
    return number_of(_legible(where, word))


def _legible(where: str, word: str) -> str:
    try:
        return legible(word)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _picked(name: str, document: Any, key: str | None) -> Any:
    """What holds the entries of a document: itself, its kernel, or what the key names; an object
    with its extents if it has any."""
    if isinstance(document, dict) and key is not None:
        if key not in document:
            raise InputError(f"{name} has no {short(key)!r}; it has {_names(document)}")
        document = document[key]
    elif key is not None:
        raise InputError(f"{name} holds one kernel without a name: leave out --key")
    elif isinstance(document, dict) and isinstance(document.get("kernel"), dict):
        document = document["kernel"]  # a document of derive factor
    if not isinstance(document, dict):
        return document
    if "entries" not in document:
        raise InputError(f"{name} has no 'entries'; name one of {_names(document)} with --key")
    return document if "extents" in document else document["entries"]


def _flat(name: str, document: dict[str, Any]) -> Entries:
    """Entries in one list with the extents of all axes, the last one fastest; in full if the
    letters say so, as those of a kernel that derive factor wrote."""
    entries, extents = document["entries"], document["extents"]
    if not isinstance(entries, list) or not isinstance(extents, list):
        raise InputError(f"{name} has extents: it needs one list of entries and one of extents")
    words = (_entry(f"{name}, extents", x) if isinstance(x, str) else x for x in extents)
    sizes = [x for x in words if isinstance(x, int) and x >= 0 and not isinstance(x, bool)]
    if len(sizes) < len(extents):
        raise InputError(f"{name}, extents must be whole numbers")
    shape = checked(name, sizes)
    if len(entries) != prod(shape):
        raise InputError(f"{name} has {len(entries)} entries for {sides(shape)}")
    numbers = [_number(name, entry, (n,)) for n, entry in enumerate(entries)]
    return Entries(shape, numbers, in_full=_in_full(document.get("letters")))


def _in_full(letters: Any) -> bool:
    return isinstance(letters, str) and letters.startswith("oi")


def _names(document: dict[str, Any]) -> str:
    return short(", ".join(map(repr, document))) or "no names at all"


def _extents(nested: Any) -> Iterator[int]:
    """The lengths of the first list at every level, one more than a kernel may have."""
    for _ in range(MOST_AXES + 1):
        if not isinstance(nested, list):
            return
        yield len(nested)
        if not nested:
            return
        nested = nested[0]


def _leaves(
    name: str, nested: Any, shape: Sequence[int], index: tuple[int, ...]
) -> Iterator[tuple[Any, tuple[int, ...]]]:
    """Every entry with its index; InputError where a list has another length than the first."""
    if not shape:
        yield nested, index
        return
    if not isinstance(nested, list):
        raise InputError(
            f"{name}, {place(index)} is no list, but {place((0,) * len(index))} is one"
        )
    if len(nested) != shape[0]:
        raise InputError(
            f"{name}, {place(index)} has {len(nested)} entries, {place((0,) * len(index))} has"
            f" {shape[0]}: lists of one level must be equally long"
        )
    for number, inner in enumerate(nested):
        yield from _leaves(name, inner, shape[1:], (*index, number))


def _float(where: str, entry: float) -> Number:
    if not isfinite(entry):
        raise InputError(f"{where} is {entry}: every entry must be a finite number")
    return whole(Fraction(entry))


def _number(name: str, leaf: Any, index: tuple[int, ...]) -> Number:
    """An entry; true and false are 1 and 0, as in an array."""
    if isinstance(leaf, bool):
        return int(leaf)
    if isinstance(leaf, str):
        return _entry(f"{name}, {place(index)}", leaf)
    if isinstance(leaf, Rational):
        return whole(Fraction(int(leaf.numerator), int(leaf.denominator)))
    if isinstance(leaf, float):
        return _float(f"{name}, {place(index)}", leaf)
    kinds = {list: "a list", dict: "an object", type(None): "null"}
    kind = kinds.get(type(leaf), f"of type {type(leaf).__name__}")
    raise InputError(f"{name}, {place(index)} is {kind}, not a number")
