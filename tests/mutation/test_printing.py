"""Mutation control of the printers: one deliberate fault, and the check that must see it."""

from functools import cache

import pytest

from derive.facts.family import derived_facts, line_facts
from derive.notation.errors import CheckError
from tests.mutation.faults.printing import FAULTS


@pytest.fixture(autouse=True)
def _fresh():
    forget()
    yield
    forget()


def forget():
    for remembered in (derived_facts, line_facts):
        remembered.cache_clear()


@cache
def passes(check):
    """A check that is green without a fault, run once."""
    check()
    return True


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_printer_is_seen_by_the_check_that_is_named_for_it(fault, monkeypatch):
    (owner, name, replacement), check = FAULTS[fault]
    assert passes(check)
    forget()
    monkeypatch.setattr(owner, name, replacement)
    with pytest.raises((AssertionError, CheckError)):
        check()
