"""The list of published networks: what each costs, and which sorts of layers that goes to."""

from dataclasses import dataclass
from fractions import Fraction

from derive.facts.model import ModelFacts
from derive.facts.network import network_facts
from derive.facts.shares import sort_shares
from derive.models.library import NetworkEntry, NETWORKS
from derive.render.model_text import percent, sides


@dataclass(frozen=True)
class NetworkLine:
    """A network in short: its image, its totals, the share of its MACs that falls on padding, and
    the sorts of layers that take most of them."""

    entry: NetworkEntry
    facts: ModelFacts
    image: str
    padding: str
    sorts: str


@dataclass(frozen=True)
class NetworksPage:
    """What the template shows: every network in a line."""

    networks: tuple[NetworkLine, ...]


def context() -> NetworksPage:
    """The page of the networks of the book."""
    return NetworksPage(tuple(map(_line, NETWORKS.values())))


def _line(entry: NetworkEntry) -> NetworkLine:
    facts = network_facts(entry)
    total = facts.totals
    shares = sorted(((macs, sort) for sort, macs, _ in sort_shares(facts)), reverse=True)
    return NetworkLine(
        entry=entry,
        facts=facts,
        image=sides(facts.inputs["image"][1:]),
        padding=percent(1 - Fraction(total.macs_in_bounds, total.macs)),
        sorts=", ".join(f"{sort} {percent(share)} %" for share, sort in shares[:2]),
    )
