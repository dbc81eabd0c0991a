"""Connected components: things that hold something in common, directly or through others."""

from collections.abc import Hashable, Iterable, Set
from typing import TypeVar

Thing = TypeVar("Thing")
Held = TypeVar("Held", bound=Hashable)


def components(things: Iterable[tuple[Thing, Set[Held]]]) -> list[tuple[list[Thing], set[Held]]]:
    """Things with what each holds, grouped into components; each group with all that it holds.

    >>> components([("A", {"j"}), ("B", {"k"}), ("C", {"j"}), ("D", set())])
    [(['B'], {'k'}), (['A', 'C'], {'j'}), (['D'], set())]
    """
    groups: list[tuple[list[Thing], set[Held]]] = []
    for thing, held in things:
        touching = [group for group in groups if group[1] & held]
        groups = [group for group in groups if not group[1] & held]
        members = [member for group in touching for member in group[0]]
        groups.append(([*members, thing], set(held).union(*(group[1] for group in touching))))
    return groups
