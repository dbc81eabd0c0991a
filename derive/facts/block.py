"""A line of the reader's own as a block on a layer: what it costs, how many degrees of freedom it
has, the largest size within a budget, and which families it represents.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sympy import Expr, false, Symbol, true

from derive.algebra.largest_bonds import largest_bonds
from derive.catalogue import FAMILIES, own_line
from derive.comparison import attempts, Choices, Row
from derive.facts.comparison import BreakEven, row_facts, RowFacts
from derive.notation.errors import InputError
from derive.notation.layer import Layer
from derive.parse.line import read_line
from derive.relations.design import pair
from derive.relations.inclusion import Inclusion


@dataclass(frozen=True)
class Represented:
    """A family at its usual sizes, and whether a line represents every kernel of it; None where
    that is not decided."""

    name: str
    setting: Mapping[Symbol, int]
    holds: bool | None


@dataclass(frozen=True)
class BlockFacts:
    """A line on a layer at one setting. ``largest`` is the only size that the line chooses with
    the largest number at which it stays within the budget, 0 for none; None for another line."""

    line: RowFacts
    largest: BreakEven | None
    represented: tuple[Represented, ...]


def block_facts(
    text: str, layer: Layer, sizes: Mapping[str, int], measure: str, most: int
) -> BlockFacts:
    """A line that a reader wrote on a layer, at the given sizes and at the usual ones of the rest.

    ``measure`` is the count that a budget is of, such as ``macs``, and ``most`` the budget. Raises
    InputError for a line that is none, and for one that does not fit the layer.

    >>> from derive.parse.layer import read_layer
    >>> facts = block_facts("A[e,i,u] B[o,e,v]", read_layer(), {"N_e": 2}, "parameters", 108)
    >>> facts.line.degrees_of_freedom, facts.line.parameters, facts.largest
    (62, 66, BreakEven(size=N_e, at_most=3))
    """
    row = _row(text, layer, sizes)
    (standard,) = attempts(FAMILIES["standard"], layer, Choices())
    assert isinstance(standard, Row)
    return BlockFacts(
        row_facts(row, standard), _only_size(row, measure, most), tuple(_represented(row))
    )


def _row(text: str, layer: Layer, sizes: Mapping[str, int]) -> Row:
    widths, copies = ((sizes[x],) if x in sizes else () for x in ("m", "M"))
    found = next(attempts(own_line(read_line(text)), layer, Choices(widths, copies, (sizes,))))
    if isinstance(found, str):
        raise InputError(f"the line does not fit this layer: it {found}")
    return found


def _only_size(row: Row, measure: str, most: int) -> BreakEven | None:
    if len(row.setting) != 1:
        return None
    ((size, _),) = row.setting
    cost = getattr(row.count, measure).expr
    return BreakEven(size, largest_within(row, dict(row.setting), size, cost, most))


def largest_within(
    row: Row, setting: Mapping[Symbol, int], size: Symbol, cost: Expr, most: int
) -> int:
    """The largest number for a size at which a cost that grows with it is within a budget, 0 if
    there is none; what is beyond use is left out.
    """
    known = {**row.layer.values, **setting}
    use = {bond: most_of.xreplace(known) for bond, most_of in largest_bonds(row.line).items()}
    bound = int(use[size]) if size in use and use[size].is_Integer else most
    below, above = 0, bound  # bisect cannot count beyond a machine word: 2^31 in the page
    while below < above:
        middle = (below + above + 1) // 2
        if int(cost.xreplace({**known, size: middle})) <= most:
            below = middle
        else:
            above = middle - 1
    return below


def _represented(row: Row) -> Iterator[Represented]:
    """The families on the axes of the layer, each at the first of its settings."""
    for entry in FAMILIES.values():
        other = next(attempts(entry, row.layer, Choices()))
        if isinstance(other, Row):
            yield Represented(entry.name, other.chosen, _contains(row, other))


def _contains(large: Row, small: Row) -> bool | None:
    """Whether a row represents every kernel of another; None if that is not known."""
    try:
        at = pair(small.line, large.line).at(small.sizes, large.sizes)
    except InputError:
        return None
    found = Inclusion(at.one, at.other, at.other)
    if found.enough == true:
        return True
    return False if found.necessary == false else None
