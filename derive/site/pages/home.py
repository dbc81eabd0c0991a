"""The home page: the answer, with both pipelines drawn and every family on the opening layer.

What stands here is what docs/assets/js/calculator.js makes of any other layer, mark for mark.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from sympy import Expr, Symbol

from derive.algebra.counting import StageCount
from derive.facts import compare, layer_facts
from derive.notation.family import Family
from derive.notation.letters import DIRECTIONS, MEANING
from derive.read.layer import read_layer
from derive.rows import Choices, Row, rows
from derive.write.table import label, layer_words, memory

PAIR = {
    "asymmetric": ("Asymmetric", "A column filter, then a row filter."),
    "depthwise-separable": ("Depthwise separable", "A filter per channel, then a mix of channels."),
}
PIXELS = {direction.pixel for direction in DIRECTIONS.values()}
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
CELL, MOST_TAPS, MOST_SHEETS = 9, 7, 8


@dataclass(frozen=True)
class Input:
    """An input of the form: its name in the address, its label, and what stands in it at first."""

    name: str
    label: str
    preset: str
    hint: str = ""
    spoken: str = ""


FORM = (
    Input("image", "image", "128x128", spoken="image, height x width"),
    Input("in", "channels in", "3"),
    Input("out", "channels out", "8"),
    Input("kernel", "kernel", "3", spoken="kernel, 3 or 3x5"),
    Input(
        "middle",
        "width m",
        "",
        "in",
        "width m of the asymmetric pair; if empty, channels in but at most full rank",
    ),
    Input("multiplier", "multiplier M", "", "1", "depth multiplier M, 1 if empty"),
    Input("stride", "stride", "1"),
    Input("padding", "padding", "same", spoken="padding: same, valid, 1, 1x2 or 0:1x2:3"),
    Input("dilation", "dilation", "1"),
    Input("groups", "groups", "1"),
)

# Layers that readers know, in the words of the form.
KNOWN: dict[str, dict[str, str]] = {
    "This question": {},
    "ResNet-50, 3 × 3": {"image": "56x56", "in": "64", "out": "64"},
    "MobileNet, stride 2": {"image": "112x112", "in": "64", "out": "128", "stride": "2"},
    "VGG-16, conv4": {"image": "28x28", "in": "512", "out": "512"},
    "Inception-v3, 7 × 7": {"image": "17x17", "in": "128", "out": "128", "kernel": "7"},
    "U-Net, unpadded": {"image": "572x572", "in": "1", "out": "64", "padding": "valid"},
}

MEASURES = {
    "parameters": "parameters",
    "macs": "MACs",
    "macs_in_bounds": "in-bounds MACs",
    "flops": "FLOPs",
    "bytes": "memory moved",
    "intensity": "FLOPs per byte",
}
OPENING = "macs"


def context() -> dict[str, Any]:
    """What the template shows; all of it from the facts of one layer."""
    layer = read_layer()
    facts = compare(layer)
    named = {row["name"]: row for row in facts["families"]}
    drawn = {row.entry.name: _side(row, named) for row in rows(layer)[0] if row.entry.name in PAIR}
    wide = compare(layer, Choices(widths=(layer.channels_out,)))["families"]
    return {
        "layer": layer_words(layer_facts(layer)),
        "output": " × ".join(map(str, facts["layer"]["output"])),
        "form": FORM,
        "known": {name: query(fields) for name, fields in KNOWN.items()},
        "measures": MEASURES,
        "opening": OPENING,
        "pair": {name: drawn[name] for name in PAIR},
        "rows": named,
        "labels": {name: label(row) for name, row in named.items()},
        "bars": list(bars(facts["families"], OPENING)),
        "wide": next(row for row in wide if row["name"] == "asymmetric"),
        "omitted": "; ".join(f"{one['name']} ({one['reason']})" for one in facts["omitted"]),
        "alone": _one_channel(),
    }


def query(fields: dict[str, str]) -> str:
    """The address of a setting: only what differs from the preset; CheckError if it is no layer.

    >>> query({"image": "56x56", "in": "64"})
    '?image=56x56&in=64'
    """
    given = dict(fields)
    channels = {f"channels_{side}": int(given.pop(side)) for side in ("in", "out") if side in given}
    read_layer(**given, **channels)  # type: ignore[arg-type]
    return f"?{urlencode(fields)}"


def bars(families: list[dict[str, Any]], measure: str) -> Iterator[dict[str, Any]]:
    """A bar per family: how long in percent of the longest, and how it compares with standard."""
    amounts = [Fraction(row[measure]) for row in families]
    longest = max(amounts)
    standard = next(Fraction(row[measure]) for row in families if row["name"] == "standard")
    for row, amount in zip(families, amounts, strict=True):
        share = amount / standard
        yield {
            "name": row["name"],
            "label": label(row),
            "length": f"{float(100 * amount / longest):.3g}",
            "mark": f"{float(100 * standard / longest):.3g}",
            "amount": shown(amount, measure),
            "share": str(share) if len(str(share)) <= 13 else f"≈ {float(share):.3g}",
            "difference": "" if row["name"] == "standard" else difference(share),
            "kind": _kind(share, measure),
            "saves": saves(row["break_even"]),
            "exact": row["exact_when_brief"],
        }


def _kind(share: Fraction, measure: str) -> str:
    """Cheaper, dearer or neither; FLOPs per byte are no cost."""
    if share == 1 or measure == "intensity":
        return "same"
    return "less" if share < 1 else "more"


def shown(amount: Fraction, measure: str) -> str:
    """An amount as it reads in its measure.

    >>> shown(Fraction(721760), "bytes"), shown(Fraction(11, 4), "intensity")
    ('705 KiB', '2.75')
    """
    if measure == "bytes":
        return memory(int(amount))
    return f"{float(amount):.3g}" if measure == "intensity" else f"{int(amount):,}"


def comparison(share: Fraction) -> str:
    """The MACs of a layer set against those of the standard one.

    >>> comparison(Fraction(3)), comparison(Fraction(1))
    ('3 times the MACs of the standard layer', 'as many MACs as the standard layer')
    >>> comparison(Fraction(11, 24))
    '11/24 of the MACs of the standard layer, 54.2 % less'
    """
    if share == 1:
        return "as many MACs as the standard layer"
    if share >= 2:
        return f"{float(share):.3g} times the MACs of the standard layer"
    return f"{share} of the MACs of the standard layer, {difference(share)}"


def difference(share: Fraction) -> str:
    """How a share of the standard convolution reads.

    >>> [difference(Fraction(n, 24)) for n in (11, 24, 30, 60)]
    ['54.2 % less', 'the same', '25 % more', '2.5 times as much']
    """
    if share == 1:
        return "the same"
    if share >= 2:
        return f"{float(share):.3g} times as much"
    return f"{float(100 * abs(1 - share)):.3g} % {'less' if share < 1 else 'more'}"


def saves(edge: dict[str, Any] | None) -> str:
    """While which width a family has fewer MACs than standard.

    >>> saves({"size": "m", "at_most": 6}), saves({"size": "m", "at_most": 0}), saves(None)
    ('m ≤ 6', 'no m', '')
    """
    if edge is None:
        return ""
    return f"{edge['size']} ≤ {edge['at_most']:,}" if edge["at_most"] else f"no {edge['size']}"


def _side(row: Row, named: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """One side of the answer: the line, the pipeline, what it costs and what it is exact for."""
    facts, lean = named[row.entry.name], _lean(row)
    assert isinstance(lean.line, Family)
    title, gist = PAIR[row.entry.name]
    share = Fraction(facts["ratio"]["macs"])
    return {
        "title": title,
        "gist": gist,
        "line": _line(lean.line),
        "steps": list(_steps(lean)),
        "weights": f"{facts['parameters']:,}",
        "macs": f"{facts['macs']:,}",
        "share": comparison(share),
        "saves": saves(facts["break_even"]),
        "exact": exactly(facts["exact_when"]),
    }


def exactly(condition: str) -> str:
    """The condition of exactness as a sentence.

    >>> exactly("every kernel"), exactly("the kernel is zero")
    ('Exact for every kernel.', 'Exact when the kernel is zero.')
    """
    return f"Exact {'for' if condition == 'every kernel' else 'when'} {condition}."


def _lean(row: Row) -> Row:
    """A row without its bonds of size 1, which is how its line is best read."""
    assert isinstance(row.line, Family)
    single = [x for x in row.line.summed if row.line.sizes[x].xreplace(row.values) == 1]
    return replace(row, line=row.line.without(single))


def _line(family: Family) -> str:
    bonds = ",".join(map(str, family.summed))
    factors = coloured(" · ".join(map(str, family.factors)))
    kernel = coloured(f"K[{', '.join(map(str, family.kernel))}] = ")
    sum_ = f"Σ<sub>{coloured(bonds)}</sub> " if bonds else ""
    return f"{kernel}{sum_}{factors}"


def _steps(row: Row) -> Iterator[dict[str, Any]]:
    """The tensors of a pipeline and the kernels between them, in order."""
    ((_, stages),) = row.count.stages
    first = stages[0].stage
    yield _tensor(row, first.source.base, first.reads)
    for count in stages:
        yield _kernel(row, count)
        yield _tensor(row, count.stage.target.base, count.stage.domain)


def _tensor(row: Row, base: object, domain: tuple[tuple[Symbol, Expr], ...]) -> dict[str, Any]:
    sides = [int(extent.xreplace(row.values)) for x, extent in domain if x in PIXELS]
    channels = 1
    for x, extent in domain:
        channels *= 1 if x in PIXELS else int(extent.xreplace(row.values))
    name = str(base).replace("_", "").translate(SUBSCRIPTS)
    return {
        "kind": "tensor",
        "shape": " × ".join(map(str, [*sides, channels])),
        "name": coloured(f"{name}[{', '.join(str(x) for x, _ in domain)}]"),
        "sheets": _sheets(min(channels, MOST_SHEETS)),
    }


def _kernel(row: Row, count: StageCount) -> dict[str, Any]:
    stage = count.stage
    indices = stage.factor.indices
    taps = [row.values[d.kernel] if d.tap in indices else 1 for d in row.layer.directions]
    read = {x for x, _ in stage.reads} - PIXELS
    per = [str(x) for x, _ in stage.domain if x in read and x in indices]
    sums = ", ".join(str(letter) for letter, _, _ in stage.limits)
    terms = int((count.products / count.outputs).xreplace(row.values))
    return {
        "kind": "kernel",
        "factor": coloured(str(stage.factor)),
        "taps": " × ".join(map(str, taps)),
        "per": coloured(f" per {', '.join(per)}") if per else "",
        "sums": f"sums {coloured(sums)}: {terms:,}" if sums else "sums nothing",
        "weights": f"{int(count.weights.xreplace(row.values)):,} weights",
        "macs": f"{int(count.products.xreplace(row.values)):,} MACs",
        "grid": _grid(*(min(side, MOST_TAPS) for side in taps)),
    }


def _sheets(count: int) -> list[tuple[int, int]]:
    """Corners of the sheets of a tensor, the rearmost first."""
    shifts = (4 * sheet - 2 * (count - 1) for sheet in reversed(range(count)))
    return [(15 + shift, 9 - shift // 2) for shift in shifts]


def _grid(rows: int, columns: int) -> list[tuple[str, str]]:
    """Corners of the taps of a kernel, in the middle of a square of 64."""
    left, top = 32 - columns * CELL / 2, 32 - rows * CELL / 2
    return [
        (f"{left + x * CELL:g}", f"{top + y * CELL:g}") for y in range(rows) for x in range(columns)
    ]


def coloured(text: str) -> str:
    """Index letters of a formula in their colours: a letter alone, not one of a word.

    >>> coloured("A[j, i]")
    'A[<span class="letter-j">j</span>, <span class="letter-i">i</span>]'
    """
    letters = {x.name for x in MEANING}
    words = f" {text} "
    return "".join(
        f'<span class="letter-{here}">{here}</span>'
        if here in letters and not (before.isalpha() or after.isalpha())
        else here
        for before, here, after in zip(words[:-2], text, words[2:], strict=True)
    )


def _one_channel() -> dict[str, str]:
    """What the pair spells when there is one input and one output channel and every width is 1."""
    found, _ = rows(read_layer(channels_in=1, channels_out=1))
    return {row.entry.name: row.exactness.words for row in found if row.entry.name in PAIR}
