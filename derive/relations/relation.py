"""How two designs relate: whether each represents every kernel of the other (T21)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import combinations, islice, product

from sympy import And, Eq, Expr, Integer, Le, Min, Mul, Or, Symbol, true
from sympy.logic.boolalg import Boolean

from derive.notation.family import Letters, Line
from derive.notation.formula import integers
from derive.relations.criterion import Bounded, Criterion, criterion, Zero
from derive.relations.design import bond_sizes, contractions, Design, pair, Term
from derive.relations.generic import generic_rank
from derive.relations.min_cut import min_cut, MinCut, never_more, smallest
from derive.relations.weights import Weights, weights
from derive.relations.witness import against_rank, against_zero, Witness

Setting = Mapping[Symbol, int]
MOST_RUNS = 512  # choices of letters for the bonds


class Answer(Enum):
    """How one design relates to another."""

    EQUAL = "equal"
    CONTAINED = "contained"
    CONTAINS = "contains"
    NEITHER = "neither"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Compared:
    """A matrix: the rank that the containing design allows it, and the min cut of the contained."""

    bounded: Bounded
    cut: MinCut

    @property
    def condition(self) -> Boolean:
        """The min cut is at most the bound; true if one of its products always is."""
        if len(self.cut.terms) == 1:
            return _at_most(self.cut.terms[0].products, self.bounded.bound)
        return _le(self.cut.bound, self.bounded.bound)


@dataclass(frozen=True)
class Need:
    """How long a bond of the containing design has to be: at least and at most; the two are equal
    where it is known. Both are None where no size is enough, ``most`` where none is known."""

    bond: Expr
    least: int | None
    most: int | None


@dataclass(frozen=True)
class Inclusion:
    """Whether every kernel of one design is one of another, for sizes in symbols or in numbers.

    ``open`` is the containing design with its bonds as symbols.
    """

    small: Design
    large: Design
    open: Design
    numbers: bool

    @cached_property
    def criterion(self) -> Criterion:
        """What decides whether a kernel is one of the containing design's."""
        return criterion(self.large)

    @cached_property
    def zeros(self) -> tuple[Zero, ...]:
        """Where the containing design has zeros that the contained one lacks."""
        return tuple(zero for zero in self.criterion.zeros if not _vanishes(self.small, zero))

    @cached_property
    def compared(self) -> tuple[Compared, ...]:
        """Every matrix of the criterion, with the min cut of the contained design."""
        return _compared(self.small, self.criterion)

    @cached_property
    def necessary(self) -> Boolean:
        """The zeros are there, and every min cut is small enough."""
        zeros = (Eq(zero.extent, 1) for zero in self.zeros)
        return alternatives(And(*zeros, *(one.condition for one in self.compared)))

    @cached_property
    def enough(self) -> Boolean:
        """What is known to suffice: the same where the criterion decides, else that the bonds run
        far enough for weights that are known."""
        if self.criterion.sufficient:
            return self.necessary
        sizes, known = self.large.terms[0].sizes, [found.needs for found in self.recipes]
        if len(bonds := self.large.terms[0].bonds) == 1 and known:
            return _below(tuple(needs[bonds[0]] for needs in known), sizes[bonds[0]])
        return Or(*(And(*(_below((n,), sizes[x]) for x, n in needs.items())) for needs in known))

    @cached_property
    def ranks(self) -> tuple[int, ...]:
        """At sizes in numbers: the rank of each matrix of a generic kernel."""
        return tuple(
            generic_rank(self.small, one.bounded.layout, int(one.cut.bound))
            for one in self.compared
        )

    @cached_property
    def verdict(self) -> bool | None:
        """Whether it holds at the given sizes, in symbols whether it holds at all sizes; None if
        that is not known."""
        if self.enough == true:
            return True
        if not self.numbers:
            return False if self.necessary != true else None
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
        """A kernel of the contained design, at sizes in numbers, that the containing one lacks."""
        if not self.numbers or self.verdict is not False:
            return None
        single = (against_zero(self.small, zero) for zero in self.zeros)
        minors = (
            against_rank(self.small, one.layout, int(one.bound), rank)
            for rank, one in self._refused
        )
        return next((one for found in (single, minors) for one in found if one is not None), None)

    @cached_property
    def weights(self) -> Weights | None:
        """Weights of the containing design that give every kernel of the contained one; in symbols
        for bonds as long as they need."""
        sizes = self.large.terms[0].sizes
        for found in self.recipes:
            if not self.numbers or all(n <= sizes[bond] for bond, n in found.needs.items()):
                return found
        return None

    @cached_property
    def recipes(self) -> tuple[Weights, ...]:
        """Weights for the shortest bonds for which deltas and factors give any."""
        found: list[Weights] = []
        for runs in self._runs():
            made = weights(self.small, self.open, runs)
            if made is None or any(_covers(one.needs, made.needs) for one in found):
                continue
            if made.proved:
                found.append(made)
        return tuple(found)

    @cached_property
    def opened(self) -> tuple[Compared, ...]:
        """As ``compared``, with the bonds of the containing design as symbols."""
        return _compared(self.small, criterion(self.open))

    @property
    def decides(self) -> bool:
        """Whether ranks decide, however long the bonds of the containing design are."""
        return criterion(self.open).sufficient

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """At sizes in numbers: the smallest bonds of the containing design."""
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
        return generic_rank(self.small, one.bounded.layout, int(one.cut.bound))

    def _runs(self) -> Iterator[dict[Symbol, Letters]]:
        """Letters of the contained design for each bond of the containing one, shortest first."""
        small, large = self.small.single, self.open.single
        if small is None or large is None:
            return
        choices = [self._crossing(bond) or _subsets(small) for bond in large.bonds]
        for runs in islice(product(*choices), MOST_RUNS):
            yield dict(zip(large.bonds, runs, strict=True))

    def _crossing(self, bond: Symbol) -> list[Letters]:
        """The letters that cross the cut of a bond, for each placement."""
        (term,) = self.small.terms
        if not self.decides:
            return []
        found = [
            tuple(x for x in term.letters if x in placement.crossing)
            for one in self.opened
            if one.bounded.bonds == (bond,)
            for placement in one.cut.terms[0].placements
        ]
        return sorted(found, key=len)


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
    both = pair(small, large)
    if small_sizes is None or large_sizes is None:
        return Inclusion(both.one, both.other, both.other, numbers=False)
    given, own = integers(small_sizes, small_sizes), integers(large_sizes, large_sizes)
    bonds = bond_sizes(contractions(large))
    layer = {x: n for x, n in own.items() if x not in bonds}
    at = both.at(given, own)
    return Inclusion(at.one, at.other, both.at(given, layer).other, numbers=True)


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


def _vanishes(design: Design, zero: Zero) -> bool:
    """Whether a design has the same zeros: one letter at the places, or no tap there."""
    if len(zero.places) == 1:
        return all(zero.places[0] not in held for held in design.held)
    return all(len({held[place] for place in zero.places}) == 1 for held in design.held)


def _compared(small: Design, decided: Criterion) -> tuple[Compared, ...]:
    return tuple(Compared(one, min_cut(small, one.layout)) for one in decided.ranks)


def alternatives(condition: Boolean) -> Boolean:
    """A condition of ands and ors as an or of ands, without those that another one implies."""
    if not condition.has(Or):
        return condition
    choices = [
        [frozenset(And.make_args(one)) for one in Or.make_args(each)]
        for each in And.make_args(condition)
    ]
    every = {frozenset().union(*chosen) for chosen in product(*choices)}
    least = [one for one in every if not any(other < one for other in every)]
    return Or(*(And(*one) for one in least))


def _subsets(term: Term) -> list[Letters]:
    """Sets of letters, few first."""
    counts = range(len(term.letters) + 1)
    return [letters for count in counts for letters in combinations(term.letters, count)]


def _covers(needs: Mapping[Symbol, Expr], other: Mapping[Symbol, Expr]) -> bool:
    """Whether no bond is longer than in the other, whatever the sizes are."""
    return all(never_more(needs[bond], other[bond]) for bond in needs)


def _at_most(products: tuple[Expr, ...], bound: Expr) -> Boolean:
    """One of the products is at most the bound, which may be the smallest of several."""
    return And(*(_below(products, each) for each in Min.make_args(bound)))


def _below(products: tuple[Expr, ...], bound: Expr) -> Boolean:
    if any(never_more(one, bound) for one in products):
        return true
    if bound == 1:
        return Or(*(And(*(Eq(x, 1) for x in Mul.make_args(one))) for one in products))
    return _le(smallest(products), bound)


def _le(one: Expr, other: Expr) -> Boolean:
    """At most, decided for numbers and left as it is for symbols."""
    decided = one.is_Integer and other.is_Integer
    return Le(one, other) if decided else Le(one, other, evaluate=False)


def _least(bound: Expr, bond: Symbol, rank: int) -> int:
    """The smallest size of a bond at which a bound reaches a rank, at most the rank itself."""
    sizes = range(1, rank)
    return next((n for n in sizes if bound.xreplace({bond: Integer(n)}) >= rank), rank)
