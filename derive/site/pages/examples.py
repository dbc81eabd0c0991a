"""The page of examples: every script of examples/ with what it prints."""

from dataclasses import dataclass

from derive.render.notebook import Code, Prose
from derive.site.examples import Example, scripts


@dataclass(frozen=True)
class ShownCell:
    """A paragraph, or code with what it printed."""

    prose: str = ""
    code: str = ""
    output: str = ""


@dataclass(frozen=True)
class ShownExample:
    """A script as a section: its file, its notebook, a lead and its cells."""

    title: str
    anchor: str
    file: str
    notebook: str
    lead: str
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True)
class ExamplesPage:
    """What the template shows: every script."""

    examples: tuple[ShownExample, ...]


def context() -> ExamplesPage:
    """The page of the scripts of examples/."""
    return ExamplesPage(tuple(map(_shown, scripts())))


def _shown(one: Example) -> ShownExample:
    """A script as prose, code and output; the heading of its first cell is that of the section."""
    first, *rest = one.cells
    assert isinstance(first, Prose)
    return ShownExample(
        title=one.title,
        anchor=one.anchor,
        file=f"examples/{one.path.name}",
        notebook=f"{one.anchor}.ipynb",
        lead=first.text.partition("\n")[2].strip(),
        cells=tuple(map(_cell, rest)),
    )


def _cell(cell: Prose | Code) -> ShownCell:
    if isinstance(cell, Prose):
        return ShownCell(prose=cell.text)
    return ShownCell(code=cell.source, output=cell.printed.rstrip("\n"))
