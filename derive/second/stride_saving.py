"""Stride saving (A3) for the second prover: sizes and thresholds, nothing from the book."""

from collections.abc import Iterator
from typing import Any

from derive.proof.evidence import Query


def strides(z3: Any) -> Iterator[Query]:
    """Output size under "same" padding, then when an asymmetric pair saves."""
    s, h, quotient = z3.Ints("s h q")
    room = s * h - 1
    yield Query(
        {
            "stride": s >= 1,
            "floor": z3.And(s * quotient <= room, room < s * quotient + s),
        },
        quotient + 1 == h,
        dropped=["floor"],
    )
    n, m, c, C = z3.Ints("n m C_in C_out")
    yield Query(
        {"taps": n >= 1, "channels": c >= 1},
        (n * s * c * c + n * c * c < n * n * c * c) == (n > s + 1),
        dropped=["taps", "channels"],
    )
    yield Query(
        {"taps": n >= 1},
        (m * n * s * c + m * n * C < n * n * c * C) == (m * (s * c + C) < n * c * C),
        dropped=["taps"],
    )
