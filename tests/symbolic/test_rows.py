"""Rows on a layer: sizes are enforced, break-evens counted out, sums of lines and their waste."""

import re

import pytest
from sympy import Eq, Ge, IndexedBase, Mod, Rational

from derive.algebra.counting import Count
from derive.catalogue import COUNTS, FAMILIES, own
from derive.comparison import break_even, Choices, Row, rows
from derive.facts import compare
from derive.facts.comparison import row_facts, WastefulOrder
from derive.notation.errors import InputError
from derive.notation.formula import Formula
from derive.notation.letters import (
    C_in,
    DIRECTIONS,
    g,
    H,
    H_out,
    HEIGHT,
    i,
    j,
    letter,
    M,
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
from derive.parse.layer import read_layer
from tests.ranks import jacobian_rank

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
        (own(D[i, u, v], B[r, i], C[o, r]), R),  # a part of the cost is fixed
    ],
    ids=["asymmetric", "cp", "fixed part"],
)
@pytest.mark.parametrize("words", [{}, {"channels_in": 8}, {"stride": "2"}, {"kernel": "1x5"}])
def test_break_even_is_the_last_size_that_saves(entry, symbol, words):
    layer = read_layer(**words)
    baseline = next(row for row in rows(layer)[0] if row.entry.name == "standard")
    found, largest = break_even(row_of(entry, symbol, 1, layer), baseline)
    costs = [row_of(entry, symbol, size, layer).number("macs") for size in range(1, 200)]
    saving = [size for size, cost in enumerate(costs, start=1) if cost < baseline.number("macs")]
    assert found == symbol
    assert largest == max(saving, default=0)


def test_no_break_even_where_the_cost_is_not_affine():
    entry = own(A[q, i], C[r, q, u, v], B[o, r])
    layer = read_layer()
    baseline = next(row for row in rows(layer)[0] if row.entry.name == "standard")
    assert break_even(Row(entry, entry.family, layer, ((Q, 2), (R, 2))), baseline) is None


def test_sums_of_lines_of_your_own():
    both = 2 * own(D[i, u, v], P[o, i]) + own(W[o, i])
    assert [str(times) for times, _ in both.family.branches] == ["2", "1"]
    single = own(D[i, u, v], P[o, i]).parameters
    assert (both.parameters - 2 * single - own(W[o, i]).parameters).expand() == 0


def test_multiples_and_sums_follow_the_rules():
    one, other = own(D[i, u, v], P[o, i]), own(W[o, i])
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
        one + own(W[o, i], sizes={i: 7})


def test_a_signal_is_a_line_with_one_axis():
    signal = own(W[o, i, v], axes=(v,))
    assert str(signal.macs) == "C_in*C_out*W_out*k_w"
    assert signal.exact_when == "every kernel"
    assert own(W[o, i, v]).exact_when == "the kernel is zero except at the middle vertical tap"


def test_a_letter_may_run_over_a_number():
    entry = own(A[E, i, u], B[o, E, v], sizes={E: 4})
    assert str(entry.parameters) == "4*C_in*k_h + 4*C_out*k_w"
    assert entry.exact_when.endswith("has rank at most 4")
    assert entry.formulas


def test_a_wasteful_order_is_said_on_its_row():
    entry = own(B[o, j, v], A[j, i, u])
    layer = read_layer()
    baseline = next(row for row in rows(layer)[0] if row.entry.name == "standard")
    notes = row_facts(row_of(entry, m, 3, layer), baseline).notes
    words = "wasteful order: stage B[o, j, v] repeats itself for every i"
    assert WastefulOrder(B[o, j, v], (i,)) in notes
    assert words in [note.words for note in notes]
    of_the_book = (note for row in compare(layer).families for note in row.notes)
    assert not any(isinstance(note, WastefulOrder) for note in of_the_book)


def test_a_transposed_stage_with_stride_1_reads_as_far_as_a_stage():
    line = FAMILIES["asymmetric"].family
    ours = Count(line, tuple(DIRECTIONS[tap] for tap in (u, v)), transposed=True)
    same = {HEIGHT.stride: 1, HEIGHT.dilation: 3, HEIGHT.kernel: 5}
    read, written = (count.receptive_field(HEIGHT).at(same) for count in (ours, Count(line)))
    assert read == written == 13


@pytest.mark.parametrize(
    "words",
    [
        {"stride": "2x3", "dilation": "2x1", "padding": "0:1x2:3", "groups": 2, "kernel": "3x5"},
        {"stride": "3", "output_padding": "1", "transposed": True, "kernel": "2x3"},
        {"image": "9x7x11", "kernel": "3x1x5", "bias": "last"},
    ],
)
def test_numbers_put_in_before_or_after_multiplying_give_the_same_counts(words):
    layer = read_layer(**{"image": "13x17", "channels_in": 4, "channels_out": 6, **words})
    for row in rows(layer)[0]:
        fields = [row.count.receptive_field(direction) for direction in layer.directions]
        after = {name: row.at(getattr(row.count, name)) for name in COUNTS}
        before = {name: row.at(getattr(row.numbers, name)) for name in COUNTS}
        assert before == after
        assert list(map(row.at, row.fields)) == list(map(row.at, fields))
        for (_, stages), (_, numbers) in zip(row.count.stages, row.numbers.stages, strict=True):
            for stage, number in zip(stages, numbers, strict=True):
                assert list(map(row.size, stage.filter)) == list(number.filter)
                assert row.size(stage.reached) == number.reached


def test_repeated_settings_are_one_row():
    found, _ = rows(read_layer(), Choices(widths=(3, 3)))
    assert len([row for row in found if row.entry.name == "asymmetric"]) == 1
    assert C_in in found[0].values


def settings_on(name, **words):
    layer = read_layer(**words)
    line = FAMILIES[name].family.on(layer.taps)
    return [{s.name: n for s, n in one.items()} for one in Choices().settings(line, layer)]


# layer, and the usual sizes there: C_in, or full rank where that is less
USUAL = [
    ({}, "asymmetric", {"m": 3}),
    ({}, "tucker-2", {"P": 3, "Q": 3}),
    ({"channels_in": 64}, "asymmetric", {"m": 24}),
    ({"channels_in": 64}, "asymmetric-horizontal-first", {"m": 24}),
    ({"channels_in": 64, "kernel": "5x1"}, "asymmetric", {"m": 8}),
    ({"channels_in": 64, "kernel": "5x1"}, "asymmetric-horizontal-first", {"m": 40}),
    ({"channels_in": 64}, "tucker-2", {"P": 8, "Q": 64}),
    ({"channels_in": 64, "channels_out": 2, "kernel": "1"}, "tucker-2", {"P": 2, "Q": 2}),
    ({"channels_in": 64}, "tensor-train", {"P": 8, "Q": 64, "R": 24}),
    ({"channels_in": 64}, "cp", {"R": 64}),
    ({"channels_in": 64, "channels_out": 2, "kernel": "3x1"}, "cp", {"R": 6}),
    ({"channels_in": 64}, "network-decoupling", {"T": 8}),
    ({"channels_in": 64, "channels_out": 32}, "network-decoupling", {"T": 9}),
    ({"channels_in": 64, "groups": 4}, "grouped-asymmetric", {"m": 24, "C_c": 6}),
    ({"channels_in": 64, "image": "9x9x9"}, "r2plus1d", {"m": 24}),
]


@pytest.mark.parametrize(("words", "name", "usual"), USUAL)
def test_the_usual_size_is_never_beyond_full_rank(words, name, usual):
    assert settings_on(name, **words) == [usual]


SHAPES = ((5, 1, "2x1"), (7, 2, "1"), (6, 1, "3x1"))
SMALL = [{"channels_in": c, "channels_out": d, "kernel": k} for c, d, k in SHAPES]


@pytest.mark.parametrize("words", SMALL)
def test_a_size_that_was_limited_represents_every_kernel_that_the_input_channels_would(words):
    """As many degrees of freedom as at C_in, counted by the Jacobian."""
    layer = read_layer(image="9x9", **words)
    limited = 0
    for entry in FAMILIES.values():
        line = entry.family.on(layer.taps)
        if line is None or g in line.inputs:
            continue
        (usual,) = Choices().settings(line, layer)
        wide = {symbol: max(number, layer.channels_in) for symbol, number in usual.items()}
        if usual != wide and M not in usual:
            limited += 1
            ranks = [jacobian_rank(line, {**layer.values, **one}) for one in (usual, wide)]
            assert ranks[0] == ranks[1], (entry.name, usual)
    assert limited > 2


def test_what_is_chosen_is_taken_as_it_is():
    layer = read_layer(channels_in=64)
    line = FAMILIES["tucker-2"].family
    chosen = Choices(widths=(64,), ranks=({"P": 40}, 64))
    named = [{s.name: n for s, n in one.items()} for one in chosen.settings(line, layer)]
    assert named == [{"P": 40, "Q": 64}, {"P": 64, "Q": 64}]
    (wide,) = chosen.settings(FAMILIES["asymmetric"].family, layer)
    assert wide == {m: 64}


def omitted_as(name, layer, choices):
    _, omitted = rows(layer, choices)
    return [one.reason for one in omitted if one.name == name]


def test_a_depthwise_layer_has_the_multiplier_that_is_asked_for():
    layer = read_layer()
    made = "makes {} output channels, the layer has 8"
    assert omitted_as("depthwise", layer, Choices()) == [made.format(6)]
    assert omitted_as("depthwise", layer, Choices(multipliers=(3,))) == [made.format(9)]
    both = omitted_as("depthwise", layer, Choices(multipliers=(1, 4)))
    assert both == [made.format(3), made.format(12)]
    found, _ = rows(read_layer(channels_in=4), Choices(multipliers=(2, 3)))
    depthwise = [row.chosen for row in found if row.entry.name == "depthwise"]
    assert depthwise == [{M: 2}]


def test_a_width_of_less_than_one_channel_a_group_is_left_out():
    """The sizes were converted before it was seen that the groups do not divide the width."""
    layer = read_layer(channels_in=4, channels_out=4, groups=4)
    (reason,) = omitted_as("grouped-asymmetric", layer, Choices(widths=(1,)))
    assert reason == "width 1 is no multiple of the 4 groups"
