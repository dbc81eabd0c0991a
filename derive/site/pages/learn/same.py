"""The lesson on the map: every region of the families, with the smallest kernel that lies in it.

All kernels of zeros and ones with two inputs, two outputs and 2 × 2 taps are sorted by the forms
they have. Each region's witness is decided once more, by the code that decides any kernel, and the
separate checker reads the factors and minors that prove it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from math import dist, sqrt
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import numpy
from numpy.typing import NDArray
from sympy import Integer, Symbol

from derive.algebra.exactness import Exactness
from derive.algebra.kernel import Kernel
from derive.catalogue import FAMILIES
from derive.decide.minor import Minor
from derive.decide.verdict import decide, Verdict
from derive.facts.certificate import checked
from derive.notation.errors import CheckError
from derive.notation.letters import C_in, C_out, i, k_h, k_w, M, m, o, u, v
from derive.oracle import Axis, convolve, Factor, Index, pipeline, Tensor
from derive.site.grids import grid
from derive.site.inclusions import inclusion_diagram, Inclusions
from derive.site.lineage import lineage
from derive.site.order import pair_facts, PairFacts
from derive.site.pages.learn.course import facts_html
from derive.site.worked import line, table, Worked
from derive.theorems.intersections import containing

WIDTH = 2
SIZES: dict[Symbol, int] = {C_in: 2, C_out: 2, k_h: 2, k_w: 2, M: 1, m: WIDTH}
ENTRIES = 16
FORMS = {  # the letter of a form on the map, its family
    "D": "depthwise-separable",
    "A": "asymmetric",
    "B": "blueprint-separable",
    "S": "depthwise-asymmetric-separable",
    "F": "flattened",
}
SHORT = {
    "D": "depthwise separable",
    "A": "asymmetric",
    "B": "blueprint separable",
    "S": "depthwise asymmetric separable",
    "F": "flattened",
}
OTHER_ORDER = "asymmetric-horizontal-first"


@dataclass(frozen=True)
class Disc:
    """A disc on the map."""

    x: float
    y: float
    radius: float

    def has(self, point: tuple[float, float]) -> bool:
        """Whether a point lies in it."""
        return dist((self.x, self.y), point) < self.radius


COLUMNS, ROWS, MIX = ((1, 2), (1, 1)), ((1, -1), (2, 1)), (1, 3)  # of the example, by input
WINDOW = (((1, 2), (3, 5)), ((2, 0), (1, 4)))  # X[i][y][x]
SQUARE = ((1, 2), (3, 5))
BOX = (-4, -22, 512, 476)  # of the drawing: left, top, width and height
DISCS = {"D": Disc(180, 145, 135), "B": Disc(180, 285, 135), "A": Disc(335, 215, 140)}
CORE = Disc(180 + sqrt(135**2 - 70**2), 215, 66)  # around a point where the rims of D and B cross
PLACES = {
    "": (452, 10),
    "D": (112, 88),
    "A": (420, 215),
    "B": (112, 342),
    "DB": (118, 215),
    "DA": (262, 118),
    "AB": (262, 312),
    "DAS": (288, 180),
    "ABF": (288, 250),
    "DAB": (213, 215),
    "DABSF": (258, 215),
}


def region_of(point: tuple[float, float]) -> str:
    """The forms of the kernels that lie at a point of the map.

    >>> region_of((420, 215))
    'A'
    """
    found = [form for form in "DAB" if DISCS[form].has(point)]
    inner = "A" in found and CORE.has(point)
    return "".join(found + ["S"] * (inner and "D" in found) + ["F"] * (inner and "B" in found))


def context(pairs: Iterable[PairFacts] | None = None) -> dict[str, object]:
    """The map, the facts of the figure, and the table of the witnesses; ``pairs`` of families, if
    they are known.

    Raises CheckError if the regions that were counted are not those of the map.
    """
    numbers = census()
    shown = {region: witness(region) for region in PLACES}
    if set(numbers) != set(PLACES):
        raise CheckError(f"regions {sorted(numbers)} are not those of the map")
    facts = {
        "regions": {
            region: {"entries": one["entries"], "number": numbers[region], "why": one["why"]}
            for region, one in shown.items()
        },
        "places": PLACES,
        "forms": {form: {"name": SHORT[form], "family": name} for form, name in FORMS.items()},
        "width": WIDTH,
    }
    return {
        "facts": facts_html(facts),
        "map": drawn(),
        "witnesses": list(shown.values()),
        "numbers": numbers,
        "total": 2**ENTRIES,
        "regions": len(PLACES),
        "width": WIDTH,
        "full": next(width for width in range(1, ENTRIES) if _exactness("A", width).every_kernel),
        "enough": enough(),
        "diagram": inclusion_diagram(_inclusions(pairs), "../../", "../../relations/"),
        "conditions": {FORMS[form]: _exactness(form).brief for form in FORMS},
        "lineage": lineage(),
        "by_hand": by_hand(),
        "apart": apart(),
    }


def by_hand() -> Worked:
    """One pixel of a kernel that has both forms: in one convolution, depthwise separable, and
    column first; CheckError if loops make other numbers.
    """
    pairs, span = list(product(range(2), repeat=2)), range(2)
    filters: dict[Index, int] = {
        (i, u, v): COLUMNS[i][u] * ROWS[i][v] for i, (u, v) in product(span, pairs)
    }
    entries: dict[Index, int] = {
        (0, i, u, v): MIX[i] * weight for (i, u, v), weight in filters.items()
    }
    image: Tensor = {(i, y, x): WINDOW[i][y][x] for i, (y, x) in product(span, pairs)}
    sizes = {"i": 2, "o": 1, "j": 2, "u": 2, "v": 2}
    axes = {tap: Axis(2, 2) for tap in "uv"}
    (value,) = map(int, convolve(entries, image, "i", "o", "uv", sizes, axes).output.values())
    mix: Factor = ("oi", {(0, i): MIX[i] for i in span})
    down: Factor = (
        "jiu",
        {(j, i, u): COLUMNS[i][u] * (i == j) for j, (i, u) in product(span, pairs)},
    )
    weights: dict[Index, int] = {(0, j, v): MIX[j] * ROWS[j][v] for j, v in pairs}
    along: Factor = ("ojv", weights)
    depthwise: Factor = ("iuv", filters)
    for factors in ([depthwise, mix], [down, along]):
        if [*pipeline(factors, image, "i", "o", sizes, axes).output.values()] != [value]:
            raise CheckError(f"a form of the kernel by hand makes another number than {value}")
    alone = pipeline([depthwise], image, "i", "i", sizes, axes).output
    narrow = axes | {"v": Axis(2, 1)}
    columns = pipeline([down], image, "i", "j", sizes, narrow).output
    lines = [
        line(
            "One convolution",
            [(entries[0, i, u, v], WINDOW[i][u][v]) for i, (u, v) in product(span, pairs)],
            value,
        )
    ]
    lines += [
        line(
            f"Depthwise, channel {i}",
            [(filters[i, u, v], WINDOW[i][u][v]) for u, v in pairs],
            int(alone[i, 0, 0]),
        )
        for i in span
    ]
    lines.append(line("Then the mix", [(MIX[i], int(alone[i, 0, 0])) for i in span], value))
    lines += [
        line(
            f"Column filter, middle channel {j}, column {x} of the window",
            [(COLUMNS[j][u], WINDOW[j][u][x]) for u in span],
            int(columns[j, 0, x]),
        )
        for j, x in pairs
    ]
    lines.append(
        line(
            "Then the row filter",
            [(weights[0, j, v], int(columns[j, 0, v])) for j, v in pairs],
            value,
        )
    )
    tables = [table(f"X, i = {i}", WINDOW[i]) for i in span]
    tables += [
        table(f"K, i = {i}", [[entries[0, i, u, v] for v in span] for u in span]) for i in span
    ]
    return Worked(tuple(tables), tuple(lines))


def apart() -> int:
    """Middle channels, column filter first, of a depthwise separable kernel with the same mix whose
    two filters are no column times a row.

    >>> apart()
    4
    """
    kernel = Kernel.by(lambda o, i, u, v: (MIX[i] + o) * SQUARE[u][(v + i) % 2], o=2, i=2, u=2, v=2)
    return kernel.rank((o, v), (i, u))


def _inclusions(pairs: Iterable[PairFacts] | None) -> Inclusions:
    """How the families of the map represent each other, at all sizes or from a width on."""
    both = list(combinations(("standard", *FORMS.values()), 2))
    if pairs is None:
        pairs = (pair for names in both for pair in pair_facts(*(FAMILIES[name] for name in names)))
    known = {(one.contained, one.containing): one for one in pairs}
    return Inclusions([known[way] for names in both for way in (names, names[::-1])])


def enough() -> int:
    """The width from which on the pair represents every depthwise separable kernel (T18)."""
    return int(containing.expr.xreplace(SIZES))


def _exactness(form: str, width: int = WIDTH) -> Exactness:
    """The condition of a form at the sizes of the map."""
    sizes = {**SIZES, m: width} if form == "A" else {M: 1}
    values = tuple((symbol, Integer(size)) for symbol, size in sizes.items())
    return Exactness(FAMILIES[FORMS[form]].family, values)


def witness(region: str) -> dict[str, object]:
    """The smallest kernel of a region: what forms it has, and for each why or why not.

    Raises CheckError if the verdicts are not those of the region.
    """
    entries = smallest()[region]
    kernel = Kernel((o, i, u, v), (2, 2, 2, 2), entries)
    verdicts = {form: decide(FAMILIES[name].family, kernel, SIZES) for form, name in FORMS.items()}
    other = decide(FAMILIES[OTHER_ORDER].family, kernel, SIZES)
    for verdict in (*verdicts.values(), other):
        checked(verdict)  # the separate checker agrees
    held = "".join(form for form, verdict in verdicts.items() if verdict.word == "exact")
    if held != region or (other.word == "exact") != ("A" in region):
        raise CheckError(f"the witness of region {region!r} has the forms {held!r}")
    return {
        "region": region,
        "name": words(region),
        "entries": list(entries),
        "picture": grid("K", _nested(entries)),
        "vertical": kernel.rank((o, v), (i, u)),
        "horizontal": kernel.rank((o, u), (i, v)),
        "why": {form: reason(verdict) for form, verdict in verdicts.items()},
    }


def words(region: str) -> str:
    """A region by the forms that its kernels have, those that follow left out.

    >>> words("DAS"), words("")
    ('depthwise asymmetric separable', 'none of them')
    """
    implied = {"S": "DA", "F": "AB"}
    left_out = {one for form in region for one in implied.get(form, "")}
    *most, last = [SHORT[form] for form in region if form not in left_out] or ["none of them"]
    return f"{', '.join(most)} and {last}" if most else last


def reason(verdict: Verdict) -> str:
    """What proves a verdict, in one line."""
    if verdict.minor is None:
        return "factors multiply back"
    return f"minor {_minor(verdict.minor)}"


def _minor(minor: Minor) -> str:
    """Which rows and columns, and their determinant."""
    kept = ", ".join(f"{x} = {value}" for x, value in minor.kept.items())
    rows, columns = (
        f"({', '.join(map(str, letters))}) = {', '.join(_index(at) for at in indices)}"
        for letters, indices in (
            (minor.row_letters, minor.rows),
            (minor.column_letters, minor.columns),
        )
    )
    value = str(minor.value).replace("-", "−")
    return f"{'at ' + kept + ', ' if kept else ''}rows {rows}, columns {columns}: {value}, not 0"


def _index(at: tuple[int, ...]) -> str:
    return "".join(map(str, at)) if len(at) == 1 else f"({', '.join(map(str, at))})"


@cache
def all_kernels() -> NDArray[numpy.int8]:
    """Every K[o, i, u, v] of zeros and ones, along the first axis."""
    numbers = numpy.arange(2**ENTRIES)[:, None]
    bits = (numbers >> numpy.arange(ENTRIES - 1, -1, -1)) & 1
    return bits.astype(numpy.int8).reshape(-1, 2, 2, 2, 2)


@cache
def signatures() -> list[str]:
    """The region of every kernel, by the ranks of its matrices (T3, T4 and T6)."""
    kernels = all_kernels()
    of = {
        "D": _each(kernels, axis=2, rows=(1,)),
        "A": rank_at_most(_matrix(kernels, (1, 4)), WIDTH),
        "B": _each(kernels, axis=1, rows=(1,)),
        "S": _each(kernels, axis=2, rows=(1, 2, 3)),
        "F": _each(kernels, axis=1, rows=(1, 2, 3)),
    }
    columns = [numpy.where(has, form, "") for form, has in of.items()]
    return ["".join(row) for row in zip(*columns, strict=True)]


def census() -> Mapping[str, int]:
    """How many kernels each region holds."""
    return Counter(signatures())


@cache
def smallest() -> Mapping[str, tuple[int, ...]]:
    """Of each region the kernel with the fewest ones for which both orders agree, the last of them
    in the order of their entries; not the kernel 0.
    """
    agree = rank_at_most(_matrix(all_kernels(), (1, 3)), WIDTH)
    entries = all_kernels().reshape(-1, ENTRIES)
    ones = entries.sum(axis=1).tolist()
    best: dict[str, int] = {}
    for number, region in enumerate(signatures()):
        if agree[number] != ("A" in region) or not ones[number]:
            continue
        if region not in best or ones[number] <= ones[best[region]]:
            best[region] = number
    return {region: tuple(entries[number].tolist()) for region, number in best.items()}


def _matrix(kernels: NDArray[numpy.int8], rows: tuple[int, ...]) -> NDArray[numpy.int8]:
    """The matrices with the given axes for rows and the others for columns."""
    others = [axis for axis in range(1, kernels.ndim) if axis not in rows]
    height = 2 ** len(rows)
    return kernels.transpose(0, *rows, *others).reshape(len(kernels), height, -1)


def _each(kernels: NDArray[numpy.int8], axis: int, rows: tuple[int, ...]) -> NDArray[numpy.bool_]:
    """Whether all slices along an axis are of rank at most 1 with each of the axes for rows."""
    slices = list(numpy.moveaxis(kernels, axis, 0))
    found = [rank_at_most(_matrix(one, (row,)), 1) for one in slices for row in rows]
    return _all(found)


def rank_at_most(matrices: NDArray[numpy.int8], most: int) -> NDArray[numpy.bool_]:
    """Whether all minors one larger vanish, by expanding them.

    >>> rank_at_most(numpy.array([[[1, 0], [0, 1]], [[1, 1], [1, 1]]]), 1).tolist()
    [False, True]
    """
    size = most + 1
    _, height, width = matrices.shape
    minors = [
        _determinant(matrices[:, rows, :][:, :, columns])
        for rows in combinations(range(height), size)
        for columns in combinations(range(width), size)
    ]
    return _all([one == 0 for one in minors])


def _all(found: list[NDArray[numpy.bool_]]) -> NDArray[numpy.bool_]:
    """Where all of the conditions hold."""
    every = numpy.ones(len(found[0]), dtype=numpy.bool_)
    for one in found:
        every &= one
    return every


def _determinant(square: NDArray[numpy.int8]) -> NDArray[numpy.int8]:
    """Determinants along the first axis, by the first row: exact for entries of 0 and 1, whose
    determinants of three rows are 2 at most."""
    size = square.shape[1]
    if size == 1:
        return square[:, 0, 0]
    total = numpy.zeros(len(square), dtype=square.dtype)
    for x in range(size):
        rest = numpy.delete(square[:, 1:, :], x, axis=2)
        total = total + (-1) ** x * square[:, 0, x] * _determinant(rest)
    return total


def _nested(entries: tuple[int, ...]) -> list[Any]:
    """The entries as K[o][i][u][v]."""
    nested: list[Any] = list(entries)
    for _ in range(3):
        nested = [nested[at : at + 2] for at in range(0, len(nested), 2)]
    return nested


def drawn() -> str:
    """The map as SVG: three discs, the inner forms around where two rims cross, and the dots."""
    box = " ".join(map(str, BOX))
    svg = Element("svg", {"class": "families-map", "viewBox": box, "role": "group"})
    svg.set("aria-label", "Map of the families, one dot for each region")
    defs = SubElement(svg, "defs")
    for form in "DBA":
        clip = SubElement(defs, "clipPath", {"id": f"map-{form}"})
        _circle(clip, DISCS[form])
    for form in "DBA":
        _circle(svg, DISCS[form], f"disc disc-{form}")
    for form, within in (("S", "D"), ("F", "B")):
        clipped = SubElement(svg, "g", {"clip-path": f"url(#map-{within})"})
        _circle(clipped, CORE, f"inner inner-{form}")
    for region, end in (("DAS", (323, 166)), ("ABF", (323, 264))):
        x, y = PLACES[region]
        line = {"x1": str(x), "y1": str(y), "x2": str(end[0]), "y2": str(end[1])}
        SubElement(svg, "line", {"class": "leader", **line})
    for words_, x, y, kind in labels():
        text = SubElement(svg, "text", {"x": str(x), "y": str(y), "class": kind})
        text.text = words_
    SubElement(svg, "circle", {"class": "you", "cx": "0", "cy": "0", "r": "14"})
    for region, (x, y) in PLACES.items():
        dot = SubElement(svg, "g", {"class": "dot", "data-region": region})
        SubElement(dot, "circle", {"class": "hit", "cx": str(x), "cy": str(y), "r": "15"})
        SubElement(dot, "circle", {"class": "point", "cx": str(x), "cy": str(y), "r": "6"})
        SubElement(dot, "title").text = words(region)
    return tostring(svg, encoding="unicode", method="html")


def labels() -> Iterator[tuple[str, int, int, str]]:
    """Names on the map: of a disc at its rim, of an inner form at the end of a line to it."""
    yield "Depthwise separable", 180, 2, "name middle"
    yield "Blueprint separable", 180, 440, "name middle"
    yield f"Asymmetric, m = {WIDTH}", 504, 80, "name end"
    yield "DAS", 326, 168, "inner-name"
    yield "flattened", 326, 270, "inner-name"
    yield "none of them", 452, 36, "inner-name middle"


def _circle(parent: Element, disc: Disc, kind: str = "") -> None:
    where = {"cx": f"{disc.x:g}", "cy": f"{disc.y:g}", "r": f"{disc.radius:g}"}
    SubElement(parent, "circle", {**({"class": kind} if kind else {}), **where})
