"""A pipeline as a strip: sheets of channels, and between them the taps of every layer.

Small enough for a list of families; the page of a family has the picture with numbers.
"""

from collections.abc import Iterator
from itertools import product
from math import prod
from xml.etree.ElementTree import Element, SubElement, tostring

from derive.algebra.counting import StageCount
from derive.comparison import Row
from derive.site.filters import filters

SHEET, STAGE, LANE = 34, 46, 44  # widths of a tensor and of a layer, height of a branch
SIDE, CELL, MOST = 24, 7, 6  # of a sheet, of a tap; sheets drawn at most
ZOOM = 1.3  # pixels for each unit, where there is room


def strip(row: Row) -> str:
    """Every branch of a row from left to right, one below the other, as SVG without words."""
    branches = [stages for _, stages in row.count.stages]
    longest = max(map(len, branches))
    width, height = (longest + 1) * SHEET + longest * STAGE, LANE * len(branches)
    size = {"viewBox": f"0 0 {width} {height}", "width": f"{ZOOM * width:g}"}
    svg = Element("svg", {"class": "strip", **size, "aria-hidden": "true"})
    for lane, stages in enumerate(branches):
        middle = LANE * lane + LANE / 2
        left = (width - (len(stages) + 1) * SHEET - len(stages) * STAGE) / 2
        _sheets(svg, left, middle, row.layer.channels_in)
        for number, stage in enumerate(stages):
            start = left + SHEET + number * (SHEET + STAGE)
            _layer(svg, start, middle, row, stage)
            _sheets(svg, start + STAGE, middle, _written(row, stage))
    return tostring(svg, encoding="unicode")


def _written(row: Row, count: StageCount) -> int:
    """The channels that a stage writes."""
    pixels = {direction.pixel for direction in row.layer.directions}
    return prod(row.size(extent) for x, extent in count.stage.domain if x not in pixels)


def _sheets(svg: Element, left: float, middle: float, channels: int) -> None:
    """A sheet for each channel, a few at most."""
    count = min(channels, MOST)
    for sheet in reversed(range(count)):
        shift = 2 * sheet - (count - 1)
        x, y = left + (SHEET - SIDE) / 2 + shift, middle - SIDE / 2 - shift
        _rect(svg, "sheet", x, y, SIDE)


def _layer(svg: Element, left: float, middle: float, row: Row, count: StageCount) -> None:
    """An arrow and on it the taps of the stage's filters."""
    ends = {"x1": f"{left + 3:g}", "x2": f"{left + STAGE - 3:g}"}
    SubElement(svg, "line", {"class": "flow", **ends, "y1": f"{middle:g}", "y2": f"{middle:g}"})
    for x, y in _taps(row, count):
        _rect(svg, "tap", left + STAGE / 2 + x, middle + y, CELL)


def _taps(row: Row, count: StageCount) -> Iterator[tuple[float, float]]:
    """Where the taps of a filter are drawn around its middle, a third axis to the back."""
    sides = filters(count, row.layer.directions, row.values).sides
    *deep, tall, wide = map(int, sides)
    depth = deep[0] if deep else 1
    for z, y, x in product(reversed(range(depth)), range(tall), range(wide)):
        back = 4 * (z - (depth - 1) / 2)
        yield (x - wide / 2) * CELL + back, (y - tall / 2) * CELL - back


def _rect(svg: Element, kind: str, x: float, y: float, side: int) -> None:
    place = {"x": f"{x:g}", "y": f"{y:g}", "width": str(side), "height": str(side)}
    SubElement(svg, "rect", {"class": kind, **place, "rx": "2" if kind == "sheet" else "0"})
