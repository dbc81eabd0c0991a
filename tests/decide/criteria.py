"""What decides, typed in from the theorems and worked out by minors: shares nothing with derive.

A form is written as its criteria: (kept, rows, columns, largest rank) in the letters of the kernel,
and pairs of blocks or taps between which it is zero. Kernels are {(o, i, u, v): number}.
"""

from fractions import Fraction
from itertools import combinations, permutations, product
from math import prod

from derive import oracle


def asymmetric(m):  # T3
    return [("", "ov", "iu", m)]


def horizontal_first(m):
    return [("", "ou", "iv", m)]


def depthwise_separable(M):  # T4
    return [("i", "o", "uv", M)]


BLUEPRINT = [("o", "i", "uv", 1)]
FLATTENED = [("o", "i", "uv", 1), ("o", "u", "iv", 1), ("o", "v", "iu", 1)]  # T6 b
DAS = [("i", "o", "uv", 1), ("i", "u", "ov", 1), ("i", "v", "ou", 1)]
OUTER = [("", "o", "iuv", 1), ("", "i", "ouv", 1), ("", "u", "oiv", 1), ("", "v", "oiu", 1)]


def tucker(Q, P):  # T6 a
    return [("", "i", "ouv", Q), ("", "o", "iuv", P)]


def tensor_train(Q, R, P):
    return [("", "i", "ouv", Q), ("", "iu", "ov", R), ("", "o", "iuv", P)]


def meets(criteria, entries, extents, letters="oiuv"):
    """Whether no minor larger than allowed is other than zero."""
    sizes = dict(zip(letters, extents, strict=True))

    def box(word):
        return product(*(range(sizes[x]) for x in word))

    for kept, rows, columns, largest in criteria:
        for held in box(kept):
            value = dict(zip(kept, held, strict=True))
            matrix = [
                [
                    picked(entries, letters, value, rows, at, columns, other)
                    for other in box(columns)
                ]
                for at in box(rows)
            ]
            if some_minor(matrix, largest + 1):
                return False
    return True


def picked(entries, letters, held, rows, row, columns, column):
    value = held | dict(zip(rows, row, strict=True)) | dict(zip(columns, column, strict=True))
    return entries[tuple(value[x] for x in letters)]


def some_minor(matrix, size):
    """Whether a minor of that size is not zero: all are tried."""
    if size > min(len(matrix), len(matrix[0])):
        return False
    return any(
        determinant([[row[x] for x in columns] for row in rows])
        for rows in combinations(matrix, size)
        for columns in combinations(range(len(matrix[0])), size)
    )


def determinant(square):
    """By its definition."""
    total = 0
    for order in permutations(range(len(square))):
        sign = prod(-1 if x > y else 1 for x, y in combinations(order, 2))
        total += sign * prod(row[x] for row, x in zip(square, order, strict=True))
    return total


def rank(matrix):
    """By elimination with fractions."""
    rows, found = [[Fraction(x) for x in row] for row in matrix], 0
    for x in range(len(matrix[0])):
        pivot = next((y for y in range(found, len(rows)) if rows[y][x]), None)
        if pivot is not None:
            rows[found], rows[pivot] = rows[pivot], rows[found]
            for y in range(found + 1, len(rows)):
                times = rows[y][x] / rows[found][x]
                rows[y] = [a - times * b for a, b in zip(rows[y], rows[found], strict=True)]
            found += 1
    return found


def contracted(factors, inputs, outputs, taps, sizes):
    """The oracle's contraction of factors given as derive's kernels; a letter is its first one."""
    words = [("".join(x.name[0] for x in f.letters), f.entries) for f in factors]
    return oracle.contract(words, inputs, outputs, taps, sizes)
