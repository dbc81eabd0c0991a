"""Floating-point numbers as the exact numbers that they are, made as they are asked for.

Every finite float is an integer over a power of two. A trained kernel has millions of them: its
singular values need the floats, its ranks the integers over one power of two, and few need them as
fractions.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, overload, TYPE_CHECKING

from derive.algebra.matrix import Number

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIGITS = 53  # of a float64
WORD = 63  # bits of an integer of NumPy


class Dyadics(Sequence[Number]):
    """A sequence of exact numbers that is kept as an array of finite float64.

    >>> import numpy as np
    >>> found = Dyadics(np.array([0.5, 3.0]))
    >>> tuple(found), found == (Fraction(1, 2), 3), found.scaled
    ((Fraction(1, 2), 3), True, ((1, 6), 2))
    """

    def __init__(self, array: "NDArray[Any]") -> None:
        self.array = array

    @overload
    def __getitem__(self, place: int) -> Number: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Number, ...]: ...
    def __getitem__(self, place: int | slice) -> Number | tuple[Number, ...]:
        if isinstance(place, slice):
            return tuple(map(_exact, self.array[place].tolist()))
        return _exact(self.array.item(place))

    def __len__(self) -> int:
        return len(self.array)

    def __iter__(self) -> Iterator[Number]:
        return map(_exact, self.array.tolist())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Dyadics):
            same = self.array.shape == other.array.shape
            return same and bool((self.array == other.array).all())
        return isinstance(other, tuple) and tuple(self) == other

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __reduce__(self) -> tuple[type["Dyadics"], tuple[Any]]:
        return Dyadics, (self.array,)

    def text(self, place: int) -> str:
        """The number at a place as a text: 3, or 1/2.

        >>> import numpy as np
        >>> Dyadics(np.array([0.5, 3.0])).text(0)
        '1/2'
        """
        above, below = self.array.item(place).as_integer_ratio()
        return str(above) if below == 1 else f"{above}/{below}"

    def at(self, places: Sequence[int]) -> "Dyadics":
        """The numbers at some places."""
        return Dyadics(self.array[list(places)])

    @property
    def below(self) -> int:
        """How many bits the least common denominator has after its first."""
        return max(0, -int(self._parts[1].min(initial=0)))

    @property
    def scaled(self) -> tuple[tuple[int, ...], int]:
        """The numbers as integers over their least common denominator, and that."""
        import numpy as np

        odd, powers = self._parts
        shifts = powers + self.below
        longest = np.frexp(self.array)[1].max(initial=0) + self.below
        if longest < WORD:
            return tuple((odd << shifts).tolist()), 1 << self.below
        pairs = zip(odd.tolist(), shifts.tolist(), strict=True)
        return tuple(number << shift for number, shift in pairs), 1 << self.below

    @cached_property
    def _parts(self) -> "tuple[NDArray[Any], NDArray[Any]]":
        """Every number as an odd integer, or 0, and the power of two that it is taken times."""
        import numpy as np

        mantissas, exponents = np.frexp(self.array)
        whole = np.ldexp(mantissas, DIGITS).astype(np.int64)
        lowest = np.where(whole, whole & -whole, 1)
        twos = np.frexp(lowest.astype(np.float64))[1].astype(np.int64) - 1
        powers = np.where(whole, exponents.astype(np.int64) - DIGITS + twos, 0)
        return whole >> twos, powers


def _exact(number: float) -> Number:
    return int(number) if number.is_integer() else Fraction(number)
