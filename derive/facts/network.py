"""A published network in numbers, its counts held against the figures in print."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

from derive.facts.model import model_facts, ModelFacts, NetworkFacts, PublishedFacts
from derive.models.library import NetworkEntry
from derive.models.model import Kind, Model, Step
from derive.models.network import image_sizes
from derive.notation.network import Figure, Quantity
from derive.parse.network import read_network


def network_facts(entry: NetworkEntry, variant: str = "", size: str = "") -> ModelFacts:
    """A form of a network on an image; InputError, in one line, if there is no such form or the
    image does not fit.

    >>> from derive.models.library import NETWORKS
    >>> facts = network_facts(NETWORKS["mobilenet-v1"])
    >>> facts.totals.macs, facts.network.published[1].agrees
    (568740352, True)
    """
    counted = _counted(entry.model(variant, size))
    written = read_network(entry.network.text(variant)).image
    here = tuple(
        _held(figure, counted)
        for figure in entry.network.published
        if figure.variant == variant
        and image_sizes(written, figure.size) == counted.inputs["image"]
    )
    network = NetworkFacts(
        id=entry.name,
        title=entry.title,
        summary=entry.summary,
        variant=variant or entry.network.usual,
        variants=(entry.network.usual, *entry.network.variants),
        published=here,
    )
    return replace(counted, network=network)


def published(entry: NetworkEntry) -> tuple[PublishedFacts, ...]:
    """Every figure in print about a network, held against our count.

    >>> from derive.models.library import NETWORKS
    >>> all(one.agrees or one.reason for one in published(NETWORKS["vgg-16"]))
    True
    """
    forms = dict.fromkeys((one.variant, one.size) for one in entry.network.published)
    counted = {form: _counted(entry.model(*form)) for form in forms}
    return tuple(_held(one, counted[one.variant, one.size]) for one in entry.network.published)


@cache
def _counted(model: Model) -> ModelFacts:
    """The counts of a network, once for all pages that show it."""
    return model_facts(model)


def _held(figure: Figure, facts: ModelFacts) -> PublishedFacts:
    count = COUNTED[figure.quantity](facts)
    return PublishedFacts(
        quantity=figure.quantity,
        printed=figure.printed,
        unit=figure.unit,
        source=figure.source,
        variant=figure.variant,
        size=figure.size,
        count=count,
        rounded=figure.rounded(count),
        agrees=figure.agrees(count),
        reason=figure.why(count),
    )


def _convolutions(name: str) -> Callable[[ModelFacts], int]:
    return lambda facts: sum(
        getattr(one, name) for one in facts.layers if one.kind is not Kind.LINEAR
    )


def _base(name: str) -> Callable[[ModelFacts], int]:
    return lambda facts: sum(getattr(one, name) for one in facts.layers[:-1])


def _numbers(facts: ModelFacts, step: Step) -> int:
    """Numbers that operations of one kind between the layers read."""
    return sum(one.read for one in facts.between if one.step is step)


def _thop(facts: ModelFacts) -> int:
    linear = sum(one.macs for one in facts.layers if one.kind is Kind.LINEAR)
    return facts.totals.macs + linear + 2 * _numbers(facts, Step.NORMALIZATION)


def _ptflops(facts: ModelFacts) -> int:
    numbers = 2 * _numbers(facts, Step.NORMALIZATION) + _numbers(facts, Step.ACTIVATION)
    return facts.totals.macs + numbers


COUNTED: Mapping[Quantity, Callable[[ModelFacts], int]] = {
    Quantity.MACS: lambda facts: facts.totals.macs,
    Quantity.CONV_MACS: _convolutions("macs"),
    Quantity.BASE_MACS: _base("macs"),
    Quantity.THOP_2020: _thop,
    Quantity.PTFLOPS_2020: _ptflops,
    Quantity.PARAMETERS: lambda facts: facts.totals.parameters + facts.totals.other_parameters,
    Quantity.UNSCALED: lambda facts: facts.totals.parameters + facts.totals.other_parameters // 2,
    Quantity.WEIGHTS: lambda facts: facts.totals.parameters,
    Quantity.CONV_WEIGHTS: _convolutions("parameters"),
    Quantity.BASE_WEIGHTS: _base("parameters"),
}
