"""The JSON of a record: every key is a field, and a value of one kind is printed in one way."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction

from sympy import Basic

from derive.facts.comparison import Note
from derive.facts.layer import LayerFacts
from derive.facts.record import As, printings
from derive.notation.family import Line
from derive.notation.formula import Formula
from derive.write.latex import guard_words, latex, printed_latex
from derive.write.layer_words import layer_words

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def json_values(value: object) -> Json:
    """What JSON has of a record: fractions and expressions as texts, all else as it is.

    >>> from derive.facts.layer import layer_facts
    >>> from derive.read.layer import read_layer
    >>> json_values(layer_facts(read_layer()))["in"], json_values((Fraction(1, 2), None))
    (3, ['1/2', None])
    """
    if isinstance(value, Enum):
        return json_values(value.value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): json_values(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [json_values(one) for one in value]
    if isinstance(value, Formula):
        return _formula(value)
    if isinstance(value, Basic | Line | Fraction):
        return str(value)
    return _record(value)


def keys(record: object) -> list[str]:
    """The keys of a record in JSON, in their order.

    >>> from derive.facts.comparison import BreakEven
    >>> from derive.notation.letters import m
    >>> keys(BreakEven(m, 6))
    ['size', 'at_most']
    """
    return list(_record(record))


def _formula(formula: Formula) -> dict[str, Json]:
    return {
        "sympy": str(formula.expr),
        "latex": latex(formula.expr),
        "guard": guard_words(formula.guard),
    }


def _record(record: object) -> dict[str, Json]:
    """The fields of a record under their keys."""
    if not is_dataclass(record):
        raise TypeError(f"JSON has no value for {record!r}")
    found: dict[str, Json] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        for key, how in printings(field):
            match how:
                case As.PLAIN:
                    found[key] = json_values(value)
                case As.LATEX:
                    found[key] = printed_latex(value)
                case As.WORDS:
                    found[key] = _words(value)
                case As.WITHIN:
                    found |= _formula(value) if isinstance(value, Formula) else _record(value)
    return found


def _words(value: LayerFacts | tuple[Note, ...]) -> Json:
    """A layer in words, or each of some notes."""
    if isinstance(value, LayerFacts):
        return layer_words(value)
    return [note.words for note in value]
