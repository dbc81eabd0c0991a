"""All families next to each other for one kernel: the least error that a cost can buy."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.catalogue import FAMILIES
from derive.comparison import Choices, REASONS
from derive.decide.spectrum import Known
from derive.facts.choice import relative_error
from derive.facts.curve import Curve, curve
from derive.facts.design import DesignFacts, Guarantee
from derive.facts.question import Question
from derive.notation.errors import InputError
from derive.notation.letters import g

SEARCHED = "its errors take a search: --as {name} with --cost or --error"


@dataclass(frozen=True)
class LeftOutFacts:
    """A family whose error is not known for this kernel, and why."""

    family: str
    reason: str


@dataclass(frozen=True)
class ParetoFacts:
    """For one kernel: every design that no other beats in both error and MACs, cheapest first;
    each family at the largest size within half the cost of the standard layer; those left out.
    """

    front: tuple[DesignFacts, ...]
    half_cost: tuple[DesignFacts, ...]
    left_out: tuple[LeftOutFacts, ...]


def pareto(question: Question, known: Known | None = None) -> ParetoFacts:
    """The families that fit a kernel, by one singular value decomposition of each unfolding.

    >>> from derive.algebra.kernel import Kernel
    >>> from derive.parse.layer import read_layer_of
    >>> cross = Kernel.of([[[[0, 1, 0], [1, -4, 1], [0, 1, 0]]]])
    >>> layer = read_layer_of(cross.extents)
    >>> found = pareto(Question("cross", cross, FAMILIES["asymmetric"], layer, Choices()))
    >>> [(one.family, one.point.macs) for one in found.front]
    [('pointwise', 16384), ('asymmetric', 98304), ('standard', 147456)]
    """
    known = {} if known is None else known
    designs: list[DesignFacts] = []
    halves: list[DesignFacts] = []
    left_out: list[LeftOutFacts] = []
    for name, entry in FAMILIES.items():
        if g in entry.family.inputs and question.layer.groups == 1:
            left_out.append(LeftOutFacts(name, REASONS["grouped"]))
            continue
        asked = replace(question, entry=entry, choices=Choices(), sizes=(), near=False)
        try:
            found = _curve(asked, known)
        except InputError as error:
            left_out.append(LeftOutFacts(name, str(error).partition(";")[0]))
            continue
        if found is None:
            left_out.append(LeftOutFacts(name, SEARCHED.format(name=name)))
            continue
        points = [found.path.point(n, error) for n, error in enumerate(found.errors)]
        designs += [DesignFacts(name, found.guarantee, point) for point in points]
        if half := found.facts.half_cost:
            halves.append(DesignFacts(name, found.guarantee, half))
    by_error = sorted(halves, key=lambda one: one.point.relative_error)
    return ParetoFacts(tuple(_front(designs)), tuple(by_error), tuple(left_out))


def _curve(asked: Question, known: Known) -> Curve | None:
    """The errors at all sizes; of a family without sizes, where they are no least errors, that of
    the factors that are found."""
    found = curve(asked, known)
    if found and found.guarantee is Guarantee.AT_MOST and not found.path.free:
        return replace(found, errors=(relative_error(asked),))
    return found


def _front(designs: list[DesignFacts]) -> Iterator[DesignFacts]:
    """Designs that no other one beats, cheapest first: with every one the error falls."""
    least = 1.0
    for one in sorted(designs, key=_price):
        if one.point.relative_error < least:
            least = one.point.relative_error
            yield one


def _price(one: DesignFacts) -> tuple[int, float]:
    return one.point.macs, one.point.relative_error
