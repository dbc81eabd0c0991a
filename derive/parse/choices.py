"""Widths, multipliers and ranks to put side by side, from lists of words."""

from collections.abc import Mapping
from typing import TypeVar

from derive.notation.errors import InputError
from derive.notation.fields import BONDS, CHOICES, Field, FIELDS, MESSAGES, MOST_NUMBERS, SIDES
from derive.parse.field import integer, listed, read_number, shown

Rank = int | dict[str, int]
Part = TypeVar("Part")


def read_numbers(
    name: str, text: str, most: int = MOST_NUMBERS, words: Mapping[str, str] | None = None
) -> tuple[int, ...]:
    """The widths or multipliers of a list, none for an empty one.

    With the ``words`` of a layer a width may be ``in`` or ``out``: as many as these channels.
    Raises InputError, in one line, for anything else.

    >>> read_numbers("middle", "3, 8; 9"), read_numbers("middle", "out", words={"out": "64"})
    ((3, 8, 9), (64,))
    """
    field = FIELDS[name]
    parts = [part for choice in text.split(CHOICES) for part in listed(choice)]
    return tuple(_number(field, part, words) for part in _few(field, parts, most))


def _number(field: Field, part: str, words: Mapping[str, str] | None) -> int:
    """A number, or for a width that of the channels that are named."""
    side = part.lower()
    if words is not None and field.name == "middle" and side in SIDES:
        return read_number(side, words.get(side, FIELDS[side].usual))
    return integer(field, part, part)


def read_ranks(text: str, most: int = MOST_NUMBERS) -> tuple[Rank, ...]:
    """The ranks of a list: numbers, or mappings from bonds to numbers.

    Raises InputError, in one line, for anything else.

    >>> read_ranks("3, 8"), read_ranks("3; P=4,Q=2")
    ((3, 8), (3, {'P': 4, 'Q': 2}))
    """
    ranks: list[Rank] = []
    for choice in text.split(CHOICES):
        pairs = [part.partition("=") for part in listed(choice)]
        if any(sign for _, sign, _ in pairs):
            ranks.append(_bonds(pairs, choice))
        else:
            ranks += [_rank(word, choice) for word, _, _ in pairs]
    return tuple(_few(FIELDS["rank"], ranks, most))


def _bonds(pairs: list[tuple[str, str, str]], choice: str) -> dict[str, int]:
    """The rank of each bond, from such as P=4,Q=2."""
    numbers = [_rank(value if sign else bond, choice) for bond, sign, value in pairs]
    bonds = [bond.upper() for bond, _, _ in pairs]
    for bond, name in zip(bonds, pairs, strict=True):
        if bond not in BONDS or not name[1]:
            wrong = MESSAGES["bond"].format(word=shown(choice), bond=shown(name[0]))
            raise InputError(wrong)
    if len(set(bonds)) < len(bonds):
        raise InputError(MESSAGES["twice"].format(word=shown(choice)))
    return dict(zip(bonds, numbers, strict=True))


def _rank(word: str, choice: str) -> int:
    try:
        return integer(FIELDS["rank"], word, word)
    except InputError:
        raise InputError(MESSAGES["ranks"].format(word=shown(choice))) from None


def _few(field: Field, parts: list[Part], most: int) -> list[Part]:
    if len(parts) > most:
        given = {"what": field.what, "most": most, "count": len(parts)}
        raise InputError(MESSAGES["numbers"].format(**given))
    return parts
