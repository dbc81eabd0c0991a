"""CP convolution: a sum of R outer products, run as a 1 × 1, two depthwise one-dimensional filters and a 1 × 1.

Every letter of the kernel has a factor of its own; they meet in one bond of size R.

Also called: canonical polyadic decomposition, CANDECOMP, PARAFAC, rank-R convolution, CP decomposition.
Source: Lebedev et al. (2015), Speeding-up Convolutional Neural Networks Using Fine-tuned CP-Decomposition, arXiv 1412.6553.
"""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import i, o, r, u, v

S, A, B, F = map(IndexedBase, "SABF")

family = Family(S[r, i], A[r, u], B[r, v], F[o, r])
