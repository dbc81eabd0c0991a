"""What there is: families, theorems and kernels, a line each."""

from collections.abc import Iterator, Sequence
from typing import Any

from derive.catalogue import FAMILIES
from derive.kernels import gallery
from derive.notation.leaf import LeafError
from derive.proof.library import THEOREMS
from derive.write.plain import plain
from derive.write.tabular import Tabular

FIELDS = ("id", "number", "title", "summary")


def list_document(kinds: Sequence[str]) -> dict[str, Any]:
    """Families, theorems and kernels, those of ``kinds``, in the schema derive/list/1.

    >>> [one["id"] for one in list_document(["families"])["families"]][:2]
    ['standard', 'depthwise']
    """
    return {"schema": "derive/list/1", **{kind: list(LISTED[kind]()) for kind in kinds}}


def _families() -> Iterator[dict[str, Any]]:
    for one in FAMILIES.values():
        words = {"id": one.name, "title": one.title, "summary": one.summary}
        yield {**words, "also_called": list(one.aliases)}


def _theorems() -> Iterator[dict[str, Any]]:
    for one in THEOREMS.values():
        words = {"id": one.name, "number": one.number, "title": one.title}
        yield {**words, "summary": plain(one.summary), "topic": one.topic}


def _kernels() -> Iterator[dict[str, Any]]:
    for one in gallery().values():
        words = {"id": one.name, "title": one.title, "summary": one.use}
        yield {**words, "tags": list(one.tags)}


LISTED = {"families": _families, "theorems": _theorems, "kernels": _kernels}


def broken(kinds: Sequence[str]) -> tuple[LeafError, ...]:
    """What is wrong with the files of these kinds that cannot be read."""
    families = FAMILIES.broken if "families" in kinds else ()
    return (*families, *(THEOREMS.broken if "theorems" in kinds else ()))


def list_lines(document: dict[str, Any]) -> Iterator[str]:
    """Id, number and title of each, under headings if there are several kinds.

    >>> next(list_lines(list_document(["theorems"]))).split()
    ['visibility', 'L0', 'Visibility']
    """
    kinds = [kind for kind in LISTED if kind in document]
    for kind in kinds:
        if len(kinds) > 1:
            yield kind
        width = max(len(one["id"]) for one in document[kind])
        margin = "  " if len(kinds) > 1 else ""
        for one in document[kind]:
            number = f"{one['number']:4}" if "number" in one else ""
            yield f"{margin}{one['id']:{width}}  {number}{one['title']}"


def list_table(document: dict[str, Any]) -> Tabular:
    """All that is listed as one table, whose first column is the kind if there are several."""
    kinds = [kind for kind in LISTED if kind in document]
    fields = [x for x in FIELDS if any(x in one for kind in kinds for one in document[kind])]
    several = len(kinds) > 1
    rows = [
        [*([kind] if several else []), *(one.get(field, "") for field in fields)]
        for kind in kinds
        for one in document[kind]
    ]
    return Tabular((*(["kind"] if several else []), *fields), rows)
