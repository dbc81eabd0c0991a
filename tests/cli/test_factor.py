"""derive factor as a user meets it: the verdict, its proof, and one line for bad input."""

import json
from fractions import Fraction

import numpy as np
import pytest

from derive import certificate as checker
from derive.facts import certificate

KEYS = {"schema", "verdict", "rank", "singular_values", "relative_error", "einsum", "kernel"}
GAP = np.einsum("ou,iv->oiuv", np.eye(3, dtype=int), np.eye(3, dtype=int))


@pytest.fixture
def facts(derive):
    def said(*arguments):
        answer = derive("factor", *arguments, "--json")
        assert answer.returncode == 0, answer.stderr
        found = json.loads(answer.stdout)
        assert checker.complaint(found) == ""
        assert found.keys() >= KEYS
        return found

    return said


def saved(path, array):
    np.save(path, np.asarray(array))
    return path


def test_exact_comes_with_factors(facts):
    found = facts("sobel")
    assert (found["schema"], found["verdict"], found["rank"]) == ("derive/factor/1", "exact", 1)
    assert [factor["name"] for factor in found["factors"]] == ["A", "B"]
    assert found["minimal"] == {"m": 1}
    assert found["widths"][0]["ratio"]["parameters"] == "2/3"
    assert found["widths"][0]["saves"] == {"parameters": True, "macs": True}


@pytest.mark.parametrize("text", ["1 2 1\n2 4 2\n1 2 2", "1\t2\t1\r\n2\t4\t2\r\n1\t2\t2\r\n"])
def test_line_breaks_end_rows(facts, text):
    found = facts(text)
    assert (found["verdict"], found["rank"]) == ("not exact", 2)
    assert found["kernel"]["extents"] == [1, 1, 3, 3]
    assert found["kernel"] == facts("1 2 1; 2 4 2; 1 2 2")["kernel"]


def test_not_exact_comes_with_a_minor(facts):
    found = facts("laplacian-4")
    assert (found["verdict"], found["rank"], found["minimal"]) == ("not exact", 2, {"m": 2})
    assert found["certificate"]["minor"] == "-1"
    assert len(found["certificate"]["rows"]) == 2
    assert facts("laplacian-4", "--middle", 2)["verdict"] == "exact"


def test_at_full_width_nothing_is_saved(facts):
    for row in facts("laplacian-4")["widths"]:
        assert row["saves"] == {"parameters": False, "macs": False}


def test_both_orders_are_put_side_by_side(facts, tmp_path):
    found = facts(saved(tmp_path / "gap.npy", GAP))
    assert [row["minimal"] for row in found["widths"]] == [{"m": 9}, {"m": 1}]
    assert found["widths"][1]["ratio"]["macs"] == "2/9"


def test_thirds_are_exact_and_a_grain_more_is_not(facts):
    assert facts("1/3 2/3; 1/6 1/3")["verdict"] == "exact"
    assert facts("1/3 2/3; 1/6 0.33333333333333333334")["verdict"] == "not exact"


@pytest.mark.parametrize(
    ("kernel", "rank"),
    [
        (np.diag([1e16, 1.0, 0.0]), 2),
        (np.outer([1, 2, 3], [1, 2, 3]) * 2.0**-565, 1),
        (np.zeros((3, 3)), 0),
        (np.outer([1e-12, 1, 1e12], [1.0, 1, 1]), 1),
    ],
)
def test_no_scale_misleads(facts, tmp_path, kernel, rank):
    assert facts(saved(tmp_path / "k.npy", kernel))["rank"] == rank


def test_a_sampled_gaussian_is_exactly_of_rank_3_and_separable_as_floats(facts, tmp_path):
    side = np.exp(-(np.arange(-2, 3) ** 2) / 2.0)
    whole = np.outer(side, side)
    found = facts(saved(tmp_path / "g.npy", whole / whole.sum()))
    assert (found["verdict"], found["rank"], found["floating"]) == ("not exact", 3, "float64")
    assert 0 < found["relative_error"] < 1e-16
    assert found["nearness"][0].endswith("of the nearest column times a row")


def gaussian(side, sigma):
    one = np.exp(-((np.arange(side) - side // 2) ** 2) / (2 * sigma**2))
    return np.outer(one, one) / one.sum() ** 2


def disc(side):
    places = np.arange(side) - side // 2
    return (np.add.outer(places**2, places**2) <= (side // 2) ** 2).astype(np.int64)


def lines(derive, *arguments):
    return [line.rstrip() for line in derive("factor", *arguments).stdout.splitlines()]


def test_the_practical_answer_on_floats_comes_first(derive, facts, tmp_path):
    path = saved(tmp_path / "g.npy", gaussian(15, 2.5))
    found = facts(path)
    practical = found["practical"]
    assert (practical["within"], practical["width"]) == (True, 1)
    assert practical["relative_error"] == found["relative_error"] < practical["precision"]
    said = lines(derive, path)
    first = next(n for n, line in enumerate(said) if line.startswith("As floats"))
    assert "it is a column times a row to a relative error of" in said[first]
    exactly = next(n for n, line in enumerate(said) if line.startswith("Exactly it is not: with"))
    words = " ".join(said[first + 1 : exactly])
    column, row = (part.split("rounded here")[1].split() for part in words.split("[")[1:])
    column = column[: column.index("B")]
    near = np.outer(np.array(row, dtype=float), np.array(column, dtype=float))
    assert near == pytest.approx(gaussian(15, 2.5), abs=1e-6)
    assert f"has rank {found['rank']}" in " ".join(said[exactly : exactly + 2])
    assert any("To the precision of float64 rank 1 is enough." in line for line in said)


def test_what_is_no_column_times_a_row_is_not_called_separable(derive, facts, tmp_path):
    path = saved(tmp_path / "d.npy", disc(15) / disc(15).sum())
    assert facts(path)["practical"]["within"] is False
    text = " ".join(derive("factor", path).stdout.split())
    assert "As floats it is not a column times a row: the nearest one has a relative" in text
    assert "Exactly it is not either" in text
    assert "separable" not in text.replace("depthwise-separable", "")


@pytest.mark.parametrize("kind", ["float16", "float32", "float64"])
def test_the_precision_is_that_of_the_format(facts, tmp_path, kind):
    rounded = facts(saved(tmp_path / "k.npy", gaussian(7, 1.3).astype(kind)))
    assert (rounded["practical"]["within"], rounded["practical"]["width"]) == (True, 1)
    unit = float(np.finfo(kind).eps) / 2
    moved = gaussian(7, 1.3)
    moved[0, 0] += 20 * unit * np.linalg.norm(moved)
    assert not facts(saved(tmp_path / "m.npy", moved.astype(kind)))["practical"]["within"]
    assert facts("sobel")["practical"] is None


def test_one_approximation_has_one_bound_the_smallest_that_is_proved(derive, facts, tmp_path):
    """Between the largest |Ê| at any frequency of a fine grid, which conv(E) reaches on large
    images, and a little more."""
    kernel = disc(15)
    path = saved(tmp_path / "d.npy", kernel)
    left, values, right = np.linalg.svd(kernel)
    for row in facts(path)["approximations"][:-1]:
        near = (left[:, : row["width"]] * values[: row["width"]]) @ right[: row["width"]]
        largest = np.abs(np.fft.fft2(kernel - near, s=(512, 512))).max()
        assert largest <= row["output_error"] <= 1.05 * largest
    for m in (1, 2):
        found = facts(path, "--middle", m)
        assert found["nearest"]["output_error"] == found["approximations"][m - 1]["output_error"]
    assert derive("factor", path).stdout.count("× the image") == found["rank"] - 1


def test_thirds_as_floats_are_recognized(facts, tmp_path):
    given = np.outer([1, 2, 1], [1, 2, 1]).astype(np.float32) / np.float32(9)
    found = facts(saved(tmp_path / "k.npy", given))
    assert found["floating"] == "float32"
    if found["verdict"] == "not exact":
        assert found["hint"]["ranks"] == [1]
        assert {Fraction(x) * 9 for x in found["hint"]["kernel"]["entries"]} == {1, 2, 4}


def test_cp_of_rank_two_and_more_can_stay_undecided(facts, tmp_path):
    three_ones = [[[[0, 1], [1, 0]], [[1, 0], [0, 0]]]]
    path = saved(tmp_path / "w.npy", three_ones)
    found = facts(path, "--as", "cp", "--rank", 2)
    assert found["verdict"] == "undecided"
    assert "NP-hard" in found["reason"]
    assert found["bounds"] == {"R": [2, 3]}
    assert facts(path, "--as", "cp", "--rank", 3)["verdict"] == "exact"


def test_the_output_error_knows_strides(facts):
    usual, strided = (facts("box-3", "--stride", s)["singular_values"] for s in (1, 2))
    assert usual == strided
    moved = [
        facts("laplacian-4", "--stride", s)["approximations"][0]["output_error"] for s in (1, 3)
    ]
    assert moved[1] < moved[0]


def test_every_family_answers(derive):
    from derive.catalogue import FAMILIES

    for name in FAMILIES:
        answer = derive("factor", "sobel", "--as", name)
        assert answer.returncode == (2 if name == "r2plus1d" else 0), name


def test_the_table_says_it_in_words(derive):
    answer = derive("factor", "laplacian-4")
    assert "Not exact  the v × u matrix has rank 2, of which 1 is allowed" in answer.stdout
    assert "The 2 × 2 minor of rows v = 0, 1 and columns u = 0, 1 is -1, not 0" in answer.stdout
    assert "Checked by derive/certificate.py" in answer.stdout
    exact = derive("factor", "sobel").stdout
    assert "These factors contract to the kernel, entry by entry:" in exact
    assert "A[j, i, u]" in exact


def test_factors_are_written(derive, tmp_path):
    path = tmp_path / "factors.json"
    assert derive("factor", "sobel", "--out", path).returncode == 0
    assert [f["name"] for f in json.loads(path.read_text())["factors"]] == ["A", "B"]
    again = derive("factor", "sobel", "--out", path)
    assert again.returncode == 2
    assert "--force" in again.stderr
    assert derive("factor", "sobel", "--out", path, "--force").returncode == 0
    none = derive("factor", "laplacian-4", "--out", tmp_path / "none.json")
    assert none.returncode == 2
    assert not (tmp_path / "none.json").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sobell"], "did you mean sobel?"),
        (["sobel", "--as", "asymetric"], "did you mean asymmetric?"),
        (["1 2; 3"], "equally long"),
        (["1 nan; 3 4"], "nan"),
        (["sobel", "--as", "r2plus1d"], "has no form on a kernel of 2 axes"),
        (["sobel", "--groups", "2"], "groups 2 must divide the 1 input channels"),
        (["sobel", "--rank", "x"], "rank must be a positive integer"),
        (["roberts", "--as", "pointwise"], "middle tap"),
        (["sobel", "--image", "2x2x2"], "image 2x2x2 has 3 sides, but the layer has 2 axes"),
        (["sobel", "--keras", "--layout", "dense"], "--keras is --layout keras"),
        (["sobel", "--layout", "torch"], "'torch' is not one of 'pytorch', 'keras'"),
        ([], "Missing argument"),
    ],
)
def test_bad_input_gets_one_line(derive, arguments, words):
    answer = derive("factor", *arguments)
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert words in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def stored(seed=3):
    """An exact grouped pair as PyTorch stores it: four groups of four channels, rank one each."""
    random = np.random.default_rng(seed)
    columns, rows = random.integers(1, 5, (4, 1, 4, 3)), random.integers(1, 5, (4, 4, 1, 3))
    return np.einsum("gcau,gbcv->gbauv", columns, rows).reshape(16, 4, 3, 3)


PAIR = ("--as", "grouped-asymmetric", "--groups", 4, "--middle", 4)


def test_grouped_weights_are_read_as_they_are_stored(facts, tmp_path):
    found = facts(saved(tmp_path / "k.npy", stored()), *PAIR)
    assert (found["verdict"], found["layout"]) == ("exact", "pytorch")
    assert found["kernel"]["extents"] == [16, 16, 3, 3]
    assert found["stored"] == {
        "axes": "(C_out, C_in/4, k_h, k_w)",
        "extents": [16, 4, 3, 3],
        "groups": 4,
        "transposed": False,
        "otherwise": [
            {
                "options": "--layout dense",
                "axes": "(C_out, C_in, k_h, k_w)",
                "extents": [16, 4, 3, 3],
            }
        ],
    }
    dense = facts(tmp_path / "k.npy", *PAIR, "--layout", "dense")
    assert (dense["verdict"], dense["layout"]) == ("not exact", "dense")


@pytest.mark.parametrize("layout", [["--keras"], ["--layout", "keras"], []])
def test_keras_is_named_in_two_ways_and_seen_where_nothing_else_fits(facts, tmp_path, layout):
    path = saved(tmp_path / "k.npy", stored().transpose(2, 3, 1, 0))
    found = facts(path, *PAIR, *layout)
    assert (found["verdict"], found["layout"]) == ("exact", "keras")


def test_factors_in_a_file_are_those_of_the_kernel_in_full(derive, tmp_path):
    path = saved(tmp_path / "k.npy", stored())
    answer = derive("factor", path, *PAIR, "--out", tmp_path / "f.npz")
    assert answer.returncode == 0
    with np.load(tmp_path / "f.npz") as found:
        kernel = np.einsum(str(found["einsum"]), found["A"], found["B"])
    assert np.array_equal(kernel.reshape(16, 4, 3, 3), stored())


def test_a_verdict_is_read_again_in_full(facts, derive, tmp_path):
    """The kernel of a verdict has its zeros, or entries where there should be zeros."""
    for array in (stored(), np.ones((16, 16, 3, 3), dtype=int)):
        options = () if array.shape[1] == 4 else ("--layout", "dense")
        path = saved(tmp_path / "k.npy", array)
        answer = derive("factor", path, *PAIR, *options, "--json")
        (tmp_path / "said.json").write_text(answer.stdout)
        again = facts(tmp_path / "said.json", *PAIR)
        assert (again["layout"], again["kernel"]) == ("dense", json.loads(answer.stdout)["kernel"])
        assert again["verdict"] == json.loads(answer.stdout)["verdict"]


def test_the_reading_and_the_other_one_are_said(derive, tmp_path):
    filters = saved(tmp_path / "k.npy", np.arange(1, 55).reshape(6, 1, 3, 3))
    answer = derive("factor", filters, "--as", "depthwise").stdout
    assert "layout pytorch: 6 × 1 × 3 × 3 is (C_out, C_in/6, k_h, k_w), 6 groups" in answer
    assert "With --groups 1: (C_out, C_in, k_h, k_w), 3 × 3 taps, 1 → 6 channels." in answer
    answer = derive("factor", filters).stdout
    assert "With --groups 6: (C_out, C_in/6, k_h, k_w), 3 × 3 taps, 6 → 6 channels." in answer
    assert "layout" not in derive("factor", "sobel").stdout


def test_a_transposed_layer_stores_its_inputs_first(facts, tmp_path):
    path = saved(tmp_path / "k.npy", np.arange(1, 55).reshape(3, 2, 3, 3))
    found = facts(path, "--transposed")
    assert found["kernel"]["extents"] == [2, 3, 3, 3]
    assert found["stored"]["transposed"]


def test_depthwise_families_need_as_many_outputs(derive, tmp_path):
    path = saved(tmp_path / "k.npy", np.ones((2, 3, 3, 3), dtype=int))
    answer = derive("factor", path, "--as", "depthwise")
    assert answer.returncode == 2
    assert len(answer.stderr.splitlines()) == 1


def test_a_proof_that_does_not_hold_is_not_printed(derive, monkeypatch):
    monkeypatch.setattr(certificate, "complaint", lambda *_: "a planted fault")
    answer = derive("factor", "sobel")
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert "does not hold: a planted fault" in answer.stderr


def test_a_matrix_may_begin_with_a_negative_number(derive):
    run = derive("factor", "-1 0 1; -2 0 2; -1 0 1", "--json")
    assert run.returncode == 0
    assert json.loads(run.stdout)["verdict"] == "exact"
    assert derive("factor", "-1 0 1; 0 1 0", "--middle", "-3").returncode == 2
