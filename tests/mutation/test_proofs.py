"""Mutation control of the proofs: one deliberate fault, and the sentence that must turn red."""

import re
from collections import Counter

import pytest

from derive.proof.library import THEOREMS
from derive.proof.run import Session
from derive.proof.status import Status
from tests.caches import forget
from tests.mutation.faults import borders, counting, equality, freedom, stacking
from tests.proofs import verdicts

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


def outcomes(verdict, words):
    """The sentences of a verdict that contain the words."""
    return [o for o in verdict.outcomes if words in o.sentence]


def refuted(outcome):
    """Whether evidence ran and found a failure; a fault that only crashes it proves nothing."""
    crashed = re.search(r"broke down: (?!CheckError)", outcome.result.ran)
    return outcome.status == Status.FAILED and not crashed


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_turns_the_named_sentence_red(fault, monkeypatch):
    (owner, name, replacement), (theorem, words) = FAULTS[fault]
    sound = outcomes(verdicts()[theorem], words)
    assert sound, f"{theorem} has no sentence with {words!r}"
    assert all(o.status != Status.FAILED for o in sound)
    monkeypatch.setattr(owner, name, replacement)
    forget()
    verdict = Session().verdict(theorem)
    assert verdict.status == Status.FAILED
    assert any(map(refuted, outcomes(verdict, words)))


def test_every_theorem_has_at_least_two_faults():
    count = Counter(theorem for _, (theorem, _) in FAULTS.values())
    assert count.keys() == set(THEOREMS)
    assert min(count.values()) >= 2


@pytest.mark.parametrize("topic", TOPICS)
def test_faults_stand_under_the_topic_of_their_theorem(topic):
    assert {THEOREMS[theorem].topic for _, (theorem, _) in TOPICS[topic].values()} == {topic}
