"""What README and docs say is what the program does."""

import doctest
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from derive.cli import cli

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMAND = re.compile(
    r"^(?:\$ )?derive ((?:compare|count|factor|family|prove|theorem) .*|compare)$", re.MULTILINE
)
# What needs a file, a shell, minutes, or a package of others.
ELSEWHERE = ("torchvision", ".npy", ".onnx", "layers.txt", " > ", "--thorough", "./mine.py")


def shown_commands():
    shown = {c for path in DOCUMENTS for c in COMMAND.findall(path.read_text("utf-8"))}
    return sorted(c for c in shown if not any(words in c for words in ELSEWHERE))


@pytest.mark.parametrize("command", shown_commands())
def test_every_command_shown_runs(command):
    result = CliRunner().invoke(cli, shlex.split(command))
    assert result.exit_code == 0, result.output
    assert result.output


def test_commands_are_found():
    assert len(shown_commands()) > 16


def test_readme_shows_rows_that_the_command_prints():
    text = (ROOT / "README.md").read_text("utf-8")
    block = text.split("```console\n$ derive compare --middle 3 --middle 8\n")[1].split("```")[0]
    output = CliRunner().invoke(cli, ["compare", "--middle", "3", "--middle", "8"]).output
    printed = {line.rstrip() for line in output.splitlines()}
    assert block.splitlines()
    assert set(block.splitlines()) <= printed


def test_the_page_of_installation_has_the_commands_of_the_readme():
    readme, page = ((ROOT / path).read_text("utf-8") for path in ("README.md", "docs/install.md"))
    wanted = re.findall(r"^python3 -m venv .*$", readme, flags=re.MULTILINE)
    assert len(wanted) == 2
    assert re.findall(r"^python3 -m venv .*$", page, flags=re.MULTILINE) == wanted


def test_python_examples_run():
    path = ROOT / "docs" / "reference" / "python.md"
    failed, attempted = doctest.testfile(
        str(path), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE
    )
    assert attempted > 8
    assert failed == 0


def test_generated_pages_are_not_in_git():
    assert not (ROOT / "docs" / "index.md").exists()
    assert not (ROOT / "docs" / "families").exists()
