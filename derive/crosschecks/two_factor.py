"""Two factors: cross-checks by literal loops and grids of cases."""

from itertools import chain

from derive import oracle
from derive.algebra.finite import passes
from derive.families import (
    asymmetric,
    asymmetric_horizontal_first,
    blueprint_separable,
    depthwise_separable,
    grouped_asymmetric,
)
from derive.proof.exact import *
from derive.proof.language import *
from derive.proof.samples import reached, rebuilt
from derive.theorems import two_factor as theorem


def checks() -> Proof:
    yield "Over a finite field, where all weights can be tried, they reach exactly the kernels whose slices pass the test."
    yield Agree(
        reached,
        passes,
        CaseList("every kernel over {0, 1} of a small design", lambda: all_kernels(small()[:1])),
        CaseList(
            "every kernel over {0, 1} of 7 small designs and over {0, 1, 2} of 2",
            lambda: chain(all_kernels(small()), all_kernels(small()[:2], prime=3)),
        ),
    )
    yield "Entry by entry, literal loops over numbers for the weights give the sum."
    yield Holds(theorem.form, looped_entry, Grid(s=(0, 1), x=(0, 1), y=(0, 1, 2)))
    yield Establishes(theorem.form)
    yield "For integer kernels weights are worked out that contract to the kernel exactly, and there are none where a slice fails."
    yield Agree(
        rebuilt_by_loops,
        lambda family, sizes, kernel: realizes(family, kernel, sizes),
        CaseList(
            "2 seeded integer kernels for every design", lambda: seeded(theorem.pairs().values(), 2)
        ),
        CaseList(
            "40 seeded integer kernels for every design",
            lambda: seeded(theorem.pairs().values(), 40),
        ),
    )


def rebuilt_by_loops(family: Family, sizes: Sizes, kernel: Kernel) -> bool:
    """Whether factors are found; CheckError if literal loops contract them to another kernel."""
    return rebuilt(family, sizes, kernel, looped)


def looped(factors: Iterable[Kernel], letters: Letters) -> Kernel:
    """The contraction of tensors by the loops of the oracle."""
    factors = tuple(factors)
    everything = dict.fromkeys([*letters, *(x for factor in factors for x in factor.letters)])
    names = {x: chr(ord("a") + number) for number, x in enumerate(everything)}
    sizes = {x: extent for factor in factors for x, extent in factor.sizes.items()}
    given = [("".join(names[x] for x in f.letters), f.entries) for f in factors]
    word = "".join(names[x] for x in letters)
    entries = oracle.contract(given, "", word, "", {names[x]: n for x, n in sizes.items()})
    return Kernel(letters, tuple(sizes[x] for x in letters), entries)


def looped_entry(**at: int) -> Mapping[Expr, oracle.Number]:
    """The weights of two factors and an entry of what loops contract them to."""
    sizes = {"s": 2, "x": 2, "y": 3, "b": 4}
    weights = {
        word: {
            place: 1 + n * n for n, place in enumerate(product(*(range(sizes[z]) for z in word)))
        }
        for word in ("sxb", "syb")
    }
    entries = oracle.contract(list(weights.items()), "y", "sx", "", sizes)
    found = {theorem.F[place]: weight for place, weight in weights["sxb"].items()}
    found |= {theorem.W[place]: weight for place, weight in weights["syb"].items()}
    return {
        **found,
        theorem.K[theorem.s, theorem.x, theorem.y]: entries[at["s"], at["x"], at["y"]],
        theorem.count: sizes["b"],
    }


def small() -> list[Sized]:
    """Designs for which all weights over {0, 1} can be tried."""
    return [
        (asymmetric.family, {C_in: 1, C_out: 2, k_h: 2, k_w: 2, m: 1}),
        (depthwise_separable.family, {C_in: 2, C_out: 2, k_h: 2, k_w: 1, M: 1}),
        (asymmetric.family, {C_in: 1, C_out: 1, k_h: 3, k_w: 3, m: 2}),
        (asymmetric_horizontal_first.family, {C_in: 2, C_out: 1, k_h: 2, k_w: 2, m: 1}),
        (depthwise_separable.family, {C_in: 1, C_out: 3, k_h: 1, k_w: 3, M: 2}),
        (blueprint_separable.family, {C_in: 2, C_out: 2, k_h: 2, k_w: 1}),
        (grouped_asymmetric.family, {G: 2, C_a: 1, C_b: 1, C_c: 1, k_h: 2, k_w: 2}),
    ]
