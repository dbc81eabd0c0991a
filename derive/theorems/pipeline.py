r"""Pipeline: the stages of a family, run one after the other, are the one convolution with the contracted kernel.

Let the factors of a family contract to the kernel \(K\): every letter that is no channel and no tap is summed. Each factor is one layer; it slides windows along the taps it holds, with their stride, dilation and padding, and sums the letters that no later factor and no output needs. Then, **in whatever order the factors are taken**, the layers compute

\[$convolution\]

at every output pixel. The proof is run for each family of the book, and by `derive.prove` for a line of your own: for all sizes, strides and dilations at least 1 and all paddings at least 0, before and after alike or not. The order changes the cost, not the result.

Instead of zeros, any padding will do that reads along each axis the same linear combination of pixels in every channel and row: circular, replicate, reflect and symmetric padding. Padding with a constant \(\zeta\) other than 0 is not of this kind; for a vertical-first asymmetric pair it makes a difference, worked out below under "Constant padding", which vanishes if \($fills\) for all \(j\).

Hypotheses:
- one factor per tap: each tap letter stands in exactly one factor, or in none if the kernel has the middle tap alone; input and output channels stand in at least one
- linear padding: zeros outside the image and outside every intermediate image, or another linear padding per axis
- linear stages: no activation between the stages, and no bias before the last
- commutative numbers: weights and pixels from a commutative semiring, so from any field

Use: Run a layer as its stages, whatever its strides, dilations and zero padding, as long as there is neither a bias nor an activation between them.

Source: Hayashi, Yamaguchi, Sugawara, Maeda (2019), Einconv: Exploring Unexplored Tensor Network Decompositions for Convolutional Neural Networks, arXiv 1908.04471 (the families as contractions)
"""

from itertools import permutations

from derive import oracle
from derive.algebra.normal_form import normal_form
from derive.algebra.pipeline import extended
from derive.catalogue import Entry, FAMILIES
from derive.families import asymmetric
from derive.notation.errors import require
from derive.proof.language import *
from derive.proof.run import Outcome, Session

number = "T1"
topic = "equality"
families = tuple(FAMILIES)

K, A = IndexedBase("K"), IndexedBase("A")
rows = HEIGHT.stride * y + HEIGHT.dilation * u - HEIGHT.before
columns = WIDTH.stride * x + WIDTH.dilation * v - WIDTH.before

convolution = Claim(
    Sum(K[o, i, u, v] * X[i, rows, columns], (i, 0, C_in - 1), (u, 0, k_h - 1), (v, 0, k_w - 1))
)
fills = Claim(Sum(A[j, i, u], (i, 0, C_in - 1), (u, 0, k_h - 1)), "=", 1)


def proof() -> Proof:
    yield Part("Zero padding")
    for entry in FAMILIES.values():
        yield f"{entry.title}: put into one another, with a bracket wherever an intermediate image ends, the stages are one sum; flattened, it is the convolution with the contracted kernel{branch_by_branch(entry)}."
        yield the_convolution(entry.family, entry.directions)

    pair, sides = asymmetric.family, two_sides(asymmetric.family)
    bonds = ((bond, 0, pair.sizes[bond] - 1) for bond in pair.summed)
    contracted = {K[o, i, u, v]: Sum(Mul(*pair.factors), *bonds)}
    yield "For the asymmetric pair that is the sum above, with its kernel written out."
    yield Equal(sides.nested, convolution.expr.xreplace(contracted), sides.free, sides.supports)
    yield Establishes(convolution)

    yield Part("Every order")
    yield "Taken in any other order the factors of every family give the same flattened sum."
    yield every_family(in_every_order)

    yield Part("Other paddings")
    yield r"Let stage after stage read \(\sum_a E_{b\,a} Z_a\) instead of \(Z_b\) along its own axes, with a matrix \(E\) per axis: nothing else changes, and the flattened sums are equal again."
    yield every_family(padded_alike)

    yield Part("Constant padding")
    nested, single, defect = constant_padding()
    yield r"Pad both images of a vertical-first pair with \(\zeta\), so that \(X = \zeta + X'\) with \(X'\) zero outside: one convolution exceeds the pipeline by \(\zeta \sum_{j,v} B_{o\,j\,v} \bigl(\sum_{i,u} A_{j\,i\,u} - 1\bigr)\) over the taps outside the middle image, so by nothing if every bracket is 0."
    yield Equal(single, nested + defect, {}, {X: (None, HEIGHT.input, WIDTH.input)})
    yield Establishes(fills)

    yield Part("Semirings")
    yield "No step subtracts: the flattened sum, which the stages share, is a polynomial in the weights and pixels whose coefficients are natural numbers, and such polynomials that are equal are equal in every commutative semiring."
    yield Equal(
        {
            name: (coefficients(entry.family, entry.directions), "natural numbers")
            for name, entry in FAMILIES.items()
        }
    )


def sharpness() -> Proof:
    ones, image = oracle.ones(2), oracle.tensor([0, 1, 0])
    once = oracle.filtered(ones, image, oracle.Axis(3, 2))
    first = oracle.filtered(ones, image, oracle.Axis(3, 2, before=1))
    twice = oracle.filtered(ones, first.output, oracle.Axis(3, 2, after=1))
    yield Without("one factor per tap")
    yield r"With \(K_u = a_u b_u\), both factors all ones, an impulse comes out as \((1, 1)\), padded or not; two stages that both hold \(u\) spread it to \((1, 2, 1)\)."
    yield Counterexample(
        {"a": [1, 1], "b": [1, 1]},
        {"one convolution": list(once.values), "two stages": list(twice.values)},
    )
    same = oracle.Axis(3, 3, before=1, after=1)
    yield r"A kernel that is constant in \(u\) is a box filter, not a stage left out: with three taps it spreads an impulse over all three pixels, while a pipeline with no factor that holds \(u\) leaves the impulse where it is."
    yield Counterexample(
        {"K": [1, 1, 1]},
        {
            "one convolution": list(oracle.filtered(oracle.ones(3), image, same).values),
            "no stage along the axis": list(
                oracle.pipeline([("", {(): 1})], image, "", "", {}, {"u": same}).values
            ),
        },
    )
    blank = framed({(0,): 0})
    middle = framed(oracle.filtered([2], [0], oracle.Axis(1, 1)).output)
    yield Without("linear padding")
    yield r"A blank pixel with a column of ones on either side, \(1 \times 1\) kernels \(A = 2\), \(B = 1\): at once the new columns are 2; in two stages, the middle image framed with ones too, they are 1."
    yield Counterexample(
        {"A": [[2]], "B": [[1]]},
        {
            "one convolution": list(oracle.filtered([2 * 1], blank, oracle.Axis(3, 1)).values),
            "two stages": list(oracle.filtered([1], middle, oracle.Axis(3, 1)).values),
        },
    )


def framed(image: oracle.Tensor) -> oracle.Tensor:
    """One pixel with a one on either side."""
    return oracle.extended(image, oracle.Axis(1, 1, before=1, after=1), outside=1)


def prove(entry: Entry) -> tuple[Outcome, ...]:
    """The pipeline theorem of a reader's own family, step by step as it ran; InputError for
    anything but an entry of derive.families or of derive.Family.

    >>> from derive.catalogue import own
    >>> from derive.notation.letters import i, o, u, v
    >>> from sympy import IndexedBase
    >>> [str(step.status.slug) for step in prove(own(IndexedBase("W")[o, i, u, v]))]
    ['proved', 'proved', 'proved']
    """
    require(
        entry,
        Entry,
        "prove takes a family such as derive.families['asymmetric'] or derive.Family(...)",
    )
    line, directions = entry.family, entry.directions
    steps: list[Sentence] = [
        ("The stages flatten to the convolution.", the_convolution(line, directions)),
        ("So they do in every order of the factors.", in_every_order(line, directions)),
        ("So they do with any linear padding per axis.", padded_alike(line, directions)),
    ]
    return tuple(Session().outcomes(iter(steps)))


def the_convolution(line: Line, directions: tuple[Direction, ...] = PLANE) -> Evidence:
    """Evidence that every branch of a line, a reader's own among them, is its convolution."""
    parts = {}
    for count, family in line.branches:
        sides = two_sides(family, directions)
        parts[f"{count} × {family}"] = Equal(sides.nested, sides.single, sides.free, sides.supports)
    return Every(parts) if len(parts) > 1 else next(iter(parts.values()))


def every_family(proved: Callable[[Line, tuple[Direction, ...]], Evidence]) -> Every:
    """What is proved of a line, for each family of the book."""
    return Every(
        lambda: {name: proved(one.family, one.directions) for name, one in FAMILIES.items()}
    )


def branch_by_branch(entry: Entry) -> str:
    """A sum of pipelines is proved one by one, since convolutions add like their kernels."""
    return ", branch by branch" if len(entry.family.branches) > 1 else ""


def in_every_order(line: Line, directions: tuple[Direction, ...]) -> Evidence:
    """A line in all orders of its factors, against the kernel of the order written."""
    parts = {}
    for _, family in line.branches:
        written = two_sides(family, directions)
        sums = {"one convolution": written.single}
        for factors in permutations(family.factors):
            other = reordered(family, factors)
            sums[str(other)] = compose(stages(other, directions), brackets=True)
        parts[str(family)] = Equal(sums, free=written.free, supports=written.supports)
    return Every(parts)


def reordered(family: Family, factors: tuple[Indexed, ...]) -> Family:
    """A family with its factors in another order."""
    return Family(
        *factors, inputs=family.inputs, outputs=family.outputs, axes=family.axes, sizes=family.sizes
    )


def padded_alike(line: Line, directions: tuple[Direction, ...]) -> Evidence:
    """A line with an arbitrary linear extension of its images along every axis."""
    parts = {}
    for _, family in line.branches:
        nested, single = extended(family, directions)
        parts[str(family)] = Equal(nested, single)
    return Every(parts)


def constant_padding() -> tuple[Expr, Expr, Expr]:
    """The pipeline, the one convolution and their difference for images framed with zeta."""
    zeta, (first, second) = Symbol("zeta"), stages(asymmetric.family)
    inside = Within(second.source.indices[-1], WIDTH.input)
    middle = first.value.xreplace({first.source: zeta + first.source}).xreplace(
        dict(zip(first.target.indices, second.source.indices, strict=True))
    )
    nested = second.value.xreplace({second.source: zeta + inside * (middle - zeta)})
    whole = direct(asymmetric.family)
    (image,) = (x for x in whole.atoms(Indexed) if x.base == X)
    excess = -fills.gap
    defect = zeta * Sum(second.factor * (1 - inside) * excess, *second.limits)
    return nested, whole.xreplace({image: zeta + image}), defect


def coefficients(line: Line, directions: tuple[Direction, ...]) -> str:
    """What kind of numbers stand before the monomials of the flattened sums of a line."""
    found: set[Expr] = set()
    for _, family in line.branches:
        sides = two_sides(family, directions)
        found |= set(normal_form(sides.single, sides.free, sides.supports).values())
    natural = all(x.is_integer and x.is_positive for x in found)
    return "natural numbers" if found and natural else str(found)
