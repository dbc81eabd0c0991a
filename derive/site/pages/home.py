"""The home page: the answer, with both pipelines drawn and every family on the opening layer."""

from dataclasses import replace
from typing import Any

from derive.facts import compare, layer_facts
from derive.notation.family import Family
from derive.read.layer import read_layer
from derive.rows import Choices, Row, rows
from derive.site.diagram import pipelines
from derive.write.latex import definition_latex
from derive.write.table import label, layer_words

PAIR = ("asymmetric", "depthwise-separable")


def context() -> dict[str, Any]:
    """What the template shows; all of it from the facts of one layer."""
    layer = read_layer()
    pair = [_lean(row) for row in rows(layer)[0] if row.entry.name in PAIR]
    both_widths = Choices(widths=(layer.channels_in, layer.channels_out))
    return {
        "layer": layer_words(layer_facts(layer)),
        "rows": {label(row): row for row in compare(layer, both_widths)["families"]},
        "pictures": {row.entry.name: pipelines(row)[0] for row in pair},
        "definitions": {row.entry.name: definition_latex(row.line) for row in pair},
        "alone": _one_channel(),
    }


def _lean(row: Row) -> Row:
    """The same row without bonds of size 1, which is how its line is best read."""
    assert isinstance(row.line, Family)
    single = [x for x in row.line.summed if row.line.sizes[x].xreplace(row.values) == 1]
    return replace(row, line=row.line.without(single))


def _one_channel() -> dict[str, str]:
    """What the pair spells when there is one input and one output channel and every width is 1."""
    found, _ = rows(read_layer(channels_in=1, channels_out=1))
    return {row.entry.name: row.exactness.words for row in found if row.entry.name in PAIR}
