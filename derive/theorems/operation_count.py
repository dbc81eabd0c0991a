r"""Operation count: a layer with a bias takes exactly two operations for every multiply-accumulate, one without takes one less for every output.

Let a stage write \(Q\) numbers, each of them a sum of \($some_terms\) products; \(D\) is the product of the sizes of the letters that the stage sums, so \($terms\) for a convolution in \(g\) groups. Counted *densely*, with the zeros of the padding multiplied like any pixel, it takes

$dense

With MACs for the \(QD\) products: if anything is written, \($twice\) $iff_with_bias the stage has a bias. A stage that sums nothing, \($one_term\), adds nothing. Stages in a row add up; to sum \(b\) branches takes \($joins\) further additions for every output.

Counted *without the padding*, a direction along which the stage slides contributes its \(T\) pairs of a window and a tap that falls [on the image](in-bounds-taps.md) instead of all its pairs, and each output that sees the image takes one addition less than it has products: the additions are the MACs less the number of outputs that see at least one pixel. An output that sees none takes none. With a bias they are the MACs again: it is added to every output that sees the image, and is itself the output elsewhere.

Hypotheses:
- dense count: the zeros of the padding are multiplied and added like any other number
- bias: one number is added to every output
- direct computation: every product of a weight and a pixel is formed by a multiplication of its own; Winograd's and FFT algorithms do not
- gathered outputs: a convolution, not a transposed one, whose cropped outputs cost operations too

Use: Tell what a quoted number of FLOPs counts: MACs, twice the MACs, or the operations carried out.

Source: Lavin, Gray (2016), Fast Algorithms for Convolutional Neural Networks, arXiv 1509.09308 (fewer multiplications by Winograd's algorithms)
"""

from derive import oracle
from derive.algebra.winograd import four_products, two_outputs
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


def proof() -> Proof:
    without, with_bias = dense.row("without bias"), dense.row("with bias")
    multiplications = without["multiplications"]

    yield Part("Dense count")
    yield "A stage forms one product for every number it writes and every value of the letters that end there, those of its factor that no later factor and no output holds: \\(QD\\) multiplications."
    yield in_every_stage(lambda one: one.multiplications, multiplications)
    yield in_every_stage(lambda one: one.multiplications, with_bias["multiplications"])
    yield Domain(some_terms)
    yield Establishes(dense, some_terms)
    layers = {
        "standard": (standard, {groups: 1}),
        "grouped": (grouped, {groups: G, C_in: G * C_a}),
        "depthwise": (depthwise, {groups: C_in}),
        "pointwise": (pointwise, {k_h: 1, k_w: 1, groups: 1}),
    }
    yield r"In a convolution these letters are the taps and the input channels of a group, \(D = k_h k_w C_{\mathrm{in}}/g\)."
    yield {
        name: Equal(summed_by(leaf.family), terms.given(known).expr)
        for name, (leaf, known) in layers.items()
    }
    yield Establishes(terms)
    yield r"The first product begins a sum and every further one is added to it: \(D - 1\) additions for each of the \(Q\) outputs."
    yield in_every_stage(lambda one: one.additions, without["additions"])
    yield Establishes(dense)
    scale = first_stage(Family(IndexedBase("S")[channel], outputs=(channel,)))
    alone = {Q: scale.outputs, D: one_term.expr}
    yield "One factor per channel and pixel, and no letter ends: a multiplication for every output and no addition."
    yield Equal(scale.multiplications, multiplications.xreplace(alone))
    yield {"additions": (scale.additions, without["additions"].xreplace(alone))}
    yield Establishes(one_term)

    yield Part("Bias")
    yield r"The bias is one more addition for every output, so that multiplications and additions together are \(QD + Q(D-1) + Q = 2QD\)."
    yield in_every_stage(lambda one: one.additions + one.bias_additions, with_bias["additions"])
    yield Equal(multiplications + without["additions"] + Q, with_bias["operations"])
    yield Equation(twice, {macs: multiplications, operations: with_bias["operations"]})
    yield Establishes(dense, twice, iff_with_bias["if"])
    yield r"Without it they are \(2QD - Q\),"
    yield Equal(multiplications + without["additions"], without["operations"])
    yield Establishes(dense)
    twice_as_many = twice.given({macs: multiplications}).expr
    yield "which falls short of twice the MACs as soon as one pixel is written."
    yield Signs(Claim(without["operations"], "<", twice_as_many), Claim(Q, "≥", 1))
    yield Establishes(twice, iff_with_bias["only if"])

    yield Part("Stages and branches")
    yield r"Over the stages of a family everything adds up; to add its \(b\) branches takes \(b - 1\) additions for every output, and nothing else is added to twice the MACs."
    yield {
        name: Equal(entry.count.flops_with_bias.expr, 2 * entry.macs + joined(entry.count))
        for name, entry in FAMILIES.items()
    }
    yield Establishes(joins)

    yield Part("Without the padding")
    a, b = map(IndexedBase, "ab")
    rows, columns = over(y, H_out), over(x, W_out)
    yield r"If \(a_y\) taps of window row \(y\) and \(b_x\) of window column \(x\) fall on the image, the output at \((y, x)\) sees \(a_y b_x\) pixels. Summed over all outputs that is \(\sum_y a_y\) times \(\sum_x b_x\), each the in-bounds taps of its axis; the same holds for the outputs that see a pixel at all, with brackets \([a_y > 0]\) and \([b_x > 0]\)."
    yield Equal(Sum(a[y] * b[x], rows, columns), Sum(a[y], rows) * Sum(b[x], columns))
    yield r"Hence the MACs: every direction along which the stage slides contributes its \(T\) instead of (windows) × (taps), or the windows whose middle tap is on the image if the factor holds no tap."
    yield in_every_stage(
        lambda one: one.products_in_bounds, lambda one: one.products * shrunk(one, "pairs")
    )
    yield r"An output with \(t \ge 1\) products takes \(t - 1\) additions and one with none takes none: the MACs less the outputs that see the image, themselves a product over the directions."
    yield in_every_stage(
        lambda one: one.products_in_bounds - one.additions_in_bounds,
        lambda one: one.outputs * shrunk(one, "reached"),
    )
    yield "A bias is one addition more for each of those outputs, and none where it is the only term: the additions are the MACs again."
    yield in_every_stage(
        lambda one: one.additions_in_bounds + one.reached, lambda one: one.products_in_bounds
    )


def sharpness() -> Proof:
    axis = oracle.Axis(1, 1, before=1, after=1)
    run = oracle.filtered([1], [5], axis)
    skipped, less = run.additions_in_bounds, run.in_bounds - axis.outputs
    yield Without("dense count")
    yield "One pixel and one tap with a zero on either side: three outputs, of which one sees the pixel. Skipping the padding leaves one multiplication and nothing to add; MACs less outputs would be negative."
    yield Counterexample(
        {"K": [1]}, {"additions, padding skipped": skipped, "MACs less outputs": less}
    )
    run = oracle.filtered([1, 1], [1, 2, 3], oracle.Axis(3, 2))
    spent, double = run.operations, 2 * run.multiplications
    yield Without("bias")
    yield "Two taps over three pixels, without bias: two outputs of two products."
    yield Counterexample({"K": [1, 1]}, {"operations": spent, "twice the MACs": double})
    taps, image = [1, 2, 3], [1, 4, 2, 5]
    run = oracle.filtered(taps, image, oracle.Axis(4, 3))
    alike = list(run.values) == two_outputs(image, taps)
    fewer = len(four_products(image, taps)) if alike else "another result"
    direct = {"multiplications of the definition": run.multiplications}
    yield Without("direct computation")
    yield r"Two outputs of a filter of three taps, by Winograd's \(F(2, 3)\): the same numbers from fewer products."
    yield Counterexample({"K": taps, "X": image}, {**direct, "of Winograd's algorithm": fewer})
    run = oracle.scattered([1, 1, 1], [1], oracle.Axis(1, 3, before=1, after=1))
    spent, less = run.operations, 2 * run.multiplications - len(run.output)
    yield Without("gathered outputs")
    yield "A transposed convolution writes one pixel to three places and keeps the middle one."
    yield Counterexample(
        {"K": [1, 1, 1]}, {"operations": spent, "twice the MACs, less the outputs": less}
    )


def first_stage(family: Family) -> StageCount:
    """The counts of the first stage of a family."""
    return Count(family).stages[0][1][0]


def summed_by(family: Family) -> Expr:
    """The products of the first stage for every number it writes."""
    return first_stage(family).products / first_stage(family).outputs


def every_stage() -> Iterator[tuple[str, list[tuple[StageCount, Expr]]]]:
    """The stages of every family, each with the number D of values of the letters that end there."""
    for name, entry in FAMILIES.items():
        pipelines = zip(entry.family.branches, entry.count.stages, strict=True)
        yield (
            name,
            [
                (stage, family.extent(letters))
                for (_, family), (_, stages) in pipelines
                for stage, letters in zip(stages, ending(family), strict=True)
            ],
        )


def ending(family: Family) -> Iterator[set[Symbol]]:
    """For every factor its letters that no later factor and no output holds."""
    held = [set(factor.indices) for factor in family.factors]
    for place, letters in enumerate(held, 1):
        yield letters - set(family.outputs).union(*held[place:])


def in_every_stage(count: Counted, said: Expr | Counted) -> dict[str, Evidence]:
    """A count of every stage of every family, and an expression in its Q and D, or another count:
    those of one family as entries of a matrix."""

    def other(stage: StageCount, terms: Expr) -> Expr:
        known = {Q: stage.outputs, D: terms}
        return said.xreplace(known) if isinstance(said, Expr) else said(stage)

    return {
        name: Equal(Matrix([count(one) for one, _ in stages]), Matrix([other(*x) for x in stages]))
        for name, stages in every_stage()
    }


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
