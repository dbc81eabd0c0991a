"""From Inception to depthwise separable layers, as a picture: how far the channels are split from
step to step, with height and width together or apart.

Source: Szegedy et al. (2016), Rethinking the Inception Architecture, arXiv 1512.00567;
Chollet (2017), Xception, arXiv 1610.02357, section 1.2.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product
from xml.etree.ElementTree import Element, SubElement, tostring

from sympy import Symbol

from derive.algebra.counting import StageCount
from derive.catalogue import FAMILIES
from derive.comparison import attempts, Choices, Row
from derive.facts.layer import layer_facts, LayerFacts
from derive.facts.relation import relation_facts
from derive.notation.errors import CheckError
from derive.notation.layer import Layer
from derive.notation.letters import DIRECTIONS
from derive.parse.layer import read_layer
from derive.render.relation import sentences
from derive.site.filters import filters

SIDE, CHANNELS, TAPS = 17, 192, 7  # the last asymmetric block of Inception v3 on 17 × 17 pixels
SEGMENTS = 3  # the paper has "3 or 4"
DRAWN, DRAWN_TAPS = 6, 3  # channels and taps of the pictures
GAP, STEP, TOP, CELL, EDGE = 62, 10, 30, 7, 8  # of a picture, in pixels
STEPS = (  # how the channels are split, and the layers of it: space whole, height and width apart
    ("Every output reads every channel", ("standard",), ("asymmetric",)),
    (
        "Channels mixed first, then filtered in {segments} segments",
        ("pointwise", "grouped"),
        ("pointwise", "grouped-asymmetric"),
    ),
    (
        "Channels mixed first, then each filtered alone",
        ("blueprint-separable",),
        ("flattened",),
    ),
    (
        "Each channel filtered alone, then mixed",
        ("depthwise-separable",),
        ("depthwise-asymmetric-separable",),
    ),
)
NAMES = ("", "Inception, simplified", "“Extreme” Inception", "Xception")
PAIRS = (
    ("depthwise-separable", "blueprint-separable"),
    ("depthwise-asymmetric-separable", "flattened"),
    ("depthwise-asymmetric-separable", "asymmetric"),
    ("flattened", "asymmetric"),
)


@dataclass(frozen=True)
class Design:
    """A design of the picture: its families one after the other, every stage's filters in words,
    and its weights, also as a share of the standard layer's."""

    families: tuple[str, ...]
    titles: tuple[str, ...]
    picture: str
    stages: tuple[str, ...]
    weights: int
    share: Fraction


@dataclass(frozen=True)
class Step:
    """A step of the lineage: what it is called in the papers, how it splits the channels, and the
    two designs that do so."""

    name: str
    words: str
    whole: Design
    apart: Design


@dataclass(frozen=True)
class Lineage:
    """What the template shows: steps on a layer, weights by the number of segments, and sentences
    on what represents what there."""

    layer: LayerFacts
    steps: tuple[Step, ...]
    segments: tuple[tuple[int, int], ...]
    relations: tuple[tuple[str, str], ...]


@cache
def lineage() -> Lineage:
    """The lineage on a layer of Inception v3.

    Raises CheckError if as many segments as channels are not the extreme form.

    >>> [step.whole.weights for step in lineage().steps]
    [1806336, 638976, 46272, 46272]
    """
    layer = _layer()
    steps = tuple(
        Step(name, words.format(segments=SEGMENTS), _design(whole), _design(apart))
        for name, (words, whole, apart) in zip(NAMES, STEPS, strict=True)
    )
    segments = tuple((count, in_segments(count)) for count in (1, SEGMENTS, 4, 12, CHANNELS))
    if segments[-1][1] != steps[2].whole.weights:
        raise CheckError("a segment for every channel is not the extreme form of the module")
    return Lineage(layer_facts(layer), steps, segments, tuple(map(_related, PAIRS)))


def in_segments(segments: int) -> int:
    """Weights of a 1 × 1 layer and the spatial filters behind it, in that many segments.

    >>> in_segments(CHANNELS) == CHANNELS * CHANNELS + CHANNELS * TAPS**2
    True
    """
    last = "grouped" if segments > 1 else "standard"
    rows = _row("pointwise", _layer(taps=1)), _row(last, _layer(segments=segments))
    return sum(row.number("parameters") for row in rows)


def _layer(segments: int = 1, channels: int = CHANNELS, taps: int = TAPS) -> Layer:
    size = f"{SIDE}x{SIDE}"
    return read_layer(size, channels, channels, kernel=str(taps), groups=segments)


def _row(name: str, layer: Layer) -> Row:
    """A family on a layer, as wide as the layer; CheckError if it does not fit."""
    (row,) = attempts(FAMILIES[name], layer, Choices(widths=(layer.channels_in,)))
    if not isinstance(row, Row):
        raise CheckError(f"{name} does not fit the layer of the lineage: {row}")
    return row


def _rows(families: Sequence[str], channels: int, taps: int) -> list[Row]:
    """The families of a design, each on its layer: pointwise ones on 1 × 1, grouped ones in
    segments."""
    return [
        _row(
            name,
            _layer(
                SEGMENTS if name.startswith("grouped") else 1,
                channels,
                1 if name == "pointwise" else taps,
            ),
        )
        for name in families
    ]


def _design(families: Sequence[str]) -> Design:
    rows = _rows(families, CHANNELS, TAPS)
    weights = sum(row.number("parameters") for row in rows)
    return Design(
        tuple(families),
        tuple(FAMILIES[name].title for name in families),
        wiring(_rows(families, DRAWN, DRAWN_TAPS)),
        tuple(
            str(filters(stage, row.layer.directions, row.values))
            for row in rows
            for _, stage in row.stages
        ),
        weights,
        Fraction(weights, _row("standard", _layer()).number("parameters")),
    )


def _related(pair: tuple[str, str]) -> tuple[str, str]:
    one, other = (FAMILIES[name] for name in pair)
    return sentences(relation_facts(one, other, _layer()))


def wiring(rows: Sequence[Row]) -> str:
    """Which channel reads which, stage after stage from left to right, as SVG without words: dots
    are channels, and the taps of a stage stand above its lines."""
    stages = [(row, stage) for row in rows for _, stage in row.stages]
    width = 2 * EDGE + GAP * len(stages)
    height = TOP + 2 * EDGE + STEP * (DRAWN - 1)
    size = {"viewBox": f"0 0 {width} {height}", "width": str(width), "height": str(height)}
    svg = Element("svg", {"class": "wiring", **size, "aria-hidden": "true"})
    for number, (row, stage) in enumerate(stages):
        left = EDGE + GAP * number
        lines = (
            f"M{left} {_height(one)}L{left + GAP} {_height(other)}"
            for one, other in connections(row, stage)
        )
        SubElement(svg, "path", {"class": "wire", "d": "".join(lines)})
        _taps(svg, left + GAP / 2, row, stage)
    for number in range(len(stages) + 1):
        for channel in range(DRAWN):
            place = {"cx": str(EDGE + GAP * number), "cy": str(_height(channel))}
            SubElement(svg, "circle", {**place, "r": "3"})
    return tostring(svg, encoding="unicode")


def _height(channel: int) -> int:
    return TOP + EDGE + STEP * channel


def connections(row: Row, count: StageCount) -> Iterator[tuple[int, int]]:
    """The channels that a stage reads and those that it writes from them: all pairs in which the
    letters that both have are equal.

    >>> row = _row("depthwise", _layer(channels=2))
    >>> [(_, stage)] = row.stages
    >>> list(connections(row, stage))
    [(0, 0), (1, 1)]
    """
    read, written = _places(row, count.stage.reads), _places(row, count.stage.domain)
    for (one, here), (other, there) in product(enumerate(read), enumerate(written)):
        if all(here[x] == there[x] for x in here.keys() & there.keys()):
            yield one, other


def _places(row: Row, letters: Sequence[tuple[Symbol, object]]) -> list[dict[Symbol, int]]:
    """The values of the channel letters of a tensor, in order."""
    pixels = {direction.pixel for direction in DIRECTIONS.values()}
    sizes = {x: row.size(extent) for x, extent in letters if x not in pixels}
    places = product(*map(range, sizes.values()))
    return [dict(zip(sizes, place, strict=True)) for place in places]


def _taps(svg: Element, middle: float, row: Row, count: StageCount) -> None:
    tall, wide = map(int, filters(count, row.layer.directions, row.values).sides)
    for y, x in product(range(tall), range(wide)):
        left, top = middle + (x - wide / 2) * CELL, TOP / 2 + (y - tall / 2) * CELL
        place = {"x": f"{left:g}", "y": f"{top:g}", "width": str(CELL), "height": str(CELL)}
        SubElement(svg, "rect", {"class": "tap", **place})
