"""One run of every proof, shared by all tests that look at it."""

from functools import cache

from derive.proof.library import THEOREMS
from derive.proof.run import Session


@cache
def session():
    """The one run."""
    return Session()


def verdict(name):
    """A theorem as it came out of the run."""
    return session().verdict(name)


@cache
def verdicts():
    """Every theorem by id, as it came out of one session."""
    return {name: verdict(name) for name in THEOREMS}


def steps():
    """(id, outcome) for every sentence of every theorem: proof, cross-checks, counterexamples."""
    return [(name, outcome) for name, v in verdicts().items() for outcome in v.outcomes]
