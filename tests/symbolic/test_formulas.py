"""All formulas of all families against a golden text, so that a change shows up in review.

UPDATE_GOLDEN=1 pytest tests/symbolic/test_formulas.py writes it anew.
"""

import os
from difflib import unified_diff
from pathlib import Path

import pytest

from derive.algebra.same_size import same_size
from derive.catalogue import FAMILIES

GOLDEN = Path(__file__).parents[1] / "golden" / "formulas.txt"
HINT = "UPDATE_GOLDEN=1 writes the golden text anew; look at its diff"


def text(entry):
    """A family with its formulas, general and short; its guards are numbered and come last."""
    lines, guards = [f"{entry.name}: {entry.family}"], {}

    def line(formula):
        guard = ", ".join(map(str, formula.guard))
        mark = f"  [{guards.setdefault(guard, len(guards) + 1)}]" if guard else ""
        return f"{formula.expr}{mark}"

    for field, formula in entry.formulas.items():
        square = same_size(formula, entry.directions)
        lines += [f"  {field}", f"    {line(formula)}", f"    = {line(square)}"]
    return "\n".join([*lines, *(f"  [{mark}] {guard}" for guard, mark in guards.items())])


def golden():
    """The golden text of every family."""
    blocks = GOLDEN.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    return {block.partition(":")[0]: block for block in blocks}


def check_golden(entry):
    pair = golden().get(entry.name, "").splitlines(), text(entry).splitlines()
    change = "\n".join(unified_diff(*pair, "golden", "found", lineterm="", n=1))
    assert not change, f"{change}\n{HINT}"


@pytest.fixture(scope="module", autouse=True)
def _updated():
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text("\n\n".join(map(text, FAMILIES.values())) + "\n", encoding="utf-8")


def test_formulas_are_the_golden_ones(entry):
    check_golden(entry)


def test_the_golden_text_holds_the_families_of_the_catalogue_in_order():
    assert list(golden()) == list(FAMILIES), HINT
