"""Visibility: the same by other roads, literal loops and grids among them."""

from derive import brute
from derive.proof.language import *
from derive.theorems import visibility as theorem


def checks() -> Iterator[Sentence]:
    small: dict[str, Any] = {"H": (1, 4), "k": (1, 3), "s": (1, 3), "d": (1, 2), "before": (0, 3)}
    large: dict[str, Any] = {
        **{"H": range(1, 7), "k": range(1, 5), "s": range(1, 5), "d": range(1, 4)},
        **{"before": range(5), "beyond": range(5)},
    }
    yield step(
        "Windows and taps, looked at one by one, agree with the criterion for every tap.",
        Decides(
            (theorem.on_image, theorem.windows),
            lambda y, u, **axis: (
                y in range(theorem.loop(axis).outputs)
                and theorem.on_the_image(theorem.loop(axis), y, u)
            ),
            Box(
                H=(1, 4),
                k=(3,),
                s=(1, 3),
                d=(1, 2),
                before=(0, 3),
                beyond=(1,),
                y=(-1, 0, 1, 2, 3),
                u=(0, 2),
            ),
            measured=lambda y, u, **axis: theorem.measured(**axis),
        ),
        Decides(
            (theorem.criterion,),
            lambda u, **axis: theorem.is_seen(theorem.loop(axis), u),
            Box(in_kernel, "u < k", **small, beyond=(0, 1), u=(0, 1, 2)),
            Box(in_kernel, "u < k", **large, u=range(4)),
            measured=lambda u, **axis: theorem.measured(**axis),
        ),
        establishes=(theorem.on_image, theorem.windows, theorem.criterion),
    )
    yield step(
        "They agree with the two inequalities wherever the image is no shorter than the stride.",
        Decides(
            (theorem.last, theorem.first),
            lambda **axis: theorem.all_seen(theorem.loop(axis)),
            Box(long_enough, "H >= s", **small, beyond=(0, 1)),
            Box(long_enough, "H >= s", **large),
            measured=theorem.measured,
        ),
        Decides(
            (theorem.both,),
            lambda p, **axis: theorem.all_seen(theorem.loop({**axis, "before": p, "beyond": p})),
            Box(long_enough, "H >= s", H=(1, 4), k=(1, 3), s=(1, 3), d=(1, 2), p=(0, 1, 3)),
        ),
        SameCondition(theorem.both.given({theorem.s: Integer(1)}), theorem.stride_one),
        establishes=(theorem.last, theorem.first, theorem.both, theorem.stride_one),
    )
    yield step(
        "For every image that is shorter than the stride there are two taps and paddings for which the two inequalities are not enough.",
        Decides((theorem.long,), theorem.enough, Box(H=(1, 2, 3), s=(1, 2, 3))),
        establishes=theorem.long,
    )
    yield (
        "The operators of all kernels of two axes span a space whose dimension is the number of taps seen: literal convolutions of every impulse, exact ranks.",
        Agree(
            lambda **axis: dimension_of_operators(theorem.loop(axis), brute.Axis(2, 2, before=1)),
            lambda **axis: (
                theorem.seen_taps(theorem.loop(axis))
                * theorem.seen_taps(brute.Axis(2, 2, before=1))
            ),
            Box(H=(1, 3), k=(1, 3), s=(1, 2), d=(2,), before=(0, 2), beyond=(1,)),
            Box(
                H=range(1, 5),
                k=range(1, 4),
                s=(1, 2, 3),
                d=(1, 2),
                before=range(3),
                beyond=range(3),
            ),
        ),
    )


def in_kernel(k: int, u: int, **rest: int) -> bool:
    return u < k


def long_enough(H: int, s: int, **rest: int) -> bool:
    return s <= H


def dimension_of_operators(tall: brute.Axis, wide: brute.Axis) -> int:
    """The rank of K -> conv(K) for one channel: one row for each tap, all outputs of all impulses."""
    taps: list[brute.Index] = list(product(range(tall.kernel), range(wide.kernel)))
    pixels: list[brute.Index] = list(product(range(tall.size), range(wide.size)))
    return rank(
        [
            [
                x
                for at in pixels
                for x in filtered(theorem.only(tap, taps), theorem.only(at, pixels), tall, wide)
            ]
            for tap in taps
        ]
    )


def filtered(
    kernel: brute.Tensor, image: brute.Tensor, tall: brute.Axis, wide: brute.Axis
) -> list[brute.Number]:
    """One channel convolved by literal loops."""
    axes = {"u": tall, "v": wide}
    return list(brute.convolve(kernel, image, "", "", "uv", {}, axes).output.values())
