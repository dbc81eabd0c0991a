"""Count a network: what the page shows before Python has been started in it, and what it offers."""

import json
from dataclasses import dataclass

from derive.models.library import NetworkEntry, NETWORKS
from derive.render.live import counted, LIST
from derive.site.pages.learn.course import facts_html
from derive.site.pages.network import listed

OPENING = "mobilenet-v1"
FORMS = {"csv": "CSV", "json": "JSON", "markdown": "Markdown"}


@dataclass(frozen=True)
class Start:
    """A form of a published network to start from: its name in the address, and in words."""

    name: str
    title: str


@dataclass(frozen=True)
class CountLabPage:
    """What the template shows: a list that is counted, networks to choose, and the data of the
    script."""

    opening: str
    list_name: str
    text: str
    result: str
    starts: list[Start]
    forms: dict[str, str]
    facts: str


def context() -> CountLabPage:
    """The page with its first list counted.

    >>> context().text.splitlines()[0]
    'image 3x224x224'
    """
    lists = {
        start.name: listed(entry, variant)
        for entry in NETWORKS.values()
        for start, variant in _starts(entry)
    }
    text = lists[OPENING]
    answer = json.loads(counted(text))
    return CountLabPage(
        opening=OPENING,
        list_name=LIST,
        text=text,
        result=answer["html"],
        starts=[start for entry in NETWORKS.values() for start, _ in _starts(entry)],
        forms=FORMS,
        facts=facts_html({"lists": lists, "files": answer["files"], "name": LIST}),
    )


def _starts(entry: NetworkEntry) -> list[tuple[Start, str]]:
    """Every form of a network, with the variant that it is."""
    usual = (Start(entry.name, f"{entry.title}, {entry.network.usual}"), "")
    others = (
        (Start(f"{entry.name} {variant}", f"{entry.title}, {variant}"), variant)
        for variant in entry.network.variants
    )
    return [usual, *others]
