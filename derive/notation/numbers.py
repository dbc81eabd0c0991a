"""The number that an expression comes to: Python's integers and fractions, always exact.

SymPy builds a new expression for every value that is put in; on a grid of hundreds of cases that
takes most of the time. What has no fraction for its value (a root, a power of e) stays with SymPy.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import product
from operator import mul
from typing import Any

from sympy import (
    Abs,
    Add,
    Basic,
    ceiling,
    floor,
    Function,
    Indexed,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mod,
    Mul,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
)

from derive.notation.formula import Gcd

Values = Mapping[Any, Any]
Evaluator = Callable[[Values], Any]
OPERATION: Mapping[type[Basic], Callable[..., Any]] = {
    Add: lambda *terms: sum(terms),
    Mul: lambda *factors: reduce(mul, factors, 1),
    Max: max,
    Min: min,
    Abs: abs,
    floor: math.floor,
    ceiling: math.ceil,
    Mod: lambda one, other: one % other,
    Gcd: lambda one, other: math.gcd(int(one), int(other)),
    KroneckerDelta: lambda one, other: int(one == other),
}


class NoFractionError(ArithmeticError):
    """An expression whose value is no fraction, or that has a symbol without a value."""


def number(expr: Basic, values: Values) -> Any:
    """The number of an expression, an entry of a tensor and a function taken from the values.

    Raises NoFractionError where it comes to no fraction.

    >>> from derive.notation.letters import n, u
    >>> number(Sum(ceiling(u / n), (u, 0, 3 * n)), {n: 2})
    12
    >>> number(n / 4, {n: 3})
    Fraction(3, 4)
    """
    return _evaluator(expr)(values)


@lru_cache(maxsize=4096)
def _evaluator(expr: Basic) -> Evaluator:
    """What works out the number of an expression from the values: SymPy is asked once for its parts
    and what they are, not for every case."""
    if isinstance(expr, Rational):
        fixed = _rational(expr)
        return lambda values: fixed
    otherwise = _of_parts(expr)
    return lambda values: plain(values[expr]) if expr in values else otherwise(values)


def _of_parts(expr: Basic) -> Evaluator:
    """What works out the number of an expression that has none of its own among the values."""
    if type(expr) in OPERATION:
        operation, parts = OPERATION[type(expr)], tuple(map(_evaluator, expr.args))
        return lambda values: _whole(operation(*[part(values) for part in parts]))
    if isinstance(expr, Pow):
        base, exponent = map(_evaluator, expr.args)
        return lambda values: _power(base(values), exponent(values))
    if isinstance(expr, Sum | Product):
        each, add = _evaluator(expr.function), isinstance(expr, Sum)

        def total(values: Values) -> Any:
            terms = (each(at) for at in _ranges(expr.limits, dict(values)))
            return _whole(sum(terms) if add else reduce(mul, terms, 1))

        return total
    return lambda values: _looked_up(expr, values)


def _looked_up(expr: Basic, values: Values) -> Any:
    """An entry of a tensor, or the value of a function; what that comes to in turn."""
    if isinstance(expr, Indexed):
        at = expr.base[tuple(_index(index, values) for index in expr.indices)]
        if at in values:
            return plain(values[at])
    elif expr.func in values:
        found = values[expr.func](*(number(part, values) for part in expr.args))
        settled = isinstance(found, Basic) and not isinstance(found, Rational)
        return number(found, values) if settled else plain(found)
    elif isinstance(expr, Function):
        found = expr.func(*(number(part, values) for part in expr.args))
        if isinstance(found, Rational):
            return plain(found)
    raise NoFractionError(f"{expr} is no fraction")


def _index(index: Basic, values: Values) -> Basic:
    """The number of an index, or a letter that has none."""
    free = isinstance(index, Symbol) and index not in values
    return index if free else Integer(number(index, values))


def plain(value: Any) -> Any:
    """A number of SymPy as Python's, anything else as it is."""
    return _rational(value) if isinstance(value, Rational) else value


def _rational(value: Rational) -> int | Fraction:
    return int(value.p) if value.q == 1 else Fraction(int(value.p), int(value.q))


def _whole(value: Any) -> Any:
    """A fraction without a denominator as an integer."""
    whole = isinstance(value, Fraction) and value.denominator == 1
    return value.numerator if whole else value


def _power(base: Any, exponent: Any) -> Any:
    exact = isinstance(exponent, int) and isinstance(base, int | Fraction)
    if not exact or (base == 0 and exponent < 0):
        raise NoFractionError(f"the power {exponent} of {base}")
    return _whole(Fraction(base) ** exponent)


def _ranges(limits: tuple[Any, ...], values: dict[Any, Any]) -> Iterator[dict[Any, Any]]:
    """The values with every letter of a sum at each of its places."""
    ends = [(x, number(first, values), number(last, values)) for x, first, last in limits]
    places = (range(int(first), int(last) + 1) for _, first, last in ends)
    for at in product(*places):
        yield values | dict(zip((x for x, _, _ in ends), at, strict=True))
