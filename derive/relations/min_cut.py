"""The min cut of a design: how large a rank its letters allow a matrix of its kernels (T21).

Hold some places of the kernel, lay others out as rows and the rest as columns. Put every factor on
one of the two sides. A letter *crosses* if both sides hold it, where a place of the rows counts as
held on the side of the rows. The rank is at most the product of the sizes of the crossing letters.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import prod

from sympy import Add, Expr, Integer, Min, Symbol

from derive.notation.errors import InputError
from derive.notation.family import Letters
from derive.notation.monomial import at_most
from derive.relations.design import Format, Sizes, Term

MOST_FACTORS = 12  # there are two to that many placements


@dataclass(frozen=True)
class Layout:
    """A matrix of a kernel: places that are held, those of the rows and those of the columns."""

    kept: Letters
    rows: Letters
    columns: Letters


@dataclass(frozen=True)
class Placement:
    """The factors on the side of the rows, by number, and the letters that cross."""

    rows: frozenset[int]
    crossing: frozenset[Symbol]


@dataclass(frozen=True)
class TermCut:
    """The placements of one contraction that are best at some sizes."""

    placements: tuple[Placement, ...]
    sizes: Sizes

    @property
    def products(self) -> tuple[Expr, ...]:
        """What the crossing letters of each placement run over together."""
        return tuple(_extent(one.crossing, self.sizes) for one in self.placements)

    @property
    def bound(self) -> Expr:
        """The smallest of the products."""
        return smallest(self.products)


@dataclass(frozen=True)
class MinCut:
    """The bound on the rank of a matrix that a design allows: one cut for each of its terms."""

    terms: tuple[TermCut, ...]

    @property
    def bound(self) -> Expr:
        """The sum of the bounds of the terms.

        >>> from derive.families import asymmetric, depthwise_separable
        >>> from derive.notation.letters import i, o, u, v
        >>> from derive.relations.design import pair
        >>> both = pair(depthwise_separable.family, asymmetric.family)
        >>> min_cut(both.one, Layout((), (o, v), (i, u))).bound
        Min(C_in*k_h, C_out*k_w, C_in*M*k_w)
        """
        return Add(*(term.bound for term in self.terms))


def min_cut(design: Format, layout: Layout) -> MinCut:
    """The least, over all placements of the factors, of the product of the crossing letters.

    Placements that are nowhere better than another are left out. InputError for more than
    twelve factors.
    """
    terms = zip(design.terms, design.held, strict=True)
    return MinCut(tuple(_cut(term, held, layout) for term, held in terms))


def every_placement(design: Format, layout: Layout) -> list[Expr]:
    """The product of the crossing letters of every placement of the factors of the first term."""
    term, held = design.terms[0], design.held[0]
    return [_extent(one.crossing, term.sizes) for one in _placed(term, held, layout)]


def _cut(term: Term, held: Mapping[Symbol, Symbol], layout: Layout) -> TermCut:
    if len(term.factors) > MOST_FACTORS:
        raise InputError(
            f"a design of {len(term.factors)} factors has too many placements: at most"
            f" {MOST_FACTORS} factors are related"
        )
    best: dict[Placement, Expr] = {}
    for placement in _placed(term, held, layout):
        new = _extent(placement.crossing, term.sizes)
        if not any(never_more(known, new) for known in best.values()):
            best = {one: known for one, known in best.items() if not never_more(new, known)}
            best[placement] = new
    return TermCut(tuple(best), term.sizes)


def _placed(term: Term, held: Mapping[Symbol, Symbol], layout: Layout) -> Iterator[Placement]:
    """Every placement of the factors of a term."""
    gone = {held[x] for x in layout.kept if x in held}
    sides = [{held[x] for x in side if x in held} - gone for side in (layout.rows, layout.columns)]
    nodes = [set(factor.letters) - gone for factor in term.factors]
    return _placements(nodes, *sides)


def _placements(
    nodes: list[set[Symbol]], rows: set[Symbol], columns: set[Symbol]
) -> Iterator[Placement]:
    """Every way to put the factors on two sides, with the letters that both sides hold."""
    for chosen in product((True, False), repeat=len(nodes)):
        up, down = set(rows), set(columns)
        for node, above in zip(nodes, chosen, strict=True):
            (up if above else down).update(node)
        yield Placement(
            frozenset(n for n, above in enumerate(chosen) if above), frozenset(up & down)
        )


@cache
def never_more(one: Expr, other: Expr) -> bool:
    """Whether one product of sizes is at most another, whatever the sizes are.

    >>> from derive.notation.letters import C_in, k_h
    >>> never_more(C_in, C_in * k_h), never_more(C_in, k_h)
    (True, False)
    """
    found = at_most(one, other)
    return bool((other / one).as_numer_denom()[1] == 1) if found is None else found


def smallest(products: tuple[Expr, ...]) -> Expr:
    """The smallest of some products none of which is never more than another."""
    if all(one.is_Integer for one in products):
        return min(products)
    distinct = tuple(dict.fromkeys(products))
    return distinct[0] if len(distinct) == 1 else Min(*distinct, evaluate=False)


def _extent(letters: Iterable[Symbol], sizes: Sizes) -> Expr:
    return prod((sizes[x] for x in letters), start=Integer(1))
