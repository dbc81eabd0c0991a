"""A family at a glance, for the print sheet and for slides: its line, its picture, what it costs on
its example layer, and when it is exact.
"""

from dataclasses import dataclass
from fractions import Fraction
from textwrap import wrap
from xml.etree.ElementTree import Element, fromstring, SubElement, tostring

from derive.catalogue import Entry, FAMILIES
from derive.facts.layer import layer_facts
from derive.render.layer_words import layer_words
from derive.site.example_row import example
from derive.site.strip import strip

WIDTH, HEIGHT, MARGIN = 1600, 900, 90  # of a slide
TITLE, LINE, TEXT, SMALL = 56, 40, 34, 26  # sizes of letters
PICTURE = (270, 300)  # where the picture begins, and how high it may be
BROAD = 78  # characters of the text on a line
SANS = "ui-sans-serif, system-ui, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
MONO = "ui-monospace, 'SF Mono', Menlo, 'DejaVu Sans Mono', monospace"
STYLE = f"""
text {{ font-family: {SANS}; fill: #1b1f24; }}
.title {{ font-size: {TITLE}px; font-weight: 650; }}
.line {{ font-family: {MONO}; font-size: {LINE}px; fill: #0b57b0; }}
.text {{ font-size: {TEXT}px; }}
.small {{ font-size: {SMALL}px; fill: #4c5664; }}
.sheet {{ fill: #e3edf9; stroke: #47709f; }}
.tap {{ fill: #ffd9a0; stroke: #a35c00; }}
.flow {{ stroke: #75808c; stroke-width: 1.5; }}
"""
NEEDS = "With zero padding and nothing between the stages."


@dataclass(frozen=True)
class Glance:
    """A family in short; ``share`` is that of the standard layer's MACs."""

    name: str
    title: str
    line: str
    picture: str
    layer: str
    setting: str
    parameters: int
    macs: int
    share: Fraction
    exact_when: str
    brief: str


def glance(entry: Entry) -> Glance:
    """A family on its example layer.

    >>> one = glance(FAMILIES["depthwise-separable"])
    >>> one.line, one.parameters, str(one.share)
    ('D[i,l,u,v] P[o,i,l]', 51, '17/72')
    """
    row, standard = example(entry)
    return Glance(
        entry.name,
        entry.title,
        str(entry.family).replace(", ", ","),
        strip(row),
        layer_words(layer_facts(row.layer)),
        ", ".join(f"{size} = {n}" for size, n in row.chosen.items()),
        row.number("parameters"),
        row.number("macs"),
        Fraction(row.number("macs"), standard.number("macs")),
        row.exactness.words,
        row.exactness.brief,
    )


def slide(name: str) -> str:
    """A family as a picture of 16:9 that needs nothing else, as SVG.

    >>> slide("asymmetric").count("<rect") > 10
    True
    """
    one = glance(FAMILIES[name])
    size = {"width": str(WIDTH), "height": str(HEIGHT), "viewBox": f"0 0 {WIDTH} {HEIGHT}"}
    svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, "role": "img"})
    SubElement(svg, "title").text = one.title
    SubElement(svg, "style").text = STYLE
    SubElement(svg, "rect", {"width": str(WIDTH), "height": str(HEIGHT), "fill": "#ffffff"})
    _text(svg, "title", 130, one.title)
    _text(svg, "line", 210, f"K = {one.line}")
    _picture(svg, one.picture)
    _text(svg, "small", 640, f"{one.layer}{f'; {one.setting}' if one.setting else ''}")
    share = "" if one.share == 1 else f": {float(one.share):.3g} of the standard layer’s MACs"
    _text(svg, "text", 692, f"{one.parameters:,} weights, {one.macs:,} MACs{share}")
    exact = f"Exact if {one.exact_when}." if one.exact_when != "every kernel" else (
        "Exact for every kernel."
    )  # fmt: skip
    lines = wrap(exact, BROAD)
    for n, words in enumerate(lines):
        _text(svg, "text", 752 + n * (TEXT + 8), words)
    _text(svg, "small", HEIGHT - 28, f"{NEEDS} Separable, families/{name}")
    return tostring(svg, encoding="unicode")


def _picture(svg: Element, picture: str) -> None:
    """The strip of a family, as large as its place allows, in the middle."""
    inner = fromstring(picture)  # noqa: S314 - our own
    _, _, wide, high = map(float, inner.attrib["viewBox"].split())
    top, most = PICTURE
    scale = min((WIDTH - 2 * MARGIN) / wide, most / high)
    place = f"translate({(WIDTH - scale * wide) / 2:.1f} {top + (most - scale * high) / 2:.1f})"
    group = SubElement(svg, "g", {"transform": f"{place} scale({scale:.3f})"})
    group.extend(inner)


def _text(svg: Element, kind: str, y: int, words: str) -> None:
    SubElement(svg, "text", {"class": kind, "x": str(MARGIN), "y": str(y)}).text = words
