"""A concrete layer: channels, axes in numbers, groups, and how wide a number is."""

from dataclasses import dataclass
from functools import cached_property

from sympy import Symbol

from derive.notation.axis import Axis, Transposed
from derive.notation.bias import Bias
from derive.notation.errors import InputError, require
from derive.notation.letters import (
    C_a,
    C_b,
    C_in,
    C_out,
    DEPTH,
    Direction,
    G,
    HEIGHT,
    nu,
    WIDTH,
)

NAMES = {DEPTH: "depth", HEIGHT: "height", WIDTH: "width"}
MESSAGES = {  # what is said of fields that do not fit together
    "groups": "groups {groups} must divide the {channels} {side} channels",
    "window": "kernel {kernel} with dilation {dilation} spans {span} pixels, more than the padded"
    " {side} of {padded}: no window fits",
    "cropped": "padding {before}:{after} crops the whole {side}: nothing is left",
}


@dataclass(frozen=True)
class Layer:
    """An image with its channels and the windows that slide over it, one to three axes.

    ``bias`` says which stages have one. Raises InputError if the groups do not divide the channels
    or no window fits.

    >>> Layer(3, 8, (Axis(128, 3, before=1, after=1),) * 2).values[C_out]
    8
    """

    channels_in: int
    channels_out: int
    axes: tuple[Axis | Transposed, ...]
    groups: int = 1
    bias: Bias = Bias.NONE
    bytes_per_number: int = 4

    def __post_init__(self) -> None:
        for name in ("channels_in", "channels_out", "groups", "bytes_per_number"):
            value = getattr(self, name)
            if not isinstance(value, int) or value < 1:
                what = name.replace("_", " ")
                raise InputError(f"{what} must be an integer of at least 1, not {value!r}")
        require(self.bias, Bias, "bias must be Bias.NONE, Bias.LAST or Bias.ALL")
        if not 1 <= len(self.axes) <= 3:
            raise InputError(f"a layer has one to three axes, not {len(self.axes)}")
        for side, channels in (("input", self.channels_in), ("output", self.channels_out)):
            if channels % self.groups:
                given = {"groups": self.groups, "channels": channels, "side": side}
                raise InputError(MESSAGES["groups"].format(**given))
        for direction, axis in zip(self.directions, self.axes, strict=True):
            if int(axis.output) < 1:
                raise InputError(_too_large(NAMES[direction], axis))

    @property
    def directions(self) -> tuple[Direction, ...]:
        """The directions of the axes: width alone, height and width, or depth before them."""
        return (DEPTH, HEIGHT, WIDTH)[3 - len(self.axes) :]

    @property
    def transposed(self) -> bool:
        """Whether the axes scatter instead of gather."""
        return isinstance(self.axes[0], Transposed)

    @property
    def taps(self) -> tuple[Symbol, ...]:
        """The tap letters of the axes."""
        return tuple(direction.tap for direction in self.directions)

    @cached_property
    def values(self) -> dict[Symbol, int]:
        """What every symbol of the layer is; widths and ranks are the family's to choose."""
        values = {C_in: self.channels_in, C_out: self.channels_out, nu: self.bytes_per_number}
        values |= {
            G: self.groups,
            C_a: self.channels_in // self.groups,
            C_b: self.channels_out // self.groups,
        }
        for direction, axis in zip(self.directions, self.axes, strict=True):
            values |= along(direction, axis)
        return values


def along(direction: Direction, axis: Axis | Transposed) -> dict[Symbol, int]:
    """What the symbols of a direction are for an axis in numbers."""
    numbers = {
        direction.input: axis.input,
        direction.output: axis.output,
        direction.kernel: axis.kernel,
        direction.stride: axis.stride,
        direction.dilation: axis.dilation,
        direction.before: axis.before,
        direction.after: axis.after,
        direction.pairs: axis.pairs,
        direction.reached: axis.reached,
        direction.centre: axis.centre,
        direction.written: axis.written,
    }
    return {symbol: int(number) for symbol, number in numbers.items()}


def _too_large(name: str, axis: Axis | Transposed) -> str:
    if isinstance(axis, Transposed):
        given = {"before": axis.before, "after": axis.after}
        return MESSAGES["cropped"].format(side=name, **given)
    given = {"kernel": axis.kernel, "dilation": axis.dilation, "span": axis.span}
    padded = axis.size + axis.before + axis.after
    return MESSAGES["window"].format(side=name, padded=padded, **given)
