"""Entries as they were read: exact numbers in the order of the file, and the shape they fill.

Numbers in text are read by a grammar of our own: nothing is evaluated, and no exponent is expanded
before its size is known.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from derive.algebra.matrix import Number
from derive.notation.errors import InputError
from derive.notation.words import short

LARGEST = 10**7  # entries: a 1024 x 1024 x 3 x 3 kernel fits, which takes about 1.5 GB
DIGITS = 2000  # characters of a number, and places that its exponent moves the point
MOST_AXES = 5
LONGEST_AXIS = 10**12  # a longer one is not even multiplied

DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e([+-]?\d+))?", re.ASCII | re.IGNORECASE)
RATIO = re.compile(r"[+-]?\d+ ?/ ?(\d+)", re.ASCII)
NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Entries:
    """An array of exact numbers; ``floating`` names the format if they were floating point, and
    ``in_full`` says that they are known to be K[o, i, taps], zeros between groups included."""

    shape: tuple[int, ...]
    numbers: Sequence[Number]
    floating: str | None = None
    in_full: bool = False


def exact(word: str) -> Number:
    """The number that a word stands for, exact: an integer, a decimal with or without exponent, a
    fraction of integers.

    Raises InputError if it is none, or has more digits than a kernel can mean.

    >>> exact("1/3"), exact("-0.10"), exact("25e-1"), exact("1e3")
    (Fraction(1, 3), Fraction(-1, 10), Fraction(5, 2), 1000)
    """
    return number_of(legible(word))


def number_of(text: str) -> Number:
    """The number of a text that is known to be one."""
    return whole(Fraction(text))


def legible(word: str) -> str:
    """A word as Python writes numbers, without the work of making one.

    Raises InputError if it is no number, or has more digits than a kernel can mean.

    >>> legible(" \N{MINUS SIGN}1 / 3")
    '-1/3'
    """
    text = word.strip().replace("\N{MINUS SIGN}", "-")
    if not text:
        raise InputError("nothing is written here: write 2, -0.5, 1e-3 or 1/3")
    if len(text) > DIGITS:
        raise InputError(f"a number of {len(text)} characters, at most {DIGITS} are read")
    if found := DECIMAL.fullmatch(text):
        _check_exponent(found[3])
    elif found := RATIO.fullmatch(text):
        if not int(found[1]):
            raise InputError(f"{short(text)} divides by 0")
    elif NOT_FINITE.fullmatch(text):
        raise InputError(f"{short(text)} is not a finite number")
    else:
        raise InputError(f"{short(text)!r} is no number: write 2, -0.5, 1e-3 or 1/3")
    return text.replace(" ", "")


def whole(number: Fraction) -> Number:
    """An integer as an integer, any other fraction as it is."""
    return number.numerator if number.denominator == 1 else number


def checked(name: str, shape: Sequence[int]) -> tuple[int, ...]:
    """The shape, if it can be one of a kernel; InputError with the name of its array if not.

    >>> checked("k", (3, 10**2000))
    Traceback (most recent call last):
    derive.notation.errors.InputError: k, axis 2 has extent 1000000...: at most 10,000,000 are read
    """
    if not 2 <= len(shape) <= MOST_AXES:
        raise InputError(
            f"{name} has {len(shape)} {'axis' if len(shape) == 1 else 'axes'}: a kernel has 2"
            " (height, width), 3 (out, in, taps), 4 (out, in, height, width) or 5 (out, in, depth,"
            " height, width)"
        )
    for number, extent in enumerate(shape, start=1):
        if not isinstance(extent, int) or isinstance(extent, bool) or extent < 0:
            raise InputError(
                f"{name}, axis {number} has extent {short(repr(extent))}: it must be a whole number"
            )
        if extent > LONGEST_AXIS:
            digits = short(str(extent), 10)
            raise InputError(
                f"{name}, axis {number} has extent {digits}: at most {LARGEST:,} are read"
            )
    if 0 in shape:
        raise InputError(f"{name} has no entries: axis {shape.index(0) + 1} of {sides(shape)} is 0")
    if prod(shape) > LARGEST:
        raise InputError(
            f"{name} has {prod(shape):,} entries ({sides(shape)}): at most {LARGEST:,} are read"
        )
    return tuple(shape)


def sides(shape: Sequence[int]) -> str:
    """A shape in words.

    >>> sides((8, 3, 3, 3))
    '8 × 3 × 3 × 3'
    """
    return " × ".join(map(str, shape))


def place(index: Sequence[int]) -> str:
    """An index as it is written in a program.

    >>> place((0, 2))
    '[0][2]'
    """
    return "".join(f"[{x}]" for x in index)


def _check_exponent(exponent: str | None) -> None:
    digits = (exponent or "0").lstrip("+-0") or "0"
    if len(digits) > len(str(DIGITS)) or int(digits) > DIGITS:
        raise InputError(f"the exponent {short(exponent or '')} is beyond ±{DIGITS}")
