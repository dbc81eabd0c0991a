"""The scripts of examples/: run when the site is built, as a page and as notebooks."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from derive.render.notebook import Cell, notebook, Prose, run_cells, script_cells
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
        """Prose and code in order, each piece of code with what it prints."""
        return _ran(self.source)


@cache
def _ran(source: str) -> list[Cell]:
    """The cells of a script, run once in each process."""
    return run_cells(script_cells(source))


def scripts() -> list[Example]:
    """Every script of the folder: the opening question, the tour, then the others by name."""
    names = sorted(path.stem for path in FOLDER.glob("[!_.]*.py"))
    first = [name for name in ORDER if name in names]
    return [Example(name) for name in dict.fromkeys((*first, *names))]


def example_notebook(name: str) -> str:
    """The notebook of an example, with its outputs."""
    return notebook(Example(name).cells)
