"""Trained weights: those of a model that the wheel of basic-pitch holds; the repository keeps none.

The errors at every width are those of NumPy's singular value decomposition, and a size that an
error or a cost chooses is the extreme one. Where the package is not installed the tests are
skipped; under CI its wheel is fetched, if it can be.
"""

from fractions import Fraction
from importlib.util import find_spec

import numpy as np
import pytest

import derive
from derive.catalogue import FAMILIES
from derive.comparison import Choices
from derive.facts.curve import curve
from derive.facts.question import Question
from derive.parse.kernel import read_kernel
from derive.parse.layer import read_layer_of
from tests.tools import need
from tests.wheels import BASIC_PITCH, held

SHAPES = (
    (32, 8, 5, 5),
    (8, 8, 3, 39),
    (32, 1, 7, 7),
    (1, 32, 7, 3),
    (1, 33, 3, 3),
    (36, 1, 1, 256),
)
SIDE = 128  # of the image that costs are for


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """One array of weights of each shape, by its shape."""
    need(find_spec("onnx"), 'onnx is not installed: pip install -e ".[onnx]" brings it')
    import onnx

    graph = onnx.load_from_string(held(*BASIC_PITCH, tmp_path_factory.mktemp("wheel"))).graph
    read = {node.input[1] for node in graph.node if node.op_type == "Conv"}
    arrays = (onnx.numpy_helper.to_array(x) for x in graph.initializer if x.name in read)
    return {array.shape: array.copy() for array in arrays}


def best(array):
    """The least relative error at every width from 1, by NumPy."""
    matrix = array.astype("float64").transpose(0, 3, 1, 2)
    rows = matrix.shape[0] * matrix.shape[1]
    squares = np.linalg.svd(matrix.reshape(rows, -1), compute_uv=False) ** 2
    tails = np.append(np.cumsum(squares[::-1])[::-1], 0.0)
    return np.sqrt(tails / tails[0])[1:]


def macs(array, width):
    """Multiply-accumulates of a pair of that width on the image, and of the single convolution."""
    out, into, high, wide = array.shape
    return width * (high * into + wide * out) * SIDE**2, array.size * SIDE**2


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_errors_at_every_width_are_those_of_numpy(weights, shape):
    array = weights[shape]
    given = read_kernel(array)
    layer = read_layer_of(given.kernel.extents)
    asked = Question(given.name, given.kernel, FAMILIES["asymmetric"], layer, Choices(), "float32")
    found, wanted = np.array(curve(asked).errors), best(array)
    full = wanted > 1e-7  # below, float64 has no ten digits of a singular value left
    assert len(found) == len(wanted)
    assert np.allclose(found[full], wanted[full], rtol=1e-10, atol=0)
    assert np.all(found[~full] <= 1e-7)


@pytest.mark.parametrize("shape", SHAPES[:4], ids=str)
@pytest.mark.parametrize("error", [0.5, 0.1, 0.01])
def test_an_error_chooses_the_smallest_width_within_it(weights, shape, error):
    array, wanted = weights[shape], best(weights[shape])
    width = derive.factor(array, "asymmetric", error=error).setting["m"]
    assert wanted[width - 1] <= error
    assert width == 1 or wanted[width - 2] > error


@pytest.mark.parametrize("shape", SHAPES[:4], ids=str)
@pytest.mark.parametrize("share", [Fraction(1, 2), Fraction(3, 10)])
def test_a_cost_chooses_the_largest_width_within_it(weights, shape, share):
    array = weights[shape]
    one, standard = macs(array, 1)
    if one > share * standard:
        with pytest.raises(derive.InputError, match="no size of asymmetric has at most"):
            derive.factor(array, "asymmetric", cost=float(share))
        return
    width = derive.factor(array, "asymmetric", cost=float(share)).setting["m"]
    full = len(best(array))
    assert macs(array, width)[0] <= share * standard
    assert width == full or macs(array, width + 1)[0] > share * standard
