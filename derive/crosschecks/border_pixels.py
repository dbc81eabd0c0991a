"""Border pixels: the same by other roads, literal loops and grids among them."""

from derive import brute
from derive.proof.language import *
from derive.proof.loops import extended, zero
from derive.theorems import border_pixels as theorem


def checks() -> Iterator[Sentence]:
    inside = Claim(theorem.near.expr, "≤", ALONE.pixel, "<", theorem.N - theorem.far.expr)
    yield step(
        "Windows, looked at tap by tap, agree.",
        Decides(
            (inside,),
            lambda y, **axis: not theorem.leaving(loop(axis))[y],
            Box(
                is_window,
                "y < N",
                H=(1, 5),
                k=(1, 4),
                s=(1, 3),
                d=(1,),
                before=(0, 1, 3),
                beyond=(0, 2),
                y=(0, 1, 3),
            ),
            measured=lambda y, **axis: theorem.sizes_of(loop(axis)),
        ),
        Holds(
            theorem.count,
            lambda **axis: (
                theorem.sizes_of(loop(axis)) | {theorem.b: sum(theorem.leaving(loop(axis)))}
            ),
            Box(H=(1, 5), k=(1, 4), s=(1, 2, 3), d=(1, 2), before=(0, 1, 3), beyond=(0, 2)),
            Box(
                H=range(1, 7),
                k=range(1, 5),
                s=range(1, 5),
                d=range(1, 4),
                before=range(5),
                beyond=range(5),
            ),
        ),
        establishes=(theorem.near, theorem.far, theorem.count),
    )
    yield step(
        "Along an axis of a 3 × 3 layer with one pixel of padding two windows leave the image, exactly if it has at least two pixels.",
        Decides(
            (theorem.two,),
            lambda **image: all(
                sum(theorem.leaving(brute.Axis(size, 3, 1, 1, 1, 1))) == 2
                for size in image.values()
            ),
            Box(H=range(1, 5), W=range(1, 5)),
        ),
        establishes=theorem.two,
    )
    other = brute.Axis(3, 2, before=1)
    yield step(
        "Convolve two axes by loops, once with zeros outside and once with ones, all weights positive: as many outputs differ.",
        Holds(
            Claim(Symbol("differ"), "=", theorem.touched.expr),
            lambda **axis: {
                Symbol("differ"): different(loop(axis), other),
                **on_the_plane(loop(axis), other),
            },
            Box(H=(1, 4), k=(1, 3), s=(1, 2), d=(1, 2), before=(0, 1), beyond=(1,)),
            Box(
                H=range(1, 7), k=(1, 2, 3), s=(1, 2, 3), d=(1, 2), before=range(4), beyond=range(4)
            ),
        ),
        establishes=theorem.touched,
    )
    yield step(
        "Run a pair of ones with a bias of 1 in the middle, and the convolution with the bias folded: as many outputs differ.",
        Holds(
            Claim(Symbol("differ"), "=", theorem.off.expr),
            lambda **axis: {
                Symbol("differ"): theorem.biased(other, loop(axis)),
                **on_the_plane(other, loop(axis)),
            },
            Box(W=(1, 4), k=(1, 3), s=(1, 2), d=(1, 2), before=(0, 1), beyond=(1,)),
        ),
        establishes=theorem.off,
    )


def loop(axis: Mapping[str, int]) -> brute.Axis:
    """A case of a grid as an axis to run loops on."""
    return brute.Axis(*axis.values())


def is_window(y: int, **axis: int) -> bool:
    return y < loop(axis).outputs


def on_the_plane(tall: brute.Axis, wide: brute.Axis) -> dict[Any, int]:
    """The outputs of two axes and the windows that leave along each."""
    return {
        **{H_out: tall.outputs, W_out: wide.outputs},
        **{theorem.b_h: sum(theorem.leaving(tall)), theorem.b_w: sum(theorem.leaving(wide))},
    }


def different(tall: brute.Axis, wide: brute.Axis) -> int:
    """Outputs of a kernel of ones that change when the zeros outside become ones."""
    image: brute.Tensor = dict.fromkeys(product(range(tall.size), range(wide.size)), 0)
    framed = image
    for number, axis in enumerate((tall, wide)):
        framed = extended(framed, number, axis.size, axis.before, axis.after, zero, outside=1)
    kernel: brute.Tensor = dict.fromkeys(product(range(tall.kernel), range(wide.kernel)), 1)
    grown = {tap: unpadded(axis) for tap, axis in zip("uv", (tall, wide), strict=True)}
    return sum(map(bool, brute.convolve(kernel, framed, "", "", "uv", {}, grown).output.values()))


def unpadded(axis: brute.Axis) -> brute.Axis:
    """The axis of the image with its padding, as an image of its own."""
    size = axis.size + axis.before + axis.after
    return brute.Axis(size, axis.kernel, axis.stride, axis.dilation)
