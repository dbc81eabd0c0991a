"""The kink of an absolute value for z3: numbers of any sign, the absolute value by cases."""

from collections.abc import Iterator
from typing import Any

from derive.proof.evidence import Query


def far_along(z3: Any) -> Iterator[Query]:
    """alpha + beta t is not 0, unless alpha and beta both are, if t |beta| exceeds |alpha|."""
    alpha, beta, t = z3.Reals("alpha beta t")
    yield Query(
        assume={
            "not both zero": z3.Or(alpha != 0, beta != 0),
            "far along": z3.Implies(beta != 0, t * size(z3, beta) > size(z3, alpha)),
        },
        claim=alpha + beta * t != 0,
        dropped=["not both zero", "far along"],
    )


def smooth_away_from_zero(z3: Any) -> Iterator[Query]:
    """|x + e| + |x - e| = 2|x| if |e| is at most |x|."""
    x, e = z3.Reals("x e")
    yield Query(
        assume={"e is small": size(z3, e) <= size(z3, x)},
        claim=size(z3, x + e) + size(z3, x - e) == 2 * size(z3, x),
        dropped=["e is small"],
    )


def kink_at_zero(z3: Any) -> Iterator[Query]:
    """|x + e| + |x - e| exceeds 2|x| if x = 0 and e is not."""
    x, e = z3.Reals("x e")
    yield Query(
        assume={"at the kink": x == 0, "a step": e != 0},
        claim=size(z3, x + e) + size(z3, x - e) > 2 * size(z3, x),
        dropped=["at the kink", "a step"],
    )


def size(z3: Any, x: Any) -> Any:
    """The absolute value of x."""
    return z3.If(x >= 0, x, -x)
