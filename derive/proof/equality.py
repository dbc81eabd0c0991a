"""Equality: one word, ``Equal``, that picks how it is decided; and the ways to decide it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import mul
from typing import Any, ClassVar

from sympy import (
    Expr,
    floor,
    ImmutableMatrix,
    MatMul,
    Matrix,
    Max,
    Min,
    Sum,
)
from sympy.core.function import AppliedUndef

from derive.algebra.contraction import contraction, filled
from derive.algebra.inclusion import inclusion
from derive.algebra.normal_form import normal_form, Ranges, Supports
from derive.algebra.rational import cancelled, is_zero
from derive.notation.family import Family
from derive.proof.claim import Claim
from derive.proof.result import as_text, Context, Evidence, found, Result
from derive.proof.status import Status

SAME = "by definition: once written out, both sides are one expression"


def Equal(  # noqa: N802 (a word like the kinds of evidence from which it picks)
    left: Any, right: Any = None, free: Ranges | None = None, supports: Supports | None = None
) -> Evidence:
    """Evidence that two sides are equal, decided as befits them.

    Nested sums by their normal form (``free`` says how far the letters run that are not summed,
    ``supports`` where tensors vanish), a tuple of matrices multiplied out as blocks that do not
    commute, other expressions and matrices by cancellation; a list of rows is a matrix, and a claim
    its last term, which is thereby established. Instead of two sides it takes a mapping of names to
    sums that are all equal, or to pairs of exact values such as ranks, sets and lists.

    >>> from derive.notation.letters import m, n
    >>> Equal((n + 1) ** 2, n**2 + 2 * n + 1).kind, Equal({"rank": (2, 2)}).kind
    ('identity', 'exact computation')
    >>> Equal(([[m, n]], [[1], [0]]), [[m]]).kind
    'identity of blocks'
    >>> square = Claim(m, "=", n**2 + n)
    >>> Equal(n * (n + 1), square).says == (square,)
    True
    """
    if isinstance(left, Mapping):
        sums = any(isinstance(side, Expr) for side in left.values())
        return OneSum(left, free or {}, supports or {}) if sums else Exact(left)
    says = tuple(side for side in (left, right) if isinstance(side, Claim))
    left, right = _side(left), _side(right)
    if isinstance(left, tuple):
        return Blocks(left, right)
    if free or supports or _summed(left) or _summed(right):
        return SameSum(left, right, free or {}, supports or {}, says)
    return Identity(left, right, says)


def _side(side: Any) -> Any:
    """Lists of rows as matrices, those of a tuple too; of a claim what it says; else as it is."""
    if isinstance(side, tuple):
        return tuple(map(_side, side))
    if isinstance(side, Claim):
        return side.expr
    return Matrix(side) if isinstance(side, list) else side


def _summed(side: Any) -> bool:
    return isinstance(side, Expr) and not isinstance(side, AppliedUndef) and side.has(Sum)


@dataclass(frozen=True)
class Identity:
    """Two expressions in symbolic sizes are equal: their difference cancels to zero.

    Rational functions are decided; floors and other functions stand for themselves. Matrices are
    compared entry by entry, non-commuting symbols (blocks of a matrix) by expansion.

    >>> from derive.notation.letters import n
    >>> Identity((n + 1) ** 2, n**2 + 2 * n + 1).holds
    True
    """

    left: Expr | Matrix
    right: Expr | Matrix
    says: tuple[Claim, ...] = ()
    kind: ClassVar[str] = "identity"

    @property
    def holds(self) -> bool:
        """Whether the difference is zero, entry by entry."""
        return all(map(vanishes, _entries(self.left - self.right)))

    def run(self, context: Context) -> Result:
        """Compare; without symbols nothing is said about all sizes."""
        if not (self.left.free_symbols | self.right.free_symbols):
            return Result(Status.FAILED, "vacuous: no symbol in the identity")
        shown = (("left side", self.left), ("right side", self.right))
        ran = SAME if self.left == self.right else "symbolic identity"
        return found(self.holds, Status.PROVED, ran, *shown)

    @property
    def reduced(self) -> Expr | None:
        """What both sides reduce to, where they are rational functions."""
        scalar = isinstance(self.left, Expr) and self.left.is_commutative
        return cancelled(self.left) if scalar and not self.left.has(Max, Min, floor) else None


def vanishes(difference: Expr) -> bool:
    """Whether an expression is the zero rational function of its symbols and atoms."""
    if not difference.is_commutative:
        return bool(difference.expand() == 0)
    return is_zero(difference)


def _entries(one: Expr | Matrix) -> list[Expr]:
    return [one] if isinstance(one, Expr) else list(one)


@dataclass(frozen=True)
class Blocks:
    """A product of block matrices is the given one: the blocks are symbols that do not commute.

    >>> from sympy import Symbol
    >>> a, b = Symbol("a", commutative=False), Symbol("b", commutative=False)
    >>> Blocks((Matrix([[a, 0]]), Matrix([[b], [a]])), Matrix([[a * b]])).holds
    True
    """

    factors: tuple[Matrix, ...]
    product: Matrix
    kind: ClassVar[str] = "identity of blocks"

    @property
    def holds(self) -> bool:
        """Whether the product, multiplied out, is the given matrix entry by entry."""
        return all(map(vanishes, reduce(mul, self.factors) - self.product))

    def run(self, context: Context) -> Result:
        """Multiply out; a product of one factor says nothing."""
        if len(self.factors) < 2:
            return Result(Status.FAILED, "vacuous: nothing is multiplied")
        factors = map(ImmutableMatrix, self.factors)
        shown = ("product", MatMul(*factors, evaluate=False)), ("multiplied out", self.product)
        return found(self.holds, Status.PROVED, "product of blocks that do not commute", *shown)


@dataclass(frozen=True)
class SameSum:
    """Two nested sums with symbolic sizes are equal: they have one normal form.

    ``free`` says how far the letters run that are not summed, ``supports`` where tensors vanish.
    """

    left: Expr
    right: Expr
    free: Ranges = field(default_factory=dict)
    supports: Supports = field(default_factory=dict)
    says: tuple[Claim, ...] = ()
    kind: ClassVar[str] = "identity of sums"

    def run(self, context: Context | None) -> Result:
        """Compare the normal forms; two zeros say nothing."""
        forms = [normal_form(side, self.free, self.supports) for side in (self.left, self.right)]
        if not any(forms):
            return Result(Status.FAILED, "vacuous: both sums are zero")
        shown = (("left side", self.left), ("right side, the flattened sum", self.right))
        ran = SAME if self.left == self.right else "normal form of nested sums"
        return found(forms[0] == forms[1], Status.PROVED, ran, *shown)


@dataclass(frozen=True)
class OneSum:
    """Several nested sums with symbolic sizes are all equal: they have one normal form."""

    sums: Mapping[str, Expr]
    free: Ranges = field(default_factory=dict)
    supports: Supports = field(default_factory=dict)
    kind: ClassVar[str] = "identity of sums"

    def run(self, context: Context) -> Result:
        """Compare all normal forms with the first; one sum alone says nothing."""
        forms = [normal_form(x, self.free, self.supports) for x in self.sums.values()]
        if len(forms) < 2 or not any(forms):
            return Result(Status.FAILED, "vacuous: nothing to compare")
        ran = f"normal form of nested sums: {', '.join(self.sums)}"
        return found(all(form == forms[0] for form in forms), Status.PROVED, ran)


@dataclass(frozen=True)
class Exact:
    """Values worked out exactly, next to what the sentence says they are.

    >>> Exact({"rank": (2, 2)}).run(None).status.slug
    'computed'
    """

    values: Mapping[str, tuple[Any, Any]]
    kind: ClassVar[str] = "exact computation"

    def run(self, context: Context | None) -> Result:
        """Compare each with what is claimed."""
        wrong = {name: pair for name, pair in self.values.items() if pair[0] != pair[1]}
        if wrong or not self.values:
            return Result(Status.FAILED, f"worked out, and claimed: {wrong}")
        ran = ", ".join(f"{name}: {as_text(found)}" for name, (found, _) in self.values.items())
        return Result(Status.COMPUTED, ran)


@dataclass(frozen=True)
class Includes:
    """Every kernel of the smaller design is one of the larger: weights are found, and contract to
    what the smaller one contracts to.

    ``small_sizes`` and ``large_sizes`` give the bonds their sizes.

    >>> from derive.families import asymmetric, cp
    >>> from derive.notation.letters import m, R
    >>> Includes(cp.family, asymmetric.family, large_sizes={m: R}).run(None).status.slug
    'proved'
    """

    small: Family
    large: Family
    small_sizes: Ranges = field(default_factory=dict)
    large_sizes: Ranges = field(default_factory=dict)
    kind: ClassVar[str] = "identity of sums"

    def run(self, context: Context | None) -> Result:
        """Search for weights, then compare normal forms."""
        weights = inclusion(self.small, self.large, self.small_sizes, self.large_sizes)
        if weights is None:
            return Result(Status.FAILED, "no weights were found")
        found = filled(self.large, weights, self.large_sizes)
        return SameSum(found, contraction(self.small).xreplace(self.small_sizes)).run(context)
