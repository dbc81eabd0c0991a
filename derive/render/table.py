"""Terminal tables of facts: a layer compared, a family described."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from derive.facts.comparison import BreakEven, ComparisonFacts, RowFacts, WastefulOrder
from derive.facts.family import DerivedFacts, formulas_of
from derive.notation.bias import Bias
from derive.notation.formula import Formula
from derive.render.amount import memory, number
from derive.render.filters import filters
from derive.render.latex import guard_words
from derive.render.layer_words import layer_words as layer_words
from derive.render.sheet import Column, Sheet

# Columns of numbers of the comparison.
COLUMNS = ("params", "MACs", "in-bounds", "FLOPs", "moved", "FLOP/B", "× std")
SAME_SIZE = "n × n with n odd, stride 1, same padding"
NARROW = 20  # columns that a condition takes at least


def compare_table(facts: ComparisonFacts, stages: bool = False) -> RenderableType:
    """The answer to ``derive compare``: one row per family and setting, remarks below, and with
    ``stages`` the filters of every row between them."""
    numbers = (Column(name, number=True) for name in COLUMNS)
    columns = (Column("family"), *numbers, Column("exact for", least=NARROW))
    rows = [
        (Text(label(row), _weight(row)), *_cells(row), row.exact_when_brief)
        for row in facts.families
    ]
    layer = facts.layer
    output = f"output {'×'.join(map(str, layer.output))}"
    title = Text(f"{layer_words(layer)}, {output}", "italic")
    listed = [filter_table(facts), Text()] if stages else []
    return Group(title, Sheet(columns, rows), Text(), *listed, *_remarks(facts))


def filter_table(facts: ComparisonFacts) -> RenderableType:
    """The filters of every row, stage after stage, each as taps by channels."""
    rows = [(Text(label(row), _weight(row)), filters(row.stages)) for row in facts.families]
    return Sheet((Column("family"), Column("filters, taps × channels")), rows)


def _weight(row: RowFacts) -> str:
    return "bold" if row.name == "standard" else ""


def _cells(row: RowFacts) -> list[Text | str]:
    share = row.ratio.macs
    return [
        *map(number, (row.parameters, row.macs, row.macs_in_bounds, row.flops)),
        memory(row.bytes),
        f"{float(row.intensity):.2f}",
        Text(times(share), "red" if share > 1 else "green" if share < 1 else ""),
    ]


def label(row: RowFacts) -> str:
    """A family with its setting.

    >>> from derive.facts import compare
    >>> from derive.parse.layer import read_layer
    >>> label(compare(read_layer()).row("asymmetric"))
    'asymmetric m=3'
    """
    return labelled(row.name, row.setting)


def labelled(name: str, setting: Mapping[Any, int]) -> str:
    """A name with its sizes.

    >>> labelled("asymmetric", {"m": 3})
    'asymmetric m=3'
    """
    return " ".join([name, *(f"{symbol}={n}" for symbol, n in setting.items())])


def times(ratio: Fraction) -> str:
    """An exact ratio to three figures.

    >>> times(Fraction(17, 72))
    '0.236'
    """
    return f"{float(ratio):.3g}"


def _remarks(facts: ComparisonFacts) -> list[RenderableType]:
    """What costs more or is universal, up to which width families save, and what was left out."""
    lines = []
    for note in dict.fromkeys(note for row in facts.families for note in row.notes):
        rows = [label(row) for row in facts.families if note in row.notes]
        lines.append(Text(f"{', '.join(rows)}: {note.words}"))
    if facts.layer.biased is Bias.ALL:
        lines.append(Text(f"exactness needs {facts.exactness_needs}"))
    edges = [(row.name, row.break_even) for row in facts.families if row.break_even]
    if savings := [f"{name} {edge_words(edge)}" for name, edge in edges]:
        lines.append(Text(f"fewer MACs than standard: {', '.join(dict.fromkeys(savings))}"))
    if facts.omitted:
        left = "; ".join(f"{one.name} ({one.reason})" for one in facts.omitted)
        lines.append(Text(f"left out: {left}", style="dim"))
    return [Padding(line, (0, 0, 0, 1)) for line in lines]


def edge_words(edge: BreakEven) -> str:
    """Up to which size a family saves.

    >>> from derive.notation.letters import m
    >>> edge_words(BreakEven(m, 6))
    'while m ≤ 6'
    """
    return f"while {edge.size} ≤ {edge.at_most}" if edge.at_most else f"at no {edge.size}"


def family_table(
    title: str, summary: str, facts: DerivedFacts, bias: Bias = Bias.ALL
) -> RenderableType:
    """The answer to ``derive family``: the line, its stages, its formulas; ``bias`` says which
    stages have one in the formulas with bias."""
    line, head = facts.line, Text.assemble((title, "bold"), f"\n{summary}")
    about = Table(box=None, show_header=False, padding=(0, 1))
    about.add_row("kernel", str(line.line))
    about.add_row("einsum", line.einsum)
    about.add_row("exact for", line.exact_when)
    for place, stage in enumerate(line.stages, start=1):
        about.add_row(f"stage {place}", f"{stage.target} = {stage.value}")
    formulas = Sheet(
        (Column("formula"), Column("in general"), Column(SAME_SIZE)),
        [
            (name.replace("_", " "), _guarded(formula.general), str(formula.square.expr))
            for name, formula in formulas_of(facts, bias).items()
        ],
    )
    for order in line.wasteful:
        about.add_row("wasteful", f"{order.factor} repeats itself for every {_of(order)}")
    words = (f"{symbol}: {text}" for symbol, text in facts.symbols.items())
    return Group(head, Text(), about, Text(), formulas, Text(), Text("; ".join(words), style="dim"))


def _guarded(formula: Formula) -> Text:
    """A formula, and under it the guard if it has one."""
    text = Text(str(formula.expr))
    if formula.guard:
        text.append(f"\n  for {guard_words(formula.guard)}", "dim")
    return text


def _of(order: WastefulOrder) -> str:
    return ", ".join(map(str, order.letters))
