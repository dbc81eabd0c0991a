"""Layers in a row that are one family: found where they are, and nowhere else."""

import json
from dataclasses import replace

import numpy as np
import pytest

from derive.catalogue import FAMILIES
from derive.code.plan import plan
from derive.comparison import attempts, Choices
from derive.facts.recognized import recognized
from derive.models.model import Kind, Model, ModelLayer
from derive.notation.axis import Axis
from derive.notation.family import Family
from derive.notation.layer import Layer
from derive.parse.layer import read_layer
from tests.cli.conftest import derive as derive
from tests.models.made import model
from tests.tools import package

STAGED = [
    name
    for name, entry in FAMILIES.items()
    if isinstance(entry.family, Family) and len(entry.family.factors) > 1
]


def stages(name):
    """The layers that the printers of code make of a family."""
    image = "9x10x11" if name == "r2plus1d" else "10x11"
    kernel = "3x5x3" if name == "r2plus1d" else "5x3"
    groups = 2 if name.startswith("grouped") else 1
    outputs = 6 if name in ("depthwise", "depthwise-asymmetric") else 8
    layer = read_layer(
        image=image, kernel=kernel, channels_in=6, channels_out=outputs, groups=groups, stride="2"
    )
    choices = Choices(widths=(4,), multipliers=(2,), ranks=(3,))
    (row,) = attempts(FAMILIES[name], layer, choices)
    made = plan(row)
    found = []
    for n, stage in enumerate(made.stages):
        axes = tuple(
            Axis(w.input, w.kernel, w.stride, w.dilation, w.before, w.after) for w in stage.windows
        )
        own = Layer(stage.channels_in, stage.channels_out, axes, stage.groups)
        following = f"stage {n + 1}" if n + 1 < len(made.stages) else ""
        found.append(ModelLayer(f"stage {n}", Kind.CONV, own, next=following))
    return row, tuple(found)


@pytest.mark.parametrize("name", STAGED)
def test_the_stages_of_every_family_are_recognized(name):
    row, layers = stages(name)
    (found,) = recognized(Model("m", layers))
    assert found.layers == tuple(one.name for one in layers)
    assert found.family == name
    given = dict(row.setting)
    assert found.setting == {x: given[x] for x in found.setting}


@pytest.mark.parametrize("name", STAGED)
def test_an_activation_or_another_reader_parts_them(name):
    _, layers = stages(name)
    nonlinear = (replace(layers[0], between=("Relu",)), *layers[1:])
    shared = (replace(layers[0], next=""), *layers[1:])
    for other in (nonlinear, shared):
        found = recognized(Model("m", other))
        assert not any(layers[0].name in one.layers for one in found)
    normal = (replace(layers[0], between=("BatchNormalization",)), *layers[1:])
    assert len(recognized(Model("m", normal))) == 1


def test_two_plain_convolutions_are_no_family():
    wide = (Axis(9, 3, before=1, after=1),) * 2
    one = ModelLayer("one", Kind.CONV, Layer(4, 5, wide), next="two")
    two = ModelLayer("two", Kind.CONV, Layer(5, 6, wide))
    assert recognized(Model("m", (one, two))) == ()
    point = replace(two, layer=Layer(5, 6, (Axis(9, 1, stride=2),) * 2))
    assert recognized(Model("m", (one, point))) == ()


def test_a_file_says_so_in_words_and_in_json(derive, tmp_path):
    onnx = package("onnx")
    random = np.random.default_rng(0)
    weights = {
        "d": random.standard_normal((6, 1, 3, 3)).astype("float32"),
        "p": random.standard_normal((8, 6, 1, 1)).astype("float32"),
        "b": random.standard_normal(6).astype("float32"),
    }
    nodes = [
        onnx.helper.make_node("Conv", ["x", "d", "b"], ["t"], name="deep", group=6, pads=[1] * 4),
        onnx.helper.make_node("Conv", ["t", "p"], ["y"], name="point"),
    ]
    onnx.save(model(nodes, weights, {"x": (1, 6, 9, 9)}, {"y": (1, 8, 9, 9)}), tmp_path / "m.onnx")
    found = json.loads(derive("count", tmp_path / "m.onnx", "--json").stdout)
    assert found["recognized"] == [
        {
            "layers": ["deep", "point"],
            "family": "depthwise-separable",
            "title": FAMILIES["depthwise-separable"].title,
            "setting": {"M": 1},
        }
    ]
    shown = derive("count", tmp_path / "m.onnx").stdout
    assert "deep and point: Depthwise separable convolution, M = 1, as no activation" in shown
