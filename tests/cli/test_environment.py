"""Odd places to run in: no docstrings, nowhere to write, no home, a folder that was removed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from derive.notation.errors import InputError
from derive.site import build
from derive.site.staging import staged

DERIVE = (sys.executable, "-m", "derive")
ROOT = Path(__file__).parents[2]
C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def ran(*arguments, cwd=ROOT, drop=(), **environment):
    known = {name: value for name, value in os.environ.items() if name not in drop}
    return subprocess.run(
        arguments,
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=cwd,
        env=known | environment,
    )


@pytest.mark.parametrize("words", [("compare",), ("prove", "rank-one")])
def test_a_python_without_docstrings_is_refused_in_one_line(words):
    run = ran(*DERIVE, *words, PYTHONOPTIMIZE="2")
    assert run.returncode == 2
    assert run.stderr == (
        "derive: the texts of the book are docstrings: run without -OO and PYTHONOPTIMIZE=2\n"
    )


def test_a_run_that_ends_searches_no_memory_for_cycles():
    loop = "class Loop:\n    __del__ = lambda self, write=os.write: write(1, b'searched')\n"
    start = "import os, sys; from derive.cli import main; sys.argv = ['derive', '--version']\n"
    end = "one = Loop(); one.itself = one; del one; main()"
    run = ran(sys.executable, "-c", start + loop + end)
    assert run.returncode == 0, run.stderr
    assert "searched" not in run.stdout


LOADED = """
import sys
from derive.cli import main
sys.argv = ["derive", "count", *sys.argv[1:]]
main()
print(*sys.modules, file=sys.stderr)
"""


def test_a_count_loads_no_more_than_it_needs(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("image 3x8x8\n3x3 4 relu\n3x3 5 relu\nlinear 6\n")
    run = ran(sys.executable, "-c", LOADED, str(path), "--json", drop=("SYMPY_GROUND_TYPES",))
    loaded = run.stderr.split()
    assert [one for one in loaded if one.startswith("derive.families.")] == [
        "derive.families.standard"
    ]
    assert not {"flint", "onnx", "derive.models.onnx", "derive.facts.network"} & set(loaded)


def test_a_count_leaves_the_arithmetic_of_sympy_to_who_has_chosen_it(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("image 3x8x8\n3x3 4\n")
    run = ran(sys.executable, "-c", LOADED, str(path), "--json", SYMPY_GROUND_TYPES="flint")
    assert "flint" in run.stderr.split()


def test_a_checkout_with_an_odd_name_and_neither_home_nor_temporary_folder(tmp_path):
    place = tmp_path / 'it\'s a "kühler" ⊗ folder'
    shutil.copytree(
        ROOT / "derive", place / "derive", ignore=shutil.ignore_patterns("__pycache__", "site")
    )
    where = {"TMPDIR": str(tmp_path / "none"), **C_LOCALE}
    run = ran(*DERIVE, "factor", "sobel", cwd=place, drop=("HOME",), **where)
    assert (run.returncode, run.stderr) == (0, "")
    (place / "derive" / "families" / "mine.py").write_text('"""Mine."""')
    run = ran(*DERIVE, "family", "mine", cwd=place, **where)
    assert run.returncode == 2
    assert run.stderr.startswith("derive: derive/families/mine.py, line 1: the file must begin")


def test_a_folder_that_was_removed(tmp_path):
    gone = tmp_path / "gone"
    script = (
        f'mkdir "{gone}"; cd "{gone}"; rmdir "{gone}"; '
        f'"{sys.executable}" -P -c "from derive.cli import main; main()" factor sobel --out f.npz'
    )
    run = ran("bash", "-c", script)
    assert run.returncode == 2
    assert run.stderr == "derive: cannot write f.npz: No such file or directory\n"


@pytest.fixture
def sealed(tmp_path, monkeypatch):
    """A clone in which nothing can be written: its cache would lie in a file."""
    (tmp_path / "mkdocs.yml").touch()
    for name in ("derive", "docs", "overrides", "CITATION.cff"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / ".derive-cache").write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", [("build",), ("serve",), ("build", "--markdown", "out")])
def test_a_cache_that_cannot_be_written_is_one_line_before_the_work(
    sealed, derive, monkeypatch, command
):
    monkeypatch.setattr(build, "_mkdocs", lambda *_: pytest.fail("built"))
    monkeypatch.setattr(build, "derived", lambda *_: pytest.fail("derived"))
    run = derive(*command)
    assert run.returncode == 2
    assert run.stderr == f"derive: cannot write to {sealed / '.derive-cache'}: File exists\n"


def test_a_site_that_cannot_be_written_is_one_line(tmp_path):
    with (
        pytest.raises(InputError, match=r"^cannot write to .*none: No such file or directory$"),
        staged(tmp_path / "none" / "site"),
    ):
        pytest.fail("there is no such folder")
