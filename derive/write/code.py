"""An expression as SymPy code that runs by itself: what it imports, its symbols, and the line."""

import re
from itertools import groupby

import sympy
from sympy import Basic, Dummy, IndexedBase, Symbol

ASSUMPTIONS = {
    (True, True): ", integer=True, positive=True",
    (True, False): ", integer=True, nonnegative=True",
}
INTEGER, ANY = ", integer=True", ""
WORD = re.compile(r"[A-Za-z_]\w*")


def sympy_code(expr: Basic, name: str = "expression") -> str:
    """Code that makes the expression again; empty where SymPy's own words do not suffice.

    >>> from derive.notation.letters import n, m
    >>> print(sympy_code(n * m, "parameters"))
    from sympy import symbols
    m, n = symbols("m n", integer=True, positive=True)
    parameters = m*n
    """
    bases = sorted(expr.atoms(IndexedBase), key=str)
    symbols = sorted(expr.atoms(Symbol) - {base.label for base in bases}, key=str)
    names = [str(one) for one in (*symbols, *bases)]
    text = str(expr)
    functions = sorted(set(WORD.findall(text)) - set(names) - {"True", "False"})
    if not _sayable(names, functions) or expr.atoms(Dummy):
        return ""
    lines = [f"{name} = {text}"]
    if bases:
        lines.insert(0, _assigned(bases, "IndexedBase"))
    lines = [*_declared(symbols), *lines]
    wanted = [*functions, *(["IndexedBase"] if bases else []), *(["symbols"] if symbols else [])]
    return "\n".join([f"from sympy import {', '.join(wanted)}", *lines] if wanted else lines)


def _sayable(names: list[str], functions: list[str]) -> bool:
    """Whether every name is a word of its own, and every other word one of SymPy's."""
    proper = all(name.isidentifier() and WORD.fullmatch(name) for name in names)
    return proper and len(set(names)) == len(names) and set(functions) <= set(sympy.__all__)


def _declared(symbols: list[Symbol]) -> list[str]:
    """The symbols, those with the same assumptions on one line."""
    ordered = sorted(symbols, key=lambda one: (_assumptions(one), one.name))
    return [
        f'{_listed(group)} = symbols("{" ".join(one.name for one in group)}"{assumed})'
        for assumed, members in groupby(ordered, key=_assumptions)
        for group in [list(members)]
    ]


def _assumptions(symbol: Symbol) -> str:
    if not symbol.is_integer:
        return ANY
    return ASSUMPTIONS.get((bool(symbol.is_nonnegative), bool(symbol.is_positive)), INTEGER)


def _assigned(bases: list[IndexedBase], maker: str) -> str:
    if len(bases) == 1:
        return f'{bases[0]} = {maker}("{bases[0]}")'
    return f'{_listed(bases)} = map({maker}, "{" ".join(map(str, bases))}".split())'


def _listed(things: list[Basic]) -> str:
    return ", ".join(map(str, things))
