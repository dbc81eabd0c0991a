"""The lesson on counting: one output step by step, a count that is often retold worked out, then
one layer under every convention.

Source: Wang (2018), A Basic Introduction to Separable Convolutions, Towards Data Science.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import TypedDict

from derive import oracle
from derive.algebra.counting import StageCount
from derive.algebra.exactness import Exactness
from derive.catalogue import FAMILIES
from derive.comparison import Choices, Row, rows
from derive.facts import layer_facts
from derive.facts.conventions import Convention, CONVENTIONS
from derive.notation.letters import M, m
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
        "retold": retold(),
        "retold_condition": Exactness(FAMILIES["depthwise-separable"].family, ((M, 1),)).words,
        "exercises": (operations(), retold_padded()),
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


@dataclass(frozen=True)
class Quantity:
    """A count of the layer that is retold: of the standard layer, of both stages, of the two."""

    name: str
    standard: int
    depthwise: int
    pointwise: int

    @property
    def both(self) -> int:
        """The two stages together."""
        return self.depthwise + self.pointwise

    @property
    def times(self) -> Fraction:
        """How many times less that is than the standard layer's."""
        return Fraction(self.standard, self.both)


@dataclass(frozen=True)
class Retold:
    """The layer that is retold, with its sizes, and every quantity of it, products first."""

    side: int
    into: int
    out: int
    taps: int
    pixels: int
    quantities: tuple[Quantity, ...]


def retold(padding: str = "valid") -> Retold:
    """A 5 × 5 layer from 12 × 12 × 3 to 256 channels, and its depthwise separable counterpart.

    Raises CheckError if the closed forms and the products written out differ.

    >>> [(one.name, one.standard, one.both) for one in retold().quantities[:1]]
    [('products', 1228800, 53952)]
    """
    side, into, out, taps = 12, 3, 256, 5
    layer = read_layer(f"{side}x{side}", into, out, kernel=str(taps), padding=padding)
    whole, cheap = (
        Row(FAMILIES[name], FAMILIES[name].family, layer, chosen)
        for name, chosen in (("standard", ()), ("depthwise-separable", ((M, 1),)))
    )
    (one,), (first, last) = ([stage for _, stage in row.stages] for row in (whole, cheap))

    def quantity(name: str, *fields: str) -> Quantity:
        def value(row: Row, stage: StageCount) -> int:
            return sum(int(getattr(stage, field).xreplace(row.values)) for field in fields)

        return Quantity(name, value(whole, one), value(cheap, first), value(cheap, last))

    pixels = int(layer.axes[0].output) ** 2
    products = quantity("products", "products")
    agreed(products.standard, pixels * out * into * taps**2)
    agreed(products.both, pixels * into * taps**2 + pixels * out * into)
    return Retold(
        side,
        into,
        out,
        taps,
        pixels,
        (
            products,
            quantity("additions", "additions"),
            quantity("additions for biases", "outputs"),
            quantity("weights", "weights"),
            quantity("numbers moved", "reads", "weights", "outputs"),
        ),
    )


def retold_padded() -> Exercise:
    """A layer that is often retold, padded so that its size stays: by formulas, and by a ratio."""
    valid, same = retold(), retold("same")
    before, after = valid.quantities[0], same.quantities[0]
    whole = agreed(after.standard, before.standard * same.pixels // valid.pixels)
    both = agreed(after.both, before.both * same.pixels // valid.pixels)
    return Exercise(
        f"The {valid.taps} × {valid.taps} layer above, padded so that the"
        f" {valid.side} × {valid.side} pixels stay. How many products do the two take?",
        f"{same.pixels} pixels instead of {valid.pixels}: {whole:,} and {both:,}, products with the"
        f" zeros of the padding counted. The quotient stays the same,"
        f" {float(after.times):.1f}.",
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
