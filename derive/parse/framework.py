"""Layers as they are written in PyTorch or Keras: nn.Sequential(nn.Conv2d(3, 8, 3), ...).

The text is read by ``ast`` and never evaluated: calls of known layers with numbers, tuples, words
and truth values, one after the other or in a Sequential.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from derive.notation.axis import Axis, Transposed
from derive.notation.errors import InputError
from derive.notation.layer import Layer
from derive.notation.words import short

LONGEST, MOST = 4000, 10**9  # characters, and the largest number
SIDE = 128  # of an image that is not given
EXAMPLE = "nn.Sequential(nn.Conv2d(3, 8, (3, 1)), nn.Conv2d(8, 8, (1, 3)))"
PYTORCH = ("in_channels", "out_channels", "kernel_size", "stride", "padding")
KERAS = ("kernel_size", "strides", "padding")
SIGNATURES: Mapping[str, tuple[str, ...]] = {  # positional arguments that say what a layer is
    "Conv{}d": (*PYTORCH, "dilation", "groups", "bias", "padding_mode"),
    "ConvTranspose{}d": (
        *(*PYTORCH, "output_padding", "groups"),
        *("bias", "dilation", "padding_mode"),
    ),
    "Conv{}D": (
        *("filters", *KERAS, "data_format"),
        *("dilation_rate", "groups", "activation", "use_bias"),
    ),
    "DepthwiseConv{}D": (
        *(*KERAS, "depth_multiplier", "data_format"),
        *("dilation_rate", "activation", "use_bias"),
    ),
    "SeparableConv{}D": (
        *("filters", *KERAS, "data_format"),
        *("dilation_rate", "depth_multiplier", "activation", "use_bias"),
    ),
    "Conv{}DTranspose": ("filters", *KERAS),
}
LAYERS = {
    name.format(axes): (name, axes)
    for name in SIGNATURES
    for axes in (1, 2, 3)
    if axes < 3 or not name.startswith(("Depthwise", "Separable"))
}
# Other arguments, which change neither the function nor its size, or only its first weights.
ASIDE = ("name", "device", "dtype", "trainable", "_initializer", "_regularizer", "_constraint")
CONTAINERS = ("Sequential", "ModuleList")
NOTHING = ("Identity", "Input", "InputLayer", "Dropout", "Dropout2d")
NOTHING_BETWEEN = (None, "linear")


@dataclass(frozen=True)
class Written:
    """A convolution as it is written, on an image of known sides.

    ``axes`` are its windows, ``call`` the layer that it is written as, and ``after`` what follows
    before the next convolution.
    """

    call: str
    channels_in: int
    channels_out: int
    groups: int
    axes: tuple[Axis | Transposed, ...]
    bias: bool
    after: tuple[str, ...] = ()

    @property
    def transposed(self) -> bool:
        """Whether it is a transposed convolution."""
        return isinstance(self.axes[0], Transposed)

    @property
    def layer(self) -> Layer:
        """The convolution as a layer of the book, without its bias."""
        return Layer(self.channels_in, self.channels_out, self.axes, self.groups)

    @property
    def output(self) -> tuple[int, ...]:
        """The sides of its output."""
        return tuple(int(axis.output) for axis in self.axes)


def is_code(text: str) -> bool:
    """Whether a text is written like a call of a layer, rather than as a line of factors.

    >>> is_code("nn.Conv2d(3, 8, 3)"), is_code("A[j,i,u] B[o,j,v]"), is_code("SeparableConv2D")
    (True, False, False)
    """
    return any(f"{name}(" in text.replace(" (", "(") for name in (*LAYERS, *CONTAINERS))


def read_layers(
    text: str, channels: int, image: Sequence[int] | None = None
) -> tuple[Written, ...]:
    """The convolutions of a text in order, on an image of these sides, one for all axes or one for
    each, 128 unless given; ``channels`` are the input channels, which Keras does not write.

    Raises InputError, in one line, for anything that is no chain of convolutions.

    >>> [one.channels_out for one in read_layers("nn.Conv2d(3, 8, (3, 1)); nn.Conv2d(8, 4, 1)", 3)]
    [8, 4]
    """
    found: list[Written] = []
    sides = None if image is None else tuple(image)
    for name, arguments in _calls(_tree(text)):
        if name in NOTHING:
            channels = _input_channels(arguments, channels)
            continue
        if name not in LAYERS:
            if not found:
                raise InputError(f"{name} stands before the first convolution: leave it out")
            found[-1] = _followed(found[-1], name)
            continue
        kind, axes = LAYERS[name]
        sides = (SIDE,) * axes if sides is None else sides * axes if len(sides) == 1 else sides
        if len(sides) != axes:
            raise InputError(f"{name} has {axes} axes, the image has {len(sides)}")
        given = _given(name, SIGNATURES[kind], arguments)
        channels = _input_channels(arguments, channels)
        for made in _layer(name, kind, given, channels, sides):
            found.append(made)
            channels, sides = made.channels_out, made.output
            if min(sides) < 1:
                raise InputError(f"{made.call} leaves nothing of an image of these sides")
    if not found:
        raise InputError(f"there is no convolution in it: write such as {EXAMPLE}")
    return tuple(found)


def _tree(text: str) -> ast.Module:
    if len(text) > LONGEST:
        raise InputError(f"the code has {len(text):,} characters, more than {LONGEST:,}")
    try:
        return ast.parse(text.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        at = f" in line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        raise InputError(f"this is no Python{at}: write such as {EXAMPLE}") from None


Call = tuple[str, ast.Call]


def _calls(tree: ast.Module) -> Iterator[Call]:
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr | ast.Return):
            if statement.value is not None:
                yield from _within(statement.value)
        elif not isinstance(statement, ast.Import | ast.ImportFrom):
            raise InputError(f"only layers can be read, no {type(statement).__name__.lower()}")


def _within(node: ast.expr) -> Iterator[Call]:
    """The calls of layers of an expression, in the order in which they run."""
    if isinstance(node, ast.List | ast.Tuple):
        for one in node.elts:
            yield from _within(one)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Call):  # Conv2D(8, 3)(x)
        for one in node.args:
            yield from _within(one)
        yield from _within(node.func)
    elif isinstance(node, ast.Call):
        name = _name(node.func)
        if name in CONTAINERS:
            for one in node.args:
                yield from _within(one)
        else:
            yield name, node
    elif not isinstance(node, ast.Name):
        raise InputError(f"{_code(node)} is no layer: write such as {EXAMPLE}")


def _name(node: ast.expr) -> str:
    """The last part of a dotted name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    raise InputError(f"{_code(node)} is no layer: write such as {EXAMPLE}")


def _code(node: ast.expr) -> str:
    return short(" ".join(ast.unparse(node).split()), 40)


def _given(name: str, signature: Sequence[str], call: ast.Call) -> dict[str, object]:
    """The arguments of a call by name; InputError for one that is none of the layer's."""
    if any(isinstance(one, ast.Starred) for one in call.args) or len(call.args) > len(signature):
        raise InputError(f"{name} takes {', '.join(signature)}, not {_code(call)}")
    pairs = [*zip(signature, call.args, strict=False)]
    for keyword in call.keywords:
        argument = keyword.arg or "**"
        if argument.endswith(ASIDE) or argument == "input_shape":
            continue
        known = (*signature, "activation", "use_bias", "groups", "dilation_rate")
        if argument not in known or argument in dict(pairs):
            raise InputError(f"{name} has no argument {argument} that can be read here")
        pairs.append((argument, keyword.value))
    return {argument: _value(name, argument, node) for argument, node in pairs}


def _value(name: str, argument: str, node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        raise InputError(
            f"{argument} of {name} must be written out, such as 3 or (3, 1), not {_code(node)}"
        ) from None


def _input_channels(call: ast.Call, channels: int) -> int:
    """The last number of an input_shape or shape of Keras, or the channels given."""
    for keyword in call.keywords:
        if keyword.arg in ("input_shape", "shape"):
            shape = _value("Input", "shape", keyword.value)
            last = shape[-1] if isinstance(shape, tuple | list) and shape else None
            return _whole("shape", last)
    return channels


def _followed(stage: Written, name: str) -> Written:
    return Written(**{**vars(stage), "after": (*stage.after, name)})


def _layer(
    name: str, kind: str, given: Mapping[str, object], channels: int, sides: tuple[int, ...]
) -> Iterator[Written]:
    """The convolutions of a call: a separable one is two."""
    if given.get("padding_mode", "zeros") != "zeros":
        raise InputError(f"{name} pads with {given['padding_mode']}: only zeros can be read")
    if kind.endswith("d"):
        yield _pytorch(name, given, channels, sides)
        return
    for data in [given.get("data_format")]:
        if data not in (None, "channels_last"):
            raise InputError(f"{name} must have its channels last, not data_format={data!r}")
    activation = given.get("activation")
    after = () if activation in NOTHING_BETWEEN else (str(activation),)
    bias = bool(given.get("use_bias", True))
    copies = _whole("depth_multiplier", given.get("depth_multiplier", 1))
    axes = _keras_axes(name, given, sides, kind.endswith("Transpose"))
    if kind.startswith("Depthwise"):
        yield Written(name, channels, channels * copies, channels, axes, bias, after)
        return
    filters = _need(name, "filters", given)
    if kind.startswith("Separable"):
        first = Written(name, channels, channels * copies, channels, axes, False)
        yield first
        rest = tuple(Axis(side, 1) for side in first.output)
        yield Written(name, channels * copies, filters, 1, rest, bias, after)
        return
    groups = _whole("groups", given.get("groups", 1))
    yield _divided(Written(name, channels, filters, groups, axes, bias, after))


def _divided(stage: Written) -> Written:
    for side, channels in (("input", stage.channels_in), ("output", stage.channels_out)):
        if channels % stage.groups:
            raise InputError(
                f"{stage.call}: {stage.groups} groups do not divide the {channels} {side} channels"
            )
    return stage


def _pytorch(
    name: str, given: Mapping[str, object], channels: int, sides: tuple[int, ...]
) -> Written:
    reads, writes = (_need(name, x, given) for x in ("in_channels", "out_channels"))
    count = len(sides)
    kernel = _sizes(name, "kernel_size", given.get("kernel_size"), count)
    stride, dilation = (_sizes(name, x, given.get(x, 1), count) for x in ("stride", "dilation"))
    extra = _sizes(name, "output_padding", given.get("output_padding", 0), count, least=0)
    margins = _margins(name, given.get("padding", 0), kernel, dilation, stride)
    transposed = name.startswith("ConvTranspose")
    rows = zip(sides, kernel, stride, dilation, margins, extra, strict=True)
    axes = tuple(
        Transposed(side, k, s, d, before, after, e)
        if transposed
        else Axis(side, k, s, d, before, after)
        for side, k, s, d, (before, after), e in rows
    )
    groups = _whole("groups", given.get("groups", 1))
    bias = bool(given.get("bias", True))
    return _divided(Written(name, reads, writes, groups, axes, bias))


def _margins(
    name: str,
    padding: object,
    kernel: Sequence[int],
    dilation: Sequence[int],
    stride: Sequence[int],
) -> list[tuple[int, int]]:
    """Padding before and after; same is d(k - 1) in all, the odd one after."""
    if padding == "valid":
        return [(0, 0)] * len(kernel)
    if padding == "same":
        if set(stride) != {1}:
            raise InputError(f"{name}: padding='same' needs stride 1, as PyTorch does")
        totals = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
        return [(total // 2, total - total // 2) for total in totals]
    return [(n, n) for n in _sizes(name, "padding", padding, len(kernel), least=0)]


def _keras_axes(
    name: str, given: Mapping[str, object], sides: tuple[int, ...], transposed: bool
) -> tuple[Axis | Transposed, ...]:
    count, padding = len(sides), given.get("padding", "valid")
    if padding not in ("valid", "same"):
        raise InputError(f"padding of {name} must be 'valid' or 'same', not {padding!r}")
    kernel = _sizes(name, "kernel_size", given.get("kernel_size"), count)
    stride = _sizes(name, "strides", given.get("strides", 1), count)
    dilation = _sizes(name, "dilation_rate", given.get("dilation_rate", 1), count)
    one = _keras_transposed if transposed else _keras_axis
    return tuple(
        one(*axis, padding == "same") for axis in zip(sides, kernel, stride, dilation, strict=True)
    )


def _keras_axis(side: int, kernel: int, stride: int, dilation: int, same: bool) -> Axis:
    """TensorFlow's same: an output for every stride-th pixel, the odd padding after."""
    span = dilation * (kernel - 1) + 1
    total = max(0, (-(-side // stride) - 1) * stride + span - side) if same else 0
    return Axis(side, kernel, stride, dilation, total // 2, total - total // 2)


def _keras_transposed(side: int, kernel: int, stride: int, dilation: int, same: bool) -> Transposed:
    """A stride of outputs for every pixel if same, the odd cropping after; else all of them."""
    beyond = dilation * (kernel - 1) + 1 - stride
    crop = max(0, beyond) if same else 0
    return Transposed(side, kernel, stride, dilation, crop // 2, crop - crop // 2, max(0, -beyond))


def _sizes(name: str, argument: str, given: object, count: int, least: int = 1) -> tuple[int, ...]:
    """One number for every axis, or one for each."""
    if given is None:
        raise InputError(f"{name} needs {argument}")
    several = tuple(given) if isinstance(given, tuple | list) else (given,)
    numbers = tuple(_whole(argument, one, least) for one in several)
    if len(numbers) not in (1, count):
        raise InputError(f"{argument} of {name} must be one number, or {count}, not {given!r}")
    return numbers if len(numbers) == count else numbers * count


def _need(name: str, argument: str, given: Mapping[str, object]) -> int:
    if argument not in given:
        raise InputError(f"{name} needs {argument}")
    return _whole(argument, given[argument])


def _whole(argument: str, given: object, least: int = 1) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or not least <= given <= MOST:
        raise InputError(f"{argument} must be an integer from {least} to {MOST:,}, not {given!r}")
    return given
