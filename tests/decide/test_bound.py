"""Bounds on the output error: against the norms of small layers written out as matrices."""

from fractions import Fraction
from itertools import chain, combinations
from math import cos, pi, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive import oracle
from derive.algebra.kernel import Kernel
from derive.catalogue import FAMILIES
from derive.decide import bound as module
from derive.decide import difference as differences
from derive.decide.bound import output_bound, repeats, truncation_bound
from derive.decide.difference import difference, exactly
from derive.decide.nearest import nearest
from derive.decide.spectrum import spectra
from derive.notation.letters import i, o, t, u, v
from tests.decide.kernels import cuts, FULL, operator, random_kernel, scattered

ASYMMETRIC = FAMILIES["asymmetric"].family
TAPS = {1: (v,), 2: (u, v), 3: (t, u, v)}
ONES = Kernel(FULL, (1, 1, 3, 3), [1] * 9)


@st.composite
def layers(draw, axes):
    """A kernel and axes with at least one output, small enough to write out."""
    limit = {1: 12, 2: 5, 3: 3}[axes]
    found = []
    while len(found) < axes:
        k, s, d, p = (draw(st.integers(*x)) for x in ((1, 3), (1, 3), (1, 3), (0, 2)))
        axis = oracle.Axis(
            draw(st.integers(limit // 2, limit)), k, s, d, p, draw(st.integers(0, 2))
        )
        if axis.outputs:
            found.append(axis)
    channels = draw(st.tuples(st.integers(1, 2), st.integers(1, 2)))
    extents = (*channels, *(axis.kernel for axis in found))
    kernel = random_kernel(draw(st.integers(0, 10**6)), extents, (o, i, *TAPS[axes]))
    windows = {x: (a.stride, a.dilation) for x, a in zip(TAPS[axes], found, strict=True)}
    return kernel, found, windows


@pytest.mark.parametrize("axes", [1, 2, 3])
@given(data=st.data())
def test_no_layer_moves_further_than_any_of_the_bounds(axes, data):
    kernel, found, windows = data.draw(layers(axes))
    norm = np.linalg.norm(operator(kernel, found), 2)
    bound = output_bound(exactly(kernel), windows)
    assert len(bound.variants) == 2**axes
    for variant in bound.variants:
        assert norm <= float(variant.bound)
        assert {*variant.rows, *variant.columns} == {*kernel.letters}
    assert norm <= float(bound.frequencies)
    assert bound.value == min([bound.frequencies, *(each.bound for each in bound.variants)])


@pytest.mark.parametrize("axes", [1, 2])
@given(data=st.data())
def test_no_transposed_layer_moves_further_than_any_of_the_bounds(axes, data):
    kernel, found, windows = data.draw(layers(axes))
    matrix = scattered(kernel, found)
    norm = np.linalg.norm(matrix, 2) if matrix.size else 0
    bound = output_bound(exactly(kernel), windows, transposed=True)
    assert all(norm <= float(variant.bound) for variant in bound.variants)
    assert norm <= float(bound.frequencies)


def test_a_transposed_layer_reads_and_adds_the_other_way_round():
    """Two outputs of one pixel, stride 2: the bound of an ordinary layer would be too small."""
    kernel = Kernel((o, i, v), (1, 1, 2), [1, 1])
    norm = np.linalg.norm(scattered(kernel, [oracle.Axis(4, 2, 2)]), 2)
    repeated = {
        variant.rows: variant.repeats
        for variant in output_bound(exactly(kernel), {v: (2, 1)}, transposed=True).variants
    }
    assert repeated == {(o,): 2, (o, v): 1}
    usual = output_bound(exactly(kernel), {v: (2, 1)}).variants
    assert norm == pytest.approx(sqrt(2))
    assert {variant.rows: variant.repeats for variant in usual} == {(o,): 1, (o, v): 2}
    column = Kernel((o, i, v), (2, 1, 2), [1, 0, 0, 1])
    assert np.linalg.norm(scattered(column, [oracle.Axis(4, 2, 2)]), 2) == pytest.approx(sqrt(2))
    wrong = [variant.bound for variant in output_bound(exactly(column), {v: (2, 1)}).variants]
    assert min(map(float, wrong)) == pytest.approx(1, rel=1e-8)


@given(st.tuples(*[st.integers(1, 5)] * 3), st.integers(1, 4), st.booleans())
def test_a_pixel_is_read_as_often_as_counted(numbers, dilation, added):
    kernel, stride, size = numbers[0], numbers[1], 12 * numbers[2]
    axis = oracle.Axis(size, kernel, stride, dilation, 3 * size, 3 * size)
    reads = [axis.at(y, u) for y in range(axis.outputs) for u in range(kernel)]
    most = max(reads.count(pixel) for pixel in range(size))
    count = repeats({u: kernel}, [u] if added else [], {u: (stride, dilation)})
    assert count == (kernel if added else most)


def test_the_named_variants_have_the_constants_of_the_theorem():
    bound = output_bound(exactly(random_kernel(1, (2, 3, 5, 3))), {u: (2, 3), v: (4, 2)})
    assert {variant.rows: variant.repeats for variant in bound.variants} == {
        (o,): 3 * 2,
        (o, v): 3 * 3,
        (o, u): 5 * 2,
        (o, u, v): 5 * 3,
    }


def test_the_factor_is_needed():
    line = oracle.Axis(20, 3, 1, 1, 1, 1)
    norm = np.linalg.norm(operator(ONES, [line, line]), 2)
    assert norm == pytest.approx(8.8665, abs=1e-4)
    bound = output_bound(exactly(ONES))
    assert float(bound.value) == pytest.approx(9, rel=2e-9)
    assert float(bound.value) >= 9  # as large as on a circle
    assert all(float(variant.norm) == pytest.approx(3) for variant in bound.variants)


@pytest.mark.parametrize(
    ("taps", "stride", "dilation", "limit"),
    [(2, 2, 2, 2), (3, 1, 2, 3), (4, 2, 1, sqrt(4 * 2)), (2, 3, 1, sqrt(2)), (3, 2, 4, 3)],
)
def test_long_lines_of_ones_come_near_the_bound(taps, stride, dilation, limit):
    kernel = Kernel((o, i, v), (1, 1, taps), [1] * taps)
    norm = np.linalg.norm(operator(kernel, [oracle.Axis(120, taps, stride, dilation)]), 2)
    bound = output_bound(exactly(kernel), {v: (stride, dilation)})
    assert float(bound.value) == pytest.approx(limit, rel=2e-3)
    assert 0.97 * limit <= norm <= float(bound.value)


@given(st.integers(0, 10**6))
def test_frequencies_bound_any_wave_whatever_lies_between_the_grid(seed):
    kernel = random_kernel(seed, (2, 3, 3, 2))
    numbers = np.array(kernel.flat, dtype=float).reshape(kernel.extents)
    grid = [(a, b) for a in np.linspace(0, 2 * pi, 41) for b in np.linspace(0, 2 * pi, 37)]
    waves = [
        np.einsum(
            "oiuv,u,v->oi", numbers, np.exp(1j * a * np.arange(3)), np.exp(1j * b * np.arange(2))
        )
        for a, b in grid
    ]
    largest = max(np.linalg.norm(wave, 2) for wave in waves)
    found = float(output_bound(exactly(kernel)).frequencies)
    assert largest <= found <= largest * 1.02
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FINE", (1,))
        found = float(output_bound(exactly(kernel)).frequencies)
    assert largest <= found <= largest / cos(pi / 3) / cos(pi / 4) * 1.001


def test_many_frequencies_are_left_out():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FREQUENCIES", 1)
        bound = output_bound(exactly(ONES))
    assert bound.frequencies is None
    assert float(bound.value) == pytest.approx(9)


@pytest.mark.parametrize(
    "name", ["asymmetric", "asymmetric-horizontal-first", "grouped-asymmetric"]
)
@given(st.integers(0, 10**6), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
def test_one_singular_value_bounds_a_truncated_layer(name, seed, width, stride, dilation):
    kernel = random_kernel(seed, (2, 2, 2, 3))
    if name == "grouped-asymmetric":
        kernel = Kernel.by(lambda *at: kernel.entries[at] * (at[0] == at[1]), o=2, i=2, u=2, v=3)
    asked = cuts(FAMILIES[name].family, kernel, width)
    windows = {u: (stride, dilation), v: (dilation, stride)}
    axes = [oracle.Axis(7, k, *windows[x], 1, 1) for x, k in ((u, 2), (v, 3))]
    found, (known,) = nearest(asked), spectra(asked)
    error = found.difference
    exact = Kernel(FULL, kernel.extents, error.tensor.kernel.flat)
    norm = np.linalg.norm(operator(exact, axes), 2)
    limit = truncation_bound(known, asked.form, width, windows)
    assert norm <= float(limit) + 1e-13
    assert norm <= float(output_bound(error, windows).value)
    if name == "asymmetric":
        (own,) = (x for x in output_bound(error, windows).variants if x.rows == (o, v))
        assert float(own.bound) == pytest.approx(float(limit), abs=1e-12)


def test_no_single_value_where_the_matrix_is_another():
    kernel = random_kernel(4, (2, 2, 2, 3))
    for name in ("depthwise-separable", "blueprint-separable", "flattened"):
        asked = cuts(FAMILIES[name].family, kernel)
        assert all(truncation_bound(x, asked.form, 1) is None for x in spectra(asked))
    asked = cuts(FAMILIES["grouped-asymmetric"].family, kernel)
    assert truncation_bound(spectra(asked)[0], asked.form, 1) is None  # zeros between groups


@pytest.mark.parametrize("power", [-400, 400])
def test_a_scale_scales_the_bound(power):
    kernel, ten = random_kernel(9, (2, 2, 3, 2)), Fraction(10) ** power
    scaled = Kernel(FULL, kernel.extents, [ten * x for x in kernel.flat])
    one, two = (output_bound(exactly(x)) for x in (kernel, scaled))
    assert f"{two.value:.4e}".split("e")[0] == f"{one.value:.4e}".split("e")[0]
    assert two.value / exactly(scaled).norm == pytest.approx(one.value / exactly(kernel).norm)


def test_what_rounding_hides_is_added():
    kernel = random_kernel(3, (2, 2, 2, 2))
    asked = cuts(ASYMMETRIC, kernel, 4)
    factors = nearest(asked).factors
    exact = difference(asked.form, factors)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(differences, "EXACT_TERMS", 0)
        rough = difference(asked.form, factors)
    for variant in output_bound(rough).variants:
        assert variant.norm >= rough.slack
    assert output_bound(exact).value < output_bound(rough).value


def test_subsets_of_taps_are_all_there():
    kernel = random_kernel(2, (1, 2, 2, 2, 2), (o, i, t, u, v))
    rows = {variant.rows[1:] for variant in output_bound(exactly(kernel)).variants}
    assert rows == set(chain.from_iterable(combinations((t, u, v), n) for n in range(4)))


def test_a_layer_without_taps_is_its_matrix():
    kernel = Kernel((o, i), (2, 2), [3, 0, 4, 0])
    assert float(output_bound(exactly(kernel)).value) == pytest.approx(5)
