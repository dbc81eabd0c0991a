"""CP convolution with a joint spatial mode: a 1 × 1, one depthwise n × n filter and a 1 × 1.

CP with the two spatial letters kept in one factor: an inverted residual block
without activations and without its shortcut. Kossaifi et al. read that block as this
decomposition; the block that they propose splits the spatial letters too, like CP.

Also called: inverted residual block without activations and shortcut, MobileNetV2 block without activations and shortcut.
Source: Kossaifi et al. (2020), Factorized Higher-Order CNNs with an Application to Spatio-Temporal Emotion Estimation, section 3, CVPR, arXiv 1906.06196 (MobileNet blocks as tensor decompositions); Sandler et al. (2018), MobileNetV2: Inverted Residuals and Linear Bottlenecks, arXiv 1801.04381 (the block).
"""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import i, o, r, u, v

S, D, F = map(IndexedBase, "SDF")

family = Family(S[r, i], D[r, u, v], F[o, r])
