"""Weights stay in the file until they are wanted: of any layout, and none of another."""

import io
from pathlib import Path

import numpy as np
import pytest

from derive.models.onnx import model_of
from derive.models.onnx_file import open_onnx
from derive.models.onnx_lean import LARGE, lean, MalformedError
from tests.models.made import model
from tests.tools import package

SHAPE = (24, 16, 9, 9)  # larger than what is kept
KINDS = ("raw", "float32", "float64", "float16", "int64", "copied", "of a function")


def made(onnx, kind):
    """A model of one large convolution whose numbers are stored in one way."""
    random = np.random.default_rng(0)
    numbers = random.integers(-9, 9, SHAPE)
    dtype = kind if kind.startswith(("float", "int")) else "float32"
    given = numbers.astype(dtype)
    names = ["copy", "conv"] if kind == "copied" else ["conv"]
    nodes = [onnx.helper.make_node("Conv", ["x", "k" if kind == "copied" else "w"], ["y"])]
    if kind == "copied":
        nodes.insert(0, onnx.helper.make_node("Identity", ["w"], ["k"]))
    for node, name in zip(nodes, names, strict=True):
        node.name = name
    found = model(nodes, {"w": given}, {"x": (1, 16, 20, 20)}, {"y": (1, 24, 12, 12)})
    if kind.startswith(("float", "int")):
        (held,) = found.graph.initializer
        listed = onnx.helper.make_tensor("w", held.data_type, SHAPE, given.ravel().tolist())
        held.CopyFrom(listed)
        assert not held.raw_data
    if kind == "of a function":
        inner = onnx.helper.make_node("Relu", ["a"], ["b"])
        opset = [onnx.helper.make_opsetid("", 17)]
        function = onnx.helper.make_function("mine", "act", ["a"], ["b"], [inner], opset)
        found.functions.append(function)
        found.opset_import.append(onnx.helper.make_opsetid("mine", 1))
        found.graph.node.append(onnx.helper.make_node("act", ["y"], ["z"], domain="mine"))
    return found, given


@pytest.mark.parametrize("kind", KINDS)
def test_the_numbers_are_read_where_they_stand(tmp_path, kind):
    onnx = package("onnx")
    found, given = made(onnx, kind)
    path = tmp_path / "m.onnx"
    path.write_bytes(found.SerializeToString())
    file = open_onnx(path)
    assert file.model.ByteSize() < LARGE < path.stat().st_size
    assert np.array_equal(file.array("k" if kind == "copied" else "w"), given)
    (layer,) = model_of(file).layers
    assert np.array_equal(layer.weights, given)
    if kind != "of a function":
        assert file.whole() == found


def test_only_numbers_are_left_out(tmp_path):
    onnx = package("onnx")
    found, _ = made(onnx, "raw")
    (held,) = found.graph.initializer
    held.doc_string = "of a kernel"
    path = tmp_path / "m.onnx"
    path.write_bytes(found.SerializeToString())
    data, places = lean(path)
    held.ClearField("raw_data")
    assert onnx.ModelProto.FromString(data) == found
    assert list(places) == ["w"]


def test_the_numbers_are_not_even_read_or_mapped(tmp_path, monkeypatch):
    onnx = package("onnx")
    found, _ = made(onnx, "raw")
    path = tmp_path / "m.onnx"
    path.write_bytes(data := found.SerializeToString())
    taken = []

    class Counted(io.BytesIO):
        def read(self, size):
            taken.append(size)
            return super().read(size)

    monkeypatch.setattr(Path, "open", lambda path, mode: Counted(data))
    assert list(lean(path)[1]) == ["w"]
    assert sum(taken) < LARGE < len(data)


def test_a_message_that_is_cut_off_anywhere_is_none(tmp_path):
    onnx = package("onnx")
    found, _ = made(onnx, "raw")
    data, path = found.SerializeToString(), tmp_path / "m.onnx"
    whole = sorted({0, *(len(data) - n for n in (0,))})
    for end in (1, 2, 5, 40, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:end])
        try:
            lean(path)
        except MalformedError:
            continue
        whole.append(end)
        assert onnx.ModelProto.FromString(data[:end])  # it ends between two fields
    assert len(data) // 2 not in whole
