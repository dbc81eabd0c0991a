"""The largest size of a bond that is of any use: beyond it no further kernel is represented.

Take one factor that holds a bond, and let the bond run over the values of the letters that the
other factors holding it have and this one lacks: unit vectors in those factors, and all their
products in this one, give the same sum with that many terms, whatever the size was before.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from sympy import ceiling, Expr, Integer, Max, Symbol

from derive.algebra.network import single
from derive.notation.extremes import minimum
from derive.notation.family import Branches, Family, Letters, Line

Sizes = Mapping[Symbol, int]


@cache
def largest_bonds(line: Line) -> Mapping[Symbol, Expr]:
    """For each size of a bond, the largest that is of use, given the sizes of the other bonds.

    >>> from derive.families import asymmetric, tucker_2
    >>> largest_bonds(asymmetric.family)
    {m: Min(C_in*k_h, C_out*k_w)}
    >>> largest_bonds(tucker_2.family)
    {Q: Min(C_in, P*k_h*k_w), P: Min(C_out, Q*k_h*k_w)}
    """
    found: dict[Symbol, Expr] = {}
    for branch in line.branches:
        for size, most in _of_one(single(Branches((branch,)))):
            found[size] = Max(most, found[size]) if size in found else most
    return found


def _of_one(family: Family | None) -> Iterator[tuple[Symbol, Expr]]:
    """The sizes of a contraction's bonds; of parallel bonds the first takes all it can."""
    if family is None:
        return
    parallel: dict[Letters, list[Symbol]] = {}
    for x in family.summed:
        homes = tuple(n for n, factor in enumerate(family.factors) if x in factor.indices)
        parallel.setdefault(homes, []).append(x)
    for homes, bonds in parallel.items():
        taken = Integer(1)
        for x in bonds:
            size, most = family.sizes[x], _most(family, homes, bonds)
            most = ceiling(most / taken) if taken != 1 else most
            taken *= size
            if size.is_Symbol:
                yield size, most


def _most(family: Family, homes: tuple[int, ...], bonds: list[Symbol]) -> Expr:
    """The least number of values that all homes but one hold and this one lacks."""
    held = {n: set(family.factors[n].indices) for n in homes}
    rests = (set().union(*(held[k] for k in homes if k != n)) - held[n] for n in homes)
    return minimum(*(family.extent(rest - set(bonds)) for rest in rests))


def limited(usual: Sizes, most: Mapping[Symbol, Expr], values: Sizes) -> dict[Symbol, int]:
    """The usual sizes, none larger than is of use; ``values`` are all other sizes.

    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import C_in, C_out, k_h, k_w, m
    >>> layer = {C_in: 64, C_out: 8, k_h: 3, k_w: 3}
    >>> limited({m: 64}, largest_bonds(asymmetric.family), layer)
    {m: 24}
    """
    sizes = dict(usual)
    while True:
        known = {**values, **sizes}
        smaller = {
            size: min(number, int(most[size].xreplace(known))) if size in most else number
            for size, number in sizes.items()
        }
        if smaller == sizes:
            return sizes
        sizes = smaller
