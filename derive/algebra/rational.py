"""Rational functions of sizes: whether one is zero, and its lowest terms.

SymPy's ``cancel`` rewrites an expression twice before it has two polynomials. Here sums, products
and whole powers make polynomials from the start; anything else is left to SymPy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, reduce
from operator import add, mul

from sympy import Add, cancel, Expr, Indexed, Mul, Pow, Symbol, symbols, ZZ
from sympy.polys.orderings import lex
from sympy.polys.polyutils import _sort_gens
from sympy.polys.rings import PolyElement, PolyRing


@dataclass(frozen=True)
class Ratio:
    """A polynomial over another one that is not zero, not in lowest terms."""

    above: PolyElement
    below: PolyElement

    def __add__(self, other: "Ratio") -> "Ratio":
        if self.below == other.below:
            return Ratio(self.above + other.above, self.below)
        above = self.above * other.below + other.above * self.below
        return Ratio(above, self.below * other.below)

    def __mul__(self, other: "Ratio") -> "Ratio":
        return Ratio(self.above * other.above, self.below * other.below)

    def __pow__(self, exponent: int) -> "Ratio":
        """A whole power; ZeroDivisionError for a negative one of zero."""
        if exponent >= 0:
            return Ratio(self.above**exponent, self.below**exponent)
        if not self.above:
            raise ZeroDivisionError("a negative power of zero")
        return Ratio(self.below**-exponent, self.above**-exponent)


def is_zero(expr: Expr) -> bool:
    """Whether an expression is the zero rational function of its symbols and atoms.

    Raises ZeroDivisionError where a denominator is zero for all values.

    >>> from derive.notation.letters import m, n
    >>> is_zero(1 / n + 1 / m - (m + n) / (m * n)), is_zero(m - n)
    (True, False)
    """
    atoms = _atoms(expr)
    if not _ratio(expr, _ring(len(atoms)), tuple(atoms)).above:
        return True
    return not _independent(atoms) and bool(expr.expand() == 0 or cancel(expr) == 0)


def cancelled(expr: Expr) -> Expr:
    """One fraction in lowest terms, as SymPy's ``cancel`` writes it.

    Raises ZeroDivisionError where a denominator is zero for all values.

    >>> from derive.notation.letters import m, n
    >>> cancelled((n**2 - m**2) / (n * m + n**2))
    (-m + n)/n
    """
    atoms = _atoms(expr)
    if not atoms or not _independent(atoms):
        return cancel(expr)
    ordered = _sort_gens(atoms)  # SymPy's order, on which the signs of the fraction depend
    found = _ratio(expr, PolyRing(ordered, ZZ, lex), ordered)
    above, below = found.above.cancel(found.below)
    return above.as_expr() / below.as_expr()


def _independent(atoms: set[Expr]) -> bool:
    """Whether the atoms are sizes and entries of tensors, which take any values."""
    return all(isinstance(atom, Symbol | Indexed) for atom in atoms)


def _atoms(expr: Expr) -> set[Expr]:
    """What an expression is built of by sums, products and whole powers, numbers aside."""
    if expr.is_Rational:
        return set()
    if isinstance(expr, Add | Mul):
        return set().union(*map(_atoms, expr.args))
    return _atoms(expr.base) if _is_power(expr) else {expr}


def _is_power(expr: Expr) -> bool:
    return isinstance(expr, Pow) and bool(expr.exp.is_Integer)


@cache
def _ring(unknowns: int) -> PolyRing:
    """The polynomials in some unknowns, or in one if there are none, as a ring needs one."""
    return PolyRing(symbols(f"x:{max(1, unknowns)}"), ZZ, lex)


def _ratio(expr: Expr, ring: PolyRing, atoms: Sequence[Expr]) -> Ratio:
    """An expression over the polynomials whose unknowns stand for its atoms."""
    unknowns = dict(zip(atoms, ring.gens, strict=False))

    def ratio(part: Expr) -> Ratio:
        if part.is_Rational:
            return Ratio(ring(int(part.p)), ring(int(part.q)))
        if _is_power(part):
            return ratio(part.base) ** int(part.exp)
        if isinstance(part, Add | Mul):
            return reduce(add if isinstance(part, Add) else mul, map(ratio, part.args))
        return Ratio(unknowns[part], ring.one)

    return ratio(expr)
