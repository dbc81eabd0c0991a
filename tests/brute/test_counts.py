"""Every count of every family against operations counted as they happen, on random layers."""

from dataclasses import replace
from functools import cache
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from derive import oracle
from derive.algebra.same_size import same_size
from derive.catalogue import COUNTS, FAMILIES
from derive.notation.axis import Axis, Transposed
from derive.notation.errors import InputError
from derive.notation.formula import evaluate, integers
from derive.notation.layer import Layer
from derive.notation.letters import n, nu, WIDTH
from tests.oracle import counted, literal, native_design, Run
from tests.strategies import axes, layers_of, seeds, transposed_axes, WIDTHS, widths

BIASED = {"all": "_with_bias", "last": "_with_last_bias"}  # and how the formulas are called


def looped(run):
    """What the oracle counted, under the names of Count."""
    return {
        "parameters": run.weights,
        "multiplications": run.total.multiplications,
        "additions": run.total.additions,
        "macs": run.total.multiplications,
        "macs_in_bounds": run.total.in_bounds,
        "flops": run.total.multiplications + run.total.additions,
        "activations": run.total.written,
        "bytes": run.values[nu] * moved(run),
    }


def moved(run):
    """Numbers moved: every stage reads its image and its weights and writes its result."""
    last = len(run.output)
    branches = (len(run.image) + 2 * branch.written - last for branch in run.branches)
    return sum(branches) + run.weights + 3 * last * (len(run.branches) - 1)


def in_bounds(run):
    """When padding is skipped, an output that nothing reaches costs no addition."""
    return {"flops_in_bounds": run.total.in_bounds + run.total.additions_in_bounds}


def with_bias(plain, run, ending):
    """What the biases of a run add."""
    return {
        f"parameters{ending}": run.weights + run.bias_entries,
        f"additions{ending}": run.total.additions,
        f"flops{ending}": run.total.multiplications + run.total.additions,
        f"bytes{ending}": run.values[nu] * (moved(plain) + run.bias_entries),
    }


def check(design, layer, given, seed=0):
    """All formulas of a line on a layer, transposed or not, and the layer's symbols, against runs
    without biases, with one on every stage, and with one on the last."""
    count = counted(design.line, design.directions, transposed=layer.transposed)
    run = Run(design.line, layer, given, seed)
    numbers = looped(run) | in_bounds(run)
    for bias, ending in BIASED.items():
        numbers |= with_bias(run, Run(design.line, layer, given, seed, bias=bias), ending)
    for name, number in numbers.items():
        assert getattr(count, name).at(run.values) == number, (name, layer, given)
    for bias in ("", *BIASED.values()):
        flops, moved_bytes = getattr(count, f"flops{bias}"), getattr(count, f"bytes{bias}")
        ratio = flops.at(run.values) / moved_bytes.at(run.values)
        assert getattr(count, f"intensity{bias}").at(run.values) == ratio


@given(data=st.data(), given=widths(), seed=seeds)
def test_counts(design, data, given, seed):
    check(design, data.draw(layers_of(design)), given, seed)


@given(data=st.data(), given=widths(), seed=seeds)
def test_transposed_counts(design, data, given, seed):
    check(design, data.draw(layers_of(design, transposed=True)), given, seed)


def even_layer(design):
    axes = {True: Axis(4, 2), False: Axis(4, 3)}
    return Layer(2, 2, tuple(axes[odd] for odd in design.odd))


def test_a_kernel_without_a_middle_is_refused_where_the_middle_is_read(design):
    layer = even_layer(design)
    values = layer.values | dict.fromkeys(WIDTHS, 2)
    for name in COUNTS:
        formula = getattr(counted(design.line, design.directions), name)
        assert formula.holds(values) == (not any(design.odd))
        if any(design.odd):
            with pytest.raises(InputError, match="the formula needs Eq\\(Mod\\(k_"):
                formula.at(values)


def extent(pixels):
    """From the first pixel to the last."""
    return max(pixels) - min(pixels) + 1 if pixels else 0


def check_receptive_field(design, axis):
    """From the first to the last pixel that one output reads, away from the borders."""
    transposed = isinstance(axis, Transposed)
    count = counted(design.line, design.directions, transposed=transposed)
    values = Layer(1, 1, (axis,) * len(design.taps)).values
    for direction in design.directions:
        held = any(direction.tap in family.taps for _, family in design.line.branches)
        alone = replace(literal(axis), kernel=axis.kernel if held else 1)
        field = max(map(extent, oracle.pixels_read(alone, transposed)))
        assert count.receptive_field(direction).at(values) == field, (direction, axis)


@given(axis=axes(size=5, kernel=4, padding=2))
def test_receptive_field(design, axis):
    assume(axis.kernel % 2 or not any(design.odd))
    check_receptive_field(design, axis)


@given(axis=transposed_axes(size=5, kernel=7, padding=2, dilation=4))
def test_receptive_field_of_a_transposed_convolution(design, axis):
    assume(axis.kernel % 2 or not any(design.odd))
    check_receptive_field(design, axis)


FIELDS = [  # kernel, stride, dilation, and what one output reads
    *[(4, 2, 1, 2), (5, 3, 3, 5), (1, 3, 2, 1), (3, 1, 2, 5), (3, 2, 3, 4), (2, 3, 1, 1)],
    *[(7, 4, 6, 10), (6, 2, 4, 11)],
]


@pytest.mark.parametrize(("kernel", "stride", "dilation", "field"), FIELDS)
def test_what_one_output_of_a_transposed_convolution_reads(kernel, stride, dilation, field):
    """On a long image, padded and cropped: the widest extent of the pixels that reach an output."""
    axis = Transposed(60, kernel, stride, dilation, 3, 2, extra=stride - 1)
    count = counted(FAMILIES["standard"].family, (WIDTH,), transposed=True)
    assert count.receptive_field(WIDTH).at(Layer(1, 1, (axis,)).values) == field
    read = {}
    for a, u in product(range(axis.size), range(kernel)):
        read.setdefault(literal(axis).at(a, u), []).append(a)
    assert max(extent(read.get(y, ())) for y in range(axis.output)) == field


@cache
def both(design, name):
    """The formula on a same-size layer and in general."""
    general = getattr(counted(design.line, design.directions), name)
    return same_size(general, design.directions), general


def everyday_layer(design, size, kernel, stride=1, dilation=1, margin=None):
    margin = (kernel - 1) // 2 if margin is None else margin
    axis = Axis(size, kernel, stride, dilation, margin, margin)
    return Layer(2, 2, (axis,) * len(design.taps))


# size, kernel: odd, and the image at least half the kernel
USUAL = ((1, 1), (1, 3), (3, 7))


def test_everyday_formulas_agree_with_the_general_ones(native):
    for size, kernel in USUAL:
        layer = everyday_layer(native, size, kernel)
        values = layer.values | dict.fromkeys(WIDTHS, 2) | {n: kernel}
        for name in COUNTS:
            square, general = both(native, name)
            assert square.at(values) == general.at(values), (name, size, kernel)


def test_everyday_formulas_are_free_of_the_geometry(native):
    replaced = {symbol for d in native.directions for symbol in geometry(d)}
    for name in COUNTS:
        assert not both(native, name)[0].expr.free_symbols & replaced


def geometry(d):
    """The symbols that the formula on a same-size layer replaces."""
    return (d.kernel, d.dilation, d.output, d.pairs, d.reached, d.centre)


# size, kernel, stride, dilation, margin: outside a same-size layer
UNUSUAL = ((1, 5, 1, 1, 2), (5, 3, 2, 1, 1), (5, 3, 1, 2, 2), (5, 3, 1, 1, 0), (5, 4, 1, 1, 2))


def test_everyday_formulas_are_refused_or_right_elsewhere(native):
    refused = 0
    for numbers in UNUSUAL:
        layer = everyday_layer(native, *numbers)
        values = layer.values | dict.fromkeys(WIDTHS, 2) | {n: numbers[1]}
        for name in COUNTS:
            square, general = both(native, name)
            if square.holds(values) and general.holds(values):
                assert square.at(values) == general.at(values), (name, numbers)
            else:
                refused += 1
    assert refused > len(UNUSUAL)


def test_everyday_formulas_are_refused_where_the_kernel_is_not_n():
    """The padding is that of n = 3, but the kernel has 5 taps: fewer windows fit."""
    native = native_design(FAMILIES["standard"])
    values = Layer(2, 2, (Axis(6, 5, before=1, after=1),) * 2).values | {n: 3}
    for name in COUNTS:
        with pytest.raises(InputError, match="the formula needs"):
            both(native, name)[0].at(values)


def test_the_guard_of_the_everyday_form_is_needed():
    """H = 1, W = 3, n = 5: n H - (n² - 1)/4 is -1 where one tap is seen. (At H = W = 1 the two
    wrong signs cancel; it is refused all the same.)"""
    standard = native_design(FAMILIES["standard"])
    square, general = both(standard, "macs_in_bounds")
    layer = Layer(1, 1, (Axis(1, 5, before=2, after=2), Axis(3, 5, before=2, after=2)))
    values = layer.values | {n: 5}
    assert (general.at(values), evaluate(square.expr, integers(values, values))) == (9, -9)
    with pytest.raises(InputError, match="the formula needs"):
        square.at(values)
