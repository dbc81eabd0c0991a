"""Notebooks: prose and Python as cells, and their JSON in the format that Jupyter reads.

Source: Jupyter Development Team, nbformat 4.5, The Notebook file format.
"""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any

FORMS = {"text/markdown": "_repr_markdown_", "text/latex": "_repr_latex_"}
INSTALL = (
    "This notebook needs Separable: `pip install -e .` in a clone, and Jupyter in the same"
    " environment."
)


@dataclass(frozen=True)
class Prose:
    """A cell of Markdown."""

    text: str


@dataclass(frozen=True)
class Code:
    """A cell of Python, with what it printed and the forms of the object that it shows last.

    ``source`` is the cell of a script and ``shown`` that of a notebook, which shows an object by
    itself instead of printing it.
    """

    source: str
    shown: str = ""
    printed: str = ""
    streamed: str = ""
    data: Mapping[str, str] | None = None

    @property
    def has_run(self) -> bool:
        """Whether the cell comes with its output."""
        return bool(self.shown)


Cell = Prose | Code


def script_cells(source: str) -> list[Cell]:
    """A script as cells: its docstring, then every paragraph of comments and the code below it.

    >>> script_cells('\"\"\"Title.\"\"\"\\n\\nx = 1\\n\\n# Words.\\nprint(x)\\n')
    [Prose(text='# Title'), Code(source='x = 1', shown='', printed='', streamed='', data=None), \
Prose(text='Words.'), Code(source='print(x)', shown='', printed='', streamed='', data=None)]
    """
    tree = ast.parse(source)
    words = ast.get_docstring(tree) or ""
    title, _, rest = words.partition("\n")
    body = source.splitlines()[tree.body[0].end_lineno or 0 :] if words else source.splitlines()
    heading = Prose(f"# {title.rstrip('.')}\n\n{_unwrapped(rest)}".strip())
    return [heading, *_paragraphs(body)]


def _paragraphs(lines: list[str]) -> Iterator[Cell]:
    """Comments after a blank line as prose, what follows them as code."""
    prose: list[str] = []
    code: list[str] = []
    blank = True
    for line in [*lines, "", "#"]:
        if line.startswith("#") and (blank or (prose and not any(code))):
            if any(code):
                yield from _flushed(prose, code)
                prose, code = [], []
            prose.append(line.removeprefix("#").strip())
        else:
            code.append(line)
        blank = not line.strip()


def _flushed(prose: list[str], code: list[str]) -> Iterator[Cell]:
    if prose:
        yield Prose(_unwrapped("\n".join(prose)))
    if text := "\n".join(code).strip("\n"):
        yield Code(text)


def _unwrapped(text: str) -> str:
    """Paragraphs on a line each.

    >>> _unwrapped("one\\ntwo\\n\\nthree")
    'one two\\n\\nthree'
    """
    return re.sub(r"(?<!\n)\n(?!\n)", " ", text.strip())


def run_cells(cells: Iterable[Cell]) -> list[Cell]:
    """The cells of a script of this repository, run one after the other, with what they print.

    >>> run_cells([Code("x = 2"), Code("print(x)")])[1].printed
    '2\\n'
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    return [cell if isinstance(cell, Prose) else _ran(cell, names) for cell in cells]


def _ran(cell: Code, names: dict[str, Any]) -> Code:
    """A cell after it has run; an object that it prints last is shown, if a notebook can."""
    tree = ast.parse(cell.source)
    last = _printed_last(tree)
    before = StringIO()
    if last is None:
        with redirect_stdout(before):
            _run(tree, names)
        return Code(cell.source, cell.source, before.getvalue(), before.getvalue())
    with redirect_stdout(before):
        _run(ast.Module(tree.body[:-1], []), names)
        value = eval(compile(ast.Expression(last), "<cell>", "eval"), names)  # noqa: S307
    after = StringIO()
    with redirect_stdout(after):
        print(value)
    printed, data = before.getvalue() + after.getvalue(), _forms(value)
    if not data:
        return Code(cell.source, cell.source, printed, printed)
    lines = cell.source.splitlines()[: tree.body[-1].lineno - 1]
    shown = "\n".join([*lines, ast.get_source_segment(cell.source, last) or ""])
    return Code(cell.source, shown, printed, before.getvalue(), data)


def _run(tree: ast.Module, names: dict[str, Any]) -> None:
    exec(compile(tree, "<cell>", "exec"), names)  # noqa: S102 - a script of this repository


def _printed_last(tree: ast.Module) -> ast.expr | None:
    """The one argument of a print at the end of a cell."""
    match tree.body[-1:]:
        case [ast.Expr(ast.Call(ast.Name("print"), [one], []))] if not isinstance(one, ast.Starred):
            return one
    return None


def _forms(value: object) -> dict[str, str]:
    """What a notebook shows of an object; nothing if that is text alone."""
    made = {kind: getattr(value, name)() for kind, name in FORMS.items() if hasattr(value, name)}
    return {"text/plain": repr(value), **made} if made else {}


def notebook(cells: Iterable[Cell]) -> str:
    """The JSON of a notebook, with the outputs of cells that have run.

    >>> json.loads(notebook([Prose("# Title")]))["nbformat_minor"]
    5
    """
    first, *rest = cells
    numbers = iter(range(1, 10**6))
    ordered = [first, Prose(INSTALL), *rest]
    document = {
        "cells": [_cell(n, cell, numbers) for n, cell in enumerate(ordered, 1)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _cell(number: int, cell: Cell, numbers: Iterator[int]) -> dict[str, Any]:
    if isinstance(cell, Prose):
        return {
            "cell_type": "markdown",
            "id": f"cell-{number}",
            "metadata": {},
            "source": _lines(cell.text),
        }
    count = next(numbers) if cell.has_run else None
    return {
        "cell_type": "code",
        "id": f"cell-{number}",
        "metadata": {},
        "execution_count": count,
        "source": _lines(cell.shown or cell.source),
        "outputs": list(_outputs(cell, count)),
    }


def _outputs(cell: Code, count: int | None) -> Iterator[dict[str, Any]]:
    if cell.streamed:
        yield {"output_type": "stream", "name": "stdout", "text": _lines(cell.streamed)}
    if cell.data:
        yield {
            "output_type": "execute_result",
            "execution_count": count,
            "metadata": {},
            "data": {kind: _lines(text) for kind, text in cell.data.items()},
        }


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
