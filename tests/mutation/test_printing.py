"""Mutation control of the printers: one deliberate fault, and the check that must see it."""

from functools import cache

import pytest

from derive.notation.errors import CheckError
from tests.caches import forget
from tests.mutation.faults.printing import FAULTS


@pytest.fixture(autouse=True)
def _fresh():
    forget("derive.facts", "derive.render")
    yield
    forget("derive.facts", "derive.render")


@cache
def passes(check):
    """A check that is green without a fault, run once."""
    check()
    return True


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_printer_is_seen_by_the_check_that_is_named_for_it(fault, monkeypatch):
    (owner, name, replacement), check = FAULTS[fault]
    assert passes(check)
    forget("derive.facts", "derive.render")
    monkeypatch.setattr(owner, name, replacement)
    with pytest.raises((AssertionError, CheckError)):
        check()
