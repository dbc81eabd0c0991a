"""The max-plus semiring: the loops add from 0 and multiply from 1, so that they take it too."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tropical:
    """A number of the max-plus semiring: sums are maxima, products are sums, 0 is minus infinity.

    >>> Tropical(3) * Tropical(4) + Tropical(5), 0 + Tropical(3), Tropical(3) * 0
    (Tropical(value=7), Tropical(value=3), Tropical(value=None))
    """

    value: int | None  # None is minus infinity, the zero

    @classmethod
    def of(cls, number: "Tropical | int") -> "Tropical":
        """A tropical number; the integers 0 and 1 are the zero and the one of the semiring."""
        if isinstance(number, Tropical):
            return number
        return cls({0: None, 1: 0}[number])

    def __add__(self, other: "Tropical | int") -> "Tropical":
        values = [x for x in (self.value, Tropical.of(other).value) if x is not None]
        return Tropical(max(values, default=None))

    def __mul__(self, other: "Tropical | int") -> "Tropical":
        one, two = self.value, Tropical.of(other).value
        return Tropical(None if one is None or two is None else one + two)

    __radd__ = __add__
    __rmul__ = __mul__
