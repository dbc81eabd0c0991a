"""The kernel that a family contracts to, as a nested sum in symbolic sizes."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sympy import Expr, IndexedBase, Integer, KroneckerDelta, Mul, Sum, Symbol

from derive.algebra.network import network, single
from derive.notation.errors import InputError
from derive.notation.family import Family, Line

Sizes = Mapping[Symbol, Expr]
Weights = Mapping[IndexedBase, Callable[..., Any]]  # for each factor, an expression in its indices


def contraction(family: Family) -> Expr:
    """K: the product of the factors, summed over every letter that is not in the kernel.

    >>> from derive.families import asymmetric
    >>> contraction(asymmetric.family)
    Sum(A[j, i, u]*B[o, j, v], (j, 0, m - 1))
    """
    return _sum(family, Mul(*family.factors), family.summed)


def whole(line: Line) -> Family:
    """A line as one contraction, equal branches counted by a letter; InputError if it is none.

    >>> from derive.families import network_decoupling
    >>> whole(network_decoupling.family).summed
    (tau,)
    """
    family = single(line)
    if family is None:
        raise InputError(f"{line} is a sum of unlike branches, no single contraction")
    return family


def grouped(family: Family, groups: Iterable[Iterable[int]], bond: Iterable[Symbol]) -> Expr:
    """The factors (by number) of each group contracted on their own, the results over the bond.

    It is the contraction of the family if no other letter joins two groups.

    >>> from derive.families import tucker_2
    >>> from derive.notation.letters import p
    >>> grouped(tucker_2.family, ([0, 1], [2]), [p])
    Sum(B[o, p]*Sum(A[q, i]*C[p, q, u, v], (q, 0, Q - 1)), (p, 0, P - 1))
    """
    bond = tuple(bond)
    inner = []
    for group in groups:
        factors = [family.factors[number] for number in group]
        held = {letter for factor in factors for letter in factor.indices}
        own = (x for x in family.summed if x in held and x not in bond)
        inner.append(_sum(family, Mul(*factors), own))
    return _sum(family, Mul(*inner), bond)


def filled(
    family: Family,
    weights: Weights,
    sizes: Mapping[Symbol, Expr] | None = None,
) -> Expr:
    """The contraction with expressions in the indices of each factor for its weights.

    A Kronecker delta in a summed letter picks out one term: it is summed away. Raises InputError
    if its two letters do not run equally far, at the given sizes.

    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import k_h, m
    >>> A, B = (factor.base for factor in asymmetric.family.factors)
    >>> picked = {A: lambda j, i, u: KroneckerDelta(j, u), B: lambda o, j, v: B[o, j, v]}
    >>> filled(asymmetric.family, picked, {m: k_h})
    B[o, u, v]
    """
    resized = {x: extent.xreplace(dict(sizes or {})) for x, extent in family.sizes.items()}
    summand = Mul(*(weights[factor.base](*factor.indices) for factor in family.factors))
    return summed(summand, {x: resized[x] for x in family.summed}, resized)


def summed(summand: Expr, over: Sizes, sizes: Sizes) -> Expr:
    """A sum over letters with what they run over; a Kronecker delta in one of them picks out a
    term, so both go. Raises InputError if its two letters do not run equally far.

    >>> from derive.notation.letters import C_in, i, j, u
    >>> A = IndexedBase("A")
    >>> summed(KroneckerDelta(i, j) * A[j, u], {j: C_in}, {i: C_in})
    A[i, u]
    """
    left, known = dict(over), {**sizes, **over}
    while choice := _picked(summand, left):
        delta, letter, other = choice
        if known[letter] != known[other]:
            raise InputError(f"{delta}: {letter} and {other} do not run equally far")
        summand = summand.xreplace({delta: Integer(1)}).xreplace({letter: other})
        del left[letter]
    limits = [(x, Integer(0), extent - 1) for x, extent in left.items()]
    return Sum(summand, *limits) if limits else summand


def shared_weights(family: Family, kept: Iterable[Symbol] | None = None) -> set[Expr]:
    """The weights that the kernel uses at two values of some letters at once: of those in every
    factor if none are given.

    >>> from derive.families import flattened
    >>> from derive.notation.letters import i, o
    >>> shared_weights(flattened.family, [o]), len(shared_weights(flattened.family, [i]))
    (set(), 2)
    """
    kept = network(family).kept if kept is None else tuple(kept)
    one, two = (
        {factor.xreplace(dict.fromkeys(kept, Integer(value))) for factor in family.factors}
        for value in (0, 1)
    )
    return one & two


def _picked(summand: Expr, letters: Iterable[Symbol]) -> tuple[Expr, Symbol, Symbol] | None:
    """A delta of the summand with a summed letter of it, and the letter it is set to."""
    for delta in sorted(summand.atoms(KroneckerDelta), key=str):
        for letter, other in (delta.args, delta.args[::-1]):
            if letter in letters:
                return delta, letter, other
    return None


def _sum(family: Family, summand: Expr, letters: Iterable[Symbol]) -> Expr:
    limits = [(x, Integer(0), family.sizes[x] - 1) for x in letters]
    return Sum(summand, *limits) if limits else summand
