"""The code of a layer with what it consists of: the answer of ``derive code --json``."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from derive.code.plan import Convolution, Plan, plan
from derive.code.printers import digest, PRINTERS
from derive.code.weights import fitted, Shapes, shapes
from derive.comparison import Row
from derive.facts.layer import layer_facts, LayerFacts, Sides


@dataclass(frozen=True)
class ConvolutionFacts:
    """A stage as a convolution; ``padding`` is before and after, negative where it crops.

    Of a transposed convolution it is what is cropped; negative where zeros are added.
    """

    factor: str
    times: int
    channels_in: int
    channels_out: int
    groups: int
    kernel: Sides
    stride: Sides
    dilation: Sides
    padding: tuple[Sides, ...]
    input: Sides
    output: Sides
    weights: int
    biases: int
    macs: int


@dataclass(frozen=True)
class CodeFacts:
    """A layer in a framework, in the schema derive/code/1; ``digest`` is of the code.

    ``bias`` says which stages have one, as ``biased`` of the layer does; its own ``bias`` is false.
    """

    schema: str
    framework: str
    name: str
    line: str
    setting: Mapping[str, int]
    layer: LayerFacts
    bias: str
    parameters: int
    macs: int
    convolutions: tuple[ConvolutionFacts, ...]
    code: str
    digest: str


def code_facts(
    row: Row,
    framework: str,
    weights: str | None = None,
    stored: Shapes | None = None,
) -> CodeFacts:
    """The code of a family on a layer; ``weights`` is a .npz file that holds its factors, whose
    headers are read unless their shapes are known: those ``stored``.

    Raises InputError, one line, for a stage that the framework does not have as a convolution, and
    for a file whose arrays do not fit.
    """
    made = planned(row, weights, stored)
    text = PRINTERS[framework](made, weights)
    return CodeFacts(
        schema="derive/code/1",
        framework=framework,
        name=made.name,
        line=made.line,
        setting=made.setting,
        layer=replace(layer_facts(row.layer), bias=False),
        bias=made.bias.value,
        parameters=made.parameters,
        macs=made.macs,
        convolutions=tuple(_convolutions(made)),
        code=text,
        digest=digest(text),
    )


def planned(row: Row, weights: str | None = None, stored: Shapes | None = None) -> Plan:
    """The convolutions of a family on a layer, with the arrays that a file has for them.

    Raises InputError as ``code_facts`` does.
    """
    made = plan(row)
    if weights is None:
        return made
    return fitted(made, shapes(weights) if stored is None else stored, weights)


def _convolutions(made: Plan) -> list[ConvolutionFacts]:
    return [
        _convolution(stage, branch.times) for branch in made.branches for stage in branch.stages
    ]


def _convolution(stage: Convolution, times: int) -> ConvolutionFacts:
    windows = stage.windows
    return ConvolutionFacts(
        factor=f"{stage.name}[{','.join(stage.letters)}]",
        times=times,
        channels_in=stage.channels_in,
        channels_out=stage.channels_out,
        groups=stage.groups,
        kernel=stage.kernel,
        stride=tuple(window.stride for window in windows),
        dilation=tuple(window.dilation for window in windows),
        padding=tuple((window.before, window.after) for window in windows),
        input=tuple(window.input for window in windows),
        output=tuple(window.output for window in windows),
        weights=stage.weights,
        biases=stage.biases,
        macs=stage.macs,
    )
