"""derive relate for a user: two sentences, the contract of its JSON, one line for bad input."""

import json

import pytest

LAYER = ("--in", "3", "--out", "8", "--kernel", "3", "--image", "128x128")


@pytest.fixture
def related(derive):
    def said(*arguments):
        answer = derive("relate", *arguments, "--json")
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)

    return said


def test_the_opening_question_is_answered_first(derive):
    said = derive("relate", "depthwise-separable", "asymmetric", *LAYER).stdout
    words = " ".join(said.split())
    assert words.startswith(
        "To represent every depthwise separable convolution (M = 1), an asymmetric convolution"
        " (vertical first) needs 9 middle channels: 297 parameters, 1.38 times those of the"
    )
    assert "a depthwise separable convolution needs depth multiplier 8" in words
    assert "Neither represents every kernel of the other." in words


def test_json_on_a_layer(related):
    found = related("dws", "asymmetric", *LAYER, "--middle", "3")
    assert found["schema"] == "derive/relate/1"
    assert (found["one"], found["other"]) == ("depthwise-separable", "asymmetric")
    assert found["relation"] == "neither"
    assert found["sizes"]["C_out"] == 8
    there, back = found["one_in_other"], found["other_in_one"]
    assert (there["verdict"], there["needs"]) == (False, {"m": 9})
    assert (back["verdict"], back["needs"]) == (False, {"M": 8})
    assert there["condition"]["sympy"] == "m >= 9"
    assert there["witness"]["bound"] == 3
    assert len(there["witness"]["rows"]) == 9
    assert there["weights"] is None
    assert there["cost"]["parameters"] == 297
    assert "order" in found["theorems"]


def test_json_in_symbols(related):
    found = related("cp", "asymmetric")
    assert found["sizes"] is None
    there = found["one_in_other"]
    assert there["needs"] == {}
    assert there["condition"]["sympy"] == "Min(R, C_in*k_h, C_out*k_w) <= m"
    assert [one["factor"] for one in there["weights"]["factors"]] == ["A[j, i, u]", "B[o, j, v]"]


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("flattened", "blueprint-separable", "contained"),
        ("standard", "pointwise", "contains"),
        ("acnet-block", "standard", "equal"),
        ("A[e,i,u] B[o,e,v]", "asymmetric", "equal"),
        ("asymmetric", "asymmetric-horizontal-first", "neither"),
        ("standard", "cp", "undecided"),
    ],
)
def test_every_answer_there_is(related, one, other, relation):
    options = ("--rank", "24") if relation == "undecided" else ("--middle", "3")
    own = ("--rank", "3") if one.startswith("A[") else ()
    found = related(one, other, *LAYER, *options, *own)
    assert found["relation"] == relation


def test_what_is_undecided_says_what_is_known(related):
    found = related("standard", "cp", *LAYER, "--rank", "24")["one_in_other"]
    assert found["verdict"] is None
    assert found["needs"] == {"R": None}
    assert found["between"] == {"R": {"least": 9, "most": 27}}
    assert found["condition"] is None


def test_a_large_layer_says_what_was_not_worked_out(related):
    found = related("standard", "asymmetric", "--in", "2048", "--out", "2048", "--middle", "32")
    there = found["one_in_other"]
    assert (there["verdict"], there["needs"]) == (False, {"m": 6144})
    assert there["evidence"].endswith("not worked out for a kernel as large as this")
    assert (there["status"], there["witness"]["bound"]) == ("computed", 32)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("asymetric", "standard"), "unknown family asymetric; did you mean asymmetric?"),
        (("A[j,i,u", "standard"), "the bracket opened at position 2 is not closed"),
        (("./nope.py", "standard"), "there is no file ./nope.py"),
        (("r2plus1d", "standard", *LAYER), "does not fit this layer: it has no form on 2 axes"),
        (("depthwise", "standard", *LAYER), "it makes 6 output channels, the layer has 8"),
        (
            ("asymmetric", "standard", "--image", "2", "--padding", "valid"),
            "kernel 3 with dilation 1 spans 3 pixels, more than the padded height of 2",
        ),
    ],
)
def test_bad_input_is_one_line(derive, arguments, words):
    answer = derive("relate", *arguments)
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert answer.stderr.count("\n") == 1
    assert words in answer.stderr
