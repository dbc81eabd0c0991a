"""derive prove and derive theorem as a user meets them."""

import json

import pytest

from derive.proof import run, second_prover
from derive.proof.library import THEOREMS
from derive.theorems import order_gap

STEP_KEYS = {"sentence", "evidence", "status", "seconds"}
STATUSES = {
    *("proved", "computed", "confirmed", "checked", "cited", "argued"),
    *("not confirmed", "failed", "counterexample"),
}


def test_prove_prints_each_sentence_with_its_status(derive):
    answer = derive("prove", "order-gap", "T3")
    assert answer.returncode == 0
    assert "A1 order-gap  proved  Order gap" in answer.stdout
    assert "T3 asymmetric-rank  proved" in answer.stdout
    assert "Exchanging u with v exchanges the two orders" in answer.stdout
    assert "proved for all sizes" in answer.stdout
    assert "2 proved" in answer.stdout.splitlines()[-1]


def test_prove_as_json(derive):
    answer = derive("prove", "--json", "order-gap", "pipeline", "order-gap")
    facts = json.loads(answer.stdout)
    assert facts["schema"] == "derive/prove/1"
    assert [theorem["id"] for theorem in facts["theorems"]] == ["order-gap", "pipeline"]
    for theorem in facts["theorems"]:
        assert theorem["status"] in STATUSES
        for step in theorem["steps"]:
            assert step.keys() >= STEP_KEYS
            assert step["status"] in STATUSES
            assert step["seconds"] >= 0


def test_without_names_all_are_proved(derive, monkeypatch):
    monkeypatch.setattr(
        run.Session, "_run", lambda self, theorem: run.TheoremRun(theorem, (), (), ())
    )
    facts = json.loads(derive("prove", "--json").stdout)
    assert [theorem["id"] for theorem in facts["theorems"]] == list(THEOREMS)


def test_a_step_that_fails_ends_with_exit_code_1(derive, monkeypatch):
    monkeypatch.setattr(order_gap, "gap_kernel", lambda **sizes: order_gap.Kernel.of([[[[1]]]]))
    for command in (["prove"], ["theorem"], ["prove", "--json"], ["theorem", "--json"]):
        answer = derive(*command, "order-gap")
        assert answer.returncode == 1
        assert "Traceback" not in answer.stderr
    assert "fails" in derive("prove", "order-gap").stdout


def test_theorem_prints_statement_hypotheses_proof_and_counterexamples(derive):
    answer = derive("theorem", "A1")
    assert answer.returncode == 0
    assert "rank M_vf ≤ rank M_hf min(C_in, k_w) min(C_out, k_h)" in answer.stdout
    for words in ("Hypotheses", "Proof", "K[0,0]    K[0,1]", "column filter first: 9", "Use  "):
        assert words in answer.stdout
    facts = json.loads(derive("theorem", "A1", "--json").stdout)
    assert facts["schema"] == "derive/theorem/1"
    (gap,) = facts["counterexamples"]
    assert gap["values"] == {"column filter first": 9, "row filter first": 1}
    assert [len(gap["objects"]["K"]), len(gap["objects"]["K"][0][0])] == [3, 3]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["prove", "rank-on"], "unknown theorem rank-on; did you mean rank-one?"),
        (["theorem", "rank-on"], "did you mean rank-one?"),
        (["prove", "order-gap", "nonsense"], "unknown theorem nonsense; there are"),
        (["prove", ""], "unknown theorem ''; there are"),
        (["theorem"], "Missing argument"),
        (["prove", "--thorogh"], "--thorough"),
    ],
)
def test_bad_input_gets_one_line(derive, arguments, words):
    answer = derive(*arguments)
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert words in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_without_z3_a_proof_keeps_its_status_and_a_cross_check_is_not_run(derive, monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(second_prover, "import_module", missing)
    answer = derive("prove", "rank-one")
    assert answer.returncode == 0
    assert "T2 rank-one  proved" in answer.stdout
    assert answer.stdout.splitlines()[-1] == "1 proved; 2 cross-checks not run"
    install = 'z3 is not installed: in a clone, pip install -e ".[prove]"'
    assert answer.stderr.strip() == install
    (facts,) = json.loads(derive("prove", "rank-one", "--json").stdout)["theorems"]
    assert (facts["status"], facts["not_run"]) == ("proved", 2)
    idle = [check for check in facts["checks"] if check["badge"] == "not run"]
    assert [(check["status"], check["ran"]) for check in idle] == [("not confirmed", install)] * 2


def test_a_sentence_of_a_proof_that_rests_on_the_second_prover_stays_not_confirmed(derive):
    answer = derive("prove", "border-pixels", "--no-z3", "--json")
    assert answer.returncode == 0
    (facts,) = json.loads(answer.stdout)["theorems"]
    assert facts["status"] == "not confirmed"
    resting = [step for step in facts["steps"] if step["evidence"] == "second prover"]
    assert resting
    assert {step["badge"] for step in resting} == {"not confirmed"}


def test_the_second_prover_can_be_left_out(derive):
    answer = derive("prove", "rank-one", "--no-z3")
    assert answer.returncode == 0
    assert "T2 rank-one  proved" in answer.stdout
    assert "not run" in answer.stdout
