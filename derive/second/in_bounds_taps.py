"""In-bounds taps for z3: every size, stride, dilation and padding is an arbitrary integer."""

from collections.abc import Iterator
from typing import Any

from derive.proof.evidence import Query


def ceiling(quotient: Any, of: Any, by: Any) -> Any:
    """The quotient rounded up, without a division: by (quotient - 1) < of <= by quotient."""
    return (by * (quotient - 1) < of) & (of <= by * quotient)


def floor(quotient: Any, of: Any, by: Any) -> Any:
    """The quotient rounded down: by quotient <= of < by (quotient + 1)."""
    return (by * quotient <= of) & (of < by * (quotient + 1))


def least(z3: Any, one: Any, two: Any) -> Any:
    """The smaller of two."""
    return z3.If(one < two, one, two)


def missed(z3: Any, quotient: Any, N: Any) -> Any:
    """min(N, quotient+)."""
    return least(z3, N, z3.If(quotient > 0, quotient, 0))


def misses_are_first(z3: Any) -> Iterator[Query]:
    """Of N windows those with s y < P are the first min(N, ceil(P / s)+)."""
    y, s, P, N, c = z3.Ints("y s P N c")
    yield Query(
        assume={
            "a window": (y >= 0) & (y < N),
            "c is the ceiling": ceiling(c, P, s),
        },
        claim=(s * y < P) == (y < missed(z3, c, N)),
        dropped=["a window", "c is the ceiling"],
    )


def one_tap(z3: Any) -> Iterator[Query]:
    """The windows that lay a tap on the image are those between the misses at either end.

    The tap lies ``ahead`` pixels after the first tap, d u, and ``behind`` before the last.
    """
    y, s, H, N, r, ahead, behind = z3.Ints("y s H N r ahead behind")
    p_before, p_after, low, high = z3.Ints("p_before p_after low high")
    room = H + p_before + p_after - (ahead + behind) - 1
    place = s * y + ahead - p_before
    first, last = missed(z3, low, N), missed(z3, high, N)
    layer = {
        "an image": H >= 1,
        "the slack": s * (N - 1) == room - r,
        "low is the ceiling": ceiling(low, p_before - ahead, s),
        "high is the ceiling": ceiling(high, p_after - r - behind, s),
    }
    yield Query(
        assume={**layer, "a window": (y >= 0) & (y < N)},
        claim=((place >= 0) & (place < H)) == ((first <= y) & (y < N - last)),
        dropped=["the slack", "high is the ceiling"],
    )
    yield Query(
        assume={**layer, "a window": N >= 1},
        claim=first + last <= N,
        dropped=["an image", "the slack"],
        unsharp=["an image"],
    )


def without_cap(z3: Any) -> Iterator[Query]:
    """min(N, c+) = c+ - (c - N)+, where c - N is what (P - s N) / s rounds up to."""
    s, P, N, c, later = z3.Ints("s P N c later")
    yield Query(
        assume={
            "windows": N >= 0,
            "c is the ceiling": ceiling(c, P, s),
            "the other ceiling": ceiling(later, P - s * N, s),
        },
        claim=missed(z3, c, N) == positive(z3, c) - positive(z3, later),
        dropped=["windows", "c is the ceiling", "the other ceiling"],
    )


def nothing_missed(z3: Any) -> Iterator[Query]:
    """A ceiling is positive iff what is rounded is, and that shrinks from tap to tap."""
    s, d, u, P, c = z3.Ints("s d u P c")
    rounded = {"c is the ceiling": ceiling(c, P, s)}
    yield Query(assume=rounded, claim=(c > 0) == (P > 0), dropped=["c is the ceiling"])
    yield Query(
        assume={"a tap": u >= 0, "dilation": d >= 0, "none before": P <= 0},
        claim=P - d * u <= 0,
        dropped=["a tap", "dilation", "none before"],
    )


def room_enough(z3: Any) -> Iterator[Query]:
    """With equal padding p <= s N if H + p >= d(k - 1); for stride 1 only then."""
    H, k, s, d, p, N, r = z3.Ints("H k s d p N r")
    room = H + 2 * p - d * (k - 1) - 1
    layer = {
        "N counts the windows": windows(z3, N, room, s),
        "padding": p >= 0,
        "slack": r >= 0,
    }
    yield Query(
        assume={**layer, "room": H + p >= d * (k - 1)},
        claim=(p <= s * N) & (p - r <= s * N),
        dropped=["N counts the windows", "slack", "room"],
        unsharp=["N counts the windows"],
    )
    yield Query(
        assume={**layer, "a window": N >= 1, "stride 1": s == 1, "no cap": p <= s * N},
        claim=H + p >= d * (k - 1),
        dropped=["a window", "stride 1", "no cap"],
    )


def nested(z3: Any) -> Iterator[Query]:
    """floor(floor(x / a) / b) = floor(x / (a b))."""
    x, a, b, inner, outer = z3.Ints("x a b inner outer")
    yield Query(
        assume={
            "the inner quotient": floor(inner, x, a),
            "the outer quotient": floor(outer, inner, b),
        },
        claim=floor(outer, x, a * b),
        dropped=["the inner quotient", "the outer quotient"],
    )


def last_tap(z3: Any) -> Iterator[Query]:
    """The term of tap u is positive iff u < ceil(P / d)."""
    s, d, u, P, c, q = z3.Ints("s d u P c q")
    yield Query(
        assume={
            "the term": ceiling(c, P - d * u, s),
            "q is the ceiling": ceiling(q, P, d),
        },
        claim=(c > 0) == (u < q),
        dropped=["the term", "q is the ceiling"],
    )


def up_by_down(z3: Any) -> Iterator[Query]:
    """ceil(x / s) = floor((x + s - 1) / s)."""
    x, s, c = z3.Ints("x s c")
    yield Query(
        assume={"c is the ceiling": ceiling(c, x, s)},
        claim=floor(c, x + s - 1, s),
        dropped=["c is the ceiling"],
    )


def rows_that_miss(z3: Any) -> Iterator[Query]:
    """Of the k taps, row y of P - s y > 0 misses all up to a row, then P - s y of them."""
    y, s, k, P, Y, full = z3.Ints("y s k P Y full")
    rows = {
        "Y is the ceiling": ceiling(Y, P, s),
        "full is past the floor": floor(full - 1, P - k, s),
    }
    yield Query(
        assume=rows,
        claim=((y < Y) == (P - s * y > 0)) & ((y < full) == (P - s * y >= k)),
        dropped=["Y is the ceiling", "full is past the floor"],
    )


def positive(z3: Any, number: Any) -> Any:
    """The number, or 0 if it is negative."""
    return z3.If(number > 0, number, 0)


def windows(z3: Any, N: Any, room: Any, s: Any) -> Any:
    """N = max(0, floor(room / s) + 1)."""
    return z3.Or(floor(N - 1, room, s) & (room >= 0), (N == 0) & (room < 0))
