"""Models of ONNX made for tests: convolutions of every kind whose kernels are of a given family."""

import numpy as np

from derive.catalogue import FAMILIES
from derive.facts.designs import options
from derive.notation.axis import Axis, Transposed
from derive.notation.layer import Layer

KINDS = {  # of layers: channels, taps and how the window slides
    "plain": {"channels": (6, 8), "kernel": (3, 3)},
    "strided": {"channels": (6, 8), "kernel": (3, 3), "stride": (2, 1), "pads": (1, 1, 0, 2)},
    "dilated": {"channels": (6, 8), "kernel": (3, 5), "dilation": (2, 1), "pads": (2, 2, 2, 2)},
    "grouped": {"channels": (6, 9), "kernel": (3, 3), "groups": 3},
    "depthwise": {"channels": (6, 12), "kernel": (3, 5), "groups": 6, "pads": (1, 2, 1, 2)},
    "transposed": {
        "channels": (6, 8),
        "kernel": (4, 3),
        "stride": (2, 3),
        "pads": (1, 0, 2, 1),
        "extra": (1, 2),
        "transposed": True,
    },
    "transposed-grouped": {
        "channels": (6, 4),
        "kernel": (3, 3),
        "stride": (2, 2),
        "groups": 2,
        "transposed": True,
    },
    "line": {"channels": (5, 7), "kernel": (5,), "stride": (2,), "pads": (2, 1)},
    "volume": {"channels": (4, 5), "kernel": (3, 3, 2), "pads": (1, 1, 0, 1, 1, 1)},
}
SIDE = 11


def layer_of(
    channels, kernel, stride=None, dilation=None, pads=None, groups=1, extra=None, transposed=False
):
    """The layer of the book that a kind is."""
    count = len(kernel)
    rows = zip(
        (SIDE,) * count,
        kernel,
        stride or (1,) * count,
        dilation or (1,) * count,
        (pads or (0,) * 2 * count)[:count],
        (pads or (0,) * 2 * count)[count:],
        strict=True,
    )
    if transposed:
        axes = (Transposed(*row, e) for row, e in zip(rows, extra or (0,) * count, strict=True))
        return Layer(*channels, tuple(axes), groups)
    return Layer(*channels, tuple(Axis(*row) for row in rows), groups)


def kernel_of(family, layer, place, random):
    """A kernel K[o, i, taps] of a family at a place of its path; None if it does not fit."""
    found = options(FAMILIES[family], layer)
    if found is None or place >= len(found.path):
        return None
    term = found.term
    values = {**layer.values, **found.path[place]}
    sizes = {x: int(term.sizes[x].xreplace(values)) for x in (*term.kernel, *term.summed)}
    taps = [tap for tap in layer.taps if tap in term.taps]
    own = list(dict.fromkeys((*term.outputs, *term.inputs, *taps, *term.letters)))
    word = {x: chr(97 + n) for n, x in enumerate(own)}
    arrays = [random.standard_normal([sizes[x] for x in f.indices]) for f in term.factors]
    inner = list(dict.fromkeys((*term.outputs, *term.inputs, *taps)))
    einsum = ",".join("".join(word[x] for x in f.indices) for f in term.factors)
    small = np.einsum(f"{einsum}->{''.join(word[x] for x in inner)}", *arrays)
    if layer.groups > 1:  # g, b, a, taps
        return small.reshape(
            layer.channels_out, layer.channels_in // layer.groups, *layer_taps(layer)
        )
    full = np.zeros((layer.channels_out, layer.channels_in, *(sizes[x] for x in taps)))
    outs, ins = ([sizes[x] for x in side] for side in (term.outputs, term.inputs))
    for at in np.ndindex(small.shape):
        index = dict(zip(inner, at, strict=True))
        o = np.ravel_multi_index([index[x] for x in term.outputs], outs)
        i = np.ravel_multi_index([index[x] for x in term.inputs], ins)
        full[(o, i, *(index[x] for x in taps))] = small[at]
    whole = np.zeros((layer.channels_out, layer.channels_in, *layer_taps(layer)))
    middle = tuple(
        slice(None) if tap in taps else k // 2
        for tap, k in zip(layer.taps, layer_taps(layer), strict=True)
    )
    whole[(slice(None), slice(None), *middle)] = full
    return whole


def layer_taps(layer):
    """How many taps a layer has along each axis."""
    return tuple(int(axis.kernel) for axis in layer.axes)


def stored(kernel, layer):
    """A kernel K[o, i, taps] as ONNX stores it."""
    if not layer.transposed:
        return kernel
    outputs, inputs, *taps = kernel.shape
    parts = kernel.reshape(layer.groups, outputs // layer.groups, inputs, *taps)
    return parts.swapaxes(1, 2).reshape(layer.groups * inputs, outputs // layer.groups, *taps)


def node(kind, name, inputs, output):
    """The operation of a kind."""
    from onnx import helper

    given = KINDS[kind]
    names = {
        "stride": "strides",
        "dilation": "dilations",
        "pads": "pads",
        "groups": "group",
        "extra": "output_padding",
    }
    options = {names[key]: value for key, value in given.items() if key in names}
    word = "ConvTranspose" if given.get("transposed") else "Conv"
    return helper.make_node(word, inputs, [output], name=name, **options)


def model(nodes, weights, inputs, outputs, opset=17, **more):
    """A model, checked."""
    from onnx import checker, helper, numpy_helper, TensorProto

    values = [
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name, shape in side.items()
        ]
        for side in (inputs, outputs)
    ]
    held = [numpy_helper.from_array(np.asarray(one), name) for name, one in weights.items()]
    graph = helper.make_graph(nodes, "made", *values, held)
    made = helper.make_model(graph, ir_version=9, opset_imports=[helper.make_opsetid("", opset)])
    made.metadata_props.add(key="author", value="a test")
    for key, value in more.items():
        setattr(made, key, value)
    checker.check_model(made)
    return made


def single(kind, kernel, bias=None, opset=17):
    """A model of one layer of a kind."""
    layer = layer_of(**KINDS[kind])
    weights = {"w": stored(kernel, layer).astype("float32")}
    if bias is not None:
        weights["b"] = np.asarray(bias, dtype="float32")
    image = (1, layer.channels_in, *(SIDE,) * len(layer.axes))
    output = (1, layer.channels_out, *(int(axis.output) for axis in layer.axes))
    return model(
        [node(kind, "layer", ["x", *weights], "y")], weights, {"x": image}, {"y": output}, opset
    )
