"""Small tensors drawn as tables: the entries in cells, the indices along the edges.

A kernel K[o, i, u, v] is a matrix of grids: one block for each output channel (down) and input
channel (across), inside it the taps. Zeros are faint, so that the support is seen at a glance.
"""

from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from sympy import Symbol

from derive.notation.errors import CheckError
from derive.notation.letters import i, o

Nested = Any  # an entry, or a list of nested entries of equal shape
Matrix = list[list[Nested]]


@dataclass(frozen=True)
class Blocks:
    """A tensor as rows of matrices; names of those rows and columns where there are several."""

    rows: list[list[Matrix]]
    down: tuple[str, ...] = ()
    across: tuple[str, ...] = ()

    @property
    def columns(self) -> list[int]:
        """The last index of every column, block after block."""
        return [x for block in self.rows[0] for x in range(len(block[0]))]


def grid(name: str, tensor: Nested) -> str:
    """A tensor of up to four indices as an HTML table with its name as caption.

    >>> "<td>1</td>" in grid("a", [1, 0])
    True
    """
    blocks, indices = _blocks(name, tensor), _depth(tensor)
    edge = (indices > 1) + bool(blocks.down)
    table = Element("table", {"class": "tensor"})
    _name(SubElement(table, "caption"), name)
    if indices:
        _head(SubElement(table, "thead"), blocks, edge)
    for number, across in enumerate(blocks.rows):
        body = SubElement(table, "tbody")
        for row in range(len(across[0])):
            line = SubElement(body, "tr")
            if blocks.down and not row:
                _label(line, "rowgroup", blocks.down[number], rowspan=len(across[0]))
            if indices > 1:
                _label(line, "row", str(row))
            for block in across:
                _cells(line, block[row], edged=bool(blocks.across))
    return tostring(table, encoding="unicode", method="html")


def _name(caption: Element, name: str) -> None:
    """A letter, perhaps with primes or a number, is set as mathematics; more is words."""
    letter, _, number = name.partition("_")
    letter, primes = letter.rstrip("′"), letter.count("′")
    if len(letter) != 1 or not letter.isalpha():
        caption.text = name
        return
    tex = letter + "'" * primes + (f"_{{{number}}}" if number else "")
    SubElement(caption, "span", {"class": "arithmatex"}).text = rf"\({tex}\)"


def written(value: Nested) -> str:
    """A computed value as a reader would write it.

    >>> written(True), written([1, [0, -2]])
    ('yes', '(1, (0, −2))')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return f"({', '.join(map(written, value))})"
    return str(value).replace("**", "^").replace("*", "·").replace("-", "−")


def _head(head: Element, blocks: Blocks, edge: int) -> None:
    """The names of the blocks, if there are several, and the number of every column."""
    columns = blocks.columns
    if blocks.across:
        line = _edged(head, edge)
        for name in blocks.across:
            _label(line, "colgroup", name, colspan=len(columns) // len(blocks.across))
    line = _edged(head, edge)
    for number in columns:
        _label(line, "col", str(number))


def _edged(head: Element, edge: int) -> Element:
    """A row of the head with a corner above the labels of the rows."""
    line = SubElement(head, "tr")
    if edge:
        SubElement(line, "td", {"class": "corner", "colspan": str(edge)})
    return line


def _label(line: Element, scope: str, text: str, **spans: int) -> None:
    attributes = {"scope": scope} | {name: str(number) for name, number in spans.items()}
    SubElement(line, "th", attributes).text = text


def _cells(line: Element, entries: list[Nested], edged: bool) -> None:
    """One row of a block; ``edged`` blocks start with a line."""
    for number, entry in enumerate(entries):
        text = written(entry)
        kinds = " ".join(["zero"] * (text == "0") + ["first"] * (edged and not number))
        SubElement(line, "td", {"class": kinds} if kinds else {}).text = text


def _blocks(name: str, tensor: Nested) -> Blocks:
    """The blocks of a tensor; CheckError if it has more than four indices."""
    match _depth(tensor):
        case 0:
            return Blocks([[[[tensor]]]])
        case 1:
            return Blocks([[[tensor]]])
        case 2:
            return Blocks([[tensor]])
        case 3:
            return Blocks([tensor], across=tuple(f"{name}[{n}]" for n in range(len(tensor))))
        case 4:
            return Blocks(tensor, _named(o, len(tensor)), _named(i, len(tensor[0])))
        case more:
            raise CheckError(f"{name} has {more} indices: too many to draw")


def _named(index: Symbol, extent: int) -> tuple[str, ...]:
    return tuple(f"{index} = {n}" for n in range(extent))


def _depth(tensor: Nested) -> int:
    """How many indices a tensor has."""
    return 1 + _depth(tensor[0]) if isinstance(tensor, list) and tensor else 0
