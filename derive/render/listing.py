"""A list of what there is: lines for a terminal, or one table."""

from collections.abc import Iterator

from derive.facts.listing import Item, ListFacts, TheoremItem
from derive.render.plain import plain
from derive.render.tabular import Tabular


def list_lines(facts: ListFacts) -> Iterator[str]:
    """Id, number and title of each, under headings if there are several kinds.

    >>> from derive.facts.listing import list_facts
    >>> next(list_lines(list_facts(["theorems"]))).split()
    ['visibility', 'L0', 'Visibility']
    """
    several = len(facts.kinds) > 1
    for kind, lines in facts.kinds.items():
        if several:
            yield kind
        width = max(len(one.id) for one in lines)
        for one in lines:
            number = f"{one.number:4}" if isinstance(one, TheoremItem) else ""
            yield f"{'  ' if several else ''}{one.id:{width}}  {number}{one.title}"


def list_table(facts: ListFacts) -> Tabular:
    """All that is listed as one table, whose first column is the kind if there are several."""
    several = len(facts.kinds) > 1
    numbered = facts.theorems is not None
    head = ("kind", "id", "number", "title", "summary")
    shown = [several, True, numbered, True, True]
    rows = [(kind, *_cells(one)) for kind, lines in facts.kinds.items() for one in lines]
    chosen = [[cell for cell, here in zip(row, shown, strict=True) if here] for row in rows]
    return Tabular(tuple(name for name, here in zip(head, shown, strict=True) if here), chosen)


def _cells(one: Item) -> tuple[str, str, str, str]:
    if isinstance(one, TheoremItem):
        return one.id, one.number, one.title, plain(one.summary)
    return one.id, "", one.title, one.summary
