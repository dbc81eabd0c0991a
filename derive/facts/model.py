"""A model in numbers: what every layer costs, what the whole costs under every convention, and what
is not counted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Annotated

from sympy import Symbol

from derive.catalogue import FAMILIES
from derive.comparison import Row
from derive.facts.conventions import Tally, Tool, TOOLS
from derive.facts.plan import SuggestionsFacts
from derive.facts.recognized import recognized, RecognizedFacts
from derive.facts.record import As, printed
from derive.facts.rewriting import RewritingFacts
from derive.models.model import Kind, Model, ModelLayer, Passed, Step, Unknown
from derive.notation.axis import Transposed
from derive.notation.layer import Layer
from derive.notation.network import Quantity

COUNT = "derive/count/1"  # the schema
Sides = tuple[int, ...]


@dataclass(frozen=True)
class CountedLayer:
    """A layer of a model in numbers, for its whole batch.

    ``input`` and ``output`` are channels and sides of one sample; sides that a linear layer has
    none of are the number of places it is applied to. ``receptive_field`` is the number of pixels
    of the model's input that one output depends on, None where it is not known. ``not_counted`` are
    the operations on the way to the next layer.
    """

    name: str
    kind: Kind
    family: str
    batch: int
    input: Sides
    output: Sides
    kernel: Sides
    stride: Sides
    dilation: Sides
    padding: tuple[tuple[int, int], ...]
    groups: int
    bias: bool
    parameters: int
    macs: int
    macs_in_bounds: int
    flops: int
    activations: int
    bytes: int
    receptive_field: Sides | None
    not_counted: tuple[str, ...]

    @property
    def sort(self) -> str:
        """What sort of layer it is, for sums by sort: as the family, or linear, transposed, or
        asymmetric if its kernel has one side of 1 and another of more."""
        if self.kind is not Kind.CONV:
            return "linear" if self.kind is Kind.LINEAR else "transposed"
        sides = set(self.kernel)
        narrow = self.groups == 1 and 1 in sides and len(sides) > 1
        return "asymmetric" if narrow else self.family


@dataclass(frozen=True)
class Reported:
    """What a tool reports for the whole model: the rule in symbols and in words."""

    number: int
    formula: str
    words: str


@dataclass(frozen=True)
class StepFacts:
    """Operations of one kind between the layers: how many, and numbers for one batch."""

    step: Step
    operations: int
    read: int
    written: int
    parameters: int


@dataclass(frozen=True)
class ModelTotals:
    """Sums over the layers; ``conventions`` is what tools report, by name.

    ``other_parameters`` are those of operations between the layers, ``unknown_parameters`` those
    that the file holds for operations that are not counted. ``backward_macs`` are those of one step
    of training after the forward pass: the gradients of the weights of every layer, and of what it
    reads unless that is an input of the model. ``largest`` is the most that one layer reads and
    writes, in bytes, and ``held`` the most that all tensors between operations take at once: each
    lives until it was last read, and normalizations and activations write over what they read. It
    is null where it is not known.
    """

    layers: int
    parameters: int
    other_parameters: int
    unknown_parameters: int
    macs: int
    macs_in_bounds: int
    backward_macs: int
    flops: int
    activations: int
    bytes: int
    largest: int
    held: int | None
    receptive_field: Sides | None
    conventions: Mapping[str, Reported]


@dataclass(frozen=True)
class PublishedFacts:
    """A figure from print, and what our count gives with as many digits; ``reason`` says why they
    differ, where they do."""

    quantity: Quantity
    printed: str
    unit: str
    source: str
    variant: str
    size: str
    count: int
    rounded: str
    agrees: bool
    reason: str


@dataclass(frozen=True)
class NetworkFacts:
    """A published network: its words, the form that is counted, its other forms, and figures from
    print for this form on this image."""

    id: str
    title: str
    summary: str
    variant: str
    variants: tuple[str, ...]
    published: tuple[PublishedFacts, ...]


@dataclass(frozen=True)
class ModelFacts:
    """A model in numbers, in the schema derive/count/1.

    ``network`` is what is known of a published network. ``between`` are the operations whose size
    is known and that no sum but those of some tools holds; ``unknown`` is what is not counted,
    whose share is not known. ``recognized`` are layers in a row that are one
    family. ``suggestions`` and ``rewriting`` are there if they are asked for.
    """

    schema: str
    model: str
    network: NetworkFacts | None
    inputs: Mapping[str, Sides]
    layers: tuple[CountedLayer, ...]
    totals: ModelTotals
    between: tuple[StepFacts, ...]
    unknown: tuple[Unknown, ...]
    recognized: tuple[RecognizedFacts, ...] = ()
    suggestions: Annotated[SuggestionsFacts | None, printed(suggestions=As.PRESENT)] = None
    rewriting: Annotated[RewritingFacts | None, printed(rewriting=As.PRESENT)] = None


def model_facts(model: Model) -> ModelFacts:
    """A model in numbers.

    >>> from derive.notation.axis import Axis
    >>> stem = Layer(3, 8, (Axis(128, 3, before=1, after=1),) * 2)
    >>> facts = model_facts(Model("small", (ModelLayer("stem", Kind.CONV, stem),)))
    >>> facts.totals.macs, facts.totals.conventions["fvcore 0.1.5"].number
    (3538944, 3538944)
    """
    layers = tuple(counted(one) for one in model.layers)
    batch = max((one.batch for one in model.layers), default=1)
    return ModelFacts(
        schema=COUNT,
        model=model.name,
        network=None,
        inputs=dict(model.inputs),
        layers=layers,
        totals=_totals(model, layers, batch),
        between=tuple(_steps(model, batch)),
        unknown=model.unknown,
        recognized=recognized(model),
    )


def counted(one: ModelLayer) -> CountedLayer:
    """A layer of a model in numbers: the formulas of its family, and its batch."""
    layer, batch = one.layer, one.batch
    row = _row(layer)
    parameters = row.number(layer.bias.of("parameters"))
    moved = (row.number(layer.bias.of("bytes")) - layer.bytes_per_number * parameters) * batch
    axes = layer.axes
    return CountedLayer(
        name=one.name,
        kind=one.kind,
        family=family_of(layer),
        batch=batch,
        input=(layer.channels_in, *(int(axis.input) for axis in axes)),
        output=(layer.channels_out, *(int(axis.output) for axis in axes)),
        kernel=tuple(int(axis.kernel) for axis in axes),
        stride=tuple(int(axis.stride) for axis in axes),
        dilation=tuple(int(axis.dilation) for axis in axes),
        padding=tuple((int(axis.before), int(axis.after)) for axis in axes),
        groups=layer.groups,
        bias=bool(layer.bias),
        parameters=parameters,
        macs=row.number("macs") * batch,
        macs_in_bounds=row.number("macs_in_bounds") * batch,
        flops=row.number(layer.bias.of("flops")) * batch,
        activations=row.number("activations") * batch,
        bytes=moved + layer.bytes_per_number * parameters,
        receptive_field=one.receptive_field or None,
        not_counted=one.between,
    )


def family_of(layer: Layer) -> str:
    """The family that a single layer is of: standard, pointwise, grouped or depthwise.

    >>> from derive.notation.axis import Axis
    >>> family_of(Layer(8, 8, (Axis(14, 3, before=1, after=1),), groups=8))
    'depthwise'
    """
    if layer.groups > 1:
        return "depthwise" if layer.groups == layer.channels_in else "grouped"
    return "pointwise" if all(int(axis.kernel) == 1 for axis in layer.axes) else "standard"


@cache
def _row(layer: Layer) -> Row:
    """The counts of a layer as it is: of the standard convolution, or of the grouped one."""
    entry = FAMILIES["grouped" if layer.groups > 1 else "standard"]
    line = entry.family.on(layer.taps)
    assert line is not None
    setting: tuple[tuple[Symbol, int], ...] = ()
    return Row(entry, line, layer, setting)


def _totals(model: Model, layers: tuple[CountedLayer, ...], batch: int) -> ModelTotals:
    found = tally(model)

    def total(name: str) -> int:
        return sum(getattr(one, name) for one in layers)

    return ModelTotals(
        layers=len(layers),
        parameters=total("parameters"),
        other_parameters=sum(one.parameters for one in model.passed),
        unknown_parameters=sum(one.weights or 0 for one in model.unknown),
        macs=total("macs"),
        macs_in_bounds=total("macs_in_bounds"),
        backward_macs=_backward(model, layers),
        flops=total("flops"),
        activations=total("activations"),
        bytes=total("bytes"),
        largest=max((_held(one) for one in model.layers), default=0),
        held=_at_once(model),
        receptive_field=_field(layers),
        conventions={tool.name: _reported(tool, found) for tool in TOOLS},
    )


def _backward(model: Model, layers: tuple[CountedLayer, ...]) -> int:
    """MACs of the gradients: each takes the products of the layer once more, and the first layers
    need none for the image."""
    given = {name for name, _ in model.inputs}
    pairs = zip(model.layers, layers, strict=True)
    return sum(one.macs * (1 if layer.input in given else 2) for layer, one in pairs)


def _at_once(model: Model) -> int | None:
    """Bytes of what is held at once; None unless all layers are of numbers of one width."""
    widths = {one.layer.bytes_per_number for one in model.layers}
    return None if model.held is None or len(widths) != 1 else model.held * widths.pop()


def _held(one: ModelLayer) -> int:
    """Bytes of what a layer reads and writes, without its weights."""
    row, layer = _row(one.layer), one.layer
    return one.batch * (row.number("bytes") - layer.bytes_per_number * row.number("parameters"))


def _field(layers: tuple[CountedLayer, ...]) -> Sides | None:
    """The largest receptive field along every axis; None if one is not known."""
    known = [one.receptive_field for one in layers]
    sizes = {len(one) for one in known if one is not None}
    if None in known or len(sizes) != 1:
        return None
    return tuple(max(sides) for sides in zip(*(one for one in known if one), strict=True))


def _reported(tool: Tool, found: Tally) -> Reported:
    return Reported(tool.number(found), tool.formula, tool.words)


def tally(model: Model) -> Tally:
    """What the tools count in a model."""
    rows = [(one, _row(one.layer)) for one in model.layers]
    batch = max((one.batch for one in model.layers), default=1)

    def layers(name: str) -> int:
        return sum(one.batch * row.number(name) for one, row in rows)

    def biases(linear: bool) -> int:
        return sum(
            one.batch * row.number("activations")
            for one, row in rows
            if one.layer.bias and (one.kind is Kind.LINEAR) == linear
        )

    def passed(name: str, *steps: Step) -> int:
        chosen = (one for one in model.passed if one.step in steps)
        return batch * sum(int(getattr(one, name)) for one in chosen)

    return Tally(
        macs=layers("macs"),
        in_bounds=layers("macs_in_bounds"),
        by_outputs=sum(one.batch * _by_outputs(one.layer, row) for one, row in rows),
        bias=biases(linear=False),
        linear_bias=biases(linear=True),
        outputs=layers("activations"),
        normalized=passed("read", Step.NORMALIZATION),
        normalizing=sum(one.parameters for one in model.passed if one.step is Step.NORMALIZATION),
        activated=passed("read", Step.ACTIVATION),
        averaged=passed("read", Step.AVERAGE),
        averages=passed("written", Step.AVERAGE),
        maximized=passed("read", Step.MAXIMUM),
    )


def _by_outputs(layer: Layer, row: Row) -> int:
    """MACs with the output pixels of a transposed convolution where its input pixels should be."""
    scattered = [axis for axis in layer.axes if isinstance(axis, Transposed)]
    read, written = (
        prod(int(getattr(axis, side)) for axis in scattered) for side in ("input", "output")
    )
    return row.number("macs") // read * written


def _steps(model: Model, batch: int) -> Iterator[StepFacts]:
    for step in Step:
        found: list[Passed] = [one for one in model.passed if one.step is step]
        if found:
            yield StepFacts(
                step,
                len(found),
                batch * sum(one.read for one in found),
                batch * sum(one.written for one in found),
                sum(one.parameters for one in found),
            )
