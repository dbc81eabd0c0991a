"""Rank one for z3: K is an uninterpreted function and n an arbitrary integer."""

from collections.abc import Iterator
from typing import Any

from derive.proof.evidence import Query


def pivot_form(z3: Any) -> Iterator[Query]:
    """If the minors through a non-zero pivot vanish, K is the column times the row of the pivot."""
    n, u0, v0, u, v = z3.Ints("n u0 v0 u v")
    y, x = z3.Ints("y x")
    K = z3.Function("K", z3.IntSort(), z3.IntSort(), z3.RealSort())
    inside = z3.And(y >= 0, y < n, x >= 0, x < n)
    vanish = z3.ForAll([y, x], z3.Implies(inside, K(y, x) * K(u0, v0) == K(y, v0) * K(u0, x)))
    column, row = K(u, v0), K(u0, v) / K(u0, v0)
    yield Query(
        assume={
            "the pivot is not zero": K(u0, v0) != 0,
            "the minors vanish": vanish,
            "the entry lies in the kernel": z3.And(u >= 0, u < n, v >= 0, v < n),
        },
        claim=K(u, v) == column * row,
        dropped=["the pivot is not zero", "the minors vanish", "the entry lies in the kernel"],
    )


def minors_vanish(z3: Any) -> Iterator[Query]:
    """Every 2 × 2 minor of an outer product is zero."""
    u, v, y, x = z3.Ints("u v y x")
    K = z3.Function("K", z3.IntSort(), z3.IntSort(), z3.RealSort())
    a, b = (z3.Function(name, z3.IntSort(), z3.RealSort()) for name in "ab")
    corners = [(u, v), (y, x), (u, x), (y, v)]
    yield Query(
        assume={"K is an outer product": z3.And(*(K(s, t) == a(s) * b(t) for s, t in corners))},
        claim=K(u, v) * K(y, x) == K(u, x) * K(y, v),
        dropped=["K is an outer product"],
    )
