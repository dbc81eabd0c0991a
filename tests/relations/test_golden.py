"""Every ordered pair of families, in symbols and on the opening layer, in a text to read and diff.

UPDATE_GOLDEN=1 pytest tests/relations/test_golden.py writes it anew; a new family gets its row and
its column by itself.
"""

import os
from pathlib import Path

from sympy import true

from derive.catalogue import FAMILIES
from derive.comparison import attempts, Choices, Row
from derive.facts.relation import on_common_axes
from derive.notation.errors import InputError
from derive.parse.layer import read_layer
from derive.relations.relation import included

GOLDEN = Path(__file__).parents[1] / "golden" / "relations.txt"
SUMS = {"cp", "cp-joint"}  # no rank decides whether a kernel is such a sum (T6)


def in_symbols(one, other):
    try:
        found = included(*on_common_axes(one, other))
    except InputError:
        return "kernels with different axes"
    if found.enough == found.necessary:
        return "always" if found.enough == true else f"if and only if {found.enough}"
    assert other.name in SUMS
    return f"if {found.enough}; only if {found.necessary}; between them no rank decides"


def rows_on(layer):
    found = {name: next(attempts(entry, layer, Choices())) for name, entry in FAMILIES.items()}
    return {name: row for name, row in found.items() if isinstance(row, Row)}


def on_layer(small, large):
    found = included(small.line, large.line, small.values, large.values)
    word = {True: "yes", False: "no", None: "undecided"}[found.verdict]
    needs = ", ".join(
        f"{need.bond} ≥ {need.least}" if need.least == need.most else f"{need.bond} ≥ {span(need)}"
        for need in found.needs
        if need.least is not None
    )
    if found.verdict is None:
        assert large.entry.name in SUMS
        word = "undecided, as no rank decides"
    return f"{word}{f': {needs}' if needs else ''}"


def span(need):
    return f"{need.least} is necessary, {need.most} enough"


def test_all_ordered_pairs_are_those_of_the_golden_file():
    rows = rows_on(read_layer())
    lines = []
    for name, one in FAMILIES.items():
        for other_name, other in FAMILIES.items():
            if name != other_name:
                lines.append(f"{name} in {other_name}: {in_symbols(one, other)}")
                if name in rows and other_name in rows:
                    lines.append(f"    opening layer: {on_layer(rows[name], rows[other_name])}")
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert lines == GOLDEN.read_text("utf-8").splitlines(), "UPDATE_GOLDEN=1 writes it anew"
