"""A model in numbers as a table for a terminal."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from derive.facts.model import CountedLayer, ModelFacts, PublishedFacts
from derive.render.amount import memory, number
from derive.render.model_text import between, percent, remarks, sides, title, words
from derive.render.sheet import Column, Sheet

COLUMNS = ("params", "MACs", "% MACs", "in-bounds", "FLOPs", "moved", "field")
LISTED = 8  # operations of one kind that are named


def model_table(facts: ModelFacts) -> RenderableType:
    """The answer to ``derive count``: a row for every layer, sums, what tools report, and what is
    not counted."""
    columns = (Column("layer"), Column("is"), Column("output"))
    numbers = (Column(name, number=True) for name in COLUMNS)
    rows = [*map(_row, facts.layers, _shares(facts)), _sum(facts)]
    return Group(
        Text(title(facts), "italic"),
        Sheet((*columns, *numbers), rows),
        Text(),
        *_lines(remarks(facts)),
        Text(),
        _tools(facts),
        *_published(facts),
        *_not_counted(facts),
    )


def _shares(facts: ModelFacts) -> Iterator[Fraction]:
    total = facts.totals.macs or 1
    return (Fraction(one.macs, total) for one in facts.layers)


def _row(layer: CountedLayer, share: Fraction) -> list[Text | str]:
    return [
        layer.name,
        words(layer),
        sides(layer.output),
        *map(number, (layer.parameters, layer.macs)),
        percent(share),
        *map(number, (layer.macs_in_bounds, layer.flops)),
        memory(layer.bytes),
        sides(layer.receptive_field or ()) or "?",
    ]


def _sum(facts: ModelFacts) -> list[Text | str]:
    total = facts.totals
    cells = [
        "sum",
        "",
        "",
        *map(number, (total.parameters, total.macs)),
        "",
        *map(number, (total.macs_in_bounds, total.flops)),
        memory(total.bytes),
        sides(total.receptive_field or ()) or "?",
    ]
    return [Text(cell, "bold") for cell in cells]


def _tools(facts: ModelFacts) -> Sheet:
    found = facts.totals.conventions
    columns = (
        *(Column("tool"), Column("reports", number=True), Column("counts")),
        Column("that is", least=30),
    )
    rows = [[name, number(one.number), one.formula, one.words] for name, one in found.items()]
    return Sheet(columns, rows)


def _published(facts: ModelFacts) -> list[RenderableType]:
    if not facts.network or not facts.network.published:
        return []
    return [Text(), Text("in print", "bold"), *_lines(map(figure, facts.network.published))]


def figure(one: PublishedFacts) -> str:
    """A figure from print against our count.

    >>> from derive.facts.count import count_facts
    >>> figure(count_facts("vgg-16").network.published[2])
    '15.47 G MACs, torchvision, vgg16: as counted, 15,470,264,320'
    """
    held = f"as counted, {one.count:,}" if one.agrees else f"counted {one.count:,}; {one.reason}"
    unit = f" {one.unit}" if one.unit else ""
    return f"{one.printed}{unit} {one.quantity}, {one.source}: {held}"


def _not_counted(facts: ModelFacts) -> list[RenderableType]:
    """What is between the layers, and what is not known."""
    lines = list(between(facts))
    for one in facts.unknown[:LISTED]:
        held = f", {one.weights:,} numbers in the file" if one.weights else ""
        lines.append(f"not counted: {one.name} ({one.operation}), {one.reason}{held}")
    if len(facts.unknown) > LISTED:
        lines.append(f"not counted: {len(facts.unknown) - LISTED} more; --json has them all")
    return [Text(), *_lines(lines, "dim")] if lines else []


def _lines(lines: Iterable[str], style: str = "") -> list[RenderableType]:
    return [Padding(Text(line, style), (0, 0, 0, 1)) for line in lines]
