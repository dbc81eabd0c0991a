"""Are asymmetric and depthwise separable convolutions the same thing?

No. This script compares both with the standard convolution on the layer of the opening question: a
128 × 128 image, 3 input and 8 output channels, a 3 × 3 kernel.
"""

import derive

# An asymmetric pair splits the kernel along height and width.
asymmetric = derive.families["asymmetric"]
print(asymmetric)

# A depthwise separable layer splits it into space and channels.
separable = derive.families["depthwise-separable"]
print(separable)

# Their costs on the layer. The asymmetric pair has a width to choose, here 3 and 8.
layer = derive.layer(image=(128, 128), channels=(3, 8), kernel=3)
for design in derive.compare(layer, middle=[3, 8]):
    if design.name in ("standard", "asymmetric", "depthwise-separable"):
        print(f"{design.label:24}{design.parameters:5} parameters{design.macs:12,} MACs")

# They also represent different kernels. This one gives every output channel a row of its own: one
# channel in the middle is enough for a row filter followed by a column filter, but a depthwise
# separable layer needs the same filter, up to a factor, for all output channels.
W = [[[[1, 2, 3], [0, 0, 0], [0, 0, 0]]], [[[0, 0, 0], [1, 2, 3], [0, 0, 0]]]]
horizontal = derive.factor(W, "asymmetric-horizontal-first", middle=1)
print(horizontal.verdict)
print(derive.factor(W, separable, multiplier=1).verdict)
