"""What a query says, and the counting that several of them share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

UNDEFINED = "divides by zero"

FAR = range(-80, 81)


@dataclass(frozen=True)
class Says:
    """What a query says: its numbers, its hypotheses, its claim, and what its theorem counts.

    ``numbers`` are drawn, ``found`` worked out of those before. ``counted`` holds wherever the
    hypotheses do: the sentence of the theorem, by literal loops.
    """

    given: Callable[..., bool]
    claim: Callable[..., bool | str]
    numbers: Mapping[str, Sequence[Any]]
    found: Mapping[str, Callable[..., int]] = field(default_factory=dict)
    counted: Callable[..., bool] = lambda: True


def ceil(number, divisor):
    """The least integer that the divisor takes to the number or beyond."""
    return next((n for n in FAR if divisor * n >= number), None) if divisor > 0 else None


def floor(number, divisor):
    """The largest integer that the divisor does not take beyond the number."""
    return next((n for n in reversed(FAR) if divisor * n <= number), None) if divisor > 0 else None


def windows(room, stride):
    """How many windows begin within so much room: their first places, counted."""
    return len([y for y in range(80) if stride * y <= room]) if stride > 0 else None


def count(*sizes):
    """How many tuples of indices there are, one by one."""
    return sum(1 for _ in product(*map(range, sizes)))


def counts_windows(N, room, s):
    """Whether N counts the windows; where not even one fits, the stride does not matter."""
    return N == 0 if room < 0 else windows(room, s) == N


def upper(N, number):
    """How many of N, if not fewer than none and not more than all."""
    return min(N, max(number, 0))


SMALL, SIZES, SIGNED = range(4), range(1, 4), range(-3, 4)

COUNTS = range(5)

HALVES = [Fraction(n, 2) for n in range(-4, 5)]

PLACES = range(-2, 5)

LAYER = {"H": range(1, 6), "k": range(1, 5), "s": SIZES, "d": SIZES, "p": SMALL}


def pair(n, m, c, C, s=1):
    """Weights of two filters of n taps with m channels between; the first runs s times as often."""
    return count(n, m, c, s) + count(n, m, C)


BREAK_EVEN = dict.fromkeys(("n", "m", "C_in", "C_out"), range(5))
