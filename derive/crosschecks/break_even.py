"""Break-even: the same by other roads, literal loops and grids among them."""

from derive import brute
from derive.families import asymmetric
from derive.proof.language import *
from derive.second import break_even as second
from derive.theorems import break_even as theorem


def checks() -> Iterator[Sentence]:
    yield (
        "A second prover finds the same thresholds over all integers.",
        Confirmed(second.thresholds),
    )
    yield step(
        "Literal loops without padding spend fewer multiplications on the pair exactly below the threshold in MACs.",
        Decides(
            (theorem.fewer_macs,),
            lambda **layer: theorem.fewer(1, asymmetric.family, H=3, **layer),
            Box(n=(2, 3), W=(3, 5), C_in=(1, 2), C_out=(1, 3), m=(1, 2)),
            Box(n=(1, 2, 3), W=range(3, 7), C_in=(1, 2, 3), C_out=(1, 2, 3), m=range(1, 6)),
            lambda n, W, **_: {k_h: n, k_w: n, W_out: W - n + 1},
        ),
        establishes=theorem.fewer_macs,
    )
    yield step(
        "Weights counted one by one: which depthwise separable layers have fewer than the standard one, and which as many.",
        Decides(
            (theorem.two_taps, theorem.two_outputs),
            lambda n, C_out: theorem.fewer(
                0, theorem.separable(), H=n, W=n, n=n, C_in=2, C_out=C_out, m=1
            ),
            Box(n=range(1, 4), C_out=range(1, 4)),
        ),
        Decides(
            (theorem.tie,),
            lambda k_h, k_w, C_out: (
                len(theorem.filled(k_h, k_w)) + len(theorem.filled(C_out))
                == len(theorem.filled(C_out, k_h, k_w))
            ),
            Box(k_h=range(1, 5), k_w=range(1, 4), C_out=range(1, 4)),
        ),
        establishes=(theorem.two_taps, theorem.two_outputs, theorem.tie),
    )
    yield step(
        "The standard layer multiplies something exactly if a tap of each axis falls on the image.",
        Decides(
            (theorem.one_tap,),
            lambda tall, wide: theorem.on_image(tall, wide, "oiuv") > 0,
            Listed("axes with 0, 1 and 4 pairs of a window and a tap on the image", few_pairs),
            measured=lambda tall, wide: {
                theorem.T_h: brute.taps_in_bounds(tall),
                theorem.T_w: brute.taps_in_bounds(wide),
            },
        ),
        establishes=theorem.one_tap,
    )


def few_pairs() -> Iterator[Case]:
    """Two axes, each with no, one or four pairs of a window and a tap on the image."""
    blank = brute.Axis(1, 2, dilation=2, before=1, after=1)
    for tall, wide in product((blank, brute.Axis(1, 1), brute.Axis(3, 2)), repeat=2):
        yield {"tall": tall, "wide": wide}
