"""Whether one design represents every kernel of another, for sizes in symbols (T21)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice, product

from sympy import And, Eq, Expr, Le, Min, Mul, Or, Symbol, true
from sympy.logic.boolalg import Boolean

from derive.notation.family import Letters, Line
from derive.relations.criterion import Bounded, Criterion, criterion, Zero
from derive.relations.design import Format, pair, Term
from derive.relations.min_cut import min_cut, MinCut, never_more, smallest
from derive.relations.weights import Weights, weights

MOST_RUNS = 512  # choices of letters for the bonds


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
class Inclusion:
    """Whether every kernel of one design is one of another.

    ``open`` is the containing design with its bonds as symbols.
    """

    small: Format
    large: Format
    open: Format

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

    @property
    def decides(self) -> bool:
        """Whether ranks decide, however long the bonds of the containing design are."""
        return criterion(self.open).sufficient

    @property
    def verdict(self) -> bool | None:
        """Whether it holds at all sizes; None if that is not known."""
        if self.enough == true:
            return True
        return False if self.necessary != true else None

    @cached_property
    def weights(self) -> Weights | None:
        """Weights of the containing design that give every kernel of the contained one, for bonds
        as long as they need."""
        return next(self.made(), None)

    @cached_property
    def recipes(self) -> tuple[Weights, ...]:
        """Weights for the shortest bonds for which deltas and factors give any."""
        return tuple(self.made())

    def made(self) -> Iterator[Weights]:
        """The weights that there are, one after the other; none for bonds that are never shorter
        than those of others before."""
        term, found = self.small.terms[0], list[Mapping[Symbol, Expr]]()
        for runs in self._runs():
            needs = {bond: term.extent(letters) for bond, letters in runs.items()}
            if any(_covers(one, needs) for one in found):
                continue
            made = weights(self.small, self.open, runs)
            if made is not None and made.proved:
                found.append(needs)
                yield made

    @cached_property
    def opened(self) -> tuple[Compared, ...]:
        """As ``compared``, with the bonds of the containing design as symbols."""
        return _compared(self.small, criterion(self.open))

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


def in_symbols(small: Line, large: Line) -> Inclusion:
    """Whether every kernel of the first line is one of the second, for sizes in symbols. Bonds of
    the second that are called as one of the first get a prime. InputError if the two have different
    axes.

    >>> from derive.families import asymmetric, depthwise_separable
    >>> found = in_symbols(depthwise_separable.family, asymmetric.family)
    >>> found.necessary, found.enough == found.necessary
    (Min(C_in*k_h, C_out*k_w, C_in*M*k_w) <= m, True)
    """
    both = pair(small, large)
    return Inclusion(both.one, both.other, both.other)


def _vanishes(design: Format, zero: Zero) -> bool:
    """Whether a design has the same zeros: one letter at the places, or no tap there."""
    if len(zero.places) == 1:
        return all(zero.places[0] not in held for held in design.held)
    return all(len({held[place] for place in zero.places}) == 1 for held in design.held)


def _compared(small: Format, decided: Criterion) -> tuple[Compared, ...]:
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
