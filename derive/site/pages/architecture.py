"""Architecture: the rooms and their imports, and one word on its way to a printed number."""

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from derive.catalogue import FAMILIES
from derive.comparison import attempts, Choices, Row
from derive.facts import compare
from derive.notation.letters import C_in, C_out, k_h, k_w
from derive.parse.layer import read_layer
from derive.render.amount import number
from derive.render.latex import latex
from derive.site.architecture import figure, Rooms
from derive.site.sources import PACKAGE

WORD = "2"  # of --stride


@dataclass(frozen=True)
class Walk:
    """A word of the command line on its way to a printed number.

    ``axis`` is the code of the axis that it becomes part of, ``output`` how many windows that has,
    ``macs`` the number of a row, ``fact`` the one of a record and ``printed`` its text.
    """

    word: str
    axis: str
    output: int
    symbols: Mapping[str, int]
    formula: str
    macs: int
    fact: int
    printed: str


@dataclass(frozen=True)
class ArchitecturePage:
    """What the template shows: the figure, a sentence on every room, and the walk."""

    figure: str
    rooms: Mapping[str, str]
    walk: Walk


def context(uses: Rooms) -> ArchitecturePage:
    """The page of the rooms, given what each of them imports."""
    return ArchitecturePage(figure(uses), sentences(uses), walk())


def sentences(names: Iterable[str]) -> dict[str, str]:
    """The first sentence of the docstring of each room.

    >>> sentences(["cli"])["cli"]
    'The command line, one file per command; ``program`` puts them together and ends a run.'
    """
    return {room: _first(_file(room).read_text("utf-8")) for room in names}


def _file(room: str) -> Path:
    module = PACKAGE / f"{room}.py"
    return module if module.is_file() else PACKAGE / room / "__init__.py"


def _first(source: str) -> str:
    """The first sentence of a module's docstring, the first paragraph at most."""
    head, *_ = (ast.get_docstring(ast.parse(source)) or "").split("\n\n")
    words = " ".join(head.split())
    return re.split(r"(?<=[.?]) ", words)[0]


def walk() -> Walk:
    """What becomes of the word of ``--stride``, from the command line to the printed MACs."""
    layer = read_layer(stride=WORD)
    (row,) = attempts(FAMILIES["standard"], layer, Choices())
    assert isinstance(row, Row)
    macs = compare(layer).row("standard").macs
    height = layer.axes[0]
    return Walk(
        word=WORD,
        axis=repr(height),
        output=int(height.output),
        symbols={str(x): int(row.values[x]) for x in (C_in, C_out, k_h, k_w)},
        formula=latex(row.count.macs.expr),
        macs=row.number("macs"),
        fact=macs,
        printed=number(macs),
    )
