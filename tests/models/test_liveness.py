"""What a model holds at once, against the definition tensor by tensor."""

import random
from importlib.util import find_spec

import numpy as np
import pytest

from derive.facts.count import count_facts
from derive.models.liveness import most_held, Ran
from derive.models.network import network_model
from tests.tools import need


def drawn(seed):
    """Operations that read some of what is there, and what is kept in the end."""
    pick = random.Random(seed)
    known, order = ["x0", "x1"], []
    for step in range(pick.randint(1, 9)):
        read = pick.sample(known, min(len(known), pick.randint(1, 3)))
        made = [f"t{step}_{n}" for n in range(pick.randint(1, 2))]
        order.append(Ran(tuple(read), tuple(made), over=pick.random() < 0.4))
        known += made
    sizes = {name: pick.randint(1, 20) for name in known if pick.random() < 0.9}
    return order, sizes, ["x0", "x1"], pick.sample(known, 2)


def alive(order, name, step, given, kept):
    """Whether a tensor is held during a step, by the definition."""
    born = -1 if name in given else next(n for n, one in enumerate(order) if name in one.writes)
    needed = [n for n, one in enumerate(order) if name in one.reads]
    dies = len(order) if name in kept else max(needed, default=max(born, 0))
    if not born <= step <= dies:
        return False
    now = order[step]
    return not (now.over and now.reads[0] == name and dies == step)


@pytest.mark.parametrize("seed", range(200))
def test_what_is_held_at_once_is_what_is_alive(seed):
    order, sizes, given, kept = drawn(seed)
    held = [
        sum(size for name, size in sizes.items() if alive(order, name, step, given, kept))
        for step in range(len(order))
    ]
    assert most_held(order, sizes, given, kept) == max(held)


@pytest.mark.parametrize(
    ("layers", "held"),
    [
        ("3x3 8", (3 + 8) * 64),
        ("3x3 8 relu\n3x3 4", (8 + 4) * 64),
        ("3x3 8 bn relu\n3x3/2 4", (3 + 8) * 64),
        ("3x3 8\n( . + 3x3 8 )", 3 * 8 * 64),  # the sum stands next to both that it adds
        ("3x3 8\n( . | 3x3 4 )", (8 + 4 + 12) * 64),
        ("( 3x3 5 + 3x3 5 > 1x1 5 )", 3 * 5 * 64),
        ("global\nlinear 10", 3 * 64 + 3),
        ("3x3 8\n( . ; 1x1 2 )\n3x3 8", (8 + 2 + 8) * 64),  # an output of its own is kept
    ],
)
def test_figures_by_hand(layers, held):
    assert network_model("n", f"image 3x8x8\n{layers}").held == held
    assert network_model("n", f"image 3x8x8\n{layers}", "5x3x8x8").held == 5 * held


def test_a_model_of_onnx_holds_what_the_same_list_of_layers_does(tmp_path):
    need(find_spec("onnx"), "onnx is not installed")
    import onnx

    weights = {"a": (8, 3, 3, 3), "b": (8, 8, 3, 3)}
    make, real = onnx.helper.make_node, onnx.TensorProto.FLOAT
    pads = {"pads": [1, 1, 1, 1]}
    nodes = [
        make("Conv", ["x", "a"], ["p"], **pads),
        make("Relu", ["p"], ["q"]),
        make("Conv", ["q", "b"], ["r"], **pads),
        make("Add", ["q", "r"], ["s"]),
        make("Flatten", ["s"], ["y"]),
    ]
    graph = onnx.helper.make_graph(
        nodes,
        "g",
        [onnx.helper.make_tensor_value_info("x", real, [2, 3, 8, 8])],
        [onnx.helper.make_tensor_value_info("y", real, [2, 512])],
        [onnx.numpy_helper.from_array(np.zeros(s, "float32"), n) for n, s in weights.items()],
    )
    path = tmp_path / "m.onnx"
    onnx.save(onnx.helper.make_model(graph), path)
    text = network_model("n", "image 3x8x8\n3x3 8 relu\n( . + 3x3 8 )", "2x3x8x8")
    assert count_facts(str(path)).totals.held == 4 * text.held == 4 * 2 * 3 * 8 * 64
