r"""Break-even: an asymmetric pair saves below a number of middle channels, a depthwise separable layer whenever it has at least two taps a side and two outputs.

**Asymmetric against standard.** A vertical-first pair with \(m\) middle channels has fewer parameters than the standard convolution $iff_fewer_parameters

\[$fewer_parameters, \qquad \text{for square kernels}\quad $fewer_square,\]

and fewer MACs, padding counted, $iff_fewer_macs

\[$fewer_macs.\]

These are the same threshold $iff_same_threshold \($equal_width\); the height plays no part. Horizontal first, exchange \(k_h\) with \(k_w\) and the widths with the heights. With \($equal_channels\) and an output as wide as the input the pair costs \($share\) of the standard layer: twice as much for one tap a side, the same for two, a third less for three. It saves $iff_square_saves \($pair_saves\). A stride [eats that saving](stride-saving.md).

**Depthwise separable against standard.** The ratio is \($ratio\) for parameters and for MACs at every stride, dilation and padding. Counting only the \(T_h T_w\) taps that fall on the image, if there are any, it is \($ratio_on_image\), which is larger as soon as one tap falls on the padding. The layer saves $iff_depthwise_saves \($saves\), that is $iff_two_of_each \($two_taps\) and \($two_outputs\). With a rectangular kernel it saves $iff_rectangle_saves \($rectangular\), and the only tie is \($tie\).

**Depthwise separable against asymmetric**, the output as wide as the input: the depthwise separable layer is cheaper, in parameters and in MACs, $iff_depthwise_cheaper \($cheaper\). For \($no_wider\) that is \($cheaper_then\), which holds whenever \($two_taps\) and \($inputs\). With fewer inputs they may tie, as one input, three taps a side and three outputs do.

**The worked example**: a \(128 \times 128\) image, 3 channels to 8, a \(3 \times 3\) kernel, padding 1.

$example

The pair breaks even at \($edge\): with 6 middle channels it has 198 parameters, with 7 it has 231.

Hypotheses:
- one output pixel: at least one pixel is written, \($one_pixel\)
- one tap on the image: \($one_tap\), for the ratio without the padding; an output can be written though no tap of it meets the image
- equal width: \($equal_width\), for parameters and MACs to have one threshold, and for MACs in the ratio \($share\) and against the depthwise separable layer
- equal channels: \($equal_channels\), for the ratio \($share\)
- two taps a side: \($two_taps\), for a depthwise separable layer to save
- two outputs: \($two_outputs\), for the same
- as many inputs as taps a side: \($inputs\), for it to beat the asymmetric pair with \($no_wider\) whatever the number of outputs
- no bias: weights are counted, and MACs

Use: Reject an asymmetric pair whose middle is wider than the break-even; "a third cheaper" needs equal channels throughout and stride 1.

Source: Howard et al. (2017), MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications, arXiv 1704.04861 (the ratio of depthwise separable to standard); Szegedy et al. (2016), Rethinking the Inception Architecture for Computer Vision, arXiv 1512.00567 (a third less for equal numbers of filters)
"""

from derive import oracle
from derive.algebra.costs import counted_once, in_numbers, macs, parameters, with_padding
from derive.families import asymmetric, asymmetric_horizontal_first, depthwise_separable, standard
from derive.notation.layer import Layer
from derive.proof.costs import both, cheaper_when, less
from derive.proof.established import least
from derive.proof.language import *

number = "T10"
topic = "counting"

T_h, T_w = HEIGHT.pairs, WIDTH.pairs
SQUARE = {k_h: n, k_w: n}

fewer_parameters = Claim(m, "<", k_h * k_w * C_in * C_out / (k_h * C_in + k_w * C_out))
fewer_square = Claim(m, "<", n * C_in * C_out / (C_in + C_out))
fewer_macs = Claim(
    m, "<", k_h * k_w * C_in * C_out * W_out / (k_h * C_in * W + k_w * C_out * W_out)
)
equal_width = Claim(W_out, "=", W)
equal_channels = Claim(C_in, "=", C_out, "=", m)
share = Claim(2 / n)
pair_saves = Claim(n, ">", 2)
ratio = Claim(1 / C_out + 1 / (k_h * k_w))
ratio_on_image = Claim(1 / C_out + H_out * W_out / (T_h * T_w))
saves = Claim((n**2 - 1) * (C_out - 1), ">", 1)
two_taps, two_outputs = Claim(n, "≥", 2), Claim(C_out, "≥", 2)
rectangular = Claim((k_h * k_w - 1) * (C_out - 1), ">", 1)
tie = Claim(k_h * k_w, "=", 2, "=", C_out)
cheaper = Claim(C_in * (n**2 + C_out), "<", m * n * (C_in + C_out))
no_wider = Claim(m, "=", C_in)
cheaper_then = Claim((n - 1) * C_out, ">", n * (n - C_in))
inputs = Claim(C_in, "≥", n)
one_pixel = Claim((H_out, W_out), "≥", 1)
one_tap = Claim(T_h * T_w, "≥", 1)
edge = Claim(m, "=", Rational(72, 11))
example = Table(
    ("", "parameters", "MACs", "MACs on the image"),
    ("standard", 216, 3_538_944, 3_502_176),
    ("depthwise separable", 51, 835_584, 830_988),
    (("asymmetric, ", Claim(m, "=", 3)), 99, 1_622_016, 1_613_568),
    (("asymmetric, ", Claim(m, "=", 8)), 264, 4_325_376, 4_302_848),
)
iff_fewer_parameters, iff_fewer_macs, iff_same_threshold = iff(), iff(), iff()
iff_square_saves, iff_depthwise_saves, iff_two_of_each = iff(), iff(), iff()
iff_rectangle_saves, iff_depthwise_cheaper = iff(), iff()


def proof() -> Proof:
    pair, whole, layer = lines().values()
    written = {one.terms[0]: size(one.terms[0].name) for one in one_pixel.each}

    yield Part("Asymmetric against standard")
    yield r"The pair saves \(k_h k_w C_{\mathrm{in}} C_{\mathrm{out}} - m (k_h C_{\mathrm{in}} + k_w C_{\mathrm{out}})\) parameters; the second bracket is positive, so divide by it."
    yield SameCondition(less(parameters, pair, whole), fewer_parameters, iff_fewer_parameters)
    yield r"For square kernels \(n\) cancels once."
    yield SameCondition(fewer_parameters.given(SQUARE), fewer_square)
    yield r"The column filter runs on \(H' \times W\) pixels and the row filter on \(H' \times W'\), like the standard layer: divide the MACs saved by \(H'\) and by what multiplies \(m\)."
    yield SameCondition(less(macs, pair, whole), fewer_macs.given(written), iff_fewer_macs)
    yield Domain(one_pixel.given(written))
    yield Establishes(fewer_macs, one_pixel)
    other, exchanged = asymmetric_horizontal_first.family, {k_h: k_w, k_w: k_h, W: H, W_out: H_out}
    yield r"Horizontal first the row filter runs on \(H \times W'\) pixels and has \(k_w C_{\mathrm{in}}\) weights for each middle channel."
    yield SameCondition(less(parameters, other, whole), fewer_parameters.given(exchanged))
    yield SameCondition(less(macs, other, whole), fewer_macs.given(exchanged).given(written))
    same_threshold = Claim(fewer_macs.expr, "=", fewer_parameters.expr)
    yield r"Vertical first, the threshold in parameters less the one in MACs has the sign of \(W - W'\)."
    yield SameCondition(same_threshold.given(written), equal_width.given(written))
    yield Establishes(equal_width, iff_same_threshold)
    same_width = {**SQUARE, W_out: W, written[W_out]: W}
    alike = {**same_width, C_in: m, C_out: m}
    yield r"For \(C_{\mathrm{in}} = C_{\mathrm{out}} = m\) and \(W' = W\) parameters and MACs shrink to \(2/n\),"
    yield both(lambda count: Equal(cancel(count(pair) / count(whole)).xreplace(alike), share))
    yield Equation(equal_channels, alike)
    yield Equation(equal_width, alike)
    yield r"so what they save has the sign of \(n - 2\):"
    yield cheaper_when(pair, whole, alike, pair_saves, iff_square_saves)
    shares = {1: 2, 2: 1, 3: Rational(2, 3)}
    yield "the pair costs 2, 1 and 2/3 of the standard layer for the three smallest kernels."
    yield {f"n = {side}": (share.given({n: side}).expr, cost) for side, cost in shares.items()}
    yield Establishes(share)

    yield Part("Depthwise separable against standard")
    yield r"Both stages write at all \(H' \times W'\) pixels, like the standard layer, so one ratio serves for parameters and MACs."
    yield both(lambda count: Equal(count(layer) / count(whole), ratio))
    effective = counted_once(ratio_on_image.expr)
    kept, kept_by_whole = (counted_once(Count(x).macs_in_bounds.expr) for x in (layer, whole))
    yield r"Without the padding the depthwise stage and the standard layer have \(T_h T_w\) instead of \(k_h k_w H' W'\), but the pointwise stage has no padding to skip."
    yield Equal(kept / kept_by_whole, effective)
    yield Establishes(ratio_on_image)
    more, e, f = effective - ratio.expr, size("e"), padding("f")
    yield r"Let \(e_h\) and \(e_w\) taps of the two axes fall on the padding, \(k_h H' = T_h + e_h\) and \(k_w W' = T_w + e_w\): as soon as one of them is not 0, the second ratio is larger."
    yield {
        "some along the height": Positive(with_padding(more, {HEIGHT: e, WIDTH: f})),
        "some along the width": Positive(with_padding(more, {HEIGHT: f, WIDTH: e})),
    }
    yield r"Parameters and MACs saved have the sign of \(n^2 C_{\mathrm{out}} - n^2 - C_{\mathrm{out}} = (n^2 - 1)(C_{\mathrm{out}} - 1) - 1\)."
    yield cheaper_when(layer, whole, SQUARE, saves, iff_depthwise_saves)
    yield r"It is positive if \(n \ge 2\) and \(C_{\mathrm{out}} \ge 2\);"
    yield Signs(saves, two_taps, two_outputs)
    yield Establishes(two_taps, two_outputs, iff_two_of_each["if"])
    weights = less(parameters, layer, whole)
    yield r"for \(n = 1\), and for \(C_{\mathrm{out}} = 1\), the layer has \(C_{\mathrm{in}}\) parameters more than the standard one."
    yield {
        f"{symbol} = 1": Equal(weights.given(SQUARE).given({symbol: bound - 1}).gap, -C_in)
        for symbol, bound in map(least, (two_taps, two_outputs))
    }
    yield Establishes(two_taps, two_outputs, iff_two_of_each["only if"])
    taps = size("K")
    saved = cancel(weights.gap.xreplace({k_h: taps / k_w}))
    yield r"For a rectangular kernel only the number \(K = k_h k_w\) of its taps matters: the saving is \(C_{\mathrm{in}} ((K - 1)(C_{\mathrm{out}} - 1) - 1)\)."
    yield Equal(saved, C_in * rectangular.gap.xreplace({k_h: taps / k_w}))
    yield SameCondition(weights, rectangular, iff_rectangle_saves)
    yield r"It is positive from \(K = 2\), \(C_{\mathrm{out}} = 3\) and from \(K = 3\), \(C_{\mathrm{out}} = 2\) on, and negative if either is 1: what is left is the tie \(K = 2 = C_{\mathrm{out}}\)."
    yield {
        "K >= 2, C_out >= 3": Positive(saved, {taps: 2, C_out: 3}),
        "K >= 3, C_out >= 2": Positive(saved, {taps: 3, C_out: 2}),
        "K = 1": Equal(replaced(saved, {taps: 1}), -C_in),
        "C_out = 1": Equal(replaced(saved, {C_out: 1}), -C_in),
        "K = C_out = 2": Equal({"saved": (replaced(saved, {taps: 2, C_out: 2}), 0)}),
    }

    yield Part("Depthwise separable against asymmetric")
    yield r"With \(W' = W\) the MACs of both are their parameters times \(H' W'\), and the pair has \(m n (C_{\mathrm{in}} + C_{\mathrm{out}}) - C_{\mathrm{in}} (n^2 + C_{\mathrm{out}})\) more of them."
    yield cheaper_when(layer, pair, same_width, cheaper, iff_depthwise_cheaper)
    yield r"For \(m = C_{\mathrm{in}}\) divide by \(C_{\mathrm{in}}\)."
    yield SameCondition(cheaper.given({m: C_in}), cheaper_then)
    yield Equation(no_wider, {m: C_in})
    tied, two = {k_h: 3, k_w: 3, C_in: 1, C_out: 3, m: 1}, ("depthwise separable", "asymmetric")
    yield r"One input channel, \(n = 3\) and three outputs: 12 parameters each."
    yield {name: (parameters(lines()[name]).xreplace(tied), 12) for name in two}
    more = {C_in: n + padding("c")}
    yield r"For \(n \ge 2\) and \(C_{\mathrm{in}} = n + c\) with \(c \ge 0\) the pair has \(C_{\mathrm{in}} ((n - 1) C_{\mathrm{out}} + n c)\) parameters more, which is positive."
    yield Signs(cheaper.given({m: C_in}).given(more), two_taps)
    yield Signs(inputs.given(more))
    yield Establishes(inputs)

    yield Part("The worked example")
    rows: Any = zip((whole, layer, pair, pair), example, strict=True)
    values = Layer(3, 8, (Axis(size=128, kernel=3, before=1, after=1),) * 2).values
    yield r"The formulas at \(H = W = 128\), \(C_{\mathrm{in}} = 3\), \(C_{\mathrm{out}} = 8\), \(n = 3\) and padding 1 give the table."
    yield {
        "".join(map(str, cell)): (counted(line, values, cell), numbers)
        for line, (cell, *numbers) in rows
    }
    yield Establishes(example)
    threshold = Claim(m, "=", fewer_square.given({n: 3, C_in: 3, C_out: 8}).expr)
    near = [counted(pair, values, ("", Claim(m, "=", x)))[0] for x in (6, 7)]
    yield "The threshold lies between 6 and 7 middle channels."
    yield {"break-even": (threshold, edge), "parameters of m = 6 and 7": (near, [198, 231])}
    yield Establishes(edge)


def sharpness() -> Proof:
    pair, whole, layer = lines().values()
    column, row, square = [[1]] * 3, [[1] * 3], [[1, 1], [1, 1]]
    few, many = spent(pair, n=3, H=2), spent(whole, n=3, H=2)
    yield Without("one output pixel")
    yield "Two rows, three taps, no padding: no window fits. The pair is below the threshold, yet nothing can be saved."
    yield Counterexample({"A": column, "B": row}, {f"fewer {x}": few[x] < many[x] for x in few})
    blank = oracle.Axis(1, 2, dilation=2, before=1, after=1)
    runs = [oracle.all_ones(x.factors, blank, blank, sizes={})[1] for x in (whole, layer)]
    none, some = (run.in_bounds for run in runs)
    yield Without("one tap on the image")
    yield "One pixel, two taps a side with dilation 2, one zero on either side: one output, no tap of which meets the pixel. The standard layer multiplies nothing, the mix of channels does."
    yield Counterexample({"D": square, "P": [[1]]}, {"standard": none, "depthwise separable": some})
    yield Without("equal width")
    yield r"One channel, \(3 \times 3\) taps, three columns of four pixels, no padding: fewer parameters, but more multiplications."
    yield Counterexample({"A": column, "B": row}, each("asymmetric", "standard", of=few, n=3, H=4))
    weights = each("asymmetric", "standard", n=3, o=2, j=2).values()
    wide = {"A": [[[[1]] * 3]] * 2, "B": [[[[1] * 3]] * 2] * 2}
    yield Without("equal channels")
    yield r"One input, two outputs, two middle channels, \(n = 3\): the pair has as many parameters as the standard layer."
    yield Counterexample(wide, {"ratio": Fraction(*weights), "2/n": Fraction(2, 3)})
    beaten = each("depthwise separable", "standard", n=1, o=2)
    yield Without("two taps a side")
    yield r"A \(1 \times 1\) convolution of one channel to two."
    yield Counterexample({"D": [[1]], "P": [[1], [1]]}, beaten)
    yield Without("two outputs")
    yield r"A \(2 \times 2\) kernel of one channel to one."
    yield Counterexample({"D": square, "P": [[1]]}, each("depthwise separable", "standard", n=2))
    objects = {"D": [[1, 1, 1]] * 3, "P": [[1], [1]], "A": column, "B": [[[[1] * 3]]] * 2}
    yield Without("as many inputs as taps a side")
    yield r"One channel to two, \(n = 3\), one middle channel: the pair has fewer parameters."
    yield Counterexample(objects, each("depthwise separable", "asymmetric", n=3, o=2))


def lines() -> dict[str, Family]:
    """The three layers, the depthwise separable one with one filter for each input channel."""
    single = depthwise_separable.family.without([l])
    pair, whole = asymmetric.family, standard.family
    return {"asymmetric": pair, "standard": whole, "depthwise separable": single}


def counted(line: Line, values: Mapping[Symbol, int], cell: Cell) -> Sequence[int]:
    """What a layer costs in numbers, its width as a cell says."""
    _, width = cell if isinstance(cell, tuple) else (cell, Claim(m, "=", 1))
    known = {**values, m: width.expr}
    return in_numbers(line, known) if width.holds(known) else ()


def spent(line: Family, n: int, H: int = 0, W: int = 0, **sizes: int) -> dict[str, int]:
    """What loops count without padding, on an image as large as the kernel if not said otherwise."""
    axes = oracle.Axis(H or n, n), oracle.Axis(W or n, n)
    weights, run = oracle.all_ones(line.factors, *axes, sizes=sizes)
    return {"parameters": weights, "multiplications": run.multiplications}


def each(*names: str, of: Iterable[str] = ("parameters",), **layer: int) -> dict[str, int]:
    """What some of the lines take."""
    return {f"{x}, {name}": spent(lines()[name], **layer)[x] for name in names for x in of}
