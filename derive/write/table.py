"""Terminal tables of facts: a layer compared, a family described."""

from fractions import Fraction
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from derive.write.latex import ALWAYS
from derive.write.layer_words import layer_words as layer_words
from derive.write.sheet import Column, Sheet

# Columns of numbers of the comparison.
COLUMNS = ("params", "MACs", "in-bounds", "FLOPs", "moved", "FLOP/B", "× std")
EVERYDAY = "n × n with n odd, stride 1, same padding"
NARROW = 20  # columns that a condition takes at least


def compare_table(facts: dict[str, Any]) -> RenderableType:
    """The answer to ``derive compare``: one row per family and setting, remarks below."""
    numbers = (Column(name, number=True) for name in COLUMNS)
    columns = (Column("family"), *numbers, Column("exact for", least=NARROW))
    rows = [
        (Text(label(row), _weight(row)), *_cells(row), row["exact_when_brief"])
        for row in facts["families"]
    ]
    layer = facts["layer"]
    output = f"output {'×'.join(map(str, layer['output']))}"
    title = Text(f"{layer_words(layer)}, {output}", "italic")
    return Group(title, Sheet(columns, rows), Text(), *_remarks(facts))


def _weight(row: dict[str, Any]) -> str:
    return "bold" if row["name"] == "standard" else ""


def _cells(row: dict[str, Any]) -> list[Text | str]:
    share = Fraction(row["ratio"]["macs"])
    return [
        *(number(row[name]) for name in ("parameters", "macs", "macs_in_bounds", "flops")),
        memory(row["bytes"]),
        f"{float(Fraction(row['intensity'])):.2f}",
        Text(times(row["ratio"]["macs"]), "red" if share > 1 else "green" if share < 1 else ""),
    ]


def number(count: int) -> str:
    """A count in full, or with four digits where it would burst the column.

    >>> number(3538944), number(10**21)
    ('3,538,944', '1.000e+21')
    """
    return f"{count:,}" if count < 10**15 else f"{count:.3e}"


def memory(count: int) -> str:
    """Bytes in the largest unit that leaves a number of at least 1.

    >>> memory(720896)
    '704 KiB'
    """
    for power, unit in ((3, "GiB"), (2, "MiB"), (1, "KiB")):
        if count >= 1024**power:
            return f"{count / 1024**power:.3g} {unit}"
    return f"{count} B"


def label(row: dict[str, Any]) -> str:
    """A family with its setting.

    >>> label({"name": "asymmetric", "setting": {"m": 3}})
    'asymmetric m=3'
    """
    return " ".join([row["name"], *(f"{name}={n}" for name, n in row["setting"].items())])


def times(ratio: str) -> str:
    """An exact ratio to three figures.

    >>> times("17/72")
    '0.236'
    """
    return f"{float(Fraction(ratio)):.3g}"


def _remarks(facts: dict[str, Any]) -> list[RenderableType]:
    """What is dearer or universal, up to which width families save, and what was left out."""
    lines = []
    for note in dict.fromkeys(note for row in facts["families"] for note in row["notes"]):
        rows = [label(row) for row in facts["families"] if note in row["notes"]]
        lines.append(Text(f"{', '.join(rows)}: {note}"))
    if facts["layer"]["bias"]:
        lines.append(Text(f"exactness needs {facts['exactness_needs']}"))
    edges = [(row["name"], row["break_even"]) for row in facts["families"] if row["break_even"]]
    if savings := [f"{name} {edge_words(edge)}" for name, edge in edges]:
        lines.append(Text(f"fewer MACs than standard: {', '.join(dict.fromkeys(savings))}"))
    if facts["omitted"]:
        left = "; ".join(f"{x['name']} ({x['reason']})" for x in facts["omitted"])
        lines.append(Text(f"left out: {left}", style="dim"))
    return [Padding(line, (0, 0, 0, 1)) for line in lines]


def edge_words(edge: dict[str, Any]) -> str:
    """Up to which size a family saves.

    >>> edge_words({"size": "m", "at_most": 6})
    'while m ≤ 6'
    """
    return (
        f"while {edge['size']} ≤ {edge['at_most']}" if edge["at_most"] else f"at no {edge['size']}"
    )


def family_table(document: dict[str, Any]) -> RenderableType:
    """The answer to ``derive family``: the line, its stages, its formulas."""
    head = Text.assemble((document["title"], "bold"), f"\n{document['summary']}")
    facts = Table(box=None, show_header=False, padding=(0, 1))
    facts.add_row("kernel", document["line"])
    facts.add_row("einsum", document["einsum"])
    facts.add_row("exact for", document["exact_when"])
    for number, stage in enumerate(document["stages"], start=1):
        facts.add_row(f"stage {number}", f"{stage['target']} = {stage['sympy']}")
    formulas = Sheet(
        (Column("formula"), Column("in general"), Column(EVERYDAY)),
        [
            (name.replace("_", " "), _guarded(formula), formula["square"]["sympy"])
            for name, formula in document["formulas"].items()
        ],
    )
    for stage in document["wasteful"]:
        facts.add_row("wasteful", f"{stage['factor']} repeats itself for every {_of(stage)}")
    words = (f"{name}: {text}" for name, text in document["symbols"].items())
    return Group(head, Text(), facts, Text(), formulas, Text(), Text("; ".join(words), style="dim"))


def _guarded(formula: dict[str, Any]) -> Text:
    """A formula, and under it the guard if it has one."""
    text = Text(formula["sympy"])
    if formula["guard"] != ALWAYS:
        text.append(f"\n  for {formula['guard']}", "dim")
    return text


def _of(stage: dict[str, Any]) -> str:
    return ", ".join(stage["repeats_for"])
