"""What decides whether a kernel is one of a design's: ranks of matrices, or only bounds on them.

A forest of bonds is decided by the ranks of its cuts (T2 to T6). For any other design the min cut
bounds the rank of every matrix, which can refute and not confirm.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

from sympy import Expr, Symbol

from derive.algebra.network import Network
from derive.notation.family import Letters
from derive.relations.design import Format, Term
from derive.relations.min_cut import Layout, min_cut

HELD, ROW, COLUMN = range(3)
MOST_LAYOUTS = 3**8


@dataclass(frozen=True)
class Bounded:
    """A matrix, the largest rank that the design allows it, and the bonds that allow it."""

    layout: Layout
    bound: Expr
    bonds: Letters


@dataclass(frozen=True)
class Zero:
    """Where the kernels of a design vanish: places with one letter, or off the middle of a tap."""

    places: Letters
    extent: Expr


@dataclass(frozen=True)
class Criterion:
    """The conditions on a kernel, and whether together they are enough."""

    zeros: tuple[Zero, ...]
    ranks: tuple[Bounded, ...]
    sufficient: bool


def criterion(design: Format) -> Criterion:
    """The conditions of a design.

    >>> from derive.families import asymmetric, depthwise_separable
    >>> from derive.relations.design import pair
    >>> found = criterion(pair(asymmetric.family, depthwise_separable.family).other)
    >>> [(each.layout.rows, each.layout.columns, each.bound) for each in found.ranks]
    [((o,), (u, v), M)]
    """
    term = design.single
    if term is not None and term.network.forest:
        return Criterion(tuple(_zeros(design)), tuple(_cuts(design, term)), True)
    zeros = tuple(_zeros(design)) if term is not None else ()
    star = term is not None and term.network.star
    ranks = _splits(design, term.network) if term and star else _necessary(design)
    return Criterion(zeros, tuple(ranks), False)


def _zeros(design: Format) -> Iterator[Zero]:
    (held,) = design.held
    for letter in dict.fromkeys(held.values()):
        places = design.places_of((letter,))
        if len(places) > 1 and design.extents[places[0]] != 1:
            yield Zero(places, design.extents[places[0]])
    for place, extent in design.extents.items():
        if place not in held and extent != 1:
            yield Zero((place,), extent)


def _cuts(design: Format, term: Term) -> Iterator[Bounded]:
    net = term.network
    for cut in net.cuts:
        kept, rows, columns = map(design.places_of, (cut.kept, cut.rows, cut.columns))
        yield Bounded(Layout(kept, rows, columns), net.extent(cut.bonds), cut.bonds)


def _splits(design: Format, net: Network) -> Iterator[Bounded]:
    """The matrices that part the factors of a sum of outer products into two sides."""
    if net.star is None:
        return
    first, *others = range(len(net.nodes))
    for count in range(len(others)):
        for chosen in combinations(others, count):
            above = {first, *chosen}
            below = [number for number in others if number not in above]
            sides = (net.open_letters(above), net.open_letters(below))
            layout = Layout(*map(design.places_of, (net.kept, *sides)))
            yield Bounded(layout, net.extent(net.star.letters), net.star.letters)


def _necessary(design: Format) -> Iterator[Bounded]:
    """Every matrix whose rank the letters bound below its width and height."""
    places = [place for place, extent in design.extents.items() if extent != 1]
    if 3 ** len(places) > MOST_LAYOUTS:
        return
    for sides in sorted(product((HELD, ROW, COLUMN), repeat=len(places)), key=lambda s: s.count(0)):
        kept, rows, columns = (_chosen(places, sides, side) for side in (HELD, ROW, COLUMN))
        if rows and columns and places.index(rows[0]) < places.index(columns[0]):
            layout = Layout(kept, rows, columns)
            found = min_cut(design, layout)
            crossing = {x for cut in found.terms for one in cut.placements for x in one.crossing}
            bonds = tuple(
                dict.fromkeys(x for term in design.terms for x in term.bonds if x in crossing)
            )
            if bonds or not crossing:
                yield Bounded(layout, found.bound, bonds)


def _chosen(places: list[Symbol], sides: tuple[int, ...], side: int) -> Letters:
    return tuple(place for place, own in zip(places, sides, strict=True) if own == side)
