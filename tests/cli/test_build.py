"""A build that fails, is interrupted or killed leaves the last site as it was, and no process."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest

from derive.notation.errors import InputError
from derive.site import build, generate, process
from derive.site.citation import last_change
from tests.waiting import waited

ROOT = Path(__file__).parents[2]
BUSY = """
import signal, subprocess, sys
from derive.site.process import hold_lifeline
hold_lifeline()
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
print(child.pid, file=open({file!r}, "w"), flush=True)
signal.pause()
"""
PARENT = """
import sys
from derive.site.process import start
start([sys.executable, "-c", {child!r}]).result()
"""


def running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_what_a_child_starts_ends_with_the_parent(tmp_path, number):
    """However the parent ends: with time to clean up, or killed at once."""
    file = tmp_path / "pid"
    program = PARENT.format(child=BUSY.format(file=str(file)))
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job's is off
    )
    pid = int(waited(lambda: file.exists() and file.read_text().strip()))
    assert running(pid)
    parent.send_signal(number)
    parent.wait()
    waited(lambda: not running(pid))


def test_ending_a_child_twice_closes_no_file_of_others():
    """A server that gives up a run ends it, and so does the thread that waits for the run."""
    child = process.start([sys.executable, "-c", "pass"])
    child.result()
    with ExitStack() as stack:
        files = [stack.enter_context(open(os.devnull)) for _ in range(64)]
        child.end()
        assert [os.fstat(file.fileno()).st_rdev for file in files] == [
            os.stat(os.devnull).st_rdev
        ] * 64


def test_a_child_gives_its_output_and_its_code():
    program = "import sys; print('out ⊗'); print('said ≤', file=sys.stderr); sys.exit(3)"
    ran = process.start([sys.executable, "-c", program]).result()
    assert (ran.returncode, ran.stdout, ran.stderr) == (3, "out ⊗\n", "said ≤\n")


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A folder that passes for a clone, with a site from before."""
    (tmp_path / "mkdocs.yml").touch()
    for name in ("derive", "docs", "overrides", "CITATION.cff"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("the last good site")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fails_with(error):
    def main(args, **_):
        (Path(args[-1]) / "index.html").write_text("half")
        raise error

    return SimpleNamespace(main=main)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyboardInterrupt(), 130),
        (SystemExit(143), 143),
        (InputError("the site needs katex"), 2),
        (RuntimeError("odd"), 1),
    ],
    ids=["Ctrl-C", "SIGTERM", "bad input", "unexpected"],
)
def test_a_build_that_ends_early_leaves_the_last_site(clone, derive, monkeypatch, error, code):
    monkeypatch.setattr("mkdocs.__main__.cli", fails_with(error))
    ran = derive("build")
    assert ran.returncode == code
    assert ran.stderr.count("\n") <= 1
    assert (clone / "site" / "index.html").read_text() == "the last good site"
    assert not list(clone.glob(".site-*"))


def test_another_project_is_refused(tmp_path, derive, monkeypatch):
    (tmp_path / "mkdocs.yml").write_text("site_name: theirs\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "precious.txt").write_text("precious")
    monkeypatch.chdir(tmp_path)
    for command in (["build"], ["serve"], ["build", "--markdown", "out"]):
        ran = derive(*command)
        assert ran.returncode == 2
        assert ran.stderr == (
            "derive: mkdocs.yml is another project's: run this inside a clone of Separable\n"
        )
    assert (tmp_path / "site" / "precious.txt").read_text() == "precious"
    assert not (tmp_path / "out").exists()


def test_a_port_in_use_is_one_line_before_anything_is_built(clone, derive, monkeypatch):
    monkeypatch.setattr(build, "_mkdocs", lambda *_: pytest.fail("built"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = derive("serve", "--address", f"127.0.0.1:{port}")
    assert ran.returncode == 2
    assert ran.stderr.startswith(f"derive: cannot serve at 127.0.0.1:{port}: another program is us")
    assert ran.stderr.count("\n") == 1


def test_an_address_that_is_not_here_is_one_line(clone, derive, monkeypatch):
    monkeypatch.setattr(build, "_mkdocs", lambda *_: pytest.fail("built"))
    ran = derive("serve", "--address", "192.0.2.1:8000")
    assert ran.returncode == 2
    assert ran.stderr.startswith("derive: cannot serve at 192.0.2.1:8000: ")


def test_a_server_that_is_interrupted_says_so_by_its_code(clone, derive, monkeypatch):
    monkeypatch.setattr(build, "_mkdocs", lambda *_: None)
    ran = derive("serve", "--address", "127.0.0.1:8123")
    assert (ran.returncode, ran.stderr.strip()) == (130, "")


def test_a_folder_of_packages_must_be_one(clone, derive):
    ran = derive("build", "--packages", "nowhere")
    assert (ran.returncode, ran.stderr) == (2, "derive: --packages nowhere is no folder\n")


def test_pages_carry_the_time_of_the_last_commit_or_of_the_release(tmp_path, monkeypatch):
    git = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    committed = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
    monkeypatch.chdir(ROOT)
    assert not committed or last_change() == int(committed)
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "CITATION.cff").write_text("date-released: 2026-11-23\n")
    monkeypatch.chdir(tmp_path)
    assert last_change() == 1795392000


FAILS = """
import json
contents = {"paths": ["families/cp.md", "families/cp-joint.md"], "fetched": [], "navigation": {}}
print(json.dumps(contents), flush=True)
raise SystemExit("theorem rank-one fails: Two is three.")
"""


def test_a_check_that_fails_while_pages_are_read_is_one_line(clone, derive, monkeypatch):
    """It names what failed, and not the page that waited for it."""
    (clone / "mine").mkdir()
    (clone / "mine" / "index.md").write_text("# Written by hand\n")
    (clone / "mkdocs.yml").write_text(
        "{site_name: S, docs_dir: mine, hooks: [derive/site/hook.py], theme: {name: material},"
        " nav: [index.md, families/cp.md, families/cp-joint.md]}"
    )
    monkeypatch.setattr(generate, "DERIVE", (sys.executable, "-c", FAILS))
    ran = derive("build", "--offline")
    told = [line for line in ran.stderr.splitlines() if not line.startswith("INFO")]
    assert (ran.returncode, told) == (
        1,
        ["derive: deriving the pages failed: theorem rank-one fails: Two is three."],
    )
    assert (clone / "site" / "index.html").read_text() == "the last good site"
