"""Which families of the book a line is equal to, is contained in, or contains, for sizes in
symbols."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from sympy import Min, Symbol
from sympy.logic.boolalg import Boolean

from derive.catalogue import Entry, FAMILIES
from derive.facts.record import As, printed
from derive.notation.errors import InputError
from derive.notation.family import Line
from derive.relations.inclusion import in_symbols, Inclusion
from derive.relations.thresholds import Thresholds, thresholds


@dataclass(frozen=True)
class FamilyRelation:
    """A family, and a condition on sizes that is enough; a prime marks a bond of the containing
    design that is called as a size of the other."""

    id: str
    condition: Annotated[Boolean, printed(sympy=As.PLAIN, latex=As.LATEX)]


@dataclass(frozen=True)
class FamilyRelations:
    """The families that represent the same kernels as a line with bonds of equal lengths, those
    that represent every kernel of the line if their bonds are long enough, and those every kernel
    of which the line represents if its own are; None where no criterion decides what it represents.
    """

    equal: tuple[str, ...]
    contained_in: tuple[FamilyRelation, ...]
    contains: tuple[FamilyRelation, ...] | None


def family_relations(entry: Entry) -> FamilyRelations:
    """Where a line stands among the families of the book.

    >>> from derive.catalogue import own_line
    >>> from derive.parse.line import read_line
    >>> found = family_relations(own_line(read_line("A[e,i,u] B[o,e,v]")))
    >>> found.equal, [(one.id, one.condition) for one in found.contained_in][0]
    (('asymmetric',), ('standard', True))
    """
    equal: list[str] = []
    above: list[FamilyRelation] = []
    below: list[FamilyRelation] = []
    decided = True
    for name, there, back in _compared(entry):
        decided &= back.decides
        if there.decides == back.decides and _alike(thresholds(there), thresholds(back)):
            equal.append(name)
            continue
        above += _relation(name, there)
        below += _relation(name, back) if back.decides else ()
    return FamilyRelations(tuple(equal), tuple(above), tuple(below) if decided else None)


def _compared(entry: Entry) -> Iterator[tuple[str, Inclusion, Inclusion]]:
    """Every family on the axes of the line, each sought in the other."""
    for name, family in FAMILIES.items():
        line = family.family.on(entry.family.axes)
        found = line and _both(entry.family, line)
        if found:
            yield name, *found


def _both(one: Line, other: Line) -> tuple[Inclusion, Inclusion] | None:
    try:
        return in_symbols(one, other), in_symbols(other, one)
    except InputError:
        return None


def _relation(name: str, found: Inclusion) -> Iterator[FamilyRelation]:
    """The relation, if the bonds of the containing design need only be long enough."""
    limits = thresholds(found)
    if not limits.fixed and all(bond.most is not None for bond in limits.bonds):
        yield FamilyRelation(name, found.enough)


def _alike(there: Thresholds, back: Thresholds) -> bool:
    """Whether each contains the other with bonds of equal lengths."""
    up, down = _single(there), _single(back)
    if up is None or down is None or len(up) != len(down):
        return False
    return all(any(bond in down.get(own, ()) for own in owns) for bond, owns in up.items())


def _single(limits: Thresholds) -> Mapping[str, set[str]] | None:
    """For each bond the sizes that are long enough alone; None if bonds do not decide."""
    if limits.fixed:
        return None
    found = {_plain(bond.bond): bond.most for bond in limits.bonds}
    if any(most is None for most in found.values()):
        return None
    return {
        name: {_plain(x) for x in Min.make_args(most) if isinstance(x, Symbol)}
        for name, most in found.items()
    }


def _plain(symbol: Symbol) -> str:
    return str(symbol.name).rstrip("'")
