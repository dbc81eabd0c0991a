"""EfficientNet-B0: inverted residuals with 3 × 3 and 5 × 5 depthwise convolutions and a gate on the channels.

The gate ("squeeze and excitation") averages the whole image, and multiplies every channel by a number from it.

Also called: EfficientNetB0.
Source: Tan, Le (2019), EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, arXiv 1905.11946.
"""

from derive.notation.network import Figure, Network, Quantity

TORCHVISION = "torchvision, efficientnet_b0"
# Expansion, kernel, stride of the first, channels, blocks: table 1 of the paper.
STAGES = (
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
)


def gate(channels: int, squeezed: int) -> str:
    """Every channel times a number that two layers make of the averages of all."""
    narrow, wide = f"1x1 {squeezed} plain bias silu", f"1x1 {channels} plain bias sigmoid"
    return f"( . & global > {narrow} > {wide} )"


def block(expansion: int, kernel: int, stride: int, read: int, written: int) -> str:
    """An inverted residual with a gate; the shortcut is there where nothing changes size."""
    channels = expansion * read
    widened = f"1x1 {channels} silu > " if expansion > 1 else ""
    depthwise = f"dw {kernel}x{kernel}/{stride} silu > {gate(channels, read // 4)}"
    branch = f"{widened}{depthwise} > 1x1 {written}"
    return f"( . + {branch} )" if stride == 1 and read == written else f"( {branch} )"


def layers() -> str:
    """The layers, as torchvision pads them."""
    read, lines = 32, []
    for stage, (expansion, kernel, stride, written, times) in enumerate(STAGES, start=1):
        for turn in range(times):
            inverted = block(expansion, kernel, 1 if turn else stride, read, written)
            lines.append(f"{stage}.{turn + 1}: {inverted}")
            read = written
    body = "\n".join(lines)
    return f"""
        image 3x224x224
        each: bn
        stem: 3x3/2 32 silu
        {body}
        last: 1x1 1280 silu
        global
        fc: linear 1000
    """


network = Network(
    layers(),
    {},
    (
        Figure(Quantity.PARAMETERS, "5,288,548", "", TORCHVISION),
        Figure(Quantity.MACS, "0.386", "G", TORCHVISION),
        Figure(Quantity.PARAMETERS, "5.3", "M", "Tan, Le (2019), table 2"),
        Figure(Quantity.MACS, "0.39", "G", "Tan, Le (2019), table 2"),
    ),
)
