"""What a family costs at a setting on the layer of a kernel, set against the standard layer."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sympy import Symbol

from derive.catalogue import FAMILIES
from derive.comparison import Row
from derive.facts.design import CostShares
from derive.facts.question import Question


@dataclass(frozen=True)
class Savings:
    """Whether costs are less than those of the standard convolution."""

    parameters: bool
    macs: bool


@dataclass(frozen=True)
class WidthCost:
    """What a family costs at a setting."""

    parameters: int
    macs: int
    ratio: CostShares
    saves: Savings


def width_cost(question: Question, setting: Mapping[Symbol, int]) -> WidthCost:
    """The cost of the family of a question at a setting.

    InputError if the family has no form on the axes of the kernel.
    """
    layer, standard = question.layer, FAMILIES["standard"]
    full = standard.family.on(layer.taps)
    assert full is not None
    row = Row(question.entry, question.line, layer, tuple(setting.items()))
    dense = Row(standard, full, layer, ())
    parameters, macs = (row.number(name) for name in ("parameters", "macs"))
    shares = [Fraction(row.number(x), dense.number(x)) for x in ("parameters", "macs")]
    saves = Savings(*(share < 1 for share in shares))
    return WidthCost(parameters, macs, CostShares(*shares), saves)
