"""What other theorems say of two designs comes out of the min cut: T3, T18 and A1."""

from itertools import product

from sympy import Integer, Min

from derive.catalogue import FAMILIES
from derive.comparison import Choices
from derive.facts.relation import relation_facts
from derive.families import (
    asymmetric,
    asymmetric_horizontal_first,
    depthwise_separable,
    standard,
)
from derive.notation.letters import C_in, C_out, k_h, k_w, l, m, size
from derive.parse.layer import read_layer
from derive.proof.status import Status
from derive.relations.relation import included
from derive.theorems import asymmetric_rank, intersections, order_gap
from tests.proofs import verdict

SIZES = (1, 2, 3, 5)


def bound(small, large):
    """The min cut at the one cut of the larger design."""
    (one,) = included(small, large).compared
    return one.cut.bound


def everywhere(found, stated):
    """Equal at every size of a grid, with a width of 1 to 3."""
    symbols = (C_out, C_in, k_h, k_w, m)
    for sizes in product(SIZES, SIZES, SIZES, SIZES, (1, 3)):
        values = {x: Integer(n) for x, n in zip(symbols, sizes, strict=True)}
        assert found.xreplace(values) == stated.xreplace(values), sizes


def test_full_width_is_that_of_t3():
    sides = dict([asymmetric_rank.columns.sides, asymmetric_rank.rows.sides])
    everywhere(bound(standard.family, asymmetric.family), asymmetric_rank.full.expr.xreplace(sides))


def test_depthwise_separable_in_a_pair_is_that_of_t18():
    plain = depthwise_separable.family.without([l])
    everywhere(bound(plain, asymmetric.family), intersections.containing.expr)
    across = asymmetric_horizontal_first.family
    everywhere(bound(plain, across), intersections.containing_across.expr)


def test_a_generic_one_with_as_many_outputs_needs_the_width_of_t18():
    plain = depthwise_separable.family.without([l])
    found = bound(plain, asymmetric.family)
    for sizes in product(SIZES, SIZES, SIZES, SIZES):
        values = dict(zip((C_out, C_in, k_h, k_w), map(Integer, sizes), strict=True))
        if values[C_out] >= values[C_in]:
            assert found.xreplace(values) == intersections.generic.expr.xreplace(values)


def test_the_gap_of_the_orders_is_that_of_a1():
    found = bound(asymmetric_horizontal_first.family, asymmetric.family)
    rank = order_gap.hf
    gap = order_gap.bound.expr.xreplace({rank: m})
    everywhere(found, Min(gap, C_out * k_w, C_in * k_h))
    assert str(size("m'")) in {
        str(x)
        for x in included(
            asymmetric_horizontal_first.family, asymmetric.family
        ).necessary.free_symbols
    }


def test_answers_claim_no_more_than_t21_is():
    """What the min cuts make enough is proved, that they are needed is checked on a grid."""
    order = verdict("order")
    assert {one.status for one in order.steps} <= {Status.PROVED, Status.COMPUTED}
    assert {one.status for one in order.checks} == {Status.CHECKED}
    found = relation_facts(FAMILIES["standard"], FAMILIES["asymmetric"])
    assert found.one_in_other.status == Status.CHECKED
    assert found.other_in_one.status == Status.PROVED
    layer = read_layer(channels_in=2, channels_out=2)
    unknown = relation_facts(FAMILIES["standard"], FAMILIES["cp"], layer, Choices(ranks=(8,)))
    assert unknown.one_in_other.verdict is None
    assert unknown.one_in_other.status == Status.NOT_CONFIRMED
