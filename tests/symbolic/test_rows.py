"""Rows on a layer: sizes are enforced, break-evens counted out, sums of lines and their waste."""

import re

import pytest
from sympy import Eq, Ge, IndexedBase, Mod, Rational

import derive
from derive.algebra.counting import Count
from derive.catalogue import FAMILIES
from derive.facts import compare, row_facts
from derive.notation.errors import InputError
from derive.notation.formula import Formula
from derive.notation.letters import (
    C_in,
    DIRECTIONS,
    H,
    H_out,
    HEIGHT,
    i,
    j,
    letter,
    m,
    n,
    o,
    Q,
    q,
    R,
    r,
    u,
    v,
)
from derive.read.layer import read_layer
from derive.rows import break_even, Choices, Row, rows

E = letter("E")
A, B, C, D, P, W = map(IndexedBase, "ABCDPW")
ODD = Formula(n * H, (Eq(Mod(n, 2), 1), Ge(H, n)))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({n: 3}, "H has no value"),
        ({n: 0, H: 5}, "n must be an integer of at least 1, not 0"),
        ({n: -3, H: 5}, "n must be an integer of at least 1, not -3"),
        ({n: Rational(5, 2), H: 5}, "n must be an integer of at least 1, not 5/2"),
        ({n: "3", H: 5}, "n must be an integer of at least 1, not 3"),
        ({n: "__import__('os')", H: 5}, "n must be an integer"),
        ({n: 3, H: n}, "H must be an integer of at least 1, not n"),
        ({n: 4, H: 5}, "Eq(Mod(n, 2), 1)"),
        ({n: 5, H: 3}, "H >= n"),
    ],
)
def test_a_formula_is_refused_outside_its_guard(values, message):
    assert not ODD.holds(values)
    with pytest.raises(InputError, match=re.escape(message)):
        ODD.at(values)


def test_a_formula_holds_inside_its_guard():
    assert ODD.holds({n: 3, H: 3})
    assert ODD.at({n: 3, H: 3}) == 9
    assert Formula(H_out).at({H_out: 0}) == 0


def row_of(entry, symbol, size, layer):
    return Row(entry, entry.family, layer, ((symbol, size),))


@pytest.mark.parametrize(
    ("entry", "symbol"),
    [
        (FAMILIES["asymmetric"], m),
        (FAMILIES["cp"], R),
        (derive.Family(D[i, u, v], B[r, i], C[o, r]), R),  # a part of the cost is fixed
    ],
    ids=["asymmetric", "cp", "fixed part"],
)
@pytest.mark.parametrize("words", [{}, {"channels_in": 8}, {"stride": "2"}, {"kernel": "1x5"}])
def test_break_even_is_the_last_size_that_saves(entry, symbol, words):
    layer = read_layer(**words)
    yardstick = next(row for row in rows(layer)[0] if row.entry.name == "standard")
    found, largest = break_even(row_of(entry, symbol, 1, layer), yardstick)
    costs = [row_of(entry, symbol, size, layer).number("macs") for size in range(1, 200)]
    saving = [size for size, cost in enumerate(costs, start=1) if cost < yardstick.number("macs")]
    assert found == symbol
    assert largest == max(saving, default=0)


def test_no_break_even_where_the_cost_is_not_affine():
    entry = derive.Family(A[q, i], C[r, q, u, v], B[o, r])
    layer = read_layer()
    yardstick = next(row for row in rows(layer)[0] if row.entry.name == "standard")
    assert break_even(Row(entry, entry.family, layer, ((Q, 2), (R, 2))), yardstick) is None


def test_sums_of_lines_of_your_own():
    both = 2 * derive.Family(D[i, u, v], P[o, i]) + derive.Family(W[o, i])
    assert [str(times) for times, _ in both.family.branches] == ["2", "1"]
    single = derive.Family(D[i, u, v], P[o, i]).parameters
    assert (both.parameters - 2 * single - derive.Family(W[o, i]).parameters).expand() == 0


def test_multiples_and_sums_follow_the_rules():
    one, other = derive.Family(D[i, u, v], P[o, i]), derive.Family(W[o, i])
    assert (2 * (one + other)).parameters == (2 * one + 2 * other).parameters
    assert (2 * (2 * one)).family == (4 * one).family == (one * 4).family
    assert sum([one, other]).family == (one + other).family
    for times in (0, -1, Rational(1, 2), 2.5):
        with pytest.raises((InputError, TypeError)):
            times * one
    for nonsense in ("2", None, one.family):
        with pytest.raises(TypeError):
            one + nonsense
    with pytest.raises(InputError, match="differ in axes or channels"):
        one + derive.Family(W[o, i], sizes={i: 7})


def test_a_signal_is_a_line_with_one_axis():
    signal = derive.Family(W[o, i, v], axes=(v,))
    assert str(signal.macs) == "C_in*C_out*W_out*k_w"
    assert signal.exact_when == "every kernel"
    assert (
        derive.Family(W[o, i, v]).exact_when
        == "the kernel is zero except at the middle vertical tap"
    )


def test_a_letter_may_run_over_a_number():
    entry = derive.Family(A[E, i, u], B[o, E, v], sizes={E: 4})
    assert str(entry.parameters) == "4*C_in*k_h + 4*C_out*k_w"
    assert entry.exact_when.endswith("has rank at most 4")
    assert entry.formulas


def test_a_wasteful_order_is_said_on_its_row():
    entry = derive.Family(B[o, j, v], A[j, i, u])
    layer = read_layer()
    yardstick = next(row for row in rows(layer)[0] if row.entry.name == "standard")
    notes = row_facts(row_of(entry, m, 3, layer), yardstick)["notes"]
    assert "wasteful order: stage B[o, j, v] repeats itself for every i" in notes
    assert not any(
        "wasteful" in note for row in compare(layer)["families"] for note in row["notes"]
    )


def test_a_transposed_stage_writes_as_far_as_a_stage_reads():
    line = FAMILIES["asymmetric"].family
    ours = Count(line, tuple(DIRECTIONS[tap] for tap in (u, v)), transposed=True)
    assert ours.receptive_field(HEIGHT) == Count(line).receptive_field(HEIGHT)


def test_repeated_settings_are_one_row():
    found, _ = rows(read_layer(), Choices(widths=(3, 3)))
    assert len([row for row in found if row.entry.name == "asymmetric"]) == 1
    assert C_in in found[0].values
