"""What each sort of layer takes of the MACs and of the parameters of a model."""

from fractions import Fraction

from derive.facts.model import ModelFacts

SORTS = ("standard", "asymmetric", "pointwise", "depthwise", "grouped", "transposed", "linear")


def sort_shares(facts: ModelFacts) -> list[tuple[str, Fraction, Fraction]]:
    """Shares of the MACs and of the parameters by sort of layer, in one order for all models.

    >>> from derive.facts.count import count_facts
    >>> [sort for sort, _, _ in sort_shares(count_facts("vgg-16"))]
    ['standard', 'linear']
    """
    found = []
    for sort in SORTS:
        layers = [one for one in facts.layers if one.sort == sort]
        if layers:
            macs = Fraction(sum(one.macs for one in layers), facts.totals.macs)
            weights = Fraction(sum(one.parameters for one in layers), facts.totals.parameters)
            found.append((sort, macs, weights))
    return found
