"""derive define: the document of a line of one's own, and one line for a bad one."""

import json

import pytest
from hypothesis import given, HealthCheck, settings
from hypothesis import strategies as st

from derive.catalogue import FAMILIES
from derive.facts import compare
from derive.facts.family import family_facts
from derive.facts.own_line import own_line_facts, same_as
from derive.parse.layer import read_layer
from derive.render.values import json_values

ALIKE = ("factors", "branches", "einsum", "letters", "channels", "stages", "nested", "wasteful")
ALIKE += ("exact_when", "formulas", "transposed", "symbols", "definition", "line")


@pytest.fixture
def document(derive):
    """What define says as JSON."""

    def said(line):
        run = derive("define", line, "--json")
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)

    return said


@pytest.mark.parametrize("name", FAMILIES)
def test_the_line_of_every_family_gives_the_familys_document(name):
    family = json_values(family_facts(FAMILIES[name]))
    document = json_values(own_line_facts(family["line"]))
    assert {key: document[key] for key in ALIKE} == {key: family[key] for key in ALIKE}
    assert document["same_as"] == name
    assert document["convolution"]["proved"]
    assert document["example"]


def test_the_document(document):
    found = document("A[r,i,u,v] B[o,r]")
    assert found["schema"] == "derive/define/1"
    assert found["given"] == "A[r,i,u,v] B[o,r]"
    assert found["einsum"] == "riuv,or->oiuv"
    assert found["factors"] == ["A[r, i, u, v]", "B[o, r]"]
    assert found["exact_when"] == "the o × (i, u, v) matrix of the kernel has rank at most R"
    assert found["formulas"]["parameters"]["sympy"] == "C_in*R*k_h*k_w + C_out*R"
    assert found["formulas"]["parameters"].keys() >= {"sympy", "latex", "guard"}
    assert found["same_as"] is None
    assert found["decided"] is True
    assert document("D[i,u,v] E[j,i] F[o,j]")["decided"] is False
    assert found["convolution"]["proved"] is True
    assert (found["example"]["line"]["parameters"], found["example"]["line"]["macs"]) == (
        (3 * 3 * 3 * 3 + 8 * 3),
        (3 * 3 * 3 * 3 + 8 * 3) * 128**2,
    )


def test_an_outer_product_is_a_line(document):
    found = document("A[i,u] B[o,v]")
    assert found["exact_when"] == "the kernel is an outer product over (i, u) and (o, v)"
    assert (found["convolution"]["proved"], found["decided"]) == (True, True)
    assert found["example"]["line"]["parameters"] == 3 * 3 + 8 * 3
    assert found["example"]["line"]["macs"] == (3 * 3 + 8 * 3) * 128**2
    assert document("P[o] A[i,u] B[v]")["convolution"]["proved"]
    filtered = document("a[u] b[v]")
    assert filtered["channels"] == {"C_in": "1", "C_out": "1"}
    assert filtered["definition"] == r"K_{u\,v} = a_{u}\,b_{v}"
    assert (filtered["example"]["layer"]["in"], filtered["example"]["line"]["parameters"]) == (1, 6)


def test_the_numbers_are_those_of_compare(document):
    rows = {row["name"]: row for row in json_values(compare(read_layer()))["families"]}
    found = document("A[j,i,u] B[o,j,v]")["example"]
    words = {"name": "asymmetric", "title": FAMILIES["asymmetric"].title}
    assert {**found["line"], **words} == rows["asymmetric"]
    assert found["standard"] == rows["standard"]


def test_a_layer_of_ones_own_has_the_numbers_of_compare(derive):
    options = ("--image", "9x7", "--in", "4", "--out", "6", "--stride", "2", "--middle", "2")
    options = (*options, "--middle", "5", "--json")
    found = json.loads(derive("define", "A[j,i,u] B[o,j,v]", *options).stdout)["example"]
    answer = json.loads(derive("compare", *options).stdout)
    rows = [row for row in answer["families"] if row["name"] == "asymmetric"]
    words = {"name": "asymmetric", "title": FAMILIES["asymmetric"].title}
    assert found["layer"] == answer["layer"]
    assert [{**line, **words} for line in found["lines"]] == rows
    assert found["line"] == found["lines"][0]
    assert [line["setting"] for line in found["lines"]] == [{"m": 2}, {"m": 5}]
    table = derive("define", "A[j,i,u] B[o,j,v]", *options[:-1]).stdout
    assert "9×7 image, 4 → 6 channels" in table
    assert "your line m=2" in table
    assert "your line m=5" in table


def test_a_letter_of_ones_own(document):
    found = document("A[e,i,u] B[o,e,v]")
    assert found["formulas"]["parameters"]["sympy"] == "C_in*N_e*k_h + C_out*N_e*k_w"
    assert found["symbols"]["N_e"] == "how many values e takes"
    assert found["letters"]["e"] == {
        "size": "N_e",
        "latex": "N_{e}",
        "meaning": "a letter of your own",
    }
    assert found["same_as"] == "asymmetric"
    assert found["example"]["line"]["setting"] == {"N_e": 3}
    assert found["example"]["line"]["break_even"] == {"size": "N_e", "at_most": 6}
    four = document("A[e,i,u] B[o,e,v] where e = 4")
    assert four["formulas"]["parameters"]["sympy"] == "4*C_in*k_h + 4*C_out*k_w"
    assert four["same_as"] is None


def test_bonds_have_no_names_but_order_and_sizes_count():
    assert own_line_facts("S[v,j,o] T[i,j,u]").derived.line.wasteful
    assert same_as(FAMILIES["asymmetric"].family.without([])) == "asymmetric"
    renamed = own_line_facts("C[q,i] D[r,q,u] E[j,v,r] F[o,j]")
    assert renamed.same_as == "tensor-train"
    assert own_line_facts("B[o,j,v] A[j,i,u]").same_as is None
    assert own_line_facts("2 × (D[i,u,v] P[o,i])").same_as is None
    assert own_line_facts("A[e,i,u] B[f,e] C[o,f,v] where e = m, f = m").same_as is None


def test_an_example_stands_on_the_axes_of_the_line(document):
    assert document("A[j,i,t,v] B[o,j,u]")["example"]["layer"]["image"] == [16, 128, 128]
    assert document("D[i,u] E[i,v]")["example"]["layer"]["out"] == 3
    assert document("W[g,b,a,u,v]")["example"]["layer"]["groups"] == 2


def test_the_table_and_the_latex(derive):
    table = derive("define", "A[e,i,u] B[o,e,v]").stdout
    for words in (
        "The same line as the family asymmetric of the book.",
        "proved for all sizes: the pipeline is the convolution with this kernel",
        "C_in*N_e*k_h + C_out*N_e*k_w",
        "your line N_e=3",
    ):
        assert words in table
    latex = derive("define", "jiu,ojv->oiuv", "--latex").stdout.splitlines()
    assert latex[0] == r"% A[j, i, u] B[o, j, v]: needs \usepackage{amsmath}"
    assert latex[3].startswith(r"  K_{o\,i\,u\,v} = \sum_{j}")


def test_a_line_that_is_not_its_convolution_is_a_failed_check(derive, monkeypatch):
    monkeypatch.setattr("derive.facts.own_line.is_the_convolution", lambda *_: False)
    run = derive("define", "W[o,i,u,v]")
    assert run.returncode == 1
    assert "not proved" in run.stdout


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("", "the line is empty"),
        ("A[j,i,u", "the bracket opened at position 2 is not closed"),
        ("A[z,i] B[o,z]", "letter 'z' at position 3 is a pixel of the image"),
        ("A[j,i,u,v] B[o,j,v]", "tap v stands in A (position 9) and B (position 18)"),
        ("A[j,i,u] B[j,v]", "no factor holds o, the output channel"),
        ("jiu,ojv->oiv", "letter u is missing from the output"),
        ("A[e,i] B[o,e] where e = k", "'k' at position 25 is no size"),
        ("A" * 999, "the line has 999 characters"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(derive, line, says):
    run = derive("define", line)
    assert run.returncode == 2
    assert run.stderr.startswith("derive: ")
    assert says in run.stderr
    assert run.stderr.count("\n") == 1
    assert run.stdout == ""


def test_json_and_latex_exclude_each_other(derive):
    run = derive("define", "W[o,i]", "--json", "--latex")
    assert run.returncode == 2
    assert "exclude each other" in run.stderr


PIECES = st.sampled_from([*"ijouvjltgabcXK[],+()=×2 ", "A[j,i,u]", " B[o,j,v]", "->", "D[i,v]"])


@given(line=st.text(max_size=40) | st.lists(PIECES, max_size=9).map("".join))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_garbage_never_ends_in_a_traceback(derive, line):
    run = derive("define", "--json", "--", line)
    assert run.returncode in (0, 2)
    if run.returncode:
        assert run.stderr.count("\n") == 1
        assert run.stderr.startswith("derive: ")
    else:
        assert json.loads(run.stdout)["convolution"]["proved"]
