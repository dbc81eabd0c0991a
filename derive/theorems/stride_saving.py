r"""Stride saving: a stride eats what an asymmetric pair saves in operations, since its first stage still runs at full size along one axis.

A stage forms as many products as its letters have values, those it reads and those of its factor, times the rows and columns it writes. The first filter of a pair shrinks the image along one axis only.

Let \(s\) be the stride of both axes and \(H = s H'\), \(W = s W'\), as with "same" padding, \(p^- + p^+ = d(k - 1)\), whenever \(s\) divides both sizes. In either order an \(n \times n\) pair costs \(m\, n H' W' (s\, C_{\mathrm{in}} + C_{\mathrm{out}})\) MACs. It saves some, against the standard layer, if and only if

\[m < \frac{n\, C_{\mathrm{in}} C_{\mathrm{out}}}{s\, C_{\mathrm{in}} + C_{\mathrm{out}}},\]

for 3 channels to 8, \(n = 3\) and stride 2 up to \(m = 5\). With \(C_{\mathrm{in}} = C_{\mathrm{out}} = m\) the ratio is

\[\frac{s + 1}{n},\]

and the pair saves if and only if \(n > s + 1\): at stride 2 not a \(3 \times 3\) layer, which ties, but a \(4 \times 4\) one and more, of the odd sizes \(5 \times 5\). Its parameters are \(2/n\) at every stride.

A depthwise separable layer keeps its ratio \(1/C_{\mathrm{out}} + 1/n^2\) [at every stride](break-even.md), if the depthwise stage comes first. The pointwise stage first, with the same weights, is the same convolution too, but costs \(C_{\mathrm{in}} C_{\mathrm{out}} (HW + n^2 H' W')\), more than the standard layer.

Hypotheses:
- equal strides: stride \(s\) on both axes, dividing both sizes, and padding that makes \(H' = H/s\) and \(W' = W/s\), so that at least one pixel is written
- equal channels: \(C_{\mathrm{in}} = C_{\mathrm{out}} = m\), for the ratio \((s + 1)/n\)
- stride 1: for the MACs of a pair to shrink like its parameters
- depthwise first: the depthwise stage runs before the pointwise one

Use: Do not factor strided \(3 \times 3\) layers asymmetrically to save MACs; take a depthwise separable layer there, depthwise stage first.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from sympy import cancel, Expr, Integer, Matrix, Rational

from derive import brute
from derive.algebra.counting import Count
from derive.algebra.pipeline import two_sides
from derive.algebra.sizes import nonempty, square
from derive.catalogue import FAMILIES
from derive.families import (
    asymmetric,
    asymmetric_horizontal_first,
    depthwise_separable,
    standard,
)
from derive.notation.axis import Axis
from derive.notation.family import Family, Line
from derive.notation.letters import (
    C_in,
    C_out,
    H,
    H_out,
    HEIGHT,
    k_h,
    k_w,
    l,
    m,
    n,
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
    SameSum,
    Uses,
)
from derive.proof.theorem import Dropped, Part, Sentence
from derive.second import stride_saving as second

number = "A3"
topic = "counting"

s = HEIGHT.stride


def proof() -> Iterator[Part | Sentence]:
    yield Part("Cost of a stage")
    yield (
        "The products of a stage, for every family: the sizes of the letters in what it reads or in its factor, times the rows and columns it writes.",
        cost_law(),
    )

    yield Part("Output size")
    d = HEIGHT
    after = d.dilation * (d.kernel - 1) - d.before
    axis = Axis(s * d.output, d.kernel, s, d.dilation, d.before, after)
    yield (
        r"With \(p^- + p^+ = d(k - 1)\) the first window of \(H = sh\) pixels can move \(L = sh - 1 = s(h - 1) + (s - 1)\) pixels. The remainder \(s - 1\) is at least 0 and less than \(s\), so \(\lfloor L/s \rfloor + 1 = h\).",
        Identity(axis.room, s * (d.output - 1) + (s - 1)),
    )

    yield Part("Asymmetric pair")
    yield (
        r"The filters write \(H' \times W\) and \(H' \times W'\) pixels, or \(H \times W'\) and \(H' \times W'\). With \(H = sH'\) and \(W = sW'\) both orders cost \(m\, n H' W' (s\, C_{\mathrm{in}} + C_{\mathrm{out}})\).",
        Every(
            {
                name: Identity(
                    macs(family), m * n * nonempty(H_out * W_out, H_out, W_out) * (s * C_in + C_out)
                )
                for name, family in orders().items()
            }
        ),
    )
    yield (
        r"Subtract that from \(n^2 C_{\mathrm{in}} C_{\mathrm{out}} H' W'\).",
        Every(
            {
                name: Equivalent(
                    macs(standard.family) - macs(family), n * C_in * C_out / (s * C_in + C_out) - m
                )
                for name, family in orders().items()
            }
        ),
    )
    yield (
        r"For \(C_{\mathrm{in}} = C_{\mathrm{out}} = m\) the ratio is \((s + 1)/n\),",
        Every(
            {
                name: Identity(equal(macs(family) / macs(standard.family)), (s + 1) / n)
                for name, family in orders().items()
            }
        ),
    )
    yield (
        r"so that what is saved has the sign of \(n - (s + 1)\);",
        Every(
            {
                name: Equivalent(equal(macs(standard.family) - macs(family)), n - (s + 1))
                for name, family in orders().items()
            }
        ),
    )
    yield (
        r"of the parameters \(2/n\) are left, whatever the stride.",
        Every(
            {
                name: Identity(equal(parameters(family) / parameters(standard.family)), 2 / n)
                for name, family in orders().items()
            }
        ),
    )
    ratio = equal(macs(asymmetric.family) / macs(standard.family))
    wide = macs(standard.family) / macs(asymmetric.family) * m
    yield (
        "The examples at stride 2: a tie for 3 × 3, a quarter saved for 4 × 4, and for 3 channels to 8 a break-even between 5 and 6.",
        Exact(
            {
                "3 × 3": (at(ratio, 3), 1),
                "4 × 4": (at(ratio, 4), Rational(3, 4)),
                "break-even": (at(cancel(wide), 3), Rational(36, 7)),
            }
        ),
    )

    yield Part("Depthwise separable")
    yield (
        "The depthwise stage writes at the final size already, so both of its stages shrink as the standard layer does.",
        Uses("break-even", "Depthwise separable against standard"),
    )
    sides = two_sides(pointwise_first(), kernel_of=separable())
    yield (
        "The pointwise stage first is the same convolution, with one image for every pair of an output and an input channel in between,",
        SameSum(sides.nested, sides.single, sides.free, sides.supports),
    )
    yield (
        r"which the pointwise stage writes at full size: \(C_{\mathrm{in}} C_{\mathrm{out}} (HW + k_h k_w H' W')\),",
        Identity(
            Count(pointwise_first()).macs.expr, C_in * C_out * (H * W + k_h * k_w * H_out * W_out)
        ),
    )
    yield (
        "more than the standard layer by the first term.",
        Positive(Count(pointwise_first()).macs.expr - Count(standard.family).macs.expr),
    )


def checks() -> Iterator[Sentence]:
    yield (
        "A second prover confirms the output size and the thresholds over all integers.",
        Confirmed(second.strides),
    )
    yield (
        "Literal loops spend fewer multiplications on a pair, in either order, exactly below the threshold.",
        Agree(
            lambda n, s, C_in, C_out, m: (m * (s * C_in + C_out) < n * C_in * C_out,) * 2,
            cheaper,
            Box(n=(1, 3), s=(1, 2), C_in=(1, 2), C_out=(1, 3), m=(1, 2)),
            Box(n=(1, 3, 5), s=(1, 2, 3), C_in=(1, 2, 3), C_out=(1, 2, 3), m=(1, 2, 3)),
        ),
    )


def sharpness() -> Iterator[Dropped]:
    layer = {"n": 3, "s": 2, "C_in": 1, "C_out": 1, "m": 1}
    pair, whole = spent(asymmetric.family, **layer), spent(standard.family, **layer)
    yield (
        "stride 1",
        r"One channel, \(3 \times 3\) taps, stride 2: a third fewer parameters, but not one multiplication less.",
        Counterexample(
            {"A": [[1], [1], [1]], "B": [[1, 1, 1]]},
            {
                "share of the parameters": Fraction(pair[0], whole[0]),
                "share of the multiplications": Fraction(pair[1], whole[1]),
            },
        ),
    )
    tall = spent(asymmetric.family, **layer | {"s_w": 1})
    yield (
        "equal strides",
        r"The same with stride 2 along the height only: the column filter shrinks the image first, and the pair saves a third after all.",
        Counterexample(
            {"A": [[1], [1], [1]], "B": [[1, 1, 1]]},
            {
                "share of the multiplications": Fraction(
                    tall[1], spent(standard.family, **layer | {"s_w": 1})[1]
                ),
                "(s + 1)/n": Fraction(layer["s"] + 1, layer["n"]),
            },
        ),
    )
    unequal = layer | {"C_out": 2}
    yield (
        "equal channels",
        "One channel to two with one middle channel, stride 2.",
        Counterexample(
            {"A": [[[[1], [1], [1]]]], "B": [[[[1, 1, 1]]], [[[1, 1, 1]]]]},
            {
                "share of the multiplications": Fraction(
                    spent(asymmetric.family, **unequal)[1], spent(standard.family, **unequal)[1]
                ),
                "(s + 1)/n": Fraction(layer["s"] + 1, layer["n"]),
            },
        ),
    )
    two = layer | {"n": 1, "s": 1, "C_in": 2, "C_out": 2}
    yield (
        "depthwise first",
        r"Two channels to two, \(1 \times 1\), stride 1: the same kernel by the same weights.",
        Counterexample(
            {"D": [[1], [1]], "P": [[1, 1], [1, 1]]},
            {
                f"multiplications, {name}": spent(family, **two)[1]
                for name, family in {
                    "depthwise first": separable(),
                    "pointwise first": pointwise_first(),
                    "standard": standard.family,
                }.items()
            },
        ),
    )


def orders() -> dict[str, Family]:
    """The asymmetric pair in its two orders."""
    return {
        "vertical first": asymmetric.family,
        "horizontal first": asymmetric_horizontal_first.family,
    }


def separable() -> Family:
    """The depthwise separable layer with one filter for each input channel."""
    return depthwise_separable.family.without([l])


def pointwise_first() -> Family:
    """The same factors in the other order."""
    return Family(*reversed(separable().factors))


def cost_law() -> Every:
    """For every stage of every family its products, and the values of its letters × its pixels."""
    found: dict[str, list[tuple[Expr, Expr]]] = {}
    for name, entry in FAMILIES.items():
        pixels = {d.pixel for d in entry.directions}
        for (_, family), (_, stages) in zip(entry.family.branches, entry.count.stages, strict=True):
            for read, factor, stage in zip(family.states, family.factors, stages, strict=False):
                letters = dict.fromkeys((*read, *factor.indices))
                cost = family.extent(letters)
                for letter, extent in stage.stage.domain:
                    cost *= extent if letter in pixels else 1
                found.setdefault(name, []).append((stage.products, cost))
    return Every(
        {name: Identity(*map(Matrix, zip(*sides, strict=True))) for name, sides in found.items()}
    )


def macs(line: Line) -> Expr:
    """MACs of an n × n layer whose stride divides the image."""
    image = {d.input: s * nonempty(d.output, d.output) for d in (HEIGHT, WIDTH)}
    return square(nonempty(Count(line).macs.expr, H_out, W_out)).xreplace(image)


def parameters(line: Line) -> Expr:
    """Weights of an n × n layer."""
    return square(Count(line).parameters.expr)


def equal(expr: Expr) -> Expr:
    """For C_in = C_out = m."""
    return cancel(expr.xreplace({C_in: m, C_out: m}))


def at(expr: Expr, side: int) -> Expr:
    """At stride 2, 3 channels to 8, for a kernel of the given side."""
    known = {s: 2, n: side, C_in: 3, C_out: 8}
    return expr.xreplace({symbol: Integer(number) for symbol, number in known.items()})


def spent(family: Family, n: int, s: int, **sizes: int) -> tuple[int, int]:
    """Weights and multiplications of a family of ones with "same" padding, n odd, on an image of
    two windows by one."""
    extents = {"i": sizes["C_in"], "o": sizes["C_out"], "j": sizes["m"], "u": n, "v": n}
    words = ["".join(x.name for x in factor.indices) for factor in family.factors]
    factors = [(word, filled(*(extents[x] for x in word))) for word in words]
    steps, margin = (s, sizes.get("s_w", s)), n // 2
    axes = {
        tap: brute.Axis(windows * step, n, step, 1, margin, margin)
        for tap, windows, step in zip("uv", (2, 1), steps, strict=True)
    }
    image = filled(extents["i"], *(axis.size for axis in axes.values()))
    run = brute.pipeline(factors, image, "i", "o", extents, axes)
    return sum(len(tensor) for _, tensor in factors), run.multiplications


def cheaper(**layer: int) -> tuple[Any, ...]:
    """Whether a pair spends fewer multiplications than the standard layer, in both orders."""
    whole = spent(standard.family, **layer)[1]
    return tuple(spent(family, **layer)[1] < whole for family in orders().values())


def filled(*extents: int) -> brute.Tensor:
    """A tensor of ones."""
    return dict.fromkeys(product(*map(range, extents)), 1)
