"""What running a piece of evidence finds, and what evidence is."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from sympy import Basic, Symbol

from derive.algebra.sizes import assumed
from derive.proof.claim import Claim, Half
from derive.proof.status import Status

FACE = re.compile(r"\\math[a-z]+\{(\w+)\}")  # a letter of another alphabet, as SymPy names it


@dataclass(frozen=True)
class Result:
    """What running a piece of evidence found: its status, what ran, and expressions to show.

    ``assumes`` lists the counts that may be zero but were taken to be at least 1; ``designs`` those
    for which it ran, where the sentence is about any. ``skipped`` if nothing ran, because what
    would have run it is not installed or was left out.
    """

    status: Status
    ran: str
    shown: tuple[tuple[str, Basic], ...] = ()
    assumes: tuple[Symbol, ...] = ()
    designs: tuple[str, ...] = ()
    skipped: bool = False

    @property
    def words(self) -> str:
        """What ran, and for which sizes.

        >>> from derive.notation.letters import W_out
        >>> Result(Status.PROVED, "symbolic identity", assumes=(W_out,)).words
        'symbolic identity, for W_out ≥ 1'
        """
        sizes = ", ".join(symbol.name for symbol in self.assumes)
        return f"{self.ran}, for {sizes} ≥ 1" if sizes else self.ran


class Context(Protocol):
    """What evidence may ask for while it runs."""

    thorough: bool

    def status_of(self, theorem: str, part: str) -> Status:
        """The status of another theorem, or of one of its parts."""

    def second_prover(self) -> Any:
        """The z3 module, or the reason why there is none, as a string."""


class Evidence(Protocol):
    """What stands behind one sentence."""

    kind: ClassVar[str]

    def run(self, context: Context) -> Result:
        """Find out whether it holds."""


def claims_of(evidence: Evidence) -> tuple[Claim | Half, ...]:
    """What a piece of evidence is about, claims and halves of equivalences, which it then
    establishes: none if it does not say so."""
    return getattr(evidence, "says", ())


def found(holds: bool, status: Status, ran: str, *shown: tuple[str, Basic]) -> Result:
    """The result of a check: its full worth if it holds, else a failure."""
    assumes = tuple(assumed(expr for _, expr in shown))
    return Result(status if holds else Status.FAILED, ran, shown, assumes)


def as_text(value: Any) -> str:
    r"""A computed value as a reader would write it.

    >>> from sympy import IndexedBase
    >>> as_text(True), as_text([1, 0]), as_text(9), as_text(IndexedBase(r"\mathcal{W}")[0])
    ('yes', '(1, 0)', '9', 'W[0]')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(map(as_text, value)))}}}"
    if isinstance(value, list | tuple):
        return f"({', '.join(map(as_text, value))})"
    return FACE.sub(r"\1", str(value))
