"""An expression as SymPy code that runs by itself: what it imports, its symbols, and the line."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import groupby
from keyword import iskeyword
from typing import Any

import sympy
from sympy import Add, Basic, Dummy, Expr, IndexedBase, MatrixBase, Mul, Rational, Symbol
from sympy.core.function import AppliedUndef
from sympy.printing.str import StrPrinter

from derive.notation.monomial import exponents
from derive.render.remembering import Remembering

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


class _Runnable(Remembering, StrPrinter):  # type: ignore[misc]
    """SymPy's own text, in which a fraction by itself would be a float of Python's."""

    def _print_Rational(self, expr: Rational) -> str:  # noqa: N802 - SymPy looks for this name
        return f"Rational({expr.p}, {expr.q})"

    def _print_Mul(self, expr: Mul) -> str:  # noqa: N802
        """SymPy's text, which for a product of symbols is read off their exponents."""
        number, powers = exponents(expr) or (None, {})
        if number is None or not number.is_Integer or {type(x) for x in powers} != {Symbol}:
            return str(super()._print_Mul(expr))
        factors = [f"{x.name}**{powers[x]}" if powers[x] > 1 else x.name for x in _by_name(powers)]
        sign, size = "-" if number < 0 else "", abs(number)
        return sign + "*".join([str(size), *factors] if size != 1 else factors)

    def _as_ordered_terms(self, expr: Add, order: Any = None) -> list[Expr]:
        """SymPy's order of terms, which for products of symbols is read off their exponents; of two
        terms SymPy puts a number first if that saves a sign."""
        powers = {term: found[1] for term in expr.args if (found := exponents(term))}
        if len(powers) < len(expr.args) or len(powers) == 2:
            return list(super()._as_ordered_terms(expr, order))
        symbols = _by_name(set().union(*powers.values()))
        places = {term: [own.get(x, 0) for x in symbols] for term, own in powers.items()}
        return sorted(expr.args, key=places.__getitem__, reverse=True)


@lru_cache(maxsize=1024)
def _printed(expr: Basic) -> str:
    """The text of an expression, once: sides of steps are often alike."""
    return str(_runnable().doprint(expr))


@cache
def _runnable() -> _Runnable:
    return _Runnable()


def sympy_code(expr: Basic, name: str = "expression") -> str:
    """Code that makes the expression again; empty where SymPy's own words do not suffice.

    >>> from derive.notation.letters import n, m
    >>> print(sympy_code(n * m, "parameters"))
    from sympy import symbols
    m, n = symbols("m n", integer=True, positive=True)
    parameters = m*n
    """
    parts = expr.atoms(IndexedBase, Symbol, AppliedUndef)
    bases = sorted((x for x in parts if isinstance(x, IndexedBase)), key=_name)
    symbols = sorted(
        {x for x in parts if isinstance(x, Symbol)} - {base.label for base in bases}, key=_name
    )
    unknown = any(isinstance(x, Dummy | AppliedUndef) for x in parts)
    if unknown or None in map(_assumptions, symbols):
        return ""
    names = [*map(_name, symbols), *map(_name, bases)]
    text = _printed(expr.as_immutable() if isinstance(expr, MatrixBase) else expr)
    functions = sorted(set(WORD.findall(text)) - set(names) - {"True", "False"})
    if not _sayable(names, functions):
        return ""
    lines = [f"{name} = {text}"]
    if bases:
        lines.insert(0, _assigned(bases, "IndexedBase"))
    lines = [*_declared(symbols), *lines]
    wanted = [*functions, *(["IndexedBase"] if bases else []), *(["symbols"] if symbols else [])]
    return "\n".join([f"from sympy import {', '.join(wanted)}", *lines] if wanted else lines)


def _by_name(symbols: Iterable[Symbol]) -> list[Symbol]:
    return sorted(symbols, key=_name)


def _name(one: Symbol | IndexedBase) -> str:
    return str(one.name)


@cache
def _words() -> frozenset[str]:
    """What SymPy has words for."""
    return frozenset(sympy.__all__)


def _sayable(names: list[str], functions: list[str]) -> bool:
    """Whether every name is a word of its own, and every other word one of SymPy's."""
    proper = all(WORD.fullmatch(name) and not iskeyword(name) for name in names)
    return proper and len(set(names)) == len(names) and _words() >= set(functions)


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
        return f'{bases[0].name} = {maker}("{bases[0].name}")'
    return f'{_listed(bases)} = map({maker}, "{" ".join(map(_name, bases))}".split())'


def _listed(things: list[Symbol] | list[IndexedBase]) -> str:
    return ", ".join(map(_name, things))
