"""The bibliography: every work, and which families, networks, theorems and lessons cite it."""

from dataclasses import dataclass

from derive.catalogue import FAMILIES
from derive.models.library import NETWORKS
from derive.site.bibliography import citing, Work, works

Cited = dict[str, tuple[str, list[str]]]  # titles and sources, by id


@dataclass(frozen=True)
class CitedWork:
    """A work with what cites it: ids and titles of families, networks, theorems and lessons."""

    work: Work
    families: tuple[tuple[str, str], ...]
    networks: tuple[tuple[str, str], ...]
    theorems: tuple[tuple[str, str], ...]
    lessons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class BibliographyPage:
    """What the template shows: every work that the book knows."""

    works: tuple[CitedWork, ...]


def context(theorem_sources: Cited, lesson_sources: Cited) -> BibliographyPage:
    """The page of the works; of theorems and lessons it needs titles and sources."""
    families = citing({name: one.sources for name, one in FAMILIES.items()})
    networks = citing({name: one.sources for name, one in NETWORKS.items()})
    theorems = citing({name: said for name, (_, said) in theorem_sources.items()})
    lessons = citing({name: said for name, (_, said) in lesson_sources.items()})
    return BibliographyPage(
        works=tuple(
            CitedWork(
                work=work,
                families=tuple((name, FAMILIES[name].title) for name in families[work.id]),
                networks=tuple((name, NETWORKS[name].title) for name in networks[work.id]),
                theorems=tuple((name, theorem_sources[name][0]) for name in theorems[work.id]),
                lessons=tuple((name, lesson_sources[name][0]) for name in lessons[work.id]),
            )
            for work in works().values()
        )
    )
