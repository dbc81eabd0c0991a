"""The list of families and of their letters."""

from dataclasses import dataclass

from derive.algebra.same_size import same_size
from derive.catalogue import Entry, FAMILIES
from derive.notation.letters import MEANING, SIZE
from derive.render.latex import definition_latex, latex


@dataclass(frozen=True)
class FamilyLine:
    """A family in one line: its kernel, and its parameters on an odd square kernel, as LaTeX."""

    name: str
    title: str
    kernel: str
    parameters: str


@dataclass(frozen=True)
class FamiliesPage:
    """What the template shows: the families, and every letter with its size and its meaning."""

    families: tuple[FamilyLine, ...]
    letters: tuple[tuple[str, str, str], ...]


def context() -> FamiliesPage:
    """The page of the families of the book."""
    return FamiliesPage(
        families=tuple(map(_row, FAMILIES.values())),
        letters=tuple((str(x), latex(SIZE[x]), MEANING[x]) for x in SIZE),
    )


def _row(entry: Entry) -> FamilyLine:
    _, kernel = definition_latex(entry.family).split(" = ", 1)
    parameters = latex(same_size(entry.formulas["parameters"], entry.directions).expr)
    return FamilyLine(entry.name, entry.title, kernel, parameters)
