"""Questions for the second prover share no code with the symbolic proof, read off their source.

They stand among the cross-checks, where everything that mathematics is written with has a name. A
function whose first parameter is z3 knows nothing but z3, what a query is, builtins, and others of
its kind; and nothing else is asked.
"""

import ast
import builtins
from pathlib import Path

import pytest

import derive
from derive.proof import language
from tests.questions import every_question

ROOT = Path(derive.__file__).parent
ROOMS = ("theorems", "crosschecks")  # where questions are asked; they stand in the second
WORDS = "proof/questions.py"  # those that questions share
QUESTION = {"z3", "Query", "CLAIM"} | set(dir(builtins)) - set(vars(language))


def about_z3(tree):
    """The functions of a module whose first parameter is z3, by name."""
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return {one.name: one for one in functions if [x.arg for x in one.args.args][:1] == ["z3"]}


def shared_words():
    return about_z3(ast.parse((ROOT / WORDS).read_text(encoding="utf-8"))).keys()


def strangers(source):
    """(function, name) for every name in a question that is not of its kind."""
    tree = ast.parse(source)
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    taken = {(node.module, x.asname or x.name) for node in imports for x in node.names}
    words = {name for name in shared_words() if ("derive.proof.questions", name) in taken}
    kind = about_z3(tree).keys() | words
    own_names = {name for _, name in taken} | {x.name for x in tree.body if hasattr(x, "name")}
    for function in about_z3(tree).values():
        inside = [*ast.walk(function)]
        names = [node for node in inside if isinstance(node, ast.Name)]
        annotations = {
            id(name)
            for node in inside
            for note in (getattr(node, "annotation", None), getattr(node, "returns", None))
            if note
            for name in ast.walk(note)
        }
        bound = {x.id for x in names if isinstance(x.ctx, ast.Store)}
        bound |= {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
        bound |= {node.name for node in inside[1:] if isinstance(node, ast.FunctionDef)}
        for name in names:
            known = QUESTION - own_names | kind | bound
            if id(name) not in annotations and name.id not in known:
                yield function.name, name.id
        yield from (
            (function.name, "import") for x in inside if isinstance(x, ast.Import | ast.ImportFrom)
        )


def asked(source, file):
    """The name of every question that a module asks the second prover; None for an unnamed one."""
    kind = about_z3(ast.parse(source)).keys()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Confirmed":
            (given,) = node.args
            here = isinstance(given, ast.Name) and given.id in kind
            name = given.value if isinstance(given, ast.Constant) else None
            yield f"{file}.{given.id}" if here else name


QUESTIONS = [ROOT / WORDS, *sorted((ROOT / "crosschecks").glob("*.py"))]


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_shares_no_code_with_the_symbolic_road(path):
    assert not list(strangers(path.read_text(encoding="utf-8")))


WORD = "from derive.proof.questions import question\n"
WITH_STRANGERS = {
    "a letter": "def f(z3):\n    yield Query({}, n >= z3.Int('n'), [])",
    "a function of SymPy": "def f(z3):\n    yield floor(z3.Int('x'))",
    "a theorem": "def f(z3):\n    yield Query({}, theorem.bound, [])",
    "a helper of the file": "def size(x): ...\ndef f(z3):\n    yield size(z3.Int('x'))",
    "a builtin of the file's own": "def sum(x): ...\ndef f(z3):\n    yield sum(z3.Ints('x y'))",
    "a builtin from elsewhere": "from x import sum\ndef f(z3):\n    yield sum(z3.Ints('x y'))",
    "an import": "def f(z3):\n    from sympy import floor\n    yield floor",
    "a word that is no formula": WORD + "def f(z3):\n    yield question('x')",
    "a word from elsewhere": "from x import smaller\ndef f(z3):\n    yield smaller(z3, 1, 2)",
    "a default": "def f(z3, x=theorem):\n    yield x",
    "a default inside": "def f(z3):\n    def g(x=theorem): ...\n    yield g()",
}


@pytest.mark.parametrize("source", WITH_STRANGERS.values(), ids=WITH_STRANGERS)
def test_code_of_the_symbolic_road_in_a_question_is_seen(source):
    assert list(strangers(source))


def test_whatever_is_asked_is_a_question_of_a_cross_check_and_every_one_is_asked():
    found = []
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            found += asked(path.read_text(encoding="utf-8"), path.stem)
    parts = {f"break_even.{name}" for name in ("without_padding", "rectangular")}  # of thresholds
    assert {*found} == {*every_question()} - parts
    assert len(found) == len({*found})


@pytest.mark.parametrize(
    "source", ["Confirmed(lambda z3: [])", "def f(q): ...\nConfirmed(f)", "Confirmed(theorem.f)"]
)
def test_a_question_without_a_name_is_seen(source):
    assert [*asked(source, "file")] == [None]
