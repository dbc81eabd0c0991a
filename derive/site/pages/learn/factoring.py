"""The lesson on the distributive law: every way to assign the kernel's letters to two factors.

Each input and output channel letter goes into the first factor, the second or both, each tap into
one of them, and a bond may join the two. Every assignment is a line like those of the book's
families, and everything said about it is derived from that line.
"""

from collections.abc import Iterator
from itertools import product
from typing import TypedDict

from sympy import Indexed, IndexedBase, Symbol

from derive import oracle
from derive.catalogue import FAMILIES, own
from derive.comparison import Row
from derive.facts import layer_facts
from derive.notation.family import Family
from derive.notation.layer import Layer
from derive.notation.letters import i, j, m, o, SIZE, u, v
from derive.parse.layer import read_layer
from derive.render.table import layer_words
from derive.site.heat import heat
from derive.site.pages.learn.course import facts_html
from derive.site.pages.learn.exercise import agreed, Exercise, sum_words

SOBEL = ((1, 2, 1), (1, 0, -1))  # a column and a row
WINDOW = ((3, 1, 0), (2, 4, 1), (0, 1, 2))
FIRST, SECOND, BOTH = "first", "second", "both"
HEIGHTS, WIDTHS = (2, 3, 1, 2, 1), (4, 2, 1, 3, 2)  # the sides of the multiplication table
CHANNELS, TAPS = (FIRST, SECOND, BOTH), (FIRST, SECOND)
PLAIN = ("standard", "asymmetric", "depthwise-separable", "blueprint-separable")


class AssignedStage(TypedDict):
    """A stage of an assignment: its factor, what it sums, and its products per pixel."""

    factor: str
    sums: list[str]
    products: int


class FamilyName(TypedDict):
    """A family of the book."""

    name: str
    title: str


class Assignment(TypedDict):
    """What is derived from an assignment of the letters to two factors."""

    factors: list[str]
    stages: list[AssignedStage]
    weights: int
    products: int
    exact: str
    again: list[list[str | list[str]]]
    family: FamilyName | None
    bond: int


def context() -> dict[str, object]:
    """The facts of the figures and a table of the assignments that have a name."""
    layer = read_layer()
    found = dict(assignments(layer))
    named: dict[str, Assignment] = {}
    for assignment in sorted(found.values(), key=lambda assignment: assignment["bond"]):
        if family := assignment["family"]:
            named.setdefault(family["name"], assignment)
    return {
        "facts": facts_html({"assignments": found, "width": layer.channels_in}),
        "law": facts_html({"heights": HEIGHTS, "widths": WIDTHS}),
        "layer": layer_words(layer_facts(layer)),
        "named": [named[name] for name in PLAIN if name in named],
        "width": layer.channels_in,
        "number": len(found),
        "cheaper": sum(
            assignment["products"] < found[standard()]["products"] for assignment in found.values()
        ),
        "full": found[standard()]["products"],
        "clicks": clicks(found),
        "by_hand": by_hand(),
        "exercises": (passes(),),
    }


def by_hand() -> dict[str, object]:
    """Sobel's filter on one window, all at once and one letter after the other.

    Raises CheckError if the two differ.
    """
    column, row = SOBEL
    rows = [
        (number, sum(b * x for b, x in zip(row, line, strict=True)))
        for number, line in zip(column, WINDOW, strict=True)
    ]
    whole = [
        (a * b, x)
        for a, line in zip(column, WINDOW, strict=True)
        for b, x in zip(row, line, strict=True)
    ]
    return {
        "column": column,
        "row": row,
        "window": heat("Window", WINDOW),
        "whole": sum_words(whole),
        "rows": [sum_words(list(zip(row, line, strict=True))) for line in WINDOW],
        "sums": [value for _, value in rows],
        "nested": sum_words(rows),
        "value": agreed(sum(a * b for a, b in whole), sum(a * b for a, b in rows)),
        "products": [len(whole), len(row) * len(column) + len(column)],
    }


def passes() -> Exercise:
    """Products per pixel of a filter in one pass and in two: from the line, and by loops."""
    side = 5
    layer = read_layer(image="7x8", channels_in=1, channels_out=1, kernel=str(side))
    pixels = int(layer.axes[0].output * layer.axes[1].output)
    one, two = (
        Row(FAMILIES[name], FAMILIES[name].family, layer, setting).number("macs") // pixels
        for name, setting in (("standard", ()), ("asymmetric", ((m, 1),)))
    )
    ones = oracle.ones(1, 1, side)
    axes = {tap: oracle.Axis(n, side, before=2, after=2) for tap, n in (("u", 7), ("v", 8))}
    sizes = {"i": 1, "o": 1, "j": 1}
    run = oracle.pipeline(
        [("jiu", ones), ("ojv", ones)], oracle.ones(1, 7, 8), "i", "o", sizes, axes
    )
    agreed(two, run.multiplications // pixels)
    return Exercise(
        f"A {side} × {side} filter of one channel is a column times a row. How many products does"
        " an output pixel take in one pass, and how many in two?",
        f"{one} in one pass and {two} in two: {side} down the column and {side} along the row."
        " What a column filter makes is used by every window that reads it.",
    )


def clicks(found: dict[str, Assignment]) -> int:
    """How many letters have to move, the bond among them, from the one design to the other."""
    one, other = (
        next(name for name, assignment in found.items() if _is(assignment, family))
        for family in ("asymmetric", "depthwise-separable")
    )
    return sum(a != b for a, b in zip(one.split(), other.split(), strict=True))


def _is(assignment: Assignment, family: str) -> bool:
    return assignment["family"] is not None and assignment["family"]["name"] == family


def standard() -> str:
    """The key of the assignment that leaves the kernel whole."""
    return key(FIRST, FIRST, FIRST, FIRST, 0)


def key(into: str, out: str, vertical: str, horizontal: str, bond: int) -> str:
    """The name of an assignment: where i, o, u and v go, and whether there is a bond."""
    return " ".join((into, out, vertical, horizontal, "bond" if bond else "none"))


def assignments(layer: Layer) -> Iterator[tuple[str, Assignment]]:
    """Every assignment by its key, with what is derived from it."""
    for into, out, vertical, horizontal, bond in product(CHANNELS, CHANNELS, TAPS, TAPS, (0, 1)):
        factors = _factors(into, out, vertical, horizontal, bond)
        name = key(into, out, vertical, horizontal, bond)
        yield name, described(factors, layer, bond)


def _factors(into: str, out: str, vertical: str, horizontal: str, bond: int) -> list[Indexed]:
    """The factors; one without a letter of the kernel is left out, and then so is the bond."""
    homes = {o: out, j: BOTH if bond else "", i: into, u: vertical, v: horizontal}
    hands = [[x for x in homes if homes[x] in (side, BOTH)] for side in (FIRST, SECOND)]
    if not all(set(hand) - {j} for hand in hands):
        hands = [[x for x in hand if x != j] for hand in hands]
    return [IndexedBase(name)[tuple(hand)] for name, hand in zip("AB", hands, strict=True) if hand]


def described(factors: list[Indexed], layer: Layer, bond: int) -> Assignment:
    """A line on a layer: its stages, weights, products per pixel, when it is exact, its name."""
    entry = own(*factors)
    row = Row(entry, entry.family, layer, ((m, layer.channels_in),))
    pixels = int(layer.axes[0].output * layer.axes[1].output)
    return {
        "factors": list(map(_text, factors)),
        "stages": [
            {
                "factor": _text(stage.stage.factor),
                "sums": [x.name for x, _, _ in stage.stage.limits],
                "products": int(stage.products.xreplace(row.values)) // pixels,
            }
            for _, stage in row.stages
        ],
        "weights": row.number("parameters"),
        "products": row.number("macs") // pixels,
        "exact": row.exactness.brief,
        "again": [[_text(factor), [x.name for x in letters]] for factor, letters in row.waste],
        "family": _named(factors),
        "bond": bond,
    }


def _named(factors: list[Indexed]) -> FamilyName | None:
    """The family of the book with the same line, whatever its letters for bonds are called."""
    sought = [_shape(factor, {j}) for factor in factors]
    for name, entry in FAMILIES.items():
        line = entry.family
        if isinstance(line, Family) and set(line.kernel) == {o, i, u, v}:
            bonds = set(line.summed)
            bare = [f for f in line.factors if set(f.indices) - bonds]
            thin = [x for x in bonds if SIZE.get(x) and x.name == "l"]
            for left_out in ([], thin):
                shapes = [_shape(f, bonds, left_out) for f in bare]
                if shapes == sought:
                    return {"name": name, "title": entry.title}
    return None


def _shape(factor: Indexed, bonds: set[Symbol], left_out: list[Symbol] | None = None) -> set[str]:
    letters = set(factor.indices) - set(left_out or [])
    return {"bond" if x in bonds else x.name for x in letters}


def _text(factor: Indexed) -> str:
    return f"{factor.base}[{','.join(x.name for x in factor.indices)}]"
