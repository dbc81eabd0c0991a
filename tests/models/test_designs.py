"""Every design of a layer's weights: errors as on the exact road, and plans by brute force."""

from itertools import product

import numpy as np
import pytest

from derive.catalogue import FAMILIES
from derive.comparison import Choices
from derive.facts.curve import curve
from derive.facts.designs import Front, options, own_cost, Weights
from derive.facts.question import Question
from derive.facts.suggestion import candidates, plan, suggestions
from derive.models.model import Kind, Model, ModelLayer
from derive.notation.axis import Axis
from derive.notation.errors import InputError
from derive.notation.layer import Layer
from derive.parse.budget import read_budget
from derive.parse.kernel import read_kernel
from derive.parse.layout import Known
from tests.models.made import kernel_of, KINDS, layer_of, layer_taps

FITTING = [
    (kind, name)
    for kind in KINDS
    for name in FAMILIES
    if options(FAMILIES[name], layer_of(**KINDS[kind]))
]


def drawn(kind, seed=0):
    layer = layer_of(**KINDS[kind])
    shape = (layer.channels_out, layer.channels_in // layer.groups, *layer_taps(layer))
    return layer, np.random.default_rng(seed).standard_normal(shape).round(2)


def read(kernel, layer):
    """What derive factor makes of weights: grouped ones in full, with zeros between the groups."""
    given = read_kernel(kernel, Known("pytorch", layer.groups, False, FAMILIES["standard"].family))
    return Question("", given.kernel, FAMILIES["standard"], layer, Choices(), given.floating)


@pytest.mark.parametrize(("kind", "name"), FITTING)
def test_errors_are_those_of_the_exact_road(kind, name):
    """derive factor encloses singular values by interval arithmetic, of the kernel in full."""
    from dataclasses import replace

    layer, kernel = drawn(kind)
    found = Weights(kernel, layer.groups).errors(options(FAMILIES[name], layer))
    exact = curve(replace(read(kernel, layer), entry=FAMILIES[name]))
    assert len(found) == len(exact.errors)
    assert np.allclose(found, exact.errors, rtol=0, atol=1e-7)


@pytest.mark.parametrize(("kind", "name"), FITTING)
def test_a_kernel_of_a_family_has_no_error_there(kind, name):
    """Kernels are contracted entry by entry in the test."""
    layer, random = layer_of(**KINDS[kind]), np.random.default_rng(1)
    asked = options(FAMILIES[name], layer)
    place = min(1, len(asked.path) - 1)
    kernel = kernel_of(name, layer, place, random)
    weights = Weights(kernel, layer.groups)
    assert weights.errors(asked)[place] < 1e-7
    factors = weights.factors(asked, place)
    assert weights.apart(asked, factors) < 1e-7
    sizes = [one.array.size for one in factors]
    assert sum(sizes) == asked.path.costs[place][0]


@pytest.mark.parametrize(("kind", "name"), FITTING)
def test_factors_are_as_near_as_promised(kind, name):
    layer, kernel = drawn(kind, seed=3)
    asked, weights = options(FAMILIES[name], layer), Weights(kernel, layer.groups)
    errors = weights.errors(asked)
    for place in {0, len(errors) // 2, len(errors) - 1}:
        apart = weights.apart(asked, weights.factors(asked, place))
        assert apart <= errors[place] + 1e-9
        if asked.guarantee.value == "least":
            assert apart >= errors[place] - 1e-9


@pytest.mark.parametrize("kind", KINDS)
def test_no_design_of_a_front_is_beaten(kind):
    layer, kernel = drawn(kind)
    front = Front.of(Weights(kernel, layer.groups), layer)
    assert (np.diff(front.macs) > 0).all()
    assert (np.diff(front.errors) < 0).all()
    assert front.macs[-1] == own_cost(layer)[1]
    assert front.errors[-1] == 0
    for name in FAMILIES:
        asked = options(FAMILIES[name], layer)
        if asked is None:
            continue
        for error, macs in zip(
            Weights(kernel, layer.groups).errors(asked), asked.path.costs[:, 1], strict=True
        ):
            place = front.within_macs(int(macs))
            assert error >= min(1, front.errors[place] if place is not None else 1)


def test_a_layer_of_zeros_costs_as_little_as_there_is():
    layer = layer_of(**KINDS["plain"])
    front = Front.of(Weights(np.zeros((8, 6, 3, 3))), layer)
    assert front.errors[0] == 0
    assert front.design(0).family == "depthwise" or front.macs[0] < own_cost(layer)[1]


def tiny():
    """A model of three layers, one of them linear and one without weights that are held."""
    random = np.random.default_rng(7)
    conv = Layer(2, 3, (Axis(6, 3, before=1, after=1),) * 2)
    return Model(
        "tiny",
        (
            ModelLayer("one", Kind.CONV, conv, weights=random.standard_normal((3, 2, 3, 3))),
            ModelLayer("two", Kind.CONV, conv, weights=random.standard_normal((3, 2, 3, 3)) ** 3),
            ModelLayer("held elsewhere", Kind.CONV, conv),
            ModelLayer(
                "head",
                Kind.LINEAR,
                Layer(9, 8, (Axis(5, 1),)),
                batch=2,
                weights=random.standard_normal((8, 9, 1)),
            ),
        ),
    )


def every_plan(found):
    """MACs and largest error of all combinations of designs."""
    sides = [
        [
            (one.batch * int(m), float(e))
            for m, e in zip(one.front.macs, one.front.errors, strict=True)
        ]
        if one.front
        else [(one.macs, 0.0)]
        for one in found
    ]
    for choice in product(*sides):
        yield sum(macs for macs, _ in choice), max(error for _, error in choice)


@pytest.mark.parametrize("cost", ["0.4", "0.7", "0.9", "1", "5000macs"])
def test_no_plan_within_a_cost_has_a_smaller_largest_error(cost):
    found = candidates(tiny())
    made = plan(found, read_budget("", cost))
    total = sum(one.macs for one in found)
    limit = 5000 if cost.endswith("macs") else float(cost) * total
    best = min(error for macs, error in every_plan(found) if macs <= limit)
    assert made.macs <= limit
    assert made.largest_error <= best
    assert made.macs_before == total == 3 * 36 * 54 + 2 * 5 * 72


@pytest.mark.parametrize("error", ["0", "0.1", "0.5", "0.8"])
def test_no_plan_within_an_error_is_cheaper(error):
    found = candidates(tiny())
    made = plan(found, read_budget(error, ""))
    assert made.largest_error <= float(error)
    assert made.macs == min(macs for macs, far in every_plan(found) if far <= float(error))


def test_suggestions_are_the_least_errors_at_their_costs():
    found = candidates(tiny())
    facts = suggestions(found, read_budget("", "0.6"))
    one, two, elsewhere, head = facts.layers
    assert elsewhere.reason == "the model does not hold its weights as they are used"
    assert elsewhere.break_even is None
    for each, candidate in ((one, found[0]), (two, found[1]), (head, found[3])):
        for design, share in ((each.break_even, 1), (each.half_cost, 0.5), (each.within_cost, 0.6)):
            rest = [
                e
                for m, e in zip(candidate.front.macs, candidate.front.errors, strict=True)
                if (m <= share * each.macs if share < 1 else m < each.macs)
            ]
            assert design.point.relative_error == min(rest)
            assert design.point.macs <= share * each.macs


def test_a_linear_layer_is_a_pair_of_matrices():
    """Its error is that of a truncated singular value decomposition of the matrix."""
    model = tiny()
    (head,) = (one for one in suggestions(candidates(model)).layers if one.name == "head")
    width = head.half_cost.point.setting
    (size,) = width.values()
    values = np.linalg.svd(model.layer("head").weights[:, :, 0], compute_uv=False)
    left = np.sqrt((values[size:] ** 2).sum() / (values**2).sum())
    assert np.isclose(head.half_cost.point.relative_error, left)
    assert head.half_cost.point.parameters == size * (9 + 8)


def test_a_cost_that_nothing_reaches_is_refused():
    with pytest.raises(InputError, match=r"no plan has at most 0\.01 of the MACs"):
        plan(candidates(tiny()), read_budget("", "0.01"))
    with pytest.raises(InputError, match="within a cost in MACs"):
        plan(candidates(tiny()), read_budget("", "100 parameters"))


def test_weights_that_are_no_numbers_are_named():
    kernel = np.full((3, 2, 3, 3), np.nan)
    conv = Layer(2, 3, (Axis(6, 3),) * 2)
    (one,) = suggestions(
        candidates(Model("m", (ModelLayer("one", Kind.CONV, conv, weights=kernel),)))
    ).layers
    assert one.reason == "its weights are not all finite numbers"
