"""A family as plain data: its line, its stages, every formula with guard and everyday case."""

from typing import Any

from sympy import Integer

from derive.algebra.everyday import everyday
from derive.catalogue import Entry
from derive.notation.convolution import compose, stages
from derive.notation.formula import Formula
from derive.notation.letters import MEANING, meaning
from derive.write.latex import (
    composed_latex,
    definition_latex,
    guard_words,
    latex,
    stage_latex,
)


def family_document(entry: Entry) -> dict[str, Any]:
    """Everything about a family, in the schema derive/family/1.

    >>> import derive
    >>> family_document(derive.families["asymmetric"])["einsum"]
    'jiu,ojv->oiuv'
    """
    line = entry.family
    return {
        "schema": "derive/family/1",
        "name": entry.name,
        "title": entry.title,
        "summary": entry.summary,
        "prose": list(entry.prose),
        "also_called": list(entry.aliases),
        "sources": list(entry.sources),
        "definition": definition_latex(line),
        "factors": [str(factor) for _, family in line.branches for factor in family.factors],
        "einsum": einsum(entry),
        "letters": letters(entry),
        "channels": {str(side): str(extent) for side, extent in line.channels.items()},
        "stages": stage_documents(entry),
        "exact_when": entry.exact_when,
        "formulas": {name: formula_document(f, entry) for name, f in entry.formulas.items()},
        "symbols": symbols(entry),
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
                "meaning": MEANING.get(x, "a letter of your own"),
            }
    return found


def symbols(entry: Entry) -> dict[str, str]:
    """Every symbol of the formulas, with its meaning."""
    used = {s for formula in entry.formulas.values() for s in formula.expr.free_symbols}
    return {symbol.name: meaning(symbol) for symbol in sorted(used, key=str)}


def stage_documents(entry: Entry) -> list[dict[str, Any]]:
    """The stages of every branch, as sums; ``textbook`` is at stride and dilation 1."""
    plain = {s: Integer(1) for d in entry.directions for s in (d.stride, d.dilation)}
    documents = []
    for times, family in entry.family.branches:
        pipeline = stages(family, entry.directions)
        documents += [
            {
                "branch": str(family),
                "times": str(times),
                "factor": str(stage.factor),
                "target": str(stage.target),
                "sympy": str(stage.value),
                "latex": stage_latex(stage),
                "textbook": stage_latex(stage, plain),
                "composed": composed_latex(pipeline[-1], compose(pipeline).xreplace(plain)),
                "domain": {str(x): str(extent) for x, extent in stage.domain},
            }
            for stage in pipeline
        ]
    return documents


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


def latex_lines(document: dict[str, Any]) -> list[str]:
    """Definition, stages and formulas as LaTeX, a line each with its name in a comment."""
    lines = [f"% {document['name']}", document["definition"]]
    lines += [f"{stage['latex']} % {stage['factor']}" for stage in document["stages"]]
    for name, formula in document["formulas"].items():
        lines.append(f"{formula['latex']} % {name}: {formula['guard']}")
    return lines
