"""The bias defect for z3: which taps and windows leave the image, with ceilings as inequalities."""

from collections.abc import Iterator
from typing import Any

from derive.proof.evidence import CLAIM, Query


def three_cases(z3: Any) -> Iterator[Query]:
    """A place lies before the image, on it or after it, and exactly one of the three holds."""
    place, W = z3.Ints("place W")
    before, after = place < 0, place >= W
    on = z3.And(place >= 0, place < W)
    count = z3.Sum([z3.If(case, 1, 0) for case in (before, on, after)])
    yield Query(
        assume={"no negative size": W >= 0},
        claim=count == 1,
        dropped=["no negative size"],
    )


def prefix(z3: Any) -> Iterator[Query]:
    """d v < P for just the first min(k, max(0, ceiling of P / d)) taps v."""
    v, k, d, P, q = z3.Ints("v k d P q")
    cut = z3.If(q < 0, 0, z3.If(q > k, k, q))
    yield Query(
        assume={
            "the dilation is positive": d >= 1,
            "q is the ceiling of P / d": ceiling(z3, q, P, d),
            "v is a tap": z3.And(v >= 0, v < k),
        },
        claim=(d * v < P) == (v < cut),
        dropped=["q is the ceiling of P / d", "v is a tap"],
    )


def untouched_windows(z3: Any) -> Iterator[Query]:
    """No tap is missed, neither before nor after, for just the windows from alpha to N - beta."""
    x, N, s, P, R, alpha, beta = z3.Ints("x N s P R alpha beta")
    missed = z3.Or(s * x < P, s * (N - 1 - x) < R)
    yield Query(
        assume={
            "the stride is positive": s >= 1,
            "alpha is the ceiling of P / s": ceiling(z3, alpha, P, s),
            "beta is the ceiling of R / s": ceiling(z3, beta, R, s),
            "x is a window": z3.And(x >= 0, x < N),
        },
        claim=z3.Not(missed) == z3.And(alpha <= x, x < N - z3.If(beta < 0, 0, beta)),
        dropped=["alpha is the ceiling of P / s", "beta is the ceiling of R / s", "x is a window"],
        unsharp=["x is a window"],
    )


def every_length(z3: Any) -> Iterator[Query]:
    """Stride 1, dilation 1: window p - q misses the first q taps and no other, and its mirror."""
    q, p, k, N = z3.Ints("q p k N")
    assume = {
        "there is padding": p >= 1,
        "two paddings of windows": 2 * p <= N,
        "q is a length": z3.And(q >= 1, q <= p, q <= k),
    }
    for x, lengths in ((p - q, (q, 0)), (N - 1 - (p - q), (0, q))):
        missed = (z3.If(m < 0, 0, z3.If(m > k, k, m)) for m in (p - x, p - (N - 1 - x)))
        equal = (one == other for one, other in zip(missed, lengths, strict=True))
        yield Query(
            assume=assume,
            claim=z3.And(x >= 0, x < N, *equal),
            dropped=["two paddings of windows", "q is a length"],
            unsharp=[CLAIM],  # the windows of one side end before those of the other begin
        )


def copied_pixels(z3: Any) -> Iterator[Query]:
    """Circular, replicate, symmetric and reflect padding read a pixel of the image at any place."""
    place, turns, rest, W = z3.Ints("place turns rest W")

    def modulo(period: Any) -> Any:
        return z3.And(place == turns * period + rest, rest >= 0, rest < period)

    def query(read: Any, remainder: Any, least: int = 1) -> Query:
        """The place read lies on the image; without the remainder it need not."""
        assume = {"the image is large enough": least <= W, "rest is the remainder": remainder}
        unsharp = ["rest is the remainder"] if least > 1 else []  # a place further is a pixel too
        return Query(assume, z3.And(read >= 0, read < W), ["rest is the remainder"], unsharp)

    yield query(rest, modulo(W))
    yield query(z3.If(rest < 2 * W - 1 - rest, rest, 2 * W - 1 - rest), modulo(2 * W))
    yield query(z3.If(rest < 2 * W - 2 - rest, rest, 2 * W - 2 - rest), modulo(2 * W - 2), least=2)
    nearest = z3.If(place < 0, 0, z3.If(place > W - 1, W - 1, place))
    yield Query(
        {"the image has a pixel": W >= 1},
        z3.And(nearest >= 0, nearest < W),
        ["the image has a pixel"],
    )


def ceiling(z3: Any, q: Any, number: Any, divisor: Any) -> Any:
    """q is the least integer with divisor * q >= number."""
    return z3.And(divisor * (q - 1) < number, number <= divisor * q)
