"""Factors in numbers: exact ones, and those in floating point of a kernel near the one given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from derive.facts.record import As, printed, WITHIN


@dataclass(frozen=True)
class TensorFacts:
    """A kernel or a factor: letters of one character, how far each runs, the last one fastest."""

    letters: str
    extents: tuple[int, ...]
    entries: Annotated[Sequence[int | Fraction], printed(entries=As.EXACT)]


@dataclass(frozen=True)
class FactorFacts:
    """A factor under the name that it has in the line."""

    name: str
    tensor: Annotated[TensorFacts, WITHIN]


@dataclass(frozen=True)
class ArrayFacts:
    """A factor in floating point: letters of the line, how far each runs, the last one fastest."""

    name: str
    letters: str
    extents: tuple[int, ...]
    entries: tuple[float, ...]


@dataclass(frozen=True)
class FactorsFacts:
    """Factors and how they contract to the kernel, in the schema derive/factors/1."""

    schema: str
    einsum: str
    sizes: Mapping[str, int]
    factors: tuple[FactorFacts, ...]


@dataclass(frozen=True)
class NearFactorsFacts:
    """Factors of a kernel near the one that was given, in the schema derive/nearest-factors/1."""

    schema: str
    einsum: str
    sizes: Mapping[str, int]
    setting: Mapping[str, int]
    relative_error: float
    precision: str
    factors: tuple[ArrayFacts, ...]
