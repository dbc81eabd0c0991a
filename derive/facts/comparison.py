"""Every family on one layer: what it costs, for which kernels it is exact, and what to know."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from sympy import Expr, Indexed, Symbol

from derive.algebra.counting import StageCount
from derive.comparison import break_even, Choices, NOTES, Omitted, Row, rows
from derive.facts.layer import layer_facts, LayerFacts
from derive.facts.record import As, printed
from derive.notation.bias import Bias
from derive.notation.family import Letters
from derive.notation.layer import Layer

COMPARISON = "derive/compare/1"  # the schema
EXACTNESS_NEEDS = "zero padding, no bias and no activation between stages"


@dataclass(frozen=True)
class Totals:
    """Counts that a bias changes."""

    parameters: int
    additions: int
    flops: int
    bytes: int


@dataclass(frozen=True)
class TotalsWithoutBias(Totals):
    """Counts without bias, where padding may also be skipped."""

    flops_in_bounds: int


@dataclass(frozen=True)
class Shares:
    """Counts over those of the standard convolution."""

    parameters: Fraction
    macs: Fraction
    flops: Fraction


@dataclass(frozen=True)
class StageNumbers:
    """One stage of a row: how often it occurs, its filters, and what it costs each time.

    A ``filter`` has taps along every axis, 1 where the stage slides none, by channels; branches
    are numbered from 1.
    """

    factor: Indexed
    times: int
    parameters: int
    macs: int
    macs_in_bounds: int
    activations: int
    branch: int
    filters: int
    filter: tuple[int, ...]


@dataclass(frozen=True)
class BreakEven:
    """The size that a family chooses, and the largest at which it has fewer MACs than standard."""

    size: Symbol
    at_most: int


@dataclass(frozen=True)
class MoreExpensive:
    """A row costs more than the standard convolution: by which counts, and how many times."""

    shares: tuple[tuple[str, Fraction], ...]

    @property
    def words(self) -> str:
        """The note for a reader."""
        times = (
            NOTES["share"].format(share=f"{float(share):.3g}", words=words)
            for words, share in self.shares
        )
        return NOTES["more"].format(shares=" and ".join(times))


@dataclass(frozen=True)
class WastefulOrder:
    """A stage repeats itself for every value of some letters."""

    factor: Indexed
    letters: Annotated[Letters, printed(repeats_for=As.PLAIN)]

    @property
    def words(self) -> str:
        """The note for a reader."""
        again = ", ".join(map(str, self.letters))
        return NOTES["waste"].format(factor=self.factor, letters=again)


@dataclass(frozen=True)
class Universal:
    """A row represents every kernel."""

    @property
    def words(self) -> str:
        """The note for a reader."""
        return NOTES["universal"]


Note = MoreExpensive | WastefulOrder | Universal


@dataclass(frozen=True)
class RowFacts:
    """A family at one setting on one layer; the totals are with the biases of the layer."""

    name: str
    title: str
    setting: Mapping[Symbol, int]
    parameters: int
    macs: int
    macs_in_bounds: int
    multiplications: int
    additions: int
    flops: int
    activations: int
    bytes: int
    intensity: Fraction
    degrees_of_freedom: int
    degrees_of_freedom_exact: bool
    without_bias: TotalsWithoutBias
    with_bias: Totals
    with_last_bias: Totals
    ratio: Shares
    receptive_field: tuple[int, ...]
    stages: tuple[StageNumbers, ...]
    exact_when: str
    exact_when_brief: str
    dearer: bool
    universal: bool
    break_even: BreakEven | None
    notes: Annotated[tuple[Note, ...], printed(notes=As.WORDS)]


@dataclass(frozen=True)
class ComparisonFacts:
    """Every family on one layer, in the schema derive/compare/1."""

    schema: str
    layer: LayerFacts
    exactness_needs: str
    families: tuple[RowFacts, ...]
    omitted: tuple[Omitted, ...]

    def row(self, name: str) -> RowFacts:
        """The first row of a family.

        >>> from derive.parse.layer import read_layer
        >>> compare(read_layer()).row("standard").parameters
        216
        """
        return next(row for row in self.families if row.name == name)


def compare(layer: Layer, choices: Choices | None = None) -> ComparisonFacts:
    """Every family on one layer; InputError where a layer or choices of another kind are given.

    >>> from derive.parse.layer import read_layer
    >>> facts = compare(read_layer())
    >>> [row.macs for row in facts.families if row.name == "standard"]
    [3538944]
    """
    found, omitted = rows(layer, choices)
    standard = next(row for row in found if row.entry.name == "standard")
    return ComparisonFacts(
        schema=COMPARISON,
        layer=layer_facts(layer),
        exactness_needs=EXACTNESS_NEEDS,
        families=tuple(row_facts(row, standard) for row in found),
        omitted=tuple(omitted),
    )


def row_facts(row: Row, standard: Row) -> RowFacts:
    """One row, set against the standard convolution on its layer."""
    totals = _totals(row, row.layer.bias)
    freedom, exact = row.freedom
    costs_more = _more_expensive(row, standard)
    return RowFacts(
        name=row.entry.name,
        title=row.entry.title,
        setting=row.chosen,
        parameters=totals.parameters,
        macs=row.number("macs"),
        macs_in_bounds=row.number("macs_in_bounds"),
        multiplications=row.number("multiplications"),
        additions=totals.additions,
        flops=totals.flops,
        activations=row.number("activations"),
        bytes=totals.bytes,
        intensity=Fraction(totals.flops, totals.bytes),
        degrees_of_freedom=freedom,
        degrees_of_freedom_exact=exact,
        without_bias=_without_bias(row),
        with_bias=_totals(row, Bias.ALL),
        with_last_bias=_totals(row, Bias.LAST),
        ratio=_shares(row, standard),
        receptive_field=tuple(int(row.at(formula)) for formula in row.fields),
        stages=tuple(_stages(row)),
        exact_when=row.exactness.words,
        exact_when_brief=row.exactness.brief,
        dearer=bool(costs_more),
        universal=row.exactness.every_kernel,
        break_even=_break_even(row, standard),
        notes=tuple(_notes(row, standard, costs_more)),
    )


def _without_bias(row: Row) -> TotalsWithoutBias:
    names = ("parameters", "additions", "flops", "bytes", "flops_in_bounds")
    return TotalsWithoutBias(*map(row.number, names))


def _totals(row: Row, bias: Bias) -> Totals:
    names = ("parameters", "additions", "flops", "bytes")
    return Totals(*(row.number(bias.of(name)) for name in names))


def _shares(row: Row, standard: Row) -> Shares:
    """The share of the standard convolution, both with the bias of the layer."""
    bias = row.layer.bias
    names = (bias.of("parameters"), "macs", bias.of("flops"))
    return Shares(*(Fraction(row.number(name), standard.number(name)) for name in names))


def _stages(row: Row) -> Iterator[StageNumbers]:
    for branch, (times, stages) in enumerate(row.numbers.stages, start=1):
        yield from (_stage(row, branch, times, stage) for stage in stages)


def _stage(row: Row, branch: int, times: Expr, stage: StageCount) -> StageNumbers:
    return StageNumbers(
        factor=stage.stage.factor,
        times=row.size(times),
        parameters=row.size(stage.weights),
        macs=row.size(stage.products),
        macs_in_bounds=row.size(stage.products_in_bounds),
        activations=row.size(stage.outputs),
        branch=branch,
        filters=row.size(stage.filters),
        filter=tuple(map(row.size, stage.filter)),
    )


def _notes(row: Row, standard: Row, costs_more: MoreExpensive | None) -> Iterator[Note]:
    """What a reader should know about a row."""
    if row.entry.name == standard.entry.name:
        return
    if costs_more:
        yield costs_more
    yield from (WastefulOrder(factor, letters) for factor, letters in row.waste)
    if row.exactness.every_kernel:
        yield Universal()


def _more_expensive(row: Row, standard: Row) -> MoreExpensive | None:
    """In what a row costs more than the standard convolution, and how many times as much."""
    named = (("parameters", "parameters"), ("macs", "MACs"))
    shares = ((words, Fraction(row.number(x), standard.number(x))) for x, words in named)
    more = tuple((words, share) for words, share in shares if share > 1)
    return MoreExpensive(more) if more else None


def _break_even(row: Row, standard: Row) -> BreakEven | None:
    found = break_even(row, standard)
    return BreakEven(*found) if found else None
