"""Standard output that is full, closed or a terminal: an exit code, one line, and no escapes."""

import errno
import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import numpy
import pytest

from derive.render import streams
from derive.render.console import Screen
from derive.render.progress import brief, progress_of, working

DERIVE = (sys.executable, "-m", "derive")
ROOT = Path(__file__).parents[2]
C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp\u2066\r.npz"
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
STYLE = re.compile(r"\x1b\[[\d;]*m")  # colours and weights, which Rich makes


def shell(line, **environment):
    """A line of a shell in which $D is the command line; the code is that of a pipe's first."""
    script = f'D="{sys.executable} -m derive"; {line}; exit ${{PIPESTATUS[0]}}'
    return subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        env=os.environ | environment,
        cwd=ROOT,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize(
    "words",
    [
        "",
        "--version",
        "compare",
        "compare --json",
        "family asymmetric --latex",
    ],
)
def test_a_full_disk_behind_the_output_is_one_line_and_a_code_of_its_own(words):
    ran = shell(f"$D {words} > /dev/full")
    assert ran.stderr == "derive: cannot write to standard output: No space left on device\n"
    assert ran.returncode == 74


@pytest.mark.parametrize("words", ["--help", "compare"])
def test_a_reader_that_leaves_ends_the_run_in_silence(words):
    ran = shell(f"$D {words} | true")
    assert (ran.returncode, ran.stderr) == (141, "")


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("$D compare >&-", 74, "derive: cannot write to standard output: Bad file descriptor\n"),
        ("$D compare >&- 2>&-", 74, ""),
        ("$D factor nothing 2>&-", 2, ""),
        ("$D factor nothing 2>/dev/full", 2, ""),
        ("$D factor - <&-", 2, "derive: standard input is closed\n"),
    ],
)
def test_streams_that_are_closed_are_no_crash(line, code, said):
    ran = shell(line)
    assert (ran.returncode, ran.stderr) == (code, said)


def test_a_file_that_fails_is_not_taken_for_the_output(tmp_path):
    """The disk is full behind the file of --out, not behind standard output."""
    ran = shell(f"$D factor sobel --out {tmp_path}/none/factors.npz")
    assert ran.returncode == 2
    assert "standard output" not in ran.stderr


class Raw(io.RawIOBase):
    """A stream that fails with an error number, once it has taken some bytes."""

    def __init__(self, number, room):
        self.number, self.room, self.data = number, room, b""

    def writable(self):
        return True

    def write(self, data):
        if not self.room:
            raise OSError(self.number, os.strerror(self.number))
        taken = bytes(data[: self.room])
        self.room -= len(taken)
        self.data += taken
        return len(taken)


@pytest.mark.parametrize("size", [10, 100_000])
@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, 74), (errno.EPIPE, 141)])
def test_an_output_fails_once_and_then_takes_everything(monkeypatch, size, number, code):
    """So that nothing fails again when Python ends and flushes what is left."""
    raw = Raw(number, room=7)
    stream = io.TextIOWrapper(io.BufferedWriter(raw), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "__stdout__", stream)
    streams.guard()
    with pytest.raises(streams.OutputError) as failed:
        streams.put("x" * size)
    assert failed.value.code == code
    streams.put("more")
    sys.stdout.close()
    assert raw.data == b"x" * 7


def on_terminal(arguments, **environment):
    """What a run writes to a terminal, on standard output and standard error, and its code."""
    main, side = pty.openpty()
    with subprocess.Popen(
        [*DERIVE, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=side,
        stderr=side,
        env={**os.environ, "COLUMNS": "100", "PYTHONUTF8": "1", **environment},
        cwd=ROOT,
    ) as run:
        os.close(side)
        shown = b""
        try:
            while data := os.read(main, 65536):
                shown += data
        except OSError:  # the other side is closed
            pass
    os.close(main)
    return shown.decode("utf-8", "backslashreplace"), run.returncode


@pytest.fixture
def hostile(tmp_path):
    """A file whose name, and the name of whose arrays, a terminal would obey."""
    path = tmp_path / HOSTILE
    with path.open("wb") as file:
        numpy.savez(file, **{f"one{HOSTILE}": numpy.eye(2), "two": numpy.eye(2)})
    return path


def obeyed(shown):
    return OBEYED.findall(shown.replace("\r\n", "\n"))


def test_a_terminal_obeys_no_name(hostile):
    """Rich draws nothing of its own on a dumb terminal, so that every escape would be a name's."""
    for key, expected in ((f"one{HOSTILE}", 0), (HOSTILE, 2)):
        shown, code = on_terminal(["factor", str(hostile), "--key", key], TERM="dumb", NO_COLOR="1")
        assert code == expected
        assert "\\x1b" in shown
        assert not obeyed(shown)


@pytest.mark.parametrize(
    "arguments",
    [
        ("factor", "[/]"),
        ("factor", HOSTILE),
        ("factor", "sobel", "--as", HOSTILE),
        ("factor", "sobel", "--rank", HOSTILE),
        ("define", f"A[o,{HOSTILE}]"),
        ("define", HOSTILE),
        ("family", HOSTILE),
        ("theorem", HOSTILE),
        ("compare", "--image", HOSTILE),
        ("compare", "--groups", HOSTILE),
        ("compare", f"--{HOSTILE}"),
        ("compare", HOSTILE),
        ("build", "--packages", HOSTILE),
        (HOSTILE,),
    ],
    ids=lambda arguments: ascii(" ".join(arguments))[:40],
)
def test_no_error_line_holds_what_a_terminal_obeys(derive, arguments):
    ran = derive(*arguments)
    assert ran.returncode == 2
    assert ran.stderr.count("\n") == 1
    assert not obeyed(ran.stderr)


def test_only_rich_draws_on_a_terminal_in_colour(hostile):
    shown, code = on_terminal(
        ["factor", str(hostile), "--key", f"one{HOSTILE}"], TERM="xterm-256color"
    )
    assert code == 0
    rich = re.sub(r"\x1b\[(\?25[lh]|[12]?K|1A|[\d;]*m)|\r", "", shown)  # its cursor and colours
    assert not obeyed(rich)
    assert STYLE.search(shown)
    assert "\\x1b[2J\\x9b31m\\u202egnp\\u2066" in rich


def test_progress_takes_names_for_text_and_shortens_them(monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", terminal)
    with working(f"reading [/] {HOSTILE}"):
        pass
    with progress_of(1) as report:
        report(f"[/] [red]{HOSTILE}")
    assert "[/] [red]\\x1b]0;owned" in terminal.getvalue()
    assert "\x1b[2J\x9b" not in terminal.getvalue()
    assert len(brief("123;" * 1000)) == 60


def test_the_console_shows_what_it_would_obey():
    screen = Screen(file=io.StringIO(), force_terminal=True, markup=False, highlight=False)
    screen.print("[bold]\x1b[2J\u202e", style="red")
    assert "[bold]\\x1b[2J\\u202e" in screen.file.getvalue()


def test_json_on_a_terminal_is_exact_and_obeyed_by_none(hostile):
    shown, code = on_terminal(
        ["factor", str(hostile), "--key", f"one{HOSTILE}", "--json"], TERM="dumb"
    )
    assert code == 0
    document = shown[shown.index("{\r\n") :]
    assert not obeyed(document)
    assert json.loads(document)["name"].endswith(f"one{HOSTILE}")


def test_the_c_locale_gets_legible_tables_and_exact_json(tmp_path):
    path = tmp_path / "Kern ≤ é.json"
    path.write_text("[[1, 2], [2, 4]]", encoding="utf-8")
    ran = shell(f"$D factor '{path}' --json", **C_LOCALE)
    assert ran.stdout.isascii()
    # Python reads the arguments of the C locale as bytes, each of which is its own character.
    name = json.loads(ran.stdout)["name"]
    assert name.encode("ascii", "surrogateescape").decode().endswith("Kern ≤ é.json")
    ran = shell("$D compare", **C_LOCALE)
    assert ran.stdout.startswith("128x128 image, 3 -> 8 channels, kernel 3x3, padding 1, no bias")
    assert "rank (o, v) x (i, u) <= 3 of 9" in ran.stdout
    assert ran.stdout.isascii()
    assert (ran.returncode, ran.stderr) == (0, "")
