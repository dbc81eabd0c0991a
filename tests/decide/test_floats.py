from fractions import Fraction
from math import ldexp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.algebra.kernel import Kernel
from derive.decide.floats import exponent_of, integers, scaled, Tensor
from derive.notation.letters import i, o, u, v
from tests.decide.kernels import random_kernel

numbers = st.builds(
    lambda above, below, power: Fraction(above, below) * Fraction(2) ** power,
    st.integers(-(10**20), 10**20),
    st.integers(1, 10**20),
    st.integers(-3000, 3000),
)


@given(st.lists(numbers, min_size=1, max_size=5))
def test_the_largest_entry_is_near_1_and_each_is_rounded_once(entries):
    power = exponent_of(entries)
    found = [scaled(entry, -power) for entry in entries]
    assert max(map(abs, found)) <= 1
    if any(entries):
        assert max(map(abs, found)) >= 0.25
    for entry, number in zip(entries, found, strict=True):
        exact = entry / Fraction(2) ** power
        assert abs(Fraction(number) - exact) <= max(abs(exact) / 2**53, Fraction(1, 2**1075))


@given(st.integers(0, 10**6), st.integers(-900, 900))
def test_a_tensor_is_the_kernel_and_back(seed, power):
    kernel = random_kernel(seed, (2, 1, 3, 2))
    entries = [x * Fraction(2) ** power for x in kernel.flat]
    tensor = Tensor.of(Kernel(kernel.letters, kernel.extents, entries))
    assert tensor.kernel.flat == tuple(entries)
    assert [ldexp(x, tensor.exponent) for x in tensor.array.ravel()] == pytest.approx(
        [float(x) for x in entries], rel=0
    )


@pytest.mark.parametrize(
    ("rows", "columns"), [((o, v), (i, u)), ((u,), (o, i, v)), ((), (o, i, u, v))]
)
def test_matrices_are_those_of_the_kernel(rows, columns):
    kernel = random_kernel(7, (2, 3, 2, 3))
    assert Tensor.of(kernel).matrix(rows).shape == np.shape(kernel.matrix(rows, columns))
    for tensor in (Tensor.of(kernel), integers(kernel)):
        matrix = tensor.matrix(rows) * 2**tensor.exponent
        assert matrix.tolist() == kernel.matrix(rows, columns)


def test_slices_hold_letters_at_every_value():
    kernel = random_kernel(8, (2, 3, 2, 2))
    for at, part in integers(kernel).slices((v, i)):
        held = {v: at[0], i: at[1]}
        assert part.letters == (o, u)
        assert part.array.tolist() == kernel.matrix((o,), (u,), held)
