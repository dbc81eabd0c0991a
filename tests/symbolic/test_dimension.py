"""Degrees of freedom against the rank of the Jacobian at a random point (T7)."""

import pytest

from derive.algebra.dimension import degrees_of_freedom, dimension
from derive.catalogue import FAMILIES
from derive.notation.letters import C_a, C_b, C_c, C_in, C_out, G, k_h, k_t, k_w, M, m, P, Q, R, T
from tests.ranks import ambient, jacobian_rank

# channels in and out per group, k_t, k_h, k_w, groups, widths of all bonds
SIZES = {
    "all 1": (1, 1, 1, 1, 1, 1, 1),
    "one channel": (1, 1, 2, 3, 3, 1, 2),
    "one tap": (3, 2, 1, 1, 1, 1, 2),
    "signal": (2, 3, 1, 1, 3, 1, 2),
    "narrow": (2, 3, 2, 2, 3, 2, 1),
    "two": (3, 3, 2, 2, 3, 1, 2),
    "unequal": (2, 4, 1, 3, 2, 2, 2),
    "clipped": (2, 2, 1, 2, 2, 1, 7),
    "clipped on one side": (1, 3, 2, 2, 1, 2, 4),
    "alpha = beta = 1, m = 2": (1, 1, 1, 1, 1, 1, 2),
    "wide": (2, 3, 1, 3, 3, 1, 3),
}


def sizes(c_a, c_b, time, height, width, groups, bond):
    channels = {C_a: c_a, C_b: c_b, C_in: groups * c_a, C_out: groups * c_b, G: groups}
    kernel = {k_t: time, k_h: height, k_w: width}
    return channels | kernel | dict.fromkeys((m, M, Q, R, P, T, C_c), bond)


def unequal_bonds():
    """Bonds of different sizes, some of which clip each other."""
    base = sizes(2, 3, 1, 2, 3, 1, 2)
    return [base | {Q: q, R: r, P: p} for q, r, p in ((1, 4, 1), (2, 1, 3), (3, 2, 1), (1, 9, 2))]


POINTS = {name: sizes(*numbers) for name, numbers in SIZES.items()}
POINTS |= {f"bonds {n}": values for n, values in enumerate(unequal_bonds())}


def check_dimension(line, values):
    found, exact = dimension(line, values)
    rank = jacobian_rank(line, values)
    assert rank <= found, (line, values)
    assert rank == found or not exact, (line, values, rank)
    assert found <= ambient(line, values) or not exact


@pytest.mark.parametrize("point", POINTS)
def test_dimension_is_the_rank_of_the_jacobian(entry, point):
    check_dimension(entry.family, POINTS[point])


def check_formula(line):
    """The closed form where its guard holds; how often it held, and how often it was needed."""
    formula, exact = degrees_of_freedom(line)
    held = wrong = 0
    for values in POINTS.values():
        assert dimension(line, values)[1] == exact or not exact
        if formula.holds(values):
            held += 1
            assert formula.at(values) >= jacobian_rank(line, values)
            if exact:
                assert formula.at(values) == dimension(line, values)[0]
        elif formula.expr.xreplace(values) != dimension(line, values)[0]:
            wrong += 1
    return held, wrong, bool(formula.guard)


def test_the_closed_form_is_the_dimension_where_its_guard_holds(entry):
    held, wrong, guarded = check_formula(entry.family)
    assert held >= 2
    assert bool(wrong) == guarded, "a guard that is never needed, or needed and missing"


ASYMMETRIC_3_TO_8 = [32, 62, 90, 116, 140, 162, 182, 200, 216]  # T7, n = 3, m = 1 .. 9


@pytest.mark.parametrize(("width", "freedom"), [*enumerate(ASYMMETRIC_3_TO_8, start=1)])
def test_asymmetric_from_3_to_8_channels(width, freedom):
    line, values = FAMILIES["asymmetric"].family, sizes(3, 8, 1, 3, 3, 1, width)
    assert dimension(line, values) == (freedom, True)
    assert jacobian_rank(line, values) == freedom


def test_without_clipping_a_width_of_two_between_single_entries_would_have_no_freedom():
    """T7: alpha = beta = 1, m = 2: m(alpha + beta - m) = 0, and the truth is 1."""
    values = POINTS["alpha = beta = 1, m = 2"]
    assert 2 * (1 + 1 - 2) == 0
    assert dimension(FAMILIES["asymmetric"].family, values) == (1, True)


# T7: channels in and out, n, R, freedom, and the bound R(C_in + C_out + 2n - 3) or all entries
DEFECTS = (
    (2, 2, 2, 3, 14, 15),
    (3, 3, 2, 5, 34, 35),
    (4, 4, 2, 7, 62, 63),
    (1, 4, 2, 3, 15, 16),
    (1, 5, 2, 3, 18, 20),
    (2, 2, 3, 5, 34, 35),
    (1, 3, 3, 4, 26, 27),
)


@pytest.mark.parametrize(("c_in", "c_out", "n", "rank", "freedom", "bound"), DEFECTS)
def test_defects_of_sums_of_outer_products(c_in, c_out, n, rank, freedom, bound):
    """Here the bound is not reached, so it may not be called exact."""
    line, values = FAMILIES["cp"].family, sizes(c_in, c_out, 1, n, n, 1, rank)
    assert jacobian_rank(line, values) == freedom
    assert dimension(line, values) == (bound, False)


def test_two_single_modes_leave_a_matrix_whose_dimension_is_exact():
    values = sizes(1, 1, 1, 3, 3, 1, 2)
    assert dimension(FAMILIES["cp"].family, values) == (8, True)
    assert jacobian_rank(FAMILIES["cp"].family, values) == 8


def test_exactness_of_the_dimension_is_claimed_for_forests_only():
    bounds = {name for name in FAMILIES if not degrees_of_freedom(FAMILIES[name].family)[1]}
    assert bounds >= {"cp", "cp-joint"}
    assert not bounds & {"asymmetric", "tucker-2", "tensor-train", "flattened", "standard"}
