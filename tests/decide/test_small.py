"""Every small kernel against the criteria of the theorems, by minors; each proof by definition."""

from itertools import product
from math import prod

import pytest

from derive.algebra.kernel import Kernel
from derive.catalogue import FAMILIES
from derive.decide.verdict import decide
from derive.notation.letters import i, M, m, o, P, Q, R, T, u, v
from tests.decide import criteria
from tests.decide.criteria import contracted, determinant, meets

FULL = (o, i, u, v)
SHAPES = [
    *[(shape, (-1, 0, 1)) for shape in ((1, 1, 2, 2), (2, 2, 1, 1), (1, 2, 2, 1), (2, 1, 1, 2))],
    *[(shape, (-1, 0, 1)) for shape in ((1, 1, 2, 3),)],
    *[(shape, (0, 1)) for shape in ((2, 1, 2, 2), (2, 2, 2, 1), (3, 3, 1, 1), (3, 1, 1, 3))],
]
FORMS = {
    "asymmetric m=1": ("asymmetric", {m: 1}, criteria.asymmetric(1)),
    "asymmetric m=2": ("asymmetric", {m: 2}, criteria.asymmetric(2)),
    "horizontal first m=1": ("asymmetric-horizontal-first", {m: 1}, criteria.horizontal_first(1)),
    "depthwise separable M=1": ("depthwise-separable", {M: 1}, criteria.depthwise_separable(1)),
    "decoupling T=2": ("network-decoupling", {T: 2}, criteria.depthwise_separable(2)),
    "blueprint": ("blueprint-separable", {}, criteria.BLUEPRINT),
    "flattened": ("flattened", {}, criteria.FLATTENED),
    "DAS": ("depthwise-asymmetric-separable", {}, criteria.DAS),
    "Tucker-2 1, 2": ("tucker-2", {Q: 1, P: 2}, criteria.tucker(1, 2)),
    "tensor train 2, 1, 1": ("tensor-train", {Q: 2, R: 1, P: 1}, criteria.tensor_train(2, 1, 1)),
    "tensor train 1, 2, 2": ("tensor-train", {Q: 1, R: 2, P: 2}, criteria.tensor_train(1, 2, 2)),
    "CP R=1": ("cp", {R: 1}, criteria.OUTER),
}


def kernels(extents, numbers, letters=FULL):
    for flat in product(numbers, repeat=prod(extents)):
        yield Kernel(letters, extents, flat)


def proved(verdict, inputs="i", outputs="o", taps="uv"):
    """Whether the factors, or the minor, are what the verdict says, by definition."""
    if verdict.factors is not None:
        sizes = {x.name[0]: n for f in verdict.factors for x, n in f.sizes.items()}
        sizes |= {x.name: n for x, n in verdict.kernel.sizes.items() if x.name in taps}
        found = contracted(verdict.factors, inputs, outputs, taps, sizes)
        return list(found.values()) == list(verdict.kernel.flat)
    found = verdict.minor
    value = dict.fromkeys(verdict.kernel.letters, 0) | dict(found.kept)
    square = []
    for row in found.rows:
        line = []
        for column in found.columns:
            value |= zip(found.row_letters, row, strict=True)
            value |= zip(found.column_letters, column, strict=True)
            line.append(verdict.kernel.entries[tuple(value[x] for x in verdict.kernel.letters)])
        square.append(line)
    return found.size == found.bound + 1 and determinant(square) == found.value != 0


@pytest.mark.parametrize("name", FORMS)
def test_every_small_kernel_is_decided_as_its_minors_say(name):
    family, values, terms = FORMS[name]
    words = set()
    for extents, numbers in SHAPES:
        for kernel in kernels(extents, numbers):
            verdict = decide(FAMILIES[family].family, kernel, values)
            expected = meets(terms, kernel.entries, extents)
            assert verdict.word == ("exact" if expected else "not exact"), kernel.nested
            assert proved(verdict), kernel.nested
            words.add(verdict.word)
    assert words == {"exact", "not exact"}
