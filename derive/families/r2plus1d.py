"""(2+1)D convolution: an n × n spatial convolution, then one along time, joined by m middle channels.

The asymmetric idea on a video: space is split from time. The published block has an activation
between the two; without it, this is the linear map.

Also called: R(2+1)D, serial pseudo-3D convolution, factorized spatio-temporal convolution, P3D-A, S3D, spatiotemporally separable convolution.
Source: Tran et al. (2018), A Closer Look at Spatiotemporal Convolutions for Action Recognition, section 3.5, arXiv 1711.11248; Qiu, Yao, Mei (2017), Learning Spatio-Temporal Representation with Pseudo-3D Residual Networks, arXiv 1711.10305.
"""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import i, j, o, t, u, v

S, B = map(IndexedBase, "SB")

family = Family(S[j, i, u, v], B[o, j, t])
