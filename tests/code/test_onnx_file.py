"""ONNX files that `derive code --save` writes: ONNX Runtime makes of them what literal loops make
of the same weights, and they are the files that the printed code writes."""

import sys
from itertools import islice
from shlex import split

import numpy as np
import pytest

from derive.code.facts import planned
from derive.code.onnx import onnx
from derive.code.onnx_file import onnx_model
from derive.code.plan import plan
from derive.notation.bias import Bias
from derive.notation.errors import InputError
from tests.cli.conftest import derive as derive
from tests.code.snippets import installed, rows, run
from tests.oracle import Run

MANY = 60


def dense(entries):
    """A tensor of the oracle as an array."""
    array = np.zeros([1 + max(places) for places in zip(*entries, strict=True)])
    for index, value in entries.items():
        array[index] = value
    return array


def planning(many, seed):
    """Rows that are chains of convolutions, each with the run of it that loops make."""
    for row in islice(rows(seed), many):
        try:
            made = plan(row)
        except InputError:
            continue
        yield row, made, Run(row.line, row.layer, dict(row.setting), seed)


def saved(path, made, run):
    """The factors of a run in a .npz file, under the names of the copies."""
    names = [names for branch in made.branches for names in branch.names]
    arrays = {
        name: dense(entries)
        for copies, factors in zip(names, run.factors, strict=True)
        for name, (_, entries) in zip(copies, factors, strict=True)
    }
    np.savez(path, **arrays)
    return str(path)


def ran(model, x):
    import onnxruntime

    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x})[0]


def test_onnx_runtime_makes_of_a_file_what_loops_make(tmp_path):
    installed("onnx")
    checked = 0
    for row, made, loops in planning(MANY, seed=31):
        path = saved(tmp_path / "factors.npz", made, loops)
        model = onnx_model(planned(row, path), path)
        single = made.single
        x = dense(loops.image).reshape(1, single.channels_in, *made.image).astype("float32")
        found = ran(model, x)
        wanted = dense(loops.output).reshape(1, single.channels_out, *made.output)
        assert found.shape == wanted.shape
        assert np.array_equal(found, wanted), row
        checked += 1
    assert checked > MANY // 2


def test_the_file_is_the_one_that_the_code_writes(tmp_path):
    installed("onnx")
    found = [made for _, made, _ in planning(24, seed=32)]
    assert {made.bias for made in found} == set(Bias)
    codes = [
        f'import os\nos.mkdir("{n}")\nos.chdir("{n}")\n{onnx(made)}\nos.chdir("..")'
        for n, made in enumerate(found)
    ]
    assert not [error for error, _ in run(codes, tmp_path) if error]
    for n, made in enumerate(found):
        assert (tmp_path / str(n) / "layer.onnx").read_bytes() == onnx_model(made)


def test_the_command_writes_a_checked_model_and_no_file_twice(derive, tmp_path):
    installed("onnx")
    import onnx as package

    out = tmp_path / "layer.onnx"
    words = split("code SeparableConv2D --in 10 --out 100 --kernel 5 --image 9 --framework onnx")
    done = derive(*words, "--bias", "last", "--save", out)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"model written to {out}\n"
    model = package.load(out)
    package.checker.check_model(model, full_check=True)
    sizes = [np.prod(weight.dims) for weight in model.graph.initializer]
    assert sum(sizes) == 1350
    assert [node.op_type for node in model.graph.node] == ["Conv", "Conv"]
    assert ran(str(out), np.ones((2, 10, 9, 9), "float32")).shape == (2, 100, 9, 9)
    before = out.read_bytes()
    again = derive(*words, "--save", out)
    assert again.returncode == 2
    assert again.stderr.strip() == (
        f"derive: {out} exists: choose another name, or --force to overwrite"
    )
    assert out.read_bytes() == before
    assert derive(*words, "--save", out, "--force").returncode == 0
    assert out.read_bytes() != before
    assert [path.name for path in tmp_path.iterdir()] == ["layer.onnx"]


def test_code_can_be_saved_for_any_framework(derive, tmp_path):
    words = split("code asymmetric --framework numpy")
    text = derive(*words).stdout
    derive(*words, "--save", tmp_path / "layer.py")
    assert (tmp_path / "layer.py").read_text("utf-8") == text


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("--save layer.onnx", "--save layer.onnx is an ONNX model: it needs --framework onnx"),
        (
            "--framework onnx --out layer.onnx",
            "--out is for output channels: write --save layer.onnx",
        ),
        (
            "--in 100000 --out 100000 --framework onnx --save layer.onnx",
            "the model has 360,000,000,000 bytes of weights, a file of ONNX ends at 2 GB",
        ),
    ],
)
def test_what_cannot_be_written_is_refused_in_one_line(derive, words, wrong):
    done = derive(*split(f"code standard {words}"))
    assert (done.returncode, done.stderr.strip()) == (2, f"derive: {wrong}")


def test_without_the_package_the_line_says_what_brings_it(derive, monkeypatch, tmp_path):
    for name in ("onnx", "onnx.checker", "onnx.helper", "onnx.numpy_helper"):
        monkeypatch.setitem(sys.modules, name, None)
    done = derive(*split("code standard --framework onnx --save"), tmp_path / "layer.onnx")
    assert done.returncode == 2
    assert done.stderr.startswith("derive: an ONNX file needs the package onnx, which ")
    assert '-e ".[onnx]" brings' in done.stderr
    assert done.stderr.count("\n") == 1
