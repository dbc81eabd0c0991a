"""Formulas as JavaScript that computes with BigInt, so that every digit is right.

Printed are integer formulas: sums, products, powers, exact quotients, floors, ceilings, remainders,
minima, maxima and finite sums, and relations joined by "and" and "or". What has no exact
counterpart is refused, never approximated.
"""
# ruff: noqa: N802 - SymPy's printers are found by the name of the class

from sympy import Add, And, Basic, Expr, fraction, Integer, Mul, Or, Pow, Sum, Symbol, together
from sympy.core.relational import Equality, GreaterThan, LessThan, StrictGreaterThan, StrictLessThan
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.printer import Printer

from derive.notation.errors import CheckError

# docs/assets/js/numbers.js
RUNTIME = ("ceilDiv", "exact", "floorDiv", "gcd", "max", "min", "mod", "pointsBelow", "sum")
SUM, PRODUCT, POWER = PRECEDENCE["Add"], PRECEDENCE["Mul"], PRECEDENCE["Pow"]
ATOM = PRECEDENCE["Atom"]


class BigIntPrinter(Printer):  # type: ignore[misc]
    """A printer that knows integers only; free symbols are read from the object named ``holder``.

    >>> from sympy import floor
    >>> from derive.notation.letters import H, n
    >>> BigIntPrinter("s").doprint(floor((H - n) / 2) + 1)
    'floorDiv(s.H - s.n, 2n) + 1n'
    """

    def __init__(self, holder: str = "") -> None:
        super().__init__()
        self.holder = holder
        self.bound: list[Symbol] = []

    def emptyPrinter(self, expr: Basic) -> str:
        """CheckError: the printer has no method for an expression of this type."""
        raise CheckError(f"no exact JavaScript for {type(expr).__name__}: {expr}")

    def _print_Integer(self, expr: Integer) -> str:
        return f"{int(expr)}n"

    def _print_Symbol(self, symbol: Symbol) -> str:
        if not (symbol.name.isidentifier() and symbol.name.isascii() and symbol.is_integer):
            raise CheckError(f"no exact JavaScript for the symbol {symbol}")
        free = self.holder and symbol not in self.bound
        return f"{self.holder}.{symbol.name}" if free else str(symbol.name)

    def _print_Add(self, expr: Add) -> str:
        if any(fraction(term)[1] != 1 for term in expr.args):
            return self._quotient(expr)
        text = ""
        for term in expr.as_ordered_terms():
            negative = term.could_extract_minus_sign()
            printed = self._bracketed(-term if negative else term, PRODUCT if negative else SUM)
            text += f" {'-' if negative else '+'} {printed}"
        return text[3:] if text.startswith(" + ") else _negated(text[3:])

    def _print_Mul(self, expr: Mul) -> str:
        if fraction(expr)[1] != 1:
            return self._quotient(expr)
        negative = expr.could_extract_minus_sign()
        factors = Mul.make_args(-expr if negative else expr)
        text = " * ".join(self._bracketed(factor, PRODUCT) for factor in factors)
        return _negated(text) if negative else text

    def _print_Rational(self, expr: Expr) -> str:
        return self._quotient(expr)

    def _print_Pow(self, expr: Pow) -> str:
        if not (expr.exp.is_Integer and expr.base.is_integer):
            return self.emptyPrinter(expr)
        if expr.exp.is_negative:
            return self._quotient(expr)
        return f"{self._bracketed(expr.base, ATOM)} ** {self._print(expr.exp)}"

    def _print_floor(self, expr: Expr) -> str:
        return self._call("floorDiv", *fraction(together(expr.args[0])))

    def _print_ceiling(self, expr: Expr) -> str:
        return self._call("ceilDiv", *fraction(together(expr.args[0])))

    def _print_Mod(self, expr: Expr) -> str:
        return self._call("mod", *expr.args)

    def _print_Gcd(self, expr: Expr) -> str:
        return self._call("gcd", *expr.args)

    def _print_PointsBelow(self, expr: Expr) -> str:
        return self._call("pointsBelow", *expr.args)

    def _print_Max(self, expr: Expr) -> str:
        return self._call("max", *sorted(expr.args, key=str))

    def _print_Min(self, expr: Expr) -> str:
        return self._call("min", *sorted(expr.args, key=str))

    def _print_Sum(self, expr: Sum) -> str:
        *inner, (letter, first, last) = expr.limits
        start, end = self._print(first), self._print(last)
        self.bound.append(letter)
        summand = self._print(Sum(expr.function, *inner) if inner else expr.function)
        self.bound.pop()
        return f"sum({start}, {end}, {letter} => {summand})"

    def _print_Equality(self, relation: Equality) -> str:
        return self._relation("===", relation)

    def _print_GreaterThan(self, relation: GreaterThan) -> str:
        return self._relation(">=", relation)

    def _print_LessThan(self, relation: LessThan) -> str:
        return self._relation("<=", relation)

    def _print_StrictGreaterThan(self, relation: StrictGreaterThan) -> str:
        return self._relation(">", relation)

    def _print_StrictLessThan(self, relation: StrictLessThan) -> str:
        return self._relation("<", relation)

    def _print_And(self, condition: And) -> str:
        return self._joined(" && ", condition)

    def _print_Or(self, condition: Or) -> str:
        return self._joined(" || ", condition)

    def _joined(self, sign: str, condition: Basic) -> str:
        return f"({sign.join(sorted(map(self._print, condition.args)))})"

    def _quotient(self, expr: Expr) -> str:
        """A formula with a denominator; where it is called for, the division comes out even."""
        return self._call("exact", *fraction(together(expr)))

    def _call(self, name: str, *arguments: Expr) -> str:
        return f"{name}({', '.join(map(self._print, arguments))})"

    def _relation(self, sign: str, relation: Basic) -> str:
        one, other = relation.args
        return f"{self._print(one)} {sign} {self._print(other)}"

    def _bracketed(self, expr: Expr, level: int) -> str:
        text = str(self._print(expr))
        return text if _level(expr, text) >= level else f"({text})"


def _negated(text: str) -> str:
    """The text with a minus before it, which in JavaScript must not stand before a power."""
    return f"0n - {text}" if "**" in text else f"-{text}"


def _level(expr: Expr, text: str) -> int:
    """How tightly the printed text binds: calls and names are atoms, whatever they stand for."""
    if expr.is_Symbol or _is_call(text) or text.removesuffix("n").isdigit():
        return int(ATOM)
    if text.startswith(("-", "0n - ")) or isinstance(expr, Add):
        return int(SUM)
    return int(POWER) if isinstance(expr, Pow) else int(PRODUCT)


def _is_call(text: str) -> bool:
    """Whether the whole text is one call, name(...).

    >>> _is_call("min(a, max(b, c))"), _is_call("min(a, b) * (c + d)")
    (True, False)
    """
    name, bracket, rest = text.partition("(")
    depth = 1
    for place, character in enumerate(rest):
        depth += (character == "(") - (character == ")")
        if not depth:
            return bool(bracket) and name.isidentifier() and place == len(rest) - 1
    return False


def javascript(expr: Basic, holder: str = "") -> str:
    """A formula or relation as an exact JavaScript expression; CheckError if it has none.

    >>> from sympy import Max, Mod
    >>> from derive.notation.letters import H, n, u
    >>> javascript(n * (H - n) ** 2 / 2)
    'exact(n * (H - n) ** 2n, 2n)'
    >>> javascript(Sum(Max(0, Mod(H, n) - u), (u, 0, n - 1)), holder="s")
    'sum(0n, s.n - 1n, u => max(-u + mod(s.H, s.n), 0n))'
    """
    return str(BigIntPrinter(holder).doprint(expr))


def function(expr: Basic) -> str:
    """A formula as a function of an object that holds the value of every symbol.

    >>> from derive.notation.letters import C_in, C_out
    >>> function(C_in * C_out + 3)
    's => s.C_in * s.C_out + 3n'
    """
    return f"s => {javascript(expr, holder='s')}"
