"""Plots in SVG, drawn when a page is built: axes, lines with a dot at every value, and the numbers
behind them as a table.

A plot is complete without script and follows the colour scheme of the page. Lines differ by their
dashes as well as by colour. Values are exact; places are rounded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from math import floor, log, log10
from xml.etree.ElementTree import Element, SubElement, tostring

WIDTH, HEIGHT = 340, 216  # of a plot without its key
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 26, 40
KEY, SAMPLE = 17, 26  # a row of the key, and the piece of line in it
STEPS = (1, 2, 5)  # marks of a decade
START, MARKS = 4, 6  # of the key; marks along an axis, at most
PREFIXES = ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k"))
SHORT = 1000  # denominators below it are printed

Value = int | Fraction | float


@dataclass(frozen=True)
class Scale:
    """An axis from its least to its largest value, on a stretch of the picture."""

    least: float
    most: float
    start: float
    end: float
    logarithmic: bool = True

    def at(self, value: "Value") -> float:
        """Where a value lies; what is less than the least lies there.

        >>> Scale(1, 100, 0, 10).at(10), Scale(0, 100, 0, 10, logarithmic=False).at(10)
        (5.0, 1.0)
        """
        value = max(float(value), self.least)
        share = (value - self.least) / (self.most - self.least)
        if self.logarithmic:
            share = log(value / self.least) / log(self.most / self.least)
        return self.start + share * (self.end - self.start)

    @property
    def marks(self) -> list[Value]:
        """Round numbers between the ends.

        >>> Scale(8, 60, 0, 1).marks, Scale(0.05, 1, 0, 1).marks
        ([10, 20, 50], [Fraction(1, 20), Fraction(1, 10), Fraction(1, 5), Fraction(1, 2), 1])
        >>> Scale(1, 10**9, 0, 1).marks, Scale(0, 7, 0, 1, logarithmic=False).marks
        ([1, 100, 10000, 1000000, 100000000], [0, 2, 4, 6])
        """
        return list(self._decades() if self.logarithmic else self._even())

    def _decades(self) -> Iterator[Value]:
        first, last = floor(log10(self.least)), floor(log10(self.most))
        steps = STEPS if last - first < 3 else STEPS[:1]
        apart = 1 + (last - first) // MARKS
        for power in range(first, last + 1, apart):
            for step in steps:
                mark = _whole(step * Fraction(10) ** power)
                if self.least * (1 - 1e-9) <= mark <= self.most * (1 + 1e-9):
                    yield mark

    def _even(self) -> Iterator[Value]:
        rough = Fraction((self.most - self.least) / MARKS)
        power = Fraction(10) ** floor(log10(rough))
        apart = next(step * power for step in (*STEPS, 10) if step * power >= rough)
        mark = -(-Fraction(self.least) // apart) * apart
        while mark <= self.most:
            yield _whole(mark)
            mark += apart


@dataclass(frozen=True)
class Line:
    """A line through points (x, y) in order of x; ``baseline`` is what the others are held
    against, and ``dotted`` is whether every point has a dot."""

    name: str
    points: Sequence[tuple[Value, Value]]
    baseline: bool = False
    dotted: bool = True


@dataclass(frozen=True)
class Plot:
    """What a plot shows: ``name`` is its file, ``words`` say what is to be seen.

    ``across`` and ``up`` are the titles of the axes, ``marks`` the values marked across if they are
    not round numbers, ``floor`` the least value that is distinguished from 0 on a logarithmic axis.
    """

    name: str
    title: str
    words: str
    across: str
    up: str
    lines: Sequence[Line]
    log_across: bool = False
    log_up: bool = False
    marks: Sequence[int] = ()
    floor: float | None = None

    @property
    def scales(self) -> tuple[Scale, Scale]:
        """The axes across and up."""
        xs = [float(x) for line in self.lines for x, _ in line.points]
        ys = [float(y) for line in self.lines for _, y in line.points]
        across = Scale(min(xs), max(xs), LEFT + 6, WIDTH - RIGHT - 6, self.log_across)
        return across, Scale(*self._ends(ys), self.bottom, self.top, self.log_up)

    def _ends(self, ys: Sequence[float]) -> tuple[float, float]:
        """The least and the largest value up, with some room."""
        if not self.log_up:
            return min(0.0, *ys), 1.05 * max(ys)
        least = self.floor or min(y for y in ys if y > 0) / 1.2
        return least, max(1.2 * max(ys), 2 * least)

    @property
    def top(self) -> int:
        """Where the drawing begins, below the key."""
        return TOP + KEY * len(self.lines)

    @property
    def bottom(self) -> int:
        """Where the axis across lies."""
        return self.height - BOTTOM

    @property
    def height(self) -> int:
        """How high the picture is."""
        return HEIGHT + KEY * len(self.lines)


def figure(plot: Plot) -> str:
    """The plot with its title, its numbers folded, and the place of the buttons that save it."""
    head = [plot.across, *(line.name for line in plot.lines)]
    cells = "".join(f'<th scope="col">{escape(words)}</th>' for words in head)
    return (
        f'<div class="plot" data-picture="{plot.name}"><figure>{svg(plot)}'
        f'<figcaption id="{plot.name}-words">{escape(plot.words)}</figcaption></figure>'
        '<save-picture></save-picture><details class="evidence numbers">'
        '<summary><span class="ran">The numbers behind the plot</span></summary>'
        f'<div class="lab-scroll" tabindex="0" role="region" aria-label="{escape(plot.title)}">'
        f'<table class="lab-table"><caption>{escape(plot.up)}</caption><thead><tr>{cells}</tr>'
        f"</thead><tbody>{''.join(_rows(plot))}</tbody></table></div></details></div>"
    )


def svg(plot: Plot) -> str:
    """The picture alone."""
    drawn = picture(plot.name, plot.title, (WIDTH, plot.height), "curves")
    if plot.words:
        drawn.set("aria-describedby", f"{plot.name}-words")
    across, up = plot.scales
    axes(drawn, across, up, plot.marks, plot.floor)
    middle = (across.start + across.end) / 2
    text(drawn, middle, plot.height - 8, plot.across, "axis")
    text(drawn, START, plot.top - 15, plot.up, "axis start")
    for number, line in enumerate(_kinds(plot.lines)):
        _draw(drawn, line, (across, up), number)
    return tostring(drawn, encoding="unicode")


def picture(name: str, title: str, size: tuple[int, int], kind: str) -> Element:
    """An empty picture with its title."""
    label, box = f"{name}-title", f"0 0 {size[0]} {size[1]}"
    drawn = Element("svg", {"class": kind, "viewBox": box, "role": "img", "aria-labelledby": label})
    SubElement(drawn, "title", {"id": label}).text = title
    return drawn


def axes(
    drawn: Element, across: Scale, up: Scale, marks: Sequence[int] = (), least: float | None = None
) -> None:
    """The marks of both axes with a line each across the picture."""
    columns = [across.at(mark) for mark in marks or across.marks]
    rows = [up.at(mark) for mark in up.marks]
    strokes = [[(x, up.end), (x, up.start)] for x in columns]
    strokes += [[(across.start, y), (across.end, y)] for y in rows]
    _path(drawn, "gridline", strokes)
    for x, mark in zip(columns, marks or across.marks, strict=True):
        text(drawn, x, up.start + 16, compact(mark), "tick")
    for y, mark in zip(rows, up.marks, strict=True):
        at_most = "≤ " if least is not None and mark <= least else ""
        text(drawn, across.start - 6, y, f"{at_most}{compact(mark)}", "tick side")


def text(drawn: Element, x: float, y: float, words: str, kind: str) -> None:
    """Words in the middle of a place, or beginning or ending there as their kind says."""
    SubElement(drawn, "text", {"class": kind, "x": f"{x:.1f}", "y": f"{y:.1f}"}).text = words


def compact(value: Value) -> str:
    """A round number on an axis.

    >>> compact(20_000_000), compact(500), compact(Fraction(1, 20)), compact(10**9)
    ('20 M', '500', '0.05', '1 G')
    """
    for size, prefix in PREFIXES:
        if value >= size:
            return f"{float(value / size):g} {prefix}"
    return f"{float(value):g}"


def written(value: Value) -> str:
    """A value in a table: integers and short fractions exactly, others to four figures.

    >>> written(1234567), written(Fraction(11, 24)), written(Fraction(1001, 2000)), written(0.0)
    ('1,234,567', '11/24', '0.5005', '0')
    """
    if isinstance(value, Fraction) and value.denominator < SHORT:
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{float(value):.4g}"


def _rows(plot: Plot) -> Iterator[str]:
    """A row of the table for every value across."""
    values = [dict(line.points) for line in plot.lines]
    for x in sorted({x for line in plot.lines for x, _ in line.points}):
        cells = (f"<td>{written(one[x]) if x in one else '–'}</td>" for one in values)
        yield f'<tr><th scope="row">{written(x)}</th>{"".join(cells)}</tr>'


def _kinds(lines: Sequence[Line]) -> Iterator[tuple[str, Line]]:
    """Each line with the class that sets its colour and its dashes."""
    number = 0
    for one in lines:
        number += not one.baseline
        yield ("baseline" if one.baseline else f"line-{number}"), one


def _draw(drawn: Element, one: tuple[str, Line], scales: tuple[Scale, Scale], number: int) -> None:
    """A line with its dots, and its row of the key."""
    (kind, shown), (across, up) = one, scales
    group = SubElement(drawn, "g", {"class": f"drawn {kind}"})
    places = [(across.at(float(x)), up.at(float(y))) for x, y in shown.points]
    y = 10 + KEY * number
    _path(group, "stroke", [places, [(START, y), (START + SAMPLE, y)]])
    dots = [[place, place] for place in places] if shown.dotted else []
    _path(group, "dots", [*dots, [(START + SAMPLE / 2, y)] * 2] if shown.dotted else dots)
    text(drawn, START + SAMPLE + 8, y, shown.name, "name start")


def _path(group: Element, kind: str, strokes: Sequence[Sequence[tuple[float, float]]]) -> None:
    """Strokes as one path; one that ends where it begins is a dot."""
    joined = ("L".join(f"{x:.1f},{y:.1f}" for x, y in stroke) for stroke in strokes if stroke)
    if moves := "".join(f"M{stroke}" for stroke in joined):
        SubElement(group, "path", {"class": kind, "d": moves})


def _whole(value: Fraction) -> int | Fraction:
    return value.numerator if value.denominator == 1 else value
