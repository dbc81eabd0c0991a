r"""Arithmetic intensity: the operations of a layer per byte it moves follow from three reciprocals, and widening a depthwise layer cannot raise them.

Let a layer in \(g\) groups read its input, read its weights and write its output once each, \(\nu\) bytes a number, with two operations for every multiply-accumulate. With \($pixels\) input pixels for every output pixel, its operations per byte are

\[$per_byte.\]

The three terms are input, output and weights, each per multiply-accumulate. A bias adds \($for_bias\) to them for the bytes it takes. Without one the operations actually carried out [are fewer](operation-count.md): \(I\) times \($carried_out\), with \($terms\) terms in each sum.

**Depthwise**, \($per_channel\): the number of channels cancels, and

\[$depthwise_per_byte, \qquad $below.\]

On an image that keeps its size the bound is \($bound_at_one_size\), 2.25 operations per byte for a \(3 \times 3\) layer in four bytes; with a stride \(s\), \($rows\) and \($columns\), it is \($bound_strided\).

**Standard**, \(C\) channels to \(C\): it grows with \(C\), but stays below \($limit\). It is \($part\) of that bound, and half of it at \($half\).

**Asymmetric**, each of the two stages, \(C\) channels to \(C\) on an image that keeps its size: \(n\) takes the place of \(n^2\). For \($two_taps\) each has a lower intensity than the standard layer, by less than a factor of \(n\), and by nearly that where \(n^2 C\) is small compared with \(HW\).

**Pointwise**: \($pointwise_per_byte\).

Hypotheses:
- moved once: input, weights and output of the layer cross the memory bus once each, and nothing else does
- two operations each: an operation is a multiplication or an addition, two for every multiply-accumulate
- one output pixel: something is written
- few channels: \(C\) well below \(C_*\), for the intensity of a standard layer to grow in proportion to it

Use: Widening a depthwise layer cannot make it compute more per byte, so what it saves in operations need not save time; fuse it with the pointwise layer instead.

Source: Williams, Waterman, Patterson (2009), Roofline, doi 10.1145/1498765.1498785 (the model); PyTorch issue 1708, comment of February 2018, github.com/pytorch/pytorch/issues/1708 (depthwise layers are bound by memory bandwidth)
"""

from derive.algebra.sizes import same_size, square
from derive.families import asymmetric, depthwise, depthwise_separable, grouped, pointwise, standard
from derive.proof.language import *

number = "T20"
topic = "counting"

g, s, C, D = (size(name) for name in "gsCD")
taps, area = k_h * k_w, H_out * W_out
intensity, kappa = (Symbol(name, positive=True) for name in ("I", "kappa"))
C_half = Quantity("C_half", "C_*", positive=True)

pixels = Claim(kappa, "=", H * W / area)
moved = g * kappa / (taps * C_out) + g / (taps * C_in) + 1 / area
per_byte = Claim(intensity, "=", 2 / nu / moved)
for_bias = Claim(g / (taps * C_in * area))
carried_out = Claim(1 - 1 / (2 * D))
terms = Claim(D, "=", taps * C_in / g)
per_channel = Claim(g, "=", C_in, "=", C_out)
depthwise_per_byte = Claim(intensity, "=", 2 / nu / ((1 + kappa) / n**2 + 1 / area))
below = Claim(intensity, "<", 2 * n**2 / (nu * (1 + kappa)))
bound_at_one_size = Claim(n**2 / nu)
rows, columns = Claim(H, "=", s * H_out), Claim(W, "=", s * W_out)
bound_strided = Claim(2 * n**2 / (nu * (1 + s**2)))
limit = Claim(2 * area / nu)
part = Claim(C / (C + C_half))
half = Claim(C_half, "=", (1 + kappa) * area / n**2)
two_taps = Claim(n, "≥", 2)
pointwise_per_byte = Claim(2 / nu / (1 / C_in + 1 / C_out + 1 / (H * W)))


def proof() -> Proof:
    yield from any_layer()
    yield from depthwise_layer()
    yield from standard_layer()
    yield from asymmetric_stages()
    yield Part("Pointwise")
    yield r"One tap, one group, \(\kappa = 1\)."
    yield Equal(same_size(of_layer(pointwise.family)), pointwise_per_byte)


def any_layer() -> Proof:
    count = Count(grouped.family)
    ((_, (stage,)),) = count.stages
    numbers = C_in * H * W + taps * C_in * C_out / g + C_out * area
    yield Part("Any layer")
    yield "Two operations for every multiply-accumulate are what a layer with a bias carries out."
    yield Uses("operation-count", "Bias")
    yield r"The layer reads \(C_{\mathrm{in}} H W\) numbers and \(k_h k_w C_{\mathrm{in}} C_{\mathrm{out}}/g\) weights, and writes \(C_{\mathrm{out}} H' W'\)."
    yield Equal(in_channels(count.bytes.expr), in_channels(nu * numbers))
    found = {intensity: in_channels(of_layer(grouped.family))}
    yield r"Divide twice the MACs by that, then numerator and denominator by the \(k_h k_w C_{\mathrm{in}} C_{\mathrm{out}} H'W'/g\) MACs."
    yield Equation(shown(per_byte), found)
    yield Establishes(per_byte, pixels)
    with_bias = in_channels(1 / count.intensity_with_bias.expr)
    yield r"A bias is \(C_{\mathrm{out}}\) numbers more to read, and makes the operations exactly twice the MACs: the bytes per operation are \(\nu/2\) times the three terms and \(g/(k_h k_w C_{\mathrm{in}} H'W')\)."
    yield Equal(with_bias, 1 / shown(per_byte).expr + nu / 2 * shown(for_bias).expr)
    yield Establishes(for_bias)
    share = in_channels(count.intensity.expr) / found[intensity]
    yield r"Without one there is an addition less for every output, for every \(D\) MACs: \(2 - 1/D\) operations instead of 2."
    yield Equal(share, carried_out.given({D: terms.expr}).expr)
    yield Equation(terms, {D: in_channels(stage.products / stage.outputs)})
    yield Establishes(carried_out, terms)


def depthwise_layer() -> Proof:
    found = square(of_layer(depthwise.family.without([l])))
    alike = {g: C, C_in: C, C_out: C, k_h: n, k_w: n}
    yield Part("Depthwise")
    yield "Every channel brings its own image, filter and result, so the number of channels cancels."
    yield Equation(shown(depthwise_per_byte), {intensity: found})
    yield Equation(shown(depthwise_per_byte), {intensity: shown(per_byte).expr.xreplace(alike)})
    yield Equation(per_channel, alike)
    yield Establishes(depthwise_per_byte, per_channel)
    yield r"The bound leaves out the weights, the term \(1/(H'W')\), which is positive."
    yield Signs(shown(below).given({intensity: found}))
    yield Establishes(below)
    strided = {H: s * H_out, W: s * W_out}
    more = pixels.given(strided).expr
    yield r"An image that keeps its size has as many pixels in as out, \(\kappa = 1\); with \(H = sH'\) and \(W = sW'\) it has \(s^2\) times as many."
    yield {
        "the same size": Equal(same_size(shown(below).expr), bound_at_one_size.expr),
        "stride s": Equal(below.given({kappa: more}).expr, bound_strided.expr),
    }
    yield from (Equation(side, strided) for side in (rows, columns))
    yield Establishes(below, bound_at_one_size, bound_strided, rows, columns)
    yield r"For \(n = 3\) and four bytes that is 9/4."
    yield Equal({"bound": (bound_at_one_size.expr.subs({n: 3, nu: 4}), Rational(9, 4))})


def standard_layer() -> Proof:
    found, bound = widened(of_layer(standard.family), C), shown(limit).expr
    yield Part("Standard")
    yield r"Input and output are \((1 + \kappa)/(n^2 C)\) per MAC. Take the bound \(2H'W'/\nu\) out: what remains is \(C/(C + C_*)\)."
    yield Equal(found / bound, part.expr.xreplace({C_half: shown(half).expr}))
    yield Establishes(part, limit, half)
    yield "It is less than 1,"
    yield Positive(cancel(bound - found))
    yield Establishes(limit)
    yield r"grows with every channel,"
    yield Positive(cancel(found.xreplace({C: C + 1}) - found))
    yield r"and exceeds 1/2 if and only if \(C > C_*\)."
    yield SameCondition(Claim(found, ">", bound / 2), Claim(C, ">", shown(half).expr))
    yield SameCondition(Claim(found, "=", bound / 2), shown(half).given({C_half: C}))
    yield Establishes(half)


def asymmetric_stages() -> Proof:
    whole = same_size(widened(of_layer(standard.family), C))
    ((_, stages),) = Count(asymmetric.family).stages
    each = {str(stage.stage.factor): same_size(widened(of_stage(stage), C)) for stage in stages}
    ratio = n * (2 * H * W + n * C) / (2 * H * W + n**2 * C)
    yield Part("Asymmetric")
    yield r"Each stage has \(n\) taps instead of \(n^2\), and \(\kappa = 1\)."
    yield {name: Equal(found, 2 / nu / (2 / (n * C) + 1 / (H * W))) for name, found in each.items()}
    yield r"The standard layer has \(n (2HW + nC)/(2HW + n^2 C)\) times that: nearly \(n\) where \(n^2 C\) is small compared with \(HW\)."
    yield {name: Equal(whole / found, ratio) for name, found in each.items()}
    yield r"For \(n \ge 2\) this factor is more than 1 and less than \(n\)."
    yield {
        "more than 1": Signs(Claim(ratio, ">", 1), two_taps),
        "less than n": Signs(Claim(ratio, "<", n), two_taps),
    }
    yield Establishes(two_taps)


def sharpness() -> Proof:
    bound, pair = (on_a_square(expr, 64, 32) for expr in (shown(below).expr, fused()))
    yield Without("moved once")
    yield r"A \(3 \times 3\) depthwise layer and the pointwise layer behind it, 64 channels on \(32 \times 32\) pixels, four bytes a number, run as one: the image between them never reaches memory, and the pair exceeds the bound of its first half."
    yield Counterexample({}, {"bound of the depthwise layer": bound, "fused pair": pair})
    one_pixel = Count(pointwise.family).intensity.expr
    yield Without("two operations each")
    yield "One channel, one tap, no bias: a multiplication for every output and nothing to add."
    yield Counterexample(
        {"K": [[1]]},
        {
            "operations carried out per byte": on_a_square(one_pixel, 1, 4),
            "two for every multiply-accumulate": on_a_square(of_layer(pointwise.family), 1, 4),
        },
    )
    wide, narrow = (on_a_square(of_layer(standard.family), many, 4) for many in (2048, 1024))
    yield Without("few channels")
    yield r"Twice as many channels, 2048 instead of 1024, in a \(3 \times 3\) layer on \(4 \times 4\) pixels: its intensity hardly changes."
    yield Counterexample(
        {}, {"channels grow by": Fraction(2048, 1024), "intensity grows by": wide / narrow}
    )


def of_layer(line: Line) -> Expr:
    """Twice the MACs of a layer over the bytes it moves, without bias."""
    count = Count(line)
    return nonempty(2 * count.macs.expr / count.bytes.expr, H_out, W_out)


def of_stage(stage: StageCount) -> Expr:
    """Twice the MACs of one stage of several over the bytes it moves."""
    return nonempty(2 * stage.products / (nu * stage.moved), H_out, W_out)


def fused() -> Expr:
    """FLOPs over bytes of a depthwise separable layer that keeps the image between its stages."""
    ((_, (first, second)),) = Count(depthwise_separable.family.without([l])).stages
    moved = first.reads + first.weights + second.weights + second.outputs
    return nonempty(2 * (first.products + second.products) / (nu * moved), H_out, W_out)


def shown(claim: Claim) -> Claim:
    """A formula of the statement with kappa in pixels, where something is written."""
    return claim.given({kappa: pixels.expr}).given({x: size(x.name) for x in (H_out, W_out)})


def in_channels(expr: Expr) -> Expr:
    """In terms of all channels instead of those of a group."""
    return nonempty(expr, H_out, W_out).xreplace({C_a: C_in / g, C_b: C_out / g, G: g})


def widened(expr: Expr, channels: Expr) -> Expr:
    """For a square kernel, with equally many channels at both ends, and in the middle."""
    return square(expr).xreplace({C_in: channels, C_out: channels, m: channels})


def on_a_square(expr: Expr, channels: int, side: int) -> Expr:
    """At equal channels, 3 × 3 taps, a square image that keeps its size, and four bytes."""
    return same_size(widened(expr, Integer(channels))).subs({H: side, W: side, n: 3, nu: 4})
