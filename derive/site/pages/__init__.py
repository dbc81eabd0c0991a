"""Every generated page of the site, as Markdown: one pure function of the catalogue."""

from pathlib import Path

from derive import brute
from derive.catalogue import FAMILIES
from derive.site.pages import conventions, families, family, home
from derive.site.templating import render


def pages() -> dict[str, str]:
    """All generated pages, path to Markdown."""
    found = {
        "index.md": render("index.md.j2", **home.context()),
        "families/index.md": render("families.md.j2", **families.context()),
        "reference/conventions.md": render("conventions.md.j2", **conventions.context()),
        "reference/oracle.md": render("oracle.md.j2", source=_source(brute.__file__)),
    }
    for name, entry in FAMILIES.items():
        found[f"families/{name}.md"] = render("family.md.j2", **family.context(entry))
    return found


def navigation() -> dict[str, list[dict[str, str]]]:
    """What each wildcard of the navigation stands for."""
    short = {name: entry.title.replace(" convolution", "") for name, entry in FAMILIES.items()}
    return {"families/*": [{title: f"families/{name}.md"} for name, title in short.items()]}


def _source(path: str) -> str:
    return Path(path).read_text("utf-8")
