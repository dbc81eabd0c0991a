"""Flattened convolution: a 1 × 1 mix of channels, then a column and a row filter per output channel.

Every filter is an outer product of three vectors, one along each axis. The published layer runs two
such sets one after the other, with a bias after every one-dimensional filter.

Also called: lateral–vertical–horizontal (LVH) convolution, rank-one filters.
Source: Jin, Dundar, Culurciello (2015), Flattened Convolutional Neural Networks for Feedforward Acceleration, figure 2, arXiv 1412.5474.
"""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import i, o, u, v

P, A, B = map(IndexedBase, "PAB")

family = Family(P[o, i], A[o, u], B[o, v])
