"""derive factor --code: the layer in a framework, which loads the factors that were found."""

import json
from shlex import split

import numpy as np
import pytest

import derive as public
from derive.catalogue import FAMILIES
from derive.notation.letters import t, u, v
from tests.code.snippets import run

CASES = {
    "asymmetric": "--as asymmetric --middle 4 --stride 2x1 --dilation 1x2",
    "depthwise-separable": "--as depthwise-separable --multiplier 2 --stride 2",
    "tucker-2": "--as tucker-2 --rank P=2,Q=3",
    "network-decoupling": "--as network-decoupling --rank 2",
    "transposed": "--as asymmetric --middle 3 --transposed --stride 2",
    "chosen by its error": "--as asymmetric --error 0.3",
    "the width by name": "--as asymmetric --middle out",
}


@pytest.fixture
def weights(tmp_path):
    """Weights of 4 outputs and 3 inputs in float32, their file and the file of their factors."""
    array = np.random.default_rng(3).standard_normal((4, 3, 3, 3)).astype(np.float32)
    np.save(tmp_path / "w.npy", array)
    return array, tmp_path / "w.npy", tmp_path / "f.npz"


@pytest.mark.parametrize("case", CASES)
def test_the_code_loads_the_factors_and_is_the_kernel_near_the_given_one(
    derive, weights, tmp_path, case
):
    array, path, out = weights
    words = ("factor", path, *split(CASES[case]), "--nearest", "--image", "9")
    found = derive(*words, "--code", "numpy", "--out", out)
    assert not found.returncode, found.stderr
    said = json.loads(derive(*words, "--json").stdout)
    ((error, printed),) = run([f"{found.stdout}\nprint(kernel.tolist())"], tmp_path)
    assert not error
    kernel = np.array(json.loads(printed.splitlines()[-1]))
    with np.load(out) as stored:
        names = [one["name"] for one in said["nearest"]["factors"]]
        factors = [stored[name] for name in names]
        assert {factor.dtype for factor in factors} == {np.dtype("float32")}
        contracted = np.einsum(str(stored["einsum"]), *(x.astype(float) for x in factors))
    assert kernel == pytest.approx(contracted, abs=1e-12)
    whole = array.swapaxes(0, 1) if case == "transposed" else array
    off = np.linalg.norm(kernel - whole) / np.linalg.norm(whole)
    assert off == pytest.approx(said["nearest"]["relative_error"], rel=1e-6, abs=1e-9)


def test_the_layer_of_the_options_is_that_of_the_code(derive, weights):
    _, path, out = weights
    line = f"factor {path} --middle 5 --nearest --stride 2x3 --dilation 1x2 --code pytorch"
    text = derive(*split(line), "--out", out).stdout
    assert "nn.Conv2d(3, 5, (3, 1), stride=(2, 1), padding=(1, 0), bias=False)," in text
    last = "nn.Conv2d(5, 4, (1, 3), stride=(1, 3), padding=(0, 2), dilation=(1, 2), bias=False),"
    assert last in text
    assert f"np.load({str(out)!r})" in text


@pytest.mark.parametrize("framework", ["pytorch", "keras", "jax", "numpy", "onnx"])
def test_it_is_the_file_of_derive_code(derive, weights, framework):
    _, path, out = weights
    asked = f"factor {path} --as tucker-2 --rank 2 --nearest --code {framework} --out {out}"
    text = derive(*split(asked)).stdout
    line = f"code tucker-2 --framework {framework} --weights {out}"
    assert text
    assert text == derive(*split(line)).stdout


def test_exact_factors_are_loaded_too(derive, tmp_path):
    out = tmp_path / "f.npz"
    found = derive(*split(f'factor "1/3 2/3; 1/6 1/3; 1 2" --code numpy --out {out} --image 8x9'))
    ((error, printed),) = run([f"{found.stdout}\nprint(kernel.tolist())"], tmp_path)
    assert not error
    kernel = json.loads(printed.splitlines()[-1])
    assert np.array(kernel)[0, 0] == pytest.approx(np.array([[2, 4], [1, 2], [6, 12]]) / 6)


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_every_family_is_code_whose_kernel_is_as_near_as_was_said(tmp_path, axes):
    random, made = np.random.default_rng(axes), {}
    for name, entry in FAMILIES.items():
        groups = 2 if set(entry.family.inputs) & set(entry.family.outputs) else 1
        array = random.standard_normal((2, 2 // groups, *(3,) * axes))
        options = {"groups": groups, "layout": "pytorch", "rank": 1, "middle": 2, "image": 4}
        if entry.family.on((t, u, v)[-axes:]) is None:
            with pytest.raises(public.InputError, match="has no form on a kernel"):
                public.factor(array, name, **options)
            continue
        found = public.factor(array, name, **options)
        found.save(tmp_path / f"{name}.npz")
        text = found.code("numpy", tmp_path / f"{name}.npz")
        made[name] = (f"{text}\nprint(kernel.tolist())", array, found)
    assert len(made) >= 11
    printed = run([text for text, _, _ in made.values()], tmp_path)
    for (name, (_, array, found)), (error, text) in zip(made.items(), printed, strict=True):
        assert not error, name
        kernel = np.array(json.loads(text.splitlines()[-1])).reshape(array.shape)
        off = np.linalg.norm(kernel - array) / np.linalg.norm(array)
        assert off == pytest.approx(found.relative_error, rel=1e-6, abs=1e-12), name


def test_in_python_the_code_and_the_factors_are_two_calls(weights, tmp_path):
    array, _, out = weights
    found = public.factor(array, "asymmetric", middle=2, stride=2)
    text = found.code("numpy", out)
    assert not out.exists()
    found.save(out)
    ((error, printed),) = run([text], tmp_path)
    assert not error
    assert printed.startswith("NumPy")
    assert "np.load('factors.npz')" in found.code("jax")
    with pytest.raises(public.InputError, match=r"f\.npz exists"):
        found.save(out)
    found.save(out, force=True)
    with pytest.raises(public.InputError, match="framework must be one of pytorch, keras"):
        found.code("caffe")
    with pytest.raises(public.InputError, match=r"in \.npz"):
        found.code("numpy", "f.json")
    none = public.factor(array, "cp", rank=2, nearest=False)
    with pytest.raises(public.InputError, match="no factors"):
        none.code("numpy")


REFUSED = {
    "factor sobel --code numpy": "--code needs --out FILE.npz, which the code loads",
    "factor sobel --code numpy --out {folder}/f.json": "--code needs --out FILE.npz, which the",
    "factor sobel --code numpy --out {folder}/f.npz --json": "leave out --json",
    "factor sobel --code numpy --out {folder}/f.npz --csv": "leave out --csv",
    "factor sobel --code numpy --out {folder}/f.npz --pareto": "leave out --pareto",
    "factor {path} --code numpy --middle 2 --out {folder}/f.npz": "--nearest finds those",
    "factor {path} --as standard --transposed --stride 2 --dilation 2 --code keras --out"
    " {folder}/f.npz": "Keras does not have",
    "factor {path} --middle side": "width m must be an integer, not 'side'",
    "factor {path} --middle in,out": "at most 1 at a time, not 2",
}


@pytest.mark.parametrize("line", REFUSED)
def test_what_cannot_be_loaded_gets_one_line_and_no_file(derive, weights, tmp_path, line):
    found = derive(*split(line.format(folder=tmp_path, path=weights[1])))
    assert found.returncode == 2
    assert REFUSED[line] in found.stderr
    assert found.stderr.count("\n") == 1
    assert not found.stdout
    assert sorted(one.name for one in tmp_path.iterdir()) == ["w.npy"]


@pytest.mark.parametrize(("word", "width"), [("in", 3), ("OUT", 4), ("2", 2)])
def test_the_width_can_be_that_of_the_channels_by_name(derive, weights, word, width):
    _, path, _ = weights
    said = json.loads(derive("factor", path, "--middle", word, "--json").stdout)
    assert said["setting"] == {"m": width}


def test_the_channels_by_name_are_those_of_the_kernel_in_full(derive, tmp_path):
    np.save(tmp_path / "w.npy", np.random.default_rng(0).standard_normal((6, 2, 3, 3)))
    words = ("factor", tmp_path / "w.npy", "--groups", "2", "--as", "grouped-asymmetric")
    said = json.loads(derive(*words, "--middle", "out", "--json").stdout)
    assert said["setting"]["m"] == 6
    said = json.loads(derive(*words, "--middle", "in", "--json").stdout)
    assert said["setting"]["m"] == 4
