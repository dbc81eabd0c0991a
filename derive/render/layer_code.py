"""A layer as the call of ``derive.layer`` that makes it."""

from collections.abc import Sequence

from derive.notation.axis import Axis, Transposed
from derive.notation.bias import Bias
from derive.notation.layer import Layer

PYTHON = {Bias.NONE: "", Bias.LAST: '"last"', Bias.ALL: "True"}  # what is written for the bias


def layer_code(layer: Layer) -> str:
    """The call, with the arguments that are not the usual ones.

    >>> from derive.parse.layer import read_layer
    >>> print(layer_code(read_layer(image="56x48", kernel="3x5", stride="2")))
    derive.layer(image=(56, 48), channels=(3, 8), kernel=(3, 5), stride=2)
    """
    axes = layer.axes
    extra = [int(axis.extra) if isinstance(axis, Transposed) else 0 for axis in axes]
    arguments = {
        "image": _tuple([int(axis.input) for axis in axes]),
        "channels": _tuple([layer.channels_in, layer.channels_out]),
        "kernel": _sizes([int(axis.kernel) for axis in axes]),
        "stride": _unusual([int(axis.stride) for axis in axes], 1),
        "dilation": _unusual([int(axis.dilation) for axis in axes], 1),
        "padding": "" if _same(layer) else _tuple([_margin(axis) for axis in axes]),
        "groups": _unusual([layer.groups], 1),
        "bias": PYTHON[layer.bias],
        "transposed": "True" if layer.transposed else "",
        "output_padding": _unusual(extra, 0),
        "bytes_per_number": _unusual([layer.bytes_per_number], 4),
    }
    words = ", ".join(f"{name}={value}" for name, value in arguments.items() if value)
    return f"derive.layer({words})"


def _same(layer: Layer) -> bool:
    """Whether the padding is the usual one: d(k - 1) in all, the odd one after."""
    totals = [int(axis.dilation) * (int(axis.kernel) - 1) for axis in layer.axes]
    ends = [(int(axis.before), int(axis.after)) for axis in layer.axes]
    return ends == [(total // 2, total - total // 2) for total in totals]


def _margin(axis: Axis | Transposed) -> object:
    before, after = int(axis.before), int(axis.after)
    return before if before == after else (before, after)


def _tuple(values: Sequence[object]) -> str:
    return str(tuple(values))


def _sizes(numbers: list[int]) -> str:
    """One number if all axes have the same, else one for each."""
    return str(numbers[0]) if len(set(numbers)) == 1 else _tuple(numbers)


def _unusual(numbers: list[int], usual: int) -> str:
    return "" if set(numbers) == {usual} else _sizes(numbers)
