"""The command line as a user meets it: answers, schemas, and one line for bad input."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from derive.notation.errors import CheckError

COMPARE_KEYS = {
    "name",
    "parameters",
    "macs",
    "macs_in_bounds",
    "multiplications",
    "additions",
    "flops",
    "activations",
    "bytes",
    "intensity",
    "degrees_of_freedom",
    "ratio",
    "exact_when",
}


@pytest.fixture
def facts(derive):
    """What a command says as JSON."""

    def said(*arguments):
        run = derive(*arguments, "--json")
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)

    return said


def test_both_ways_to_start_it_are_the_same_program():
    command = [sys.executable, "-m", "derive", "compare", "--kernel", "0"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert run.stderr == "derive: kernel must be at least 1, not 0\n"


def test_the_opening_question(facts):
    answer = facts("compare")
    assert answer["schema"] == "derive/compare/1"
    assert all(row.keys() >= COMPARE_KEYS for row in answer["families"])
    rows = {row["name"]: row for row in answer["families"]}
    standard, separable, asymmetric = (
        rows[name] for name in ("standard", "depthwise-separable", "asymmetric")
    )
    assert (standard["parameters"], standard["macs"]) == (216, 3_538_944)
    assert standard["macs_in_bounds"] == 3_502_176
    assert standard["flops"] == standard["without_bias"]["flops"] == 6_946_816
    assert standard["with_bias"]["flops"] == 7_077_888
    assert (separable["parameters"], separable["macs"]) == (51, 835_584)
    assert (separable["macs_in_bounds"], separable["flops"]) == (830_988, 1_490_944)
    assert separable["ratio"] == {"parameters": "17/72", "macs": "17/72", "flops": "91/424"}
    assert asymmetric["setting"] == {"m": 3}
    assert (asymmetric["parameters"], asymmetric["macs"]) == (99, 1_622_016)
    assert (asymmetric["macs_in_bounds"], asymmetric["flops"]) == (1_613_568, 3_063_808)


def test_several_widths_are_rows_and_a_dear_one_says_so(derive, facts):
    answer = facts("compare", "--middle", "3", "--middle", "8", "--middle", "9")
    rows = [row for row in answer["families"] if row["name"] == "asymmetric"]
    assert [row["parameters"] for row in rows] == [99, 264, 297]
    assert (rows[1]["macs"], rows[1]["macs_in_bounds"]) == (4_325_376, 4_302_848)
    assert any("dearer than standard" in note for note in rows[1]["notes"])
    assert [row["universal"] for row in rows] == [False, False, True]
    assert [row["dearer"] for row in rows] == [False, True, True]
    assert rows[0]["break_even"] == {"size": "m", "at_most": 6}
    table = derive("compare", "--middle", "8").stdout
    assert "asymmetric m=8, asymmetric-horizontal-first m=8: dearer than standard: 1.22×" in table


def test_bias_moves_the_totals(facts):
    rows = facts("compare", "--bias")["families"]
    standard = rows[0]
    assert (standard["parameters"], standard["flops"]) == (224, 7_077_888)
    sums = ("acnet-block", "network-decoupling")  # adding branches takes additions of its own
    assert all((row["flops"] == 2 * row["macs"]) is (row["name"] not in sums) for row in rows)


def test_ranks_by_letter(facts):
    rows = facts("compare", "--rank", "P=4,Q=2")["families"]
    tucker = next(row for row in rows if row["name"] == "tucker-2")
    assert (tucker["parameters"], tucker["macs"]) == (110, 1_802_240)
    assert tucker["degrees_of_freedom"] == 90


@pytest.mark.parametrize(
    ("arguments", "present", "absent"),
    [
        (["--image", "128", "--axes", "1"], "standard", "asymmetric"),
        (["--image", "8x16x16"], "r2plus1d", "asymmetric"),
        (["--in", "4", "--groups", "2"], "grouped-asymmetric", "r2plus1d"),
        (["--out", "3"], "depthwise-asymmetric", "grouped"),
        (["--out", "6"], "depthwise", "depthwise-asymmetric"),
        (["--kernel", "2x4"], "asymmetric", "acnet-block"),
        (["--transposed", "--kernel", "4", "--stride", "2", "--padding", "1"], "cp", "pointwise"),
    ],
    ids=" ".join,
)
def test_families_that_fit_are_shown_and_others_named(arguments, present, absent, facts):
    answer = facts("compare", *arguments)
    names = [row["name"] for row in answer["families"]]
    omitted = {item["name"]: item["reason"] for item in answer["omitted"]}
    assert present in names
    assert absent not in names
    assert omitted[absent]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("compare --image 4x4 --axes 1", "image 4x4 has 2 sides, but the layer has 1 axis"),
        ("compare --image 4x4x4x4", "at most depth x height x width"),
        ("compare --image 0x3", "image must be at least 1, not 0"),
        ("compare --image axb", "image must be an integer, not 'a'"),
        ("compare --kernel 0", "kernel must be at least 1, not 0"),
        ("compare --kernel 3x3x3", "kernel 3x3x3 has 3 numbers, the layer has 2 axes"),
        ("compare --stride 1.5", "stride must be an integer, not '1.5'"),
        ("compare --dilation -1", "dilation must be at least 1, not -1"),
        ("compare --groups 2 --in 3", "groups 2 must divide the 3 input channels"),
        ("compare --groups 3", "groups 3 must divide the 8 output channels"),
        ("compare --padding -1", "padding must be at least 0, not -1"),
        ("compare --padding half", "not 'half': write same, valid, 1, 1x2 or 0:1x2:3"),
        ("compare --padding 1:2:3", "write before:after"),
        ("compare --padding 1x2x3", "padding 1x2x3 is for 3 axes, the layer has 2"),
        ("compare --image 4x4 --kernel 9 --padding valid", "more than the padded height of 4"),
        ("compare --middle 0", "width m must be at least 1, not 0"),
        ("compare --in x", "channels in must be an integer, not 'x': write 3"),
        ("compare --rank P=4,Z=1", "'Z' is none of P, Q, R, T"),
        ("compare --rank __import__('os')", "rank must be a positive integer"),
        ("compare --output-padding 1", "needs a transposed convolution"),
        ("compare --transposed --stride 2 --output-padding 2", "smaller than the stride 2"),
        ("compare --image 9999999999999x1", "image must be at most 1,000,000,000"),
        ("compare --transposed --kernel 1 --padding 70", "crops the whole height"),
        ("compare --rank R=1,R=2", "gives a letter twice"),
        ("family nothing", "unknown family nothing; there are"),
        ("build --markdown docs", "docs lies in docs/, or holds it"),
        ("compare --no-such-option", "No such option"),
        ("family asymetric", "unknown family asymetric; did you mean asymmetric?"),
        ("family ../cli", "unknown family ../cli"),
        ("family tucker_22", "did you mean tucker-2?"),
        ("family cp --json --latex", "--json and --latex exclude each other"),
        ("serve --address foo", "address must be host:port"),
        ("serve --address localhost:99999", "address must be host:port"),
        ("family", "Missing argument"),
        ("famly", "No such command 'famly'; did you mean family?"),
        ("xyz", "No such command 'xyz'; there are build, code, compare, "),
        ("compare --imge 3x3", "No such option --imge; did you mean --image?"),
        ("compare --zzz", "No such option --zzz; derive compare --help lists them"),
        ("list famlies", "'famlies' is not one of 'families', 'theorems', 'networks', 'kernels'"),
        ("list --csv --markdown", "--csv and --markdown exclude each other"),
        ("define jiu,ojv->oiuv --axes 1 --image 8", "does not fit this layer: it has no form on 1"),
        ("define D[i,u,v] --out 4", "does not fit this layer: it makes 3 output channels"),
    ],
)
def test_bad_input_gets_one_line_and_exit_code_2(arguments, says, derive):
    run = derive(*arguments.split(" "))
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.count("\n") == 1
    assert run.stderr.startswith("derive: ")
    assert says in run.stderr


def test_a_family_has_its_formulas_in_general_and_for_a_square(facts):
    document = facts("family", "asymmetric")
    assert document["schema"] == "derive/family/1"
    assert document["einsum"] == "jiu,ojv->oiuv"
    parameters = document["formulas"]["parameters"]
    assert parameters["sympy"] == "C_in*k_h*m + C_out*k_w*m"
    assert parameters["square"]["sympy"] == "m*n*(C_in + C_out)"
    assert parameters["square"]["guard"] == "k_h = n, k_w = n"
    assert document["formulas"]["macs"]["square"]["sympy"] == "H*W*m*n*(C_in + C_out)"
    assert all(f.keys() >= {"sympy", "latex", "guard"} for f in document["formulas"].values())
    assert [stage["factor"] for stage in document["stages"]] == ["A[j, i, u]", "B[o, j, v]"]


def test_every_family_prints_in_every_form(derive):
    from derive.catalogue import FAMILIES

    for name in FAMILIES:
        for form in ("--json", "--csv", "--latex", "--markdown"):
            assert derive("family", name, form).returncode == 0
        assert "\\" not in derive("family", name).stdout
    text = derive("family", "asymmetric").stdout
    assert "A[j, i, u] B[o, j, v]" in text
    assert "Z_1[j, y, x] = Sum(A[j, i, u]*X[i, d_h*u - p_h + s_h*y, x]" in text


def test_build_outside_a_clone(derive, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    run = derive("build")
    assert run.returncode == 2
    assert run.stderr == ("derive: no mkdocs.yml here: run this inside a clone of Separable\n")


def test_help_and_version_exit_cleanly(derive):
    assert derive("--help").returncode == derive("--version").returncode == 0
    assert "compare" in derive().stdout


def test_help_lists_every_exit_code_of_the_reference(derive):
    page = (Path(__file__).parents[2] / "docs/reference/command-line.md").read_text("utf-8")
    cells = re.findall(r"^\| ([\d, ]+) \|", page, re.MULTILINE)
    codes = {code for cell in cells for code in cell.split(", ")}
    listed = derive("--help").stdout.partition("Exit codes:")[2]
    assert codes == set(re.findall(r"\d+", listed))
    assert {"0", "1", "2", "74", "130", "141", "143"} <= codes


def test_exactness_is_said_for_the_axes_of_the_layer(facts):
    for words in (["--image", "16", "--axes", "1"], [], ["--image", "4x8x8"]):
        rows = {row["name"]: row for row in facts("compare", *words)["families"]}
        assert rows["standard"]["exact_when"] == "every kernel"
        assert rows["pointwise"]["exact_when"] == "the kernel is zero except at the middle tap"


def test_a_bias_between_stages_is_warned_of(derive, facts):
    assert "exactness needs zero padding, no bias" in derive("compare", "--bias").stdout
    assert "exactness needs" not in derive("compare").stdout
    assert "no bias" in facts("compare")["exactness_needs"]


def test_a_width_that_the_groups_do_not_divide_is_left_out_by_name(facts):
    answer = facts("compare", "--in", "4", "--groups", "2", "--middle", "3", "--middle", "4")
    rows = [row["setting"] for row in answer["families"] if row["name"] == "grouped-asymmetric"]
    assert rows == [{"m": 4}]
    assert {
        "name": "grouped-asymmetric",
        "reason": "width 3 is no multiple of the 2 groups",
    } in answer["omitted"]


def test_stages_add_up(facts):
    for row in facts("compare", "--kernel", "3x5", "--stride", "2x1")["families"]:
        for name in ("macs", "macs_in_bounds"):
            assert sum(s["times"] * s[name] for s in row["stages"]) == row[name]
        field = [1, 1] if row["name"] == "pointwise" else [3, 5]
        assert row["receptive_field"] == field


def test_a_terminal_that_knows_ascii_only_gets_an_answer():
    run = subprocess.run(
        [sys.executable, "-m", "derive", "compare"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert run.returncode == 0
    assert "standard" in run.stdout


def test_a_failed_check_exits_with_1(derive, monkeypatch):
    def failing(*_):
        raise CheckError("two ways disagree")

    monkeypatch.setattr("derive.facts.compare", failing)
    run = derive("compare")
    assert (run.returncode, run.stderr) == (1, "derive: two ways disagree\n")


def test_output_and_output_padding_are_said(derive, facts):
    words = ("--image", "9x8", "--transposed", "--stride", "3x2", "--output-padding", "2x1")
    layer = facts("compare", *words)["layer"]
    assert layer["output_padding"] == [2, 1]
    assert layer["output"] == [(n - 1) * s + 3 - 2 + e for n, s, e in ((9, 3, 2), (8, 2, 1))]
    title = derive("compare", *words).stdout.splitlines()[0]
    assert title.endswith("transposed, output padding 2×1, output 27×16")
    assert facts("compare")["layer"]["output_padding"] == [0, 0]
    assert derive("compare").stdout.splitlines()[0].endswith("no bias, output 128×128")
