"""Intersections: cross-checks by grids of cases."""

from derive.families import asymmetric, asymmetric_horizontal_first, blueprint_separable
from derive.proof.exact import *
from derive.proof.language import *
from derive.theorems import intersections as theorem
from derive.theorems.asymmetric_rank import hf, vf


def checks() -> Proof:
    one_mix = CaseList("1 output, 2 inputs, 2 × 2 filters", lambda: zeros_and_ones([((1, 1),)]))
    all_mixes = CaseList(
        "2 outputs, 2 inputs, 2 × 2 filters",
        lambda: zeros_and_ones(product(product((0, 1), repeat=2), repeat=2)),
    )
    yield "For all weights of zeros and ones the two ranks are the two dimensions, worked out from bases of the rows and of the columns of each filter."
    yield Holds(theorem.by_rows, by_rows_of, one_mix, all_mixes)
    yield Holds(theorem.by_columns, by_columns_of, one_mix, all_mixes)
    yield Establishes(theorem.by_rows, theorem.by_columns)
    yield "In either order the ranks of the filters bound that of the kernel, and for independent mixes they add up to it."
    yield from (
        Holds(theorem.between, ranks_of_filters, some_filters(((1, 2),), order)) for order in (0, 1)
    )
    yield from (
        Holds(theorem.independent, ranks_of_filters, some_filters(((1, 2), (1, 3)), order))
        for order in (0, 1)
    )
    yield Establishes(theorem.between, theorem.independent)
    yield "If no channel is left out, a pair of that width will do exactly when every filter has rank 1, and of no other width is this true."
    yield Decides(
        (theorem.ones.given({i: Integer(0)}), theorem.ones.given({i: Integer(1)})),
        fits,
        some_filters(((1, 2), (1, 3)), 0, zero=False),
        measured=ranks_of_filters,
    )
    yield Decides((theorem.width,), decided_by_ones, Grid(C_in=(1, 2), m=(1, 2, 3)))
    yield Establishes(theorem.ones, theorem.width)
    yield "With weights drawn at random and square filters the rank is the product of the statement as long as there are no more inputs than outputs."
    yield Decides((theorem.outputs,), generic_rank, Grid(C_in=(1, 2, 3), C_out=(1, 2, 3)))
    yield Establishes(theorem.outputs)
    yield "Entry by entry, numbers for the weights give these kernels."
    yield from (
        Holds(claim, contracted_entry(one), Grid(o=(0, 1), i=(0, 1), u=(0, 1), v=(0, 1)))
        for claim, one in ((theorem.spelled_out, False), (theorem.single, True))
    )
    yield Establishes(theorem.spelled_out, theorem.single)
    small_and_large = (
        Grid(C_out=(1, 2), C_in=(1, 3), k_h=(1, 2), k_w=(1, 3), m=(1, 2, 3, 5, 6)),
        Grid(C_out=(1, 2, 3), C_in=(1, 2, 3), k_h=(1, 2, 3), k_w=(1, 2, 3), m=range(1, 10)),
    )
    yield "Some depthwise separable kernel has the rank that bounds them all, so no narrower pair represents every one."
    yield Decides(
        (theorem.containing,),
        lambda m, **extents: drawn(**extents).rank_in(asymmetric.family) <= m,
        *small_and_large,
    )
    yield Decides(
        (theorem.containing_across,),
        lambda m, **extents: drawn(**extents).rank_in(asymmetric_horizontal_first.family) <= m,
        *small_and_large,
    )
    yield Establishes(theorem.containing, theorem.containing_across)
    yield "The letters call the depthwise separable design universal for one output, and not for two outputs and two taps."
    yield Decides((theorem.one_output,), channelwise_universal, Grid(C_out=(1, 2, 3)))
    yield Establishes(theorem.one_output)
    cuts = [*network(theorem.DWS.line()).cuts, *network(blueprint_separable.family).cuts]
    yield "For all kernels of zeros and ones, two outputs and two inputs, both conditions hold exactly when the filters of each component are multiples of one."
    yield Agree(
        lambda filters: all(one_row(filters).rank_at(cut) <= 1 for cut in cuts),
        multiples_by_component,
        CaseList("1 × 2 filters", lambda: all_filters(2)),
        CaseList("1 × 3 filters", lambda: all_filters(3)),
    )
    yield "Over the field of two elements, all weights tried, what the smaller design reaches the larger reaches too, and more unless the sizes make them equal."
    yield Agree(
        lambda inclusion, reach: inclusion.holds(reach),
        larger,
        CaseList("2 inclusions, every kernel over {0, 1}", lambda: nested(list(included())[:3])),
        CaseList("6 inclusions, every kernel over {0, 1}", lambda: nested(included())),
    )
    yield Establishes(theorem.das_dws, theorem.cp_pair)


Filters = list[list[list[Number]]]


def kernel_of(mix: list[list[Number]], filters: Filters) -> Kernel:
    """The depthwise separable kernel with these weights."""
    height, width = len(filters[0]), len(filters[0][0])
    return Kernel.by(
        lambda o, i, u, v: mix[o][i] * filters[i][u][v],
        o=len(mix),
        i=len(filters),
        u=height,
        v=width,
    )


def transposed(filters: Filters) -> Filters:
    """Every filter with rows and columns exchanged."""
    return [list(map(list, zip(*f, strict=True))) for f in filters]


def dimension(mix: list[list[Number]], filters: Filters) -> int:
    """The dimension of the sum of the columns of the mix times the row spaces of the filters."""
    return rank(
        [
            [p * x for p in column for x in row]
            for column, f in zip(zip(*mix, strict=True), filters, strict=True)
            for row in rank_factors(f)[1]
        ]
    )


def drawn(C_out: int, C_in: int, k_h: int, k_w: int) -> Kernel:
    """A depthwise separable kernel with whole numbers drawn at random."""
    random = Random(18)
    mix: list[list[Number]] = [[random.randint(1, 99) for _ in range(C_in)] for _ in range(C_out)]
    return kernel_of(
        mix,
        [[[random.randint(1, 99) for _ in range(k_w)] for _ in range(k_h)] for _ in range(C_in)],
    )


def zeros_and_ones(mixes: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """All pairs of 2 × 2 filters over {0, 1}, with the given mixes."""
    for mix in mixes:
        for e in product((0, 1), repeat=8):
            filters = [[[e[k], e[k + 1]], [e[k + 2], e[k + 3]]] for k in (0, 4)]
            yield {"mix": [list(row) for row in mix], "filters": filters}


def by_rows_of(mix: Any, filters: Filters) -> Mapping[Symbol, int]:
    """The rank of the kernel with these weights, column filter first, and the first dimension."""
    rank_of = kernel_of(mix, filters).rank_in(asymmetric.family)
    return {vf: rank_of, theorem.row_spaces: dimension(mix, filters)}


def by_columns_of(mix: Any, filters: Filters) -> Mapping[Symbol, int]:
    """The rank row filter first, and the second dimension."""
    rank_of = kernel_of(mix, filters).rank_in(asymmetric_horizontal_first.family)
    return {hf: rank_of, theorem.column_spaces: dimension(mix, transposed(filters))}


def some_filters(mix: Any, order: int, zero: bool = True) -> CaseList:
    """A mix with every two of a few filters, in one order of a pair."""
    few: list[Any] = [[[1, 0], [0, 1]], [[1, 1], [0, 0]], [[0, 1], [0, 1]]]
    few += [[[0, 0], [0, 0]]] * zero
    cases = [{"mix": mix, "filters": list(two), "order": order} for two in product(few, repeat=2)]
    words = "1 output" if len(mix) == 1 else f"{len(mix)} outputs"
    return CaseList(f"{words}, every two of {len(few)} filters of 2 × 2", cases)


def ranks_of_filters(mix: Any, filters: Filters, order: int) -> Mapping[Expr, int]:
    """The rank of the kernel in one order, and those of the filters."""
    found = {theorem.rho[channel]: rank(one) for channel, one in enumerate(filters)}
    orders = asymmetric.family, asymmetric_horizontal_first.family
    kernel = kernel_of(mix, filters).rank_in(orders[order])
    return {
        C_in: len(filters),
        theorem.either: kernel,
        theorem.largest: max(found.values()),
        **found,
    }


def fits(mix: Any, filters: Filters, order: int) -> bool:
    """Whether a pair of the width of the statement reaches the kernel with these weights."""
    needed = ranks_of_filters(mix, filters, order)
    return bool(
        needed[theorem.either] <= theorem.width.expr.xreplace({C_in: Integer(len(filters))})
    )


def decided_by_ones(C_in: int, m: int) -> bool:
    """Whether, with independent mixes, a width is enough exactly if all filters have rank 1."""
    unit: list[list[Number]] = [[int(y == x) for x in range(C_in)] for y in range(C_in)]
    few: Filters = [[[1, 0], [0, 1]], [[1, 1], [0, 0]]]
    ranks = (
        (kernel_of(unit, list(chosen)).rank_in(asymmetric.family), [rank(one) for one in chosen])
        for chosen in product(few, repeat=C_in)
    )
    return all((needed <= m) == (set(own) == {1}) for needed, own in ranks)


def generic_rank(C_in: int, C_out: int) -> bool:
    """Whether weights drawn at random for 2 × 2 filters give the rank of the statement."""
    sizes = {"C_out": C_out, "C_in": C_in, "k_h": 2, "k_w": 2}
    found = {
        drawn(**sizes).rank_in(order)
        for order in (asymmetric.family, asymmetric_horizontal_first.family)
    }
    return found == {theorem.generic.expr.xreplace(sized(**sizes))}


def contracted_entry(one: bool) -> Callable[..., Mapping[Expr, Number]]:
    """What numbers for the weights contract to, entry by entry; with one filter for all channels,
    or one for each."""
    P = Kernel.of([[1, 2], [3, 5]], (o, i))
    D = Kernel.by(lambda i, u, v: 7 + 4 * u + 3 * v + 11 * i * (not one), i=2, u=2, v=2)
    contraction_of = contracted([D, P], FULL)

    def measured(**at: int) -> Mapping[Expr, Number]:
        place = tuple(at[x.name] for x in FULL)
        values = contraction_of.entries[place], P.entries[place[:2]], D.entries[place[1:]]
        names = theorem.K[FULL], theorem.mix[FULL[:2]], theorem.filters[FULL[1:]]
        return {**dict(zip(names, values, strict=True)), theorem.F[FULL[2:]]: values[2]}

    return measured


def channelwise_universal(C_out: int) -> bool:
    """Whether every kernel of a given number of outputs, two inputs and 2 × 2 taps is depthwise separable."""
    return Exactness(
        theorem.DWS.line(), tuple(sized(C_out=C_out, C_in=2, k_h=2, k_w=2).items())
    ).universal


def all_filters(width: int) -> Iterator[dict[str, Any]]:
    """Every kernel over {0, 1} with two outputs, two inputs and one row of taps."""
    for e in product((0, 1), repeat=4 * width):
        rows = [list(e[k * width : (k + 1) * width]) for k in range(4)]
        yield {"filters": {(k // 2, k % 2): row for k, row in enumerate(rows)}}


def one_row(filters: dict[Index, list[int]]) -> Kernel:
    """The kernel with these filters of one row, by output and input."""
    return Kernel.of([[[filters[o, i]] for i in range(2)] for o in range(2)])


def multiples_by_component(filters: dict[Index, list[int]]) -> bool:
    """Whether the filters of each component of the graph of those that are not zero have rank 1."""
    left = [edge for edge, row in filters.items() if any(row)]
    while left:
        component = {left[0]}
        for _ in left:
            component |= {e for e in left if any(e[0] == f[0] or e[1] == f[1] for f in component)}
        if rank([filters[edge] for edge in component]) > 1:
            return False
        left = [edge for edge in left if edge not in component]
    return True


def included() -> Iterator[tuple[Claim, dict[Symbol, int]]]:
    """Inclusions at sizes at which all weights over {0, 1} can be tried."""
    two = {C_in: 2, C_out: 1, k_h: 2, k_w: 2, R: 1}
    mirror = {C_in: 1, C_out: 2, k_h: 2, k_w: 2, R: 1}
    yield theorem.das_dws, mirror
    yield theorem.das_dws, {**mirror, k_h: 1}
    yield theorem.cp_pair, two
    yield theorem.flattened_blueprint, mirror
    yield (
        Claim(
            theorem.flattened_cp.terms[0],
            theorem.flattened_cp.signs[0],
            theorem.flattened_cp.terms[1],
        ),
        mirror,
    )
    yield Claim(theorem.das_cp.terms[0], theorem.das_cp.signs[0], theorem.das_cp.terms[1]), two
    yield theorem.cp_tucker, two


def nested(inclusions: Iterable[tuple[Claim, dict[Symbol, int]]]) -> Iterator[dict[str, Any]]:
    """The kernels that the two designs of an inclusion reach."""
    for inclusion, sizes in inclusions:
        reach = {}
        for design in inclusion.terms:
            widths = {x: sizes[extent] for x, extent in design.bonds.items() if extent != 1}
            reach[design] = contractions(design.line(), tuple({**sizes, **widths}.items()))
        yield {"inclusion": inclusion, "reach": reach}


def larger(inclusion: Claim, reach: Mapping[Symbol, frozenset[Index]]) -> bool:
    """Whether what the smaller design reaches the larger reaches too, and one kernel more."""
    small, large = (reach[design] for design in inclusion.terms)
    return all(kernel in large for kernel in small) and len(small) < len(large)
