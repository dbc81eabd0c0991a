"""Sizes of a family in a reader's terms: the width m of all groups together, not C_c of one."""

from collections.abc import Mapping

from sympy import Symbol

from derive.notation.letters import C_c, m

Sizes = Mapping[Symbol, int]


def together(sizes: Sizes, groups: int) -> dict[Symbol, int]:
    """Sizes with the width of all groups together next to that of one.

    >>> together({C_c: 4}, 2)
    {m: 8, C_c: 4}
    """
    return {m: sizes[C_c] * groups, C_c: sizes[C_c]} if C_c in sizes else {**sizes}


def chosen(sizes: Sizes) -> dict[Symbol, int]:
    """The sizes that a reader chooses, without the width of one group.

    >>> chosen({m: 8, C_c: 4})
    {m: 8}
    """
    return {symbol: size for symbol, size in sizes.items() if symbol != C_c}


def size_list(sizes: Sizes) -> str:
    """The sizes that a reader chooses, in words.

    >>> size_list({m: 8, C_c: 4})
    'm = 8'
    """
    return ", ".join(f"{symbol} = {size}" for symbol, size in chosen(sizes).items())
