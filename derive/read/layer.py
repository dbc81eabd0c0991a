"""Layers from the words of the command line: sizes such as 128x128, padding such as 0:1x2:3."""

from collections.abc import Sequence

from derive.notation.axis import Axis, Transposed
from derive.notation.errors import InputError, require
from derive.notation.layer import Layer
from derive.notation.words import natural, short

LARGEST = 10**9
EXAMPLES = {"image": "128x128", "kernel": "3x5", "padding": "same"}  # the others are "1"


def read_layer(
    image: str = "128x128",
    channels_in: int = 3,
    channels_out: int = 8,
    kernel: str = "3",
    stride: str = "1",
    dilation: str = "1",
    padding: str = "same",
    groups: int = 1,
    bias: bool = False,
    bytes_per_number: int = 4,
    axes: int | None = None,
    transposed: bool = False,
    output_padding: str = "0",
) -> Layer:
    """The layer that the words describe; InputError with one line if they do not.

    >>> read_layer(kernel="3x5", stride="2").axes[1]
    Axis(size=128, kernel=5, stride=2, dilation=1, before=2, after=2)
    """
    texts = {"image": image, "kernel": kernel, "stride": stride, "dilation": dilation}
    for what, text in {**texts, "padding": padding, "output padding": output_padding}.items():
        require(text, str, f"{what} must be text such as {EXAMPLES.get(what, '1')!r}")
    sizes = read_image(image, axes)
    count = len(sizes)
    kernels = read_sizes("kernel", kernel, count, least=1)
    strides = read_sizes("stride", stride, count, least=1)
    dilations = read_sizes("dilation", dilation, count, least=1)
    margins = read_padding(padding, kernels, dilations)
    extras = read_sizes("output padding", output_padding, count, least=0)
    if any(extras) and not transposed:
        raise InputError("output padding needs a transposed convolution: add --transposed")
    rows = zip(sizes, kernels, strides, dilations, margins, extras, strict=True)
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
    image = image or "x".join(["128"] * len(taps))
    if image.count("x") + 1 != len(taps):
        sides = "x".join(["128"] * len(taps))
        raise InputError(
            f"image {short(image)} does not fit a kernel of {len(taps)} axes: write {sides}"
        )
    return read_layer(
        image=image,
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
    """The sides of the image, height before width; one side alone only if ``axes`` says so.

    Raises InputError, in one line, for anything else.

    >>> read_image("128x96")
    (128, 96)
    """
    sides = tuple(_integer("image", part, least=1) for part in text.split("x"))
    if len(sides) == 1 and axes is None:
        side = short(text, 12)
        raise InputError(
            f"image {short(text)} has one side: write height x width, for example {side}x{side},"
            " or add --axes 1 for a signal"
        )
    if len(sides) > 3:
        raise InputError(
            f"image {short(text)} has {len(sides)} sides: at most depth x height x width"
        )
    if axes is not None and len(sides) != axes:
        raise InputError(f"image {short(text)} has {len(sides)} sides, but --axes is {axes}")
    return sides


def read_sizes(what: str, text: str, count: int, least: int) -> tuple[int, ...]:
    """One number for every axis, or one for each: 3 or 3x5.

    Raises InputError, in one line, for anything else.

    >>> read_sizes("kernel", "3x5", 2, least=1)
    (3, 5)
    """
    numbers = tuple(_integer(what, part, least) for part in text.split("x"))
    if len(numbers) not in (1, count):
        raise InputError(
            f"{what} {short(text)} has {len(numbers)} numbers, the layer has {count} axes: give"
            f" one or {count}"
        )
    return numbers * count if len(numbers) == 1 else numbers


def read_padding(
    text: str, kernels: tuple[int, ...], dilations: tuple[int, ...]
) -> tuple[tuple[int, int], ...]:
    """Padding before and after on every axis: same, valid, 1, 1x2 or 0:1x2:3.

    Raises InputError, in one line, for anything else.

    ``same`` is d(k - 1) in all, the odd one after.

    >>> read_padding("same", (3, 4), (1, 1))
    ((1, 1), (1, 2))
    """
    if text == "same":
        totals = [d * (k - 1) for k, d in zip(kernels, dilations, strict=True)]
        return tuple((total // 2, total - total // 2) for total in totals)
    if text == "valid":
        return ((0, 0),) * len(kernels)
    sides = tuple(_margin(text, part) for part in text.split("x"))
    if len(sides) not in (1, len(kernels)):
        raise InputError(
            f"padding {short(text)} is for {len(sides)} axes, the layer has {len(kernels)}: give"
            f" one or {len(kernels)}"
        )
    return sides * len(kernels) if len(sides) == 1 else sides


def _margin(text: str, part: str) -> tuple[int, int]:
    ends = part.split(":")
    try:
        numbers = [_integer("padding", end, least=0) for end in ends]
    except InputError as error:
        raise InputError(f"{error}; padding is same, valid, 1, 1x2 or 0:1x2:3") from None
    if len(numbers) > 2:
        raise InputError(f"padding {short(text)}: write before:after for an axis, for example 0:1")
    return numbers[0], numbers[-1]


def _integer(what: str, text: str, least: int) -> int:
    word = text.strip()
    if not (word.removeprefix("-").isdecimal() and word.isascii()):
        raise InputError(f"{what} must be an integer, not {short(text)!r}")
    number = natural(word, LARGEST)
    if word.startswith("-") or (number is not None and number < least):
        raise InputError(f"{what} must be at least {least}, not {short(word)}")
    if number is None:
        raise InputError(f"{what} must be at most {LARGEST}, not {short(word)}")
    return number
