"""A theorem as read from its leaf: the docstring is the statement, functions are the proof."""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from derive.notation.errors import InputError
from derive.proof.claim import Claim, Displayed, Established, Half, Said, Table
from derive.proof.equality import Equal
from derive.proof.established import Together
from derive.proof.evidence import Every
from derive.proof.result import Evidence

LABELS = ("Hypotheses", "Use", "Source")


@dataclass(frozen=True)
class Part:
    """A heading in a proof: the steps that follow prove one part of the statement."""

    title: str


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

    >>> from derive.proof.evidence import Argued, Cited
    >>> step("So it is.", Argued("a reason"), Cited("a source")).evidence.kind
    'several together'
    >>> step("It has full rank.", {"rank": (2, 2)}).evidence.kind
    'exact computation'
    """
    of = tuple(_by_name(one) if isinstance(one, Mapping) else one for one in evidence)
    shown = (establishes,) if isinstance(establishes, Claim | Table | Half) else tuple(establishes)
    return Step(sentence, of[0] if len(of) == 1 else Together(of), shown)


def _by_name(several: Mapping[str, Any]) -> Evidence:
    pairs = all(isinstance(one, tuple) for one in several.values())
    return Equal(several) if pairs else Every(several)


Sentence = Step | tuple[str, Evidence]
Dropped = tuple[str, str, Evidence]  # which hypothesis, what then fails, the object


@dataclass(frozen=True)
class Hypothesis:
    """One hypothesis: a label to call it by, and what it asks."""

    label: str
    words: str


@dataclass(frozen=True)
class Theorem:
    """A theorem of the book: words from the docstring, proof from the functions of its module.

    ``families`` are the ids of those that it is about, as its file declares them.
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

    def proof(self) -> Iterator[Part | Sentence]:
        """The sentences of the proof, each with its evidence."""
        return iter(self.module.proof())

    def checks(self) -> Iterator[Sentence]:
        """Cross-checks of what is already proved, from the file of that name in crosschecks."""
        name = f"derive.crosschecks.{self.module.__name__.rpartition('.')[2]}"
        if hasattr(self.module, "checks"):
            yield from self.module.checks()
        elif self.module.__package__ == "derive.theorems" and find_spec(name):
            yield from import_module(name).checks()

    def sharpness(self) -> Iterator[Dropped]:
        """For hypotheses: what fails without them."""
        return iter(getattr(self.module, "sharpness", tuple)())


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
        families=tuple(getattr(module, "families", ())),
        module=module,
    )


def _labelled(paragraph: str) -> tuple[str, str]:
    """A paragraph's label and the rest; no label for one of the statement."""
    match = re.match(rf"({'|'.join(LABELS)}):\s*", paragraph)
    return (match[1], paragraph[match.end() :]) if match else ("", paragraph)


def _hypotheses(text: str) -> Iterator[Hypothesis]:
    for bullet in re.split(r"(?:^|\n)- ", text)[1:]:
        label, _, words = " ".join(bullet.split()).partition(": ")
        yield Hypothesis(label, words)
