"""A family at a setting on a layer: the rows that tables and pages show side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product

from sympy import Expr, Integer, Rational, Symbol

from derive.algebra.counting import Count
from derive.algebra.exactness import Exactness
from derive.catalogue import Entry, FAMILIES
from derive.notation.errors import InputError
from derive.notation.family import Line
from derive.notation.formula import Formula
from derive.notation.layer import Layer
from derive.notation.letters import C_c, C_in, g, M, m, P, Q, R, T

RANKS = (P, Q, R, T)


@dataclass(frozen=True)
class Choices:
    """Widths, multipliers and ranks to put side by side; empty is the usual choice.

    A rank is one number for every bond, or a mapping from the bond sizes P, Q, R, T to numbers.
    """

    widths: tuple[int, ...] = ()
    multipliers: tuple[int, ...] = ()
    ranks: tuple[int | Mapping[str, int], ...] = ()

    def settings(self, line: Line, layer: Layer) -> Iterator[dict[Symbol, int]]:
        """Every setting of a family's own sizes on a layer, one row each."""
        free = free_sizes(line)
        yield from (
            {symbol: number for choice in combination for symbol, number in choice.items()}
            for combination in product(*self._options(free, line, layer))
        )

    def _options(
        self, free: set[Symbol], line: Line, layer: Layer
    ) -> Iterator[list[dict[Symbol, int]]]:
        if m in free:
            yield [{m: width} for width in self.widths or (layer.channels_in,)]
        if C_c in free:
            widths = self.widths or (layer.channels_in,)
            yield [{C_c: w // layer.groups} for w in widths if w % layer.groups == 0]
        if M in free:
            ratio = max(1, layer.channels_out // layer.channels_in)
            copies = (ratio,) if M in output_sizes(line) else self.multipliers or (1,)
            yield [{M: number} for number in copies]
        if bonds := [symbol for symbol in RANKS if symbol in free]:
            yield [
                {symbol: _rank(choice, symbol, layer.channels_in) for symbol in bonds}
                for choice in self.ranks or (layer.channels_in,)
            ]


def _rank(choice: int | Mapping[str, int], symbol: Symbol, default: int) -> int:
    return choice if isinstance(choice, int) else choice.get(symbol.name, default)


def free_sizes(line: Line) -> set[Symbol]:
    """The sizes that a family chooses for itself: of its bonds, copies and parallel terms."""
    free = {symbol for times, _ in line.branches for symbol in times.free_symbols}
    for _, family in line.branches:
        own = (*family.summed, *(x for x in family.outputs if x not in family.shared))
        free |= {symbol for x in own for symbol in family.sizes[x].free_symbols}
    return free & {m, M, C_c, *RANKS}


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
        return {**self.layer.values, **dict(self.setting)}

    @cached_property
    def count(self) -> Count:
        """The counts on this layer's axes."""
        return Count(self.line, self.layer.directions, transposed=self.layer.transposed)

    def number(self, name: str) -> int:
        """A count as an integer."""
        return int(self._at(getattr(self.count, name)))

    def ratio_of(self, name: str) -> Fraction:
        """A count that is a ratio, exact."""
        value = Rational(self._at(getattr(self.count, name)))
        return Fraction(int(value.p), int(value.q))

    @cached_property
    def exactness(self) -> Exactness:
        """The condition under which a kernel is of this form, at this setting."""
        sizes = {symbol: Integer(value) for symbol, value in self.values.items()}
        return Exactness(self.line, tuple(sizes.items()))

    @property
    def reader_setting(self) -> dict[Symbol, int]:
        """The setting in the reader's terms: the width of all groups together is m."""
        setting = dict(self.setting)
        if C_c in setting:
            setting[m] = setting.pop(C_c) * self.layer.groups
        return setting

    @property
    def universal(self) -> bool:
        """Whether a family with a setting to choose has one at which it spells every kernel."""
        return bool(self.setting) and self.exactness.universal and not self.exactness.zeros

    def _at(self, formula: Formula) -> Expr:
        return formula.at(self.values)


def rows(layer: Layer, choices: Choices | None = None) -> tuple[list[Row], list[dict[str, str]]]:
    """Every family that maps C_in to C_out on the layer, and those left out with the reason."""
    found: list[Row] = []
    omitted: list[dict[str, str]] = []
    for name, entry in FAMILIES.items():
        try:
            found += list(_rows_of(entry, layer, choices or Choices()))
        except InputError as error:
            omitted.append({"name": name, "reason": str(error)})
    return found, omitted


def _rows_of(entry: Entry, layer: Layer, choices: Choices) -> list[Row]:
    line = entry.family.on(layer.taps)
    if line is None:
        axes = "axis" if len(layer.axes) == 1 else "axes"
        raise InputError(f"has no form on {len(layer.axes)} {axes}")
    if g in line.inputs and layer.groups == 1:
        raise InputError("with one group it is its ungrouped counterpart")
    given = (tuple(setting.items()) for setting in choices.settings(line, layer))
    settings = list(dict.fromkeys(given))
    if not settings:
        raise InputError(f"no width given is a multiple of the {layer.groups} groups")
    built = [Row(entry, line, layer, setting) for setting in settings]
    for row in built:
        _check_fit(row)
    return built


def _check_fit(row: Row) -> None:
    """The line must produce the layer's channels and stay inside its guard."""
    for side, extent in row.line.channels.items():
        made, wanted = int(extent.xreplace(row.values)), row.values[side]
        if made != wanted:
            what = "input" if side == C_in else "output"
            raise InputError(f"makes {made} {what} channels, the layer has {wanted}")
    if not row.count.parameters.holds(row.values):
        raise InputError("reads a middle tap, which needs an odd kernel")


def break_even(row: Row, yardstick: Row) -> tuple[Symbol, int] | None:
    """The largest width with fewer MACs than standard, for a family whose cost is linear in one."""
    free = free_sizes(row.line) - output_sizes(row.line)
    if len(free) != 1:
        return None
    symbol = free.pop()
    others = {s: Integer(value) for s, value in row.values.items() if s != symbol}
    slope = row.count.macs.expr.xreplace(others).expand().coeff(symbol)
    largest = -(-yardstick.number("macs") // int(slope)) - 1
    return (m, largest * row.layer.groups) if symbol == C_c else (symbol, largest)
