"""A family: its line, its stages, every formula with its guard, in general and short."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated

from sympy import Expr, Indexed, IndexedBase, Integer, Sum, Symbol

from derive.algebra.counting import Count
from derive.algebra.exactness import Exactness
from derive.algebra.same_size import same_size
from derive.catalogue import Entry
from derive.facts.comparison import WastefulOrder
from derive.facts.record import As, printed, WITHIN
from derive.notation.bias import Bias
from derive.notation.convolution import compose, numbered, Stage, stages
from derive.notation.family import Family, Line
from derive.notation.formula import Formula
from derive.notation.letters import MEANING, meaning, tau, Y

SUM = "sum of the branches"  # the last stage of several pipelines


@dataclass(frozen=True)
class Equation:
    """A result and what it equals, printed at some sizes such as stride 1."""

    target: Indexed
    value: Expr
    at: Mapping[Symbol, Expr] = field(default_factory=dict)


@dataclass(frozen=True)
class StageFacts:
    """A stage as a sum over its factor; ``textbook`` is the equation at stride and dilation 1."""

    factor: Indexed | str
    target: Indexed
    value: Annotated[Expr, printed(sympy=As.PLAIN)]
    equation: Annotated[Equation, printed(latex=As.LATEX)]
    textbook: Annotated[Equation, printed(textbook=As.LATEX)]
    domain: Mapping[Symbol, Expr]


@dataclass(frozen=True)
class BranchFacts:
    """A pipeline that occurs some times."""

    times: Expr
    factors: tuple[Indexed, ...]


@dataclass(frozen=True)
class LetterFacts:
    """A letter of a line: how far it runs, and what it means."""

    size: Annotated[Expr, printed(size=As.PLAIN, latex=As.LATEX)]
    meaning: str


@dataclass(frozen=True)
class LineFacts:
    """What a line is, without its formulas; ``nested`` are its stages put into one another."""

    line: Annotated[Line, printed(definition=As.LATEX, line=As.PLAIN)]
    factors: tuple[Indexed, ...]
    branches: tuple[BranchFacts, ...]
    einsum: str
    letters: Mapping[Symbol, LetterFacts]
    channels: Mapping[Symbol, Expr]
    stages: tuple[StageFacts, ...]
    nested: Annotated[Equation | None, printed(nested=As.LATEX)]
    wasteful: tuple[WastefulOrder, ...]
    exact_when: str


@dataclass(frozen=True)
class FormulaFacts:
    """A formula, and what it becomes on a same-size layer."""

    general: Annotated[Formula, WITHIN]
    square: Formula


@dataclass(frozen=True)
class TransposedFacts:
    """A line run as transposed convolutions: its stages, and the formulas that differ then."""

    stages: tuple[StageFacts, ...]
    formulas: Mapping[str, Formula]


@dataclass(frozen=True)
class DerivedFacts:
    """All that is derived from a line."""

    line: Annotated[LineFacts, WITHIN]
    formulas: Mapping[str, FormulaFacts]
    transposed: TransposedFacts
    symbols: Mapping[Symbol, str]


@dataclass(frozen=True)
class WordFacts:
    """What the book says of a family."""

    name: str
    title: str
    summary: str
    prose: tuple[str, ...]
    also_called: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class FamilyFacts:
    """Everything about a family, in the schema derive/family/1."""

    schema: str
    words: Annotated[WordFacts, WITHIN]
    derived: Annotated[DerivedFacts, WITHIN]


@dataclass(frozen=True)
class NarrowFacts:
    """The bonds with whose sizes 1 ranks decide, and the condition then."""

    sizes: tuple[Symbol, ...]
    exact_when: str


@cache
def family_facts(entry: Entry) -> FamilyFacts:
    """Everything about a family.

    >>> from derive.catalogue import FAMILIES
    >>> family_facts(FAMILIES["asymmetric"]).derived.line.einsum
    'jiu,ojv->oiuv'
    """
    names = ("name", "title", "summary", "prose", "aliases", "sources")
    words = WordFacts(*(getattr(entry, name) for name in names))
    return FamilyFacts("derive/family/1", words, derived_facts(entry))


@cache
def derived_facts(entry: Entry) -> DerivedFacts:
    """All that is derived from the line of an entry."""
    formulas = {
        name: FormulaFacts(formula, same_size(formula, entry.directions))
        for name, formula in entry.formulas.items()
    }
    return DerivedFacts(line_facts(entry), formulas, transposed_facts(entry), _symbols(entry))


def formulas_of(facts: DerivedFacts, bias: Bias) -> dict[str, FormulaFacts]:
    """The formulas without bias, and those with one on the stages that are named.

    >>> from derive.catalogue import FAMILIES
    >>> list(formulas_of(derived_facts(FAMILIES["standard"]), Bias.LAST))[:2]
    ['parameters', 'parameters_with_last_bias']
    """
    others = tuple(one.of("") for one in Bias if one and one is not bias)
    return {name: one for name, one in facts.formulas.items() if not name.endswith(others)}


@cache
def line_facts(entry: Entry) -> LineFacts:
    """What the line of an entry is, without its formulas.

    >>> from derive.catalogue import FAMILIES
    >>> line_facts(FAMILIES["cp"]).einsum
    'ri,ru,rv,or->oiuv'
    """
    line = entry.family
    return LineFacts(
        line=line,
        factors=tuple(factor for _, family in line.branches for factor in family.factors),
        branches=tuple(BranchFacts(times, family.factors) for times, family in line.branches),
        einsum=_einsum(line),
        letters={
            x: LetterFacts(family.sizes[x], MEANING.get(x, "a letter of your own"))
            for _, family in line.branches
            for x in family.letters
        },
        channels=line.channels,
        stages=tuple(_stages(entry)),
        nested=_nested(entry),
        wasteful=tuple(
            WastefulOrder(factor, letters)
            for _, family in line.branches
            for factor, letters in family.waste
        ),
        exact_when=entry.exact_when,
    )


def transposed_facts(entry: Entry) -> TransposedFacts:
    """A line run as transposed convolutions: its stages, and the formulas that differ then."""
    return TransposedFacts(tuple(_stages(entry, transposed=True)), transposed_formulas(entry))


def transposed_formulas(entry: Entry) -> dict[str, Formula]:
    """What differs when a family is run as transposed convolutions.

    >>> from derive.catalogue import FAMILIES
    >>> transposed_formulas(FAMILIES["standard"])["receptive_field_w"].expr
    d_w*floor((k_w - 1)*Gcd(s_w, d_w)/s_w)/Gcd(s_w, d_w) + 1
    """
    count = Count(entry.family, entry.directions, transposed=True)
    names = ("macs", "macs_in_bounds", "additions", "activations", "bytes")
    fields = {
        f"receptive_field_{d.kernel.name[-1]}": count.receptive_field(d) for d in entry.directions
    }
    return {name: getattr(count, name) for name in names} | fields


def narrow_facts(line: Line) -> NarrowFacts | None:
    """When ranks decide with bonds of size 1 though not in general: these sizes, and the condition.

    >>> from derive.families import asymmetric, cp
    >>> narrow_facts(asymmetric.family), narrow_facts(cp.family).sizes
    (None, (R,))
    """
    exactness = Exactness(line)
    if exactness.narrow is None:
        return None
    return NarrowFacts(exactness.bonds, exactness.narrow.words)


def is_sum(line: Line) -> bool:
    """Whether a line is run as several pipelines whose results are added."""
    return len(line.branches) > 1 or line.branches[0][0] != 1


def _einsum(line: Line) -> str:
    """The contraction in einsum notation; branches are joined by a plus."""
    terms = (
        f"{'' if times == 1 else f'{times} × '}{family.einsum}" for times, family in line.branches
    )
    return " + ".join(terms)


def _symbols(entry: Entry) -> dict[Symbol, str]:
    """Every symbol of the formulas, with its meaning."""
    formulas = (*entry.formulas.values(), *transposed_formulas(entry).values())
    used = set().union(*(formula.symbols for formula in formulas))
    return {symbol: meaning(symbol) for symbol in sorted(used, key=str)}


def _plain(entry: Entry) -> dict[Symbol, Expr]:
    """Stride and dilation 1."""
    return {s: Integer(1) for d in entry.directions for s in (d.stride, d.dilation)}


def _stages(entry: Entry, *, transposed: bool = False) -> Iterator[StageFacts]:
    """The stages of every branch as sums, then the sum of the branches if there are several."""
    several = is_sum(entry.family)
    for number, (times, family) in enumerate(entry.family.branches, start=1):
        result = IndexedBase(f"Y_{number}") if several else Y
        pipeline = stages(
            numbered(times, family), entry.directions, transposed=transposed, result=result
        )
        yield from (_stage(stage, _plain(entry)) for stage in pipeline)
    if several:
        yield _branch_sum(entry)


def _stage(stage: Stage, plain: Mapping[Symbol, Expr]) -> StageFacts:
    return StageFacts(
        factor=stage.factor,
        target=stage.target,
        value=stage.value,
        equation=Equation(stage.target, stage.value),
        textbook=Equation(stage.target, stage.value, plain),
        domain=dict(stage.domain),
    )


def _branch_sum(entry: Entry) -> StageFacts:
    """The last stage of a sum: the results of the branches added up."""
    line, pixels = entry.family, [d.pixel for d in entry.directions]
    target = Y[(*line.outputs, *pixels)]
    value = Integer(0)
    for number, (times, family) in enumerate(line.branches, start=1):
        outputs = numbered(times, family).outputs
        summand = IndexedBase(f"Y_{number}")[(*outputs, *pixels)]
        value += summand if times == 1 else Sum(summand, (tau, 0, times - 1))
    equation = Equation(target, value)
    return StageFacts(SUM, target, value, equation, equation, domain={})


def _nested(entry: Entry) -> Equation | None:
    """The stages put into one another at stride and dilation 1; None for one stage or a sum."""
    line = entry.family
    if not isinstance(line, Family) or len(line.factors) == 1:
        return None
    pipeline = stages(line, entry.directions)
    return Equation(pipeline[-1].target, compose(pipeline).xreplace(_plain(entry)))
