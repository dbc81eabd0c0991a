"""Relate two designs.

Can one layer take the place of another, whatever the weights? How wide does it have to be, and if
it cannot, which kernel proves that?
"""

import numpy as np

import derive

layer = derive.layer(image=(128, 128), channels=(3, 8), kernel=3)
found = derive.relate("depthwise-separable", "asymmetric", layer)
print(found.answer)
print(found.one_in_other.sentence)
print(found.other_in_one.sentence)

# For all sizes: the width that an asymmetric pair needs, as a condition.
print(derive.relate("depthwise-separable", "asymmetric").one_in_other.condition)

# The proof that 3 middle channels do not do: a depthwise separable kernel of small integers, whose
# matrix with rows (o, v) and columns (i, u) has rank 9. NumPy agrees.
kernel = found.one_in_other.witness
matrix = kernel.transpose(0, 3, 1, 2).reshape(8 * 3, 3 * 3)
print(np.linalg.matrix_rank(matrix))

# Where one design contains the other, its weights are known.
for factor, weight in derive.relate("cp", "asymmetric").one_in_other.weights.items():
    print(factor, "=", weight)

# A line of your own is a design too.
print(derive.relate("A[r,i,u] B[r,v] F[o,r]", "asymmetric"))
