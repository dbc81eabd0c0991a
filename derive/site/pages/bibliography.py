"""The bibliography: every work, and which families and theorems name it as a source."""

from typing import Any

from derive.catalogue import FAMILIES
from derive.site.bibliography import citing, works


def context(theorems_told: dict[str, tuple[str, list[str]]]) -> dict[str, Any]:
    """What the template shows; of each theorem it needs the title and the sources."""
    families = citing({name: one.sources for name, one in FAMILIES.items()})
    theorems = citing({name: sources for name, (_, sources) in theorems_told.items()})
    return {
        "works": [
            {
                "work": work,
                "families": [(name, FAMILIES[name].title) for name in families[work.id]],
                "theorems": [(name, theorems_told[name][0]) for name in theorems[work.id]],
            }
            for work in works().values()
        ],
        "unsure": sum(work.check for work in works().values()),
    }
