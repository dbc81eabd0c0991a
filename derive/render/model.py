"""A model in numbers as a table: for a terminal, and as CSV, LaTeX or Markdown to take away."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from derive.facts.model import CountedLayer, ModelFacts, PublishedFacts
from derive.facts.recognized import RecognizedFacts
from derive.render.sheet import Column, Sheet
from derive.render.table import memory, number
from derive.render.tabular import Cell, Tabular, written

COLUMNS = ("params", "MACs", "% MACs", "in-bounds", "FLOPs", "moved", "field")
HEAD = (
    *("name", "kind", "family", "batch", "input", "output", "kernel", "stride", "dilation"),
    *("padding", "groups", "bias", "parameters", "macs", "macs_in_bounds", "flops"),
    *("activations", "bytes", "receptive_field", "not_counted"),
)
SHOWN = ("parameters", "macs", "macs_in_bounds", "flops", "bytes")
TITLES = ("layer", "kind", "output", "parameters", "MACs", "in-bounds", "FLOPs", "bytes")
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
        *_lines(_remarks(facts)),
        Text(),
        _tools(facts),
        *_published(facts),
        *_not_counted(facts),
    )


def title(facts: ModelFacts) -> str:
    """What is counted, and on which input.

    >>> from derive.facts.count import count_facts
    >>> title(count_facts("vgg-16"))
    'VGG-16, standard; image 1×3×224×224; 16 layers'
    """
    network = facts.network
    name = f"{network.title}, {network.variant}" if network else facts.model
    inputs = (f"{name} {sides(sizes)}" for name, sizes in facts.inputs.items())
    return f"{name}; {', '.join(inputs)}; {facts.totals.layers} layers"


def sides(sizes: Iterable[int]) -> str:
    """Sizes with a sign between them.

    >>> sides((3, 224, 224))
    '3×224×224'
    """
    return "×".join(map(str, sizes))


def words(layer: CountedLayer) -> str:
    """What a layer is: its sort, its kernel, and what is unusual about it.

    >>> from derive.facts.count import count_facts
    >>> words(count_facts("vgg-16").layers[0])
    'standard 3×3'
    """
    if layer.sort == "linear":
        return "linear"
    stride = "" if set(layer.stride) == {1} else f"/{_short(layer.stride)}"
    dilation = "" if set(layer.dilation) == {1} else f" dilation {_short(layer.dilation)}"
    groups = f" {layer.groups} groups" if layer.family == "grouped" else ""
    return f"{layer.sort} {sides(layer.kernel)}{stride}{dilation}{groups}"


def _short(numbers: tuple[int, ...]) -> str:
    return str(numbers[0]) if len(set(numbers)) == 1 else sides(numbers)


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


def percent(share: Fraction) -> str:
    """A share in percent with two digits after the point.

    >>> percent(Fraction(1, 3))
    '33.33'
    """
    return f"{float(100 * share):.2f}"


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


def _remarks(facts: ModelFacts) -> Iterator[str]:
    total = facts.totals
    if total.macs:
        part = percent(1 - Fraction(total.macs_in_bounds, total.macs))
        yield f"{part} % of the MACs multiply padding, or are cropped"
        yield f"a step of training takes {total.backward_macs:,} more MACs for the gradients"
    if total.other_parameters:
        every = total.parameters + total.other_parameters
        yield (
            f"parameters: {total.parameters:,} of the layers and {total.other_parameters:,} of"
            f" normalizations, {every:,} in all"
        )
    yield from map(family_words, facts.recognized)
    yield f"the largest layer reads and writes {memory(total.largest)}"


def family_words(found: RecognizedFacts) -> str:
    """Layers in a row that are the stages of a family.

    >>> family_words(RecognizedFacts(("dw", "pw"), "cp", "CP", {}))
    'dw and pw are cp: no activation stands between them'
    """
    *first, last = found.layers
    setting = "".join(f" {x}={n}" for x, n in found.setting.items())
    names = f"{', '.join(first)} and {last}"
    return f"{names} are {found.family}{setting}: no activation stands between them"


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
    lines = [
        f"{one.operations} × {one.step}: {number(one.written)} numbers written, in no count above"
        " but those of the tools"
        for one in facts.between
    ]
    for one in facts.unknown[:LISTED]:
        held = f", {one.weights:,} numbers in the file" if one.weights else ""
        lines.append(f"not counted: {one.name} ({one.operation}), {one.reason}{held}")
    if len(facts.unknown) > LISTED:
        lines.append(f"not counted: {len(facts.unknown) - LISTED} more; --json has them all")
    return [Text(), *_lines(lines, "dim")] if lines else []


def _lines(lines: Iterable[str], style: str = "") -> list[RenderableType]:
    return [Padding(Text(line, style), (0, 0, 0, 1)) for line in lines]


def model_text(facts: ModelFacts, form: str) -> str:
    """The layers as csv, with every count, or as latex or markdown with the sums.

    >>> from derive.facts.count import count_facts
    >>> model_text(count_facts("vgg-16"), "csv")[:9]
    'name,kind'
    """
    if form == "csv":
        return written(Tabular(HEAD, [_all(one) for one in facts.layers]), form)
    rows = [
        [one.name, words(one), sides(one.output), *(getattr(one, name) for name in SHOWN)]
        for one in facts.layers
    ]
    total: list[Cell] = ["sum", "", "", *(getattr(facts.totals, name) for name in SHOWN)]
    return written(Tabular(TITLES, [*rows, total], title(facts)), form)


def _all(one: CountedLayer) -> list[Cell]:
    padding = "x".join(f"{before}:{after}" for before, after in one.padding)
    return [
        *(one.name, one.kind.value, one.family, one.batch),
        *("x".join(map(str, getattr(one, name))) for name in HEAD[4:9]),
        *(padding, one.groups, "yes" if one.bias else "no"),
        *(one.parameters, one.macs, one.macs_in_bounds, one.flops, one.activations, one.bytes),
        *("x".join(map(str, one.receptive_field or ())), "; ".join(one.not_counted)),
    ]
