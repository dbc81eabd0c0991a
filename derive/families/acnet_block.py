"""ACNet block: an n × n, an n × 1 and a 1 × n convolution side by side, their results added.

Parallel, not in series: the column and the row add to the middle of the square kernel. The three
branches, which have batch normalizations of their own in training, fuse into one n × n kernel, so
nothing is factorized.

Also called: asymmetric convolution block, ACB, additive asymmetric convolution.
Source: Ding, Guo, Ding, Han (2019), ACNet: Strengthening the Kernel Skeletons for Powerful CNN via Asymmetric Convolution Blocks, ICCV, arXiv 1908.03930.
"""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import i, o, u, v

W, A, B = map(IndexedBase, "WAB")

family = Family(W[o, i, u, v]) + Family(A[o, i, u]) + Family(B[o, i, v])
