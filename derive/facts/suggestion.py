"""What each factorization would change in a model, and a plan for all its layers within a budget.

The errors are those of the kernels, relative and in the Frobenius norm. Within an error every layer
is replaced by its cheapest design within it: no plan within that error is cheaper. Within a cost
the error is the smallest at which that plan is cheap enough, by bisection: every plan as cheap has
a layer with that error or more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from derive.facts.design import DesignFacts
from derive.facts.designs import Front, own_cost, Weights
from derive.facts.plan import PlanFacts, ReplacementFacts, SuggestionFacts, SuggestionsFacts
from derive.models.model import Kind, Model, ModelLayer
from derive.notation.axis import Axis
from derive.notation.errors import InputError
from derive.notation.layer import Layer
from derive.parse.budget import Budget, Cost, SHARE

NO_WEIGHTS = "the model does not hold its weights as they are used"
QUANTIZED = "its weights are integers: factor the model before it is quantized"
NOT_FINITE = "its weights are not all finite numbers"
NO_DESIGN = "no factorization of the book costs less on a layer of these sizes"
Name = Callable[[str], None]


@dataclass(frozen=True)
class Candidate:
    """A layer of a model with its designs; none, with a reason, where it cannot be factored."""

    layer: ModelLayer
    front: Front | None
    reason: str | None = None

    @property
    def batch(self) -> int:
        """How many samples the layer is applied to."""
        return self.layer.batch

    @property
    def macs(self) -> int:
        """MACs of the layer as it is, of all samples."""
        return self.batch * own_cost(self.layer.layer)[1]

    def cheapest(self, error: float) -> int | None:
        """The place of the cheapest design within an error; None for the layer as it is."""
        if self.front is None:
            return None
        place = self.front.within_error(error)
        return place if self.front.designs[place] else None

    def cost(self, place: int | None) -> int:
        """MACs at a place, of all samples."""
        if self.front is None or place is None:
            return self.macs
        return self.batch * int(self.front.macs[place])


def candidates(model: Model, started: Name = lambda name: None) -> tuple[Candidate, ...]:
    """The layers of a model with their designs, by the singular values of each kernel; ``started``
    is called with the name of each."""
    found = []
    for layer in model.layers:
        started(layer.name)
        found.append(_candidate(layer))
    return tuple(found)


def _candidate(layer: ModelLayer) -> Candidate:
    import numpy as np

    if layer.weights is None:
        return Candidate(layer, None, NO_WEIGHTS)
    if layer.weights.dtype.kind not in "fV":
        return Candidate(layer, None, QUANTIZED)
    kernel = np.asarray(layer.weights, dtype=np.float64)
    if not np.isfinite(kernel).all():
        return Candidate(layer, None, NOT_FINITE)
    asked = as_convolution(layer)
    if layer.kind is Kind.LINEAR:
        kernel = kernel[..., None]
    front = Front.of(Weights(kernel, asked.groups), asked)
    reason = None if len(front.designs) > 1 else NO_DESIGN
    return Candidate(layer, front, reason)


def as_convolution(layer: ModelLayer) -> Layer:
    """The layer on which families are written down: a linear layer is a 1 × 1 convolution."""
    if layer.kind is not Kind.LINEAR:
        return layer.layer
    return replace(layer.layer, axes=(*layer.layer.axes, Axis(1, 1)))


def suggestions(
    found: Sequence[Candidate], budget: Budget | None = None, share: Fraction | None = None
) -> SuggestionsFacts:
    """What is suggested for each layer, and the plan of a budget.

    Args:
        found: the layers with their designs.
        budget: the largest relative error of a layer, or the largest cost of all: a share of the
            MACs of the model, or MACs.
        share: of the MACs of a layer, for its smallest error within it; that of the budget, unless
            given.

    Raises InputError, one line, for a cost that no plan is within, or in parameters.
    """
    budget = budget or Budget()
    if share is None and budget.cost is not None and budget.cost.unit == SHARE:
        share = budget.cost.amount
    layers = tuple(_suggestion(one, share) for one in found)
    planned = budget.error is not None or budget.cost is not None
    return SuggestionsFacts(share, layers, plan(found, budget) if planned else None)


def _suggestion(one: Candidate, share: Fraction | None) -> SuggestionFacts:
    parameters, macs = own_cost(one.layer.layer)
    name, front = one.layer.name, one.front
    if front is None or one.reason:
        return SuggestionFacts(name, parameters, macs, reason=one.reason)
    return SuggestionFacts(
        name,
        parameters,
        macs,
        break_even=front.design(len(front.designs) - 2),
        half_cost=_design(front, front.within_macs(Fraction(macs, 2))),
        within_cost=None if share is None else _design(front, front.within_macs(macs * share)),
    )


def _design(front: Front, place: int | None) -> DesignFacts | None:
    return None if place is None else front.design(place)


def plan(found: Sequence[Candidate], budget: Budget) -> PlanFacts:
    """The plan of a budget; InputError for a cost that no plan is within, or in parameters."""
    places = chosen(found, budget)
    named = [
        (one, design)
        for one, place in places
        if one.front and (design := one.front.design(place)) is not None
    ]
    before = sum(own_cost(one.layer.layer)[0] for one in found)
    saved = sum(own_cost(one.layer.layer)[0] - design.point.parameters for one, design in named)
    total = sum(one.macs for one in found)
    spared = sum(one.macs - one.cost(place) for one, place in places)
    return PlanFacts(
        budget=_words(budget),
        replaced=tuple(ReplacementFacts(one.layer.name, design) for one, design in named),
        largest_error=max((design.point.relative_error for _, design in named), default=0.0),
        parameters=before - saved,
        parameters_before=before,
        macs=total - spared,
        macs_before=total,
    )


def chosen(found: Sequence[Candidate], budget: Budget) -> list[tuple[Candidate, int]]:
    """The layers that a budget replaces, each with the place of its design on the front.

    Raises InputError, one line, for a cost that no plan is within, or in parameters.
    """
    error = float(budget.error) if budget.error is not None else _smallest_error(found, budget)
    places = ((one, one.cheapest(error)) for one in found)
    return [(one, place) for one, place in places if place is not None]


def _words(budget: Budget) -> str:
    if budget.error is not None:
        return f"error {float(budget.error):g}"
    assert budget.cost is not None
    return f"cost {_cost_words(budget.cost)}"


def _cost_words(cost: Cost) -> str:
    return f"{float(cost.amount):g} of the MACs" if cost.unit == SHARE else cost.words


def _smallest_error(found: Sequence[Candidate], budget: Budget) -> float:
    """The smallest error of the worst layer at which a plan is within a cost."""
    assert budget.cost is not None
    total = sum(one.macs for one in found)
    limit = _limit(budget.cost, total)
    errors = sorted({x for one in found if one.front for x in one.front.errors.tolist()} | {0.0})
    low, high = 0, len(errors)
    while low < high:
        middle = (low + high) // 2
        if _cost(found, errors[middle]) <= limit:
            high = middle
        else:
            low = middle + 1
    if low == len(errors):
        least = _cost(found, errors[-1])
        raise InputError(
            f"no plan has at most {_cost_words(budget.cost)}: the cheapest designs of all layers"
            f" have {least:,} of {total:,} MACs, {least / total:.3g} of them"
        )
    return errors[low]


def _limit(cost: Cost, total: int) -> Fraction:
    if cost.unit == "parameters":
        raise InputError(
            "a plan for a model is within a cost in MACs: write a share such as 0.7, or 40000macs"
        )
    return cost.amount * total if cost.unit == SHARE else cost.amount


def _cost(found: Sequence[Candidate], error: float) -> int:
    return sum(one.cost(one.cheapest(error)) for one in found)
