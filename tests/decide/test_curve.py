"""The width curve: every error against NumPy's singular values, every choice at its very edge."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from derive.catalogue import FAMILIES
from derive.comparison import Choices, Row
from derive.decide.nearest import Approximation
from derive.facts.choice import chosen_size, fitted, relative_error
from derive.facts.curve import curve, Path
from derive.facts.design import Guarantee
from derive.facts.question import Question
from derive.facts.verdict import NearestFacts, verdict_facts
from derive.notation.errors import InputError
from derive.notation.letters import C_c, m, P, Q
from derive.parse.budget import Budget, read_budget, read_cost, read_error
from derive.parse.kernel import read_kernel
from derive.parse.layer import read_layer_of
from derive.parse.layout import Known
from derive.render.curve import curve_words

# rows and columns of the one matrix that decides, and the letters that are kept
UNFOLDED = {
    "asymmetric": ("", "ov", "iu"),
    "asymmetric-horizontal-first": ("", "ou", "iv"),
    "depthwise-separable": ("i", "o", "uv"),
    "network-decoupling": ("i", "o", "uv"),
    "blueprint-separable": ("o", "i", "uv"),
}


def weights(*shape, seed=1, kind="float32"):
    """Weights with singular values that fall, as those of a trained layer do."""
    random = np.random.default_rng(seed)
    found = random.standard_normal(shape)
    decay = 1 / (1 + np.arange(shape[1]))
    return (found * decay.reshape(1, -1, *[1] * (len(shape) - 2))).astype(kind)


def asked(array, family="asymmetric", groups=None, **choices):
    entry = FAMILIES[family]
    given = read_kernel(array, Known(groups=groups, line=entry.family))
    layer = read_layer_of(given.kernel.extents, groups=given.reading.groups)
    return Question(
        given.name,
        given.kernel,
        entry,
        layer,
        Choices(**choices),
        given.floating,
        given.reading,
    )


def tails(array, kept, rows, columns):
    """Relative errors at every rank, by NumPy alone."""
    each = np.einsum(f"oiuv->{kept}{rows}{columns}", array.astype(np.float64))
    size = dict(zip("oiuv", array.shape, strict=True))
    high, wide = (int(np.prod([size[x] for x in word])) for word in (rows, columns))
    values = np.linalg.svd(each.reshape(-1, high, wide), compute_uv=False)
    return [left_over(values, n) for n in range(1, values.shape[1] + 1)]


def left_over(values, n):
    """The share of the norm beyond the first n values of every slice."""
    return np.sqrt((values[:, n:] ** 2).sum() / (values**2).sum())


@pytest.mark.parametrize("name", UNFOLDED)
@pytest.mark.parametrize("shape", [(6, 4, 3, 3), (12, 16, 3, 5)])
def test_the_error_at_every_size_is_that_of_numpy(name, shape):
    array = weights(*shape)
    found = curve(asked(array, name))
    expected = tails(array, *UNFOLDED[name])[: len(found.errors)]
    assert found.guarantee is Guarantee.LEAST
    assert found.errors == pytest.approx(expected, rel=1e-10, abs=1e-15)


def test_grouped_widths_are_those_of_all_groups():
    array = weights(8, 4, 3, 3)
    found = curve(asked(array, "grouped-asymmetric", groups=2))
    blocks = array.reshape(2, 4, 4, 3, 3).astype(np.float64)
    each = np.einsum("gbauv->gbvau", blocks).reshape(2, 12, 12)
    values = np.linalg.svd(each, compute_uv=False)
    expected = [left_over(values, n) for n in range(1, 13)]
    assert found.errors == pytest.approx(expected, rel=1e-10, abs=1e-15)
    assert [(p.setting[C_c], p.setting[m]) for p in found.facts.curve][:2] == [(1, 2), (2, 4)]


@pytest.mark.parametrize("name", ["tucker-2", "tensor-train"])
def test_of_several_bonds_the_curve_is_what_truncating_does_not_exceed(name):
    question = asked(weights(8, 6, 3, 3), name)
    found = curve(question)
    assert found.guarantee is Guarantee.AT_MOST
    for place in (0, 2, len(found.path) - 1):
        sizes = tuple(found.path[place].items())
        error = relative_error(replace(question, sizes=sizes))
        assert error <= found.errors[place] * (1 + 1e-6) + 1e-6  # stored as float32


@pytest.mark.parametrize("name", [*UNFOLDED, "tucker-2", "tensor-train", "cp", "cp-joint"])
def test_costs_along_the_curve_are_those_of_the_comparison(name):
    question = asked(weights(6, 4, 3, 3), name)
    path = Path.of(question)
    for place in {0, len(path) // 2, len(path) - 1}:
        row = Row(question.entry, question.line, question.layer, tuple(path[place].items()))
        assert path.cost(path[place]) == (row.number("parameters"), row.number("macs"))


def test_the_points_that_matter_are_the_last_and_the_first_of_their_kind():
    found = curve(asked(weights(16, 16, 3, 3)))
    facts, full = found.facts, found.path.standard[1]
    macs = [point.macs for point in facts.curve]
    assert [point.setting[m] for point in facts.curve] == list(range(1, 49))
    even, half = facts.break_even.setting[m], facts.half_cost.setting[m]
    assert macs[even - 1] < full <= macs[even]
    assert macs[half - 1] * 2 <= full < macs[half] * 2
    for target in facts.within_error:
        place = target.point.setting[m] - 1
        assert found.errors[place] <= target.error < found.errors[place - 1]


def test_a_long_curve_is_thinned_evenly_and_says_so():
    facts = curve(asked(weights(256, 200, 3, 3))).facts
    assert (facts.curve_sizes, len(facts.curve)) == (600, 512)
    sizes = [point.setting[m] for point in facts.curve]
    assert (sizes[0], sizes[-1]) == (1, 600)
    assert {b - a for a, b in pairwise(sizes)} == {1, 2}


def test_the_sentence_to_choose_by():
    facts = curve(asked(weights(64, 64, 3, 3))).facts
    even, half, tenth = facts.break_even, facts.half_cost, facts.within_error[-1].point
    assert (even.setting, half.setting) == ({m: 95}, {m: 48})
    dear = ", more expensive than the layer" if tenth.macs > facts.curve[-1].macs * 96 / 192 else ""
    assert curve_words(facts) == (
        f"At break-even width 95 the error is {even.relative_error:#.2g}, at half the cost"
        f" {half.relative_error:#.2g}, and 10 % error needs width {tenth.setting[m]}{dear}."
    )


SOUGHT = [
    ("asymmetric", 0.3),
    ("depthwise-separable", 0.5),
    ("network-decoupling", 0.5),
    ("tucker-2", 0.5),
    ("tensor-train", 0.5),
    ("cp", 0.5),
    ("cp-joint", 0.5),
]
SHAPES = {"cp": (4, 3, 2, 2), "cp-joint": (4, 3, 2, 2)}  # small, as every size takes a search


@pytest.mark.parametrize(("name", "error"), SOUGHT)
def test_an_error_chooses_the_smallest_size_within_it(name, error):
    question = asked(weights(*SHAPES.get(name, (6, 5, 3, 3))), name)
    chosen = chosen_size(question, Budget(error=Fraction(str(error))))
    assert chosen.near
    path = Path.of(question)
    place = next(n for n in range(len(path)) if path[n] == chosen.setting)
    assert relative_error(chosen) <= error
    assert place
    assert relative_error(replace(question, sizes=tuple(path[place - 1].items()))) > error


@pytest.mark.parametrize("name", [name for name, _ in SOUGHT])
@pytest.mark.parametrize("cost", ["0.5", "2000000macs", "150parameters"])
def test_a_cost_chooses_the_largest_size_within_it(name, cost):
    question, limit = asked(weights(6, 5, 3, 3), name), read_cost(cost)
    chosen, path = chosen_size(question, Budget(cost=limit)), Path.of(question)
    place = next(n for n in range(len(path)) if path[n] == chosen.setting)
    number = limit.unit != "parameters"
    most = limit.amount * (path.standard[1] if limit.unit == "share" else 1)
    assert path.cost(path[place])[number] <= most
    assert place + 1 == len(path) or path.cost(path[place + 1])[number] > most


@pytest.mark.parametrize(
    ("family", "error", "cost", "words"),
    [
        ("flattened", "0.1", "", "flattened has none left to choose"),
        ("asymmetric", "", "0.001", "the smallest, m = 1, has"),
        ("asymmetric", "0.1", "0.5", "leave out one of them"),
        ("asymmetric", "x", "", "error 'x' is no number"),
        ("asymmetric", "1.5", "", "must be below 1"),
        ("asymmetric", "", "4 cows", "cost '4 cows' is not a share"),
        ("asymmetric", "", "0", "cost 0 leaves nothing"),
    ],
)
def test_a_choice_that_cannot_be_made_is_one_line(family, error, cost, words):
    with pytest.raises(InputError, match=words) as caught:
        chosen_size(asked(weights(6, 5, 3, 3), family), read_budget(error, cost))
    assert "\n" not in str(caught.value)


def test_a_size_that_is_given_leaves_none_to_choose():
    question = asked(weights(6, 5, 3, 3), widths=(3,))
    with pytest.raises(InputError, match="none left"):
        chosen_size(question, Budget(error=Fraction(1, 2)))
    partly = asked(weights(6, 5, 3, 3), "tucker-2", ranks=({"P": 4},))
    chosen = chosen_size(partly, Budget(error=Fraction(2, 5)))
    assert chosen.setting[P] == 4
    assert chosen.setting[Q] > 1


def test_an_error_may_be_a_percentage():
    assert read_error("10%") == read_error("0.1") == Fraction(1, 10)


@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize(
    "name",
    [
        *UNFOLDED,
        "tucker-2",
        "tensor-train",
        "cp",
        "cp-joint",
        "flattened",
        "depthwise-asymmetric-separable",
    ],
)
def test_factors_are_balanced_and_their_error_is_that_of_what_is_stored(name, kind):
    array = weights(6, 5, 3, 3, kind=kind)
    whole = array.astype(np.float64)
    question = replace(asked(array, name, widths=(4,), multipliers=(2,), ranks=(3,)), near=True)
    near = verdict_facts(question).nearest
    assert isinstance(near, NearestFacts)
    assert near.precision == kind
    parts = [
        np.array(one.entries, kind).reshape(one.extents).astype(np.float64) for one in near.factors
    ]
    words = ",".join(one.letters for one in near.factors)
    error = np.linalg.norm(whole - np.einsum(f"{words}->oiuv", *parts)) / np.linalg.norm(whole)
    assert near.relative_error == pytest.approx(error, rel=1e-9)
    norms = [np.linalg.norm(part) for part in parts]
    assert norms == pytest.approx([norms[0]] * len(norms), rel=1e-6)


def test_what_is_only_found_says_so_and_is_found_again():
    question = replace(asked(weights(6, 5, 3, 3), "cp", ranks=(3,)), near=True)
    one, two = (verdict_facts(question).nearest for _ in range(2))
    assert one.factors == two.factors
    assert (one.optimal, one.within, one.method) == (False, None, "alternating least squares")


def test_cp_of_a_planted_sum_is_found():
    random = np.random.default_rng(4)
    parts = [random.standard_normal((n, 2)) for n in (6, 5, 3, 3)]
    array = np.einsum("or,ir,ur,vr->oiuv", *parts)
    assert relative_error(asked(array, "cp", ranks=(2,))) < 1e-6


def test_iteration_is_no_worse_than_one_truncation_after_another():
    """Against the truncated higher-order decomposition by NumPy, for Tucker-2."""
    array = weights(8, 6, 3, 3, kind="float64")
    flat = array.reshape(8, -1), np.moveaxis(array, 1, 0).reshape(6, -1)
    left, right = (np.linalg.svd(x, full_matrices=False)[0][:, :3] for x in flat)
    core = np.einsum("oiuv,op,iq->pquv", array, left, right)
    lost = np.sqrt(1 - (np.linalg.norm(core) / np.linalg.norm(array)) ** 2)
    near = fitted(asked(array, "tucker-2", ranks=(3,)))
    assert isinstance(near, Approximation)
    assert relative_error(asked(array, "tucker-2", ranks=(3,))) <= lost + 1e-12
