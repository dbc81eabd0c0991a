"""Standard convolution: one free weight for every output channel, input channel and tap.

Every other family of this book is a restriction of this one, so it is the baseline of every
comparison.

Also called: full convolution, dense convolution, regular convolution, Conv2d, vanilla convolution.
Source: Dumoulin, Visin (2016), A guide to convolution arithmetic for deep learning, section 1.1, arXiv 1603.07285.
"""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import i, o, u, v

W = IndexedBase("W")

family = Family(W[o, i, u, v])
