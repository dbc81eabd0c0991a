"""A published network: its layers as text, in one or several forms, and figures from print."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import floor

UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}


class Quantity(StrEnum):
    """What a printed figure counts; the words are those that a page says."""

    MACS = "MACs"
    CONV_MACS = "MACs of the convolutions"
    BASE_MACS = "MACs without the last layer"
    THOP_2020 = "MACs, those of linear layers twice, and two for each normalized number"
    PTFLOPS_2020 = "MACs, two for each normalized number, and one for each activation"
    PARAMETERS = "parameters, normalization included"
    UNSCALED = "parameters, normalization without its scales included"
    WEIGHTS = "weights of all layers, biases included"
    CONV_WEIGHTS = "weights of the convolutions"
    BASE_WEIGHTS = "weights without the last layer"


@dataclass(frozen=True)
class Figure:
    """A figure as it was printed: the digits, the unit K, M, G or none, and where.

    ``variant`` and ``size`` are the form of the network and the image it is for. ``reason`` says
    why our count is another, where it is and was not only ended in another way; ``{difference}``
    in it is the distance of the two.

    >>> Figure(Quantity.MACS, "15.47", "G", "torchvision").agrees(15470264320)
    True
    """

    quantity: Quantity
    printed: str
    unit: str
    source: str
    variant: str = ""
    size: str = ""
    reason: str = ""

    def rounded(self, count: int) -> str:
        """A count to as many digits as are printed.

        >>> Figure(Quantity.MACS, "4866", "M", "Howard et al.").rounded(4867293184)
        '4867'
        """
        return self._ended(count, Fraction(1, 2))

    def agrees(self, count: int) -> bool:
        """Whether a count, rounded, is the figure in print."""
        return self.rounded(count) == self._plain

    def why(self, count: int) -> str:
        """Why a count is another than the figure; nothing if it is not.

        >>> Figure(Quantity.MACS, "300", "M", "Sandler et al.").why(300774272)
        'cut off; rounded it is 301'
        """
        if self.agrees(count):
            return ""
        if self.reason:
            printed = Fraction(self._plain) * UNITS[self.unit]
            return self.reason.format(difference=f"{abs(count - int(printed)):,}")
        if self._ended(count, Fraction(0)) == self._plain:
            return f"cut off; rounded it is {self.rounded(count)}"
        if self._ended(count, Fraction(1)) == self._plain:
            return f"rounded up; to the nearest it is {self.rounded(count)}"
        return ""

    @property
    def _plain(self) -> str:
        return self.printed.replace(",", "")

    def _ended(self, count: int, more: Fraction) -> str:
        """A count to as many digits as are printed, when that much of the last one is added."""
        digits = len(self.printed.partition(".")[2])
        text = f"{floor(Fraction(count * 10**digits, UNITS[self.unit]) + more):0{digits + 1}d}"
        return f"{text[:-digits]}.{text[-digits:]}" if digits else text


@dataclass(frozen=True)
class Network:
    """The layers of a network as text; ``variants`` are its other forms, by name.

    >>> Network("image 3x8x8\\n3x3 4").text("")
    'image 3x8x8\\n3x3 4'
    """

    layers: str
    variants: Mapping[str, str] = field(default_factory=dict)
    published: tuple[Figure, ...] = ()
    usual: str = "as published"

    def text(self, variant: str) -> str:
        """The layers of a form of the network; KeyError if there is none of that name."""
        return self.variants[variant] if variant else self.layers
