"""A theorem as read from its leaf: the docstring is the statement, functions are the proof."""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from types import ModuleType
from typing import Any, TypeAlias

from derive.notation.errors import CheckError, InputError
from derive.proof.claim import Claim, Displayed, Established, Half, Said, Table
from derive.proof.equality import Equal
from derive.proof.established import Together
from derive.proof.evidence import Every
from derive.proof.result import claims_of, Evidence

LABELS = ("Hypotheses", "Use", "Source")


@dataclass(frozen=True)
class Part:
    """A heading in a proof: the steps that follow prove one part of the statement."""

    title: str


@dataclass(frozen=True)
class Without:
    """A heading among the counterexamples: what follows does without one hypothesis."""

    hypothesis: str


@dataclass(frozen=True)
class Step:
    """A sentence of a proof, its evidence, and what it establishes: named formulas of the statement
    and halves of its equivalences."""

    sentence: str
    evidence: Evidence
    establishes: tuple[Established, ...] = ()


def step(
    sentence: str,
    *evidence: Evidence | Mapping[str, Any],
    establishes: Established | Iterable[Established] = (),
) -> Step:
    """A sentence with one or several pieces of evidence; a mapping is one for each of its names, or
    has for each an exact value and what it is said to be.

    It establishes the claims that its evidence is about, and those that are named.

    >>> from derive.proof.evidence import Argued, Cited
    >>> step("So it is.", Argued("a reason"), Cited("a source")).evidence.kind
    'several together'
    >>> step("It has full rank.", {"rank": (2, 2)}).evidence.kind
    'exact computation'
    """
    of = tuple(_by_name(one) if isinstance(one, Mapping) else one for one in evidence)
    shown = (establishes,) if isinstance(establishes, Claim | Table | Half) else tuple(establishes)
    whole = of[0] if len(of) == 1 else Together(of)
    return Step(sentence, whole, (*shown, *claims_of(whole)))


def _by_name(several: Mapping[str, Any]) -> Evidence:
    pairs = all(isinstance(one, tuple) for one in several.values())
    return Equal(several) if pairs else Every(several)


Sentence = Step | tuple[str, Evidence]
Dropped = tuple[str, str, Evidence]  # which hypothesis, what then fails, the object


@dataclass(frozen=True, init=False)
class Establishes:
    """What the sentence before it establishes; an equivalence stands for both its directions.

    >>> from derive.proof.claim import iff
    >>> [str(half) for half in Establishes(iff()).of]
    ['only if', 'if']
    """

    of: tuple[Established, ...]

    def __init__(self, *of: Established | Said) -> None:
        several = (one.halves if isinstance(one, Said) else (one,) for one in of)
        object.__setattr__(self, "of", tuple(chain.from_iterable(several)))


Given: TypeAlias = Part | Without | Sentence | Dropped
Written: TypeAlias = Given | str | Evidence | Mapping[str, Any] | Establishes
Proof: TypeAlias = Iterator[Written]


def continued(theorem: str) -> Proof:
    """The parts of a long proof that stand in a file of its name in the folder ``continued``;
    ``theorem`` is the ``__name__`` of its file."""
    package, _, name = theorem.rpartition(".")
    yield from import_module(f"{package}.continued.{name}").proof()


def steps(written: Iterable[Written]) -> Iterator[Given]:
    """The steps of a proof as it is written down: headings, and sentences, each followed by its
    evidence and by what it establishes.

    Raises CheckError for a sentence without evidence and for evidence without a sentence. Where the
    proof breaks down, the sentence before comes first.

    >>> from derive.proof.evidence import Argued, Cited
    >>> proof = ["So it is.", Argued("a reason"), "So it was.", Cited("a source"), {"1": (1, 1)}]
    >>> [(one.sentence, one.evidence.kind) for one in steps(proof)]
    [('So it is.', 'prose'), ('So it was.', 'several together')]
    """
    pending: list[Any] = []
    try:
        for one in written:
            if pending and isinstance(one, str | Part | Without | Step | tuple):
                yield _closed(*pending)
                pending = []
            if pending or isinstance(one, str):
                pending.append(one)
            elif isinstance(one, Part | Without | Step | tuple):
                yield one
            else:
                raise CheckError(f"no sentence stands before {one}")
    except Exception:
        if len(pending) > 1:
            yield _closed(*pending)
        raise
    if pending:
        yield _closed(*pending)


def _closed(sentence: str, *rest: Any) -> Step:
    """A sentence with all that stands behind it."""
    evidence = [one for one in rest if not isinstance(one, Establishes)]
    if not evidence:
        raise CheckError(f"a sentence without evidence: {sentence}")
    shown = (one.of for one in rest if isinstance(one, Establishes))
    return step(sentence, *evidence, establishes=chain.from_iterable(shown))


@dataclass(frozen=True)
class Hypothesis:
    """One hypothesis: a label to call it by, and what it asks."""

    label: str
    words: str


@dataclass(frozen=True)
class Theorem:
    """A theorem of the book: words from the docstring, proof from the functions of its module.

    ``families`` are the ids of those that it is about: the ones that its file imports, unless it
    says that it is about others.
    """

    name: str
    number: str
    topic: str
    title: str
    summary: str
    statement: tuple[str, ...]
    hypotheses: tuple[Hypothesis, ...]
    use: str
    sources: tuple[str, ...]
    families: tuple[str, ...]
    module: ModuleType

    @property
    def formulas(self) -> dict[str, Displayed]:
        """The named formulas of its file, as they stand now."""
        named = vars(self.module).items()
        return {name: one for name, one in named if isinstance(one, Claim | Table)}

    @property
    def said(self) -> dict[str, Said]:
        """The words of its statement that say several things at once, by their names."""
        named = vars(self.module).items()
        return {name: one for name, one in named if isinstance(one, Said)}

    def proof(self) -> Iterator[Given]:
        """The sentences of the proof, each with its evidence."""
        return steps(self.module.proof())

    def checks(self) -> Iterator[Given]:
        """Cross-checks of what is already proved, from the file of that name in crosschecks."""
        name = f"derive.crosschecks.{self.module.__name__.rpartition('.')[2]}"
        if hasattr(self.module, "checks"):
            yield from steps(self.module.checks())
        elif self.module.__package__ == "derive.theorems" and find_spec(name):
            yield from steps(import_module(name).checks())

    def sharpness(self) -> Iterator[Given]:
        """For hypotheses: what fails without them."""
        return steps(getattr(self.module, "sharpness", tuple)())


def theorem(name: str, module: ModuleType) -> Theorem:
    """The theorem that a leaf states; InputError if its docstring lacks a part."""
    text = inspect.cleandoc(module.__doc__ or "")
    head, *paragraphs = text.split("\n\n")
    title, colon, summary = " ".join(head.split()).partition(": ")
    labelled = {label: body for label, body in map(_labelled, paragraphs) if label}
    if not (colon and labelled.keys() >= {"Hypotheses", "Use"}):
        raise InputError("the docstring of a theorem has paragraphs 'Hypotheses:' and 'Use:'")
    return Theorem(
        name=name,
        number=module.number,
        topic=module.topic,
        title=title,
        summary=summary[:1].upper() + summary[1:],
        statement=tuple(p for p in paragraphs if not _labelled(p)[0]),
        hypotheses=tuple(_hypotheses(labelled["Hypotheses"])),
        use=" ".join(labelled["Use"].split()),
        sources=tuple(filter(None, " ".join(labelled.get("Source", "").split()).split("; "))),
        families=tuple(getattr(module, "families", None) or _imported(module)),
        module=module,
    )


def _imported(module: ModuleType) -> Iterator[str]:
    """The ids of the families whose files a leaf imports, in order."""
    modules = sorted(one.__name__ for one in vars(module).values() if isinstance(one, ModuleType))
    for name in modules:
        package, _, file = name.rpartition(".")
        if package == "derive.families":
            yield file.replace("_", "-")


def _labelled(paragraph: str) -> tuple[str, str]:
    """A paragraph's label and the rest; no label for one of the statement."""
    match = re.match(rf"({'|'.join(LABELS)}):\s*", paragraph)
    return (match[1], paragraph[match.end() :]) if match else ("", paragraph)


def _hypotheses(text: str) -> Iterator[Hypothesis]:
    for bullet in re.split(r"(?:^|\n)- ", text)[1:]:
        label, _, words = " ".join(bullet.split()).partition(": ")
        yield Hypothesis(label, words)
