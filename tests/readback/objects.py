"""What a SymPy object means, as a tree; it is walked, never printed."""

from sympy import (
    Abs,
    Add,
    And,
    ceiling,
    Derivative,
    Eq,
    exp,
    floor,
    Ge,
    Gt,
    I,
    Indexed,
    KroneckerDelta,
    Le,
    Lt,
    MatMul,
    MatrixBase,
    Max,
    Min,
    Mod,
    Mul,
    Ne,
    Not,
    Or,
    pi,
    Pow,
    Rational,
    Sum,
    Symbol,
)
from sympy.core.function import AppliedUndef

from derive.notation.axis import PointsBelow
from derive.notation.convolution import Within
from derive.notation.formula import Gcd
from derive.proof.claim import Quantity
from tests.readback.meaning import name, number, TAPS

PLAIN = {
    Add: "add",
    Mul: "times",
    MatMul: "times",
    Max: "maximum",
    Min: "minimum",
    floor: "floor",
    ceiling: "ceiling",
    Mod: "modulo",
    Gcd: "gcd",
    PointsBelow: "pointsbelow",
    Abs: "size",
    And: "both",
    Or: "either",
    Not: "not",
}
MIDDLE = "middle_"  # before a tap: the symbol of its middle
SIGNS = {Eq: "=", Ne: "≠", Le: "≤", Lt: "<", Ge: "≥", Gt: ">"}


def written(expr):
    """How a theorem writes the symbols that it measures."""
    return {one.tex: one.name for one in expr.atoms(Quantity)}


def tree(expr):
    """The meaning of an object."""
    if isinstance(expr, Rational):
        return number(int(expr.p)) if expr.q == 1 else ("number", number(expr.p)[1] / expr.q)
    if expr in (I, pi):
        return name("i" if expr == I else "pi")
    if isinstance(expr, Symbol):
        tap = expr.name.removeprefix(MIDDLE)
        return name(expr.name) if tap == expr.name else ("middle", tap)
    if isinstance(expr, MatrixBase):
        return ("matrix", *(tuple(map(tree, row)) for row in expr.tolist()))
    for kind, word in PLAIN.items():
        if isinstance(expr, kind):
            return (word, *map(tree, expr.args))
    for kind, sign in SIGNS.items():
        if isinstance(expr, kind):
            return ("relation", tree(expr.lhs), sign, tree(expr.rhs))
    return _other(expr)


def _other(expr):
    if isinstance(expr, Pow):
        return _power(expr)
    if isinstance(expr, exp):
        return ("power", name("e"), tree(expr.args[0]))
    if isinstance(expr, Indexed):
        return _tensor(expr)
    if isinstance(expr, Sum):
        ranges = [(name(x.name)[1], tree(first), tree(last)) for x, first, last in expr.limits]
        return ("sum", ranges[::-1], tree(expr.function))
    if isinstance(expr, KroneckerDelta):
        return ("holds", ("relation", tree(expr.args[0]), "=", tree(expr.args[1])))
    if isinstance(expr, Within):
        index, extent = map(tree, expr.args)
        return ("holds", ("relation", number(0), "≤", index, "<", extent))
    if isinstance(expr, Derivative):
        ((letter, _),) = expr.variable_count
        return ("call", f"d/d{letter}", [tree(expr.expr)])
    if isinstance(expr, AppliedUndef) or expr.is_Function:
        return ("call", name(type(expr).__name__.lstrip("\\"))[1], [*map(tree, expr.args)])
    raise AssertionError(f"no meaning for {type(expr).__name__}: {expr}")


def _tensor(expr):
    """A tensor at its indices; one of the name 1/t holds the inverses of another."""
    base = name(str(expr.base))[1]
    found = ("tensor", base.removeprefix("1/"), [*map(tree, expr.indices)])
    return ("over", number(1), found) if base.startswith("1/") else found


def _power(expr):
    """A power; one with a negative number above it is a quotient."""
    base, exponent = expr.args
    if not exponent.is_number or not exponent.is_negative:
        return ("power", tree(base), tree(exponent))
    return ("over", number(1), ("power", tree(base), tree(-exponent)))


def names(expr):
    """The names that need a value: symbols, and the numbers that are written as letters."""
    labels = {x.base.label for x in expr.atoms(Indexed)}
    written = {word for number, word in ((I, "i"), (pi, "pi")) if expr.has(number)}
    written |= {"e"} if expr.has(exp) else set()
    found = written | {x.name for x in expr.atoms(Symbol) - labels}
    return sorted({TAPS[x.removeprefix(MIDDLE)] if MIDDLE in x else x for x in found})


def tensors(expr):
    """The names of the tensors of an object."""
    return {name(str(x.base).removeprefix("1/"))[1] for x in expr.atoms(Indexed)}


def blocks(expr):
    """The names of symbols that do not commute."""
    return {x.name for x in expr.atoms(Symbol) if not x.is_commutative}
