"""Running proofs: every step with its outcome, every theorem as sure as its weakest step."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, ClassVar, Generic, TypeVar

from derive.catalogue import theorem_id
from derive.notation.errors import CheckError
from derive.proof.claim import Established
from derive.proof.established import Together
from derive.proof.evidence import Counterexample, Uses
from derive.proof.library import THEOREMS
from derive.proof.result import Evidence, Result
from derive.proof.second_prover import load
from derive.proof.status import Status, together
from derive.proof.theorem import Part, Step, Theorem, Without

Made = TypeVar("Made")  # what a verdict is made into for a reader


class CircleError(CheckError):
    """A theorem whose proof leads back to itself."""


@dataclass(frozen=True)
class Outcome:
    """A sentence after its evidence has run."""

    sentence: str
    evidence: Evidence
    result: Result
    seconds: float
    part: str = ""
    drops: str = ""  # the hypothesis that a counterexample does without
    establishes: tuple[Established, ...] = ()

    @property
    def status(self) -> Status:
        """What the evidence found."""
        return self.result.status


@dataclass(frozen=True)
class TheoremRun:
    """A theorem after its proof has run."""

    theorem: Theorem
    steps: tuple[Outcome, ...]
    checks: tuple[Outcome, ...]
    sharpness: tuple[Outcome, ...]

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Everything that ran."""
        return (*self.steps, *self.checks, *self.sharpness)

    @property
    def status(self) -> Status:
        """The weakest step of the proof; a failure of a cross-check or a counterexample counts too,
        a cross-check that did not run does not."""
        others = (*self.checks, *self.sharpness)
        return weakest([*self.steps, *(o for o in others if o.status == Status.FAILED)])

    @property
    def not_run(self) -> tuple[Outcome, ...]:
        """The cross-checks that did not run, because what would run them is missing."""
        return tuple(outcome for outcome in self.checks if outcome.result.skipped)

    @property
    def parts(self) -> dict[str, Status]:
        """The weakest step of every part, in order; of the theorem if it has no parts."""
        names = dict.fromkeys(step.part for step in self.steps)
        return {name: weakest(s for s in self.steps if s.part == name) for name in names}

    def designs(self, part: str | None = None) -> tuple[str, ...]:
        """The designs for which a part, or the theorem, was proved, where it is about any."""
        proved = (step for step in self.steps if step.status == Status.PROVED)
        steps = (step for step in proved if part in (None, step.part))
        return tuple(dict.fromkeys(name for step in steps for name in step.result.designs))

    @property
    def uses(self) -> tuple[str, ...]:
        """The theorems that its steps name."""
        named = (name for step in self.steps for name in _used(step.evidence))
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True)
class Shown(Generic[Made]):
    """What is left of a verdict for a reader: plain data, which goes from process to process.

    ``not_run`` counts the cross-checks that did not run; ``unconfirmed`` if the second prover was
    missed, or left a question open; ``parts`` has the status of each part of the theorem.
    """

    name: str
    status: Status
    parts: dict[str, Status]
    not_run: int
    unconfirmed: bool
    shown: Made

    @classmethod
    def of(cls, verdict: TheoremRun, show: Callable[[TheoremRun], Made]) -> "Shown[Made]":
        """A verdict, shown."""
        found = {outcome.status for outcome in verdict.outcomes}
        return cls(
            verdict.theorem.name,
            verdict.status,
            verdict.parts,
            len(verdict.not_run),
            Status.NOT_CONFIRMED in found,
            show(verdict),
        )


def _used(evidence: Evidence) -> Iterator[str]:
    """The theorems that a piece of evidence names, alone or together with others."""
    if isinstance(evidence, Uses):
        yield evidence.theorem
    elif isinstance(evidence, Together):
        for one in evidence.of:
            yield from _used(one)


def weakest(steps: Iterable[Outcome]) -> Status:
    """The status of some steps together."""
    return together(step.status for step in steps)


@dataclass
class Session:
    """One run: what it may use, and the verdicts it has reached so far.

    >>> Session().verdict("operation-count").status.slug
    'proved'
    """

    thorough: bool = False
    second: bool = True
    _verdicts: dict[str, TheoremRun] = field(default_factory=dict)
    _parts: dict[tuple[str, str], Status] = field(default_factory=dict)
    _running: list[str] = field(default_factory=list)

    def verdict(self, name: str) -> TheoremRun:
        """The verdict on a theorem, reached once; CircleError if its proof leads back to itself."""
        name = theorem_id(name)
        if name not in self._verdicts:
            with self._inside(name):
                self._verdicts[name] = self._run(THEOREMS[name])
        return self._verdicts[name]

    def status_of(self, theorem: str, part: str = "") -> Status:
        """The status of a theorem, or of one of its parts, of which only that part is run.

        Raises CheckError for an unknown part.
        """
        if (theorem, part) in self._parts:
            return self._parts[theorem, part]
        if not part or theorem in self._verdicts:
            verdict = self.verdict(theorem)
            return verdict.parts.get(part, Status.FAILED) if part else verdict.status
        with self._inside(theorem):
            steps = tuple(self.outcomes(THEOREMS[theorem].proof(), only_part=part))
            self._parts[theorem, part] = weakest(steps)
        return self._parts[theorem, part]

    def learn(self, proved: Shown[Made]) -> None:
        """The statuses that the same run reached in another process, which need no second proof."""
        self._parts |= {(proved.name, part): status for part, status in proved.parts.items()}
        self._parts[proved.name, ""] = proved.status

    def second_prover(self) -> Any:
        """z3, or the reason why it is not there."""
        return load() if self.second else "the second prover was left out of this run"

    def _run(self, theorem: Theorem) -> TheoremRun:
        return TheoremRun(
            theorem,
            steps=tuple(self.outcomes(theorem.proof())),
            checks=tuple(self.outcomes(theorem.checks())),
            sharpness=tuple(self.outcomes(theorem.sharpness(), Counterexample)),
        )

    @contextmanager
    def _inside(self, name: str) -> Iterator[None]:
        """While a theorem runs, nothing it uses may use it."""
        if name in self._running:
            raise CircleError(f"a circle of theorems: {' uses '.join([*self._running, name])}")
        self._running.append(name)
        try:
            yield
        finally:
            self._running.pop()

    def outcomes(
        self,
        steps: Iterator[Any],
        kind: type[Counterexample] | None = None,
        only_part: str | None = None,
    ) -> Iterator[Outcome]:
        """Every step run; one that breaks down has failed, and so has all after it."""
        part, dropped, start = "", "", perf_counter()
        while True:
            try:
                step = next(steps)
            except StopIteration:
                return
            except Exception as error:
                yield _broken(part, error, perf_counter() - start)
                return
            if isinstance(step, Part):
                if only_part is not None and part == only_part:
                    return
                part = step.title
                continue
            if only_part is not None and part != only_part:
                continue
            if isinstance(step, Without):
                dropped = step.hypothesis
                continue
            drops, one = _taken_apart(step, dropped)
            result = self._result(one.evidence)
            if kind and not isinstance(one.evidence, kind):
                result = Result(Status.FAILED, f"{one.evidence.kind} is no counterexample")
            seconds, start = perf_counter() - start, perf_counter()
            shown = one.establishes
            yield Outcome(one.sentence, one.evidence, result, seconds, part, drops, shown)

    def _result(self, evidence: Evidence) -> Result:
        try:
            return evidence.run(self)
        except CircleError:
            raise
        except Exception as error:
            return Result(Status.FAILED, f"broke down: {type(error).__name__}: {error}")


def _taken_apart(given: Step | tuple[Any, ...], dropped: str) -> tuple[str, Step]:
    """The hypothesis that a counterexample does without, if it is one, and the step."""
    if isinstance(given, Step):
        return dropped, given
    *drops, sentence, evidence = given
    return "".join(drops) or dropped, Step(sentence, evidence)


@dataclass(frozen=True)
class Breakdown:
    """Stands in for the evidence of a step that could not be built."""

    kind: ClassVar[str] = "breakdown"

    def run(self, context: object) -> Result:
        """The outcome of a step that could not be built: failed."""
        return Result(Status.FAILED, "the step could not be built")


def _broken(part: str, error: Exception, seconds: float) -> Outcome:
    words = f"the proof broke down: {type(error).__name__}: {error}"
    return Outcome(words, Breakdown(), Result(Status.FAILED, words), seconds, part)
