"""Inception v3: branches side by side, and in the 17 × 17 blocks 1 × 7 and 7 × 1 convolutions in a row.

Blocks are named as in torchvision, 5b to 7c. In 6b to 7a asymmetric pairs stand in series, in 7b and 7c 1 × 3 and 3 × 1 stand side by side, which is no factorization of a 3 × 3. The auxiliary classifier, which helps in training alone, is in a variant.

Also called: InceptionV3.
Source: Szegedy et al. (2016), Rethinking the Inception Architecture for Computer Vision, arXiv 1512.00567.
"""

from derive.notation.network import Figure, Network, Quantity

TORCHVISION = "torchvision, inception_v3"


def wide(pool: int) -> str:
    """A block of the 35 × 35 images."""
    return f"( 1x1 64 | 1x1 48 > 5x5 64 | 1x1 64 > 3x3 96 > 3x3 96 | average 3x3 > 1x1 {pool} )"


def asymmetric(width: int) -> str:
    """A block of the 17 × 17 images, with asymmetric pairs."""
    pair = f"1x7 {width} > 7x1"
    twice = f"7x1 {width} > 1x7 {width} > 7x1 {width} > 1x7 192"
    return f"( 1x1 192 | 1x1 {width} > {pair} 192 | 1x1 {width} > {twice} | average 3x3 > 1x1 192 )"


PARALLEL = "( 1x3 384 | 3x1 384 )"
NARROW = (
    f"( 1x1 320 | 1x1 384 > {PARALLEL} | 1x1 448 > 3x3 384 > {PARALLEL} | average 3x3 > 1x1 192 )"
)

# torchvision and the paper, figure 8: on the last 17 × 17 image, with a linear layer of its own.
AUXILIARY = (
    "( . ; average 5x5/3 valid > aux.conv0: 1x1 128 > aux.conv1: 5x5 768 valid > global"
    " > aux.fc: linear 1000 )"
)


def layers(auxiliary: str = "") -> str:
    """The layers, with the auxiliary classifier or without."""
    return f"""
        image 3x299x299
        each: bn relu
        1a: 3x3/2 32 valid
        2a: 3x3 32 valid
        2b: 3x3 64
        max 3x3/2 valid
        3b: 1x1 80
        4a: 3x3 192 valid
        max 3x3/2 valid
        5b: {wide(32)}
        5c: {wide(64)}
        5d: {wide(64)}
        6a: ( 3x3/2 384 valid | 1x1 64 > 3x3 96 > 3x3/2 96 valid | max 3x3/2 valid )
        6b: {asymmetric(128)}
        6c: {asymmetric(160)}
        6d: {asymmetric(160)}
        6e: {asymmetric(192)}
        {auxiliary}
        7a: ( 1x1 192 > 3x3/2 320 valid | 1x1 192 > 1x7 192 > 7x1 192 > 3x3/2 192 valid | max 3x3/2 valid )
        7b: {NARROW}
        7c: {NARROW}
        global
        fc: linear 1000
    """


network = Network(
    layers(),
    {"auxiliary classifier": layers(AUXILIARY)},
    (
        Figure(Quantity.MACS, "5.713", "G", TORCHVISION),
        Figure(
            Quantity.PARAMETERS,
            "27,161,264",
            "",
            TORCHVISION,
            "auxiliary classifier",
        ),
        Figure(
            Quantity.MACS,
            "5",
            "G",
            "Szegedy et al. (2016), abstract",
        ),
        Figure(
            Quantity.UNSCALED,
            "23,626,728",
            "",
            "Chollet (2017), table 3",
            reason="{difference} stay unexplained; Keras has no scales in its normalizations",
        ),
    ),
)
