"""Network decoupling: a sum of T depthwise separable convolutions side by side.

With T terms it has the kernels of the depthwise separable convolution with multiplier T; what
differs is how it is run.

Also called: decoupled convolution, sum of depthwise separable convolutions.
Source: Guo et al. (2018), Network Decoupling: From Regular to Depthwise Separable Convolutions, BMVC, arXiv 1808.05517.
"""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import i, o, T, u, v

D, P = map(IndexedBase, "DP")

family = T * Family(D[i, u, v], P[o, i])
