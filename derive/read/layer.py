"""Layers from words: sizes such as 128x128, padding such as 0:1x2:3; derive.notation.fields is the
grammar, and docs/assets/js/read-layer.js reads it in the same way."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from derive.notation.axis import Axis, Transposed
from derive.notation.errors import InputError, require
from derive.notation.fields import (
    AXES,
    BLANKS,
    BONDS,
    CHOICES,
    Field,
    FIELDS,
    LISTED,
    LONGEST,
    MESSAGES,
    MOST_AXES,
    MOST_NUMBERS,
    NO,
    NUMBER,
    SEPARATORS,
    WANTED,
    YES,
)
from derive.notation.layer import Layer
from derive.notation.words import short

Margins = tuple[tuple[int, int], ...]
Rank = int | dict[str, int]
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
    bias: bool = False,
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
    words |= {"bias": _yes(bias), "transposed": _yes(transposed)}
    words["axes"] = "" if axes is None else str(axes)
    return read_fields(words)


def _yes(value: bool) -> str:
    return YES[0] if value else NO[0]


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
    sides = read_image(texts["image"], number("axes") if _stripped(texts["axes"]) else None)
    count = len(sides)
    channels_in, channels_out = number("in"), number("out")
    kernels, strides, dilations = (
        read_sizes(name, texts[name], count) for name in ("kernel", "stride", "dilation")
    )
    margins = read_padding(texts["padding"], kernels, dilations)
    groups, bias = number("groups"), read_yes("bias", texts["bias"])
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
    given = {"word": _shown(text), "count": len(sides), "axes": axes}
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


def read_padding(text: str, kernels: tuple[int, ...], dilations: tuple[int, ...]) -> Margins:
    """Padding before and after on every axis: same, valid, 1, 1x2 or 0:1x2:3.

    Raises InputError, in one line, for anything else.

    ``same`` is d(k - 1) in all, the odd one after.

    >>> read_padding("Same", (3, 4), (1, 1))
    ((1, 1), (1, 2))
    """
    word, field = _stripped(text).lower(), FIELDS["padding"]
    if word == "same":
        totals = [d * (k - 1) for k, d in zip(kernels, dilations, strict=True)]
        return tuple((total // 2, total - total // 2) for total in totals)
    if word == "valid":
        return ((0, 0),) * len(kernels)
    margins = tuple(_margin(field, part, text) for part in _split(text))
    return _for_axes(margins, len(kernels), "margins", field, text)


def read_yes(name: str, text: str) -> bool:
    """True for yes, false for no, in any of their words.

    Raises InputError, in one line, for any other word.

    >>> read_yes("bias", "On"), read_yes("bias", "")
    (True, False)
    """
    word = _stripped(text).lower()
    if word not in (*YES, *NO):
        raise InputError(MESSAGES["yes"].format(what=FIELDS[name].what, word=_shown(text)))
    return word in YES


def read_number(name: str, text: str) -> int:
    """The number of a field.

    Raises InputError, in one line, for anything else.

    >>> read_number("groups", " 4 ")
    4
    """
    return _integer(FIELDS[name], text, text)


def read_numbers(name: str, text: str, most: int = MOST_NUMBERS) -> tuple[int, ...]:
    """The widths or multipliers of a list, none for an empty one.

    Raises InputError, in one line, for anything else.

    >>> read_numbers("middle", "3, 8; 9")
    (3, 8, 9)
    """
    field = FIELDS[name]
    parts = [part for choice in text.split(CHOICES) for part in _parts(choice)]
    return tuple(_integer(field, part, part) for part in _few(field, parts, most))


def read_ranks(text: str, most: int = MOST_NUMBERS) -> tuple[Rank, ...]:
    """The ranks of a list: numbers, or mappings from bonds to numbers.

    Raises InputError, in one line, for anything else.

    >>> read_ranks("3, 8"), read_ranks("3; P=4,Q=2")
    ((3, 8), (3, {'P': 4, 'Q': 2}))
    """
    ranks: list[Rank] = []
    for choice in text.split(CHOICES):
        pairs = [part.partition("=") for part in _parts(choice)]
        if any(sign for _, sign, _ in pairs):
            ranks.append(_bonds(pairs, choice))
        else:
            ranks += [_rank(word, choice) for word, _, _ in pairs]
    return tuple(_few(FIELDS["rank"], ranks, most))


def _bonds(pairs: list[tuple[str, str, str]], choice: str) -> dict[str, int]:
    """The rank of each bond, from such as P=4,Q=2."""
    numbers = [_rank(value if sign else bond, choice) for bond, sign, value in pairs]
    bonds = [bond.upper() for bond, _, _ in pairs]
    for bond, name in zip(bonds, pairs, strict=True):
        if bond not in BONDS or not name[1]:
            wrong = MESSAGES["bond"].format(word=_shown(choice), bond=_shown(name[0]))
            raise InputError(wrong)
    if len(set(bonds)) < len(bonds):
        raise InputError(MESSAGES["twice"].format(word=_shown(choice)))
    return dict(zip(bonds, numbers, strict=True))


def _rank(word: str, choice: str) -> int:
    try:
        return _integer(FIELDS["rank"], word, word)
    except InputError:
        raise InputError(MESSAGES["ranks"].format(word=_shown(choice))) from None


def _few(field: Field, parts: list[Part], most: int) -> list[Part]:
    if len(parts) > most:
        given = {"what": field.what, "most": most, "count": len(parts)}
        raise InputError(MESSAGES["numbers"].format(**given))
    return parts


def _for_axes(
    given: tuple[Part, ...], count: int, message: str, field: Field, text: str
) -> tuple[Part, ...]:
    """One for each axis, where one stands for all; InputError for another number of them."""
    if len(given) not in (1, count):
        words = {"count": len(given), "axes": AXES[count], "wanted": WANTED[count]}
        raise InputError(MESSAGES[message].format(what=field.what, word=_shown(text), **words))
    return given * count if len(given) == 1 else given


def _margin(field: Field, part: str, text: str) -> tuple[int, int]:
    ends = part.split(":")
    if len(ends) > 2:
        raise InputError(MESSAGES["ends"].format(word=_shown(text)))
    numbers = [_integer(field, end, text) for end in ends]
    return numbers[0], numbers[-1]


def _numbers(field: Field, text: str) -> tuple[int, ...]:
    return tuple(_integer(field, part, text) for part in _split(text))


def _integer(field: Field, text: str, whole: str) -> int:
    """The number of a word, which is a part of the whole text of the field."""
    word = _stripped(text)
    given = {"what": field.what, "example": field.example, "word": _shown(word or whole)}
    given |= {"least": str(field.least), "most": f"{field.most:,}"}
    if not _stripped(whole):
        raise InputError(MESSAGES["empty"].format(**given))
    if not re.fullmatch(NUMBER, word):
        message = "padding" if field.name == "padding" else "integer"
        raise InputError(MESSAGES[message].format(**given))
    digits = word.lstrip("+-").lstrip("0") or "0"
    if digits != "0" and word.startswith("-"):
        raise InputError(MESSAGES["least"].format(**given))
    if len(digits) > len(str(field.most)) or int(digits) > field.most:
        raise InputError(MESSAGES["most"].format(**given))
    if int(digits) < field.least:
        raise InputError(MESSAGES["least"].format(**given))
    return int(digits)


def _stripped(text: str) -> str:
    return text.strip(BLANKS)


def _split(text: str) -> list[str]:
    """The parts of a size, which stand between the separators."""
    return re.split(f"[{SEPARATORS}{SEPARATORS.upper()}]", text)


def _parts(text: str) -> list[str]:
    """The words of a list."""
    return [word for word in re.split(f"[{LISTED}{BLANKS}]", text) if word]


def _shown(text: str) -> str:
    """A word as a sentence repeats it: in one line, of bounded length, with what prints."""
    word = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
    return short(word.strip(), LONGEST)
