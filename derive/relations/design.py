"""Two designs in the letters of one kernel, so that the kernels of one can be sought in the other.

A channel letter of one design may be several of the other: the output channel o of a plain line is
(g, b) for a grouped one. Such a letter is split into parts, until every *place* of the kernel has
a letter of each design. A letter at two places leaves the kernel zero where the two differ.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import NamedTuple

from sympy import Expr, IndexedBase, Integer, Symbol

from derive.algebra.exactness import Exactness
from derive.algebra.network import Network, network_of
from derive.notation.errors import InputError
from derive.notation.family import Family, Letters, Line
from derive.notation.letters import SIZE, size

Sizes = Mapping[Symbol, Expr]
Equal = tuple[Expr, Expr]  # two sizes that have to be equal


class Factor(NamedTuple):
    """The name of a factor and its letters."""

    base: IndexedBase
    letters: Letters


@dataclass(frozen=True)
class Term:
    """One contraction: its factors, the letters of its kernel, and what its letters run over."""

    factors: tuple[Factor, ...]
    inputs: Letters
    outputs: Letters
    taps: Letters
    sizes: Sizes

    @cached_property
    def kernel(self) -> Letters:
        """The letters of the kernel: outputs, inputs, taps."""
        return tuple(dict.fromkeys((*self.outputs, *self.inputs, *self.taps)))

    @cached_property
    def letters(self) -> Letters:
        """All letters: those of the kernel, then the bonds."""
        held = (x for factor in self.factors for x in factor.letters)
        return tuple(dict.fromkeys((*self.kernel, *held)))

    @property
    def bonds(self) -> Letters:
        """The letters that are summed."""
        return self.letters[len(self.kernel) :]

    @cached_property
    def network(self) -> Network:
        """The contraction as a tensor network."""
        nodes = [frozenset(factor.letters) for factor in self.factors]
        return network_of(nodes, self.kernel, {x: self.sizes[x] for x in self.letters})

    def extent(self, letters: Iterable[Symbol]) -> Expr:
        """How many values the letters take together."""
        return prod((self.sizes[x] for x in letters), start=Integer(1))

    def renamed(self, changes: Mapping[Symbol, Letters], sizes: Sizes) -> "Term":
        """A contraction with other letters for some of its own: several, one or none."""

        def new(letters: Letters) -> Letters:
            return tuple(y for x in letters for y in changes.get(x, (x,)))

        return Term(
            tuple(Factor(base, new(letters)) for base, letters in self.factors),
            new(self.inputs),
            new(self.outputs),
            self.taps,
            {**self.sizes, **sizes},
        )

    def at(self, values: Sizes) -> "Term":
        """The contraction at the given sizes."""
        known = dict(values)
        return replace(self, sizes={x: self.sizes[x].xreplace(known) for x in self.letters})


@dataclass(frozen=True)
class Format:
    """A tensor format: a sum of contractions, mostly one, and the extent of each kernel place.

    The places are those of the outputs, the inputs and the taps; ``held`` says for every term which
    letter it has at a place: none at a tap where it holds the middle alone.
    """

    terms: tuple[Term, ...]
    extents: Sizes

    @cached_property
    def places(self) -> Letters:
        """The places of the kernel."""
        return tuple(self.extents)

    @cached_property
    def held(self) -> tuple[Mapping[Symbol, Symbol], ...]:
        """For every term, its letter at each place."""
        return tuple(self._held(term) for term in self.terms)

    @property
    def single(self) -> Term | None:
        """The contraction, if it is only one."""
        return self.terms[0] if len(self.terms) == 1 else None

    def at(self, values: Sizes) -> "Format":
        """The design at the given sizes."""
        known = dict(values)
        extents = {place: extent.xreplace(known) for place, extent in self.extents.items()}
        return Format(tuple(term.at(values) for term in self.terms), extents)

    def places_of(self, letters: Letters) -> Letters:
        """The places where the first term has one of these letters."""
        return tuple(place for place, x in self.held[0].items() if x in letters)

    def _held(self, term: Term) -> dict[Symbol, Symbol]:
        channels = (*term.outputs, *term.inputs)
        found = dict(zip(self.places, channels, strict=False))
        return found | {tap: tap for tap in term.taps}


@dataclass(frozen=True)
class Pair:
    """Two designs in the letters of one kernel, and sizes that have to be equal for it.

    ``primes`` are the sizes of bonds that are called as a size of the other design, each with the
    name it has here.
    """

    one: Format
    other: Format
    equal: tuple[Equal, ...]
    primes: tuple[Sizes, Sizes]

    def at(self, one: Sizes, other: Sizes) -> "Pair":
        """The pair at sizes for each design, under the names of its own line."""
        first, second = (
            {primes.get(x, x): size for x, size in values.items()}
            for primes, values in zip(self.primes, (one, other), strict=True)
        )
        shared = {**_without(second, self.one), **_without(first, self.other)}
        return replace(
            self, one=self.one.at({**shared, **first}), other=self.other.at({**shared, **second})
        )


def pair(one: Line, other: Line) -> Pair:
    """Two lines on the same axes in the letters of one kernel; InputError if their axes differ.

    >>> from derive.families import asymmetric, grouped
    >>> found = pair(asymmetric.family, grouped.family)
    >>> found.one.terms[0].factors[1].letters, found.equal
    ((o_g, o_b, j, v), ((C_in, C_a*G), (C_out, C_b*G)))
    """
    if one.axes != other.axes:
        raise InputError(
            f"{one} is a kernel of taps {_listed(one.axes)}, {other} of taps"
            f" {_listed(other.axes)}: only designs with the same axes can be compared"
        )
    terms = [contractions(one), contractions(other)]
    primes = _primes(*terms)
    terms = [_renamed(own, sizes) for own, sizes in zip(terms, primes, strict=True)]
    equal: list[Equal] = []
    for side in ("inputs", "outputs"):
        equal += _match(terms, side)
    extents = _extents(terms, one.axes)
    known = {small: large for small, large in equal if small.is_Symbol}
    designs = [Format(own, extents).at(known) for own in terms]
    return Pair(designs[0], designs[1], tuple(equal), primes)


def _without(values: Sizes, design: Format) -> Sizes:
    """Sizes, but not those of the bonds of a design."""
    own = bond_sizes(design.terms)
    return {x: size for x, size in values.items() if x not in own}


def contractions(line: Line) -> tuple[Term, ...]:
    """The terms of a line: one where it is a single contraction, or one of them is everything.

    InputError if branches are added, of unlike kinds, a symbolic number of times.
    """
    family = Exactness(line).family
    if family is not None:
        return (_term(family),)
    if any(not times.is_Integer for times, _ in line.branches):
        raise InputError(f"{line}: branches of several kinds need numbers for how many there are")
    return tuple(_term(family) for times, family in line.branches for _ in range(int(times)))


def _term(family: Family) -> Term:
    factors = tuple(Factor(f.base, tuple(f.indices)) for f in family.factors)
    sizes = {x: family.sizes[x] for x in (*family.kernel, *family.letters)}
    return Term(factors, family.inputs, family.outputs, family.taps, sizes)


def bond_sizes(terms: Iterable[Term]) -> set[Symbol]:
    """The symbols for how far bonds run."""
    return {x for term in terms for bond in term.bonds for x in term.sizes[bond].free_symbols}


def _primes(one: tuple[Term, ...], other: tuple[Term, ...]) -> tuple[Sizes, Sizes]:
    """Names of their own for bonds that both designs call alike, or one as the other's channels."""
    first, second = bond_sizes(one), bond_sizes(other)
    return _primed(first & (_all_sizes(other) - second)), _primed(second & _all_sizes(one))


def _primed(symbols: Iterable[Symbol]) -> Sizes:
    return {x: size(f"{x}'") for x in symbols}


def _all_sizes(terms: Iterable[Term]) -> set[Symbol]:
    return {x for term in terms for extent in term.sizes.values() for x in extent.free_symbols}


def _renamed(terms: tuple[Term, ...], sizes: Sizes) -> tuple[Term, ...]:
    return tuple(term.at(sizes) for term in terms)


def _match(terms: list[tuple[Term, ...]], side: str) -> list[Equal]:
    """Split letters of the input or output channels until both designs have as many; which sizes
    have to be equal for it."""
    equal: list[Equal] = []
    place = 0
    while True:
        rests = [getattr(own[0], side)[place:] for own in terms]
        lengths = [len(rest) for rest in rests]
        if not all(lengths):
            for n, rest in enumerate(rests):
                equal += [(terms[n][0].sizes[x], Integer(1)) for x in rest]
                terms[n] = _changed(terms[n], dict.fromkeys(rest, ()), {})
            return [(a, b) for a, b in equal if a != b]
        first, second = (own[0].sizes[rest[0]] for own, rest in zip(terms, rests, strict=True))
        if first != second and 1 in lengths and max(lengths) > 1:
            n = lengths.index(1)
            (whole,), parts = rests[n], rests[1 - n]
            new = tuple(Symbol(f"{whole}_{x}", integer=True) for x in parts)
            extents = [terms[1 - n][0].sizes[x] for x in parts]
            equal.append((terms[n][0].sizes[whole], prod(extents, start=Integer(1))))
            terms[n] = _changed(terms[n], {whole: new}, dict(zip(new, extents, strict=True)))
        else:
            equal.append((first, second) if first.is_Symbol else (second, first))
            place += 1


def _changed(
    terms: tuple[Term, ...], changes: Mapping[Symbol, Letters], sizes: Sizes
) -> tuple[Term, ...]:
    return tuple(term.renamed(changes, sizes) for term in terms)


def _extents(terms: list[tuple[Term, ...]], taps: Letters) -> dict[Symbol, Expr]:
    """The places of the kernel with what they run over, named after letters as far as they can."""
    one, other = (own[0] for own in terms)
    extents: dict[Symbol, Expr] = {}
    for side in ("outputs", "inputs"):
        for letters in zip(getattr(one, side), getattr(other, side), strict=True):
            name = min(map(str, letters), key=len)
            place = Symbol(name, integer=True)
            if place in extents:
                place = Symbol(f"{name}_in", integer=True)
            extents[place] = one.sizes[letters[0]]
    return extents | {tap: SIZE[tap] for tap in taps}


def _listed(letters: Letters) -> str:
    return ", ".join(map(str, letters))
