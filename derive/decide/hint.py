"""Simple fractions behind floating-point numbers: a kernel of lower rank within a few ulp.

An ulp, a unit in the last place of a number, is the distance to the next number of its precision.
Among many fractions one is near by chance, so a kernel is named only if random numbers would
hardly be as near to one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from derive.algebra.kernel import Kernel
from derive.decide.cuts import Cuts
from derive.decide.denominators import over_one_denominator
from derive.decide.form import Form
from derive.decide.short_factors import of_short_factors
from derive.decide.ulp import Numbers, PRECISIONS, Target
from derive.notation.errors import InputError

SURE = 0.001  # the chance of a kernel to be named though its ranks are no lower


@dataclass(frozen=True)
class Hint:
    """An exact kernel near floating-point numbers: its entries are scale · n/denominator.

    ``ranks`` are those of its deciding matrices, ``given`` those of the numbers as they are.
    """

    kernel: Kernel
    scale: Fraction
    denominator: int
    ulps: Fraction
    ranks: tuple[int, ...]
    given: tuple[int, ...]

    @property
    def lower(self) -> bool:
        """Whether a matrix has a smaller rank, and none a larger one."""
        return self.no_higher and self.ranks != self.given

    @property
    def no_higher(self) -> bool:
        """Whether no matrix has a larger rank."""
        return all(one <= two for one, two in zip(self.ranks, self.given, strict=True))


def hint(cuts: Cuts, precision: str) -> Hint | None:
    """A kernel of simple fractions, perhaps times the largest entry, from which no entry is more
    than ULPS off and of which a deciding matrix has a lower rank.

    Failing that, one over a common denominator of the same ranks, if that is no chance; else None.
    Raises InputError for a precision that is not one of PRECISIONS.

    >>> from derive.decide.form import form
    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import m
    >>> given = Kernel.of([[[[Fraction(a * b / 9) for a in (1, 2, 3)] for b in (1, 2, 3)]]])
    >>> found = hint(Cuts(form(asymmetric.family, given, {m: 1})), "float64")
    >>> found.denominator, found.given, found.ranks, float(found.ulps) <= 0.5
    (9, (2,), (1,), True)
    """
    if precision not in PRECISIONS:
        raise InputError(f"{precision} is not a precision: use {', '.join(PRECISIONS)}")
    kernel = cuts.form.kernel
    if not any(kernel.flat):
        return None
    targets = [Target(kernel, scale, precision) for scale in (Fraction(1), _largest(kernel))]
    candidates = (found for target in targets for found in _candidates(target, cuts))
    if lower := next((found for found in candidates if found.lower), None):
        return lower
    same = over_one_denominator(targets[0], SURE)
    found = _judged(targets[0], same, cuts) if same else None
    return found if found and found.no_higher else None


def _largest(kernel: Kernel) -> Fraction:
    return max(map(Fraction, kernel.flat), key=abs)


def _candidates(target: Target, cuts: Cuts) -> Iterator[Hint]:
    asked = cuts.form
    extents = tuple(asked.size(x) for x in asked.letters)
    places = Kernel(asked.letters, extents, asked.places(asked.letters))
    attempts = [over_one_denominator(target)]
    attempts += [of_short_factors(target, places, cut) for cut in cuts.bounds]
    yield from (_judged(target, numbers, cuts) for numbers in attempts if numbers)


def _judged(target: Target, numbers: Numbers, cuts: Cuts) -> Hint:
    """The numbers as a hint, with the ranks of the deciding matrices before and after."""
    asked = cuts.form
    entries = [target.scale * x for x in numbers]
    kernel = Kernel(asked.kernel.letters, asked.kernel.extents, entries)
    other = Cuts(Form(asked.line, kernel, asked.terms, asked.values))
    ranks, given = (tuple(found.rank for found in one.ranks) for one in (other, cuts))
    below = lcm(*(x.denominator for x in numbers))
    return Hint(kernel, target.scale, below, target.off(numbers), ranks, given)
