"""A family's formulas by hand, in plain SymPy.

An asymmetric pair is two layers: a column filter A from the input channels to m middle channels,
then a row filter B to the output channels. This script writes both as sums, counts them, and sets
the results next to those that Separable derives from the line `A[j,i,u] B[o,j,v]`.
"""

from sympy import factor, IndexedBase, Sum, symbols

import derive

# Sizes are plain symbols, letters are integers that run over them. At stride 1 and without padding,
# windows are plain shifts of the image.
C_in, C_out, k_h, k_w, m, W, H_out, W_out = symbols("C_in C_out k_h k_w m W H_out W_out")
i, j, o, u, v, x, y = symbols("i j o u v x y", integer=True)
A, B, X, Z = map(IndexedBase, "ABXZ")

# The first layer: every column of every input channel, summed into middle channel j. The second:
# every row of every middle channel, summed into output channel o.
first = Sum(A[j, i, u] * X[i, y + u, x], (i, 0, C_in - 1), (u, 0, k_h - 1))
second = Sum(B[o, j, v] * Z[j, y, x + v], (j, 0, m - 1), (v, 0, k_w - 1))
print(first)
print(second)

# Weights are counted by letting the indices of a factor run: there is one for each value.
weights = Sum(1, (j, 0, m - 1), (i, 0, C_in - 1), (u, 0, k_h - 1)).doit()
weights += Sum(1, (o, 0, C_out - 1), (j, 0, m - 1), (v, 0, k_w - 1)).doit()
print(factor(weights))

# Each number written takes one multiply–accumulate for every term of its sum. The first layer
# writes m × H_out × W numbers (the rows are still to come), the second C_out × H_out × W_out.
per_middle = Sum(1, (i, 0, C_in - 1), (u, 0, k_h - 1)).doit()
per_output = Sum(1, (j, 0, m - 1), (v, 0, k_w - 1)).doit()
macs = m * H_out * W * per_middle + C_out * H_out * W_out * per_output
print(macs)

# The same formulas, derived from the line of the family. A size goes by its name, so that SymPy can
# subtract one from the other.
family = derive.families["asymmetric"]
print(family.parameters)
print(family.macs)
print((family.parameters.expr - weights).expand(), (family.macs.expr - macs).expand())

# Finally in numbers.
sizes = {C_in: 3, C_out: 8, k_h: 3, k_w: 3, m: 3}
print(weights.subs(sizes), family.parameters(C_in=3, C_out=8, n=3, m=3))
