"""derive factor where no exact answer is wanted: the curve, a size by error or cost, factors in
files that programs read."""

import csv
import io
import json
import struct

import numpy as np
import pytest


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """Weights of 6 outputs and 5 inputs as a file, and as an array."""
    random, path = np.random.default_rng(2), tmp_path_factory.mktemp("w") / "w.npy"
    array = (random.standard_normal((6, 5, 3, 3)) / (1 + np.arange(5).reshape(1, 5, 1, 1))).astype(
        np.float32
    )
    np.save(path, array)
    return path, array


def safetensors(path):
    """The tensors of a file, read by the description of the format."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    assert length % 8 == 0
    header = json.loads(data[8 : 8 + length])
    about = header.pop("__metadata__")
    kinds = {"F32": "<f4", "F64": "<f8"}
    found = {}
    for name, one in header.items():
        start, end = one["data_offsets"]
        body = data[8 + length + start : 8 + length + end]
        found[name] = np.frombuffer(body, kinds[one["dtype"]]).reshape(one["shape"])
    return about, found


def convolved(image, stages):
    """The stages run one after the other as PyTorch defines them, by literal loops: (weight,
    groups) each, on an image [channel, y, x] without padding."""
    for weight, groups in stages:
        out, into, high, wide = weight.shape
        rows, columns = image.shape[1] - high + 1, image.shape[2] - wide + 1
        result = np.zeros((out, rows, columns))
        for o in range(out):
            first = o // (out // groups) * into
            for i in range(into):
                for u in range(high):
                    for v in range(wide):
                        part = image[first + i, u : u + rows, v : v + columns]
                        result[o] += weight[o, i, u, v] * part
        image = result
    return image


STAGES = {
    "asymmetric": (["--middle", 30], ["A", "B"], [1, 1]),
    "depthwise-separable": (["--multiplier", 9], ["D", "P"], [5, 1]),
    "network-decoupling": (["--rank", 9], ["D", "P"], [5, 1]),
    "tucker-2": (["--rank", 3], ["A", "C", "B"], [1, 1, 1]),
    "cp": (["--rank", 3], ["S", "A", "B", "F"], [1, 3, 3, 1]),
    "cp-joint": (["--rank", 3], ["S", "D", "F"], [1, 3, 1]),
    "tensor-train": (["--rank", 3], ["A", "B", "C", "F"], [1, 1, 1, 1]),
    "blueprint-separable": ([], ["P", "D"], [1, 6]),
    "depthwise-asymmetric-separable": ([], ["A", "B", "P"], [5, 5, 1]),
}


@pytest.mark.parametrize("name", STAGES)
def test_the_weights_of_layers_convolve_like_the_kernel_near_it(derive, weights, tmp_path, name):
    path, array = weights
    options, names, groups = STAGES[name]
    for suffix in ("safetensors", "npz"):
        answer = derive(
            "factor", path, "--as", name, *options, "--nearest", "--out", tmp_path / f"f.{suffix}"
        )
        assert answer.returncode == 0, answer.stderr
    about, found = safetensors(tmp_path / "f.safetensors")
    assert about["format"] == "pt"
    assert list(found) == [f"{x}.weight" for x in names]
    assert {x.dtype for x in found.values()} == {np.dtype("float32")}
    image = np.random.default_rng(0).standard_normal((5, 7, 8))
    stages = list(zip((x.astype(float) for x in found.values()), groups, strict=True))
    with np.load(tmp_path / "f.npz", allow_pickle=False) as arrays:
        kernel = np.einsum(str(arrays["einsum"]), *(arrays[x].astype(float) for x in names))
        letters = arrays["letters"].tolist()
    assert str(about["einsum"]).split("->")[0].split(",") == letters
    whole = convolved(image, [(kernel, 1)])
    assert convolved(image, stages) == pytest.approx(whole, abs=1e-5)
    error = np.linalg.norm(kernel - array) / np.linalg.norm(array)
    assert float(about["relative_error"]) == pytest.approx(error, rel=1e-3, abs=1e-6)


def test_json_of_nearest_factors_has_numbers(derive, weights, tmp_path):
    path, _ = weights
    out = tmp_path / "f.json"
    answer = derive("factor", path, "--cost", "0.5", "--out", out, "--json")
    said, found = json.loads(answer.stdout)["nearest"], json.loads(out.read_text("utf-8"))
    assert found["schema"] == "derive/nearest-factors/1"
    assert found["setting"] == said["setting"] == {"m": 4}
    assert found["factors"] == said["factors"]
    assert all(isinstance(x, float) for one in found["factors"] for x in one["entries"])


def test_the_whole_curve_is_in_json_and_csv(derive, weights):
    path, array = weights
    said = json.loads(derive("factor", path, "--json").stdout)
    values = np.linalg.svd(np.einsum("oiuv->oviu", array.astype(float)).reshape(18, 15))[1]
    expected = [np.sqrt((values[n:] ** 2).sum() / (values**2).sum()) for n in range(1, 16)]
    assert [point["setting"] for point in said["curve"]] == [{"m": n} for n in range(1, 16)]
    errors = [point["relative_error"] for point in said["curve"]]
    assert errors == pytest.approx(expected, rel=1e-10, abs=1e-15)
    assert (said["curve_error"], said["curve_sizes"]) == ("least", 15)
    assert said["break_even"] == said["curve"][7]
    assert said["half_cost"]["setting"] == {"m": 4}
    rows = list(csv.DictReader(io.StringIO(derive("factor", path, "--csv").stdout)))
    assert [float(row["relative_error"]) for row in rows] == errors
    assert [int(row["macs"]) for row in rows] == [point["macs"] for point in said["curve"]]


def test_the_sentence_stands_before_the_verdict(derive, weights):
    lines = derive("factor", weights[0]).stdout.splitlines()
    (place,) = (n for n, line in enumerate(lines) if line.startswith("At break-even width 8 the"))
    assert place == 2
    assert next(n for n, line in enumerate(lines) if line.startswith("Exactly")) > place


def test_all_families_stand_next_to_each_other(derive, weights):
    said = json.loads(derive("factor", weights[0], "--pareto", "--json").stdout)["pareto"]
    front = [(one["macs"], one["relative_error"]) for one in said["front"]]
    assert front == sorted(front)
    assert [error for _, error in front] == sorted((error for _, error in front), reverse=True)
    assert all(2 * one["macs"] <= 128 * 128 * 270 for one in said["half_cost"])
    shown = derive("factor", weights[0], "--pareto").stdout
    assert "Least error within a share of the standard MACs" in shown
    assert "Without cp: its errors take a search" in shown


def test_a_linear_layer_is_recognized_and_a_filter_can_be_asked_for(derive, tmp_path):
    path = tmp_path / "linear.npy"
    np.save(path, np.random.default_rng(0).standard_normal((70, 66)))
    said = derive("factor", path, "--middle", 3).stdout
    assert "1 × 1 taps, 66 → 70 channels" in said
    assert "With --layout dense: (C_out, C_in, k_h, k_w), 70 × 66 taps, 1 → 1 channels." in said
    assert "70 × 66 taps, 1 → 1 channels" in derive("factor", path, "--layout", "dense").stdout


def test_a_kernel_of_one_axis_gets_the_families_that_fit(derive, tmp_path):
    path = tmp_path / "line.npy"
    np.save(path, np.random.default_rng(0).standard_normal((2, 2, 2)))
    refused = derive("factor", path)
    assert refused.returncode == 2
    assert "asymmetric has no form on a kernel of 1 axis; these have: standard, " in refused.stderr
    names = refused.stderr.partition("these have: ")[2].strip().split(", ")
    for name in names:
        assert derive("factor", path, "--as", name).returncode == 0, name
    found = json.loads(derive("factor", path, "--as", "cp", "--error", "0.01", "--json").stdout)
    assert found["setting"]["R"] in (2, 3)  # the rank of almost every real 2 x 2 x 2 array
    assert found["nearest"]["relative_error"] <= 0.01


def test_a_notebook_asks_the_same_and_runs(derive, weights, tmp_path):
    path, array = weights
    out = tmp_path / "f.ipynb"
    assert derive("factor", path, "--cost", "0.5", "--notebook", out).returncode == 0
    cells = json.loads(out.read_text("utf-8"))["cells"]
    names = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    assert names["found"].setting == {"m": 4}
    error = np.linalg.norm(names["near"] - array) / np.linalg.norm(array)
    assert names["found"].relative_error == pytest.approx(error, rel=1e-5)
    assert {one.dtype for one in names["found"].factors.values()} == {np.dtype("float32")}
