"""The grammar of a layer: its fields, how their words are written, and what is said of bad ones.

This is the only place where that stands. The command line reads it, and the pages get it as data
(``derive/site/grammar.py``), so that both accept and refuse the same words with the same sentences.
"""

from dataclasses import dataclass
from enum import StrEnum

from derive.notation.bias import Bias

LARGEST = 10**9
MOST_NUMBERS = 32  # widths, multipliers or ranks that are put side by side
MOST_AXES = 3
SEPARATORS = "x×"  # between the sides of a size, in any case
BLANKS = " \t\n\r\f\v\u00a0"
LISTED = ","  # between numbers of a list; blanks do as well
CHOICES = ";"  # between the choices of a list
NUMBER = "[+-]?[0-9]+"
YES = ("1", "true", "yes", "on")
NO = ("0", "false", "no", "off", "")
BIASES = {  # which stages have a bias, each with its words
    Bias.NONE: (Bias.NONE.value, *NO),
    Bias.LAST: (Bias.LAST.value,),
    Bias.ALL: (Bias.ALL.value, *YES),
}
BIASED = {  # how a layer with such biases reads
    Bias.NONE: "no bias",
    Bias.LAST: "bias on the last stage",
    Bias.ALL: "with bias",
}
BONDS = ("P", "Q", "R", "T")
PADDINGS = "same, valid, 1, 1x2 or 0:1x2:3"
SIDES = ("in", "out")  # channels that a width may be named after
UPPER, LOWER = "same-upper", "same-lower"  # an output for every stride-th pixel, as ONNX has them
LONGEST = 40  # characters of a word that a sentence repeats
AXES_HELP = "Spatial axes, if the image has one side: 1 for a signal."
EXTRA_HELP = "Of a transposed layer, smaller than its stride."
BIAS_HELP = "Which stages have a bias: none, last or all; --bias alone is all."
WIDTH_HELP = "Width m, or in or out for their channels; may repeat.  [C_in, or full rank if less]"
COPIES_HELP = "Depth multiplier M, may repeat.  [1]"
RANK_HELP = "Ranks P, Q, R and terms T, may repeat.  [C_in, or full rank if that is less]"


class Kind(StrEnum):
    """How the words of a field are written."""

    IMAGE = "image"  # 128x128, one side alone for a square
    NUMBER = "number"
    SIZES = "sizes"  # 3, or 3x5: one number for every axis, or one for each
    PADDING = "padding"
    NUMBERS = "numbers"  # a list: 3, 8
    RANKS = "ranks"  # a list, in which P=4,Q=2 is one choice
    BIAS = "bias"  # none, last or all
    YES = "yes"


@dataclass(frozen=True)
class Field:
    """A field of a layer: its name in an address, in sentences and in Python, and its bounds.

    ``usual`` are the words of a field that is left empty, ``example`` is what may be written, and
    ``help`` what else ``--help`` says.
    """

    name: str
    what: str
    kind: Kind
    usual: str
    example: str
    keyword: str = ""
    help: str = ""
    least: int = 1
    most: int = LARGEST

    @property
    def option(self) -> str:
        """The option of the field on the command line.

        >>> FIELDS["bytes"].option
        '--bytes-per-number'
        """
        return f"--{(self.name if self.name in ('in', 'out') else self.key).replace('_', '-')}"

    @property
    def key(self) -> str:
        """The keyword of the field in Python.

        >>> FIELDS["in"].key
        'channels_in'
        """
        return self.keyword or self.name


FIELDS = {
    field.name: field
    for field in (
        Field(
            "image", "image", Kind.IMAGE, "128x128", "128x128", "", "Height x width, or one side."
        ),
        Field("axes", "axes", Kind.NUMBER, "", "1 for a signal", "", AXES_HELP, most=MOST_AXES),
        Field("in", "channels in", Kind.NUMBER, "3", "3", "channels_in", "Input channels."),
        Field("out", "channels out", Kind.NUMBER, "8", "8", "channels_out", "Output channels."),
        Field("kernel", "kernel", Kind.SIZES, "3", "3 or 3x5"),
        Field("stride", "stride", Kind.SIZES, "1", "2 or 2x1"),
        Field("dilation", "dilation", Kind.SIZES, "1", "2 or 2x1"),
        Field("padding", "padding", Kind.PADDING, "same", PADDINGS, least=0),
        Field("groups", "groups", Kind.NUMBER, "1", "1", "", "Must divide both channels."),
        Field("bias", "bias", Kind.BIAS, Bias.NONE.value, "none, last or all", "", BIAS_HELP),
        Field("transposed", "transposed", Kind.YES, "", "yes or no", "", "Every pixel writes."),
        Field("output_padding", "output padding", Kind.SIZES, "0", "1 or 1x0", "", EXTRA_HELP, 0),
        Field(
            "bytes", "bytes per number", Kind.NUMBER, "4", "4", "bytes_per_number", "4 is float32."
        ),
        Field("middle", "width m", Kind.NUMBERS, "", "3 or 3, 8", "", WIDTH_HELP),
        Field("multiplier", "multiplier M", Kind.NUMBERS, "", "1 or 1, 2", "", COPIES_HELP),
        Field("rank", "rank", Kind.RANKS, "", "3 or P=4,Q=2", "", RANK_HELP),
    )
}

# What is said of bad words. {word} is a word as it was written, shortened.
MESSAGES = {
    "empty": "{what} is empty: write {example}",
    "integer": "{what} must be an integer, not '{word}': write {example}",
    "least": "{what} must be at least {least}, not {word}",
    "most": "{what} must be at most {most}, not {word}",
    "sides": "image {word} has {count} sides: at most depth x height x width",
    "axes": "image {word} has {count} sides, but the layer has {axes}",
    "count": "{what} {word} has {count} numbers, the layer has {axes}: give {wanted}",
    "padding": "padding must be same, valid or numbers, not '{word}': write {example}",
    "ends": "padding {word}: write before:after for an axis, for example 0:1",
    "margins": "padding {word} is for {count} axes, the layer has {axes}: give {wanted}",
    "upper": "padding {word} is of convolutions: give numbers for a transposed one",
    "bias": "bias must be none, last or all, not '{word}'",
    "yes": "{what} must be yes or no, not '{word}'",
    "numbers": "{what}: at most {most} at a time, not {count}",
    "ranks": "rank must be a positive integer, or such as P=4,Q=2, not '{word}'",
    "bond": "rank '{word}': '{bond}' is none of P, Q, R, T",
    "twice": "rank '{word}' gives a letter twice",
    "extra": "output padding needs a transposed convolution: choose transposed, or leave it 0",
}
AXES = ("", "1 axis", "2 axes", "3 axes")
WANTED = ("", "one", "one or 2", "one or 3")
