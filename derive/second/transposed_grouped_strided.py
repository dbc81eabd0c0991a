"""Transposed sizes (T19) for the second prover, nothing from the book."""

from collections.abc import Iterator
from typing import Any

from derive.proof.evidence import Query


def transposed(z3: Any) -> Iterator[Query]:
    """The convolution on the pixels of a transposed one has as many windows as that had pixels,
    and the output padding for its slack."""
    H, s, padded, reach, extra = z3.Ints("H s p reach extra")
    windows, slack = z3.Ints("N r")
    grown = (H - 1) * s - padded + reach + extra + 1
    room = grown + padded - reach - 1
    yield Query(
        {
            "output padding": z3.And(extra >= 0, extra < s),
            "floor": z3.And(room == s * (windows - 1) + slack, slack >= 0, slack < s),
        },
        z3.And(windows == H, slack == extra),
        dropped=["output padding", "floor"],
    )
