"""A formula is an expression together with its guard, the condition under which it holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from sympy import Add, Basic, Expr, Integer, Sum
from sympy.logic.boolalg import Boolean

from derive.notation.errors import InputError

Guard = tuple[Boolean, ...]


@dataclass(frozen=True)
class Formula:
    """An expression and the relations that must hold for it to be true.

    >>> from derive.notation.letters import n, H
    >>> from sympy import Ge
    >>> Formula(n * H, (Ge(H, n),)).at({n: 3, H: 5})
    15
    """

    expr: Expr
    guard: Guard = ()

    def __post_init__(self) -> None:
        open_questions = (relation for relation in self.guard if relation != True)  # noqa: E712
        object.__setattr__(self, "guard", tuple(dict.fromkeys(open_questions)))

    def at(self, values: Mapping[Basic, int | Expr]) -> Expr:
        """The value of the formula; raises InputError where its guard fails."""
        numbers = integers(values)
        for relation in self.guard:
            if not _true(relation, numbers):
                raise InputError(f"the formula needs {relation}, which fails at {numbers}")
        return evaluate(self.expr, numbers)

    def holds(self, values: Mapping[Basic, int | Expr]) -> bool:
        """Whether the guard is met at the given values."""
        numbers = integers(values)
        return all(_true(relation, numbers) for relation in self.guard)


def integers(values: Mapping[Basic, int | Expr]) -> dict[Basic, Integer]:
    """The same values as SymPy integers."""
    return {symbol: Integer(value) for symbol, value in values.items()}


def evaluate(expr: Expr, values: Mapping[Basic, Expr]) -> Expr:
    """The number an expression takes when every symbol has a value; finite sums are carried out.

    Term by term: ``Sum.doit`` of a ceiling depends on the hash seed in SymPy 1.14.

    >>> from derive.notation.letters import n, u
    >>> evaluate(Sum(n * u, (u, 0, n - 1)), integers({n: 3}))
    9
    """
    return expr.xreplace(dict(values)).replace(Sum, _carried_out)


def _carried_out(summand: Expr, *limits: tuple[Basic, Expr, Expr]) -> Expr:
    ranges = [range(int(first), int(last) + 1) for _, first, last in limits]
    letters = [letter for letter, _, _ in limits]
    terms = (dict(zip(letters, map(Integer, at), strict=True)) for at in product(*ranges))
    return Add(*(summand.xreplace(term) for term in terms))


def _true(relation: Boolean, values: Mapping[Basic, Expr]) -> bool:
    return bool(relation.xreplace(dict(values)) == True)  # noqa: E712
