r"""Bias defect: a bias between two stages is one bias of the whole layer, except where the second stage reads padding.

Run a vertical-first asymmetric pair with a bias \(c_j\) after its first stage, and pad the middle image with zeros. Let \($theta\) be what the bias sends through tap \(v\) of the row filter. Then at **every** output pixel

\[$output, \qquad $defect.\]

The defect \(\Delta\) is the sum over the taps that fall on padding: the first \(q_x\) and the last \(q'_x\), never the same tap twice,

\[$first, \qquad $last,\]

where \(t^+\) is \(t\), or 0 if \(t\) is negative, \(s\), \(d\), \(p^-\) and \(p^+\) are the stride, dilation and paddings along the width and \(r\) is the slack, the columns at the end that no window reaches. It depends neither on the image nor on the row; the padding of the first stage plays no part. It can be other than zero in \($columns\) columns.

**When it vanishes.** The bias folds, with no defect anywhere, $iff_vanishes those sums of \(\theta\) are zero for every \(o\) and every column \(x\). If no padding is reached (\($none_before\) and \($none_after\)) they are empty; otherwise, wherever there is an output column, almost every bias and row filter give a defect. With stride and dilation 1, the same positive padding \(p\) on both sides and \($wide\), it vanishes $iff_border_taps \(\theta_{o\,v}\) is zero for the first and for the last \($many\) taps.

**Other paddings.** If the middle image is extended linearly, each place reading the sum of the pixels weighted by a row of a matrix \(E\), every bias folds behind every row filter $iff_rows_sum_to_one each row of \(E\) that is read sums to 1: so for circular, reflect, replicate and symmetric padding. **Repair**: padded with \(c_j\) instead of zeros, channel by channel, the middle image makes the bias fold exactly.

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
from derive.algebra.interlayer import inside, one_per_channel, summed_by_the_last
from derive.families import asymmetric, blueprint_separable, depthwise_separable
from derive.proof.language import *

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
first = Claim(q_first, "=", minimum(k_w, positive_part(ceiling((before - s * x) / d))))
last = Claim(
    q_last, "=", minimum(k_w, positive_part(ceiling((after - r - s * (W_out - 1 - x)) / d)))
)
columns = Claim(minimum(W_out, ceiling(before / s) + positive_part(ceiling((after - r) / s))))
none_before = Claim(before, "=", 0)
none_after = Claim(after, "≤", r)
wide = Claim(W_out, "≥", 2 * p)
many = Claim(minimum(p, k_w))
iff_vanishes = iff("exactly when")
iff_border_taps = iff("exactly if")
iff_rows_sum_to_one = iff("exactly when")


def proof() -> Proof:
    pair = asymmetric.family
    bias, sides, (front, back) = one_per_channel("c", pair), two_sides(pair), stages(pair)
    column, width = read_places(back)[-1]
    here = {WIDTH.stride: s, WIDTH.dilation: d, WIDTH.before: before, WIDTH.after: after}
    place = column.xreplace(here)

    yield Part("The defect")
    biased = altered(pair, lambda z: z + bias)
    missing = Sum(theta.expr * (1 - Within(column, W)), over(v))
    split = {convolution: sides.single, Delta[o, x]: missing, Theta[o, v]: theta.expr}
    yield r"Put the first stage with its bias into the second, with a bracket \([0 \le s x + d v - p^- < W]\) where the middle image ends. The sum splits: the convolution with \(K\), the constant \(\sum_v \theta_{o\,v}\), less \(\theta_{o\,v}\) for every tap whose bracket is 0. Neither \(X\) nor \(y\) stands in that last sum."
    yield Equal(biased, output.expr.xreplace(split), sides.free, sides.supports)
    yield Establishes(output, theta)
    yield "A place lies before the image, on it or after it, and just one of the three: so the taps whose bracket is 0 are those before and those after, and none is counted twice."
    yield Confirmed("bias_defect.three_cases")
    yield Establishes(iff_vanishes)
    yield r"With \(P = p^- - s x\), tap \(v\) falls before the image if \(d v < P\). That holds for the taps below \(\lceil P/d \rceil\), so for the first \(q_x\)."
    yield Confirmed("bias_defect.prefix")
    low, high = s * x - before, after - slack() - s * (W_out - 1 - x)
    yield r"Count windows and taps from the other end. As \(s (W' - 1) = L - r\), with \(L\) how far a window can move and \(r\) its remainder, the pixels that tap \(v\) is short of the last one are \(d (k_w - 1 - v) - P'\), with \(P' = p^+ - r - s (W' - 1 - x)\). So the tap falls after the image if \(d (k_w - 1 - v) < P'\): the same question, answered by the last \(q'_x\) taps."
    yield {
        "before": Equal(place, low + d * v),
        "after": Equal(width - 1 - place, d * (k_w - 1 - v) - high),
    }
    yield r"A window misses no tap if its first tap is not before the image and its last not after it: the windows from \(\lceil p^-/s \rceil\) to \(W' - \max(0, \lceil (p^+ - r)/s \rceil)\), the end excluded. All others, \(\min(W', \lceil p^-/s \rceil + \max(0, \lceil (p^+ - r)/s \rceil))\) of them, have a tap on padding."
    yield Confirmed("bias_defect.untouched_windows")

    yield Part("When it vanishes")
    gap = size("g")
    reached = {W: 1 + place.xreplace({x: W_out - 1, v: k_w - 1}) + gap}
    mirrored = (width - 1 - place).xreplace({x: W_out - 1 - x, v: k_w - 1 - v}).xreplace(reached)
    unpadded = place.xreplace({none_before.terms[0]: none_before.expr})
    yield r"If \(p^- = 0\), every place \(s x + d v\) is at least 0; if \(p^+ \le r\), the mirrored one, \(s x + d v + (r - p^+)\), is too: nothing is missed and \(\Delta\) is empty."
    yield {
        "before": Positive(unpadded + 1, {x: 0, v: 0}),
        "after": Positive(mirrored + 1, {x: 0, v: 0, gap: 0}),
    }
    yield Establishes(none_before)
    final = place.xreplace({x: W_out - 1, v: k_w - 1})
    yield r"If \(p^- > 0\), tap 0 of window 0 reads place \(-p^-\); if \(p^+ > r\), the last tap of the last window reads \(W - 1 + (p^+ - r)\): outside. Its \(\theta\) then stands in \(\Delta\) once, and a row filter that has no other tap, with \(c = 1\), makes a defect. A sum of some \(\theta_{o\,v}\) that is not zero for one choice of \(B\) and \(c\) is a polynomial in them, zero on a set of measure zero only."
    yield {
        "before": Equal(replaced(place, {x: 0, v: 0}), -before),
        "after": Equal(final, W - 1 + after - slack()),
    }
    yield r"Let \(s = d = 1\), \(p^- = p^+ = p \ge 1\) and \(W' \ge 2p\); the slack is 0. For every \(1 \le q \le \min(p, k_w)\) window \(p - q\) misses the first \(q\) taps and no other, and its mirror image the last \(q\). So \(\Delta \equiv 0\) says that all these prefixes and suffixes of \(\theta\) sum to zero; neighbours differ by one \(\theta_{o\,v}\), which is zero too. No window misses further taps, so that is also enough."
    yield Confirmed("bias_defect.every_length")
    yield Establishes(iff_border_taps)

    yield Part("Other paddings")
    Z, E = front.value.xreplace({x: WIDTH.position}), IndexedBase("E")[column, WIDTH.position]
    pixels = over(WIDTH.position, width)

    def extended(middle: Expr) -> Expr:
        return Sum(back.factor * E * middle, *back.limits, pixels)

    yield r"Let the second stage read \(\sum_a E_{b\,a} (Z_a + c_j)\) at place \(b\). That is what it reads without the bias, and \(c_j \sum_a E_{b\,a}\)."
    yield Equal(extended(Z + bias), extended(Z) + extended(bias))
    yield r"Without the bias it is the convolution with \(K\), extended alike."
    yield Uses("pipeline", "Other paddings")
    yield r"With it, it falls short of \(\sum_v \theta_{o\,v}\) by \(\sum_{j,v} B_{o\,j\,v}\, c_j (1 - \sum_a E_{b\,a})\), \(b = s x + d v - p^-\): nothing for all \(B\) and \(c\) exactly if \(\sum_a E_{b\,a} = 1\) wherever it reads, as every \(B_{o\,j\,v}\, c_j\) is a monomial of its own."
    yield Equal(
        summed_by_the_last(pair, bias) - extended(bias),
        summed_by_the_last(pair, bias * (1 - Sum(E, pixels))),
    )
    yield Establishes(iff_rows_sum_to_one["only if"], iff_rows_sum_to_one["if"])
    yield "Circular, replicate, symmetric and reflect padding read one pixel of the image at every place, so their rows sum to 1; a row of zero padding is empty outside the image and sums to 0."
    yield Confirmed("bias_defect.copied_pixels")
    outside = summed_by_the_last(pair, bias * (1 - inside(pair)))
    folded = sides.single + summed_by_the_last(pair, bias)
    yield r"Let the middle image be \(c_j\) outside instead of zero: the pipeline is the convolution with \(K\) and \(\sum_v \theta_{o\,v}\), everywhere."
    yield Equal(biased + outside, folded, sides.free, sides.supports)

    yield Part("Batch normalization")
    gamma, mean, variance, shift, epsilon, z = symbols("gamma mu sigma2 beta epsilon z")
    scale = gamma / sqrt(variance + epsilon)
    yield r"At inference batch normalization is a scale \(a = \gamma/\sqrt{\sigma^2 + \varepsilon}\) and a bias \(\beta - a \mu\) per channel."
    yield Equal(scale * (z - mean) + shift, scale * z + (shift - scale * mean))
    yield r"In a vertical-first pair the scale goes into a filter, here the first, and the bias leaves the constant \(\sum_v \theta_{o\,v}\) less \(\Delta\)."
    yield normalized(pair)
    yield "Between a depthwise and a pointwise stage the scale goes into a filter, here the first, and the bias leaves a constant and no defect, as a pointwise stage reads no padding."
    yield normalized(depthwise_separable.family, padded=False)
    yield r"Between a pointwise and a depthwise stage the scale goes into a filter, here the first, and the bias leaves the constant \(\sum_{u,v} D_{o\,u\,v}\, c_o\) less the taps that fall on padding, above, below, left or right of the image."
    yield normalized(blueprint_separable.family)
    U, V, D = symbols("U V D", commutative=False)
    yield r"The scaled kernel is again a sum over \(m\) middle channels, so \(m\) of them are enough. If \(m\) is the rank of \(K\), some \(m\) rows of \(B\) and some \(m\) columns of \(A\), as the matrices they are in [the rank theorem](asymmetric-rank.md), form invertible \(U\) and \(V\); there the scaled kernel is \(U D V\) with \(D\) the diagonal of the \(a_j\), and multiplied by \(U^{-1}\) and \(V^{-1}\) it is \(D\): its rank is at least the number of \(a_j \ne 0\), and no more middle channels are left."
    yield Equal(U**-1 * (U * D * V) * V**-1, D)
    g = IndexedBase("g")[pair.outputs]
    scaled = sides.nested.xreplace({back.factor: g * back.factor})
    yield r"After the last stage a scale \(g_o\) goes into the last filter: it multiplies the rows of output channel \(o\) in the matrix of the kernel. If no scale is zero, dividing by it undoes that and the rank is kept; if one is, its output channel is deleted and the rank can only fall."
    yield Equal(g * sides.single, scaled, sides.free, sides.supports)


def sharpness() -> Proof:
    still, padded, three = (
        oracle.Axis(1, n, before=p, after=p) for n, p in ((1, 0), (1, 1), (3, 1))
    )
    run, folded = oracle.biased_pair([[[1]]], [[[1]]], [[[0]]], [1], {"u": still, "v": padded})
    yield Without("padding that keeps constants")
    yield r"A blank pixel, \(1 \times 1\) kernels \(A = B = 1\), bias 1, one column of zeros on either side of the middle image: the pipeline gives \((0, 1, 0)\), the folded bias \((1, 1, 1)\)."
    yield Counterexample(
        {"A": [[1]], "B": [[1]], "c": [1]}, {"pipeline": run, "folded bias": folded}
    )
    theta = [1, 0, -1]
    sides = oracle.biased_pair([[[1]]], [[theta]], [[[0]]], [1], {"u": still, "v": three})
    largest = max(abs(int(one - other)) for one, other in zip(*sides, strict=True))
    yield Without("wide output")
    yield r"One output column, three taps, \(p = 1\): only \(\theta_0 + \theta_2 = 0\) is asked, and \(\theta = (1, 0, -1)\) has no defect though its first tap is not zero."
    yield Counterexample({"theta": theta}, {"largest defect": largest, "first tap": theta[0]})
    B, A, scaled = [[1, 1]], [[1], [-1]], [[1, 2]]
    yield Without("no spare channel")
    yield r"Two middle channels that cancel, \(B = (1, 1)\) and \(A = (1, -1)\), make the kernel 0 of rank 0; scaled by \((1, 2)\) they make the kernel \(-1\) of rank 1."
    yield Counterexample(
        {"A": A, "B": B},
        {
            "rank": (Matrix(B) * Matrix(A)).rank(),
            "rank after scaling": (Matrix(scaled) * Matrix(A)).rank(),
        },
    )


def slack() -> Expr:
    """r, by what defines it: L - r is the stride times the windows less one."""
    return Axis(W, k_w, s, d, before, after).room - s * (W_out - 1)


def normalized(family: Family, *, padded: bool = True) -> Evidence:
    """Scale and bias between the stages: folded, less what falls on padding if there is any."""
    a, c, sides = one_per_channel("a", family), one_per_channel("c", family), two_sides(family)
    missed = summed_by_the_last(family, c * (1 - inside(family))) if padded else Integer(0)
    scaled = sides.single.func(a * sides.single.function, *sides.single.limits)
    return Equal(
        altered(family, lambda z: a * z + c),
        scaled + summed_by_the_last(family, c) - missed,
        sides.free,
        sides.supports,
    )
