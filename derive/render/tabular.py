"""A table as text to take away: CSV, LaTeX, Markdown.

Numbers and formulas stay what they are until then: CSV has them exact and bare, LaTeX and Markdown
with separators between the thousands and as mathematics.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TEX = {
    **{"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}"},
    **{"^": r"\textasciicircum{}", "<": r"$<$", ">": r"$>$", "|": r"$|$"},
    **{mark: f"\\{mark}" for mark in "_&%#$"},
    **{
        "×": r"$\times$",
        "÷": r"$\div$",
        "·": r"$\cdot$",
        "⊗": r"$\otimes$",
        "→": r"$\to$",
        "−": "$-$",
    },
    **{"≤": r"$\le$", "≥": r"$\ge$", "≠": r"$\ne$", "…": r"\dots{}", "–": "--", "—": "---"},
    **{"σ": r"$\sigma$", "ρ": r"$\rho$", "Σ": r"$\sum$", "∞": r"$\infty$", "°": r"\textdegree{}"},
    **{"“": "``", "”": "''", "‘": "`", "’": "'", "²": "$^2$", "³": "$^3$", "\u00a0": "~"},
}

SENTENCE = 60  # characters that a cell of one line may have


@dataclass(frozen=True)
class Mathematics:
    """A formula as code, and as TeX."""

    code: str
    tex: str


Cell = int | str | Mathematics


@dataclass(frozen=True)
class Tabular:
    """Rows of cells under the names of the columns; ``caption`` says what is shown."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""


def written(table: Tabular, form: str) -> str:
    """The table in one of the forms csv, latex and markdown.

    >>> pair = Tabular(("family", "MACs"), [("standard", 3538944)])
    >>> print(written(pair, "csv"))
    family,MACs
    standard,3538944
    >>> print(written(pair, "markdown"))
    | family | MACs |
    |---|--:|
    | standard | 3,538,944 |
    """
    return {"csv": _csv, "latex": _latex, "markdown": _markdown}[form](table)


def _csv(table: Tabular) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_code(cell) for cell in row] for row in table.rows)
    return text.getvalue().removesuffix("\n")


def _code(cell: Cell) -> int | str:
    return cell.code if isinstance(cell, Mathematics) else cell


def _markdown(table: Tabular) -> str:
    sides = ("--:" if numeric else "---" for numeric in _numeric(table))
    lines = [_row(map(_plain, table.columns)), f"|{'|'.join(sides)}|"]
    return "\n".join([*lines, *(_row(map(_plain, row)) for row in table.rows)])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(cell: Cell) -> str:
    """A cell of a Markdown table, in which bars and line breaks would end it."""
    if isinstance(cell, Mathematics):
        return _between_dollars(cell.tex.replace("|", "\\vert "))
    text = f"{cell:,}" if isinstance(cell, int) else " ".join(cell.split())
    return text.replace("\\", "\\\\").replace("|", r"\|")


def _latex(table: Tabular) -> str:
    """A booktabs table, in a float with a caption if there is one."""
    columns = ([row[n] for row in table.rows] for n in range(len(table.columns)))
    sides = "".join(map(_column, _numeric(table), columns))
    body = [
        f"\\begin{{tabular}}{{{sides}}}",
        "  \\toprule",
        f"  {_line(table.columns)}",
        "  \\midrule",
        *(f"  {_line(row)}" for row in table.rows),
        "  \\bottomrule",
        "\\end{tabular}",
    ]
    if table.caption:
        inner = ["\\centering", f"\\caption{{{tex(table.caption)}}}", *body]
        body = ["\\begin{table}", *(f"  {line}" for line in inner), "\\end{table}"]
    return "\n".join(["% needs \\usepackage{booktabs}", *body])


def _column(numeric: bool, cells: Sequence[Cell]) -> str:
    """How LaTeX sets a column: numbers to the right, sentences in a paragraph."""
    wide = any(isinstance(cell, str) and len(cell) > SENTENCE for cell in cells)
    return "r" if numeric else r"p{0.5\linewidth}" if wide else "l"


def _line(cells: Sequence[Cell]) -> str:
    return f"{' & '.join(map(_set, cells))} \\\\"


def _set(cell: Cell) -> str:
    if isinstance(cell, Mathematics):
        return _between_dollars(cell.tex)
    return f"{cell:,}" if isinstance(cell, int) else tex(cell)


def _between_dollars(formula: str) -> str:
    return f"${formula}$" if formula else ""


def _numeric(table: Tabular) -> list[bool]:
    """Which columns hold numbers."""
    columns = ([row[n] for row in table.rows] for n in range(len(table.columns)))
    return [bool(cells) and all(map(_number, cells)) for cells in columns]


def _number(cell: Cell) -> bool:
    """Whether a cell is an integer, or a ratio of two.

    >>> _number(3), _number(Mathematics("17/72", "17/72")), _number(Mathematics("m", "m"))
    (True, True, False)
    """
    ratio = isinstance(cell, Mathematics) and cell.code.replace("/", "", 1).isdecimal()
    return ratio or isinstance(cell, int)


def tex(text: str) -> str:
    r"""A text for LaTeX's text mode.

    >>> tex("1 × 1, 50 % of C_in")
    '1 $\\times$ 1, 50 \\% of C\\_in'
    """
    return "".join(TEX.get(mark, mark) for mark in text)
