"""How to cite a page: the book by its citation file, and the place in it."""

import subprocess
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, UTC
from pathlib import Path

from mkdocs.utils import yaml_load

CITATION = Path("CITATION.cff")


@dataclass(frozen=True)
class Citation:
    """How to cite a page: a line to print and an entry for BibTeX."""

    line: str
    bibtex: str


def citation(name: str, title: str, place: str) -> Citation:
    """A line to print and an entry for BibTeX, for the page of that id at that place."""
    book = yaml_load(CITATION.read_text("utf-8"))
    authors = [
        one.get("name") or f"{one['given-names']} {one['family-names']}" for one in book["authors"]
    ]
    whole = f"{book['title']}. {book['abstract']} Version {book['version']}"
    year = str(book["date-released"])[:4]
    entry = {
        "author": " and ".join(f"{{{author}}}" for author in authors),
        "title": title,
        "howpublished": f"In: {whole}, {place}",
        "year": year,
    }
    fields = ",\n".join(f"  {field} = {{{value}}}" for field, value in entry.items())
    return Citation(
        line=f"{', '.join(authors)} ({year}). {title}. In: {whole}, `{place}`.",
        bibtex=f"@misc{{separable-{name},\n{fields}\n}}",
    )


def last_change() -> int:
    """The time of the last commit, or of the release where there is no git, in seconds since 1970.

    Pages carry it instead of the time at which they are built, so that the same sources give the
    same bytes.
    """
    git = ["git", "log", "-1", "--format=%ct"]
    with suppress(OSError):
        found = subprocess.run(git, capture_output=True, encoding="utf-8", check=False).stdout
        if found.strip().isdecimal():
            return int(found)
    released = yaml_load(CITATION.read_text("utf-8"))["date-released"]
    return int(datetime.combine(released, time(), UTC).timestamp())
