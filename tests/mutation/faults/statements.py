"""Faults of what a statement displays: each sign, number, symbol and bound, one at a time."""

from collections.abc import Iterator
from itertools import permutations

from sympy import Add, Basic, ceiling, floor, Integer, Max, Min

from derive.proof.claim import Claim, Table

OTHER_SIGN = {"<": "≤", "≤": "<", ">": "≥", "≥": ">", "≠": "=", "=": "≠"}
OTHER_FUNCTION = {Max: Min, Min: Max, floor: ceiling, ceiling: floor}
MOST = 4  # symbols that are exchanged in one term


def variants(one: Claim | Table) -> Iterator[tuple[str, Claim | Table]]:
    """A formula with one thing changed, and what was."""
    return claims(one) if isinstance(one, Claim) else tables(one)


def claims(claim: Claim) -> Iterator[tuple[str, Claim]]:
    for place, sign in enumerate(claim.signs):
        if other := OTHER_SIGN.get(sign):
            signs = (*claim.signs[:place], other, *claim.signs[place + 1 :])
            yield f"{sign} made {other}", rebuilt(claim.terms, signs)
        if sign == "⊂":
            before, part, whole, *after = claim.terms[:place], *claim.terms[place:]
            exchanged = (*before, whole, part, *after)
            yield f"{part} and {whole} exchanged", rebuilt(exchanged, claim.signs)
    for place, term in enumerate(claim.terms):
        for words, new in terms(term):
            changed = (*claim.terms[:place], new, *claim.terms[place + 1 :])
            yield f"{words} in {term}", rebuilt(changed, claim.signs)


def rebuilt(terms: tuple[Basic, ...], signs: tuple[str, ...]) -> Claim:
    first, *others = terms
    return Claim(first, *(x for pair in zip(signs, others, strict=True) for x in pair))


def terms(term: Basic) -> Iterator[tuple[str, Basic]]:
    """A term with one thing changed, if that makes another expression of it."""
    seen = {term}
    for words, new in candidates(term):
        if new not in seen:
            seen.add(new)
            yield words, new


def candidates(term: Basic) -> Iterator[tuple[str, Basic]]:
    for kind, other in OTHER_FUNCTION.items():
        for node in sorted(term.atoms(kind), key=str):
            yield f"{kind.__name__} made {other.__name__}", term.xreplace({node: other(*node.args)})
    for number in sorted(term.atoms(Integer) - {Integer(-1)}, key=str):
        yield f"{number} made {number + 1}", term.xreplace({number: number + 1})
    symbols = sorted(term.free_symbols, key=str)[:MOST]
    for one, other in permutations(symbols, 2):
        yield f"{one} made {other}", term.xreplace({one: other})
    for node in sorted(term.atoms(Add), key=str):
        for addend in node.args:
            yield f"{addend} left out", term.xreplace({node: node - addend})


def tables(table: Table) -> Iterator[tuple[str, Table]]:
    """A table with one cell changed, or two rows exchanged but for their first cells."""
    for y, row in enumerate(table.rows):
        for x, cell in enumerate(row):
            for words, new in cells(cell):
                changed = (*row[:x], new, *row[x + 1 :])
                yield f"{words}, row {y}", with_row(table, y, changed)
    for y in range(len(table.rows) - 1):
        one, two = table.rows[y], table.rows[y + 1]
        if one[1:] != two[1:]:
            swapped = with_row(with_row(table, y, (one[0], *two[1:])), y + 1, (two[0], *one[1:]))
            yield f"rows {y} and {y + 1} exchanged", swapped


def cells(cell: object) -> Iterator[tuple[str, object]]:
    if isinstance(cell, tuple):
        for place, part in enumerate(cell):
            for words, new in cells(part):
                yield words, (*cell[:place], new, *cell[place + 1 :])
    elif isinstance(cell, Claim):
        yield from claims(cell)
    elif isinstance(cell, Basic):
        yield from terms(cell)
    elif isinstance(cell, int):
        yield f"{cell} made {cell + 1}", cell + 1


def with_row(table: Table, place: int, row: tuple[object, ...]) -> Table:
    return Table(table.head, *table.rows[:place], row, *table.rows[place + 1 :])
