"""Factors in files: exact, never over another file, and one line for what cannot be written."""

import json
from fractions import Fraction

import numpy as np
import pytest

from derive.algebra.factorize import contracted
from derive.algebra.kernel import Kernel
from derive.catalogue import FAMILIES
from derive.decide.verdict import decide
from derive.facts.certificate import checked
from derive.families import asymmetric
from derive.notation.errors import InputError
from derive.notation.letters import i, M, m, o, P, Q, R, T, u, v
from derive.parse.entries import exact
from derive.parse.kernel import read_kernel
from derive.render.factors import factors_facts, write_factors
from derive.render.values import json_values

RANDOM = np.random.default_rng(11)
THIRDS = Kernel.of([[[[Fraction(1, 3), 1], [2, 6]]], [[[0, 5], [0, 30]]]])


def written(path):
    return json.loads(path.read_text("utf-8"))


def back(factor):
    """A factor as it stands in a file."""
    return np.array(factor["entries"]).reshape(factor["extents"])


@pytest.fixture(scope="module")
def thirds():
    return decide(asymmetric.family, THIRDS, {m: 1})


def test_json_is_exact(tmp_path, thirds):
    write_factors(tmp_path / "f.json", checked(thirds))
    said = written(tmp_path / "f.json")
    assert said == json_values(factors_facts(checked(thirds)))
    assert (said["schema"], said["einsum"]) == ("derive/factors/1", "jiu,ojv->oiuv")
    assert [factor["name"] for factor in said["factors"]] == ["A", "B"]
    factors = [
        Kernel(known.letters, tuple(one["extents"]), [exact(x) for x in one["entries"]])
        for known, one in zip(thirds.factors, said["factors"], strict=True)
    ]
    assert contracted(factors, (o, i, u, v)).flat == THIRDS.flat


def test_npz_has_floats_and_exact_texts_where_floats_round(tmp_path, thirds):
    write_factors(tmp_path / "f.npz", checked(thirds))
    with np.load(tmp_path / "f.npz", allow_pickle=False) as found:
        arrays = {name: found[name] for name in found.files}
    for name, factor in zip("AB", thirds.factors, strict=True):
        assert arrays[name].dtype == np.float64
        assert arrays[name].shape == factor.extents
        assert arrays[name].ravel().tolist() == [float(x) for x in factor.flat]
        rounds = any(Fraction(float(x)) != x for x in factor.flat)
        assert (f"{name}_exact" in arrays) == rounds
        if rounds:
            assert [exact(str(x)) for x in arrays[f"{name}_exact"].ravel()] == list(factor.flat)
    assert {"A_exact", "B_exact"} & set(arrays), "a third is not a float"
    near = np.einsum(str(arrays["einsum"]), arrays["A"], arrays["B"])
    assert near.ravel().tolist() == pytest.approx([float(x) for x in THIRDS.flat], rel=1e-15)


def test_whole_numbers_need_no_texts(tmp_path):
    kernel = Kernel.of([[[[1, 2], [2, 4]]]])
    verdict = decide(asymmetric.family, kernel, {m: 1})
    write_factors(tmp_path / "f.npz", checked(verdict))
    with np.load(tmp_path / "f.npz", allow_pickle=False) as found:
        assert sorted(found.files) == ["A", "B", "einsum", "letters"]


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("depthwise-separable", {M: 2}),
        ("network-decoupling", {T: 2}),
        ("tensor-train", {Q: 4, R: 12, P: 4}),
        ("tucker-2", {Q: 4, P: 4}),
        ("asymmetric-horizontal-first", {m: 12}),
    ],
)
def test_numpy_contracts_what_is_written_to_the_kernel(tmp_path, name, sizes):
    """By einsum on exact objects, from the file alone."""
    shape = (4, 4, 1, 3) if name == "network-decoupling" else (4, 4, 3, 3)
    numbers = RANDOM.integers(-5, 6, (1, *shape[1:])) * RANDOM.integers(1, 4, (4, 1, 1, 1))
    kernel = Kernel.of(numbers.tolist())
    verdict = decide(FAMILIES[name].family, kernel, sizes)
    assert verdict.word == "exact"
    write_factors(tmp_path / "f.json", checked(verdict))
    said, total = written(tmp_path / "f.json"), 0
    factors = iter(said["factors"])
    for term in said["einsum"].split(" + "):
        ends = term.split("->")
        operands = [next(factors) for _ in ends[0].split(",")]
        assert [one["letters"] for one in operands] == ends[0].split(",")
        arrays = [np.vectorize(exact, otypes=[object])(back(one)) for one in operands]
        total = total + np.einsum(term, *arrays, optimize=False)
    assert len({one["name"] for one in said["factors"]}) == len(said["factors"])
    assert list(factors) == []
    assert total.ravel().tolist() == list(kernel.flat)


def test_branches_are_joined_by_a_plus(tmp_path):
    kernel = Kernel.of([[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]])
    verdict = decide(FAMILIES["acnet-block"].family, kernel, {})
    write_factors(tmp_path / "f.json", checked(verdict))
    said = written(tmp_path / "f.json")
    assert said["einsum"].count(" + ") == 2
    assert [one["name"] for one in said["factors"]] == ["W", "A", "B"]


def test_the_document_can_be_read_as_a_kernel(tmp_path, thirds):
    path = tmp_path / "verdict.json"
    path.write_text(json.dumps(json_values(checked(thirds))), encoding="utf-8")
    assert read_kernel(str(path)).kernel == THIRDS


def test_long_and_large_numbers(tmp_path):
    large = Kernel.of([[[[10**5000, 10**5000], [1, 1]]]])
    verdict = decide(asymmetric.family, large, {m: 1})
    write_factors(tmp_path / "f.json", checked(verdict))
    lengths = [len(x) for one in written(tmp_path / "f.json")["factors"] for x in one["entries"]]
    assert max(lengths) > 4300
    with pytest.raises(InputError, match=r"has entries beyond float64: write \.json"):
        write_factors(tmp_path / "f.npz", checked(verdict))
    assert not (tmp_path / "f.npz").exists()


def test_files_are_not_overwritten_unless_asked(tmp_path, thirds):
    for name in ("f.npz", "f.json"):
        path = tmp_path / name
        path.write_text("mine", encoding="utf-8")
        with pytest.raises(InputError, match=f"{name} exists: choose another name, or --force"):
            write_factors(path, checked(thirds))
        assert path.read_text("utf-8") == "mine"
        write_factors(path, checked(thirds), force=True)
        assert path.read_bytes() != b"mine"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("f.csv", "f.csv ends in none of .npz, .json"),
        ("no/such/f.json", "No such file or directory"),
        ("f\0.json", "cannot write"),
        ("", "ends in none of"),
    ],
)
def test_what_cannot_be_written_is_one_line(tmp_path, thirds, name, words):
    with pytest.raises(InputError, match=r"^[^\n]+$") as caught:
        write_factors(tmp_path / name, checked(thirds))
    assert words in str(caught.value)


def test_a_folder_is_not_written_over(tmp_path, thirds):
    (tmp_path / "d.json").mkdir()
    with pytest.raises(InputError, match="it is a folder, a pipe or a device, not a file"):
        write_factors(tmp_path / "d.json", checked(thirds), force=True)


def test_a_kernel_that_is_not_of_the_form_has_no_factors(tmp_path):
    verdict = decide(asymmetric.family, Kernel.of([[[[1, 0], [0, 1]]]]), {m: 1})
    with pytest.raises(InputError, match=r"no factors to write to f\.json"):
        write_factors(tmp_path / "f.json", checked(verdict))
    assert not (tmp_path / "f.json").exists()
