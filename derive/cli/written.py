"""Layers of PyTorch or Keras where a command takes a line: the family that they are."""

from collections.abc import Iterable, Mapping
from typing import Any, TYPE_CHECKING

import click

from derive.notation.fields import FIELDS

if TYPE_CHECKING:
    from derive.code.recognized import Recognized
    from derive.facts.own_line import OwnLineFacts

SAID = ("image", "in", "bytes")  # options that code does not say; Keras leaves out the channels


def recognized_row(text: str, words: Mapping[str, Any], given: Iterable[str]) -> "Recognized":
    """The family that code is, on an image and with input channels of the options.

    Raises InputError, in one line, for code that cannot be read, with the reason if it is no
    family, and UsageError for an option that the code says itself.
    """
    from derive.code.recognized import recognized
    from derive.parse.field import read_number, split
    from derive.parse.framework import read_layers
    from derive.parse.layer import read_image

    given = [name for name in given if name in FIELDS]
    for name in given:
        if name not in SAID:
            option = FIELDS[name].option
            raise click.UsageError(f"{option} is what the code says: leave it out")
    image = None
    if "image" in given:
        image = read_image(words["image"], 1 if len(split(words["image"])) == 1 else None)
    stages = read_layers(text, read_number("in", words["in"]), image)
    return recognized(stages, read_number("bytes", words["bytes"]))


def code_facts(text: str, words: Mapping[str, Any], given: Iterable[str]) -> "OwnLineFacts":
    """What `derive define` says of the family that code is; errors as of ``recognized_row``."""
    from derive.facts.own_line import own_line_facts, RecognizedFacts

    found = recognized_row(text, words, given)
    row = found.row
    facts = RecognizedFacts(row.entry.name, row.entry.title, row.chosen, found.left_out)
    return own_line_facts(text, row.layer, found.choices, (facts, row.entry.family))
