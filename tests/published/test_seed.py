"""The published figures of one layer: 128 × 128 pixels, 3 -> 8 channels, n = 3, stride 1, same.

Typed in from the definition of each layer, not from this program: the third way.
"""

from dataclasses import replace

import pytest
from sympy import Integer, Rational

from derive.algebra.counting import Count
from derive.algebra.exactness import Exactness
from derive.catalogue import FAMILIES
from derive.notation.axis import Axis
from derive.notation.layer import Layer
from derive.notation.letters import C_in, C_out, k_h, k_w, M, m, n, P, Q, R


def layer(channels_in=3, channels_out=8, kernel=3):
    margin = (kernel - 1) // 2
    return Layer(channels_in, channels_out, (Axis(128, kernel, before=margin, after=margin),) * 2)


SEED, WIDE = layer(), layer(kernel=5)
FIRST, SECOND = layer(3, 8), layer(8, 8)  # of two 3 × 3 with m = 8

# row: [(family, layer, widths), ...] in series, then parameters, with bias, MACs, in bounds,
# FLOPs, with bias
ROWS = {
    "standard 3x3": (
        [("standard", SEED, {})],
        (216, 224, 3_538_944, 3_502_176, 6_946_816, 7_077_888),
    ),
    "asymmetric m = 8": (
        [("asymmetric", SEED, {m: 8})],
        (264, 280, 4_325_376, 4_302_848, 8_388_608, 8_650_752),
    ),
    "asymmetric m = 3": (
        [("asymmetric", SEED, {m: 3})],
        (99, 110, 1_622_016, 1_613_568, 3_063_808, 3_244_032),
    ),
    "asymmetric m = 9": (
        [("asymmetric", SEED, {m: 9})],
        (297, 314, 4_866_048, 4_840_704, 9_453_568, 9_732_096),
    ),
    "depthwise only": (
        [("depthwise", SEED, {M: 1})],
        (27, 30, 442_368, 437_772, 835_584, 884_736),
    ),
    "depthwise separable": (
        [("depthwise-separable", SEED, {M: 1})],
        (51, 62, 835_584, 830_988, 1_490_944, 1_671_168),
    ),
    "BSConv-U": (
        [("blueprint-separable", SEED, {})],
        (96, 112, 1_572_864, 1_560_608, 2_883_584, 3_145_728),
    ),
    "dw 3x1, dw 1x3, 1x1": (
        [("depthwise-asymmetric-separable", SEED, {})],
        (42, 56, 688_128, 686_592, 1_146_880, 1_376_256),
    ),
    "flattened 1x1, dw 3x1, dw 1x3": (
        [("flattened", SEED, {})],
        (72, 96, 1_179_648, 1_175_552, 1_966_080, 2_359_296),
    ),
    "CP, R = 3": (
        [("cp", SEED, {R: 3})],
        (51, 68, 835_584, 834_048, 1_392_640, 1_671_168),
    ),
    "Tucker-2, q = 2, p = 4": (
        [("tucker-2", SEED, {Q: 2, P: 4})],
        (110, 124, 1_802_240, 1_789_984, 3_375_104, 3_604_480),
    ),
    "full 5x5": (
        [("standard", WIDE, {})],
        (600, 608, 9_830_400, 9_646_944, 19_529_728, 19_660_800),
    ),
    "two 3x3, m = 8": (
        [("standard", FIRST, {}), ("standard", SECOND, {})],
        (792, 808, 12_976_128, 12_841_312, 25_690_112, 25_952_256),
    ),
}
COLUMNS = (
    "parameters",
    "parameters_with_bias",
    "macs",
    "macs_in_bounds",
    "flops",
    "flops_with_bias",
)


def figure(name, series):
    """One column of a row: layers in series add up; a layer made anew remembers no sizes."""
    return sum(
        getattr(Count(FAMILIES[family].family), name).at(replace(at).values | widths)
        for family, at, widths in series
    )


def check_row(row):
    series, published = ROWS[row]
    assert [figure(name, series) for name in COLUMNS] == list(published)


@pytest.mark.parametrize("row", ROWS)
def test_published_row(row):
    check_row(row)


@pytest.mark.parametrize("row", ROWS)
def test_with_bias_every_mac_is_two_operations(row):
    """T8: and without, one operation less for every number written."""
    series, _ = ROWS[row]
    macs, written = figure("macs", series), figure("activations", series)
    assert figure("flops_with_bias", series) == 2 * macs
    assert figure("flops", series) == 2 * macs - written


EXACT_FOR = {
    "standard 3x3": "every kernel",
    "asymmetric m = 8": "(o, v) × (i, u) matrix of the kernel has rank at most 8 of 9",
    "asymmetric m = 3": "(o, v) × (i, u) matrix of the kernel has rank at most 3 of 9",
    "asymmetric m = 9": "every kernel",
    "depthwise only": "zero between different input channels",
    "depthwise separable": "for each input channel i, the slice is an outer product over (u, v)",
    "BSConv-U": "for each output channel o, the slice is an outer product over i and (u, v)",
    "dw 3x1, dw 1x3, 1x1": "for each input channel i, the slice is an outer product over u, v and",
    "flattened 1x1, dw 3x1, dw 1x3": "for each output channel o, the slice is an outer product",
    "CP, R = 3": "a sum of at most 3 outer products over i, u, v and o",
    "Tucker-2, q = 2, p = 4": "rank at most 4 of 8",
    "full 5x5": "every kernel",
}


@pytest.mark.parametrize("row", EXACT_FOR)
def test_the_kernels_a_row_is_exact_for(row):
    ((family, at, widths),) = ROWS[row][0]
    values = tuple((symbol, Integer(value)) for symbol, value in (at.values | widths).items())
    words = Exactness(FAMILIES[family].family, values).words
    assert EXACT_FOR[row] in words


# conventions.md, section 1: M, Min, 2M - o, 2M, 2Min - o, 2Min, activations written
CONVENTIONS = {
    "standard 3x3": (3_538_944, 3_502_176, 6_946_816, 7_077_888, 6_873_280, 7_004_352, 131_072),
    "depthwise separable": (835_584, 830_988, 1_490_944, 1_671_168, 1_481_752, 1_661_976, 180_224),
    "asymmetric m = 3": (
        *(1_622_016, 1_613_568, 3_063_808, 3_244_032, 3_046_912, 3_227_136),
        180_224,
    ),
    "asymmetric m = 8": (
        *(4_325_376, 4_302_848, 8_388_608, 8_650_752, 8_343_552, 8_605_696),
        262_144,
    ),
}


def conventions(row):
    series, _ = ROWS[row]
    written = figure("activations", series)
    inside = figure("flops_in_bounds", series)
    return (
        figure("macs", series),
        figure("macs_in_bounds", series),
        figure("flops", series),
        figure("flops_with_bias", series),
        inside,
        inside + written,  # every output sees the image, and takes a bias
        written,
    )


@pytest.mark.parametrize("row", CONVENTIONS)
def test_one_layer_in_every_convention(row):
    assert conventions(row) == CONVENTIONS[row]


# how many times more expensive the standard layer is, by parameters, with bias, M, M + b with bias,
# 2M + b, Min, 2M - o
RATIOS = {
    "depthwise separable": (4.235, 3.613, 4.235, 3.613, 3.894, 4.214, 4.659),
    "asymmetric m = 3": (2.182, None, 2.182, 2.036, 2.105, 2.170, 2.267),
    "asymmetric m = 8": (0.818, None, 0.818, 0.800, 0.809, 0.814, 0.828),
}


def bases(row):
    series, _ = ROWS[row]
    macs, biases = figure("macs", series), figure("activations", series)
    return (
        figure("parameters", series),
        figure("parameters_with_bias", series),
        macs,
        macs + biases,
        2 * macs + biases,
        figure("macs_in_bounds", series),
        figure("flops", series),
    )


@pytest.mark.parametrize("row", RATIOS)
def test_the_convention_changes_the_quoted_ratio(row):
    pairs = zip(bases("standard 3x3"), bases(row), RATIOS[row], strict=True)
    for full, factorized, quoted in pairs:
        assert quoted is None or abs(Rational(full, factorized) - quoted) <= 0.0005


def test_break_even_of_the_asymmetric_layer():
    """T10: fewer weights iff m < n C_in C_out / (C_in + C_out) = 72/11, so for m <= 6."""
    full, pair = (FAMILIES[name].parameters for name in ("standard", "asymmetric"))
    square = {k_h: n, k_w: n}
    threshold = (full / (pair / m)).xreplace(square).cancel()
    assert (threshold - n * C_in * C_out / (C_in + C_out)).cancel() == 0
    assert threshold.xreplace({n: 3, C_in: 3, C_out: 8}) == Rational(72, 11)
    counts = [figure("parameters", [("asymmetric", SEED, {m: width})]) for width in range(1, 10)]
    assert [count < 216 for count in counts] == [True] * 6 + [False] * 3
    assert counts[5:7] == [198, 231]


def test_ratio_of_the_depthwise_separable_layer():
    """T10: 1/C_out + 1/n² of the standard one, in weights and in MACs."""
    (full, *_), (split, *_) = bases("standard 3x3"), bases("depthwise separable")
    assert Rational(split, full) == Rational(1, 8) + Rational(1, 9) == Rational(51, 216)
    macs = figure("macs", ROWS["depthwise separable"][0]), figure("macs", ROWS["standard 3x3"][0])
    assert Rational(*macs) == Rational(51, 216)


def test_without_equal_widths_fewer_weights_need_not_be_fewer_macs():
    """T10: C = 1, n = W = 3, unpadded, m = 1: 6 < 9 weights but 12 H' > 9 H' MACs."""
    values = Layer(1, 1, (Axis(9, 3), Axis(3, 3))).values | {m: 1}
    full, pair = (Count(FAMILIES[name].family) for name in ("standard", "asymmetric"))
    assert (pair.parameters.at(values), full.parameters.at(values)) == (6, 9)
    assert (pair.macs.at(values), full.macs.at(values)) == (12 * 7, 9 * 7)


def test_the_dense_count_does_not_hold_when_padding_is_skipped():
    """T8: H = k = p = 1: 3 outputs, 1 multiplication, no addition; minus Q would give -2."""
    values = Layer(1, 1, (Axis(1, 1, before=1, after=1),)).values
    design = FAMILIES["standard"]
    line = design.family.on(Layer(1, 1, (Axis(1, 1),)).taps)
    count = Count(line, Layer(1, 1, (Axis(1, 1),)).directions)
    assert count.activations.at(values) == 3
    assert count.macs_in_bounds.at(values) == count.flops_in_bounds.at(values) == 1


@pytest.mark.parametrize(("stride", "ratio"), [(1, Rational(2, 3)), (2, 1), (3, Rational(4, 3))])
def test_a_stride_eats_the_saving_of_the_asymmetric_layer(stride, ratio):
    """A3: with C_in = C_out = m and s | H, W the MACs are (s + 1)/n of the standard layer's."""
    axis = Axis(12, 3, stride, before=1, after=1)
    values = Layer(4, 4, (axis, axis)).values | {m: 4}
    full, pair = (Count(FAMILIES[name].family) for name in ("standard", "asymmetric"))
    assert Rational(pair.macs.at(values), full.macs.at(values)) == ratio
