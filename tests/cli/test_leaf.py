"""A reader's own family or theorem with a mistake in it: one line, and all others go on working."""

import json
import shutil
import sys
from importlib import import_module, invalidate_caches
from pathlib import Path

import pytest

import derive
from derive import catalogue
from derive.proof import library
from derive.site import bibliography, generate

PACKAGE = Path(derive.__file__).parent
FAMILY = '''"""Mine: a column filter for every channel, then a mix of channels."""

from sympy import IndexedBase

from derive.notation.family import Family
from derive.notation.letters import i, o, u, v

D, P = map(IndexedBase, "DP")

family = Family(D[i, u, v], P[o, i])
'''
DOCSTRING, LINE = FAMILY.splitlines()[0], FAMILY.splitlines()[-1]
LIBRARIES = {"families": catalogue.FAMILIES, "theorems": library.THEOREMS}
BROKEN = {  # a change of the file, and what is said of it
    "a missing bracket": ((LINE, LINE[:-1]), ", line 10: this is not Python: '(' was never closed"),
    "no docstring": ((DOCSTRING, ""), ", line 1: the file must begin with a docstring"),
    "no title": ((DOCSTRING, '"""A column."""'), ", line 1: the file must begin with a docstring"),
    "family = 5": ((LINE, "family = 5"), ", line 10: family must be a Family, not 5"),
    "no family": ((LINE, ""), ": family must be a Family, and there is none"),
    "no convolution": (
        (LINE, "family = Family(D[i, u, v])"),
        ", line 10: output letter o is in no factor of D[i, u, v]",
    ),
    "sys.exit": ((LINE, f"import sys; sys.exit(3)\n{LINE}"), ", line 10: this ends the program"),
    "an unknown name": ((LINE, LINE.replace("o,", "k,")), ", line 10: NameError: name 'k'"),
    "an unknown letter": (
        ("import i, o", "import i, o, zeta"),
        ", line 6: ImportError: cannot import name 'zeta'",
    ),
    "a title that is taken": (
        (DOCSTRING, '"""Flattened convolution: mine."""'),
        ", line 1: its title is that of flattened.py",
    ),
}
THEOREMS = {
    "a missing bracket": (('number = "T2"', "number = ("), ", line"),
    "no number": (('number = "T2"', ""), ": a theorem needs a number"),
    "no hypotheses": (("Hypotheses:", "Given:"), ", line 1: the docstring of a theorem has para"),
    "no proof": (("def proof(", "def proved("), ": a theorem needs proof"),
    "sys.exit": (('number = "T2"', "raise SystemExit"), ", line"),
}


@pytest.fixture
def leaf(tmp_path, monkeypatch):
    """Write a file among copies of the families or the theorems, and read the folder anew."""
    written = set()

    def write(folder, name, text):
        package = import_module(f"derive.{folder}")
        place = tmp_path / "derive" / folder
        shutil.copytree(Path(package.__path__[0]), place)
        path = place / name
        if text is None:
            path.mkdir()
        else:
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        written.add(f"derive.{folder}.{path.stem}")
        monkeypatch.setattr(package, "__path__", [str(place)])
        monkeypatch.setattr(LIBRARIES[folder].folder, "path", place)
        invalidate_caches()
        forget()

    yield write
    monkeypatch.undo()
    forget()
    for name in written:
        sys.modules.pop(name, None)


def forget():
    for known in LIBRARIES.values():
        known.cache_clear()


def one_line(ran, words):
    assert ran.returncode == 2
    assert ran.stderr.startswith(f"derive: derive/{words}")
    assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize("change", BROKEN)
def test_a_broken_family_is_one_line_and_the_others_are_compared(leaf, derive, change):
    replaced, words = BROKEN[change]
    leaf("families", "mine.py", FAMILY.replace(*replaced))
    ran = derive("compare")
    one_line(ran, f"families/mine.py{words}")
    assert "3,538,944" in ran.stdout
    assert "depthwise-separable M=1" in ran.stdout


def test_a_broken_family_matters_to_no_other_one(leaf, derive):
    leaf("families", "mine.py", FAMILY.replace(LINE, LINE[:-1]))
    assert derive("family", "asymmetric").returncode == 0
    one_line(derive("family", "mine"), "families/mine.py, line 10: this is not Python")


def test_a_family_that_is_right_is_compared(leaf, derive):
    leaf("families", "mine.py", FAMILY)
    ran = derive("compare")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert " mine " in ran.stdout


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("My-Family.py", FAMILY, "name the file in lower case, with _ between words: my_family.py"),
        ("2d.py", FAMILY, "name the file in lower case, with _ between words"),
        ("mine.py", None, "this is a folder: a leaf is a file"),
    ],
)
def test_a_name_that_is_none_is_one_line(leaf, derive, name, text, words):
    leaf("families", name, text)
    ran = derive("compare")
    one_line(ran, f"families/{name}: {words}")
    assert "3,538,944" in ran.stdout


NO_TEXTS = {
    "nul": (b'"""Mine: a"""\n\0', ", line 2: byte 0x00 is no text in UTF-8: save it as UTF-8"),
    "latin": (b'"""Mine:\ncaf\xe9"""', ", line 2: byte 0xe9 is no text in UTF-8: save it as UTF-8"),
    "binary": (b"\x7fELF\0\0\xff" * 99, ", line 1: byte 0x"),
    "huge": (b"#" * 10**6 + b"#", ": it has more than 1,000,000 bytes"),
    "deep": (b"(" * 5000, ", line 1: this is not Python"),
    "long name": (b"x" * 5000, ", line 1: NameError: name 'xxx"),
    "long value": (
        b'"""Mine: a."""\nfamily = "x" * 5000',
        ", line 2: family must be a Family, not",
    ),
}


@pytest.mark.parametrize("case", NO_TEXTS)
def test_a_file_that_nobody_wrote_is_one_short_line(leaf, derive, case):
    text, words = NO_TEXTS[case]
    leaf("families", "mine.py", text)
    ran = derive("family", "mine")
    one_line(ran, f"families/mine.py{words}")
    assert len(ran.stderr) < 500


def test_a_link_to_nothing_is_one_line(leaf, derive, tmp_path):
    leaf("families", "mine.py", FAMILY)
    path = tmp_path / "derive" / "families" / "mine.py"
    path.unlink()
    path.symlink_to(path)
    one_line(derive("family", "mine"), "families/mine.py: this is a link to nothing, a pipe or a")


@pytest.mark.parametrize("change", THEOREMS)
def test_a_broken_theorem_is_one_line(leaf, derive, change):
    replaced, words = THEOREMS[change]
    text = (PACKAGE / "theorems" / "rank_one.py").read_text("utf-8")
    leaf("theorems", "mine.py", text.replace("Rank one:", "Mine:", 1).replace(*replaced, 1))
    one_line(derive("prove", "mine", "--no-z3"), f"theorems/mine.py{words}")


@pytest.mark.parametrize("name", ["mine", "T99", "t 99", "Mine"])
@pytest.mark.parametrize("command", ["theorem", "prove"])
def test_a_broken_theorem_says_so_whatever_it_is_called(leaf, derive, command, name):
    text = (PACKAGE / "theorems" / "rank_one.py").read_text("utf-8")
    text = text.replace("Rank one:", "Mine:", 1).replace('"T2"', '"T99"')
    leaf("theorems", "mine.py", f"{text}\nproof = (")
    one_line(derive(command, name, "--no-z3"), "theorems/mine.py, line ")


def test_a_broken_family_says_so_whatever_it_is_called(leaf, derive):
    text = FAMILY.replace("channels.", "channels.\n\nAlso called: my own.")
    leaf("families", "mine.py", text.replace(LINE, LINE[:-1]))
    for name in ("mine", "Mine", "my-own convolution"):
        one_line(derive("family", name), "families/mine.py, line 12: this is not Python")


OUTSIDE = {  # what is read from the path of a file, and by which commands
    "family": (FAMILY, [["family"], ["factor", "sobel", "--as"]]),
    "theorem": (
        (PACKAGE / "theorems" / "order_gap.py").read_text("utf-8"),
        [["theorem", "--no-z3"], ["prove", "--no-z3"]],
    ),
}


@pytest.mark.parametrize("kind", OUTSIDE)
def test_the_path_of_a_leaf_is_a_name_anywhere(derive, kind, tmp_path, monkeypatch):
    text, commands = OUTSIDE[kind]
    path = tmp_path / "far" / "order_gap.py"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    monkeypatch.chdir(path.parent)
    for command in commands:
        for name in ("./order_gap.py", str(path), "order_gap.py"):
            ran = derive(*command, name)
            assert (ran.returncode, ran.stderr) == (0, ""), name
    assert "order-gap" in ran.stdout or kind == "family"
    assert [one.name for one in path.parent.iterdir()] == ["order_gap.py"]  # no compiled file


def test_a_copy_of_a_theorem_is_not_held_to_the_checks_of_the_book(derive, tmp_path):
    path = tmp_path / "order_gap.py"
    path.write_text(OUTSIDE["theorem"][0], "utf-8")
    document = json.loads(derive("theorem", path, "--json").stdout)
    of_the_book = json.loads(derive("theorem", "order-gap", "--json").stdout)
    assert of_the_book["checks"]
    assert (document["checks"], document["steps"][0]["sentence"]) == (
        [],
        of_the_book["steps"][0]["sentence"],
    )


def test_a_broken_file_outside_is_one_line_with_its_path(derive, tmp_path, monkeypatch):
    path = tmp_path / "mine.py"
    path.write_text(FAMILY.replace(LINE, LINE[:-1]), "utf-8")
    monkeypatch.chdir(tmp_path)
    ran = derive("family", "./mine.py")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "derive: mine.py, line 10: this is not Python: '(' was never closed\n"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert derive("family", path).stderr.startswith(f"derive: {path}, line 10: this is not")


def test_a_path_to_no_file_is_one_line(derive, tmp_path):
    for name in ("./none.py", f"{tmp_path}/none.py", f"{'x' * 3000}.py"):
        ran = derive("family", name)
        assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
        assert ran.stderr.startswith("derive: there is no file ")


def test_a_path_into_the_book_is_the_family_of_the_book(derive):
    path = PACKAGE / "families" / "asymmetric.py"
    assert derive("family", path).stdout == derive("family", "asymmetric").stdout


def test_a_number_is_taken_once(leaf):
    text = (PACKAGE / "theorems" / "rank_one.py").read_text("utf-8")
    leaf("theorems", "zz_mine.py", text.replace("Rank one:", "Mine:", 1))
    (error,) = library.THEOREMS.broken
    assert "its number is that of rank_one.py" in str(error)


def test_every_file_of_the_book_can_be_read():
    assert not catalogue.FAMILIES.broken
    assert not library.THEOREMS.broken


def test_a_source_without_an_entry_is_one_line_with_its_file(leaf):
    source = "Source: Nobody (2026), Nothing at all.\n"
    leaf("families", "mine.py", FAMILY.replace('channels."""', f'channels.\n\n{source}"""'))
    (error,) = bibliography.unlisted()
    assert str(error) == (
        "derive/families/mine.py: derive/site/bibliography.json lacks its source, add it there:"
        " Nobody (2026), Nothing at all"
    )


def test_the_build_reads_every_leaf_before_it_derives_anything(leaf, monkeypatch, capsys):
    leaf("families", "mine.py", FAMILY.replace(LINE, "family = 5"))
    monkeypatch.setattr("derive.site.printing.printing", lambda *_: pytest.fail("derived"))
    with pytest.raises(SystemExit) as ended:
        generate.main()
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert printed.err.startswith(
        "derive/families/mine.py, line 10: family must be a Family, not 5"
    )
