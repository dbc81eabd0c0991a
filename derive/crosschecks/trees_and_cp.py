"""Trees and CP: cross-checks by grids of cases."""

from derive.algebra.finite import passes
from derive.algebra.outer_products import outer_products, two_suffice
from derive.crosschecks.two_factor import rebuilt_by_loops
from derive.families import (
    cp,
    depthwise_asymmetric_separable,
    depthwise_separable,
    flattened,
    tensor_train,
    tucker_2,
)
from derive.proof.exact import *
from derive.proof.language import *
from derive.proof.samples import reached
from derive.theorems import trees_and_cp as theorem


def checks() -> Proof:
    yield "Factors that share a letter are joined by it exactly if its size is not 1."
    yield Decides(
        (theorem.one_copy,),
        lambda M: not bonds_at(depthwise_separable.family, l, M),
        Grid(M=(1, 2)),
    )
    yield Decides((theorem.one_term,), lambda R: not bonds_at(cp.family, r, R), Grid(R=(1, 2)))
    yield Establishes(theorem.one_copy, theorem.one_term)
    yield "Over the field of two elements, with one output and two input channels and two taps each way, cuts decide for one term, and not for two."
    yield Decides((theorem.more,), cuts_do_not_decide, Grid(R=(1, 2)))
    yield Establishes(theorem.more)
    yield "Over a finite field, where all weights can be tried, they reach exactly the kernels whose cuts pass."
    yield Agree(
        reached,
        passes,
        CaseList("every kernel over {0, 1} of a small design", lambda: all_kernels(small()[:1])),
        CaseList("every kernel over {0, 1} of 8 small designs", lambda: all_kernels(small())),
    )
    yield "For integer kernels weights are worked out, leaf by leaf, that literal loops contract to the kernel, and there are none where a cut fails."
    yield Agree(
        rebuilt_by_loops,
        lambda family, sizes, kernel: realizes(family, kernel, sizes),
        CaseList("2 seeded integer kernels for every design", lambda: sampled(2)),
        CaseList("60 seeded integer kernels for every design", lambda: sampled(60)),
    )
    yield r"Trying all sums of two outer products modulo 3: they reach \(K_0 = I\) with \(K_1\) exactly if \(K_1\) is a multiple of \(I\) or has two eigenvalues."
    yield Agree(
        lambda K1: two_suffice([[1, 0], [0, 1]], K1, 3),
        lambda K1: terms_needed(([[1, 0], [0, 1]], K1), lambda d: d != 2, modulus=3) == 2,
        CaseList("K_1 over {0, 1, 2} with first row (0, 1)", lambda: seconds([(0, 1)])),
        CaseList("every K_1 over {0, 1, 2}", lambda: seconds(product(range(3), repeat=2))),
    )
    K0, K1 = theorem.three_ones().nested[0]
    yield r"\(\mathcal{W}\) is no sum of two outer products over the fields of two and three elements: all were tried."
    yield Equal({f"{p} elements, two suffice": (two_suffice(K0, K1, p), False) for p in (2, 3)})


@cache
def cuts_do_not_decide(R: int) -> bool:
    """Whether some kernel over the field of two elements passes every cut and needs more terms."""
    sums = {
        tuple(sum(entries) % 2 for entries in zip(*terms, strict=True))
        for terms in product(outer_products(2), repeat=R)
    }
    places = list(product(range(1), *[range(2)] * 3))
    kernels = (
        Kernel((o, i, u, v), (1, 2, 2, 2), dict(zip(places, bits, strict=True)))
        for bits in product(range(2), repeat=8)
        if bits not in sums
    )
    return any(kernel.largest_cut <= R for kernel in kernels)


def seconds(rows: Iterable[tuple[int, ...]]) -> Iterator[dict[str, Picture]]:
    """Second slices over {0, 1, 2} with the given first rows."""
    for first, second in product(rows, product(range(3), repeat=2)):
        yield {"K1": [list(first), list(second)]}


def sampled(count: int) -> Iterator[Any]:
    """Seeded kernels of all trees and of all stars of which ranks decide."""
    stars = [star for star, *_ in theorem.bondless().values()]
    return seeded([*theorem.forests().values(), *stars], count, largest=2)


def bonds_at(family: Family, bond: Symbol, extent: int) -> tuple[Bond, ...]:
    """The bonds of a design when one of its letters has a size."""
    return network(family, {family.sizes[bond]: Integer(extent)}).bonds


def small() -> list[Sized]:
    """Designs for which all weights over {0, 1} can be tried."""
    return [
        (tucker_2.family, {C_in: 2, C_out: 2, k_h: 2, k_w: 1, Q: 1, P: 1}),
        (tensor_train.family, {C_in: 2, C_out: 2, k_h: 2, k_w: 1, Q: 1, R: 2, P: 1}),
        (tensor_train.family, {C_in: 2, C_out: 1, k_h: 2, k_w: 2, Q: 1, R: 2, P: 1}),
        (tensor_train.family, {C_in: 2, C_out: 2, k_h: 2, k_w: 1, Q: 2, R: 1, P: 1}),
        (tucker_2.family, {C_in: 2, C_out: 2, k_h: 2, k_w: 1, Q: 2, P: 1}),
        (flattened.family, {C_in: 2, C_out: 1, k_h: 2, k_w: 2}),
        (depthwise_asymmetric_separable.family, {C_in: 1, C_out: 2, k_h: 2, k_w: 2}),
        (theorem.bondless()["CP, R = 1"][0], {C_in: 2, C_out: 2, k_h: 2, k_w: 1}),
    ]
