"""Floors, ceilings, minima and maxima of sizes: SymPy's, which is asked only what can decide them.

SymPy looks at a floor, and at a minimum of two, from many sides before it lets them stand, which
takes more time than anything that is done with them later.
"""

from random import Random

import sympy
from sympy import Expr, Integer, Max, Min, Mul, Pow, Symbol

from derive.notation.monomial import smallest
from derive.notation.numbers import NoFractionError, number

ANY = {"integer", "positive", "nonnegative", "real", "commutative"}  # 1, 2, 3 and so on are
POINTS = 8
SIZES = (1, 2, 3, 5, 12, 50)


def floor(value: Expr) -> Expr:
    """The largest integer that is at most a value.

    >>> from derive.notation.letters import n, u
    >>> floor(u / n), floor(n + u / n), floor(Integer(7) / 2)
    (floor(u/n), n + floor(u/n), 3)
    """
    return sympy.floor(value, evaluate=not _stands(value))


def ceiling(value: Expr) -> Expr:
    """The least integer that is at least a value.

    >>> from derive.notation.letters import n, u
    >>> ceiling(u / n), ceiling(n), ceiling(Integer(7) / 2)
    (ceiling(u/n), n, 4)
    """
    return sympy.ceiling(value, evaluate=not _stands(value))


def positive_part(value: Expr) -> Expr:
    """max(0, value): decided by the sign of the value.

    >>> from derive.notation.letters import n
    >>> positive_part(Integer(-3)), positive_part(n), positive_part(n - 2)
    (0, n, Max(0, n - 2))
    """
    return maximum(Integer(0), value)


def maximum(one: Expr, other: Expr) -> Expr:
    """The maximum of two values: of integers Python's, else decided by the sign of the difference.

    >>> from derive.notation.letters import m, n
    >>> maximum(n, n + 2), maximum(n, m), maximum(Integer(2), Integer(1))
    (n + 2, Max(m, n), 2)
    """
    if isinstance(one, Integer) and isinstance(other, Integer):
        return max(one, other, key=int)
    if isinstance(one, Max | Min) or isinstance(other, Max | Min):
        return Max(one, other)
    gap = other - one
    if _has_no_sign(gap):
        return Max(one, other, evaluate=False)
    if gap.is_nonnegative:
        return other
    return one if gap.is_nonpositive else Max(one, other, evaluate=False)


def minimum(*values: Expr) -> Expr:
    """The minimum of some values: of integers Python's; products of sizes are compared by their
    exponents, two other values by the sign of their difference.

    >>> from derive.notation.letters import C_in, k_h, m, n
    >>> minimum(n, n + 2), minimum(n, m), minimum(C_in, m, C_in * k_h)
    (n, Min(m, n), Min(C_in, m))
    """
    if all(isinstance(value, Integer) for value in values):
        return min(values, key=int)
    kept = smallest(values)
    if kept is not None or len(values) != 2:
        return Min(*(kept or values), evaluate=kept is None)
    one, other = values
    if isinstance(one, Max | Min) or isinstance(other, Min) or one in other.args:
        return Min(one, other)
    gap = one - other
    if _has_no_sign(gap):
        return Min(one, other, evaluate=False)
    if gap.is_nonnegative:
        return other
    return one if gap.is_nonpositive else Min(one, other, evaluate=False)


def _has_no_sign(value: Expr) -> bool:
    """Whether a value was found to be positive at some sizes and negative at others: SymPy, which
    looks for a sign from many sides, need not be asked."""
    symbols = sorted(value.free_symbols, key=str)
    if not all(isinstance(x, Symbol) and x._assumptions_orig.keys() <= ANY for x in symbols):
        return False
    draw, seen = Random(0), set()  # noqa: S311 - any sizes will do
    for _ in range(POINTS):
        try:
            found = number(value, {x: draw.choice(SIZES) for x in symbols})
        except NoFractionError:
            return False
        seen.add((found > 0) - (found < 0))
        if {1, -1} <= seen:
            return True
    return False


def _stands(value: Expr) -> bool:
    """Whether a value is a quotient by a symbol that the rest of it does not hold: nothing can be
    taken out of its floor."""
    if not isinstance(value, Mul):
        return False
    below = {x.base for x in value.args if isinstance(x, Pow) and x.exp == -1}
    above = [x for x in value.args if not (isinstance(x, Pow) and x.exp == -1)]
    held = set().union(*(x.free_symbols for x in above))
    symbols = all(isinstance(x, Symbol) for x in below)
    return bool(below and held and symbols and not held & below)
