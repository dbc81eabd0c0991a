"""A layer in numbers."""

from dataclasses import dataclass
from typing import Annotated

from derive.facts.record import As, printed
from derive.notation.axis import Transposed
from derive.notation.bias import Bias
from derive.notation.layer import Layer

Sides = tuple[int, ...]


@dataclass(frozen=True)
class LayerFacts:
    """A layer: sides in pixels, one for each axis; ``padding`` is before and after. ``bias`` is
    whether there is one, ``biased`` which stages have one."""

    image: Sides
    channels_in: Annotated[int, printed(**{"in": As.PLAIN})]
    channels_out: Annotated[int, printed(out=As.PLAIN)]
    kernel: Sides
    stride: Sides
    dilation: Sides
    padding: tuple[tuple[int, int], ...]
    output: Sides
    output_padding: Sides
    groups: int
    bias: bool
    biased: Bias
    transposed: bool
    bytes_per_number: int


def layer_facts(layer: Layer) -> LayerFacts:
    """The layer in numbers.

    >>> from derive.parse.layer import read_layer
    >>> layer_facts(read_layer(stride="2")).output
    (64, 64)
    """
    axes = layer.axes
    return LayerFacts(
        image=tuple(int(axis.input) for axis in axes),
        channels_in=layer.channels_in,
        channels_out=layer.channels_out,
        kernel=tuple(int(axis.kernel) for axis in axes),
        stride=tuple(int(axis.stride) for axis in axes),
        dilation=tuple(int(axis.dilation) for axis in axes),
        padding=tuple((int(axis.before), int(axis.after)) for axis in axes),
        output=tuple(int(axis.output) for axis in axes),
        output_padding=tuple(
            int(axis.extra) if isinstance(axis, Transposed) else 0 for axis in axes
        ),
        groups=layer.groups,
        bias=bool(layer.bias),
        biased=layer.bias,
        transposed=layer.transposed,
        bytes_per_number=layer.bytes_per_number,
    )
