"""Exactness and degrees of freedom of a line for all sizes at once, as finitely many cases.

Which factors are joined by what depends on which letters run over a single value and on nothing
else. So there is a case for each set of such letters, but one case serves all sets in which nothing
happens other than that these letters are no longer mentioned. Within a case the numbers decide
which of its matrices ask for anything.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations, compress, product
from math import prod
from typing import TypeAlias

from sympy import Expr, Integer, Max, Min, StrictLessThan, Symbol

from derive.algebra.dimension import ambient, forest_dimension, upper_bound
from derive.algebra.exactness import (
    Exactness,
    OF_THIS_SHAPE,
    outer,
    ranks,
    SUM_OF_BRANCHES,
    sum_of_outer,
    unfoldings,
)
from derive.algebra.network import Bond, Network, network
from derive.notation.family import Letters, Line

Hole: TypeAlias = Letters | Expr
Sentence = tuple[str, str]  # in words and in symbols, holes by number: {0}


@dataclass(frozen=True)
class Matrix:
    """A matrix of the kernel: the letters of its rows and columns, and the bonds that bound its
    rank, of which the smallest counts."""

    rows: Letters
    columns: Letters
    bonds: tuple[Letters, ...]


@dataclass(frozen=True)
class Case:
    """What decides where the factors are joined as in ``net``.

    ``tests`` are relations; ``says`` has the condition for every way in which they can come out,
    none where every kernel is of the form. Letters of a hole that run over one value are left out.
    """

    net: Network | None
    entries: Expr

    @cached_property
    def matrices(self) -> tuple[Matrix, ...]:
        """The matrices whose ranks decide."""
        if self.net is None or not self.net.forest:
            return ()
        found = unfoldings(self.net.cuts)
        return tuple(Matrix(*sides, tuple(bonds)) for sides, bonds in found.items())

    @cached_property
    def holes(self) -> tuple[Hole, ...]:
        """What the holes of the sentences stand for."""
        net = self.net
        if net is None:
            return ()
        if net.star:
            return (net.extent(net.star.letters), *map(net.open_letters, _alone(net)))
        if not net.forest:
            return ()
        sides = ((m.rows, m.columns, self._bound(m), self._largest(m)) for m in self.matrices)
        return (*chain(*sides), *map(net.open_letters, net.parts))

    @cached_property
    def tests(self) -> tuple[Expr, ...]:
        """Whether each matrix can have a larger rank than it is allowed."""
        net = self.net
        if net is not None and net.star:
            sides = [net.extent(net.open_letters(one)) for one in _alone(net)]
            terms = net.extent(net.star.letters)
            longest = Max(*dict.fromkeys(sides), evaluate=False)
            return (_less(terms * longest, prod(sides, start=Integer(1))),)
        return tuple(_less(self._bound(m), self._largest(m)) for m in self.matrices)

    @cached_property
    def says(self) -> dict[str, Sentence]:
        """The condition for what the tests say, one digit each."""
        net, count = self.net, len(self.tests)
        if net is None:
            return {"": SUM_OF_BRANCHES}
        if net.star:
            names = [_hole(n + 1) for n in range(len(net.nodes))]
            return {"1": sum_of_outer(net.kept, _hole(0), names)}
        if not net.forest:
            return {"": OF_THIS_SHAPE}
        ways = ("".join(way) for way in product("01", repeat=count))
        return {way: self._asked(way) for way in ways if "1" in way}

    @cached_property
    def dimension(self) -> "Dimension":
        """The degrees of freedom."""
        net = self.net
        if net is None:
            return Dimension((), self.entries, exact=False)
        if not net.forest:
            return Dimension((), upper_bound(net), exact=False)
        names = {bond: Symbol(f"b{n}", integer=True) for n, bond in enumerate(net.bonds)}
        steps = tuple(clipping(net, names))
        return Dimension(steps, forest_dimension(net, names), exact=True)

    def _asked(self, way: str) -> Sentence:
        assert self.net is not None
        bits = [digit == "1" for digit in way]
        if not any(any(m.bonds) for m in compress(self.matrices, bits)):
            first = 4 * len(self.matrices)
            return outer(self.net.kept, [_hole(first + n) for n in range(len(self.net.parts))])
        asked = compress(range(0, 4 * len(self.matrices), 4), bits)
        return ranks(
            self.net.kept,
            [(_hole(n), _hole(n + 1), f"{_hole(n + 2)} of {_hole(n + 3)}") for n in asked],
        )

    def _bound(self, matrix: Matrix) -> Expr:
        assert self.net is not None
        return _least(*map(self.net.extent, matrix.bonds))

    def _largest(self, matrix: Matrix) -> Expr:
        assert self.net is not None
        return _least(self.net.extent(matrix.rows), self.net.extent(matrix.columns))


@dataclass(frozen=True)
class Dimension:
    """A dimension: sizes of bonds in the order in which they are worked out, each from those
    before, the formula that uses them, and whether it is exact or an upper bound."""

    steps: tuple[tuple[Symbol, Expr], ...]
    expr: Expr
    exact: bool


@dataclass(frozen=True)
class Cases:
    """The cases of a line: ``table`` has the number of the case for every set of single letters.

    The place of a set in the table is the sum of 2**n over those of ``sizes`` that are 1.
    """

    sizes: tuple[Expr, ...]
    table: tuple[int, ...]
    cases: tuple[Case, ...]

    def at(self, values: Mapping[Symbol, int]) -> Case:
        """The case at given sizes."""
        return self.cases[self.table[self.place(values)]]

    def place(self, values: Mapping[Symbol, int]) -> int:
        """Where the case for given sizes stands in the table."""
        return sum(2**n for n, size in enumerate(self.sizes) if size.xreplace(values) == 1)


def cases(line: Line) -> Cases:
    """The cases of a line.

    >>> from derive.families import asymmetric
    >>> found = cases(asymmetric.family)
    >>> len(found.cases), found.cases[0].says["1"][1], found.cases[0].holes[:2]
    (4, 'rank {0} × {1} ≤ {2} of {3}', ((o, v), (i, u)))
    """
    family, entries = Exactness(line).family, ambient(line)
    if family is None:
        return Cases((), (0,), (Case(None, entries),))
    letters = tuple(dict.fromkeys((*family.kernel, *family.letters)))
    sizes = tuple(dict.fromkeys(family.sizes[x] for x in letters))
    found: list[Case] = []
    table = [0] * 2 ** len(sizes)
    for single in _subsets(sizes):
        ones = {size: Integer(1) for size in single}
        case = Case(network(family, ones), entries)
        gone = {x for x in letters if family.sizes[x] in ones}
        number = next(
            (n for n, known in enumerate(found) if _covers(known, case, gone)), len(found)
        )
        found[number:] = found[number:] or [case]
        table[sum(2 ** sizes.index(size) for size in single)] = number
    return Cases(sizes, tuple(table), tuple(found))


def clipping(net: Network, names: Mapping[Bond, Symbol]) -> Iterator[tuple[Symbol, Expr]]:
    """The sizes of the bonds of a forest, none larger than the rest of either factor it joins.

    Bonds are cut from the leaves to the root of every tree and then from the root to the leaves,
    each by what its farther and then by what its nearer factor allows.
    """
    known: dict[Bond, Expr] = {bond: net.extent(bond.letters) for bond in net.bonds}
    order = list(_rooted(net))
    steps = [(bond, far) for bond, _, far in reversed(order)]
    steps += [(bond, near) for bond, near, _ in order]
    for bond, node in steps:
        others = (known[one] for one in net.bonds if node in one.nodes and one is not bond)
        room = prod(others, start=net.extent(net.open_letters([node])))
        yield names[bond], _least(known[bond], room)
        known[bond] = names[bond]


def _rooted(net: Network) -> Iterator[tuple[Bond, int, int]]:
    """Every bond with its nearer and its farther factor, seen from a root of its tree."""
    seen: set[int] = set()
    left = list(net.bonds)
    for root in range(len(net.nodes)):
        reached = [] if root in seen else [root]
        while reached:
            near = reached.pop(0)
            seen.add(near)
            for bond in [one for one in left if near in one.nodes]:
                left.remove(bond)
                (far,) = bond.nodes - {near}
                reached.append(far)
                yield bond, near, far


def _subsets(sizes: tuple[Expr, ...]) -> Iterator[tuple[Expr, ...]]:
    counts = range(len(sizes) + 1)
    return chain.from_iterable(combinations(sizes, count) for count in counts)


def _covers(known: Case, case: Case, gone: set[Symbol]) -> bool:
    """Whether a known case is this one, but for letters that run over a single value."""
    one, other = known.net, case.net
    if one is None or other is None:
        return one is other

    def lean(letters: Letters) -> Letters:
        return tuple(x for x in letters if x not in gone)

    same = one.kept == other.kept and len(one.bonds) == len(other.bonds)
    nodes = tuple(frozenset(node - gone) for node in one.nodes)
    matrices = tuple(
        Matrix(lean(m.rows), lean(m.columns), tuple(map(lean, m.bonds))) for m in known.matrices
    )
    return same and nodes == other.nodes and matrices == case.matrices


def _alone(net: Network) -> list[list[int]]:
    return [[number] for number in range(len(net.nodes))]


def _least(*sizes: Expr) -> Expr:
    """The smallest size, as it stands: what SymPy can say of it beforehand takes it long."""
    different = dict.fromkeys(sizes)
    return Min(*different, evaluate=False) if len(different) > 1 else sizes[0]


def _less(one: Expr, other: Expr) -> Expr:
    return StrictLessThan(one, other, evaluate=False)


def _hole(number: int) -> str:
    return f"{{{number}}}"
