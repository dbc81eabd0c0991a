"""How far factors are from a kernel, entry by entry, with a bound on what rounding hides."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any

from sympy import Symbol

from derive.algebra.factorize import contracted
from derive.algebra.kernel import Kernel
from derive.decide.floats import Tensor
from derive.decide.form import Form
from derive.decide.magnitude import Magnitude
from derive.notation.family import Letters

EXACT_TERMS = 2000  # products up to which the difference is exact before it is rounded
UNIT = 2.0**-53


@dataclass(frozen=True, eq=False)
class Difference:
    """Kernel less contraction as an array; the array is off by ``slack`` at most (all entries
    together, in the Euclidean norm)."""

    tensor: Tensor
    slack: Magnitude = field(default_factory=Magnitude)

    @cached_property
    def norm(self) -> Magnitude:
        """The root of the sum of the squares."""
        return _norm(self.tensor)


def difference(asked: Form, factors: Iterable[Kernel | Tensor]) -> Difference:
    """What is left of a kernel when the contraction of factors of the form is taken away.

    Up to EXACT_TERMS products it is computed exactly and then rounded; beyond that in float64,
    where a sum of n products of t factors is right to n + 3t units of the sum of their absolute
    values.

    >>> from derive.decide.form import form
    >>> from derive.families import blueprint_separable
    >>> from derive.notation.letters import i, o, u, v
    >>> asked = form(blueprint_separable.family, Kernel.of([[[[2, 1], [1, 1]]]]), {})
    >>> ones = Kernel.of([[1]], (o, i)), Kernel.of([[[1, 1], [1, 1]]], (o, u, v))
    >>> float(difference(asked, ones).norm)
    1.0
    """
    factors = tuple(factors)
    sizes = {x: extent for factor in factors for x, extent in factor.sizes.items()}
    if prod(sizes.values()) <= EXACT_TERMS:
        exact = [one.kernel if isinstance(one, Tensor) else one for one in factors]
        integers, belows = zip(*(one.scaled for one in exact), strict=True)
        places, ours = asked.places(asked.letters), contracted(integers, asked.letters).flat
        entries, below = list(asked.kernel.flat), prod(belows)
        for place, number in zip(places, ours, strict=True):
            entries[place] -= Fraction(number, below)
        return exactly(Kernel(asked.kernel.letters, asked.kernel.extents, entries))
    rough = [one if isinstance(one, Tensor) else Tensor.of(one) for one in factors]
    return _roughly(asked, rough, sizes)


def exactly(error: Kernel) -> Difference:
    """An exact difference, rounded."""
    tensor = Tensor.of(error)
    return Difference(tensor, _norm(tensor) * (2 * UNIT))


def _roughly(asked: Form, factors: list[Tensor], sizes: dict[Symbol, int]) -> Difference:
    import numpy as np

    given = Tensor.of(asked.kernel)
    ours = _contracted(factors, asked.letters)
    absolute = [Tensor(x.letters, np.abs(x.array), x.exponent) for x in factors]
    top = max(given.exponent, ours.exponent)
    left, right = (np.ldexp(x.array, x.exponent - top) for x in (given, ours))
    left.reshape(-1)[asked.places(asked.letters)] -= right.reshape(-1)
    summed = prod(extent for x, extent in sizes.items() if x not in asked.letters)
    around = _norm(_contracted(absolute, asked.letters)) * (summed + 3 * len(factors))
    return Difference(Tensor(given.letters, left, top), (around + _norm(given) * 4) * (2 * UNIT))


def _contracted(factors: list[Tensor], letters: Letters) -> Tensor:
    """The sum over every letter that is not among the given ones, in float64."""
    import numpy as np

    everything = dict.fromkeys(letters) | dict.fromkeys(x for f in factors for x in f.letters)
    number = {x: place for place, x in enumerate(everything)}
    operands: list[Any] = []
    for f in factors:
        operands += [f.array.astype(np.float64), [number[x] for x in f.letters]]
    array = np.einsum(*operands, [number[x] for x in letters], optimize="greedy")
    return Tensor(letters, array, sum(factor.exponent for factor in factors))


def _norm(tensor: Tensor) -> Magnitude:
    import numpy as np

    return Magnitude.of(float(np.linalg.norm(tensor.array)), tensor.exponent)
