"""What the page's Python is made of: nothing that it lacks, nothing copyleft, quick once packed."""

import json
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from derive.catalogue import FAMILIES
from derive.cli import cli
from derive.code.printers import TITLES
from derive.facts.own_line import own_line_facts
from derive.proof.library import THEOREMS
from derive.render.live import coded, counted, factored
from derive.render.values import json_values
from derive.site.pages import line_lab, schemas
from derive.site.pages.line_lab import CURIOUS, LINE
from derive.site.pyodide import foreign, libraries, ours, provable

RUN = """
import json, sys
sys.path = [sys.argv[1], *(path for path in sys.path if "site-packages" not in path)]
from derive.render.live import coded, counted, defined, factored, proved
lines, names, rows, factors, network = json.load(sys.stdin)
answers = {line: json.loads(defined(line)) for line in lines}
steps = []
proofs = {name: json.loads(proved(name, steps.append)) for name in names}
code = [json.loads(coded(*row)) for row in rows]
files = json.loads(factored("mine", "1 2; 2 4", json.dumps(factors)))
said = {"answers": answers, "proofs": proofs, "steps": len(steps), "code": code, "files": files}
said["network"] = json.loads(counted(network))
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    folder = tmp_path_factory.mktemp("python")
    return folder, libraries(folder), ours(folder)


def test_the_entry_and_the_theorems_reach_only_what_the_page_has():
    assert foreign("render/live.py") == set()
    assert foreign("theorems/rank_one.py") == {"flint", "numpy"}
    assert {"operation-count", "pipeline", "break-even"} <= set(provable()) < set(THEOREMS)


def test_a_type_checker_alone_reads_what_stands_below_type_checking():
    """A model may hold arrays, whose type is NumPy's; nothing of NumPy is imported for that."""
    assert foreign("models/model.py") == set()
    assert foreign("models/onnx.py") == {"onnx"}


def test_the_archives_alone_derive_every_line_and_prove_every_theorem(archives, tmp_path):
    for archive in archives[1:]:
        zipfile.ZipFile(archive).extractall(tmp_path)
    lines = [LINE, "A[j,i,u] B[j,v]", *CURIOUS, *(str(e.family) for e in FAMILIES.values())]
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", RUN, str(tmp_path)],
        input=json.dumps([lines, provable(), list(ROWS), FACTORS, NETWORK]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    for line, answer in said["answers"].items():
        if line == lines[1]:
            assert "no factor holds o" in answer["error"]
            continue
        wanted = json_values(own_line_facts(line))
        code, pictures = answer.pop("code"), answer.pop("pictures")
        assert not answer.pop("misfit")
        assert bool(pictures) == bool(wanted["example"])
        assert all(picture.startswith('<svg class="pipeline"') for picture in pictures)
        assert set(code) == (set(TITLES.values()) if wanted["example"] else set())
        assert all("assert" in text or text.startswith("# stage") for text in code.values())
        del answer["convolution"]["seconds"], wanted["convolution"]["seconds"]
        assert answer == wanted
    statuses = {name: proof["status"] for name, proof in said["proofs"].items()}
    assert statuses["operation-count"] == statuses["pipeline"] == "proved"
    assert "failed" not in statuses.values()
    assert said["steps"] > 50
    assert said["code"] == [json.loads(coded(*row)) for row in ROWS]
    assert said["files"] == json.loads(factored("mine", "1 2; 2 4", json.dumps(FACTORS)))
    assert said["network"] == json.loads(counted(NETWORK))
    assert said["network"]["files"]


ROWS = {  # what is asked, and the options of the command that asks the same
    ("asymmetric", '{"m": 3}', "{}"): ["--middle=3"],
    ("standard", "{}", '{"kernel": "4", "stride": "2", "padding": "same-upper", "bias": "1"}'): [
        *("--kernel=4", "--stride=2", "--padding=same-upper", "--bias=all")
    ],
    ("tucker-2", '{"P": 3, "Q": 2}', '{"in": "6", "out": "6"}'): [
        *("--rank=P=3,Q=2", "--in=6", "--out=6")
    ],
    ("grouped", "{}", '{"in": "8", "groups": "4", "transposed": "yes"}'): [
        *("--in=8", "--groups=4", "--transposed")
    ],
}
NETWORK = "image 3x32x32\neach: bn relu\n3x3/2 8\n2 * ( dw 3x3 > 1x1 16 )\nlinear 10"
FACTORS = {"kernel": [["1", "2"], ["2", "4"]], "columns": [["1/2", "1"]], "rows": [["2", "4"]]}


@pytest.mark.parametrize("asked", ROWS, ids="".join)
def test_the_code_of_a_row_is_that_of_the_command(asked):
    """Bias, padding and ranks are read as `derive code` reads them."""
    found = json.loads(coded(*asked))["code"]
    for framework in TITLES:
        words = ["code", asked[0], f"--framework={framework}", *ROWS[asked]]
        run = CliRunner().invoke(cli, words)
        said = run.output if run.exit_code == 0 else str(run.exception)
        assert said in found[framework].values()


def test_a_row_that_does_not_fit_is_refused_in_one_line():
    said = json.loads(coded("depthwise", "{}", '{"in": "3", "out": "8"}'))
    assert said == {"error": "depthwise makes 6 output channels, the layer has 8"}
    said = json.loads(coded("standard", "{}", '{"in": "x"}'))
    assert said["error"].startswith("channels in must be an integer")


FLOATS = {"kernel": [["3", "0"], ["0", "4"]], "columns": [[0.0, 2.0]], "rows": [[0.0, 2.0]]}


def test_factors_in_the_page_are_measured_by_what_they_contract_to():
    """The error is that of the factors, also of wrong ones, and is exact where they are."""
    near = json.loads(factored("mine", "3 0; 0 4", json.dumps(FLOATS)))
    assert near["relative_error"] == 0.6
    wrong = {**FLOATS, "rows": [[0.0, 1.0]]}
    assert json.loads(factored("mine", "3 0; 0 4", json.dumps(wrong)))["relative_error"] > 0.7
    exact = json.loads(factored("mine", "1 2; 2 4", json.dumps(FACTORS)))
    assert exact["relative_error"] == 0
    for said, schema in ((near, "nearest-factors"), (exact, "factors")):
        document = json.loads(said["code"]["factors"]["text"])
        Draft202012Validator(json.loads(schemas.text(schema))).validate(document)


def test_archives_are_the_same_when_made_again_and_are_not_made_again_without_need(
    archives, tmp_path, monkeypatch
):
    folder, *made = archives
    again = [libraries(tmp_path), ours(tmp_path)]
    assert [one.read_bytes() for one in made] == [one.read_bytes() for one in again]
    before = [one.stat().st_mtime_ns for one in made]
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert [libraries(folder), ours(folder)] == made
    assert [one.stat().st_mtime_ns for one in made] == before


def test_only_the_package_and_two_libraries_of_bsd_licence_are_packed(archives):
    names = {name for file in archives[1:] for name in zipfile.ZipFile(file).namelist()}
    assert {name.partition("/")[0] for name in names} == {"derive", "sympy", "mpmath"}
    assert not any("/tests/" in name or "/site/" in name for name in names)


def test_every_curious_line_is_a_line_that_the_book_has_not():
    assert {line: own_line_facts(line).same_as for line in CURIOUS} == dict.fromkeys(CURIOUS)


def test_the_page_says_proved_only_of_what_was(monkeypatch):
    """The badge was typed."""
    facts = own_line_facts(LINE)
    for proved, badge in ((True, "proved"), (False, "failed")):
        changed = replace(facts, convolution=replace(facts.convolution, proved=proved))
        monkeypatch.setattr(line_lab, "own_line_facts", lambda line, changed=changed: changed)
        assert f"badge-{badge}" in line_lab.context().badge
