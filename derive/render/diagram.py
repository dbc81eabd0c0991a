"""A pipeline as a picture: tensors with their shapes, and between them the kernels at work.

Drawn from the stages of a family on a layer, top to bottom so that it fits a phone. Colours come
from the page's style sheet: every letter has one.
"""

from collections.abc import Iterable
from itertools import product
from xml.etree.ElementTree import Element, SubElement, tostring

from sympy import Expr, Symbol

from derive.algebra.counting import StageCount
from derive.comparison import Row
from derive.notation.letters import DIRECTIONS, MEANING

WIDTH, TENSOR, LAYER = 360, 66, 92
AXIS = 62  # where the arrow runs
WORDS = 132  # where the text starts
CELL = 9


def pipelines(row: Row) -> list[str]:
    """One picture per branch of a row, as SVG text."""
    return [
        _picture(row, number, times, stages)
        for number, (times, stages) in enumerate(row.count.stages, start=1)
    ]


def _picture(row: Row, number: int, times: Expr, stages: tuple[StageCount, ...]) -> str:
    height = TENSOR + len(stages) * (TENSOR + LAYER)
    repeated = int(times.xreplace(row.values))
    name = f"pipeline-{row.entry.name}-{number}"
    svg = Element(
        "svg",
        {
            "class": "pipeline",
            "viewBox": f"0 0 {WIDTH} {height}",
            "role": "img",
            "aria-labelledby": f"{name}-title",
        },
    )
    title = SubElement(svg, "title", {"id": f"{name}-title"})
    title.text = _description(row, stages, repeated)
    first = stages[0].stage
    _tensor(svg, 0, row, first.source.base, first.reads, "image")
    for step, count in enumerate(stages):
        top = TENSOR + step * (TENSOR + LAYER)
        _layer(svg, top, row, count)
        last = step + 1 == len(stages)
        role = "result" if last and len(row.count.stages) == 1 and repeated == 1 else "summand"
        _tensor(
            svg,
            top + LAYER,
            row,
            count.stage.target.base,
            count.stage.domain,
            role if last else "between",
        )
    return tostring(svg, encoding="unicode")


def _description(row: Row, stages: tuple[StageCount, ...], times: int) -> str:
    """What the picture shows, for those who do not see it."""
    shapes = [_shape(row, stages[0].stage.reads)]
    shapes += [f"{_kernel_words(row, s)} to {_shape(row, s.stage.domain)}" for s in stages]
    again = f", {times} times in parallel" if times > 1 else ""
    return f"{row.entry.title}{again}: {', '.join(shapes)}"


def _tensor(
    svg: Element,
    top: int,
    row: Row,
    base: object,
    domain: Iterable[tuple[Symbol, Expr]],
    role: str,
) -> None:
    domain = tuple(domain)
    sheets = min(_channels(row, domain), 8)
    for sheet in reversed(range(sheets)):
        shift = 4 * sheet - 2 * (sheets - 1)
        SubElement(
            svg,
            "rect",
            {
                "class": "sheet",
                "x": str(AXIS - 21 + shift),
                "y": str(top + 12 - shift // 2),
                "width": "42",
                "height": "42",
                "rx": "3",
            },
        )
    label = _text(svg, WORDS, top + 30, "shape")
    label.text = _shape(row, domain)
    caption = _text(svg, WORDS, top + 48, "caption")
    _spans(caption, f"{_name(base)}[{', '.join(str(x) for x, _ in domain)}]")
    SubElement(caption, "tspan").text = f"  {role}"


def _layer(svg: Element, top: int, row: Row, count: StageCount) -> None:
    stage = count.stage
    marker = {"class": "flow", "x1": str(AXIS), "x2": str(AXIS)}
    SubElement(svg, "line", {**marker, "y1": str(top + 2), "y2": str(top + LAYER - 2)})
    head = (
        f"M {AXIS - 5} {top + LAYER - 9} L {AXIS} {top + LAYER - 1} L {AXIS + 5} {top + LAYER - 9}"
    )
    SubElement(svg, "path", {"class": "flow head", "d": head})
    _kernel(svg, top, row, count)
    name = _text(svg, WORDS, top + 26, "factor")
    _spans(name, f"{stage.factor.base}[{', '.join(map(str, stage.factor.indices))}]")
    _text(svg, WORDS, top + 44, "caption").text = _kernel_words(row, count)
    summed = ", ".join(str(x) for x, _, _ in stage.limits)
    terms = int((count.products / count.outputs).xreplace(row.values))
    sums = _text(svg, WORDS, top + 61, "caption")
    if summed:
        sums.text = "sums "
        _spans(sums, summed)
        SubElement(sums, "tspan").text = f": {terms:,} product{'s' if terms > 1 else ''} each"
    weights, macs = (int(x.xreplace(row.values)) for x in (count.weights, count.products))
    _text(svg, WORDS, top + 78, "caption").text = f"{weights:,} weights · {macs:,} MACs"


def _kernel(svg: Element, top: int, row: Row, count: StageCount) -> None:
    """The taps of a factor as a small grid on the arrow, depth behind it."""
    *depth, rows, columns = (min(side, 7) for side in [1, *_sides(row, count)])
    left, upper = AXIS - columns * CELL / 2, top + LAYER / 2 - rows * CELL / 2 - 4
    layers = depth[-1] if depth else 1
    for z, y, x in product(reversed(range(layers)), range(rows), range(columns)):
        SubElement(
            svg,
            "rect",
            {
                "class": "tap",
                "x": f"{left + x * CELL + 5 * z:g}",
                "y": f"{upper + y * CELL - 5 * z:g}",
                "width": str(CELL),
                "height": str(CELL),
            },
        )


def _sides(row: Row, count: StageCount) -> list[int]:
    """Taps of a factor along every axis of the layer, 1 where it has none."""
    indices = count.stage.factor.indices
    return [row.values[d.kernel] if d.tap in indices else 1 for d in row.layer.directions]


def _kernel_words(row: Row, count: StageCount) -> str:
    kernel = " × ".join(map(str, _sides(row, count)))
    stage = count.stage
    kept = [x for x, _ in stage.domain if x in {y for y, _ in stage.reads} - _pixels()]
    alone = [x for x in kept if x in stage.factor.indices]
    each = f", per {' and '.join(map(str, alone))}" if alone else ""
    return f"{kernel} kernel{each}"


def _shape(row: Row, domain: Iterable[tuple[Symbol, Expr]]) -> str:
    domain = tuple(domain)
    pixels = [int(extent.xreplace(row.values)) for x, extent in domain if x in _pixels()]
    return f"{' × '.join(map(str, pixels))} × {_channels(row, domain)}"


def _channels(row: Row, domain: Iterable[tuple[Symbol, Expr]]) -> int:
    total = 1
    for x, extent in domain:
        if x not in _pixels():
            total *= int(extent.xreplace(row.values))
    return total


def _pixels() -> set[Symbol]:
    return {direction.pixel for direction in DIRECTIONS.values()}


def _name(base: object) -> str:
    letter, _, number = str(base).partition("_")
    return letter + number.translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def _text(svg: Element, x: int, y: int, kind: str) -> Element:
    return SubElement(svg, "text", {"class": kind, "x": str(x), "y": str(y)})


def _spans(parent: Element, text: str) -> None:
    """The text with every index letter in its colour."""
    letters = {x.name for x in MEANING}
    for character in text:
        kind = f"letter-{character}" if character in letters else ""
        span = SubElement(parent, "tspan", {"class": kind} if kind else {})
        span.text = character
