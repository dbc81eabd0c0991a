"""A line of the reader's own for a terminal."""

from collections.abc import Iterator
from dataclasses import replace

from rich.console import Group, RenderableType
from rich.text import Text
from sympy import true

from derive.facts.comparison import COMPARISON, ComparisonFacts, EXACTNESS_NEEDS
from derive.facts.family_relations import FamilyRelation, FamilyRelations
from derive.facts.own_line import ConvolutionFacts, ExampleFacts, OwnLineFacts
from derive.notation.bias import Bias
from derive.notation.fields import BIASED
from derive.proof.status import Status
from derive.render.filters import filters
from derive.render.relation import plain_condition
from derive.render.status import sentence_words
from derive.render.table import compare_table, family_table


def define_table(facts: OwnLineFacts, stages: bool = False) -> RenderableType:
    """The answer to ``derive define``: as for a family, then the proof and a layer's numbers, with
    ``stages`` the filters too."""
    family = family_table(
        "Your own line", same_words(facts.same_as), facts.derived, shown_bias(facts)
    )
    parts: list[RenderableType] = [*map(Text, recognized_lines(facts)), family]
    parts += [Text(), _proof(facts.convolution)]
    parts += [Text(), *map(Text, relation_lines(facts.relations))]
    if facts.example:
        parts += [Text(), compare_table(_compared(facts.example), stages)]
    return Group(*parts)


def recognized_lines(facts: OwnLineFacts) -> Iterator[str]:
    """Which family the code of a framework is, with its filters and what it costs."""
    found, example = facts.recognized, facts.example
    if found is None or example is None:
        return
    row = example.line
    sizes = "".join(f", {symbol} = {size}" for symbol, size in found.setting.items())
    yield f"Recognized: {found.title}{sizes}: {filters(row.stages)}."
    bias = BIASED[example.layer.biased]
    yield f"It has {row.parameters:,} parameters ({bias}) and {row.macs:,} MACs."
    if found.left_out:
        yield f"Left out: {', '.join(found.left_out)} after the last convolution."
    yield ""


def shown_bias(facts: OwnLineFacts) -> Bias:
    """Which stages have a bias in the formulas with one: those of the layer, else all."""
    return (facts.example and facts.example.layer.biased) or Bias.ALL


def same_words(name: str | None) -> str:
    """Which family of the book a line is.

    >>> same_words("asymmetric")
    'The same line as the family asymmetric of the book.'
    """
    return f"The same line as the family {name} of the book." if name else "Not in the book."


def relation_lines(found: FamilyRelations) -> Iterator[str]:
    """Which families equal a line, contain it, and are contained in it.

    >>> from sympy import true
    >>> from derive.facts.family_relations import FamilyRelation
    >>> found = FamilyRelations((), (FamilyRelation("standard", true),), None)
    >>> [one.split(":")[0] for one in relation_lines(found)]
    ['Represented by', 'What it represents is not decided']
    """
    if found.equal:
        yield f"Equal, at equal sizes: {', '.join(found.equal)}."
    yield f"Represented by: {_listed(found.contained_in)}."
    if found.contains is None:
        yield "What it represents is not decided: no ranks decide which kernels are of this form."
    else:
        yield f"Represents: {_listed(found.contains)}."


def _listed(found: tuple[FamilyRelation, ...]) -> str:
    """Families, those that depend on sizes with what is enough."""
    words = (
        one.id if one.condition == true else f"{one.id} if {plain_condition(one.condition)}"
        for one in found
    )
    return "; ".join(words) or "no family"


def _proof(convolution: ConvolutionFacts) -> Text:
    if convolution.proved:
        sure = sentence_words(Status.PROVED)
        words = f"{sure}: the pipeline is the convolution with this kernel"
        return Text(f"{words} (zero padding, {convolution.seconds:.3f} s)", "green")
    return Text("not proved: the normal forms of pipeline and convolution differ", "red")


def _compared(example: ExampleFacts) -> ComparisonFacts:
    """The example as facts of ``derive compare``: standard above, the reader's line below."""
    lines = (replace(line, name="your line") for line in example.lines)
    rows = (example.standard, *lines)
    return ComparisonFacts(COMPARISON, example.layer, EXACTNESS_NEEDS, rows, ())
