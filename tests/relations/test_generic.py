"""Kernels modulo a prime are exact, whether integers or floats are multiplied."""

import numpy as np
import pytest

from derive.families import asymmetric, depthwise_separable
from derive.notation.letters import sized
from derive.relations.design import pair
from derive.relations.generic import FLOATS, kernel, LARGE, matrix_rank, PRIME, rank_near

EXACT = 2**61 - 1  # the prime of the witnesses


@pytest.mark.parametrize(("middle", "prime"), [(2047, PRIME), (3001, PRIME), (3001, EXACT)])
def test_a_large_kernel_is_exact_with_large_weights(middle, prime):
    """An odd sum above 2^53 is no float: 3001 products are such, 2047 are not."""
    both = pair(asymmetric.family, depthwise_separable.family)
    design = both.one.at(sized(C_in=3, C_out=2, k_h=1, k_w=1, m=middle, M=1))
    one, other = (
        np.full([int(term.sizes[x]) for x in factor.letters], PRIME - 2)
        for term in design.terms
        for factor in term.factors
    )
    assert one.size + other.size >= LARGE
    assert (middle * (prime - 1) ** 2 <= FLOATS) == (middle == 2047)
    found = kernel(design, ((one, other),), prime)
    assert set(found.ravel().tolist()) == {middle * (PRIME - 2) ** 2 % prime}


@pytest.mark.parametrize("shape", [(100, 120), (70, 3001)])
@pytest.mark.parametrize("bound", [2, 3, 4, 60])
def test_the_rank_is_the_same_whatever_it_is_thought_to_be(shape, bound):
    """With 3001 columns the random sums would not be exact in floats, and are not taken."""
    random = np.random.default_rng(5)
    left, right = (random.integers(PRIME, size=n) for n in ((shape[0], 3), (3, shape[1])))
    entries = (left.astype(object) @ right % PRIME).astype(np.int64)
    assert rank_near(bound, entries) == matrix_rank(entries) == 3
