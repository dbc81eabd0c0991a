"""Same-size layers: an n × n kernel at stride 1 and an output as large as the input."""

from functools import cache

from sympy import Eq, Expr, factor_terms, Integer, Mod, Symbol

from derive.notation.axis import Axis, in_bounds
from derive.notation.formula import Formula, Guard
from derive.notation.letters import Direction, n


@cache
def same_size(formula: Formula, directions: tuple[Direction, ...]) -> Formula:
    """The formula for an odd square kernel, stride 1, dilation 1 and padding (n - 1)/2 all round.

    >>> from derive.families import asymmetric
    >>> from derive.algebra.counting import Count
    >>> from derive.notation.letters import HEIGHT, WIDTH
    >>> same_size(Count(asymmetric.family).parameters, (HEIGHT, WIDTH)).expr
    m*n*(C_in + C_out)
    """
    values: dict[Symbol, Expr] = {}
    kernels = {d.kernel: n for d in directions}
    guard: list[Guard] = [tuple(relation.xreplace(kernels) for relation in formula.guard)]
    for direction in directions:
        known = _along(direction)
        present = known.keys() & formula.expr.free_symbols
        values |= {symbol: known[symbol].expr for symbol in present}
        guard += [known[symbol].guard for symbol in sorted(present, key=str)]
    expr = _short(formula.expr.xreplace(values))
    return Formula(expr, tuple(relation for part in guard for relation in part))


def same_size_guard(directions: tuple[Direction, ...]) -> Guard:
    """The conditions that make a layer a same-size layer.

    >>> from derive.notation.letters import HEIGHT
    >>> same_size_guard((HEIGHT,))[:3]
    (Eq(k_h, n), Eq(s_h, 1), Eq(d_h, 1))
    """
    found = (condition for d in directions for condition in _along(d)[d.output].guard)
    return tuple(dict.fromkeys(found))


def _short(expr: Expr) -> Expr:
    """The shorter of the expression and its expansion, common terms taken out."""
    forms = map(factor_terms, dict.fromkeys((expr, expr.expand())))
    return min(forms, key=lambda form: form.count_ops())


@cache
def _along(direction: Direction) -> dict[Symbol, Formula]:
    """What the symbols of a direction are on such a layer, and what that takes."""
    d, margin = direction, (n - 1) / 2
    odd, still = Eq(Mod(n, 2), 1), (Eq(d.stride, 1), Eq(d.dilation, 1))
    same = (Eq(d.kernel, n), *still, Eq(2 * d.before, n - 1), Eq(2 * d.after, n - 1), odd)
    pairs = in_bounds(Axis(d.input, n, 1, 1, margin, margin))["same"]
    return {
        d.kernel: Formula(n, (Eq(d.kernel, n),)),
        d.dilation: Formula(Integer(1), still[1:]),
        d.output: Formula(d.input, same),
        d.pairs: Formula(pairs.expr, (*same, *pairs.guard)),
        d.reached: Formula(d.input, same),
        d.centre: Formula(d.input, same),
    }
