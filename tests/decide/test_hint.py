"""Simple fractions behind floats: found where they were planted, and nowhere else."""

from fractions import Fraction
from math import exp, lcm, pi
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from derive.algebra.kernel import Kernel
from derive.catalogue import FAMILIES
from derive.decide import hint as module
from derive.decide.denominators import likely, over_one_denominator
from derive.decide.hint import Hint, hint
from derive.decide.short_factors import denominator
from derive.decide.ulp import Target, ULPS, unit
from derive.notation.errors import InputError
from derive.notation.letters import i, o, u, v
from tests.decide.kernels import cuts, floats, FULL, GAUSSIAN, outer, plane

ASYMMETRIC = FAMILIES["asymmetric"].family
NUMPY = ("float16", "float32", "float64")
TABLE_273 = [
    [1, 4, 7, 4, 1],
    [4, 16, 26, 16, 4],
    [7, 26, 41, 26, 7],
    [4, 16, 26, 16, 4],
    [1, 4, 7, 4, 1],
]


def over(rows, below):
    return [[Fraction(x, below) for x in row] for row in rows]


def hinted(kernel, precision, line=ASYMMETRIC, width=1):
    found = hint(cuts(line, kernel, width), precision)
    if found:
        verify(kernel, precision, found)
    return found


def verify(kernel, precision, found):
    """What a hint says, recomputed: distances with NumPy's spacing, denominators, ranks."""
    assert found.kernel.letters == kernel.letters
    off = Fraction(0)
    for one, two in zip(found.kernel.flat, kernel.flat, strict=True):
        assert bool(one) == bool(two)
        if two:
            step = Fraction(float(np.spacing(np.dtype(precision).type(abs(float(two))))))
            off = max(off, abs(one - two) / step)
    assert off == found.ulps <= ULPS
    parts = [x / found.scale for x in found.kernel.flat]
    assert found.denominator == lcm(*(x.denominator for x in parts))
    assert all(x <= y for x, y in zip(found.ranks, found.given, strict=True))
    assert found.lower == (found.ranks != found.given)


def ranks(kernel):
    return Kernel.of(kernel.nested, FULL).rank((v,), (u,))


THIRDS = outer([Fraction(1, 3), Fraction(2, 3), 1], [Fraction(1, 3), 1, Fraction(2, 3)])


@pytest.mark.parametrize("precision", NUMPY)
def test_thirds_are_recovered(precision):
    kernel = floats(THIRDS, precision)
    found = hinted(kernel, precision)
    assert found.kernel.flat == plane(THIRDS).flat
    assert (found.denominator, found.scale, found.given, found.ranks) == (9, 1, (2,), (1,))
    assert found.ulps <= Fraction(1, 2)
    assert found.lower


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize(
    ("rows", "below", "rank"),
    [
        ([[1] * 3] * 3, 9, 1),
        ([[1] * 5] * 5, 25, 1),
        (outer([1, 2, 1], [1, 2, 1]), 16, 1),
        (outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1]), 256, 1),
        (TABLE_273, 273, 3),
        ([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], 1, 1),
    ],
)
def test_famous_tables_are_recovered(precision, rows, below, rank):
    found = hinted(floats(over(rows, below), precision), precision)
    assert found.kernel.flat == plane(over(rows, below)).flat
    assert (found.denominator, found.ranks) == (below, (rank,))
    assert not found.lower  # the floats have the same rank


def test_a_common_scale_that_is_no_fraction_is_kept():
    kernel = floats([[pi * x / 25 for x in row] for row in outer([1, 3, 1], [1, 3, 1])])
    found = hinted(kernel, "float64")
    assert (found.denominator, found.scale) == (9, Fraction(pi * 9 / 25))
    assert found.lower


@pytest.mark.parametrize("power", [-170, 150])
def test_far_from_one_too(power):
    kernel = floats([[float(x) * 10.0**power for x in row] for row in THIRDS])
    found = hinted(kernel, "float64")
    assert found.lower
    assert (found.denominator, found.ranks) == (9, (1,))


def test_denominators_that_are_small_one_by_one():
    rows = outer([Fraction(1, x) for x in (3, 7, 11)], [Fraction(1, x) for x in (13, 17, 19)])
    for precision in ("float32", "float64"):
        found = hinted(floats(rows, precision), precision)
        assert found.kernel.flat == plane(rows).flat
        assert (found.given, found.ranks, found.denominator) == (
            (3,),
            (1,),
            3 * 7 * 11 * 13 * 17 * 19,
        )


def test_rank_two_of_three():
    one = outer([Fraction(1, x) for x in (3, 7, 11)], [Fraction(1, x) for x in (13, 17, 19)])
    two = outer([1, 2, -1], [1, Fraction(1, 3), -1])
    rows = [[x + y for x, y in zip(*pair, strict=True)] for pair in zip(one, two, strict=True)]
    found = hinted(floats(rows), "float64", width=2)
    assert found.kernel.flat == plane(rows).flat
    assert (found.given, found.ranks) == ((3,), (2,))


def test_every_channel_by_itself():
    line = FAMILIES["depthwise-separable"].family
    rows = [
        outer([Fraction(1, 3), 2, 5], [Fraction(1, 7), Fraction(3, 13)]),
        outer([1, 2, 4], [1, 7]),
    ]
    exact = [[rows[channel][out] for channel in range(2)] for out in range(3)]
    kernel = Kernel.of([[[[Fraction(float(x)) for x in taps]] for taps in out] for out in exact])
    found = hinted(kernel, "float64", line)
    assert (found.given, found.ranks) == ((2,), (1,))
    assert found.kernel.nested == [[[taps] for taps in out] for out in exact]


def test_noise_of_a_few_units_is_seen_through():
    random = Random(2)
    exact = over(outer([1, 2, 1], [1, 2, 1]), 16)
    noisy = [[float(x) * (1 + 1e-7 * random.uniform(-1, 1)) for x in row] for row in exact]
    found = hinted(floats(noisy, "float32"), "float32")
    assert (found.given, found.ranks, found.denominator) == ((3,), (1,), 16)
    assert found.kernel.flat == plane(exact).flat
    louder = [[float(x) * (1 + 1e-5 * random.uniform(-1, 1)) for x in row] for row in exact]
    assert hinted(floats(louder, "float32"), "float32") is None


@pytest.mark.parametrize("precision", NUMPY)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_sampled_gaussian_has_no_rational_kernel_behind_it(precision, size):
    rows = [
        [exp(-(x * x + y * y) / 2) for x in range(-size, size + 1)] for y in range(-size, size + 1)
    ]
    total = sum(map(sum, rows))
    assert hinted(floats(rows, precision), precision) is None
    assert hinted(floats([[x / total for x in row] for row in rows], precision), precision) is None


@pytest.mark.parametrize("precision", NUMPY)
@pytest.mark.parametrize("kind", ["uniform", "normal", "rank 1"])
def test_random_floats_have_none(precision, kind):
    random = np.random.default_rng(11)
    for _ in range(8):
        rows = {
            "uniform": lambda: random.random((3, 3)),
            "normal": lambda: random.standard_normal((3, 3)),
            "rank 1": lambda: np.outer(random.random(3), random.random(3)),
        }[kind]()
        assert hinted(floats(rows, precision), precision) is None


# the fractions of two of them are short enough for float32: denominators up to 48
fractions = st.builds(Fraction, st.integers(-6, 6).filter(bool), st.integers(1, 8))


@pytest.mark.parametrize("precision", ["float32", "float64"])
@given(st.lists(fractions, min_size=2, max_size=4), st.lists(fractions, min_size=2, max_size=4))
def test_planted_products_are_found(precision, column, row):
    exact = outer(column, row)
    kernel = floats(exact, precision)
    found = hinted(kernel, precision)
    if ranks(kernel) > 1:
        assert found.lower
        assert found.ranks == (1,)
        if found.scale == 1 and found.ulps <= Fraction(1, 2):
            assert found.kernel.flat == plane(exact).flat


@given(
    st.lists(
        st.lists(st.floats(-1e3, 1e3, width=32), min_size=2, max_size=2), min_size=2, max_size=3
    )
)
def test_whatever_is_said_holds(rows):
    hinted(floats(rows, "float32"), "float32")


def test_zeros_stay_zeros_and_nothing_but_zeros_has_no_hint():
    assert hinted(plane([[0, 0], [0, 0]]), "float64") is None
    rows = outer([0, Fraction(1, 3), Fraction(2, 3)], [Fraction(1, 3), 0, Fraction(1, 7)])
    found = hinted(floats(rows), "float64")
    assert found.kernel.flat == plane(rows).flat


def test_one_entry_and_one_channel_of_one_tap():
    found = hinted(plane([[Fraction(1 / 3)]]), "float64")
    assert found.kernel.flat == (Fraction(1, 3),)
    assert hinted(plane([[Fraction(0.7390851332151607)]]), "float64") is None


def test_the_smallest_floats_are_as_near_to_0_as_to_each_other():
    tiny = Fraction(float(np.finfo("float64").smallest_subnormal))
    assert unit(tiny, "float64") == unit(100 * tiny, "float64") == tiny
    found = hint(cuts(ASYMMETRIC, plane([[1, 0], [0, 2 * tiny]])), "float64")
    assert (found.given, found.ranks, found.ulps) == ((2,), (1,), 2)
    assert found.kernel.flat == (1, 0, 0, 0)
    assert hint(cuts(ASYMMETRIC, plane([[1, 0], [0, 5 * tiny]])), "float64") is None


def brain(number):
    """Rounded to bfloat16, the upper half of a float32."""
    bits = int(np.float32(number).view(np.uint32))
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
    return float(np.uint32(rounded).view(np.float32))


def test_brain_floats():
    exact = outer([Fraction(1, 3), Fraction(2, 3), 1], [1, Fraction(5, 3), Fraction(7, 3)])
    kernel = plane([[brain(float(x)) for x in row] for row in exact])
    found = hint(cuts(ASYMMETRIC, kernel), "bfloat16")
    assert found.lower
    assert found.ranks == (1,)
    step = Fraction(1, 2**9)
    assert unit(Fraction(brain(1 / 3)), "bfloat16") == step
    off = [abs(x - y) for x, y in zip(found.kernel.flat, kernel.flat, strict=True)]
    assert max(d / unit(y, "bfloat16") for d, y in zip(off, kernel.flat, strict=True)) == found.ulps


@pytest.mark.parametrize("precision", ["float8", "int8", "", "Float32"])
def test_a_precision_of_another_name_is_refused(precision):
    with pytest.raises(InputError, match="not a precision: use float16"):
        hint(cuts(ASYMMETRIC, plane([[1]])), precision)


@given(st.sampled_from(NUMPY), st.floats(-6e4, 6e4))
def test_units_are_those_of_numpy(precision, number):
    rounded = np.dtype(precision).type(number)
    assume(rounded != 0)
    assert unit(Fraction(1, 3), precision) * 4 == unit(1, precision)
    assert unit(Fraction(float(rounded)), precision) == Fraction(float(np.spacing(abs(rounded))))


def test_many_entries_are_looked_at_in_part_first():
    random = np.random.default_rng(1)
    exact = np.outer(random.integers(1, 9, 60), random.integers(1, 9, 40))
    found = hinted(floats(exact / 9), "float64")
    assert (found.denominator, found.ranks) == (9, (1,))
    spoiled = exact / 9
    spoiled[-1, -1] += 1e-3
    assert hinted(floats(spoiled), "float64") is None


def test_small_denominators_of_some_do_not_vouch_for_the_others():
    number = Fraction(1, 2**24)
    one, other = Fraction(1, 2), Fraction(1234, 2001)
    assert not likely({one: number, Fraction(3, 4): number, other: number}, Fraction(3), 4002, 0.01)
    assert likely({one: number, Fraction(3, 4): number}, Fraction(3), 4, 0.01)
    several = {other: number, Fraction(7, 2001): number, Fraction(11, 2001): number}
    assert likely(several, Fraction(1, 2), 2001, 0.01)


def test_numbers_that_lie_close_are_near_to_integers_by_chance():
    step = {Fraction(1): Fraction(1, 2**9)}
    assert not likely(step, Fraction(4), 1, 0.01)
    assert likely(step, Fraction(1), 1, 0.01)


@pytest.mark.parametrize(
    ("ranks", "given", "lower", "no_higher"),
    [((1,), (2,), True, True), ((2,), (2,), False, True), ((1, 3), (2, 2), False, False)],
)
def test_no_matrix_may_gain_rank(ranks, given, lower, no_higher):
    found = Hint(plane([[1]]), Fraction(1), 1, Fraction(0), ranks, given)
    assert (found.lower, found.no_higher) == (lower, no_higher)


def test_numbers_of_higher_rank_are_no_hint(monkeypatch):
    raised = [Fraction(1)] * 3 + [1 + Fraction(1, 2**52)]
    monkeypatch.setattr(module, "over_one_denominator", lambda *_: raised)
    assert hint(cuts(ASYMMETRIC, plane([[1, 1], [1, 1]])), "float64") is None


def test_the_shortest_fractions_come_first():
    target = Target(Kernel.of([Fraction(0.5), Fraction(0.75)], (u,)), Fraction(1), "float64")
    assert over_one_denominator(target) == [Fraction(1, 2), Fraction(3, 4)]
    assert over_one_denominator(target, 1e-40) is None
    assert denominator("float32") ** 2 < 2**24


def test_entries_outside_the_form_are_kept_near_too():
    grouped = Kernel(
        (o, i, u, v), (2, 2, 2, 2), [Fraction(float(Fraction(n, 7))) for n in range(16)]
    )
    found = hinted(grouped, "float64", FAMILIES["grouped-asymmetric"].family)
    assert found.denominator == 7
    assert found.kernel.flat == tuple(Fraction(n, 7) for n in range(16))


def test_the_gaussian_of_three_is_what_it_seems():
    assert ranks(floats(GAUSSIAN)) == 2
