"""No holes: cross-checks by literal loops, grids of cases and questions for z3."""

from itertools import chain, starmap
from math import prod

from derive import oracle
from derive.proof.language import *
from derive.proof.questions import Queries, rounded_down, smaller
from derive.theorems import no_holes as theorem


def checks() -> Proof:
    pair: dict[str, Any] = {"k1": (2, 3), "d1": (1, 2), "s1": (1, 3), "k2": (2,), "d2": (1, 2, 3)}
    third: dict[str, Any] = {"s2": (1, 2), "k3": (2, 3), "d3": (1, 4)}
    two, three = Grid(**pair), Grid(**pair | third)
    yield "Going back from one output through three layers, tap by tap: tap 1 of a layer lies its effective dilation from tap 0."
    yield Holds(
        theorem.dilated,
        lambda l, **case: {**in_order(layers(case)), theorem.e(l): moved(layers(case), l)},
        Grid(
            l=(1, 2, 3),
            k1=(2,),
            d1=(2,),
            s1=(2, 3),
            k2=(2,),
            d2=(1, 3),
            s2=(2,),
            k3=(2,),
            d3=(1, 4),
        ),
    )
    yield Establishes(theorem.dilated)
    yield "The pixels that are met lie as far apart as the field says,"
    yield Holds(Claim(theorem.pixels, "=", theorem.field.expr), from_first_to_last, two, three)
    yield Establishes(theorem.field)
    yield "and fill it exactly where the inequalities hold."
    yield Agree(
        lambda **case: theorem.filled(layers(case)),
        lambda **case: theorem.inequalities(theorem.effective(layers(case))),
        CaseList(
            "two and three layers",
            lambda: chain(two, Grid(**pair | third | {"k1": (2,), "s1": (1,)})),
        ),
        Grid(
            k1=(2, 3, 4),
            d1=(1, 2, 3),
            s1=(1, 2),
            k2=(2, 3),
            d2=(1, 2, 4),
            s2=(1, 2),
            k3=(2, 4),
            d3=range(1, 6),
        ),
    )
    yield Establishes(theorem.small)
    yield "The field without holes is never more than the product of the taps."
    yield Holds(
        Claim(theorem.pixels, "≤", theorem.most.expr),
        from_first_to_last,
        Grid(lambda **case: theorem.filled(layers(case)), "without holes", **pair),
    )
    yield Establishes(theorem.most)
    yield "It is that much exactly where every pixel is met once."
    yield Decides(
        tuple(theorem.largest.given({l: n}) for n in (1, 2)),
        lambda **case: once(layers(case)),
        two,
        measured=lambda **case: theorem.ascending(sorted(theorem.effective(layers(case)))),
    )
    yield Establishes(theorem.largest)
    yield "A single layer of dilation 2 breaks the inequality; it leaves pixels out exactly if it has two taps or more."
    yield Decides(
        (theorem.taps,),
        lambda k: not theorem.filled([(k, 2, 1)]),
        Grid(k=range(1, 6)),
        measured=lambda k: in_order([(k, 2, 1)]) | {l: 1},
    )
    yield Establishes(theorem.taps)
    yield "Literal convolutions with weights of 1: the output depends on as many pixels."
    yield Agree(
        lambda **case: depends_on(layers(case)),
        lambda **case: len(theorem.met(layers(case))),
        Grid(k1=(2, 3), d1=(1, 2), s1=(1, 3), k2=(2, 3), d2=(1, 3)),
        Grid(k1=(2, 3, 4), d1=(1, 2, 3), s1=(1, 2, 3, 4), k2=(2, 3, 4), d2=(1, 2, 3, 4)),
    )


def one_more_layer(z3: Any) -> Queries:
    """Offsets 0 .. reach, shifted by e u for u < k, cover 0 .. reach + e(k - 1) if e <= reach + 1.

    Offset x is reached with u = min(k - 1, floor(x / e)).
    """
    x, e, k, reach, quotient, u = z3.Ints("x e k reach quotient u")
    small = "a dilation of at most reach + 1"
    yield Query(
        assume={
            "a layer": k >= 1,
            "an offset": (x >= 0) & (x <= reach + e * (k - 1)),
            "the quotient": rounded_down(z3, quotient, x, e) & (e >= 1),
            "the tap": u == smaller(z3, quotient, k - 1),
            small: e <= reach + 1,
        },
        claim=(u >= 0) & (u < k) & (x - e * u >= 0) & (x - e * u <= reach),
        dropped=["an offset", "the quotient", "the tap", small],
        unsharp=["the quotient"],
    )


def gap(z3: Any) -> Queries:
    """Past the reach of the smaller dilations lies an offset that no larger one reaches."""
    e, k, reach, fine, coarse, later, tap = z3.Ints("e k reach fine coarse later tap")
    yield Query(
        assume={"sorted": later >= e, "moved": tap >= 1, "a dilation": e >= 0},
        claim=later * tap >= e,
        dropped=["sorted", "moved", "a dilation"],
    )
    yield Query(
        assume={
            "the smaller dilations": (fine >= 0) & (fine <= reach),
            "the larger dilations": (coarse == 0) | (coarse >= e),
            "a gap": e > reach + 1,
        },
        claim=fine + coarse != reach + 1,
        dropped=["the smaller dilations", "the larger dilations", "a gap"],
    )
    yield Query(
        assume={"two taps": k >= 2, "a gap": e > reach + 1, "a reach": reach >= 0},
        claim=reach + 1 < reach + e * (k - 1),
        dropped=["two taps", "a gap"],
    )


def layers(case: Mapping[str, int]) -> list[theorem.Layer]:
    """The layers that a case of a grid names, the one next to the image first."""
    count = sum(name.startswith("k") for name in case)
    return [(case[f"k{n}"], case[f"d{n}"], case.get(f"s{n}", 1)) for n in range(1, count + 1)]


def in_order(stack: list[theorem.Layer]) -> dict[Any, Any]:
    """The layers as they lie."""
    sizes = (*zip(*stack, strict=True), [e for e, _ in theorem.effective(stack)])
    return dict(
        zip((theorem.k, theorem.d, theorem.s, theorem.e), starmap(members, sizes), strict=True)
    )


def moved(stack: list[theorem.Layer], number: int) -> int:
    """How far tap 1 of a layer lies from tap 0, in pixels of the image."""

    place = 0
    for layer, (_, dilation, stride) in reversed(list(enumerate(stack, 1))):
        place = stride * place + dilation * (layer == number)
    return place


def from_first_to_last(**case: int) -> Mapping[Any, Any]:
    """The pixels from the first to the last that output 0 reads."""
    stack = layers(case)
    return {theorem.pixels: max(theorem.met(stack)) + 1, theorem.L: len(stack), **in_order(stack)}


def once(stack: list[theorem.Layer]) -> bool:
    """Whether output 0 reads every pixel from the first to the last, by one choice of taps."""
    return theorem.filled(stack) and len(theorem.met(stack)) == prod(taps for taps, *_ in stack)


def depends_on(stack: list[theorem.Layer]) -> int:
    """Pixels on which the output of all-ones layers depends, by literal convolutions."""
    wide = 1 + sum(e * (k - 1) for e, k in theorem.effective(stack))
    return sum(response(stack, pixel, wide) != 0 for pixel in range(wide))


def response(stack: list[theorem.Layer], pixel: int, wide: int) -> oracle.Number:
    """The first output for an image that is 1 at one pixel."""
    image: oracle.Tensor = {(at,): int(at == pixel) for at in range(wide)}
    for taps, dilation, stride in stack:
        kernel: oracle.Tensor = {(tap,): 1 for tap in range(taps)}
        axis = oracle.Axis(len(image), taps, stride, dilation)
        image = oracle.convolve(kernel, image, "", "", "u", {}, {"u": axis}).output
    return image[0,]
