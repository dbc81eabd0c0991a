"""The bibliography: works as data, and which of them a Source line of a family or theorem names."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from derive.catalogue import FAMILIES
from derive.models.library import NETWORKS
from derive.notation.errors import InputError
from derive.proof.library import THEOREMS
from derive.site.leads import lead

DATA = Path(__file__).with_name("bibliography.json")
ARXIV = re.compile(r"arXiv (\d{4}\.\d{4,5})")
DOI = re.compile(r"doi (10\.\S+)")
PAGE = "reference/bibliography.md"


class Sourced(Protocol):
    """A leaf that names its sources."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The works that it is taken from."""


@dataclass(frozen=True)
class Work:
    """A work that is cited; ``called`` is the name of a design that its title does not hold."""

    id: str
    authors: str
    title: str
    year: int | None = None
    called: str = ""
    venue: str = ""
    arxiv: str = ""
    doi: str = ""
    url: str = ""

    @property
    def links(self) -> list[tuple[str, str]]:
        """Where the work can be read: words and addresses.

        >>> works()["oseledets-2011"].links
        [('doi 10.1137/090752286', 'https://doi.org/10.1137/090752286')]
        """
        doi = f"https://doi.org/{self.doi}" if self.doi else ""
        arxiv = f"https://arxiv.org/abs/{self.arxiv}" if self.arxiv else ""
        return [(lead(address), address) for address in (doi, arxiv, self.url) if address]


@cache
def works() -> Mapping[str, Work]:
    """Every work by its id, in the order of the file.

    >>> works()["szegedy-2016"].arxiv
    '1512.00567'
    """
    return {one["id"]: Work(**one) for one in json.loads(DATA.read_text("utf-8"))}


def sources(docstring: str) -> list[str]:
    """The sources in the last paragraph of a docstring; none without its word ``Source:``.

    >>> sources("A model.\\n\\nSource: Tai et al. (2016), one;\\nHoward et al. (2017), another.")
    ['Tai et al. (2016), one', 'Howard et al. (2017), another']
    """
    _, said, listed = " ".join(docstring.split("\n\n")[-1].split()).partition("Source: ")
    return listed.removesuffix(".").split("; ") if said else []


def named(source: str) -> list[Work]:
    """The works that a source names, by arXiv number, DOI or title; InputError if it names none.

    >>> [work.id for work in named("Tai et al. (2016), arXiv 1511.06067 (one decomposition)")]
    ['tai-2016']
    """
    numbers = {number.rstrip(".") for number in ARXIV.findall(source)}
    dois = {number.rstrip(".,;)") for number in DOI.findall(source)}
    found = [w for w in works().values() if w.arxiv in numbers or w.doi in dois]
    found = found or _by_title(source)
    if not found:
        raise InputError(f"derive/site/bibliography.json lacks its source, add it there: {source}")
    return found


def unlisted() -> Iterator[InputError]:
    """What is wrong with the sources that families, networks and theorems name, each with its
    file."""
    folders: dict[str, Mapping[str, Sourced]] = {
        "families": FAMILIES,
        "networks": NETWORKS,
        "theorems": THEOREMS,
    }
    for folder, leaves in folders.items():
        for name, leaf in leaves.items():
            for source in leaf.sources:
                try:
                    named(source)
                except InputError as error:
                    yield InputError(f"derive/{folder}/{name.replace('-', '_')}.py: {error}")


def _by_title(source: str) -> list[Work]:
    """The works whose title and first author a source names; the longest titles if several do."""
    words = f" {_letters(source)} "
    fitting = [
        work
        for work in works().values()
        if _letters(work.title) in words and _letters(work.authors).split()[0] in words
    ]
    return [work for work in fitting if str(work.year) in source] or fitting


def _letters(text: str) -> str:
    """Lower-case letters and digits without accents, words apart by one space."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z0-9]+", plain.lower()))


def links(source: str, up: str = "../") -> str:
    """Where to read what a source names, as Markdown: its places and its entries.

    >>> links("Tai et al. (2016), arXiv 1511.06067").split(", ")[0]
    '[arXiv 1511.06067](https://arxiv.org/abs/1511.06067)'
    """
    found = []
    for work in named(source):
        found += [f"[{words}]({address})" for words, address in work.links]
        found.append(f'[entry]({up}{PAGE}#{work.id} "{work.authors} in the bibliography")')
    return ", ".join(found)


def citing(sources: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """For each work, the names under which a source names it.

    >>> citing({"asymmetric": ["Szegedy et al. (2016), arXiv 1512.00567"]})["szegedy-2016"]
    ['asymmetric']
    """
    found: dict[str, list[str]] = {name: [] for name in works()}
    for name, lines in sources.items():
        for work in dict.fromkeys(work.id for line in lines for work in named(line)):
            found[work].append(name)
    return found
