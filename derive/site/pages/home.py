"""The home page: the answer and its reasons, around the calculator."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sympy import Symbol

from derive.catalogue import FAMILIES
from derive.comparison import Choices, rows
from derive.facts import compare, RowFacts
from derive.facts.relation import relation_facts
from derive.notation.letters import M, m
from derive.parse.layer import read_fields, read_layer
from derive.render.layer_words import layer_words
from derive.site.first_state import mark
from derive.site.pages.learn.course import facts_html

PAIR = ("asymmetric", "depthwise-separable")
# Layers that readers know, in the words of the form.
KNOWN: dict[str, dict[str, str]] = {
    "This question": {},
    "ResNet-50, 3 × 3": {"image": "56x56", "in": "64", "out": "64"},
    "MobileNet, stride 2": {"image": "112x112", "in": "64", "out": "128", "stride": "2"},
    "VGG-16, conv4": {"image": "28x28", "in": "512", "out": "512"},
    "Inception-v3, 7 × 7": {"image": "17x17", "in": "128", "out": "128", "kernel": "7"},
    "U-Net, unpadded": {"image": "572x572", "in": "1", "out": "64", "padding": "valid"},
}


@dataclass(frozen=True)
class HomePage:
    """What the template shows: the facts of one layer for its sentences, and where the calculator
    stands, whose first state comes from its script.

    ``wide`` is the pair with as many middle channels as outputs; ``alone`` says what the pair
    represents with one channel throughout; ``apart`` are the smallest width and multiplier with
    which each of the pair represents the other; ``sizes`` are the symbols of settings by name.
    """

    image: str
    rows: Mapping[str, RowFacts]
    wide: RowFacts
    calculator: str
    facts: str
    sizes: Mapping[str, Symbol]
    alone: Mapping[str, str]
    apart: tuple[int | None, ...]


def context() -> HomePage:
    """The page of the opening question."""
    layer = read_layer()
    facts = compare(layer)
    wide = compare(layer, Choices(widths=(layer.channels_out,)))
    return HomePage(
        image=layer_words(facts.layer).split(" image")[0],
        rows={row.name: row for row in facts.families},
        wide=wide.row("asymmetric"),
        calculator=mark("calculator"),
        facts=facts_html(given()),
        sizes={"m": m, "M": M},
        alone=_one_channel(),
        apart=_apart(),
    )


def given() -> dict[str, dict[str, str]]:
    """What the script of the calculator gets: known layers, each with its address."""
    return {"known": {name: query(fields) for name, fields in KNOWN.items()}}


def query(fields: dict[str, str]) -> str:
    """The address of a setting: only what is not as usual; InputError if it is no layer.

    >>> query({"image": "56x56", "in": "64"})
    '?image=56x56&in=64'
    """
    read_fields(fields)
    return f"?{urlencode(fields)}"


def _apart() -> tuple[int | None, ...]:
    """The width and the multiplier from which on each of the pair represents the other."""
    one, other = (FAMILIES[name] for name in PAIR)
    facts = relation_facts(one, other, read_layer())
    return facts.other_in_one.needs[str(m)], facts.one_in_other.needs[str(M)]


def _one_channel() -> dict[str, str]:
    """What the pair represents with one input channel, one output channel and every width 1."""
    found, _ = rows(read_layer(channels_in=1, channels_out=1))
    return {row.entry.name: row.exactness.words for row in found if row.entry.name in PAIR}
