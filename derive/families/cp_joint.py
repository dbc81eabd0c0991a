"""CP convolution with a joint spatial mode: a 1 × 1, one depthwise n × n filter and a 1 × 1.

CP with the two spatial letters kept in one factor: an inverted residual block
without activations and without its shortcut.

Also called: linear mobile bottleneck without its shortcut, inverted residual block without activations.
Source: Kossaifi et al. (2020), Factorized Higher-Order CNNs with an Application to Spatio-Temporal Emotion Estimation, section 3, CVPR, arXiv 1906.06196 (MobileNet blocks as tensor decompositions).
"""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import i, o, r, u, v

S, D, F = map(IndexedBase, "SDF")

family = Family(S[r, i], D[r, u, v], F[o, r])
