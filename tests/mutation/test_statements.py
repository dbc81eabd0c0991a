"""What a statement displays is established: change anything in it, and a step turns red."""

import pytest

from derive.proof.library import THEOREMS
from derive.proof.status import Status
from tests.caches import forget
from tests.mutation.faults.statements import variants
from tests.proofs import session

READERS = ("derive.theorems", "derive.crosschecks")  # no other room reads a formula of a theorem
NAMED = [(theorem, name) for theorem in THEOREMS for name in THEOREMS[theorem].formulas]


def establishing(theorem, one):
    """The outcomes of the steps and checks that establish a formula, as it stands now."""
    run = session()
    for steps in (theorem.checks(), theorem.proof()):  # a proof takes longer to set up
        wanted = (step for step in steps if any(one is x for x in getattr(step, "establishes", ())))
        yield from run.outcomes(wanted)


@pytest.mark.parametrize(("theorem", "name"), NAMED)
def test_every_change_of_a_displayed_formula_is_seen(theorem, name, monkeypatch):
    found = THEOREMS[theorem]
    one = found.formulas[name]
    right = list(establishing(found, one))
    assert right, "no step establishes it"
    assert all(outcome.status > Status.FAILED for outcome in right)
    unseen = []
    for words, wrong in variants(one):
        forget(*READERS)
        monkeypatch.setattr(found.module, name, wrong)
        if all(outcome.status > Status.FAILED for outcome in establishing(found, wrong)):
            unseen.append(words)
    assert unseen == []
