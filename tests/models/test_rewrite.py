"""Rewritten models: equal up to rounding where kernels are of the form, as far off as is said
elsewhere, with everything else as it was."""

import numpy as np
import pytest

from derive.code.rewrite import rewritten
from derive.facts.suggestion import candidates, chosen
from derive.models.onnx import model_of
from derive.models.onnx_file import open_onnx
from derive.parse.budget import read_budget
from tests.models.made import kernel_of, KINDS, layer_of, layer_taps, model, single
from tests.tools import package

onnx, onnxruntime = package("onnx"), package("onnxruntime")
helper, numpy_helper, TensorProto = onnx.helper, onnx.numpy_helper, onnx.TensorProto
FAMILIES = (
    *("asymmetric", "asymmetric-horizontal-first", "depthwise-separable", "blueprint-separable"),
    *("grouped-asymmetric", "tucker-2", "tensor-train", "flattened", "pointwise", "r2plus1d"),
    *("depthwise-asymmetric-separable", "network-decoupling"),
)


def small(path, made, budget, sizes=()):
    """The rewritten model of a plan, and what has become of its layers."""
    onnx.save(made, path)
    file = open_onnx(path, sizes)
    found = candidates(model_of(file))
    return rewritten(file, chosen(found, budget))


def run(made, **given):
    session = onnxruntime.InferenceSession(
        made.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return session.run(None, given)[0]


def image_of(made, seed=0):
    (one,) = made.graph.input
    sizes = [d.dim_value or 2 for d in one.type.tensor_type.shape.dim]
    return np.random.default_rng(seed).standard_normal(sizes).astype("float32")


EXACT = [
    (kind, name)
    for kind in KINDS
    for name in FAMILIES
    if kernel_of(name, layer_of(**KINDS[kind]), 0, np.random.default_rng(0)) is not None
]


@pytest.mark.parametrize(("kind", "name"), EXACT)
def test_a_kernel_of_a_family_is_replaced_without_any_difference(kind, name, tmp_path):
    layer, random = layer_of(**KINDS[kind]), np.random.default_rng(5)
    kernel = kernel_of(name, layer, 0, random)
    made = single(kind, kernel, bias=random.standard_normal(layer.channels_out))
    found, replaced, left = small(tmp_path / "m.onnx", made, read_budget("0.00001", ""))
    assert not left
    assert len(replaced) == 1, "no smaller design was found"
    assert replaced[0].relative_error < 1e-6
    onnx.checker.check_model(found, full_check=True)
    x = image_of(made)
    old, new = run(made, x=x), run(found, x=x)
    assert np.linalg.norm(old - new) <= 2e-6 * np.linalg.norm(old)
    assert sum(np.prod(one.dims) for one in found.graph.initializer) < sum(
        np.prod(one.dims) for one in made.graph.initializer
    )


@pytest.mark.parametrize("kind", KINDS)
def test_an_inexact_kernel_is_off_by_what_is_said(kind, tmp_path):
    """The output of the new model is that of the old with another kernel, whose distance from the
    first is the error that is reported."""
    layer, random = layer_of(**KINDS[kind]), np.random.default_rng(6)
    kernel = random.standard_normal(
        (layer.channels_out, layer.channels_in // layer.groups, *layer_taps(layer))
    )
    made = single(kind, kernel)
    found, replaced, _ = small(tmp_path / "m.onnx", made, read_budget("0.9", ""))
    (one,) = replaced
    near = kernel_read_off(found, layer)
    old = kernel_read_off(made, layer)
    assert np.isclose(
        np.linalg.norm(near - old) / np.linalg.norm(old), one.relative_error, atol=1e-5
    )
    x = image_of(made)
    gap = np.linalg.norm(run(made, x=x) - run(found, x=x))
    assert gap > 0.01


def kernel_read_off(made, layer):
    """The kernel of a model of one layer, read off its answers to single pixels: what an output in
    the middle makes of every pixel; of a transposed layer, where a pixel in the middle goes."""
    (one,) = made.graph.input
    shape = [d.dim_value for d in one.type.tensor_type.shape.dim]
    session = onnxruntime.InferenceSession(made.SerializeToString())
    image = np.zeros(shape, "float32")
    (start,) = session.run(None, {"x": image})
    middle = tuple(n // 2 for n in (shape if layer.transposed else start.shape)[2:])
    rows = []
    for place in np.ndindex(*shape[1:]):
        if not layer.transposed or place[1:] == middle:
            image[(0, *place)] = 1
            made_of_it = session.run(None, {"x": image})[0] - start
            image[(0, *place)] = 0
            rows.append(made_of_it if layer.transposed else made_of_it[(0, slice(None), *middle)])
    return np.stack(rows)


def chain(opset=17, ir=9):
    """Two convolutions with exact kernels and operations between them that have to stay."""
    random = np.random.default_rng(2)
    plain = layer_of(**KINDS["plain"])
    first = kernel_of("asymmetric", plain, 1, random)
    second = kernel_of("depthwise-separable", layer_of((8, 6), (3, 3)), 0, random)
    weights = {
        "one.weight": first.astype("float32"),
        "one.bias": random.standard_normal(8).astype("float32"),
        "two.weight": second.astype("float32"),
        "slope": np.float32([0.1]),
        "fc.weight": np.outer(random.standard_normal(6), random.standard_normal(10)).astype(
            "float32"
        ),
        "fc.bias": random.standard_normal(10).astype("float32"),
        "never": np.float32([1]),
    }
    nodes = [
        helper.make_node("Conv", ["image", "one.weight", "one.bias"], ["a"], name="one"),
        helper.make_node("PRelu", ["a", "slope"], ["b"], name="act"),
        helper.make_node(
            "Conv", ["b", "two.weight"], ["c"], name="two", auto_pad="SAME_UPPER", strides=[2, 2]
        ),
        helper.make_node("GlobalAveragePool", ["c"], ["d"], name="pool"),
        helper.make_node("Flatten", ["d"], ["e"], name="flat"),
        helper.make_node(
            "Gemm", ["e", "fc.weight", "fc.bias"], ["y"], name="fc", beta=0.5, alpha=2.0
        ),
    ]
    return model(
        nodes,
        weights,
        {"image": ("batch", 6, 16, 16)},
        {"y": ("batch", 10)},
        opset,
        ir_version=ir,
        producer_name="a producer",
        model_version=7,
    )


def test_everything_else_stays_as_it_is(tmp_path):
    made = chain()
    found, replaced, left = small(tmp_path / "m.onnx", made, read_budget("0.00001", ""))
    assert [one.name for one in replaced] == ["one", "two", "fc"]
    assert not left
    x = np.random.default_rng(0).standard_normal((3, 6, 16, 16)).astype("float32")
    old, new = run(made, image=x), run(found, image=x)
    assert np.linalg.norm(old - new) <= 1e-5 * np.linalg.norm(old)
    for field in ("ir_version", "producer_name", "model_version", "opset_import", "metadata_props"):
        assert getattr(found, field) == getattr(made, field)
    assert found.graph.input == made.graph.input
    assert found.graph.output == made.graph.output
    kept = {one.name: one for one in found.graph.initializer}
    assert {"one.bias", "slope", "fc.bias", "never"} <= kept.keys()
    assert not {"one.weight", "two.weight", "fc.weight"} & kept.keys()
    before = {node.name: node for node in made.graph.node}
    after = {node.name: node for node in found.graph.node}
    assert {"one", "act", "two", "pool", "flat", "fc"} <= after.keys()
    for name in ("act", "pool", "flat"):
        assert after[name] == before[name]
    for name in ("one", "two", "fc"):
        assert after[name].output == before[name].output


def test_a_shared_kernel_and_one_read_elsewhere_stay_for_the_others(tmp_path):
    random = np.random.default_rng(3)
    kernel = kernel_of("asymmetric", layer_of((6, 6), (3, 3)), 0, random).astype("float32")
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["a"], name="one", pads=[1] * 4),
        helper.make_node("Conv", ["a", "w"], ["b"], name="two", pads=[1] * 4),
        helper.make_node("ReduceSum", ["w"], ["s"], name="sum", keepdims=0),
        helper.make_node("Mul", ["b", "s"], ["y"], name="times"),
    ]
    made = model(nodes, {"w": kernel}, {"x": (1, 6, 9, 9)}, {"y": (1, 6, 9, 9)})
    found, replaced, _ = small(tmp_path / "m.onnx", made, read_budget("0.00001", ""))
    assert len(replaced) == 2
    assert "w" in {one.name for one in found.graph.initializer}
    assert len(found.graph.initializer) == 3, "the factors of a shared kernel are shared"
    x = image_of(made)
    old, new = run(made, x=x), run(found, x=x)
    assert np.linalg.norm(old - new) <= 1e-5 * np.linalg.norm(old)


def test_names_that_are_taken_are_not_used_again(tmp_path):
    kernel = kernel_of("asymmetric", layer_of((6, 6), (3, 3)), 0, np.random.default_rng(3))
    nodes = [
        helper.make_node("Relu", ["x"], ["layer/A"], name="layer/Conv_1"),
        helper.make_node("Conv", ["layer/A", "w"], ["y"], name="layer", pads=[1] * 4),
    ]
    made = model(nodes, {"w": kernel.astype("float32")}, {"x": (1, 6, 9, 9)}, {"y": (1, 6, 9, 9)})
    found, _, _ = small(tmp_path / "m.onnx", made, read_budget("0.00001", ""))
    names = [node.name for node in found.graph.node]
    assert len(set(names)) == len(names)
    x = image_of(made)
    assert np.allclose(run(made, x=x), run(found, x=x), atol=1e-4)


def test_same_padding_of_an_open_image_with_a_stride_is_left_alone(tmp_path):
    kernel = kernel_of("asymmetric", layer_of((6, 6), (3, 3)), 0, np.random.default_rng(3))
    weights = {"w": kernel.astype("float32")}
    for stride, replaced_layers in ((2, 0), (1, 1)):
        nodes = [
            helper.make_node(
                "Conv", ["x", "w"], ["y"], name="layer", auto_pad="SAME_LOWER", strides=[stride] * 2
            )
        ]
        made = model(nodes, weights, {"x": (1, 6, "h", "w")}, {"y": (1, 6, "p", "q")})
        found, replaced, left = small(
            tmp_path / f"{stride}.onnx", made, read_budget("0.00001", ""), ["1x6x9x9"]
        )
        assert len(replaced) == replaced_layers
        if left:
            assert "size of the image" in left[0].reason
        for side in (9, 12):
            x = np.random.default_rng(0).standard_normal((1, 6, side, side)).astype("float32")
            assert np.allclose(run(made, x=x), run(found, x=x), atol=1e-4)


def test_half_precision_stays_half(tmp_path):
    kernel = kernel_of("asymmetric", layer_of((6, 6), (3, 3)), 0, np.random.default_rng(3))
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT16, (1, 6, 9, 9))
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT16, (1, 6, 7, 7))
    held = numpy_helper.from_array(kernel.astype("float16"), "w")
    graph = helper.make_graph(
        [helper.make_node("Conv", ["x", "w"], ["y"], name="c")], "g", [x], [y], [held]
    )
    made = helper.make_model(graph, ir_version=9, opset_imports=[helper.make_opsetid("", 17)])
    found, replaced, _ = small(tmp_path / "m.onnx", made, read_budget("0.01", ""))
    assert len(replaced) == 1
    assert {one.data_type for one in found.graph.initializer} == {TensorProto.FLOAT16}
    onnx.checker.check_model(found, full_check=True)


def test_weights_next_to_the_model_come_into_the_file(tmp_path):
    made = chain()
    onnx.save(
        made, tmp_path / "m.onnx", save_as_external_data=True, location="m.data", size_threshold=0
    )
    file = open_onnx(tmp_path / "m.onnx")
    found, replaced, _ = rewritten(
        file, chosen(candidates(model_of(file)), read_budget("0.00001", ""))
    )
    assert len(replaced) == 3
    x = np.random.default_rng(0).standard_normal((1, 6, 16, 16)).astype("float32")
    assert np.allclose(run(chain(), image=x), run(found, image=x), atol=1e-4)


def test_weights_of_the_oldest_format_are_inputs_too(tmp_path):
    kernel = kernel_of("asymmetric", layer_of((6, 6), (3, 3)), 0, np.random.default_rng(3))
    weights = {"w": kernel.astype("float32")}
    nodes = [helper.make_node("Conv", ["x", "w"], ["y"], name="layer", pads=[1] * 4)]
    values = {"x": (1, 6, 9, 9), "w": kernel.shape}
    made = model(nodes, weights, values, {"y": (1, 6, 9, 9)}, opset=8)
    made.ir_version = 3
    onnx.checker.check_model(made)
    found, _, _ = small(tmp_path / "m.onnx", made, read_budget("0.00001", ""))
    onnx.checker.check_model(found, full_check=True)
    names = {one.name for one in found.graph.input}
    assert names == {"x", *(one.name for one in found.graph.initializer)}
