"""A line of the reader's own: what a family has, its proof, and a layer's numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Annotated

from sympy import Expr, Symbol

from derive.algebra.exactness import Exactness
from derive.algebra.pipeline import is_the_convolution
from derive.catalogue import Entry, FAMILIES, own_line
from derive.comparison import attempts, Choices, Row
from derive.facts.comparison import row_facts, RowFacts
from derive.facts.family import derived_facts, DerivedFacts, narrow_facts, NarrowFacts
from derive.facts.family_relations import family_relations, FamilyRelations
from derive.facts.layer import layer_facts, LayerFacts
from derive.facts.record import As, printed, WITHIN
from derive.notation.errors import InputError
from derive.notation.family import Family, Letters, Line
from derive.notation.layer import Layer
from derive.parse.layer import read_layer
from derive.parse.line import own_letters, read_line

# Layers that a line may fit: that of the opening question first.
LAYERS: tuple[Callable[[], Layer], ...] = (
    read_layer,
    partial(read_layer, channels_out=3),
    partial(read_layer, channels_in=1, channels_out=1),
    partial(read_layer, channels_in=4, groups=2),
    partial(read_layer, image="16x128x128"),
)


@dataclass(frozen=True)
class ConvolutionFacts:
    """Whether every branch is proved to be the convolution with its kernel, and in what time."""

    proved: bool
    seconds: float


@dataclass(frozen=True)
class ExampleFacts:
    """A line on a layer at one setting, or at each of several, next to the standard convolution."""

    layer: Annotated[LayerFacts, printed(layer=As.PLAIN, words=As.WORDS)]
    line: RowFacts
    lines: tuple[RowFacts, ...]
    standard: RowFacts


@dataclass(frozen=True)
class RecognizedFacts:
    """Which family some code is, at which setting; ``left_out`` are layers that follow."""

    family: str
    title: str
    setting: Mapping[Symbol, int]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class OwnLineFacts:
    """Everything about a line as a reader wrote it, in the schema derive/define/1.

    ``decided`` is whether ranks decide which kernels it represents, and ``same_as`` the family of
    the book that it is; ``relations`` are the families that it equals, is contained in or contains.
    """

    schema: str
    given: str
    derived: Annotated[DerivedFacts, WITHIN]
    decided: bool
    narrow: NarrowFacts | None
    same_as: str | None
    convolution: ConvolutionFacts
    example: ExampleFacts | None
    relations: FamilyRelations
    recognized: Annotated[RecognizedFacts | None, printed(recognized=As.PRESENT)] = None


def own_line_facts(
    text: str,
    layer: Layer | None = None,
    choices: Choices | None = None,
    recognized: tuple[RecognizedFacts, Line] | None = None,
) -> OwnLineFacts:
    """Everything about the line that a reader wrote, or that was ``recognized`` in code.

    The example is the line on ``layer``, or on the first of a few layers that it fits. Raises
    InputError for a line that is none, and for one that does not fit the layer.

    >>> facts = own_line_facts("A[j,i,u] B[o,j,v]")
    >>> facts.derived.line.einsum, facts.convolution.proved, facts.same_as
    ('jiu,ojv->oiuv', True, 'asymmetric')
    """
    known, line = recognized or (None, read_line(text))
    entry = own_line(line)
    derived = derived_facts(entry)
    return OwnLineFacts(
        schema="derive/define/1",
        given=text,
        derived=replace(derived, symbols=_meanings(derived.symbols, line)),
        decided=Exactness(line).decided,
        narrow=narrow_facts(line),
        same_as=same_as(line),
        convolution=_convolution(entry),
        example=_example(entry, layer, choices or Choices()),
        relations=family_relations(entry),
        recognized=known,
    )


def same_as(line: Line) -> str | None:
    """The family of the book with the same factors in the same order, bonds renamed or not.

    >>> same_as(read_line("C[e,i,u] D[o,v,e]")), same_as(read_line("A[o,i,u]"))
    ('asymmetric', None)
    """
    return next(
        (name for name, entry in FAMILIES.items() if _shape(entry.family) == _shape(line)), None
    )


Shape = list[tuple[Expr, Letters, Letters, list[list[str]]]]


def _shape(line: Line) -> Shape:
    """A line without the names of its factors and of its bonds, which stand for what they join."""
    return [
        (
            times,
            family.inputs,
            family.outputs,
            [_joined(family, n) for n in range(len(family.factors))],
        )
        for times, family in line.branches
    ]


def _joined(family: Family, number: int) -> list[str]:
    """The letters of a factor; a bond goes by what it joins, or by a size that is not its own."""
    names = []
    for x in family.factors[number].indices:
        homes = [n for n, factor in enumerate(family.factors) if x in factor.indices]
        size = family.sizes[x]
        shared = [y for y in family.summed if family.sizes[y] == size]
        free = isinstance(size, Symbol) and len(shared) == 1
        names.append((str(homes) if free else f"{size}") if x in family.summed else x.name)
    return sorted(names)


def _convolution(entry: Entry) -> ConvolutionFacts:
    start = perf_counter()
    proved = all(
        is_the_convolution(family, entry.directions) for _, family in entry.family.branches
    )
    return ConvolutionFacts(proved, round(perf_counter() - start, 4))


def _example(entry: Entry, layer: Layer | None, choices: Choices) -> ExampleFacts | None:
    """The line on a layer, or on the first that it fits; InputError for one that it does not."""
    usual = [one for read in LAYERS if (one := read()).taps == entry.family.axes]
    found = [x for one in ([layer] if layer else usual) for x in attempts(entry, one, choices)]
    fitting = [x for x in found if isinstance(x, Row)]
    if layer and not fitting:
        raise InputError(f"the line does not fit this layer: it {found[0]}")
    if not fitting:
        return None
    row = fitting[0]
    (standard,) = attempts(FAMILIES["standard"], row.layer, Choices())
    assert isinstance(standard, Row)
    lines = tuple(row_facts(x, standard) for x in fitting if x.layer == row.layer)
    return ExampleFacts(layer_facts(row.layer), lines[0], lines, row_facts(standard, standard))


def _meanings(symbols: Mapping[Symbol, str], line: Line) -> dict[Symbol, str]:
    """What every symbol means, those of the reader's own letters included."""
    own = {extent.name: x for x, extent in own_letters(line).items() if isinstance(extent, Symbol)}
    return {
        symbol: f"how many values {own[symbol.name]} takes"
        if symbol.name == f"N_{own.get(symbol.name)}"
        else meaning
        for symbol, meaning in symbols.items()
    }
