"""The page of the order of the families: which design represents which."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from derive.catalogue import FAMILIES
from derive.facts.relation import relation_facts
from derive.parse.layer import read_layer
from derive.render.relation import sentences
from derive.site.first_state import mark
from derive.site.inclusions import inclusion_diagram, Inclusions
from derive.site.order import PairFacts

OPENING = ("depthwise-separable", "asymmetric")


@dataclass(frozen=True)
class RelationsPage:
    """What the template shows: the two sentences of the opening question, where the table stands,
    the diagram and its lines, and how many pairs have which answer."""

    opening: tuple[str, str]
    table: str
    diagram: str
    lines: list[PairFacts]
    titles: Mapping[str, str]
    numbers: Mapping[str, int]
    undecided: int
    families: int


def context(pairs: list[PairFacts]) -> RelationsPage:
    """The page of all pairs."""
    one, other = (FAMILIES[name] for name in OPENING)
    found = Inclusions(pairs)
    return RelationsPage(
        opening=sentences(relation_facts(one, other, read_layer())),
        table=mark("order"),
        diagram=inclusion_diagram(found, "../"),
        lines=found.lines,
        titles={name: entry.title for name, entry in FAMILIES.items()},
        numbers=Counter(one.answer for one in pairs),
        undecided=sum(bool(one.why) and one.answer != "apart" for one in pairs),
        families=len(FAMILIES),
    )
