"""Error and cost of a family at each of its sizes, for one kernel: the width curve."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from math import sqrt
from typing import Any, TYPE_CHECKING

from sympy import Basic, Integer, lambdify, Symbol

from derive.algebra.counting import counted
from derive.algebra.largest_bonds import largest_bonds, limited
from derive.catalogue import Entry, FAMILIES
from derive.comparison import Choices, choosable, Row
from derive.decide.cuts import Cuts
from derive.decide.difference import exactly
from derive.decide.form import form
from derive.decide.spectrum import CutSpectrum, Known, outside, spectra
from derive.facts.design import CostShares, Guarantee, PointFacts, Sizes
from derive.facts.question import Question
from derive.facts.sizes import together
from derive.notation.family import Line
from derive.notation.layer import Layer
from derive.notation.letters import Direction

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 512  # sizes that are shown of a curve
BEYOND = 10**9  # more than any bond can use
TARGETS = (Fraction(1, 100), Fraction(5, 100), Fraction(10, 100))  # errors that have a row each


@dataclass(frozen=True)
class TargetFacts:
    """The smallest size within a relative error; null if no size is."""

    error: Fraction
    point: PointFacts | None


@dataclass(frozen=True)
class CurveFacts:
    """The points of a curve in order of size, all of them up to 512 and evenly spaced beyond, and
    those that a choice depends on: the last that costs less than the standard layer, the last that
    costs half of it or less, and the first within some errors.
    """

    curve: tuple[PointFacts, ...]
    curve_error: Guarantee
    curve_sizes: int
    break_even: PointFacts | None
    half_cost: PointFacts | None
    within_error: tuple[TargetFacts, ...]


@dataclass(frozen=True)
class Path:
    """The settings of a family on a layer from the smallest to the largest that is of use: sizes
    that are not chosen grow together, each up to the largest that represents a further kernel.
    """

    entry: Entry
    layer: Layer
    setting: Sizes
    free: Mapping[Symbol, int]

    @classmethod
    def of(cls, question: Question) -> "Path":
        """The settings that are open in a question."""
        return cls.on(question.row, question.choices)

    @classmethod
    def on(cls, row: Row, choices: Choices | None = None) -> "Path":
        """The settings that choices leave open, from that of a row; all, if there are none."""
        choices, start = choices or Choices(), dict(row.setting)
        own = [
            symbol
            for name, symbols in choosable(row.line).items()
            for symbol in symbols
            if not any(
                not isinstance(given, Mapping) or symbol.name in given
                for given in getattr(choices, name)
            )
        ]
        fixed = {x: n for x, n in start.items() if x not in own}
        values = {**row.layer.values, **fixed}
        most = largest_bonds(row.line)
        open_ones = {x: BEYOND for x in own if x in most}
        return cls(row.entry, row.layer, start, limited(open_ones, most, values))

    def __len__(self) -> int:
        return max(self.free.values(), default=1)

    def __getitem__(self, place: int) -> dict[Symbol, int]:
        """The setting at a place; the first is 0."""
        sizes = {x: min(place + 1, most) for x, most in self.free.items()}
        return {**self.setting, **together(sizes, self.layer.groups)}

    def point(self, place: int, error: float) -> PointFacts:
        """The error at a place, with the costs there."""
        setting = self[place]
        parameters, macs = self.cost(setting)
        ratio = CostShares(*map(Fraction, (parameters, macs), self.standard))
        return PointFacts(setting, error, parameters, macs, ratio)

    def cost(self, setting: Sizes) -> tuple[int, int]:
        """Parameters and MACs at a setting."""
        parameters, macs = self._counts({**self.layer.values, **setting})
        return parameters, macs

    @cached_property
    def costs(self) -> "NDArray[Any]":
        """Parameters and MACs at every place, a row each."""
        import numpy as np

        every = {x: np.array(numbers) for x, numbers in self.sizes.items()}
        counts = self._counts({**self.layer.values, **self.setting, **every})
        return np.stack([np.broadcast_to(count, len(self)) for count in counts], axis=1)

    @property
    def sizes(self) -> dict[Symbol, list[int]]:
        """The open sizes at every place."""
        settings = [self[place] for place in range(len(self))]
        return {x: [setting[x] for setting in settings] for x in settings[0]}

    def _counts(self, values: Mapping[Symbol, Any]) -> list[Any]:
        layer = self.layer
        counts = (
            compiled(self.line, layer.directions, layer.transposed, name)
            for name in ("parameters", "macs")
        )
        return [count(*(values[x] for x in symbols)) for symbols, count in counts]

    @cached_property
    def standard(self) -> tuple[int, int]:
        """Parameters and MACs of the standard convolution."""
        return Path(FAMILIES["standard"], self.layer, {}, {}).cost({})

    @cached_property
    def line(self) -> Line:
        """The family on the axes of the layer."""
        line = self.entry.family.on(self.layer.taps)
        assert line is not None
        return line


@cache
def compiled(
    line: Line, directions: tuple[Direction, ...], transposed: bool, name: str
) -> tuple[tuple[Basic, ...], Callable[..., int]]:
    """A count of a line as a function of numbers or arrays, and the symbols that these are."""
    formula = getattr(counted(line, directions, transposed), name)
    return formula.symbols, lambdify(formula.symbols, formula.expr, "math")


@dataclass(frozen=True)
class Curve:
    """The errors along a path, smallest size first, and what they are."""

    path: Path
    errors: tuple[float, ...]
    guarantee: Guarantee

    @cached_property
    def facts(self) -> CurveFacts:
        """The curve, thinned if it is long, with the points that a choice depends on."""
        path, last = self.path, len(self.path) - 1
        shown = list(range(last + 1))
        if last >= MOST:
            shown = [round(n * last / (MOST - 1)) for n in range(MOST)]
        macs = [path.cost(path[place])[1] for place in range(last + 1)]
        full = path.standard[1]
        return CurveFacts(
            curve=tuple(map(self._point, shown)),
            curve_error=self.guarantee,
            curve_sizes=last + 1,
            break_even=self._last(number < full for number in macs),
            half_cost=self._last(2 * number <= full for number in macs),
            within_error=tuple(TargetFacts(error, self.within(error)) for error in TARGETS),
        )

    def within(self, error: Fraction | float) -> PointFacts | None:
        """The smallest size within a relative error."""
        place = next((n for n, found in enumerate(self.errors) if found <= error), None)
        return None if place is None else self._point(place)

    def _last(self, saves: Iterator[bool]) -> PointFacts | None:
        """The largest size that saves, as long as all smaller ones do."""
        place = sum(1 for _ in _while(saves)) - 1
        return self._point(place) if place >= 0 else None

    def _point(self, place: int) -> PointFacts:
        return self.path.point(place, self.errors[place])


def curve(question: Question, known: Known | None = None) -> Curve | None:
    """The errors of a family at all its sizes, by one singular value decomposition of each matrix
    that decides; None if no matrices do.

    One matrix: the least error there is (Eckart-Young). Several: the root of the sum of the squares
    of theirs, which truncating one after the other does not exceed. ``known`` as for ``spectra``.

    >>> from derive.algebra.kernel import Kernel
    >>> from derive.comparison import Choices
    >>> from derive.parse.layer import read_layer_of
    >>> cross = Kernel.of([[[[0, 1, 0], [1, -4, 1], [0, 1, 0]]]])
    >>> layer = read_layer_of(cross.extents)
    >>> found = curve(Question("cross", cross, FAMILIES["asymmetric"], layer, Choices()))
    >>> [round(error, 4) for error in found.errors], found.facts.break_even.setting
    ([0.1005, 0.0, 0.0], {m: 1})
    """
    path = Path.of(question)
    wide = {**question.values, **{x: max(2, n) for x, n in path.free.items()}}
    cuts = Cuts(form(question.entry.family, question.kernel, wide))
    if cuts.forest is None:
        return None
    found = spectra(cuts, known)
    errors = tuple(_error(cuts, found, path[place]) for place in range(len(path)))
    alone = len(found) < 2
    return Curve(path, errors, Guarantee.LEAST if alone else Guarantee.AT_MOST)


def _error(cuts: Cuts, found: tuple[CutSpectrum, ...], setting: Sizes) -> float:
    """The root of the sum of the squares of what the matrices leave, and of what is outside."""
    if not found:
        rest, all_of_it = outside(cuts.form), exactly(cuts.form.kernel).norm
        return rest / all_of_it if rest else 0.0
    (term, *_), given = cuts.form.terms, {x: Integer(n) for x, n in setting.items()}
    known = {x: Integer(n) for x, n in cuts.form.values.items()} | given
    total, out = found[0].total, found[0].outside
    beyond = (out / total) ** 2 if total else 0.0
    square = beyond
    for each in found:
        width = int(term.extent(each.cut.bonds).xreplace(known))
        tails = each.relatives
        square += float(tails[min(width, len(tails) - 1)]) ** 2 - beyond
    return min(1.0, sqrt(max(0.0, square)))


def _while(answers: Iterator[bool]) -> Iterator[bool]:
    for answer in answers:
        if not answer:
            return
        yield answer
