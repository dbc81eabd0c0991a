"""Border pixels for z3: every size, stride, dilation and padding is an arbitrary integer."""

from collections.abc import Iterator
from typing import Any

from derive.proof.evidence import Query


def ceiling(quotient: Any, of: Any, by: Any) -> Any:
    """The quotient rounded up, without a division: by (quotient - 1) < of <= by quotient."""
    return (by * (quotient - 1) < of) & (of <= by * quotient)


def outer_taps(z3: Any) -> Iterator[Query]:
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


def inside(z3: Any) -> Iterator[Query]:
    """A window lies on the image with its first and its last tap iff it is between the ends."""
    y, s, H, N, r, span = z3.Ints("y s H N r span")
    p_before, p_after, low, high = z3.Ints("p_before p_after low high")
    first = s * y - p_before
    last = first + span - 1
    yield Query(
        assume={
            "an image": (H >= 1) & (span >= 1),
            "the slack": s * (N - 1) == H + p_before + p_after - span - r,
            "low is the ceiling": ceiling(low, p_before, s),
            "high is the ceiling": ceiling(high, p_after - r, s),
        },
        claim=((first >= 0) & (last < H)) == ((low <= y) & (y < N - high)),
        dropped=["the slack", "low is the ceiling", "high is the ceiling"],
    )


def how_many(z3: Any) -> Iterator[Query]:
    """Of N windows all but min(N, low + high+) are low <= y < N - high, if low >= 0."""
    y, N, low, high, after, first, last = z3.Ints("y N low high after first last")
    between = {
        "windows": N >= 0,
        "the low end": low >= 0,
        "the high end": after == z3.If(high > 0, high, 0),
        "the first inside": first == z3.If(low < N, low, N),
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
            *(first >= 0, first <= last, last <= N),
            N - (last - first) == z3.If(total < N, total, N),
        ),
        dropped=["windows", "the low end", "the first inside", "past the last inside"],
    )
