r"""Bias defect: a bias between two stages is one bias of the whole layer, except where the second stage reads padding.

Run a vertical-first asymmetric pair with a bias \(c_j\) after its first stage, and pad the middle image with zeros. Let \($theta\) be what the bias sends through tap \(v\) of the row filter. Then at **every** output pixel

\[$output, \qquad $defect.\]

The defect \(\Delta\) is the sum over the taps that fall on padding: the first \(q_x\) and the last \(q'_x\), never the same tap twice,

\[$first, \qquad $last,\]

where \(t^+\) is \(t\), or 0 if \(t\) is negative, \(s\), \(d\), \(p^-\) and \(p^+\) are the stride, dilation and paddings along the width and \(r\) is the slack, the columns at the end that no window reaches. It depends neither on the image nor on the row; the padding of the first stage plays no part. It can be other than zero in \($columns\) columns.

**When it vanishes.** The bias folds, with no defect anywhere, exactly when those sums of \(\theta\) are zero for every \(o\) and every column \(x\). If no padding is reached (\($none_before\) and \($none_after\)) they are empty; otherwise, wherever there is an output column, almost every bias and row filter give a defect. With stride and dilation 1, the same positive padding \(p\) on both sides and \($wide\), it vanishes exactly if \(\theta_{o\,v}\) is zero for the first and for the last \($many\) taps.

**Other paddings.** If the middle image is extended linearly, each place reading the sum of the pixels weighted by a row of a matrix \(E\), every bias folds behind every row filter exactly when each row of \(E\) that is read sums to 1: so for circular, reflect, replicate and symmetric padding. **Repair**: padded with \(c_j\) in place of zeros, channel by channel, the middle image makes the bias fold exactly.

**Batch normalization** at inference is a scale \(a_j\), which goes into either filter, and a bias. Behind a depthwise and before a pointwise convolution it never leaves a defect; behind a pointwise and before a padded depthwise one (blueprint separable, or the expansion of MobileNetV2 without its activation) it does. After scaling, \(m\) middle channels are still enough; if \(m\) was the rank of \(K\), the new rank is the number of scales that are not zero. A batch normalization after the last stage keeps the rank unless it has a scale of zero.

Hypotheses:
- zero padding: the middle image counts as zero outside, any number of columns before and after
- linear stages: no activation between them; the bias is one number per middle channel
- wide output: at least \(2p\) output columns; for the tap by tap criterion only
- padding that keeps constants: rows of \(E\) that sum to 1; for folding behind other paddings only
- no spare channel: \(m\) is the rank of the kernel; for the rank after scaling only

Use: To fold a batch normalization between two stages exactly, pad the middle image with its bias, or leave the second stage unpadded.

Source: Diverse Branch Block: Building a Convolution as an Inception-like Unit, CVPR 2021, arXiv 2103.13425 (the repair, in its code: class BNAndPadLayer of github.com/DingXiaoH/DiverseBranchBlock)
"""

from derive import oracle
from derive.algebra.between import inside, one_per_channel, summed_by_the_last
from derive.algebra.matrix import product as matrix_product
from derive.families import asymmetric, blueprint_separable, depthwise_separable
from derive.notation.axis import Axis
from derive.proof.language import *

Missed = tuple[tuple[int, ...], ...]  # for every window the taps that fall on padding

number = "T11"
topic = "borders"

s, d, before, after = ALONE.stride, ALONE.dilation, ALONE.before, ALONE.after
p, r = padding("p"), padding("r")
q_first, q_last = Quantity("q_x", "q_x"), Quantity("q_x_last", "q'_x")
Theta, Delta, B, c = map(IndexedBase, ("theta", "Delta", "B", "c"))
pipeline = Quantity("pipeline", r"\text{pipeline}", integer=True)
convolution = Quantity("convolution", r"\text{convolution with } K", integer=True)

theta = Claim(Theta[o, v], "=", Sum(B[o, j, v] * c[j], (j, 0, m - 1)))
output = Claim(pipeline, "=", convolution + Sum(Theta[o, v], (v, 0, k_w - 1)) - Delta[o, x])
defect = Claim(
    Delta[o, x],
    "=",
    Sum(Theta[o, v], (v, 0, q_first - 1)) + Sum(Theta[o, v], (v, k_w - q_last, k_w - 1)),
)
first = Claim(q_first, "=", Min(k_w, Max(0, ceiling((before - s * x) / d))))
last = Claim(q_last, "=", Min(k_w, Max(0, ceiling((after - r - s * (W_out - 1 - x)) / d))))
columns = Claim(Min(W_out, ceiling(before / s) + Max(0, ceiling((after - r) / s))))
none_before = Claim(before, "=", 0)
none_after = Claim(after, "≤", r)
wide = Claim(W_out, "≥", 2 * p)
many = Claim(Min(p, k_w))


def proof() -> Iterator[Part | Sentence]:
    pair = asymmetric.family
    bias = one_per_channel("c", pair)
    sides = two_sides(pair)
    column, width = read_places(stages(pair)[-1])[-1]
    place = column.xreplace(
        {WIDTH.stride: s, WIDTH.dilation: d, WIDTH.before: before, WIDTH.after: after}
    )

    yield Part("The defect")
    through = theta.expr
    missing = Sum(through * (1 - Within(column, W)), (v, 0, k_w - 1))
    yield step(
        r"Put the first stage with its bias into the second, with a bracket \([0 \le s x + d v - p^- < W]\) where the middle image ends. The sum splits: the convolution with \(K\), the constant \(\sum_v \theta_{o\,v}\), less \(\theta_{o\,v}\) for every tap whose bracket is 0. Neither \(X\) nor \(y\) stands in that last sum.",
        Equal(
            altered(pair, lambda z: z + bias),
            output.expr.xreplace(
                {convolution: sides.single, Delta[o, x]: missing, Theta[o, v]: through}
            ),
            sides.free,
            sides.supports,
        ),
        establishes=(output, theta),
    )
    yield (
        "A place lies before the image, on it or after it, and just one of the three: so the taps whose bracket is 0 are those before and those after, and none is counted twice.",
        Confirmed("bias_defect.three_cases"),
    )
    yield (
        r"With \(P = p^- - s x\), tap \(v\) falls before the image if \(d v < P\). That holds for the taps below \(\lceil P/d \rceil\), so for the first \(q_x\).",
        Confirmed("bias_defect.prefix"),
    )
    low, high = s * x - before, after - slack() - s * (W_out - 1 - x)
    yield step(
        r"Count windows and taps from the other end. As \(s (W' - 1) = L - r\), with \(L\) how far a window can move and \(r\) its remainder, the pixels that tap \(v\) is short of the last one are \(d (k_w - 1 - v) - P'\), with \(P' = p^+ - r - s (W' - 1 - x)\). So the tap falls after the image if \(d (k_w - 1 - v) < P'\): the same question, answered by the last \(q'_x\) taps.",
        {
            "before": Equal(place, low + d * v),
            "after": Equal(width - 1 - place, d * (k_w - 1 - v) - high),
        },
    )
    yield (
        r"A window misses no tap if its first tap is not before the image and its last not after it: the windows from \(\lceil p^-/s \rceil\) to \(W' - \max(0, \lceil (p^+ - r)/s \rceil)\), the end excluded. All others, \(\min(W', \lceil p^-/s \rceil + \max(0, \lceil (p^+ - r)/s \rceil))\) of them, have a tap on padding.",
        Confirmed("bias_defect.untouched_windows"),
    )

    yield Part("When it vanishes")
    gap = size("g")
    reached = {W: 1 + place.xreplace({x: W_out - 1, v: k_w - 1}) + gap}
    mirrored = (width - 1 - place).xreplace({x: W_out - 1 - x, v: k_w - 1 - v}).xreplace(reached)
    yield step(
        r"If \(p^- = 0\), every place \(s x + d v\) is at least 0; if \(p^+ \le r\), the mirrored one, \(s x + d v + (r - p^+)\), is too: nothing is missed and \(\Delta\) is empty.",
        {
            "before": Positive(
                place.xreplace({none_before.terms[0]: none_before.expr}) + 1, {x: 0, v: 0}
            ),
            "after": Positive(mirrored + 1, {x: 0, v: 0, gap: 0}),
        },
        establishes=none_before,
    )
    yield step(
        r"If \(p^- > 0\), tap 0 of window 0 reads place \(-p^-\); if \(p^+ > r\), the last tap of the last window reads \(W - 1 + (p^+ - r)\): outside. Its \(\theta\) then stands in \(\Delta\) once, and a row filter that has no other tap, with \(c = 1\), makes a defect. A sum of some \(\theta_{o\,v}\) that is not zero for one choice of \(B\) and \(c\) is a polynomial in them, zero on a set of measure zero only.",
        {
            "before": Equal(place.xreplace({x: Integer(0), v: Integer(0)}), -before),
            "after": Equal(place.xreplace({x: W_out - 1, v: k_w - 1}), W - 1 + after - slack()),
        },
    )
    yield (
        r"Let \(s = d = 1\), \(p^- = p^+ = p \ge 1\) and \(W' \ge 2p\); the slack is 0. For every \(1 \le q \le \min(p, k_w)\) window \(p - q\) misses the first \(q\) taps and no other, and its mirror image the last \(q\). So \(\Delta \equiv 0\) says that all these prefixes and suffixes of \(\theta\) sum to zero; neighbours differ by one \(\theta_{o\,v}\), which is zero too. No window misses further taps, so that is also enough.",
        Confirmed("bias_defect.every_length"),
    )

    yield Part("Other paddings")
    Z = stages(pair)[0].value.xreplace({x: WIDTH.position})
    yield (
        r"Let the second stage read \(\sum_a E_{b\,a} (Z_a + c_j)\) at place \(b\). That is what it reads without the bias, and \(c_j \sum_a E_{b\,a}\).",
        Equal(through_matrix(Z + bias), through_matrix(Z) + through_matrix(bias)),
    )
    yield (
        r"Without the bias it is the convolution with \(K\), extended alike.",
        Uses("pipeline", "Other paddings"),
    )
    yield (
        r"With it, it falls short of \(\sum_v \theta_{o\,v}\) by \(\sum_{j,v} B_{o\,j\,v}\, c_j (1 - \sum_a E_{b\,a})\), \(b = s x + d v - p^-\): nothing for all \(B\) and \(c\) exactly if \(\sum_a E_{b\,a} = 1\) wherever it reads, as every \(B_{o\,j\,v}\, c_j\) is a monomial of its own.",
        Equal(
            summed_by_the_last(pair, bias) - through_matrix(bias),
            summed_by_the_last(pair, bias * (1 - row_sum(column))),
        ),
    )
    yield (
        "Circular, replicate, symmetric and reflect padding read one pixel of the image at every place, so their rows sum to 1; a row of zero padding is empty outside the image and sums to 0.",
        Confirmed("bias_defect.copied_pixels"),
    )
    yield (
        r"Let the middle image be \(c_j\) outside instead of zero: the pipeline is the convolution with \(K\) and \(\sum_v \theta_{o\,v}\), everywhere.",
        Equal(
            altered(pair, lambda z: z + bias) + summed_by_the_last(pair, bias * (1 - inside(pair))),
            sides.single + summed_by_the_last(pair, bias),
            sides.free,
            sides.supports,
        ),
    )

    yield Part("Batch normalization")
    gamma, mean, variance, shift, epsilon, z = map(
        Symbol, ["gamma", "mu", "sigma2", "beta", "epsilon", "z"]
    )
    scale = gamma / sqrt(variance + epsilon)
    yield (
        r"At inference batch normalization is a scale \(a = \gamma/\sqrt{\sigma^2 + \varepsilon}\) and a bias \(\beta - a \mu\) per channel.",
        Equal(scale * (z - mean) + shift, scale * z + (shift - scale * mean)),
    )
    for family, words, left in (
        (
            pair,
            "In a vertical-first pair",
            r"the constant \(\sum_v \theta_{o\,v}\) less \(\Delta\)",
        ),
        (
            depthwise_separable.family,
            "Between a depthwise and a pointwise stage",
            "a constant and no defect, as a pointwise stage reads no padding",
        ),
        (
            blueprint_separable.family,
            "Between a pointwise and a depthwise stage",
            r"the constant \(\sum_{u,v} D_{o\,u\,v}\, c_o\) less the taps that fall on padding, above, below or beside the image",
        ),
    ):
        yield (
            f"{words} the scale goes into a filter, here the first, and the bias leaves {left}.",
            normalized(family, padded=family is not depthwise_separable.family),
        )
    U, V, D = (Symbol(name, commutative=False) for name in "UVD")
    yield (
        r"The scaled kernel is again a sum over \(m\) middle channels, so \(m\) of them are enough. If \(m\) is the rank of \(K\), some \(m\) rows of \(B\) and some \(m\) columns of \(A\), as the matrices they are in [the rank theorem](asymmetric-rank.md), form invertible \(U\) and \(V\); there the scaled kernel is \(U D V\) with \(D\) the diagonal of the \(a_j\), and multiplied by \(U^{-1}\) and \(V^{-1}\) it is \(D\): its rank is at least the number of \(a_j \ne 0\), and no more middle channels are left.",
        Equal(U**-1 * (U * D * V) * V**-1, D),
    )
    last = stages(pair)[-1]
    g = IndexedBase("g")[pair.outputs]
    yield (
        r"After the last stage a scale \(g_o\) goes into the last filter: it multiplies the rows of output channel \(o\) in the matrix of the kernel. If no scale is zero, dividing by it undoes that and the rank is kept; if one is, its output channel is deleted and the rank can only fall.",
        Equal(
            g * sides.single,
            sides.nested.xreplace({last.factor: g * last.factor}),
            sides.free,
            sides.supports,
        ),
    )


def sharpness() -> Iterator[Dropped]:
    one: oracle.Tensor = {(0, 0, 0): 1}
    run, folded = both(
        one,
        one,
        {(0, 0, 0): 0},
        {(0,): 1},
        {"u": oracle.Axis(1, 1), "v": oracle.Axis(1, 1, before=1, after=1)},
    )
    yield (
        "padding that keeps constants",
        r"A blank pixel, \(1 \times 1\) kernels \(A = B = 1\), bias 1, one column of zeros on either side of the middle image: the pipeline gives \((0, 1, 0)\), the folded bias \((1, 1, 1)\).",
        Counterexample(
            {"A": [[1]], "B": [[1]], "c": [1]}, {"pipeline": run, "folded bias": folded}
        ),
    )
    theta = [1, 0, -1]
    run, folded = both(
        one,
        oracle.tensor([[theta]]),
        {(0, 0, 0): 0},
        {(0,): 1},
        {"u": oracle.Axis(1, 1), "v": oracle.Axis(1, 3, before=1, after=1)},
    )
    yield (
        "wide output",
        r"One output column, three taps, \(p = 1\): only \(\theta_0 + \theta_2 = 0\) is asked, and \(\theta = (1, 0, -1)\) has no defect though its first tap is not zero.",
        Counterexample(
            {"theta": theta},
            {
                "largest defect": max(abs(int(x)) for x in differences(run, folded)),
                "first tap": theta[0],
            },
        ),
    )
    B, A = [[1, 1]], [[1], [-1]]
    yield (
        "no spare channel",
        r"Two middle channels that cancel, \(B = (1, 1)\) and \(A = (1, -1)\), make the kernel 0 of rank 0; scaled by \((1, 2)\) they make the kernel \(-1\) of rank 1.",
        Counterexample(
            {"A": A, "B": B},
            {"rank": rank(matrix_product(B, A)), "rank after scaling": rank(scaled(B, A, (1, 2)))},
        ),
    )


def slack() -> Expr:
    """r, by what defines it: L - r is the stride times the windows less one."""
    return Axis(W, k_w, s, d, before, after).room - s * (W_out - 1)


def through_matrix(middle: Expr) -> Expr:
    """The second stage of a vertical-first pair behind a matrix E, reading the given pixels a."""
    last = stages(asymmetric.family)[-1]
    column, width = read_places(last)[-1]
    pixels = (WIDTH.position, Integer(0), width - 1)
    return Sum(last.factor * entry(column) * middle, *last.limits, pixels)


def entry(place: Expr) -> Expr:
    """How much of pixel a is read at a place."""
    return IndexedBase("E")[place, WIDTH.position]


def row_sum(place: Expr) -> Expr:
    """The sum of the row of E that is read at a place."""
    return Sum(entry(place), (WIDTH.position, Integer(0), W - 1))


def normalized(family: Family, *, padded: bool) -> Evidence:
    """Scale and bias between the stages: folded, less what falls on padding if there is any."""
    a, c = one_per_channel("a", family), one_per_channel("c", family)
    sides = two_sides(family)
    missed = summed_by_the_last(family, c * (1 - inside(family))) if padded else Integer(0)
    return Equal(
        altered(family, lambda z: a * z + c),
        sides.single.func(a * sides.single.function, *sides.single.limits)
        + summed_by_the_last(family, c)
        - missed,
        sides.free,
        sides.supports,
    )


def missed(axis: oracle.Axis) -> Missed:
    """The taps of every window that do not fall on the image, by looking at each."""
    return tuple(
        tuple(tap for tap in range(axis.kernel) if not axis.on_image(window, tap))
        for window in range(axis.outputs)
    )


@cache
def biased(seed: int) -> tuple[Mapping[Any, Any], ...]:
    """A random pair with a bias in the middle: for every output, what the formulas ask."""
    random = Random(seed)
    axes = {tap: random_axis(random) for tap in "uv"}
    sizes = {letter: random.randint(1, 2) for letter in "oij"}
    first_, last_, image, constant = (
        oracle.drawn(random, *extents, largest=4)
        for extents in (
            (sizes["j"], sizes["i"], axes["u"].kernel),
            (sizes["o"], sizes["j"], axes["v"].kernel),
            (sizes["i"], axes["u"].size, axes["v"].size),
            (sizes["j"],),
        )
    )
    run, folded = both(first_, last_, image, constant, axes)
    through = oracle.contract(
        [("ojv", last_), ("j", constant)], "", "o", "v", sizes | {"v": axes["v"].kernel}
    )
    known: dict[Any, Any] = {
        **{m: sizes["j"], k_w: axes["v"].kernel, v: 0},
        **{Theta[at]: number for at, number in through.items()},
        **{B[at]: number for at, number in last_.items()},
        **{c[at]: number for at, number in constant.items()},
    }
    places = product(range(sizes["o"]), range(axes["u"].outputs), range(axes["v"].outputs))
    return tuple(
        {
            **known,
            **{pipeline: one, o: row, x: window},
            convolution: other - sum(int(n) for (at, _), n in through.items() if at == row),
            Delta[o, x]: sum(int(through[row, tap]) for tap in missed(axes["v"])[window]),
        }
        for (row, _, window), one, other in zip(places, run, folded, strict=True)
    )


def random_axis(random: Random) -> oracle.Axis:
    """A small axis with unequal paddings."""
    low, high = (2, 1, 1, 1, 0, 0), (4, 3, 2, 2, 2, 2)
    return oracle.Axis(*map(random.randint, low, high))


def both(
    A: oracle.Tensor, B: oracle.Tensor, X: oracle.Tensor, c: oracle.Tensor, axes: oracle.Axes
) -> tuple[tuple[oracle.Number, ...], tuple[oracle.Number, ...]]:
    """The pipeline with a bias in the middle, and the convolution with the bias folded."""
    sizes = {x: 1 + max(at[n] for at in A) for n, x in enumerate("ji")} | {
        "o": 1 + max(o for o, _, _ in B)
    }
    sizes |= {tap: axis.kernel for tap, axis in axes.items()}
    factors = [("jiu", A), ("ojv", B)]
    run = oracle.pipeline(factors, X, "i", "o", sizes, axes, [c, None])
    kernel = oracle.contract(factors, "i", "o", "uv", sizes)
    constant: oracle.Tensor = {
        (o,): sum(weight * c[(j,)] for (row, j, _), weight in B.items() if row == o)
        for o in range(sizes["o"])
    }
    folded = oracle.convolve(kernel, X, "i", "o", "uv", sizes, axes, constant)
    return run.values, folded.values


def differences(
    one: Sequence[oracle.Number], other: Sequence[oracle.Number]
) -> tuple[oracle.Number, ...]:
    """Entry by entry."""
    return tuple(x - y for x, y in zip(one, other, strict=True))


def scaled(B: Rows, A: Rows, scale: Sequence[int]) -> list[list[Number]]:
    """The product of two factors with a diagonal matrix between them."""
    return matrix_product([[x * a for x, a in zip(row, scale, strict=True)] for row in B], A)
