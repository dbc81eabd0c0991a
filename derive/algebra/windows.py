"""The windows along one axis in symbols: where their taps lie and how many there are."""

from sympy import ceiling, Expr, floor, Max, Min

from derive.notation.axis import Axis
from derive.notation.convolution import PLANE, stages
from derive.notation.family import Family
from derive.notation.letters import Direction


def places(family: Family, directions: tuple[Direction, ...] = PLANE) -> tuple[Expr, ...]:
    """The pixel that a tap of a window of the first stage reads, along each direction.

    >>> from derive.families import standard
    >>> places(standard.family)[0]
    d_h*u - p_h + s_h*y
    """
    return stages(family, directions)[0].source.indices[-len(directions) :]  # type: ignore[no-any-return]


def axis_of(direction: Direction) -> Axis:
    """The axis of a direction in its own symbols.

    >>> from derive.notation.letters import HEIGHT
    >>> axis_of(HEIGHT).span
    d_h*(k_h - 1) + 1
    """
    return Axis(
        direction.input,
        direction.kernel,
        direction.stride,
        direction.dilation,
        direction.before,
        direction.after,
    )


def number_of_windows(axis: Axis) -> Expr:
    """The number of windows where there is at least one: the output without its maximum with 0.

    >>> from derive.notation.letters import H, n
    >>> number_of_windows(Axis(H, n))
    H - n + 1
    """
    output = axis.output
    return next(x for x in output.args if x != 0) if isinstance(output, Max) else output


def taken_out(expr: Expr) -> Expr:
    """The expression with whole parts outside its floors and ceilings.

    >>> from derive.notation.letters import H, n
    >>> floor((H + n) / n), taken_out(floor((H + n) / n))
    (floor((H + n)/n), floor(H/n) + 1)
    """
    return expr.replace(
        lambda part: isinstance(part, floor | ceiling | Min | Max),
        lambda part: part.func(*(x.expand() for x in part.args)),
    )
