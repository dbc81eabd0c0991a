"""The page of a published network: its layers in numbers, totals by convention, what is saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement, tostring

from derive.facts.model import CountedLayer, ModelFacts, PublishedFacts, Reported
from derive.facts.network import network_facts, published
from derive.facts.savings import Saving, savings
from derive.models.library import NetworkEntry, NETWORKS
from derive.models.model import Model
from derive.render.model import percent, sides, words
from derive.site.bibliography import links

SORTS = ("standard", "asymmetric", "pointwise", "depthwise", "grouped", "transposed", "linear")


@dataclass(frozen=True)
class LayerLine:
    """A layer: its counts, what it is in words, its output, its share of the MACs, its field."""

    layer: CountedLayer
    words: str
    output: str
    share: str
    field: str


@dataclass(frozen=True)
class FormLine:
    """A form of the network in short, and the words that choose it on the command line."""

    name: str
    option: str
    facts: ModelFacts


@dataclass(frozen=True)
class NetworkPage:
    """What the template shows of a network."""

    entry: NetworkEntry
    facts: ModelFacts
    image: str
    layers: tuple[LayerLine, ...]
    padding: str
    field: str
    plot: str
    tools: dict[str, Reported]
    savings: tuple[Saving, ...]
    saved: str
    forms: tuple[FormLine, ...]
    published: tuple[PublishedFacts, ...]
    sources: tuple[tuple[str, str], ...]
    text: str


def context(name: str) -> NetworkPage:
    """The page of a network, by its id."""
    entry = NETWORKS[name]
    facts, total = network_facts(entry), network_facts(entry).totals
    model = entry.model()
    return NetworkPage(
        entry=entry,
        facts=facts,
        image=sides(facts.inputs["image"][1:]),
        layers=tuple(_line(one, total.macs) for one in facts.layers),
        padding=percent(1 - Fraction(total.macs_in_bounds, total.macs)),
        field=sides(total.receptive_field or ()),
        plot=shares_plot(facts),
        tools=dict(total.conventions),
        savings=savings(model),
        saved=_saved(model, total.macs),
        forms=tuple(_forms(entry)),
        published=published(entry),
        sources=tuple((source, links(source)) for source in entry.sources),
        text=_indented(entry.network.text("")),
    )


def _line(one: CountedLayer, macs: int) -> LayerLine:
    return LayerLine(
        layer=one,
        words=words(one),
        output=sides(one.output),
        share=percent(Fraction(one.macs, macs)),
        field=sides(one.receptive_field or ()) or "?",
    )


def _saved(model: Model, macs: int) -> str:
    """How many times as many MACs the network takes with one convolution for each row of layers."""
    more = sum(one.times * (one.single_macs - one.macs) for one in savings(model))
    return f"{float(Fraction(macs + more, macs)):.3g}"


def _forms(entry: NetworkEntry) -> Iterable[FormLine]:
    for variant in ("", *entry.network.variants):
        option = f' --variant "{variant}"' if " " in variant else f" --variant {variant}"
        facts = network_facts(entry, variant)
        yield FormLine(variant or entry.network.usual, option if variant else "", facts)


def _indented(text: str) -> str:
    """The text of a network without its common indentation, which lines of a block may lack."""
    return "\n".join(line.strip() for line in text.strip().splitlines() if line.strip())


def sort_shares(facts: ModelFacts) -> list[tuple[str, Fraction, Fraction]]:
    """Shares of the MACs and of the parameters by sort of layer, in one order for all networks.

    >>> [sort for sort, _, _ in sort_shares(network_facts(NETWORKS["vgg-16"]))]
    ['standard', 'linear']
    """
    found = []
    for sort in SORTS:
        layers = [one for one in facts.layers if one.sort == sort]
        if layers:
            macs = Fraction(sum(one.macs for one in layers), facts.totals.macs)
            weights = Fraction(sum(one.parameters for one in layers), facts.totals.parameters)
            found.append((sort, macs, weights))
    return found


def shares_plot(facts: ModelFacts) -> str:
    """Bars of both shares for every sort of layer, as a table whose cells are bars."""
    table = Element("table", {"class": "shares-plot"})
    SubElement(table, "caption").text = "Share of each sort of layer"
    head = SubElement(SubElement(table, "thead"), "tr")
    for name in ("layers", "MACs", "parameters"):
        SubElement(head, "th", {"scope": "col"}).text = name
    body = SubElement(table, "tbody")
    for sort, *shares in sort_shares(facts):
        line = SubElement(body, "tr", {"class": f"sort-{sort}"})
        SubElement(line, "th", {"scope": "row"}).text = sort
        for share in shares:
            cell = SubElement(line, "td", {"style": f"--share:{float(100 * share):.2f}%"})
            SubElement(cell, "span").text = f"{percent(share)} %"
    return tostring(table, encoding="unicode", method="html")
