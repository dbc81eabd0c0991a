"""What is printed or worked out is asked for, and once: calls are counted, not seconds."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from derive.algebra import normal_form as forms
from derive.catalogue import FAMILIES, family_id, theorem_id
from derive.comparison import attempts, Choices
from derive.notation import formula
from derive.notation.letters import C_in, m, n
from derive.parse.layer import read_layer
from derive.proof import evidence, run
from derive.proof.evidence import Equivalent
from derive.proof.library import THEOREMS
from derive.proof.run import Session
from derive.proof.status import Status
from derive.render import proof, statement
from tests.caches import forget
from tests.proofs import verdict


@pytest.fixture
def calls(monkeypatch):
    """How often each function of a module is called, from now on."""
    counted = Counter()

    def count(module, name):
        real = getattr(module, name)

        def counting(*args, **named):
            counted[name] += 1
            return real(*args, **named)

        monkeypatch.setattr(module, name, counting)
        return counted

    return count


def test_a_text_prints_the_formulas_that_it_names_and_no_others(calls):
    theorem = THEOREMS["in-bounds-taps"]
    counted = calls(statement, "formula_text")
    statement.displayed(theorem, "Two formulas, $total and $room, and $total again.")
    assert counted["formula_text"] == 2
    statement.displayed(theorem, "No formula.")
    assert counted["formula_text"] == 2


def test_a_document_prints_its_statement_and_what_sides_reduce_to_once(calls):
    ran = verdict("operation-count")
    for name in ("statement", "hypotheses", "_shown"):
        counted = calls(proof, name)
    proof.theorem_facts(ran)
    outcomes = (*ran.steps, *ran.checks, *ran.sharpness)
    assert counted == {"statement": 1, "hypotheses": 1, "_shown": len(outcomes)}


def test_the_pipeline_theorem_takes_every_sum_to_its_normal_form_once(calls):
    forget()
    counted = calls(forms, "_terms")
    (step, *_) = Session(second=False).outcomes(THEOREMS["pipeline"].proof())
    first = counted["_terms"]
    (again, *_) = Session(second=False).outcomes(THEOREMS["pipeline"].proof())
    assert step.status == again.status
    assert counted["_terms"] == first


def test_a_ratio_is_cancelled_once(calls):
    counted = calls(evidence, "cancelled")
    assert Equivalent(n * C_in * (n - m), n - m).run(Session(second=False)).status.slug == "proved"
    assert counted["cancelled"] == 1


def test_a_count_of_a_row_is_worked_out_once(calls):
    (row,) = attempts(FAMILIES["asymmetric"], read_layer(), Choices(widths=(3,)))
    counted = calls(formula, "evaluate")
    assert [row.number("macs") for _ in range(3)] == [row.number("macs")] * 3
    assert counted["evaluate"] == 1


def test_what_a_leaf_is_called_is_read_from_its_file_once(monkeypatch):
    forget()
    read, real = Counter(), Path.read_text

    def reading(path, *args, **named):
        read[path] += 1
        return real(path, *args, **named)

    monkeypatch.setattr(Path, "read_text", reading)
    assert family_id("cp") == family_id("CP convolution") == "cp"
    assert theorem_id("T2") == theorem_id("rank-one") == "rank-one"
    leaves = [path for path in read if path.suffix == ".py"]
    assert {read[path] for path in leaves} == {1}


def test_a_part_proved_in_another_process_is_not_proved_again(calls):
    counted = calls(run, "weakest")
    shown = run.Shown.of(verdict("two-factor"), str)
    counted.clear()
    session = Session()
    session.learn(shown)
    assert session.status_of("two-factor", "Rank") is shown.parts["Rank"]
    assert session.status_of("two-factor") is shown.status
    session.learn(replace(shown, status=Status.FAILED, parts={"Rank": Status.FAILED}))
    assert session.status_of("two-factor", "Rank") == session.status_of("two-factor") == 0
    assert not counted
