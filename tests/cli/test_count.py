"""derive count: models of ONNX against literal loops, lists of layers, answers to bad input."""

import csv
import io
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from io import BytesIO
from math import prod
from types import SimpleNamespace

import numpy as np
import pytest

from derive.facts.model import model_facts
from derive.models.network import network_model
from derive.oracle import Axis, ones
from derive.oracle.loops import convolve, scatter
from tests.models.made import model as made_model
from tests.tools import need, package

LIST = """image 3x32x32
each: bn relu
stem: 3x3/2 16
1: ( dw 3x3 > 1x1 32 )
global
fc: linear 10
"""


@pytest.fixture
def onnx():
    need(find_spec("onnx"), "onnx is not installed")
    import onnx

    return onnx


def saved(onnx, path, nodes, weights, image, opset=17):
    """A model of some nodes from x to y."""
    helper, numpy_helper = onnx.helper, onnx.numpy_helper
    x = helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, image)
    y = helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, None)
    held = [numpy_helper.from_array(np.asarray(w), name) for name, w in weights.items()]
    graph = helper.make_graph(nodes, "graph", [x], [y], held)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    onnx.save(model, path)
    return str(path)


def node(onnx, kind, inputs, outputs, **attributes):
    return onnx.helper.make_node(kind, inputs.split(), outputs.split(), **attributes)


def normal(*sizes):
    return np.random.default_rng(0).standard_normal(sizes).astype("float32")


def counted(derive, *words):
    ran = derive("count", *words, "--json")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


# Kind, input channels, output channels, groups, sides, kernel, attributes, what pads before and
# after on each axis.
CASES = {
    "plain": ("Conv", 3, 4, 1, (5, 6), (3, 2), {}, ((0, 0), (0, 0))),
    "unequal padding": ("Conv", 2, 3, 1, (5, 4), (3, 3), {"pads": [2, 0, 1, 3]}, ((2, 1), (0, 3))),
    "strided": ("Conv", 2, 4, 1, (7, 6), (3, 3), {"strides": [2, 3]}, ((0, 0), (0, 0))),
    "grouped": ("Conv", 4, 6, 2, (4, 5), (3, 1), {"pads": [1, 0, 1, 0]}, ((1, 1), (0, 0))),
    "depthwise": ("Conv", 4, 4, 4, (4, 5), (2, 3), {}, ((0, 0), (0, 0))),
    "multiplier": ("Conv", 3, 6, 3, (4, 4), (3, 3), {"pads": [1] * 4}, ((1, 1), (1, 1))),
    "dilated": (
        *("Conv", 2, 2, 1, (7, 6), (3, 2)),
        *({"dilations": [2, 3], "pads": [2, 1, 2, 1]}, ((2, 2), (1, 1))),
    ),
    "same upper": (
        *("Conv", 2, 3, 1, (6, 7), (3, 4)),
        *({"auto_pad": "SAME_UPPER", "strides": [2, 1]}, ((0, 1), (1, 2))),
    ),
    "same lower": (
        *("Conv", 2, 3, 1, (6, 7), (3, 4)),
        *({"auto_pad": "SAME_LOWER", "strides": [2, 1]}, ((1, 0), (2, 1))),
    ),
    "valid": ("Conv", 2, 3, 1, (6, 7), (3, 4), {"auto_pad": "VALID"}, ((0, 0), (0, 0))),
    "signal": ("Conv", 2, 3, 1, (9,), (4,), {"strides": [2], "pads": [1, 2]}, ((1, 2),)),
    "video": (
        "Conv",
        1,
        2,
        1,
        (3, 4, 2),
        (2, 3, 1),
        {"pads": [0, 1, 0] * 2},
        ((0, 0), (1, 1), (0, 0)),
    ),
    "transposed": (
        *("ConvTranspose", 3, 2, 1, (4, 3), (4, 3)),
        *({"strides": [2, 2], "pads": [1, 0, 1, 1]}, ((1, 1), (0, 1))),
    ),
    "transposed, grouped": (
        *("ConvTranspose", 4, 6, 2, (3, 3), (3, 3)),
        *({"strides": [3, 2], "output_padding": [1, 1], "group": 2}, ((0, 0), (0, 0))),
    ),
    "transposed, dilated": (
        *("ConvTranspose", 2, 2, 1, (4, 3), (3, 2)),
        *({"strides": [2, 1], "dilations": [2, 3], "pads": [1, 1, 1, 1]}, ((1, 1), (1, 1))),
    ),
    "transposed, same upper": (
        *("ConvTranspose", 2, 3, 1, (4, 3), (3, 4)),
        *({"strides": [2, 2], "auto_pad": "SAME_UPPER"}, ((0, 1), (1, 1))),
    ),
}


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_a_convolution_of_onnx_against_literal_loops(onnx, derive, tmp_path, name, bias):
    kind, read, written, groups, sides, kernel, given, pads = CASES[name]
    transposed = kind == "ConvTranspose"
    size = (read, written // groups) if transposed else (written, read // groups)
    weights = {"w": normal(*size, *kernel)} | ({"b": normal(written)} if bias else {})
    words = {"group": groups, **given}
    made = node(onnx, kind, "x w b" if bias else "x w", "y", name="it", **words)
    path = saved(onnx, tmp_path / "one.onnx", [made], weights, [1, read, *sides])
    (found,) = counted(derive, path)["layers"]
    runs = loops(kind, read, written, groups, sides, kernel, words, pads, bias)
    assert found["parameters"] == sum(w.size for w in weights.values())
    assert found["macs"] == sum(run.multiplications for run in runs)
    assert found["flops"] == sum(run.operations for run in runs)
    assert found["activations"] == sum(run.written for run in runs)
    if not transposed:
        assert found["macs_in_bounds"] == sum(run.in_bounds for run in runs)
    assert prod(found["output"]) == found["activations"]
    assert (found["output"][0], found["groups"], found["bias"]) == (written, groups, bias)
    assert found["kind"] == ("conv-transpose" if transposed else "conv")


def loops(kind, read, written, groups, sides, kernel, given, pads, bias):
    """The layer as literal loops, a run for each group."""
    strides = given.get("strides", [1] * len(sides))
    dilations = given.get("dilations", [1] * len(sides))
    taps = "uvw"[: len(sides)]
    rows = zip(sides, kernel, strides, dilations, pads, strict=True)
    axes = {tap: Axis(*row, *pad) for tap, (*row, pad) in zip(taps, rows, strict=True)}
    sizes = {"i": read // groups, "o": written // groups}
    image, extra = ones(sizes["i"], *sides), given.get("output_padding", [0] * len(sides))
    offset = ones(sizes["o"]) if bias else None
    weights = ones(sizes["o"], sizes["i"], *kernel)
    if kind == "Conv":
        run = convolve(weights, image, "i", "o", taps, sizes, axes, offset)
    else:
        factors, more = [(f"oi{taps}", weights)], dict(zip(taps, extra, strict=True))
        run = scatter(factors, image, "i", "o", sizes, axes, more, [offset])
    return [run] * groups


def test_linear_layers_and_what_runs_between_them(onnx, derive, tmp_path):
    nodes = [
        node(onnx, "Gemm", "x w1 b1", "a", name="one", transB=1),
        node(onnx, "Relu", "a", "b"),
        node(onnx, "MatMul", "b w2", "c", name="two"),
        node(onnx, "Add", "c b2", "y"),
    ]
    weights = {"w1": normal(6, 4), "b1": normal(6), "w2": normal(6, 2), "b2": normal(2)}
    path = saved(onnx, tmp_path / "mlp.onnx", nodes, weights, [5, 4])
    found = counted(derive, path)
    assert [(one["macs"], one["flops"], one["parameters"]) for one in found["layers"]] == [
        (5 * 24, 5 * 48, 30),
        (5 * 12, 5 * 24, 14),
    ]
    assert [one["batch"] for one in found["layers"]] == [5, 5]
    assert found["layers"][0]["not_counted"] == ["Relu"]
    assert found["unknown"] == []
    assert [one["step"] for one in found["between"]] == ["activation"]


def test_a_matrix_is_applied_at_every_position(onnx, derive, tmp_path):
    nodes = [node(onnx, "MatMul", "x w", "y", name="it")]
    path = saved(onnx, tmp_path / "tokens.onnx", nodes, {"w": normal(8, 3)}, [2, 7, 8])
    (found,) = counted(derive, path)["layers"]
    assert (found["macs"], found["batch"], found["input"]) == (2 * 7 * 24, 2, [8, 7])


def test_a_chain_of_layers_reaches_as_far_as_its_dependence(onnx, derive, tmp_path):
    nodes = [
        node(onnx, "Conv", "x w", "a", strides=[2, 1], pads=[1, 1, 1, 1]),
        node(onnx, "MaxPool", "a", "b", kernel_shape=[2, 3], strides=[2, 2]),
        node(onnx, "Conv", "b w", "y", dilations=[1, 2]),
    ]
    path = saved(onnx, tmp_path / "chain.onnx", nodes, {"w": normal(1, 1, 3, 3)}, [1, 1, 40, 40])
    found = counted(derive, path)["layers"][-1]["receptive_field"]
    session = package("onnxruntime").InferenceSession(path)
    middle = session.run(None, {"x": np.zeros((1, 1, 40, 40), "float32")})[0].shape[2:]
    assert found == [dependence(session, axis, middle) for axis in (0, 1)]


def dependence(session, axis, sides):
    """How many rows or columns one output in the middle depends on, by changing each."""
    at = (0, 0, sides[0] // 2, sides[1] // 2)

    def run(line, number):
        image = np.zeros((1, 1, 40, 40), "float32")
        image[(0, 0, line) if axis == 0 else (0, 0, slice(None), line)] = number
        return session.run(None, {"x": image})[0][at]

    touched = [line for line in range(40) if {run(line, 1e6), run(line, -1e6)} != {run(line, 0)}]
    return max(touched) - min(touched) + 1


def test_what_is_not_known_is_named_and_not_zero(onnx, derive, tmp_path):
    nodes = [
        node(onnx, "Conv", "x w", "a", name="known"),
        node(onnx, "Conv", "x v", "b", name="dynamic"),
        node(onnx, "Mystery", "a", "y", name="strange", domain="elsewhere"),
    ]
    graph_inputs = {"w": normal(2, 3, 3, 3)}
    path = tmp_path / "odd.onnx"
    kernel = [node(onnx, "ReduceMax", "x", "m"), node(onnx, "Mul", "w m", "v")]
    saved(onnx, path, [*kernel, *nodes], graph_inputs, [1, 3, 8, 8])
    found = counted(derive, str(path))
    assert [one["name"] for one in found["layers"]] == ["known"]
    assert {one["name"]: one["operation"] for one in found["unknown"]} == {
        "dynamic": "Conv",
        "strange": "Mystery",
    }
    shown = derive("count", str(path)).stdout
    assert "not counted: strange (Mystery), the operation is not known" in shown
    assert "its kernel is worked out while the model runs" in shown


def test_open_sizes_are_asked_for_by_name(onnx, derive, tmp_path):
    nodes = [node(onnx, "Conv", "x w", "y", name="it")]
    weights = {"w": normal(2, 3, 3, 3)}
    path = saved(onnx, tmp_path / "open.onnx", nodes, weights, ["N", 3, "H", "W"])
    ran = derive("count", path)
    assert refused(ran) == (
        "derive: open.onnx: input x has open sizes Nx3xHxW: give them with --size x=1x3x224x224"
    )
    (small,) = counted(derive, path, "--size", "1x3x8x8")["layers"]
    (large,) = counted(derive, path, "--size", "x=4x3x8x8")["layers"]
    assert large["macs"] == 4 * small["macs"] == 4 * 36 * 54
    assert "no input z" in refused(derive("count", path, "--size", "z=1x3x8x8"))
    assert "has 4 sizes" in refused(derive("count", path, "--size", "3x8x8"))


def test_an_open_batch_is_one_sample(onnx, derive, tmp_path):
    nodes = [node(onnx, "Conv", "x w", "y")]
    path = saved(onnx, tmp_path / "b.onnx", nodes, {"w": normal(2, 3, 3, 3)}, ["N", 3, 8, 8])
    assert counted(derive, path)["inputs"] == {"x": [1, 3, 8, 8]}


def refused(ran):
    """The one line of a run that is refused."""
    assert ran.returncode == 2, (ran.returncode, ran.stderr)
    assert ran.stdout == ""
    (line,) = ran.stderr.splitlines()
    assert "Traceback" not in line
    return line


def test_files_that_are_no_model(onnx, derive, tmp_path):
    (tmp_path / "noise.onnx").write_bytes(bytes(range(256)) * 8)
    assert "is not a model of ONNX" in refused(derive("count", str(tmp_path / "noise.onnx")))
    (tmp_path / "empty.onnx").write_bytes(b"")
    assert "it has no operations" in refused(derive("count", str(tmp_path / "empty.onnx")))
    nodes = [node(onnx, "Conv", "x w", "y")]
    path = saved(onnx, tmp_path / "whole.onnx", nodes, {"w": normal(64, 3, 9, 9)}, [1, 3, 9, 9])
    data = (tmp_path / "whole.onnx").read_bytes()
    (tmp_path / "cut.onnx").write_bytes(data[: len(data) // 2])
    assert path
    assert "is cut off" in refused(derive("count", str(tmp_path / "cut.onnx")))
    (tmp_path / "folder.onnx").mkdir()
    assert "is a folder" in refused(derive("count", str(tmp_path / "folder.onnx")))
    assert "cannot be read" in refused(derive("count", str(tmp_path / "none.onnx")))


@pytest.mark.parametrize(
    "word", [b"Conv", b"image", b"out_y", b"strides", b"SAME_UPPER", b"side_n"]
)
def test_words_that_are_no_text(onnx, derive, tmp_path, word):
    given = {"strides": [2, 2], "auto_pad": "SAME_UPPER"}
    made = onnx.helper.make_node("Conv", ["image", "w"], ["out_y"], **given)
    x = onnx.helper.make_tensor_value_info("image", 1, ["side_n", 3, 8, 8])
    y = onnx.helper.make_tensor_value_info("out_y", 1, None)
    held = [onnx.numpy_helper.from_array(normal(2, 3, 3, 3), "w")]
    model = onnx.helper.make_model(onnx.helper.make_graph([made], "g", [x], [y], held))
    data = model.SerializeToString()
    assert word in data
    path = tmp_path / "words.onnx"
    path.write_bytes(data.replace(word, b"\xff" * len(word)))
    ran = derive("count", str(path))
    assert "Traceback" not in ran.stderr
    if word == b"SAME_UPPER":  # an attribute may be bytes: the operation is not counted
        assert "not counted: Conv_0" in ran.stdout
    else:
        assert "a name in it is no text in UTF-8" in refused(ran)


def test_a_file_beyond_what_protobuf_can_hold(onnx, derive, tmp_path):
    path = tmp_path / "huge.onnx"
    with path.open("wb") as stream:
        stream.truncate(2**31 + 5)  # a hole: it takes no room on the disk
    assert "save its weights as external data" in refused(derive("count", str(path)))


def test_without_the_package_onnx_the_line_that_installs_it(tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"\x08\x08")
    code = (
        "import sys; sys.modules['onnx'] = None\n"
        "from derive.facts.count import count_facts\n"
        "try: count_facts(sys.argv[1])\n"
        "except ValueError as error: print(error)"
    )
    words = [sys.executable, "-c", code, str(tmp_path / "model.onnx")]
    ran = subprocess.run(words, capture_output=True, text=True, check=True)
    assert ran.stdout == (
        'a file of ONNX needs the package onnx: in a clone, pip install -e ".[onnx]"\n'
    )


OTHERS = ("weights.pt", "model.h5", "net.safetensors", "x.pkl")


@pytest.mark.parametrize("name", OTHERS)
def test_other_files_are_refused_unread(derive, name):
    assert "export the model to ONNX" in refused(derive("count", name))


def test_names_that_nothing_has(derive):
    assert "did you mean mobilenet-v" in refused(derive("count", "mobilenet-v"))
    assert "no variant 0.8" in refused(derive("count", "mobilenet-v1", "--variant", "0.8"))
    assert "is no model" in refused(derive("count", "./nothing"))
    assert "given twice" in refused(derive("count", "vgg-16", "--size", "9", "--size", "8"))


def test_a_list_of_layers_adds_up(derive, tmp_path, monkeypatch):
    (tmp_path / "layers.csv").write_text(LIST.replace(" ", ","))
    found = counted(derive, str(tmp_path / "layers.csv"))
    macs = [27 * 16 * 256, 9 * 16 * 256, 16 * 32 * 256, 320]
    assert [one["macs"] for one in found["layers"]] == macs
    assert [one["name"] for one in found["layers"]] == ["stem", "1.1", "1.2", "fc"]
    assert found["totals"]["macs"] == sum(macs)
    assert found["totals"]["other_parameters"] == 2 * (16 + 16 + 32)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=BytesIO(LIST.encode())))
    typed = derive("count", "-", "--csv")
    assert typed.stdout == derive("count", str(tmp_path / "layers.csv"), "--csv").stdout


WRONG = {
    "": "begins with its image",
    "3x3 16": "line 1: '3x3 16' is no image",
    "image 3x32x32": "needs a layer below its image",
    "image 3x32x32\n3x3": "line 2: the number of output channels is missing",
    "image 3x32x32\n3x3 16\nconv 3x3 16": "line 3: 'conv' is not known",
    "image 3x32x32\n3x3 16 vaild": "line 2: 'vaild' is not known; did you mean valid?",
    "image 3x32x32\n3x3 many": "line 2: 'many' is no number",
    "image 3x32x32\n3x3/0 16": "line 2: stride must be at least 1",
    "image 3x32x32\n5x3x3 16": "line 2: kernel 5x3x3 has 3 numbers",
    "image 3x32x32\n3x3 16 groups=2": "line 2: groups 2 must divide the 3 input channels",
    "image 3x4x4\n7x7 16 valid": "line 2: kernel 7 with dilation 1 spans 7 pixels",
    "image 3x32x32\n( 3x3 16": "line 2: this parenthesis is not closed",
    "image 3x32x32\n3x3 16 )": "line 2: ')' closes or joins nothing",
    "image 3x32x32\n( 3x3 8 | 3x3 8 + 3x3 8 )": "line 2: put branches that are joined by",
    "image 3x32x32\n( 3x3 8 + 3x3 16 )": "line 2: 8x32x32 and 16x32x32 cannot be added",
    "image 3x32x32\n( 3x3/2 8 | 3x3 8 )": "line 2: 8x16x16 and 8x32x32 cannot be side by side",
    "image 3x32x32\n3 * 3x3 8": "line 2: write how often in front of parentheses",
    "image 0x32x32\n3x3 8": "'0x32x32' is no size",
    "image 3x32x32\n" + "999 * ( " * 8 + "3x3 3" + " )" * 8: "line 2: more than 20,000 layers",
    "image 3x32x32\n" + "( " * 30 + "3x3 3" + " )" * 30: "parentheses within each other",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_list_names_the_line(derive, tmp_path, text):
    (tmp_path / "layers.txt").write_text(text)
    line = refused(derive("count", str(tmp_path / "layers.txt")))
    assert line.startswith("derive: layers.txt: ")
    assert WRONG[text] in line


def test_no_text_at_all(derive, tmp_path):
    (tmp_path / "layers.csv").write_bytes(b"\xff\xfe\x00")
    assert "is no text in UTF-8" in refused(derive("count", str(tmp_path / "layers.csv")))


def test_branches_are_joined_and_read_twice():
    text = "image 4x8x8\nin: 1x1 4\n( . + 3x3 4 > relu > 1x1 4 | 1x1 4 )"
    with pytest.raises(ValueError, match="different signs"):
        network_model("x", text)
    text = "image 4x8x8\nin: 1x1 4\nsum: ( . + 3x3 4 > relu > 1x1 4 )\nside: ( 1x1 2 | dw 3x3 )"
    model = network_model("x", text)
    assert {one.name: (one.next, one.between) for one in model.layers} == {
        "in": ("", ()),
        "sumb.1": ("sumb.2", ("Relu",)),
        "sumb.2": ("", ()),
        "sidea": ("", ()),
        "sideb": ("", ()),
    }
    assert model_facts(model).layers[-1].output == (4, 8, 8)


def test_a_table_in_csv_is_read_back_by_the_names_of_its_columns(derive):
    """A spreadsheet finds every count under its name, a side of several after an x."""
    words = ("count", "mobilenet-v1", "--size", "64")
    rows = list(csv.DictReader(io.StringIO(derive(*words, "--csv").stdout)))
    layers = json.loads(derive(*words, "--json").stdout)["layers"]
    assert len(rows) == len(layers) == 28
    for row, layer in zip(rows, layers, strict=True):
        assert row.keys() == layer.keys()
        for name, value in layer.items():
            assert row[name] == in_csv(name, value), name


def in_csv(name, value):
    if name == "padding":
        return "x".join(f"{before}:{after}" for before, after in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "not_counted":
        return "; ".join(value)
    return "x".join(map(str, value)) if isinstance(value, list) else str(value)


def test_what_is_not_counted_has_a_row_in_every_table(derive, tmp_path):
    onnx = package("onnx")
    conv = onnx.helper.make_node("Conv", ["x", "k"], ["y"], name="dynamic")
    found = made_model([conv], {}, {"x": (1, 3, 8, 8), "k": (4, 3, 3, 3)}, {"y": (1, 4, 6, 6)})
    odd = onnx.helper.make_node("Frobnicate", ["x"], ["z"], name="odd", domain="mine")
    found.graph.node.append(odd)
    path = tmp_path / "m.onnx"
    onnx.save(found, path)
    (dynamic, odd) = csv.DictReader(io.StringIO(derive("count", path, "--csv").stdout))
    assert (odd["name"], odd["kind"], odd["macs"]) == ("odd", "not counted", "")
    assert odd["not_counted"] == "Frobnicate, the operation is not known"
    assert dynamic["not_counted"] == "Conv, its kernel is worked out while the model runs"
    for form in ("--markdown", "--latex"):
        text = derive("count", path, form).stdout
        assert "not counted: Frobnicate, the operation is not known" in text, form


def test_a_pipe_is_no_model(derive, tmp_path):
    package("onnx")
    os.mkfifo(tmp_path / "m.onnx")
    assert "m.onnx is a pipe or a device" in refused(derive("count", tmp_path / "m.onnx"))
