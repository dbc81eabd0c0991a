"""A layer by numbers, as Python code and a notebook see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import index

from derive.facts import layer_facts
from derive.notation import layer as notation
from derive.notation.errors import InputError
from derive.parse.layer import read_layer
from derive.render.layer_words import layer_words

Sizes = int | str | Sequence[int]
Margins = int | str | Sequence[int | Sequence[int]]
SIDES = "an integer, one for each axis such as (3, 5), or text such as '3x5'"
BIASES = "'none', 'last', 'all', True or False"
PADDINGS = "'same', 'valid', an integer, or for each axis one or (before, after)"


@dataclass(frozen=True, repr=False)
class Layer(notation.Layer):
    """A convolutional layer: an image with its channels and the windows that slide over it.

    Made by ``derive.layer``; its numbers are in ``channels_in``, ``channels_out``, ``groups``,
    ``bias`` and, for each axis, ``axes``.

    >>> import derive
    >>> derive.layer(kernel=(3, 5), stride=2)
    Layer 128×128 image, 3 → 8 channels, kernel 3×5, stride 2, padding 1×2, no bias
    """

    @property
    def words(self) -> str:
        """The layer in one line."""
        return layer_words(layer_facts(self))

    @property
    def output(self) -> tuple[int, ...]:
        """The sides of the output image.

        >>> import derive
        >>> derive.layer(image=(128, 96), stride=2).output
        (64, 48)
        """
        return tuple(int(axis.output) for axis in self.axes)

    def __repr__(self) -> str:
        return f"Layer {self.words}"

    def _repr_markdown_(self) -> str:
        return f"**Layer**: {self.words}; output {'×'.join(map(str, self.output))}"


def layer(
    image: Sizes = (128, 128),
    channels: tuple[int, int] = (3, 8),
    kernel: Sizes = 3,
    *,
    stride: Sizes = 1,
    dilation: Sizes = 1,
    padding: Margins = "same",
    groups: int = 1,
    bias: bool | str = False,
    transposed: bool = False,
    output_padding: Sizes = 0,
    bytes_per_number: int = 4,
) -> Layer:
    """A convolutional layer by its numbers; without arguments that of the opening question.

    Args:
        image: sides of the image in pixels, depth and height before width. One number is a square,
            ``(128,)`` a signal of one axis.
        channels: input channels and output channels.
        kernel: one number for all axes or one for each.
        stride: one number for all axes or one for each.
        dilation: one number for all axes or one for each.
        padding: ``"same"`` (PyTorch's: d(k - 1) in all, the odd one after), ``"same-upper"``
            (TensorFlow's: an output for every stride-th pixel, the odd one after),
            ``"same-lower"`` (the odd one before), ``"valid"``, one number, or for each axis one
            number or a pair (before, after).
        groups: groups of channels that do not mix.
        bias: which stages have a bias: ``"none"``, ``"last"`` or ``"all"``; True is all of them.
        transposed: whether it is a transposed convolution.
        output_padding: of a transposed convolution.
        bytes_per_number: 4 is float32.

    Text as on the command line is understood too, such as ``image="128x128"``. Raises InputError,
    one line, if the numbers do not make a layer.

    >>> layer(image=(56, 56), channels=(64, 128), kernel=3, stride=2, padding=((0, 1), (0, 1)))
    Layer 56×56 image, 64 → 128 channels, kernel 3×3, stride 2, padding 0:1, no bias
    """
    axes = len(image) if isinstance(image, Sequence) and not isinstance(image, str) else None
    made = read_layer(
        image=sizes_words("image", image),
        channels_in=_channels(channels)[0],
        channels_out=_channels(channels)[1],
        kernel=sizes_words("kernel", kernel),
        stride=sizes_words("stride", stride),
        dilation=sizes_words("dilation", dilation),
        padding=_margins(padding),
        groups=_whole("groups", groups, "an integer"),
        bias=bias if isinstance(bias, str) else _whether("bias", bias, BIASES),
        bytes_per_number=_whole("bytes_per_number", bytes_per_number, "an integer"),
        axes=axes,
        transposed=_whether("transposed", transposed),
        output_padding=sizes_words("output_padding", output_padding),
    )
    return shown(made)


def shown(made: notation.Layer) -> Layer:
    """A layer as a notebook shows it."""
    return Layer(
        made.channels_in,
        made.channels_out,
        made.axes,
        made.groups,
        made.bias,
        made.bytes_per_number,
    )


def _channels(channels: object) -> tuple[int, int]:
    if not isinstance(channels, Sequence) or isinstance(channels, str) or len(channels) != 2:
        raise InputError(f"channels must be (input, output) such as (3, 8), not {channels!r}")
    one, other = (_whole("channels", each, "(input, output) such as (3, 8)") for each in channels)
    return one, other


def sizes_words(what: str, given: object) -> str:
    """Sizes as words: text as it is, one number, or one for each axis.

    >>> sizes_words("kernel", (3, 5))
    '3x5'
    """
    if isinstance(given, str):
        return given
    if isinstance(given, Sequence):
        return "x".join(str(_whole(what, each, SIDES)) for each in given)
    return str(_whole(what, given, SIDES))


def _margins(given: object) -> str:
    """Padding as words: text as it is, one number, or for each axis one or a pair."""
    if isinstance(given, str):
        return given
    if not isinstance(given, Sequence):
        return str(_whole("padding", given, PADDINGS))
    return "x".join(
        ":".join(str(_whole("padding", end, PADDINGS)) for end in each)
        if isinstance(each, Sequence)
        else str(_whole("padding", each, PADDINGS))
        for each in given
    )


def _whether(what: str, given: object, right: str = "True or False") -> bool:
    """True or False, also NumPy's; InputError for anything else, such as the text "no"."""
    if str(given) not in ("True", "False") or isinstance(given, str):
        raise InputError(f"{what} must be {right}, not {given!r}")
    return bool(given)


def _whole(what: str, given: object, right: str) -> int:
    """An integer, also one of NumPy's; InputError for anything else."""
    try:
        if not isinstance(given, bool | str):
            return index(given)  # type: ignore[arg-type]
    except TypeError:
        pass
    raise InputError(f"{what} must be {right}, not {given!r}")
