"""Rational functions of sizes: whether one is zero, and its lowest terms.

SymPy's ``cancel`` rewrites an expression twice before it has two polynomials. Here sums, products
and whole powers make polynomials from the start; anything else is left to SymPy.
"""

from dataclasses import dataclass
from functools import reduce
from operator import add, mul

from sympy import Add, cancel, Dummy, Expr, Indexed, Mul, Pow, Symbol, ZZ
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
    if not _ratio(expr, _ring(atoms)).above:
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
    found = _ratio(expr, _ring(atoms))
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


def _ring(atoms: set[Expr]) -> PolyRing:
    """The polynomials in the atoms, in SymPy's order of generators; in one more if there is none,
    as a ring needs one."""
    return PolyRing(_sort_gens(atoms or {Dummy()}), ZZ, lex)


def _ratio(expr: Expr, ring: PolyRing) -> Ratio:
    if expr.is_Rational:
        return Ratio(ring(int(expr.p)), ring(int(expr.q)))
    if _is_power(expr):
        return _ratio(expr.base, ring) ** int(expr.exp)
    if isinstance(expr, Add | Mul):
        parts = (_ratio(part, ring) for part in expr.args)
        return reduce(add if isinstance(expr, Add) else mul, parts)
    return Ratio(ring.gens[ring.symbols.index(expr)], ring.one)
