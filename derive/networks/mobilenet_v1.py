"""MobileNet v1: one standard convolution, thirteen depthwise separable ones and a linear layer.

The width multiplier α thins every layer and the resolution multiplier ρ shrinks the image: the variants are α, and `--size` is ρ times 224.

Also called: MobileNet, MobileNetV1.
Source: Howard et al. (2017), MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications, arXiv 1704.04861.
"""

from fractions import Fraction

from derive.notation.network import Figure, Network, Quantity

PAPER = "Howard et al. (2017)"
SLIM = "tensorflow/models, slim/nets/mobilenet_v1.md"
DOCSTRING = "tensorflow/models, slim/nets/mobilenet_v1.py"
KERAS = "Keras, documentation of MobileNet"


def layers(alpha: Fraction) -> str:
    """The layers at a width multiplier."""
    width = {channels: int(alpha * channels) for channels in (32, 64, 128, 256, 512, 1024)}
    return f"""
        image 3x224x224
        each: bn relu same-upper
        conv0: 3x3/2 {width[32]}
        1: ( dw 3x3 > 1x1 {width[64]} )
        2: ( dw 3x3/2 > 1x1 {width[128]} )
        3: ( dw 3x3 > 1x1 {width[128]} )
        4: ( dw 3x3/2 > 1x1 {width[256]} )
        5: ( dw 3x3 > 1x1 {width[256]} )
        6: ( dw 3x3/2 > 1x1 {width[512]} )
        7: ( dw 3x3 > 1x1 {width[512]} )
        8: ( dw 3x3 > 1x1 {width[512]} )
        9: ( dw 3x3 > 1x1 {width[512]} )
        10: ( dw 3x3 > 1x1 {width[512]} )
        11: ( dw 3x3 > 1x1 {width[512]} )
        12: ( dw 3x3/2 > 1x1 {width[1024]} )
        13: ( dw 3x3 > 1x1 {width[1024]} )
        global
        fc: linear 1000
    """


def full() -> str:
    """The layers of the network of full convolutions that the paper compares MobileNet with."""
    return """
        image 3x224x224
        each: bn relu same-upper
        conv0: 3x3/2 32
        1: 3x3 64
        2: 3x3/2 128
        3: 3x3 128
        4: 3x3/2 256
        5: 3x3 256
        6: 3x3/2 512
        7: 5 * ( 3x3 512 )
        12: 3x3/2 1024
        13: 3x3 1024
        global
        fc: linear 1000
    """


def of_paper(variant: str, size: str, macs: str, reason: str = "") -> Figure:
    """A row of tables 6 and 7 of the paper."""
    return Figure(Quantity.MACS, macs, "M", f"{PAPER}, tables 6 and 7", variant, size, reason)


def of_slim(variant: str, size: str, macs: str, reason: str = "") -> Figure:
    """A row of the table of TF-slim."""
    return Figure(Quantity.MACS, macs, "M", SLIM, variant, size, reason)


def of_keras(size: str) -> Figure:
    """A row of the table of Keras, which has one number four times."""
    reason = "printed for all four sizes, and right for none of them"
    return Figure(Quantity.MACS, "529", "M", KERAS, size=size, reason=reason)


NARROW = "contradicts the docstring of the code next to it, which has the right count"

network = Network(
    layers(Fraction(1)),
    {
        "0.75": layers(Fraction(3, 4)),
        "0.5": layers(Fraction(1, 2)),
        "0.25": layers(Fraction(1, 4)),
        "full": full(),
    },
    (
        Figure(Quantity.BASE_WEIGHTS, "3,185,088", "", DOCSTRING),
        Figure(Quantity.BASE_MACS, "567,716,352", "", DOCSTRING),
        Figure(Quantity.BASE_WEIGHTS, "1,800,144", "", DOCSTRING, "0.75", "128"),
        Figure(Quantity.BASE_MACS, "106,002,432", "", DOCSTRING, "0.75", "128"),
        Figure(Quantity.PARAMETERS, "4.2", "M", f"{PAPER}, table 4"),
        Figure(Quantity.MACS, "569", "M", f"{PAPER}, table 4"),
        Figure(
            Quantity.MACS,
            "4866",
            "M",
            f"{PAPER}, table 4",
            "full",
            reason="leaves out the linear layer, which 569 in the same table holds",
        ),
        Figure(Quantity.BASE_MACS, "4866", "M", f"{PAPER}, table 4", "full"),
        Figure(Quantity.PARAMETERS, "29.3", "M", f"{PAPER}, table 4", "full"),
        of_paper("", "192", "418"),
        of_paper("", "160", "290"),
        of_paper("", "128", "186"),
        of_paper("0.75", "", "325"),
        of_paper("0.5", "", "149"),
        of_paper("0.25", "", "41"),
        Figure(Quantity.PARAMETERS, "2.6", "M", f"{PAPER}, table 6", "0.75"),
        Figure(Quantity.PARAMETERS, "1.3", "M", f"{PAPER}, table 6", "0.5"),
        Figure(Quantity.PARAMETERS, "0.5", "M", f"{PAPER}, table 6", "0.25"),
        of_slim("", "", "569"),
        of_slim("", "192", "418"),
        of_slim("", "160", "291"),
        of_slim("", "128", "186"),
        of_slim("0.75", "", "317", NARROW),
        of_slim("0.75", "192", "233", NARROW),
        of_slim("0.75", "160", "162", NARROW),
        of_slim("0.75", "128", "104", NARROW),
        of_slim("0.5", "", "150"),
        of_slim("0.5", "192", "110"),
        of_slim("0.5", "160", "77"),
        of_slim("0.5", "128", "49"),
        of_slim("0.25", "", "41"),
        of_slim("0.25", "192", "34", "a digit is wrong"),
        of_slim("0.25", "160", "21"),
        of_slim("0.25", "128", "14"),
        of_keras(""),
        of_keras("192"),
        of_keras("160"),
        of_keras("128"),
    ),
    usual="1.0",
)
