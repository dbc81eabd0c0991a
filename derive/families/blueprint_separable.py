"""Blueprint separable convolution: a 1 × 1 mix of channels, then one spatial filter per output channel.

The mirror image of the depthwise separable convolution: all slices of a filter are multiples of one
blueprint.

Also called: BSConv-U, pointwise then depthwise, BSConv.
Source: Haase, Amthor (2020), Rethinking Depthwise Separable Convolutions: How Intra-Kernel Correlations Lead to Improved MobileNets, CVPR, arXiv 2003.13549.
"""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import i, o, u, v

P, D = map(IndexedBase, "PD")

family = Family(P[o, i], D[o, u, v])
