"""The page on the architecture: its figure, its walk, and where it says that new things go."""

import json
import re
import shutil
import subprocess
import sys
from xml.etree.ElementTree import fromstring

import pytest
from click.testing import CliRunner

from derive.cli import cli
from derive.site.architecture import figure, rooms
from derive.site.pages import architecture
from derive.site.sources import PACKAGE, TEMPLATES
from derive.site.templating import render


def test_the_figure_has_every_room_and_lines_lead_down():
    names = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    known = {name for name in names if not name.startswith("__")}
    assert set(rooms()) == known
    svg = fromstring(figure(rooms()))
    tops = {}
    for box, text in zip(svg.findall("rect"), svg.findall("text"), strict=True):
        tops[text.text] = float(box.get("y"))
    assert set(tops) == known
    for room, used in rooms().items():
        assert all(tops[one] < tops[room] for one in used)
    lines = sum(map(len, rooms().values()))
    assert len(svg.findall("path")) == lines


def test_no_line_is_left_out_that_no_other_path_makes_up_for():
    reached = {room: set() for room in rooms()}
    for room in rooms():
        waiting = list(rooms()[room])
        while waiting:
            one = waiting.pop()
            reached[room].add(one)
            waiting += rooms()[one]
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if room in reached and path.name not in ("__main__.py", "__init__.py"):
            used = set(IMPORTED.findall(path.read_text("utf-8"))) & set(reached)
            assert used - {room} <= reached[room], path


def printed(*words):
    return CliRunner().invoke(cli, words).stdout


def test_the_walk_ends_with_what_the_command_prints():
    walk = architecture.walk()
    assert walk.macs == walk.fact == 3 * 8 * 9 * 64 * 64
    answer = json.loads(printed("compare", "--stride", walk.word, "--json"))
    assert answer["families"][0]["macs"] == walk.fact
    assert walk.printed in printed("compare", "--stride", walk.word)
    page = render("architecture.md.j2", architecture.context(rooms()))
    assert f"evaluates the formula: {walk.macs}." in page


def test_every_file_that_the_page_names_is_there():
    page = render("architecture.md.j2", architecture.context(rooms()))
    root = PACKAGE.parent
    for name in re.findall(r"`([\w/]+(?:\.\w+|/))`", page.split("## One word")[1]):
        assert (PACKAGE / name).exists() or (root / name).exists(), name


def replaced(path, old, new):
    text = path.read_text("utf-8")
    assert old in text, path
    path.write_text(text.replace(old, new, 1), "utf-8")


BATCH = 'groups, bias, bytes_per_number, number("batch"))'
IMPORTED = re.compile(r"^ *from derive\.(\w+)", re.MULTILINE)
NEW = {  # what the table says, done on a copy: the edits, and a command with a part of its answer
    "family": (["families/mine.py"], ["compare"], " mine "),
    "theorem": (["theorems/mine.py"], ["prove", "mine", "--no-z3"], "T99 mine"),
    "kernel": (["kernels/gallery.json"], ["factor", "my-kernel"], "Exact"),
    "count": (
        ["algebra/counting.py", "catalogue.py"],
        ["family", "asymmetric", "--csv"],
        "twice the weights,2*C_in*k_h*m + 2*C_out*k_w*m",
    ),
    "option": (
        ["notation/fields.py", "parse/layer.py", "notation/layer.py"],
        ["compare", "--batch", "3"],
        "standard",
    ),
    "status": (
        ["proof/status.py", "render/status.py"],
        ["list", "theorems"],
        "rank-one",
    ),
    "command": (["cli/mine.py", "cli/program.py"], ["mine"], "mine it is"),
    "name of the literature": (["notation/names.json"], ["family", "my own name"], "CP conv"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The package with one of each new thing in the places that the page names."""
    root = tmp_path_factory.mktemp("copy") / "derive"
    shutil.copytree(PACKAGE, root, ignore=shutil.ignore_patterns("__pycache__"))
    families, theorems = root / "families", root / "theorems"
    shutil.copy(families / "cp_joint.py", families / "mine.py")
    replaced(families / "mine.py", "CP convolution with a joint spatial mode:", "My design:")
    shutil.copy(theorems / "order_gap.py", theorems / "mine.py")
    replaced(theorems / "mine.py", "Order gap:", "My theorem:")
    replaced(theorems / "mine.py", 'number = "A1"', 'number = "T99"')
    kernels = json.loads((root / "kernels/gallery.json").read_text("utf-8"))
    mine = {**next(one for one in kernels if one["name"] == "sobel"), "name": "my-kernel"}
    (root / "kernels/gallery.json").write_text(json.dumps([*kernels, mine]))
    counting = root / "algebra/counting.py"
    property_ = '''    @cached_property
    def twice_the_weights(self) -> Formula:
        """Twice the weights."""
        return Formula(2 * self.parameters.expr, self.parameters.guard)

    @cached_property
    def bytes(self)'''
    replaced(counting, "    @cached_property\n    def bytes(self)", property_)
    replaced(
        root / "catalogue.py",
        '    "parameters",\n',
        '    "parameters",\n    "twice_the_weights",\n',
    )
    replaced(
        root / "notation/fields.py",
        '        Field("groups",',
        '        Field("batch", "batch", Kind.NUMBER, "1", "1", "", "Images."),\n'
        '        Field("groups",',
    )
    replaced(root / "parse/layer.py", "groups, bias, bytes_per_number)", BATCH)
    replaced(
        root / "notation/layer.py",
        "    bytes_per_number: int = 4\n",
        "    bytes_per_number: int = 4\n    batch: int = 1\n",
    )
    replaced(
        root / "proof/status.py", "    COUNTEREXAMPLE = 8", "    COUNTEREXAMPLE = 8\n    SEEN = 9"
    )
    replaced(
        root / "render/status.py",
        "    Status.PROVED:",
        '    Status.SEEN: Look("seen", "seen", "green", 1.0, "proved"),\n    Status.PROVED:',
    )
    (root / "cli/mine.py").write_text(
        '"""Mine."""\n\nimport click\n\nfrom derive.cli.command import Once\n\n\n'
        '@click.command(cls=Once, examples=("derive mine",))\ndef mine() -> None:\n'
        '    """Mine."""\n    print("mine it is")\n'
    )
    program = root / "cli/program.py"
    replaced(
        program, "from derive.cli.list", "from derive.cli.mine import mine\nfrom derive.cli.list"
    )
    replaced(program, "commands=[", "commands=[mine, ")
    replaced(root / "notation/names.json", '"CPD":', '"my own name": ["cp"],\n    "CPD":')
    return root


@pytest.mark.parametrize("new", NEW)
def test_a_new_thing_goes_where_the_page_says(copy, new):
    files, words, answer = NEW[new]
    page = render("architecture.md.j2", figure="", rooms={}, walk=architecture.walk())
    (row,) = re.findall(rf"^\| {new}[\w ]* \| (.*) \|$", page, re.MULTILINE)
    for file in files:
        assert file in row or f"{file.rpartition('/')[0]}/" in row
    assert len(files) <= 3
    run = subprocess.run(
        [sys.executable, "-m", "derive", *words],
        cwd=copy.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert answer in run.stdout


ROOT = PACKAGE.parent
FILE = re.compile(r"`((?:derive|tests|docs|overrides|benchmarks|examples)/[\w./-]+\.\w+)`")
YOURS = ("your_", "NAME")  # in the path of a file that a reader writes


def test_every_file_that_a_page_or_the_readme_names_is_there():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *TEMPLATES.rglob("*.j2")]
    named = {file for page in pages for file in FILE.findall(page.read_text("utf-8"))}
    theirs = {file for file in named if any(word in file for word in YOURS)}
    assert len(named) > 30
    assert {file for file in named - theirs if not (ROOT / file).is_file()} == set()
