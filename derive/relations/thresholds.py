"""From which sizes on a design represents another: one closed form for each bond (T21)."""

from dataclasses import dataclass

from sympy import Eq, Expr, Integer, Max, Min, Symbol, true
from sympy.logic.boolalg import Boolean

from derive.relations.design import bond_sizes
from derive.relations.inclusion import Inclusion
from derive.relations.min_cut import never_more, smallest


@dataclass(frozen=True)
class Threshold:
    """How long a bond of the containing design has to be: in no case shorter than ``least``, and
    long enough at ``most``, which is None where nothing is known to be. Where a criterion decides,
    the two are one formula.
    """

    bond: Symbol
    least: Expr
    most: Expr | None


@dataclass(frozen=True)
class Thresholds:
    """When one design represents every kernel of another: conditions that no bond of the
    containing design can help with, and a threshold for each of its bonds."""

    fixed: tuple[Boolean, ...]
    bonds: tuple[Threshold, ...]


def thresholds(found: Inclusion) -> Thresholds:
    """The closed forms of an inclusion in symbols.

    >>> from derive.families import cp, depthwise_separable, standard
    >>> from derive.relations.inclusion import in_symbols
    >>> thresholds(in_symbols(standard.family, depthwise_separable.family)).bonds
    (Threshold(bond=M, least=Min(C_out, k_h*k_w), most=Min(C_out, k_h*k_w)),)
    >>> (rank,) = thresholds(in_symbols(depthwise_separable.family, cp.family)).bonds
    >>> rank.least == rank.most
    False
    """
    bonds = sorted(bond_sizes(found.open.terms), key=str)
    zeros = (Eq(zero.extent, 1, evaluate=False) for zero in found.zeros)
    ranks = (
        one.condition
        for one in found.opened
        if not set(bonds) & one.bounded.bound.free_symbols and one.condition != true
    )
    return Thresholds((*zeros, *ranks), tuple(_threshold(found, bond) for bond in bonds))


def _threshold(found: Inclusion, bond: Symbol) -> Threshold:
    bounds = [one.bounded.bound for one in found.opened if bond in one.bounded.bound.free_symbols]
    least = _largest([one.cut.bound for one in found.opened if one.bounded.bound == bond])
    if found.decides and set(bounds) <= {bond}:
        return Threshold(bond, least, least)
    if found.decides:
        return Threshold(bond, least, None)
    sizes = found.open.terms[0].sizes
    letters = [x for x, extent in sizes.items() if extent == bond]
    known = [one.needs[x] for one in found.recipes for x in letters if x in one.needs]
    return Threshold(bond, least, smallest(_least(known)) if known else None)


def _least(products: list[Expr]) -> tuple[Expr, ...]:
    """The products that no other one is at most, whatever the sizes."""
    kept = dict.fromkeys(products)
    return tuple(
        one for one in kept if not any(never_more(other, one) for other in kept if other != one)
    )


def _largest(cuts: list[Expr]) -> Expr:
    """The largest of some minima, those left out that are at most another whatever the sizes."""
    least = [
        cut
        for n, cut in enumerate(cuts)
        if not any(
            _at_most(cut, other) and (n > k or not _at_most(other, cut))
            for k, other in enumerate(cuts)
            if k != n
        )
    ]
    return Max(*least, evaluate=False) if len(least) > 1 else (least or [Integer(1)])[0]


def _at_most(one: Expr, other: Expr) -> bool:
    """Whether each product of the one minimum bounds some product of the other from below."""
    return all(any(never_more(x, y) for x in Min.make_args(one)) for y in Min.make_args(other))
