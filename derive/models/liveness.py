"""The most that a model holds at once while it runs: every tensor lives until it was last read.

Normalizations and activations write over what they read, and so do operations that move nothing,
unless it is read again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Ran:
    """An operation as it runs: the tensors that it reads and writes, by name; ``over`` if it may
    write over the first that it reads."""

    reads: tuple[str, ...]
    writes: tuple[str, ...]
    over: bool = False


def most_held(
    order: Sequence[Ran], sizes: Mapping[str, int], given: Iterable[str], kept: Iterable[str]
) -> int | None:
    """The numbers of all tensors that are held at once, where they are the most.

    Args:
        order: the operations in the order in which they run.
        sizes: the numbers of each tensor; one without is not counted, such as weights.
        given: the tensors that are there from the start.
        kept: the tensors that are there in the end.

    Returns:
        None if there is no operation.

    >>> chain = [Ran(("x",), ("y",)), Ran(("y",), ("z",), over=True)]
    >>> most_held(chain, {"x": 3, "y": 8, "z": 8}, ["x"], ["z"])
    11
    """
    last = {name: step for step, one in enumerate(order) for name in one.reads}
    last |= dict.fromkeys(kept, len(order))
    held, most = {name for name in given if name in sizes}, None
    for step, one in enumerate(order):
        if one.over and one.reads and last[one.reads[0]] == step:
            held.discard(one.reads[0])
        held |= {name for name in one.writes if name in sizes}
        most = max(most or 0, sum(sizes[name] for name in held))
        held = {name for name in held if last.get(name, step) > step}
    return most
