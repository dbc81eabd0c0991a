"""The scripts of examples/: run when the site is built, as a page and as notebooks."""

from dataclasses import dataclass
from pathlib import Path

from derive.render.notebook import Cell, Code, notebook, Prose, run_cells, script_cells
from derive.site.sources import PACKAGE

FOLDER = PACKAGE.parent / "examples"
ORDER = ("opening_question", "tour")  # first; the others by name


@dataclass(frozen=True)
class Example:
    """A script of the folder, by the name of its file."""

    name: str

    @property
    def path(self) -> Path:
        """The file of the script."""
        return FOLDER / f"{self.name}.py"

    @property
    def anchor(self) -> str:
        """The name of the example in addresses, with dashes."""
        return self.name.replace("_", "-")

    @property
    def source(self) -> str:
        """The text of the script."""
        return self.path.read_text("utf-8")

    @property
    def title(self) -> str:
        """The first line of the docstring."""
        first = script_cells(self.source)[0]
        assert isinstance(first, Prose)
        return first.text.partition("\n")[0].removeprefix("# ")

    @property
    def cells(self) -> list[Cell]:
        """Prose and code in order, each piece of code with what it prints: the script runs."""
        return run_cells(script_cells(self.source))


@dataclass(frozen=True)
class ShownCell:
    """A paragraph, or code with what it printed."""

    prose: str = ""
    code: str = ""
    output: str = ""


@dataclass(frozen=True)
class ShownExample:
    """A script that has run, as a section: its file, a lead and its cells; and as a notebook."""

    title: str
    anchor: str
    file: str
    lead: str
    cells: tuple[ShownCell, ...]
    notebook: str


def ran(name: str) -> ShownExample:
    """An example that has run; the heading of its first cell is that of the section."""
    one = Example(name)
    cells = one.cells
    first, *rest = cells
    assert isinstance(first, Prose)
    return ShownExample(
        title=one.title,
        anchor=one.anchor,
        file=f"examples/{one.path.name}",
        lead=first.text.partition("\n")[2].strip(),
        cells=tuple(map(_shown, rest)),
        notebook=notebook(cells),
    )


def _shown(cell: Cell) -> ShownCell:
    if isinstance(cell, Code):
        return ShownCell(code=cell.source, output=cell.printed.rstrip("\n"))
    return ShownCell(prose=cell.text)


def scripts() -> list[Example]:
    """Every script of the folder: the opening question, the tour, then the others by name."""
    names = sorted(path.stem for path in FOLDER.glob("[!_.]*.py"))
    first = [name for name in ORDER if name in names]
    return [Example(name) for name in dict.fromkeys((*first, *names))]
