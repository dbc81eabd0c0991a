"""The width curve of a family and a kernel: the sentence to choose by, a short table, a plot."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType
from rich.text import Text

from derive.facts.curve import CurveFacts
from derive.facts.design import DesignFacts, Guarantee, PointFacts
from derive.facts.pareto import ParetoFacts
from derive.facts.sizes import chosen, size_list
from derive.facts.verdict import VerdictFacts
from derive.notation.errors import InputError
from derive.notation.letters import M, m, R, T
from derive.render.amount import number
from derive.render.sheet import Column, Sheet
from derive.render.table import times
from derive.render.tabular import Cell, Tabular, written

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
NOUNS = {m: "width", M: "multiplier", R: "rank", T: "terms"}
FEW = 12  # points that need no plot
HEIGHT, WIDTH, MARGIN = 12, 64, 8  # characters of the plot, and of what stands left of it
SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)  # of the standard MACs, that have a row each
HALF, EVEN, WITHIN = "half the cost", "break-even", "within {:.0%}"  # what a point of a curve is
FLOOR = 1e-3  # share below which the plot shows 0


def scientific(value: float) -> str:
    """A number to two figures, with a power of ten where it is small.

    >>> scientific(0.318), scientific(5.3e-17)
    ('0.32', '5.3·10⁻¹⁷')
    """
    plain = f"{value:.2g}"
    mantissa, mark, power = plain.partition("e")
    return f"{mantissa}·10{str(int(power)).translate(RAISED)}" if mark else plain


def error_words(error: float) -> str:
    """A relative error to two figures.

    >>> error_words(0.2), error_words(0.0), error_words(2.1e-17)
    ('0.20', '0', '2.1·10⁻¹⁷')
    """
    return "0" if not error else f"{error:#.2g}" if error >= FLOOR else scientific(error)


def size_words(point: PointFacts) -> str:
    """The size of a point: a width by its name, several sizes by their letters."""
    shown = chosen(point.setting)
    if len(shown) == 1:
        ((symbol, size),) = shown.items()
        return f"{NOUNS.get(symbol, symbol.name)} {size}"
    return size_list(shown) or "as it is"


def curve_words(found: CurveFacts) -> str:
    """What a width costs and leaves, in one sentence: at break-even, at half the cost, at 10 %."""
    most = "at most " if found.curve_error is Guarantee.AT_MOST else ""
    even, half, tenth = found.break_even, found.half_cost, found.within_error[-1].point
    parts = []
    if even:
        error = error_words(even.relative_error)
        parts.append(f"at break-even {size_words(even)} the error is {most}{error}")
    else:
        parts.append("every size costs at least as much as the layer")
    if half:
        parts.append(f"at half the cost {most}{error_words(half.relative_error)}")
    if tenth:
        ratio = tenth.ratio.macs
        beyond = ", more expensive than the layer" if ratio > 1 else ""
        parts.append(f"10 % error needs {size_words(tenth)}{beyond}")
    else:
        parts.append("no size is within 10 % error")
    *first, last = parts
    sentence = f"{', '.join(first)}, and {last}" if first else last
    return f"{sentence[0].upper()}{sentence[1:]}."


def curve_shown(found: CurveFacts) -> Iterator[RenderableType]:
    """A short table around the points that matter, and the plot."""
    rows = dict(_rows(found))
    names = ("", "size", "relative error", "parameters", "MACs", "of standard")
    columns = [Column(name, number=n > 1) for n, name in enumerate(names)]
    cells = [
        (", ".join(words), *_cells(found.curve_error, point)) for point, words in rows.values()
    ]
    yield Sheet(columns, cells, "Error and cost by size, in floats")
    if len(found.curve) > FEW:
        yield Text()
        yield Plot.of(found.curve)


def _rows(found: CurveFacts) -> Iterator[tuple[tuple[int, ...], tuple[PointFacts, list[str]]]]:
    """The points that matter with what each of them is, in order of size."""
    named = [(found.half_cost, HALF), (found.break_even, EVEN)]
    named += [(one.point, WITHIN.format(float(one.error))) for one in found.within_error]
    named += [(found.curve[0], "smallest"), (found.curve[-1], "full")]
    merged: dict[tuple[int, ...], tuple[PointFacts, list[str]]] = {}
    for point, words in named:
        if point is not None:
            merged.setdefault(tuple(point.setting.values()), (point, []))[1].append(words)
    yield from sorted(merged.items(), key=lambda row: row[1][0].macs)


def _cells(guarantee: Guarantee, point: PointFacts) -> tuple[str, ...]:
    most = "≤ " if guarantee is Guarantee.AT_MOST else ""
    return (
        size_words(point),
        f"{most}{error_words(point.relative_error)}",
        number(point.parameters),
        number(point.macs),
        times(point.ratio.macs),
    )


@dataclass(frozen=True)
class Plot:
    """Relative errors over MACs as shares of the standard layer's, in plain characters; a colon
    stands where they are those of the layer. As wide as the screen, up to WIDTH."""

    points: tuple[tuple[float, float], ...]

    @classmethod
    def of(cls, points: Iterable[PointFacts]) -> "Plot":
        """The plot of some points of a curve."""
        return cls(tuple((float(one.ratio.macs), one.relative_error) for one in points))

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        columns = max(16, min(WIDTH, options.max_width - MARGIN))
        yield Text("\n".join(self._lines(columns)), no_wrap=True)

    def _lines(self, columns: int) -> Iterator[str]:
        wide = max(share for share, _ in self.points)
        grid = [[" "] * columns for _ in range(HEIGHT)]
        if wide > 1:
            for row in grid:
                row[round((columns - 1) / wide)] = ":"
        for share, error in self.points:
            grid[round((HEIGHT - 1) * (1 - error))][round((columns - 1) * share / wide)] = "*"
        labels = {0: "1.0", HEIGHT - 1: "0.0", (HEIGHT - 1) // 2: "0.5"}
        for n, row in enumerate(grid):
            yield f"{labels.get(n, ''):>5} |{''.join(row).rstrip()}"
        yield f"{'':5} +{'-' * columns}"
        yield f"{'':7}0{'MACs / standard':^{columns - 5}}{wide:.2f}"


def pareto_shown(found: ParetoFacts) -> Iterator[RenderableType]:
    """The least error at some costs, and each family at half the cost of the standard layer."""
    names = ("at most", "family", "size", "relative error", "parameters", "MACs", "of standard")
    columns = [Column(name, number=n > 2) for n, name in enumerate(names)]
    best = ((share, _at(found, share)) for share in SHARES)
    rows = [(f"{share:g} ×", *_design(one)) for share, one in best if one]
    yield Sheet(columns, rows, "Least error within a share of the standard MACs, of all families")
    yield Text()
    rows = [_design(one) for one in found.half_cost]
    yield Sheet(columns[1:], rows, "Every family at its largest size within half the MACs")
    for one in found.left_out:
        yield Text(f"Without {one.family}: {one.reason}.", "dim")
    if len(found.front) > FEW:
        yield Text()
        yield Plot.of(one.point for one in found.front)


def _at(found: ParetoFacts, share: float) -> DesignFacts | None:
    within = [one for one in found.front if one.point.ratio.macs <= share]
    return within[-1] if within else None


def _design(one: DesignFacts) -> tuple[str, ...]:
    return one.family, *_cells(one.error, one.point)


def curve_text(facts: VerdictFacts) -> str:
    """The whole curve as CSV; InputError if the family has none."""
    found = facts.curve
    if found is None:
        raise InputError(f"{facts.family} has no curve of errors that is known without a search")
    sizes = chosen(found.curve[0].setting)
    names = (*map(str, sizes), "relative_error", "parameters", "macs", "ratio")
    rows: list[tuple[Cell, ...]] = [
        (
            *(point.setting[x] for x in sizes),
            repr(point.relative_error),
            point.parameters,
            point.macs,
            repr(float(point.ratio.macs)),
        )
        for point in found.curve
    ]
    return written(Tabular(names, rows), "csv")
