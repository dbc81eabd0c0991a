"""Which stages have a bias: none, the last or all, in every command and form that takes one."""

import json
import re
import subprocess
import sys
from fractions import Fraction
from importlib.util import find_spec
from shlex import split

import pytest

import derive as public
from derive.catalogue import FAMILIES
from derive.notation.letters import M
from derive.parse.layer import read_layer
from tests.oracle import Run
from tests.tools import need

SEPARABLE = "--in 10 --out 100 --kernel 5 --image 6x7"
TOTALS = ("parameters", "additions", "flops", "bytes")
KERAS = """
import keras
for which in ({"use_bias": False}, {}):
    layer = keras.layers.SeparableConv2D(100, 5, **which)
    layer.build((None, 6, 7, 10))
    print(layer.count_params())
"""


def row_of(facts, name="depthwise-separable"):
    return next(row for row in facts["families"] if row["name"] == name)


@pytest.mark.parametrize(("bias", "parameters"), [("none", 1250), ("last", 1350), ("all", 1360)])
def test_a_separable_layer_costs_what_loops_count_with_the_biases_it_has(derive, bias, parameters):
    facts = json.loads(derive(*split(f"compare {SEPARABLE} --bias {bias} --json")).stdout)
    assert (facts["layer"]["bias"], facts["layer"]["biased"]) == (bias != "none", bias)
    row = row_of(facts)
    layer = read_layer(image="6x7", channels_in=10, channels_out=100, kernel="5")
    run = Run(FAMILIES["depthwise-separable"].family, layer, {M: 1}, bias=bias)
    assert row["parameters"] == run.weights + run.bias_entries == parameters
    assert row["additions"] == run.total.additions
    assert row["flops"] == row["multiplications"] + run.total.additions
    assert row["bytes"] == row["without_bias"]["bytes"] + 4 * run.bias_entries
    under = {"none": "without_bias", "last": "with_last_bias", "all": "with_bias"}[bias]
    assert {name: row[name] for name in TOTALS} == {name: row[under][name] for name in TOTALS}
    whole = 25_000 + (100 if bias != "none" else 0)
    assert row["ratio"]["parameters"] == str(Fraction(parameters, whole))


def test_keras_counts_the_same():
    need(find_spec("keras"), 'keras is not installed: pip install -e ".[frameworks]" brings it')
    done = subprocess.run(
        [sys.executable, "-c", KERAS],
        env={"KERAS_BACKEND": "numpy", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["1250", "1350"]


@pytest.mark.parametrize(
    ("words", "biased"),
    [
        ("compare --bias", "all"),
        ("compare --bias --stride 2", "all"),
        ("compare --stride 2 --bias", "all"),
        ("compare --bias last", "last"),
        ("compare --bias=LAST", "last"),
        ("compare --bias no", "none"),
        ("compare", "none"),
        ('define --bias "A[j,i,u] B[o,j,v]"', "all"),
        ('define --bias last "A[j,i,u] B[o,j,v]"', "last"),
        ("code --bias asymmetric", "all"),
        ("code asymmetric --bias last", "last"),
    ],
)
def test_bias_alone_is_all_whatever_follows(derive, words, biased):
    facts = json.loads(derive(*split(f"{words} --json")).stdout)
    layer = facts["layer"] if "layer" in facts else facts["example"]["layer"]
    assert layer["biased"] == biased


def test_designs_are_related_with_the_costs_of_their_biases(derive):
    words = "relate --in 4 depthwise-separable asymmetric --json --bias"
    costs = [
        json.loads(derive(*split(f"{words} {bias}")).stdout)["other_in_one"]["cost"]["parameters"]
        for bias in ("none", "last", "all")
    ]
    assert (costs[1] - costs[0], costs[2] - costs[0]) == (8, 8 + 4 * 8)  # M = 8


@pytest.mark.parametrize("bias", ["lats", "2", "last last"])
def test_another_word_is_refused_in_one_line(derive, bias):
    done = derive("compare", "--bias", bias)
    line = f"derive: bias must be none, last or all, not '{bias}'"
    assert (done.returncode, done.stderr.strip()) == (2, line)


def test_a_line_of_formulas_is_of_the_biases_that_are_asked_for(derive):
    shown = {
        bias: derive(*split(f"family SeparableConv2D --csv --bias {bias}")).stdout
        for bias in ("none", "last", "all")
    }
    assert derive(*split("family SeparableConv2D --csv")).stdout == shown["all"]
    names = {
        bias: {line.split(",")[0] for line in text.splitlines()} for bias, text in shown.items()
    }
    counts = {"parameters", "additions", "flops", "bytes", "intensity"}
    assert names["last"] - names["none"] == {f"{name} with last bias" for name in counts}
    assert names["all"] - names["none"] == {f"{name} with bias" for name in counts}
    line = "parameters with last bias,C_in*C_out*M + C_in*M*k_h*k_w + C_out,"
    assert line in shown["last"]
    own = derive(*split('define "D[i,u,v] P[o,i]" --csv --bias last')).stdout
    assert "parameters with last bias,C_in*C_out + C_in*k_h*k_w + C_out," in own


def test_python_has_the_same_words():
    layer = public.layer(channels=(10, 100), kernel=5)
    design = public.families["SeparableConv2D"]
    for bias, parameters in {"none": 1250, "last": 1350, "all": 1360}.items():
        assert design.on(layer, bias=bias).parameters == parameters
        made = public.layer(channels=(10, 100), kernel=5, bias=bias)
        assert design.on(made).parameters == parameters
        assert public.compare(made)["depthwise-separable M=1"].parameters == parameters
        assert re.search(
            rf"^assert .* == {parameters}$", design.code("numpy", layer, bias=bias), re.M
        )
    formula = design.formulas["parameters_with_last_bias"]
    assert formula(C_in=10, C_out=100, n=5, M=1) == 1350
    with pytest.raises(public.InputError, match="bias must be none, last or all, not 'some'"):
        design.on(layer, bias="some")
