"""The kinds of evidence for a sentence of a proof, each with what a success is worth.

A piece of evidence is data until it is run; then it finds out whether it holds. One that could
only ever succeed (an identity without symbols, a grid on which nothing varies) fails as vacuous.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar, Protocol

from sympy import (
    Expr,
    Integer,
    Symbol,
)

from derive.algebra.rational import cancelled
from derive.notation.errors import CheckError
from derive.proof.cases import Cases
from derive.proof.claim import Claim, Half, Quantity
from derive.proof.equality import vanishes
from derive.proof.result import as_text, claims_of, Context, Evidence, found, Result
from derive.proof.status import Status


@dataclass(frozen=True)
class Every:
    """Several pieces of evidence for one sentence, for example one for every family.

    A function makes them when they run, where that takes long. ``designs`` names those that were
    tried (or other cases), where the sentence is about more than these.

    >>> from derive.notation.letters import n
    >>> from derive.proof.equality import Equal
    >>> Every(lambda: {"square": Equal(n * n, n**2)}).run(None).status.slug
    'proved'
    """

    of: Mapping[str, Evidence] | Callable[[], Mapping[str, Evidence]]
    designs: tuple[str, ...] = ()
    kind: ClassVar[str] = "every one of several"

    @property
    def says(self) -> tuple[Claim | Half, ...]:
        """What its parts are about, where they are made beforehand."""
        of = {} if callable(self.of) else self.of
        return tuple(claim for evidence in of.values() for claim in claims_of(evidence))

    def run(self, context: Context) -> Result:
        """Run them all: as sure as the weakest."""
        of = self.of() if callable(self.of) else self.of
        results = {name: evidence.run(context) for name, evidence in of.items()}
        if not results:
            return Result(Status.FAILED, "vacuous: there is none")
        worst = min(results, key=lambda name: results[name].status)
        status = results[worst].status
        if status in (Status.FAILED, Status.NOT_CONFIRMED):
            return replace(results[worst], ran=f"{worst}: {results[worst].ran}")
        kinds = dict.fromkeys(evidence.kind for evidence in of.values())
        ran = f"{' and '.join(kinds)}, for each of: {', '.join(results)}"
        assumes = dict.fromkeys(x for result in results.values() for x in result.assumes)
        return Result(status, ran, assumes=tuple(assumes), designs=self.designs)


@dataclass(frozen=True)
class Telescoping:
    """The sum of a summand over 0 <= letter < upper is the closed form, by induction on upper.

    The closed form is 0 for upper = 0 and grows by the summand: nothing is summed by SymPy.

    >>> from derive.notation.letters import n, u
    >>> Telescoping(2 * u + 1, u, n, n**2).holds
    True
    """

    summand: Expr
    letter: Symbol
    upper: Symbol
    closed: Expr
    kind: ClassVar[str] = "induction"

    @property
    def holds(self) -> bool:
        """Start and step of the induction."""
        start = self.closed.xreplace({self.upper: Integer(0)})
        later = self.closed.xreplace({self.upper: self.upper + 1})
        term = self.summand.xreplace({self.letter: self.upper})
        return vanishes(start) and vanishes(later - self.closed - term)

    def run(self, context: Context) -> Result:
        """Start and step; a summand of zero says nothing."""
        if self.summand == 0:
            return Result(Status.FAILED, "vacuous: nothing is summed")
        shown = (("each term", self.summand), (f"summed below {self.upper}", self.closed))
        return found(self.holds, Status.PROVED, "induction on the number of terms", *shown)


@dataclass(frozen=True)
class Equivalent:
    """Two expressions are positive, zero and negative together: their ratio is positive.

    That the ratio is positive follows from the signs of its symbols.

    >>> from derive.notation.letters import C_in, m, n
    >>> Equivalent(n * C_in * (n - m), n - m).holds
    True
    """

    left: Expr
    right: Expr
    kind: ClassVar[str] = "equivalence"

    @cached_property
    def ratio(self) -> Expr:
        """Left over right, cancelled."""
        return cancelled(self.left / self.right)

    @property
    def holds(self) -> bool:
        """Whether SymPy sees a positive ratio."""
        return bool(self.ratio.is_positive)

    def run(self, context: Context) -> Result:
        """Divide; sides of constant sign say nothing."""
        if self.right.is_number or self.right.is_nonnegative or self.right.is_nonpositive:
            return Result(Status.FAILED, f"vacuous: {self.right} has one sign")
        shown = (("left side", self.left), ("right side", self.right), ("ratio", self.ratio))
        return found(self.holds, Status.PROVED, "positive ratio", *shown)


def _excess(symbol: Symbol) -> Symbol:
    """What a size exceeds its least value by, written as the size is."""
    name = f"{symbol.name}_+"
    if isinstance(symbol, Quantity):
        return Quantity(name, f"{symbol.tex}_{{+}}")
    return Symbol(name, integer=True, nonnegative=True)


@dataclass(frozen=True)
class Positive:
    """An expression in symbolic sizes is positive, by the signs of its parts.

    ``at_least`` shifts symbols: with {n: 2} the symbol n is written 2 + n', n' >= 0, so that the
    claim is about n >= 2.

    >>> from derive.notation.letters import n
    >>> Positive(n**2 - n, {n: 2}).holds, Positive(n**2 - n).holds
    (True, False)
    """

    expr: Expr
    at_least: Mapping[Symbol, int] = field(default_factory=dict)
    kind: ClassVar[str] = "inequality"

    @cached_property
    def shifted(self) -> Expr:
        """The expression in terms of what each symbol exceeds its least value by."""
        excess = {symbol: least + _excess(symbol) for symbol, least in self.at_least.items()}
        return self.expr.xreplace(excess).expand()

    @property
    def holds(self) -> bool:
        """Whether every term is non-negative and one is positive."""
        return bool(self.shifted.is_positive)

    def run(self, context: Context) -> Result:
        """Look at the signs; a number says nothing about sizes."""
        if self.expr.is_number:
            return Result(Status.FAILED, "vacuous: no symbol in the inequality")
        shown = (("expression", self.expr), ("in terms of the excess", self.shifted))
        return found(self.holds, Status.PROVED, "signs of the terms", *shown)


@dataclass(frozen=True)
class Agree:
    """Two functions agree on every case of a grid and are not constant there.

    For an "if and only if" both sides are booleans, each true somewhere and false somewhere.
    """

    left: Callable[..., Any]
    right: Callable[..., Any]
    over: Cases
    thorough: Cases | None = None
    kind: ClassVar[str] = "exhaustive grid"

    def run(self, context: Context) -> Result:
        """Compare case by case, up to the first that differs."""
        cases, values, count = chosen(self, context), set(), 0
        for case in cases:
            left, right = self.left(**case), self.right(**case)
            count += 1
            if left != right:
                return Result(Status.FAILED, f"{left} is not {right} at {case}")
            values.add(left)
        if len(values) < 2:
            return Result(Status.FAILED, f"vacuous: one value on {count} cases")
        return Result(Status.CHECKED, f"{cases.words} ({count:,} cases)")


@dataclass(frozen=True)
class Bounded:
    """A value is at most its bound on every case, and equal to it on some: the bound is sharp."""

    value: Callable[..., Any]
    bound: Callable[..., Any]
    over: Cases
    thorough: Cases | None = None
    kind: ClassVar[str] = "exhaustive grid"

    def run(self, context: Context) -> Result:
        """Compare case by case and count how often the bound is reached."""
        cases, reached, count = chosen(self, context), 0, 0
        for case in cases:
            value, bound = self.value(**case), self.bound(**case)
            count += 1
            if value > bound:
                return Result(Status.FAILED, f"{value} exceeds {bound} at {case}")
            reached += value == bound
        if not reached:
            return Result(Status.FAILED, f"vacuous: the bound is never reached on {count} cases")
        return Result(
            Status.CHECKED, f"{cases.words} ({count:,} cases, the bound reached in {reached:,})"
        )


class OnGrid(Protocol):
    """Evidence that runs over a grid and may have a larger one for thorough runs."""

    @property
    def over(self) -> Cases:
        """The small grid."""

    @property
    def thorough(self) -> Cases | None:
        """The large one."""


def chosen(evidence: OnGrid, context: Context) -> Cases:
    """The small grid, or the large one where it is asked for and there is one."""
    return (evidence.thorough if context.thorough else None) or evidence.over


Entry = int | str | Expr
Picture = Any  # nested sequences of entries: (n,), (n, n), (C_out, C_in, n, n)


@dataclass(frozen=True)
class Counterexample:
    """An exact object at which what the theorem says is false: the named values all differ.

    ``objects`` are small tensors to draw, ``values`` what was worked out from them in this run.
    """

    objects: Mapping[str, Picture]
    values: Mapping[str, Any]
    kind: ClassVar[str] = "counterexample"

    def run(self, context: Context) -> Result:
        """Compare the values pairwise."""
        values = list(self.values.values())
        differ = all(x != y for n, x in enumerate(values) for y in values[:n])
        ran = ", ".join(f"{name}: {as_text(value)}" for name, value in self.values.items())
        return found(len(values) > 1 and differ, Status.COUNTEREXAMPLE, ran)


@dataclass(frozen=True)
class Cited:
    """A published result that no machine checks here."""

    source: str
    kind: ClassVar[str] = "citation"

    def run(self, context: Context) -> Result:
        """Nothing runs."""
        return Result(Status.CITED, self.source)


@dataclass(frozen=True)
class Argued:
    """An argument in prose that no machine checks here."""

    reason: str
    kind: ClassVar[str] = "prose"

    def run(self, context: Context) -> Result:
        """Nothing runs."""
        return Result(Status.ARGUED, self.reason)


@dataclass(frozen=True)
class Uses:
    """A theorem that a step rests on, or a part of one: as sure as it is in this run."""

    theorem: str
    part: str = ""
    kind: ClassVar[str] = "theorem"

    def run(self, context: Context) -> Result:
        """Ask for its status."""
        where = f"{self.theorem}, {self.part}" if self.part else self.theorem
        return Result(context.status_of(self.theorem, self.part), where)


CLAIM = "the claim"


@dataclass(frozen=True)
class Query:
    """A question for the second prover: the assumptions, each by name, imply the claim.

    ``dropped`` names the assumptions that are needed: without each of them, and with each of its
    inequalities loosened by 1, the claim must have a counterexample. So must the claim with any
    of its inequalities sharpened by 1, and with any of its implications made an equivalence.
    ``unsharp`` names the assumptions, and ``CLAIM``, that say more or less than is needed and stay
    as they are.
    """

    assume: Mapping[str, Any]
    claim: Any
    dropped: Iterable[str]
    unsharp: Iterable[str] = ()


@dataclass(frozen=True)
class Confirmed:
    """A second prover finds no counterexample over all integers (or reals, where a question says
    so), and finds one in each control.

    ``question`` builds the queries from the z3 module and shares no code with the symbolic proof; a
    name, "rank_one.pivot_form", is that of a question in the cross-checks.
    """

    question: str | Callable[[Any], Iterable[Query]]
    kind: ClassVar[str] = "second prover"

    def run(self, context: Context) -> Result:
        """Ask; without the prover the sentence is not confirmed, without the question it fails."""
        from derive.proof.questions import at_hand, question
        from derive.proof.second_prover import answer

        z3 = context.second_prover()
        if isinstance(z3, str) and not at_hand():
            return Result(Status.NOT_CONFIRMED, z3, skipped=True)
        try:
            asked = question(self.question) if isinstance(self.question, str) else self.question
        except CheckError as error:
            return Result(Status.FAILED, str(error))
        if isinstance(z3, str):
            return Result(Status.NOT_CONFIRMED, z3, skipped=True)
        said = answer(z3, asked(z3))
        if said.wrong:
            return Result(Status.FAILED, said.wrong)
        if said.open:
            return Result(Status.NOT_CONFIRMED, said.open)
        if not said.asked:
            return Result(Status.FAILED, "vacuous: no query")
        quantity = f"{said.asked} {'query' if said.asked == 1 else 'queries'}"
        controls = f"{said.controls} control{'' if said.controls == 1 else 's'}"
        return Result(Status.CONFIRMED, f"z3 {z3.get_version_string()}: {quantity}, {controls}")
