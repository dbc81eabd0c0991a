"""The public Python in one minute.

Families, layers, comparisons, factors and proofs, each in one line. In a notebook every one of them
shows its formulas and tables; `print` shows what the command line shows.
"""

import numpy as np

import derive

# A family of convolutions is one line of factors. Everything else is derived from that line.
a = derive.families["asymmetric"]
print(a)

# Counts are closed forms. Call one with sizes by name; `n` is every side of a square kernel.
print(a.parameters)
print(a.parameters(C_in=3, C_out=8, n=3, m=3))

# A layer is given by its numbers, and a family is counted on it.
layer = derive.layer(image=(128, 128), channels=(3, 8), kernel=3)
print(a.on(layer, m=8).macs)

# Every family on this layer, with one or several widths for those that choose one.
comparison = derive.compare(layer, middle=[3, 8])
print(comparison)

# The comparison as text to take away: CSV, LaTeX, Markdown and JSON.
print(comparison.markdown().splitlines()[0])

# Weights are arrays of NumPy, tensors of PyTorch or nested lists. The verdict is exact. If the
# kernel is not of this form, the factors are those of the nearest kernel that is.
W = np.random.default_rng(0).standard_normal((8, 3, 3, 3))
found = derive.factor(W, a, middle=3)
print(found.verdict, {name: array.shape for name, array in found.factors.items()})

# A line of your own, in the words of the command line and of the site.
print(derive.define("A[j,i,u] B[o,j,v]").exact_when)

# A theorem runs its own proof.
print(derive.prove("rank-one").status)
