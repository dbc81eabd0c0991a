"""Depthwise asymmetric separable convolution: a column and a row filter per input channel, then a 1 × 1 mix.

Both splits at once: space from channels, and height from width.

Also called: extremely separated convolution (a simplified XSepConv), factorized depthwise separable convolution, DAS.
Source: Chen, Lu, Xue, Liao (2020), XSepConv: Extremely Separated Convolution, arXiv 2002.12046; Liu et al. (2020), FDDWNet, ICASSP, arXiv 1911.00632.
"""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import i, o, u, v

A, B, P = map(IndexedBase, "ABP")

family = Family(A[i, u], B[i, v], P[o, i])
