"""A worked example of a lesson: small tables of numbers, and the sums that a reader can follow."""

from collections.abc import Sequence
from dataclasses import dataclass

from derive.notation.errors import CheckError
from derive.site.heat import heat, Rows
from derive.site.pages.learn.exercise import sum_words

Pairs = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Line:
    """A sum of the example: what it is, the sum as a reader would write it, its value."""

    words: str
    sum: str
    value: int


@dataclass(frozen=True)
class Worked:
    """A worked example: tables with their names as HTML, and sums in order."""

    tables: tuple[str, ...]
    lines: tuple[Line, ...]


def line(words: str, pairs: Pairs, should: int) -> Line:
    """A sum of products that loops have made; CheckError if it adds up to another number.

    >>> line("The row", [(1, 2), (-1, 3)], -1)
    Line(words='The row', sum='1·2 − 1·3', value=-1)
    """
    found = sum(weight * pixel for weight, pixel in pairs)
    if found != should:
        raise CheckError(f"{words}: by hand {found}, by loops {should}")
    return Line(words, sum_words(pairs), found)


def table(name: str, rows: Rows) -> str:
    """A matrix with its name above."""
    return f'<div><p class="over">{name}</p>{heat(name, rows)}</div>'
