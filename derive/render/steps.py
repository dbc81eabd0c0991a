"""The derivation of every count, stage by stage: what is run over, the sum, its closed form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from sympy import Add, Basic, Expr, Integer, Mul, Sum, Symbol

from derive.algebra.counting import StageCount
from derive.notation.axis import Axis
from derive.notation.convolution import Within
from derive.notation.errors import CheckError
from derive.notation.formula import evaluate
from derive.notation.letters import Direction, DIRECTIONS, nu
from derive.render.latex import BookPrinter, index_latex, latex, with_middles

Ranges = Mapping[Symbol, Expr]
GEOMETRY = ("input", "kernel", "stride", "dilation", "before", "after")
COUNTED = ("output", "pairs", "centre")
# Shapes of an axis; their kernels are odd, as a stage may read at the middle tap.
SHAPES = ((4, 3, 2, 1, 0, 1), (3, 1, 2, 1, 1, 0), (3, 3, 1, 2, 1, 2))
SAMPLES = (0, 1)  # at each, the axes take these shapes and all other sizes are 1, 2 or 3


class StepPrinter(BookPrinter):
    """The book's printer, which says in full how far every sum runs and what a set contains."""

    def _print_Sum(self, expr: Sum) -> str:  # noqa: N802
        letters = {x: last - first + 1 for x, first, last in expr.limits}
        if isinstance(expr.function, Within):
            return self._points(letters, *expr.function.args)
        return " ".join(self.pieces((letters,), expr.function))

    def _print_Add(self, expr: Add, order: Any = None) -> str:  # noqa: N802
        """Sums stand in the order in which they are added."""
        sums = all(isinstance(x, Sum) for x in expr.args)
        return " + ".join(map(self._print, expr.args)) if sums else super()._print_Add(expr, order)

    def pieces(self, groups: Iterable[Ranges], summand: Expr) -> list[str]:
        """A summand after the sum signs of groups of letters, all of which start at 0.

        Sets are pieces of their own, so that a line may break before each.
        """
        signs = [rf"\sum_{{{self._ranges(letters)}}}" for letters in groups if letters]
        if summand.has(Within):
            return [*signs, *map(self._print, Mul.make_args(summand))]
        text = self._print(summand)
        return [" ".join([*signs, f"({text})" if summand.is_Add else text])]

    def _ranges(self, letters: Ranges) -> str:
        return r",\, ".join(f"{self._print(x)} < {self._print(n)}" for x, n in letters.items())

    def _points(self, letters: Ranges, place: Expr, extent: Expr) -> str:
        """The number of points that lie on the image."""
        names = ", ".join(map(self._print, letters))
        point = f"({names})" if len(letters) > 1 else names
        inside = rf"0 \le {index_latex(self, with_middles(place))} < {self._print(extent)}"
        return rf"\#\{{{point} : {self._ranges(letters)},\, {inside}\}}"


@dataclass(frozen=True)
class Step:
    """A count as it is defined and its closed form, found equal at sample sizes when it is made.

    ``groups`` are the letters of the sum signs before the summand, the outer ones first. What is
    compared is what is printed. Raises CheckError if the sides differ, or if they could be one
    object: the left side adds something up, the closed form does not.
    """

    groups: tuple[Ranges, ...]
    summand: Expr
    closed: Expr

    def __post_init__(self) -> None:
        if not self.sum.has(Sum) or self.closed.has(Sum):
            raise CheckError(f"no sum and its closed form: {self.sum} and {self.closed}")
        for sample in SAMPLES:
            values = _values(self.sum.free_symbols | self.closed.free_symbols, sample)
            if evaluate(self.sum, values) != evaluate(self.closed, values):
                raise CheckError(f"{self.sum} is not {self.closed} at {values}")

    @property
    def sum(self) -> Expr:
        """What is added up."""
        return _total(self.summand, dict(chain.from_iterable(x.items() for x in self.groups)))

    @property
    def pieces(self) -> list[str]:
        """The LaTeX of the equation, in pieces between which a line may break."""
        left = StepPrinter().pieces(self.groups, self.summand)
        return [*left, f"= {latex(self.closed)}"]


def _total(summand: Expr, letters: Ranges) -> Expr:
    """The summand added up over letters that start at 0."""
    limits = [(x, Integer(0), extent - 1) for x, extent in letters.items()]
    return Sum(summand, *limits) if limits else summand


def _values(symbols: Iterable[Basic], sample: int) -> dict[Basic, Integer]:
    """Sizes at which a step is carried out."""
    axes = _axes(sample)
    others = sorted((x for x in symbols if x not in axes), key=str)
    return axes | {x: Integer(1 + n // 3**sample % 3) for n, x in enumerate(others)}


@cache
def _axes(sample: int) -> dict[Basic, Integer]:
    """The shape of every direction, and what its axis counts."""
    values: dict[Basic, Integer] = {}
    for number, direction in enumerate(DIRECTIONS.values()):
        shape = SHAPES[(number + sample) % len(SHAPES)]
        axis = Axis(*shape)
        given = dict(zip(GEOMETRY, shape, strict=True))
        counted = {name: int(getattr(axis, name)) for name in COUNTED}
        values |= {getattr(direction, x): Integer(n) for x, n in (given | counted).items()}
    return values


def stage_steps(count: StageCount) -> dict[str, Step]:
    r"""The derivation of each count of a stage: the sum over its domain, and its closed form.

    >>> from derive.algebra.counting import Count
    >>> from derive.families import pointwise
    >>> ((_, (stage,)),) = Count(pointwise.family).stages
    >>> for piece in stage_steps(stage)["weights"].pieces:
    ...     print(piece)
    \sum_{o < C_{\mathrm{out}},\, i < C_{\mathrm{in}}} 1
    = C_{\mathrm{in}} C_{\mathrm{out}}
    """
    domain = dict(count.stage.domain)
    summed = {x: extent for x, extent in count.domain.items() if x not in domain}
    each = Mul(*summed.values())
    with_bias = count.additions + count.bias_additions
    return {
        "weights": Step((_weights(count),), Integer(1), count.weights),
        "outputs": Step((domain,), Integer(1), count.outputs),
        "products": Step((domain, summed), Integer(1), count.products),
        "additions": Step((domain,), each - 1, count.additions),
        "additions_with_bias": Step((domain,), each, with_bias),
        "in_bounds": _on_the_image(count, domain | summed),
        "moved": _moved(count),
    }


def _weights(count: StageCount) -> Ranges:
    return {x: count.domain[x] for x in count.stage.factor.indices}


def _on_the_image(count: StageCount, letters: Ranges) -> Step:
    """Products on the image: windows and taps are counted only where the pixel exists."""
    applied = count.stage.applied
    grid = {x for d in applied for x in (d.pixel, d.tap)}
    rest = {x: extent for x, extent in letters.items() if x not in grid}
    sets = [_pairs(count, direction) for direction in applied]
    return Step((rest,), Mul(*sets, evaluate=False), count.products_in_bounds)


def _pairs(count: StageCount, direction: Direction) -> Expr:
    """The windows and taps along a direction whose pixel exists, counted."""
    place = next(x for x in count.stage.source.indices if direction.pixel in x.free_symbols)
    free = (x for x in (direction.pixel, direction.tap) if x in count.domain)
    return _total(Within(place, direction.input), {x: count.domain[x] for x in free})


def _moved(count: StageCount) -> Step:
    """Bytes moved: what the stage reads, its weights and what it writes, each once."""
    tensors = (dict(count.stage.reads), _weights(count), dict(count.stage.domain))
    numbers = (_total(Integer(1), tensor) for tensor in tensors)
    return Step((), nu * Add(*numbers, evaluate=False), nu * count.moved)
