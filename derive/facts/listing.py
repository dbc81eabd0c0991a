"""What there is: families, theorems, networks and kernels, each in a line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from derive.catalogue import FAMILIES
from derive.facts.record import As, printed
from derive.kernels import gallery
from derive.models.library import NETWORKS
from derive.notation.leaf import LeafError
from derive.proof.library import THEOREMS


@dataclass(frozen=True)
class FamilyItem:
    """A family, and what else it is called."""

    id: str
    title: str
    summary: str
    also_called: tuple[str, ...]


@dataclass(frozen=True)
class TheoremItem:
    """A theorem with its number and its topic."""

    id: str
    number: str
    title: str
    summary: Annotated[str, printed(summary=As.TEX)]
    topic: str


@dataclass(frozen=True)
class KernelItem:
    """A kernel of the gallery, and what it is for."""

    id: str
    title: str
    summary: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class NetworkItem:
    """A published network, and the forms of it that are counted."""

    id: str
    title: str
    summary: str
    variants: tuple[str, ...]


Item = FamilyItem | TheoremItem | NetworkItem | KernelItem


@dataclass(frozen=True)
class ListFacts:
    """The answer to ``derive list``, in the schema derive/list/1; None is a kind not asked for."""

    schema: str
    families: Annotated[tuple[FamilyItem, ...] | None, printed(families=As.PRESENT)]
    theorems: Annotated[tuple[TheoremItem, ...] | None, printed(theorems=As.PRESENT)]
    networks: Annotated[tuple[NetworkItem, ...] | None, printed(networks=As.PRESENT)]
    kernels: Annotated[tuple[KernelItem, ...] | None, printed(kernels=As.PRESENT)]

    @property
    def kinds(self) -> dict[str, tuple[Item, ...]]:
        """What was asked for, by kind."""
        every: dict[str, tuple[Item, ...] | None] = {
            "families": self.families,
            "theorems": self.theorems,
            "networks": self.networks,
            "kernels": self.kernels,
        }
        return {kind: lines for kind, lines in every.items() if lines is not None}


def list_facts(kinds: Sequence[str]) -> ListFacts:
    """Families, theorems, networks and kernels, those of ``kinds``.

    >>> [one.id for one in list_facts(["families"]).families][:2]
    ['standard', 'depthwise']
    """
    return ListFacts(
        schema="derive/list/1",
        families=tuple(_families()) if "families" in kinds else None,
        theorems=tuple(_theorems()) if "theorems" in kinds else None,
        networks=tuple(_networks()) if "networks" in kinds else None,
        kernels=tuple(_kernels()) if "kernels" in kinds else None,
    )


def _families() -> Iterator[FamilyItem]:
    return (FamilyItem(one.name, one.title, one.summary, one.aliases) for one in FAMILIES.values())


def _theorems() -> Iterator[TheoremItem]:
    return (
        TheoremItem(one.name, one.number, one.title, one.summary, one.topic)
        for one in THEOREMS.values()
    )


def _networks() -> Iterator[NetworkItem]:
    return (
        NetworkItem(one.name, one.title, one.summary, (one.network.usual, *one.network.variants))
        for one in NETWORKS.values()
    )


def _kernels() -> Iterator[KernelItem]:
    return (KernelItem(one.name, one.title, one.use, tuple(one.tags)) for one in gallery().values())


def broken(kinds: Sequence[str]) -> tuple[LeafError, ...]:
    """What is wrong with the files of these kinds that cannot be read."""
    families = FAMILIES.broken if "families" in kinds else ()
    networks = NETWORKS.broken if "networks" in kinds else ()
    return (*families, *(THEOREMS.broken if "theorems" in kinds else ()), *networks)
