"""A formula is an expression together with its guard, the condition under which it holds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from sympy import Add, Basic, Expr, Function, igcd, Integer, Mul, Product, Sum
from sympy.logic.boolalg import Boolean

from derive.notation.errors import InputError, require

Guard = tuple[Boolean, ...]
Values = Mapping[Basic, int | Expr]


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

    def at(self, values: Values) -> Expr:
        """The value of the formula; InputError where its guard fails or a size is missing."""
        return self.on(integers(values, self.symbols))

    def on(self, sizes: Mapping[Basic, Integer]) -> Expr:
        """The value at sizes that are SymPy's integers; InputError where the guard fails."""
        for relation in self.guard:
            if not _true(relation, sizes):
                own = {symbol: sizes[symbol] for symbol in self.symbols}
                raise InputError(f"the formula needs {relation}, which fails at {own}")
        return evaluate(self.expr, sizes)

    def holds(self, values: Values) -> bool:
        """Whether all sizes are proper and the guard is met."""
        try:
            numbers = integers(values, self.symbols)
        except InputError:
            return False
        return self.met(numbers)

    def met(self, sizes: Mapping[Basic, Integer]) -> bool:
        """Whether the guard is met at sizes that are SymPy's integers already."""
        return all(_true(relation, sizes) for relation in self.guard)

    @cached_property
    def symbols(self) -> tuple[Basic, ...]:
        """The symbols that need a value, by name."""
        free = self.expr.free_symbols.union(*(relation.free_symbols for relation in self.guard))
        return tuple(sorted(free, key=str))


class Gcd(Function):  # type: ignore[misc]
    """The greatest common divisor of two positive integers.

    ``sympy.gcd`` takes symbols for polynomials, so that gcd(s, d) would be 1.

    >>> from derive.notation.letters import n
    >>> Gcd(n, n + 1), Gcd(Integer(4), Integer(6))
    (Gcd(n, n + 1), 2)
    """

    nargs = 2
    is_integer = True
    is_positive = True

    @classmethod
    def eval(cls, one: Expr, other: Expr) -> Integer | None:
        """A number if both are numbers."""
        if one.is_Integer and other.is_Integer:
            return Integer(igcd(one, other))
        return None


def integers(values: Values, wanted: Iterable[Basic]) -> dict[Basic, Integer]:
    """The wanted values as SymPy integers; InputError unless each is there and large enough.

    >>> from derive.notation.letters import n
    >>> integers({n: 3}, [n])
    {n: 3}
    """
    by_symbol(values)
    found = {}
    for symbol in wanted:
        if symbol not in values:
            raise InputError(f"{symbol} has no value")
        number = exact(values[symbol])
        least = 1 if symbol.is_positive else 0
        if number is None or not number.is_Integer or int(number) < least:
            raise InputError(
                f"{symbol} must be an integer of at least {least}, not {values[symbol]}"
            )
        found[symbol] = number
    return found


def by_symbol(values: Values) -> None:
    """Raise InputError unless sizes are a mapping from symbols, as {C_in: 3}."""
    require(values, Mapping, "sizes must be a mapping such as {C_in: 3}")
    for symbol in values:
        require(
            symbol, Basic, "sizes belong to the symbols of derive.notation.letters such as C_in"
        )


def exact(value: object) -> Expr | None:
    """An integer as SymPy's, an expression as it is; None for all else, which is never evaluated.

    >>> exact(3), exact("3")
    (3, None)
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return Integer(value)
    return value if isinstance(value, Expr) else None


def evaluate(expr: Expr, values: Mapping[Basic, Expr]) -> Expr:
    """The number an expression takes when every symbol has a value; finite sums and products
    are carried out.

    Term by term: ``Sum.doit`` of a ceiling depends on the hash seed in SymPy 1.14.

    >>> from derive.notation.letters import n, u
    >>> evaluate(Sum(n * u, (u, 0, n - 1)), {n: Integer(3)})
    9
    """
    known = dict(values)

    def carried_out(operation: type[Expr]) -> Callable[..., Expr]:
        def written_out(each: Expr, *limits: tuple[Basic, Expr, Expr]) -> Expr:
            ends = (
                map(int, (first.xreplace(known), last.xreplace(known))) for _, first, last in limits
            )
            ranges = [range(first, last + 1) for first, last in ends]
            letters = [letter for letter, _, _ in limits]
            at = (dict(zip(letters, map(Integer, x), strict=True)) for x in product(*ranges))
            return operation(*(each.xreplace({**known, **one}) for one in at))

        return written_out

    if expr.has(Sum, Product):
        expr = expr.replace(Sum, carried_out(Add)).replace(Product, carried_out(Mul))
    return expr.xreplace(known)


def _true(relation: Boolean, values: Mapping[Basic, Expr]) -> bool:
    return bool(relation.xreplace(dict(values)) == True)  # noqa: E712
