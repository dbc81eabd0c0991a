"""Truncation error for z3: signs of terms, taps in one class of remainders, places on a torus."""

from collections.abc import Iterator
from typing import Any

from derive.proof.evidence import Query


def no_term_is_negative(z3: Any) -> Iterator[Query]:
    """(S - tau)(1 - w) for S >= tau, and (tau - S) w for S <= tau, of a weight w from 0 to 1."""
    S, tau, weight = z3.Reals("S tau weight")
    yield Query(
        assume={"S is one of the first": tau <= S, "the weight is at most 1": weight <= 1},
        claim=(S - tau) * (1 - weight) >= 0,
        dropped=["S is one of the first", "the weight is at most 1"],
    )
    yield Query(
        assume={"S is one of the others": tau >= S, "the weight is at least 0": weight >= 0},
        claim=(tau - S) * weight >= 0,
        dropped=["S is one of the others", "the weight is at least 0"],
    )


def only_without_weight(z3: Any) -> Iterator[Query]:
    """With a gap below tau, (tau - S) w is 0 only for w = 0."""
    S, tau, weight = z3.Reals("S tau weight")
    yield Query(
        assume={"a gap": tau > S},
        claim=((tau - S) * weight == 0) == (weight == 0),
        dropped=["a gap"],
    )


def congruent_taps(z3: Any) -> Iterator[Query]:
    """Taps e, e + q, e + 2q, ... below k are at most as many as k/q, rounded up."""
    e, q, k, c, n = z3.Ints("e q k c n")
    yield Query(
        assume={
            "the period is positive": q >= 1,
            "e is the first of its class": e >= 0,
            "c is at least k / q": k <= q * c,
            "the tap is in the kernel": e + q * n < k,
        },
        claim=n < c,
        dropped=[
            "e is the first of its class",
            "c is at least k / q",
            "the tap is in the kernel",
        ],
    )


def no_second_turn(z3: Any) -> Iterator[Query]:
    """Places of the padded image that are equal on the torus are equal."""
    a, b, H, p, q, L, turns = z3.Ints("a b H p q L turns")

    def padded(place: Any) -> Any:
        return z3.And(-p <= place, place < H + q)

    yield Query(
        assume={
            "a is in the padded image": padded(a),
            "b is in the padded image": padded(b),
            "the torus is large enough": H + p + q <= L,
            "a and b differ by whole turns": a == b + L * turns,
        },
        claim=a == b,
        dropped=[
            "a is in the padded image",
            "the torus is large enough",
            "a and b differ by whole turns",
        ],
    )
