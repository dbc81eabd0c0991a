"""Every theorem as a document, with all proofs run in one session: what the pages print."""

from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from functools import cache, partial
from typing import Any

from derive.notation.errors import CheckError
from derive.proof.library import THEOREMS
from derive.proof.run import Session
from derive.proof.status import Status
from derive.site.shelf import CACHE, Shelf, Wanted
from derive.site.sources import digest, PACKAGE, reached
from derive.write.proof import theorem_document
from derive.write.status import badge_class, heading_words, look, NOT_RUN

Document = dict[str, Any]
Documents = Mapping[str, Document]


def proved(pool: Executor, late: set[str] | None = None) -> dict[str, Document]:
    """The theorems by id; CheckError as soon as a sentence of one of them fails.

    A theorem runs again only if a file that its proof reaches has changed; see ``Shelf.filled`` for
    the late ones.
    """
    return Shelf(CACHE / "theorems").filled(map(_wanted, THEOREMS), pool, late)


def _wanted(name: str) -> Wanted:
    """The document of a theorem: its proof run, as its file, its cross-checks and the questions
    for the second prover have it."""
    file = f"{name.replace('-', '_')}.py"
    leaves = [f"{folder}/{file}" for folder in ("theorems", "crosschecks")]
    files = reached(*filter(_is_there, leaves), "proof/run.py", "write/proof.py")
    own = files & {PACKAGE / folder / file for folder in ("theorems", "crosschecks", "second")}
    return Wanted(name, digest(files), partial(_proved, name), digest(own))


def _is_there(file: str) -> bool:
    return (PACKAGE / file).is_file()


def _proved(name: str) -> Document:
    document = theorem_document(_session().verdict(name))
    for step in sentences(document):
        if step["status"] == Status.FAILED.slug:
            raise CheckError(f"theorem {name} fails: {step['sentence']} {step['ran']}")
    return document


@cache
def _session() -> Session:
    """One session in each process."""
    return Session()


def sentences(document: Document) -> Iterator[dict[str, Any]]:
    """Everything that ran for a theorem."""
    for kind in ("steps", "checks", "counterexamples"):
        yield from document[kind]


def used_by(documents: Documents, name: str) -> list[Document]:
    """The theorems whose proofs name this one."""
    return [document for document in documents.values() if name in document["uses"]]


def about(documents: Documents, family: str) -> list[dict[str, str]]:
    """Number, title, page and badge of the theorems about a family."""
    return [
        {
            **{key: one[key] for key in ("id", "number", "title", "summary")},
            "badge": overall_badge(one),
        }
        for one in documents.values()
        if family in one["families"]
    ]


def badge(kind: str, words: str = "") -> str:
    """A badge: the kind of evidence in words, with a disc that is the fuller the surer it is.

    >>> badge("checked")
    '<span class="badge badge-checked">checked on a grid</span>'
    """
    return f'<span class="{badge_class(kind)}">{words or look(kind).words}</span>'


def step_badge(step: Mapping[str, Any]) -> str:
    """The badge of one sentence."""
    return badge(NOT_RUN if step.get("skipped") else step["status"], step["badge"])


def overall(document: Mapping[str, Any]) -> tuple[str, str]:
    """Kind and words of the badge of a theorem, or of a part of one.

    >>> overall({"status": "proved", "designs": []})
    ('proved', 'proved')
    """
    status = document["status"]
    return status, heading_words(Status.of(status), document["designs"])


def overall_badge(document: Mapping[str, Any]) -> str:
    """The badge of a theorem, or of a part of one."""
    return badge(*overall(document))


def tally(document: Document) -> str:
    """How many sentences of the proof have which evidence.

    >>> tally({"steps": [{"badge": "cited"}, {"badge": "by T1"}, {"badge": "cited"}]})
    '2 cited, 1 by T1'
    """
    counts = Counter(step["badge"] for step in document["steps"])
    return ", ".join(f"{number} {words}" for words, number in counts.items())
