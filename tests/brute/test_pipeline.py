"""Pipelines and the built expressions against the definition of the convolution (T1)."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import IndexedBase, Integer

from derive import oracle
from derive.catalogue import FAMILIES
from derive.notation.axis import Axis, Transposed
from derive.notation.convolution import compose, stages
from derive.notation.family import Family
from derive.notation.layer import Layer
from derive.notation.letters import i, j, o, u, v
from tests.literal import program
from tests.oracle import Run
from tests.strategies import layers_of, seeds, WIDTHS, widths


def check_pipeline(design, layer, given, seed=0):
    run = Run(design.line, layer, given, seed)
    assert run.output == run.convolved().output


@given(data=st.data(), given=widths(), seed=seeds)
def test_a_pipeline_is_the_convolution_with_its_contraction(design, data, given, seed):
    check_pipeline(design, data.draw(layers_of(design)), given, seed)


# size, kernel, stride, dilation, p-, p+: small enough to evaluate SymPy expressions one by one
TINY = ((3, 3, 2, 1, 1, 2), (2, 1, 1, 2, 1, 0), (1, 3, 1, 2, 2, 3))
PAIR = dict.fromkeys(WIDTHS, 2)


def tiny_layers(design):
    """One layer per rotation of the three axes, unlike along every direction."""
    kinds = [Axis(*numbers) for numbers in TINY]
    return [
        Layer(2, 2, tuple((kinds[turn:] + kinds[:turn])[: len(design.taps)])) for turn in range(3)
    ]


def tiny_transposed(design):
    kinds = [Transposed(2, 3, 2, 1, 1, 0, 1), Transposed(1, 3, 3, 2, 0, 2), Transposed(2, 1)]
    return [
        Layer(2, 2, tuple((kinds[turn:] + kinds[:turn])[: len(design.taps)])) for turn in range(3)
    ]


def built(family, run, factors, directions, transposed):
    """The composed expression of one branch, evaluated at every output."""
    values = {symbol: Integer(value) for symbol, value in run.values.items()}
    expr = compose(stages(family, directions, transposed=transposed)).xreplace(values)
    pixels = [d.pixel for d in directions]
    names = [*family.outputs, *pixels]
    pairs = zip(family.factors, factors, strict=True)
    tensors = {"X": run.image} | {str(f.base): entries for f, (_, entries) in pairs}
    value = program(expr, tensors)
    return {at: value(dict(zip(names, at, strict=True))) for at in run.output}


def check_built(design, layer, seed=0):
    run = Run(design.line, layer, PAIR, seed)
    rows = zip(run.families, run.factors, run.branches, strict=True)
    for family, factors, branch in rows:
        output = built(family, run, factors, design.directions, layer.transposed)
        assert output == branch.output, (family, layer)
    assert run.output == (run.scattered() if layer.transposed else run.convolved()).output


@pytest.mark.parametrize("turn", range(3))
def test_the_built_expression_is_the_convolution(design, turn):
    check_built(design, tiny_layers(design)[turn])


@pytest.mark.parametrize("turn", range(3))
def test_the_built_transposed_expression_scatters(design, turn):
    check_built(design, tiny_transposed(design)[turn])


ORDERED = [
    (entry, order)
    for entry in FAMILIES.values()
    for _, family in entry.family.branches
    for order in permutations(family.factors)
    if order != family.factors
]


def reordered(entry, order):
    """The branch of the family that has these factors, with the factors in this order."""
    family = next(f for _, f in entry.family.branches if set(f.factors) == set(order))
    return Family(*order, inputs=family.inputs, outputs=family.outputs, sizes=family.sizes), family


@pytest.mark.parametrize(
    ("entry", "order"), ORDERED, ids=[f"{e.name}-{'-'.join(map(str, o))}" for e, o in ORDERED]
)
def test_any_order_of_the_factors_gives_the_same_output(entry, order):
    other, family = reordered(entry, order)
    layer = Layer(2, 2, tuple(Axis(*numbers) for numbers in TINY[: len(entry.directions)]))
    one, two = Run(family, layer, PAIR), Run(other, layer, PAIR)
    assert one.output == two.output == one.convolved().output


def carries(family, count):
    """Whether an order carries a letter along: at stride 1 and same size a stage that carries
    nothing multiplies every weight once per pixel."""
    layer = Layer(4, 4, (Axis(2, 3, before=1, after=1),) * count, groups=2)
    run = Run(family, layer, PAIR)
    return run.total.multiplications != run.weights * 2**count


def test_the_order_of_the_book_wastes_nothing(entry):
    for _, family in entry.family.branches:
        assert not family.waste
        assert not carries(family, len(entry.directions))


@pytest.mark.parametrize(
    ("entry", "order"), ORDERED, ids=[f"{e.name}-{'-'.join(map(str, o))}" for e, o in ORDERED]
)
def test_wasteful_orders_are_reported(entry, order):
    other, _ = reordered(entry, order)
    assert bool(other.waste) == carries(other, len(entry.directions))


def test_some_orders_are_wasteful_and_some_are_not():
    found = [bool(reordered(entry, order)[0].waste) for entry, order in ORDERED]
    assert any(found)
    assert not all(found)


def test_waste_names_the_factor_and_the_letters_it_carries():
    A, B = map(IndexedBase, "AB")
    assert Family(B[o, j, v], A[j, i, u]).waste == ((B[o, j, v], (i,)), (A[j, i, u], (o,)))
    assert Family(A[j, i, u], B[o, j, v]).waste == ()


def test_one_factor_per_tap_is_needed():
    """T1: with u in two factors, ones(2), the contraction is (1, 1) but the pipeline (1, 2, 1)."""
    ones, axis = {(0,): 1, (1,): 1}, oracle.Axis(5, 2)
    image = {(a,): 0 for a in range(5)} | {(2,): 1}
    twice = oracle.pipeline([("u", ones)], image, "", "", {}, {"u": axis})
    again = oracle.pipeline([("u", ones)], twice.output, "", "", {}, {"u": oracle.Axis(4, 2)})
    assert list(twice.output.values()) == [0, 1, 1, 0]
    assert list(again.output.values()) == [1, 2, 1]
    with pytest.raises(ValueError, match="each tap needs one factor"):
        oracle.pipeline([("u", ones), ("u", ones)], image, "", "", {}, {"u": axis})
