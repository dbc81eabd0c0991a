"""A docstring stands alone: it begins with what it is about, and names the errors raised."""

import ast
import re
from pathlib import Path

import pytest

import derive

ROOT = Path(derive.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
BACK = re.compile(
    r"(It|Its|They|Their|Them|These|Those|This|That|Such|So many|As many|As above|As below"
    r"|The same|The other|The rest|Another|Both|Likewise|Also|Ditto|Else|Otherwise|Then|And|Or"
    r"|The (least|largest|first|last|others?) of (it|them|these|those))\b"
)
ERRORS = re.compile(r"(?!Assertion|FileExists)\w+Error")  # what cannot be; what is caught at once
DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef)


def described(tree):
    """What has a docstring in a module, with the docstring."""
    for node in ast.walk(tree):
        if isinstance(node, (*DEFINED, ast.ClassDef, ast.Module)) and (
            text := ast.get_docstring(node)
        ):
            yield getattr(node, "name", "the module"), text


def public(body):
    """The functions and methods of a module that are no private ones, nor commands of click."""
    for node in body:
        name = getattr(node, "name", "_")
        if isinstance(node, ast.ClassDef) and not name.startswith("_"):
            yield from public(node.body)
        elif (
            isinstance(node, DEFINED)
            and not name.startswith("_")
            and not any("click.command" in ast.unparse(one) for one in node.decorator_list)
        ):
            yield node


def raised(function):
    """The errors that a function raises itself, by name; ``require`` raises InputError."""
    nested = {
        inner
        for node in ast.walk(function)
        if isinstance(node, (*DEFINED, ast.Lambda)) and node is not function
        for inner in ast.walk(node)
    }
    for node in ast.walk(function):
        if node in nested:
            continue
        if isinstance(node, ast.Raise) and node.exc is not None:
            found = ERRORS.match(ast.unparse(node.exc))
            if found:
                yield found[0]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "require":
            yield "InputError"


def back_references(source):
    return [name for name, text in described(ast.parse(source)) if BACK.match(text)]


def unsaid(source):
    """Functions that raise an error which their docstrings do not name."""
    for function in public(ast.parse(source).body):
        text = ast.get_docstring(function) or ""
        if missing := {name for name in raised(function) if name not in text}:
            yield f"{function.name}: {', '.join(sorted(missing))}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_docstring_stands_alone(path):
    source = path.read_text("utf-8")
    assert back_references(source) == []
    assert list(unsaid(source)) == []


def test_what_refers_back_is_seen():
    for text in ("It is.", "The same in symbols.", "That rank, mod p.", "Its name.", "So many."):
        assert back_references(f'def f():\n    """{text}"""') == ["f"]
    assert not back_references('"""Items and their names."""')


def test_what_is_raised_unsaid_is_seen():
    wrong = 'def f(x):\n    """Half."""\n    require(x, int, "")\n    raise CheckError("")'
    assert list(unsaid(wrong)) == ["f: CheckError, InputError"]
    assert not list(unsaid(wrong.replace("Half.", "Half; InputError or CheckError if not.")))
    assert not list(unsaid(f"def _{wrong[4:]}"))
    assert list(unsaid('def f(x):\n    """Half."""\n    raise ValueError("")')) == ["f: ValueError"]
    inside = 'class A:\n    def f(self):\n        """Half."""\n        raise InputError("")'
    assert list(unsaid(inside)) == ["f: InputError"]
