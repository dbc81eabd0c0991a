"""The list of families and of their letters."""

from derive.algebra.same_size import same_size
from derive.catalogue import Entry, FAMILIES
from derive.notation.letters import MEANING, SIZE
from derive.render.latex import definition_latex, latex


def context() -> dict[str, object]:
    """What the template shows."""
    return {
        "families": [_row(entry) for entry in FAMILIES.values()],
        "letters": [(str(x), latex(SIZE[x]), MEANING[x]) for x in SIZE],
    }


def _row(entry: Entry) -> dict[str, str]:
    """A family in one line: its kernel, and its parameters on an odd square kernel."""
    _, kernel = definition_latex(entry.family).split(" = ", 1)
    parameters = latex(same_size(entry.formulas["parameters"], entry.directions).expr)
    return {"name": entry.name, "title": entry.title, "kernel": kernel, "parameters": parameters}
