"""The rules of this suite: states and not time, and a reason where an optional tool is missing."""

import re
from pathlib import Path

import pytest

from tests import tools

TESTS = Path(__file__).parent
FILES = {str(file.relative_to(TESTS)): file.read_text("utf-8") for file in TESTS.rglob("*.py")}
HERE = Path(__file__).name


def using(pattern):
    """The files of the suite that a pattern is found in, this one left out."""
    return {name for name, text in FILES.items() if name != HERE and re.search(pattern, text)}


def test_a_missing_tool_skips_for_a_user_and_fails_in_the_integration(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no hammer"):
        tools.need(None, "no hammer")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no hammer"):
        tools.need(None, "no hammer")
    tools.need("a hammer", "")


@pytest.mark.parametrize("ci", ["true", ""])
def test_node_without_a_machine_or_a_wheel_is_missed_by_name(monkeypatch, ci):
    def missing(_):
        raise ModuleNotFoundError

    monkeypatch.setattr(tools, "command", missing)
    monkeypatch.setenv("CI", ci)
    ends = pytest.fail.Exception if ci else pytest.skip.Exception
    with pytest.raises(ends, match="node is not installed"):
        tools.program("node")


def test_every_skip_asks_the_one_rule():
    assert using(r"\b(pytest|mark)\.(skip|skipif|xfail|importorskip)\b") == {"tools.py"}


def test_tests_wait_for_states_and_never_for_time():
    assert using(r"wait_for_timeout|networkidle|setTimeout|perf_counter|monotonic\(") == set()
    assert using(r"\bsleep\(") == {"waiting.py"}  # between two looks at a state


def test_one_place_says_how_long_a_wait_may_take():
    assert using(r"timeout=\d|\.(wait|join)\(\d") == set()
