"""Floors, ceilings, minima and maxima of sizes: SymPy's, which is asked only what can decide them.

SymPy looks at a floor, and at a minimum of two, from many sides before it lets them stand, which
takes more time than anything that is done with them later.
"""

import sympy
from sympy import Expr, Integer, Max, Min, Mul, Pow, Symbol


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
    """The maximum of two values: decided by the sign of their difference.

    >>> from derive.notation.letters import m, n
    >>> maximum(n, n + 2), maximum(n, m), maximum(Integer(2), Integer(1))
    (n + 2, Max(m, n), 2)
    """
    if isinstance(one, Max | Min) or isinstance(other, Max | Min):
        return Max(one, other)
    gap = other - one
    if gap.is_nonnegative:
        return other
    return one if gap.is_nonpositive else Max(one, other, evaluate=False)


def minimum(one: Expr, other: Expr) -> Expr:
    """The minimum of two values: decided by the sign of their difference.

    >>> from derive.notation.letters import m, n
    >>> minimum(n, n + 2), minimum(n, m), minimum(Integer(2), Integer(1))
    (n, Min(m, n), 1)
    """
    if isinstance(one, Max | Min) or isinstance(other, Min) or one in other.args:
        return Min(one, other)
    gap = one - other
    if gap.is_nonnegative:
        return other
    return one if gap.is_nonpositive else Min(one, other, evaluate=False)


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
