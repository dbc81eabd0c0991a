"""Degrees of freedom: the dimension of the set of kernels that a family represents (T7).

Weights of a forest less the freedom to change basis at each bond; bonds that are larger than what
they join are clipped first. CP has an upper bound only.
"""

from collections.abc import Mapping
from functools import cache
from math import prod

from sympy import Expr, Integer, Le, Min, Symbol

from derive.algebra.exactness import Exactness, Values
from derive.algebra.network import Bond, Network
from derive.notation.extremes import minimum
from derive.notation.family import Family, Line
from derive.notation.formula import Formula


@cache
def degrees_of_freedom(line: Line) -> tuple[Formula, bool]:
    """The dimension for symbolic sizes with its guard, and whether it is exact or an upper bound.

    >>> from derive.families import asymmetric, depthwise_asymmetric_separable
    >>> formula, exact = degrees_of_freedom(depthwise_asymmetric_separable.family)
    >>> formula.expr.expand(), exact
    (C_in*C_out + C_in*k_h + C_in*k_w - 2*C_in, True)
    """
    net = Exactness(line).network
    if net is None:
        return Formula(ambient(line)), False
    if not net.forest:
        return Formula(upper_bound(net)), False
    if len(net.bonds) == 1 and len(net.nodes) == 2:
        bond = net.bonds[0]
        clipped = Min(net.extent(bond.letters), *_room(net, bond, {}))
        return Formula(forest_dimension(net, {bond: clipped})), True
    guard = tuple(
        Le(net.extent(bond.letters), room) for bond in net.bonds for room in _room(net, bond, {})
    )
    return Formula(forest_dimension(net, {}), guard), True


def dimension(line: Line, values: Values) -> tuple[int, bool]:
    """The dimension at given sizes, and whether it is exact or an upper bound.

    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import C_in, C_out, k_h, k_w, m
    >>> sizes = {C_in: 3, C_out: 8, k_h: 3, k_w: 3}
    >>> [dimension(asymmetric.family, {**sizes, m: width})[0] for width in range(1, 10)]
    [32, 62, 90, 116, 140, 162, 182, 200, 216]
    """
    numbers = {symbol: Integer(value) for symbol, value in values.items()}
    return freedom(Exactness(line, tuple(numbers.items())))


def freedom(exactness: Exactness) -> tuple[int, bool]:
    """The dimension of a line at given sizes, and whether it is exact or an upper bound."""
    net = exactness.network
    if net is None:
        return int(ambient(exactness.line).xreplace(dict(exactness.values))), False
    if not net.forest:
        return int(upper_bound(net)), False
    return int(forest_dimension(net, _fixpoint(net))), True


def forest_dimension(net: Network, clipped: Mapping[Bond, Expr]) -> Expr:
    """Per kept value: weights, less one basis change per bond and one scale per extra part."""
    weights = sum(_weights(net, number, clipped) for number in range(len(net.nodes)))
    gauge = sum(_size(net, bond, clipped) ** 2 for bond in net.bonds)
    return net.extent(net.kept) * (weights - gauge - (len(net.parts) - 1))


def _weights(
    net: Network, number: int, clipped: Mapping[Bond, Expr], but: Bond | None = None
) -> Expr:
    """Weights of one factor per kept value, at clipped bonds (a bond may be left out)."""
    total = net.extent(net.open_letters([number]))
    for bond in net.bonds:
        if number in bond.nodes and bond != but:
            total *= _size(net, bond, clipped)
    return total


def _size(net: Network, bond: Bond, clipped: Mapping[Bond, Expr]) -> Expr:
    return clipped.get(bond, net.extent(bond.letters))


def _room(net: Network, bond: Bond, clipped: Mapping[Bond, Expr]) -> list[Expr]:
    """A bond is no larger than the rest of either factor it joins."""
    return [_weights(net, number, clipped, but=bond) for number in sorted(bond.nodes)]


def _fixpoint(net: Network) -> dict[Bond, Expr]:
    clipped: dict[Bond, Expr] = {}
    while True:
        smaller = {
            bond: min(_size(net, bond, clipped), *_room(net, bond, clipped)) for bond in net.bonds
        }
        if smaller == clipped:
            return clipped
        clipped = smaller


def leaf_by_leaf(tree: Family) -> Expr:
    """The dimension of a tree of factors, computed another way: that of a leaf, a matrix of full
    rank up to a change of basis at its bond, and that of the tree without it.

    >>> from derive.families import tucker_2
    >>> found, exact = degrees_of_freedom(tucker_2.family)
    >>> (leaf_by_leaf(tucker_2.family) - found.expr).expand()
    0
    """

    def freedom(*factors: set[Symbol]) -> Expr:
        for leaf in factors:
            rest = [other for other in factors if other != leaf]
            bonds = [leaf & other for other in rest if leaf & other]
            if len(bonds) == 1:
                bond, rows = tree.extent(bonds[0]), tree.extent(leaf - bonds[0])
                return bond * (rows - bond) + freedom(*rest)
        return tree.extent(*factors)

    return freedom(*(set(factor.indices) for factor in tree.factors))


def upper_bound(net: Network) -> Expr:
    """At most all entries, and at most R of the dimension of an outer product (or all weights)."""
    everything = net.extent(net.kept) * net.extent(net.open_letters(range(len(net.nodes))))
    sides = list(map(net.extent, net.modes))
    if net.star:
        terms = net.extent(net.star.letters) * (sum(sides) - (len(sides) - 1))
        return minimum(everything, net.extent(net.kept) * terms)
    weights = sum(net.extent(node) for node in net.nodes)
    return minimum(everything, weights)


def ambient(line: Line) -> Expr:
    """At most the weights of all branches, and at most the entries of the kernel."""
    weights = sum(
        times * family.extent(factor.indices)
        for times, family in line.branches
        for factor in family.factors
    )
    sizes = {x: extent for _, family in line.branches for x, extent in family.sizes.items()}
    entries = prod((sizes[x] for x in (*line.outputs, *line.inputs, *line.taps)), start=Integer(1))
    return minimum(weights, entries)
