"""Visibility for z3: every size, stride, dilation and padding is an arbitrary integer."""

from collections.abc import Iterator
from typing import Any

from derive.proof.evidence import CLAIM, Query


def ceiling(quotient: Any, of: Any, by: Any) -> Any:
    """The quotient rounded up, without a division: by (quotient - 1) < of <= by quotient."""
    return (by * (quotient - 1) < of) & (of <= by * quotient)


def floor(quotient: Any, of: Any, by: Any) -> Any:
    """The quotient rounded down: by quotient <= of < by (quotient + 1)."""
    return (by * quotient <= of) & (of < by * (quotient + 1))


def on_the_image(z3: Any) -> Iterator[Query]:
    """Window y reads the image with tap u iff y lies between a ceiling and a floor."""
    y, u, H, s, d, before, low, high = z3.Ints("y u H s d before low high")
    place = s * y + d * u - before
    yield Query(
        assume={
            "the stride": s >= 1,
            "low is the ceiling": ceiling(low, before - d * u, s),
            "high is the floor": floor(high, H - 1 + before - d * u, s),
        },
        claim=((place >= 0) & (place < H)) == ((low <= y) & (y <= high)),
        dropped=["low is the ceiling", "high is the floor"],
    )


def some_window(z3: Any) -> Iterator[Query]:
    """Between low and high there is one of the windows 0 .. N - 1 iff max(0, low) is one."""
    y, N, low, high = z3.Ints("y N low high")
    first = z3.If(low > 0, low, 0)
    last = z3.If(high < N - 1, high, N - 1)
    window = {"a window": (y >= 0) & (y < N), "between": (low <= y) & (y <= high)}
    yield Query(assume=window, claim=first <= last, dropped=["a window", "between"])
    yield Query(
        assume={"not empty": first <= last},
        claim=(first >= 0) & (first < N) & (low <= first) & (first <= high),
        dropped=["not empty"],
    )


def extreme_taps(z3: Any) -> Iterator[Query]:
    """A later tap has lower ends: rounding up or down keeps the order of what is rounded."""
    s, less, more, low, high = z3.Ints("s less more low high")
    for rounded in (ceiling, floor):
        yield Query(
            assume={
                "one quotient": rounded(low, less, s),
                "the other": rounded(high, more, s),
                "in order": less <= more,
            },
            claim=low <= high,
            dropped=["one quotient", "the other", "in order"],
            unsharp=["one quotient", "the other"],  # one half of each is needed
        )


def no_gaps(z3: Any) -> Iterator[Query]:
    """Among H >= s consecutive places there is a multiple of s: low <= high."""
    H, s, shift, low, high = z3.Ints("H s shift low high")
    wide = "the image is no shorter than the stride"
    yield Query(
        assume={
            "low is the ceiling": ceiling(low, shift, s),
            "high is the floor": floor(high, H - 1 + shift, s),
            wide: s <= H,
        },
        claim=low <= high,
        dropped=["low is the ceiling", "high is the floor", wide],
        unsharp=["low is the ceiling", "high is the floor"],  # one half of each is needed
    )


def two_inequalities(z3: Any) -> Iterator[Query]:
    """With low <= high a tap is seen iff high >= 0 and low <= N - 1, which are inequalities."""
    reach, room, s, N, before, low, high = z3.Ints("reach room s N before low high")
    first, last = z3.If(low > 0, low, 0), z3.If(high < N - 1, high, N - 1)
    yield Query(
        assume={"no gaps": low <= high, "a window": N >= 1},
        claim=(first <= last) == ((high >= 0) & (low <= N - 1)),
        dropped=["no gaps", "a window"],
    )
    yield Query(
        assume={"seen": first <= last},
        claim=(high >= 0) & (low <= N - 1) & (N >= 1),
        dropped=["seen"],
    )
    yield Query(
        assume={"high is the floor": floor(high, reach, s)},
        claim=(high >= 0) == (reach >= 0),
        dropped=["high is the floor"],
    )
    yield Query(
        assume={
            "padding": before >= 0,
            "low is the ceiling": ceiling(low, before, s),
            "N counts the windows": windows(z3, N, room, s),
        },
        claim=((low <= N - 1) == (s * low <= room)) & z3.Implies(low <= N - 1, N >= 1),
        dropped=["padding", "low is the ceiling", "N counts the windows"],
        unsharp=["N counts the windows"],
    )


def equal_padding(z3: Any) -> Iterator[Query]:
    """With equal padding both inequalities are one; with stride 1 it is the first of them."""
    k, H, s, d, p, up = z3.Ints("k H s d p up")
    room = H + 2 * p - d * (k - 1) - 1
    long, single = d * (k - 1) <= H - 1 + p, d * (k - 1) <= H - 1 + 2 * p - s * up
    rounded = {"up is the ceiling": ceiling(up, p, s)}
    yield Query(
        assume=rounded,
        claim=(long & (s * up <= room)) == single,
        dropped=["up is the ceiling"],
        unsharp=["up is the ceiling", CLAIM],  # of the two inequalities, one implies the other
    )
    yield Query(
        assume={**rounded, "stride 1": s == 1},
        claim=single == long,
        dropped=["up is the ceiling", "stride 1"],
    )


def windows(z3: Any, N: Any, room: Any, s: Any) -> Any:
    """N = max(0, floor(room / s) + 1)."""
    return z3.Or(floor(N - 1, room, s) & (room >= 0), (N == 0) & (room < 0))
