"""Singular values: the largest in floating point, by power iteration; of all the sum of squares."""

from collections.abc import Sequence
from math import sqrt

from sympy import Expr, Matrix

from derive.algebra.matrix import Number


def squared_length(M: Matrix) -> Expr:
    """The sum of the squares of the entries, which is that of the squared singular values.

    >>> squared_length(Matrix([[1, 2], [3, 4]]))
    30
    """
    return (M.T * M).trace()


def largest_singular_value(rows: Sequence[Sequence[Number]], rounds: int = 2000) -> float:
    """The norm of a real matrix as an operator: how much it lengthens a vector at most.

    It comes from below, up to the tolerance, unless the starting vector misses the right one.

    >>> round(largest_singular_value([[3, 0], [4, 5]]), 9)
    6.708203932
    """
    numbers = [[float(x) for x in row] for row in rows]
    columns = [list(column) for column in zip(*numbers, strict=True)]
    vector = [1 + 1 / (2 + n) for n in range(len(columns))]
    norm = 0.0
    for _ in range(rounds):
        size = length(vector)
        if not size:
            break
        image = times(numbers, [x / size for x in vector])
        before, norm = norm, length(image)
        if abs(norm - before) <= 1e-13 * norm:
            break
        vector = times(columns, image)
    return norm


def times(rows: list[list[float]], vector: list[float]) -> list[float]:
    """A matrix times a vector.

    >>> times([[1.0, 2.0]], [3.0, 4.0])
    [11.0]
    """
    return [sum([x * y for x, y in zip(row, vector, strict=True)]) for row in rows]


def length(vector: list[float]) -> float:
    """The Euclidean norm.

    >>> length([3.0, 4.0])
    5.0
    """
    return sqrt(sum([x * x for x in vector]))
