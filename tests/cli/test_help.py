"""Help, completion in a shell, and output that depends on no terminal."""

import os
import shlex
import subprocess
import sys

import pytest

from derive.catalogue import FAMILIES
from derive.cli import cli
from derive.cli.ids import ids
from derive.kernels import gallery
from derive.proof.library import THEOREMS

COMMANDS = sorted(cli.commands)
SLOW = ("derive prove", "derive build", "derive serve")  # and files that are not here
MADE = ("weights.npy", "./mine.py", "model.onnx")


def test_every_command_is_described_in_full_and_has_examples(derive):
    overview = derive("--help").stdout
    listed = " ".join(overview.split())
    for name in COMMANDS:
        command = cli.commands[name]
        assert f"{name} {command.get_short_help_str()}" in listed
        page = derive(name, "--help").stdout
        assert command.examples
        for example in command.examples:
            assert f"\n  {example}\n" in page
            assert shlex.split(example)[:2] == ["derive", name]
    assert "..." not in overview.partition("Commands:")[2]


def test_every_option_says_what_it_is():
    for command in cli.commands.values():
        for option in command.params:
            assert option.param_type_name == "argument" or option.help, option.name


EXAMPLES = [
    example
    for command in cli.commands.values()
    for example in command.examples
    if not example.startswith(SLOW[1:])
    if example != SLOW[0]
    if not any(name in example for name in MADE)
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_runs(derive, example):
    extra = ["--no-z3"] if example.split()[1] in ("prove", "theorem") else []
    ran = derive(*shlex.split(example)[1:], *extra)
    assert (ran.returncode, ran.stderr) == (0, "")


def complete(shell, *words):
    """What a shell is told to complete the last word with."""
    line = shlex.join(["derive", *words[:-1]]) + f" {words[-1]}"
    given = {"COMP_WORDS": line, "COMP_CWORD": str(len(words)), "_DERIVE_COMPLETE": shell}
    code = "import sys; sys.argv[0] = 'derive'; from derive.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.stdout


def test_names_are_completed():
    assert complete("bash_complete", "family", "depthwise-a").split() == [
        "plain,depthwise-asymmetric",
        "plain,depthwise-asymmetric-separable",
    ]
    assert complete("bash_complete", "factor", "sobel", "--as", "tu") == "plain,tucker-2\n"
    assert complete("bash_complete", "prove", "rank-one", "order-") == "plain,order-gap\n"
    assert complete("bash_complete", "factor", "sob").split() == ["plain,sobel", "plain,sobel-y"]
    assert "plain\ntucker-2\nTucker-2 convolution" in complete("zsh_complete", "family", "tuc")
    assert complete("bash_complete", "family", "./m") == "file,./m\n"
    assert complete("bash_complete", "fam") == "plain,family\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_given_what_it_runs(shell):
    assert "_DERIVE_COMPLETE" in complete(f"{shell}_source", "")


def test_what_is_completed_is_what_there_is():
    assert sorted(ids("family")) == sorted(FAMILIES)
    assert sorted(ids("theorem")) == sorted(THEOREMS)
    assert list(ids("kernel")) == list(gallery())
    assert ids("family") == {name: ids("family")[name] for name in ids("family")}
    for name, title in ids("family").items():
        assert title == FAMILIES[name].title
    for name, title in ids("theorem").items():
        assert title == f"{THEOREMS[name].number} {THEOREMS[name].title}"


@pytest.mark.parametrize("words", [["compare"], ["family", "cp"], ["list"], ["compare", "--help"]])
def test_piped_output_depends_on_no_terminal(words):
    def piped(**environment):
        kept = {key: value for key, value in os.environ.items() if key not in SETTINGS}
        command = [sys.executable, "-m", "derive", *words]
        return subprocess.run(
            command, capture_output=True, check=True, env={**kept, **environment}
        ).stdout

    plain = piped()
    assert b"\x1b" not in plain
    assert piped(COLUMNS="40", TERM="dumb") == piped(COLUMNS="300", TERM="xterm-256color") == plain


SETTINGS = ("COLUMNS", "TERM", "FORCE_COLOR", "NO_COLOR")
