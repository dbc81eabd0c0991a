"""The options of a layer, for the commands that put numbers on one: the grammar's, one a field."""

from collections.abc import Mapping
from typing import Any, TYPE_CHECKING

import click

from derive.cli.words import Command
from derive.notation.fields import BIASES, CHOICES, Field, FIELDS, Kind, NO, YES

if TYPE_CHECKING:
    from derive.comparison import Choices
    from derive.notation.layer import Layer

LISTS = (Kind.NUMBERS, Kind.RANKS)


def layer_options(command: Command, without: tuple[str, ...] = ()) -> Command:
    """The options of a layer and of the widths and ranks on it, which ``read`` reads."""
    for field in reversed([one for one in FIELDS.values() if one.name not in without]):
        command = click.option(field.option, field.name, help=_help(field), **_how(field))(command)
    return command


def _how(field: Field) -> dict[str, Any]:
    if field.kind is Kind.YES:
        return {"is_flag": True}
    if field.kind in LISTS:
        return {"multiple": True}
    how: dict[str, Any] = {"default": field.usual, "show_default": bool(field.usual)}
    return how | ({"metavar": f"[{'|'.join(BIASES)}]"} if field.kind is Kind.BIAS else {})


def _help(field: Field) -> str:
    """What ``--help`` says: what the field is, and what may be written where that is not plain."""
    plain = field.kind in (Kind.YES, Kind.NUMBER, Kind.BIAS) or field.example == field.usual
    return f"{field.help} {'' if plain else f'For example {field.example}.'}".strip()


def read(options: Mapping[str, Any]) -> "tuple[Layer, Choices]":
    """The layer that the values of its options describe, and the widths and ranks chosen.

    Raises InputError, in one line, if they describe none.

    >>> read({"image": "8", "rank": ("3", "P=4,Q=2")})[1].ranks
    (3, {'P': 4, 'Q': 2})
    """
    from derive.comparison import Choices
    from derive.parse.choices import read_numbers, read_ranks
    from derive.parse.layer import read_fields

    words = {name: _text(FIELDS[name], given) for name, given in options.items()}
    layer = read_fields(words)
    widths, copies = (
        read_numbers(name, words.get(name, ""), words=words) for name in ("middle", "multiplier")
    )
    return layer, Choices(widths, copies, read_ranks(words.get("rank", "")))


def _text(field: Field, given: Any) -> str:
    """The words of a field; a list may be given as one text or as several."""
    if field.kind is Kind.YES:
        return (YES if given else NO)[0]
    return CHOICES.join(given) if field.kind in LISTS else str(given)
