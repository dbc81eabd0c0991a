"""The print sheet: every family on one page of A4, from the facts of its own page."""

from dataclasses import dataclass

from derive.catalogue import FAMILIES
from derive.facts.layer import layer_facts
from derive.parse.layer import read_layer
from derive.render.layer_words import layer_words
from derive.site.glance import Glance, glance


@dataclass(frozen=True)
class SheetLine:
    """A family on the sheet, and a mark at its counts where they are of another layer."""

    number: int
    glance: Glance
    mark: str


@dataclass(frozen=True)
class SheetPage:
    """What the template shows: the opening layer, every family, and the other layers by mark."""

    layer: str
    lines: tuple[SheetLine, ...]
    others: tuple[tuple[str, str], ...]


def context() -> SheetPage:
    """The print sheet.

    >>> [one.glance.parameters for one in context().lines if one.glance.name == "asymmetric"]
    [99]
    """
    opening = layer_words(layer_facts(read_layer()))
    shown = [glance(entry) for entry in FAMILIES.values()]
    layers = dict.fromkeys(one.layer for one in shown if one.layer != opening)
    marks = dict(zip(layers, "abcdefgh", strict=False))
    lines = tuple(
        SheetLine(number, one, marks.get(one.layer, "")) for number, one in enumerate(shown, 1)
    )
    return SheetPage(opening, lines, tuple((mark, words) for words, mark in marks.items()))
