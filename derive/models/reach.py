"""Receptive field of a stack: which pixels of the input of a model a number depends on.

Number y of a tensor depends on pixels from s y + low to s y + high, borders aside; branches that
meet join their intervals.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from derive.notation.axis import Axis, Transposed


@dataclass(frozen=True)
class Reach:
    """The pixels from stride * y + low to stride * y + high, along one axis.

    >>> Reach().through(Axis(32, 3, before=1, after=1)).through(Axis(32, 3, stride=2)).size
    5
    """

    stride: Fraction = Fraction(1)
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)

    @property
    def size(self) -> int:
        """Pixels from the first to the last; of a transposed stage, the most of any output."""
        return int(self.high - self.low) + 1

    def through(self, axis: Axis | Transposed) -> "Reach":
        """What a number after a layer depends on, given what one before it does."""
        kernel, stride, dilation = int(axis.kernel), int(axis.stride), int(axis.dilation)
        first, last = -int(axis.before), dilation * (kernel - 1) - int(axis.before)
        if isinstance(axis, Transposed):
            step = self.stride / stride
            return Reach(step, self.low - step * last, self.high - step * first)
        return Reach(
            self.stride * stride, self.low + self.stride * first, self.high + self.stride * last
        )

    def joined(self, other: "Reach") -> "Reach":
        """What a number depends on that two branches are joined in."""
        return Reach(self.stride, min(self.low, other.low), max(self.high, other.high))


Reaches = tuple[Reach, ...]


def joined(branches: Iterable[Reaches | None]) -> Reaches | None:
    """The reach along every axis after branches are joined; None if one is not known or if their
    pixels lie apart by different steps. A branch that depends on the whole image decides alone.

    >>> joined([(Reach(),), None]) is None
    True
    """
    found = list(branches)
    known = [one for one in found if one is not None]
    if not known or len(known) < len(found):
        return None
    if whole := [one for one in known if not any(axis.stride for axis in one)]:
        known = whole
    if len({tuple(axis.stride for axis in one) for one in known}) > 1:
        return None
    return tuple(reduce(Reach.joined, axes) for axes in zip(*known, strict=True))
