"""Numbers over one denominator: the least that brings each near enough, unless by chance."""

from bisect import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod

from derive.decide.ulp import Numbers, Target, ULPS

LONGEST = 4096
CHANCE = 0.01  # of random numbers to be as near, for a denominator and as often as it is large


def over_one_denominator(target: Target, chance: float = CHANCE) -> Numbers | None:
    """Every number as n/q, with the least q up to 4096 for which none is too far off and random
    numbers would be so near by the given chance at most; None if there is none.

    >>> from derive.algebra.kernel import Kernel
    >>> from derive.notation.letters import u
    >>> given = Kernel.of([Fraction(1 / 3), Fraction(2 / 3)], (u,))
    >>> over_one_denominator(Target(given, Fraction(1), "float64"))
    [Fraction(1, 3), Fraction(2, 3)]
    """
    if (part := target.part) and over_one_denominator(part, chance) is None:
        return None
    steps = {abs(x): step for x, step in zip(target.numbers, target.units, strict=True) if x}
    sieves = [Sieve.of(x, step) for x, step in steps.items()]
    for below in range(1, _longest(target, chance) + 1):
        if all(sieve.passes(below) for sieve in sieves):
            found = [Fraction(round(x * below), below) for x in target.numbers]
            if likely(_patterns(target, found), target.off(found), below, chance):
                return found
    return None


@dataclass(frozen=True)
class Sieve:
    """Whether the number above/below is within ``room``/below of a multiple of 1/q, in integers."""

    above: int
    below: int
    room: Fraction

    @classmethod
    def of(cls, number: Fraction, step: Fraction) -> "Sieve":
        """The search for a number with its unit in the last place."""
        return cls(number.numerator, number.denominator, ULPS * step * number.denominator)

    def passes(self, denominator: int) -> bool:
        """Whether the number is near enough to a fraction with this denominator.

        >>> third = Sieve.of(Fraction(1 / 3), Fraction(1, 2**54))
        >>> [q for q in range(1, 10) if third.passes(q)]
        [3, 6, 9]
        """
        rest = self.above * denominator % self.below
        off, room = min(rest, self.below - rest), self.room
        return off * room.denominator <= room.numerator * denominator


def likely(patterns: Mapping[Fraction, Fraction], off: Fraction, below: int, chance: float) -> bool:
    """Whether random numbers are so near to multiples of 1/below by the given chance at most.

    Given are the multiples and a unit in the last place for each. A random number is within ``off``
    units of one with chance 2 · off · unit · below, and that many denominators have been tried. If
    only some of the numbers have smaller denominators, those of the others must not be by chance.
    """
    chances = _chances(patterns, off, below)
    bases = _multiples(denominator for denominator, _ in chances)
    rests = ([x for denominator, x in chances if base % denominator] for base in bases)
    return _by_chance(patterns, off, below) <= chance and all(
        prod(rest) * (below // base) <= chance
        for base, rest in zip(bases, rests, strict=True)
        if rest
    )


def _chances(
    patterns: Mapping[Fraction, Fraction], off: Fraction, below: int
) -> list[tuple[int, float]]:
    """For each number its denominator, and how often a random number in its place is as near."""
    wide = float(2 * max(off, Fraction(1, 2)) * below)
    return [(x.denominator, min(1.0, wide * float(step))) for x, step in patterns.items()]


def _by_chance(patterns: Mapping[Fraction, Fraction], off: Fraction, below: int) -> float:
    """How often random numbers would all be so near, for some denominator up to this."""
    return prod(chance for _, chance in _chances(patterns, off, below)) * below


def _multiples(denominators: Iterable[int]) -> list[int]:
    """1, and the least common multiples of more and more denominators, smallest first."""
    bases = [1]
    for denominator in sorted(denominators):
        bases.append(lcm(bases[-1], denominator))
    return bases


def _patterns(target: Target, found: Numbers) -> dict[Fraction, Fraction]:
    """The multiples with the unit in the last place of each; those that are powers of two times
    each other count once."""
    units = {abs(x): step for x, step in zip(found, target.units, strict=True) if x and step}
    patterns: dict[Fraction, tuple[Fraction, Fraction]] = {}
    for number, step in units.items():
        odd = Fraction(_odd(number.numerator), _odd(number.denominator))
        patterns[odd] = max(patterns.get(odd, (Fraction(0),) * 2), (step, number))
    return {number: step for step, number in patterns.values()}


def _longest(target: Target, chance: float) -> int:
    """The largest denominator that may be likely, were every number within half a unit of it."""
    patterns = _patterns(target, target.numbers)
    return bisect(range(1, LONGEST + 1), chance, key=lambda q: _by_chance(patterns, Fraction(0), q))


def _odd(number: int) -> int:
    """The number without its factors 2."""
    return number // (number & -number)
