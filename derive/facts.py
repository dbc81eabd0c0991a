"""Facts: everything a page, a table or a program needs, as plain data with stable names.

Numbers are integers, ratios are exact strings, formulas are expressions with their guards. Nothing
here is typed in: it is evaluated or printed from the objects it stands for.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from sympy import Expr

from derive.algebra.counting import StageCount
from derive.algebra.dimension import dimension
from derive.notation.axis import Transposed
from derive.notation.layer import Layer
from derive.rows import break_even, Choices, NOTES, Row, rows

EXACTNESS_NEEDS = "zero padding, no bias and no activation between stages"


def compare(layer: Layer, choices: Choices | None = None) -> dict[str, Any]:
    """Every family on one layer as plain data, in the schema derive/compare/1.

    >>> from derive.read.layer import read_layer
    >>> facts = compare(read_layer())
    >>> [row["parameters"] for row in facts["families"] if row["name"] == "standard"]
    [216]
    """
    found, omitted = rows(layer, choices)
    yardstick = next(row for row in found if row.entry.name == "standard")
    families = [row_facts(row, yardstick) for row in found]
    return {
        "schema": "derive/compare/1",
        "layer": layer_facts(layer),
        "exactness_needs": EXACTNESS_NEEDS,
        "families": families,
        "omitted": omitted,
    }


def layer_facts(layer: Layer) -> dict[str, Any]:
    """The layer as plain data."""
    axes = layer.axes
    return {
        "image": [int(axis.input) for axis in axes],
        "in": layer.channels_in,
        "out": layer.channels_out,
        "kernel": [int(axis.kernel) for axis in axes],
        "stride": [int(axis.stride) for axis in axes],
        "dilation": [int(axis.dilation) for axis in axes],
        "padding": [[int(axis.before), int(axis.after)] for axis in axes],
        "output": [int(axis.output) for axis in axes],
        "output_padding": [int(axis.extra) if isinstance(axis, Transposed) else 0 for axis in axes],
        "groups": layer.groups,
        "bias": layer.bias,
        "transposed": layer.transposed,
        "bytes_per_number": layer.bytes_per_number,
    }


def row_facts(row: Row, yardstick: Row) -> dict[str, Any]:
    """One row as plain data; with a bias on the layer the totals are those with bias."""
    names = ("parameters", "additions", "flops", "bytes")
    without = {name: row.number(name) for name in (*names, "flops_in_bounds")}
    with_bias = {name: row.number(f"{name}_with_bias") for name in names}
    ends = "_with_bias" if row.layer.bias else ""
    chosen = with_bias if row.layer.bias else without
    freedom, exact = dimension(row.line, row.values)
    counts = {name: row.number(name) for name in ("macs", "macs_in_bounds", "multiplications")}
    ratio = {
        name: str(Fraction(row.number(name + end), yardstick.number(name + end)))
        for name, end in (("parameters", ends), ("macs", ""), ("flops", ends))
    }
    return {
        "name": row.entry.name,
        "title": row.entry.title,
        "setting": {symbol.name: value for symbol, value in row.chosen.items()},
        "parameters": chosen["parameters"],
        **counts,
        "additions": chosen["additions"],
        "flops": chosen["flops"],
        "activations": row.number("activations"),
        "bytes": chosen["bytes"],
        "intensity": str(row.ratio_of(f"intensity{ends}")),
        "degrees_of_freedom": freedom,
        "degrees_of_freedom_exact": exact,
        "without_bias": without,
        "with_bias": with_bias,
        "ratio": ratio,
        "receptive_field": [int(row.at(f)) for f in row.fields],
        "stages": [_stage_facts(row, times, stage) for times, stage in row.stages],
        "exact_when": row.exactness.words,
        "exact_when_brief": row.exactness.brief,
        "dearer": bool(_dearer(row, yardstick)),
        "universal": row.exactness.every_kernel,
        "break_even": _break_even(row, yardstick),
        "notes": list(_notes(row, yardstick)),
    }


def _stage_facts(row: Row, times: Expr, stage: StageCount) -> dict[str, Any]:
    """One stage of one row: its factor, how often it occurs, and what it costs each time."""
    costs = {
        "parameters": stage.weights,
        "macs": stage.products,
        "macs_in_bounds": stage.products_in_bounds,
        "activations": stage.outputs,
    }
    numbers = {name: int(cost.xreplace(row.values)) for name, cost in costs.items()}
    return {"factor": str(stage.stage.factor), "times": int(times.xreplace(row.values)), **numbers}


def _notes(row: Row, yardstick: Row) -> Iterator[str]:
    """What a reader should know about a row, in words."""
    if row.entry.name == yardstick.entry.name:
        return
    if dear := _dearer(row, yardstick):
        shares = (
            NOTES["share"].format(share=f"{share:.3g}", words=words)
            for words, share in dear.items()
        )
        yield NOTES["more"].format(shares=" and ".join(shares))
    for factor, letters in row.waste:
        yield NOTES["waste"].format(factor=factor, letters=", ".join(map(str, letters)))
    if row.exactness.every_kernel:
        yield NOTES["universal"]


def _dearer(row: Row, yardstick: Row) -> dict[str, float]:
    """In what a row costs more than the standard convolution, and how many times as much."""
    shares = {
        words: row.number(name) / yardstick.number(name)
        for name, words in (("parameters", "parameters"), ("macs", "MACs"))
    }
    return {words: share for words, share in shares.items() if share > 1}


def _break_even(row: Row, yardstick: Row) -> dict[str, Any] | None:
    """The size that a family chooses, and the largest at which it has fewer MACs than standard."""
    found = break_even(row, yardstick)
    return {"size": found[0].name, "at_most": found[1]} if found else None
