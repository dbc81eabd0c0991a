"""Kernels and memberships by code that shares nothing with derive: einsum and typed lines."""

from dataclasses import dataclass
from math import prod

import numpy as np

# The lines once more, as einsum takes them: factors, kernel, and what letters run over.
LINES = {
    "standard": ("oiuv->oiuv", {}),
    "depthwise-separable": ("iluv,oil->oiuv", {"l": "M"}),
    "blueprint-separable": ("oi,ouv->oiuv", {}),
    "asymmetric": ("jiu,ojv->oiuv", {"j": "m"}),
    "asymmetric-horizontal-first": ("jiv,oju->oiuv", {"j": "m"}),
    "depthwise-asymmetric-separable": ("iu,iv,oi->oiuv", {}),
    "flattened": ("oi,ou,ov->oiuv", {}),
    "tucker-2": ("qi,pquv,op->oiuv", {"q": "Q", "p": "P"}),
    "cp": ("ri,ru,rv,or->oiuv", {"r": "R"}),
    "cp-joint": ("ri,ruv,or->oiuv", {"r": "R"}),
    "tensor-train": ("qi,rqu,prv,op->oiuv", {"q": "Q", "r": "R", "p": "P"}),
    "network-decoupling": ("iuvz,oiz->oiuv", {"z": "T"}),
}
LAYER = {"o": "C_out", "i": "C_in", "u": "k_h", "v": "k_w"}
# What decides membership, as the literature states it: letters held, rows, columns, and the bound.
DECIDES = {
    "standard": [],
    "depthwise-separable": [("i", "o", "uv", "M")],
    "network-decoupling": [("i", "o", "uv", "T")],
    "blueprint-separable": [("o", "i", "uv", 1)],
    "asymmetric": [("", "ov", "iu", "m")],
    "asymmetric-horizontal-first": [("", "ou", "iv", "m")],
    "depthwise-asymmetric-separable": [
        ("i", "o", "uv", 1),
        ("i", "u", "ov", 1),
        ("i", "v", "ou", 1),
    ],
    "flattened": [("o", "i", "uv", 1), ("o", "u", "iv", 1), ("o", "v", "iu", 1)],
    "tucker-2": [("", "i", "ouv", "Q"), ("", "o", "iuv", "P")],
    "tensor-train": [("", "i", "ouv", "Q"), ("", "iu", "ov", "R"), ("", "o", "iuv", "P")],
}


@dataclass(frozen=True)
class Sampled:
    """Random kernels of a line at given sizes, with entries that floats hold exactly."""

    name: str
    sizes: dict

    def kernel(self, seed):
        words, bonds = LINES[self.name]
        runs = {x: self.sizes[size] for x, size in {**LAYER, **bonds}.items()}
        random = np.random.default_rng(seed)
        factors = words.split("->")[0].split(",")
        weights = [random.integers(1, 50, [runs[x] for x in factor]) for factor in factors]
        return np.einsum(words, *weights)

    def rank(self, held, rows, columns, tries=3):
        """The largest rank of the matrix of a random kernel, over all held values."""
        return max(largest_rank(self.kernel(seed), held, rows, columns) for seed in range(tries))


def largest_rank(kernel, held, rows, columns):
    """The rank of a kernel's matrix, largest over the values of the held letters: NumPy's."""
    order = ["oiuv".index(x) for x in held + rows + columns]
    moved = np.transpose(kernel, order)
    shape = moved.shape
    high = prod(shape[len(held) : len(held) + len(rows)])
    blocks = moved.reshape(prod(shape[: len(held)]), high, -1).astype(float)
    return max(int(np.linalg.matrix_rank(block)) for block in blocks)


def is_member(kernel, name, sizes):
    """Whether a kernel is of a family, by the ranks that decide it."""
    return all(
        largest_rank(kernel, held, rows, columns) <= sizes.get(bound, 1)
        for held, rows, columns, bound in DECIDES[name]
    )


def bounds(name):
    """The matrices that decide a family, each with the name of its bound (1 for none)."""
    return DECIDES[name]
