"""A model in numbers as a part of a page: the same HTML when the site is built and in the page.

Every text goes through an element, so what a reader has typed is shown and never becomes markup.
"""

from collections.abc import Iterable
from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement, tostring

from derive.facts.model import CountedLayer, ModelFacts
from derive.facts.shares import sort_shares
from derive.render.amount import memory, number
from derive.render.model_text import between, percent, remarks, sides, title, words

COLUMNS = (
    *("layer", "is", "output", "parameters", "MACs", "% of MACs", "in-bounds", "FLOPs"),
    *("bytes moved", "field"),
)
TOOLS = ("tool", "reports", "rule", "that is")
MOST = 500  # layers that a page shows


def model_page(facts: ModelFacts) -> str:
    """Sums, shares by sort of layer, every layer, and what the tools report.

    >>> from derive.facts.count import count_facts
    >>> model_page(count_facts("vgg-16"))[:52]
    '<h2>VGG-16, standard; image 1×3×224×224; 16 layers</'
    """
    parts = (
        _text("h2", title(facts)),
        _sums(facts),
        *(_text("p", f"{line[0].upper()}{line[1:]}.") for line in remarks(facts)),
        _text("h3", "Where the cost is"),
        shares_plot(facts),
        _text("h3", "Layer by layer"),
        _scrolling("Layers", _layers(facts)),
        *(_text("p", f"{line}.") for line in between(facts)),
        _text("h3", "What the tools report"),
        _scrolling("Tools", _tools(facts)),
    )
    return "".join(tostring(part, encoding="unicode", method="html") for part in parts)


def _text(tag: str, words: str) -> Element:
    found = Element(tag)
    found.text = words
    return found


def _sums(facts: ModelFacts) -> Element:
    """The two numbers that everybody asks for."""
    total, found = facts.totals, Element("p", {"class": "cl-sums"})
    every = total.parameters + total.other_parameters
    for count, name in ((total.macs, " MACs and "), (every, " parameters in all.")):
        strong = SubElement(found, "strong")
        strong.text, strong.tail = f"{count:,}", name
    return found


def shares_plot(facts: ModelFacts) -> Element:
    """Bars of both shares for every sort of layer, as a table whose cells are bars."""
    table = Element("table", {"class": "shares-plot"})
    SubElement(table, "caption").text = "Share of each sort of layer"
    body = _head(table, ("layers", "MACs", "parameters"))
    for sort, *shares in sort_shares(facts):
        line = SubElement(body, "tr", {"class": f"sort-{sort}"})
        SubElement(line, "th", {"scope": "row"}).text = sort
        for share in shares:
            cell = SubElement(line, "td", {"style": f"--share:{float(100 * share):.2f}%"})
            SubElement(cell, "span").text = f"{percent(share)} %"
    return table


def _layers(facts: ModelFacts) -> Element:
    """Every layer up to MOST, and the sums of all."""
    table, total = Element("table", {"class": "lab-table cl-layers"}), facts.totals
    if len(facts.layers) > MOST:
        said = f"The first {MOST} of {len(facts.layers):,} layers; the CSV file has all of them."
        SubElement(table, "caption").text = said
    body = _head(table, COLUMNS)
    for one in facts.layers[:MOST]:
        _row(body, (one.name, words(one), sides(one.output), *_counts(one, total.macs)))
    sums = (
        *(number(total.parameters), number(total.macs), ""),
        *(number(total.macs_in_bounds), number(total.flops), memory(total.bytes)),
        sides(total.receptive_field or ()) or "?",
    )
    _row(SubElement(table, "tfoot"), ("sum", "", "", *sums))
    return table


def _counts(one: CountedLayer, macs: int) -> Iterable[str]:
    return (
        *(number(one.parameters), number(one.macs), percent(Fraction(one.macs, macs))),
        *(number(one.macs_in_bounds), number(one.flops), memory(one.bytes)),
        sides(one.receptive_field or ()) or "?",
    )


def _tools(facts: ModelFacts) -> Element:
    table = Element("table", {"class": "lab-table cl-tools"})
    body = _head(table, TOOLS)
    for name, one in facts.totals.conventions.items():
        _row(body, (name, number(one.number), one.formula, one.words))
    return table


def _head(table: Element, names: Iterable[str]) -> Element:
    """The first row of a table; the body below it."""
    head = SubElement(SubElement(table, "thead"), "tr")
    for name in names:
        SubElement(head, "th", {"scope": "col"}).text = name
    return SubElement(table, "tbody")


def _row(body: Element, cells: Iterable[str]) -> None:
    first, *rest = cells
    line = SubElement(body, "tr")
    SubElement(line, "th", {"scope": "row"}).text = first
    for cell in rest:
        SubElement(line, "td").text = cell


def _scrolling(name: str, table: Element) -> Element:
    """A table that scrolls by itself where it is wider than the page."""
    frame = Element("div", {"class": "lab-scroll", "role": "region", "tabindex": "0"})
    frame.set("aria-label", name)
    frame.append(table)
    return frame
