"""How two designs relate: whether each represents every kernel of the other (T21)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from math import prod

from sympy import Expr, Integer, Symbol, true

from derive.notation.family import Line
from derive.notation.formula import integers
from derive.relations.criterion import Bounded
from derive.relations.design import bond_sizes, contractions, pair
from derive.relations.generic import Generic
from derive.relations.inclusion import Compared, in_symbols, Inclusion
from derive.relations.min_cut import Layout
from derive.relations.weights import Weights
from derive.relations.witness import against_rank, against_zero, Witness

Setting = Mapping[Symbol, int]
MOST_ENTRIES = 4 * 10**6  # of a kernel whose ranks are worked out


class Answer(Enum):
    """How one design relates to another."""

    EQUAL = "equal"
    CONTAINED = "contained"
    CONTAINS = "contains"
    NEITHER = "neither"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Need:
    """How long a bond of the containing design has to be: at least and at most; the two are equal
    where it is known. Both are None where no size is enough, ``most`` where none is known."""

    bond: Expr
    least: int | None
    most: int | None


@dataclass(frozen=True)
class Measured(Inclusion):
    """Whether every kernel of one design is one of another, at sizes in numbers."""

    @property
    def worked_out(self) -> bool:
        """Whether the kernel is small enough for the ranks of its matrices to be worked out; else
        the min cuts are taken for them."""
        return prod(map(int, self.small.extents.values())) <= MOST_ENTRIES

    @cached_property
    def ranks(self) -> tuple[int, ...]:
        """The rank of each matrix of a generic kernel."""
        return tuple(map(self._rank, self.compared))

    @cached_property
    def verdict(self) -> bool | None:
        """Whether it holds at these sizes; None if that is not known."""
        if self.enough == true:
            return True
        if self.zeros or self._refused:
            return False
        return True if self.criterion.sufficient else None

    @cached_property
    def _refused(self) -> list[tuple[int, Bounded]]:
        """The matrices whose rank is above the bound, with the rank, smallest rank first."""
        found = [
            (rank, one.bounded)
            for one, rank in zip(self.compared, self.ranks, strict=True)
            if rank > one.bounded.bound
        ]
        return sorted(found, key=lambda pair: pair[0])

    @cached_property
    def witness(self) -> Witness | None:
        """A kernel of the contained design that the containing one lacks."""
        if self.verdict is not False:
            return None
        single = (against_zero(self.small, zero) for zero in self.zeros)
        minors = (
            against_rank(self.small, one.layout, int(one.bound), rank)
            for rank, one in self._refused
        )
        return next((one for found in (single, minors) for one in found if one is not None), None)

    @cached_property
    def weights(self) -> Weights | None:
        """Weights of the containing design that give every kernel of the contained one
        with the bonds that it has."""
        sizes = self.large.terms[0].sizes
        for found in self.made():
            if all(n <= sizes[bond] for bond, n in found.needs.items()):
                return found
        return None

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """The smallest bonds of the containing design."""
        ranks = [(one, self._rank(one)) for one in self.opened]
        own = bond_sizes(self.open.terms)
        fixed = any(
            rank > one.bounded.bound
            for one, rank in ranks
            if not own & one.bounded.bound.free_symbols
        )
        if self.zeros or fixed:
            return tuple(Need(bond, None, None) for bond in sorted(own, key=str))
        if self.decides:
            return self._exact(ranks)
        if len(own) != 1:
            return tuple(Need(bond, 1, None) for bond in sorted(own, key=str))
        (bond,) = own
        least = max([1, *(_least(one.bounded.bound, bond, rank) for one, rank in ranks)])
        known = [int(n) for found in self.recipes for n in found.needs.values()]
        return (Need(bond, least, min(known, default=None)),)

    def _exact(self, ranks: list[tuple[Compared, int]]) -> tuple[Need, ...]:
        """The needs of a forest: each cut has bonds of its own."""
        found: dict[Expr, int] = dict.fromkeys(sorted(bond_sizes(self.open.terms), key=str), 1)
        for one, rank in ranks:
            bound = one.bounded.bound
            for bond in bound.free_symbols - {bound}:
                found.pop(bond, None)
            found[bound] = max(found.get(bound, 1), rank)
        return tuple(Need(bond, n, n) for bond, n in found.items() if bond.free_symbols)

    def _rank(self, one: Compared) -> int:
        """The rank of a matrix of a generic kernel, worked out once."""
        layout = one.bounded.layout
        if not self.worked_out:
            return int(one.cut.bound)
        if layout not in self._ranks:
            self._ranks[layout] = self._generic.rank(layout, int(one.cut.bound))
        return self._ranks[layout]

    @cached_property
    def _generic(self) -> Generic:
        return Generic(self.small)

    @cached_property
    def _ranks(self) -> dict[Layout, int]:
        return {}


@dataclass(frozen=True)
class Relation:
    """Two designs, each sought in the other, and sizes that are equal for both."""

    forward: Inclusion
    backward: Inclusion
    equal: tuple[tuple[Expr, Expr], ...]

    @property
    def answer(self) -> Answer:
        """Equal, contained, contains, neither, or undecided."""
        there, back = self.forward.verdict, self.backward.verdict
        if there is None or back is None:
            return Answer.UNDECIDED
        if there:
            return Answer.EQUAL if back else Answer.CONTAINED
        return Answer.CONTAINS if back else Answer.NEITHER


def included(
    small: Line, large: Line, small_sizes: Setting | None = None, large_sizes: Setting | None = None
) -> Inclusion:
    """Whether every kernel of the first line is one of the second, at sizes in symbols, or at
    numbers for all sizes of both. Bonds of the second that are called as one of the first get a
    prime. InputError if the two have different axes.

    >>> from derive.families import asymmetric, depthwise_separable
    >>> from derive.notation.letters import sized
    >>> found = included(depthwise_separable.family, asymmetric.family)
    >>> found.necessary, found.enough == found.necessary
    (Min(C_in*k_h, C_out*k_w, C_in*M*k_w) <= m, True)
    >>> layer = sized(C_in=3, C_out=8, k_h=3, k_w=3)
    >>> at = layer | sized(M=1), layer | sized(m=8)
    >>> found = included(depthwise_separable.family, asymmetric.family, *at)
    >>> found.verdict, found.needs
    (False, (Need(bond=m, least=9, most=9),))
    """
    if small_sizes is None or large_sizes is None:
        return in_symbols(small, large)
    both = pair(small, large)
    given, own = integers(small_sizes, small_sizes), integers(large_sizes, large_sizes)
    bonds = bond_sizes(contractions(large))
    layer = {x: n for x, n in own.items() if x not in bonds}
    at = both.at(given, own)
    return Measured(at.one, at.other, both.at(given, layer).other)


def relate(
    one: Line, other: Line, one_sizes: Setting | None = None, other_sizes: Setting | None = None
) -> Relation:
    """Relation of two lines: ``included`` in both directions.

    >>> from derive.families import depthwise_separable, network_decoupling
    >>> from derive.notation.letters import sized
    >>> layer = sized(C_in=3, C_out=8, k_h=3, k_w=3, M=2, T=2)
    >>> relate(depthwise_separable.family, network_decoupling.family, layer, layer).answer.value
    'equal'
    """
    return Relation(
        included(one, other, one_sizes, other_sizes),
        included(other, one, other_sizes, one_sizes),
        pair(one, other).equal,
    )


def _least(bound: Expr, bond: Symbol, rank: int) -> int:
    """The smallest size of a bond at which a bound reaches a rank, at most the rank itself."""
    sizes = range(1, rank)
    return next((n for n in sizes if bound.xreplace({bond: Integer(n)}) >= rank), rank)
