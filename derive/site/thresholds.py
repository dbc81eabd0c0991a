"""From which sizes on each family represents each other one, as JavaScript: one module per axes.

Where two families are the same, or one never fits the other's axes, there is no entry.
"""

from collections.abc import Iterator

from sympy import Expr, Symbol

from derive.catalogue import FAMILIES
from derive.notation.errors import CheckError
from derive.notation.family import Line
from derive.notation.letters import C_c, G, m
from derive.relations.inclusion import in_symbols
from derive.relations.thresholds import Threshold, Thresholds, thresholds
from derive.site.formulas import ON, printed

Lines = dict[str, Line]


def module(axes: int) -> str:
    """The text of the module for layers of some axes.

    >>> "export const ORDER" in module(1)
    True
    """
    return printed({"ORDER": list(_order(_on(axes)))})


def _on(axes: int) -> Lines:
    """The families that have a form on these axes."""
    taps = tuple(direction.tap for direction in ON[axes])
    lines = {name: entry.family.on(taps) for name, entry in FAMILIES.items()}
    return {name: line for name, line in lines.items() if line is not None}


def _order(lines: Lines) -> Iterator[dict[str, object]]:
    for small, one in lines.items():
        for large, other in lines.items():
            if small != large:
                found = _without_primes(thresholds(in_symbols(one, other)))
                yield {
                    "small": small,
                    "large": large,
                    "fixed": list(found.fixed),
                    "bonds": [_bond(bond) for bond in found.bonds],
                }


def _without_primes(found: Thresholds) -> Thresholds:
    """Thresholds without the primes of their bonds; CheckError if a formula has a size of the one
    design that is also called so in the other, as the page has one number for it."""
    used = {x for one in found.fixed for x in one.free_symbols}
    used |= {x for bond in found.bonds for x in bond.least.free_symbols}
    if primed := sorted(x.name for x in used if "'" in x.name):
        raise CheckError(f"no number for the sizes {', '.join(primed)} of a relation")
    return found


def _bond(found: Threshold) -> dict[str, object]:
    """A bond under the name that readers choose it by: a width of all groups together."""
    name = plain_name(found.bond)
    least, most = _in_all(found.bond, found.least), found.most
    return {"size": name, "least": least, "most": most and _in_all(found.bond, most)}


def plain_name(bond: Symbol) -> str:
    """The name of a size that a reader chooses.

    >>> plain_name(Symbol("R'")), plain_name(C_c)
    ('R', 'm')
    """
    return str(m) if bond == C_c else bond.name.rstrip("'")


def _in_all(bond: Symbol, extent: Expr) -> Expr:
    return G * extent if bond == C_c else extent
