"""Singular values: against closed forms, against mpmath at many digits, against LAPACK."""

from fractions import Fraction
from math import lcm, sqrt
from random import Random

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.algebra.kernel import Kernel
from derive.algebra.matrix import rank
from derive.catalogue import FAMILIES
from derive.decide import spectrum as module
from derive.decide.spectrum import customary, enclosed, spectra
from derive.notation.letters import i, o, u, v
from tests.decide.kernels import cuts, floats, GAUSSIAN, outer, plane, random_kernel

ASYMMETRIC = FAMILIES["asymmetric"].family
HORIZONTAL = FAMILIES["asymmetric-horizontal-first"].family
ROOT_5 = sqrt(5)


def of(rows):
    """The spectrum of one matrix of integers and fractions."""
    below = lcm(*(Fraction(x).denominator for row in rows for x in row))
    return enclosed([[int(x * below) for x in row] for row in rows], below)


def values(spectrum):
    return [float(value) for value in spectrum.values]


# exact rank, and sigma_2/sigma_1 where it is known
TABLE = {
    "sobel": (plane([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]), 1, 0),
    "binomial": (plane(outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1])), 1, 0),
    "laplacian 4": (plane([[0, 1, 0], [1, -4, 1], [0, 1, 0]]), 2, None),
    "laplacian 8": (plane([[1, 1, 1], [1, -8, 1], [1, 1, 1]]), 2, None),
    "thirds": (plane(outer([Fraction(1, 3), Fraction(2, 3), 1], [Fraction(1, 3), 1, 2])), 1, 0),
    "thirds + 1e-20": (
        plane(
            [[Fraction(1, 3) + Fraction(1, 10**20), *[Fraction(1, 3)] * 2]]
            + [[Fraction(1, 3)] * 3] * 2
        ),
        2,
        2e-20 / 3,
    ),
    "diag(1e16, 1, 0)": (plane([[10**16, 0, 0], [0, 1, 0], [0, 0, 0]]), 2, 1e-16),
    "1e-12..1e12": (plane(outer([Fraction(1, 10**12), 1], [1, 10**12])), 1, 0),
    "rank 1 x 1e-170": (plane(outer([Fraction(1, 10**170), Fraction(2, 10**170)], [1, 3])), 1, 0),
    "zero": (plane([[0] * 3] * 3), 0, 0),
    "gaussian, float64": (floats(GAUSSIAN), 2, 7.72e-18),
}


@pytest.mark.parametrize("name", TABLE)
def test_rank_and_ratio_of_the_separability_table(name):
    kernel, expected, ratio = TABLE[name]
    (found,) = spectra(cuts(ASYMMETRIC, kernel))
    assert found.rank == expected == rank(kernel.matrix((v,), (u,)))
    assert not found.slack
    if ratio is not None:
        assert found.ratio(1) == pytest.approx(ratio, rel=0.01)


def test_the_report_on_a_gaussian_is_separable_to_about_a_unit_in_the_last_place():
    (found,) = spectra(cuts(ASYMMETRIC, floats(GAUSSIAN)))
    assert found.words == "relative error 8e-18 of the nearest column times a row"
    total = sum(map(sum, GAUSSIAN))
    (found,) = spectra(cuts(ASYMMETRIC, floats([[x / total for x in row] for row in GAUSSIAN])))
    assert found.words == "relative error 3e-17 of the nearest column times a row"
    (found,) = spectra(cuts(ASYMMETRIC, plane([[1, 2], [2, 4]])))
    assert found.words == "a column times a row"


def test_float32_noise_is_seen_as_large_as_it_is():
    random = Random(1)
    a, b = ([random.gauss(0, 1) for _ in range(3)] for _ in "ab")
    noisy = [[x + 1e-7 * random.gauss(0, 1) for x in row] for row in outer(a, b)]
    (found,) = spectra(cuts(ASYMMETRIC, floats(noisy, "float32")))
    assert found.rank == 3
    assert 1e-9 < found.ratio(1) < 1e-6


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([[1, 1], [0, 1]], [sqrt((3 + ROOT_5) / 2), sqrt((3 - ROOT_5) / 2)]),
        ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [1, 1, 1]),
        ([[3, 0], [0, -4]], [4, 3]),
        ([[0, 1, 0], [1, -4, 1], [0, 1, 0]], [2 + sqrt(6), 2 / (2 + sqrt(6)), 0]),
        (outer([1, 2, 2], [3, 4]), [15, 0]),
        ([[Fraction(1, 7)]], [1 / 7]),
        ([[0, 0], [0, 0]], [0, 0]),
    ],
)
def test_closed_forms(rows, expected):
    found = of(rows)
    assert values(found) == pytest.approx(expected, rel=3e-16, abs=0)
    assert [value == 0 for value in values(found)] == [value == 0 for value in expected]
    across = [list(row) for row in zip(*rows, strict=True)]
    assert of(across).values == found.values


spread = st.builds(
    lambda sign, digits, power: sign * digits * Fraction(2) ** power,
    st.sampled_from([-1, 0, 1]),
    st.integers(1, 2**30),
    st.integers(-90, 30),
)


@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_values_far_apart_are_those_of_mpmath_at_many_digits(height, width, data):
    rows = [[data.draw(spread) for _ in range(width)] for _ in range(height)]
    with mpmath.workdps(200):
        numbers = mpmath.matrix(
            [[mpmath.mpf(x.numerator) / x.denominator for x in row] for row in rows]
        )
        many = sorted(mpmath.svd_r(numbers, compute_uv=False), reverse=True)
        expected = [float(x) if x > mpmath.mpf(10) ** -150 else 0.0 for x in many]
    assert values(of(rows)) == pytest.approx(expected, rel=1e-15, abs=0)


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 10**6))
def test_lapack_is_right_to_its_slack(height, width, seed):
    random = Random(seed)
    rows = [[random.randint(-99, 99) for _ in range(width)] for _ in range(height)]
    one, two = enclosed(rows), customary(np.array(rows, dtype=float), 0)
    assert not one.slack
    for x, y in zip(one.values, two.values, strict=True):
        assert abs(float(x) - float(y)) <= float(two.slack)
    square = sum(x * x for row in rows for x in row)
    assert float(one.tail(0)) ** 2 == pytest.approx(square, rel=1e-14)
    assert one.rank == rank(rows)


@pytest.mark.parametrize("power", [-400, -170, 16, 170, 400])
def test_a_scale_changes_nothing_but_the_scale(power):
    rows = [[3, 1, 4], [1, 5, 9], [2, 6, 5]]
    plain, other = of(rows), of([[x * Fraction(10) ** power for x in row] for row in rows])
    for size in range(3):
        assert other.ratio(size) == pytest.approx(plain.ratio(size), rel=1e-15)
        digits, times = f"{other.next(size):.6e}".split("e")
        assert float(digits) * 10 ** (int(times) - power) == pytest.approx(
            float(plain.next(size)), rel=1e-6
        )


@given(st.integers(0, 10**6))
def test_large_matrices_are_left_to_lapack_and_agree(seed):
    kernel = random_kernel(seed, (3, 2, 2, 3))
    (certain,) = spectra(cuts(ASYMMETRIC, kernel))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "WORK", 0)
        (rough,) = spectra(cuts(ASYMMETRIC, kernel))
    assert rough.slack
    assert not certain.slack
    for size in range(5):
        assert rough.error(size) / rough.total == pytest.approx(certain.relative(size), abs=1e-14)
        assert rough.ratio(size) == pytest.approx(certain.ratio(size), abs=1e-14)


def test_the_orders_have_different_values():
    gap = Kernel.by(lambda o, i, u, v: int(o == u and i == v), o=2, i=2, u=2, v=2)
    (first,), (second,) = (spectra(cuts(line, gap)) for line in (ASYMMETRIC, HORIZONTAL))
    assert values(first.slices[()]) == [1, 1, 1, 1]
    assert values(second.slices[()]) == [2, 0, 0, 0]
    assert (first.rank, second.rank) == (4, 1)
    assert float(first.error(1)) == pytest.approx(sqrt(3))
    assert not second.error(1)


def test_every_slice_has_its_own_values():
    kernel = Kernel.by(
        lambda o, i, u, v: [[1, 0], [0, 3]][o][v] if i == 0 else o * 5, o=2, i=2, u=1, v=2
    )
    (found,) = spectra(cuts(FAMILIES["depthwise-separable"].family, kernel))
    assert found.cut.kept == (i,)
    assert {at: values(each) for at, each in found.slices.items()} == {
        (0,): [3, 1],
        (1,): pytest.approx([5 * sqrt(2), 0]),
    }
    assert found.ratio(1) == pytest.approx(1 / 3)
    assert float(found.error(1)) == 1
    assert float(found.total) == pytest.approx(sqrt(10 + 50))


def test_entries_where_the_form_has_zeros_count_as_errors():
    kernel = Kernel.of([[[[0, 3, 0], [4, 7, 0], [0, 0, 0]]], [[[0, 0, 0], [0, 1, 0], [0, 0, 12]]]])
    grouped = Kernel((o, i, u, v), (2, 2, 1, 1), [5, 3, 4, 6])
    assert not spectra(cuts(FAMILIES["pointwise"].family, kernel))
    assert float(module.outside(cuts(FAMILIES["pointwise"].family, kernel).form)) == 13
    assert float(module.outside(cuts(FAMILIES["grouped"].family, grouped).form)) == 5
    (found,) = spectra(cuts(FAMILIES["grouped-asymmetric"].family, random_kernel(1, (2, 2, 2, 2))))
    assert found.outside
    assert found.error(2) == found.outside


def test_cp_is_bounded_by_every_parting_of_its_factors():
    kernel = random_kernel(2, (2, 2, 2, 2))
    found = spectra(cuts(FAMILIES["cp"].family, kernel, 1))
    assert all(each.bound == 1 for each in found)
    pairs = spectra(cuts(FAMILIES["cp"].family, kernel, 2))
    assert {(each.cut.rows, each.cut.columns) for each in pairs} == {
        ((o, i), (u, v)),
        ((o, u), (i, v)),
        ((o, v), (i, u)),
    }
