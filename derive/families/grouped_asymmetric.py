"""Grouped asymmetric convolution: an asymmetric pair inside every group.

Both filters are grouped, m = G·C_c middle channels in all, so the kernel is block diagonal and each
block has m/G middle channels of its own.

Also called: grouped spatially separable convolution.
Source: Jaderberg, Vedaldi, Zisserman (2014), scheme 2, arXiv 1405.3866, inside the groups of Xie et al. (2017), arXiv 1611.05431.
"""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import a, b, c, g, u, v

A, B = map(IndexedBase, "AB")

family = Family(A[g, c, a, u], B[g, b, c, v], inputs=(g, a), outputs=(g, b))
