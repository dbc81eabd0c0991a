"""Expressions at special sizes: square kernels, an image that keeps its size, something written."""

from collections.abc import Iterable
from functools import cache

from sympy import Basic, Expr, Symbol

from derive.notation.letters import DIRECTIONS, H, H_out, k_h, k_w, n, size, W, W_out


def square(expr: Expr) -> Expr:
    """For an n × n kernel.

    >>> square(k_h + k_w)
    2*n
    """
    return expr.xreplace({k_h: n, k_w: n})


def same_size(expr: Expr) -> Expr:
    """For an output as large as the input.

    >>> same_size(H_out * nonempty(W_out, W_out))
    H*W
    """
    outputs = {H_out: H, W_out: W}
    return expr.xreplace(outputs | {size(x.name): extent for x, extent in outputs.items()})


def nonempty(expr: Expr, *counts: Symbol) -> Expr:
    """With the given counts, which may be zero in general, taken to be at least 1.

    >>> expr = nonempty(H_out * W_out, W_out)
    >>> sorted((symbol.name, symbol.is_positive) for symbol in expr.free_symbols)
    [('H_out', None), ('W_out', True)]
    """
    return expr.xreplace({symbol: size(symbol.name) for symbol in counts})


def assumed(exprs: Iterable[Basic]) -> list[Symbol]:
    """The counts along the axes that may be zero in general and are taken to be at least 1 here.

    >>> assumed([nonempty(H_out * W_out, W_out)])
    [W_out]
    """
    present = {symbol for expr in exprs for symbol in expr.atoms(Symbol)}
    return [count for count, positive in _counts() if positive in present]


@cache
def _counts() -> tuple[tuple[Symbol, Symbol], ...]:
    """Every count along an axis, and the symbol for it that is at least 1."""
    counts = (x for d in DIRECTIONS.values() for x in (d.output, d.pairs))
    return tuple((x, size(x.name)) for x in counts)
