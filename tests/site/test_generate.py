"""Pages come as they are made, from a process of its own that can fail half-way."""

import sys

import pytest

from derive.notation.errors import CheckError, InputError
from derive.site import generate
from derive.site.generate import Derivation

FIRST = """
import json, signal, sys
print("x" * 100_000, file=sys.stderr)  # more than a pipe holds
print(json.dumps({"paths": ["a.md", "b.md"], "fetched": ["c.js"], "navigation": {}}), flush=True)
print(json.dumps({"texts": {"a.md": "# A"}}), flush=True)
"""


@pytest.fixture
def deriving(monkeypatch):
    """A derivation by a program that says what there is, makes one page and goes on."""
    derivation = Derivation()

    def begun(rest):
        monkeypatch.setattr(generate, "DERIVE", (sys.executable, "-c", FIRST + rest))
        assert list(derivation.begin().paths) == ["a.md", "b.md"]
        return derivation

    yield begun
    derivation.stop()


def test_a_page_is_read_while_others_are_made(deriving):
    assert deriving("signal.pause()").text("a.md") == "# A"


@pytest.mark.parametrize(("code", "error"), [(1, CheckError), (2, InputError)])
def test_what_fails_after_the_first_page_is_reported(deriving, code, error):
    derivation = deriving(f"print('T2 fails', file=sys.stderr); sys.exit({code})")
    assert derivation.text("a.md") == "# A"
    with pytest.raises(error, match="T2 fails"):
        derivation.text("b.md")


def test_a_derivation_that_is_begun_again_forgets_the_last(deriving):
    derivation = deriving("signal.pause()")
    assert derivation.text("a.md") == "# A"
    again = deriving("print(json.dumps({'texts': {'b.md': '# B'}}), flush=True); signal.pause()")
    assert again.text("b.md") == "# B"


def test_what_is_late_is_told_after_all_texts(deriving):
    rest = "print(json.dumps({'texts': {'b.md': '# B'}})); print(json.dumps({'late': ['b.md']}))"
    derivation = deriving(rest)
    assert derivation.late() == ["b.md"]
    assert derivation.text("b.md") == "# B"
