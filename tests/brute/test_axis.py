"""One axis: output size, slack, in-bounds taps and what is reached, against literal loops (T9)."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import ceiling, Rational

from derive import oracle
from derive.notation.axis import Axis, floor_sum, in_bounds, points_below, seen, Transposed
from derive.notation.errors import InputError
from derive.notation.formula import evaluate, integers
from derive.notation.letters import DIRECTIONS, HEIGHT
from tests.oracle import literal
from tests.strategies import any_transposed, axis_numbers, transposed_axes

SYMBOLS = (
    HEIGHT.input,
    HEIGHT.kernel,
    HEIGHT.stride,
    HEIGHT.dilation,
    HEIGHT.before,
    HEIGHT.after,
)
MANY = settings(max_examples=150)  # they are cheap
FORMS = in_bounds(Axis(*SYMBOLS))
GRID = tuple(product((1, 2, 3, 4), (1, 2, 3, 4), (1, 2, 3), (1, 2, 3), (0, 1, 3), (0, 1, 2)))


def on_image(axis):
    """For every window the taps that fall on the image, by looking at each."""
    windows, kernel = range(axis.outputs), range(axis.kernel)
    return [[u for u in kernel if 0 <= axis.at(y, u) < axis.size] for y in windows]


def slide(numbers):
    """Windows that fit, by sliding the window until it leaves the padded image."""
    size, kernel, stride, dilation, before, after = numbers
    last, y = size + before + after - 1, 0
    while stride * y + dilation * (kernel - 1) <= last:
        y += 1
    left = last - (stride * (y - 1) + dilation * (kernel - 1))
    return y, left


def check_axis(numbers):
    axis = Axis(*numbers)
    windows, left = slide(numbers)
    looked = on_image(literal(axis))
    assert axis.output == windows == literal(axis).outputs
    assert axis.pairs == sum(map(len, looked)) == oracle.taps_in_bounds(literal(axis))
    assert axis.reached == sum(map(bool, looked))
    assert axis.centre == sum((axis.kernel - 1) // 2 in taps for taps in looked)
    assert axis.written == windows
    for u in range(int(axis.kernel)):
        assert seen(axis, u) == sum(u in taps for taps in looked)
    if windows:
        assert axis.slack == left


def test_axis_on_a_grid():
    for numbers in GRID[::2]:
        check_axis(numbers)


@MANY
@given(axis_numbers(size=40, kernel=9, padding=12, dilation=7))
def test_axis(numbers):
    check_axis(numbers)


def landed(axis):
    """Where the taps of a transposed axis land: all places, and for each how often."""
    places = {}
    for a, u in product(range(int(axis.size)), range(int(axis.kernel))):
        place = int(axis.stride * a + axis.dilation * u - axis.before)
        places[place] = places.get(place, 0) + 1
    return places


def check_transposed(axis):
    places, pixels = landed(axis), range(int(axis.output))
    kept = {place: times for place, times in places.items() if place in pixels}
    middle = [
        int(axis.stride * a + axis.dilation * ((axis.kernel - 1) // 2) - axis.before)
        for a in range(int(axis.size))
    ]
    furthest = int(axis.stride * (axis.size - 1) + axis.dilation * (axis.kernel - 1))
    assert axis.output == max(0, furthest + 1 - axis.before - axis.after + axis.extra)
    assert axis.pairs == sum(kept.values())
    assert axis.reached == len(kept)
    assert axis.written == len(places)
    assert axis.centre == sum(place in pixels for place in middle)


@MANY
@given(any_transposed(size=8, kernel=7, padding=6, dilation=4))
def test_transposed(axis):
    check_transposed(axis)


@MANY
@given(transposed_axes(size=8, kernel=7, padding=3))
def test_transposed_is_the_adjoint_of_a_convolution_with_slack_as_output_padding(axis):
    assert axis.adjoint.output == axis.size
    assert axis.adjoint.slack == axis.extra


def test_output_padding_below_the_stride_is_needed_for_the_sizes_to_match():
    with pytest.raises(InputError, match="output padding must be smaller than the stride 2"):
        Transposed(4, 3, 2, extra=2)
    transposed = Transposed(4, 3, 2, extra=1)
    assert Axis(transposed.output + 1, 3, 2).output != transposed.size


SAME_SIZE = tuple(
    (size, kernel, 1, dilation, margin, margin)
    for size, kernel, dilation in product((1, 2, 5, 9), (1, 2, 3, 5), (1, 2))
    for margin in {0, dilation * (kernel - 1) // 2}
)


def named(numbers):
    return dict(zip(SYMBOLS, numbers, strict=True))


def check_form(name, form, points):
    """The form against the loops wherever its guard holds; how often it held."""
    met = 0
    for numbers in points:
        if form.holds(named(numbers)):
            met += 1
            assert form.at(named(numbers)) == oracle.taps_in_bounds(literal(Axis(*numbers))), (
                numbers
            )
    return met


@pytest.mark.parametrize("name", FORMS)
def test_every_form_counts_the_taps_wherever_its_guard_holds(name):
    assert check_form(name, FORMS[name], GRID[::11]) + check_form(name, FORMS[name], SAME_SIZE) > 9


# H, k, s, d, p-, p+ outside the guard: what the form would say there, and the truth
OUTSIDE = (
    ("same", (1, 3, 1, 2, 2, 2), -1, 1),  # T9: half the dilated span is wider than the image
    ("same", (1, 5, 1, 1, 2, 2), -1, 1),
    ("same", (4, 3, 2, 1, 1, 1), 10, 5),  # a stride
    ("same", (4, 3, 1, 1, 0, 0), 10, 6),  # another padding
    ("same", (4, 4, 1, 1, 0, 3), 12, 10),  # as much padding, but on one side
    ("unpadded", (1, 1, 1, 1, 1, 0), 2, 1),
    ("unpadded", (1, 1, 1, 1, 0, 1), 2, 1),
    ("stride divides dilation", (1, 2, 2, 1, 0, 1), Rational(1, 2), 1),
    ("dilation divides stride", (1, 1, 1, 2, 1, 1), 0, 1),
    ("dilation divides stride", (4, 4, 3, 2, 3, 3), 3, 4),
)


def test_padding_that_no_window_reaches_is_no_padding():
    """The guard of the unpadded form is not p = 0: padding within the slack changes nothing."""
    numbers = (2, 2, 2, 1, 0, 1)
    assert FORMS["unpadded"].at(named(numbers)) == oracle.taps_in_bounds(oracle.Axis(*numbers)) == 2


def test_every_guard_has_a_point_outside():
    assert {name for name, *_ in OUTSIDE} == {name for name in FORMS if FORMS[name].guard}


@pytest.mark.parametrize(("name", "numbers", "said", "true"), OUTSIDE)
def test_outside_its_guard_a_form_is_refused_and_would_be_wrong(name, numbers, said, true):
    assert evaluate(FORMS[name].expr, integers(named(numbers), named(numbers))) == said
    assert oracle.taps_in_bounds(literal(Axis(*numbers))) == true != said
    with pytest.raises(InputError, match="the formula needs"):
        FORMS[name].at(named(numbers))


ENDLESS = 10**6  # windows: misses without the cap at N


def uncapped(axis):
    """T9 with φ for φ_N: k N - φ(p-) - φ(p+ - r)."""
    windows, kernel = int(axis.output), int(axis.kernel)
    bounds = int(axis.before), int(axis.after - axis.slack)
    return kernel * windows - sum(axis.misses(bound, ENDLESS, kernel) for bound in bounds)


def test_the_cap_at_the_number_of_windows_is_needed_exactly_when_a_side_has_more_than_all():
    """H=1, k=5, p=2: each side counts 3 misses, but the one window has only 5 taps and sees one."""
    sharp = Axis(1, 5, before=2, after=2)
    assert (sharp.pairs, uncapped(sharp)) == (1, -1)
    kept = dropped = 0
    for numbers in GRID[1::2]:
        axis = Axis(*numbers)
        within = [
            ceiling(bound / axis.stride) <= axis.output
            for bound in (axis.before, axis.after - axis.slack)
        ]
        if all(within):
            kept += 1
            assert uncapped(axis) == axis.pairs
        elif axis.output:
            dropped += 1
            assert uncapped(axis) < axis.pairs
    assert kept > 100
    assert dropped > 3


def test_the_slack_is_needed():
    axis = Axis(2, 3, 2, before=1, after=1)
    assert (axis.output, axis.slack, axis.pairs) == (1, 1, 2)
    assert 3 * 1 - axis.misses(1, 1, 3) - axis.misses(1, 1, 3) == 1  # r = 0


def test_the_output_size_is_clipped_at_zero():
    axis = Axis(1, 4)
    assert axis.output == axis.pairs == axis.reached == axis.centre == 0
    assert axis.room + 1 == -2


@MANY
@given(st.integers(0, 30), st.integers(1, 20), st.integers(0, 60), st.integers(0, 60))
def test_floor_sum(terms, modulus, slope, offset):
    literally = sum((slope * x + offset) // modulus for x in range(terms))
    assert floor_sum(terms, modulus, slope, offset) == literally


@MANY
@given(*(st.integers(*ends) for ends in ((-5, 40), (0, 9), (0, 9), (1, 7), (1, 7))))
def test_points_below(bound, rows, columns, stride, dilation):
    points = product(range(rows), range(columns))
    literally = sum(stride * y + dilation * u < bound for y, u in points)
    assert points_below(bound, rows, columns, stride, dilation) == literally


def test_a_billion_pixels_are_counted_at_once():
    assert Axis(10**9, 3, before=1, after=1).pairs == 3 * 10**9 - 2


@pytest.mark.parametrize("size", [*range(3, 40), 224])
def test_stem_of_a_residual_network(size):
    """T9: k = 7, s = 2, p = 3 sees 7N - 6 taps for even H and 7N - 8 for odd H."""
    axis = Axis(size, 7, 2, before=3, after=3)
    assert axis.pairs == 7 * axis.output - (8 if size % 2 else 6)


def test_stem_at_224_sees_778_taps():
    axis = Axis(224, 7, 2, before=3, after=3)
    assert axis.pairs == 778
    assert round(axis.pairs**2 / (7 * int(axis.output)) ** 2, 5) == 0.98475


@pytest.mark.parametrize("size", range(1, 30))
def test_three_taps_at_stride_two(size):
    """T9: k = 3, d = p = 1, s = 2 sees 3N - 1 - [H odd] taps."""
    axis = Axis(size, 3, 2, before=1, after=1)
    assert axis.pairs == 3 * axis.output - 1 - size % 2


@pytest.mark.parametrize("rate", range(1, 40))
def test_atrous_branch(rate):
    """T9: k = 3, p = d sees 3H - 2d taps for H >= d, and beyond that the 3 × 3 is a 1 × 1."""
    axis = Axis(33, 3, dilation=rate, before=rate, after=rate)
    assert axis.pairs == (99 - 2 * rate if rate <= 33 else 33)


def test_atrous_branch_at_rate_18_spends_59_5_percent_on_zeros():
    axis = Axis(33, 3, dilation=18, before=18, after=18)
    assert round(100 * (1 - axis.pairs**2 / 99**2), 1) == 59.5


@pytest.mark.parametrize(("kernel", "size"), [(5, 1), (7, 1), (7, 2)])
def test_first_failures_of_the_same_padding_form(kernel, size):
    """conventions.md, section 3: n H - (n² - 1)/4 iff H >= (n - 1)/2."""
    margin = (kernel - 1) // 2
    wrong = (size, kernel, 1, 1, margin, margin)
    right = (margin, kernel, 1, 1, margin, margin)
    assert not FORMS["same"].holds(named(wrong))
    assert kernel * size - (kernel**2 - 1) // 4 != Axis(*wrong).pairs
    assert FORMS["same"].at(named(right)) == kernel * margin - (kernel**2 - 1) // 4


def test_every_direction_of_the_alphabet_has_symbols_of_its_own():
    symbols = [symbol for direction in DIRECTIONS.values() for symbol in direction.symbols()]
    assert len(symbols) == len(set(symbols))
