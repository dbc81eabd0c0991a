"""Backlinks: which pages mention a page, read off the links of the built pages themselves."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape, unescape
from posixpath import normpath

PLACE = '<div class="mentioned"></div>'
LINK = re.compile(r'<a\b[^>]*?\shref="([^"#:?]+)(?:#[^"]*)?"')
KINDS = {
    "": "Answer",
    "learn": "Learn",
    "families": "Families",
    "theorems": "Theorems",
    "lab": "Lab",
    "gallery": "Gallery",
    "networks": "Networks",
    "reference": "Reference",
    "project": "Project",
}
NUMBER = re.compile(r"(\d+)")
MANY = ("gallery/",)
HEADING = re.compile(r'<h[23] id="([^"]+)"[^>]*>(.*?)</h[23]>', re.DOTALL)
LISTS = ("families/", "networks/", "theorems/", "learn/")  # they mention everyone, as lists do


@dataclass(frozen=True)
class Seen:
    """A page as built: where it is, its title and its content."""

    url: str
    title: str
    content: str
    anchor: str = ""


def sections(page: Seen) -> list[Seen]:
    """A page of many things as one for each of its sections; of one thing as it is.

    >>> [one.anchor for one in sections(Seen("gallery/", "", '<h3 id="box">Box</h3>'))]
    ['', '#box']
    """
    if page.url not in MANY:
        return [page]
    first, *parts = re.split(r'(?=<h[23] id=")', page.content)
    found = [Seen(page.url, page.title, first)]
    for part in parts:
        head = HEADING.match(part)
        title = re.sub(r"<a .*|<[^>]+>", "", head[2]).strip() if head else page.title
        found.append(Seen(page.url, unescape(title), part, f"#{head[1]}" if head else ""))
    return found


def targets(page: Seen) -> set[str]:
    """The pages of the site that a page links to, by their address below the root.

    >>> sorted(targets(Seen("families/cp/", "CP", '<a href="../flattened/#cost">one</a>')))
    ['families/flattened/']
    """
    links = LINK.findall(page.content)
    return {_resolved(page.url, link) for link in links} - {page.url}


def _resolved(url: str, link: str) -> str:
    """Where a relative link leads, as an address with a slash at its end."""
    path = normpath(f"{url}{link}")
    return "" if path == "." else f"{path}/"


def mentions(pages: Iterable[Seen]) -> dict[str, list[Seen]]:
    """For each address, the pages that link to it; lists of everything do not count."""
    found: dict[str, list[Seen]] = {}
    for page in pages:
        if page.url not in LISTS:
            for part in sections(page):
                for target in targets(part):
                    found.setdefault(target, []).append(part)
    return found


def with_backlinks(page: Seen, found: Mapping[str, list[Seen]]) -> str:
    """The content with a list of what mentions the page in the place for it."""
    if PLACE not in page.content:
        return page.content
    return page.content.replace(PLACE, _listed(page, found.get(page.url, [])))


def _by_number(page: Seen) -> list[tuple[int, str]]:
    """Titles in order, the numbers in them by size: T2 before T18."""
    return [(int(x), "") if x.isdigit() else (0, x) for x in NUMBER.split(page.title.casefold())]


def _listed(page: Seen, mentioning: list[Seen]) -> str:
    """The pages by the part of the book they are in."""
    if not mentioning:
        return "<p>No other page yet.</p>"
    up = "../" * page.url.count("/")
    order = list(KINDS)
    by_kind: dict[str, list[str]] = {}
    for one in sorted(mentioning, key=_by_number):
        part = one.url.split("/")[0] if one.url else ""
        address = f"{up}{one.url}{one.anchor}" or "./"
        link = f'<a href="{address}">{escape(one.title, quote=False)}</a>'
        by_kind.setdefault(part, []).append(link)
    parts = sorted(by_kind, key=lambda part: order.index(part) if part in KINDS else len(order))
    items = (
        f"<li><strong>{KINDS.get(part, part.title())}</strong> {', '.join(by_kind[part])}</li>"
        for part in parts
    )
    return f'<ul class="backlinks" data-search-exclude>{"".join(items)}</ul>'
