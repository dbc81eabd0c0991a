"""Is this kernel a product of smaller factors?

The verdict is exact. If the answer is yes there are factors that multiply out to the kernel, entry
by entry; if it is no there is a minor, a small determinant, that no kernel of the family can have.
"""

import derive

# Sobel's filter is a column times a row.
sobel = derive.factor("sobel", "asymmetric")
print(sobel.verdict, {name: array.ravel().tolist() for name, array in sobel.factors.items()})

# A kernel of your own, as nested lists, an array, a tensor or text.
cross = derive.factor("0 1 0; 1 1 1; 0 1 0", "asymmetric", middle=1)
print(cross.verdict)
print(cross.why)

# The smallest width that represents it exactly.
print(cross.minimal)

# One kernel, several families: its two output channels share a filter up to a factor, so that it
# is depthwise separable; as an asymmetric pair it needs the width that the filter needs.
shared = [[[[0, 1, 0], [1, -4, 1], [0, 1, 0]]], [[[0, 2, 0], [2, -8, 2], [0, 2, 0]]]]
for family, sizes in (
    ("depthwise-separable", {"multiplier": 1}),
    ("asymmetric", {"middle": 1}),
    ("asymmetric", {"middle": 2}),
):
    found = derive.factor(shared, family, **sizes)
    print(f"{family:22}{found.setting}: {found.verdict}")
