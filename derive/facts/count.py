"""The answer to ``derive count``: a network by name, a file, or a list of layers, in numbers."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from derive.facts.model import model_facts, ModelFacts
from derive.models.source import Named, read_source
from derive.notation.errors import InputError
from derive.notation.words import short

if TYPE_CHECKING:
    from derive.facts.suggestion import Candidate
    from derive.parse.budget import Budget

WEIGHTLESS = (
    "{source} has no weights to factor: suggestions need the file of a model, such as .onnx"
)


def count_facts(source: str, sizes: Sequence[str] = (), variant: str = "") -> ModelFacts:
    """A model in numbers.

    Raises InputError, in one line, for a source that is no model.

    >>> count_facts("vgg-16").totals.macs
    15470264320
    """
    found = read_source(source, sizes, variant)
    if isinstance(found, Named):
        from derive.facts.network import network_facts

        return network_facts(found.entry, found.variant, found.size)
    return model_facts(found)


def suggested(
    source: str,
    sizes: Sequence[str] = (),
    variant: str = "",
    budget: "Budget | None" = None,
    started: Callable[[str], None] = lambda name: None,
) -> "tuple[ModelFacts, tuple[Candidate, ...]]":
    """A model in numbers with what factorizations would change in it, and its layers with their
    designs; ``started`` is called with the name of each layer.

    Raises InputError, in one line, for a source that is no model or has no weights, and for a
    budget that no plan is within.
    """
    from derive.facts.suggestion import candidates, suggestions

    model = read_source(source, sizes, variant, weights=True)
    if isinstance(model, Named) or all(one.weights is None for one in model.layers):
        raise InputError(WEIGHTLESS.format(source=short(source)))
    found = candidates(model, started)
    facts = replace(model_facts(model), suggestions=suggestions(found, budget))
    return facts, found
