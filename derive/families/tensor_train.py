"""Tensor-train convolution: a chain of four layers, 1 × 1, n × 1, 1 × n, 1 × 1, joined by three bonds.

An asymmetric pair between two channel mixes. The TT convolution of Garipov et al. is another design:
it first splits the channels into several letters.

Also called: direct TT decomposition of a kernel, matrix product state.
Source: Oseledets (2011), Tensor-Train Decomposition, SIAM J. Sci. Comput. 33(5), doi 10.1137/090752286; Garipov et al. (2016), Ultimate tensorization, arXiv 1611.03214 (whose baseline this is).
"""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import i, o, p, q, r, u, v

A, B, C, F = map(IndexedBase, "ABCF")

family = Family(A[q, i], B[r, q, u], C[p, r, v], F[o, p])
