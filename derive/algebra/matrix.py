"""Exact linear algebra over the rationals, by python-flint."""

from collections.abc import Sequence
from fractions import Fraction

from flint import fmpq, fmpq_mat

Number = int | Fraction
Rows = Sequence[Sequence[Number]]


def rank(rows: Rows) -> int:
    """The rank of a matrix of integers and fractions, exact.

    >>> rank([[1, 2], [2, 4]]), rank([[10**16, 0], [0, 1]]), rank([])
    (1, 2, 0)
    """
    return int(_flint(rows).rank()) if rows and rows[0] else 0


def rank_factors(rows: Rows) -> tuple[list[list[Fraction]], list[list[Fraction]]]:
    """B and A with B A the given matrix and as many columns of B as its rank.

    B holds the pivot columns, A the non-zero rows of the reduced echelon form.

    >>> rank_factors([[0, 2], [0, 3]])
    ([[Fraction(2, 1)], [Fraction(3, 1)]], [[Fraction(0, 1), Fraction(1, 1)]])
    """
    reduced, size = _flint(rows).rref()
    echelon = [[_fraction(reduced[y, x]) for x in range(len(rows[0]))] for y in range(size)]
    pivots = [next(x for x, entry in enumerate(row) if entry) for row in echelon]
    return [[Fraction(row[x]) for x in pivots] for row in rows], echelon


def product(left: Rows, right: Rows) -> list[list[Number]]:
    """The matrix product; an inner size of 0 gives zeros of no columns.

    >>> product([[1, 2]], [[3], [4]])
    [[11]]
    """
    columns = list(zip(*right, strict=True))
    return [[sum(a * b for a, b in zip(row, col, strict=True)) for col in columns] for row in left]


def _flint(rows: Rows) -> fmpq_mat:
    return fmpq_mat(len(rows), len(rows[0]), [_entry(x) for row in rows for x in row])


def _entry(number: Number) -> int | fmpq:
    """What flint takes: an integer as it is."""
    if isinstance(number, int):
        return number
    exact = Fraction(number)
    return fmpq(exact.numerator, exact.denominator)


def _fraction(entry: fmpq) -> Fraction:
    return Fraction(int(entry.p), int(entry.q))
