"""Matrices as products of two matrices of short fractions, each number recognised by itself."""

from fractions import Fraction
from math import isqrt
from typing import Any

from derive.algebra.kernel import Kernel
from derive.algebra.matrix import product
from derive.algebra.network import Cut
from derive.decide.floats import exponent_of, scaled
from derive.decide.ulp import Numbers, PRECISIONS, Target, ULPS

RANKS = range(1, 5)
LONGEST = 4096  # denominator
CHANCE = 0.01  # of a random number to be as near to a fraction so short
NEAR = 1000  # units that a matrix may be off from its largest pivots, to look any further
ENTRIES = 20_000  # of the kernels that are tried
Matrix = list[list[Fraction]]


def of_short_factors(target: Target, places: Kernel, cut: Cut) -> Numbers | None:
    """The numbers, every slice of a deciding matrix replaced by a product of least rank, up to 4,
    that is near enough; None if there is none for any. ``places`` are those of the numbers by the
    letters of the cut.

    >>> from derive.notation.letters import u, v
    >>> outer = [[Fraction(1 / a / b) for b in (7, 13)] for a in (17, 19, 23)]
    >>> target = Target(Kernel.of(outer, (u, v)), Fraction(1), "float64")
    >>> places = Kernel.of([[0, 1], [2, 3], [4, 5]], (u, v))
    >>> of_short_factors(target, places, Cut((), (u,), (v,), ()))[0]
    Fraction(1, 119)
    """
    longest = denominator(target.precision)
    if longest < 2 or len(target.kernel.flat) > ENTRIES:
        return None
    found = list(target.numbers)
    for at in places.over(cut.kept):
        rows = places.matrix(cut.rows, cut.columns, dict(zip(cut.kept, at, strict=True)))
        numbers, units = (
            [[x[int(place)] for place in row] for row in rows]
            for x in (target.numbers, target.units)
        )
        product = _product(numbers, units, longest) or numbers
        for line, entries in zip(rows, product, strict=True):
            for place, entry in zip(line, entries, strict=True):
                found[int(place)] = entry
    return found if found != list(target.numbers) else None


def denominator(precision: str) -> int:
    """The longest denominator that a number of a precision shows beyond chance: the fractions up to
    q lie 1/q² apart in the mean.

    >>> denominator("float16"), denominator("float32"), denominator("float64")
    (1, 102, 4096)
    """
    digits, _ = PRECISIONS[precision]
    return min(LONGEST, isqrt(int(CHANCE * 2 ** (digits - 1) / (2 * ULPS))))


def _product(rows: Matrix, units: Matrix, longest: int) -> Matrix | None:
    """The first product of least rank that is near enough."""
    import numpy as np

    exponent = exponent_of(x for row in rows for x in row)
    numbers, steps = (
        np.array([[scaled(x, -exponent) for x in row] for row in matrix])
        for matrix in (rows, units)
    )
    down: list[int] = []
    across: list[int] = []
    rest = numbers
    for _ in RANKS[: min(numbers.shape) - 1]:
        y, x = divmod(int(np.abs(rest).argmax()), rest.shape[1])
        if not rest[y, x]:
            return None
        down, across = [*down, y], [*across, x]
        rest = rest - np.outer(rest[:, x], rest[y]) / rest[y, x]
        if np.abs(rest).max() <= NEAR * steps.max():
            found = _skeleton(rows, numbers[:, across], down, longest)
            if found and _near(found, rows, units):
                return found
    return None


def _skeleton(rows: Matrix, columns: Any, down: list[int], longest: int) -> Matrix | None:
    """M[:, J] M[I, J]⁻¹ times M[I, :], the rows I and columns J of the largest pivots, where every
    number is a short fraction."""
    import numpy as np

    try:
        weights = np.linalg.solve(columns[down].T, columns.T).T
    except np.linalg.LinAlgError:  # pivots that are nothing but rounding
        return None
    left = [[Fraction(x).limit_denominator(longest) for x in row] for row in weights.tolist()]
    right = [_short_row(rows[y], longest) for y in down]
    return [[Fraction(x) for x in row] for row in product(left, right)]


def _near(found: Matrix, rows: Matrix, units: Matrix) -> bool:
    """Whether no number is more than ULPS off."""
    return all(
        abs(one - two) <= ULPS * step
        for line in zip(found, rows, units, strict=True)
        for one, two, step in zip(*line, strict=True)
    )


def _short_row(row: list[Fraction], longest: int) -> list[Fraction]:
    """The row as its largest entry times short fractions, itself one."""
    top = max(row, key=abs)
    return [top.limit_denominator(longest) * (x / top).limit_denominator(longest) for x in row]
