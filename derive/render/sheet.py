"""Tables for a terminal of any width, of which nothing is lost: where the columns do not fit, the
numbers go below their row, and where these do not fit, every row is written out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

GAP = 2  # spaces between two columns
Cell = Text | str


@dataclass(frozen=True)
class Column:
    """A column: numbers are set right and never broken, words wrap between words.

    ``least`` is how narrow a column of words may get, if its longest word is shorter.
    """

    name: str
    number: bool = False
    least: int = 0


@dataclass(frozen=True)
class Sheet:
    """Rows of cells under columns, the first of which names the row.

    >>> from rich.console import Console
    >>> sheet = Sheet((Column("family"), Column("MACs", number=True)), [["standard", "3,538,944"]])
    >>> for width in (40, 14):
    ...     console = Console(width=width)
    ...     with console.capture() as shown:
    ...         console.print(sheet)
    ...     [line.split() for line in shown.get().splitlines()]
    [['family', 'MACs'], ['standard', '3,538,944']]
    [['MACs'], ['standard'], ['3,538,944']]
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    title: str = ""

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        room = options.max_width
        if widths := self._widths(room):
            yield self._table(widths)
        else:
            yield from [Text(self.title, "italic")] if self.title else []
            below = sum(self._full[n] + GAP for n in self._places(number=True))
            yield from self._two_lines() if GAP < below <= room else self._records()

    def _widths(self, room: int) -> list[int]:
        """How wide every column is; none if they do not fit without breaking a word.

        What is left beyond the longest words is shared out by what each column could use.
        """
        places = range(len(self.columns))
        full = self._full
        least = [self._word(n) if n and not self.columns[n].number else full[n] for n in places]
        spare = room - sum(least) - GAP * len(least)
        wish = [most - few for most, few in zip(full, least, strict=True)]
        if spare < 0:
            return []
        share = [min(more, spare * more // max(1, sum(wish))) for more in wish]
        return [few + more for few, more in zip(least, share, strict=True)]

    def _table(self, widths: list[int]) -> Table:
        table = Table(title=self.title or None, title_justify="left", box=None, padding=(0, 1))
        for column, width in zip(self.columns, widths, strict=True):
            justify: Any = "right" if column.number else "left"
            table.add_column(column.name, justify=justify, width=width)
        for row in self.rows:
            table.add_row(*row)
        return table

    def _two_lines(self) -> Iterator[RenderableType]:
        """The words of a row, and its numbers below, under one heading."""
        places = self._places(number=True)
        yield self._aligned([self.columns[n].name for n in places], "bold")
        for row in self.rows:
            words = Text()
            for n in self._places(number=False):
                if n and len(row[n]):
                    words.append(f"  {self.columns[n].name}: ", "dim")
                words.append_text(_text(row[n]))
            yield Padding(words, (0, 0, 0, 1))
            if any(map(len, (row[n] for n in places))):
                yield self._aligned([row[n] for n in places])

    def _aligned(self, cells: Sequence[Cell], style: str = "") -> Text:
        line = Text(style=style, no_wrap=True)
        for place, cell in zip(self._places(number=True), cells, strict=True):
            text = _text(cell)
            line.append(" " * (self._full[place] - text.cell_len + (GAP if line else 1)))
            line.append_text(text)
        return line

    def _records(self) -> Iterator[RenderableType]:
        """Every row by itself, each cell with the name of its column."""
        for first, *cells in self.rows:
            yield Padding(_text(first), (0, 0, 0, 1))
            named = list(zip(self.columns[1:], cells, strict=True))
            words = [(c, cell) for c, cell in named if not c.number and len(cell)]
            numbers = [
                f"{c.name} {_text(cell).plain}" for c, cell in named if c.number and len(cell)
            ]
            for column, cell in words:
                yield Padding(Text.assemble((f"{column.name}: ", "dim"), cell), (0, 0, 0, 3))
            if numbers:
                yield Padding(Text(", ".join(numbers)), (0, 0, 0, 3))

    def _places(self, *, number: bool) -> list[int]:
        return [n for n, column in enumerate(self.columns) if column.number == number]

    def _cells(self, place: int) -> list[str]:
        return [self.columns[place].name, *(_plain(row[place]) for row in self.rows)]

    @cached_property
    def _full(self) -> list[int]:
        """How wide each column is if none of its cells is broken."""
        return [max(map(cell_len, self._cells(n))) for n in range(len(self.columns))]

    def _word(self, place: int) -> int:
        """The longest word of a column, or how narrow it may get."""
        cells = self._cells(place)
        longest = max((cell_len(word) for cell in cells for word in cell.split()), default=0)
        return max(longest, min(self.columns[place].least, self._full[place]))


def _plain(cell: Cell) -> str:
    return (cell if isinstance(cell, Text) else Text(cell)).plain


def _text(cell: Cell) -> Text:
    return cell.copy() if isinstance(cell, Text) else Text(cell)
