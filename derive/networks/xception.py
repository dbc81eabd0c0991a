"""Xception: an Inception network whose blocks are depthwise separable convolutions with shortcuts.

There is no activation between the depthwise and the pointwise convolution.

Source: Chollet (2017), Xception: Deep Learning with Depthwise Separable Convolutions, arXiv 1610.02357.
"""

from derive.notation.network import Figure, Network, Quantity


def separable(channels: int) -> str:
    """A depthwise separable convolution, normalized once at its end."""
    return f"dw 3x3 plain > 1x1 {channels}"


def shrinking(first: int, second: int, start: str = "relu > ") -> str:
    """Two separable convolutions and a pooling, with a 1 × 1 convolution as the shortcut."""
    branch = f"{start}{separable(first)} > relu > {separable(second)} > max 3x3/2 same-upper"
    return f"( {branch} + 1x1/2 {second} )"


MIDDLE = f"8 * ( . + 3 * ( relu > {separable(728)} ) )"

network = Network(
    f"""
        image 3x299x299
        each: bn same-upper
        entry1: 3x3/2 32 valid relu
        entry2: 3x3 64 valid relu
        2: {shrinking(128, 128, "")}
        3: {shrinking(256, 256)}
        4: {shrinking(728, 728)}
        middle: {MIDDLE}
        13: {shrinking(728, 1024)}
        14: ( {separable(1536)} > relu > {separable(2048)} > relu )
        global
        fc: linear 1000
    """,
    {},
    (Figure(Quantity.PARAMETERS, "22,855,952", "", "Chollet (2017), table 3"),),
)
