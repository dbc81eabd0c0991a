"""Best approximations: errors by Eckart and Young, against competitors and against every angle."""

from fractions import Fraction
from itertools import product
from math import cos, pi, sin, sqrt
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.algebra.factorize import contracted
from derive.algebra.kernel import Kernel
from derive.catalogue import FAMILIES
from derive.decide import difference as differences
from derive.decide.difference import difference
from derive.decide.nearest import Method, nearest, NoBest
from derive.decide.spectrum import outside, spectra
from derive.notation.letters import i, j, o, t, u, v
from tests.decide.kernels import cuts, floats, FULL, GAUSSIAN, plane, random_kernel

ASYMMETRIC = FAMILIES["asymmetric"].family
HORIZONTAL = FAMILIES["asymmetric-horizontal-first"].family
DWS = FAMILIES["depthwise-separable"].family
FITTING = [
    name for name in FAMILIES if name not in ("depthwise", "depthwise-asymmetric", "r2plus1d")
]
STARS = {"cp", "cp-joint"}  # sums of outer products, which are searched for


def array(kernel):
    return np.array([float(x) for x in kernel.flat]).reshape(kernel.extents)


def distance(kernel, factors):
    """By exact arithmetic, for kernels of the letters o, i, u, v."""
    ours = contracted(factors, FULL).flat
    return sqrt(sum((x - y) ** 2 for x, y in zip(kernel.flat, ours, strict=True)))


@given(st.integers(0, 10**6), st.integers(1, 4), st.sampled_from([ASYMMETRIC, HORIZONTAL]))
def test_two_factors_are_best_and_their_error_is_that_of_the_values_left(seed, width, line):
    kernel = random_kernel(seed, (2, 2, 3, 2))
    found = nearest(cuts(line, kernel, width))
    (known,) = spectra(cuts(line, kernel, width))
    assert found.optimal
    assert found.within == 1
    expected = float(known.error(width))
    assert float(found.least) == expected
    assert float(found.difference.norm) == pytest.approx(expected, abs=1e-13)
    assert distance(kernel, found.factors) == pytest.approx(expected, abs=1e-13)


@given(st.integers(0, 10**6), st.integers(1, 3), st.sampled_from([1e-4, 1e-2, 1.0]))
def test_no_competitor_is_nearer(seed, width, step):
    random, kernel = np.random.default_rng(seed), random_kernel(seed, (2, 2, 2, 3))
    best = nearest(cuts(ASYMMETRIC, kernel, width))
    A, B = map(array, best.factors)
    for _ in range(20):
        near = [x + step * random.standard_normal(x.shape) for x in (A, B)]
        rival = np.einsum("jiu,ojv->oiuv", *near)
        assert np.linalg.norm(array(kernel) - rival) >= float(best.least) - 1e-12


@given(st.tuples(*[st.integers(-5, 5)] * 4))
def test_two_by_two_against_every_angle(entries):
    a, b, c, d = entries
    found = nearest(cuts(ASYMMETRIC, plane([[a, b], [c, d]])))
    lines = [(cos(angle), sin(angle)) for angle in (pi * n / 720 for n in range(720))]
    rows = ((a, b), (c, d))
    errors = [sum((row[0] * q - row[1] * p) ** 2 for row in rows) for p, q in lines]
    total = sum(x * x for x in entries)
    assert float(found.least) <= sqrt(min(errors)) + 1e-12
    assert min(errors) - float(found.least) ** 2 <= total * (pi / 1440) ** 2 + 1e-12


def test_the_matrix_whose_best_is_not_rational():
    found = nearest(cuts(ASYMMETRIC, plane([[1, 1], [0, 1]])))
    assert float(found.least) == pytest.approx(sqrt((3 - sqrt(5)) / 2), rel=1e-15)


def test_both_orders_of_the_gap():
    gap = Kernel.by(lambda o, i, u, v: int(o == u and i == v), o=3, i=3, u=3, v=3)
    first, second = (nearest(cuts(line, gap, 1)) for line in (ASYMMETRIC, HORIZONTAL))
    assert float(first.difference.norm) == pytest.approx(sqrt(8))
    assert float(second.difference.norm) == pytest.approx(0, abs=1e-14)


@given(st.integers(0, 10**6), st.integers(1, 2))
def test_depthwise_separable_is_truncated_channel_by_channel(seed, copies):
    kernel = random_kernel(seed, (3, 2, 2, 2))
    found = nearest(cuts(DWS, kernel, copies))
    ours, square = contracted(found.factors, FULL), 0.0
    for channel in range(2):
        part = array(kernel)[:, channel].reshape(3, 4)
        left, values, right = np.linalg.svd(part)
        best = left[:, :copies] * values[:copies] @ right[:copies]
        square += sum(values[copies:] ** 2)
        if len(values) > copies and values[copies - 1] - values[copies] > 1e-6:
            assert array(ours)[:, channel].reshape(3, 4) == pytest.approx(best, abs=1e-9)
    assert found.optimal
    assert float(found.difference.norm) == pytest.approx(sqrt(square), abs=1e-12)


@pytest.mark.parametrize("name", FITTING)
@given(seed=st.integers(0, 10**6), width=st.integers(1, 2))
def test_every_family_comes_within_its_factor_and_never_below_the_least(name, seed, width):
    asked = cuts(FAMILIES[name].family, random_kernel(seed, (4, 2, 3, 3)), width)
    found, known = nearest(asked), spectra(asked)
    if isinstance(found, NoBest):
        assert name == "acnet-block"
        return
    error, slack = float(found.difference.norm), 1e-12
    upper = sum(float(each.error(each.bound)) ** 2 for each in known)
    assert float(found.least) - slack <= error
    if found.within is None:
        assert name in STARS
        assert error < float(known[0].total)
    else:
        assert error**2 <= max(upper, float(found.least) ** 2) * (1 + slack) + slack
    if found.optimal:
        assert error == pytest.approx(float(found.least), abs=slack)
    terms = [
        (tuple(f.indices), found.form.sizes(term))
        for term in found.form.terms
        for f in term.factors
    ]
    assert [f.letters for f in found.factors] == [letters for letters, _ in terms]
    assert [f.extents for f in found.factors] == [
        tuple(s[x] for x in letters) for letters, s in terms
    ]


@pytest.mark.parametrize(
    "name", ["tensor-train", "tucker-2", "flattened", "depthwise-asymmetric-separable", "cp"]
)
@given(seed=st.integers(0, 10**6), noise=st.sampled_from([0, Fraction(1, 1000), Fraction(1, 10)]))
def test_a_kernel_near_the_family_is_found_within_the_promised_factor(name, seed, noise):
    random, line = Random(seed), FAMILIES[name].family
    asked = cuts(line, random_kernel(seed, (3, 3, 3, 3)), 1)
    (term,), sizes = asked.form.terms, asked.form.sizes(asked.form.terms[0])
    planted = [
        Kernel(
            tuple(f.indices),
            extents,
            [random.randint(-4, 4) for _ in product(*map(range, extents))],
        )
        for f, extents in ((f, tuple(sizes[x] for x in f.indices)) for f in term.factors)
    ]
    exact = contracted(planted, FULL)
    off = [noise * random.randint(-4, 4) for _ in exact.flat]
    kernel = Kernel(FULL, exact.extents, [x + y for x, y in zip(exact.flat, off, strict=True)])
    found = nearest(cuts(line, kernel, 1))
    limit = found.within * sqrt(sum(x * x for x in off))
    scale = sqrt(sum(x * x for x in kernel.flat))
    assert float(found.difference.norm) <= limit + 1e-14 * scale


@pytest.mark.parametrize("power", [-400, -170, 16, 400])
@pytest.mark.parametrize("name", ["asymmetric", "depthwise-separable", "tensor-train"])
def test_a_scale_scales_the_error(name, power):
    kernel, ten = random_kernel(3, (2, 2, 3, 3)), Fraction(10) ** power
    other = Kernel(FULL, kernel.extents, [ten * x for x in kernel.flat])
    one, two = (nearest(cuts(FAMILIES[name].family, x)) for x in (kernel, other))
    (known, *_), (scaled, *_) = (spectra(cuts(FAMILIES[name].family, x)) for x in (kernel, other))
    assert two.difference.norm / scaled.total == pytest.approx(
        one.difference.norm / known.total, rel=1e-12
    )


@pytest.mark.parametrize("name", [name for name in FITTING if name != "acnet-block"])
@pytest.mark.parametrize("extents", [(4, 2, 3, 3), (2, 2, 1, 1)])
def test_a_kernel_of_zeros_is_approximated_by_zeros(name, extents):
    zeros = Kernel(FULL, extents, [0] * int(np.prod(extents)))
    found = nearest(cuts(FAMILIES[name].family, zeros, 1))
    assert not found.least
    assert not found.difference.norm


def test_one_entry_is_itself():
    found = nearest(cuts(ASYMMETRIC, plane([[Fraction(1, 3)]])))
    assert not found.least
    assert float(found.difference.norm) <= 2.0**-53
    assert found.truncations == 0


def test_widths_beyond_the_rank_are_filled_with_zeros():
    found = nearest(cuts(ASYMMETRIC, plane([[1, 2], [2, 4]]), 3))
    assert [factor.extents for factor in found.factors] == [(3, 1, 2), (1, 3, 2)]
    assert float(found.difference.norm) < 1e-14


def test_three_axes():
    kernel = random_kernel(5, (2, 2, 3, 2, 2), (o, i, t, u, v))
    found = nearest(cuts(FAMILIES["r2plus1d"].family, kernel, 2))
    (known,) = spectra(cuts(FAMILIES["r2plus1d"].family, kernel, 2))
    assert float(found.difference.norm) == pytest.approx(float(known.error(2)))


def test_a_gaussian_is_nearer_to_separable_than_any_float64_factors():
    asked = cuts(ASYMMETRIC, floats(GAUSSIAN))
    found, (known,) = nearest(asked), spectra(asked)
    assert 5e-18 < known.relative(1) < 1e-17
    assert known.relative(1) < found.difference.norm / known.total < 1e-15


def w_state():
    ones = {(0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)}
    return Kernel.by(lambda *at: int(at in ones), o=1, i=2, u=2, v=2)


def test_no_best_sum_of_outer_products_is_offered():
    kernel = w_state()
    found = nearest(cuts(FAMILIES["cp"].family, kernel, 2), search=False)
    assert isinstance(found, NoBest)
    assert "no nearest" in found.reason
    assert not found.least  # two terms come as near as one likes, and never there
    errors = []
    for step in (Fraction(1, 10), Fraction(1, 100), Fraction(1, 1000)):
        near, far = [1, step], [1, 0]
        entries = [
            (near[a] * near[b] * near[c] - far[a] * far[b] * far[c]) / step
            for a, b, c in product(range(2), repeat=3)
        ]
        errors.append(sum((x - y) ** 2 for x, y in zip(kernel.flat, entries, strict=True)))
    assert errors[0] > errors[1] > errors[2] > 0
    one = nearest(cuts(FAMILIES["cp"].family, kernel, 1))
    assert one.truncations == 2
    assert float(one.least) <= float(one.difference.norm) <= one.within * sqrt(2)


def test_a_sum_of_unlike_branches_is_left_alone():
    found = nearest(cuts(FAMILIES["acnet-block"].family, random_kernel(1, (2, 2, 3, 3))))
    assert isinstance(found, NoBest)
    assert "branches" in found.reason


def test_entries_outside_the_form_cannot_be_approximated():
    asked = cuts(FAMILIES["pointwise"].family, random_kernel(2, (2, 2, 3, 3)))
    found = nearest(asked)
    assert found.least == outside(asked.form)
    assert float(found.difference.norm) == pytest.approx(float(found.least))


@pytest.mark.parametrize("name", ["asymmetric", "grouped-asymmetric", "tensor-train", "pointwise"])
@given(seed=st.integers(0, 10**6), power=st.sampled_from([-300, 0, 300]))
def test_both_roads_to_the_difference_agree_to_the_slack(name, seed, power):
    kernel = random_kernel(seed, (2, 2, 3, 3))
    kernel = Kernel(FULL, kernel.extents, [x * Fraction(2) ** power / 3 for x in kernel.flat])
    asked = cuts(FAMILIES[name].family, kernel, 2)
    factors = nearest(asked).factors
    exact = difference(asked.form, factors)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(differences, "EXACT_TERMS", 0)
        rough = difference(asked.form, factors)
    assert exact.slack < rough.slack
    apart = [
        Fraction(x) * Fraction(2) ** rough.tensor.exponent
        - Fraction(y) * Fraction(2) ** exact.tensor.exponent
        for x, y in zip(rough.tensor.array.ravel(), exact.tensor.array.ravel(), strict=True)
    ]
    norm = sqrt(sum((x / Fraction(2) ** power) ** 2 for x in apart))
    assert norm <= float((rough.slack + exact.slack) * 2.0**-power)
    assert float(rough.slack * 2.0**-power) < 1e-12


def test_terms_that_cancel_leave_the_rounding_of_each():
    huge = Fraction(3) ** 40
    A = Kernel.of([[[huge, 1]], [[-huge, Fraction(1, 3)]]], (j, i, u))
    B = Kernel.of([[[Fraction(1, 7), 5], [Fraction(1, 7), 5]]], (o, j, v))
    asked = cuts(ASYMMETRIC, plane([[1, 2], [3, 4]]), 2)
    exact = difference(asked.form, [A, B])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(differences, "EXACT_TERMS", 0)
        rough = difference(asked.form, [A, B])
    assert float(exact.norm) < 100
    assert rough.slack > exact.norm * 1e3  # nothing is known of the rest


@pytest.mark.parametrize(
    ("name", "truncations", "method"),
    [
        ("tensor-train", 3, Method.STRIPPED),
        ("tucker-2", 2, Method.ITERATION),
        ("flattened", 2, Method.ALTERNATING),
        ("asymmetric", 1, Method.TRUNCATION),
        ("standard", 0, Method.TRUNCATION),
    ],
)
def test_what_is_promised_is_the_root_of_the_number_of_truncations(name, truncations, method):
    found = nearest(cuts(FAMILIES[name].family, random_kernel(1, (4, 3, 3, 3)), 2))
    assert found.truncations == truncations
    assert found.method == method
    assert found.within == sqrt(max(1, truncations))
    assert found.optimal == (truncations < 2)


def test_the_difference_is_that_of_the_factors_given():
    kernel = plane([[5, 1], [1, 1]])
    ones = Kernel.of([[[1, 1]]], (j, i, u)), Kernel.of([[[1, 1]]], (o, j, v))
    found = difference(cuts(ASYMMETRIC, kernel).form, ones)
    assert (found.tensor.array * 2**found.tensor.exponent).ravel().tolist() == [4, 0, 0, 0]
