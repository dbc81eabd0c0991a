"""What a network saves where: layers in a row that act like one convolution, against that one.

Layers count as one if each reads the one before it alone, they stand in the same block, and along
every axis at most one of them has more than one tap. Activations between them change the function
and not the cost.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from derive.facts.model import counted
from derive.models.model import Kind, Model, ModelLayer
from derive.notation.axis import Axis
from derive.notation.bias import Bias
from derive.notation.layer import Layer


@dataclass(frozen=True)
class Saving:
    """Layers in a row, how often they stand there alike, and what they cost each time against one
    convolution with the same channels and pixels."""

    names: tuple[str, ...]
    sorts: tuple[str, ...]
    kernels: tuple[tuple[int, ...], ...]
    kernel: tuple[int, ...]
    channels: tuple[int, int]
    output: tuple[int, ...]
    times: int
    parameters: int
    macs: int
    single_parameters: int
    single_macs: int

    @property
    def ratio(self) -> Fraction:
        """How many times as many MACs the one convolution takes."""
        return Fraction(self.single_macs, self.macs)


def savings(model: Model) -> tuple[Saving, ...]:
    """Every row of layers that one convolution would stand for, alike ones together.

    >>> from derive.models.library import NETWORKS
    >>> first = savings(NETWORKS["mobilenet-v1"].model())[0]
    >>> first.names, first.single_macs // first.macs
    (('1.1', '1.2'), 7)
    """
    found: dict[tuple[object, ...], Saving] = {}
    times: Counter[tuple[object, ...]] = Counter()
    for run in _runs(model):
        one = _saving(run)
        key = (one.sorts, one.kernels, one.channels, one.output, one.macs, one.parameters)
        found.setdefault(key, one)
        times[key] += 1
    return tuple(Saving(**{**vars(one), "times": times[key]}) for key, one in found.items())


def _runs(model: Model) -> Iterator[list[ModelLayer]]:
    """The longest rows, the first layers first."""
    by_name, taken = {one.name: one for one in model.layers}, set[str]()
    for one in model.layers:
        run = [one]
        while (last := run[-1]).next and _goes_on(run, by_name[last.next]):
            run.append(by_name[last.next])
        fresh = one.name not in taken and len(run) > 1 and not _dense(run)
        if fresh:
            taken |= {each.name for each in run}
            yield run


def _goes_on(run: list[ModelLayer], other: ModelLayer) -> bool:
    """Whether a row and a layer of one block act like one convolution along every axis."""
    same_block = _block(run[-1]) == _block(other) != ""
    if not same_block or {one.kind for one in (*run, other)} != {Kind.CONV}:
        return False
    rows = zip(*(one.layer.axes for one in (*run, other)), strict=True)
    return all(_one_reads(axes) for axes in rows)


def _one_reads(axes: tuple[object, ...]) -> bool:
    """Whether at most one layer has several taps along an axis, and none before it a stride."""
    known = [axis for axis in axes if isinstance(axis, Axis)]
    wide = [n for n, axis in enumerate(known) if int(axis.kernel) > 1]
    early = known[: wide[0]] if wide else []
    return len(wide) <= 1 and all(int(axis.stride) == 1 for axis in early)


def _dense(run: list[ModelLayer]) -> bool:
    """Whether a row has no taps at all: pointwise layers alone."""
    return all(int(axis.kernel) == 1 for one in run for axis in one.layer.axes)


def _block(one: ModelLayer) -> str:
    return one.name.rpartition(".")[0]


def _saving(run: list[ModelLayer]) -> Saving:
    first, last = run[0].layer, run[-1].layer
    axes = tuple(_joined(x) for x in zip(*(one.layer.axes for one in run), strict=True))
    biased = Bias.ALL if any(one.layer.bias for one in run) else Bias.NONE
    single = Layer(first.channels_in, last.channels_out, axes, 1, biased, first.bytes_per_number)
    costs = [counted(one) for one in run]
    whole = counted(ModelLayer("single", Kind.CONV, single, run[0].batch))
    return Saving(
        names=tuple(one.name for one in run),
        sorts=tuple(one.sort for one in costs),
        kernels=tuple(one.kernel for one in costs),
        kernel=whole.kernel,
        channels=(first.channels_in, last.channels_out),
        output=whole.output,
        times=1,
        parameters=sum(one.parameters for one in costs),
        macs=sum(one.macs for one in costs),
        single_parameters=whole.parameters,
        single_macs=whole.macs,
    )


def _joined(axes: tuple[object, ...]) -> Axis:
    """The axis of the one convolution: that of the layer with taps, with all strides."""
    known = [axis for axis in axes if isinstance(axis, Axis)]
    wide = next((axis for axis in known if int(axis.kernel) > 1), known[0])
    stride = 1
    for axis in known:
        stride *= int(axis.stride)
    return Axis(known[0].size, wide.kernel, stride, wide.dilation, wide.before, wide.after)
