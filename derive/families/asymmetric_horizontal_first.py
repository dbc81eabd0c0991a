"""Asymmetric convolution, horizontal first: a 1 × n row filter, then an n × 1 column filter, joined by m middle channels.

The same idea as the vertical-first order, and with several channels another set of kernels.

Also called: spatially separable convolution, factorized convolution, 1×n → n×1.
Source: Szegedy et al. (2016), Rethinking the Inception Architecture for Computer Vision, section 3.2, arXiv 1512.00567.
"""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import i, j, o, u, v

A, B = map(IndexedBase, "AB")

family = Family(A[j, i, v], B[o, j, u])
