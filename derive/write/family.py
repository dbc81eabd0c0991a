"""A family as plain data: its line, its stages, every formula with guard and everyday case."""

from functools import cache
from typing import Any

from sympy import IndexedBase, Integer, Sum

from derive.algebra.counting import Count
from derive.algebra.everyday import everyday
from derive.algebra.exactness import Exactness
from derive.catalogue import Entry
from derive.notation.convolution import compose, stages
from derive.notation.family import Family, Line
from derive.notation.formula import Formula
from derive.notation.letters import MEANING, meaning, tau, Y
from derive.write.latex import (
    composed_latex,
    definition_latex,
    guard_words,
    latex,
    numbered,
    stage_latex,
)

EVERY = "every kernel"


@cache
def family_document(entry: Entry) -> dict[str, Any]:
    """Everything about a family, in the schema derive/family/1.

    >>> from derive.catalogue import FAMILIES
    >>> family_document(FAMILIES["asymmetric"])["einsum"]
    'jiu,ojv->oiuv'
    """
    return {
        "schema": "derive/family/1",
        **definition_document(entry),
        "formulas": {name: formula_document(f, entry) for name, f in entry.formulas.items()},
        "transposed": transposed_document(entry),
        "symbols": symbols(entry),
    }


def narrow_document(line: Line) -> dict[str, Any] | None:
    """When ranks decide with bonds of size 1 though not in general: these sizes, and the condition.

    >>> from derive.families import asymmetric, cp
    >>> narrow_document(asymmetric.family), narrow_document(cp.family)["sizes"]
    (None, ['R'])
    """
    exactness = Exactness(line)
    if exactness.narrow is None:
        return None
    return {
        "sizes": [symbol.name for symbol in exactness.bonds],
        "exact_when": exactness.narrow.words,
    }


@cache
def definition_document(entry: Entry) -> dict[str, Any]:
    """What a family is, without its formulas.

    >>> from derive.catalogue import FAMILIES
    >>> definition_document(FAMILIES["cp"])["einsum"]
    'ri,ru,rv,or->oiuv'
    """
    line = entry.family
    return {
        "name": entry.name,
        "title": entry.title,
        "summary": entry.summary,
        "prose": list(entry.prose),
        "also_called": list(entry.aliases),
        "sources": list(entry.sources),
        "definition": definition_latex(line),
        "line": str(line),
        "factors": [str(factor) for _, family in line.branches for factor in family.factors],
        "branches": [
            {"times": str(times), "factors": [str(factor) for factor in family.factors]}
            for times, family in line.branches
        ],
        "einsum": einsum(entry),
        "letters": letters(entry),
        "channels": {str(side): str(extent) for side, extent in line.channels.items()},
        "stages": stage_documents(entry),
        "nested": nested_latex(entry),
        "wasteful": [
            {"factor": str(factor), "repeats_for": [str(x) for x in letters]}
            for _, family in line.branches
            for factor, letters in family.waste
        ],
        "exact_when": entry.exact_when,
    }


def einsum(entry: Entry) -> str:
    """The contraction in einsum notation; branches are joined by a plus."""
    terms = (
        f"{'' if times == 1 else f'{times} × '}{family.einsum}"
        for times, family in entry.family.branches
    )
    return " + ".join(terms)


def letters(entry: Entry) -> dict[str, dict[str, str]]:
    """Every letter of the line: what it runs over and what it means."""
    found = {}
    for _, family in entry.family.branches:
        for x in family.letters:
            found[x.name] = {
                "size": str(family.sizes[x]),
                "latex": latex(family.sizes[x]),
                "meaning": MEANING.get(x, "a letter of your own"),
            }
    return found


def symbols(entry: Entry) -> dict[str, str]:
    """Every symbol of the formulas, with its meaning."""
    formulas = (*entry.formulas.values(), *transposed_formulas(entry).values())
    used = set().union(*(formula.symbols for formula in formulas))
    return {symbol.name: meaning(symbol) for symbol in sorted(used, key=str)}


def stage_documents(entry: Entry, *, transposed: bool = False) -> list[dict[str, Any]]:
    """The stages of every branch as sums, then the sum of the branches if there are several.

    ``textbook`` is at stride and dilation 1.
    """
    plain = {s: Integer(1) for d in entry.directions for s in (d.stride, d.dilation)}
    documents = []
    for number, (times, family) in enumerate(entry.family.branches, start=1):
        result = IndexedBase(f"Y_{number}") if is_sum(entry.family) else Y
        pipeline = stages(
            numbered(times, family), entry.directions, transposed=transposed, result=result
        )
        documents += [
            {
                "factor": str(stage.factor),
                "target": str(stage.target),
                "sympy": str(stage.value),
                "latex": stage_latex(stage),
                "textbook": stage_latex(stage, plain),
                "domain": {str(x): str(extent) for x, extent in stage.domain},
            }
            for stage in pipeline
        ]
    return documents + ([_branch_sum(entry)] if is_sum(entry.family) else [])


def is_sum(line: Line) -> bool:
    """Whether a line is run as several pipelines whose results are added."""
    return len(line.branches) > 1 or line.branches[0][0] != 1


def _branch_sum(entry: Entry) -> dict[str, Any]:
    """The last stage of a sum: the results of the branches added up."""
    line, pixels = entry.family, [d.pixel for d in entry.directions]
    target = Y[(*line.outputs, *pixels)]
    value = Integer(0)
    for number, (times, family) in enumerate(line.branches, start=1):
        outputs = numbered(times, family).outputs
        summand = IndexedBase(f"Y_{number}")[(*outputs, *pixels)]
        value += summand if times == 1 else Sum(summand, (tau, 0, times - 1))
    equation = f"{latex(target)} = {latex(value)}"
    return {
        "factor": "sum of the branches",
        "target": str(target),
        "sympy": str(value),
        "latex": equation,
        "textbook": equation,
        "domain": {},
    }


def nested_latex(entry: Entry) -> str:
    """The stages put into one another at stride and dilation 1; empty for one stage or a sum."""
    line = entry.family
    if not isinstance(line, Family) or len(line.factors) == 1:
        return ""
    plain = {s: Integer(1) for d in entry.directions for s in (d.stride, d.dilation)}
    pipeline = stages(line, entry.directions)
    return composed_latex(pipeline[-1], compose(pipeline).xreplace(plain))


def transposed_document(entry: Entry) -> dict[str, Any]:
    """A family run as transposed convolutions: its stages and its counts."""
    formulas = transposed_formulas(entry).items()
    return {
        "stages": stage_documents(entry, transposed=True),
        "formulas": {name: _printed(formula) for name, formula in formulas},
    }


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


def formula_document(formula: Formula, entry: Entry) -> dict[str, Any]:
    """A formula with its guard, and what it becomes on the everyday layer."""
    square = everyday(formula, entry.directions)
    return {**_printed(formula), "square": _printed(square)}


def _printed(formula: Formula) -> dict[str, str]:
    return {
        "sympy": str(formula.expr),
        "latex": latex(formula.expr),
        "guard": guard_words(formula.guard),
    }


def represented(when: str) -> str:
    """Which kernels a family represents, as a sentence.

    >>> represented("every kernel"), represented("its rank is 1")
    ('Represents every kernel.', 'Represents a kernel if and only if its rank is 1.')
    """
    return f"Represents {when if when == EVERY else f'a kernel if and only if {when}'}."
