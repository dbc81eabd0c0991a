"""The answer to ``derive count``: a network by name, a file, or a list of layers, in numbers."""

from collections.abc import Sequence

from derive.facts.model import model_facts, ModelFacts
from derive.facts.network import network_facts
from derive.models.source import Named, read_source


def count_facts(source: str, sizes: Sequence[str] = (), variant: str = "") -> ModelFacts:
    """A model in numbers.

    Raises InputError, in one line, for a source that is no model.

    >>> count_facts("vgg-16").totals.macs
    15470264320
    """
    found = read_source(source, sizes, variant)
    if isinstance(found, Named):
        return network_facts(found.entry, found.variant, found.size)
    return model_facts(found)
