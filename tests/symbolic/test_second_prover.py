"""Questions for the second prover are as sharp as they say, and say no less than they did."""

import inspect
import pkgutil
from importlib import import_module
from types import SimpleNamespace

import pytest

import derive.second
from derive.proof import second_prover
from derive.proof.evidence import CLAIM, Confirmed, Query, Status
from derive.proof.second_prover import equivalence, moved
from tests.tools import need

MODULES = [module.name for module in pkgutil.iter_modules(derive.second.__path__)]

# The "if and only if" that each question claims, query by query: a claim that is cut to one of its
# two directions still follows, so that no run would notice.
EQUIVALENCES = {
    "bias_defect.prefix": [1],
    "bias_defect.untouched_windows": [1],
    "border_pixels.how_many": [1, 0],
    "border_pixels.inside": [1],
    "break_even.rectangular": [1],
    "break_even.thresholds": [1, 1, 1, 0, 1, 1],
    "break_even.without_padding": [1],
    "in_bounds_taps.last_tap": [1],
    "in_bounds_taps.misses_are_first": [1],
    "in_bounds_taps.nothing_missed": [1, 0],
    "in_bounds_taps.one_tap": [1, 0],
    "in_bounds_taps.rows_that_miss": [2],
    "stride_saving.strides": [0, 1, 1],
    "truncation_error.only_without_weight": [1],
    "visibility.equal_padding": [1, 1],
    "visibility.on_the_image": [1],
    "visibility.two_inequalities": [1, 0, 1, 1],
}


@pytest.fixture
def z3():
    found = second_prover.load()
    need(not isinstance(found, str), found)
    return found


def questions(module):
    """The questions of a module of queries, by name."""
    functions = vars(import_module(f"derive.second.{module}")).items()
    return {
        name: function
        for name, function in functions
        if inspect.isgeneratorfunction(function)
        and list(inspect.signature(function).parameters) == ["z3"]
    }


def equivalences(z3, formula):
    """How often a formula says that two others are true together."""
    if not z3.is_app(formula):
        return 0
    inside = sum(equivalences(z3, part) for part in formula.children())
    return equivalence(z3, formula) + inside


def test_every_equivalence_that_a_question_claims_is_claimed_still(z3):
    found = {
        f"{module}.{name}": [equivalences(z3, query.claim) for query in question(z3)]
        for module in MODULES
        for name, question in questions(module).items()
    }
    assert {name: counts for name, counts in found.items() if any(counts)} == EQUIVALENCES


@pytest.mark.parametrize("module", MODULES)
def test_what_is_unsharp_is_named_as_it_is(module, z3):
    for question in questions(module).values():
        for query in question(z3):
            assert {*query.unsharp} <= {CLAIM, *query.dropped}


def test_an_inequality_moves_by_one(z3):
    x, y = z3.Ints("x y")
    looser = {
        x <= y: [x <= y + 1],
        x < y: [x < y + 1],
        x >= y: [y <= x + 1],
        x > y: [y < x + 1],
        x == y: [],
        z3.Not(x < y): [z3.Not(x < y + -1)],
        z3.Implies(x < 1, y < 2): [z3.Implies(x < 1 + -1, y < 2), z3.Implies(x < 1, y < 2 + 1)],
        z3.Or(x == 0, y < 1): [z3.Or(x == 0, y < 1 + 1)],
    }
    for formula, expected in looser.items():
        assert same(z3, moved(z3, formula, 1), expected), formula
    both_ways = [(x < 1 + step) == (y < 2) for step in (1, -1)]
    both_ways += [(x < 1) == (y < 2 + step) for step in (1, -1)]
    assert same(z3, moved(z3, (x < 1) == (y < 2), -1), both_ways)


def test_a_bound_between_real_numbers_becomes_strict(z3):
    a, b = z3.Reals("a b")
    assert same(z3, moved(z3, a <= b, -1), [a < b])
    assert same(z3, moved(z3, a >= b, -1), [b < a])
    assert list(moved(z3, a < b, -1)) == list(moved(z3, a <= b, 1)) == []


def same(z3, found, expected):
    """Whether two collections of formulas are the same, up to what is always equivalent."""
    found, expected = list(found), list(expected)

    def met(one, others):
        return any(second_prover._refutation(z3, {}, one == other) == z3.unsat for other in others)

    return len(found) == len(expected) and all(met(one, expected) for one in found)


def asked(z3, **parts):
    session = SimpleNamespace(second_prover=lambda: z3)
    return Confirmed(lambda _: [Query(**parts)]).run(session)


def test_a_condition_that_asks_for_more_than_is_needed_is_refused(z3):
    x = z3.Int("x")
    sharp = asked(z3, assume={"large": x >= 2}, claim=x * x >= 4, dropped=["large"])
    assert sharp.status == Status.CONFIRMED
    narrow = asked(z3, assume={"large": x >= 3}, claim=x * x >= 4, dropped=["large"])
    assert (narrow.status, narrow.ran) == (Status.FAILED, "query 1 holds with 'large' loosened")
    unsharp = {"dropped": ["large"], "unsharp": ["large", CLAIM]}
    allowed = asked(z3, assume={"large": x >= 3}, claim=x * x >= 4, **unsharp)
    assert allowed.status == Status.CONFIRMED


@pytest.mark.parametrize("weak", ["x < 3", "x <= 3", "2 * x < 7"])
def test_a_claim_that_says_less_than_holds_is_refused(weak, z3):
    x = z3.Int("x")
    claims = {"x < 3": x < 3, "x <= 3": x <= 3, "2 * x < 7": 2 * x < 7}
    found = asked(z3, assume={"small": x < 2}, claim=claims[weak], dropped=["small"])
    assert found.status == Status.FAILED
    assert "holds with" in found.ran


def test_a_threshold_of_an_equivalence_is_exact(z3):
    x, y = z3.Ints("x y")
    slack = asked(z3, assume={"y": y == 2 * x}, claim=(y > 5) == (x > 2), dropped=["y"])
    exact = asked(z3, assume={"y": y == x + 1}, claim=(y > 3) == (x > 2), dropped=["y"])
    assert (slack.status, exact.status) == (Status.FAILED, Status.CONFIRMED)
