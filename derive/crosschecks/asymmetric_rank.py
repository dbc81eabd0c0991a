"""Asymmetric rank: cross-checks by grids of cases."""

from derive.algebra import matrix
from derive.algebra.finite import rank_modulo
from derive.families import asymmetric, asymmetric_horizontal_first
from derive.proof.exact import *
from derive.proof.language import *
from derive.proof.samples import reached
from derive.theorems import asymmetric_rank as theorem


def checks() -> Proof:
    yield "The condition read off the letters calls the pair universal from the width that the theorem gives, and not before."
    yield from (
        Holds(
            claim,
            universal_from,
            Grid(C_in=(1, 3), C_out=(1, 2), k_h=(1, 3), k_w=(1, 2)),
            Grid(C_in=range(1, 5), C_out=range(1, 5), k_h=(1, 2, 3), k_w=(1, 2, 3)),
        )
        for claim in (theorem.full, theorem.total)
    )
    yield Establishes(theorem.full, theorem.total)
    yield "Over the field of two elements, all weights tried, a pair of width 1 reaches exactly the kernels of rank 1 and less."
    yield Decides(
        (theorem.vertical,), reached, of_two_elements(asymmetric.family, k_h), measured=modulo
    )
    yield Decides(
        (theorem.horizontal,),
        reached,
        of_two_elements(asymmetric_horizontal_first.family, k_w),
        measured=modulo,
    )
    yield Establishes(theorem.vertical, theorem.horizontal)
    yield "Kernels with a planted width are factored back exactly, into factors of the width of their rank and no less."
    yield Agree(
        reconstructed_width,
        lambda C_in, C_out, n, width, seed: min(width, n * C_in, n * C_out),
        Grid(C_in=(1, 3), C_out=(2, 4), n=(2, 3), width=(1, 2, 4), seed=(1,)),
        Grid(C_in=(1, 3, 5), C_out=(2, 4), n=(1, 2, 3), width=range(1, 9), seed=range(5)),
    )
    yield "Over all small kernels of zeros and ones the two ranks differ only with at least two pairs of channels and two taps."
    yield Agree(
        orders_differ,
        lambda C_out, C_in, k_h, k_w: C_in * C_out > 1 and k_h * k_w > 1,
        Grid(C_out=(1, 2), C_in=(1, 2), k_h=(1, 2), k_w=(1,)),
        Grid(C_out=(1, 2), C_in=(1, 2), k_h=(1, 2), k_w=(1, 2)),
    )


@cache
def universal_from(**sizes: int) -> Mapping[Symbol, int | Expr]:
    """The rows and columns of the matrix, and the least width of which the letters say that every
    kernel of these sizes is reached, 0 if of none."""
    values = tuple((symbol, Integer(sizes[symbol.name])) for symbol in (C_in, C_out, k_h, k_w))
    sides = map(asymmetric.family.extent, cut_of(asymmetric.family).sides)
    down, across = (extent.xreplace(dict(values)) for extent in sides)
    widths = range(1, int(down * across) + 1)
    designs = {n: Exactness(asymmetric.family, (*values, (m, Integer(n)))) for n in widths}
    least = next((n for n, design in designs.items() if design.universal), 0)
    return {m: least, theorem.alpha: across, theorem.beta: down}


def of_two_elements(family: Family, side: Symbol) -> CaseList:
    """Every kernel over {0, 1} of one input, two outputs and two taps along a side, at width 1."""
    sizes = {C_in: 1, C_out: 2, k_h: 1, k_w: 1, m: 1, side: 2}
    kernels = list(all_kernels([(family, sizes)]))
    return CaseList(f"every kernel over {{0, 1}} of one input, two outputs and {side} = 2", kernels)


def modulo(family: Family, sizes: Sizes, kernel: Kernel, prime: int) -> Mapping[Symbol, int]:
    """The rank of a kernel in the order of a pair, over the field of p elements, and its width."""
    found = rank_modulo(kernel.matrix(*cut_of(family).sides, {i: 0}), prime)
    return {theorem.vf if family == asymmetric.family else theorem.hf: found, m: sizes[m]}


def reconstructed_width(C_in: int, C_out: int, n: int, width: int, seed: int) -> int:
    """The inner size of exact factors of a random kernel of given width; 0 if they are none."""
    random = Random(seed)

    def filters(rows: int, columns: int) -> list[list[int]]:
        return [[random.randint(-999, 999) for _ in range(columns)] for _ in range(rows)]

    kernel = matrix.product(filters(n * C_out, width), filters(width, n * C_in))
    left, right = matrix.rank_factors(kernel)
    return len(right) if matrix.product(left, right) == kernel else 0


def orders_differ(C_out: int, C_in: int, k_h: int, k_w: int) -> bool:
    """Whether some kernel of zeros and ones has two different ranks."""
    indices = list(product(*map(range, (C_out, C_in, k_h, k_w))))
    for bits in product((0, 1), repeat=len(indices)):
        entries = dict(zip(indices, bits, strict=True))
        kernel = Kernel((o, i, u, v), (C_out, C_in, k_h, k_w), entries)
        if len(set(theorem.both_orders(kernel).values())) > 1:
            return True
    return False
