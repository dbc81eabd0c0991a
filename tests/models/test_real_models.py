"""Models of other projects: our counts against those of ONNX Runtime's own tensors.

The second road adds the output of every convolution to the outputs of the model and runs it: MACs
are the numbers that came out times the numbers of one filter. Products within the image are the sum
of a convolution of ones with ones.
"""

from importlib.util import find_spec
from math import prod

import numpy as np
import pytest

from derive.facts.count import count_facts
from tests.tools import need
from tests.wheels import BASIC_PITCH, held, NUDENET

MODELS = {"basic-pitch": (BASIC_PITCH, ()), "nudenet": (NUDENET, ("1x3x320x320",))}


@pytest.fixture(scope="module", params=MODELS)
def real(request, tmp_path_factory):
    """The path of a model, and the sizes that it is asked for."""
    need(find_spec("onnx") and find_spec("onnxruntime"), "onnx or onnxruntime is not installed")
    (wheel, name), sizes = MODELS[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    path = folder / "model.onnx"
    path.write_bytes(held(wheel, name, folder))
    return path, sizes


def ran(path, facts):
    """What every convolution reads and writes when the model runs, with its node and its kernel."""
    import onnx
    import onnxruntime

    model = onnx.load(path)
    kernels = {one.name: onnx.numpy_helper.to_array(one) for one in model.graph.initializer}
    convolutions = [node for node in model.graph.node if node.op_type == "Conv"]
    for name in dict.fromkeys(name for one in convolutions for name in (one.input[0], *one.output)):
        model.graph.output.append(onnx.ValueInfoProto(name=name))
    session = onnxruntime.InferenceSession(model.SerializeToString())
    zeros = {name: np.zeros(sizes, "float32") for name, sizes in facts.inputs.items()}
    names = [one.name for one in session.get_outputs()]
    tensors = dict(zip(names, session.run(names, zeros), strict=True))
    for one in convolutions:
        yield one, tensors[one.input[0]].shape, tensors[one.output[0]].shape, kernels[one.input[1]]


def in_bounds(node, read, kernel):
    """Products with pixels of the image: of a convolution of ones with ones, for one filter."""
    import onnx
    import onnxruntime

    ones = np.ones((1, 1, *kernel.shape[2:]), "float32")
    given = [one for one in node.attribute if one.name != "group"]
    alone = onnx.helper.make_node("Conv", ["x", "k"], ["y"])
    alone.attribute.extend(given)
    real = onnx.TensorProto.FLOAT
    graph = onnx.helper.make_graph(
        [alone],
        "ones",
        [onnx.helper.make_tensor_value_info("x", real, [1, 1, *read[2:]])],
        [onnx.helper.make_tensor_value_info("y", real, None)],
        [onnx.numpy_helper.from_array(ones, "k")],
    )
    opset = [onnx.helper.make_opsetid("", 13)]
    made = onnx.helper.make_model(graph, opset_imports=opset, ir_version=8)
    session = onnxruntime.InferenceSession(made.SerializeToString())
    (found,) = session.run(None, {"x": np.ones((1, 1, *read[2:]), "float32")})
    return int(found.sum(dtype=np.float64))


def test_every_convolution_of_a_real_model_is_counted_as_it_runs(real):
    path, sizes = real
    facts = count_facts(str(path), sizes=sizes)
    layers = {one.name: one for one in facts.layers}
    convolutions = list(ran(path, facts))
    assert len(convolutions) == len(layers)
    bounded = {}
    for node, read, written, kernel in convolutions:
        layer = layers[node.name or node.output[0]]
        key = (read[2:], kernel.shape[2:], str(sorted(map(str, node.attribute))))
        if key not in bounded:
            bounded[key] = in_bounds(node, read, kernel)
        assert layer.macs == prod(written) * prod(kernel.shape[1:]), node.name
        assert layer.macs_in_bounds == bounded[key] * written[0] * prod(kernel.shape[:2])
        assert layer.parameters == kernel.size + (len(node.input) > 2) * len(kernel)
    assert not [one for one in facts.unknown if one.operation in ("Conv", "Resize")]
