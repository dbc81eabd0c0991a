"""No page and no message prints an install line that fetches somebody else's package."""

import re
import tomllib

import pytest

from derive.models import onnx_file
from derive.proof.second_prover import INSTALL
from derive.site import build
from tests.package.conftest import ROOT

EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
    "optional-dependencies"
]
READ = {"", ".cff", ".html", ".j2", ".js", ".json", ".md", ".mjs", ".py", ".toml", ".yml"}
OTHERS = ("CHANGELOG.md",)  # history
PIP = "pip " + "install"
LINE = re.compile(rf"\b{PIP}|\b(?:conda|mamba|pipx) install|\buv (?:add|tool)\b|\buvx\b")
OURS = re.compile(rf"{PIP} (?:-q )?-e (?:\.(?=`)|\\?[\"']\.\[(?P<extra>\w+)\]\\?[\"'])")


def foreign(text):
    """The lines of a text that install something other than this clone."""
    for line in text.splitlines():
        ours = [match["extra"] for match in OURS.finditer(line)]
        if len(LINE.findall(line)) > len(ours) or set(ours) - {None, *EXTRAS}:
            yield line.strip()


def test_every_install_line_of_the_repository_installs_the_clone(tracked):
    found = {}
    for name in tracked:
        path = ROOT / name
        if path.suffix in READ and not name.startswith(OTHERS):
            found[name] = list(foreign(path.read_text("utf-8")))
    assert {name: lines for name, lines in found.items() if lines} == {}
    both = (ROOT / "README.md").read_text("utf-8")
    assert both.count(f"{PIP} -e") >= 3


@pytest.mark.parametrize(
    "line",
    [
        f"{PIP} separable",
        f"{PIP} 'separable[prove]'",
        f'{PIP} ".[site]"',
        f'{PIP} -e ".[unknown]"',
        f'{PIP} -e ".[site]" or {PIP} nodejs',
        "uv " + "add derive",
    ],
)
def test_every_other_install_line_is_seen(line):
    assert list(foreign(line)) == [line]


def test_the_messages_install_the_clone():
    for message in (INSTALL, build.INSTALL, onnx_file.INSTALL):
        assert OURS.search(message), message
        assert not list(foreign(message))
