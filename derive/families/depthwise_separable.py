"""Depthwise separable convolution: M spatial filters per input channel, then a 1 × 1 mix of channels.

It splits the kernel into space and channels. It does not split space itself: each spatial filter is
a free n × n one. The usual layer has M = 1; once M reaches the smaller of C_out and the number of
taps, every convolution is of this form.

Also called: SeparableConv2D, separable convolution (Keras), DWS, DWS×M, DSC.
Source: Chollet (2017), Xception: Deep Learning with Depthwise Separable Convolutions, section 1.2, arXiv 1610.02357; Howard et al. (2017), MobileNets, section 3.1, arXiv 1704.04861.
"""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import i, l, o, u, v

D, P = map(IndexedBase, "DP")

family = Family(D[i, l, u, v], P[o, i, l])
