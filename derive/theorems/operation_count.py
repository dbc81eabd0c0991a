r"""Operation count: a layer with a bias takes exactly two operations for every multiply-accumulate, one without takes one less for every output.

Let a stage write \(Q\) numbers, each of them a sum of \($some_terms\) products; \(D\) is the product of the sizes of the letters that the stage sums, so \($terms\) for a convolution in \(g\) groups. Counted *densely*, with the zeros of the padding multiplied like any pixel, it takes

$dense

With MACs for the \(QD\) products: if anything is written, \($twice\) $iff_with_bias the stage has a bias. A stage that sums nothing, \($one_term\), adds nothing. Stages in a row add up; to sum \(b\) branches takes \($joins\) further additions for every output.

Counted *without the padding*, a direction along which the stage slides contributes its \(T\) pairs of a window and a tap that falls [on the image](in-bounds-taps.md) in place of all its pairs, and each output that sees the image takes one addition less than it has products: the additions are the MACs less the number of outputs that see at least one pixel. An output that sees none takes none. With a bias they are the MACs again: it is added to every output that sees the image, and is itself the output elsewhere.

Hypotheses:
- dense count: the zeros of the padding are multiplied and added like any other number
- bias: one number is added to every output
- direct computation: every product of a weight and a pixel is formed by a multiplication of its own; Winograd's and FFT algorithms do not
- gathered outputs: a convolution, not a transposed one, whose cropped outputs cost operations too

Use: Tell what a quoted number of FLOPs counts: MACs, twice the MACs, or the operations carried out.

Source: Lavin, Gray (2016), Fast Algorithms for Convolutional Neural Networks, arXiv 1509.09308 (fewer multiplications by Winograd's algorithms)
"""

from derive import oracle
from derive.catalogue import FAMILIES
from derive.families import depthwise, grouped, pointwise, standard
from derive.notation.letters import i as channel
from derive.proof.language import *

Counted = Callable[[StageCount], Expr]

number = "T8"
topic = "counting"
families = tuple(FAMILIES)

Q = Quantity("outputs", "Q")
D = Quantity("terms", "D", integer=True, positive=True)
groups, branches = size("g"), size("b")
macs = Quantity("MACs", r"\mathrm{MACs}")
operations = Quantity("operations", r"\mathrm{operations}")

some_terms = Claim(D, "≥", 1)
terms = Claim(k_h * k_w * C_in / groups)
dense = Table(
    ("", "multiplications", "additions", "operations"),
    ("without bias", Q * D, Q * (D - 1), 2 * Q * D - Q),
    ("with bias", Q * D, Q * D, 2 * Q * D),
)
twice = Claim(operations, "=", 2 * macs)
one_term = Claim(D, "=", 1)
joins = Claim(branches - 1)
iff_with_bias = iff()


def proof() -> Iterator[Part | Sentence]:
    without, with_bias = row("without bias"), row("with bias")

    yield Part("Dense count")
    yield step(
        "A stage forms one product for every number it writes and every value of the letters that end there, those of its factor that no later factor and no output holds: \\(QD\\) multiplications.",
        in_every_stage(
            ("multiplications", without["multiplications"]),
            ("multiplications", with_bias["multiplications"]),
        ),
        Domain(some_terms),
        establishes=(dense, some_terms),
    )
    layers = {
        "standard": (standard, {groups: 1}),
        "grouped": (grouped, {groups: G, C_in: G * C_a}),
        "depthwise": (depthwise, {groups: C_in}),
        "pointwise": (pointwise, {k_h: 1, k_w: 1, groups: 1}),
    }
    counts = {name: first_stage(leaf.family) for name, (leaf, _) in layers.items()}
    yield step(
        r"In a convolution these letters are the taps and the input channels of a group, \(D = k_h k_w C_{\mathrm{in}}/g\).",
        {
            name: Equal(one.products / one.outputs, terms.given(layers[name][1]).expr)
            for name, one in counts.items()
        },
        establishes=terms,
    )
    yield step(
        r"The first product begins a sum and every further one is added to it: \(D - 1\) additions for each of the \(Q\) outputs.",
        in_every_stage(("additions", without["additions"])),
        establishes=dense,
    )
    scale = first_stage(Family(IndexedBase("S")[channel], outputs=(channel,)))
    alone = {Q: scale.outputs, D: one_term.expr}
    yield step(
        "One factor per channel and pixel, and no letter ends: a multiplication for every output and no addition.",
        Equal(scale.multiplications, without["multiplications"].xreplace(alone)),
        {"additions": (scale.additions, without["additions"].xreplace(alone))},
        establishes=one_term,
    )

    yield Part("Bias")
    everything = "multiplications + additions + bias_additions"
    yield step(
        r"The bias is one more addition for every output, so that multiplications and additions together are \(QD + Q(D-1) + Q = 2QD\).",
        in_every_stage(
            ("additions + bias_additions", with_bias["additions"]),
            (everything, with_bias["operations"]),
            (everything, lambda one: twice.given({macs: one.products}).expr),
        ),
        establishes=(dense, twice, iff_with_bias["if"]),
    )
    yield step(
        r"Without it they are \(2QD - Q\),",
        in_every_stage(("multiplications + additions", without["operations"])),
        establishes=dense,
    )
    yield step(
        "which falls short of twice the MACs as soon as one pixel is written.",
        {
            f"{name} {stage.stage.factor}": Positive(short_of_twice(stage))
            for name, stages in every_stage()
            for stage, _ in stages
        },
        establishes=(twice, iff_with_bias["only if"]),
    )

    yield Part("Stages and branches")
    yield step(
        r"Over the stages of a family everything adds up; to add its \(b\) branches takes \(b - 1\) additions for every output, and nothing else is added to twice the MACs.",
        {
            name: Equal(count.flops_with_bias.expr, 2 * count.macs.expr + joined(count))
            for name, count in ((name, entry.count) for name, entry in FAMILIES.items())
        },
        establishes=joins,
    )

    yield Part("Without the padding")
    a, b = map(IndexedBase, "ab")
    rows, columns = over(y, H_out), over(x, W_out)
    yield (
        r"If \(a_y\) taps of window row \(y\) and \(b_x\) of window column \(x\) fall on the image, the output at \((y, x)\) sees \(a_y b_x\) pixels. Summed over all outputs that is \(\sum_y a_y\) times \(\sum_x b_x\), each the in-bounds taps of its axis; the same holds for the outputs that see a pixel at all, with brackets \([a_y > 0]\) and \([b_x > 0]\).",
        Equal(Sum(a[y] * b[x], rows, columns), Sum(a[y], rows) * Sum(b[x], columns)),
    )
    yield (
        r"Hence the MACs: every direction along which the stage slides contributes its \(T\) in place of (windows) × (taps), or the windows whose middle tap is on the image if the factor holds no tap.",
        in_every_stage(("products_in_bounds", lambda one: one.products * shrunk(one, "pairs"))),
    )
    yield (
        r"An output with \(t \ge 1\) products takes \(t - 1\) additions and one with none takes none: the MACs less the outputs that see the image, themselves a product over the directions.",
        in_every_stage(
            (
                "additions_in_bounds",
                lambda one: one.products_in_bounds - one.outputs * shrunk(one, "reached"),
            )
        ),
    )
    yield (
        "A bias is one addition more for each of those outputs, and none where it is the only term: the additions are the MACs again.",
        in_every_stage(("additions_in_bounds + reached", lambda one: one.products_in_bounds)),
    )


def sharpness() -> Iterator[Dropped]:
    axis = oracle.Axis(1, 1, before=1, after=1)
    padded = oracle.filtered([1], [5], axis)
    skipped, less = padded.additions_in_bounds, padded.in_bounds - axis.outputs
    yield (
        "dense count",
        "One pixel and one tap with a zero on either side: three outputs, of which one sees the pixel. Skipping the padding leaves one multiplication and nothing to add; MACs less outputs would be negative.",
        Counterexample(
            {"K": [1]}, {"additions, padding skipped": skipped, "MACs less outputs": less}
        ),
    )
    run = oracle.filtered([1, 1], [1, 2, 3], oracle.Axis(3, 2))
    spent = run.multiplications + run.additions
    yield (
        "bias",
        "Two taps over three pixels, without bias: two outputs of two products.",
        Counterexample(
            {"K": [1, 1]}, {"operations": spent, "twice the MACs": 2 * run.multiplications}
        ),
    )
    taps, image = [1, 2, 3], [1, 4, 2, 5]
    run, (products, outputs) = (
        oracle.filtered(taps, image, oracle.Axis(4, 3)),
        winograd(taps, image),
    )
    fewer = len(products) if tuple(outputs) == run.values else "another result"
    yield (
        "direct computation",
        r"Two outputs of a filter of three taps, by Winograd's \(F(2, 3)\): the same numbers from fewer products.",
        Counterexample(
            {"K": taps, "X": image},
            {
                "multiplications of the definition": run.multiplications,
                "of Winograd's algorithm": fewer,
            },
        ),
    )
    run = oracle.scattered([1, 1, 1], [1], oracle.Axis(1, 3, before=1, after=1))
    spent, less = run.multiplications + run.additions, 2 * run.multiplications - len(run.output)
    yield (
        "gathered outputs",
        "A transposed convolution writes one pixel to three places and keeps the middle one.",
        Counterexample(
            {"K": [1, 1, 1]}, {"operations": spent, "twice the MACs, less the outputs": less}
        ),
    )


def row(name: str) -> dict[Any, Any]:
    """A row of the table, each cell by its title."""
    return next(dict(zip(dense.head, cells, strict=True)) for cells in dense if cells[0] == name)


def first_stage(family: Family) -> StageCount:
    """The counts of the first stage of a family."""
    return Count(family).stages[0][1][0]


def every_stage() -> Iterator[tuple[str, list[tuple[StageCount, Expr]]]]:
    """The stages of every family, each with the number D of values of the letters that end there."""
    for name, entry in FAMILIES.items():
        pipelines = zip(entry.family.branches, entry.count.stages, strict=True)
        yield (
            name,
            [
                (stage, family.extent(ending(family, place)))
                for (_, family), (_, stages) in pipelines
                for place, stage in enumerate(stages)
            ],
        )


def ending(family: Family, place: int) -> Letters:
    """Letters of a factor that no later factor and no output holds."""
    later = {x for factor in family.factors[place + 1 :] for x in factor.indices}
    return tuple(x for x in family.factors[place].indices if x not in {*family.outputs, *later})


def in_every_stage(*pairs: tuple[str, Expr | Counted]) -> Every:
    """What is counted in every stage of every family, a count or a sum of several, and an
    expression in its Q and D, or what else is the same: those of one family as entries of a
    matrix."""

    def counted(names: str, stage: StageCount) -> Expr:
        return sum(getattr(stage, name) for name in names.split(" + "))

    def said(right: Expr | Counted, stage: StageCount, terms: Expr) -> Expr:
        known = {Q: stage.outputs, D: terms}
        return right.xreplace(known) if isinstance(right, Expr) else right(stage)

    sides = {
        name: [(counted(left, s), said(right, s, t)) for s, t in stages for left, right in pairs]
        for name, stages in every_stage()
    }
    return Every(
        {name: Equal(*map(Matrix, zip(*both, strict=True))) for name, both in sides.items()}
    )


def short_of_twice(stage: StageCount) -> Expr:
    """What the operations without bias are less than twice the MACs by, where a pixel is written."""
    spent = stage.multiplications + stage.additions
    gap = twice.given({macs: stage.products, operations: spent}).gap
    return nonempty(gap, *gap.free_symbols)


def joined(count: Count) -> Expr:
    """Additions that sum the branches of a family."""
    side_by_side = sum(times for times, _ in count.stages)
    return joins.given({branches: side_by_side}).expr * count.stages[0][1][-1].outputs


def shrunk(stage: StageCount, slid: str) -> Expr:
    """By what the directions of a stage shrink a count: the named symbol over all there are."""
    factor = Integer(1)
    for d in stage.stage.applied:
        holds = d.tap in stage.stage.factor.indices
        everything = d.output * (d.kernel if holds and slid == "pairs" else 1)
        factor *= getattr(d, slid if holds else "centre") / everything
    return factor


def winograd(taps: list[int], image: list[int]) -> tuple[list[Fraction], list[Fraction]]:
    """F(2, 3): the products it forms, and the two outputs added up from them."""
    (a, b, c), (p, q, r, s) = taps, image
    even, odd = Fraction(a + b + c, 2), Fraction(a - b + c, 2)
    products = [Fraction((p - r) * a), (q + r) * even, (r - q) * odd, Fraction((q - s) * c)]
    first, second, third, fourth = products
    return products, [first + second + third, second - third - fourth]
