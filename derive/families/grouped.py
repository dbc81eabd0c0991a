"""Grouped convolution: channels fall into groups, and no group sees another.

With C_in = G·C_a and C_out = G·C_b the group is a letter that input and output share, so the full
kernel is block diagonal.

Also called: group convolution, filter groups, middle stage of a ResNeXt block.
Source: Krizhevsky, Sutskever, Hinton (2012), ImageNet Classification with Deep Convolutional Neural Networks, section 3.5; Xie et al. (2017), Aggregated Residual Transformations for Deep Neural Networks, section 3.3, arXiv 1611.05431.
"""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import a, b, g, u, v

W = IndexedBase("W")

family = Family(W[g, b, a, u, v], inputs=(g, a), outputs=(g, b))
