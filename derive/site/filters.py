"""The filters of a stage as papers write them: their number, taps, and the channels each reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod

from sympy import Expr, Integer, Symbol, sympify

from derive.algebra.counting import StageCount
from derive.notation.letters import Direction


@dataclass(frozen=True)
class Filters:
    """A number of filters, their taps along every axis, and the channels each one reads.

    >>> str(Filters(Symbol("m"), (Symbol("n"), Integer(1)), Integer(3)))
    'm filters of n × 1 × 3'
    """

    number: Expr
    sides: tuple[Expr, ...]
    depth: Expr

    def __str__(self) -> str:
        """In words, sides first, as most papers do."""
        shape = " × ".join(map(str, (*self.sides, self.depth)))
        return f"{self.number} filter{'' if self.number == 1 else 's'} of {shape}"


def filters(
    count: StageCount, directions: Iterable[Direction], values: Mapping[Symbol, Expr | int]
) -> Filters:
    """The filters of a stage on some axes; sizes without a value stay symbols.

    >>> from derive.families import depthwise_separable
    >>> from derive.algebra.counting import Count
    >>> from derive.notation.convolution import PLANE
    >>> from derive.notation.letters import C_in, M
    >>> ((_, (first, _)),) = Count(depthwise_separable.family).stages
    >>> str(filters(first, PLANE, {C_in: 3, M: 1}))
    '3 filters of k_h × k_w × 1'
    """
    directions, stage = tuple(directions), count.stage
    known = {symbol: sympify(value) for symbol, value in values.items()}
    pixels, taps = ({getattr(d, name) for d in directions} for name in ("pixel", "tap"))
    written = prod((extent for x, extent in stage.domain if x not in pixels), start=Integer(1))
    summed = (last - first + 1 for x, first, last in stage.limits if x not in taps)
    sides = (d.kernel if d.tap in stage.factor.indices else Integer(1) for d in directions)
    return Filters(
        written.xreplace(known),
        tuple(side.xreplace(known) for side in sides),
        prod(summed, start=Integer(1)).xreplace(known),
    )
