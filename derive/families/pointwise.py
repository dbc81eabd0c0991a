"""Pointwise convolution: every pixel on its own, all channels mixed.

A 1 × 1 kernel. On a layer with a larger kernel it is the middle tap alone.

Also called: 1×1 convolution, cross-channel parametric pooling.
Source: Lin, Chen, Yan (2014), Network In Network, arXiv 1312.4400.
"""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import i, o

P = IndexedBase("P")

family = Family(P[o, i])
