"""Asymmetric convolution, vertical first: an n × 1 column filter, then a 1 × n row filter, joined by m middle channels.

It splits the kernel along height and width. With several channels the order of the two filters
matters: a 3 × 3 kernel with three channels or more on both sides can need one middle channel one way
and nine the other.

Also called: spatially separable convolution, factorized convolution, n×1 → 1×n, low-rank expansion (scheme 2), spatial separable convolution, serial asymmetric convolution.
Source: Jaderberg, Vedaldi, Zisserman (2014), Speeding up Convolutional Neural Networks with Low Rank Expansions, scheme 2, arXiv 1405.3866; Szegedy et al. (2016), Rethinking the Inception Architecture for Computer Vision, section 3.2, arXiv 1512.00567; Tai et al. (2016), Convolutional neural networks with low-rank regularization, arXiv 1511.06067 (trains it).
"""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import i, j, o, u, v

A, B = map(IndexedBase, "AB")

family = Family(A[j, i, u], B[o, j, v])
