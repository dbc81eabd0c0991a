r"""Break-even: an asymmetric pair saves below a number of middle channels, a depthwise separable layer whenever it has at least two taps a side and two outputs.

**Asymmetric against standard.** A vertical-first pair with \(m\) middle channels has fewer parameters than the standard convolution if and only if

\[m < \frac{k_h k_w C_{\mathrm{in}} C_{\mathrm{out}}}{k_h C_{\mathrm{in}} + k_w C_{\mathrm{out}}}, \qquad \text{for square kernels}\quad m < \frac{n\, C_{\mathrm{in}} C_{\mathrm{out}}}{C_{\mathrm{in}} + C_{\mathrm{out}}},\]

and fewer MACs, padding counted, if and only if

\[m < \frac{k_h k_w C_{\mathrm{in}} C_{\mathrm{out}} W'}{k_h C_{\mathrm{in}} W + k_w C_{\mathrm{out}} W'}.\]

These are the same threshold if and only if \(W' = W\); the height plays no part. Horizontal first, exchange \(k_h\) with \(k_w\) and the widths with the heights. With \(C_{\mathrm{in}} = C_{\mathrm{out}} = m\) and an output as wide as the input the pair costs \(2/n\) of the standard layer: twice as much for \(n = 1\), the same for \(n = 2\), a third less for \(n = 3\). It saves if and only if \(n > 2\). A stride [eats that saving](stride-saving.md).

**Depthwise separable against standard.** The ratio is \(1/C_{\mathrm{out}} + 1/(k_h k_w)\) for parameters and for MACs at every stride, dilation and padding. Counting only the \(T_h T_w\) taps that fall on the image, if there are any, it is \(1/C_{\mathrm{out}} + H'W'/(T_h T_w)\), which is larger as soon as one tap falls on the padding. The layer saves if and only if \((n^2 - 1)(C_{\mathrm{out}} - 1) > 1\), that is if and only if \(n \ge 2\) and \(C_{\mathrm{out}} \ge 2\). With a rectangular kernel it saves if and only if \((k_h k_w - 1)(C_{\mathrm{out}} - 1) > 1\), and the only tie is \(k_h k_w = 2 = C_{\mathrm{out}}\).

**Depthwise separable against asymmetric**, the output as wide as the input: the depthwise separable layer is cheaper, in parameters and in MACs, if and only if \(C_{\mathrm{in}}(n^2 + C_{\mathrm{out}}) < m n (C_{\mathrm{in}} + C_{\mathrm{out}})\). For \(m = C_{\mathrm{in}}\) that is \((n - 1) C_{\mathrm{out}} > n (n - C_{\mathrm{in}})\), which holds whenever \(n \ge 2\) and \(C_{\mathrm{in}} \ge n\). With fewer inputs they may tie, as one input, \(n = 3\) and three outputs do.

**The worked example**: a \(128 \times 128\) image, 3 channels to 8, a \(3 \times 3\) kernel, padding 1.

| | parameters | MACs | MACs on the image |
|---|---|---|---|
| standard | 216 | 3 538 944 | 3 502 176 |
| depthwise separable | 51 | 835 584 | 830 988 |
| asymmetric, \(m = 3\) | 99 | 1 622 016 | 1 613 568 |
| asymmetric, \(m = 8\) | 264 | 4 325 376 | 4 302 848 |

The pair breaks even at \(m = 72/11\): with 6 middle channels it has 198 parameters, with 7 it has 231.

Hypotheses:
- one output pixel: at least one pixel is written, \(H', W' \ge 1\)
- one tap on the image: \(T_h T_w \ge 1\), for the ratio without the padding; an output can be written though no tap of it meets the image
- equal width: \(W' = W\), for parameters and MACs to have one threshold, and for MACs in the ratio \(2/n\) and against the depthwise separable layer
- equal channels: \(C_{\mathrm{in}} = C_{\mathrm{out}} = m\), for the ratio \(2/n\)
- two taps a side: \(n \ge 2\), for a depthwise separable layer to save
- two outputs: \(C_{\mathrm{out}} \ge 2\), for the same
- as many inputs as taps a side: \(C_{\mathrm{in}} \ge n\), for it to beat the asymmetric pair with \(m = C_{\mathrm{in}}\) whatever the number of outputs
- no bias: weights are counted, and MACs

Use: Reject an asymmetric pair whose middle is wider than the break-even; "a third cheaper" needs equal channels throughout and stride 1.

Source: Howard et al. (2017), MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications, arXiv 1704.04861 (the ratio of depthwise separable to standard); Szegedy et al. (2016), Rethinking the Inception Architecture for Computer Vision, arXiv 1512.00567 (a third less for equal numbers of filters)
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from sympy import cancel, Expr, Indexed, Integer, Rational, Symbol

from derive import brute
from derive.algebra.counting import Count
from derive.algebra.sizes import nonempty, square
from derive.families import asymmetric, asymmetric_horizontal_first, depthwise_separable, standard
from derive.notation.axis import Axis
from derive.notation.family import Family, Line
from derive.notation.layer import Layer
from derive.notation.letters import (
    C_in,
    C_out,
    Direction,
    H,
    H_out,
    HEIGHT,
    k_h,
    k_w,
    l,
    m,
    n,
    padding,
    size,
    W,
    W_out,
    WIDTH,
)
from derive.proof.cases import Box
from derive.proof.evidence import (
    Agree,
    Confirmed,
    Counterexample,
    Equivalent,
    Every,
    Exact,
    Identity,
    Positive,
)
from derive.proof.theorem import Dropped, Part, Sentence
from derive.second import break_even as second

number = "T10"
topic = "counting"


def proof() -> Iterator[Part | Sentence]:
    yield from asymmetric_against_standard()
    yield from separable_against_standard()
    yield from separable_against_asymmetric()
    yield from worked_example()


def asymmetric_against_standard() -> Iterator[Part | Sentence]:
    weights = parameters(standard.family) - parameters(asymmetric.family)
    work = macs(standard.family) - macs(asymmetric.family)
    columns = nonempty(W_out, W_out)
    yield Part("Asymmetric against standard")
    yield (
        r"The pair saves \(k_h k_w C_{\mathrm{in}} C_{\mathrm{out}} - m (k_h C_{\mathrm{in}} + k_w C_{\mathrm{out}})\) parameters; the second bracket is positive, so divide by it.",
        Equivalent(weights, k_h * k_w * C_in * C_out / (k_h * C_in + k_w * C_out) - m),
    )
    yield (
        r"For square kernels \(n\) cancels once.",
        Equivalent(square(weights), n * C_in * C_out / (C_in + C_out) - m),
    )
    yield (
        r"The column filter runs on \(H' \times W\) pixels and the row filter on \(H' \times W'\), like the standard layer: divide the MACs saved by \(H'\) and by what multiplies \(m\).",
        Equivalent(
            work, k_h * k_w * C_in * C_out * columns / (k_h * C_in * W + k_w * C_out * columns) - m
        ),
    )
    yield (
        r"Horizontal first the row filter runs on \(H \times W'\) pixels and has \(k_w C_{\mathrm{in}}\) weights for each middle channel.",
        horizontal_first(),
    )
    yield (
        r"Vertical first, the threshold in parameters less the one in MACs has the sign of \(W - W'\).",
        Equivalent(threshold(weights) - threshold(work), W - columns),
    )
    yield (
        r"For \(C_{\mathrm{in}} = C_{\mathrm{out}} = m\) and \(W' = W\) parameters and MACs shrink to \(2/n\),",
        Every(
            {
                name: Identity(
                    equal_channels(count(asymmetric.family) / count(standard.family)), 2 / n
                )
                for name, count in {"parameters": parameters, "MACs": macs}.items()
            }
        ),
    )
    yield (
        r"so what they save has the sign of \(n - 2\):",
        Every(
            {
                name: Equivalent(equal_channels(saved), n - 2)
                for name, saved in {"parameters": weights, "MACs": work}.items()
            }
        ),
    )
    ratio = equal_channels(parameters(asymmetric.family) / parameters(standard.family))
    yield (
        "the pair costs 2, 1 and 2/3 of the standard layer for the three smallest kernels.",
        Exact(
            {
                f"n = {side}": (ratio.xreplace({n: Integer(side)}), Rational(2, side))
                for side in (1, 2, 3)
            }
        ),
    )


def horizontal_first() -> Every:
    """The two thresholds of the other order."""
    rows, channels = nonempty(H_out, H_out), k_h * k_w * C_in * C_out
    pair, whole = asymmetric_horizontal_first.family, standard.family
    return Every(
        {
            "parameters": Equivalent(
                parameters(whole) - parameters(pair), channels / (k_w * C_in + k_h * C_out) - m
            ),
            "MACs": Equivalent(
                macs(whole) - macs(pair),
                channels * rows / (k_w * C_in * H + k_h * C_out * rows) - m,
            ),
        }
    )


def separable_against_standard() -> Iterator[Part | Sentence]:
    weights = parameters(standard.family) - parameters(separable())
    work = macs(standard.family) - macs(separable())
    yield Part("Depthwise separable against standard")
    yield (
        r"Both stages write at all \(H' \times W'\) pixels, like the standard layer, so one ratio serves for parameters and MACs.",
        Every(
            {
                name: Identity(
                    count(separable()) / count(standard.family), 1 / C_out + 1 / (k_h * k_w)
                )
                for name, count in {"parameters": parameters, "MACs": macs}.items()
            }
        ),
    )
    pairs = HEIGHT.pairs * WIDTH.pairs
    effective = in_bounds(separable()) / in_bounds(standard.family)
    dense = macs(separable()) / macs(standard.family)
    yield (
        r"Without the padding the depthwise stage and the standard layer have \(T_h T_w\) in place of \(k_h k_w H' W'\), but the pointwise stage has no padding to skip.",
        Identity(effective, 1 / C_out + counted_once(H_out * W_out / pairs)),
    )
    yield (
        r"Let \(e_h\) and \(e_w\) taps of the two axes fall on the padding, \(k_h H' = T_h + e_h\) and \(k_w W' = T_w + e_w\): as soon as one of them is not 0, the second ratio is larger.",
        Every(
            {
                f"some along the {name}": Positive(with_padding(effective - dense, some))
                for name, some in {"height": HEIGHT, "width": WIDTH}.items()
            }
        ),
    )
    bracket = (n**2 - 1) * (C_out - 1) - 1
    yield (
        r"Parameters and MACs saved have the sign of \(n^2 C_{\mathrm{out}} - n^2 - C_{\mathrm{out}} = (n^2 - 1)(C_{\mathrm{out}} - 1) - 1\).",
        Every(
            {
                name: Equivalent(square(saved), bracket)
                for name, saved in {"parameters": weights, "MACs": work}.items()
            }
        ),
    )
    yield (
        r"It is positive if \(n \ge 2\) and \(C_{\mathrm{out}} \ge 2\);",
        Positive(square(weights), {n: 2, C_out: 2}),
    )
    yield (
        r"for \(n = 1\), and for \(C_{\mathrm{out}} = 1\), the layer has \(C_{\mathrm{in}}\) parameters more than the standard one.",
        Every(
            {
                f"{symbol} = 1": Identity(square(weights).xreplace({symbol: Integer(1)}), -C_in)
                for symbol in (n, C_out)
            }
        ),
    )
    taps = size("K")
    rectangular = cancel(weights.xreplace({k_h: taps / k_w}))
    yield (
        r"For a rectangular kernel only the number \(K = k_h k_w\) of its taps matters: the saving is \(C_{\mathrm{in}} ((K - 1)(C_{\mathrm{out}} - 1) - 1)\).",
        Identity(rectangular, C_in * ((taps - 1) * (C_out - 1) - 1)),
    )
    yield (
        r"It is positive from \(K = 2\), \(C_{\mathrm{out}} = 3\) and from \(K = 3\), \(C_{\mathrm{out}} = 2\) on, and negative if either is 1: what is left is the tie \(K = 2 = C_{\mathrm{out}}\).",
        Every(
            {
                "K >= 2, C_out >= 3": Positive(rectangular, {taps: 2, C_out: 3}),
                "K >= 3, C_out >= 2": Positive(rectangular, {taps: 3, C_out: 2}),
                "K = 1": Identity(rectangular.xreplace({taps: Integer(1)}), -C_in),
                "C_out = 1": Identity(rectangular.xreplace({C_out: Integer(1)}), -C_in),
                "K = C_out = 2": Exact({"saved": (rectangular.subs({taps: 2, C_out: 2}), 0)}),
            }
        ),
    )


def separable_against_asymmetric() -> Iterator[Part | Sentence]:
    saved = {
        name: same_width(square(count(asymmetric.family) - count(separable())))
        for name, count in {"parameters": parameters, "MACs": macs}.items()
    }
    yield Part("Depthwise separable against asymmetric")
    yield (
        r"With \(W' = W\) the MACs of both are their parameters times \(H' W'\), and the pair has \(m n (C_{\mathrm{in}} + C_{\mathrm{out}}) - C_{\mathrm{in}} (n^2 + C_{\mathrm{out}})\) more of them.",
        Every(
            {
                name: Equivalent(difference, m * n * (C_in + C_out) - C_in * (n**2 + C_out))
                for name, difference in saved.items()
            }
        ),
    )
    middle = {m: C_in}
    bracket = (n - 1) * C_out - n * (n - C_in)
    yield (
        r"For \(m = C_{\mathrm{in}}\) divide by \(C_{\mathrm{in}}\).",
        Equivalent(saved["parameters"].xreplace(middle), bracket),
    )
    tie = {n: Integer(3), C_in: Integer(1), C_out: Integer(3), m: Integer(1)}
    yield (
        r"One input channel, \(n = 3\) and three outputs: 12 parameters each.",
        Exact(
            {
                name: (square(parameters(family)).xreplace(tie), 12)
                for name, family in {
                    "depthwise separable": separable(),
                    "asymmetric": asymmetric.family,
                }.items()
            }
        ),
    )
    yield (
        r"For \(n \ge 2\) and \(C_{\mathrm{in}} = n + c\) with \(c \ge 0\) the pair has \(C_{\mathrm{in}} ((n - 1) C_{\mathrm{out}} + n c)\) parameters more, which is positive.",
        Positive(saved["parameters"].xreplace(middle).xreplace({C_in: n + padding("c")}), {n: 2}),
    )


def worked_example() -> Iterator[Part | Sentence]:
    axis = Axis(size=128, kernel=3, before=1, after=1)
    values = Layer(3, 8, (axis, axis)).values
    claimed = {
        "standard": (standard.family, 1, (216, 3_538_944, 3_502_176)),
        "depthwise separable": (separable(), 1, (51, 835_584, 830_988)),
        "asymmetric, m = 3": (asymmetric.family, 3, (99, 1_622_016, 1_613_568)),
        "asymmetric, m = 8": (asymmetric.family, 8, (264, 4_325_376, 4_302_848)),
    }
    yield Part("The worked example")
    yield (
        r"The formulas at \(H = W = 128\), \(C_{\mathrm{in}} = 3\), \(C_{\mathrm{out}} = 8\), \(n = 3\) and padding 1 give the table.",
        Exact(
            {
                name: (counted(line, values | {m: width}), numbers)
                for name, (line, width, numbers) in claimed.items()
            }
        ),
    )
    weights = square(parameters(standard.family) - parameters(asymmetric.family))
    known = {n: Integer(3), C_in: Integer(3), C_out: Integer(8)}
    yield (
        "The threshold lies between 6 and 7 middle channels.",
        Exact(
            {
                "break-even": (threshold(weights).xreplace(known), Rational(72, 11)),
                "parameters of m = 6 and 7": (
                    tuple(counted(asymmetric.family, values | {m: width})[0] for width in (6, 7)),
                    (198, 231),
                ),
            }
        ),
    )


def checks() -> Iterator[Sentence]:
    yield (
        "A second prover finds the same thresholds over all integers.",
        Confirmed(second.thresholds),
    )
    yield (
        "Literal loops without padding spend fewer multiplications on the pair exactly below the threshold in MACs.",
        Agree(
            lambda n, W, C_in, C_out, m: (
                m * (C_in * W + C_out * (W - n + 1)) < n * C_in * C_out * (W - n + 1)
            ),
            lambda **layer: fewer(1, asymmetric.family, H=3, **layer),
            Box(n=(2, 3), W=(3, 5), C_in=(1, 2), C_out=(1, 3), m=(1, 2)),
            Box(n=(1, 2, 3), W=range(3, 7), C_in=(1, 2, 3), C_out=(1, 2, 3), m=range(1, 6)),
        ),
    )


def sharpness() -> Iterator[Dropped]:
    flat = {"W": 3, "n": 3, "C_in": 1, "C_out": 1, "m": 1}
    yield (
        "one output pixel",
        "Two rows, three taps, no padding: no window fits. The pair is below the threshold, yet nothing can be saved.",
        Counterexample(
            {"A": [[1], [1], [1]], "B": [[1, 1, 1]]},
            {
                "fewer parameters": fewer(0, asymmetric.family, H=2, **flat),
                "fewer multiplications": fewer(1, asymmetric.family, H=2, **flat),
            },
        ),
    )
    yield (
        "one tap on the image",
        "One pixel, two taps a side with dilation 2, one zero on either side: one output, no tap of which meets the pixel. The standard layer multiplies nothing, the mix of channels does.",
        Counterexample(
            {"D": [[1, 1], [1, 1]], "P": [[1]]},
            {
                "standard": on_image("oiuv"),
                "depthwise separable": on_image("iuv", "oi"),
            },
        ),
    )
    yield (
        "equal width",
        r"One channel, \(3 \times 3\) taps, three columns of four pixels, no padding: fewer parameters, but more multiplications.",
        Counterexample(
            {"A": [[1], [1], [1]], "B": [[1, 1, 1]]},
            {
                f"{what}, {name}": number
                for name, family in {
                    "asymmetric": asymmetric.family,
                    "standard": standard.family,
                }.items()
                for what, number in zip(
                    ("parameters", "multiplications"), spent(family, H=4, **flat), strict=True
                )
            },
        ),
    )
    unequal = {"H": 3, "W": 3, "n": 3, "C_in": 1, "C_out": 2, "m": 2}
    yield (
        "equal channels",
        r"One input, two outputs, two middle channels, \(n = 3\): the pair has as many parameters as the standard layer.",
        Counterexample(
            {"A": ones(2, 1, 3, 1), "B": ones(2, 2, 1, 3)},
            {
                "ratio": Fraction(
                    spent(asymmetric.family, **unequal)[0], spent(standard.family, **unequal)[0]
                ),
                "2/n": Fraction(2, unequal["n"]),
            },
        ),
    )
    yield from too_small()


def too_small() -> Iterator[Dropped]:
    """What a depthwise separable layer needs to be the cheaper one."""
    point = {"H": 1, "W": 1, "n": 1, "C_in": 1, "C_out": 2, "m": 1}
    yield (
        "two taps a side",
        r"A \(1 \times 1\) convolution of one channel to two.",
        Counterexample(
            {"D": [[1]], "P": [[1], [1]]},
            number_of_weights(
                ("depthwise separable", separable()), ("standard", standard.family), **point
            ),
        ),
    )
    yield (
        "two outputs",
        r"A \(2 \times 2\) kernel of one channel to one.",
        Counterexample(
            {"D": [[1, 1], [1, 1]], "P": [[1]]},
            number_of_weights(
                ("depthwise separable", separable()),
                ("standard", standard.family),
                **point | {"H": 2, "W": 2, "n": 2, "C_out": 1},
            ),
        ),
    )
    yield (
        "as many inputs as taps a side",
        r"One channel to two, \(n = 3\), one middle channel: the pair has fewer parameters.",
        Counterexample(
            {"D": [[1, 1, 1]] * 3, "P": [[1], [1]], "A": [[1], [1], [1]], "B": ones(2, 1, 1, 3)},
            number_of_weights(
                ("depthwise separable", separable()),
                ("asymmetric", asymmetric.family),
                **point | {"H": 3, "W": 3, "n": 3},
            ),
        ),
    )


def separable() -> Family:
    """The depthwise separable layer with one filter for each input channel."""
    return depthwise_separable.family.without([l])


def parameters(line: Line) -> Expr:
    """Weights of a line."""
    return Count(line).parameters.expr


def macs(line: Line) -> Expr:
    """Multiply-accumulates of a line, padding included, where there is an output."""
    return counted_once(Count(line).macs.expr)


def in_bounds(line: Line) -> Expr:
    """Multiply-accumulates on the image, where there is one."""
    return counted_once(Count(line).macs_in_bounds.expr)


def counted_once(expr: Expr) -> Expr:
    """With at least one output pixel and, along each axis, at least one tap on the image."""
    return nonempty(expr, H_out, W_out, HEIGHT.pairs, WIDTH.pairs)


def threshold(saved: Expr) -> Expr:
    """The number of middle channels at which a saving, linear in it, is zero."""
    return cancel(saved.xreplace({m: Integer(0)}) / -saved.expand().coeff(m))


def equal_channels(expr: Expr) -> Expr:
    """For an n × n kernel, C_in = C_out = m and an output as wide as the input."""
    return cancel(same_width(square(expr)).xreplace({C_in: m, C_out: m}))


def same_width(expr: Expr) -> Expr:
    """For an output as wide as the input."""
    return expr.xreplace({nonempty(W_out, W_out): W})


def with_padding(expr: Expr, some: Direction) -> Expr:
    """Taps in terms of those on the image and those on the padding, which are some along one
    direction and any number along the other."""
    beyond = {d: size("e") if d == some else padding("f") for d in (HEIGHT, WIDTH)}
    taps = {
        d.kernel: (counted_once(d.pairs) + e) / counted_once(d.output) for d, e in beyond.items()
    }
    return cancel(expr.xreplace(taps))


def counted(line: Line, values: dict[Symbol, int]) -> tuple[int, ...]:
    """Parameters, MACs and MACs on the image of a layer in numbers."""
    count = Count(line)
    formulas = (count.parameters, count.macs, count.macs_in_bounds)
    return tuple(int(formula.at(values)) for formula in formulas)


def spent(family: Family, H: int, W: int, n: int, **sizes: int) -> tuple[int, int]:
    """Weights and multiplications of a family of ones on an image of ones without padding."""
    extents = {"i": sizes["C_in"], "o": sizes["C_out"], "j": sizes["m"], "u": n, "v": n}
    factors = [
        (word, filled(*map(extents.__getitem__, word))) for word in map(word_of, family.factors)
    ]
    image = filled(extents["i"], H, W)
    axes = {"u": brute.Axis(H, n), "v": brute.Axis(W, n)}
    run = brute.pipeline(factors, image, "i", "o", extents, axes)
    return sum(len(tensor) for _, tensor in factors), run.multiplications


def on_image(*words: str) -> int:
    """Multiplications with pixels, of weights 1 on one pixel between two dilated taps."""
    sizes = dict.fromkeys("oi", 1) | dict.fromkeys("uv", 2)
    axis = brute.Axis(1, 2, dilation=2, before=1, after=1)
    factors = [(word, filled(*map(sizes.__getitem__, word))) for word in words]
    run = brute.pipeline(factors, filled(1, 1, 1), "i", "o", sizes, {"u": axis, "v": axis})
    return run.in_bounds


def fewer(which: int, family: Family, **layer: int) -> bool:
    """Whether a family has fewer weights (0) or multiplications (1) than the standard one."""
    return spent(family, **layer)[which] < spent(standard.family, **layer)[which]


def number_of_weights(*families: tuple[str, Family], **layer: int) -> dict[str, int]:
    """The number of weights of some families."""
    return {f"parameters, {name}": spent(family, **layer)[0] for name, family in families}


def filled(*extents: int) -> brute.Tensor:
    """A tensor of ones."""
    return dict.fromkeys(product(*map(range, extents)), 1)


def word_of(factor: Indexed) -> str:
    """The letters of a factor as the oracle names them."""
    return "".join(letter.name for letter in factor.indices)


def ones(*extents: int) -> Any:
    """A nested list of ones, to draw."""
    if not extents:
        return 1
    return [ones(*extents[1:]) for _ in range(extents[0])]
