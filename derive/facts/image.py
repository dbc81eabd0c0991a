"""The JSON of a record: every key is a field, and a value of one kind is printed in one way."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any

from sympy import Basic

from derive.facts.record import As, printings
from derive.notation.family import Line
from derive.notation.formula import Formula
from derive.proof.status import Status

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Print = Callable[[As, object], Json]


def unprinted(how: As, value: object) -> Json:
    """A printer for records without LaTeX and words; TypeError for anything to be printed so."""
    raise TypeError(f"{value!r} is to be printed as {how.name}")


def image(value: object, text: Print = unprinted) -> Json:
    """What JSON has of a record; ``text`` prints LaTeX, words and formulas.

    >>> from derive.facts.layer import layer_facts
    >>> from derive.parse.layer import read_layer
    >>> image(layer_facts(read_layer()))["in"], image((Fraction(1, 2), None))
    (3, ['1/2', None])
    """
    with long_numbers():
        return _plain(value, text)


@contextmanager
def long_numbers() -> Iterator[None]:
    """Integers of any length can be written."""
    digits = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        yield
    finally:
        sys.set_int_max_str_digits(digits)


def fields_of(record: object) -> dict[str, Json]:
    """The fields of a record without LaTeX and words, under their keys.

    >>> from derive.facts.comparison import BreakEven
    >>> from derive.notation.letters import m
    >>> fields_of(BreakEven(m, 6))
    {'size': 'm', 'at_most': 6}
    """
    return _record(record, unprinted)


def keys(record: object) -> list[str]:
    """The keys of a record in JSON, in their order.

    >>> from derive.facts.comparison import BreakEven
    >>> from derive.notation.letters import m
    >>> keys(BreakEven(m, 6))
    ['size', 'at_most']
    """
    return list(_record(record, lambda how, value: None))


def _plain(value: object, text: Print) -> Json:
    if isinstance(value, Status):
        return value.slug
    if isinstance(value, Enum):
        return _plain(value.value, text)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(one, text) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, text) for one in value]
    if isinstance(value, Formula):
        return text(As.FORMULA, value)
    if isinstance(value, Basic | Line | Fraction):
        return str(value)
    return _record(value, text)


def _record(record: object, text: Print) -> dict[str, Json]:
    """The fields of a record under their keys."""
    if not is_dataclass(record):
        raise TypeError(f"JSON has no value for {record!r}")
    kind: type = type(record)
    found: dict[str, Json] = {}
    for name, printed_as in _fields(kind):
        value = getattr(record, name)
        for key, how in printed_as:
            if how is As.WITHIN:
                found |= _within(value, text)
            elif not (how is As.PRESENT and value is None):
                found[key] = _printed(how, value, text)
    return found


@cache
def _fields(kind: type[Any]) -> tuple[tuple[str, tuple[tuple[str, As], ...]], ...]:
    """The fields of a kind of record with their keys."""
    return tuple((field.name, printings(field)) for field in fields(kind))


def _within(value: object, text: Print) -> dict[str, Json]:
    """The keys of a record that take the place of its field; none where there is none."""
    inside = {} if value is None else _plain(value, text)
    assert isinstance(inside, dict)
    return inside


def _printed(how: As, value: object, text: Print) -> Json:
    match how:
        case As.PLAIN | As.PRESENT:
            return _plain(value, text)
        case As.EXACT:
            assert isinstance(value, Sequence)
            return list(map(str, value))
        case As.WORD:
            assert isinstance(value, tuple)
            return "".join(map(str, value))
    return text(how, value)
