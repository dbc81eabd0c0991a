"""Every pair of families against kernels and ranks of independent code (T21)."""

import random
from functools import cache

import numpy as np
import pytest

from derive.catalogue import FAMILIES
from derive.notation.letters import size
from derive.relations.relation import included
from tests.relations.independent import bounds, DECIDES, is_member, LINES, Sampled

VECTORS = 200
OWN = ("m", "M", "P", "Q", "R", "T")
# mathematics.md, T21: smallest sizes on 3 -> 8 channels, 3 x 3, ranks 3 and multiplier 1.
CONTAINING = (
    *("depthwise-separable", "blueprint-separable", "asymmetric", "asymmetric-horizontal-first"),
    *("depthwise-asymmetric-separable", "flattened", "tucker-2"),
)
NO, YES = None, ()
TABLE = {
    "standard": (8, NO, 9, 9, NO, NO, (8, 3)),
    "depthwise-separable": (1, NO, 9, 9, NO, NO, (3, 3)),
    "blueprint-separable": (8, YES, 9, 9, NO, NO, (8, 3)),
    "asymmetric": (8, NO, 3, 9, NO, NO, (8, 3)),
    "asymmetric-horizontal-first": (8, NO, 9, 3, NO, NO, (8, 3)),
    "depthwise-asymmetric-separable": (1, NO, 3, 3, YES, NO, (3, 3)),
    "flattened": (8, YES, 8, 8, NO, YES, (8, 3)),
    "tucker-2": (3, NO, 9, 9, NO, NO, (3, 3)),
    "cp": (3, NO, 3, 3, NO, NO, (3, 3)),
    "cp-joint": (3, NO, 9, 9, NO, NO, (3, 3)),
}
OPENING = {"C_in": 3, "C_out": 8, "k_h": 3, "k_w": 3, "m": 3, "M": 1, "P": 3, "Q": 3, "R": 3}


def numbers(sizes):
    return {size(name): number for name, number in sizes.items()}


def on(small, large, sizes, large_sizes=None):
    lines = FAMILIES[small].family, FAMILIES[large].family
    return included(*lines, numbers(sizes), numbers(large_sizes or sizes))


@pytest.mark.parametrize("small", TABLE)
def test_the_table_of_the_opening_layer(small):
    for large, expected in zip(CONTAINING, TABLE[small], strict=True):
        found = on(small, large, OPENING)
        needs = {str(need.bond)[0]: (need.least, need.most) for need in found.needs}
        wanted = expected if isinstance(expected, tuple) else (expected,)
        if expected in (NO, YES):
            assert found.verdict is (expected == YES), (small, large)
            assert not needs
        else:
            assert [needs[name] for name in sorted(needs)] == [(n, n) for n in wanted]


@cache
def vectors():
    draw = random.Random(21)
    names = ("C_in", "C_out", "k_h", "k_w", *OWN)
    return [{name: draw.randint(1, 4) for name in names} for _ in range(VECTORS)]


@pytest.mark.parametrize("small", LINES)
def test_every_threshold_is_exact_and_no_kernel_refutes_it(small):
    """At random sizes the needs are the largest ranks of random kernels, and verdicts follow."""
    for number, sizes in enumerate(vectors()):
        large = list(DECIDES)[number % len(DECIDES)]
        ranks = [(bound, Sampled(small, sizes).rank(*sides)) for *sides, bound in bounds(large)]
        found = on(small, large, sizes)
        fits = all(rank <= sizes.get(bound, 1) for bound, rank in ranks)
        assert found.verdict is fits, (small, large, sizes)
        wanted = {}
        for bound, rank in ranks:
            wanted[bound] = max(rank, wanted.get(bound, 1))
        enough = wanted.pop(1, 1) == 1
        needs = {str(need.bond).strip("'"): need.most for need in found.needs}
        assert needs == ({bound: n if enough else None for bound, n in wanted.items()}), sizes


@pytest.mark.parametrize("large", DECIDES)
def test_a_witness_is_of_the_one_design_and_not_of_the_other(large):
    """Its minor is not 0 by NumPy, and the ranks that decide refuse it."""
    for number, sizes in enumerate(vectors()[:60]):
        small = list(LINES)[number % len(LINES)]
        found = on(small, large, sizes)
        if found.verdict:
            assert found.witness is None
            continue
        witness = found.witness
        kernel = np.zeros(list(witness.extents.values()), dtype=int)
        for at, value in witness.entries.items():
            kernel[at] = value
        assert not is_member(kernel, large, sizes), (small, large, sizes)
        if small in DECIDES:
            assert is_member(kernel, small, sizes), (small, large, sizes)


@pytest.mark.parametrize("small", LINES)
def test_weights_contract_to_the_kernel_of_the_smaller_design(small):
    """Numbers in the weights of the smaller line, einsum in that of the larger one."""
    for large in LINES:
        lines = FAMILIES[small].family, FAMILIES[large].family
        for found in included(*lines).recipes:
            assert found.proved
            same(found, small)


def same(found, small):
    """Evaluate weights entry by entry at small sizes."""
    from sympy import Integer

    sizes = dict.fromkeys(("C_in", "C_out", "k_h", "k_w", *OWN), 2)
    assert small in LINES
    values = {size(name): Integer(n) for name, n in sizes.items()}
    values |= {size(f"{name}'"): Integer(n) for name, n in sizes.items()}
    left = found.contracted.xreplace(values)
    right = found.represented.xreplace(values)
    at = {x: Integer(1) for x in right.free_symbols if len(str(x)) == 1}
    assert left.xreplace(at).doit().expand() == right.xreplace(at).doit().expand()
