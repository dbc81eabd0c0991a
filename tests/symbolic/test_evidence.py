"""Evidence: what holds is found to hold, what is false is refused, what says nothing is vacuous."""

from types import ModuleType, SimpleNamespace

import pytest
from sympy import floor, IndexedBase, Integer, Matrix, Sum, Symbol

from derive import catalogue
from derive.notation.convolution import Within
from derive.notation.errors import CheckError, InputError
from derive.notation.letters import C_in, i, m, n, u
from derive.proof import run as run_module
from derive.proof import second_prover
from derive.proof.cases import CaseList, Grid
from derive.proof.claim import Claim, iff, Table
from derive.proof.equality import Blocks, Equal, Exact, Identity, OneSum, SameSum
from derive.proof.established import (
    Decides,
    Domain,
    Equation,
    Holds,
    SameCondition,
    Signs,
    Together,
)
from derive.proof.evidence import (
    Agree,
    Argued,
    Bounded,
    Cited,
    Confirmed,
    Counterexample,
    Equivalent,
    Every,
    Positive,
    Query,
    Telescoping,
    Uses,
)
from derive.proof.library import THEOREMS
from derive.proof.run import Session
from derive.proof.status import Status
from derive.proof.theorem import Establishes, Part, step, theorem, Without
from tests.tools import need

A, B = map(IndexedBase, "AB")
U, V = (Symbol(name, commutative=False) for name in "UV")
LAYERS = (Matrix([[U, 1], [1, 0]]), Matrix([[V, 0], [0, V]]))
PADDING = Symbol("p", integer=True, nonnegative=True)
SMALL = Grid(H=range(1, 4), s=(1, 2))


def total(base, letter=u):
    return Sum(base[letter], (letter, 0, n - 1))


Q = Symbol("Q", integer=True)
ROWS = Claim(Q, "=", floor(Symbol("H") / Symbol("s")))
INSIDE = Sum(Within(u, m) * A[u], (u, 0, n - 1))


def quotient(H, s):
    return {Q: H // s}


def bool_of(H, s):
    return True


HOLDS = {
    "identity": Identity((n + 1) ** 2, n**2 + 2 * n + 1),
    "identity of fractions": Identity((n**2 - 1) / (n - 1), n + 1),
    "blocks": Identity(Matrix([[U * U**-1 * V]]), Matrix([[V]])),
    "sums": SameSum(total(A) * total(B), Sum(A[u] * B[i], (u, 0, n - 1), (i, 0, n - 1))),
    "series": Telescoping(2 * u + 1, u, n, n**2),
    "equivalence": Equivalent(n * C_in * (n - m), n - m),
    "inequality": Positive(n**2 - n, {n: 2}),
    "several sums": OneSum({"one": total(A), "other letter": total(A, i), "twice": total(A)}),
    "product of four blocks": Blocks(LAYERS, Matrix([[U * V, V], [V, 0]])),
    "product of blocks": Blocks((Matrix([[U, 0]]), Matrix([[V], [U]])), Matrix([[U * V]])),
    "values": Exact({"one": (1, 1)}),
    "several": Every({"a": Identity(n, n + 0), "b": Exact({"x": (2, 2)})}),
    "grid": Agree(lambda H, s: H // s, lambda H, s: (H - H % s) // s, SMALL),
    "bound": Bounded(lambda H, s: H // s, lambda H, s: H, SMALL),
    "support": SameSum(INSIDE, total(A), supports={A: (m,)}),
    "claim": Holds(ROWS, lambda H, s: {Q: H // s}, SMALL),
    "condition": Decides((Claim(Q, "<", 2),), lambda H, s: 2 * s > H, SMALL, measured=quotient),
    "same condition": SameCondition(Claim(m * C_in, "≤", n * C_in), Claim(m, "≤", n)),
    "signs": Signs(Claim(n**2, "≥", 2 * n), Claim(n, "≥", 2)),
    "domain": Domain(Claim((m, n), "≥", 1), Claim(PADDING, "≥", 0)),
    "equation": Equation(Claim((n + 1) ** 2, "=", n**2 + 2 * n + 1)),
    "together": Together((Identity(n, n + 0), Exact({"x": (2, 2)}))),
}
FALSE = {
    "identity": Identity((n + 1) ** 2, n**2 + 1),
    "blocks do not commute": Identity(Matrix([[U * V]]), Matrix([[V * U]])),
    "one entry of a matrix": Identity(Matrix([[n, n]]), Matrix([[n, n + 1]])),
    "sums": SameSum(total(A), Sum(A[u], (u, 0, n))),
    "sums with another coefficient": SameSum(total(A), 2 * total(A)),
    "sums with another tensor": SameSum(total(A) * total(B), total(A) * total(A)),
    "the last of several sums": OneSum({"one": total(A), "same": total(A, i), "B": total(B)}),
    "the second of several sums": OneSum({"one": total(A), "B": total(B), "same": total(A, i)}),
    "the first entry of a product": Blocks(LAYERS, Matrix([[V * U, V], [V, 0]])),
    "the last entry of a product": Blocks(LAYERS, Matrix([[U * V, V], [V, V]])),
    "the blocks of a product exchanged": Blocks((Matrix([[U]]), Matrix([[V]])), Matrix([[V * U]])),
    "series": Telescoping(2 * u + 1, u, n, n**2 + n),
    "series with a wrong start": Telescoping(2 * u + 1, u, n, n**2 + 1),
    "the other sign": Equivalent(-n * (n - m), n - m),
    "sign not known": Equivalent((n - 2) * (n - m), n - m),
    "a ratio that may be zero": Equivalent(PADDING * (n - m), n - m),
    "zero where it should be positive": Positive(n**2 - n),
    "zero at the least value": Positive(n - 2, {n: 2}),
    "zero without padding": Positive(n * PADDING),
    "values": Exact({"one": (1, 2)}),
    "one of several": Every({"a": Identity(n, n + 0), "b": Exact({"x": (1, 2)})}),
    "grid": Agree(lambda H, s: H // s, lambda H, s: H - s, SMALL),
    "bound": Bounded(lambda H, s: H * s, lambda H, s: H, SMALL),
    "a bound too small by 1": Bounded(lambda H, s: H, lambda H, s: max(H - 1, 2), SMALL),
    "the support of another axis": SameSum(INSIDE, total(A), supports={A: (n,)}),
    "a claim too small by 1": Holds(ROWS, lambda H, s: {Q: H // s - 1}, SMALL),
    "a strict claim with equal sides": Holds(
        Claim(Q, "<", Symbol("H")), lambda H, s: {Q: H // s}, SMALL
    ),
    "a condition with its edge": Decides(
        (Claim(Q, "≤", 2),), lambda H, s: 2 * s > H, SMALL, measured=quotient
    ),
    "a condition the other way round": Decides(
        (Claim(Q, ">", 1),), lambda H, s: 2 * s > H, SMALL, measured=quotient
    ),
    "one side strict": SameCondition(Claim(m * C_in, "<", n * C_in), Claim(m, "≤", n)),
    "the sign turned": SameCondition(Claim(m * C_in, "≤", n * C_in), Claim(m, "≥", n)),
    "strict where it may be equal": Signs(Claim(n**2, ">", 2 * n), Claim(n, "≥", 2)),
    "signs from a smaller least value": Signs(Claim(n**2, "≥", 2 * n), Claim(n, "≥", 1)),
    "a domain that is too large": Domain(Claim(n, "≥", 0)),
    "a domain that is too small": Domain(Claim(PADDING, "≥", 1)),
    "an equation with another sign": Equation(Claim(n + 1, "≥", n + 1)),
    "an equation with another term": Equation(Claim((n + 1) ** 2, "=", n**2 + n + 1)),
    "one of several together": Together((Identity(n, n + 0), Exact({"x": (1, 2)}))),
    "no difference": Counterexample({}, {"left": 1, "right": 1}),
    "two of three alike": Counterexample({}, {"a": 1, "b": 2, "c": 1}),
    "an error": Agree(lambda H, s: 1 // (H - 1), lambda H, s: 1, SMALL),
}
VACUOUS = {
    "an identity of numbers": Identity(Integer(2) + 2, Integer(4)),
    "two zeros": SameSum(0 * total(A), Integer(0) * total(B)),
    "a series of nothing": Telescoping(Integer(0), u, n, Integer(0)),
    "sides of one sign": Equivalent(n * C_in, C_in),
    "a number": Positive(Integer(3)),
    "one sum alone": OneSum({"one": total(A)}),
    "no sum": OneSum({}),
    "sums of zero": OneSum({"one": 0 * total(A), "two": 0 * total(B)}),
    "a product of one matrix": Blocks((Matrix([[U]]),), Matrix([[U]])),
    "no values": Exact({}),
    "none of several": Every({}),
    "a constant grid": Agree(lambda H, s: True, lambda H, s: True, SMALL),
    "an empty grid": Agree(lambda H: H, lambda H: H, Grid(H=range(0))),
    "a bound that is never reached": Bounded(lambda H, s: H, lambda H, s: H + 1, SMALL),
    "a bound that no case reaches": Holds(
        Claim(Q, "≤", Symbol("H")), lambda H, s: {Q: H // s - 1}, SMALL
    ),
    "a claim on one case": Holds(ROWS, lambda H, s: {Q: H // s}, Grid(H=(1,), s=(1,))),
    "a condition that always holds": Decides((Claim(Symbol("H"), ">", 0),), bool_of, SMALL),
    "no domain": Domain(),
    "an inequality of numbers": Signs(Claim(1, "<", 2)),
    "one value only": Counterexample({}, {"left": 1}),
}


@pytest.mark.parametrize("name", HOLDS)
def test_what_holds_is_found_to_hold(name):
    result = HOLDS[name].run(Session())
    assert result.status in (Status.PROVED, Status.COMPUTED, Status.CHECKED)
    assert result.ran


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_is_refused(name):
    assert Session()._result(FALSE[name]).status == Status.FAILED


@pytest.mark.parametrize("name", VACUOUS)
def test_what_says_nothing_is_refused(name):
    assert VACUOUS[name].run(Session()).status == Status.FAILED


def test_what_no_machine_checks_is_worth_less():
    worth = [Argued("").run(None).status, Cited("").run(None).status]
    assert worth == [Status.ARGUED, Status.CITED]
    assert Status.NOT_CONFIRMED < Status.ARGUED < Status.CITED < Status.CHECKED < Status.CONFIRMED
    assert Status.CONFIRMED < Status.COMPUTED < Status.PROVED


def test_thorough_runs_take_the_large_grid():
    seen = []
    grid = Agree(lambda H: seen.append(H) or H, lambda H: H, Grid(H=range(2)), Grid(H=range(9)))
    grid.run(Session())
    grid.run(Session(thorough=True))
    assert len(seen) == 2 + 9


def test_grids_say_what_they_are():
    box = Grid(lambda H, s: s < H, "H > s", H=range(1, 4), s=(1, 3))
    assert box.words == "H = 1..3, s = 1, 3, H > s"
    assert list(box) == [{"H": 2, "s": 1}, {"H": 3, "s": 1}]
    assert list(CaseList("two", [{"a": 1}, {"a": 2}])) == [{"a": 1}, {"a": 2}]


def leaf(**functions):
    module = ModuleType("leaf")
    module.__doc__ = "Title: a sentence.\n\nSo.\n\nHypotheses:\n- one: it.\n\nUse: none."
    vars(module).update({"number": "X1", "topic": "equality", **functions})
    return theorem("leaf", module)


PROVED, GRID, CITED = Identity(n + n, 2 * n), HOLDS["grid"], Cited("Somebody")


def test_a_row_of_a_table_is_found_by_its_first_cell_or_refused():
    table = Table(("", "weights", "MACs"), ("pair", n, m), ("whole", m, n))
    assert table.row("whole") == {"": "whole", "weights": m, "MACs": n}
    with pytest.raises(CheckError, match="no row of the table begins with neither"):
        table.row("neither")


def test_a_step_establishes_the_claims_that_its_evidence_is_about():
    square, double = Claim(m, "=", n**2 + n), Claim(m, "=", 2 * n)
    sentence = step("So it is.", {"one": Equal(n * (n + 1), square)}, SameCondition(square, double))
    assert [id(claim) for claim in sentence.establishes] == [id(square), id(square), id(double)]
    assert step("It has a size.", Equal(n, square.expr)).establishes == ()
    assert step("As is said.", Argued("a reason"), establishes=double).establishes == (double,)
    assert Equal(n * (n + 1), square).run(None).status == Status.PROVED
    assert Equal(n * n, square).run(None).status == Status.FAILED


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ([PROVED], Status.PROVED),
        ([PROVED, GRID], Status.CHECKED),
        ([PROVED, GRID, CITED], Status.CITED),
        ([PROVED, Argued("so"), CITED], Status.ARGUED),
        ([PROVED, FALSE["identity"], CITED], Status.FAILED),
        ([], Status.FAILED),
    ],
)
def test_a_theorem_is_as_sure_as_its_weakest_step(steps, status):
    shown = leaf(proof=lambda: [(f"sentence {k}", x) for k, x in enumerate(steps)])
    verdict = Session()._run(shown)
    assert verdict.status == status == min([o.status for o in verdict.steps], default=0)


def test_a_check_or_a_counterexample_that_fails_fails_the_theorem():
    sure = {"proof": lambda: [("s", PROVED)]}
    for name in ("checks", "sharpness"):
        step = ("s", FALSE["grid"]) if name == "checks" else ("one", "s", FALSE["no difference"])
        assert Session()._run(leaf(**sure, **{name: lambda step=step: [step]})).status == 0
    no_object = leaf(**sure, sharpness=lambda: [("one", "s", PROVED)])
    assert Session()._run(no_object).status == Status.FAILED


@pytest.mark.parametrize("several", [False, True])
def test_a_check_that_did_not_run_is_listed_and_counts_for_nothing(several):
    asked = Every({"one": Confirmed(lambda z3: [])}) if several else Confirmed(lambda z3: [])
    open_check = leaf(proof=lambda: [("s", PROVED)], checks=lambda: [("t", asked)])
    verdict = Session(second=False)._run(open_check)
    assert verdict.status == Status.PROVED
    assert [outcome.sentence for outcome in verdict.not_run] == ["t"]
    step = leaf(proof=lambda: [("s", PROVED), ("t", asked)])
    resting = Session(second=False)._run(step)
    assert resting.status == Status.NOT_CONFIRMED
    assert resting.not_run == ()


def test_parts_have_statuses_of_their_own():
    steps = [Part("sure"), ("a", PROVED), Part("less"), ("b", PROVED), ("c", CITED)]
    verdict = Session()._run(leaf(proof=lambda: steps))
    assert verdict.parts == {"sure": Status.PROVED, "less": Status.CITED}


def test_a_proof_that_breaks_down_has_failed():
    def broken():
        yield "first", PROVED
        raise ZeroDivisionError("no")

    verdict = Session()._run(leaf(proof=broken))
    assert [o.status for o in verdict.steps] == [Status.PROVED, Status.FAILED]
    assert "ZeroDivisionError: no" in verdict.steps[-1].result.ran


def test_a_sentence_is_followed_by_its_evidence_and_by_what_it_establishes():
    bound, word = Claim(n, "≤", m), iff()
    written = ["first", PROVED, Establishes(bound, word), "second", PROVED, CITED, ("third", GRID)]
    verdict = Session()._run(leaf(proof=lambda: [Part("all"), *written]))
    found = [(o.sentence, o.status, o.establishes) for o in verdict.steps]
    assert found == [
        ("first", Status.PROVED, (bound, *word.halves)),
        ("second", Status.CITED, ()),
        ("third", Status.CHECKED, ()),
    ]


def test_counterexamples_stand_under_the_hypothesis_that_they_do_without():
    objects = Counterexample({}, {"left": 1, "right": 2}), FALSE["no difference"]
    written = [Without("one"), "s", objects[0], "t", objects[0], Without("two"), "u", objects[1]]
    verdict = Session()._run(leaf(proof=lambda: [("s", PROVED)], sharpness=lambda: written))
    found = [(o.drops, o.sentence, o.status) for o in verdict.sharpness]
    assert found == [
        ("one", "s", Status.COUNTEREXAMPLE),
        ("one", "t", Status.COUNTEREXAMPLE),
        ("two", "u", Status.FAILED),
    ]
    assert verdict.status == Status.FAILED


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (["first", PROVED, "bare"], "a sentence without evidence: bare"),
        (["bare", Establishes(iff()), "then", PROVED], "a sentence without evidence: bare"),
        ([PROVED, "first", PROVED], "no sentence stands before"),
        ([Part("all"), {"rank": (2, 2)}], "no sentence stands before"),
        ([Without("a field"), PROVED], "no sentence stands before"),
        ([("first", PROVED), PROVED], "no sentence stands before"),
    ],
)
def test_no_sentence_goes_without_evidence_and_no_evidence_without_a_sentence(written, words):
    verdict = Session()._run(leaf(proof=lambda: written))
    assert verdict.status == Status.FAILED
    assert words in verdict.steps[-1].result.ran


@pytest.mark.parametrize("broken_in", ["locals", "evidence", "second evidence"])
def test_where_a_written_proof_breaks_down_the_sentence_before_has_run(broken_in):
    def broken():
        yield "first"
        yield FALSE["identity"]
        if broken_in != "locals":
            yield "second"
        if broken_in == "second evidence":
            yield PROVED
        raise ZeroDivisionError("no")

    verdict = Session()._run(leaf(proof=broken))
    first, *_, last = verdict.steps
    assert (first.sentence, first.status, last.status) == ("first", *[Status.FAILED] * 2)
    assert "ZeroDivisionError: no" in last.result.ran


def test_a_theorem_is_no_surer_than_what_it_uses(monkeypatch):
    weak = leaf(proof=lambda: [Part("a"), ("s", PROVED), Part("b"), ("t", CITED)])
    known = {"weak": weak, "strong": leaf(proof=lambda: [("s", Uses("weak", "a"))])}
    monkeypatch.setattr(run_module, "THEOREMS", known)
    monkeypatch.setattr(run_module, "theorem_id", str)
    weak_name = Session()
    object.__setattr__(weak, "name", "weak")
    assert Session()._run(known["strong"]).status == Status.PROVED
    whole = leaf(proof=lambda: [("s", Uses("weak"))])
    assert weak_name._run(whole).status == Status.CITED
    unknown = leaf(proof=lambda: [("s", Uses("weak", "c"))])
    assert Session()._run(unknown).status == Status.FAILED


def test_a_circle_of_theorems_is_an_error(monkeypatch):
    known = {
        "one": leaf(proof=lambda: [("s", Uses("two"))]),
        "two": leaf(proof=lambda: [("s", Uses("one"))]),
    }
    for name, shown in known.items():
        object.__setattr__(shown, "name", name)
    monkeypatch.setattr(run_module, "THEOREMS", known)
    monkeypatch.setattr(run_module, "theorem_id", str)
    with pytest.raises(CheckError, match="one uses two uses one"):
        Session().verdict("one")


def test_an_unknown_theorem_names_the_nearest():
    with pytest.raises(InputError, match="did you mean rank-one"):
        THEOREMS["rank-on"]
    with pytest.raises(InputError, match="there are"):
        THEOREMS["zzz"]
    assert THEOREMS["t2"] is THEOREMS["rank-one"]
    assert sorted(catalogue.THEOREMS.leaves) == sorted(THEOREMS)


@pytest.mark.parametrize("gone", ["Hypotheses", "Use", ": "])
def test_a_leaf_without_a_part_of_its_docstring_is_refused(gone):
    module = ModuleType("leaf")
    text = "Title: a sentence.\n\nSo.\n\nHypotheses:\n- one: it.\n\nUse: none."
    module.__doc__ = text.replace(gone, "?" if gone != ": " else " ", 1)
    vars(module).update({"number": "X1", "topic": "equality"})
    with pytest.raises(InputError, match="docstring"):
        theorem("leaf", module)


def test_without_the_second_prover_nothing_is_confirmed(monkeypatch):
    monkeypatch.setattr(second_prover, "import_module", missing)
    result = Confirmed(lambda z3: []).run(Session())
    assert result.status == Status.NOT_CONFIRMED
    assert 'pip install -e ".[prove]"' in result.ran
    assert Confirmed(lambda z3: []).run(Session(second=False)).status == Status.NOT_CONFIRMED


def missing(name):
    raise ModuleNotFoundError(name)


@pytest.fixture
def z3():
    found = second_prover.load()
    need(not isinstance(found, str), found)
    return found


def even_square(z3, claim=0, extra=None, dropped=("even",)):
    x = z3.Int("x")
    assume = {"even": x % 2 == 0, **(extra or {})}
    return [Query(assume, (x * x) % 4 == claim, dropped)]


def test_a_query_needs_its_claim_and_its_controls(z3):
    session = SimpleNamespace(second_prover=lambda: z3)
    assert Confirmed(even_square).run(session).status == Status.CONFIRMED
    wrong = Confirmed(lambda z3: even_square(z3, claim=1)).run(session)
    assert wrong.status == Status.FAILED
    idle = {"idle": z3.Int("x") > 0}
    loose = Confirmed(lambda z3: even_square(z3, extra=idle, dropped=["idle"])).run(session)
    assert loose.status == Status.FAILED
    assert "holds without 'idle'" in loose.ran
    unknown = Confirmed(lambda z3: even_square(z3, dropped=["no such"])).run(session)
    assert unknown.status == Status.FAILED
    alone = Confirmed(lambda z3: even_square(z3, dropped=[])).run(session)
    assert alone.status == Status.FAILED
    assert Confirmed(lambda z3: []).run(session).status == Status.FAILED


class Undecided:
    """A prover that answers as it is told, one answer a query."""

    sat, unsat, unknown = "sat", "unsat", "unknown"

    def __init__(self, *answers):
        self.answers = iter(answers)

    def Not(self, claim):  # noqa: N802
        return claim

    def is_app(self, formula):
        return False

    def Context(self):  # noqa: N802
        return None

    def SimpleSolver(self, ctx):  # noqa: N802
        return SimpleNamespace(
            set=lambda *_: None, add=lambda *_: None, check=lambda: next(self.answers)
        )

    def get_version_string(self):
        return "0"


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        (["unsat", "sat"], Status.CONFIRMED),
        (["unknown", "unsat", "unknown", "unknown", "sat"], Status.CONFIRMED),
        (["unknown"] * 3, Status.NOT_CONFIRMED),
        (["unsat", *["unknown"] * 3], Status.NOT_CONFIRMED),
        (["sat"], Status.FAILED),
        (["unsat", "unsat"], Status.FAILED),
    ],
)
def test_no_answer_in_time_is_no_confirmation_and_no_refutation(answers, status):
    session = SimpleNamespace(second_prover=lambda: Undecided(*answers))
    one = SimpleNamespace(translate=lambda context: one)
    question = Confirmed(lambda z3: [Query({"one": one}, one, ["one"])])
    assert question.run(session).status == status
