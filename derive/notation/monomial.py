"""Products of sizes, which are all at least 1: which is at most which, read off the exponents."""

from collections.abc import Iterable
from functools import cache

from sympy import Expr, Mul, Symbol


def at_most(one: Expr, other: Expr) -> bool | None:
    """Whether one product of sizes is at most another one for all sizes; None where SymPy has to
    say, because one of them is no such product.

    >>> from derive.notation.letters import C_in, k_h, m
    >>> at_most(C_in, 2 * C_in * k_h), at_most(C_in, m)
    (True, False)
    """
    fewer, more = exponents(one), exponents(other)
    if fewer is None or more is None or not _sizes(*fewer[1], *more[1]):
        return None
    if fewer[0] <= 0 or more[0] <= 0:
        return None
    powers = all(power <= more[1].get(size, 0) for size, power in fewer[1].items())
    return bool(fewer[0] <= more[0]) and powers


def smallest(products: Iterable[Expr]) -> list[Expr] | None:
    """Some products of sizes without those that another one is at most; None where SymPy has to say
    which these are, because one is no such product.

    >>> from derive.notation.letters import C_in, C_out, m
    >>> smallest([C_in * m, C_out, C_in]), smallest([C_in, C_in - m])
    ([C_out, C_in], None)
    """
    kept: list[Expr] = []
    for product in products:
        known = [(at_most(one, product), at_most(product, one)) for one in kept]
        if any(None in pair for pair in known):
            return None
        if not any(below for below, _ in known):
            kept = [one for one, (_, above) in zip(kept, known, strict=True) if not above]
            kept.append(product)
    return kept


@cache
def exponents(term: Expr) -> tuple[Expr, dict[Symbol, int]] | None:
    """The number before a monomial and the exponents of its symbols; None for any other one.

    >>> from derive.notation.letters import m, n
    >>> exponents(3 * m * n**2), exponents(m + n), exponents(Mul(m, m, evaluate=False))
    ((3, {m: 1, n: 2}), None, None)
    """
    number, rest = term.as_coeff_Mul()
    found = [factor.as_base_exp() for factor in Mul.make_args(rest) if factor != 1]
    if not number.is_Rational or not all(_is_power(*pair) for pair in found):
        return None
    powers = {base: int(exponent) for base, exponent in found}
    return (number, powers) if len(powers) == len(found) else None


def _is_power(base: Expr, exponent: Expr) -> bool:
    whole = bool(exponent.is_Integer) and exponent > 0
    return whole and isinstance(base, Symbol) and bool(base.is_commutative)


def _sizes(*symbols: Symbol) -> bool:
    """Whether the symbols stand for integers that are at least 1."""
    return all(symbol.is_integer and symbol.is_positive for symbol in symbols)
