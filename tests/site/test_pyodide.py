"""What the page's Python is made of: nothing that it lacks, nothing copyleft, quick once packed."""

import json
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest

from derive.catalogue import FAMILIES
from derive.code.printers import TITLES
from derive.facts.own_line import own_line_facts
from derive.proof.library import THEOREMS
from derive.render.values import json_values
from derive.site.pages import line_lab
from derive.site.pages.line_lab import CURIOUS, LINE
from derive.site.pyodide import foreign, libraries, ours, provable

RUN = """
import json, sys
sys.path = [sys.argv[1], *(path for path in sys.path if "site-packages" not in path)]
from derive.render.live import defined, proved
lines, names = json.load(sys.stdin)
answers = {line: json.loads(defined(line)) for line in lines}
steps = []
proofs = {name: json.loads(proved(name, steps.append)) for name in names}
print(json.dumps({"answers": answers, "proofs": proofs, "steps": len(steps)}))
"""


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    folder = tmp_path_factory.mktemp("python")
    return folder, libraries(folder), ours(folder)


def test_the_entry_and_the_theorems_reach_only_what_the_page_has():
    assert foreign("render/live.py") == set()
    assert foreign("theorems/rank_one.py") == {"flint", "numpy"}
    assert {"operation-count", "pipeline", "break-even"} <= set(provable()) < set(THEOREMS)


def test_the_archives_alone_derive_every_line_and_prove_every_theorem(archives, tmp_path):
    for archive in archives[1:]:
        zipfile.ZipFile(archive).extractall(tmp_path)
    lines = [LINE, "A[j,i,u] B[j,v]", *CURIOUS, *(str(e.family) for e in FAMILIES.values())]
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", RUN, str(tmp_path)],
        input=json.dumps([lines, provable()]),
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
        code = answer.pop("code")
        assert set(code) == (set(TITLES.values()) if wanted["example"] else set())
        assert all("assert" in text or text.startswith("# stage") for text in code.values())
        del answer["convolution"]["seconds"], wanted["convolution"]["seconds"]
        assert answer == wanted
    statuses = {name: proof["status"] for name, proof in said["proofs"].items()}
    assert statuses["operation-count"] == statuses["pipeline"] == "proved"
    assert "failed" not in statuses.values()
    assert said["steps"] > 50


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
