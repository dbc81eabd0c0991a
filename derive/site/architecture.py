"""The rooms of the package and what each imports, read from the sources and drawn as a picture."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from derive.site.imports import imports
from derive.site.layers import Layout, layout
from derive.site.sources import DOORS, PACKAGE

WIDTH, HEIGHT = 112, 30  # of a box
ACROSS, DOWN, SLIM = 14, 26, 6
MARGIN = 4
FOLDERS = {
    "catalogue": {"families"},
    "models": {"networks"},
}  # read file by file, which no import shows
TITLE = "The rooms of the package: each imports those that lines lead up to"
Rooms = Mapping[str, tuple[str, ...]]  # in order, as what is drawn is kept by their repr


@cache
def rooms() -> Rooms:
    """Every room with the rooms it imports, less those that it reaches through others.

    >>> rooms()["algebra"], rooms()["cli"]
    (('notation',), ('site',))
    """
    found: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        room = _room(path.relative_to(PACKAGE).parts[0])
        if path not in DOORS and path.name != "__main__.py":
            found.setdefault(room, set(FOLDERS.get(room, ()))).update(_used(path))
    uses = {room: used & found.keys() - {room} for room, used in sorted(found.items())}
    return {room: tuple(sorted(used - _beyond(used, uses))) for room, used in uses.items()}


def _room(part: str) -> str:
    return part.removesuffix(".py")


def _used(path: Path) -> Iterator[str]:
    """The rooms that a file imports anywhere, functions included."""
    for one in imports(path):
        yield from one.names if one.module == "derive" else one.module.split(".")[1:2]


def _beyond(used: set[str], uses: Mapping[str, set[str]]) -> set[str]:
    """What some rooms reach, themselves left out unless one reaches another."""
    found: set[str] = set()
    waiting = [below for room in used for below in uses[room]]
    while waiting:
        room = waiting.pop()
        if room not in found:
            found.add(room)
            waiting += uses[room]
    return found


def figure(uses: Rooms) -> str:
    """The rooms in layers, the first of all on top, as SVG text."""
    drawing = layout(uses, WIDTH, SLIM, ACROSS)
    width = max(x for place, x in drawing.middles.items()) + WIDTH / 2
    height = len(drawing.layers) * (HEIGHT + DOWN) - DOWN
    svg = Element(
        "svg",
        {
            "class": "graph",
            "style": "--kind: var(--md-default-fg-color--light)",
            "viewBox": f"{-MARGIN} {-MARGIN} {width + 2 * MARGIN:g} {height + 2 * MARGIN}",
            "width": f"{width + 2 * MARGIN:g}",
            "height": f"{height + 2 * MARGIN}",
            "role": "img",
            "aria-labelledby": "rooms-title",
        },
    )
    SubElement(svg, "title", {"id": "rooms-title"}).text = TITLE
    for room, used in uses.items():
        for one in used:
            SubElement(svg, "path", {"class": "edge", "d": _line(drawing, one, room)})
    for room in uses:
        _box(svg, room, drawing)
    return tostring(svg, encoding="unicode")


def _top(layer: int) -> int:
    return layer * (HEIGHT + DOWN)


def _line(drawing: Layout, used: str, room: str) -> str:
    """A smooth line from the bottom of one box to the top of another."""
    start, *route = drawing.route(used, room)
    x, y = drawing.middles[start], _top(drawing.layer_of[start]) + HEIGHT
    path = f"M {x:g} {y}"
    for place in route:
        end, top = drawing.middles[place], _top(drawing.layer_of[place])
        half = (y + top) / 2
        path += f" C {x:g} {half:g}, {end:g} {half:g}, {end:g} {top}"
        x, y = end, top + HEIGHT
        path += f" V {y}" if len(place) > 1 else ""
    return path


def _box(svg: Element, room: str, drawing: Layout) -> None:
    middle, top = drawing.middles[room,], _top(drawing.layer_of[room,])
    box = {"x": f"{middle - WIDTH / 2:g}", "y": str(top), "rx": "5"}
    SubElement(svg, "rect", {**box, "width": str(WIDTH), "height": str(HEIGHT)})
    text = {"x": f"{middle:g}", "y": str(top + 19), "text-anchor": "middle"}
    SubElement(svg, "text", text).text = room
