"""Options and words of any length, or given twice: one short line, exit code 2."""

import pytest

FOREIGN = ("Exceeds the limit", "invalid literal", "Traceback", "traceback", "File name too long")
DIGITS = "9" * 5000


def test_numbers_beyond_every_float_are_shown(derive):
    run = derive("factor", "1e2000 1; 1 1")
    assert (run.returncode, run.stderr) == (0, "")


# Words that are typed

NUMBERS = ("in", "out", "groups", "middle", "multiplier", "bytes-per-number", "axes")
SIZES = ("image", "kernel", "stride", "dilation", "padding", "output-padding", "rank")


def refused(derive, *arguments):
    run = derive(*arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.count("\n") == 1
    assert len(run.stderr) < 900
    assert DIGITS[:80] not in run.stderr
    assert not [word for word in FOREIGN if word in run.stderr], run.stderr
    return run.stderr


@pytest.mark.parametrize("option", [*NUMBERS, *SIZES])
@pytest.mark.parametrize("word", [DIGITS, f"x{DIGITS}", f"-{DIGITS}", f"{DIGITS}x3", f"P={DIGITS}"])
def test_numbers_of_any_length_in_options(derive, option, word):
    refused(derive, "compare", f"--{option}={word}")


@pytest.mark.parametrize(
    "arguments",
    [
        ("family", DIGITS),
        ("prove", DIGITS),
        ("theorem", DIGITS),
        (DIGITS,),
        ("compare", f"--{DIGITS}"),
        ("compare", DIGITS),
        ("family", "cp", *["9"] * 2000),
        ("serve", "--address", f"localhost:{DIGITS}"),
        ("serve", "--address", DIGITS),
        ("factor", "sobel", "--as", DIGITS),
        ("factor", "sobel", "--layout", DIGITS),
        ("factor", "sobel", "--image", DIGITS),
        ("factor", "sobel", "--key", DIGITS),
        ("factor", "sobel", "--out", DIGITS),
        ("factor", "x" * 5000),
        ("factor", f"{DIGITS} 1; 1 1"),
        ("factor", f"1/{DIGITS} 1; 1 1"),
        ("factor", f"1e{DIGITS} 1; 1 1"),
        ("factor", f"[[{DIGITS}]]"),
        ("build", "--markdown", DIGITS),
        ("build", "--packages", DIGITS),
        ("define", f"A[j,i,u] B[o,j,v] where e = {DIGITS}"),
        ("define", f"{DIGITS[:200]} A[o,i,u,v]"),
    ],
    ids=lambda words: " ".join(words)[:24],
)
def test_words_of_any_length(derive, arguments):
    refused(derive, *arguments)


def single_options():
    """Every option of every command that has one value."""
    from derive.cli import cli

    for name, command in cli.commands.items():
        for option in command.params:
            if option.param_type_name == "option" and not (option.multiple or option.is_flag):
                yield name, option.opts[0]


@pytest.mark.parametrize(("command", "option"), list(single_options()))
def test_an_option_given_twice_is_refused(derive, command, option):
    run = derive(command, option, "1", option, "2")
    assert run.returncode == 2
    assert run.stderr == f"derive: {option} is given twice: leave out one of them\n"


def test_options_that_may_repeat_do(derive):
    assert derive("compare", "--middle", "3", "--middle", "4", "--rank", "2").returncode == 0
