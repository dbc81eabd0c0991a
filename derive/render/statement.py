r"""A theorem's words with its named formulas printed in them: ``$name`` stands for a formula.

A claim stands inside \( \) or \[ \] of the sentence around it; a table is a paragraph of its own.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from string import Template
from typing import Any

from sympy import (
    Abs,
    Basic,
    ceiling,
    fraction,
    Function,
    Indexed,
    MatrixBase,
    Max,
    Mul,
    Product,
    Sum,
    Symbol,
    Tuple,
)
from sympy.core.function import AppliedUndef

from derive.notation.errors import CheckError
from derive.notation.monomial import exponents
from derive.proof.claim import Cell, Claim, Displayed, Quantity, Table
from derive.proof.theorem import Theorem
from derive.render.code import sympy_code
from derive.render.latex import BookPrinter

SIGNS = {
    **{"=": "=", "≠": r"\ne", "<": "<", "≤": r"\le", ">": ">", "≥": r"\ge"},
    **{"∈": r"\in", "⊂": r"\subset", "⊆": r"\subseteq", "∣": r"\mid"},
}


class ClaimPrinter(BookPrinter):
    """The book's printer, with lists and with functions as a sentence writes them."""

    def _print_Tuple(self, expr: Tuple) -> str:  # noqa: N802
        return ", ".join(map(self._print, expr))

    def _print_Sum(self, expr: Sum) -> str:  # noqa: N802
        text = str(super()._print_Sum(expr))
        for letter, _, last in expr.limits:
            if isinstance(last + 1, Quantity):  # the number of all its values
                name = self._print(letter)
                text = text.replace(f"{name} < {self._print(last + 1)}", name, 1)
        return text

    def _print_Function(self, expr: Function, exp: str | None = None) -> str:  # noqa: N802
        if not isinstance(expr, AppliedUndef) or hasattr(expr.func, "tex"):
            return str(super()._print_Function(expr, exp))
        name = self._print(Symbol(expr.func.__name__))
        power = f"^{{{exp}}}" if exp else ""
        return f"{name}{power}({', '.join(map(self._print, expr.args))})"

    def _print_Mul(self, expr: Mul) -> str:  # noqa: N802
        if exponents(expr):
            return str(super()._print_Mul(expr))
        above, below = fraction(expr)
        if below.has(Indexed):
            return rf"\frac{{{self._print(above)}}}{{{self._print(below)}}}"
        functions = [x for x in expr.args if isinstance(x, Function)]
        rest = Mul(*(x for x in expr.args if x not in functions))
        whole = rest.as_numer_denom()[1] == 1 and not rest.is_Add and not rest.has(Indexed)
        if not functions or not whole or rest.is_number or not rest.is_commutative:
            return str(super()._print_Mul(expr))
        last = isinstance(rest, Sum | Product)  # else its sign would reach over the functions
        return " ".join(map(self._print, (*functions, rest) if last else (rest, *functions)))

    def _print_Abs(self, expr: Abs, exp: Any = None) -> str:  # noqa: N802
        power = f"^{{{exp}}}" if exp else ""
        return f"|{self._print(expr.args[0])}|{power}"

    def _print_Max(self, expr: Max, exp: Any = None) -> str:  # noqa: N802
        ceilings = [x for x in expr.args if isinstance(x, ceiling)]
        if ceilings and len(expr.args) == 2 and 0 in expr.args:
            positive = f"{self._print(ceilings[0])}^+"
            return rf"\left({positive}\right)^{{{exp}}}" if exp else positive
        power = f"^{{{exp}}}" if exp else ""
        numbers_last = sorted(expr.args, key=lambda one: (one.is_number, str(one)))
        return rf"\max{power}({', '.join(map(self._print, numbers_last))})"


def statement(theorem: Theorem) -> list[str]:
    """The paragraphs of the statement, as a reader sees them.

    >>> from derive.proof.library import THEOREMS
    >>> len(statement(THEOREMS["T2"])) == len(THEOREMS["T2"].statement)
    True
    """
    return [displayed(theorem, paragraph) for paragraph in theorem.statement]


def hypotheses(theorem: Theorem) -> list[str]:
    """What each hypothesis asks, as a reader sees it."""
    return [displayed(theorem, one.words) for one in theorem.hypotheses]


def use(theorem: Theorem) -> str:
    """What the theorem is good for, as a reader sees it."""
    return displayed(theorem, theorem.use)


def displayed(theorem: Theorem, text: str) -> str:
    """A text with the named formulas printed; CheckError for a name that is no formula."""
    template, formulas = Template(text), theorem.formulas
    names = set(template.get_identifiers())
    shown = {name: formula_text(formulas[name]) for name in names & formulas.keys()}
    shown |= {name: one.words for name, one in theorem.said.items()}
    try:
        return template.substitute(shown)
    except (KeyError, ValueError) as error:
        raise CheckError(f"{theorem.name} has no formula for {error}: {text}") from None


DISPLAY, INLINE, WORDS = r"\\\[.*?\\\]", r"\\\(.*?\\\)", r"\$\w+"
SHOWN = re.compile(f"({DISPLAY})|({INLINE}|{WORDS})", re.DOTALL)


def linked(theorem: Theorem, text: str, established: Mapping[str, str]) -> str:
    r"""A text whose formulas lead to where they are established, which a pointer is shown.

    ``established`` says it for each name; what it leaves out, such as a table, is printed plainly.

    >>> from derive.proof.library import THEOREMS
    >>> text = linked(THEOREMS["A1"], r"for which \($one\)", {"one": "Established by sentence 6"})
    >>> print(text.split(">")[0])
    for which <a class="established" href="#formula-one" title="Established by sentence 6"
    """

    def link(match: re.Match[str]) -> str:
        names = [x for x in re.findall(r"\$\{?(\w+)", match[0]) if x in established]
        if not names:
            return match[0]
        if not match[1]:
            title = "; ".join(dict.fromkeys(established[name] for name in names))
            return _place(names[0], title, match[0])
        titles = {established[name]: name for name in reversed(names)}
        places = (_place(name, title, title) for title, name in reversed(titles.items()))
        return f'{match[0]}\n\n<p class="established">{"; ".join(places)}</p>'

    return displayed(theorem, SHOWN.sub(link, text))


def _place(name: str, title: str, content: str) -> str:
    where = name.replace("_", "-")
    return f'<a class="established" href="#formula-{where}" title="{title}">{content}</a>'


def formula_text(one: Displayed) -> str:
    """A claim as TeX, a table as Markdown."""
    return claim_latex(one) if isinstance(one, Claim) else table_markdown(one)


def claim_latex(claim: Claim) -> str:
    r"""The terms with the signs between them.

    >>> from derive.notation.letters import C_in, m
    >>> print(claim_latex(Claim(m, "≤", 2 * C_in)))
    m \le 2 C_{\mathrm{in}}
    >>> from sympy import IndexedBase
    >>> a, b = map(IndexedBase, "ab")
    >>> print(claim_latex(Claim(a[0] / b[1])))
    \frac{a_{0}}{b_{1}}
    >>> from sympy import Sum
    >>> from derive.notation.letters import j
    >>> print(claim_latex(Claim(Sum(a[j], (j, 0, Quantity("values", "|j|") - 1)))))
    \sum_{j} a_{j}
    >>> from derive.proof.claim import sequence
    >>> from sympy import Product
    >>> stride = sequence("s", "s_{%s}")
    >>> print(claim_latex(Claim(stride(0) * Product(stride(j), (j, 1, m)))))
    s_{0} \prod_{j=1}^{m} s_{j}
    >>> print(claim_latex(Claim(Max(C_in - m, 0), "≤", m * Abs(a[0]))))
    \max(C_{\mathrm{in}} - m, 0) \le m |a_{0}|
    """
    first, *others = map(_term_latex, claim.terms)
    signs = (SIGNS[sign] for sign in claim.signs)
    return " ".join([first, *(x for pair in zip(signs, others, strict=True) for x in pair)])


@lru_cache(maxsize=1024)
def _term_latex(term: Basic) -> str:
    """The TeX of a term, printed once: for the statement and for the list of its formulas."""
    return str(_claim_printer().doprint(term))


@cache
def _claim_printer() -> ClaimPrinter:
    return ClaimPrinter()


def claim_code(claim: Claim) -> str:
    """The claim as SymPy code, a line for each relation; empty where SymPy has no words for it."""
    symbols = {one: one.plain for term in claim.terms for one in term.atoms(Quantity)}
    return "\n".join(filter(None, map(sympy_code, claim.given(symbols).relations)))


def plain_code(expr: Basic) -> str:
    """An expression as SymPy code, what a theorem measures as plain symbols."""
    return _plain_code(expr.as_immutable() if isinstance(expr, MatrixBase) else expr)


@lru_cache(maxsize=1024)
def _plain_code(expr: Basic) -> str:
    plain = {one: one.plain for one in expr.atoms(Quantity)}
    return sympy_code(expr.xreplace(plain) if plain else expr)


def table_markdown(table: Table) -> str:
    """The rows between bars, numbers to be read in groups of three."""
    rule = "|".join("---" for _ in table.head)
    return "\n".join([_row(table.head), f"|{rule}|", *map(_row, table.rows)])


def _row(cells: Iterable[Cell]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(cell: Cell) -> str:
    if isinstance(cell, tuple):
        return "".join(map(_cell, cell))
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int):
        return f"{cell:,}".replace(",", " ")
    return rf"\({claim_latex(cell if isinstance(cell, Claim) else Claim(cell))}\)"
