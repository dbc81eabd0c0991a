"""Units in the last place: how near numbers are to others of a floating-point precision."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import islice

from derive.algebra.kernel import Kernel
from derive.decide.floats import exponent_of
from derive.notation.letters import tau

PRECISIONS = {  # digits of the mantissa, and the least exponent of a number that has them all
    "float16": (11, -14),
    "bfloat16": (8, -126),
    "float32": (24, -126),
    "float64": (53, -1022),
}
MANY = 1000
ULPS = 4  # how far off an entry may be
Numbers = Sequence[Fraction]


@dataclass(frozen=True)
class Target:
    """Floating-point numbers over a common scale, with the unit in the last place of each."""

    kernel: Kernel
    scale: Fraction
    precision: str

    @cached_property
    def numbers(self) -> Numbers:
        """The entries over the scale, exact."""
        return [entry / self.scale for entry in self.kernel.flat]

    @cached_property
    def units(self) -> Numbers:
        """A unit in the last place of every entry, over the scale; 0 for an entry of 0."""
        return [unit(entry, self.precision) / abs(self.scale) for entry in self.kernel.flat]

    @property
    def part(self) -> "Target | None":
        """The first of many entries that are not 0, for a quick look; None if there are few."""
        if len(self.kernel.flat) <= MANY:
            return None
        some = list(islice((x for x in self.kernel.flat if x), MANY))
        return Target(Kernel((tau,), (len(some),), some), self.scale, self.precision)

    def off(self, found: Numbers) -> Fraction:
        """How many units other numbers are off at most, entries of 0 aside."""
        both = zip(found, self.numbers, self.units, strict=True)
        return max((abs(one - two) / step for one, two, step in both if step), default=Fraction(0))


def unit(number: int | Fraction, precision: str) -> Fraction:
    """A unit in the last place of a number; 0 for 0.

    >>> unit(Fraction(1, 3), "float32") == Fraction(1, 2**25), unit(1, "float16")
    (True, Fraction(1, 1024))
    """
    if not number:
        return Fraction(0)
    digits, least = PRECISIONS[precision]
    exponent = exponent_of([number]) - 1
    exponent -= abs(Fraction(number)) < Fraction(2) ** exponent
    return Fraction(2) ** (max(exponent, least) - digits + 1)
