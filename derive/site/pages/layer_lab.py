"""The layer lab: what it shows before its script runs, and the data that the script needs."""

from dataclasses import dataclass

from derive.catalogue import FAMILIES
from derive.code.printers import TITLES
from derive.facts import compare, ComparisonFacts
from derive.facts.conventions import CONVENTIONS
from derive.facts.image import fields_of, Json, keys
from derive.parse.layer import read_layer
from derive.site.first_state import mark
from derive.site.pages.learn.course import facts_html


@dataclass(frozen=True)
class LayerLabPage:
    """What the template shows: where the lab stands, and its data."""

    lab: str
    facts: str


def context() -> LayerLabPage:
    """The page of the layer lab."""
    data = {
        "conventions": conventions(),
        "families": list(FAMILIES),
        "frameworks": TITLES,
        "shape": shape(compare(read_layer())),
    }
    return LayerLabPage(lab=mark("lab"), facts=facts_html(data))


def conventions() -> list[dict[str, Json]]:
    """Every convention with its rule in letters, for the page to evaluate on any row."""
    return [{"formula": one.formula, **fields_of(one)} for one in CONVENTIONS]


def shape(facts: ComparisonFacts) -> dict[str, str | list[str]]:
    """The keys of a comparison in their order, and the words in it that no layer changes.

    >>> shape(compare(read_layer()))["stage"][:4]
    ['factor', 'times', 'parameters', 'macs']
    """
    row = facts.families[0]
    return {
        "document": keys(facts),
        "schema": facts.schema,
        "layer": keys(facts.layer),
        "exactness_needs": facts.exactness_needs,
        "row": keys(row),
        "stage": keys(row.stages[0]),
    }
