"""What the oracle has in addition to its loops, against the definition written out once more."""

from fractions import Fraction
from itertools import product
from random import Random

import pytest

from derive import oracle
from derive.oracle import Axis

AXES = [
    Axis(4, 3, 2, 1, 1, 2),
    Axis(3, 2, 1, 3, 2, 3),
    Axis(1, 2, 1, 1, 1, 1),
    Axis(2, 1, 3, 1, 0, 2),
]
OUTSIDE = {  # what a row of pixels a b c (or a single one) is continued by, three on either side
    "zero": ("000", "000"),
    "circular": ("abc", "abc"),
    "replicate": ("aaa", "ccc"),
    "symmetric": ("cba", "cba"),
    "reflect": ("bcb", "bab"),
}


@pytest.mark.parametrize("mode", OUTSIDE)
def test_a_padding_reads_on_as_its_name_says(mode):
    pixels = dict(zip("0abc", (0, 5, 6, 7), strict=True))
    before, after = ([pixels[x] for x in end] for end in OUTSIDE[mode])
    longer = oracle.extended(
        oracle.tensor([5, 6, 7]), Axis(3, 1, before=3, after=3), padding=oracle.PADDINGS[mode]
    )
    assert list(longer.values()) == [*before, 5, 6, 7, *after]
    assert list(longer) == [(place,) for place in range(9)]


def test_an_image_is_extended_along_its_last_indices_and_corners_are_outside():
    image = {(0, 0, 0): 2, (1, 0, 0): 3}
    longer = oracle.extended(image, Axis(1, 1, after=1), Axis(1, 1, before=1), outside=9)
    assert longer == oracle.tensor([[[9, 2], [9, 9]], [[9, 3], [9, 9]]])


@pytest.mark.parametrize("mode", OUTSIDE)
@pytest.mark.parametrize("axes", [*product(AXES), *product(AXES[:2], AXES[1:])], ids=str)
def test_one_channel_is_filtered_as_the_definition_says(axes, mode):
    random, read = Random(1), oracle.PADDINGS[mode]
    kernel = oracle.drawn(random, *(axis.kernel for axis in axes), largest=5)
    image = oracle.drawn(random, *(axis.size for axis in axes), largest=5)
    outputs = {
        at: sum(
            weight
            * image.get(
                tuple(read(x.at(y, u), x.size) for x, y, u in zip(axes, at, tap, strict=True)), 0
            )
            for tap, weight in kernel.items()
        )
        for at in product(*(range(axis.outputs) for axis in axes))
    }
    run = oracle.filtered(kernel, image, *axes, padding=read)
    assert run.output == outputs
    assert run.values == tuple(outputs.values())


def test_the_operator_of_a_layer_acts_like_the_layer():
    tall, wide = AXES[:2]
    image = oracle.drawn(Random(2), tall.size, wide.size, largest=9)
    kernel = oracle.drawn(Random(3), tall.kernel, wide.kernel, largest=9)

    def layer(pixels):
        return oracle.filtered(kernel, pixels, tall, wide)

    rows = oracle.operator(layer, tall.size, wide.size)
    pixels = image.values()
    made = (
        sum(x * y for x, y in zip(pixels, column, strict=True))
        for column in zip(*rows, strict=True)
    )
    assert tuple(made) == layer(image).values


@pytest.mark.parametrize("axis", AXES, ids=str)
def test_the_windows_of_an_axis_are_those_on_its_padded_image(axis):
    bare = axis.unpadded
    windows = list(product(range(axis.outputs), range(axis.kernel)))
    assert bare.outputs == axis.outputs
    assert all(bare.at(y, u) == axis.at(y, u) + axis.before for y, u in windows)
    assert all(bare.on_image(y, u) for y, u in windows)
    inside = [(y, u) for y, u in windows if axis.at(y, u) in range(axis.size)]
    assert inside == [at for at in windows if axis.on_image(*at)]
    assert oracle.taps_in_bounds(axis) == len(inside)


def test_an_axis_is_read_from_the_names_of_a_theorem():
    assert Axis.named(W=4, k=3) == Axis(4, 3, 1, 1, 0, 0)
    assert Axis.named(H=4, k=3, s=2, d=5, p=1) == Axis(4, 3, 2, 5, 1, 1)
    assert Axis.named(H=4, k=3, p=1, before=0) == Axis(4, 3, 1, 1, 0, 1)
    assert Axis.named(H=4, k=3, beyond=2) == Axis(4, 3, 1, 1, 0, 2)
    for sizes in ({}, {"H": 1, "W": 1}):
        with pytest.raises(ValueError, match="an axis has one size"):
            Axis.named(**sizes, k=1)


def test_tensors_are_read_from_nested_sequences():
    assert oracle.tensor([[[1, Fraction(1, 2)]], [[3, 4]]]) == {
        **{(0, 0, 0): 1, (0, 0, 1): Fraction(1, 2)},
        **{(1, 0, 0): 3, (1, 0, 1): 4},
    }
    assert oracle.tensor((7, 8)) == {(0,): 7, (1,): 8}
    assert oracle.tensor({(2,): 5}) == {(2,): 5}
    assert oracle.tensor(5) == oracle.tensor({(): 5}) == {(): 5}


def test_ones_are_the_sum_of_the_impulses():
    ones, impulses = oracle.ones(2, 3), oracle.impulses(2, 3)
    assert len(impulses) == 6
    assert all(sorted(one.values()) == [0] * 5 + [1] for one in impulses)
    assert {at: sum(one[at] for one in impulses) for at in ones} == ones


def test_what_is_drawn_takes_all_values_up_to_the_largest():
    assert {*oracle.drawn(Random(0), 9, 9, largest=2).values()} == {*range(-2, 3)}


def test_a_pipeline_of_ones_adds_up_the_paths_from_pixel_to_output():
    tall, wide = AXES[:2]
    weights, run = oracle.all_ones(["jiu", "ojv"], tall, wide, sizes={"j": 2, "i": 3, "o": 5})
    assert weights == 2 * 3 * tall.kernel + 5 * 2 * wide.kernel
    seen = [
        [
            sum(map(axis.on_image, [y] * axis.kernel, range(axis.kernel)))
            for y in range(axis.outputs)
        ]
        for axis in (tall, wide)
    ]
    paths = (2 * 3 * down * across for down, across in product(*seen))
    assert run.values == tuple(paths) * 5


def test_a_transposed_signal_is_the_transpose_of_the_convolution_on_what_it_makes():
    """<scattered X, Z> = <X, filtered Z> for every pair of impulses, at unequal paddings."""
    axis, taps, extra = oracle.Axis(3, 4, 3, 2, before=1, after=2), [2, 3, 5, 7], 2
    grown = len(oracle.scattered(taps, [0] * 3, axis, extra=extra).values)
    back = oracle.Axis(grown, 4, 3, 2, before=1, after=2)
    rows = oracle.operator(lambda image: oracle.scattered(taps, image, axis, extra=extra), 3)
    columns = oracle.operator(lambda image: oracle.filtered(taps, image, back), grown)
    assert rows == tuple(zip(*columns, strict=True))


def test_a_bias_in_the_middle_folds_at_every_output_but_those_that_read_padding():
    random, tall = Random(11), oracle.Axis(4, 2, 2, before=1)
    A, B, image, bias = (
        oracle.drawn(random, *extents, largest=4)
        for extents in ((2, 3, 2), (2, 2, 3), (3, 4, 5), (2,))
    )
    bare, padded = oracle.Axis(5, 3), oracle.Axis(5, 3, before=1)
    one, other = oracle.biased_pair(A, B, image, bias, {"u": tall, "v": bare})
    assert one == other
    one, other = oracle.biased_pair(A, B, image, bias, {"u": tall, "v": padded})
    differ = [x != y for x, y in zip(one, other, strict=True)]
    assert differ == [True, *[False] * (padded.outputs - 1)] * (2 * tall.outputs)
