"""Your own line: what the page shows before Python has been started in it, and what it offers."""

from collections.abc import Mapping
from dataclasses import dataclass

from derive.catalogue import FAMILIES, own_line
from derive.comparison import attempts, Choices, Row
from derive.facts.own_line import LAYERS, own_line_facts, OwnLineFacts
from derive.parse.line import read_line
from derive.proof.library import THEOREMS
from derive.proof.status import Status
from derive.proof.theorem import Theorem
from derive.render.diagram import pipelines
from derive.render.status import badge_class, LOOKS
from derive.site.pages.family import Section, SECTIONS
from derive.site.pages.learn.course import facts_html
from derive.site.proved import badge
from derive.site.pyodide import provable

LINE = "A[j,i,u] B[o,j,v]"
CURIOUS = {
    "a[u] b[v]": "one channel, rank one: a column times a row",
    "A[i,u] B[o,v]": "no letter shared: an outer product, a bond of size 1",
    "A[j,i,u] B[r,j] C[o,r,v]": "a pair with a pointwise layer between",
    "B[o,j,v] A[j,i,u]": "the asymmetric pair in the wrong order",
    "A[r,i,u,v] B[o,r]": "a thin layer, then its channels mixed",
    "D[i,u,v] E[j,i] F[o,j]": "depthwise, then a bottleneck: no criterion is known",
    "jiut,ojv->oituv": "three axes: height and time first",
    "A[e,i,u] B[o,e,v] where e = 4": "a letter of your own, with a size",
    "A[s,i,u] B[o,i,s] C[i,s,v]": "a CP decomposition for every input channel",
    "W[o,i] + 2 × (D[i,u,v] P[o,i])": "parallel branches, added",
    "D[i,u] E[i,v] + A[i,u,v]": "channels apart, in two branches",
}


@dataclass(frozen=True)
class LineLabPage:
    """What the template shows: a line derived, lines and theorems to choose, and the data of the
    script."""

    line: str
    document: OwnLineFacts
    pictures: tuple[str, ...]
    badge: str
    counts: list[Section]
    titles: Mapping[str, str]
    families: list[tuple[str, str]]
    curious: list[tuple[str, str]]
    theorems: list[Theorem]
    facts: str


def context() -> LineLabPage:
    """The page with its first line derived.

    >>> context().document.derived.line.einsum
    'jiu,ojv->oiuv'
    """
    document = own_line_facts(LINE)
    assert document.example
    shown = document.convolution.proved
    counts = [section for section in SECTIONS if hasattr(document.example.line, section.name)]
    titles = {name: entry.title for name, entry in FAMILIES.items()}
    facts = {
        "counts": [[section.name, section.title] for section in counts],
        "families": titles,
        "badges": {
            status.slug: {"words": LOOKS[status].words, "kind": badge_class(status.slug)}
            for status in (Status.PROVED, Status.FAILED)
        },
    }
    return LineLabPage(
        line=LINE,
        document=document,
        pictures=tuple(pipelines(_row())),
        badge=badge((Status.PROVED if shown else Status.FAILED).slug),
        counts=counts,
        titles=titles,
        families=[(compact(str(entry.family)), entry.title) for entry in FAMILIES.values()],
        curious=list(CURIOUS.items()),
        theorems=[THEOREMS[name] for name in THEOREMS if name in provable()],
        facts=facts_html(facts),
    )


def compact(line: str) -> str:
    """A line as one types it.

    >>> compact("A[j, i, u] B[o, j, v]")
    'A[j,i,u] B[o,j,v]'
    """
    return line.replace(", ", ",")


def _row() -> Row:
    """The first line on the first layer."""
    (row,) = attempts(own_line(read_line(LINE)), LAYERS[0](), Choices())
    assert isinstance(row, Row)
    return row
