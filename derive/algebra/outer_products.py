"""How many outer products sum to a kernel of two 2 × 2 slices, over a field or by trial."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import product
from typing import Any

from sympy import Add, Expr, Matrix, sqrt

Slice = Sequence[Sequence[int]]
Vectors = tuple[Any, Any, Any]


def terms_needed(slices: Sequence[Slice], has_root: Callable[[Any], bool], modulus: int = 0) -> int:
    """The least number of terms for two slices, the first of them invertible, with ``has_root``
    telling the squares of the field (whose characteristic is not 2).

    Two, if N = first^-1 second is diagonalizable: a multiple of the identity, or with two
    eigenvalues in the field, whose discriminant is then a square and not 0. Else three.

    >>> terms_needed(([[1, 0], [0, 1]], [[0, 2], [1, 0]]), lambda number: number >= 0)
    2
    """
    first, second = map(Matrix, slices)
    N = first.inv() * second
    numbers = [N[0, 0] - N[1, 1], N[0, 1], N[1, 0], N.trace() ** 2 - 4 * N.det()]
    *apart, discriminant = (x % modulus if modulus else x for x in numbers)
    if not any(apart) or (discriminant != 0 and has_root(discriminant)):
        return 2
    return 3


def roots_in(name: str) -> Callable[[Any], bool]:
    """Which numbers have a rational, real or complex square root.

    >>> [roots_in(name)(2) for name in ("rational", "real")]
    [False, True]
    """
    return lambda number: bool(getattr(sqrt(number), f"is_{name}"))


def outer_sum(terms: Iterable[Vectors]) -> tuple[Expr, ...]:
    """The entries of a sum of outer products of three vectors, each of two entries.

    >>> outer_sum([((0, 1), (1, 0), (1, 0)), ((1, 0), (0, 1), (2, 0))])
    (0, 0, 2, 0, 1, 0, 0, 0)
    """
    terms = list(terms)
    places = product(range(2), repeat=3)
    sums = (Add(*(f[x] * g[y] * h[z] for f, g, h in terms)) for x, y, z in places)
    return tuple(entry.expand() for entry in sums)


def two_suffice(first: Slice, second: Slice, prime: int) -> bool:
    """Whether two outer products sum to the slices modulo a prime: all are tried.

    >>> two_suffice([[0, 1], [1, 0]], [[1, 0], [0, 0]], 2)
    False
    """
    wanted = tuple(x for slices in (first, second) for row in slices for x in row)
    single = outer_products(prime)
    rests = (tuple((x - y) % prime for x, y in zip(wanted, s, strict=True)) for s in single)
    return any(rest in single for rest in rests)


@cache
def outer_products(prime: int) -> frozenset[tuple[int, ...]]:
    """Every outer product of three vectors of two entries, modulo a prime.

    >>> len(outer_products(2))
    28
    """
    vectors = list(product(range(prime), repeat=2))
    return frozenset(
        tuple(x * y * z % prime for x, y, z in product(*three))
        for three in product(vectors, repeat=3)
    )
