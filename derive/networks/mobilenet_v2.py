"""MobileNet v2: inverted residuals, which widen to run a depthwise convolution and end without an activation.

Each block goes through t times as many channels as it reads. The variants are the width multiplier; widths are rounded to multiples of 8, and the last convolution is never thinner than 1280.

Also called: MobileNetV2, inverted residual network.
Source: Sandler et al. (2018), MobileNetV2: Inverted Residuals and Linear Bottlenecks, arXiv 1801.04381.
"""

from fractions import Fraction

from derive.notation.network import Figure, Network, Quantity

PAPER = "Sandler et al. (2018), table 4"
SLIM = "tensorflow/models, slim/nets/mobilenet/README.md"
TORCHVISION = "torchvision, mobilenet_v2"
# Expansion, channels, blocks and stride of the first: table 2 of the paper.
STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)


def divisible(width: Fraction) -> int:
    """The nearest multiple of 8, at least 8, that is not below nine tenths of a width."""
    nearest = max(8, int(width + 4) // 8 * 8)
    return nearest + 8 if nearest < Fraction(9, 10) * width else nearest


def block(expansion: int, read: int, written: int, stride: int) -> str:
    """An inverted residual; the shortcut is there where nothing changes size."""
    wide = f"1x1 {expansion * read} > " if expansion > 1 else ""
    branch = f"{wide}dw 3x3/{stride} > 1x1 {written} plain bn"
    return f"( . + {branch} )" if stride == 1 and read == written else f"( {branch} )"


def layers(alpha: Fraction) -> str:
    """The layers at a width multiplier."""
    read, lines = divisible(alpha * 32), [""]
    stem, last = read, divisible(max(alpha, Fraction(1)) * 1280)
    number = 0
    for expansion, channels, times, stride in STAGES:
        written = divisible(alpha * channels)
        for turn in range(times):
            number += 1
            lines.append(f"{number}: {block(expansion, read, written, 1 if turn else stride)}")
            read = written
    body = "\n".join(lines)
    return f"""
        image 3x224x224
        each: bn relu6 same-upper
        stem: 3x3/2 {stem}
        {body}
        last: 1x1 {last}
        global
        fc: linear 1000
    """


# Worked out from the printed numbers, and again number by number in tests/published.
THOP = "thop in February 2020, Lyken17/pytorch-OpCounter, issue 66"
PTFLOPS = "ptflops in February 2020, sovrasov/flops-counter.pytorch, issue 33"
SINGLE = (
    "added in single precision, where sums of this size move in steps of 64; exactly it is"
    " {difference} less"
)
UNKNOWN = (
    "no reading that we tried gives it together with the count of the width 1 in the same table:"
    " other roundings of the widths, a last convolution or a first one that is not widened, an"
    " expansion in the first block, a class more, and normalizations, activations, the pooling and"
    " the bias counted or not; the authors' code lists our count"
)
UNKNOWN_WEIGHTS = "no reading that we tried gives this number; the authors' code lists our count"

network = Network(
    layers(Fraction(1)),
    {"1.4": layers(Fraction(7, 5))},
    (
        Figure(Quantity.MACS, "300", "M", PAPER),
        Figure(Quantity.WEIGHTS, "3.4", "M", PAPER),
        Figure(Quantity.MACS, "585", "M", PAPER, "1.4", reason=UNKNOWN),
        Figure(Quantity.WEIGHTS, "6.9", "M", PAPER, "1.4", reason=UNKNOWN_WEIGHTS),
        Figure(Quantity.MACS, "300", "M", SLIM),
        Figure(Quantity.MACS, "221", "M", SLIM, size="192"),
        Figure(Quantity.MACS, "154", "M", SLIM, size="160"),
        Figure(Quantity.MACS, "99", "M", SLIM, size="128"),
        Figure(Quantity.MACS, "56", "M", SLIM, size="96"),
        Figure(Quantity.WEIGHTS, "3.47", "M", SLIM),
        Figure(Quantity.MACS, "582", "M", SLIM, "1.4"),
        Figure(Quantity.WEIGHTS, "6.06", "M", SLIM, "1.4"),
        Figure(Quantity.THOP_2020, "603,134,720", "", THOP, "1.4", reason=SINGLE),
        Figure(Quantity.PARAMETERS, "6,108,776", "", THOP, "1.4"),
        Figure(Quantity.PTFLOPS_2020, "610.1", "M", PTFLOPS, "1.4"),
        Figure(Quantity.MACS, "0.301", "G", TORCHVISION),
        Figure(Quantity.PARAMETERS, "3,504,872", "", TORCHVISION),
    ),
    usual="1.0",
)
