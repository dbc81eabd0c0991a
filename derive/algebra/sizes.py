"""Expressions at special sizes: square kernels, an image that keeps its size, something written."""

from sympy import Expr

from derive.notation.letters import H, H_out, k_h, k_w, n, size, W, W_out


def square(expr: Expr) -> Expr:
    """For an n × n kernel.

    >>> square(k_h + k_w)
    2*n
    """
    return expr.xreplace({k_h: n, k_w: n})


def same_size(expr: Expr) -> Expr:
    """For an output as large as the input.

    >>> same_size(H_out * nonempty(W_out))
    H*W
    """
    outputs = {H_out: H, W_out: W}
    return expr.xreplace(outputs | {nonempty(symbol): extent for symbol, extent in outputs.items()})


def nonempty(expr: Expr) -> Expr:
    """With output sizes and in-bounds taps that may be zero taken to be at least 1.

    >>> H_out.is_positive, nonempty(H_out).is_positive
    (None, True)
    """
    counts = (symbol for symbol in expr.free_symbols if not symbol.is_positive)
    return expr.xreplace({symbol: size(symbol.name) for symbol in counts})
