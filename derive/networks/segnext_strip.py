"""SegNeXt's strip block: depthwise strips 1 × k and k × 1 for k = 7, 11 and 21, added and used as a gate.

One block of 64 channels on 128 × 128, the first stage of the model B for images of 512 × 512. There is no activation inside: each strip is of rank one in every channel.

Also called: MSCA, multi-scale convolutional attention.
Source: Guo et al. (2022), SegNeXt: Rethinking Convolutional Attention Design for Semantic Segmentation, arXiv 2209.08575.
"""

from derive.notation.network import Network

STRIPS = " + ".join(f"dw 1x{k} > dw {k}x1" for k in (7, 11, 21))

network = Network(
    f"""
        image 64x128x128
        each: bias
        gate: ( . & dw 5x5 > ( . + {STRIPS} ) > 1x1 64 )
    """
)
