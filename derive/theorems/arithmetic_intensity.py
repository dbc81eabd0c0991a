r"""Arithmetic intensity: the operations of a layer per byte it moves follow from three reciprocals, and widening a depthwise layer cannot raise them.

Let a layer in \(g\) groups read its input, read its weights and write its output once each, \(\nu\) bytes a number, with two operations for every multiply-accumulate. With \(\kappa = HW/(H'W')\) input pixels for every output pixel, its operations per byte are

\[I = \frac{2/\nu}{\dfrac{g \kappa}{k_h k_w C_{\mathrm{out}}} + \dfrac{g}{k_h k_w C_{\mathrm{in}}} + \dfrac{1}{H'W'}}.\]

The three terms are input, output and weights, each per multiply-accumulate. A bias adds \(g/(k_h k_w C_{\mathrm{in}} H'W')\) to them for the bytes it takes. Without one the operations actually carried out [are fewer](operation-count.md): \(I\) times \(1 - 1/(2D)\), with \(D = k_h k_w C_{\mathrm{in}}/g\) terms in each sum.

**Depthwise**, \(g = C_{\mathrm{in}} = C_{\mathrm{out}}\): the number of channels cancels, and

\[I = \frac{2/\nu}{\dfrac{1 + \kappa}{n^2} + \dfrac{1}{H'W'}} < \frac{2 n^2}{\nu (1 + \kappa)}.\]

On an image that keeps its size the bound is \(n^2/\nu\), 2.25 operations per byte for a \(3 \times 3\) layer in four bytes; with a stride \(s\), \(H = sH'\) and \(W = sW'\), it is \(2n^2/(\nu(1 + s^2))\).

**Standard**, \(C\) channels to \(C\): it grows with \(C\), but stays below \(2H'W'/\nu\). It is \(C/(C + C_*)\) of that bound, and half of it at \(C_* = (1 + \kappa) H'W'/n^2\).

**Asymmetric**, each of the two stages, \(C\) channels to \(C\) on an image that keeps its size: \(n\) stands in place of \(n^2\). For \(n \ge 2\) each has a lower intensity than the standard layer, by less than a factor of \(n\), and by nearly that where \(n^2 C\) is small beside \(HW\).

**Pointwise**: \(\dfrac{2/\nu}{1/C_{\mathrm{in}} + 1/C_{\mathrm{out}} + 1/(HW)}\).

Hypotheses:
- moved once: input, weights and output of the layer cross the memory bus once each, and nothing else does
- two operations each: an operation is a multiplication or an addition, two for every multiply-accumulate
- one output pixel: something is written
- few channels: \(C\) well below \(C_*\), for the intensity of a standard layer to grow in proportion to it

Use: Widening a depthwise layer cannot make it compute more per byte, so what it saves in operations need not save time; fuse it with the pointwise layer instead.

Source: Williams, Waterman, Patterson (2009), Roofline, doi 10.1145/1498765.1498785 (the model); PyTorch issue 1708, comment of February 2018, github.com/pytorch/pytorch/issues/1708 (depthwise layers are bound by memory bandwidth)
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from sympy import cancel, Expr, Integer, lambdify, Rational

from derive import brute
from derive.algebra.counting import Count, StageCount
from derive.algebra.sizes import nonempty, same_size, square
from derive.families import asymmetric, depthwise, depthwise_separable, grouped, pointwise, standard
from derive.notation.family import Line
from derive.notation.letters import (
    C_a,
    C_b,
    C_in,
    C_out,
    G,
    H,
    H_out,
    HEIGHT,
    k_h,
    k_w,
    l,
    m,
    n,
    nu,
    size,
    W,
    W_out,
    WIDTH,
)
from derive.proof.cases import Box
from derive.proof.evidence import (
    Agree,
    Counterexample,
    Equivalent,
    Every,
    Exact,
    Identity,
    Positive,
    Uses,
)
from derive.proof.theorem import Dropped, Part, Sentence

number = "T20"
topic = "counting"


def proof() -> Iterator[Part | Sentence]:
    yield from any_layer()
    yield from depthwise_layer()
    yield from standard_layer()
    yield from asymmetric_stages()
    yield Part("Pointwise")
    yield (
        r"One tap, one group, \(\kappa = 1\).",
        Identity(
            same_size(intensity(pointwise.family)),
            2 / nu / (1 / C_in + 1 / C_out + 1 / (H * W)),
        ),
    )


def any_layer() -> Iterator[Part | Sentence]:
    count = Count(grouped.family)
    terms = G * kappa() / (k_h * k_w * C_out) + G / (k_h * k_w * C_in) + 1 / pixels()
    yield Part("Any layer")
    yield (
        "Two operations for every multiply-accumulate are what a layer with a bias carries out.",
        Uses("operation-count", "Bias"),
    )
    yield (
        r"The layer reads \(C_{\mathrm{in}} H W\) numbers and \(k_h k_w C_{\mathrm{in}} C_{\mathrm{out}}/g\) weights, and writes \(C_{\mathrm{out}} H' W'\).",
        Identity(
            in_channels(count.bytes.expr),
            nu * (C_in * H * W + k_h * k_w * C_in * C_out / G + C_out * pixels()),
        ),
    )
    yield (
        r"Divide twice the MACs by that, then numerator and denominator by the \(k_h k_w C_{\mathrm{in}} C_{\mathrm{out}} H'W'/g\) MACs.",
        Identity(in_channels(intensity(grouped.family)), 2 / nu / terms),
    )
    yield (
        r"A bias is \(C_{\mathrm{out}}\) numbers more to read, and makes the operations exactly twice the MACs: the bytes per operation are \(\nu/2\) times the three terms and \(g/(k_h k_w C_{\mathrm{in}} H'W')\).",
        Identity(
            in_channels(1 / count.intensity_with_bias.expr),
            nu / 2 * (terms + G / (k_h * k_w * C_in * pixels())),
        ),
    )
    yield (
        r"Without one there is an addition less for every output, for every \(D\) MACs: \(2 - 1/D\) operations in place of 2.",
        Identity(
            in_channels(count.intensity.expr / intensity(grouped.family)),
            1 - G / (2 * k_h * k_w * C_in),
        ),
    )


def depthwise_layer() -> Iterator[Part | Sentence]:
    found = square(intensity(depthwise.family.without([l])))
    bound = 2 * n**2 / (nu * (1 + kappa()))
    yield Part("Depthwise")
    yield (
        "Every channel brings its own image, filter and result, so the number of channels cancels.",
        Identity(found, 2 / nu / ((1 + kappa()) / n**2 + 1 / pixels())),
    )
    yield (
        r"The bound leaves out the weights, the term \(1/(H'W')\), which is positive.",
        Positive(cancel(bound - found)),
    )
    yield (
        r"An image that keeps its size has as many pixels in as out, \(\kappa = 1\); with \(H = sH'\) and \(W = sW'\) it has \(s^2\) times as many.",
        Every(
            {
                "the same size": Identity(same_size(bound), n**2 / nu),
                "stride s": Identity(strided(bound), 2 * n**2 / (nu * (1 + HEIGHT.stride**2))),
            }
        ),
    )
    yield (
        r"For \(n = 3\) and four bytes that is 9/4.",
        Exact({"bound": (same_size(bound).subs({n: 3, nu: 4}), Rational(9, 4))}),
    )


def standard_layer() -> Iterator[Part | Sentence]:
    C, half = size("C"), (1 + kappa()) * pixels() / n**2
    found, bound = widened(square(intensity(standard.family)), C), 2 * pixels() / nu
    yield Part("Standard")
    yield (
        r"Input and output are \((1 + \kappa)/(n^2 C)\) per MAC. Take the bound \(2H'W'/\nu\) out: what remains is \(C/(C + C_*)\).",
        Identity(found / bound, C / (C + half)),
    )
    yield (
        "It is less than 1,",
        Positive(cancel(bound - found)),
    )
    yield (
        r"grows with every channel,",
        Positive(cancel(found.xreplace({C: C + 1}) - found)),
    )
    yield (
        r"and exceeds 1/2 if and only if \(C > C_*\).",
        Equivalent(found - bound / 2, C - half),
    )


def asymmetric_stages() -> Iterator[Part | Sentence]:
    C, plane = size("C"), H * W
    whole = same_size(widened(square(intensity(standard.family)), C))
    ((_, stages),) = Count(asymmetric.family).stages
    each = {
        str(stage.stage.factor): same_size(widened(square(of_stage(stage)), C)) for stage in stages
    }
    ratio = n * (2 * plane + n * C) / (2 * plane + n**2 * C)
    yield Part("Asymmetric")
    yield (
        r"Each stage has \(n\) taps in place of \(n^2\), and \(\kappa = 1\).",
        Every(
            {
                name: Identity(found, 2 / nu / (2 / (n * C) + 1 / plane))
                for name, found in each.items()
            }
        ),
    )
    yield (
        r"The standard layer has \(n (2HW + nC)/(2HW + n^2 C)\) times that: nearly \(n\) where \(n^2 C\) is small beside \(HW\).",
        Every({name: Identity(whole / found, ratio) for name, found in each.items()}),
    )
    yield (
        r"For \(n \ge 2\) this factor is more than 1 and less than \(n\).",
        Every(
            {
                "more than 1": Positive(cancel(ratio - 1), {n: 2}),
                "less than n": Positive(cancel(n - ratio), {n: 2}),
            }
        ),
    )


def checks() -> Iterator[Sentence]:
    function = lambdify((n, C_in, C_out, H, W, H_out, W_out), on_grid(), modules="math")
    yield (
        "Operations counted in literal loops with a bias, over the sizes of the tensors, give the same quotient.",
        Agree(
            lambda n, C_in, C_out, H: Fraction(
                *function(n, C_in, C_out, H, H + 1, H - n + 1, H - n + 2)
            ),
            counted,
            Box(n=(1, 2), C_in=(1, 2), C_out=(1, 3), H=(3, 4)),
            Box(n=(1, 2, 3), C_in=(1, 2, 3), C_out=(1, 2, 3), H=(3, 4, 5)),
        ),
    )


def sharpness() -> Iterator[Dropped]:
    yield (
        "moved once",
        r"A \(3 \times 3\) depthwise layer and the pointwise layer behind it, 64 channels on \(32 \times 32\) pixels, four bytes a number, run as one: the image between them never reaches memory, and the pair exceeds the bound of its first half.",
        Counterexample(
            {},
            {
                "bound of the depthwise layer": on_a_square(
                    2 * n**2 / (nu * (1 + kappa())), 64, 32
                ),
                "fused pair": on_a_square(fused(), 64, 32),
            },
        ),
    )
    one_pixel = Count(pointwise.family)
    yield (
        "two operations each",
        "One channel, one tap, no bias: a multiplication for every output and nothing to add.",
        Counterexample(
            {"K": [[1]]},
            {
                "operations carried out per byte": on_a_square(one_pixel.intensity.expr, 1, 4),
                "two for every multiply-accumulate": on_a_square(intensity(pointwise.family), 1, 4),
            },
        ),
    )
    layer = square(intensity(standard.family))
    yield (
        "few channels",
        r"Twice as many channels, 2048 in place of 1024, in a \(3 \times 3\) layer on \(4 \times 4\) pixels: its intensity hardly changes.",
        Counterexample(
            {},
            {
                "channels grow by": Fraction(2048, 1024),
                "intensity grows by": on_a_square(layer, 2048, 4) / on_a_square(layer, 1024, 4),
            },
        ),
    )


def intensity(line: Line) -> Expr:
    """Twice the MACs of a layer over the bytes it moves, without bias."""
    count = Count(line)
    return nonempty(2 * count.macs.expr / count.bytes.expr, H_out, W_out)


def of_stage(stage: StageCount) -> Expr:
    """The same for one stage of several."""
    moved = stage.reads + stage.weights + stage.outputs
    return nonempty(2 * stage.products / (nu * moved), H_out, W_out)


def fused() -> Expr:
    """The same for a depthwise separable layer that keeps the image between its stages."""
    ((_, (first, second)),) = Count(depthwise_separable.family.without([l])).stages
    moved = first.reads + first.weights + second.weights + second.outputs
    return nonempty(2 * (first.products + second.products) / (nu * moved), H_out, W_out)


def pixels() -> Expr:
    """Pixels written for each channel, at least one."""
    return nonempty(H_out * W_out, H_out, W_out)


def kappa() -> Expr:
    """Pixels read for each that is written."""
    return H * W / pixels()


def in_channels(expr: Expr) -> Expr:
    """In terms of all channels in place of those of a group."""
    return nonempty(expr, H_out, W_out).xreplace({C_a: C_in / G, C_b: C_out / G})


def widened(expr: Expr, channels: Expr) -> Expr:
    """With equally many channels at both ends, and in the middle."""
    return expr.xreplace({C_in: channels, C_out: channels, m: channels})


def strided(expr: Expr) -> Expr:
    """For a stride that divides the image, along both axes."""
    image = {d.input: HEIGHT.stride * nonempty(d.output, d.output) for d in (HEIGHT, WIDTH)}
    return cancel(expr.xreplace(image))


def on_a_square(expr: Expr, channels: int, side: int) -> Expr:
    """At equal channels, 3 × 3 taps, a square image that keeps its size, and four bytes."""
    known = {H: side, W: side, n: 3, nu: 4}
    sizes = {symbol: Integer(number) for symbol, number in known.items()}
    return same_size(square(widened(expr, Integer(channels)))).xreplace(sizes)


def on_grid() -> tuple[Expr, Expr]:
    """Operations and numbers moved of a standard layer with a bias."""
    count = Count(standard.family)
    formulas = (count.flops_with_bias, count.bytes_with_bias)
    operations, moved = (square(formula.expr).xreplace({nu: Integer(1)}) for formula in formulas)
    return operations, moved


def counted(n: int, C_in: int, C_out: int, H: int) -> Fraction:
    """The same by loops on tensors of ones, one column more than rows and no padding."""
    kernel, image, bias = filled(C_out, C_in, n, n), filled(C_in, H, H + 1), filled(C_out)
    axes = {"u": brute.Axis(H, n), "v": brute.Axis(H + 1, n)}
    run = brute.convolve(kernel, image, "i", "o", "uv", {"i": C_in, "o": C_out}, axes, bias)
    moved = len(kernel) + len(image) + len(bias) + len(run.output)
    return Fraction(run.multiplications + run.additions, moved)


def filled(*extents: int) -> brute.Tensor:
    """A tensor of ones."""
    return dict.fromkeys(product(*map(range, extents)), 1)
