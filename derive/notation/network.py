"""A published network: its layers as text, in one or several forms, and figures from print."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}


class Quantity(StrEnum):
    """What a printed figure counts; the words are those that a page says."""

    MACS = "MACs"
    CONV_MACS = "MACs of the convolutions"
    BASE_MACS = "MACs without the last layer"
    PARAMETERS = "parameters, normalization included"
    WEIGHTS = "weights of all layers, biases included"
    CONV_WEIGHTS = "weights of the convolutions"
    BASE_WEIGHTS = "weights without the last layer"


@dataclass(frozen=True)
class Figure:
    """A figure as it was printed: the digits, the unit K, M, G or none, and where.

    ``variant`` and ``size`` are the form of the network and the image it is for. ``reason`` says
    why our count is another, where it is.

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
        digits = len(self.printed.partition(".")[2])
        scaled = Fraction(count * 10**digits, UNITS[self.unit])
        whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
        text = f"{whole:0{digits + 1}d}"
        return f"{text[:-digits]}.{text[-digits:]}" if digits else text

    def agrees(self, count: int) -> bool:
        """Whether a count, rounded, is the figure in print."""
        return self.rounded(count) == self.printed.replace(",", "")


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
