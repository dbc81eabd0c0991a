"""R(2+1)D-18: an 18-layer residual network for video whose 3 × 3 × 3 convolutions are a 1 × 3 × 3 and a 3 × 1 × 1.

The channels between the two are chosen to keep the number of weights of the full kernel. torchvision works them out once for each block and takes 45 in the stem; the variant follows the rule of the paper in every layer. What torchvision calls GFLOPS are the MACs of one clip of 16 frames of 112 × 112.

Also called: R(2+1)D, r2plus1d_18.
Source: Tran et al. (2018), A Closer Look at Spatiotemporal Convolutions for Action Recognition, arXiv 1711.11248.
"""

from derive.notation.network import Figure, Network, Quantity

STAGES = ((64, 1), (128, 2), (256, 2), (512, 2))


def middle(read: int, written: int, side: int = 3, time: int = 3) -> int:
    """The most channels between space and time that need no more weights than the full kernel."""
    return time * side**2 * read * written // (side**2 * read + time * written)


def pair(read: int, written: int, between: int, stride: int = 1) -> str:
    """A convolution in space and one in time, with an activation between them."""
    space = f"1x3x3/1x{stride}x{stride} {between} relu"
    return f"{space} > 3x1x1/{stride}x1x1 {written}"


def layers(by_rule: bool) -> str:
    """The layers as torchvision has them, or with the rule of the paper in every layer."""
    stem = middle(3, 64, side=7) if by_rule else 45
    read, lines = 64, []
    for stage, (written, stride) in enumerate(STAGES, start=1):
        first = middle(read, written)
        second = middle(written, written) if by_rule else first
        shortcut = f"1x1x1/{stride} {written}" if stride > 1 else "."
        branch = f"{pair(read, written, first, stride)} relu > {pair(written, written, second)}"
        lines.append(f"{stage}.1: ( ( {branch} + {shortcut} ) > relu )")
        plain = middle(written, written)
        branch = f"{pair(written, written, plain)} relu > {pair(written, written, plain)}"
        lines.append(f"{stage}.2: ( ( {branch} + . ) > relu )")
        read = written
    body = "\n".join(lines)
    return f"""
        image 3x16x112x112
        each: bn
        stem: ( 1x7x7/1x2x2 {stem} relu > 3x1x1 64 relu )
        {body}
        global
        fc: linear 400
    """


network = Network(
    layers(by_rule=False),
    {"rule of the paper": layers(by_rule=True)},
    (
        Figure(Quantity.PARAMETERS, "31,505,325", "", "torchvision, r2plus1d_18"),
        Figure(Quantity.MACS, "40.519", "G", "torchvision 0.29.1, R2Plus1D_18_Weights, _ops"),
        Figure(Quantity.PARAMETERS, "33.4", "M", "Tran et al. (2018)", "rule of the paper"),
    ),
    usual="torchvision",
)
