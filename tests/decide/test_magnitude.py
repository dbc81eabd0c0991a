from fractions import Fraction
from math import hypot, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.decide.magnitude import Magnitude, norm

numbers = st.floats(0, 1e6)
powers = st.integers(-4000, 4000)


def exact(magnitude):
    return Fraction(magnitude.mantissa) * Fraction(2) ** magnitude.exponent


@given(numbers, powers, numbers, powers)
def test_sums_products_and_order_are_those_of_the_numbers(a, p, b, q):
    one, two = Magnitude.of(a, p), Magnitude.of(-b, q)
    x, y = Fraction(a) * Fraction(2) ** p, Fraction(b) * Fraction(2) ** q
    assert (exact(one), exact(two)) == (x, y)
    assert (one < two, one == two, one <= two) == (x < y, x == y, x <= y)
    assert abs(exact(one + two) - (x + y)) <= (x + y) / 2**52
    assert abs(exact(one * b) - x * Fraction(b)) <= x * Fraction(b) / 2**52
    assert bool(one) == bool(x)


@given(st.lists(st.tuples(st.floats(0, 1e6), st.integers(-900, 900)), max_size=6))
def test_the_norm_is_the_root_of_the_sum_of_squares(pairs):
    magnitudes = [Magnitude.of(a, p) for a, p in pairs]
    square, total = exact(norm(magnitudes)) ** 2, sum(exact(x) ** 2 for x in magnitudes)
    assert abs(square - total) <= total / 2**48


def test_numbers_out_of_range_are_still_numbers():
    huge, tiny = Magnitude.of(1.0, 5000), Magnitude.of(1.0, -5000)
    assert (float(huge), float(tiny)) == (inf, 0.0)
    assert (str(huge), str(tiny)) == ("1.41e+1505", "7.08e-1506")
    assert (tiny / huge, huge / huge) == (0, 1)
    assert Magnitude() < tiny < tiny + tiny
    assert float(norm([Magnitude.of(3.0, -5000), Magnitude.of(4.0, -5000)]) * 2.0**-1000) == 0
    assert norm([Magnitude.of(3.0, 5000), Magnitude.of(4.0, 5000)]) == Magnitude.of(5.0, 5000)


def test_in_range_it_is_the_float():
    assert float(Magnitude.of(-0.1)) == 0.1
    assert f"{Magnitude.of(hypot(3, 4)):.3f}" == "5.000"
    with pytest.raises(ZeroDivisionError):
        Magnitude.of(1.0) / Magnitude()
