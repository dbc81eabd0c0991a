"""Errata as data: what was printed, by whom, where it can be read, and what is right."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from derive.site.bibliography import works
from derive.site.leads import lead

DATA = Path(__file__).with_name("errata.json")


@dataclass(frozen=True)
class Erratum:
    """A statement in print: its exact ``words``, or what it ``said`` in ours; who, when, where.

    ``sources`` are addresses, or ids of works; ``exact`` is what the formulas give.
    """

    id: str
    section: str
    who: str
    when: str
    sources: tuple[str, ...]
    exact: str
    words: str = ""
    said: str = ""
    also: str = ""

    @property
    def links(self) -> list[tuple[str, str]]:
        """Where the erratum can be read: words that say where a link leads, and the address.

        >>> listed()[0].links[1][0]
        'pytorch/vision, resnet.py'
        """
        return [_link(source) for source in self.sources]

    def filled(self, values: Mapping[str, str]) -> "Erratum":
        """The erratum with numbers where the data has their names; its words stay what they are."""
        said, also, exact = (text.format(**values) for text in (self.said, self.also, self.exact))
        return replace(self, said=said, also=also, exact=exact)


def _link(source: str) -> tuple[str, str]:
    """Words and address of a place: an address of its own, or the entry of a work."""
    if work := works().get(source):
        return f"{work.authors} in the bibliography", f"bibliography.md#{work.id}"
    return lead(source), source


@cache
def listed() -> tuple[Erratum, ...]:
    """Every erratum, in the order of the page, as it stands in the data.

    >>> [one.words for one in listed() if one.id == "macs"]
    ['MACs = 2 * FLOPs']
    """
    entries = json.loads(DATA.read_text("utf-8"))
    return tuple(Erratum(**one | {"sources": tuple(one["sources"])}) for one in entries)
