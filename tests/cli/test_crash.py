"""What nobody expected ends in one line that names a log file."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from mkdocs.exceptions import PluginError

from derive.notation.errors import CheckError, InputError
from derive.render.crash import crashed, last_line
from derive.site import generate, hook, katex, npm, typesetter

NAMED = re.compile(r"\(the traceback is in (.+\.log)\)")


@pytest.fixture(autouse=True)
def logs(monkeypatch, tmp_path):
    """The folder of log files, for this test alone."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def log_of(line):
    return Path(NAMED.search(line)[1]).read_text("utf-8")


def broken(*_, **__):
    raise ZeroDivisionError("integer division\nby zero")


@pytest.mark.parametrize(
    ("arguments", "target"),
    [
        (("compare",), "derive.facts.compare"),
        (("family", "asymmetric"), "derive.facts.family.family_facts"),
        (("define", "A[o,i] B[o,u,v]"), "derive.facts.own_line.own_line_facts"),
        (("factor", "sobel"), "derive.facts.verdict.verdict_facts"),
        (("prove", "rank-one"), "derive.proof.run.Session.verdict"),
        (("theorem", "rank-one"), "derive.proof.run.Session.verdict"),
        (("build",), "mkdocs.commands.build.build"),
        (("serve",), "mkdocs.commands.serve.serve"),
        (("build", "--markdown", "out"), "derive.site.build.derived"),
    ],
    ids=" ".join,
)
def test_every_command_ends_in_one_line_and_keeps_the_traceback(
    derive, monkeypatch, arguments, target
):
    monkeypatch.chdir(Path(__file__).parents[2])
    monkeypatch.setattr(target, broken)
    run = derive(*arguments)
    assert run.returncode == 1
    (line,) = [line for line in run.stderr.splitlines() if not line.startswith("INFO")]
    assert line.startswith("derive: ZeroDivisionError: integer division by zero (")
    assert "Traceback (most recent call last)" in log_of(line)
    assert "in broken" in log_of(line)


def test_a_pipe_that_is_closed_is_no_crash(logs):
    command = [sys.executable, "-m", "derive", "family", "asymmetric", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        run.stdout.close()
        assert run.stderr.read() == b""
    assert run.returncode == 141
    assert not list(logs.iterdir())


def test_a_log_that_cannot_be_written_is_said_in_the_same_line(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    line = crashed(ValueError("odd"))
    assert line == "ValueError: odd (no log file could be written: No such file or directory)"


TRACEBACK = "Traceback (most recent call last):\n  File x\nKeyError: 'cp'\n"


def test_a_process_that_crashes_is_reported_in_one_line_with_its_log():
    line = last_line(TRACEBACK, 1)
    assert line.startswith("KeyError: 'cp' (")
    assert log_of(line) == TRACEBACK


def failed(*_, **__):
    return SimpleNamespace(returncode=1, stdout="", stderr=TRACEBACK)


@pytest.mark.parametrize(
    ("work", "error"),
    [
        (lambda _: generate.Derivation().begin(), CheckError),
        (lambda store: katex.Katex(store).typeset(FORMULA), InputError),
    ],
    ids=["the book", "node"],
)
def test_every_program_that_fails_is_reported_in_one_line_with_its_log(
    monkeypatch, tmp_path, work, error
):
    ended = SimpleNamespace(line=str, result=failed)
    monkeypatch.setattr(generate, "start", lambda _: ended)
    program = f"raise SystemExit({TRACEBACK.rstrip()!r})"
    monkeypatch.setattr(typesetter, "command", lambda _: (sys.executable, "-c", program))
    monkeypatch.setattr(npm.Store, "folder", lambda *_: tmp_path)
    with pytest.raises(error) as told:
        work(npm.Store(tmp_path))
    assert "KeyError: 'cp' (" in str(told.value)
    assert "\n" not in str(told.value)
    assert log_of(str(told.value)) == TRACEBACK


FORMULA = r'<span class="arithmatex">\(x\)</span>'


def test_a_rebuild_under_the_server_ends_in_one_line_too():
    with pytest.raises(hook.Abort) as told:
        hook.on_build_error(error=ZeroDivisionError("odd"))
    assert str(told.value).startswith("ZeroDivisionError: odd (the traceback is in ")
    assert hook.on_build_error(error=PluginError("of MkDocs' own")) is None
    for error, code in ((InputError("what to mend"), 2), (CheckError("what failed"), 1)):
        with pytest.raises(hook.Abort, match=r"^what (to mend|failed)$") as told:
            hook.on_build_error(error=error)
        assert told.value.code == code
