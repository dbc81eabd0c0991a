"""ResNet-50: sixteen bottlenecks, each with a shortcut around it.

The paper shrinks the image in the first 1 × 1 convolution of a stage; torchvision, and most code since, in the 3 × 3 ("v1.5"), which costs more.

Also called: ResNet50, ResNet-50 v1.5.
Source: He et al. (2016), Deep Residual Learning for Image Recognition, arXiv 1512.03385.
"""

from derive.notation.network import Figure, Network, Quantity

STAGES = ((3, 64, 1), (4, 128, 2), (6, 256, 2), (3, 512, 2))
TORCHVISION = "torchvision, resnet50"


def bottleneck(width: int, first: int, second: int, shortcut: str) -> str:
    """1 × 1, 3 × 3, 1 × 1 around a shortcut; the strides of the first two."""
    branch = f"1x1/{first} {width} relu > 3x3/{second} {width} relu > 1x1 {4 * width}"
    return f"( ( {branch} + {shortcut} ) > relu )"


def layers(early: bool) -> str:
    """The layers, with the stride early, in the first convolution of a stage, or in the second."""
    lines = []
    for stage, (times, width, stride) in enumerate(STAGES, start=2):
        strides = (stride, 1) if early else (1, stride)
        lines.append(f"{stage}.1: {bottleneck(width, *strides, f'1x1/{stride} {4 * width}')}")
        lines += [f"{stage}.{n}: {bottleneck(width, 1, 1, '.')}" for n in range(2, times + 1)]
    body = "\n".join(lines)
    return f"""
        image 3x224x224
        each: bn
        stem: 7x7/2 64 relu
        max 3x3/2
        {body}
        global
        fc: linear 1000
    """


network = Network(
    layers(early=False),
    {"stride on the first 1x1": layers(early=True)},
    (
        Figure(Quantity.PARAMETERS, "25,557,032", "", TORCHVISION),
        Figure(Quantity.MACS, "4.089", "G", TORCHVISION),
        Figure(
            Quantity.MACS,
            "3.8",
            "G",
            "He et al. (2016), table 1",
            reason="the paper strides in the first 1 × 1: see the variant",
        ),
        Figure(
            Quantity.MACS,
            "3.8",
            "G",
            "He et al. (2016), table 1",
            "stride on the first 1x1",
        ),
    ),
    usual="stride on the 3x3",
)
