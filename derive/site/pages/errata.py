"""Errata: what has been printed about factorized convolutions, against what the formulas give."""

from typing import Any

from sympy import Expr, floor, Integer

from derive.algebra.counting import Count
from derive.catalogue import FAMILIES
from derive.facts import layer_facts
from derive.notation.letters import C_in, C_out, k_h, k_t, k_w, m
from derive.read.layer import read_layer
from derive.rows import Choices, Row, rows
from derive.write.table import layer_words


def context() -> dict[str, Any]:
    """What the template shows."""
    layer = read_layer()
    found = rows(layer, Choices(widths=(layer.channels_out,)))[0]
    at = {row.entry.name: row for row in found}
    standard, pair = at["standard"], at["asymmetric"]
    return {
        "layer": layer_words(layer_facts(layer)),
        "stem": midplanes(3, 64, side=7),
        "midplanes": [
            (c_in, c_out, midplanes(c_in, c_out), midplanes(c_out, c_out))
            for c_in, c_out in ((64, 128), (128, 256), (256, 512))
        ],
        "macs": standard.number("macs"),
        "flops": standard.number("flops"),
        "flops_with_bias": standard.number("flops_with_bias"),
        "doubled": standard.number("flops_with_bias") == 2 * standard.number("macs"),
        "pair": _dearer(pair, standard),
        "width": layer.channels_out,
    }


def midplanes(c_in: int, c_out: int, side: int = 3, depth: int = 3) -> int:
    """The most middle channels of a (2+1)D pair with no more parameters than the full kernel.

    >>> midplanes(64, 64)
    144
    """
    sizes = {C_in: c_in, C_out: c_out, k_h: side, k_w: side, k_t: depth}
    per_channel = FAMILIES["r2plus1d"].parameters.coeff(m)
    full = _standard_in_space_and_time()
    return int(floor((full / per_channel).xreplace({x: Integer(n) for x, n in sizes.items()})))


def _standard_in_space_and_time() -> Expr:
    """The weights of a full kernel with depth, height and width."""
    line = FAMILIES["standard"].family.on(FAMILIES["r2plus1d"].family.axes)
    assert line is not None
    return Count(line, FAMILIES["r2plus1d"].directions).parameters.expr


def _dearer(row: Row, standard: Row) -> dict[str, Any]:
    ours, theirs = row.number("parameters"), standard.number("parameters")
    return {"parameters": ours, "standard": theirs, "percent": round(100 * (ours / theirs - 1))}
