"""Tables to take away: CSV that spreadsheets read, LaTeX that compiles, Markdown, and lists."""

import csv
import io
import json
import re
import shutil
import subprocess

import pytest

from derive.catalogue import FAMILIES
from derive.kernels import gallery
from derive.models.library import NETWORKS
from derive.proof.library import THEOREMS
from derive.render.tabular import Mathematics, Tabular, tex, written
from tests.tools import need

ODD = Tabular(
    ("a name", "n", "f"),
    [('a, "b" | c\nd', 1234567, Mathematics("x**2", "|x|^{2}")), ("50 % of C_in", 1, "")],
    "A caption & more",
)
TABLES = {
    "compare": ("compare", "--middle", "3", "--middle", "8"),
    "compare, video": ("compare", "--image", "8x16x16", "--bias"),
    **{f"family {name}": ("family", name) for name in ("asymmetric", "acnet-block", "r2plus1d")},
    "define": ("define", "A[e,i,u] B[o,e,v] where e = 4"),
    "list": ("list",),
    **{f"list {kind}": ("list", kind) for kind in ("families", "theorems", "networks", "kernels")},
    "count": ("count", "erfnet"),
    "prove": ("prove", "rank-one", "order-gap", "--no-z3"),
}
WIDTHS = ("asymmetric", "cp", "tucker-2", "network-decoupling")


def rows(text):
    return list(csv.reader(io.StringIO(text)))


def cells(line):
    """What stands between the bars of a row of Markdown."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def test_a_cell_is_what_it_was_in_every_form():
    assert rows(written(ODD, "csv"))[1:] == [
        ['a, "b" | c\nd', "1234567", "x**2"],
        ["50 % of C_in", "1", ""],
    ]
    markdown = written(ODD, "markdown").splitlines()
    assert [cells(line) for line in markdown] == [
        ["a name", "n", "f"],
        ["---", "--:", "---"],
        [r'a, "b" \| c d', "1,234,567", r"$\vert x\vert ^{2}$"],
        ["50 % of C_in", "1", ""],
    ]
    latex = written(ODD, "latex").splitlines()
    assert r"  \caption{A caption \& more}" in latex
    assert r"    50 \% of C\_in & 1 &  \\" in latex
    assert r"  \begin{tabular}{lrl}" in latex


@pytest.mark.parametrize("form", ["csv", "markdown", "latex"])
@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_as_many_cells_in_every_row(derive, table, form):
    ran = derive(*TABLES[table], f"--{form}")
    assert (ran.returncode, ran.stderr) == (0, "")
    if form == "csv":
        widths = {len(row) for row in rows(ran.stdout)}
    elif form == "markdown":
        lines = [line for line in ran.stdout.splitlines() if line.startswith("|")]
        widths = {len(cells(line)) for line in lines}
    else:
        widths = {1}
        assert ran.stdout.isascii()
        assert ran.stdout.count(r"\begin{") == ran.stdout.count(r"\end{")
        assert ran.stdout.count("{") - ran.stdout.count(r"\{") == (
            ran.stdout.count("}") - ran.stdout.count(r"\}")
        )
    assert len(widths) == 1
    assert not re.search("\x1b", ran.stdout)


@pytest.mark.parametrize("name", WIDTHS)
def test_the_formulas_of_a_family_are_those_of_its_json(derive, name):
    document = json.loads(derive("family", name, "--json").stdout)
    head, *found = rows(derive("family", name, "--csv").stdout)
    assert head[:3] == ["formula", "in general", "for"]
    shown = {key: f for key, f in document["formulas"].items() if "last_bias" not in key}
    assert len(document["formulas"]) == len(shown) + 5
    assert found == [
        [key.replace("_", " "), f["sympy"], f["guard"], f["square"]["sympy"], f["square"]["guard"]]
        for key, f in shown.items()
    ]
    latex = derive("family", name, "--latex").stdout
    markdown = derive("family", name, "--markdown").stdout
    for text in (latex, markdown):
        assert document["definition"] in text
        assert all(stage["latex"] in text for stage in document["stages"])
        assert all(f["latex"] in text for f in shown.values())
    assert all(tex(meaning) in latex for meaning in document["symbols"].values())
    assert all(meaning in markdown for meaning in document["symbols"].values())


@pytest.fixture(scope="session")
def pdflatex():
    found = shutil.which("pdflatex")
    need(found, "pdflatex is not here: Debian has it in texlive-latex-recommended")
    return found


@pytest.mark.parametrize("words", [*TABLES.values(), *(("family", name) for name in FAMILIES)])
def test_latex_compiles_in_an_article_as_it_is(derive, pdflatex, words, tmp_path):
    body = derive(*words, "--latex").stdout
    article = rf"""\documentclass{{article}}
\usepackage{{amsmath,booktabs}}
\begin{{document}}
{body}
\end{{document}}
"""
    (tmp_path / "a.tex").write_text(article, "utf-8")
    command = [pdflatex, "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-800:]


def test_a_comparison_is_that_of_its_json(derive):
    document = json.loads(derive("compare", "--middle", "8", "--json").stdout)
    found = csv.DictReader(io.StringIO(derive("compare", "--middle", "8", "--csv").stdout))
    for row, fact in zip(found, document["families"], strict=True):
        for name in ("name", "title", "macs", "parameters", "intensity", "exact_when"):
            assert row[name] == str(fact[name])
        assert row["ratio_macs"] == fact["ratio"]["macs"]
        assert {size: row[size] for size in fact["setting"]} == {
            size: str(number) for size, number in fact["setting"].items()
        }
    latex = derive("compare", "--middle", "8", "--latex").stdout
    assert r"\begin{tabular}{lrrrrrr}" in latex
    assert "264 & 4,325,376 & 4,302,848 & 8,388,608" in latex
    assert "128$\\times$128 image, 3 $\\to$ 8 channels" in latex
    assert "| 264 | 4,325,376 |" in derive("compare", "--middle", "8", "--markdown").stdout


def test_a_list_has_everything_there_is(derive):
    ids = {
        "families": list(FAMILIES),
        "theorems": list(THEOREMS),
        "networks": list(NETWORKS),
        "kernels": list(gallery()),
    }
    document = json.loads(derive("list", "--json").stdout)
    assert document["schema"] == "derive/list/1"
    lines = derive("list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [x for kind in ids for x in (kind, *ids[kind])]
    for kind, known in ids.items():
        assert [one["id"] for one in document[kind]] == known
        assert json.loads(derive("list", kind, "--json").stdout) == {
            "schema": "derive/list/1",
            kind: document[kind],
        }
        alone = derive("list", kind).stdout.splitlines()
        assert [line.split()[0] for line in alone] == known
    assert "tucker-2                        Tucker-2 convolution" in derive("list").stdout
    assert "rank-one                    T2  Rank one" in derive("list", "theorems").stdout


def test_proofs_are_a_row_each(derive):
    document = json.loads(derive("prove", "rank-one", "--no-z3", "--json").stdout)
    (one,) = document["theorems"]
    head, row = rows(derive("prove", "rank-one", "--no-z3", "--csv").stdout)
    found = dict(zip(head, row, strict=True))
    assert (found["id"], found["status"]) == (one["id"], one["status"])
    assert int(found["steps"]) == len(one["steps"])
    assert int(found["cross-checks"]) + int(found["not run"]) == len(one["checks"])
    assert int(found["not run"]) == one["not_run"]
    assert int(found["counterexamples"]) == len(one["counterexamples"])
