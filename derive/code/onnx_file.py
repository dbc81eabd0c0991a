"""A layer as an ONNX model: the file that the code for ONNX writes, written here."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, TYPE_CHECKING

from derive.code.onnx import nodes, sides
from derive.code.plan import Convolution, Plan
from derive.notation.errors import InputError
from derive.notation.words import short

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Factors = dict[str, "NDArray[Any]"]
VERSION, OPSET = 9, 19  # as in the code for ONNX
LARGEST = 2**31 - 2**20  # bytes of weights: a message of protobuf ends at 2 GB
BYTES = 4  # of a float32


def onnx_model(plan: Plan, weights: str | None = None) -> bytes:
    """The model as the bytes of a file, checked by onnx.checker.

    Weights and biases are those that the code makes: at random, or the arrays of ``weights``, a
    .npz file with one for each factor, with biases of 0. Raises InputError, one line, without the
    package onnx, for more weights than a file of ONNX holds, and for a file that cannot be read.
    """
    size = BYTES * plan.parameters
    if size > LARGEST:
        raise InputError(f"the model has {size:,} bytes of weights, a file of ONNX ends at 2 GB")
    try:
        checker, helper, numpy_helper = map(
            import_module, ("onnx.checker", "onnx.helper", "onnx.numpy_helper")
        )
    except ImportError:
        raise InputError(
            'an ONNX file needs the package onnx, which pip install -e ".[onnx]" brings; without'
            " it, --save layer.py writes code that makes the file elsewhere"
        ) from None
    real = import_module("onnx").TensorProto.FLOAT
    x, y = (
        helper.make_tensor_value_info(name, real, shape)
        for name, shape in zip("xy", sides(plan), strict=True)
    )
    made = [
        helper.make_node(one.kind, one.inputs, one.outputs, **one.attributes) for one in nodes(plan)
    ]
    stored = [numpy_helper.from_array(array, name) for name, array in _arrays(plan, weights)]
    graph = helper.make_graph(made, "layer", [x], [y], stored)
    model = helper.make_model(
        graph, ir_version=VERSION, opset_imports=[helper.make_opsetid("", OPSET)]
    )
    checker.check_model(model)
    return bytes(model.SerializeToString())


def _arrays(plan: Plan, path: str | None) -> "Iterator[tuple[str, NDArray[Any]]]":
    """The weights and biases by name, in the order and from the generator of the code."""
    import numpy as np

    rng = np.random.default_rng(0)
    factors = None if path is None else _stored(path)
    for branch in plan.branches:
        for names in branch.names:
            for stage, name in zip(branch.stages, names, strict=True):
                if factors is None:
                    yield name, rng.standard_normal(stage.shape, dtype="float32")
                else:
                    yield name, _laid(stage, name, factors)
                if stage.bias:
                    shape = (stage.channels_out,)
                    random = factors is None
                    zeros = np.zeros(shape, "float32")
                    drawn = rng.standard_normal(shape, dtype="float32") if random else zeros
                    yield f"{name}_bias", drawn


def _stored(path: str) -> Factors:
    """The arrays of a .npz file; nothing in it is unpickled."""
    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as archive:
            return dict(archive)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {short(path)}: {short(str(error))}") from None


def _laid(stage: Convolution, name: str, factors: Factors) -> "NDArray[np.float32]":
    """The array of a copy of a factor as a node takes it."""
    import numpy as np

    array = factors[stage.name][..., stage.copy(name)] if stage.stacked else factors[name]
    order = [stage.letters.index(x) for x in stage.layout]
    return np.ascontiguousarray(array.transpose(order).reshape(stage.shape).astype("float32"))
