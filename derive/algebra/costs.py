"""What a line costs where something is written: its parameters and its multiply-accumulates."""

from collections.abc import Callable, Mapping

from sympy import cancel, Expr, Symbol

from derive.algebra.counting import Count
from derive.algebra.sizes import nonempty
from derive.notation.family import Line
from derive.notation.letters import Direction, DIRECTIONS

Cost = Callable[[Line], Expr]


def parameters(line: Line) -> Expr:
    """Weights of a line, without biases.

    >>> from derive.families import depthwise_separable
    >>> parameters(depthwise_separable.family)
    C_in*C_out*M + C_in*M*k_h*k_w
    """
    return Count(line).parameters.expr


def macs(line: Line) -> Expr:
    """Multiply-accumulates of a line, padding included, where there is an output.

    >>> from derive.families import pointwise
    >>> macs(pointwise.family)
    C_in*C_out*H_out*W_out
    >>> [symbol for symbol in macs(pointwise.family).free_symbols if not symbol.is_positive]
    []
    """
    return counted_once(Count(line).macs.expr)


def in_numbers(line: Line, values: Mapping[Symbol, int]) -> list[int]:
    """Parameters, MACs and MACs on the image of a line at some sizes.

    >>> from derive.families import pointwise
    >>> from derive.notation.axis import Axis
    >>> from derive.notation.layer import Layer
    >>> in_numbers(pointwise.family, Layer(3, 8, (Axis(2, 1), Axis(2, 1))).values)
    [24, 96, 96]
    """
    count = Count(line)
    return [int(x.at(values)) for x in (count.parameters, count.macs, count.macs_in_bounds)]


def counted_once(expr: Expr) -> Expr:
    """With at least one output pixel and, along each axis, at least one tap on the image."""
    return nonempty(expr, *(x for d in DIRECTIONS.values() for x in (d.output, d.pairs)))


def with_padding(expr: Expr, beyond: Mapping[Direction, Expr]) -> Expr:
    """The number of taps k in terms of those on the image and of those on the padding, T and e:
    k H' = T + e along every direction that is given.

    >>> from derive.notation.letters import HEIGHT, k_h, padding
    >>> with_padding(k_h, {HEIGHT: padding("e")})
    (T_h + e)/H_out
    """
    taps = {
        d.kernel: (counted_once(d.pairs) + e) / counted_once(d.output) for d, e in beyond.items()
    }
    return cancel(expr.xreplace(taps))
