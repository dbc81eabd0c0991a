"""What factorizations would change in a model, and the plan of a budget, as records."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from derive.facts.design import DesignFacts
from derive.facts.record import WITHIN

CAVEAT = (
    "The error of a layer says how far its kernel moves. What the model loses in accuracy is not"
    " known without data, and fine-tuning usually wins some of it back: measure both."
)


@dataclass(frozen=True)
class SuggestionFacts:
    """For one layer, among all factorizations that cost less MACs than it does: the smallest error,
    the smallest at half the MACs or less, and the smallest within a share of them.

    A design is null where none is as cheap; ``reason`` says why a layer has none at all.
    """

    name: str
    parameters: int
    macs: int
    break_even: DesignFacts | None = None
    half_cost: DesignFacts | None = None
    within_cost: DesignFacts | None = None
    reason: str | None = None


@dataclass(frozen=True)
class ReplacementFacts:
    """A layer of a plan and the design that takes its place."""

    name: str
    design: Annotated[DesignFacts, WITHIN]


@dataclass(frozen=True)
class PlanFacts:
    """The layers that a budget replaces, with parameters and MACs of all layers before and after.

    ``budget`` is the cost or the error that was asked for, ``largest_error`` that of the worst
    layer; biases are not counted, which stay as they are.
    """

    budget: str
    replaced: tuple[ReplacementFacts, ...]
    largest_error: float
    parameters: int
    parameters_before: int
    macs: int
    macs_before: int
    caveat: str = CAVEAT


@dataclass(frozen=True)
class SuggestionsFacts:
    """What factorizations would change in the layers of a model, and the plan of a budget;
    ``share`` is that of the MACs of a layer within which its smallest error is looked for."""

    share: Fraction | None
    layers: tuple[SuggestionFacts, ...]
    plan: PlanFacts | None
