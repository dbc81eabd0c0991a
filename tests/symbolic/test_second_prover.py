"""Questions for the second prover are as sharp as they say, and answered alike on every machine."""

from types import SimpleNamespace

import pytest

from derive.proof import second_prover
from derive.proof.evidence import CLAIM, Confirmed, Query, Status
from derive.proof.questions import question
from derive.proof.second_prover import moved
from tests.questions import every_question
from tests.tools import need

NAMES = [*every_question()]


@pytest.fixture
def z3():
    found = second_prover.load()
    need(not isinstance(found, str), found)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_what_is_unsharp_is_named_as_it_is(name, z3):
    for query in question(name)(z3):
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
        return any(
            second_prover._refutation(z3, {}, one == other, z3.Context()) == z3.unsat
            for other in others
        )

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


def test_an_implication_whose_converse_holds_too_says_less_than_is_known(z3):
    x, y = z3.Ints("x y")
    assume, large, larger = {"y": y == x + 1}, x > 2, y > 3
    one_way = asked(z3, assume=assume, claim=z3.Implies(large, larger), dropped=["y"])
    assert (one_way.status, one_way.ran) == (
        Status.FAILED,
        "query 1 holds with its claim sharpened",
    )
    wide = {"y": y >= x + 1}
    only_so = asked(z3, assume=wide, claim=z3.Implies(large, larger), dropped=["y"])
    assert only_so.status == Status.CONFIRMED


def test_every_query_has_a_control(z3):
    x = z3.Int("x")
    needed = Query({"large": x >= 2}, x * x >= 4, ["large"])
    idle = Query({"large": x >= 2}, x * x >= 0, [])
    session = SimpleNamespace(second_prover=lambda: z3)
    found = Confirmed(lambda _: [needed, idle]).run(session)
    assert (found.status, found.ran) == (Status.FAILED, "query 2 has no control")


@pytest.fixture
def work(z3, monkeypatch):
    """Every search for an answer: what was found, and z3's count of its work."""
    done, real = [], second_prover._checked

    def checked(z3, solver):
        found = real(z3, solver)
        done.append((str(found), solver.statistics().get_key_value("rlimit count")))
        return found

    monkeypatch.setattr(second_prover, "_checked", checked)
    return done


def test_an_answer_does_not_depend_on_what_was_asked_before(z3, work):
    without_padding = question("break_even.without_padding")
    asked_first = second_prover.answer(z3, without_padding(z3))
    first = work.copy()
    clutter = [z3.Int(f"n{n}") * z3.Int(f"m{n}") < n for n in range(1000)]
    second_prover._refutation(z3, {}, z3.Or(*clutter), z3.Context())
    work.clear()
    assert second_prover.answer(z3, without_padding(z3)) == asked_first
    assert work == first


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_takes_less_than_a_fifth_of_what_it_may(name, z3, work):
    assert second_prover.answer(z3, question(name)(z3)).controls
    assert all(found != "unknown" for found, _ in work)
    assert max(count for _, count in work) < second_prover.RESOURCES / 5


def test_a_search_that_finds_nothing_leaves_the_matter_open(z3, monkeypatch, work):
    monkeypatch.setattr(second_prover, "RESOURCES", 20_000)
    x, y, w = z3.Ints("x y w")
    cubes = {"cubes": x**3 + y**3 + w**3 == 114, "far": x * x + y * y + w * w > 10**9}
    found = asked(z3, assume=cubes, claim=x == y, dropped=["far"])
    assert (found.status, found.ran) == (Status.NOT_CONFIRMED, "query 1: z3 finds no answer")
    assert [found for found, _ in work] == ["unknown"] * len(second_prover.SEEDS)


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("rank_one.pivot", "derive/crosschecks/rank_one.py has no 'pivot'"),
        ("rank_one", "derive/crosschecks/rank_one.py has no ''"),
        ("rank_two.pivot_form", "there is no derive/crosschecks/rank_two.py"),
        ("..rank_one.pivot_form", "there is no derive/crosschecks/.py"),
    ],
)
def test_a_question_that_is_not_there_is_named_and_fails(name, complaint):
    session = SimpleNamespace(second_prover=lambda: "not asked")
    found = Confirmed(name).run(session)
    assert found.status == Status.FAILED
    assert found.ran.startswith(f"no question {name!r}")
    assert complaint in found.ran


def test_a_question_can_be_named_before_its_prover_is_there():
    session = SimpleNamespace(second_prover=lambda: "z3 is not installed")
    assert Confirmed("rank_one.pivot_form").run(session).status == Status.NOT_CONFIRMED
