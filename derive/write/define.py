"""A line of the reader's own as plain data: what a family has, its proof, and a layer's numbers."""

from time import perf_counter
from typing import Any

from sympy import Symbol

from derive.algebra.exactness import Exactness
from derive.algebra.pipeline import is_the_convolution
from derive.catalogue import Entry, FAMILIES, own_line
from derive.facts import layer_facts, row_facts
from derive.notation.errors import InputError
from derive.notation.family import Family, Line
from derive.notation.layer import Layer
from derive.read.layer import read_layer
from derive.read.line import own_letters, read_line
from derive.rows import attempts, Choices, Row
from derive.write.family import family_document, narrow_document
from derive.write.family_text import family_text
from derive.write.layer_words import layer_words

# Layers that a line may fit: that of the opening question first.
LAYERS: tuple[dict[str, Any], ...] = (
    {},
    {"channels_out": 3},
    {"channels_in": 1, "channels_out": 1},
    {"channels_in": 4, "groups": 2},
    {"image": "16x128x128"},
)
BOOK = ("name", "title", "summary", "prose", "also_called", "sources")  # what only the book says


def define_document(
    text: str, layer: Layer | None = None, choices: Choices | None = None
) -> dict[str, Any]:
    """Everything about the line that a reader wrote, in the schema derive/define/1.

    The example is the line on ``layer``, or on the first of a few layers that it fits. Raises
    InputError for a line that is none, and for one that does not fit the layer.

    >>> document = define_document("A[j,i,u] B[o,j,v]")
    >>> document["einsum"], document["convolution"]["proved"], document["same_as"]
    ('jiu,ojv->oiuv', True, 'asymmetric')
    """
    line = read_line(text)
    entry = own_line(line)
    derived = family_document(entry)
    return {
        "schema": "derive/define/1",
        "given": text,
        **{key: value for key, value in derived.items() if key not in (*BOOK, "schema")},
        "symbols": _symbols(derived["symbols"], line),
        "decided": Exactness(line).decided,
        "narrow": narrow_document(line),
        "same_as": same_as(line),
        "convolution": convolution(entry),
        "example": example(entry, layer, choices),
    }


def define_text(document: dict[str, Any], form: str) -> str:
    """The line as csv, latex or markdown, as a family of the book has it."""
    entry = own_line(read_line(document["given"]))
    return family_text(entry, document["line"], form, document["symbols"])


def convolution(entry: Entry) -> dict[str, Any]:
    """Whether every branch is proved to be the convolution with its kernel, and in what time."""
    start = perf_counter()
    proved = all(
        is_the_convolution(family, entry.directions) for _, family in entry.family.branches
    )
    return {"proved": proved, "seconds": round(perf_counter() - start, 4)}


def same_as(line: Line) -> str | None:
    """The family of the book with the same factors in the same order, bonds renamed or not.

    >>> same_as(read_line("C[e,i,u] D[o,v,e]")), same_as(read_line("A[o,i,u]"))
    ('asymmetric', None)
    """
    return next(
        (name for name, entry in FAMILIES.items() if _shape(entry.family) == _shape(line)), None
    )


def _shape(line: Line) -> list[Any]:
    """A line without the names of its factors and of its bonds, which stand for what they join."""
    return [
        (
            times,
            family.inputs,
            family.outputs,
            [_joined(family, n) for n in range(len(family.factors))],
        )
        for times, family in line.branches
    ]


def _joined(family: Family, number: int) -> list[str]:
    """The letters of a factor; a bond goes by what it joins, or by a size that is not its own."""
    names = []
    for x in family.factors[number].indices:
        homes = [n for n, factor in enumerate(family.factors) if x in factor.indices]
        size = family.sizes[x]
        shared = [y for y in family.summed if family.sizes[y] == size]
        free = isinstance(size, Symbol) and len(shared) == 1
        names.append((str(homes) if free else f"{size}") if x in family.summed else x.name)
    return sorted(names)


def example(
    entry: Entry, layer: Layer | None = None, choices: Choices | None = None
) -> dict[str, Any] | None:
    """The line on a layer, or on the first that it fits, with the standard convolution there.

    Raises InputError if the line does not fit the layer that is given.
    """
    usual = [one for words in LAYERS if (one := read_layer(**words)).taps == entry.family.axes]
    tried = [layer] if layer else usual
    found = [x for one in tried for x in attempts(entry, one, choices or Choices())]
    fitting = [x for x in found if isinstance(x, Row)]
    if layer and not fitting:
        raise InputError(f"the line does not fit this layer: it {found[0]}")
    if not fitting:
        return None
    row = fitting[0]
    lines = [x for x in fitting if x.layer == row.layer]
    (yardstick,) = attempts(FAMILIES["standard"], row.layer, Choices())
    assert isinstance(yardstick, Row)
    return {
        "layer": layer_facts(row.layer),
        "words": layer_words(layer_facts(row.layer)),
        "line": row_facts(row, yardstick),
        "lines": [row_facts(one, yardstick) for one in lines],
        "standard": row_facts(yardstick, yardstick),
    }


def _symbols(symbols: dict[str, str], line: Line) -> dict[str, str]:
    """What every symbol means, those of the reader's own letters included."""
    own = {extent.name: x for x, extent in own_letters(line).items() if isinstance(extent, Symbol)}
    return {
        name: f"how many values {own[name]} takes" if name == f"N_{own.get(name)}" else meaning
        for name, meaning in symbols.items()
    }
