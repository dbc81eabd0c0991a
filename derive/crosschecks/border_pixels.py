"""Border pixels: cross-checks by literal loops, grids of cases and questions for z3."""

from derive import oracle
from derive.proof.language import *
from derive.proof.questions import positive, Queries, rounded_up, smaller
from derive.theorems import border_pixels as theorem


def checks() -> Proof:
    inside = Claim(theorem.near.expr, "≤", ALONE.pixel, "<", theorem.N - theorem.far.expr)
    yield "Windows, looked at tap by tap, agree."
    yield Decides(
        (inside,),
        lambda y, **axis: not theorem.leaving(oracle.Axis.named(**axis))[y],
        Grid(
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
        measured=lambda y, **axis: theorem.sizes_of(oracle.Axis.named(**axis)),
    )
    yield Holds(
        theorem.count,
        lambda **axis: (
            theorem.sizes_of(oracle.Axis.named(**axis))
            | {theorem.b: sum(theorem.leaving(oracle.Axis.named(**axis)))}
        ),
        Grid(H=(1, 5), k=(1, 4), s=(1, 2, 3), d=(1, 2), before=(0, 1, 3), beyond=(0, 2)),
        Grid(
            H=range(1, 7),
            k=range(1, 5),
            s=range(1, 5),
            d=range(1, 4),
            before=range(5),
            beyond=range(5),
        ),
    )
    yield Establishes(theorem.near, theorem.far, theorem.count)
    yield "Along an axis of a 3 × 3 layer with one pixel of padding two windows leave the image, exactly if it has at least two pixels."
    yield Decides(
        (theorem.two,),
        lambda **image: all(
            sum(theorem.leaving(oracle.Axis(size, 3, 1, 1, 1, 1))) == 2 for size in image.values()
        ),
        Grid(H=range(1, 5), W=range(1, 5)),
    )
    yield Establishes(theorem.two)
    other = oracle.Axis(3, 2, before=1)
    yield "Convolve two axes by loops, once with zeros outside and once with ones, all weights positive: as many outputs differ."
    yield Holds(
        Claim(Symbol("differ"), "=", theorem.touched.expr),
        lambda **axis: {
            Symbol("differ"): different(oracle.Axis.named(**axis), other),
            **on_the_plane(oracle.Axis.named(**axis), other),
        },
        Grid(H=(1, 4), k=(1, 3), s=(1, 2), d=(1, 2), before=(0, 1), beyond=(1,)),
        Grid(H=range(1, 7), k=(1, 2, 3), s=(1, 2, 3), d=(1, 2), before=range(4), beyond=range(4)),
    )
    yield Establishes(theorem.touched)
    yield "Run a pair of ones with a bias of 1 in the middle, and the convolution with the bias folded: as many outputs differ."
    yield Holds(
        Claim(Symbol("differ"), "=", theorem.off.expr),
        lambda **axis: {
            Symbol("differ"): theorem.biased(other, oracle.Axis.named(**axis)),
            **on_the_plane(other, oracle.Axis.named(**axis)),
        },
        Grid(W=(1, 4), k=(1, 3), s=(1, 2), d=(1, 2), before=(0, 1), beyond=(1,)),
    )
    yield Establishes(theorem.off)


def outer_taps(z3: Any) -> Queries:
    """If the first and the last tap of a window lie on the image, so does every other tap."""
    H, d, u, k, first = z3.Ints("H d u k first")
    yield Query(
        assume={
            "a tap": (u >= 0) & (u < k) & (d >= 0),
            "the first tap": first >= 0,
            "the last tap": first + d * (k - 1) < H,
        },
        claim=(first + d * u >= 0) & (first + d * u < H),
        dropped=["a tap", "the first tap", "the last tap"],
    )


def inside(z3: Any) -> Queries:
    """A window lies on the image with its first and its last tap iff it is between the ends."""
    y, s, H, N, r, span = z3.Ints("y s H N r span")
    p_before, p_after, low, high = z3.Ints("p_before p_after low high")
    first = s * y - p_before
    last = first + span - 1
    yield Query(
        assume={
            "an image": (H >= 1) & (span >= 1),
            "the slack": s * (N - 1) == H + p_before + p_after - span - r,
            "low is the ceiling": rounded_up(z3, low, p_before, s),
            "high is the ceiling": rounded_up(z3, high, p_after - r, s),
        },
        claim=((first >= 0) & (last < H)) == ((low <= y) & (y < N - high)),
        dropped=["the slack", "low is the ceiling", "high is the ceiling"],
    )


def how_many(z3: Any) -> Queries:
    """Of N windows all but min(N, low + high+) are low <= y < N - high, if low >= 0."""
    y, N, low, high, after, first, last = z3.Ints("y N low high after first last")
    between = {
        "windows": N >= 0,
        "the low end": low >= 0,
        "the high end": after == positive(z3, high),
        "the first inside": first == smaller(z3, low, N),
        "past the last inside": last == z3.If(N - after > first, N - after, first),
    }
    total = low + after
    yield Query(
        assume={**between, "a window": (y >= 0) & (y < N)},
        claim=((first <= y) & (y < last)) == ((low <= y) & (y < N - high)),
        dropped=["the high end", "the first inside", "past the last inside", "a window"],
        unsharp=["a window"],
    )
    yield Query(
        assume=between,
        claim=z3.And(
            *(first >= 0, first <= last, last <= N), N - (last - first) == smaller(z3, total, N)
        ),
        dropped=["windows", "the low end", "the first inside", "past the last inside"],
    )


def is_window(y: int, **axis: int) -> bool:
    return y < oracle.Axis.named(**axis).outputs


def on_the_plane(tall: oracle.Axis, wide: oracle.Axis) -> dict[Any, int]:
    """The outputs of two axes and the windows that leave along each."""
    return {
        **{H_out: tall.outputs, W_out: wide.outputs},
        **{theorem.b_h: sum(theorem.leaving(tall)), theorem.b_w: sum(theorem.leaving(wide))},
    }


def different(tall: oracle.Axis, wide: oracle.Axis) -> int:
    """Outputs of a kernel of ones that change when the zeros outside become ones."""
    image: oracle.Tensor = dict.fromkeys(oracle.ones(tall.size, wide.size), 0)
    framed = oracle.extended(image, tall, wide, outside=1)
    ones = oracle.ones(tall.kernel, wide.kernel)
    return sum(map(bool, oracle.filtered(ones, framed, tall.unpadded, wide.unpadded).values))
