"""One word for equality: it picks how two sides are compared, and says so."""

import pytest
from sympy import Function, IndexedBase, Matrix, Sum, Symbol

from derive.algebra.contraction import contraction, filled
from derive.algebra.inclusion import inclusion
from derive.algebra.kernel import Kernel
from derive.families import (
    asymmetric,
    asymmetric_horizontal_first,
    blueprint_separable,
    cp,
    depthwise_asymmetric_separable,
    depthwise_separable,
    flattened,
    tensor_train,
    tucker_2,
)
from derive.notation.letters import C_in, C_out, i, k_h, l, m, n, o, over, P, Q, q, R, r, u, X
from derive.proof import divided
from derive.proof.claim import Claim
from derive.proof.designs import Kernels, LiesWithin
from derive.proof.divided import at_every_bond, Divided, slices_apart
from derive.proof.equality import Equal, Includes
from derive.proof.membership import Members
from derive.proof.status import Status
from derive.proof.theorem import step

A, B = map(IndexedBase, "AB")
U, V = (Symbol(name, commutative=False) for name in "UV")
PLAIN = depthwise_separable.family.without([l])

PICKED = {
    "symbolic identity": Equal((n + 1) ** 2, n**2 + 2 * n + 1),
    "normal form of nested sums": Equal(
        Sum(A[u], over(u)) * Sum(B[i], over(i)), Sum(A[u] * B[i], over(u), over(i))
    ),
    "product of blocks that do not commute": Equal(
        (Matrix([[U, 0]]), Matrix([[V], [U]])), Matrix([[U * V]])
    ),
    "product of blocks that do not commute, by rows": Equal(([[U, 0]], [[V], [U]]), [[U * V]]),
    "rank: 2": Equal({"rank": (2, 2)}),
    "normal form of nested sums: one, other": Equal(
        {"one": Sum(A[u], over(u)), "other": Sum(A[i], over(i, k_h))}
    ),
}
WRONG = [
    Equal((n + 1) ** 2, n**2 + 1),
    Equal(Sum(A[u], over(u)), Sum(A[u], over(u, n))),
    Equal((Matrix([[U, 0]]), Matrix([[V], [U]])), Matrix([[V * U]])),
    Equal({"rank": (2, 2), "other": (1, 2)}),
    Equal({"one": Sum(A[u], over(u)), "other": Sum(B[u], over(u))}),
    Equal(Matrix([[U * V]]), Matrix([[V * U]])),
    Equal(([[U, 0]], [[V], [U]]), [[V * U]]),
    Equal([[U * V], [V]], [[U * V], [U]]),
]
DEFINED = [
    Equal(n * n, n**2),
    Equal(Sum(A[u], over(u)), Sum(A[u], over(u))),
]


@pytest.mark.parametrize("ran", PICKED)
def test_how_two_sides_are_compared(ran):
    result = PICKED[ran].run(None)
    assert result.status in (Status.PROVED, Status.COMPUTED)
    assert result.ran == ran.removesuffix(", by rows")


@pytest.mark.parametrize("evidence", WRONG)
def test_sides_that_differ_are_refused(evidence):
    assert evidence.run(None).status == Status.FAILED


@pytest.mark.parametrize("evidence", DEFINED)
def test_sides_that_are_one_expression_say_so(evidence):
    assert evidence.run(None).ran.startswith("by definition")


def test_a_sum_inside_a_function_is_left_alone():
    f = Function("f")
    assert Equal(f(Sum(A[u], over(u))), f(Sum(A[i], over(i, k_h)))).kind == "identity"


INCLUDED = [
    (flattened.family, blueprint_separable.family, {}, {}),
    (flattened.family, cp.family, {}, {R: C_out}),
    (depthwise_asymmetric_separable.family, PLAIN, {}, {}),
    (depthwise_asymmetric_separable.family, cp.family, {}, {R: C_in}),
    (cp.family, asymmetric.family, {R: C_in}, {m: C_in}),
    (cp.family, asymmetric_horizontal_first.family, {}, {m: R}),
    (cp.family, tensor_train.family, {}, {P: R, Q: R}),
    (cp.family, tucker_2.family, {}, {P: R, Q: R}),
]


@pytest.mark.parametrize(("small", "large", "own", "sizes"), INCLUDED)
def test_weights_of_the_larger_design_are_found(small, large, own, sizes):
    assert Includes(small, large, own, sizes).run(None).status == Status.PROVED


@pytest.mark.parametrize(("small", "large", "own", "sizes"), INCLUDED)
def test_no_weights_are_found_the_other_way(small, large, own, sizes):
    assert inclusion(large, small, sizes, own) is None


def test_a_bond_of_another_size_is_no_name_of_a_letter():
    assert inclusion(flattened.family, cp.family, {}, {R: C_in}) is None
    assert Includes(flattened.family, cp.family, {}, {R: C_in}).run(None).status == Status.FAILED


def test_found_weights_are_weights_of_the_kernel_by_numbers():
    weights = inclusion(flattened.family, cp.family, {}, {R: C_out})
    sizes = {C_out: 2, C_in: 3}
    found = filled(cp.family, weights, {R: C_out}).subs(sizes)
    assert found.doit() == contraction(flattened.family)


def test_a_kernel_of_ones_where_letters_are_equal():
    gap = Kernel.ones("ou", "iv", o=2, i=3, u=2, v=3)
    direct = Kernel.by(lambda o, i, u, v: int(o == u and i == v), o=2, i=3, u=2, v=3)
    assert gap.entries == direct.entries
    assert Kernel.ones("uv", u=2, v=2).nested == [[[[1, 0], [0, 1]]]]


def test_a_letter_runs_over_its_size():
    assert over(o) == (o, 0, C_out - 1)
    assert Sum(X[i], over(i, n)).subs(n, 2).doit() == X[0] + X[1]


DIAGONAL = Kernel.ones("uv", u=2, v=2)
FLATTENED = Kernels("flattened", "F", flattened)
PAIRS = Kernels("pairs", "A", asymmetric, asymmetric_horizontal_first, m=R)


@pytest.mark.parametrize(
    ("inside", "outside", "width", "status"),
    [
        ([PAIRS], [FLATTENED], 2, Status.COMPUTED),
        ([PAIRS], [FLATTENED], 1, Status.FAILED),
        ([FLATTENED], [], 2, Status.FAILED),
        ([], [PAIRS], 2, Status.FAILED),
        ([], [], 2, Status.FAILED),
    ],
)
def test_membership_is_decided_by_ranks(inside, outside, width, status):
    assert Members(DIAGONAL, inside, outside, at={R: width}).run(None).status == status


def test_a_member_in_one_order_need_not_be_one_in_the_other():
    crossed = Kernel.ones("ov", o=2, v=2)
    found = [Members(crossed, [PAIRS], order=x, at={R: 1}).run(None).status for x in (0, 1)]
    assert found == [Status.COMPUTED, Status.FAILED]


def test_a_set_lies_within_a_larger_one_in_either_order():
    terms = Kernels("CP_R", "C", cp, R=R)
    wider = Kernels("CP_Q", "C", cp, R=Q)
    claim = Claim(wider, "=", terms, "⊂", PAIRS)
    assert LiesWithin(claim, link=1).says == (claim,)
    found = [LiesWithin(claim, link=1, order=order).run(None).status for order in (0, 1)]
    assert found == [Status.PROVED] * 2
    sets = [(PAIRS, terms), (wider, PAIRS), (terms, FLATTENED)]
    refused = [claim, Claim(terms, "=", PAIRS), *(Claim(x, "⊂", y) for x, y in sets)]
    assert {LiesWithin(one).run(None).status for one in refused} == {Status.FAILED}


@pytest.mark.parametrize(
    ("named", "status"),
    [
        ({"rank": (2, 2), "width": ([3], [3])}, Status.COMPUTED),
        ({"rank": (2, 2), "width": ([3], [4])}, Status.FAILED),
        ({"square": Equal(n * n, n**2)}, Status.PROVED),
        ({"square": Equal(n * n, n**2), "cube": Equal(n**2, n**3)}, Status.FAILED),
        ({}, Status.FAILED),
    ],
)
def test_a_step_takes_evidence_or_exact_values_by_name(named, status):
    assert step("So it is.", named).evidence.run(None).status == status


@pytest.mark.parametrize(
    ("near", "bond", "status"),
    [
        ((0,), (q,), Status.PROVED),
        ((0, 1), (r,), Status.PROVED),
        ((0, 1), (q,), Status.FAILED),
        ((0, 1), (), Status.FAILED),
        ((0, 2), (r,), Status.FAILED),
        ((0,), (q, r), Status.FAILED),
    ],
)
def test_a_train_falls_in_two_at_its_bonds_alone(near, bond, status):
    assert Divided(tensor_train.family, near, bond).run(None).status == status


def test_a_tree_is_divided_at_every_bond_and_says_which_trees():
    trees = {"train": tensor_train.family, "pair": asymmetric.family}
    found = at_every_bond(trees)
    assert [*found.of] == ["train at q", "train at r", "train at p", "pair at j"]
    assert found.designs == ("train", "pair")
    assert {one.run(None).status for one in found.of.values()} == {Status.PROVED}


def test_weights_that_two_slices_share_are_counted(monkeypatch):
    designs = {"apart": PLAIN, "without slices": asymmetric.family}
    name = "apart: weights in two slices at once"
    assert slices_apart(designs) == {name: (0, 0)}
    monkeypatch.setattr(divided, "shared_weights", lambda family: {A[i]})
    assert slices_apart(designs) == {name: (1, 0)}
    assert Equal(slices_apart(designs)).run(None).status == Status.FAILED
