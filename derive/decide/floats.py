"""Kernels as arrays: of integers, and of float64 scaled by a power of two."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import frexp, prod
from typing import Any, TYPE_CHECKING

from sympy import Symbol

from derive.algebra.dyadic import Dyadics
from derive.algebra.kernel import Index, Kernel
from derive.algebra.matrix import Number
from derive.notation.family import Letters

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Tensor:
    """An array with an axis for each letter, times 2^exponent.

    >>> from derive.notation.letters import u, v
    >>> tensor = Tensor.of(Kernel.of([[2**2000, -(2**1999)]], (u, v)))
    >>> tensor.array.tolist(), tensor.exponent
    ([[0.5, -0.25]], 2001)
    """

    letters: Letters
    array: "NDArray[Any]"
    exponent: int = 0

    @classmethod
    def of(cls, kernel: Kernel) -> "Tensor":
        """The entries in float64, each rounded once: all below 1, the largest at least 1/4."""
        import numpy as np

        if isinstance(kernel.flat, Dyadics):
            _, exponent = frexp(float(np.abs(kernel.flat.array).max()))
            array = np.ldexp(kernel.flat.array, -exponent)
            return cls(kernel.letters, array.reshape(kernel.extents), exponent)
        exponent = exponent_of(kernel.flat)
        numbers = np.array([scaled(entry, -exponent) for entry in kernel.flat], dtype=np.float64)
        return cls(kernel.letters, numbers.reshape(kernel.extents), exponent)

    @property
    def sizes(self) -> dict[Symbol, int]:
        """How far each letter runs."""
        return dict(zip(self.letters, self.array.shape, strict=True))

    @property
    def kernel(self) -> Kernel:
        """The kernel of these numbers, exact."""
        power = Fraction(2) ** self.exponent
        flat = [Fraction(x) * power for x in self.array.ravel().tolist()]
        return Kernel(self.letters, self.array.shape, flat)

    def stored(self, kind: Any) -> "Tensor":
        """The numbers rounded to a format such as ``"float32"``, without an exponent; infinite
        where they are beyond it."""
        import numpy as np

        with np.errstate(over="ignore"):
            return Tensor(self.letters, np.ldexp(self.array, self.exponent).astype(kind))

    def matrix(self, rows: Iterable[Symbol]) -> "NDArray[Any]":
        """The matrix with the given row letters; the others, in their order, are the columns.

        >>> from derive.notation.letters import u, v
        >>> Tensor.of(Kernel.of([[1, 2, 3], [4, 5, 6]], (u, v))).matrix([v]).shape
        (3, 2)
        """
        places = [self.letters.index(x) for x in rows]
        others = [place for place in range(len(self.letters)) if place not in places]
        height = prod(self.array.shape[place] for place in places)
        width = prod(self.array.shape[place] for place in others)
        return self.array.transpose(*places, *others).reshape(height, width)

    def slices(self, kept: Letters) -> "Iterator[tuple[Index, Tensor]]":
        """What is left at every value of some letters."""
        places = [self.letters.index(x) for x in kept]
        others = [place for place in range(len(self.letters)) if place not in places]
        rest = tuple(self.letters[place] for place in others)
        moved = self.array.transpose(*places, *others)
        for at in product(*map(range, moved.shape[: len(places)])):
            yield at, Tensor(rest, moved[at], self.exponent)


def integers(kernel: Kernel) -> Tensor:
    """The entries of a kernel of integers, of any size.

    >>> from derive.notation.letters import u
    >>> integers(Kernel.of([3, 10**30], (u,))).array.tolist()
    [3, 1000000000000000000000000000000]
    """
    import numpy as np

    numbers = np.empty(len(kernel.flat), dtype=object)
    numbers[:] = kernel.flat
    return Tensor(kernel.letters, numbers.reshape(kernel.extents))


def scaled(number: Number, exponent: int) -> float:
    """number · 2^exponent, rounded once.

    >>> scaled(3 * 2**5000, -5000), scaled(Fraction(1, 3 * 2**5000), 5000)
    (3.0, 0.3333333333333333)
    """
    above, below = number.numerator, number.denominator
    return (above << exponent) / below if exponent >= 0 else above / (below << -exponent)


def exponent_of(entries: Iterable[Number]) -> int:
    """An e with every entry below 2^e, the largest at least 2^(e-2); 0 for zeros.

    >>> exponent_of([0, Fraction(1, 3), -5]), exponent_of([0])
    (3, 0)
    """
    return max(
        (x.numerator.bit_length() - x.denominator.bit_length() + 1 for x in entries if x),
        default=0,
    )
