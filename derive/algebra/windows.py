"""Where the taps of a window lie, and rounded quotients with their whole parts taken out."""

from sympy import ceiling, Expr, floor, Max, Min

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
