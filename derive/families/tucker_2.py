"""Tucker-2 convolution: channels are squeezed to Q, convolved into P, and expanded again.

A bottleneck without activations: 1 × 1, n × n, 1 × 1.

Also called: bottleneck convolution, partial Tucker decomposition, bottleneck block without activations and shortcut.
Source: Kim et al. (2016), Compression of Deep Convolutional Neural Networks for Fast and Low Power Mobile Applications, arXiv 1511.06530.
"""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import i, o, p, q, u, v

A, C, B = map(IndexedBase, "ACB")

family = Family(A[q, i], C[p, q, u, v], B[o, p])
