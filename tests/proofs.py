"""One run of every proof, shared by all tests that look at it."""

from functools import cache

from derive.proof.library import THEOREMS
from derive.proof.run import Session


@cache
def verdicts():
    """Every theorem by id, as it came out of one session."""
    session = Session()
    return {name: session.verdict(name) for name in THEOREMS}


def steps():
    """(id, outcome) for every sentence of every theorem: proof, second roads, counterexamples."""
    return [(name, outcome) for name, v in verdicts().items() for outcome in v.outcomes]
