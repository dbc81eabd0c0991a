"""What a kernel costs against how many kernels there are: every family on one layer as a point.

Both axes are logarithmic; families at one place share a point. A label goes to the first free
place around its point.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from xml.etree.ElementTree import SubElement, tostring

from derive.facts import RowFacts
from derive.site.plot import axes, picture, Scale, text

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 62, 20, 16, 46
RADIUS, HIGH, LETTER = 4, 14, 6.5  # of a point, of a label, of one of its characters
RINGS = 9  # of places around a point, more than there are families at one place
Place = tuple[float, float]
Box = tuple[float, float, float, float]


def freedom_plot(rows: Sequence[tuple[int, RowFacts]], title: str) -> str:
    """The numbered rows of a comparison as points, cost upwards and freedom to the right."""
    freedoms = [row.degrees_of_freedom for _, row in rows]
    costs = [row.macs for _, row in rows]
    across = Scale(min(freedoms) / 1.3, max(freedoms) * 1.3, LEFT, WIDTH - RIGHT)
    up = Scale(min(costs) / 1.3, max(costs) * 1.3, HEIGHT - BOTTOM, TOP)
    svg = picture("freedom-plot", title, (WIDTH, HEIGHT), "freedom-plot")
    axes(svg, across, up)
    text(svg, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "degrees of freedom", "axis")
    text(svg, 6, 8, "MACs", "axis start")
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
        text(svg, x, y, words, "number")
    return tostring(svg, encoding="unicode")


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
