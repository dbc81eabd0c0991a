"""Degrees of freedom: cross-checks by grids of cases."""

from itertools import islice
from operator import lt

from derive.algebra import matrix
from derive.algebra.dimension import degrees_of_freedom, dimension
from derive.algebra.jacobian import jacobian_rank
from derive.catalogue import FAMILIES
from derive.families import asymmetric
from derive.notation import letters
from derive.proof.exact import *
from derive.proof.language import *
from derive.theorems import dimension as theorem


def checks() -> Proof:
    small = Grid(m=(1, 2, 3), a=(1, 2, 3), b=(1, 2, 4))
    yield "The rank of a generic product is the least of its sizes, and the dimension of the set of such products the rank of their derivative."
    yield Holds(theorem.least, rank_of_a_product, small)
    yield Holds(theorem.matrices, rank_of_a_product, small)
    yield Establishes(theorem.matrices, theorem.least)
    yield "Among all numbers of terms up to 3c, with 2 × 2 kernels and c channels on both sides, the bound is missed at 2c - 1 only, for c = 2 and 3; for a single channel the dimension is larger than such a bound."
    yield from (
        Holds(one, where_missed, Grid(c=(2, 3)))
        for one in (theorem.side, theorem.channels, theorem.terms)
    )
    yield Decides((theorem.every,), stays_below, Grid(c=(1, 2, 3)))
    yield Establishes(theorem.side, theorem.channels, theorem.terms, theorem.every)
    yield "For every tree the formula is the rank of the derivative at a random point, bonds that have to be cut down included."
    yield Agree(
        rank_of,
        formula_of,
        grid(("tucker-2", "tensor-train"), C_in=(1,), C_out=(2,), bond=(1, 2)),
        grid(
            FAMILIES,
            C_in=(1, 3),
            C_out=(1, 2, 4),
            k_h=(1, 3),
            k_w=(1, 2),
            groups=(1, 2),
            bond=(1, 2, 5),
        ),
    )
    yield "For CP it is never less."
    yield Bounded(
        rank_of,
        formula_of,
        grid(("cp", "cp-joint")),
        grid(("cp", "cp-joint"), C_in=(2, 3), C_out=(2, 4), bond=(1, 2, 3, 4)),
    )
    yield "So it is for the pairs from 3 to 8 channels."
    yield Agree(
        lambda width: jacobian_rank(asymmetric.family, from_3_to_8(width)),
        lambda width: dimension(asymmetric.family, from_3_to_8(width))[0],
        Grid(width=(1, 3)),
        Grid(width=range(1, 10)),
    )
    yield "At these sizes, too, the derivative of CP at a random point has a rank below the bound. That alone proves no defect; but were the bound the dimension, a random point modulo a large prime would be most unlikely to miss it."
    yield Agree(
        lambda c_in, c_out, side, terms, rank: theorem.of_cp(c_in, c_out, side, terms)[0],
        lambda c_in, c_out, side, terms, rank: rank,
        CaseList("four sizes of defective CP", lambda: islice(defects(), 4)),
        CaseList("nine sizes of defective CP", defects),
    )


def from_3_to_8(width: int) -> Values:
    """The sizes of a pair of 3 × 3 taps from 3 to 8 channels."""
    return sized(C_in=3, C_out=8, k_h=3, k_w=3, m=width)


def grid(names: Iterable[str], **ranges: Sequence[int]) -> Grid:
    """Families at all sizes where the formula is exact, or a bound, as for the first of them."""
    default = {"C_in": (2,), "C_out": (3,), "k_h": (2,), "k_w": (2,), "groups": (2,)}
    sizes: dict[str, Sequence[int]] = {**default, "bond": (1, 3), **ranges}
    exact = degrees_of_freedom(FAMILIES[next(iter(names))].family)[1]
    words = "where the formula is exact" if exact else "where it is a bound"
    return Grid(claims(exact), words, family=tuple(names), **sizes)


def rank_of_a_product(m: int, a: int, b: int) -> Mapping[Any, Any]:
    """The rank of a product of generic matrices, and the dimension of the set of such products."""
    left = [[(row + 2) ** column for column in range(m)] for row in range(a)]
    right = [[(column + 3) ** row for column in range(b)] for row in range(m)]
    return {theorem.mu: rank(matrix.product(left, right)), theorem.Lambda: rank_of_the_derivative}


@cache
def rank_of_the_derivative(m: int, a: int, b: int) -> Integer:
    """The rank of the derivative of such products at a random point."""
    sizes = {C_in: b, C_out: a, k_h: 1, k_w: 1, letters.m: m}
    return Integer(jacobian_rank(asymmetric.family, {x: Integer(n) for x, n in sizes.items()}))


@cache
def where_missed(c: int) -> Mapping[Symbol, int]:
    """The one size at which CP misses its bound: 2 × 2, c channels to c."""
    (found,) = (x for x in range(1, 3 * c + 1) if lt(*theorem.of_cp(c, c, 2, x)))
    return {n: 2, C_in: c, C_out: c, R: found}


def stays_below(c: int) -> bool:
    """Whether the rank of the derivative at a random point obeys the bound of two equations."""
    found = {letters.size("c"): c, R: theorem.of_cp(c, c, 2, 2 * c - 1)[0]}
    return Claim(R, "≤", theorem.reached.expr).holds(found)


def defects() -> Iterator[dict[str, int]]:
    """Sizes at which CP has fewer degrees of freedom than the bound, with the rank found."""
    for c_in, c_out, square, number, found in (
        *((2, 2, 2, 3, 14), (1, 4, 2, 3, 15), (1, 5, 2, 3, 18), (1, 1, 3, 2, 8)),
        *((2, 2, 3, 5, 34), (1, 3, 3, 4, 26)),
        *((c, c, 2, 2 * c - 1, 4 * c * c - 2) for c in (3, 4, 5)),
    ):
        yield {"c_in": c_in, "c_out": c_out, "side": square, "terms": number, "rank": found}


def sizes_at(C_in: int, C_out: int, k_h: int, k_w: int, groups: int, bond: int) -> Values:
    """The sizes of every letter of the book; channels are those of one group."""
    channels = {letters.C_a: C_in, letters.C_b: C_out, letters.G: groups}
    channels |= {letters.C_in: groups * C_in, letters.C_out: groups * C_out}
    kernel = {letters.k_t: 2, letters.k_h: k_h, letters.k_w: k_w}
    bonds = dict.fromkeys((m, M, Q, R, P, letters.T, letters.C_c), bond)
    numbers = channels | kernel | bonds
    return {symbol: Integer(number) for symbol, number in numbers.items()}


def rank_of(family: str, **at: int) -> int:
    """The rank of the derivative at a random point."""
    return jacobian_rank(FAMILIES[family].family, sizes_at(**at))


def formula_of(family: str, **at: int) -> int:
    """The degrees of freedom that the book derives, or its bound."""
    return dimension(FAMILIES[family].family, sizes_at(**at))[0]


def claims(exact: bool) -> Callable[..., bool]:
    """Whether the formula is exact at some sizes, or whether it is a bound."""
    return lambda family, **at: dimension(FAMILIES[family].family, sizes_at(**at))[1] == exact
