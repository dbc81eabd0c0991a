"""Evidence for the named formulas of a statement: held against numbers and against each other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, ClassVar

from sympy import Symbol

from derive.algebra.rational import cancelled
from derive.proof.cases import Case, Cases
from derive.proof.claim import Claim, Half, Said, symbols_of, value
from derive.proof.equality import Identity
from derive.proof.evidence import chosen, Equivalent, Every, Positive
from derive.proof.result import claims_of, Context, Evidence, found, Result
from derive.proof.status import Status


@dataclass(frozen=True)
class Holds:
    """A claim is true on every case of a grid, of values that are worked out another way.

    ``measured`` gives, for a case, the values of the symbols (and functions) that the case does not
    name itself. An inequality must be reached with equality on some case, unless it is strict;
    the sides of an equation must not be constant.

    >>> from derive.notation.letters import m, n
    >>> from derive.proof.cases import Grid
    >>> squares = Claim(m, "=", n**2)
    >>> Holds(squares, lambda n: {m: sum(range(1, 2 * n, 2))}, Grid(n=range(1, 9))).holds
    True
    """

    claim: Claim
    measured: Callable[..., Mapping[Any, Any]]
    over: Cases
    thorough: Cases | None = None
    kind: ClassVar[str] = "exhaustive grid"

    @property
    def says(self) -> tuple[Claim, ...]:
        """The claim that it is about."""
        return (self.claim,)

    @property
    def holds(self) -> bool:
        """Whether the claim stands the small grid."""
        return self._on(self.over).status == Status.CHECKED

    def run(self, context: Context) -> Result:
        """Case by case, up to the first that breaks the claim."""
        return self._on(chosen(self, context))

    def _on(self, cases: Cases) -> Result:
        bounds, reached, count = bool(set(self.claim.signs) & {"≤", "≥"}), 0, 0
        sides = set()
        for case in cases:
            values = {**named(self.claim, case), **self.measured(**case)}
            count += 1
            if not self.claim.holds(values):
                return Result(Status.FAILED, f"the claim fails at {case}")
            reached += bounds and self.claim.tight(values)
            sides.add(numbers(self.claim, values) if "=" in self.claim.signs else count)
        constant = any(term.is_number for term in self.claim.terms)
        if count < 2 or (len(sides) < 2 and not constant):
            return Result(Status.FAILED, f"vacuous: one value on {count} cases")
        if bounds and not reached:
            return Result(Status.FAILED, f"vacuous: the bound is never reached on {count} cases")
        return Result(Status.CHECKED, f"{cases.words} ({count:,} cases)")


@dataclass(frozen=True)
class Decides:
    """All of some claims are true exactly where a condition is, on every case of a grid.

    The condition is decided another way; it is true on some case and false on another.

    >>> from derive.notation.letters import n
    >>> from derive.proof.cases import Grid
    >>> Decides((Claim(n, "<", 3),), lambda n: n * n < 9, Grid(n=range(6))).holds
    True
    """

    claims: tuple[Claim, ...]
    condition: Callable[..., bool]
    over: Cases
    thorough: Cases | None = None
    measured: Callable[..., Mapping[Any, Any]] = field(default=lambda **case: {})
    kind: ClassVar[str] = "exhaustive grid"

    @property
    def says(self) -> tuple[Claim, ...]:
        """The claims that it is about."""
        return self.claims

    @property
    def holds(self) -> bool:
        """Whether the two agree on the small grid."""
        return self._on(self.over).status == Status.CHECKED

    def run(self, context: Context) -> Result:
        """Case by case, up to the first on which the two differ."""
        return self._on(chosen(self, context))

    def _on(self, cases: Cases) -> Result:
        values, count = set(), 0
        for case in cases:
            measured = self.measured(**case)
            said = all(one.holds({**named(one, case), **measured}) for one in self.claims)
            count += 1
            if said != bool(self.condition(**case)):
                return Result(Status.FAILED, f"the claim is {said} at {case}, the condition not")
            values.add(said)
        if len(values) < 2:
            return Result(Status.FAILED, f"vacuous: one value on {count} cases")
        return Result(Status.CHECKED, f"{cases.words} ({count:,} cases)")


def numbers(claim: Claim, values: Mapping[Any, Any]) -> tuple[Any, ...]:
    """What the terms of a claim come to."""
    return tuple(value(term, values) for one in claim.each for term in one.terms)


def named(claim: Claim, case: Case) -> dict[Symbol, Any]:
    """The values that a case gives to the symbols of a claim, by name."""
    symbols = set().union(*map(symbols_of, claim.terms))
    return {symbol: case[symbol.name] for symbol in symbols if symbol.name in case}


@dataclass(frozen=True)
class Equation:
    """A claim of equal terms, with expressions for what it names: the terms cancel to one.

    >>> from derive.notation.letters import m, n
    >>> Equation(Claim(m, "=", n * (n + 1)), {m: n**2 + n}).holds
    True
    >>> Equation(Claim(m, "≠", n * (n + 1)), {m: n**2 + n}).holds
    False
    """

    claim: Claim
    given: Mapping[Any, Any] = field(default_factory=dict)
    kind: ClassVar[str] = "identity"

    @property
    def says(self) -> tuple[Claim, ...]:
        """The claim that it is about."""
        return (self.claim,)

    @property
    def holds(self) -> bool:
        """Whether every sign is that of equality and each two neighbours are equal."""
        return set(self.claim.signs) == {"="} and all(one.holds for one in self._identities)

    @property
    def _identities(self) -> list[Identity]:
        return [Identity(*pair) for pair in pairwise(self.claim.given(self.given).terms)]

    def run(self, context: Context) -> Result:
        """Compare the neighbours; without symbols nothing is said about all sizes."""
        if set(self.claim.signs) != {"="}:
            return Result(Status.FAILED, f"{self.claim} is no equation")
        return min((one.run(context) for one in self._identities), key=lambda one: one.status)


@dataclass(frozen=True)
class SameCondition:
    """Two inequalities hold for the same sizes: both strict or both not, in positive ratio.

    ``words`` are those of the statement that stand between the two, in both directions.

    >>> from derive.notation.letters import C_in, m, n
    >>> from derive.proof.claim import iff
    >>> wider = SameCondition(Claim(m * C_in, "<", n * C_in), Claim(n, ">", m), iff())
    >>> wider.holds, [str(one) for one in wider.says]
    (True, ['C_in*m < C_in*n', 'n > m', 'only if', 'if'])
    """

    one: Claim
    other: Claim
    words: Said | None = None
    kind: ClassVar[str] = "equivalence"

    @property
    def says(self) -> tuple[Claim | Half, ...]:
        """The claims that it is about, and both halves of the words."""
        return self.one, self.other, *(self.words.halves if self.words else ())

    @property
    def holds(self) -> bool:
        """Whether the signs match and the ratio of the gaps is positive."""
        return self._signs and self._gaps.holds

    @property
    def _signs(self) -> bool:
        return self.one.strict == self.other.strict

    @property
    def _gaps(self) -> Equivalent:
        return Equivalent(self.one.gap, self.other.gap)

    def run(self, context: Context) -> Result:
        """Divide one gap by the other."""
        if not self._signs:
            return Result(Status.FAILED, "one of the two is strict, the other is not")
        return self._gaps.run(context)


@dataclass(frozen=True, init=False)
class Signs:
    """An inequality in symbolic sizes, by the signs of the terms of its gap.

    ``given`` holds claims such as n ≥ 2, from which each symbol's least value is read.

    >>> from derive.notation.letters import n
    >>> Signs(Claim(n**2, "≥", 2 * n), Claim(n, "≥", 2)).holds
    True
    >>> Signs(Claim(n**2, ">", 2 * n), Claim(n, "≥", 2)).holds
    False
    """

    claim: Claim
    given: tuple[Claim, ...]
    kind: ClassVar[str] = "inequality"

    def __init__(self, claim: Claim, *given: Claim) -> None:
        object.__setattr__(self, "claim", claim)
        object.__setattr__(self, "given", given)

    @cached_property
    def _positive(self) -> Positive:
        return Positive(cancelled(self.claim.gap), dict(map(least, self.given)))

    @property
    def holds(self) -> bool:
        """Whether no term of the gap is negative and, for a strict claim, one is positive."""
        shifted = self._positive.shifted
        return bool(shifted.is_positive if self.claim.strict else shifted.is_nonnegative)

    def run(self, context: Context) -> Result:
        """Look at the signs; a number says nothing about sizes."""
        if self.claim.sign not in ("<", "≤", ">", "≥"):
            return Result(Status.FAILED, f"{self.claim.sign} is no inequality")
        if self.claim.gap.is_number:
            return Result(Status.FAILED, "vacuous: no symbol in the inequality")
        gap = self._positive
        shown = (("difference", gap.expr), ("in terms of the excess", gap.shifted))
        return found(self.holds, Status.PROVED, "signs of the terms", *shown)


def least(claim: Claim) -> tuple[Symbol, int]:
    """A symbol and its least value, from a claim such as n ≥ 2 or n > 1."""
    symbol, bound = claim.sides
    return symbol, int(bound) + (claim.sign == ">")


@dataclass(frozen=True, init=False)
class Domain:
    """Sizes of a claim such as H, k ≥ 1 are the book's symbols of exactly that domain.

    >>> from derive.notation.letters import HEIGHT, m, n
    >>> Domain(Claim((m, n), "≥", 1), Claim(HEIGHT.before, "≥", 0)).holds
    True
    >>> Domain(Claim(n, "≥", 0)).holds, Domain(Claim((m, m), "≥", 1)).holds
    (False, False)
    """

    says: tuple[Claim, ...]
    kind: ClassVar[str] = "domain of the symbols"

    def __init__(self, *claims: Claim) -> None:
        object.__setattr__(self, "says", claims)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims, one for each size."""
        return tuple(one for claim in self.says for one in claim.each)

    @property
    def holds(self) -> bool:
        """Whether each symbol is an integer of at least the bound, 1 or 0, and of no other; and
        none is named twice."""
        once = len({claim.terms[0] for claim in self.claims}) == len(self.claims)
        return bool(self.claims) and once and all(map(_assumed, self.claims))

    def run(self, context: Context) -> Result:
        """Read the assumptions under which every identity above was decided."""
        names = ", ".join(str(claim.terms[0]) for claim in self.claims)
        return Result(Status.PROVED if self.holds else Status.FAILED, f"assumptions on {names}")


def _assumed(claim: Claim) -> bool:
    symbol, bound = claim.sides
    least = {1: symbol.is_positive, 0: symbol.is_nonnegative and not symbol.is_positive}
    return bool(claim.sign == "≥" and symbol.is_integer and least.get(int(bound)))


@dataclass(frozen=True)
class Together:
    """Several pieces of evidence for one sentence: as sure as the weakest."""

    of: tuple[Evidence, ...]
    kind: ClassVar[str] = "several together"

    @property
    def says(self) -> tuple[Claim | Half, ...]:
        """What its parts are about."""
        return tuple(claim for evidence in self.of for claim in claims_of(evidence))

    def run(self, context: Context) -> Result:
        """Run every piece of evidence; the first that fails speaks for all."""
        results = [evidence.run(context) for evidence in self.of]
        worst = min(results, key=lambda result: result.status)
        if worst.status in (Status.FAILED, Status.NOT_CONFIRMED):
            return worst
        ran = "; ".join(dict.fromkeys(map(_ran, self.of, results)))
        shown = tuple(pair for result in results for pair in result.shown)
        assumes = dict.fromkeys(symbol for result in results for symbol in result.assumes)
        designs = dict.fromkeys(name for result in results for name in result.designs)
        return Result(worst.status, ran, shown, tuple(assumes), tuple(designs))


def _ran(evidence: Evidence, result: Result) -> str:
    """What ran, after its kind; several pieces in one say their kinds themselves."""
    return result.ran if isinstance(evidence, Every) else f"{evidence.kind}: {result.ran}"
