"""What tools report for one layer, and where they go wrong: measured, next to our counts."""

import json
from dataclasses import dataclass
from pathlib import Path

from sympy import Expr

from derive.comparison import Choices, Row, rows
from derive.facts.conventions import CONVENTIONS
from derive.notation.axis import Transposed
from derive.notation.layer import Layer
from derive.parse.layer import read_layer

FAULTS = Path(__file__).with_name("faults.json")


@dataclass(frozen=True)
class Reported:
    """A convention on a row: its formula and words, who follows it, with and without bias."""

    formula: str
    words: str
    tools: tuple[str, ...]
    plain: int
    biased: int


def reported(row: Row) -> list[Reported]:
    """Each convention on one row: its formula and words, who follows it, with and without bias.

    >>> found, _ = rows(read_layer())
    >>> [(one.formula, one.plain) for one in reported(found[0])][:2]
    [('M', 3538944), ('M + b', 3538944)]
    """
    counts = {
        "macs": row.number("macs"),
        "in_bounds": row.number("macs_in_bounds"),
        "outputs": row.number("activations"),
    }
    return [
        Reported(
            formula=convention.formula,
            words=convention.words,
            tools=convention.tools,
            plain=convention.number(**counts),
            biased=convention.number(**counts, bias=row.number("activations")),
        )
        for convention in CONVENTIONS
    ]


def shares(layer: Layer) -> list[tuple[str, list[str]]]:
    """How many times cheaper than standard a family is said to be, under each convention.

    >>> dict(shares(read_layer()))["depthwise-separable"][:2]
    ['4.24×', '3.61×']
    """
    found = rows(layer, Choices(widths=(layer.channels_in, layer.channels_out)))[0]
    standard = next(row for row in found if row.entry.name == "standard")
    baseline = [one.biased for one in reported(standard)]
    return [
        (
            _label(row),
            [f"{y / x.biased:.3g}×" for y, x in zip(baseline, reported(row), strict=True)],
        )
        for row in found
        if row.entry.name in ("depthwise-separable", "asymmetric")
    ]


def _label(row: Row) -> str:
    chosen = ", ".join(f"{symbol.name} = {value}" for symbol, value in row.chosen.items())
    usual = row.entry.name == "depthwise-separable" or not chosen
    return row.entry.name if usual else f"{row.entry.name}, {chosen}"


def faults() -> list[dict[str, str]]:
    """Where a tool's number is not what its own convention says; our figures put in."""
    figures = _figures()
    listed = json.loads(FAULTS.read_text("utf-8"))
    return [{"source": "", **one, "reports": one["reports"].format(**figures)} for one in listed]


def _figures() -> dict[str, str]:
    """The figures that our own counts give."""
    even = read_layer(image="28x28", channels_in=1, channels_out=1, kernel="4", padding="1")
    side = int(even.axes[0].output)
    spread = _transposed(Transposed(28, 3, 2, 2, 1, 1))
    return {
        "even_side": str(side),
        "even": f"{(side / 28) ** 2:.3f}",
        "transposed": str(_transposed(Transposed(4, 4, 2, 1, 1, 1))),
        "spread": f"{float(spread):.2f}",
        "spread_twice": f"{float(2 * spread):.1f}",
        "window": f"{_dense_over_in_bounds(image='4x4', kernel='7'):.2f}",
        "dilated": f"{_dense_over_in_bounds(image='33x33', dilation='36'):.2f}",
    }


def _transposed(axis: Transposed) -> Expr:
    """Output pixels over input pixels, on two such axes."""
    return (axis.output / axis.input) ** 2


def _dense_over_in_bounds(image: str, kernel: str = "3", dilation: str = "1") -> float:
    layer = read_layer(image=image, channels_in=1, channels_out=1, kernel=kernel, dilation=dilation)
    found, _ = rows(layer)
    row = next(row for row in found if row.entry.name == "standard")
    return row.number("macs") / row.number("macs_in_bounds")
