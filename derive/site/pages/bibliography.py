"""The bibliography: every work, and which families, theorems and lessons name it as a source."""

from derive.catalogue import FAMILIES
from derive.site.bibliography import citing, works

Cited = dict[str, tuple[str, list[str]]]  # titles and sources, by id


def context(theorem_sources: Cited, lesson_sources: Cited) -> dict[str, object]:
    """What the template shows; of theorems and lessons it needs titles and sources."""
    families = citing({name: one.sources for name, one in FAMILIES.items()})
    theorems = citing({name: said for name, (_, said) in theorem_sources.items()})
    lessons = citing({name: said for name, (_, said) in lesson_sources.items()})
    return {
        "works": [
            {
                "work": work,
                "families": [(name, FAMILIES[name].title) for name in families[work.id]],
                "theorems": [(name, theorem_sources[name][0]) for name in theorems[work.id]],
                "lessons": [(name, lesson_sources[name][0]) for name in lessons[work.id]],
            }
            for work in works().values()
        ],
    }
