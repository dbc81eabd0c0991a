"""What has become of a model whose layers were replaced, and how it compares with the old one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReplacedFacts:
    """A layer that is replaced: the design, and the relative error of the kernel that its factors,
    as they are stored, contract to."""

    name: str
    family: str
    relative_error: float


@dataclass(frozen=True)
class LeftFacts:
    """A layer of the plan that stays as it is, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class MeasuredFacts:
    """An old and a new model on one input of normally distributed numbers.

    ``difference`` is the largest of all outputs: the norm of new less old over the norm of old.
    The times are medians of some runs, in seconds, on this machine.
    """

    difference: float
    seconds_before: float
    seconds_after: float
    runs: int
    runtime: str


@dataclass(frozen=True)
class RewritingFacts:
    """A model that was written: its file, its layers that are replaced and that are left, its size
    in bytes and that of the old one, and both on random input."""

    file: str
    replaced: tuple[ReplacedFacts, ...]
    left: tuple[LeftFacts, ...]
    bytes: int
    bytes_before: int
    measured: MeasuredFacts
