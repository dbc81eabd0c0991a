"""A formula of a family: called with sizes by name, printed as mathematics."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sympy import Basic, Expr, Rational, Symbol

from derive.api.sizes import complete, listed, SIDES
from derive.notation import formula
from derive.notation.errors import InputError, require
from derive.notation.formula import Guard, Values
from derive.notation.letters import n
from derive.render.latex import guard_words, latex


@dataclass(frozen=True, repr=False)
class Formula(formula.Formula):
    """A count in closed form: a SymPy expression, and the guard under which it holds.

    Call it with sizes by name for a number; ``n`` is every side of a square kernel. ``expr`` is
    SymPy's expression and ``guard`` the relations that it needs. The symbols of the expression
    carry assumptions, so that ``Symbol("m")`` is another one: ``sizes`` has them by name.

    >>> import derive
    >>> parameters = derive.families["asymmetric"].parameters
    >>> parameters
    C_in*k_h*m + C_out*k_w*m
    >>> parameters(C_in=3, C_out=8, n=3, m=3)
    99
    >>> parameters.subs(n=3, m=8)
    24*C_in + 24*C_out
    >>> parameters.expr.coeff(parameters.sizes["m"])
    C_in*k_h + C_out*k_w
    """

    name: str = "the formula"

    @classmethod
    def of(cls, given: formula.Formula, name: str) -> "Formula":
        """A formula under the name that messages call it by."""
        return cls(given.expr, given.guard, name.replace("_", " "))

    @property
    def sizes(self) -> dict[str, Symbol]:
        """The symbols of the formula by name.

        >>> import derive
        >>> list(derive.families["standard"].parameters.sizes)
        ['C_in', 'C_out', 'k_h', 'k_w']
        """
        return {symbol.name: symbol for symbol in self.symbols if isinstance(symbol, Symbol)}

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
        value = Rational(self.at(complete(self.name, self.sizes.values(), sizes)))
        return int(value.p) if value.q == 1 else Fraction(int(value.p), int(value.q))

    def at(self, values: Values) -> Expr:
        """The value at sizes given by symbol, as SymPy's number.

        Raises InputError where the guard fails, where a size is missing, and for a symbol that has
        the name of a size but is another one, such as ``Symbol("m")``.

        >>> import derive
        >>> from derive.notation.letters import C_in, C_out, k_h, k_w
        >>> derive.families["standard"].parameters.at({C_in: 3, C_out: 8, k_h: 3, k_w: 3})
        216
        """
        require(values, Mapping, "sizes must be a mapping such as {C_in: 3}")
        for symbol in values:
            if isinstance(symbol, Symbol):
                self._need_known(symbol)
        return super().at(values)

    def subs(
        self, values: Mapping[str | Symbol, object] | None = None, **sizes: object
    ) -> "Formula":
        """The formula with some sizes replaced by numbers or by expressions.

        Sizes are given by name or by symbol, and ``n`` is every side of the kernel. Raises
        InputError, one line that lists the sizes, for anything that the formula does not hold, of
        which SymPy's own ``subs`` would silently leave everything as it is.

        >>> import derive
        >>> from sympy import Symbol
        >>> parameters = derive.families["standard"].parameters
        >>> parameters.subs({"C_in": 64}, n=3)
        576*C_out
        >>> parameters.subs({Symbol("C_in"): 64})  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        derive.notation.errors.InputError: C_in lacks the assumptions of the size of that name: ...
        """
        require(values, (Mapping, type(None)), "sizes must be a mapping such as {'C_in': 3}")
        pairs = [*(values or {}).items(), *sizes.items()]
        known = {x: value for key, value in pairs for x in self._meant(key)}
        guard = tuple(relation.subs(known) for relation in self.guard)
        if failing := [old for old, new in zip(self.guard, guard, strict=True) if new == False]:  # noqa: E712
            raise InputError(f"{self.name} holds for {guard_words(tuple(failing))}")
        return Formula(self.expr.subs(known), guard, self.name)

    def _meant(self, key: str | Symbol) -> list[Symbol]:
        """The symbols that a key stands for; InputError if there is none."""
        if isinstance(key, Symbol):
            self._need_known(key)
        name = str(key)
        sides = [side for side in SIDES if side in self.symbols]
        if name == n.name and n not in self.symbols and sides:
            return sides
        if name not in self.sizes:
            raise InputError(f"{self.name} has no size {name}; it takes {self._listed()}")
        return [self.sizes[name]]

    def _need_known(self, symbol: Symbol) -> None:
        own = self.sizes.get(symbol.name)
        if own is not None and own != symbol:
            raise InputError(
                f"{symbol.name} lacks the assumptions of the size of that name: write"
                f" subs({symbol.name}=...), or take it from .sizes, which has"
                f" {', '.join(self.sizes)}"
            )

    def _listed(self) -> str:
        return listed(tuple(self.sizes.values()))

    def __repr__(self) -> str:
        return f"{self.expr}{_condition(self.guard)}"

    def _sympy_(self) -> Basic:
        """The expression, wherever SymPy takes one."""
        return self.expr

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {latex(self.expr)}$"


def _condition(guard: Guard) -> str:
    return f", for {guard_words(guard)}" if guard else ""
