"""The layer lab: what it shows before its script runs, and the data that the script needs."""

from typing import Any

from derive.catalogue import FAMILIES
from derive.facts import compare, ComparisonFacts
from derive.facts.image import keys
from derive.read.layer import read_layer
from derive.site.counters import ledger
from derive.site.pages.learn.course import facts_html
from derive.write.table import label, layer_words


def context() -> dict[str, Any]:
    """What the template shows: the opening layer, and the lab's data.

    >>> [label for label, _ in context()["rows"]][:3]
    ['standard', 'pointwise', 'asymmetric m=3']
    """
    facts = compare(read_layer())
    data = {"conventions": ledger(), "families": list(FAMILIES), "shape": shape(facts)}
    return {
        "layer": layer_words(facts.layer),
        "rows": [(label(row), row) for row in facts.families],
        "facts": facts_html(data),
    }


def shape(facts: ComparisonFacts) -> dict[str, Any]:
    """The keys of a comparison in their order, and the words in it that no layer changes.

    >>> shape(compare(read_layer()))["stage"]
    ['factor', 'times', 'parameters', 'macs', 'macs_in_bounds', 'activations']
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
