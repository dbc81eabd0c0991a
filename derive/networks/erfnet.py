"""ERFNet: residual blocks of 3 × 1 and 1 × 3 convolutions with an activation between them, for segmentation.

Twenty classes; the output layer of the encoder alone, which decoding does not use, is left out.

Also called: Efficient Residual Factorized ConvNet.
Source: Romera et al. (2018), ERFNet: Efficient Residual Factorized ConvNet for Real-time Semantic Segmentation, IEEE T-ITS 19(1):263–272.
"""

from derive.notation.network import Figure, Network, Quantity


def block(channels: int, dilation: int = 1) -> str:
    """The non-bottleneck-1D block: two asymmetric pairs around a shortcut, the second dilated."""
    first = f"3x1 {channels} relu > 1x3 {channels} bn relu"
    down, across = f"dilation={dilation}x1", f"dilation=1x{dilation}"
    second = f"3x1 {channels} {down} relu > 1x3 {channels} {across} bn"
    return f"( ( . + {first} > {second} ) > relu )"


def down(read: int, written: int) -> str:
    """A convolution and a pooling side by side."""
    return f"( ( 3x3/2 {written - read} | max 2x2/2 valid ) > bn relu )"


def up(channels: int) -> str:
    """A transposed convolution that doubles the sides."""
    return f"transposed 3x3/2 {channels} padding=1 output-padding=1 bn relu"


def layers(classes: int) -> str:
    """The layers for a number of classes."""
    dilated = "\n".join(
        f"{number}: {block(128, dilation)}"
        for number, dilation in enumerate((2, 4, 8, 16) * 2, start=9)
    )
    return f"""
        image 3x512x1024
        each: bias
        1: {down(3, 16)}
        2: {down(16, 64)}
        3: 5 * {block(64)}
        8: {down(64, 128)}
        {dilated}
        17: {up(64)}
        18: 2 * {block(64)}
        20: {up(16)}
        21: 2 * {block(16)}
        23: transposed 2x2/2 {classes} padding=0
    """


ENCODER = "holds the output layer of the encoder alone, {difference} parameters that decoding does not use"
AUTODRIVE = "voldemortX/pytorch-auto-drive"

network = Network(
    layers(20),
    {"19 classes": layers(19)},
    (
        Figure(
            Quantity.PARAMETERS,
            "2,066,836",
            "",
            "Eromera/erfnet_pytorch, 20 classes",
            reason=ENCODER,
        ),
        Figure(
            Quantity.PARAMETERS,
            "2.07",
            "M",
            AUTODRIVE,
            "19 classes",
            reason="holds the output layer of the encoder alone, which decoding does not use",
        ),
        Figure(Quantity.PARAMETERS, "2.1", "M", "Romera et al. (2018)"),
    ),
    usual="20 classes",
)
