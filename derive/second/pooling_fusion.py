"""Box filters for z3: the matrix that spreads tap u over the places u to u + s - 1."""

from collections.abc import Iterator
from typing import Any

from derive.proof.evidence import Query


def triangular(z3: Any) -> Iterator[Query]:
    """The first rows of that matrix: ones on the diagonal, zeros above it."""
    t, u, s = z3.Ints("t u s")

    def entry(row: Any, column: Any) -> Any:
        return z3.If(z3.And(row - column >= 0, row - column < s), 1, 0)

    yield Query(
        assume={"a window has a pixel": s >= 1},
        claim=entry(u, u) == 1,
        dropped=["a window has a pixel"],
    )
    yield Query(assume={"above": t < u}, claim=entry(t, u) == 0, dropped=["above"])
