"""Which theorem rests on which: boxes that link to the pages, drawn without a library."""

from collections.abc import Mapping
from math import cos, pi, sin
from xml.etree.ElementTree import Element, SubElement, tostring

from derive.facts.theorem import TheoremFacts
from derive.render.status import LOOKS
from derive.site.layers import Layout, layout
from derive.site.proved import overall, Theorems

WIDTH, HEIGHT = 196, 46  # of a box, for a title of thirty letters
ACROSS, DOWN = 34, 12  # between boxes: three layers fit a laptop's column
SLIM = 4  # what a passing line takes
MARGIN = 4  # room for the ring around the box that has the focus
XLINK = "http://www.w3.org/1999/xlink"  # Material's script breaks off at a plain href in a picture
TITLE = "Which theorem rests on which"


def dependency_graph(theorems: Theorems, folder: str = "") -> str:
    """The theorems that use or are used, in layers, and the others below, as SVG text.

    ``folder`` leads from the page to the folder of the theorems' pages.
    """
    uses = {name: [x for x in one.uses if x in theorems] for name, one in theorems.items()}
    used = {x for names in uses.values() for x in names}
    joined = {name: names for name, names in uses.items() if names or name in used}
    drawing = layout(joined, HEIGHT, SLIM, DOWN)
    corners = {
        place[0]: (_left(layer), drawing.middles[place] - HEIGHT / 2)
        for place, layer in drawing.layer_of.items()
        if len(place) == 1
    }
    corners |= _below(corners, [name for name in uses if name not in joined], len(drawing.layers))
    svg = _canvas(corners)
    for name, names in joined.items():
        for one in names:
            path = {"class": "edge", "data-from": one, "data-to": name}
            SubElement(svg, "path", {**path, "d": _line(drawing, one, name)})
    for name, corner in corners.items():
        rests = ", ".join(theorems[x].title for x in uses[name])
        _box(svg, theorems[name], rests, corner, folder)
    return tostring(svg, encoding="unicode")


def _left(layer: int) -> int:
    return layer * (WIDTH + ACROSS)


def _below(
    corners: Mapping[str, tuple[int, float]], alone: list[str], layers: int
) -> dict[str, tuple[int, float]]:
    """Theorems that stand alone, in rows below the others."""
    columns = layers or 3
    top = max((y + HEIGHT + 3 * DOWN for _, y in corners.values()), default=0)
    places = (divmod(number, columns) for number in range(len(alone)))
    spots = [(_left(column), top + row * (HEIGHT + DOWN)) for row, column in places]
    return dict(zip(alone, spots, strict=True))


def _canvas(corners: Mapping[str, tuple[int, float]]) -> Element:
    """An empty picture that holds all boxes."""
    width = max((x for x, _ in corners.values()), default=0) + WIDTH + 2 * MARGIN
    height = max((y for _, y in corners.values()), default=0) + HEIGHT + 2 * MARGIN
    svg = Element(
        "svg",
        {
            "class": "graph",
            "xmlns:xlink": XLINK,
            "viewBox": f"{-MARGIN} {-MARGIN} {width} {height:g}",
            "width": str(width),
            "height": f"{height:g}",
            "role": "group",
            "aria-labelledby": "graph-title",
        },
    )
    SubElement(svg, "title", {"id": "graph-title"}).text = TITLE
    return svg


def _line(drawing: Layout, used: str, name: str) -> str:
    """A smooth line from the right of one box to the left of another, level in every layer."""
    start, *route = drawing.route(used, name)
    at, height = _left(drawing.layer_of[start]) + WIDTH, drawing.middles[start]
    path = f"M {at} {height:g}"
    for place in route:
        left, middle = _left(drawing.layer_of[place]), drawing.middles[place]
        half = (left - at) / 2
        path += f" C {at + half:g} {height:g}, {left - half:g} {middle:g}, {left} {middle:g}"
        at, height = left + WIDTH, middle
        path += f" H {at}" if len(place) > 1 else ""
    return path


def _box(
    svg: Element, one: TheoremFacts, rests: str, corner: tuple[int, float], folder: str
) -> None:
    """One theorem: its number and title, its status as a word and as a disc."""
    x, y = corner
    kind, words = overall(one)
    label = f"{one.number} {one.title}, {words}"
    link = SubElement(
        svg,
        "a",
        {
            "class": f"node badge-{kind.replace(' ', '-')}",
            "role": "link",
            "xlink:href": f"{folder}{one.id}/",
            "aria-label": f"{label}; rests on {rests}" if rests else label,
        },
    )
    SubElement(link, "title").text = one.summary
    box = {"x": str(x), "y": f"{y:g}", "width": str(WIDTH), "height": str(HEIGHT), "rx": "5"}
    SubElement(link, "rect", box)
    SubElement(link, "circle", {"cx": str(x + 16), "cy": f"{y + 15:g}", "r": "5"})
    sure = _slice(x + 16, y + 15, 5, LOOKS[one.status].sureness)
    SubElement(link, "path", {"class": "sure", "d": sure})
    head = SubElement(link, "text", {"class": "number", "x": str(x + 27), "y": f"{y + 19:g}"})
    head.text = f"{one.number} "
    SubElement(head, "tspan", {"class": "status", "dx": "4"}).text = words
    title = {"class": "title", "x": str(x + 11), "y": f"{y + 37:g}"}
    SubElement(link, "text", title).text = one.title


def _slice(x: float, y: float, radius: int, part: float) -> str:
    """A part of a disc, clockwise from the top."""
    start = f"M {x:g} {y:g} V {y - radius:g}"
    arc = f"A {radius} {radius} 0"
    if part == 1:
        return f"{start} {arc} 1 1 {x:g} {y + radius:g} {arc} 1 1 {x:g} {y - radius:g} Z"
    end = f"{x + radius * sin(2 * pi * part):g} {y - radius * cos(2 * pi * part):g}"
    return f"{start} {arc} {int(part > 0.5)} 1 {end} Z"
