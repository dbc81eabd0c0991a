"""Statements that once lost a condition, with the smallest object that the condition leaves out."""

import numpy
import pytest

from derive import oracle
from derive.algebra.exactness import Exactness
from derive.algebra.jacobian import stacked_products
from derive.catalogue import FAMILIES
from derive.notation.letters import sized
from derive.proof.library import THEOREMS
from derive.proof.run import Session
from derive.render.statement import statement
from derive.theorems.intersections import containing

LABELS = {
    "break-even": "one tap on the image",
    "composition": "one channel",
}


@pytest.fixture(scope="module")
def session():
    return Session()


@pytest.mark.parametrize(("theorem", "label"), LABELS.items())
def test_the_condition_is_a_hypothesis_with_its_counterexample(session, theorem, label):
    assert label in [one.label for one in THEOREMS[theorem].hypotheses]
    assert label in [one.drops for one in session.verdict(theorem).sharpness]


def test_an_output_may_be_written_though_no_tap_meets_the_image():
    axis = oracle.Axis(1, 2, dilation=2, before=1, after=1)
    places = [axis.at(y, u) for y in range(axis.outputs) for u in range(axis.kernel)]
    assert axis.outputs == 1
    assert not any(0 <= place < axis.size for place in places)


def test_layers_of_two_channels_have_fewer_degrees_of_freedom_than_weights_less_one(session):
    """The rank of the derivative at random weights modulo a prime, worked out by NumPy here."""
    prime, random = 10_007, numpy.random.default_rng(13)
    weights = {
        name: int(random.integers(1, prime))
        for _, pair in stacked_products(3, 3, 3, 3, channels=2)
        for name in pair
    }
    rows, columns = {}, {name: at for at, name in enumerate(weights)}
    for entry, (a, b) in stacked_products(3, 3, 3, 3, channels=2):
        row = rows.setdefault(entry, [0] * len(columns))
        row[columns[a]] += weights[b]
        row[columns[b]] += weights[a]
    matrix, rank = numpy.array(list(rows.values())) % prime, 0
    for column in range(matrix.shape[1]):
        pivots = numpy.flatnonzero(matrix[rank:, column]) + rank
        if not len(pivots):
            continue
        matrix[[rank, pivots[0]]] = matrix[[pivots[0], rank]]
        matrix[rank] = matrix[rank] * pow(int(matrix[rank, column]), -1, prime) % prime
        below = matrix[rank + 1 :, column : column + 1]
        matrix[rank + 1 :] = (matrix[rank + 1 :] - below * matrix[rank]) % prime
        rank += 1
    assert (rank, len(rows), len(columns) - 1) == (68, 100, 71)
    (found,) = [
        one for one in session.verdict("composition").sharpness if one.drops == "one channel"
    ]
    assert found.evidence.values == {"dimension": 68, "weights less one": 71}
    assert len(stacked_products(3, 3, 3, 3)) == 3**4


@pytest.mark.parametrize("sizes", [(1, 2, 2, 2), (2, 2, 2, 2), (3, 2, 2, 3), (2, 3, 3, 1)])
def test_from_some_width_on_a_pair_contains_every_depthwise_separable_layer(sizes):
    """T18 and lesson 5 said of all sizes that neither contains the other."""
    out, into, tall, wide = sizes
    random = numpy.random.default_rng(18)
    mix, filters = random.normal(size=(out, into)), random.normal(size=(into, tall, wide))
    K = numpy.einsum("oi,iuv->oviu", mix, filters).reshape(out * wide, into * tall)
    width = containing.expr.xreplace(sized(C_out=out, C_in=into, k_h=tall, k_w=wide))
    assert numpy.linalg.matrix_rank(K) == width == min(out * wide, into * min(tall, wide))


def test_neither_contains_the_other_is_said_with_sizes():
    (said,) = [p for p in statement(THEOREMS["intersections"]) if "neither contains the other" in p]
    assert "at all sizes, but at some sizes one does" in said


def test_a_radial_kernel_of_one_pixel_is_a_gaussian_too():
    (said,) = [p for p in statement(THEOREMS["gaussian-radial"]) if "c q^{x^{2} + y^{2}}" in p]
    assert r"\(1 \times 1\)" in said
    assert "Only at" not in said


@pytest.mark.parametrize("name", FAMILIES)
def test_where_ranks_do_not_decide_they_do_at_bonds_of_one(name):
    """The pages of CP said that no rank of a matrix decides, at R = 1 as well."""
    exactness = Exactness(FAMILIES[name].family)
    narrow = exactness.narrow
    assert (narrow is not None) == (name in {"cp", "cp-joint"})
    if narrow:
        assert narrow.decided
        assert "outer product" in narrow.words


def test_an_effnet_block_is_no_alias_of_a_layer_that_begins_depthwise():
    """It begins with a 1 × 1 and ends with a strided 2 × 1."""
    for entry in FAMILIES.values():
        assert not [alias for alias in entry.aliases if "EffNet" in alias], entry.name


@pytest.mark.parametrize("theorem", ["break-even", "arithmetic-intensity", "stride-saving"])
def test_a_step_lists_the_counts_it_takes_to_be_at_least_one(session, theorem):
    """A helper made them positive without a word."""
    steps = session.verdict(theorem).steps
    listed = [step for step in steps if step.result.assumes]
    assert listed
    for step in listed:
        names = ", ".join(symbol.name for symbol in step.result.assumes)
        assert step.result.words.endswith(f", for {names} ≥ 1")
    labels = [one.label for one in THEOREMS[theorem].hypotheses]
    taps = {x.name for step in listed for x in step.result.assumes} & {"T_h", "T_w"}
    assert bool(taps) == ("one tap on the image" in labels)
