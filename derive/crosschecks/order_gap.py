"""Order gap: cross-checks by grids of cases."""

from derive.proof.exact import *
from derive.proof.language import *
from derive.theorems import order_gap as theorem
from derive.theorems.asymmetric_rank import hf, vf


def checks() -> Proof:
    grid = Grid(C_out=(1, 2, 3), C_in=(1, 3), k_h=(1, 3), k_w=(1, 2))
    large = Grid(C_out=range(1, 5), C_in=range(1, 5), k_h=range(1, 5), k_w=range(1, 5))
    yield "Exact ranks of that kernel in both orders."
    yield from (
        Holds(claim, ranks_of_the_gap, grid, large)
        for claim in (theorem.one, theorem.many, theorem.bound)
    )
    yield Holds(theorem.gap, entry_of_the_gap, Grid(o=(0, 1), i=(0, 1), u=(0, 1), v=(0, 1)))
    yield Establishes(theorem.gap, theorem.one, theorem.many, theorem.bound)
    yield "Among all kernels of zeros and ones the ratio of the two ranks never exceeds the bound, and reaches it."
    yield Holds(
        theorem.bound,
        largest_ratio,
        Grid(C_out=(1, 2), C_in=(2,), k_h=(1, 2), k_w=(1,)),
        Grid(C_out=(1, 2), C_in=(1, 2), k_h=(1, 2), k_w=(1, 2)),
    )
    yield Establishes(theorem.bound)


def ranks_of_the_gap(**sizes: int) -> Mapping[Symbol, int]:
    """Ranks of the kernel of the gap, column filter first and row filter first."""
    return theorem.ranks(theorem.gap_kernel(**sizes))


def entry_of_the_gap(**at: int) -> Mapping[Expr, object]:
    """An entry of that kernel at sizes of 2."""
    return {
        theorem.K[o, i, u, v]: theorem.gap_kernel(C_out=2, C_in=2, k_h=2, k_w=2).entries.get(
            tuple(at.values())
        )
    }


def largest_ratio(C_out: int, C_in: int, k_h: int, k_w: int) -> Mapping[Symbol, int]:
    """The two ranks of the kernel of zeros and ones in which they are furthest apart."""
    indices = list(product(*map(range, (C_out, C_in, k_h, k_w))))
    kernels = (
        Kernel((o, i, u, v), (C_out, C_in, k_h, k_w), dict(zip(indices, bits, strict=True)))
        for bits in product((0, 1), repeat=len(indices))
        if any(bits)
    )
    return max(map(theorem.ranks, kernels), key=lambda found: found[vf] / found[hf])
