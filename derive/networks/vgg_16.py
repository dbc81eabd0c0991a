"""VGG-16: thirteen 3 × 3 convolutions with a bias, and three linear layers that hold most of the weights.

In the variant every convolution is a depthwise separable one without biases.

Also called: VGG16, configuration D.
Source: Simonyan, Zisserman (2014), Very Deep Convolutional Networks for Large-Scale Image Recognition, arXiv 1409.1556.
"""

from derive.notation.network import Figure, Network, Quantity

STAGES = ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512))
TORCHVISION = "torchvision, vgg16"
SEPARABLE = "apache/mxnet, issue 8832"


def layers(convolution: str) -> str:
    """The layers, each convolution written as given for its channels."""
    lines = [
        f"{stage}: {times} * ( {convolution.format(channels)} )\nmax 2x2/2 valid"
        for stage, (times, channels) in enumerate(STAGES, start=1)
    ]
    body = "\n".join(lines)
    return f"""
        image 3x224x224
        {body}
        fc6: linear 4096 relu
        fc7: linear 4096 relu
        fc8: linear 1000
    """


network = Network(
    layers("3x3 {} bias relu"),
    {"depthwise-separable": layers("dw 3x3 > 1x1 {} relu")},
    (
        Figure(Quantity.PARAMETERS, "138", "M", "Simonyan, Zisserman (2014), table 2"),
        Figure(Quantity.PARAMETERS, "138,357,544", "", TORCHVISION),
        Figure(Quantity.MACS, "15.47", "G", TORCHVISION),
        Figure(Quantity.CONV_MACS, "15,346.63", "M", SEPARABLE),
        Figure(Quantity.CONV_MACS, "1,786.92", "M", SEPARABLE, "depthwise-separable"),
    ),
    usual="standard",
)
