"""The home page: the answer, the two layers at work, their counts, and the calculator."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sympy import Symbol

from derive.catalogue import FAMILIES
from derive.comparison import Choices, rows
from derive.facts import compare, ComparisonFacts, RowFacts
from derive.facts.relation import relation_facts
from derive.notation.errors import CheckError
from derive.notation.letters import k_h, k_w, M, m, n
from derive.parse.layer import read_fields, read_layer
from derive.render.layer_words import layer_words
from derive.site import at_work
from derive.site.example_row import example
from derive.site.filters import filters
from derive.site.first_state import mark
from derive.site.pages.learn.course import facts_html
from derive.site.snippets import Snippet, snippets

PAIR = ("asymmetric", "depthwise-separable")
DESIGNS = ("standard", *PAIR)
SHOWN_CODE = ("pytorch", "keras")
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
class Design:
    """A design in the notation of the question, n × n taps, and what it costs at some widths."""

    name: str
    title: str
    line: str
    filters: tuple[str, ...]
    rows: tuple[RowFacts, ...]


@dataclass(frozen=True)
class HomePage:
    """What the template shows: the facts of one layer for its sentences, the two layers at work,
    and where the calculator stands, whose first state comes from its script.

    ``wide`` is the pair with as many middle channels as outputs; ``alone`` says what the pair
    represents with one channel throughout; ``apart`` is each of the pair at the smallest width and
    multiplier with which it represents the other; ``sizes`` are the symbols of settings by name.
    """

    image: str
    channels: tuple[int, int]
    rows: Mapping[str, RowFacts]
    wide: RowFacts
    designs: tuple[Design, ...]
    figures: Mapping[str, str]
    small: Mapping[str, int]
    calculator: str
    facts: str
    sizes: Mapping[str, Symbol]
    alone: Mapping[str, str]
    apart: Mapping[str, RowFacts]
    code: tuple[tuple[str, Snippet], ...]


def context() -> HomePage:
    """The page of the opening question."""
    layer = read_layer()
    facts = compare(layer)
    wide = compare(layer, Choices(widths=(layer.channels_out,)))
    return HomePage(
        image=layer_words(facts.layer).split(" image")[0],
        channels=(layer.channels_in, layer.channels_out),
        rows={row.name: row for row in facts.families},
        wide=wide.row("asymmetric"),
        designs=tuple(_design(name, wide) for name in DESIGNS),
        figures={name: at_work.figure(name) for name in PAIR},
        small=_small(),
        calculator=mark("calculator"),
        facts=facts_html({"known": known()}),
        sizes={"m": m, "M": M},
        alone=_one_channel(),
        apart=_apart(),
        code=tuple(_code()),
    )


def known() -> dict[str, str]:
    """Known layers to choose from in the calculator, each with its address."""
    return {name: query(fields) for name, fields in KNOWN.items()}


def query(fields: dict[str, str]) -> str:
    """The address of a setting: only what is not as usual; InputError if it is no layer.

    >>> query({"image": "56x56", "in": "64"})
    '?image=56x56&in=64'
    """
    read_fields(fields)
    return f"?{urlencode(fields)}"


def _design(name: str, wide: ComparisonFacts) -> Design:
    """A design on the layer of the question, in its words, at the usual width and a larger one."""
    entry, layer = FAMILIES[name], read_layer()
    usual = compare(layer).row(name)
    found = (usual, wide.row(name)) if m in usual.setting else (usual,)
    values = {**layer.values, k_h: n, k_w: n, M: usual.setting.get(M, 1)}
    ((_, stages),) = entry.count.stages
    return Design(
        name=name,
        title=entry.title.split(",")[0],
        line=str(entry.family),
        filters=tuple(str(filters(stage, layer.directions, values)) for stage in stages),
        rows=found,
    )


def _small() -> dict[str, int]:
    """Channels and sides of the image that both layers are shown at work on.

    Raises CheckError if they are not at work on layers of the same sizes.
    """
    layers = {row.layer for name in PAIR if (row := at_work.at_work_row(FAMILIES[name]))}
    if len(layers) != 1:
        raise CheckError("the two layers are at work on different images")
    (layer,) = layers
    return {"into": layer.channels_in, "out": layer.channels_out, "side": at_work.SIDE}


def _code() -> Iterator[tuple[str, Snippet]]:
    """The two layers in the frameworks that most readers use."""
    for framework in SHOWN_CODE:
        for name in PAIR:
            row, _ = example(FAMILIES[name])
            yield (
                name,
                next(one for one in snippets(row) if one.framework == framework),
            )


def _apart() -> dict[str, RowFacts]:
    """Each of the pair at the smallest width or multiplier with which it represents the other."""
    one, other = (FAMILIES[name] for name in PAIR)
    facts = relation_facts(one, other, read_layer())
    width, multiplier = facts.other_in_one.needs[str(m)], facts.one_in_other.needs[str(M)]
    assert width is not None
    assert multiplier is not None
    found = compare(read_layer(), Choices(widths=(width,), multipliers=(multiplier,)))
    return {name: found.row(name) for name in PAIR}


def _one_channel() -> dict[str, str]:
    """What the pair represents with one input channel, one output channel and every width 1."""
    found, _ = rows(read_layer(channels_in=1, channels_out=1))
    return {row.entry.name: row.exactness.words for row in found if row.entry.name in PAIR}
