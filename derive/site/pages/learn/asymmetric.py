"""The lesson on column and row: kernels as sums of outer products, the matrix whose rank decides,
and what a width costs.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import sqrt
from typing import Required, TypedDict

from derive.algebra.exactness import Exactness
from derive.algebra.kernel import Kernel
from derive.algebra.matrix import rank
from derive.catalogue import FAMILIES
from derive.comparison import break_even, Row
from derive.decide.cuts import Cuts
from derive.decide.form import form
from derive.decide.minor import Minor
from derive.decide.nearest import Approximation, nearest
from derive.decide.verdict import decide
from derive.facts.certificate import checked
from derive.kernels import gallery
from derive.notation.errors import CheckError
from derive.notation.letters import C_in, C_out, i, k_h, k_w, m, o, u, v
from derive.parse.layer import read_layer
from derive.site import at_work
from derive.site.by_hand import by_hand
from derive.site.heat import Edges, figures, heat, Rows
from derive.site.pages.gallery import outer, pairs, verdicts
from derive.site.pages.learn.course import facts_html
from derive.site.pages.learn.exercise import agreed, Exercise

FAMILY = "asymmetric"
LINE = FAMILIES[FAMILY].family
ONE_CHANNEL = ("sobel", "binomial-3", "laplacian-4", "laplacian-8", "sharpen", "emboss")
WIDTHS = range(1, 4)
LAYERS = (  # C_in, C_out, kernel, and the widths to look at
    (3, 8, 3, range(1, 10)),
    (64, 64, 3, range(8, 105, 8)),
    (64, 64, 7, range(16, 257, 16)),
)


class Term(TypedDict):
    """A column, a row, and their product."""

    column: list[int]
    row: list[int]
    rows: list[list[int]]


class ShownMinor(TypedDict):
    """Where a minor stands, and its value."""

    at: tuple[list[int], list[int]]
    value: str


class Width(TypedDict, total=False):
    """Whether a width is enough; if not, why, and what is left of the filter in per cent."""

    exact: Required[bool]
    minor: ShownMinor
    left: str
    error: str


class Specimen(TypedDict):
    """A filter: its columns and rows, and what each width can do."""

    title: str
    rows: list[list[int]]
    rank: int
    terms: list[Term]
    widths: dict[str, Width]


class WidthCost(TypedDict):
    """What an asymmetric pair of some width costs, and for which kernels it is exact."""

    m: int
    weights: int
    products: int
    exact: str


class Costs(TypedDict):
    """The pair on a layer at every width, and the standard convolution there."""

    layer: str
    standard: int
    break_even: int
    widths: list[WidthCost]


def context() -> dict[str, object]:
    """The facts of the three figures and their still pictures."""
    shown = {name: specimen(name) for name in ONE_CHANNEL}
    sobel, laplacian = shown["sobel"], shown["laplacian-4"]
    return {
        "terms": facts_html(shown),
        "matrix": facts_html(several()),
        "costs": facts_html([costs(*layer) for layer in LAYERS]),
        "sobel": heat("Sobel", sobel["rows"], edges=_edges(sobel["terms"][0])),
        "laplacian": heat(
            "Laplacian", laplacian["rows"], marked=laplacian["widths"]["1"]["minor"]["at"]
        ),
        "value": laplacian["widths"]["1"]["minor"]["value"],
        "emboss": shown["emboss"]["rank"],
        "passes": passes(),
        "taps": sum(map(len, sobel["rows"])),
        "several": several(),
        "small": costs(*LAYERS[0]),
        "equal": equal(costs(*LAYERS[1])),
        "condition": Exactness(LINE).words,
        "figure": at_work.figure(FAMILY),
        "hand": by_hand(FAMILY),
        "exercises": (saving(),),
    }


def saving() -> Exercise:
    """The largest width that saves weights: in closed form, and by trying every width."""
    into, out, taps = 16, 32, 5
    tried = costs(into, out, taps, range(1, taps * min(into, out) + 1))
    fewer = [one for one in tried["widths"] if one["weights"] < tried["standard"]]
    most = agreed(tried["break_even"], max(one["m"] for one in fewer))
    each = agreed(tried["widths"][0]["weights"], taps * (into + out))
    return Exercise(
        f"{tried['layer']}: up to which width does the pair have fewer weights than the"
        " standard layer?",
        f"Up to m = {most}. A middle channel takes {taps}·({into} + {out}) = {each} weights, the"
        f" standard layer has {tried['standard']:,}, and {most}·{each} = {most * each:,} is the"
        " last multiple below that.",
    )


def specimen(name: str) -> Specimen:
    """A filter of the gallery: its columns and rows, and what each width can do."""
    kernel = gallery()[name]
    table = kernel.table
    assert table
    exact, _ = verdicts(table, rank(table))
    terms: list[Term] = [
        {
            "column": _whole(column),
            "row": _whole(row),
            "rows": list(map(_whole, outer(column, row))),
        }
        for column, row in pairs(exact)
    ]
    return {
        "title": kernel.title,
        "rows": [list(row) for row in table],
        "rank": rank(table),
        "terms": terms,
        "widths": {
            str(width): _at(table, width, [term["rows"] for term in terms[:width]])
            for width in WIDTHS
        },
    }


def _whole(numbers: list[Fraction]) -> list[int]:
    """Integers as such; CheckError if one is a fraction, which the figure's cells cannot show."""
    if any(Fraction(number).denominator != 1 for number in numbers):
        raise CheckError(f"{numbers} are no integers")
    return [int(number) for number in numbers]


def _at(table: Rows, width: int, drawn: list[list[list[int]]]) -> Width:
    """Whether a width is enough; if not, a minor that proves it, and what the terms that are drawn
    and the best ones leave of the filter, in per cent of its Frobenius norm.
    """
    kernel = Kernel.of([[[list(row) for row in table]]])
    verdict = decide(LINE, kernel, {m: width})
    checked(verdict)  # the separate checker agrees
    if verdict.word == "exact":
        return {"exact": True}
    assert verdict.minor
    best = nearest(Cuts(form(LINE, kernel, {m: width})))
    assert isinstance(best, Approximation)
    whole = _norm(table)
    left = [
        [entry - sum(term[y][x] for term in drawn) for x, entry in enumerate(row)]
        for y, row in enumerate(table)
    ]
    return {
        "exact": False,
        "minor": {"at": _where(verdict.minor), "value": figures_of(verdict.minor)},
        "left": figures(100 * _norm(left) / whole),
        "error": figures(100 * float(best.difference.norm) / whole),
    }


def _norm(rows_: Rows) -> float:
    """The Frobenius norm."""
    return sqrt(sum(entry**2 for row in rows_ for entry in row))


def passes() -> list[dict[str, int]]:
    """Products for each pixel of a 3 × 3 filter of one channel, as a sum of columns times rows.

    >>> [one["products"] for one in passes()]
    [6, 12, 18]
    """
    one = {C_in: 1, C_out: 1, k_h: 3, k_w: 3}
    weights = FAMILIES[FAMILY].parameters
    return [{"m": width, "products": int(weights.xreplace(one | {m: width}))} for width in WIDTHS]


def figures_of(minor: Minor) -> str:
    """The value of a minor with a true minus sign."""
    return str(minor.value).replace("-", "−")


def _where(minor: Minor) -> tuple[list[int], list[int]]:
    """Rows and columns of the filter: its matrix has v down and u across."""
    return sorted(u for (u,) in minor.columns), sorted(v for (v,) in minor.rows)


def _edges(term: Term) -> Edges:
    return Edges(term["column"], term["row"])


def several() -> dict[str, object]:
    """Kernels 2 → 2 with 3 × 3 taps: their filters, their matrix, its rank and each filter's."""
    return {name: {"title": title, **laid_out(kernel)} for name, title, kernel in examples()}


def examples() -> Iterator[tuple[str, str, Kernel]]:
    """Every filter an outer product, with nothing, a column or nearly everything in common."""
    columns = {(0, 0): (1, 2, 1), (0, 1): (1, 0, -1), (1, 0): (0, 1, 1), (1, 1): (2, 1, 0)}
    rows_ = {(0, 0): (1, 0, -1), (0, 1): (1, 2, 1), (1, 0): (1, 1, 0), (1, 1): (0, 1, 2)}
    sizes = {"o": 2, "i": 2, "u": 3, "v": 3}
    yield (
        "shared",
        "one column per input, one row per output",
        Kernel.by(lambda o, i, u, v: columns[0, i][u] * rows_[o, 0][v], **sizes),
    )
    yield (
        "pairs",
        "a column and a row for every pair",
        Kernel.by(lambda o, i, u, v: columns[o, i][u] * rows_[o, i][v], **sizes),
    )
    yield (
        "identity",
        "a diagonal for equal channels",
        Kernel.by(lambda o, i, u, v: int(o == i and u == v), **sizes),
    )


def laid_out(kernel: Kernel) -> dict[str, object]:
    """The filters K[o][i], the (o, v) × (i, u) matrix, and the ranks.

    Raises CheckError if the verdict says otherwise.
    """
    sides = ((o, v), (i, u))
    width = kernel.rank(*sides)
    verdict = decide(LINE, kernel, {m: width})
    narrow = decide(LINE, kernel, {m: width - 1}) if width > 1 else None
    if verdict.word != "exact" or (narrow and narrow.word != "not exact"):
        raise CheckError(f"the least width of {kernel} is not its rank {width}")
    at = kernel.entries
    outs, ins, tall, wide = (range(kernel.sizes[x]) for x in (o, i, u, v))
    filters = [[[[int(at[a, b, y, x]) for x in wide] for y in tall] for b in ins] for a in outs]
    return {
        "filters": filters,
        "ranks": [[rank(one) for one in line] for line in filters],
        "matrix": [[int(at[a, b, y, x]) for b in ins for y in tall] for a in outs for x in wide],
        "rank": width,
    }


def costs(into: int, out: int, taps: int, widths: range) -> Costs:
    """Weights and products per pixel of the asymmetric pair at every width, and of standard."""
    layer = read_layer(image="32x32", channels_in=into, channels_out=out, kernel=str(taps))
    whole, *pair = (
        Row(FAMILIES[name], FAMILIES[name].family, layer, ((m, width),))
        for name, width in (("standard", 1), *((FAMILY, width) for width in widths))
    )
    edge = break_even(pair[0], whole)
    assert edge
    return {
        "layer": f"{into} → {out} channels, {taps} × {taps}",
        "standard": whole.number("parameters"),
        "break_even": edge[1],
        "widths": [_cost(row) for row in pair],
    }


def equal(layer: Costs) -> dict[str, str]:
    """A layer of equal channels, and the share of the weights at a width that equals them.

    >>> equal(costs(*LAYERS[1]))["share"]
    '2/3'
    """
    channels = LAYERS[1][0]
    (weights,) = (one["weights"] for one in layer["widths"] if one["m"] == channels)
    share = Fraction(weights, layer["standard"])
    return {"layer": layer["layer"], "m": str(channels), "share": str(share)}


def _cost(row: Row) -> WidthCost:
    pixels = int(row.layer.axes[0].output * row.layer.axes[1].output)
    return {
        "m": row.chosen[m],
        "weights": row.number("parameters"),
        "products": row.number("macs") // pixels,
        "exact": row.exactness.brief,
    }
