"""A family at a setting on a layer: the rows that tables and pages show side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from types import NoneType

from sympy import ceiling, Expr, Indexed, Integer, Max, Symbol

from derive.algebra.counting import Count, counted, StageCount
from derive.algebra.dimension import freedom
from derive.algebra.exactness import Exactness
from derive.algebra.largest_bonds import largest_bonds, limited
from derive.catalogue import Entry, FAMILIES
from derive.notation.errors import require
from derive.notation.extremes import floor, maximum
from derive.notation.family import Letters, Line
from derive.notation.fields import AXES
from derive.notation.formula import Formula, integers
from derive.notation.layer import Layer
from derive.notation.letters import C_c, C_in, C_out, g, M, m, P, Q, R, SIZE, T

RANKS = (P, Q, R, T)
Setting = dict[Symbol, int | None]
Chosen = int | Mapping[str, int] | None
# Why a family is left out, and what is noted of a row.
REASONS = {
    "absent": "has no form on {axes}",
    "grouped": "with one group it is its ungrouped counterpart",
    "channels": "makes {made} {side} channels, the layer has {wanted}",
    "width": "width {width} is no multiple of the {groups} groups",
    "even": "reads a middle tap, which needs an odd kernel",
}
NOTES = {
    "more": "dearer than standard: {shares}",
    "share": "{share}× the {words}",
    "waste": "wasteful order: stage {factor} repeats itself for every {letters}",
    "universal": "universal here: every kernel is of this form",
}
GIVEN = {*SIZE.values()} - {m, M, C_c, *RANKS}  # sizes that a layer gives


@dataclass(frozen=True)
class Choices:
    """Widths, multipliers and ranks to put side by side; empty is the usual choice.

    A rank is one number for every bond, or a mapping from the bond sizes P, Q, R, T to numbers.
    The usual width and ranks are C_in, or the largest that represents a further kernel.
    """

    widths: tuple[int, ...] = ()
    multipliers: tuple[int, ...] = ()
    ranks: tuple[int | Mapping[str, int], ...] = ()

    def __post_init__(self) -> None:
        for what, numbers in vars(self).items():
            require(numbers, (tuple, list), f"{what} must be a tuple of integers such as (3, 8)")
            for number in numbers:
                kinds = (int, Mapping) if what == "ranks" else int
                require(number, kinds, f"{what} must be a tuple of integers such as (3, 8)")

    def settings(self, line: Line, layer: Layer) -> Iterator[dict[Symbol, int]]:
        """Every setting of a family's own sizes on a layer, one row each."""
        options = self._options(line, layer)
        for combination in product(*options):
            chosen = {symbol: number for choice in combination for symbol, number in choice.items()}
            yield _completed(chosen, line, layer)

    def _options(self, line: Line, layer: Layer) -> Iterator[list[Setting]]:
        for name, sizes in choosable(line).items():
            usual = _copies(line, layer) if name == "multipliers" else None
            yield [
                {size: _chosen(number, size, layer) for size in sizes}
                for number in getattr(self, name) or (usual,)
            ]


def choosable(line: Line) -> dict[str, Letters]:
    """The sizes that a family chooses for itself, by the list of ``Choices`` that says them.

    >>> from derive.families import grouped_asymmetric, tucker_2
    >>> choosable(grouped_asymmetric.family), choosable(tucker_2.family)
    ({'widths': (m, C_c)}, {'ranks': (P, Q)})
    """
    free = free_sizes(line)
    own = sorted(free - {m, M, C_c, *RANKS}, key=str)
    widths = (m, C_c) if C_c in free else (m,) if m in free else ()
    ranks = (*(symbol for symbol in RANKS if symbol in free), *own)
    sizes = {"widths": widths, "multipliers": (M,) if M in free else (), "ranks": ranks}
    return {name: symbols for name, symbols in sizes.items() if symbols}


def _copies(line: Line, layer: Layer) -> int:
    """The usual multiplier: 1, or what makes the output channels of a depthwise layer."""
    return int(usual_copies(line).xreplace(layer.values))


def usual_copies(line: Line) -> Expr:
    """The usual multiplier as a formula of the channels."""
    return maximum(Integer(1), floor(C_out / C_in)) if M in output_sizes(line) else Integer(1)


def _chosen(number: Chosen, symbol: Symbol, layer: Layer) -> int | None:
    if isinstance(number, Mapping):
        return number.get(symbol.name)
    return number // layer.groups if number is not None and symbol == C_c else number


def _completed(chosen: Setting, line: Line, layer: Layer) -> dict[Symbol, int]:
    """The setting with the usual size wherever none is chosen."""
    known = {symbol: number for symbol, number in chosen.items() if number is not None}
    start = {C_c: layer.channels_in // layer.groups}
    usual = {symbol: start.get(symbol, layer.channels_in) for symbol in chosen.keys() - known}
    found = known | limited(usual, largest_bonds(line), {**layer.values, **known})
    if C_c in usual:
        found[m] = found[C_c] * layer.groups
    return {symbol: found[symbol] for symbol in chosen}


def free_sizes(line: Line) -> set[Symbol]:
    """The sizes that a family chooses for itself: of its bonds, copies and parallel terms."""
    free = {symbol for times, _ in line.branches for symbol in times.free_symbols}
    for _, family in line.branches:
        own = (*family.summed, *(x for x in family.outputs if x not in family.shared))
        free |= {symbol for x in own for symbol in family.sizes[x].free_symbols}
    return free - GIVEN


def output_sizes(line: Line) -> set[Symbol]:
    """The sizes that make up the number of output channels."""
    channels = line.channels.values()
    return {symbol for extent in channels for symbol in extent.free_symbols}


@dataclass(frozen=True)
class Row:
    """One family at one setting on one layer."""

    entry: Entry
    line: Line
    layer: Layer
    setting: tuple[tuple[Symbol, int], ...]

    @cached_property
    def values(self) -> dict[Symbol, int]:
        """Every symbol's value: the layer's and the family's own."""
        return {symbol: int(number) for symbol, number in self.sizes.items()}

    @cached_property
    def sizes(self) -> dict[Symbol, Integer]:
        """Every symbol's value as SymPy's integer, converted once; InputError if less than 1."""
        setting = dict(self.setting)
        return {**_given(self.layer), **integers(setting, setting)}

    @cached_property
    def count(self) -> Count:
        """The counts on this layer's axes."""
        return counted(self.line, self.layer.directions, self.layer.transposed)

    @cached_property
    def numbers(self) -> Count:
        """The counts at the sizes of this row."""
        return self.count.at(self.extent)

    def number(self, name: str) -> int:
        """A count as an integer, worked out once."""
        if name not in self._numbers:
            self._numbers[name] = int(self.at(getattr(self.numbers, name)))
        return self._numbers[name]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {}

    def size(self, extent: Expr) -> int:
        """The integer that a size or a cost of a stage is on this row."""
        return int(self.extent(extent))

    def extent(self, extent: Expr) -> Expr:
        """SymPy's integer that a size or a cost of a stage is on this row."""
        return self.sizes[extent] if extent in self.sizes else extent.xreplace(self.sizes)

    @cached_property
    def exactness(self) -> Exactness:
        """The condition under which a kernel is of this form, at this setting."""
        return Exactness(self.line, tuple(self.sizes.items()))

    @cached_property
    def freedom(self) -> tuple[int, bool]:
        """The dimension of the set of kernels, and whether it is exact or an upper bound."""
        return freedom(self.exactness)

    @property
    def chosen(self) -> dict[Symbol, int]:
        """The setting in the reader's terms: m is the width of all groups together."""
        return {symbol: number for symbol, number in self.setting if symbol != C_c}

    @property
    def stages(self) -> list[tuple[Expr, StageCount]]:
        """The stages of all branches, each with how often its branch occurs."""
        return [(times, stage) for times, branch in self.count.stages for stage in branch]

    @property
    def fields(self) -> list[Formula]:
        """The receptive field along every axis of the layer."""
        return [self.numbers.receptive_field(direction) for direction in self.layer.directions]

    @property
    def waste(self) -> list[tuple[Indexed, Letters]]:
        """Stages that repeat themselves, with the letters they carry along untouched."""
        return [wasted for _, family in self.line.branches for wasted in family.waste]

    def at(self, formula: Formula) -> Expr:
        """A formula's value on this row."""
        return formula.on(self.sizes)


@lru_cache(maxsize=1)
def _given(layer: Layer) -> dict[Symbol, Integer]:
    """The sizes of a layer, alike for all its rows."""
    return integers(layer.values, layer.values)


@dataclass(frozen=True)
class Omitted:
    """A family, or a setting of one, that does not fit a layer, and why."""

    name: str
    reason: str


def rows(layer: Layer, choices: Choices | None = None) -> tuple[list[Row], list[Omitted]]:
    """Every family that maps C_in to C_out on the layer, and those left out with the reason.

    Raises InputError for anything that is no layer, or no choices.
    """
    require(layer, Layer, "a comparison needs a layer such as read_layer(image='56x56')")
    require(choices, (Choices, NoneType), "choices are such as Choices(widths=(3, 8))")
    found: list[Row] = []
    omitted: list[Omitted] = []
    for name, entry in FAMILIES.items():
        for attempt in attempts(entry, layer, choices or Choices()):
            if isinstance(attempt, Row):
                found.append(attempt)
            else:
                omitted.append(Omitted(name, attempt))
    return found, omitted


def attempts(entry: Entry, layer: Layer, choices: Choices) -> Iterator[Row | str]:
    """A row for every setting at which a family fits the layer, or the reason why it does not."""
    line = entry.family.on(layer.taps)
    if line is None:
        yield REASONS["absent"].format(axes=AXES[len(layer.axes)])
        return
    if g in line.inputs and layer.groups == 1:
        yield REASONS["grouped"]
        return
    settings = (tuple(setting.items()) for setting in choices.settings(line, layer))
    for setting in dict.fromkeys(settings):
        row = Row(entry, line, layer, setting)
        yield _misfit(row) or row


def _misfit(row: Row) -> str:
    """Why a line does not fit: it makes other channels than the layer's, or leaves its guard."""
    known = {**_given(row.layer), **dict(row.setting)}  # a size may be too small
    for side, extent in row.line.channels.items():
        made, wanted = extent.xreplace(known), known[side]
        if made != wanted:
            what = "input" if side == C_in else "output"
            return REASONS["channels"].format(made=made, side=what, wanted=wanted)
    if C_c in dict(row.setting) and row.chosen[m] % row.layer.groups:
        return REASONS["width"].format(width=row.chosen[m], groups=row.layer.groups)
    if not row.numbers.parameters.met(row.sizes):
        return REASONS["even"]
    return ""


def break_even(row: Row, baseline: Row) -> tuple[Symbol, int] | None:
    """The largest width with fewer MACs than standard, for a family whose cost is linear in one."""
    if (symbol := only_size(row.line)) is None:
        return None
    others = {s: value for s, value in row.sizes.items() if s != symbol}
    cost = row.count.at(lambda extent: extent.xreplace(others)).macs.expr
    standard = Integer(baseline.number("macs"))
    found = largest_saving(symbol, cost, standard, Integer(row.layer.groups))
    return found and (found[0], int(found[1]))


def only_size(line: Line) -> Symbol | None:
    """The size that a family chooses for itself, None if it chooses none, or several."""
    free = free_sizes(line) - output_sizes(line)
    return free.pop() if len(free) == 1 else None


def largest_saving(
    symbol: Symbol, cost: Expr, standard: Expr, groups: Expr
) -> tuple[Symbol, Expr] | None:
    """The size of a family, and the largest at which its cost is below that of standard.

    None unless the cost is linear in the size. What a pair has in each group is counted in all
    groups together.
    """
    poly = cost.as_poly(symbol)
    if poly.degree() != 1:
        return None
    slope, fixed = (poly.coeff_monomial(symbol**power) for power in (1, 0))
    largest = Max(0, ceiling((standard - fixed) / slope) - 1)
    return (m, groups * largest) if symbol == C_c else (symbol, largest)
