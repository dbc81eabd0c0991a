r"""No holes: a stack of layers reads every pixel of its receptive field exactly when no dilation is larger than what the smaller ones reach together, plus one.

Stack layers \(1, \dots, L\) along one axis, the first next to the image, layer \(l\) with \(k_l \ge 2\) taps, dilation \(d_l\) and stride \(s_l\). Its *effective dilation*, measured in pixels of the image, is \(e_l = d_l\, s_1 s_2 \cdots s_{l-1}\). An output away from the borders reads at most \(1 + \sum_l e_l (k_l - 1)\) pixels, from the first to the last: the receptive field. Sort the effective dilations, \(e_{(1)} \le e_{(2)} \le \dots \le e_{(L)}\). Then **every** pixel of the receptive field is read if and only if

\[e_{(l)} \le 1 + \sum_{t < l} e_{(t)} \bigl(k_{(t)} - 1\bigr) \qquad\text{for every } l.\]

A pixel is read if some choice of one tap in every layer leads to it; for positive weights that is to say that the output depends on it. The order of the layers plays no part but in \(e_l\). In particular one effective dilation has to be 1. Without holes the receptive field is at most \(k_1 k_2 \cdots k_L\); it is as large as that for \(e_{(l)} = k_{(1)} \cdots k_{(l-1)}\), where every pixel is read once.

| taps | effective dilations | receptive field | pixels read |
|---|---|---|---|
| 3, 3, 3 | 1, 2, 5 | 17 | 17 |
| 3, 3, 3 | 1, 2, 9 | 25 | 21 |
| 3, 3, 3 | 2, 2, 2 | 13 | 7 |
| 2, 2, 2, 2 | 1, 2, 4, 8 | 16 | 16 |

Hypotheses:
- two taps: \(k_l \ge 2\) in every layer; a layer with one tap may have any dilation
- sorted: the inequalities are asked of the effective dilations in ascending order
- the inequalities: one for every layer

Use: Choose dilations and strides that read every pixel: after dilations that together reach \(R\) pixels, the next one may be as large as \(R\).
"""

from collections.abc import Iterator, Mapping
from itertools import accumulate

from sympy import symbols

from derive import brute
from derive.algebra.windows import places
from derive.families import standard
from derive.notation.letters import HEIGHT, letter, size, u
from derive.proof.cases import Box
from derive.proof.evidence import Agree, Confirmed, Counterexample, Exact, Identity
from derive.proof.theorem import Dropped, Part, Sentence
from derive.second import no_holes as second

number = "A6"
topic = "stacking"
Layer = tuple[int, int, int]  # taps, dilation, stride


def proof() -> Iterator[Part | Sentence]:
    place = places(standard.family)[0]
    d, s, p, y = HEIGHT.dilation, HEIGHT.stride, HEIGHT.before, HEIGHT.pixel
    stride, shift, offset = size("S"), letter("P"), letter("E")

    yield Part("Offsets")
    yield (
        r"Let the layers below read the places \(S y - P + E\), where \(S\) is the product of their strides and the offset \(E\) depends on their taps only. A layer of stride \(s\) and dilation \(d\) on top, with \(s y + d u - p\) in place of \(y\), reads \(S s\, y - (P + S p) + E + S d\, u\): so an output reads the offsets \(\sum_l e_l u_l\), \(0 \le u_l < k_l\), from 0 to \(\sum_l e_l (k_l - 1)\). They are sums, whatever the order of the layers.",
        Identity(
            stride * place - shift + offset,
            stride * s * y - (shift + stride * p) + offset + stride * d * u,
        ),
    )

    yield Part("The inequalities are enough")
    yield (
        r"Add the layers in ascending order of \(e_l\). Without any layer the offset 0 is all there is. If those so far give all offsets from 0 to \(\Sigma\), and the next has \(e \le \Sigma + 1\), then it makes them all from 0 to \(\Sigma + e(k - 1)\): offset \(x\) with its tap \(u = \min(k - 1, \lfloor x/e \rfloor)\), since \(0 \le x - e u \le \Sigma\).",
        Confirmed(second.one_more_layer),
    )

    yield Part("The inequalities are needed")
    yield (
        r"Let \(e_{(l)} > 1 + \Sigma\), \(\Sigma\) the last offset of the layers before it. Offset \(1 + \Sigma\) belongs to the receptive field, because \(k_{(l)} \ge 2\). The layers before reach no further than \(\Sigma\) without the others, and any other tap than the first in one of the others adds at least \(e_{(l)}\): no choice of taps gives \(1 + \Sigma\).",
        Confirmed(second.gap),
    )

    yield Part("The largest field")
    field, e, k = symbols("F e k", integer=True, positive=True)
    yield (
        r"A layer that keeps a field of \(F = \Sigma + 1\) pixels without holes makes it \(F + e(k - 1)\), which is less than \(k F\) by \((k - 1)(F - e)\), where \(e \le F\). So the field is at most the product of all \(k_l\), with equality if every \(e\) is \(F\), the product of the \(k\) before; the number of choices of taps is then the number of pixels.",
        Identity(k * field - (field + e * (k - 1)), (k - 1) * (field - e)),
    )

    yield Part("Examples")
    yield (
        "The offsets of the four stacks of the table, added up one by one.",
        Exact(
            {
                f"dilations {', '.join(map(str, rates))}": (field_and_read(rates, taps), claim)
                for rates, taps, claim in (
                    ((1, 2, 5), 3, (17, 17)),
                    ((1, 2, 9), 3, (25, 21)),
                    ((2, 2, 2), 3, (13, 7)),
                    ((1, 2, 4, 8), 2, (16, 16)),
                )
            }
        ),
    )


def checks() -> Iterator[Sentence]:
    yield (
        "Going back from one output through three layers, tap by tap, the pixels that are met fill the field exactly where the inequalities hold.",
        Agree(
            lambda **case: filled(layers(case)),
            lambda **case: inequalities(effective(layers(case))),
            Box(
                k1=(2, 3),
                d1=(1, 2),
                s1=(1, 3),
                k2=(2, 4),
                d2=(1, 2, 3),
                s2=(1, 2),
                k3=(2, 3),
                d3=(1, 4),
            ),
            Box(
                k1=(2, 3, 4),
                d1=(1, 2, 3),
                s1=(1, 2, 3),
                k2=(2, 3, 4),
                d2=(1, 2, 3, 4),
                s2=(1, 2, 3),
                k3=(2, 3, 4),
                d3=range(1, 6),
            ),
        ),
    )
    yield (
        "Literal convolutions with weights of 1: the output depends on as many pixels.",
        Agree(
            lambda **case: depends_on(layers(case)),
            lambda **case: len(met(layers(case))),
            Box(k1=(2, 3), d1=(1, 2), s1=(1, 3), k2=(2, 3), d2=(1, 3)),
            Box(k1=(2, 3, 4), d1=(1, 2, 3), s1=(1, 2, 3, 4), k2=(2, 3, 4), d2=(1, 2, 3, 4)),
        ),
    )


def sharpness() -> Iterator[Dropped]:
    for rates in ((2, 2, 2), (1, 2, 9)):
        field, read = field_and_read(rates, 3)
        yield (
            "the inequalities",
            f"Three layers of 3 taps with dilations {', '.join(map(str, rates))}: some pixels of the field are not read.",
            Counterexample(
                {"dilations": list(rates)}, {"receptive field": field, "pixels read": read}
            ),
        )
    single = [(1, 2, 1)]
    yield (
        "two taps",
        r"One layer with one tap and \(d = 2\): \(e_{(1)} = 2\) is too large, but the only pixel of the field is read.",
        Counterexample(
            {"dilations": [2]},
            {
                "the inequality holds": inequalities(effective(single)),
                "every pixel is read": filled(single),
            },
        ),
    )
    falling = [(3, 2, 1), (3, 1, 1)]
    yield (
        "sorted",
        r"Dilation 2, then 1, three taps each: taken in that order the first inequality fails, but nothing is left out.",
        Counterexample(
            {"dilations": [2, 1]},
            {
                "they hold in the order of the layers": inequalities(
                    effective(falling), in_order=True
                ),
                "every pixel is read": filled(falling),
            },
        ),
    )


def layers(case: Mapping[str, int]) -> list[Layer]:
    """The layers that a case of a grid names, the one next to the image first."""
    count = sum(name.startswith("k") for name in case)
    return [(case[f"k{n}"], case[f"d{n}"], case.get(f"s{n}", 1)) for n in range(1, count + 1)]


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


def inequalities(dilations: list[tuple[int, int]], in_order: bool = False) -> bool:
    """Whether each effective dilation is at most 1 plus the reach of those before, sorted."""
    ordered = dilations if in_order else sorted(dilations)
    return all(
        e <= 1 + sum(before * (k - 1) for before, k in ordered[:n])
        for n, (e, _) in enumerate(ordered)
    )


def field_and_read(rates: tuple[int, ...], taps: int) -> tuple[int, int]:
    """Receptive field, and how many of its pixels are read, for stride 1."""
    pixels = met([(taps, rate, 1) for rate in rates])
    return max(pixels) + 1, len(pixels)


def depends_on(stack: list[Layer]) -> int:
    """Pixels on which the output of all-ones layers depends, by literal convolutions."""
    wide = 1 + sum(e * (k - 1) for e, k in effective(stack))
    return sum(response(stack, pixel, wide) != 0 for pixel in range(wide))


def response(stack: list[Layer], pixel: int, wide: int) -> brute.Number:
    """The first output for an image that is 1 at one pixel."""
    image: brute.Tensor = {(at,): int(at == pixel) for at in range(wide)}
    for taps, dilation, stride in stack:
        kernel: brute.Tensor = {(tap,): 1 for tap in range(taps)}
        axis = brute.Axis(len(image), taps, stride, dilation)
        image = brute.convolve(kernel, image, "", "", "u", {}, {"u": axis}).output
    return image[0,]
