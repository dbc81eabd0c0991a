"""A theorem that has run: its words, every sentence with its evidence and status.

Formulas and expressions are printed already: pages are made from facts that lay on a cache between
two builds, and what was read back is never evaluated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from derive.facts.image import Json
from derive.facts.record import WITHIN
from derive.proof.status import Status


@dataclass(frozen=True)
class HypothesisFacts:
    """A hypothesis: a label to call it by, and what it asks."""

    label: str
    words: str


@dataclass(frozen=True)
class NamedFormula:
    """A named formula of the statement, and the sentences, by number, that establish it."""

    name: str
    latex: str
    sympy: str
    markdown: str
    steps: tuple[int, ...]
    checks: tuple[int, ...]


@dataclass(frozen=True)
class HalfFacts:
    """One of the things that an equivalence says, and the numbers of the sentences that show it."""

    words: str
    steps: tuple[int, ...]
    checks: tuple[int, ...]


@dataclass(frozen=True)
class EquivalenceFacts:
    """Words of the statement that say several things."""

    name: str
    words: str
    halves: tuple[HalfFacts, ...]


@dataclass(frozen=True)
class PartFacts:
    """A part of a proof; ``designs`` are those it ran for, where it is about any."""

    title: str
    status: Status
    designs: tuple[str, ...]


@dataclass(frozen=True)
class SymbolFacts:
    """A symbol and what it means."""

    name: str
    latex: str
    meaning: str


@dataclass(frozen=True)
class ExpressionFacts:
    """An expression that was compared; ``sympy`` is code that makes it again, if there is any."""

    label: str
    latex: str
    sympy: str


@dataclass(frozen=True)
class StepFacts:
    """A sentence as it ran: its evidence, badge, time, and the expressions compared.

    ``uses`` is a theorem it rests on, and ``uses_part`` the part of it.
    """

    part: str
    sentence: str
    evidence: str
    status: Status
    badge: str
    ran: str
    designs: tuple[str, ...]
    seconds: float
    uses: str | None
    uses_part: str
    expressions: tuple[ExpressionFacts, ...]


@dataclass(frozen=True)
class CheckFacts(StepFacts):
    """A cross-check as it ran, or that it did not."""

    skipped: bool


@dataclass(frozen=True)
class CounterexampleFacts:
    """What fails without a hypothesis: small tensors, and values that are worked out from them."""

    drops: str
    step: Annotated[StepFacts, WITHIN]
    objects: Mapping[str, Json]
    values: Mapping[str, Json]


@dataclass(frozen=True)
class TheoremFacts:
    """A theorem with its statement, every step as it ran, and its status."""

    id: str
    number: str
    title: str
    topic: str
    status: Status
    designs: tuple[str, ...]
    summary: str
    statement: tuple[str, ...]
    hypotheses: tuple[HypothesisFacts, ...]
    use: str
    formulas: tuple[NamedFormula, ...]
    equivalences: tuple[EquivalenceFacts, ...]
    sources: tuple[str, ...]
    families: tuple[str, ...]
    uses: tuple[str, ...]
    parts: tuple[PartFacts, ...]
    symbols: tuple[SymbolFacts, ...]
    steps: tuple[StepFacts, ...]
    checks: tuple[CheckFacts, ...]
    not_run: int
    counterexamples: tuple[CounterexampleFacts, ...]

    @property
    def sentences(self) -> tuple[StepFacts, ...]:
        """Everything that ran."""
        return (*self.steps, *self.checks, *(one.step for one in self.counterexamples))


@dataclass(frozen=True)
class OneTheorem:
    """The answer to ``derive theorem``, in the schema derive/theorem/1."""

    schema: str
    theorem: Annotated[TheoremFacts, WITHIN]


@dataclass(frozen=True)
class ProofsFacts:
    """The answer to ``derive prove``, in the schema derive/prove/1."""

    schema: str
    thorough: bool
    theorems: tuple[TheoremFacts, ...]
