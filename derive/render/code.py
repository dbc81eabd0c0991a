"""An expression as SymPy code that runs by itself: what it imports, its symbols, and the line."""

import re
from functools import cache
from itertools import groupby
from keyword import iskeyword

import sympy
from sympy import Basic, Dummy, IndexedBase, Rational, Symbol
from sympy.core.function import AppliedUndef
from sympy.printing.str import StrPrinter

ASSUMPTIONS: tuple[dict[str, bool], ...] = (
    {},
    {"integer": True},
    {"integer": True, "nonnegative": True},
    {"integer": True, "positive": True},
    {"real": True},
    {"nonnegative": True},
    {"positive": True},
    {"nonzero": True},
    {"commutative": False},
)
WORD = re.compile(r"[A-Za-z_]\w*")


class _Runnable(StrPrinter):  # type: ignore[misc]
    """SymPy's own text, in which a fraction by itself would be a float of Python's."""

    def _print_Rational(self, expr: Rational) -> str:  # noqa: N802 - SymPy looks for this name
        return f"Rational({expr.p}, {expr.q})"


def sympy_code(expr: Basic, name: str = "expression") -> str:
    """Code that makes the expression again; empty where SymPy's own words do not suffice.

    >>> from derive.notation.letters import n, m
    >>> print(sympy_code(n * m, "parameters"))
    from sympy import symbols
    m, n = symbols("m n", integer=True, positive=True)
    parameters = m*n
    """
    bases = sorted(expr.atoms(IndexedBase), key=str)
    symbols = sorted(expr.atoms(Symbol) - {base.label for base in bases}, key=lambda one: one.name)
    names = [*(one.name for one in symbols), *map(str, bases)]
    text = _Runnable().doprint(expr)
    functions = sorted(set(WORD.findall(text)) - set(names) - {"True", "False"})
    unknown = expr.atoms(Dummy, AppliedUndef) or None in map(_assumptions, symbols)
    if unknown or not _sayable(names, functions):
        return ""
    lines = [f"{name} = {text}"]
    if bases:
        lines.insert(0, _assigned(bases, "IndexedBase"))
    lines = [*_declared(symbols), *lines]
    wanted = [*functions, *(["IndexedBase"] if bases else []), *(["symbols"] if symbols else [])]
    return "\n".join([f"from sympy import {', '.join(wanted)}", *lines] if wanted else lines)


def _sayable(names: list[str], functions: list[str]) -> bool:
    """Whether every name is a word of its own, and every other word one of SymPy's."""
    proper = all(WORD.fullmatch(name) and not iskeyword(name) for name in names)
    return proper and len(set(names)) == len(names) and set(functions) <= set(sympy.__all__)


def _declared(symbols: list[Symbol]) -> list[str]:
    """The symbols, those with the same assumptions on one line."""
    ordered = sorted(symbols, key=lambda one: (str(_assumptions(one)), one.name))
    return [
        f'{_listed(group)} = symbols("{" ".join(one.name for one in group)}"{assumed})'
        for assumed, members in groupby(ordered, key=_assumptions)
        for group in [list(members)]
    ]


@cache
def _assumptions(symbol: Symbol) -> str | None:
    """What the symbol is declared with, as further arguments; None if it is none of these."""
    same = (some for some in ASSUMPTIONS if Symbol(symbol.name, **some) == symbol)
    found = next(same, None)
    if found is None:
        return None
    return "".join(f", {word}={value}" for word, value in found.items())


def _assigned(bases: list[IndexedBase], maker: str) -> str:
    if len(bases) == 1:
        return f'{bases[0]} = {maker}("{bases[0]}")'
    return f'{_listed(bases)} = map({maker}, "{" ".join(map(str, bases))}".split())'


def _listed(things: list[Basic]) -> str:
    return ", ".join(map(str, things))
