"""derive count --suggest, --cost, --error and --rewrite: what they print, write and refuse."""

import csv
import json
from io import StringIO

import numpy as np
import pytest

from tests.cli.test_schemas import validator
from tests.models.test_rewrite import chain, run
from tests.tools import package

onnx = package("onnx")


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "model.onnx"
    onnx.save(chain(), path)
    return path


def answered(derive, *words):
    ran = derive("count", *words, "--json")
    assert (ran.returncode, ran.stderr) == (0, "")
    return json.loads(ran.stdout)


def test_the_table_has_every_layer_and_the_plan_in_words(derive, model):
    ran = derive("count", model, "--suggest", "--cost", "0.5")
    assert (ran.returncode, ran.stderr) == (0, "")
    for words in ("one", "two", "fc", "≤ 0.5 ×", "Plan within cost 0.5 of the MACs: "):
        assert words in ran.stdout
    assert "What the model loses in accuracy is not known without data" in " ".join(
        ran.stdout.split()
    )


def test_json_and_csv_say_the_same(derive, model):
    found = answered(derive, model, "--error", "0.001")["suggestions"]
    rows = list(
        csv.DictReader(StringIO(derive("count", model, "--error", "0.001", "--csv").stdout))
    )
    assert [one["name"] for one in rows] == [one["name"] for one in found["layers"]]
    for row, one in zip(rows, found["layers"], strict=True):
        assert int(row["macs"]) == one["macs"]
        assert int(row["half_cost_macs"]) == one["half_cost"]["macs"]
        assert float(row["break_even_relative_error"]) == one["break_even"]["relative_error"]
    assert {one["name"]: one["family"] for one in found["plan"]["replaced"]} == {
        row["name"]: row["plan_family"] for row in rows if row["plan_family"]
    }


def test_the_counts_stay_what_they_are(derive, model):
    found, plain = answered(derive, model, "--suggest"), answered(derive, model)
    assert found.pop("suggestions")["plan"] is None
    assert found == plain


def test_a_model_is_written_and_compared(derive, model, tmp_path):
    target = tmp_path / "small.onnx"
    found = answered(derive, model, "--error", "0.00001", "--rewrite", target)["rewriting"]
    made = onnx.load(target)
    onnx.checker.check_model(made, full_check=True)
    assert found["bytes"] == target.stat().st_size
    assert found["bytes_before"] == model.stat().st_size
    assert [one["name"] for one in found["replaced"]] == ["one", "two", "fc"]
    assert found["measured"]["difference"] < 1e-5
    assert found["measured"]["seconds_after"] > 0
    x = np.random.default_rng(1).standard_normal((1, 6, 16, 16)).astype("float32")
    old, new = run(chain(), image=x), run(made, image=x)
    assert np.linalg.norm(old - new) <= 1e-5 * np.linalg.norm(old)
    assert not list(tmp_path.glob(".*")), "no part of a file is left"


def test_a_counted_model_costs_what_the_plan_says(derive, model, tmp_path):
    """The new file, read again as if it were anybody's."""
    target = tmp_path / "small.onnx"
    plan = answered(derive, model, "--cost", "0.6", "--rewrite", target)["suggestions"]["plan"]
    again = answered(derive, target)["totals"]
    assert again["macs"] == plan["macs"]
    assert plan["macs"] <= 0.6 * plan["macs_before"]
    biases = answered(derive, model)["totals"]["parameters"] - plan["parameters_before"]
    assert again["parameters"] == plan["parameters"] + biases


def test_json_is_what_its_schema_says(derive, model, tmp_path):
    for words in (["--suggest"], ["--cost", "0.6", "--rewrite", tmp_path / "small.onnx"]):
        found = answered(derive, model, *words)
        errors = validator("count").iter_errors(found)
        assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_no_file_is_overwritten(derive, model, tmp_path):
    target = tmp_path / "small.onnx"
    target.write_bytes(b"mine")
    for path in (target, model):
        before = path.read_bytes()
        ran = derive("count", model, "--cost", "0.6", "--rewrite", path)
        assert ran.returncode == 2
        assert ran.stderr.count("\n") == 1
        assert "exists: a model is never overwritten" in ran.stderr
        assert path.read_bytes() == before


WRONG = {
    ("vgg-16", "--suggest"): "vgg-16 has no weights to factor",
    ("MODEL", "--rewrite", "new.onnx"): "--rewrite needs a plan: --cost 0.7, or --error 0.1",
    ("MODEL", "--cost", "0.7", "--error", "0.1"): "leave out one of them",
    ("MODEL", "--cost", "much"): "cost 'much' is not",
    ("MODEL", "--cost", "0.001"): "no plan has at most 0.001 of the MACs",
    ("MODEL", "--cost", "9parameters"): "within a cost in MACs",
    ("MODEL", "--error", "2"): "must be below 1",
    ("vgg-16", "--cost", "0.7", "--rewrite", "new.onnx"): "vgg-16 is no file of ONNX",
    ("MODEL", "--cost", "0.6", "--rewrite", "no/such/folder.onnx"): "cannot write",
}


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_what_cannot_be_done_is_said_in_one_line(derive, model, words, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    ran = derive("count", *(str(model) if word == "MODEL" else word for word in words))
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr.count("\n") == 1
    assert WRONG[words] in ran.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["model.onnx"]


def test_a_plan_that_replaces_nothing_writes_nothing(derive, tmp_path):
    random = np.random.default_rng(0)
    made = chain()
    for one in made.graph.initializer:
        if one.name.endswith(".weight"):
            numbers = random.standard_normal(list(one.dims)).astype("float32")
            one.CopyFrom(onnx.numpy_helper.from_array(numbers, one.name))
    onnx.save(made, tmp_path / "m.onnx")
    target = tmp_path / "n.onnx"
    ran = derive("count", tmp_path / "m.onnx", "--error", "0.01", "--rewrite", target)
    assert ran.returncode == 2
    assert "replaces no layer" in ran.stderr
    assert not target.exists()


def test_python_has_the_same(model, tmp_path):
    import derive as book

    found = book.count(model, cost=0.6)
    assert [one.name for one in found.suggestions] == ["one", "two", "fc"]
    assert found.plan.macs <= 0.6 * found.plan.macs_before
    assert "Plan within cost 0.6 of the MACs" in str(found)
    done = found.rewrite(tmp_path / "new.onnx")
    assert (tmp_path / "new.onnx").stat().st_size == done.bytes
    with pytest.raises(book.InputError, match="never overwritten"):
        found.rewrite(tmp_path / "new.onnx")
    with pytest.raises(book.InputError, match="no plan"):
        book.count(model, suggest=True).rewrite(tmp_path / "other.onnx")
