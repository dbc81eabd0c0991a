"""An interruption ends the run at once, wherever it arrives, and is never lost."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest

from derive.notation.leaf import Leaf
from derive.proof import second_prover
from derive.render.signals import Ended
from tests.tools import need
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
IGNORED = """
import os, signal, sys, threading
import click
from derive import cli

class Freed:
    def __del__(self):
        os.kill(os.getpid(), signal.{name})
        for _ in range(1000):  # the interruption arrives here
            pass

@cli.cli.command()
def lose():
    Freed()
    threading.Event().wait()

sys.argv = ["derive", "lose"]
cli.main()
"""
SEARCH = """
import sys
from derive import cli
from derive.proof import second_prover
from tests.tools import need
import z3

solver_check = z3.Solver.check

def check(solver):  # no integers are known or excluded: it takes as long as it may
    x, y, w = z3.Ints("x y w", solver.ctx)
    solver.set("rlimit", 0)  # no bound
    solver.add(x**3 + y**3 + w**3 == 114, x * x + y * y + w * w > 10**9)
    print("asked", file=sys.stderr, flush=True)
    return solver_check(solver)

z3.Solver.check = check
sys.argv = ["derive", "prove", "rank-one"]
cli.main()
"""


def of_a_terminal():
    """The signals of a terminal do what they do there, also below nohup or in the background."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_DFL)


@contextmanager
def run(program):
    """A program that is gone, and its pipes closed, when the test is over, however it ends."""
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=ROOT,
        preexec_fn=of_a_terminal,
    ) as ran:
        try:
            yield ran
        finally:
            ran.kill()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_an_interruption_that_python_drops_comes_again(name):
    """z3 frees objects by the thousand, and what is raised in __del__ goes nowhere."""
    with run(IGNORED.format(name=name)) as ran:
        output, errors = ran.communicate(timeout=PATIENCE)
    assert ran.returncode == 128 + getattr(signal, name)
    assert (output, errors.strip()) == ("", "")


def test_a_search_of_z3_ends_when_interrupted():
    need(find_spec("z3"), "z3 is not installed")
    with run(SEARCH) as ran:
        assert ran.stderr.readline() == "asked\n"
        ran.send_signal(signal.SIGINT)
        output, errors = ran.communicate(timeout=PATIENCE)
    assert ran.returncode == 130
    assert (output, errors.strip()) == ("", "")


class Deaf:
    """A solver that takes no notice of an interruption before it has begun."""

    def __init__(self, signal):
        self.signal, self.interrupts = signal, 0
        self.begun, self.ended = threading.Event(), threading.Event()

    def check(self):
        self.signal()
        self.begun.wait(PATIENCE)
        return "ended" if self.ended.wait(PATIENCE) else pytest.fail("it was not interrupted")

    def interrupt(self):
        self.interrupts += 1
        if self.interrupts > 1:
            self.ended.set()
        self.begun.set()


SIGNALS = {
    "the program": lambda: os.kill(os.getpid(), signal.SIGINT),
    "the thread of the solver": lambda: signal.pthread_kill(threading.get_ident(), signal.SIGINT),
}


@pytest.mark.parametrize("reached", SIGNALS)
def test_a_solver_that_has_not_begun_is_interrupted_until_it_ends(reached):
    solver = Deaf(SIGNALS[reached])
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            second_prover._checked(SimpleNamespace(), solver)
    finally:
        signal.signal(signal.SIGINT, before)
    assert solver.interrupts >= 2


def test_a_signal_while_a_leaf_is_read_is_not_the_mistake_of_its_file(tmp_path, monkeypatch):
    def ended(_):
        raise Ended(signal.SIGTERM)

    (tmp_path / "mine.py").touch()
    monkeypatch.setattr("derive.notation.leaf.import_module", ended)
    with pytest.raises(Ended):
        Leaf(tmp_path / "mine.py", "derive.families").module()
