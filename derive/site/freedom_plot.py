"""What a kernel costs against how many kernels there are: every family on one layer as a point.

Both axes are logarithmic; families at one place share a point. A label goes to the first free
place around its point.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import log
from xml.etree.ElementTree import Element, SubElement, tostring

from derive.facts import RowFacts

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 62, 20, 16, 46
RADIUS, HIGH, LETTER = 4, 14, 6.5  # of a point, of a label, of one of its characters
RINGS = 9  # of places around a point, more than there are families at one place
Place = tuple[float, float]
Box = tuple[float, float, float, float]
STEPS = (1, 2, 5)  # marks of a decade


@dataclass(frozen=True)
class Scale:
    """A logarithmic axis from its least to its largest value, on a stretch of the picture."""

    least: float
    most: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value lies.

        >>> Scale(1, 100, 0, 10).at(10)
        5.0
        """
        share = log(value / self.least) / log(self.most / self.least)
        return self.start + share * (self.end - self.start)

    @property
    def marks(self) -> list[int]:
        """Round numbers between the ends.

        >>> Scale(8, 60, 0, 1).marks
        [10, 20, 50]
        """
        powers = range(len(str(int(self.most))))
        numbers = (step * 10**power for power in powers for step in STEPS)
        return [number for number in numbers if self.least <= number <= self.most]


def freedom_plot(rows: Sequence[tuple[int, RowFacts]], title: str) -> str:
    """The numbered rows of a comparison as points, cost upwards and freedom to the right."""
    freedoms = [row.degrees_of_freedom for _, row in rows]
    costs = [row.macs for _, row in rows]
    across = Scale(min(freedoms) / 1.3, max(freedoms) * 1.3, LEFT, WIDTH - RIGHT)
    up = Scale(min(costs) / 1.3, max(costs) * 1.3, HEIGHT - BOTTOM, TOP)
    name = "freedom-plot-title"
    box = f"0 0 {WIDTH} {HEIGHT}"
    svg = Element(
        "svg", {"class": "freedom-plot", "viewBox": box, "role": "img", "aria-labelledby": name}
    )
    SubElement(svg, "title", {"id": name}).text = title
    _axes(svg, across, up)
    places: dict[tuple[int, int], list[int]] = {}
    for number, row in rows:
        places.setdefault((row.degrees_of_freedom, row.macs), []).append(number)
    dots = {
        (across.at(freedom), up.at(cost)): ", ".join(map(str, numbers))
        for (freedom, cost), numbers in places.items()
    }
    for x, y in dots:
        SubElement(svg, "circle", {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": str(RADIUS)})
    for (x, y), words in _labelled(dots):
        _text(svg, x, y, words, "number")
    return tostring(svg, encoding="unicode")


def _axes(svg: Element, across: Scale, up: Scale) -> None:
    for mark in across.marks:
        x = across.at(mark)
        _line(svg, x, x, TOP, HEIGHT - BOTTOM)
        _text(svg, x, HEIGHT - BOTTOM + 16, f"{mark:,}", "tick")
    for mark in up.marks:
        y = up.at(mark)
        _line(svg, LEFT, WIDTH - RIGHT, y, y)
        _text(svg, LEFT - 6, y, _compact(mark), "tick side")
    _text(svg, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "degrees of freedom", "axis")
    _text(svg, 6, 8, "MACs", "axis start")


def _compact(number: int) -> str:
    """A round number of operations.

    >>> _compact(20_000_000)
    '20 M'
    """
    return f"{number // 10**6} M" if number >= 10**6 else f"{number:,}"


def _labelled(dots: Mapping[Place, str]) -> Iterator[tuple[Place, str]]:
    """The middle of every label, clear of all points and of the labels before it."""
    taken = [_box(dot, 2 * RADIUS, 2 * RADIUS) for dot in dots]
    for dot, words in dots.items():
        wide = LETTER * len(words)
        boxes = {place: _box(place, wide, HIGH) for place in _around(dot, wide)}
        place = next(p for p, box in boxes.items() if not any(map(partial(_meet, box), taken)))
        taken.append(boxes[place])
        yield place, words


def _around(dot: Place, wide: float) -> Iterator[Place]:
    """Places for a label: right, left, above, below, then the same farther away."""
    x, y = dot
    for ring in range(RINGS):
        aside, over = wide / 2 + RADIUS + 2, HIGH / 2 + RADIUS + ring * HIGH
        if not ring:
            yield from ((x + aside, y), (x - aside, y))
        for side in (0, aside, -aside):
            yield from ((x + side, y - over), (x + side, y + over))


def _box(middle: Place, wide: float, high: float) -> Box:
    (x, y) = middle
    return x - wide / 2, x + wide / 2, y - high / 2, y + high / 2


def _meet(one: Box, other: Box) -> bool:
    """Whether two rectangles overlap.

    >>> _meet((0, 2, 0, 2), (1, 3, 1, 3)), _meet((0, 2, 0, 2), (2, 3, 0, 2))
    (True, False)
    """
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def _line(svg: Element, x1: float, x2: float, y1: float, y2: float) -> None:
    ends = {"x1": x1, "x2": x2, "y1": y1, "y2": y2}
    SubElement(svg, "line", {"class": "gridline", **{key: f"{n:.1f}" for key, n in ends.items()}})


def _text(svg: Element, x: float, y: float, words: str, kind: str) -> None:
    SubElement(svg, "text", {"class": kind, "x": f"{x:.1f}", "y": f"{y:.1f}"}).text = words
