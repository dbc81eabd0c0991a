"""A family, or a line of the reader's own, as text to take away: CSV, LaTeX, Markdown."""

from collections.abc import Iterator, Mapping

from sympy import Symbol

from derive.algebra.everyday import everyday
from derive.catalogue import Entry
from derive.notation.formula import Formula
from derive.write.family import stage_documents, symbols, transposed_formulas
from derive.write.latex import definition_latex, guard_latex, guard_words, latex
from derive.write.tabular import Mathematics, Tabular, tex, written

EVERYDAY = "n × n with n odd, stride 1, same padding"
COLUMNS = ("formula", "in general", "for", EVERYDAY, "for")


def family_text(
    entry: Entry, title: str, form: str, meanings: Mapping[str, str] | None = None
) -> str:
    """The formulas of a family as csv; definition, stages, formulas and symbols in other forms.

    ``meanings`` explains symbols in other words than the book's. Raises KeyError for a form that
    is none of csv, latex and markdown.

    >>> from derive.catalogue import FAMILIES
    >>> family_text(FAMILIES["asymmetric"], "A pair", "csv").splitlines()[1][:45]
    'parameters,C_in*k_h*m + C_out*k_w*m,all sizes'
    """
    explained = {**symbols(entry), **(meanings or {})}
    return {"csv": _csv, "latex": _latex, "markdown": _markdown}[form](entry, title, explained)


def _csv(entry: Entry, title: str, explained: Mapping[str, str]) -> str:
    return written(_formulas(entry), "csv")


def _formulas(entry: Entry) -> Tabular:
    """Every formula in general and on the everyday layer, each with its guard."""
    return Tabular(
        COLUMNS, [[_words(name), *_cells(entry, f)] for name, f in entry.formulas.items()]
    )


def _words(name: str) -> str:
    return name.replace("_", " ")


def _cells(entry: Entry, formula: Formula) -> Iterator[Mathematics]:
    for one in (formula, everyday(formula, entry.directions)):
        yield Mathematics(str(one.expr), latex(one.expr))
        yield Mathematics(guard_words(one.guard), _guard(one))


def _guard(formula: Formula) -> str:
    return r",\; ".join(guard_latex(formula.guard))


def _markdown(entry: Entry, title: str, explained: Mapping[str, str]) -> str:
    stages = (f"$$\n{stage['latex']}\n$$" for stage in stage_documents(entry))
    parts = [f"## {title}"]
    parts += [entry.summary] if entry.summary != title else []
    parts += [f"$$\n{definition_latex(entry.family)}\n$$", "Stages:", *stages]
    parts += [written(_formulas(entry), "markdown"), "Symbols:"]
    listed = (f"- ${symbol}$: {meant}" for symbol, meant in _symbols(entry, explained))
    return "\n\n".join([*parts, "\n".join(listed)])


def _latex(entry: Entry, title: str, explained: Mapping[str, str]) -> str:
    """Text and displays for an article; formulas run on, so that long ones break into lines."""
    stages = [stage["latex"] for stage in stage_documents(entry)]
    summary = f" {tex(entry.summary)}" if entry.summary != title else ""
    lines = [
        f"% {title}: needs \\usepackage{{amsmath}}",
        f"\\paragraph{{{tex(title)}.}}{summary}",
        *_displayed([definition_latex(entry.family)]),
        "Its stages are",
        *_displayed(stages),
        "and its counts are",
        *_described((tex(_words(name)), _formula(f)) for name, f in entry.formulas.items()),
        "where",
        *_described((f"${symbol}$", tex(meant)) for symbol, meant in _symbols(entry, explained)),
    ]
    return "\n".join(lines)


def _displayed(equations: list[str]) -> list[str]:
    body = " \\\\\n".join(f"  {equation}" for equation in equations)
    return ["\\begin{gather*}", body, "\\end{gather*}"]


def _described(items: Iterator[tuple[str, str]]) -> list[str]:
    listed = (f"  \\item[{label}] {words}" for label, words in items)
    return ["\\begin{description}", *listed, "\\end{description}"]


def _formula(formula: Formula) -> str:
    guard = _guard(formula)
    return f"${latex(formula.expr)}$" + (f" for ${guard}$" if guard else "")


def _symbols(entry: Entry, explained: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The symbols of the formulas as TeX, with their meanings."""
    formulas = (*entry.formulas.values(), *transposed_formulas(entry).values())
    used: set[Symbol] = set().union(*(formula.symbols for formula in formulas))
    for symbol in sorted(used, key=str):
        yield latex(symbol), explained[symbol.name]
