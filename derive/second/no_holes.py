"""No holes for z3: effective dilations, numbers of taps and reaches are arbitrary integers."""

from collections.abc import Iterator
from typing import Any

from derive.proof.evidence import Query


def one_more_layer(z3: Any) -> Iterator[Query]:
    """Offsets 0 .. reach, shifted by e u for u < k, cover 0 .. reach + e(k - 1) if e <= reach + 1.

    Offset x is reached with u = min(k - 1, floor(x / e)).
    """
    x, e, k, reach, quotient, u = z3.Ints("x e k reach quotient u")
    small = "a dilation of at most reach + 1"
    yield Query(
        assume={
            "a layer": k >= 1,
            "an offset": (x >= 0) & (x <= reach + e * (k - 1)),
            "the quotient": (e * quotient <= x) & (x < e * (quotient + 1)) & (e >= 1),
            "the tap": u == z3.If(quotient < k - 1, quotient, k - 1),
            small: e <= reach + 1,
        },
        claim=(u >= 0) & (u < k) & (x - e * u >= 0) & (x - e * u <= reach),
        dropped=["an offset", "the quotient", "the tap", small],
        unsharp=["the quotient"],
    )


def gap(z3: Any) -> Iterator[Query]:
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
