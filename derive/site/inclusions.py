"""The inclusion diagram: which family represents which, as a Hasse diagram without a library.

A line runs from a family up to one that represents it, at all sizes or from the width on that it is
labelled with; lines that follow from others are left out. Families that represent each other at
equal widths share a box.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element, SubElement, tostring

from derive.catalogue import FAMILIES
from derive.site.graph import XLINK
from derive.site.layers import Layout, layout, stacked
from derive.site.order import PairFacts

WIDTH, LINE, PAD = 96, 14, 7  # of a box, of a line of its words, around them
LETTER = 9  # how wide a letter of a label is, at most on average
ACROSS, DOWN, SLIM, MARGIN = 6, 54, 16, 4
LONGEST = 14  # characters in a line
TITLE = "Inclusion diagram of the families"


@dataclass(frozen=True)
class Inclusions:
    """The pairs of families that the diagram is drawn from."""

    pairs: Sequence[PairFacts]

    @cached_property
    def names(self) -> list[str]:
        """The families in the order of the book."""
        held = {one.contained for one in self.pairs} | {one.containing for one in self.pairs}
        return [name for name in FAMILIES if name in held]

    @cached_property
    def direct(self) -> dict[tuple[str, str], PairFacts]:
        """Every inclusion that holds at all sizes, or from a width on that is one size."""
        drawn = (one for one in self.pairs if one.answer == "always" or one.label)
        return {(one.contained, one.containing): one for one in drawn}

    @cached_property
    def above(self) -> dict[str, set[str]]:
        """The families that represent a family, directly or by way of others."""
        found = {name: {b for a, b in self.direct if a == name} for name in self.names}
        for between in self.names:
            for name in self.names:
                if between in found[name]:
                    found[name] |= found[between]
        return found

    @cached_property
    def boxes(self) -> dict[str, tuple[str, ...]]:
        """The families that share a box, under the first of them."""
        found: dict[str, tuple[str, ...]] = {}
        for name in self.names:
            first = next((one for one in found if self._alike(one, name)), name)
            found[first] = (*found.get(first, ()), name)
        return found

    def _alike(self, one: str, other: str) -> bool:
        return one in self.above[other] and other in self.above[one]

    @cached_property
    def lines(self) -> list[PairFacts]:
        """The inclusions that do not follow from others."""
        return [
            pair
            for (small, large), pair in self.direct.items()
            if {small, large} <= self.boxes.keys()
            and not any(
                between in self.above[small] and large in self.above[between]
                for between in self.boxes.keys() - {small, large}
            )
        ]


def inclusion_diagram(found: Inclusions, root: str, page: str = "") -> str:
    """The diagram as SVG text, with links from boxes to families and from lines to their pairs.

    ``root`` leads from the page to the top of the site. A pair is at ``#contained-in-containing``
    of the given page, of the same one unless given.
    """
    uses = {
        name: [one.containing for one in found.lines if one.contained == name]
        for name in found.boxes
    }
    drawing = layout(uses, WIDTH, SLIM, ACROSS)
    words = {name: _lines(names) for name, names in found.boxes.items()}
    tops, heights = _rows(drawing, words)
    svg = _canvas(drawing, tops[-1] + heights[-1])
    for pair in found.lines:
        _line(svg, drawing, tops, heights, pair, page)
    _labels(svg, drawing, tops, [pair for pair in found.lines if pair.label])
    for name in found.boxes:
        _box(svg, name, words[name], drawing, tops, heights, root)
    return tostring(svg, encoding="unicode")


def _lines(names: tuple[str, ...]) -> list[str]:
    """The words of a box, broken into lines."""
    lines = [""]
    titles = [FAMILIES[name].title.replace(" convolution", "") for name in names]
    for word in " = ".join(titles).split():
        fits = len(lines[-1]) + len(word) < LONGEST
        lines[-1 if fits else len(lines) :] = [f"{lines[-1]} {word}".strip() if fits else word]
    return [line for line in lines if line]


def _rows(drawing: Layout, words: Mapping[str, list[str]]) -> tuple[list[float], list[float]]:
    """Where each layer begins, and how high its boxes are."""
    tops: list[float] = []
    heights: list[float] = []
    top = 0.0
    for layer in drawing.layers:
        most = max(len(words[place[0]]) for place in layer if len(place) == 1)
        tops.append(top)
        heights.append(most * LINE + 2 * PAD)
        top += heights[-1] + DOWN
    return tops, heights


def _canvas(drawing: Layout, height: float) -> Element:
    width = max(drawing.middles.values()) + WIDTH / 2
    svg = Element(
        "svg",
        {
            "class": "inclusions",
            "xmlns:xlink": XLINK,
            "viewBox": f"{-MARGIN} {-MARGIN} {width + 2 * MARGIN:g} {height + 2 * MARGIN:g}",
            "role": "group",
            "aria-labelledby": "inclusions-title",
        },
    )
    SubElement(svg, "title", {"id": "inclusions-title"}).text = TITLE
    return svg


def _line(
    svg: Element,
    drawing: Layout,
    tops: list[float],
    heights: list[float],
    pair: PairFacts,
    page: str,
) -> None:
    """A line that is a link to its pair: a wide one to press and one to see."""
    route = drawing.route(pair.containing, pair.contained)
    places = [(drawing.middles[place], drawing.layer_of[place]) for place in route]
    x, layer = places[0]
    y = tops[layer] + heights[layer]
    path = f"M {x:g} {y:g}"
    for across, number in places[1:]:
        half = (tops[number] - y) / 2
        path += f" C {x:g} {y + half:g}, {across:g} {y + half:g}, {across:g} {tops[number]:g}"
        x, y = across, tops[number]
        if number != places[-1][1]:
            y += heights[number]
            path += f" V {y:g}"
    name = f"{pair.contained}-in-{pair.containing}"
    small, large = (FAMILIES[one].title for one in (pair.contained, pair.containing))
    label = f"{small} in {large}, {pair.label or 'at all sizes'}"
    link = SubElement(
        svg,
        "a",
        {
            "xlink:href": f"{page}#{name}",
            "class": "inclusion width" if pair.label else "inclusion",
            "role": "link",
            "aria-label": label,
            "data-pair": name,
        },
    )
    SubElement(link, "path", {"class": "hit", "d": path})
    SubElement(link, "path", {"class": "edge", "d": path})


def _labels(svg: Element, drawing: Layout, tops: list[float], pairs: list[PairFacts]) -> None:
    """The widths halfway down the first gap below each containing family, where few lines meet,
    apart from each other; the links say them too."""
    gaps: dict[int, list[tuple[float, list[str]]]] = {}
    for pair in pairs:
        start = drawing.route(pair.containing, pair.contained)[:2]
        above, below = (drawing.middles[place] for place in start)
        wanted = (above + below) / 2
        gaps.setdefault(drawing.layer_of[start[1]], []).append((wanted, pair.label.split(", ")))
    for layer, labels in gaps.items():
        labels.sort()
        widths = [LETTER * max(map(len, parts)) for _, parts in labels]
        middles = stacked([wanted for wanted, _ in labels], widths, ACROSS)
        for middle, (_, parts) in zip(middles, labels, strict=True):
            last = tops[layer] - DOWN / 2 + LETTER / 2 + (len(parts) - 1) * LINE / 2
            for n, part in enumerate(reversed(parts)):
                place = {"x": f"{middle:g}", "y": f"{last - n * LINE:g}"}
                kind = {"class": "label", "aria-hidden": "true"}
                SubElement(svg, "text", {**place, **kind}).text = part


def _box(
    svg: Element,
    name: str,
    words: list[str],
    drawing: Layout,
    tops: list[float],
    heights: list[float],
    root: str,
) -> None:
    layer, middle = drawing.layer_of[(name,)], drawing.middles[(name,)]
    top, height = tops[layer], heights[layer]
    label = " ".join(words)
    link = SubElement(
        svg,
        "a",
        {
            "xlink:href": f"{root}families/{name}/",
            "class": "node",
            "role": "link",
            "aria-label": label,
        },
    )
    box = {"x": f"{middle - WIDTH / 2:g}", "y": f"{top:g}", "width": str(WIDTH), "rx": "6"}
    SubElement(link, "rect", {**box, "height": f"{height:g}"})
    first = top + height / 2 - (len(words) - 1) * LINE / 2 + 4
    text = SubElement(link, "text", {"y": f"{first:g}"})
    for n, line in enumerate(words):
        place = {"x": f"{middle:g}", "y": f"{first + n * LINE:g}"}
        SubElement(text, "tspan", place).text = line
