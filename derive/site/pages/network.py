"""The page of a published network: its layers in numbers, totals by convention, what is saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from xml.etree.ElementTree import tostring

from derive.facts.model import CountedLayer, ModelFacts, PublishedFacts, Reported
from derive.facts.network import network_facts, published
from derive.facts.savings import Saving, savings
from derive.models.library import NetworkEntry, NETWORKS
from derive.models.model import Model
from derive.render.model_page import shares_plot
from derive.render.model_text import percent, sides, words
from derive.site.bibliography import links


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
        plot=tostring(shares_plot(facts), encoding="unicode", method="html"),
        tools=dict(total.conventions),
        savings=savings(model),
        saved=_saved(model, total.macs),
        forms=tuple(_forms(entry)),
        published=published(entry),
        sources=tuple((source, links(source)) for source in entry.sources),
        text=listed(entry),
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


def listed(entry: NetworkEntry, variant: str = "") -> str:
    """The list of layers that a form of a network is counted from, without indentation."""
    lines = entry.network.text(variant).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())
