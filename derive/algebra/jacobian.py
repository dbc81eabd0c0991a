"""The rank of the derivative of a kernel by its weights, at one point modulo a prime.

Every kernel entry is a sum of products of weights. A minor that is not zero at some integers modulo
a prime is not the zero polynomial: the generic rank over the rationals is at least as large.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from itertools import chain, product
from math import prod
from random import Random

from flint import nmod_mat
from sympy import Expr, Symbol

from derive.algebra.exactness import Values
from derive.notation.family import Family, Letters, Line
from derive.notation.letters import SIZE

PRIME = 2**31 - 1

Weight = Hashable
Product = tuple[Hashable, tuple[Weight, ...]]  # the kernel entry it adds to, and what it multiplies


def jacobian_rank(line: Line, values: Values, seed: int = 1) -> int:
    """Rank of the Jacobian of a family's kernel at a random point mod p.

    A lower bound on the dimension of its set of kernels.

    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import C_in, C_out, k_h, k_w, m
    >>> jacobian_rank(asymmetric.family, {C_in: 3, C_out: 8, k_h: 3, k_w: 3, m: 2})
    62
    """
    return derivative_rank(line_products(line, values), seed)


def derivative_rank(products: Iterable[Product], seed: int = 1) -> int:
    """Rank of the Jacobian of sums of products of weights, at a point mod p drawn from a seed.

    >>> derivative_rank([("xy", ("a", "b")), ("xz", ("a", "c")), ("yy", ("b", "b"))])
    3
    """
    terms = list(products)
    weights = {w: n for n, w in enumerate(dict.fromkeys(chain(*(ws for _, ws in terms))))}
    rows = {entry: n for n, entry in enumerate(dict.fromkeys(entry for entry, _ in terms))}
    random = Random(seed)  # noqa: S311
    point = {weight: random.randrange(1, PRIME) for weight in weights}
    slopes: dict[tuple[int, int], int] = defaultdict(int)
    for entry, factors in terms:
        for n, weight in enumerate(factors):
            others = prod(point[x] for k, x in enumerate(factors) if k != n)
            slopes[rows[entry], weights[weight]] += others
    matrix = nmod_mat(len(rows), len(weights), PRIME)
    for place, slope in slopes.items():
        matrix[place] = slope % PRIME
    return int(matrix.rank())


def line_products(line: Line, values: Values) -> Iterator[Product]:
    """Every product of weights in the kernel of a family.

    Each copy of a branch has weights of its own. A tap that no factor of a branch
    holds stands at its middle.
    """
    for branch, (times, family) in enumerate(line.branches):
        bases = [str(factor.base) for factor in family.factors]
        for copy in range(_number(times, values)):
            for at in _over(family, values):
                entry = tuple(at[x] for x in (*line.outputs, *line.inputs, *line.taps))
                places = (tuple(at[x] for x in factor.indices) for factor in family.factors)
                named = zip(bases, places, strict=True)
                yield entry, tuple((branch, copy, base, place) for base, place in named)


def stacked_products(a: int, b: int, c: int, d: int, channels: int = 1) -> list[Product]:
    """Every product of weights in the one kernel of an a × b and a c × d layer in a row, with as
    many channels throughout.

    >>> for entry, weights in stacked_products(1, 1, 1, 2):
    ...     print(entry, weights)
    (0, 0, 0, 0) (('A', 0, 0, 0, 0), ('B', 0, 0, 0, 0))
    (0, 0, 0, 1) (('A', 0, 0, 0, 0), ('B', 0, 0, 0, 1))
    """
    boxes = product(*map(range, (channels,) * 3 + (a, b, c, d)))
    return [
        ((o, i, y + t, x + z), (("A", j, i, y, x), ("B", o, j, t, z)))
        for o, i, j, y, x, t, z in boxes
    ]


def _over(family: Family, values: Values) -> Iterator[dict[Symbol, int]]:
    letters: Letters = tuple(dict.fromkeys((*family.kernel, *family.letters)))
    middle = {tap: (_number(SIZE[tap], values) - 1) // 2 for tap in SIZE if tap in family.axes}
    extents = (range(_number(family.sizes[x], values)) for x in letters)
    for at in product(*extents):
        yield middle | dict(zip(letters, at, strict=True))


def _number(extent: Expr, values: Values) -> int:
    return int(extent.xreplace(values))
