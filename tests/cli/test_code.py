"""derive code: what it prints, what it refuses, and what a file of factors says of the layer."""

import json
import re
from shlex import split

import numpy as np
import pytest

from derive.catalogue import FAMILIES
from derive.code.plan import plan
from derive.comparison import attempts, Choices
from derive.parse.layer import read_layer
from tests.code.snippets import run


@pytest.fixture
def pair(tmp_path):
    rng = np.random.default_rng(1)
    np.savez(tmp_path / "pair.npz", A=rng.normal(size=(5, 4, 3)), B=rng.normal(size=(6, 5, 3)))
    return str(tmp_path / "pair.npz")


def test_separable_conv2d_with_its_one_bias_has_the_parameters_of_keras(derive):
    found = derive(*split("code SeparableConv2D --in 10 --out 100 --kernel 5 --bias last --json"))
    facts = json.loads(found.stdout)
    assert facts["parameters"] == 10 * 25 + 10 * 100 + 100 == 1350
    assert [one["biases"] for one in facts["convolutions"]] == [0, 100]
    every = derive(*split("code SeparableConv2D --in 10 --out 100 --kernel 5 --bias all --json"))
    assert json.loads(every.stdout)["parameters"] == 1360


def test_a_stage_carries_the_window_of_the_axes_whose_taps_it_holds(derive):
    text = derive(
        *split("code asymmetric --stride 2x3 --dilation 1x2 --padding 0:1x2 --in 4")
    ).stdout
    assert "nn.ZeroPad2d((0, 0, 0, 1))," in text
    assert "nn.Conv2d(4, 4, (3, 1), stride=(2, 1), bias=False)," in text
    assert (
        "nn.Conv2d(4, 8, (1, 3), stride=(1, 3), padding=(0, 2), dilation=(1, 2), bias=False),"
        in text
    )


def test_factors_of_a_file_give_the_sizes_and_the_code_loads_them(derive, pair, tmp_path):
    text = derive(*split(f"code asymmetric --framework numpy --image 9 --weights {pair}")).stdout
    assert "4 × 9 × 9 → 6 × 9 × 9, kernel 3 × 3;" in text
    ((error, printed),) = run([text], tmp_path)
    assert not error
    assert printed.startswith("NumPy")


@pytest.mark.parametrize("stacked", [True, False])
def test_copies_of_a_factor_are_stacked_or_numbered(derive, tmp_path, stacked):
    rng = np.random.default_rng(2)
    D, P = rng.normal(size=(4, 3, 3, 2)), rng.normal(size=(6, 4, 2))
    copies = {"D": D[..., 0], "P": P[..., 0], "D_2": D[..., 1], "P_2": P[..., 1]}
    np.savez(tmp_path / "terms.npz", **({"D": D, "P": P} if stacked else copies))
    path = tmp_path / "terms.npz"
    line = f"code network-decoupling --framework numpy --image 5 --weights {path}"
    text = derive(*split(line)).stdout
    assert "T = 2" in text
    kernel = np.einsum("iuvt,oit->oiuv", D, P)
    ((error, printed),) = run([f"{text}\nprint((kernel ** 2).sum())"], tmp_path)
    assert not error
    assert float(printed.split()[-1]) == pytest.approx((kernel**2).sum())


REFUSED = {
    "code 'B[o,j,v] A[j,i,u]'": "stage B[o, j, v] repeats itself for every i",
    "code 'A[i,q] B[q,i,r,u,v] C[r,i,q,p] F[o,p,r]'": "needs its channels in another order",
    "code asymmetric --framework keras --transposed --stride 2 --dilation 2": "Keras does not have",
    "code grouped --framework keras --groups 2 --in 4 --transposed": "in groups, which Keras",
    "code asymmetric --middle 2 --middle 3": "give one width, multiplier or rank",
    "code depthwise": "does not fit this layer: makes 6 output channels",
    "code asymmetric --padding same-upper --transposed": "is of convolutions: give numbers",
    "code asymmetric --weights {folder}/none.npz": "there is no file",
    "code asymmetric --weights {folder}/text.npz": "is no .npz file of NumPy's arrays",
    "code asymmetric --weights {folder}/other.npz": "has no array A; it holds C",
    "code asymmetric --weights {pair} --in 3": "has the shape (5, 4, 3), the layer needs (5, 3, 3)",
    "code asymmetric --weights {pair} --kernel 5": "the layer needs (5, 4, 5)",
}


@pytest.mark.parametrize("line", REFUSED)
def test_what_cannot_be_code_gets_one_line(derive, pair, tmp_path, line):
    (tmp_path / "text.npz").write_text("not an archive")
    np.savez(tmp_path / "other.npz", C=np.ones((2, 2)))
    found = derive(*split(line.format(folder=tmp_path, pair=pair)))
    assert found.returncode == 2
    assert REFUSED[line] in found.stderr
    assert found.stderr.count("\n") == 1
    assert not found.stdout


def test_an_archive_with_a_pickle_is_not_opened(derive, tmp_path):
    np.savez(tmp_path / "objects.npz", A=np.array([{}], dtype=object), B=np.ones((8, 1, 3)))
    found = derive(*split(f"code asymmetric --weights {tmp_path / 'objects.npz'}"))
    assert found.returncode == 2
    assert "A of" in found.stderr


@pytest.mark.parametrize("side", range(1, 9))
def test_same_upper_and_lower_make_an_output_for_every_stride_th_pixel(side):
    for kernel in range(1, 6):
        for stride in (1, 2, 3):
            for dilation in (1, 2):
                words = {"image": f"{side}", "kernel": f"{kernel}", "axes": 1}
                words |= {"stride": f"{stride}", "dilation": f"{dilation}"}
                (upper,) = read_layer(**words, padding="same-upper").axes
                (lower,) = read_layer(**words, padding="SAME-lower").axes
                outputs = len(range(0, side, stride))
                assert upper.output == lower.output == outputs
                assert (upper.before, upper.after) == (lower.after, lower.before)
                assert 0 <= upper.after - upper.before <= 1
                fewer = side + upper.before + upper.after - 1 - dilation * (kernel - 1)
                assert upper.before + upper.after == 0 or fewer < (outputs - 1) * stride + 1


def test_only_the_last_copy_has_the_bias_of_a_sum():
    def row(bias):
        layer = read_layer(bias=bias)
        return next(attempts(FAMILIES["network-decoupling"], layer, Choices()))

    made = plan(row("last"))
    assert [branch.names for branch in made.branches] == [
        (("D", "P"), ("D_2", "P_2")),
        (("D_3", "P_3"),),
    ]
    for bias, biases in (("none", 0), ("last", 8), ("all", 3 * (3 + 8))):
        made = plan(row(bias))
        branches = [(x.times, stage) for x in made.branches for stage in x.stages]
        assert sum(times * stage.biases for times, stage in branches) == biases
        assert made.parameters == row(bias).number("parameters") + biases


def test_every_framework_says_the_same_parameters(derive):
    assert 5 * 3 + 5 * 3 + 5 * 3 + 8 * 5 + 5 + 5 + 5 + 8 == 108
    for framework in ("pytorch", "keras", "jax", "numpy", "onnx"):
        text = derive(*split(f"code cp --rank 5 --framework {framework} --bias all")).stdout
        assert re.search(r"^assert .* == 108$", text, re.MULTILINE), text


def test_the_width_can_be_that_of_the_output_channels_by_name(derive):
    found = derive(*split("code asymmetric --in 5 --out 7 --middle out --json"))
    assert json.loads(found.stdout)["setting"] == {"m": 7}
    rows = json.loads(
        derive(*split("compare --in 5 --out 7 --middle OUT --middle in --json")).stdout
    )
    widths = [row["setting"] for row in rows["families"] if row["name"] == "asymmetric"]
    assert widths == [{"m": 7}, {"m": 5}]
