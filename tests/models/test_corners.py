"""Rare operations of ONNX: integers, bodies of loops and branches, functions, weights elsewhere."""

import json

import numpy as np
import pytest

from derive.models import onnx as onnx_layers
from derive.models.onnx import read_onnx
from tests.cli.conftest import derive as derive
from tests.models.made import model
from tests.tools import package

onnx = package("onnx")
helper, numpy_helper, TensorProto = onnx.helper, onnx.numpy_helper, onnx.TensorProto
FLOAT, INT8, INT32 = TensorProto.FLOAT, TensorProto.INT8, TensorProto.INT32


def normal(*sizes, seed=0):
    return np.random.default_rng(seed).standard_normal(sizes).astype("float32")


def saved(path, nodes, weights, x, y, kinds=(FLOAT, FLOAT), functions=()):
    """A model of some nodes from x to y, checked."""
    values = [
        [helper.make_tensor_value_info(name, kind, sizes)]
        for name, kind, sizes in zip("xy", kinds, (x, y), strict=True)
    ]
    held = [numpy_helper.from_array(np.asarray(one), name) for name, one in weights.items()]
    graph = helper.make_graph(nodes, "made", *values, held)
    domains = [helper.make_opsetid("", 17), *([helper.make_opsetid("my", 1)] if functions else [])]
    made = helper.make_model(graph, opset_imports=domains, ir_version=9, functions=list(functions))
    onnx.checker.check_model(made)
    onnx.save(made, path)
    return path


def node(kind, inputs, outputs, **attributes):
    return helper.make_node(kind, inputs.split(), outputs.split(), **attributes)


INTEGERS = {"w": (normal(4, 3, 3, 3) * 50).astype("int8"), "s": np.float32(0.1), "z": np.int8(0)}
QUANTIZED = {
    "ConvInteger": ([node("ConvInteger", "x w z z", "y", name="layer")], (INT8, INT32)),
    "QLinearConv": ([node("QLinearConv", "x s z w s z s z b", "y", name="layer")], (INT8, INT8)),
    "around a Conv": (
        [
            node("DequantizeLinear", "w s z", "wf", name="weights"),
            node("Conv", "x wf", "y", name="layer"),
        ],
        (FLOAT, FLOAT),
    ),
}


@pytest.mark.parametrize("name", QUANTIZED)
def test_a_convolution_of_integers_counts_like_any_other(name, derive, tmp_path):
    nodes, kinds = QUANTIZED[name]
    weights = {**INTEGERS, "b": np.zeros(4, "int32")}
    used = {one for each in nodes for one in each.input}
    held = {key: one for key, one in weights.items() if key in used}
    path = saved(tmp_path / "m.onnx", nodes, held, (1, 3, 8, 8), (1, 4, 6, 6), kinds)
    found = json.loads(derive("count", path, "--json").stdout)
    (layer,) = found["layers"]
    assert layer["name"] == "layer"
    assert layer["macs"] == 4 * 3 * 9 * 36
    assert layer["parameters"] == 4 * 3 * 9 + (4 if name == "QLinearConv" else 0)
    assert layer["bytes"] == 3 * 64 + 4 * 36 + layer["parameters"], "of a byte each"
    assert not found["unknown"]


def test_the_axes_of_an_operation_are_worked_out_once(monkeypatch, tmp_path):
    nodes = [
        node("Conv", "x w", "a", name="one", pads=[1] * 4),
        node("MaxPool", "a", "b", kernel_shape=[2, 2]),
        node("Conv", "b w", "y", name="two"),
    ]
    path = saved(tmp_path / "m.onnx", nodes, {"w": normal(3, 3, 3, 3)}, (1, 3, 8, 8), (1, 3, 5, 5))
    made, real = [], onnx_layers.axes

    def making(node, *sizes):
        made.append(node.op_type)
        return real(node, *sizes)

    monkeypatch.setattr(onnx_layers, "axes", making)
    assert [one.receptive_field for one in read_onnx(path).layers] == [(3, 3), (6, 6)]
    assert made == ["Conv", "MaxPool", "Conv"]


def test_weights_of_integers_are_not_factored_and_say_why(derive, tmp_path):
    nodes, kinds = QUANTIZED["ConvInteger"]
    held = {key: INTEGERS[key] for key in "wz"}
    path = saved(tmp_path / "m.onnx", nodes, held, (1, 3, 8, 8), (1, 4, 6, 6), kinds)
    found = json.loads(derive("count", path, "--suggest", "--json").stdout)
    (layer,) = found["suggestions"]["layers"]
    assert layer["reason"] == "its weights are integers: factor the model before it is quantized"


def test_a_product_of_integer_matrices(tmp_path):
    weights = {"w": (normal(7, 5) * 50).astype("int8")}
    nodes = [node("MatMulInteger", "x w", "y", name="layer")]
    path = saved(tmp_path / "m.onnx", nodes, weights, (2, 3, 7), (2, 3, 5), (INT8, INT32))
    (layer,) = read_onnx(path).layers
    assert (layer.layer.channels_in, layer.layer.channels_out, layer.positions) == (7, 5, 3)


def test_a_kernel_from_the_image_is_named_and_not_counted(tmp_path):
    nodes = [
        node("ReduceMean", "x", "mean", axes=[0, 1, 2, 3]),
        node("Mul", "w mean", "scaled"),
        node("Conv", "x scaled", "y", name="layer"),
    ]
    path = saved(tmp_path / "m.onnx", nodes, {"w": normal(4, 3, 3, 3)}, (1, 3, 8, 8), (1, 4, 6, 6))
    found = read_onnx(path)
    assert not found.layers
    (unknown,) = found.unknown
    assert (unknown.name, unknown.operation) == ("layer", "Conv")
    assert unknown.reason == "its kernel is worked out while the model runs"


def branch(name, weight, held=()):
    """A body without inputs that convolves the image around it."""
    value = helper.make_tensor_value_info(name, FLOAT, None)
    stored = [numpy_helper.from_array(one, key) for key, one in held]
    inner = [node("Conv", f"x {weight}", name, name="conv")]
    return helper.make_graph(inner, name, [], [value], stored)


def branches(path):
    nodes = [
        node("ReduceMean", "x", "mean", keepdims=0),
        node("Greater", "mean zero", "bright"),
        node(
            "If",
            "bright",
            "a",
            name="which",
            then_branch=branch("then", "w"),
            else_branch=branch("else", "own", [("own", normal(4, 3, 3, 3, seed=1))]),
        ),
        node("Conv", "a last", "y", name="last"),
    ]
    weights = {"w": normal(4, 3, 3, 3), "zero": np.float32(0), "last": normal(2, 4, 1, 1)}
    return saved(path, nodes, weights, (1, 3, 8, 8), (1, 2, 6, 6))


def test_each_branch_is_counted_once_and_named_so(derive, tmp_path):
    found = json.loads(derive("count", branches(tmp_path / "m.onnx"), "--json").stdout)
    names = {one["name"]: one["macs"] for one in found["layers"]}
    inner = 4 * 3 * 9 * 36
    assert names == {
        "which/then_branch/conv": inner,
        "which/else_branch/conv": inner,
        "last": 2 * 4 * 36,
    }
    (unknown,) = found["unknown"]
    assert unknown["name"] == "which"
    assert unknown["reason"] == "one of its branches runs, and each is counted once"


def test_a_layer_within_another_operation_is_not_rewritten(derive, tmp_path):
    source, target = branches(tmp_path / "m.onnx"), tmp_path / "n.onnx"
    ran = derive("count", source, "--error", "0.9", "--rewrite", target, "--json")
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)["rewriting"]
    assert {one["name"] for one in found["left"]} == {
        "which/then_branch/conv",
        "which/else_branch/conv",
    }
    assert [one["name"] for one in found["replaced"]] == ["last"]


def test_the_body_of_a_loop_is_counted_once(tmp_path):
    values = helper.make_tensor_value_info
    image = (1, 3, 8, 8)
    body = helper.make_graph(
        [node("Conv", "image w", "next", name="conv", pads=[1] * 4), node("Identity", "go", "on")],
        "body",
        [
            values("i", TensorProto.INT64, []),
            values("go", TensorProto.BOOL, []),
            values("image", FLOAT, image),
        ],
        [values("on", TensorProto.BOOL, []), values("next", FLOAT, image)],
    )
    weights = {"w": normal(3, 3, 3, 3), "times": np.int64(5), "start": np.bool_(True)}
    nodes = [node("Loop", "times start x", "y", name="again", body=body)]
    found = read_onnx(saved(tmp_path / "m.onnx", nodes, weights, image, image))
    assert [one.name for one in found.layers] == ["again/body/conv"]
    assert found.unknown[0].reason == "its body is counted once, and how often it runs is not known"


def test_a_body_without_layers_is_not_worth_a_word(tmp_path):
    value = helper.make_tensor_value_info("inner", FLOAT, None)
    inner = helper.make_graph([node("Identity", "x", "inner")], "inner", [], [value])
    nodes = [
        node("If", "always", "a", name="which", then_branch=inner, else_branch=inner),
        node("Conv", "a w", "y", name="conv"),
    ]
    weights = {"w": normal(4, 3, 3, 3), "always": np.bool_(True)}
    found = read_onnx(saved(tmp_path / "m.onnx", nodes, weights, (1, 3, 8, 8), (1, 4, 6, 6)))
    assert [one.name for one in found.layers] == ["conv"]
    assert not found.unknown


def test_a_function_is_written_out_wherever_it_is_called(derive, tmp_path):
    block = helper.make_function(
        "my",
        "Block",
        ["a", "k"],
        ["o"],
        [node("Conv", "a k", "m", name="conv"), node("Relu", "m", "o")],
        [helper.make_opsetid("", 17)],
    )
    nodes = [
        node("Block", "x one", "t", domain="my", name="first"),
        node("Block", "t two", "y", domain="my", name="second"),
    ]
    weights = {"one": normal(4, 3, 3, 3), "two": normal(4, 4, 3, 3)}
    path = saved(tmp_path / "m.onnx", nodes, weights, (1, 3, 8, 8), (1, 4, 4, 4), functions=[block])
    found = json.loads(derive("count", path, "--json").stdout)
    assert [one["macs"] for one in found["layers"]] == [4 * 3 * 9 * 36, 4 * 4 * 9 * 16]
    assert found["layers"][0]["not_counted"] == ["Relu"]
    assert found["totals"]["receptive_field"] == [5, 5]
    assert not found["unknown"]
    target = tmp_path / "n.onnx"
    done = json.loads(derive("count", path, "--error", "0.9", "--rewrite", target, "--json").stdout)
    assert len(done["rewriting"]["replaced"]) == 2


def test_a_tensor_that_a_branch_reads_too_has_two_readers(tmp_path):
    """Or the layers around it were taken for a chain."""
    value = helper.make_tensor_value_info("inner", FLOAT, None)
    inner = helper.make_graph([node("Identity", "a", "inner")], "inner", [], [value])
    nodes = [
        node("Conv", "x one", "a", name="one"),
        node("Conv", "a two", "b", name="two"),
        node("If", "always", "c", name="which", then_branch=inner, else_branch=inner),
        node("Add", "b c", "y"),
    ]
    weights = {"one": normal(4, 3, 3, 3), "two": normal(4, 4, 1, 1), "always": np.bool_(True)}
    found = read_onnx(saved(tmp_path / "m.onnx", nodes, weights, (1, 3, 8, 8), (1, 4, 6, 6)))
    assert [(one.name, one.next) for one in found.layers] == [("one", ""), ("two", "")]


def test_missing_weights_next_to_the_model_are_one_line(derive, tmp_path):
    kernel = normal(8, 6, 3, 3)
    made = model(
        [node("Conv", "x w", "y", name="conv")],
        {"w": kernel},
        {"x": (1, 6, 9, 9)},
        {"y": (1, 8, 7, 7)},
    )
    path = tmp_path / "m.onnx"
    onnx.save(made, path, save_as_external_data=True, location="weights.bin", size_threshold=0)
    (tmp_path / "weights.bin").unlink()
    counted = derive("count", path, "--json")
    assert json.loads(counted.stdout)["totals"]["macs"] == 8 * 6 * 9 * 49, "sizes need no numbers"
    for more in (["--suggest"], ["--cost", "0.7", "--rewrite", tmp_path / "n.onnx"]):
        ran = derive("count", path, *more)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr.count("\n") == 1
        assert "the numbers of w cannot be read" in ran.stderr
        assert not (tmp_path / "n.onnx").exists()
