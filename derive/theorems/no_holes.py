r"""No holes: a stack of layers reads every pixel of its receptive field exactly when no dilation is larger than what the smaller ones reach together, plus one.

Stack layers \(1, \dots, L\) along one axis, the first next to the image, layer \(l\) with \($taps\) taps, dilation \(d_l\) and stride \(s_l\). Its *effective dilation*, measured in pixels of the image, is \($dilated\). An output away from the borders reads at most \($field\) pixels, from the first to the last: the receptive field. Sort the effective dilations in ascending order, and let \(e_{(l)}\) be the one in place \(l\) and \(k_{(l)}\) the taps of its layer. Then **every** pixel of the receptive field is read $iff_every_pixel

\[$small \qquad\text{for every } l.\]

A pixel is read if some choice of one tap in every layer leads to it; for positive weights that is to say that the output depends on it. The order of the layers plays no part but in \(e_l\). In particular one effective dilation has to be 1. Without holes the receptive field is at most \($most\); it is as large as that $iff_every_pixel_once \($largest\) for every \(l\), and then every pixel is read once.

$examples

Hypotheses:
- two taps: \($taps\) in every layer; a layer with one tap may have any dilation
- sorted: the inequalities are asked of the effective dilations in ascending order
- the inequalities: one for every layer

Use: Choose dilations and strides that read every pixel: after dilations that together reach \(R\) pixels, the next one may be as large as \(R\).
"""

from itertools import accumulate, starmap

from sympy import Product

from derive.families import standard
from derive.proof.language import *

number = "A6"
topic = "stacking"
Layer = tuple[int, int, int]  # taps, dilation, stride

L = size("L")
pixels = Quantity("pixels", r"\text{pixels}")
k, d, s, e = (sequence(name, f"{name}_{{%s}}") for name in "kdse")
k_sorted, e_sorted = (sequence(f"{name}_sorted", f"{name}_{{(%s)}}") for name in "ke")

taps = Claim(k(l), "≥", 2)
dilated = Claim(e(l), "=", d(l) * Product(s(t), (t, 1, l - 1)))
field = Claim(1 + Sum(e(l) * (k(l) - 1), (l, 1, L)))
small = Claim(e_sorted(l), "≤", 1 + Sum(e_sorted(t) * (k_sorted(t) - 1), (t, 1, l - 1)))
most = Claim(Product(k(l), (l, 1, L)))
largest = Claim(e_sorted(l), "=", Product(k_sorted(t), (t, 1, l - 1)))
examples = Table(
    ("effective dilations", "taps", "receptive field", "pixels read"),
    (Tuple(1, 2, 5), Tuple(3, 3, 3), 17, 17),
    (Tuple(1, 2, 9), Tuple(3, 3, 3), 25, 21),
    (Tuple(2, 2, 2), Tuple(3, 3, 3), 13, 7),
    (Tuple(1, 2, 4, 8), Tuple(2, 2, 2, 2), 16, 16),
)
iff_every_pixel = iff()
iff_every_pixel_once = iff()


def proof() -> Proof:
    (place,) = places(standard.family)[:1]
    stride, shift, offset = size("S"), letter("P"), letter("E")
    dilation = dilated.expr.xreplace({Product(s(t), (t, 1, l - 1)): stride, d(l): HEIGHT.dilation})

    yield Part("Offsets")
    yield r"Let the layers below read the places \(S y - P + E\), where \(S\) is the product of their strides and the offset \(E\) depends on their taps only. A layer of stride \(s\) and dilation \(d\) on top, with \(s y + d u - p\) instead of \(y\), reads \(S s\, y - (P + S p) + E + S d\, u\): so an output reads the offsets \(\sum_l e_l u_l\), \(0 \le u_l < k_l\), from 0 to \(\sum_l e_l (k_l - 1)\). They are sums, whatever the order of the layers."
    yield Equal(
        stride * place - shift + offset,
        stride * HEIGHT.stride * HEIGHT.pixel
        - (shift + stride * HEIGHT.before)
        + offset
        + dilation * u,
    )
    yield Establishes(dilated)

    yield Part("The inequalities are enough")
    yield r"Add the layers in ascending order of \(e_l\). Without any layer the offset 0 is all there is. If those so far give all offsets from 0 to \(\Sigma\), and the next has \(e \le \Sigma + 1\), then it makes them all from 0 to \(\Sigma + e(k - 1)\): offset \(x\) with its tap \(u = \min(k - 1, \lfloor x/e \rfloor)\), since \(0 \le x - e u \le \Sigma\)."
    yield Confirmed("no_holes.one_more_layer")
    yield Establishes(iff_every_pixel["if"])

    yield Part("The inequalities are needed")
    yield r"Let \(e_{(l)} > 1 + \Sigma\), \(\Sigma\) the last offset of the layers before it. Offset \(1 + \Sigma\) belongs to the receptive field, because \(k_{(l)} \ge 2\). The layers before reach no further than \(\Sigma\) without the others, and any other tap than the first in one of the others adds at least \(e_{(l)}\): no choice of taps gives \(1 + \Sigma\)."
    yield Confirmed("no_holes.gap")
    yield Establishes(iff_every_pixel["only if"])

    yield Part("The largest field")
    F, e_next, k_next = symbols("F e k", integer=True, positive=True)
    yield r"A layer that keeps a field of \(F = \Sigma + 1\) pixels without holes makes it \(F + e(k - 1)\), which is less than \(k F\) by \((k - 1)(F - e)\), where \(e \le F\). So the field is at most the product of all \(k_l\), with equality if every \(e\) is \(F\), the product of the \(k\) before; the number of choices of taps is then the number of pixels."
    yield Equal(k_next * F - (F + e_next * (k_next - 1)), (k_next - 1) * (F - e_next))
    yield Establishes(iff_every_pixel_once)

    yield Part("Examples")
    yield "The offsets of the four stacks of the table, added up one by one."
    yield Equal({f"dilations {row[0]}": (field_and_read(row), row[2:]) for row in examples})
    yield Establishes(examples)


def sharpness() -> Proof:
    for rates in ((2, 2, 2), (1, 2, 9)):
        last, read = field_and_read((rates, (3, 3, 3)))
        yield Without("the inequalities")
        yield f"Three layers of 3 taps with dilations {', '.join(map(str, rates))}: some pixels of the field are not read."
        yield Counterexample(
            {"dilations": list(rates)}, {"receptive field": last, "pixels read": read}
        )
    single = [(1, 2, 1)]
    yield Without("two taps")
    yield r"One layer with one tap and \(d = 2\): \(e_{(1)} = 2\) is too large, but the only pixel of the field is read."
    yield Counterexample(
        {"dilations": [2]},
        {
            "the inequality holds": inequalities(effective(single)),
            "every pixel is read": filled(single),
        },
    )
    falling = [(3, 2, 1), (3, 1, 1)]
    yield Without("sorted")
    yield r"Dilation 2, then 1, three taps each: taken in that order the first inequality fails, but nothing is left out."
    yield Counterexample(
        {"dilations": [2, 1]},
        {
            "they hold in the order of the layers": inequalities(effective(falling), as_given=True),
            "every pixel is read": filled(falling),
        },
    )


def met(stack: list[Layer]) -> set[int]:
    """The pixels that output 0 reads, found by going back layer by layer."""
    pixels = {0}
    for taps, dilation, stride in reversed(stack):
        pixels = {stride * y + dilation * tap for y in pixels for tap in range(taps)}
    return pixels


def filled(stack: list[Layer]) -> bool:
    """Whether output 0 reads every pixel from the first to the last."""
    pixels = met(stack)
    return len(pixels) == max(pixels) + 1


def effective(stack: list[Layer]) -> list[tuple[int, int]]:
    """Effective dilation and number of taps of every layer."""
    below = accumulate((stride for *_, stride in stack), int.__mul__, initial=1)
    return [(d * S, k) for (k, d, _), S in zip(stack, below, strict=False)]


def inequalities(dilations: list[tuple[int, int]], as_given: bool = False) -> bool:
    """Whether each effective dilation is at most 1 plus the reach of those before, sorted."""
    values = ascending(dilations if as_given else sorted(dilations))
    return all(small.given({l: n + 1}).holds(values) for n in range(len(dilations)))


def ascending(dilations: list[tuple[int, int]]) -> Mapping[Any, Any]:
    """Effective dilations and taps in the given order as those that are sorted."""
    return dict(
        zip((e_sorted, k_sorted), starmap(members, zip(*dilations, strict=True)), strict=True)
    )


def field_and_read(row: Sequence[Any]) -> tuple[int, int]:
    """Receptive field, and how many of its pixels are read: dilations and taps at stride 1."""
    rates, taps, *_ = row
    read = met([(int(k), int(rate), 1) for rate, k in zip(rates, taps, strict=True)])
    return max(read) + 1, len(read)
