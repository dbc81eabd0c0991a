"""What a field of a record is called in JSON, and how it is printed there.

A field that is annotated with no ``Printed`` has its own name for a key and is printed plainly.
"""

from dataclasses import dataclass, Field
from enum import Enum
from typing import Any


class As(Enum):
    """How a field is printed."""

    PLAIN = "a number, SymPy's own words, or the image of a record"
    LATEX = "LaTeX"
    TEX = "a sentence whose TeX is written in plain signs"
    WORDS = "a sentence"
    WITHIN = "the keys of the record that it holds, in its place"
    FORMULA = "as SymPy code, as LaTeX and with its guard"
    EXACT = "exact numbers, each as a text"
    WORD = "letters without anything between them"
    PRESENT = "plainly, and without its key where there is nothing"


@dataclass(frozen=True)
class Printed:
    """The keys of a field, each with how it is printed there."""

    keys: tuple[tuple[str, As], ...]


def printed(**keys: As) -> Printed:
    """A field that JSON has under these keys; none, if none is given."""
    return Printed(tuple(keys.items()))


WITHIN = printed(within=As.WITHIN)


def printings(field: Field[Any]) -> tuple[tuple[str, As], ...]:
    """The keys of a field of a record."""
    said = (one for one in getattr(field.type, "__metadata__", ()) if isinstance(one, Printed))
    return next((one.keys for one in said), ((field.name, As.PLAIN),))
