"""A design of a kernel in numbers: the family and its size, the error, and what it costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Annotated

from sympy import Symbol

from derive.facts.record import WITHIN

Sizes = Mapping[Symbol, int]


class Guarantee(StrEnum):
    """What the errors of a curve are."""

    LEAST = "least"
    AT_MOST = "at most"


@dataclass(frozen=True)
class CostShares:
    """Costs over those of the standard convolution."""

    parameters: Fraction
    macs: Fraction


@dataclass(frozen=True)
class PointFacts:
    """Relative error and cost of a family at one of its sizes."""

    setting: Sizes
    relative_error: float
    parameters: int
    macs: int
    ratio: CostShares


@dataclass(frozen=True)
class DesignFacts:
    """A family at one of its sizes, with its error and cost; ``error`` says what the error is."""

    family: str
    error: Guarantee
    point: Annotated[PointFacts, WITHIN]
