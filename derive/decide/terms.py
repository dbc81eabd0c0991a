"""A tensor as a sum of outer products; the least number of them is NP-hard to find (T6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod

from sympy import Symbol

from derive.algebra.factorize import spread
from derive.algebra.kernel import Index, Kernel
from derive.algebra.matrix import Number
from derive.algebra.network import Cut, Network
from derive.algebra.skeleton import Skeleton, skeleton
from derive.notation.family import Family, Letters

Term = tuple[tuple[Number, ...], ...]  # one vector for each side
SMALL = 1000  # entries up to which every order of the sides is tried


@dataclass(frozen=True)
class Star:
    """A family whose factors share one bond, and a kernel of integers over ``below`` with its
    letters, at sizes in numbers: as few outer products as are found, and as there must be.
    """

    family: Family
    network: Network
    sizes: Mapping[Symbol, int]
    kernel: Kernel
    below: int

    @property
    def sides(self) -> tuple[Letters, ...]:
        """The letters of each factor, those kept aside."""
        return tuple(self.network.open_letters([n]) for n in range(len(self.network.nodes)))

    @property
    def bond(self) -> Letters:
        """The letters that every factor has and that are summed."""
        return self.network.star.letters if self.network.star else ()

    @cached_property
    def terms(self) -> dict[Index, list[Term]]:
        """Outer products for each value of the kept letters."""
        return {at: outer_terms(part, self.sides) for at, part in self._parts.items()}

    @property
    def most(self) -> int:
        """A number of terms that is enough."""
        return max(len(terms) for terms in self.terms.values())

    @cached_property
    def least(self) -> int:
        """A number of terms that is needed: the largest rank when the sides are parted in two."""
        kept, sides = self.network.kept, self.sides
        cuts = set()
        for chosen in product((False, True), repeat=len(sides) - 1):
            rows, columns = (
                tuple(
                    x
                    for side, own in zip(sides, (*chosen, True), strict=True)
                    if own == half
                    for x in side
                )
                for half in (False, True)
            )
            if rows:
                cuts.add(Cut(kept, rows, columns, ()))
        return max(
            self.kernel.skeleton(cut, at).rank for cut in cuts for at in self.kernel.over(kept)
        )

    @property
    def factors(self) -> tuple[Kernel, ...] | None:
        """A tensor for every factor of the family, if the terms found are no more than the bond."""
        if self.most > prod(self.sizes[x] for x in self.bond):
            return None
        tensors = {
            at: {n: self._stacked(terms, n, self.bond) for n in range(len(self.sides))}
            for at, terms in self.terms.items()
        }
        return spread(self.family, self.network, self.sizes, tensors, self.below)

    @cached_property
    def _parts(self) -> dict[Index, Kernel]:
        kept = self.network.kept
        letters = [x for x in self.kernel.letters if x in self.network.kernel and x not in kept]
        return {
            at: self.kernel.view(letters, dict(zip(kept, at, strict=True)))
            for at in self.kernel.over(kept)
        }

    def _stacked(self, terms: list[Term], number: int, bond: Letters) -> Kernel:
        """The vectors of one side as the values of the bond; beyond the terms, zeros."""
        letters = (*self.sides[number], *bond)
        extents = tuple(self.sizes[x] for x in letters)
        width = prod(self.sizes[x] for x in bond)
        blank = [0] * (width - len(terms))
        places = range(prod(extents) // width)
        rows = ((*(term[number][place] for term in terms), *blank) for place in places)
        return Kernel(letters, extents, [x for row in rows for x in row])


def outer_terms(kernel: Kernel, sides: Sequence[Letters]) -> list[Term]:
    """Vectors over each side whose outer products sum to a kernel of integers.

    Two sides take as many as the rank. Of more, one side is split off: the kernel is a sum over a
    basis of its rows. Never more come out than the kernel has entries off its longest side.

    >>> from derive.notation.letters import i, u, v
    >>> three_ones = Kernel.by(lambda i, u, v: int(i + u + v == 1), i=2, u=2, v=2)
    >>> len(outer_terms(three_ones, [(i,), (u,), (v,)]))
    3
    """
    if len(sides) == 1:
        return [(tuple(kernel.view(sides[0]).flat),)] if any(kernel.flat) else []
    found = {place: _apart(kernel, sides, place) for place in range(len(sides))}
    if len(sides) == 2:
        return _split(kernel, sides, 0, found[0])
    order = sorted(found, key=lambda place: found[place].rank)
    chosen = order if len(kernel.flat) <= SMALL else order[:1]
    return min((_split(kernel, sides, place, found[place]) for place in chosen), key=len)


def _apart(kernel: Kernel, sides: Sequence[Letters], place: int) -> Skeleton:
    """The matrix with the letters of one side as columns."""
    rest = tuple(x for n, side in enumerate(sides) if n != place for x in side)
    return skeleton(kernel.matrix(rest, sides[place]))


def _split(kernel: Kernel, sides: Sequence[Letters], place: int, found: Skeleton) -> list[Term]:
    """The terms of each part of the kernel, with one row of the basis at its side."""
    others = [side for n, side in enumerate(sides) if n != place]
    rest = tuple(x for side in others for x in side)
    extents = tuple(kernel.sizes[x] for x in rest)
    left, right = found.split()
    terms: list[Term] = []
    for part, row in zip(zip(*left, strict=True), right, strict=True):
        for term in outer_terms(Kernel(rest, extents, part), others):
            terms.append((*term[:place], tuple(row), *term[place:]))
    return terms
