"""Floats kept as floats: the same numbers as their fractions, and as integers over one power."""

from fractions import Fraction
from itertools import permutations
from math import lcm, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive import certificate as checker
from derive.algebra.dyadic import Dyadics
from derive.algebra.kernel import Kernel
from derive.decide.floats import Tensor
from derive.notation.letters import u, v

numbers = st.lists(
    st.one_of(
        st.floats(allow_nan=False, allow_infinity=False, width=32),
        st.floats(-1e-300, 1e-300, allow_nan=False),
        st.integers(-(2**52), 2**52).map(float),
    ),
    min_size=1,
    max_size=12,
)


@given(numbers)
def test_they_are_the_fractions_that_they_are(given_numbers):
    found, exact = Dyadics(np.array(given_numbers)), tuple(map(Fraction, given_numbers))
    assert tuple(found) == exact
    assert found == exact
    assert hash(found) == hash(tuple(found))
    assert tuple(Fraction(found.text(place)) for place in range(len(found))) == exact
    below = lcm(*(x.denominator for x in exact))
    assert found.scaled == (tuple(int(x * below) for x in exact), below)


@given(numbers)
def test_a_kernel_of_them_is_a_kernel_of_fractions(given_numbers):
    letters, extents = (u, v), (1, len(given_numbers))
    one = Kernel(letters, extents, Dyadics(np.array(given_numbers)))
    two = Kernel(letters, extents, [Fraction(x) for x in given_numbers])
    assert one == two
    assert one.scaled[0].flat == two.scaled[0].flat
    assert one.view((v, u)) == two.view((v, u))
    tensor = Tensor.of(one)
    largest = float(np.abs(tensor.array).max())
    assert largest == 0 or 1 / 4 <= largest < 1
    floats = np.ldexp(tensor.array, tensor.exponent).ravel()
    assert floats == pytest.approx(np.array(given_numbers), rel=1e-15, abs=1e-300)


@given(st.integers(1, 5), st.integers(0, 10**6), st.sampled_from([3, 101, 1073741789, 2**62 - 57]))
def test_packed_rows_have_the_pivots_of_plain_ones(size, seed, prime):
    random = np.random.default_rng(seed)
    rows = random.integers(0, min(prime, 2**62), (size, size)).tolist()
    rows[0] = [0, *rows[0][1:]]  # so that rows change places
    found = checker.residue_pivots([[x % prime for x in row] for row in rows], prime)
    determinant = sum(
        (-1) ** sum(a > b for n, b in enumerate(p) for a in p[:n])
        * prod(rows[y][x] for y, x in enumerate(p))
        for p in permutations(range(size))
    )
    value = prod(found) % prime if len(found) == size else 0
    assert value == determinant % prime


@pytest.mark.parametrize("rows", [[[0, 0], [0, 0]], [[1, 2], [2, 4]], [[0, 1], [0, 2]]])
def test_there_are_as_many_pivots_as_the_rank(rows):
    assert len(checker.residue_pivots(rows, 101)) == len(checker.pivots([list(r) for r in rows]))
