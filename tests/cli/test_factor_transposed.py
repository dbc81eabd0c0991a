"""Factors of a transposed layer in a .safetensors file: PyTorch runs them stage after stage as the
one transposed convolution that they contract to."""

from importlib.util import find_spec

import numpy as np
import pytest

from tests.tools import need

CASES = {  # options of a layer of 6 to 4 channels, groups of each stage, the stage of each stride
    "asymmetric": ("--middle 5", (1, 1), ((2, 1), (1, 3))),
    "asymmetric-horizontal-first": ("--middle 5", (1, 1), ((1, 3), (2, 1))),
    "depthwise-separable": ("--multiplier 2", (6, 1), ((2, 3), (1, 1))),
    "blueprint-separable": ("", (1, 4), ((1, 1), (2, 3))),
    "tucker-2": ("--rank P=3,Q=2", (1, 1, 1), ((1, 1), (2, 3), (1, 1))),
    "cp": ("--rank 3", (1, 3, 3, 1), ((1, 1), (2, 1), (1, 3), (1, 1))),
    "tensor-train": ("--rank 3", (1, 1, 1, 1), ((1, 1), (2, 1), (1, 3), (1, 1))),
}


@pytest.mark.parametrize("family", CASES)
def test_pytorch_runs_the_stages_of_a_transposed_layer(derive, tmp_path, family):
    need(find_spec("torch"), 'torch is not installed: pip install -e ".[frameworks]" brings it')
    need(find_spec("safetensors"), 'safetensors is not installed: pip install -e ".[test]"')
    import torch
    from safetensors.torch import load_file

    words, groups, strides = CASES[family]
    rng = np.random.default_rng(5)
    np.save(tmp_path / "w.npy", rng.standard_normal((6, 4, 3, 5)))
    for end in ("safetensors", "npz"):
        given = (tmp_path / "w.npy", "--transposed", "--nearest", "--as", family, *words.split())
        done = derive("factor", *given, "--stride", "2x3", "--out", tmp_path / f"f.{end}")
        assert done.returncode == 0, done.stderr
    weights = load_file(tmp_path / "f.safetensors")
    with np.load(tmp_path / "f.npz") as file:
        names = [name.removesuffix(".weight") for name in weights]
        kernel = np.einsum(str(file["einsum"]), *(file[name] for name in names))
    x = torch.from_numpy(rng.standard_normal((2, 6, 4, 3)))
    found = x
    for weight, many, stride in zip(weights.values(), groups, strides, strict=True):
        found = torch.nn.functional.conv_transpose2d(found, weight, groups=many, stride=stride)
    whole = torch.from_numpy(kernel).transpose(0, 1)  # (out, in, taps) as PyTorch has it transposed
    wanted = torch.nn.functional.conv_transpose2d(x, whole, stride=(2, 3))
    assert found.shape == wanted.shape
    assert torch.allclose(found, wanted, rtol=1e-10, atol=1e-10)
