"""Every generated page of the site, as Markdown: one pure function of the catalogue."""

from pathlib import Path
from typing import Any

from derive import brute, check
from derive.catalogue import FAMILIES
from derive.proof.library import THEOREMS
from derive.site.pages import conventions, families, family, gallery, home, theorem, theorems
from derive.site.proved import about, proved
from derive.site.templating import render
from derive.write.proof import TOPICS


def pages() -> dict[str, str]:
    """All generated pages, path to Markdown; CheckError if a proof fails, or any other check."""
    documents = proved()
    found = {
        "index.md": render("index.md.j2", **home.context(), theorems=documents),
        "families/index.md": render("families.md.j2", **families.context()),
        "theorems/index.md": render("theorems.md.j2", **theorems.context(documents)),
        "gallery/index.md": render("gallery.md.j2", **gallery.context()),
        "reference/conventions.md": render("conventions.md.j2", **conventions.context()),
        "reference/checker.md": render("checker.md.j2", source=_source(check.__file__)),
        "reference/oracle.md": render("oracle.md.j2", source=_source(brute.__file__)),
    }
    for name, entry in FAMILIES.items():
        found[f"families/{name}.md"] = render(
            "family.md.j2", **family.context(entry), theorems=about(documents, name)
        )
    for name, document in documents.items():
        found[f"theorems/{name}.md"] = render(
            "theorem.md.j2", **theorem.context(document, documents)
        )
    return found


def navigation() -> dict[str, list[dict[str, Any]]]:
    """What each wildcard of the navigation stands for: theorems under their topics."""
    short = {name: entry.title.replace(" convolution", "") for name, entry in FAMILIES.items()}
    return {
        "families/*": [{title: f"families/{name}.md"} for name, title in short.items()],
        "theorems/*": [{TOPICS[topic]: _on(topic)} for topic in TOPICS if _on(topic)],
    }


def _on(topic: str) -> list[dict[str, str]]:
    """The theorems on a topic, each with its page."""
    return [
        {f"{one.number} {one.title}": f"theorems/{name}.md"}
        for name, one in THEOREMS.items()
        if one.topic == topic
    ]


def _source(path: str) -> str:
    return Path(path).read_text("utf-8")
