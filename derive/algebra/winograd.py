"""Winograd's F(2, 3): two outputs of a filter of three taps, y = A ((G g) * (B d)).

Source: Lavin, Gray (2016), Fast Algorithms for Convolutional Neural Networks, arXiv 1509.09308.
"""

from collections.abc import Sequence
from fractions import Fraction

Number = int | Fraction

B = ((1, 0, -1, 0), (0, 1, 1, 0), (0, -1, 1, 0), (0, 1, 0, -1))
G = ((1, 0, 0), (Fraction(1, 2),) * 3, (Fraction(1, 2), Fraction(-1, 2), Fraction(1, 2)), (0, 0, 1))
A = ((1, 1, 1, 0), (0, 1, -1, -1))


def four_products(pixels: Sequence[Number], taps: Sequence[Number]) -> list[Fraction]:
    """The four products that the algorithm forms of four pixels and three taps.

    >>> [int(x) for x in four_products([1, 3, 2, 4], [1, 2, -1])]
    [-1, 5, 1, 1]
    """
    return [a * b for a, b in zip(_times(G, taps), _times(B, pixels), strict=True)]


def two_outputs(pixels: Sequence[Number], taps: Sequence[Number]) -> list[Fraction]:
    """The two outputs, sums and differences of those products.

    >>> two_outputs([1, 3, 2, 4], [1, 2, -1])
    [Fraction(5, 1), Fraction(3, 1)]
    """
    return _times(A, four_products(pixels, taps))


def _times(rows: Sequence[Sequence[Number]], vector: Sequence[Number]) -> list[Fraction]:
    return [Fraction(sum(a * b for a, b in zip(row, vector, strict=True))) for row in rows]
