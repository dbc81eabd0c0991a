"""Weights of one design that give every kernel of another: deltas and factors of the smaller one.

Each bond of the larger design runs over letters of the smaller one: one, several together, or none.
A letter that then has several names in the larger design is tied by Kronecker deltas, and every
factor of the smaller one goes where all its letters have a name. The normal form proves the result.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from sympy import Expr, Integer, KroneckerDelta, Mul, Sum, Symbol

from derive.algebra.contraction import summed
from derive.algebra.normal_form import normal_form
from derive.notation.family import Letters
from derive.relations.design import Factor, Format, Term

Runs = Mapping[Symbol, Letters]  # for each bond of the larger design, letters of the smaller


@dataclass(frozen=True)
class Weights:
    """For each factor of the larger design, an expression in its letters.

    ``runs`` are letters of the smaller design for each bond, ``needs`` how many values they have
    together. ``parts`` are the letters that stand for a bond,
    one for each letter of the smaller design that it runs over. ``represented`` is the kernel of
    the smaller design in the letters of the larger one.
    """

    small: Term
    large: Term
    needs: Mapping[Symbol, Expr]
    runs: Runs
    parts: Mapping[Symbol, Letters]
    factors: tuple[tuple[Factor, Expr], ...]
    represented: Expr

    @cached_property
    def contracted(self) -> Expr:
        """What the weights contract to: deltas of bonds are summed away."""
        sizes = self.large.sizes
        letters = (x for own in self.parts.values() for x in own)
        summand = Mul(*(weight for _, weight in self.factors))
        return summed(summand, {x: sizes[x] for x in letters}, sizes)

    @cached_property
    def proved(self) -> bool:
        """Whether they contract to every kernel of the smaller design: equal normal forms."""
        return bool(normal_form(self.contracted) == normal_form(self.represented))


def weights(small: Format, large: Format, runs: Runs) -> Weights | None:
    """The weights where each bond runs over the given letters, or None if there are none like that.

    >>> from derive.families import asymmetric, cp
    >>> from derive.notation.letters import j, r
    >>> from derive.relations.design import pair
    >>> both = pair(cp.family, asymmetric.family)
    >>> found = weights(both.one, both.other, {j: (r,)})
    >>> [weight for _, weight in found.factors], found.proved
    ([A[j, u]*S[j, i], B[j, v]*F[o, j]], True)
    """
    one, other = small.single, large.single
    if one is None or other is None:
        return None
    parts = {bond: _parts(bond, runs[bond]) for bond in other.bonds}
    sizes = {
        name: one.sizes[x]
        for bond in parts
        for name, x in zip(parts[bond], runs[bond], strict=True)
    }
    whole = other.renamed(parts, sizes)
    names = _names(small, large, parts, runs)
    held = _homes(one, whole, names)
    if held is None or not _tied(names, held) or not _middles(small, large, held):
        return None
    factors = tuple((factor, Mul(*own)) for factor, own in held)
    needs = {bond: one.extent(runs[bond]) for bond in parts}
    return Weights(one, whole, needs, runs, parts, factors, _represented(small, large, names))


def _parts(bond: Symbol, runs: Letters) -> Letters:
    """The letters for a bond: itself if it runs over one letter."""
    if len(runs) == 1:
        return (bond,)
    return tuple(Symbol(f"{bond}_{x}", integer=True) for x in runs)


def _names(
    small: Format, large: Format, parts: Mapping[Symbol, Letters], runs: Runs
) -> dict[Symbol, list[Symbol]]:
    """The names of each letter of the smaller design: at its places, then as parts of bonds."""
    (own,), (other,) = small.held, large.held
    names: dict[Symbol, list[Symbol]] = {x: [] for x in small.terms[0].letters}
    for place, x in own.items():
        if place in other and other[place] not in names[x]:
            names[x].append(other[place])
    for bond, letters in runs.items():
        for name, x in zip(parts[bond], letters, strict=True):
            names[x].append(name)
    return names


Held = list[tuple[Factor, list[Expr]]]


def _homes(small: Term, large: Term, names: Mapping[Symbol, list[Symbol]]) -> Held | None:
    """The factors of the smaller design in factors of the larger that name all their letters;
    those that share a bond without a name go together, summed over it."""
    held: Held = [(factor, []) for factor in large.factors]
    for group in _groups(small, names):
        letters = {x for _, own in group for x in own}
        inside = [x for x in small.bonds if x in letters and not names[x]]
        found = _home(letters - set(inside), names, held)
        if found is None:
            return None
        own, known = found
        renamed = {**known, **_fresh(inside)}
        summand = Mul(*(base[tuple(renamed[x] for x in letters)] for base, letters in group))
        own.append(_sum(summand, small, inside))
    return held


def _groups(small: Term, names: Mapping[Symbol, list[Symbol]]) -> list[list[Factor]]:
    """The factors, those together that share a bond without a name."""
    groups: list[list[Factor]] = []
    for factor in small.factors:
        inside = {x for x in factor.letters if not names[x]}
        near = [g for g in groups if any(inside & set(letters) for _, letters in g)]
        groups = [g for g in groups if g not in near]
        groups.append([*(one for g in near for one in g), factor])
    return groups


def _home(
    letters: Iterable[Symbol], names: Mapping[Symbol, list[Symbol]], held: Held
) -> tuple[list[Expr], dict[Symbol, Symbol]] | None:
    """A factor of the larger design that names all the letters, with the names."""
    for factor, own in held:
        known = {x: _name(names[x], factor.letters) for x in letters}
        if None not in known.values():
            return own, {x: name for x, name in known.items() if name is not None}
    return None


def _fresh(bonds: Iterable[Symbol]) -> dict[Symbol, Symbol]:
    """Names for bonds of the smaller design that no letter of the larger one has."""
    return {x: Symbol(f"{x}_0", integer=True) for x in bonds}


def _sum(summand: Expr, small: Term, bonds: Iterable[Symbol]) -> Expr:
    """A sum over bonds of the smaller design, under their fresh names."""
    limits = [(name, Integer(0), small.sizes[x] - 1) for x, name in _fresh(bonds).items()]
    return Sum(summand, *limits) if limits else summand


def _tied(names: Mapping[Symbol, list[Symbol]], held: Held) -> bool:
    """Tie the names of every letter by deltas, each in a factor that has both; False if some
    cannot be tied."""
    for known in names.values():
        tied = known[:1]
        while len(tied) < len(known):
            left = [name for name in known if name not in tied]
            ties = (
                (own, first, second)
                for (factor, own), first, second in product(held, tied, left)
                if {first, second} <= set(factor.letters)
            )
            tie = next(ties, None)
            if tie is None:
                return False
            tie[0].append(KroneckerDelta(tie[1], tie[2]))
            tied.append(tie[2])
    return True


def _middles(small: Format, large: Format, held: Held) -> bool:
    """Hold the larger design to the middle of the taps that the smaller one lacks."""
    for place, middle in _lacking(small, large).items():
        (other,) = large.held
        home = next((own for factor, own in held if other[place] in factor.letters), None)
        if home is None:
            return False
        home.append(KroneckerDelta(other[place], middle))
    return True


def _lacking(small: Format, large: Format) -> dict[Symbol, Expr]:
    """Places where only the larger design has a letter, with the middle tap there."""
    (own,), (other,) = small.held, large.held
    return {
        place: (extent - 1) / 2
        for place, extent in small.extents.items()
        if place in other and place not in own
    }


def _represented(small: Format, large: Format, names: Mapping[Symbol, list[Symbol]]) -> Expr:
    """The kernel of the smaller design in the letters of the larger one."""
    (own,), (other,) = small.held, large.held
    (term,) = small.terms
    first = {x: names[x][0] for x in term.kernel if names[x]}
    renamed = {**first, **_fresh(term.bonds)}
    summand = Mul(
        *(base[tuple(renamed.get(x, x) for x in letters)] for base, letters in term.factors)
    )
    ties = [
        KroneckerDelta(first[x], other[place])
        for place, x in own.items()
        if place in other and other[place] != first[x]
    ]
    middles = [KroneckerDelta(other[p], middle) for p, middle in _lacking(small, large).items()]
    return _sum(Mul(summand, *ties, *middles), term, term.bonds)


def _name(known: Iterable[Symbol], letters: Letters) -> Symbol | None:
    """What a letter is called in a factor."""
    return next((name for name in known if name in letters), None)
