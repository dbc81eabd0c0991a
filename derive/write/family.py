"""A family as LaTeX to be copied."""

from derive.facts.family import DerivedFacts
from derive.write.latex import definition_latex, equation_latex, guard_words, latex


def latex_lines(name: str, facts: DerivedFacts) -> list[str]:
    """Definition, stages and formulas as LaTeX, a line each with its name in a comment."""
    lines = [f"% {name}", definition_latex(facts.line.line)]
    lines += [f"{equation_latex(stage.equation)} % {stage.factor}" for stage in facts.line.stages]
    for title, formula in facts.formulas.items():
        general = formula.general
        lines.append(f"{latex(general.expr)} % {title}: {guard_words(general.guard)}")
    return lines
