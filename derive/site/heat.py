"""A matrix drawn by sign and size: cells tinted from faint to full, with the number in each.

Blue is positive, orange negative, and the minus sign says so too. A product of a column and a row
is drawn as a multiplication table, with both along its edges; a minor has its cells framed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol
from xml.etree.ElementTree import Element, SubElement, tostring

Rows = Sequence[Sequence[Fraction | int]]
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
STRONGEST = 100  # per cent of the tint in the cell that is largest in size


class SupportsFormat(Protocol):
    """What can be written to some number of figures."""

    def __format__(self, spec: str, /) -> str:
        """As floats are."""


@dataclass(frozen=True)
class Edges:
    """A column and a row of numbers along the edges of a matrix."""

    column: Sequence[Fraction | int]
    row: Sequence[Fraction | int]


def heat(
    name: str,
    rows: Rows,
    marked: tuple[Sequence[int], Sequence[int]] = ((), ()),
    edges: Edges | None = None,
) -> str:
    """A matrix as an HTML table that is called ``name``; the cells of the marked rows and columns
    are framed.

    >>> heat("K", [[-2]]).count('<td class="minus" style="--size:100%">−2</td>')
    1
    """
    fine = any(Fraction(entry).denominator > 1 for row in rows for entry in row)
    table = Element("table", {"class": "heat fine" if fine else "heat"})
    SubElement(table, "caption").text = name
    if edges:
        line = SubElement(SubElement(table, "thead"), "tr")
        SubElement(line, "td", {"class": "corner"}).text = "·"
        for entry in edges.row:
            SubElement(line, "th", {"scope": "col"}).text = number(entry)
    body = SubElement(table, "tbody")
    largest = max(abs(Fraction(entry)) for row in rows for entry in row) or 1
    for y, row in enumerate(rows):
        line = SubElement(body, "tr")
        if edges:
            SubElement(line, "th", {"scope": "row"}).text = number(edges.column[y])
        for x, entry in enumerate(row):
            kinds = [_kind(entry)] + ["marked"] * (y in marked[0] and x in marked[1])
            size = round(STRONGEST * abs(Fraction(entry)) / largest)
            style = {"style": f"--size:{size}%"} if entry else {}
            cell = SubElement(line, "td", {"class": " ".join(kinds), **style})
            cell.text = number(entry)
    return tostring(table, encoding="unicode", method="html")


def number(entry: Fraction | int) -> str:
    """A number as short as a small cell needs it: an integer as it is, others to three places, and
    one that three places would show as 0 to a figure.

    >>> number(-3), number(Fraction(1, 6)), number(Fraction(-1, 60)), number(Fraction(1, 14000))
    ('−3', '.17', '−.017', '7e−5')
    """
    size = abs(Fraction(entry))
    if size.denominator == 1:
        text = str(size)
    elif size < Fraction(1, 2000):
        text = f"{Decimal(size.numerator) / size.denominator:.0e}".replace("-", "−")
    else:
        places = 3 if size < Fraction(1, 10) else 2
        text = f"{float(size):.{places}f}".removeprefix("0")
    return f"−{text}" if entry < 0 else text


def figures(value: SupportsFormat) -> str:
    """Three figures, powers of ten written out.

    >>> figures(0.25), figures(-1.5e-18)
    ('0.25', '−1.5 × 10⁻¹⁸')
    """
    mantissa, _, exponent = f"{value:.3g}".replace("-", "−").partition("e")
    power = str(int(exponent.replace("−", "-") or 0)).translate(RAISED)
    return f"{mantissa} × 10{power}" if exponent else mantissa


def _kind(entry: Fraction | int) -> str:
    sign = (Fraction(entry) > 0) - (Fraction(entry) < 0)
    return ("zero", "plus", "minus")[sign]
