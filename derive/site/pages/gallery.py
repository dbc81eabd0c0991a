"""The gallery of kernels: every filter drawn, with its rank and what proves it.

With one channel the asymmetric pair of width m represents the kernels of rank at most m (T16). So
the rank is the least width that is exact: factors prove it enough, a minor that less is not.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from math import lcm
from typing import TypedDict

from sympy import Expr, pi, Symbol

from derive.algebra.kernel import Kernel
from derive.algebra.matrix import rank
from derive.catalogue import FAMILIES
from derive.comparison import Choices
from derive.decide.minor import Minor
from derive.decide.spectrum import enclosed
from derive.decide.verdict import decide, Verdict
from derive.facts.certificate import checked
from derive.facts.curve import curve, TARGETS
from derive.facts.image import Json
from derive.facts.question import Question
from derive.kernels import gallery, NamedKernel, TAGS
from derive.kernels.sampled import theta
from derive.notation.errors import CheckError
from derive.notation.letters import C_in, C_out, k_h, k_w, m
from derive.parse.layer import read_layer_of
from derive.render.curve import curve_words
from derive.render.latex import latex
from derive.site.first_state import mark
from derive.site.heat import Edges, figures, heat, Rows
from derive.site.pages.theorem import anchor

FAMILY = "asymmetric"
CURVED = 4  # rank from which on the widths of a kernel have a picture
LINE = FAMILIES[FAMILY].family
COUNTED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class ShownMinor(TypedDict):
    """The minor that rules out a smaller rank: its value, and where it stands."""

    size: int
    value: str
    rows: list[int]
    columns: list[int]


class ShownFormula(TypedDict):
    """The formula of a sampled kernel, what its symbols are, and the rank before rounding."""

    formula: str
    where: list[str]
    total: int | None
    ideal_rank: int | None


class Specimen(TypedDict):
    """A kernel: its picture, its rank with the proof, and what a pair of that width costs."""

    name: str
    title: str
    use: str
    source: str
    sides: str
    scale: str
    rank: int
    width: int
    full: int
    picture: str
    minor: ShownMinor | None
    terms: list[str]
    values: list[str]
    weights: int
    entries: int
    sampled: ShownFormula | None
    command: list[str]


def context() -> dict[str, object]:
    """What the template shows: the kernels by what they are for, and a list of them by rank."""
    shown = {name: specimen(kernel) for name, kernel in gallery().items()}
    by_rank: dict[int, list[Specimen]] = defaultdict(list)
    for one in shown.values():
        by_rank[one["width"]].append(one)
    first = {tag: [shown[k.name] for k in gallery().values() if k.tags[0] == tag] for tag in TAGS}
    return {
        "sections": [
            (anchor(TAGS[tag]), TAGS[tag], members) for tag, members in first.items() if members
        ],
        "ranks": sorted(by_rank.items()),
        "number": len(shown),
        "curves": mark("curves"),
        "counted": COUNTED,
    }


def curves() -> str:
    """Error and cost at every width of the kernels of rank 4 or more, as JSON for the picture.

    >>> [one["name"] for one in json.loads(curves())]
    ['log-9', 'gabor-elongated', 'gaussian-rotated']
    """
    found = (kernel for kernel in gallery().values() if _width(kernel) >= CURVED)
    return json.dumps([_curve(kernel) for kernel in found])


def _curve(kernel: NamedKernel) -> dict[str, Json]:
    """One curve: multiplications at each pixel are as many as parameters, with one channel."""
    asked = Kernel.of([[[list(row) for row in kernel.entries]]])
    layer = read_layer_of(asked.extents)
    found = curve(Question(kernel.name, asked, FAMILIES[FAMILY], layer, Choices()))
    if found is None:
        raise CheckError(f"{FAMILY} has no curve of errors")
    points: list[Json] = [
        {
            "width": point.setting[m],
            "error": point.relative_error,
            "cost": point.parameters,
            "words": [],
        }
        for point in found.facts.curve[: rank(kernel.entries)]
    ]
    return {
        "name": kernel.name,
        "title": kernel.title,
        "points": points,
        "full": len(kernel.entries) * len(kernel.entries[0]),
        "targets": [float(error) for error in TARGETS],
        "said": curve_words(found.facts),
    }


def _width(kernel: NamedKernel) -> int:
    """The rank of a kernel, or of the formula that it samples."""
    return kernel.sampled.ideal_rank or 0 if kernel.sampled else rank(kernel.entries)


def specimen(kernel: NamedKernel) -> Specimen:
    """One kernel: its picture, its rank with the proof, and what a pair of that width costs."""
    rows = kernel.table or kernel.entries
    size = rank(rows)
    exact, short = verdicts(rows, size)
    width = kernel.sampled.ideal_rank if kernel.sampled else size
    weights = int(_weights(rows, width))
    return {
        "name": kernel.name,
        "title": kernel.title,
        "use": kernel.use,
        "source": kernel.source,
        "sides": f"{len(rows)} × {len(rows[0])}",
        "scale": _scale(kernel.divisor),
        "rank": size,
        "width": width,
        "full": min(len(rows), len(rows[0])),
        "picture": _picture(kernel, rows, exact, short),
        "minor": _minor(short.minor, kernel) if short and short.minor else None,
        "terms": [] if kernel.sampled or size < 2 else list(_terms(exact)),
        "values": singular_values(kernel.entries),
        "weights": weights,
        "entries": len(rows) * len(rows[0]),
        "sampled": _sampled(kernel),
        "command": _command(kernel.name, width),
    }


def verdicts(rows: Rows, size: int) -> tuple[Verdict, Verdict | None]:
    """Verdicts: a pair as wide as the rank represents the matrix, and no narrower one does.

    Raises CheckError if the verdicts say anything else, or the separate checker refuses one.

    >>> exact, short = verdicts([[1, 0], [0, 1]], 2)
    >>> exact.word.value, short.word.value, verdicts([[1, 2], [2, 4]], 1)[1]
    ('exact', 'not exact', None)
    """
    kernel = Kernel.of([[[list(row) for row in rows]]])
    exact = decide(LINE, kernel, {m: size})
    short = decide(LINE, kernel, {m: size - 1}) if size > 1 else None
    for verdict, word in ((exact, "exact"), (short, "not exact")):
        if verdict and (verdict.word != word or not checked(verdict)):
            raise CheckError(f"width {size} of {kernel} is {verdict.word}, not {word}")
    return exact, short


def singular_values(rows: Rows) -> list[str]:
    """The singular values to three figures, enclosed in interval arithmetic."""
    below = lcm(*(Fraction(entry).denominator for row in rows for entry in row))
    whole = [[int(entry * below) for entry in row] for row in rows]
    return [figures(value) for value in enclosed(whole, below).values]


def outer(column: list[Fraction], row: list[Fraction]) -> list[list[Fraction]]:
    """A column times a row."""
    return [[a * b for b in row] for a in column]


def pairs(verdict: Verdict) -> list[tuple[list[Fraction], list[Fraction]]]:
    """The column and the row of every middle channel."""
    columns, rows = verdict.factors or ()
    return [
        (list(column[0]), list(row))
        for column, row in zip(columns.nested, rows.nested[0], strict=True)
    ]


def _picture(kernel: NamedKernel, rows: Rows, exact: Verdict, short: Verdict | None) -> str:
    """The kernel; with its factors along the edges if it has rank one, else with the minor."""
    if short is None:
        ((column, row),) = pairs(exact)
        plain = not kernel.sampled
        return heat(kernel.title, rows, edges=Edges(column, row) if plain else None)
    assert short.minor
    return heat(kernel.title, rows, marked=_where(short.minor))


def _where(minor: Minor) -> tuple[list[int], list[int]]:
    """Rows and columns of the picture: the matrix has v down and u across."""
    return sorted(u for (u,) in minor.columns), sorted(v for (v,) in minor.rows)


def _minor(minor: Minor, kernel: NamedKernel) -> ShownMinor:
    """A minor in words; that of the table, not of the weights."""
    assert minor.value is not None
    value = figures(float(minor.value)) if kernel.sampled else str(minor.value).replace("-", "−")
    rows, columns = _where(minor)
    return {"size": minor.size, "value": value, "rows": rows, "columns": columns}


def _terms(exact: Verdict) -> Iterator[str]:
    """Each column times its row as a picture."""
    for number, (column, row) in enumerate(pairs(exact), start=1):
        yield heat(f"{number}", outer(column, row), edges=Edges(column, row))


def _weights(rows: Rows, size: int) -> Expr:
    """How many weights the pair has, which are its multiplications at each pixel."""
    sizes: dict[Symbol, int] = {C_in: 1, C_out: 1, k_h: len(rows), k_w: len(rows[0]), m: size}
    return FAMILIES[FAMILY].parameters.xreplace(sizes)


def _command(name: str, width: int) -> list[str]:
    """The command that says the same, in parts that stay on a line."""
    middle = [f"--middle {width}"] if width > 1 else []
    return [f"derive factor {name}", f"--as {FAMILY}", *middle]


def _scale(divisor: int) -> str:
    if divisor == 1:
        return ""
    return f"1/{divisor}" if divisor > 0 else f"−1/{-divisor}"


def _sampled(kernel: NamedKernel) -> ShownFormula | None:
    """The formula, what its symbols are, and the rank before rounding."""
    if kernel.sampled is None:
        return None
    given, turned = dict(kernel.sampled.values), kernel.sampled.turned
    return {
        "formula": latex(kernel.sampled.formula),
        "where": [
            *(f"{latex(axis)} = {latex(value)}" for axis, value in turned.items()),
            *(
                f"{latex(symbol)} = {_degrees(value) if symbol == theta else latex(value)}"
                for symbol, value in given.items()
            ),
        ],
        "total": kernel.sampled.total,
        "ideal_rank": kernel.sampled.ideal_rank,
    }


def _degrees(angle: Expr) -> str:
    return rf"{latex(angle * 180 / pi)}^\circ"
