"""One design within another: weights of the larger that give every kernel of the smaller."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from sympy import Expr, Indexed, KroneckerDelta, Mul, Symbol

from derive.algebra.contraction import Weights
from derive.notation.family import Family

Bonds = Mapping[Symbol, Symbol]  # for each bond of the larger design, a letter of the smaller
Sizes = Mapping[Symbol, Expr]


def inclusion(
    small: Family, large: Family, small_sizes: Sizes | None = None, large_sizes: Sizes | None = None
) -> Weights | None:
    """Weights of the larger design, products of factors of the smaller one and of Kronecker deltas,
    or None if there are none of this form.

    Each bond of the larger design is identified with a letter of the smaller one that runs equally
    far at the given sizes; two names of one letter are tied by a delta.

    >>> from derive.families import asymmetric, cp
    >>> from derive.notation.letters import m, R
    >>> weights = inclusion(cp.family, asymmetric.family, {}, {m: R})
    >>> [weights[factor.base](*factor.indices) for factor in asymmetric.family.factors]
    [A[j, u]*S[j, i], B[j, v]*F[o, j]]
    """
    for bonds in _identified(small, large, small_sizes or {}, large_sizes or {}):
        weights = _weights(small, large, bonds)
        if weights is not None:
            return weights
    return None


def _identified(
    small: Family, large: Family, small_sizes: Sizes, large_sizes: Sizes
) -> Iterator[Bonds]:
    """Every way to identify the bonds of the larger design with letters of the smaller."""

    def as_far(bond: Symbol) -> list[Symbol]:
        far = large.sizes[bond].xreplace(large_sizes)
        return [x for x in small.letters if small.sizes[x].xreplace(small_sizes) == far]

    if set(small.kernel) == set(large.kernel):
        for choice in product(*map(as_far, large.summed)):
            yield dict(zip(large.summed, choice, strict=True))


def _weights(small: Family, large: Family, bonds: Bonds) -> Weights | None:
    """The weights for one identification: a place for every factor, a tie for every second name."""
    names = {x: [x] * (x in large.kernel) for x in small.letters}
    for bond, x in bonds.items():
        names[x].append(bond)
    held: dict[Indexed, list[Expr]] = {factor: [] for factor in large.factors}
    for part in small.factors:
        homes = (f for f in held if all(_name(x, names, f) for x in part.indices))
        home = next(homes, None)
        if home is None:
            return None
        renamed = tuple(_name(x, names, home) for x in part.indices)
        held[home].append(part.base[renamed])
    for known in names.values():
        tied = known[:1]
        while len(tied) < len(known):
            ties = product(held, tied, (name for name in known if name not in tied))
            tie = next((t for t in ties if {t[1], t[2]} <= set(t[0].indices)), None)
            if tie is None:
                return None
            home, first, second = tie
            held[home].append(KroneckerDelta(first, second))
            tied.append(second)
    return {factor.base: _function(factor, Mul(*parts)) for factor, parts in held.items()}


def _name(x: Symbol, names: Mapping[Symbol, list[Symbol]], factor: Indexed) -> Symbol | None:
    """What a letter of the smaller design is called in a factor of the larger."""
    return next((name for name in names[x] if name in factor.indices), None)


def _function(factor: Indexed, weight: Expr) -> Any:
    return lambda *at: weight.xreplace(dict(zip(factor.indices, at, strict=True)))
