"""A formula of a family: called with sizes by name, printed as mathematics."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sympy import Basic, Expr, Rational, Symbol, sympify, SympifyError

from derive.api.sizes import complete, listed, SIDES
from derive.notation import formula
from derive.notation.errors import InputError, require
from derive.notation.formula import Guard
from derive.notation.letters import n
from derive.render.latex import guard_words, latex

Sizes = Mapping[str | Symbol, object]


@dataclass(frozen=True, repr=False)
class Formula:
    """A count in closed form: a SymPy expression, and the guard under which it holds.

    Call it with sizes by name for a number; ``n`` is every side of a square kernel. ``expr`` is an
    expression of SymPy and ``guard`` the relations that it needs, both in plain symbols:
    ``Symbol("m")`` is the size m.

    >>> import derive
    >>> from sympy import Symbol
    >>> parameters = derive.families["asymmetric"].parameters
    >>> parameters
    C_in*k_h*m + C_out*k_w*m
    >>> parameters(C_in=3, C_out=8, n=3, m=3)
    99
    >>> parameters.subs(n=3, m=8)
    24*C_in + 24*C_out
    >>> parameters.expr.coeff(Symbol("m"))
    C_in*k_h + C_out*k_w
    """

    derived: formula.Formula
    name: str = "the formula"

    @classmethod
    def of(cls, given: formula.Formula, name: str) -> "Formula":
        """A formula under the name that messages call it by."""
        return cls(given, name.replace("_", " "))

    @property
    def expr(self) -> Expr:
        """The expression, for all of SymPy; its symbols are plain ones.

        >>> import derive
        >>> from sympy import Symbol
        >>> derive.families["standard"].parameters.expr.subs(Symbol("C_in"), 3)
        3*C_out*k_h*k_w
        """
        return self._plain(self.derived.expr)

    @property
    def guard(self) -> Guard:
        """The relations that have to hold, in plain symbols."""
        return tuple(map(self._plain, self.derived.guard))

    @property
    def sizes(self) -> dict[str, Symbol]:
        """The symbols of the formula by name.

        >>> import derive
        >>> list(derive.families["standard"].parameters.sizes)
        ['C_in', 'C_out', 'k_h', 'k_w']
        """
        return {name: Symbol(name) for name in self._known}

    def __call__(self, **sizes: int) -> int | Fraction:
        """The value at sizes in numbers: an integer, or a Fraction for a ratio.

        Raises InputError, one line that lists the sizes, if one is missing or unknown, and if the
        guard of the formula fails.

        >>> import derive
        >>> derive.families["standard"].parameters(C_in=3, C_out=8, n=3)
        216
        >>> derive.families["standard"].parameters(C_in=3, n=3)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        derive.notation.errors.InputError: parameters needs C_out (output channels); it takes ...
        """
        value = Rational(self.derived.at(complete(self.name, self._known.values(), sizes)))
        return int(value.p) if value.q == 1 else Fraction(int(value.p), int(value.q))

    def at(self, values: Sizes) -> Expr:
        """The value at sizes given by name or by symbol, as SymPy's number.

        Raises InputError where the guard fails and for a size that is missing or unknown.

        >>> import derive
        >>> from sympy import symbols
        >>> C_in, C_out = symbols("C_in C_out")
        >>> derive.families["standard"].parameters.at({C_in: 3, C_out: 8, "n": 3})
        216
        """
        require(values, Mapping, "sizes must be a mapping such as {'C_in': 3}")
        return self.derived.at({x: value for key, value in values.items() for x in self._of(key)})

    def subs(self, values: Sizes | None = None, **sizes: object) -> "Formula":
        """The formula with some sizes replaced by numbers or by expressions.

        Sizes are given by name or by symbol, and ``n`` is every side of the kernel. Raises
        InputError, one line, for anything that the formula does not hold, for a value that is
        neither a number nor an expression, and if the guard fails.

        >>> import derive
        >>> from sympy import Symbol
        >>> parameters = derive.families["standard"].parameters
        >>> parameters.subs({"C_in": 64}, n=3)
        576*C_out
        >>> parameters.subs({Symbol("C_in"): 2 * Symbol("C_out")})
        2*C_out**2*k_h*k_w
        >>> parameters.subs(M=3)
        Traceback (most recent call last):
        derive.notation.errors.InputError: parameters has no size M; it takes C_in, C_out, k_h, k_w (or n for a square kernel)
        """  # noqa: E501
        require(values, (Mapping, type(None)), "sizes must be a mapping such as {'C_in': 3}")
        pairs = [*(values or {}).items(), *sizes.items()]
        new = {x: self._meant(value) for key, value in pairs for x in self._of(key)}
        old = self.derived.guard
        guard = tuple(relation.subs(new) for relation in old)
        if failing := [x for x, now in zip(old, guard, strict=True) if now == False]:  # noqa: E712
            raise InputError(f"{self.name} holds for {guard_words(tuple(failing))}")
        return Formula(formula.Formula(self.derived.expr.subs(new), guard), self.name)

    @property
    def _known(self) -> dict[str, Symbol]:
        """The sizes by name, each with what is known of it: that it is a positive integer."""
        return {one.name: one for one in self.derived.symbols if isinstance(one, Symbol)}

    def _plain(self, part: Basic) -> Basic:
        return part.xreplace({one: Symbol(name) for name, one in self._known.items()})

    def _meant(self, value: object) -> Expr:
        """A value whose symbols are the sizes of their names; a text is never evaluated."""
        try:
            expr = sympify(value, strict=True)
        except SympifyError:
            expr = None
        if not isinstance(expr, Expr):
            raise InputError(f"a size is a number or an expression of SymPy, not {value!r}")
        names = {one: self._known.get(one.name, one) for one in expr.free_symbols}
        return expr.xreplace(names)

    def _of(self, key: str | Symbol) -> Iterator[Symbol]:
        """The sizes that a key stands for; InputError if there is none."""
        name, known = str(key), self._known
        sides = [side for side in SIDES if side in known.values()]
        if name == n.name and name not in known and sides:
            yield from sides
        elif name in known:
            yield known[name]
        else:
            raise InputError(f"{self.name} has no size {name}; it takes {listed(known.values())}")

    def __repr__(self) -> str:
        return f"{self.derived.expr}{_condition(self.derived.guard)}"

    def _sympy_(self) -> Basic:
        """The expression, wherever SymPy takes one."""
        return self.expr

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {latex(self.derived.expr)}$"


def _condition(guard: Guard) -> str:
    return f", for {guard_words(guard)}" if guard else ""
