"""Depthwise multiplier: cross-checks by grids of cases."""

from derive.algebra.finite import passes, rank_modulo
from derive.crosschecks.two_factor import rebuilt_by_loops
from derive.families import blueprint_separable, depthwise_separable, network_decoupling
from derive.notation import letters
from derive.proof.exact import *
from derive.proof.language import *
from derive.proof.samples import reached
from derive.theorems import depthwise_multiplier as theorem


def checks() -> Proof:
    yield "Over a finite field, where all weights can be tried, they reach exactly the kernels whose slices pass."
    yield Agree(
        reached,
        passes,
        CaseList("every kernel over {0, 1} of a small design", lambda: all_kernels(small()[:1])),
        CaseList("every kernel over {0, 1} of 4 small designs", lambda: all_kernels(small())),
    )
    yield Decides(
        (theorem.passing,),
        reached,
        CaseList("every kernel over {0, 1} of a small design", lambda: all_kernels(small()[:1])),
        measured=largest_modulo,
    )
    yield Establishes(theorem.passing)
    yield r"For integer kernels the least multiplier for which weights are found, which literal loops contract to the kernel, is \(\max(1, \max_i \rho_i)\)."
    yield Holds(
        theorem.least,
        lambda family, sizes, kernel: {M: least_multiplier(kernel), **measured(kernel)},
        CaseList("4 seeded integer kernels", lambda: seeded([depthwise_separable.family], 4)),
        CaseList("200 seeded integer kernels", lambda: seeded([depthwise_separable.family], 200)),
    )
    yield Establishes(theorem.least)
    yield "The same for every channel alone, where no filter at all may be enough."
    yield Holds(theorem.own, alone_in_its_layer, every_slice())
    yield Decides(
        (theorem.unread,),
        lambda kernel: not any(kernel.flat),
        every_slice(),
        measured=measured_slice,
    )
    yield Establishes(theorem.own, theorem.unread)
    yield "Over the field of two elements, all weights tried, that many layers side by side and a layer of that multiplier reach the same kernels, and others if the numbers differ."
    yield Decides((theorem.terms,), reach_the_same, Grid(M=(1, 2), T=(1, 2)))
    yield Establishes(theorem.terms)
    channels = Grid(C_out=(1, 2, 3), k_h=(1, 2), k_w=(1, 3))
    yield "The condition read off the letters calls the design universal from that multiplier on."
    yield Holds(theorem.every, universal_from, channels)
    yield Decides((theorem.one_output,), enough_alone, Grid(C_out=(1, 2), k_h=(2,), k_w=(1, 2)))
    yield Decides((theorem.one_tap,), enough_alone, Grid(C_out=(2,), k_h=(1, 2), k_w=(1, 2)))
    yield Decides(
        (theorem.alone,),
        lambda C_out, k_h, k_w: 1 in (C_out, k_h * k_w),
        channels,
        measured=universal_from,
    )
    yield Establishes(theorem.every, theorem.one_output, theorem.one_tap, theorem.alone)


def small() -> list[Sized]:
    """Designs for which all weights over {0, 1} can be tried."""
    return [
        (depthwise_separable.family, {C_in: 2, C_out: 2, k_h: 1, k_w: 2, M: 1}),
        (whole(M * blueprint_separable.family), {C_in: 2, C_out: 2, k_h: 2, k_w: 1, M: 1}),
        (depthwise_separable.family, {C_in: 1, C_out: 3, k_h: 1, k_w: 3, M: 2}),
        (whole(M * blueprint_separable.family), {C_in: 3, C_out: 1, k_h: 3, k_w: 1, M: 2}),
    ]


def least_multiplier(kernel: Kernel) -> int:
    """The least number of copies for which there are weights."""
    family = depthwise_separable.family
    return next(n for n in range(1, 10) if rebuilt_by_loops(family, {M: n}, kernel))


def measured(kernel: Kernel) -> Mapping[Symbol, int]:
    """The sizes of a kernel and the largest rank of its slices."""
    sizes = dict(zip((C_out, k_h, k_w), (kernel.sizes[x] for x in (o, u, v)), strict=True))
    return {**sizes, theorem.largest: kernel.rank_in(depthwise_separable.family)}


def largest_modulo(
    family: Family, sizes: Sizes, kernel: Kernel, prime: int
) -> Mapping[Symbol, int]:
    """The largest rank of the slices over the field of p elements, and the multiplier."""
    slices = (kernel.matrix((o,), (u, v), {i: channel}) for channel in range(kernel.sizes[i]))
    return {theorem.rho: max(rank_modulo(one, prime) for one in slices), M: sizes[M]}


def every_slice() -> CaseList:
    """Every kernel over {0, 1} of one input, two outputs and two taps."""
    sizes = {C_in: 1, C_out: 2, k_h: 1, k_w: 2, M: 1}
    kernels = [
        {"kernel": case["kernel"]} for case in all_kernels([(depthwise_separable.family, sizes)])
    ]
    return CaseList("every kernel over {0, 1} of one input, two outputs and 1 × 2 taps", kernels)


def measured_slice(kernel: Kernel) -> Mapping[Symbol, int]:
    """The rank of a kernel of one input channel."""
    return {theorem.rho: kernel.rank_in(depthwise_separable.family)}


def alone_in_its_layer(kernel: Kernel) -> Mapping[Symbol, int]:
    """Rank of a kernel of one input channel, and the smallest number of copies of the channel."""
    return {
        **measured_slice(kernel),
        theorem.copies: least_multiplier(kernel) if any(kernel.flat) else 0,
    }


def reach_the_same(M: int, T: int) -> bool:
    """Whether T layers and a layer with multiplier M have the same kernels over {0, 1}."""
    sizes = (C_in, 1), (C_out, 2), (k_h, 1), (k_w, 2)
    multiplied = contractions(depthwise_separable.family, (*sizes, (letters.M, M)))
    return multiplied == contractions(whole(network_decoupling.family), (*sizes, (letters.T, T)))


def universal_from(C_out: int, k_h: int, k_w: int) -> Mapping[Symbol, int]:
    """The least multiplier with which every kernel of these sizes is reached."""
    sizes = (letters.C_out, C_out), (letters.k_h, k_h), (letters.k_w, k_w)
    given = tuple((size, Integer(value)) for size, value in sizes)
    numbers = range(1, C_out * k_h * k_w + 1)
    designs = {n: Exactness(depthwise_separable.family, (*given, (M, Integer(n)))) for n in numbers}
    return {M: next(n for n, design in designs.items() if design.universal)}


def enough_alone(**sizes: int) -> bool:
    """Whether multiplier 1 is enough for every kernel of these sizes."""
    return universal_from(**sizes)[M] == 1
