"""Kernels of one output and two taps each way, and sums of outer products that make them."""

from sympy import Integer, Matrix, sqrt

from derive.algebra.kernel import Kernel
from derive.algebra.outer_products import Vectors


def three_ones() -> Kernel:
    """The kernel with a 1 where exactly one of i, u, v is 1.

    >>> three_ones().nested
    [[[[0, 1], [1, 0]], [[1, 0], [0, 0]]]]
    """
    return ones_added(2)


def ones_added(count: int) -> Kernel:
    """The kernel of three ones, with a 1 in each further input channel at a further tap.

    >>> ones_added(3).nested[0][2]
    [[0, 0, 0], [0, 0, 0], [0, 0, 1]]
    """
    sizes = {"o": 1, "i": count, "u": count, "v": count}
    return Kernel.by(lambda o, i, u, v: int(i + u + v == 1 or 1 < i == u == v), **sizes)


def companion(square: int) -> Kernel:
    """The kernel whose slices are the identity and a matrix of the given square.

    >>> companion(2).nested
    [[[[1, 0], [0, 1]], [[0, 2], [1, 0]]]]
    """
    return Kernel.of([[[[1, 0], [0, 1]], [[0, square], [1, 0]]]])


def by_eigenvalues(square: int) -> list[Vectors]:
    """Two outer products that sum to the companion, with the roots of the square.

    >>> from derive.algebra.outer_products import outer_sum
    >>> outer_sum(by_eigenvalues(2)) == tuple(companion(2).flat)
    True
    """
    root = sqrt(Integer(square))
    columns = Matrix([[root, -root], [1, 1]])
    return [([1, x], columns[:, t], columns.inv()[t, :]) for t, x in enumerate((root, -root))]


def by_corners(square: int) -> list[Vectors]:
    """Three outer products of integers that sum to the companion.

    >>> from derive.algebra.outer_products import outer_sum
    >>> outer_sum(by_corners(2)) == tuple(companion(2).flat)
    True
    """
    return [
        ([1, -square], [1, 0], [1, 0]),
        ([1, -1], [0, 1], [0, 1]),
        ([0, 1], [square, 1], [1, 1]),
    ]
