"""Every theorem as facts, with all proofs run in one session: what the pages print."""

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cache, partial

from derive.facts.image import image, Json
from derive.facts.restored import restored
from derive.facts.theorem import CheckFacts, PartFacts, StepFacts, TheoremFacts
from derive.notation.errors import CheckError
from derive.proof.library import THEOREMS
from derive.proof.run import Session
from derive.proof.status import Status
from derive.render.proof import theorem_facts
from derive.render.status import badge_class, heading_words, look, NOT_RUN
from derive.site.cache import BuildCache, CACHE, Filling, Wanted
from derive.site.sources import digest, PACKAGE, reached

Theorems = Mapping[str, TheoremFacts]


def proving(pool: Executor, late: set[str] | None = None) -> Filling:
    """The theorems by id, being proved side by side.

    A theorem runs again only if a file that its proof reaches has changed; see
    ``BuildCache.begun`` for the late ones.
    """
    return BuildCache(CACHE / "theorems").begun(map(_wanted, THEOREMS), pool, late)


def proved(theorems: Filling) -> dict[str, TheoremFacts]:
    """The theorems by id, once they are proved; CheckError if a sentence of one of them fails."""
    return {name: restored(TheoremFacts, value) for name, value in theorems.result().items()}


def _wanted(name: str) -> Wanted:
    """The facts of a theorem: its proof run, as its file, its cross-checks and the questions for
    the second prover have it."""
    file = f"{name.replace('-', '_')}.py"
    leaves = [f"{folder}/{file}" for folder in ("theorems", "theorems/continued", "crosschecks")]
    files = reached(*filter(_is_there, leaves), "proof/run.py", "render/proof.py")
    own = files & {
        PACKAGE / folder / file for folder in ("theorems", "theorems/continued", "crosschecks")
    }
    return Wanted(name, digest(files), partial(_proved, name), digest(own))


def _is_there(file: str) -> bool:
    return (PACKAGE / file).is_file()


def _proved(name: str) -> Json:
    facts = theorem_facts(_session().verdict(name))
    for step in facts.sentences:
        if step.status is Status.FAILED:
            raise CheckError(f"theorem {name} fails: {step.sentence} {step.ran}")
    return image(facts)


@cache
def _session() -> Session:
    """One session in each process."""
    return Session()


def used_by(theorems: Theorems, name: str) -> list[TheoremFacts]:
    """The theorems whose proofs name this one."""
    return [one for one in theorems.values() if name in one.uses]


@dataclass(frozen=True)
class TheoremLine:
    """A theorem in a list of a page, with its badge."""

    id: str
    number: str
    title: str
    summary: str
    badge: str


def about(theorems: Theorems, family: str) -> list[TheoremLine]:
    """The theorems about a family."""
    return [
        TheoremLine(one.id, one.number, one.title, one.summary, overall_badge(one))
        for one in theorems.values()
        if family in one.families
    ]


def badge(kind: str, words: str = "") -> str:
    """A badge: the kind of evidence in words, with a disc that is the fuller the surer it is.

    >>> badge("checked")
    '<span class="badge badge-checked">checked on a grid</span>'
    """
    return f'<span class="{badge_class(kind)}">{words or look(kind).words}</span>'


def step_badge(step: StepFacts) -> str:
    """The badge of one sentence."""
    idle = isinstance(step, CheckFacts) and step.skipped
    return badge(NOT_RUN if idle else step.status.slug, step.badge)


def overall(one: TheoremFacts | PartFacts) -> tuple[str, str]:
    """Kind and words of the badge of a theorem, or of a part of one.

    >>> overall(PartFacts("Upper bound", Status.PROVED, ()))
    ('proved', 'proved')
    """
    return one.status.slug, heading_words(one.status, one.designs)


def overall_badge(one: TheoremFacts | PartFacts) -> str:
    """The badge of a theorem, or of a part of one."""
    return badge(*overall(one))


def tally(facts: TheoremFacts) -> str:
    """How many sentences of the proof have which evidence: "2 cited, 1 by T1"."""
    counts = Counter(step.badge for step in facts.steps)
    return ", ".join(f"{number} {words}" for words, number in counts.items())
