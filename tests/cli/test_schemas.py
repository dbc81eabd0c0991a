"""The published JSON Schema of every command, against what the command prints."""

import json
import shlex
from copy import deepcopy

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from derive.site.pages import schemas

LINES = {
    "compare": [
        "compare",
        "compare --in 8 --out 8 --groups 4 --middle 8 --middle 6 --bias",
        "compare --transposed --kernel 4 --stride 2 --padding 1 --in 64",
        "compare --image 16x16x16 --rank P=4,Q=2",
        "compare --image 32 --axes 1",
    ],
    "family": ["family standard", "family acnet-block", "family cp", "family grouped-asymmetric"],
    "define": [
        "define 'A[e,i,u] B[o,e,v] where e = 4'",
        "define 'W[o,i] + 2 × (D[i,u,v] P[o,i])'",
        "define 'A[s,i,u] B[o,i,s] C[i,s,v]'",
        "define 'W[o,i,u,v,t]'",
        "define 'A[j,i,u] B[o,j,v]' --middle 2 --middle 3",
    ],
    "relate": [
        "relate depthwise-separable asymmetric --in 3",
        "relate standard cp --in 3 --rank 24",
        "relate asymmetric cp",
        "relate depthwise grouped-asymmetric --in 8 --out 16 --groups 2",
        "relate 'A[e,i,u] B[o,e,v] where e = 4' tucker-2",
        "relate acnet-block network-decoupling",
    ],
    "factor": [
        "factor sobel",
        "factor laplacian-4",
        "factor sobel --as cp",
        "factor '1 2; 3 4' --as network-decoupling",
        "factor {folder}/noise.npy --as cp --rank 2",
        "factor {folder}/noise.npy --middle 2",
        "factor {folder}/noise.npy --as depthwise-separable --transposed",
        "factor {folder}/thirds.npy",
        "factor {folder}/noise.npy --as cp --rank 2 --nearest",
        "factor {folder}/noise.npy --as tucker-2 --cost 0.5",
        "factor {folder}/noise.npy --pareto",
    ],
    "code": [
        "code asymmetric",
        "code acnet-block --framework keras --bias last",
        "code 'A[j,i,v] B[o,j,u]' --framework onnx --transposed --stride 2",
    ],
    "count": ["count mobilenet-v1", "count r2plus1d-18", "count segnext-strip --size 32"],
    "prove": ["prove rank-one order-gap --no-z3"],
    "list": ["list", "list theorems"],
    "theorem": ["theorem relu-linear --no-z3", "theorem operation-count"],
}
CASES = [(name, line) for name, lines in LINES.items() for line in lines]


@pytest.fixture
def folder(tmp_path):
    noise = np.random.default_rng(1).integers(-4, 5, (3, 2, 3, 3))
    np.save(tmp_path / "noise.npy", noise)
    np.save(tmp_path / "thirds.npy", np.outer([1, 2], [1 / 3, 2 / 3]).astype("float32"))
    return tmp_path


def closed(found):
    """A schema that allows no key which it does not name."""
    if isinstance(found, list):
        return [closed(one) for one in found]
    if not isinstance(found, dict):
        return found
    shut = {"additionalProperties": False} if "properties" in found else {}
    return shut | {key: closed(one) for key, one in found.items()}


def validator(name):
    found = json.loads(schemas.text(name))
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(closed(found))


def test_every_command_has_a_schema():
    assert set(LINES) == set(schemas.RECORDS) - {"factors", "nearest-factors"}


@pytest.mark.parametrize(("name", "line"), CASES, ids=[line for _, line in CASES])
def test_what_a_command_prints_is_what_its_schema_says(derive, folder, name, line):
    run = derive(*shlex.split(line.format(folder=folder)), "--json")
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    assert said["schema"] == f"derive/{name}/1"
    errors = validator(name).iter_errors(said)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_a_file_of_factors_is_what_its_schema_says(derive, tmp_path):
    path = tmp_path / "f.json"
    assert derive("factor", "sobel", "--out", path).returncode == 0
    validator("factors").validate(json.loads(path.read_text("utf-8")))
    options = ("--cost", "0.7", "--out", path, "--force")
    assert derive("factor", "laplacian-4", *options).returncode == 0
    validator("nearest-factors").validate(json.loads(path.read_text("utf-8")))


def wrong(said):
    """The same answer with one thing in it that is wrong."""
    for key in said:
        yield {name: one for name, one in said.items() if name != key}
    for path in ("layer", "families"):
        yield said | {path: None}
    for key, value in {
        "parameters": "216",
        "intensity": "1.5",
        "setting": [],
        "notes": [1],
        "break_even": {"size": "m"},
        "stages": [{}],
        "universal": 0,
    }.items():
        bent = deepcopy(said)
        bent["families"][0][key] = value
        yield bent


def test_a_schema_refuses_what_is_wrong(derive):
    said = json.loads(derive("compare", "--json").stdout)
    check = validator("compare")
    assert check.is_valid(said)
    assert [bent for bent in wrong(said) if check.is_valid(bent)] == []


def test_a_schema_allows_new_keys():
    found = json.loads(schemas.text("compare"))
    assert "additionalProperties" not in json.dumps(found["$defs"]["LayerFacts"])
