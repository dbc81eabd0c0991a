"""Depthwise asymmetric convolution: a column filter and a row filter for every channel on its own.

Per channel the n × n filter is an outer product; channels are not mixed.

Also called: strip convolution, depthwise spatially separable convolution.
Source: Guo et al. (2022), SegNeXt: Rethinking Convolutional Attention Design for Semantic Segmentation, section 3.1, arXiv 2209.08575.
"""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import i, u, v

A, B = map(IndexedBase, "AB")

family = Family(A[i, u], B[i, v], outputs=(i,))
