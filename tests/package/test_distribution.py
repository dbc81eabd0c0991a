"""The distributions hold what they should, and one copy of the code is in play."""

import re
import tarfile
import tomllib
import zipfile

import pytest

import derive
from derive.notation.errors import InputError
from derive.site import build
from tests.package.conftest import built, installed, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
MINE = '''"""Mine: a family of my own."""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import i, o, u, v

A, B = map(IndexedBase, "AB")

family = Family(A[o, u, v], B[o, i])
'''


def test_the_wheel_holds_every_tracked_file_of_the_package_and_nothing_else(wheel, tracked):
    with zipfile.ZipFile(wheel) as files:
        ours = {name for name in files.namelist() if ".dist-info/" not in name}
    assert ours == {name for name in tracked if name.startswith("derive/")}


def test_the_source_distribution_holds_every_tracked_file(clone, tracked):
    with tarfile.open(built(clone, "sdist")) as files:
        names = {member.name.partition("/")[2] for member in files if member.isfile()}
    made = {name for name in names if name == "PKG-INFO" or ".egg-info/" in name}
    assert names - made - {"setup.cfg"} == set(tracked)


def test_an_editable_installation_knows_a_family_that_is_added_later(clone):
    book = installed(built(clone, "editable"), clone)
    (clone / "derive" / "families" / "mine.py").write_text(MINE, encoding="utf-8")
    answer = book.run("family", "mine")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "Mine" in answer.stdout


def test_an_installed_copy_answers_alone_and_does_not_build_the_clone_around_it(wheel, clone):
    book = installed(wheel, clone)
    for leaf in (clone / "derive" / "families").glob("[!_]*.py"):
        leaf.write_text("raise SystemExit('the clone is in play')", encoding="utf-8")
    assert book.run("family", "asymmetric").returncode == 0
    answer = book.run("build", PYTHONSAFEPATH="1")
    assert answer.returncode == 2
    (line,) = answer.stderr.splitlines()
    assert str(book.folder) in line
    assert line.endswith('install the clone itself, with pip install -e ".[site]"')


def test_the_hook_refuses_a_clone_that_is_not_the_package_that_runs(monkeypatch, tmp_path):
    from derive.site import hook

    (tmp_path / "derive").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="cannot build this clone"):
        hook.on_config(config=None)
    with pytest.raises(InputError, match=r"no mkdocs\.yml here"):
        build.build_site()


def test_what_is_missing_for_the_site_is_named_with_a_line_that_works_here(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(build, "find_spec", lambda name: None if name == "material" else name)
    with pytest.raises(InputError) as refusal:
        build.build_site()
    assert str(refusal.value) == (
        'the site needs material: install the clone itself, with pip install -e ".[site]"'
    )


def test_the_site_brings_what_formats_its_signatures():
    assert any(
        line.startswith(("ruff", "black")) for line in PROJECT["optional-dependencies"]["site"]
    )


def test_the_names_and_the_version_are_said_once():
    assert PROJECT["name"] == "separable-convolutions"
    extras = PROJECT["optional-dependencies"]
    own = {line for lines in extras.values() for line in lines if "separable" in line}
    assert own
    assert own <= {f"separable-convolutions[{extra}]" for extra in extras}
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert re.findall(r"^version: (.+)$", citation, re.MULTILINE) == [derive.__version__]
