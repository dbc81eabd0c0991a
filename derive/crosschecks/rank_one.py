"""Rank one: cross-checks by literal loops, grids of cases and questions for z3."""

from math import prod

from derive import oracle
from derive.proof.exact import *
from derive.proof.language import *
from derive.proof.questions import Queries
from derive.theorems import rank_one as theorem


def checks() -> Proof:
    yield r"A second prover says the same of an arbitrary function \(K\) and an arbitrary integer \(n\): a pivot that is not zero and minors through it that are zero give every entry, and each of the two is needed."
    yield Confirmed(pivot_form)
    yield "It also confirms that the minors of an outer product vanish."
    yield Confirmed(minors_vanish)
    yield r"Exhaustive search: among all \(a\) and \(b\) with entries \(-1, 0, 1\) a pair acts like \(K\) on every image, by literal loops with stride 2 along the width, exactly when the rank of \(K\) is at most 1."
    yield Agree(
        splits_by_search,
        lambda K: rank(K) <= 1,
        CaseList("all 2 × 2 kernels over {-1, 0, 1}", lambda: small_kernels(2, 2)),
        CaseList("all 2 × 3 kernels over {-1, 0, 1}", lambda: small_kernels(2, 3)),
    )
    yield r"Among all columns and rows with entries \(-1, 0, 1\) the pair that multiplies to the kernel, with a 1 in the row at the pivot, is that of the statement."
    yield from (
        Holds(claim, entries_and_pair, pivots())
        for claim in (theorem.outer, theorem.column, theorem.row)
    )
    yield Establishes(theorem.outer, theorem.column, theorem.row)
    yield "Through an entry of a kernel of rank 1 these filters can be had exactly if it is not zero."
    yield Decides((theorem.pivot,), splits_at, entries_of_rank_one(), measured=entries_at)
    yield Establishes(theorem.pivot)
    yield "With more channels, or a wider middle, a pair reaches other kernels of zeros and ones than those all of whose slices have rank at most 1."
    yield Decides((theorem.single,), slices_decide, Grid(C_in=(1, 2), C_out=(1, 2), m=(1, 2)))
    yield Establishes(theorem.single)


def pivot_form(z3: Any) -> Queries:
    """If the minors through a non-zero pivot vanish, K is the column times the row of the pivot."""
    n, u0, v0, u, v = z3.Ints("n u0 v0 u v")
    y, x = z3.Ints("y x")
    K = z3.Function("K", z3.IntSort(), z3.IntSort(), z3.RealSort())
    inside = z3.And(y >= 0, y < n, x >= 0, x < n)
    vanish = z3.ForAll([y, x], z3.Implies(inside, K(y, x) * K(u0, v0) == K(y, v0) * K(u0, x)))
    column, row = K(u, v0), K(u0, v) / K(u0, v0)
    yield Query(
        assume={
            "the pivot is not zero": K(u0, v0) != 0,
            "the minors vanish": vanish,
            "the entry lies in the kernel": z3.And(u >= 0, u < n, v >= 0, v < n),
        },
        claim=K(u, v) == column * row,
        dropped=["the pivot is not zero", "the minors vanish", "the entry lies in the kernel"],
    )


def minors_vanish(z3: Any) -> Queries:
    """Every 2 × 2 minor of an outer product is zero."""
    u, v, y, x = z3.Ints("u v y x")
    K = z3.Function("K", z3.IntSort(), z3.IntSort(), z3.RealSort())
    a, b = (z3.Function(name, z3.IntSort(), z3.RealSort()) for name in "ab")
    corners = [(u, v), (y, x), (u, x), (y, v)]
    yield Query(
        assume={"K is an outer product": z3.And(*(K(s, t) == a(s) * b(t) for s, t in corners))},
        claim=K(u, v) * K(y, x) == K(u, x) * K(y, v),
        dropped=["K is an outer product"],
    )


def splits_by_search(K: Picture) -> bool:
    """Whether some column and row over {-1, 0, 1} act like the kernel, stage by stage."""
    axes = oracle.Axis(2, len(K), before=1), oracle.Axis(3, len(K[0]), stride=2, before=1, after=1)
    return theorem.operator(K, axes) in pair_operators(len(K), len(K[0]), axes)


@cache
def pair_operators(
    height: int, width: int, axes: tuple[oracle.Axis, oracle.Axis]
) -> frozenset[tuple[object, ...]]:
    """The linear maps of all pairs of a column and a row over {-1, 0, 1}, run as two stages."""
    pairs = product(*(product((-1, 0, 1), repeat=taps) for taps in (height, width)))
    return frozenset(pair_operator(pair, axes) for pair in pairs)


def pair_operator(
    pair: Iterable[Sequence[int]], axes: tuple[oracle.Axis, oracle.Axis]
) -> tuple[object, ...]:
    """The linear map of a column and a row."""
    factors = list(zip("uv", map(oracle.tensor, pair), strict=True))
    named, sizes = dict(zip("uv", axes, strict=True)), (axis.size for axis in axes)
    return oracle.operator(lambda image: oracle.pipeline(factors, image, "", "", {}, named), *sizes)


def entries_of_rank_one() -> CaseList:
    """Every entry of three kernels of rank 1, as a pivot."""
    kernels: list[Picture] = [[[1, -1], [-1, 1]], [[0, -1], [0, 1]], [[1, 1], [0, 0]]]
    places = list(product(range(2), repeat=2))
    cases = [{"kernel": one, "u_0": y, "v_0": x} for one in kernels for y, x in places]
    return CaseList("every entry of 3 kernels of 2 × 2 over {-1, 0, 1}", cases)


def pivots() -> CaseList:
    """The entries that are not zero, with every place of the kernel and the pair found whose row is
    1 at the pivot."""
    cases = []
    for case in entries_of_rank_one():
        entries = [entry for line in case["kernel"] for entry in line]
        pairs = [
            (tall, wide)
            for tall, wide in product(product((-1, 0, 1), repeat=2), repeat=2)
            if [y * x for y, x in product(tall, wide)] == entries and wide[case["v_0"]] == 1
        ]
        if case["kernel"][case["u_0"]][case["v_0"]]:
            (pair,) = pairs
            places = product(range(2), repeat=2)
            cases += [{**case, "pair": pair, "u": y, "v": x} for y, x in places]
    return CaseList("every pivot of 3 kernels of 2 × 2 over {-1, 0, 1}", cases)


def entries_at(kernel: Picture, **at: int) -> Mapping[Expr, int]:
    """The entries of a kernel whose letters have a value."""
    pairs = product(
        *([x for x in pair if x.name in at] for pair in ((u, theorem.u0), (v, theorem.v0)))
    )
    return {theorem.K[y, x]: kernel[at[y.name]][at[x.name]] for y, x in pairs}


def entries_and_pair(kernel: Picture, pair: theorem.Pair, **at: int) -> Mapping[Expr, int]:
    """The entries of a kernel whose letters have a value, and those of a column and a row."""
    return {
        **entries_at(kernel, **at),
        theorem.a[u]: pair[0][at["u"]],
        theorem.b[v]: pair[1][at["v"]],
    }


def splits_at(kernel: Picture, **at: int) -> bool:
    """Whether the column and the row through an entry multiply to the kernel."""
    product_of = theorem.outer.given(dict([theorem.column.sides, theorem.row.sides]))
    places = product(range(2), repeat=2)
    return all(product_of.holds(entries_at(kernel, **at, u=y, v=x)) for y, x in places)


def slices_decide(C_in: int, C_out: int, m: int) -> bool:
    """Whether a pair reaches exactly the kernels over {0, 1} all of whose slices have rank 1 or 0."""
    shape = (C_out, C_in, 2, 2)
    every = product((0, 1), repeat=prod(shape))
    kernels = (Kernel(FULL, shape, entries) for entries in every)
    return all((K.rank((u,), (v,), (o, i)) <= 1) == (K.rank((o, v), (i, u)) <= m) for K in kernels)


def small_kernels(height: int, width: int) -> Iterator[dict[str, Picture]]:
    """Every kernel over {-1, 0, 1}."""
    for entries in product((-1, 0, 1), repeat=height * width):
        yield {"K": [list(entries[y * width : (y + 1) * width]) for y in range(height)]}
