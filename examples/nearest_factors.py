"""The nearest factors of trained weights.

Trained weights are almost never exactly of a cheap form. How near is the nearest kernel that is,
and what would it cost?
"""

import numpy as np

import derive

# Weights as PyTorch stores them, (C_out, C_in, k_h, k_w): here a kernel of width 2 with some noise.
random = np.random.default_rng(1)
column, row = random.standard_normal((2, 4, 3)), random.standard_normal((6, 2, 3))
W = np.einsum("jiu,ojv->oiuv", column, row) + 0.1 * random.standard_normal((6, 4, 3, 3))

# The error at each width, relative to the norm of the weights. The truncated singular value
# decomposition is the nearest kernel of that width there is (Eckart and Young).
asymmetric = derive.families["asymmetric"]
layer = derive.layer(image=(56, 56), channels=(4, 6), kernel=3)
for width in (1, 2, 3):
    found = derive.factor(W, asymmetric, middle=width)
    share = asymmetric.on(layer, m=width).ratio["macs"]
    print(f"m = {width}: error {found.relative_error:.3f}, {float(share):.2f} of the standard MACs")

# The factors are arrays in the letters of the line. Multiplied out they give the error that was
# reported.
found = derive.factor(W, asymmetric, middle=2)
A, B = found.factors.values()
near = np.einsum("jiu,ojv->oiuv", A, B)
print(A.shape, B.shape, found.optimal)
print(abs(np.linalg.norm(near - W) / np.linalg.norm(W) - found.relative_error) < 1e-9)
