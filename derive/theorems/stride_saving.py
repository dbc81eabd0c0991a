r"""Stride saving: a stride eats what an asymmetric pair saves in operations, since its first stage still runs at full size along one axis.

A stage forms as many products as its letters have values, those it reads and those of its factor, times the rows and columns it writes. The first filter of a pair shrinks the image along one axis only.

Let \(s\) be the stride of both axes and \($tall\), \($wide\), as with "same" padding, \($same\), whenever \(s\) divides both sizes. In either order an \(n \times n\) pair costs \($cost\) MACs. It saves some, against the standard layer, $iff_saves_some

\[$saves,\]

for 3 channels to 8, \(3 \times 3\) taps and stride 2 $iff_saves_at_two \($five\). With \($equal\) the ratio is

\[$ratio,\]

and the pair saves $iff_saves_square \($large\): at stride 2 not a \(3 \times 3\) layer, which ties, but a \(4 \times 4\) one and more, of the odd sizes \(5 \times 5\). Its parameters are \($weights\) of the standard layer's at every stride.

A depthwise separable layer keeps its ratio \($kept\) [at every stride](break-even.md), if the depthwise stage comes first. The pointwise stage first, with the same weights, is the same convolution too, but costs \($pointwise\), more than the standard layer.

Hypotheses:
- equal strides: stride \(s\) on both axes, dividing both sizes, and padding that makes \($tall\) and \($wide\), so that at least one pixel is written
- equal channels: \($equal\), for the ratio \($ratio\)
- stride 1: for the MACs of a pair to shrink like its parameters
- depthwise first: the depthwise stage runs before the pointwise one

Use: Do not factor strided \(3 \times 3\) layers asymmetrically to save MACs; take a depthwise separable layer there, depthwise stage first.
"""

from derive import oracle
from derive.algebra.sizes import square
from derive.catalogue import FAMILIES
from derive.families import asymmetric, asymmetric_horizontal_first, depthwise_separable, standard
from derive.proof.costs import less
from derive.proof.language import *

number = "A3"
topic = "counting"

s, before, after = ALONE.stride, ALONE.before, ALONE.after

tall, wide = Claim(H, "=", s * H_out), Claim(W, "=", s * W_out)
same = Claim(before + after, "=", ALONE.dilation * (ALONE.kernel - 1))
cost = Claim(m * n * H_out * W_out * (s * C_in + C_out))
saves = Claim(m, "<", n * C_in * C_out / (s * C_in + C_out))
five = Claim(m, "≤", 5)
equal = Claim(C_in, "=", C_out, "=", m)
ratio = Claim((s + 1) / n)
large = Claim(n, ">", s + 1)
weights = Claim(2 / n)
kept = Claim(1 / C_out + 1 / n**2)
pointwise = Claim(C_in * C_out * (H * W + n**2 * H_out * W_out))
iff_saves_some = iff()
iff_saves_at_two = iff()
iff_saves_square = iff()


def proof() -> Proof:
    yield Part("Cost of a stage")
    yield "The products of a stage, for every family: the sizes of the letters in what it reads or in its factor, times the rows and columns it writes."
    yield cost_law()

    yield Part("Output size")
    windows = ALONE.output
    axis = Axis(s * windows, ALONE.kernel, s, ALONE.dilation, before, same.expr - before)
    yield r"With \(p^- + p^+ = d(k - 1)\) the first window of \(H = sh\) pixels can move \(L = sh - 1 = s(h - 1) + (s - 1)\) pixels. The remainder \(s - 1\) is at least 0 and less than \(s\), so \(\lfloor L/s \rfloor + 1 = h\)."
    yield Equal(axis.room, s * (windows - 1) + (s - 1))
    yield Establishes(same)

    yield Part("Asymmetric pair")
    whole = standard.family
    yield r"The filters write \(H' \times W\) and \(H' \times W'\) pixels, or \(H \times W'\) and \(H' \times W'\). With \(H = sH'\) and \(W = sW'\) both orders cost \(m\, n H' W' (s\, C_{\mathrm{in}} + C_{\mathrm{out}})\)."
    yield in_both_orders(lambda pair: Equal(macs(pair), nonempty(cost.expr, H_out, W_out)))
    yield Establishes(tall, wide, cost)
    yield r"Subtract that from \(n^2 C_{\mathrm{in}} C_{\mathrm{out}} H' W'\)."
    yield in_both_orders(lambda pair: SameCondition(less(macs, pair, whole), saves, iff_saves_some))
    yield r"For \(C_{\mathrm{in}} = C_{\mathrm{out}} = m\) the ratio is \((s + 1)/n\),"
    yield in_both_orders(lambda pair: Equal(alike(macs(pair) / macs(whole)), ratio))
    yield Establishes(equal)
    yield r"so that what is saved has the sign of \(n - (s + 1)\);"
    yield in_both_orders(
        lambda pair: SameCondition(Claim(alike(macs(pair)), "<", alike(macs(whole))), large)
    )
    yield Establishes(large, iff_saves_square)
    parameters = Count(whole).parameters.expr
    yield r"of the parameters \(2/n\) are left, whatever the stride."
    yield in_both_orders(
        lambda pair: Equal(alike(Count(pair).parameters.expr / parameters), weights)
    )
    threshold = cancel(macs(whole) / macs(asymmetric.family) * m)
    yield "The examples at stride 2: a tie for 3 × 3, a quarter saved for 4 × 4, and for 3 channels to 8 a break-even between 5 and 6."
    yield {
        "3 × 3": (at(ratio.expr, 3), 1),
        "4 × 4": (at(ratio.expr, 4), Rational(3, 4)),
        "break-even": (at(threshold, 3), Rational(36, 7)),
    }
    yield Establishes(iff_saves_at_two)

    yield Part("Depthwise separable")
    yield "The depthwise stage writes at the final size already, so both of its stages shrink as the standard layer does."
    yield Uses("break-even", "Depthwise separable against standard")
    sides = two_sides(pointwise_first(), kernel_of=separable())
    yield "The pointwise stage first is the same convolution, with one image for every pair of an output and an input channel in between,"
    yield Equal(sides.nested, sides.single, sides.free, sides.supports)
    yield r"which the pointwise stage writes at full size: \(C_{\mathrm{in}} C_{\mathrm{out}} (HW + k_h k_w H' W')\),"
    yield Equal(Count(pointwise_first()).macs.expr, pointwise.expr.xreplace({n**2: k_h * k_w}))
    yield Establishes(pointwise)
    yield "more than the standard layer by the first term."
    yield Positive(Count(pointwise_first()).macs.expr - Count(standard.family).macs.expr)


def sharpness() -> Proof:
    layer = {"n": 3, "s": 2, "C_in": 1, "C_out": 1, "m": 1}
    pair, whole = spent(asymmetric.family, **layer), spent(standard.family, **layer)
    yield Without("stride 1")
    yield r"One channel, \(3 \times 3\) taps, stride 2: a third fewer parameters, but not one multiplication less."
    yield Counterexample(
        {"A": [[1], [1], [1]], "B": [[1, 1, 1]]},
        {
            "share of the parameters": Fraction(pair[0], whole[0]),
            "share of the multiplications": share(asymmetric.family, **layer),
        },
    )
    one_way, claimed = share(asymmetric.family, **layer, s_w=1), at(ratio.expr, layer["n"])
    yield Without("equal strides")
    yield r"The same with stride 2 along the height only: the column filter shrinks the image first, and the pair saves a third after all."
    yield Counterexample(
        {"A": [[1], [1], [1]], "B": [[1, 1, 1]]},
        {"share of the multiplications": one_way, "(s + 1)/n": claimed},
    )
    unequal = share(asymmetric.family, **layer | {"C_out": 2})
    yield Without("equal channels")
    yield "One channel to two with one middle channel, stride 2."
    yield Counterexample(
        {"A": [[[[1], [1], [1]]]], "B": [[[[1, 1, 1]]], [[[1, 1, 1]]]]},
        {"share of the multiplications": unequal, "(s + 1)/n": claimed},
    )
    two = layer | {"n": 1, "s": 1, "C_in": 2, "C_out": 2}
    yield Without("depthwise first")
    yield r"Two channels to two, \(1 \times 1\), stride 1: the same kernel by the same weights."
    yield Counterexample(
        {"D": [[1], [1]], "P": [[1, 1], [1, 1]]},
        {
            f"multiplications, {name}": spent(family, **two)[1]
            for name, family in {
                "depthwise first": separable(),
                "pointwise first": pointwise_first(),
                "standard": standard.family,
            }.items()
        },
    )


def in_both_orders(evidence: Callable[[Family], Evidence]) -> dict[str, Evidence]:
    """Evidence about the asymmetric pair, for each of its two orders."""
    return {
        "vertical first": evidence(asymmetric.family),
        "horizontal first": evidence(asymmetric_horizontal_first.family),
    }


def separable() -> Family:
    """The depthwise separable layer with one filter for each input channel."""
    return depthwise_separable.family.without([l])


def pointwise_first() -> Family:
    """The depthwise separable layer with its factors in the other order."""
    return Family(*reversed(separable().factors))


def cost_law() -> dict[str, Evidence]:
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
    return {name: Equal(*map(Matrix, zip(*sides, strict=True))) for name, sides in found.items()}


def macs(line: Line) -> Expr:
    """MACs of an n × n layer whose stride divides the image."""
    image = {one.terms[0]: nonempty(one.expr, H_out, W_out) for one in (tall, wide)}
    return square(nonempty(Count(line).macs.expr, H_out, W_out)).xreplace(image)


def alike(expr: Expr) -> Expr:
    """For a square kernel and as many channels everywhere."""
    return cancel(square(expr).xreplace(dict.fromkeys(equal.terms, equal.expr)))


def at(expr: Expr, side: int) -> Expr:
    """At stride 2, 3 channels to 8, for a kernel of the given side."""
    return expr.subs({s: 2, n: side, C_in: 3, C_out: 8})


def spent(family: Family, n: int, s: int, **sizes: int) -> tuple[int, int]:
    """Weights and multiplications of a family of ones with "same" padding, n odd, on an image of
    two windows by one."""
    tall, wide = (
        oracle.Axis(windows * step, n, step, 1, n // 2, n // 2)
        for windows, step in ((2, s), (1, sizes.get("s_w", s)))
    )
    extents = {"i": sizes["C_in"], "o": sizes["C_out"], "j": sizes["m"]}
    weights, run = oracle.all_ones(family.factors, tall, wide, sizes=extents)
    return weights, run.multiplications


def share(family: Family, **layer: int) -> Rational:
    """The multiplications of a family, to those of the standard layer."""
    return Rational(spent(family, **layer)[1], spent(standard.family, **layer)[1])
