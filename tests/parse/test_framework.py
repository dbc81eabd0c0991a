"""Layers typed as in PyTorch and Keras: what is read is what the frameworks build of it, and the
family is the one whose printed code it is."""

import ast
import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from itertools import islice
from shlex import quote, split

import pytest

from derive.code.plan import plan
from derive.code.pytorch import pytorch
from derive.code.recognized import recognized
from derive.notation.errors import InputError
from derive.parse.framework import is_code, LAYERS, read_layers, SIGNATURES
from tests.cli.conftest import derive as derive
from tests.code.snippets import rows
from tests.tools import need

PAIR = "nn.Sequential(nn.Conv2d(3, 8, (3,1)), nn.Conv2d(8, 8, (1,3)))"
KNOWN = {
    PAIR: ("asymmetric", {"m": 8}, 280),
    "SeparableConv2D(100, 5)": ("depthwise-separable", {"M": 1}, 1350),
    "layers.SeparableConv2D(100, 5, depth_multiplier=2, use_bias=False, name='a')": (
        *("depthwise-separable", {"M": 2}),
        10 * 2 * 25 + 20 * 100,
    ),
    "torch.nn.Conv2d(8, 8, 3, groups=8)": ("depthwise", {"M": 1}, 80),
    "nn.Conv2d(1, 8, 3)": ("standard", {}, 80),  # of one channel, depthwise too
    "nn.Conv2d(8, 8, kernel_size=1, bias=False)": ("pointwise", {}, 64),
    "nn.Conv2d(8, 16, 3, 2, 1, groups=4)": ("grouped", {}, 16 * 2 * 9 + 16),
    "[Conv2D(16, 1, use_bias=False), DepthwiseConv2D(3, padding='same')]": (
        *("blueprint-separable", {}),
        10 * 16 + 16 * 9 + 16,
    ),
    "nn.Conv2d(64, 16, 1)\nnn.Conv2d(16, 20, 3, stride=2, padding=1)\nnn.Conv2d(20, 64, 1)": (
        *("tucker-2", {"P": 20, "Q": 16}),
        64 * 17 - 64 + 16 + 20 * 16 * 9 + 20 + 64 * 21,
    ),
    "nn.Conv2d(6, 6, (3,1), groups=2); nn.Conv2d(6, 8, (1,3), groups=2); nn.ReLU()": (
        *("grouped-asymmetric", {"m": 6}),
        6 * 3 * 3 + 6 + 8 * 3 * 3 + 8,
    ),
    "x = Conv2D(8, (1, 3), padding='same')(Conv2D(4, (3, 1), padding='same')(inputs))": (
        *("asymmetric", {"m": 4}),
        10 * 3 * 4 + 4 + 4 * 3 * 8 + 8,
    ),
    "nn.ConvTranspose2d(3, 8, 4, stride=2, padding=1)": ("standard", {}, 3 * 8 * 16 + 8),
    "Conv1D(7, 5, strides=2, padding='same')": ("standard", {}, 10 * 7 * 5 + 7),
    "nn.Conv3d(3, 4, (1, 3, 3), dilation=(1, 2, 2))": ("standard", {}, 3 * 4 * 9 + 4),
}
REFUSED = {
    "nn.Conv2d(3, 8, (3,1)), nn.ReLU(), nn.Conv2d(8, 8, (1,3))": "ReLU stands between",
    "[Conv2D(8, (3, 1), activation='relu'), Conv2D(8, 1)]": "relu stands between stages 1",
    "nn.Sequential(nn.Conv2d(3, 8, 3), nn.Conv2d(8, 8, 3))": "both slide along the height",
    "nn.Conv2d(3, 8, (3,1)); nn.Conv2d(9, 8, (1,3))": "writes 8 channels, stage 2 reads 9",
    "nn.Conv2d(3, 4, 3), nn.Conv2d(4, 8, 1, bias=False)": "a bias on some stages",
    "[Conv2D(8, (3, 1)), Conv2DTranspose(8, (1, 3))]": "is transposed, the other is not",
    "nn.Conv2d(4, 4, (3,1), groups=2), nn.Conv2d(4, 8, (1,3))": "none has these stages",
    "nn.Conv2d(3, 8, 3, groups=2)": "2 groups do not divide the 3 input channels",
    "nn.Conv2d(C, 8, 3)": "in_channels of Conv2d must be written out, such as 3 or (3, 1), not C",
    "nn.Conv2d(3, 8, 3, padding_mode='reflect')": "only zeros can be read",
    "nn.Conv2d(3, 8, (3, 3, 3))": "kernel_size of Conv2d must be one number, or 2",
    "nn.Conv2d(3, 8)": "Conv2d needs kernel_size",
    "nn.Conv2d(3, 8, 0)": "kernel_size must be an integer from 1",
    "nn.Conv2d(3, 8, 3, colour=1)": "Conv2d has no argument colour",
    "nn.Conv2d(3, 8, 3": "this is no Python in line 1",
    "nn.Conv2d(3, 8, 300)": "leaves nothing of an image",
    "nn.Conv2d(*a)": "Conv2d takes in_channels",
    "nn.Sequential(*[nn.Conv2d(3, 8, 3)])": "is no layer",
    "nn.Sequential(nn.ReLU(), nn.Conv2d(3, 8, 3))": "ReLU stands before the first convolution",
    "nn.Sequential()": "there is no convolution in it",
    "for i in x: nn.Conv2d(3, 8, 3)": "only layers can be read, no for",
    "nn.Conv2d(3, 8, __import__('os').getpid())": "kernel_size of Conv2d must be written out",
    "Conv2D(8, 3, data_format='channels_first')": "must have its channels last",
    "nn.Conv2d(" + "(" * 2000 + "3": "this is no Python",
    "nn.Conv2d(3, 8, 3)" + " " * 4000 + "#": "more than 4,000",
}


def read(text):
    return recognized(read_layers(text, 10))


@pytest.mark.parametrize("text", KNOWN)
def test_code_is_the_family_with_its_parameters(text):
    family, setting, parameters = KNOWN[text]
    row = read(text).row
    assert (row.entry.name, {x.name: n for x, n in row.chosen.items()}) == (family, setting)
    assert row.number(row.layer.bias.of("parameters")) == parameters
    assert is_code(text)


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_family_has_its_reason_in_one_line(derive, text):
    with pytest.raises(InputError) as caught:
        read(text)
    assert REFUSED[text] in str(caught.value)
    assert "\n" not in str(caught.value)
    done = derive("define", text)
    assert (done.returncode, done.stderr.count("\n"), done.stdout) == (2, 1, "")


def test_nothing_is_run(derive, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    evil = "open('run', 'w')"
    for text in (
        f"nn.Conv2d(3, 8, {evil})",
        f"nn.Conv2d(3, 8, 3); {evil}",
        f"[{evil}, Conv2D(1, 1)]",
    ):
        derive("define", text.format(evil))
    assert not list(tmp_path.iterdir())


def test_lines_and_names_are_no_code():
    for text in ("A[j,i,u] B[o,j,v]", "jiu,ojv->oiuv", "SeparableConv2D", "Conv1d", "a[u] b[v]"):
        assert not is_code(text)


def test_the_command_says_what_it_is_with_its_numbers(derive):
    text = derive("define", PAIR).stdout.splitlines()
    assert text[0].rstrip() == (
        "Recognized: Asymmetric convolution, vertical first, m = 8:"
        " 8 filters of 3×1×3, then 8 filters of 1×3×8."
    )
    assert text[1].rstrip() == "It has 280 parameters (with bias) and 4,209,408 MACs."
    assert 8 * 9 * 126 * 128 + 8 * 24 * 126 * 126 == 4_209_408
    facts = json.loads(derive(*split(f"define {quote(PAIR)} --json --image 9")).stdout)
    assert facts["recognized"]["setting"] == {"m": 8}
    assert facts["example"]["line"]["parameters"] == 280
    assert facts["example"]["layer"]["output"] == [7, 7]
    own = json.loads(derive(*split('define "A[j,i,u] B[o,j,v]" --json')).stdout)
    assert "recognized" not in own


def test_code_of_one_framework_is_printed_for_another(derive):
    words = ["code", "SeparableConv2D(100, 5)", "--in", "10"]
    text = derive(*words).stdout
    assert "nn.Conv2d(10, 10, 5, groups=10, bias=False)," in text
    assert "nn.Conv2d(10, 100, 1)," in text
    assert re_parameters(text) == 1350
    done = derive(*words, "--stride", "2")
    assert (done.returncode, done.stderr) == (
        2,
        "derive: --stride is what the code says: leave it out\n",
    )


def re_parameters(text):
    (line,) = (line for line in text.splitlines() if line.startswith("assert ") and "==" in line)
    return int(line.rpartition("== ")[2])


def chain_of(made):
    """The layer of the printed code, if it is a chain of convolutions that pads evenly."""
    text = pytorch(made)
    chain = next(
        ast.unparse(one.value)
        for one in ast.parse(text).body
        if isinstance(one, ast.Assign) and one.targets[0].id == "layer"
    )
    return chain if made.alone and is_code(chain) and "Pad" not in chain else ""


def even(row):
    """The row with as much padding after as before, as nn.Conv2d has it."""
    axes = (replace(axis, after=axis.before) for axis in row.layer.axes)
    return replace(row, layer=replace(row.layer, axes=tuple(axes)))


def test_the_code_that_is_printed_for_pytorch_is_read_back():
    """The chain of the printed code, on the same image, has the costs of the design it is of."""
    checked = 0
    for uneven in islice(rows(seed=51), 200):
        with suppress(InputError):
            row = even(uneven)
            made = plan(row)
            if row.entry.name == "own" or not (chain := chain_of(made)):
                continue
            stages = read_layers(chain, row.layer.channels_in, made.image)
            found = recognized(stages).row
            for name in (row.layer.bias.of("parameters"), "macs", "macs_in_bounds", "activations"):
                assert found.number(name) == row.number(name), (chain, found.entry.name)
            assert found.layer.bias == row.layer.bias or len(made.stages) == 1
            checked += 1
    assert checked > 40


CHILD = """
import json, sys
name = sys.argv[1]
found = {}
if name == "torch":
    import torch
    from torch import nn
    for text in json.load(sys.stdin):
        made = eval(text)
        shape = made(torch.zeros(1, made[0].in_channels, *[16] * (len(made[0].kernel_size)))).shape
        found[text] = [sum(p.numel() for p in made.parameters()), list(shape)[1:]]
else:
    import keras
    from keras.layers import *
    for text in json.load(sys.stdin):
        made = keras.Sequential(eval(text))
        axes = int(type(made.layers[0]).__name__.replace("Transpose", "")[-2])
        made.build((1, *[16] * axes, 10))
        shape = made.output_shape[1:]
        found[text] = [made.count_params(), [shape[-1], *shape[:-1]]]
print(json.dumps(found))
"""
BUILT = {
    "torch": [
        PAIR,
        "nn.Sequential(nn.Conv2d(8, 16, 3, 2, 1, groups=4))",
        "nn.Sequential(nn.Conv2d(3, 8, (4, 3), padding='same', dilation=2))",
        "nn.Sequential(nn.Conv2d(8, 8, 3, groups=8, bias=False), nn.Conv2d(8, 5, 1))",
        "nn.Sequential(nn.ConvTranspose2d(3, 8, 4, 2, 1, 1, 1, False, 2))",
        "nn.Sequential(nn.Conv1d(3, 8, 5, stride=3))",
        "nn.Sequential(nn.Conv3d(3, 4, (1, 3, 3), dilation=(1, 2, 2)))",
    ],
    "keras": [
        "[SeparableConv2D(100, 5)]",
        "[SeparableConv2D(7, (3, 5), strides=2, padding='same', depth_multiplier=2)]",
        "[Conv2D(16, 1, use_bias=False), DepthwiseConv2D(4, padding='same')]",
        "[DepthwiseConv2D((3, 2), depth_multiplier=3, dilation_rate=2)]",
        "[Conv2D(10, 3, groups=5, strides=(3, 3), padding='same')]",
        "[Conv2DTranspose(8, 3, strides=2, padding='same')]",
        "[Conv2DTranspose(8, 2, strides=3)]",
        "[Conv1D(7, 5, strides=3, padding='same')]",
    ],
}


@pytest.mark.parametrize("framework", BUILT)
def test_what_is_read_is_what_the_framework_builds(framework):
    need(find_spec(framework), f'{framework} is missing: pip install -e ".[frameworks]" brings it')
    done = subprocess.run(
        [sys.executable, "-c", CHILD, framework],
        input=json.dumps(BUILT[framework]),
        env={**os.environ, "KERAS_BACKEND": "numpy", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    for text, (parameters, shape) in json.loads(done.stdout).items():
        row = recognized(read_layers(text, 10, (16,))).row
        assert row.number(row.layer.bias.of("parameters")) == parameters, text
        outputs = [int(axis.output) for axis in row.layer.axes]
        assert [row.layer.channels_out, *outputs] == shape, text


@pytest.mark.parametrize("framework", BUILT)
def test_signatures_are_those_of_the_frameworks(framework):
    need(find_spec(framework), f'{framework} is missing: pip install -e ".[frameworks]" brings it')
    code = f"""
import inspect, json
{"from torch import nn as found" if framework == "torch" else "from keras import layers as found"}
print(json.dumps({{name: list(inspect.signature(getattr(found, name).__init__).parameters)
    for name in {[n for n in LAYERS if (n[-1] == "d") == (framework == "torch")]}}}))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "KERAS_BACKEND": "numpy"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    for name, arguments in json.loads(done.stdout).items():
        wanted = SIGNATURES[LAYERS[name][0]]
        assert tuple(arguments[1 : len(wanted) + 1]) == wanted, name
