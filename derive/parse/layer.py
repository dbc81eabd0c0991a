"""Layers from words: sizes such as 128x128, padding such as 0:1x2:3; derive.notation.fields is the
grammar, and docs/assets/js/read-layer.js reads it in the same way."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from derive.notation.axis import Axis, Transposed
from derive.notation.bias import Bias
from derive.notation.errors import InputError, require
from derive.notation.fields import (
    AXES,
    BIASES,
    Field,
    FIELDS,
    LOWER,
    MESSAGES,
    MOST_AXES,
    NO,
    UPPER,
    WANTED,
    YES,
)
from derive.notation.layer import Layer
from derive.parse.field import integer, read_number, shown, split, stripped

Margins = tuple[tuple[int, int], ...]
Part = TypeVar("Part")
SHOWN = {"kernel": "3x5"}  # an example that says more than what is usual


def read_layer(
    image: str = FIELDS["image"].usual,
    channels_in: int = 3,
    channels_out: int = 8,
    kernel: str = FIELDS["kernel"].usual,
    stride: str = FIELDS["stride"].usual,
    dilation: str = FIELDS["dilation"].usual,
    padding: str = FIELDS["padding"].usual,
    groups: int = 1,
    bias: bool | str = False,
    bytes_per_number: int = 4,
    axes: int | None = None,
    transposed: bool = False,
    output_padding: str = FIELDS["output_padding"].usual,
) -> Layer:
    """The layer that the words describe; InputError with one line if they do not.

    >>> read_layer(kernel="3x5", stride="2").axes[1]
    Axis(size=128, kernel=5, stride=2, dilation=1, before=2, after=2)
    """
    texts = {
        "image": image,
        "kernel": kernel,
        "stride": stride,
        "dilation": dilation,
        "padding": padding,
        "output_padding": output_padding,
    }
    for name, text in texts.items():
        field = FIELDS[name]
        require(text, str, f"{field.what} must be text such as {SHOWN.get(name, field.usual)!r}")
    numbers = {"in": channels_in, "out": channels_out, "groups": groups, "bytes": bytes_per_number}
    for name, number in numbers.items():
        require(number, int, f"{FIELDS[name].what} must be an integer")
    words = texts | {name: str(number) for name, number in numbers.items()}
    words |= {"bias": str(bias), "transposed": YES[0] if transposed else NO[0]}
    words["axes"] = "" if axes is None else str(axes)
    return read_fields(words)


def read_fields(words: Mapping[str, str]) -> Layer:
    """The layer that the words of its fields describe; a missing field is as usual.

    Raises InputError, in one line, for the first field in the order of the table that is wrong.

    >>> read_fields({"image": "56×48", "in": "64", "padding": "SAME"}).channels_in
    64
    """
    texts = {name: words.get(name, field.usual) for name, field in FIELDS.items()}

    def number(name: str) -> int:
        return read_number(name, texts[name])

    read_image(texts["image"])  # what is wrong whatever the axes are is said first
    sides = read_image(texts["image"], number("axes") if stripped(texts["axes"]) else None)
    count = len(sides)
    channels_in, channels_out = number("in"), number("out")
    kernels, strides, dilations = (
        read_sizes(name, texts[name], count) for name in ("kernel", "stride", "dilation")
    )
    geometry = tuple(zip(sides, kernels, strides, dilations, strict=True))
    margins = read_padding(texts["padding"], geometry)
    scattered = stripped(texts["transposed"]).lower() in YES
    if scattered and (word := stripped(texts["padding"]).lower()) in (UPPER, LOWER):
        raise InputError(MESSAGES["upper"].format(word=word))
    groups, bias = number("groups"), read_bias(texts["bias"])
    transposed = read_yes("transposed", texts["transposed"])
    extras = read_sizes("output_padding", texts["output_padding"], count)
    bytes_per_number = number("bytes")
    if any(extras) and not transposed:
        raise InputError(MESSAGES["extra"])
    rows = zip(sides, kernels, strides, dilations, margins, extras, strict=True)
    built = tuple(
        Transposed(size, k, s, d, before, after, extra)
        if transposed
        else Axis(size, k, s, d, before, after)
        for size, k, s, d, (before, after), extra in rows
    )
    return Layer(channels_in, channels_out, built, groups, bias, bytes_per_number)


def read_layer_of(
    extents: Sequence[int],
    image: str | None = None,
    stride: str = "1",
    dilation: str = "1",
    groups: int = 1,
    transposed: bool = False,
) -> Layer:
    """The layer that a kernel K[o, i, taps] of these extents stands in, with same padding.

    Raises InputError, in one line, for an image of other axes.

    >>> read_layer_of((1, 1, 1, 3)).axes[1]
    Axis(size=128, kernel=3, stride=1, dilation=1, before=1, after=1)
    """
    channels_out, channels_in, *taps = extents
    return read_layer(
        image="128" if image is None else image,
        channels_in=channels_in,
        channels_out=channels_out,
        kernel="x".join(map(str, taps)),
        stride=stride,
        dilation=dilation,
        groups=groups,
        axes=len(taps),
        transposed=transposed,
    )


def read_image(text: str, axes: int | None = None) -> tuple[int, ...]:
    """The sides of the image, height before width; one side alone is that of a square, or as long
    on every axis.

    Raises InputError, in one line, for anything else.

    >>> read_image("128x96"), read_image("224"), read_image("100", axes=1)
    ((128, 96), (224, 224), (100,))
    """
    sides = _numbers(FIELDS["image"], text)
    given = {"word": shown(text), "count": len(sides), "axes": AXES[axes or 0]}
    if len(sides) > MOST_AXES:
        raise InputError(MESSAGES["sides"].format(**given))
    if len(sides) == 1:
        return sides * (2 if axes is None else axes)
    if axes not in (None, len(sides)):
        raise InputError(MESSAGES["axes"].format(**given))
    return sides


def read_sizes(name: str, text: str, count: int) -> tuple[int, ...]:
    """One number for every axis, or one for each: 3 or 3x5.

    Raises InputError, in one line, for anything else.

    >>> read_sizes("kernel", "3x5", 2)
    (3, 5)
    """
    field = FIELDS[name]
    return _for_axes(_numbers(field, text), count, "count", field, text)


def read_padding(text: str, axes: Sequence[tuple[int, int, int, int]]) -> Margins:
    """Padding before and after on every axis: same, same-upper, valid, 1, 1x2 or 0:1x2:3.

    ``axes`` are the side, the kernel, the stride and the dilation of each. ``same`` is d(k - 1) in
    all, the odd one after, whatever the stride: PyTorch's. ``same-upper`` and ``same-lower`` are
    ONNX's, the first also TensorFlow's: the least that makes an output for every stride-th pixel,
    the odd one after or before. Raises InputError, in one line, for anything else.

    >>> read_padding("Same", [(8, 3, 2, 1), (8, 4, 2, 1)])
    ((1, 1), (1, 2))
    >>> read_padding("same-upper", [(8, 3, 2, 1), (8, 4, 2, 1)])
    ((0, 1), (1, 1))
    """
    word, field = stripped(text).lower(), FIELDS["padding"]
    if word in (UPPER, LOWER):
        ends = [_ends(_least(*axis)) for axis in axes]
        return tuple(pair if word == UPPER else pair[::-1] for pair in ends)
    if word == "same":
        return tuple(_ends(dilation * (kernel - 1)) for _, kernel, _, dilation in axes)
    if word == "valid":
        return ((0, 0),) * len(axes)
    margins = tuple(_margin(field, part, text) for part in split(text))
    return _for_axes(margins, len(axes), "margins", field, text)


def _least(side: int, kernel: int, stride: int, dilation: int) -> int:
    """The least padding that makes ⌈side/stride⌉ outputs."""
    windows = -(-side // stride)
    return max(0, (windows - 1) * stride + dilation * (kernel - 1) + 1 - side)


def _ends(total: int) -> tuple[int, int]:
    return total // 2, total - total // 2


def read_bias(text: str) -> Bias:
    """Which stages have a bias, in any of the words for them.

    Raises InputError, in one line, for any other word.

    >>> read_bias("Last"), read_bias("yes"), read_bias("")
    (<Bias.LAST: 'last'>, <Bias.ALL: 'all'>, <Bias.NONE: 'none'>)
    """
    word = stripped(text).lower()
    found = next((bias for bias, words in BIASES.items() if word in words), None)
    if found is None:
        raise InputError(MESSAGES["bias"].format(word=shown(text)))
    return found


def read_yes(name: str, text: str) -> bool:
    """True for yes, false for no, in any of their words.

    Raises InputError, in one line, for any other word.

    >>> read_yes("transposed", "On"), read_yes("transposed", "")
    (True, False)
    """
    word = stripped(text).lower()
    if word not in (*YES, *NO):
        raise InputError(MESSAGES["yes"].format(what=FIELDS[name].what, word=shown(text)))
    return word in YES


def _for_axes(
    given: tuple[Part, ...], count: int, message: str, field: Field, text: str
) -> tuple[Part, ...]:
    """One for each axis, where one stands for all; InputError for another number of them."""
    if len(given) not in (1, count):
        words = {"count": len(given), "axes": AXES[count], "wanted": WANTED[count]}
        raise InputError(MESSAGES[message].format(what=field.what, word=shown(text), **words))
    return given * count if len(given) == 1 else given


def _margin(field: Field, part: str, text: str) -> tuple[int, int]:
    ends = part.split(":")
    if len(ends) > 2:
        raise InputError(MESSAGES["ends"].format(word=shown(text)))
    numbers = [integer(field, end, text) for end in ends]
    return numbers[0], numbers[-1]


def _numbers(field: Field, text: str) -> tuple[int, ...]:
    return tuple(integer(field, part, text) for part in split(text))
