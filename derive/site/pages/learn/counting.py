"""The lesson on counting: one output step by step, then one layer under every convention."""

from fractions import Fraction
from typing import TypedDict

from derive import oracle
from derive.catalogue import FAMILIES
from derive.comparison import Choices, Row, rows
from derive.facts import layer_facts
from derive.facts.conventions import Convention, CONVENTIONS
from derive.notation.letters import m
from derive.parse.layer import read_layer
from derive.render.table import layer_words
from derive.site.pages.learn.course import facts_html
from derive.site.pages.learn.exercise import agreed, Exercise

SIDE, TAPS = 7, 3  # the small image: dilation 7 leaves it only the middle tap
WIDTHS = (3, 8)
SHOWN = (
    ("standard", "standard"),
    ("depthwise-separable", "depthwise separable"),
    ("asymmetric", "asymmetric"),
)


class ConventionWords(TypedDict):
    """A convention: its formula, its words, and who follows it."""

    formula: str
    words: str
    tools: list[str]


class Counted(TypedDict):
    """What each convention makes of a family, without and with a bias on every stage."""

    label: str
    plain: list[int]
    biased: list[int]


class ConventionTable(TypedDict):
    """Every convention on one layer."""

    conventions: list[ConventionWords]
    families: list[Counted]


def context() -> dict[str, object]:
    """The facts of the two figures and the numbers of the text."""
    small = [spent(dilation) for dilation in range(1, SIDE + 1)]
    table = convention_table()
    per_output = one_output()
    return {
        "facts": facts_html({"side": SIDE, "taps": TAPS, "spent": small, "output": per_output}),
        "table": facts_html(table),
        "small": small,
        "side": SIDE,
        "products": per_output["products"],
        "layer": layer_words(layer_facts(read_layer())),
        "conventions": table["conventions"],
        "standard": table["families"][0],
        "spread": spread(table),
        "total": len(set(table["families"][0]["plain"])),
        "most": len(set(table["families"][0]["biased"])),
        "weights": weights(),
        "exercises": (operations(),),
    }


def operations() -> Exercise:
    """MACs and FLOPs of a small layer: from the formulas, and counted by loops."""
    into, out, side, sizes = 4, 6, 3, (5, 6)
    layer = read_layer(f"{sizes[0]}x{sizes[1]}", into, out, kernel=str(side))
    row = Row(FAMILIES["standard"], FAMILIES["standard"].family, layer, ())
    axes = {
        tap: oracle.Axis(size, side, before=side // 2, after=side // 2)
        for tap, size in zip("uv", sizes, strict=True)
    }
    image, kernel = oracle.ones(into, *sizes), oracle.ones(out, into, side, side)
    shape = {"i": into, "o": out}
    plain, biased = (
        oracle.convolve(kernel, image, "i", "o", "uv", shape, axes, bias)
        for bias in (None, oracle.ones(out))
    )
    macs = agreed(row.number("macs"), plain.multiplications)
    flops = agreed(row.number("flops"), plain.operations)
    with_bias = agreed(row.number("flops_with_bias"), biased.operations, 2 * macs)
    return Exercise(
        f"{into} → {out} channels, {side} × {side}, {sizes[0]} × {sizes[1]} pixels, padded so that"
        " the size stays. How many MACs, and how many FLOPs without and with a bias?",
        f"{sizes[0]}·{sizes[1]}·{out}·{into}·{side}² = {macs:,} MACs, padding counted. With a bias"
        f" it is twice that, {with_bias:,} FLOPs; without one it is one less for each of the"
        f" {sizes[0] * sizes[1] * out} outputs, {flops:,}.",
    )


def spent(dilation: int) -> dict[str, int]:
    """MACs of a 3 × 3 kernel on the small image with same padding, dense and in bounds.

    >>> spent(7)
    {'dilation': 7, 'dense': 441, 'inside': 49}
    """
    layer = read_layer(f"{SIDE}x{SIDE}", 1, 1, kernel=str(TAPS), dilation=str(dilation))
    entry = FAMILIES["standard"]
    row = Row(entry, entry.family, layer, ())
    return {
        "dilation": dilation,
        "dense": row.number("macs"),
        "inside": row.number("macs_in_bounds"),
    }


def one_output() -> dict[str, int]:
    """What one output of the small layer takes: a layer of a single window, counted."""
    layer = read_layer(f"{TAPS}x{TAPS}", 1, 1, kernel=str(TAPS), padding="valid")
    entry = FAMILIES["standard"]
    row = Row(entry, entry.family, layer, ())
    return {
        "products": row.number("macs"),
        "additions": row.number("additions"),
        "additions_with_bias": row.number("additions_with_bias"),
    }


def convention_table() -> ConventionTable:
    """Every convention on the opening layer, for the families that are compared most."""
    found = rows(read_layer(), Choices(widths=WIDTHS))[0]
    chosen = [
        counted(_label(words, row), row)
        for name, words in SHOWN
        for row in found
        if row.entry.name == name
    ]
    return {
        "conventions": [
            {"formula": one.formula, "words": one.words, "tools": list(one.tools)}
            for one in CONVENTIONS
        ],
        "families": chosen,
    }


def _label(words: str, row: Row) -> str:
    width = row.chosen.get(m)
    return f"{words}, m = {width}" if width else words


def counted(label: str, row: Row) -> Counted:
    """What each convention makes of a row, without and with a bias on every stage."""
    return {
        "label": label,
        "plain": [reported(one, row, bias=False) for one in CONVENTIONS],
        "biased": [reported(one, row, bias=True) for one in CONVENTIONS],
    }


def reported(convention: Convention, row: Row, bias: bool) -> int:
    """A convention's number for a row."""
    return convention.number(
        macs=row.number("macs"),
        in_bounds=row.number("macs_in_bounds"),
        bias=(row.number("flops_with_bias") - row.number("flops")) * bias,
        outputs=row.number("activations"),
    )


def spread(table: ConventionTable) -> list[str]:
    """The least and the largest saving of the second family that a convention can be quoted for."""
    whole, cheap = table["families"][:2]
    ratios = [
        Fraction(big, small)
        for one, other in ((whole["plain"], cheap["plain"]), (whole["biased"], cheap["biased"]))
        for big, small in zip(one, other, strict=True)
    ]
    return [f"{float(ratio):.2f}" for ratio in (min(ratios), max(ratios))]


def weights() -> dict[str, int]:
    """Weights of the opening layer, without and with biases."""
    layer = read_layer()
    entry = FAMILIES["standard"]
    row = Row(entry, entry.family, layer, ())
    return {"plain": row.number("parameters"), "biased": row.number("parameters_with_bias")}
