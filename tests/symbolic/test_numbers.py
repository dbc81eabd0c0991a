"""The number of an expression in Python's fractions is the one that SymPy comes to."""

from fractions import Fraction
from itertools import product

import pytest
from sympy import (
    Abs,
    ceiling,
    floor,
    Function,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mod,
    Product,
    sqrt,
    Sum,
    symbols,
)

from derive.notation.formula import Gcd
from derive.notation.numbers import NoFractionError, number
from derive.proof.claim import value

a, b, u = symbols("a b u", integer=True)
A, f = IndexedBase("A"), Function("f")
EXPRESSIONS = {
    "a polynomial": a**2 * b - 3 * a + 1,
    "a fraction": (a + 1) / (2 * b),
    "a power below one": b**-2,
    "floor and ceiling": floor(a / b) - ceiling(a / b),
    "the smaller and the larger": Min(a, b, 1) * Max(a, 2 * b),
    "a remainder": Mod(a, b),
    "a size": Abs(a) + KroneckerDelta(a, b),
    "a common divisor": Gcd(Abs(a) + 1, Abs(b) + 1),
    "a sum": Sum(ceiling(u / b) * a, (u, -1, 3)),
    "a sum of nothing": Sum(u, (u, 1, 0)) + a,
    "a product": Product(u + a, (u, 1, 3)),
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_a_number_is_that_of_sympy(name):
    for at in product((-7, -2, 0, 1, 5), (-3, -1, 1, 2, 4)):
        values = dict(zip((a, b), at, strict=True))
        known = {symbol: Integer(x) for symbol, x in values.items()}
        assert number(EXPRESSIONS[name], values) == EXPRESSIONS[name].xreplace(known).doit()


def test_whole_numbers_are_integers_and_others_fractions():
    assert isinstance(number(a / b, {a: 4, b: 2}), int)
    assert number(a / b, {a: 1, b: 3}) == Fraction(1, 3)


def test_entries_and_functions_are_looked_up():
    values = {a: 1, A[2]: 5, f: lambda at: at + b, b: 10}
    assert number(A[a + 1] * f(a), values) == 55


@pytest.mark.parametrize("expr", [1 / a, sqrt(b), a + u, A[0], f(a)])
def test_what_is_no_fraction_is_said(expr):
    with pytest.raises(NoFractionError):
        number(expr, {a: 0, b: 2})


def test_roots_stay_exact():
    assert value(sqrt(b) ** 2 + sqrt(a), {a: 9, b: 2}) == 5
