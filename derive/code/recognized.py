"""Which family of the book convolutions of PyTorch or Keras are: the plan, the other way round.

The chain is one layer where every axis is slid along once. Each family is planned on that layer at
the sizes that the channels between the stages suggest; it is the one whose plan is the chain.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise, product

from derive.catalogue import Entry, FAMILIES
from derive.code.plan import Convolution, plan, Window
from derive.comparison import attempts, Choices, choosable, Row
from derive.notation.axis import Axis, Transposed
from derive.notation.bias import Bias
from derive.notation.errors import InputError
from derive.notation.layer import Layer, NAMES
from derive.parse.framework import Written

GENERAL = ("grouped", "standard")  # what many another family is too
LONGEST = 8  # stages; the families of the book have fewer
NO_FAMILY = "this is no family of the book: {reason}"


@dataclass(frozen=True)
class Recognized:
    """A family at its setting on the layer that the code makes, and what was left out."""

    row: Row
    left_out: tuple[str, ...]

    @property
    def choices(self) -> Choices:
        """The sizes of the family, as they are chosen by name."""
        chosen = {symbol.name: size for symbol, size in self.row.chosen.items()}
        lists = {"widths": ("m",), "multipliers": ("M",)}
        given = {
            name: tuple(chosen.pop(x) for x in names if x in chosen)
            for name, names in lists.items()
        }
        return Choices(**given, ranks=(chosen,) if chosen else ())


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
    for row in _candidates(stages, bias, bytes_per_number):
        found = _planned(row)
        if found is None or len(found) != len(stages):
            continue
        if all(map(_same_shape, found, stages)):
            if all(map(_same_windows, found, stages)):
                return Recognized(row, stages[-1].after)
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
        active = [n for n, stage in enumerate(stages, start=1) if _slides(stage.axes[place])]
        if len(active) > 1:
            numbers = " and ".join(map(str, active))
            yield f"stages {numbers} both slide along the {name}, a family does so once"


def _slides(axis: Axis | Transposed) -> bool:
    """Whether a stage does more along an axis than to take every pixel as it is."""
    extra = axis.extra if isinstance(axis, Transposed) else 0
    return (axis.kernel, axis.stride, axis.before, axis.after, extra) != (1, 1, 0, 0, 0)


def _bias(stages: Sequence[Written]) -> Bias:
    *others, last = (stage.bias for stage in stages)
    if last and all(others):
        return Bias.ALL
    if any(others):
        reason = "a bias on some stages, where a layer has none, one on the last, or one on each"
        raise InputError(NO_FAMILY.format(reason=reason))
    return Bias.LAST if last else Bias.NONE


def _candidates(stages: Sequence[Written], bias: Bias, bytes_per_number: int) -> Iterator[Row]:
    """Every family with that many stages, at every setting that the channels suggest."""
    named = {name: entry for name, entry in FAMILIES.items() if name not in GENERAL}
    named |= {name: FAMILIES[name] for name in GENERAL}
    common = {stage.groups for stage in stages}
    for entry in named.values():
        branches = entry.family.branches
        if len(branches) > 1 or len(branches[0][1].factors) != len(stages):
            continue
        for groups in sorted({1, *(common if len(common) == 1 else ())}):
            with suppress(InputError):
                layer = _layer(stages, groups, bias, bytes_per_number)
                for choices in _choices(entry, layer, stages):
                    found = attempts(entry, layer, choices)
                    yield from (row for row in found if isinstance(row, Row))


def _layer(stages: Sequence[Written], groups: int, bias: Bias, bytes_per_number: int) -> Layer:
    """The layer that a chain is: along each axis that of the one stage that slides there."""
    axes = []
    for place, axis in enumerate(stages[0].axes):
        active = (stage.axes[place] for stage in stages if _slides(stage.axes[place]))
        axes.append(next(active, axis))
    ends = stages[0].channels_in, stages[-1].channels_out
    return Layer(*ends, tuple(axes), groups, bias, bytes_per_number)


def _choices(entry: Entry, layer: Layer, stages: Sequence[Written]) -> Iterator[Choices]:
    """The sizes that channels between stages suggest."""
    line = entry.family.on(layer.taps)
    if line is None:
        return
    between = tuple(dict.fromkeys(stage.channels_out for stage in stages[:-1]))
    copies = tuple(
        dict.fromkeys(max(1, stage.channels_out // stage.channels_in) for stage in stages)
    )
    bonds = choosable(line).get("ranks", ())
    ranks = tuple(
        {bond.name: size for bond, size in zip(bonds, sizes, strict=True)}
        for sizes in product(between, repeat=len(bonds))
    )
    yield Choices(between, copies, ranks if bonds else ())


def _planned(row: Row) -> tuple[Convolution, ...] | None:
    """The convolutions of a row, if they are one chain."""
    with suppress(InputError):
        made = plan(row)
        return made.branches[0].stages if made.alone else None
    return None


def _same_shape(one: Convolution, other: Written) -> bool:
    channels = (one.channels_in, one.channels_out, one.groups)
    wanted = (other.channels_in, other.channels_out, other.groups)
    kernel = tuple(int(axis.kernel) for axis in other.axes)
    return channels == wanted and one.kernel == kernel


def _same_windows(one: Convolution, other: Written) -> bool:
    return all(map(_same_window, one.windows, other.axes))


def _same_window(one: Window, other: Axis | Transposed) -> bool:
    dilation = other.dilation if other.kernel > 1 else one.dilation
    mine = (one.stride, one.dilation, one.before, one.input, one.output)
    return mine == (other.stride, dilation, other.before, other.size, other.output)
