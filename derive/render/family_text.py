"""A family, or a line of the reader's own, as text to take away: CSV, LaTeX, Markdown."""

from collections.abc import Iterator
from dataclasses import replace

from derive.facts.family import DerivedFacts, FamilyFacts, FormulaFacts, formulas_of
from derive.notation.bias import Bias
from derive.notation.formula import Formula
from derive.render.latex import (
    definition_latex,
    equation_latex,
    guard_latex,
    guard_words,
    latex,
)
from derive.render.tabular import Mathematics, Tabular, tex, written

SAME_SIZE = "n × n with n odd, stride 1, same padding"
COLUMNS = ("formula", "in general", "for", SAME_SIZE, "for")


def family_text(facts: FamilyFacts, form: str, bias: Bias = Bias.ALL) -> str:
    """The formulas of a family as csv; definition, stages, formulas and symbols in other forms.

    ``bias`` says which stages have one in the formulas with bias.

    Raises KeyError for a form that is none of csv, latex and markdown.

    >>> from derive.catalogue import FAMILIES
    >>> from derive.facts.family import family_facts
    >>> family_text(family_facts(FAMILIES["asymmetric"]), "csv").splitlines()[1][:45]
    'parameters,C_in*k_h*m + C_out*k_w*m,all sizes'
    """
    return derived_text(facts.words.title, facts.derived, form, facts.words.summary, bias)


def derived_text(
    title: str, facts: DerivedFacts, form: str, summary: str = "", bias: Bias = Bias.ALL
) -> str:
    """The formulas of a line as csv; with its definition and stages in other forms."""
    shown = replace(facts, formulas=formulas_of(facts, bias))
    return {"csv": _csv, "latex": _latex, "markdown": _markdown}[form](title, summary, shown)


def _csv(title: str, summary: str, facts: DerivedFacts) -> str:
    return written(_formulas(facts), "csv")


def _formulas(facts: DerivedFacts) -> Tabular:
    """Every formula in general and on a same-size layer, each with its guard."""
    return Tabular(COLUMNS, [[_words(name), *_cells(one)] for name, one in facts.formulas.items()])


def _words(name: str) -> str:
    return name.replace("_", " ")


def _cells(formula: FormulaFacts) -> Iterator[Mathematics]:
    for one in (formula.general, formula.square):
        yield Mathematics(str(one.expr), latex(one.expr))
        yield Mathematics(guard_words(one.guard), _guard(one))


def _guard(formula: Formula) -> str:
    return r",\; ".join(guard_latex(formula.guard))


def _markdown(title: str, summary: str, facts: DerivedFacts) -> str:
    stages = (f"$$\n{equation_latex(stage.equation)}\n$$" for stage in facts.line.stages)
    parts = [f"## {title}"]
    parts += [summary] if summary else []
    parts += [f"$$\n{definition_latex(facts.line.line)}\n$$", "Stages:", *stages]
    parts += [written(_formulas(facts), "markdown"), "Symbols:"]
    listed = (f"- ${latex(symbol)}$: {meant}" for symbol, meant in facts.symbols.items())
    return "\n\n".join([*parts, "\n".join(listed)])


def _latex(title: str, summary: str, facts: DerivedFacts) -> str:
    """Text and displays for an article; formulas run on, so that long ones break into lines."""
    stages = [equation_latex(stage.equation) for stage in facts.line.stages]
    said = f" {tex(summary)}" if summary else ""
    formulas = ((tex(_words(name)), _formula(one)) for name, one in facts.formulas.items())
    symbols = ((f"${latex(symbol)}$", tex(meant)) for symbol, meant in facts.symbols.items())
    lines = [
        f"% {title}: needs \\usepackage{{amsmath}}",
        f"\\paragraph{{{tex(title)}.}}{said}",
        *_displayed([definition_latex(facts.line.line)]),
        "Its stages are",
        *_displayed(stages),
        "and its counts are",
        *_described(formulas),
        "where",
        *_described(symbols),
    ]
    return "\n".join(lines)


def _displayed(equations: list[str]) -> list[str]:
    body = " \\\\\n".join(f"  {equation}" for equation in equations)
    return ["\\begin{gather*}", body, "\\end{gather*}"]


def _described(items: Iterator[tuple[str, str]]) -> list[str]:
    listed = (f"  \\item[{label}] {words}" for label, words in items)
    return ["\\begin{description}", *listed, "\\end{description}"]


def _formula(formula: FormulaFacts) -> str:
    guard = _guard(formula.general)
    return f"${latex(formula.general.expr)}$" + (f" for ${guard}$" if guard else "")
