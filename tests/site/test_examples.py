"""The examples run, say what is true, and are notebooks; so is every family and theorem."""

import json
import runpy
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path

import pytest

from derive.catalogue import FAMILIES
from derive.parse.layer import read_layer
from derive.proof.library import THEOREMS
from derive.render.layer_code import layer_code
from derive.render.notebook import Code, notebook, Prose, run_cells, script_cells
from derive.site.examples import Example, FOLDER, ran, scripts
from derive.site.pages import examples, notebooks
from derive.site.templating import render

NAMES = [one.name for one in scripts()]
cells_of = cache(lambda name: Example(name).cells)


def printed(path):
    """What a script prints."""
    output = StringIO()
    with redirect_stdout(output):
        runpy.run_path(str(path), run_name="__main__")
    return output.getvalue()


def code_of(text):
    """The code cells of a notebook."""
    return [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("name", NAMES)
def test_an_example_prints_as_a_script_what_its_page_shows(name):
    one = Example(name)
    shown = "".join(cell.printed for cell in cells_of(name) if isinstance(cell, Code))
    assert printed(one.path) == shown
    cells = code_of(ran(name).notebook)
    runs_as_it_is(cells)
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert outputs
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))


def runs_as_it_is(cells):
    """A notebook's code runs from top to bottom, as a kernel would run it."""
    names = {"__name__": "__main__"}
    with redirect_stdout(StringIO()):
        for cell in cells:
            exec("".join(cell["source"]), names)
    return names


TRUE = {
    "opening_question": ["asymmetric m=3             99 parameters", "exact\n", "not exact\n"],
    "tour": ["99\n", "4325376\n", "not exact {'A': (3, 3, 3), 'B': (8, 3, 3)}", "proved\n"],
    "formulas_by_hand": ["0 0\n", "99 99\n"],
    "prove_rank_one": ["proved\n", "sobel exact", "laplacian-4 not exact"],
    "kernel_verdict": ["{'m': 2}", "depthwise-separable   {'M': 1}: exact"],
    "nearest_factors": ["True\n"],
    "relate_two_designs": [
        "neither\n",
        "needs 9 middle channels",
        "\n9\n",
        "B[o, j, v] = B[j, v]*F[o, j]",
    ],
    "your_own_line": ["proved\n"],
}


@pytest.mark.parametrize("name", NAMES)
def test_an_example_says_what_is_true(name):
    shown = "".join(cell.printed for cell in cells_of(name) if isinstance(cell, Code))
    assert all(words in shown for words in TRUE[name])


def test_the_page_has_every_example_with_its_output():
    shown = tuple(ran(one.name) for one in scripts())
    text = render("examples.md.j2", examples.context(shown))
    for one in scripts():
        assert f"## {one.title} {{: #{one.anchor} }}" in text
        assert f"({one.anchor}.ipynb)" in text
    assert "```text\n99\n```" not in text
    assert "4325376" in text


@pytest.mark.parametrize("name", FAMILIES)
def test_the_notebook_of_a_family_runs_as_it_is(name):
    names = runs_as_it_is(code_of(notebooks.family_notebook(name)))
    assert names["family"].name == name


@pytest.mark.parametrize("name", ["rank-one", "order-gap"])
def test_the_notebook_of_a_theorem_runs_as_it_is(name):
    names = runs_as_it_is(code_of(notebooks.theorem_notebook(name)))
    assert names["proof"].status == "proved"


@pytest.mark.parametrize("name", THEOREMS)
def test_every_theorem_has_a_notebook_of_its_own(name):
    first, *_, last = code_of(notebooks.theorem_notebook(name))
    assert f'derive.theorems["{name}"]' in "".join(first["source"])
    compile("".join(last["source"]), name, "exec")


def test_a_notebook_is_in_the_format_of_jupyter():
    cells = [Prose("# Title"), Code("x = 1\nx"), Code("print(2)", "print(2)", "2\n", "2\n")]
    document = json.loads(notebook(cells))
    assert (document["nbformat"], document["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in document["cells"]}) == len(document["cells"]) == 4
    (_, _, idle, ran) = document["cells"]
    assert (idle["execution_count"], idle["outputs"]) == (None, [])
    stream = {"output_type": "stream", "name": "stdout", "text": ["2\n"]}
    assert (ran["execution_count"], ran["outputs"]) == (1, [stream])


def test_an_object_that_is_printed_last_is_shown():
    source = "class Shown:\n    def _repr_markdown_(self):\n        return '**x**'\n"
    source += "    def __repr__(self):\n        return 'x'\n\n\nprint(1)\nprint(Shown())"
    (ran,) = run_cells([Code(source)])
    assert ran.printed == "1\nx\n"
    assert ran.streamed == "1\n"
    assert ran.shown.endswith("print(1)\nShown()")
    assert ran.data == {"text/plain": "x", "text/markdown": "**x**"}


def test_comments_in_code_stay_in_code():
    cells = script_cells(
        '"""Title.\n\nWords\nmore."""\n\n# Prose\n# goes on.\nx = 1\n# not prose\ny = 2\n'
    )
    assert cells == [
        Prose("# Title\n\nWords more."),
        Prose("Prose goes on."),
        Code(cells[2].source),
    ]
    assert cells[2].source == "x = 1\n# not prose\ny = 2"


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"image": "56x48", "kernel": "3x5", "stride": "2x1", "dilation": "1x2", "padding": "valid"},
        {"padding": "0:1x2:3", "bias": True, "bytes_per_number": 2},
        {"channels_in": 4, "groups": 2, "transposed": True, "stride": "2", "output_padding": "1"},
        {"bias": "last"},
        {"image": "100", "axes": 1, "kernel": "5", "padding": "1:0"},
        {"image": "16x112x112"},
    ],
)
def test_the_code_of_a_layer_makes_it(words):
    layer = read_layer(**words)
    names = {}
    exec(f"import derive\nlayer = {layer_code(layer)}", names)
    assert (names["layer"].values, names["layer"].axes) == (layer.values, layer.axes)
    assert names["layer"].bias == layer.bias


def test_the_folder_is_the_list():
    assert set(NAMES) == {path.stem for path in Path(FOLDER).glob("*.py")} == set(TRUE)
