"""A family derived step by step for a terminal: from its line to its layers and their cost."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from derive.algebra.pipeline import is_the_convolution
from derive.catalogue import Entry
from derive.facts.family import is_sum, line_facts
from derive.notation.errors import CheckError
from derive.notation.formula import Formula
from derive.render.family import represented
from derive.render.latex import (
    ALWAYS,
    definition_latex,
    equation_latex,
    guard_words,
    latex,
    printed_latex,
)
from derive.render.plain import text_of_tex
from derive.render.steps import stage_steps

COUNTS = {
    "Parameters: one for each value of the letters of a factor": ("parameters", "weights"),
    "MACs: for every number written, a product for each value summed": ("macs", "products"),
    "In-bounds MACs: the products whose pixel is on the image": ("macs_in_bounds", "in_bounds"),
    "Additions: a sum of D products takes D - 1": ("additions", "additions"),
    "Activations: the numbers written": ("activations", "outputs"),
    "Bytes: each stage reads input and weights once and writes its output once": ("bytes", "moved"),
}  # the rule of each count: its name, and the step that derives it for a stage


def derivation(entry: Entry) -> RenderableType:
    """A family derived step by step: line, stages, proof, condition, and every count as a sum.

    Raises CheckError if the stages are not the convolution with the kernel of the line.
    """
    line = line_facts(entry)
    return Group(
        Text.assemble((entry.title, "bold"), f"\n{entry.summary}"),
        _section(
            "The kernel is a contraction of the factors", [_text(definition_latex(line.line))]
        ),
        _section("The layers: sums nested one factor at a time", _stages(entry)),
        _section("They are the convolution with this kernel", [_proved(entry)]),
        _section("The kernels of this form", [represented(line.exact_when)]),
        *(_section(rule, list(_count(entry, *count))) for rule, count in COUNTS.items()),
    )


def _section(title: str, lines: list[str]) -> RenderableType:
    return Group(
        Text(), Text(title, "bold"), *(Padding(Text(x), (0, 0, 0, 2), expand=False) for x in lines)
    )


def _stages(entry: Entry) -> list[str]:
    """Every stage at any stride, dilation and padding, and the nested sum at stride 1."""
    line = line_facts(entry)
    stages = [_text(equation_latex(stage.equation)) for stage in line.stages]
    nested = printed_latex(line.nested)
    return [*stages, *(["at stride and dilation 1: " + _text(nested)] if nested else [])]


def _proved(entry: Entry) -> str:
    for _, family in entry.family.branches:
        if not is_the_convolution(family, entry.directions):
            raise CheckError(f"{family} is not the convolution with its kernel")
    return "for all sizes, strides, dilations and zero paddings: both have the same normal form"


def _count(entry: Entry, name: str, step: str) -> Iterator[str]:
    """A count: the sum of each stage with its closed form, then the total with its guard.

    What the total has beyond the stages is what adding branches costs; CheckError for a family that
    has a single one.
    """
    formula: Formula = getattr(entry.count, name)
    rest = formula.expr
    for times, stages in entry.count.stages:
        for stage in stages:
            found = stage_steps(stage)[step]
            rest -= times * found.closed
            often = "" if times == 1 else f"{times} times "
            yield f"{often}{stage.stage.factor.base}: {_text(' '.join(found.pieces))}"
    joining = rest.expand()
    if joining != 0 and not is_sum(entry.family):
        raise CheckError(f"the stages of {entry.name} do not add up to its {name}")
    if joining != 0:
        yield f"adding the branches: {_text(latex(joining))}"
    yield f"in all {_text(latex(formula.expr))}{_condition(formula)}"


def _condition(formula: Formula) -> str:
    guard = guard_words(formula.guard)
    return "" if guard == ALWAYS else f", for {guard}"


def _text(tex: str) -> str:
    return text_of_tex(tex)
