"""Depthwise convolution: every input channel has M spatial filters of its own, nothing is mixed.

The output channels are the pairs of an input channel and a copy, C_out = M·C_in.

Also called: channel-wise convolution, grouped convolution with one input channel per group, DepthwiseConv2D.
Source: Sifre (2014), Rigid-motion scattering for image classification, section 6.2, PhD thesis, École Polytechnique.
"""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import i, l, u, v

D = IndexedBase("D")

family = Family(D[i, l, u, v], outputs=(i, l))
