"""A line of the reader's own for a terminal."""

from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from derive.write.table import compare_table, family_table


def define_table(document: dict[str, Any]) -> RenderableType:
    """The answer to ``derive define``: as for a family, then the proof and a layer's numbers."""
    words = {"title": "Your own line", "summary": same_words(document)}
    parts: list[RenderableType] = [family_table({**document, **words}), Text(), _proof(document)]
    if document["example"]:
        parts += [Text(), compare_table(_compared(document["example"]))]
    return Group(*parts)


def same_words(document: dict[str, Any]) -> str:
    """Which family of the book the line is.

    >>> same_words({"same_as": "asymmetric"})
    'The same line as the family asymmetric of the book.'
    """
    name = document["same_as"]
    return f"The same line as the family {name} of the book." if name else "Not in the book."


def _proof(document: dict[str, Any]) -> Text:
    if document["convolution"]["proved"]:
        words = "proved for all sizes: the pipeline is the convolution with this kernel"
        return Text(f"{words} (zero padding, {document['convolution']['seconds']:.3f} s)", "green")
    return Text("not proved: the normal forms of pipeline and convolution differ", "red")


def _compared(example: dict[str, Any]) -> dict[str, Any]:
    """The example as facts of ``derive compare``: standard above, the reader's line below."""
    lines = [{**line, "name": "your line"} for line in example["lines"]]
    rows = [example["standard"], *lines]
    needs = "zero padding, no bias and no activation between stages"
    return {**example, "families": rows, "exactness_needs": needs, "omitted": []}
