"""Tensors as dicts from index tuples to numbers, and the ones that checks are run on."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

Number = int | Fraction
Index = tuple[int, ...]
Tensor = Mapping[Index, Number]


def tensor(entries: Any) -> dict[Index, Number]:
    """The tensor of numbers in nested sequences; a tensor stays as it is.

    >>> tensor([[1, 2], [3, 4]])
    {(0, 0): 1, (0, 1): 2, (1, 0): 3, (1, 1): 4}
    """
    if isinstance(entries, Mapping):
        return dict(entries)
    if not isinstance(entries, Sequence):
        return {(): entries}
    parts = enumerate(map(tensor, entries))
    return {(n, *at): number for n, part in parts for at, number in part.items()}


def ones(*extents: int) -> dict[Index, Number]:
    """The tensor whose entries are all 1.

    >>> ones(1, 2)
    {(0, 0): 1, (0, 1): 1}
    """
    return dict.fromkeys(product(*map(range, extents)), 1)


def impulses(*extents: int) -> list[dict[Index, Number]]:
    """Every tensor with a single 1, in the order of its place.

    >>> impulses(2)
    [{(0,): 1, (1,): 0}, {(0,): 0, (1,): 1}]
    """
    places = list(product(*map(range, extents)))
    return [{at: int(at == one) for at in places} for one in places]


def drawn(random: Random, *extents: int, largest: int) -> dict[Index, int]:
    """A tensor of random integers from -largest to largest.

    >>> drawn(Random(1), 3, largest=9)
    {(0,): -5, (1,): 9, (2,): -7}
    """
    return {at: random.randint(-largest, largest) for at in product(*map(range, extents))}


def word(letters: Iterable[object]) -> str:
    """Letters under the names that they have in the loops, one character each.

    >>> word(["j", "i", "u"])
    'jiu'
    """
    return "".join(map(str, letters))
