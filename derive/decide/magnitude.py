"""Non-negative numbers in floating point, as large or small as the kernel they come from."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal, MAX_EMAX, MIN_EMIN
from functools import total_ordering
from math import frexp, hypot, inf, ldexp

WIDE = Context(prec=25, Emax=MAX_EMAX, Emin=MIN_EMIN)


@total_ordering
@dataclass(frozen=True)
class Magnitude:
    """mantissa · 2^exponent, where the mantissa is 0 or from 1/2 up to 1: ``of`` makes it so.

    >>> tiny = Magnitude.of(1.0, -2000)
    >>> float(tiny), f"{tiny:.2e}", tiny / Magnitude.of(3.0, -2000) < 0.5
    (0.0, '8.71e-603', True)
    """

    mantissa: float = 0.0
    exponent: int = 0

    @classmethod
    def of(cls, value: float, exponent: int = 0) -> "Magnitude":
        """|value| · 2^exponent."""
        mantissa, own = frexp(abs(value))
        return cls(mantissa, own + exponent) if mantissa else cls()

    def __float__(self) -> float:
        try:
            return ldexp(self.mantissa, self.exponent)
        except OverflowError:
            return inf

    def __bool__(self) -> bool:
        return bool(self.mantissa)

    def __lt__(self, other: "Magnitude") -> bool:
        return self._key < other._key

    def __add__(self, other: "Magnitude") -> "Magnitude":
        low, high = sorted((self, other))
        shift = low.exponent - high.exponent if low else 0
        return Magnitude.of(high.mantissa + ldexp(low.mantissa, shift), high.exponent)

    def __mul__(self, factor: float) -> "Magnitude":
        mantissa, exponent = frexp(factor)
        return Magnitude.of(self.mantissa * mantissa, self.exponent + exponent)

    def __truediv__(self, other: "Magnitude") -> float:
        quotient = self.mantissa / other.mantissa
        return float(Magnitude.of(quotient, self.exponent - other.exponent))

    def __format__(self, spec: str) -> str:
        number = float(self)
        if not self or 0 < number < inf:
            return format(number, spec)
        power = WIDE.power(Decimal(2), Decimal(self.exponent))
        return format(WIDE.multiply(Decimal(self.mantissa), power), spec)

    def __str__(self) -> str:
        return format(self, ".3g")

    @property
    def _key(self) -> tuple[bool, int, float]:
        return bool(self), self.exponent, self.mantissa


def norm(values: Iterable[Magnitude]) -> Magnitude:
    """The root of the sum of the squares.

    >>> float(norm([Magnitude.of(3.0), Magnitude.of(4.0)])), norm([]) == Magnitude()
    (5.0, True)
    """
    present = [value for value in values if value]
    top = max((value.exponent for value in present), default=0)
    return Magnitude.of(
        hypot(*(ldexp(value.mantissa, value.exponent - top) for value in present)), top
    )
