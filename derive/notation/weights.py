"""Weights as frameworks store them: which letters run along each axis of an array.

A grouped layer stores one block for each group, and its kernel K[o, i, taps] has zeros between the
blocks. The letters are g for the group, a and b for the input and output channels of one group;
where two run along one axis, the last one is the faster.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

from sympy import Symbol

from derive.notation.letters import a, b, DIRECTIONS, g

LAYOUTS = ("pytorch", "keras", "keras-depthwise", "dense")
Axes = tuple[tuple[Symbol, ...], ...]


@dataclass(frozen=True)
class Stored:
    """An array of weights in a layout of LAYOUTS, with the number of groups that it holds.

    ``dense`` is K[o, i, taps] in full, whatever the groups of the layer.

    >>> Stored("pytorch", (16, 4, 3, 3), groups=4).channels
    (16, 16)
    >>> Stored("keras-depthwise", (3, 3, 8, 2), groups=8).channels
    (8, 16)
    """

    layout: str
    shape: tuple[int, ...]
    groups: int = 1
    transposed: bool = False

    @property
    def taps(self) -> tuple[Symbol, ...]:
        """The tap letters, one for each axis that is none of channels."""
        return tuple(DIRECTIONS)[-(len(self.shape) - 2) :]

    @property
    def axes(self) -> Axes:
        """The letters along each axis."""
        taps = tuple((tap,) for tap in self.taps)
        inputs, outputs = ((g, a), (b,)) if self.transposed else ((a,), (g, b))
        if self.layout == "keras-depthwise":
            return (*taps, (g,), (b,))
        if self.layout == "keras":
            return (*taps, outputs, inputs) if self.transposed else (*taps, inputs, outputs)
        if self.layout == "pytorch":
            return (inputs, outputs, *taps) if self.transposed else (outputs, inputs, *taps)
        return ((b,), (a,), *taps)

    @property
    def sizes(self) -> dict[Symbol, int]:
        """How far each letter runs."""
        sizes = {a: 1, b: 1, g: self.groups}
        for letters, extent in zip(self.axes, self.shape, strict=True):
            sizes[letters[-1]] = extent // self.groups if len(letters) > 1 else extent
        return sizes

    @property
    def channels(self) -> tuple[int, int]:
        """The input and the output channels of the layer."""
        sizes = self.sizes
        return sizes[g] * sizes[a], sizes[g] * sizes[b]

    @property
    def extents(self) -> tuple[int, ...]:
        """The extents of its kernel K[o, i, taps]."""
        inputs, outputs = self.channels
        return (outputs, inputs, *(self.sizes[tap] for tap in self.taps))

    @property
    def complaint(self) -> str:
        """Why the groups do not fit the array; empty if they do."""
        for letters, extent in zip(self.axes, self.shape, strict=True):
            side = "input" if letters[-1] == a else "output"
            if len(letters) > 1 and extent % self.groups:
                return f"groups {self.groups} must divide the {extent} {side} channels"
            if letters == (g,) and extent != self.groups:
                return f"the array has {extent} groups, not {self.groups}"
        return ""

    @property
    def words(self) -> str:
        """The axes as they are written in a manual.

        >>> Stored("pytorch", (16, 4, 3, 3), groups=4).words
        '(C_out, C_in/4, k_h, k_w)'
        """
        return f"({', '.join(map(self._axis, self.axes))})"

    def _axis(self, letters: Iterable[Symbol]) -> str:
        *_, letter = letters = tuple(letters)
        if letter in DIRECTIONS:
            return str(DIRECTIONS[letter].kernel)
        if self.layout == "keras-depthwise":
            return "C" if letter == g else "M"
        name = "C_in" if letter == a else "C_out"
        return name if len(letters) > 1 or self.groups == 1 else f"{name}/{self.groups}"


@dataclass(frozen=True)
class Reading:
    """How an array was read, the groups of its layer, and the options that would read it otherwise.

    ``others`` pairs such options with what they would make of the array.
    """

    stored: Stored
    groups: int = 1
    others: tuple[tuple[str, Stored], ...] = ()


def block_channels(extents: Iterable[int], groups: int) -> tuple[int, int, int]:
    """The input and output channels of a group of K[o, i, taps], and the entries of a filter.

    >>> block_channels((16, 8, 3, 3), 4)
    (2, 4, 9)
    """
    outputs, inputs, *taps = extents
    return inputs // groups, outputs // groups, prod(taps)
