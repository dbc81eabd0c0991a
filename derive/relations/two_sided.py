"""The contraction of a design as a product of two matrices: why the min cut bounds a rank (T21)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod

from sympy import Expr, Integer, KroneckerDelta, Mul, Sum, Symbol

from derive.algebra.contraction import summed
from derive.notation.family import Letters
from derive.relations.design import Sizes, Term
from derive.relations.min_cut import Placement

Names = Mapping[Symbol, Symbol]


@dataclass(frozen=True)
class TwoSided:
    """What the rows and the copies give, what the columns and the copies give, and the copies."""

    sides: tuple[Expr, Expr]
    copies: Sizes
    sizes: Sizes

    @property
    def inner(self) -> Expr:
        """The inner size of the product: how many values the copies have together."""
        return prod(self.copies.values(), start=Integer(1))

    @property
    def product(self) -> Expr:
        """The sum over the copies, with what the deltas pick out."""
        return summed(Mul(*self.sides), self.copies, self.sizes)


def two_sided(term: Term, rows: Letters, columns: Letters, placement: Placement) -> TwoSided:
    """A contraction as a product: what the rows and copies of the crossing letters give, times what
    the columns and the copies give, summed over the copies.

    A crossing letter of the rows is copied by a delta on the side of the rows, where the factors of
    the other side read the copy; likewise for the columns. A bond that does not cross is summed on
    its own side.

    >>> from derive.families import depthwise_separable
    >>> from derive.notation.letters import i, l, o, u, v
    >>> from derive.relations.design import contractions
    >>> (term,) = contractions(depthwise_separable.family)
    >>> placement = Placement(frozenset({1}), frozenset({i, l}))
    >>> two_sided(term, (o,), (i, u, v), placement).sides[::-1]
    (KroneckerDelta(i, i')*D[i, l', u, v], P[o, i', l'])
    """
    crossing = [x for x in term.letters if x in placement.crossing]
    copies = {x: Symbol(f"{x}'", integer=True) for x in crossing}
    sides = (
        _side(term, placement, rows, copies, above=True),
        _side(term, placement, columns, copies, above=False),
    )
    return TwoSided(sides, {copy: term.sizes[x] for x, copy in copies.items()}, term.sizes)


def _side(term: Term, placement: Placement, own: Letters, copies: Names, *, above: bool) -> Expr:
    """The factors of one side, summed over the bonds that only they hold, and the deltas of its
    own letters that cross."""
    numbers = [n for n in range(len(term.factors)) if (n in placement.rows) == above]
    names = {x: copy for x, copy in copies.items() if x not in own}
    parts = [_renamed(term, n, names) for n in numbers]
    ties = [KroneckerDelta(x, copies[x]) for x in own if x in copies]
    inside = {x for n in numbers for x in term.factors[n].letters if x in term.bonds}
    alone = [x for x in term.bonds if x in inside and x not in copies]
    return Mul(_summed(term, Mul(*parts), alone), *ties)


def _renamed(term: Term, number: int, names: Names) -> Expr:
    base, letters = term.factors[number]
    return base[tuple(names.get(x, x) for x in letters)]


def _summed(term: Term, summand: Expr, letters: Iterable[Symbol]) -> Expr:
    limits = [(x, Integer(0), term.sizes[x] - 1) for x in letters]
    return Sum(summand, *limits) if limits else summand
