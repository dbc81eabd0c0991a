"""A line of your own.

Type a contraction, and the program derives the layers, their cost and the kernels that the design
represents, and proves that the layers are one convolution.
"""

import derive

# A 1 × 1 layer to R channels, one spatial filter on each of them, then a 1 × 1 layer. The letters i
# and o are the channels, u and v the taps; the letter r stands in no kernel and is summed.
mine = derive.define("S[r,i] D[r,u,v] F[o,r]")
print(mine)

# What it costs, as a formula and on a layer.
print(mine.parameters)
layer = derive.layer(image=(56, 56), channels=(64, 64), kernel=3)
print(mine.on(layer, R=128))

# Which kernels it represents.
print(mine.exact_when)

# The stages one after the other are the convolution with this kernel, for all sizes.
proof = derive.prove(mine)
print(proof.status)

# Parallel branches are added: here with a 1 × 1 shortcut next to the three layers.
both = mine + derive.define("P[o,i]")
print(both.parameters)
