"""All formulas of all families against a golden text, so that a change shows up in review.

UPDATE_GOLDEN=1 pytest tests/symbolic/test_formulas.py writes it anew.
"""

import os
from difflib import unified_diff
from pathlib import Path

from derive import families
from derive.algebra.everyday import everyday

GOLDEN = Path(__file__).parents[1] / "golden" / "formulas.txt"


def line(formula):
    guard = ", ".join(map(str, formula.guard))
    return f"{formula.expr}  [{guard}]" if guard else str(formula.expr)


def text():
    """Every family with its formulas, general and everyday, each with its guard."""
    lines = []
    for name, entry in families.items():
        lines += [f"{name}: {entry.family}"]
        for field, formula in entry.formulas.items():
            lines += [f"  {field}", f"    {line(formula)}"]
            lines += [f"    = {line(everyday(formula, entry.directions))}"]
        lines += [""]
    return "\n".join(lines)


def test_formulas_are_the_golden_ones():
    found = text()
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(found, encoding="utf-8")
    golden = GOLDEN.read_text(encoding="utf-8")
    change = unified_diff(golden.splitlines(), found.splitlines(), "golden", "found", lineterm="")
    assert not list(change), "\n".join(unified_diff(golden.splitlines(), found.splitlines()))
