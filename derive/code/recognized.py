"""Which family of the book convolutions of PyTorch or Keras are: the plan, the other way round.

The chain is one layer where every axis is slid along once. Channels, groups and taps of the stages
say which families it can be and at which sizes; it is the one whose plan has its windows too.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

from derive.code.plan import Convolution, plan, Window
from derive.comparison import attempts, Choices, choosable, Row
from derive.facts.recognized import Match, matches, slides
from derive.notation.axis import Axis, Transposed
from derive.notation.bias import Bias
from derive.notation.errors import InputError
from derive.notation.layer import Layer, NAMES
from derive.notation.letters import C_c, g, m
from derive.parse.framework import Written

LONGEST = 8  # stages; the families of the book have fewer
NO_FAMILY = "this is no family of the book: {reason}"


@dataclass(frozen=True)
class Recognized:
    """A family at its setting on the layer that the code makes, the sizes that are chosen, and what
    was left out."""

    row: Row
    choices: Choices
    left_out: tuple[str, ...]


def recognized(stages: Sequence[Written], bytes_per_number: int = 4) -> Recognized:
    """The family that a chain of convolutions is, at its setting, on its layer.

    Raises InputError, in one line, with the reason if it is none.

    >>> from derive.parse.framework import read_layers
    >>> found = recognized(read_layers("SeparableConv2D(100, 5)", 10))
    >>> found.row.entry.name, found.row.number("parameters_with_last_bias")
    ('depthwise-separable', 1350)
    """
    for reason in _complaints(stages):
        raise InputError(NO_FAMILY.format(reason=reason))
    bias = _bias(stages)
    alike: list[Row] = []
    for one in matches([stage.layer for stage in stages]):
        layer = _layer(stages, one.extents.get(g, 1), bias, bytes_per_number)
        choices = _choices(one, layer)
        for row in attempts(one.entry, layer, choices):
            if isinstance(row, Row) and (found := _planned(row)):
                if all(map(_same_windows, found, stages)):
                    return Recognized(row, choices, stages[-1].after)
                alike.append(row)
    for row in alike:
        sizes = "".join(f", {symbol} = {size}" for symbol, size in row.chosen.items())
        reason = (
            f"its stages are those of {row.entry.title}{sizes}, but stride, dilation or padding"
            " stand on another stage than there"
        )
        raise InputError(NO_FAMILY.format(reason=reason))
    words = ", then ".join(
        f"{one.channels_out} filters of {'×'.join(map(str, _filter(one)))}" for one in stages
    )
    reason = f"none has these stages, {words}; derive define takes any line of factors"
    raise InputError(NO_FAMILY.format(reason=reason))


def _filter(stage: Written) -> tuple[int, ...]:
    return (*(int(axis.kernel) for axis in stage.axes), stage.channels_in // stage.groups)


def _complaints(stages: Sequence[Written]) -> Iterator[str]:
    """Why a chain is no single convolution, or none that is written as one layer."""
    if len(stages) > LONGEST:
        yield f"it has {len(stages)} convolutions"
    for n, (one, other) in enumerate(pairwise(stages), start=1):
        if one.after:
            yield (
                f"{', '.join(one.after)} stands between stages {n} and {n + 1}, so together they"
                " are not one convolution"
            )
        if one.channels_out != other.channels_in:
            yield (
                f"stage {n} writes {one.channels_out} channels, stage {n + 1} reads"
                f" {other.channels_in}"
            )
        if one.transposed != other.transposed:
            yield f"one of stages {n} and {n + 1} is transposed, the other is not"
    count = len(stages[0].axes)
    for place, name in enumerate(list(NAMES.values())[-count:]):
        active = [n for n, stage in enumerate(stages, start=1) if slides(stage.axes[place])]
        if len(active) > 1:
            numbers = " and ".join(map(str, active))
            yield f"stages {numbers} both slide along the {name}, a family does so once"


def _bias(stages: Sequence[Written]) -> Bias:
    *others, last = (stage.bias for stage in stages)
    if last and all(others):
        return Bias.ALL
    if any(others):
        reason = "a bias on some stages, where a layer has none, one on the last, or one on each"
        raise InputError(NO_FAMILY.format(reason=reason))
    return Bias.LAST if last else Bias.NONE


def _layer(stages: Sequence[Written], groups: int, bias: Bias, bytes_per_number: int) -> Layer:
    """The layer that a chain is: along each axis that of the one stage that slides there."""
    axes = []
    for place, axis in enumerate(stages[0].axes):
        active = (stage.axes[place] for stage in stages if slides(stage.axes[place]))
        axes.append(next(active, axis))
    ends = stages[0].channels_in, stages[-1].channels_out
    return Layer(*ends, tuple(axes), groups, bias, bytes_per_number)


def _choices(one: Match, layer: Layer) -> Choices:
    """The sizes that the letters of a family run over, as they are chosen: m is that of all groups
    together."""
    own, sizes = choosable(one.term), one.sizes
    if C_c in sizes:
        sizes[m] = sizes[C_c] * layer.groups
    widths, copies, ranks = (own.get(name, ()) for name in ("widths", "multipliers", "ranks"))
    return Choices(
        tuple(sizes[symbol] for symbol in widths[:1]),
        tuple(sizes[symbol] for symbol in copies),
        ({symbol.name: sizes[symbol] for symbol in ranks},) if ranks else (),
    )


def _planned(row: Row) -> tuple[Convolution, ...] | None:
    """The convolutions of a row, if they are one chain."""
    with suppress(InputError):
        made = plan(row)
        return made.branches[0].stages if made.alone else None
    return None


def _same_windows(one: Convolution, other: Written) -> bool:
    return all(map(_same_window, one.windows, other.axes))


def _same_window(one: Window, other: Axis | Transposed) -> bool:
    dilation = other.dilation if other.kernel > 1 else one.dilation
    mine = (one.stride, one.dilation, one.before, one.input, one.output)
    return mine == (other.stride, dilation, other.before, other.size, other.output)
