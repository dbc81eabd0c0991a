"""Mutation control of the proofs: one deliberate fault, and the sentence that must turn red."""

import re
from collections import Counter
from dataclasses import replace
from itertools import chain

import pytest

from derive.proof.evidence import Counterexample
from derive.proof.library import THEOREMS
from derive.proof.result import Result
from derive.proof.run import Session
from derive.proof.status import Status
from tests.caches import forget
from tests.mutation.faults import borders, counting, equality, freedom, stacking
from tests.proofs import verdict

TOPICS = {
    "equality": equality.FAULTS,
    "counting": counting.FAULTS,
    "borders": borders.FAULTS,
    "stacking": stacking.FAULTS,
    "freedom": freedom.FAULTS,
}


def merged(tables):
    faults = {}
    for table in tables:
        assert not faults.keys() & table.keys(), "a fault has a name of its own"
        faults |= table
    return faults


FAULTS = merged(TOPICS.values())


@pytest.fixture(autouse=True)
def _fresh():
    forget()
    yield
    forget()


SECTIONS = ("steps", "checks", "sharpness")


def sections(verdict, words):
    """The sections of a verdict with a sentence that contains the words, and these sentences."""
    for name in SECTIONS:
        if found := [o for o in getattr(verdict, name) if words in o.sentence]:
            yield name, found


def again(theorem, section):
    """A section of a theorem run by itself, sentence by sentence."""
    run, found = Session(), THEOREMS[theorem]
    if section == "sharpness":
        return run.outcomes(found.sharpness(), Counterexample)
    return run.outcomes({"steps": found.proof, "checks": found.checks}[section]())


def refuted(outcome):
    """Whether evidence ran and found a failure; a fault that only crashes it proves nothing."""
    crashed = re.search(r"broke down: (?!CheckError)", outcome.result.ran)
    return outcome.status == Status.FAILED and not crashed


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_turns_the_named_sentence_red(fault, monkeypatch):
    (owner, name, replacement), (theorem, words) = FAULTS[fault]
    sound = dict(sections(verdict(theorem), words))
    assert sound, f"{theorem} has no sentence with {words!r}"
    assert all(o.status != Status.FAILED for found in sound.values() for o in found)
    monkeypatch.setattr(owner, name, replacement)
    forget()
    ran = chain.from_iterable(again(theorem, section) for section in sound)
    assert any(refuted(outcome) for outcome in ran if words in outcome.sentence)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_theorem_with_a_red_sentence_is_red(section):
    sound = verdict("rank-one")
    first, *others = getattr(sound, section)
    red = replace(first, result=Result(Status.FAILED, "a fault"))
    assert replace(sound, **{section: (red, *others)}).status == Status.FAILED != sound.status


def test_every_theorem_has_at_least_two_faults():
    count = Counter(theorem for _, (theorem, _) in FAULTS.values())
    assert count.keys() == set(THEOREMS)
    assert min(count.values()) >= 2


@pytest.mark.parametrize("topic", TOPICS)
def test_faults_stand_under_the_topic_of_their_theorem(topic):
    assert {THEOREMS[theorem].topic for _, (theorem, _) in TOPICS[topic].values()} == {topic}
