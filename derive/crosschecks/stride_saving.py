"""Stride saving: cross-checks by literal loops, grids of cases and questions for z3."""

from derive import oracle
from derive.families import asymmetric, standard
from derive.proof.language import *
from derive.proof.questions import Queries, rounded_down
from derive.theorems import stride_saving as theorem


def checks() -> Proof:
    yield "A second prover confirms the output size and the thresholds over all integers."
    yield Confirmed(strides)
    yield "Literal loops spend fewer multiplications on a pair, in either order, exactly below the threshold."
    yield from theorem.in_both_orders(cheaper).values()
    yield Decides(
        (theorem.five,),
        lambda **width: theorem.saves.holds({n: 3, theorem.s: 2, C_in: 3, C_out: 8, m: width["m"]}),
        Grid(m=range(1, 9)),
    )
    yield Establishes(theorem.saves, theorem.five)
    yield "Channels of unequal number miss the ratio, here by the loops for one tap."
    yield Decides(
        (theorem.equal,),
        lambda **layer: (
            theorem.share(asymmetric.family, n=1, **layer)
            == value(theorem.ratio.expr, {theorem.s: layer["s"], n: 1})
        ),
        Grid(s=(1, 2), C_in=(1, 2, 3), C_out=(1, 2, 3), m=(1, 2, 3)),
    )
    yield Establishes(theorem.equal, theorem.ratio)
    yield 'Windows, counted one by one: with "same" padding a stride divides the size by itself.'
    yield divided(theorem.tall, H_out)
    yield divided(theorem.wide, W_out)
    yield Decides(
        (theorem.same,),
        lambda k, d, before, beyond: oracle.Axis(4, k, 1, d, before, beyond).outputs == 4,
        Grid(k=(1, 2, 3), d=(1, 2), before=(0, 1), beyond=(0, 1, 2)),
    )
    yield Establishes(theorem.tall, theorem.wide, theorem.same)
    yield "At every stride a depthwise separable layer takes that share of the MACs of the standard layer."
    yield Equal(
        theorem.macs(theorem.separable()) / theorem.macs(standard.family), theorem.kept.expr
    )
    yield Establishes(theorem.kept)


def strides(z3: Any) -> Queries:
    """Output size under "same" padding, then when an asymmetric pair saves."""
    s, h, quotient = z3.Ints("s h q")
    room = s * h - 1
    yield Query(
        {"stride": s >= 1, "floor": rounded_down(z3, quotient, room, s)},
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


def cheaper(family: Family) -> Decides:
    """Evidence that a pair spends fewer multiplications than the standard layer, where it says."""
    return Decides(
        (theorem.saves,),
        lambda **layer: theorem.share(family, **layer) < 1,
        Grid(n=(1, 3), s=(1, 2), C_in=(1, 2), C_out=(1, 3), m=(1, 2)),
        Grid(n=(1, 3, 5), s=(1, 2, 3), C_in=(1, 2, 3), C_out=(1, 2, 3), m=(1, 2, 3)),
    )


def divided(claim: Claim, outputs: Symbol) -> Holds:
    """Evidence that a size is the stride times the windows, for 3 taps of dilation 2."""
    return Holds(
        claim,
        lambda s, windows: {
            claim.terms[0]: s * windows,
            outputs: oracle.Axis(s * windows, 3, s, 2, 1, 3).outputs,
        },
        Grid(s=(1, 2, 3), windows=(1, 2, 4)),
    )
