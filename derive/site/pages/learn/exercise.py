"""Exercises of the lessons: a question in numbers, whose answer was worked out in two ways."""

from collections.abc import Sequence
from dataclasses import dataclass

from derive.notation.errors import CheckError


@dataclass(frozen=True)
class Exercise:
    """A question, and the answer that is folded below it, both as Markdown."""

    question: str
    answer: str


def agreed(*found: int) -> int:
    """The number that every way of working it out gives; CheckError if they differ.

    >>> agreed(3, 2 + 1)
    3
    """
    if len(set(found)) != 1:
        raise CheckError(f"an exercise has several answers: {found}")
    return found[0]


def sum_words(pairs: Sequence[tuple[int, int]]) -> str:
    """A sum of products as a reader would write it.

    >>> sum_words([(1, 2), (-3, 4), (2, -1)])
    '1·2 − 3·4 + 2·(−1)'
    """
    terms = [f"{abs(a)}·{b}" if b >= 0 else f"{abs(a)}·(−{-b})" for a, b in pairs]
    signs = ["− " if a < 0 else "+ " for a, _ in pairs]
    first = "−" if pairs[0][0] < 0 else ""
    rest = (f" {sign}{term}" for sign, term in zip(signs[1:], terms[1:], strict=True))
    return first + terms[0] + "".join(rest)
