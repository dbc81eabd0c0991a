"""The code that is printed runs in its framework: random layers, every family, some lines."""

import re
from itertools import islice

import pytest

from derive.catalogue import FAMILIES
from derive.notation.axis import Transposed
from tests.code.snippets import installed, rows, run, shown, snippets

NUMBER = {"pytorch": 60, "numpy": 60, "onnx": 60, "jax": 12, "keras": 16}
DIFFERENCE = re.compile(r": difference ([0-9]e[-+]\d\d)$")


@pytest.mark.parametrize("framework", NUMBER)
def test_the_code_runs_and_equals_its_single_convolution(framework, tmp_path):
    """Random ones, and those of the pages, whose recorded runs have to be those of today."""
    installed(framework)
    made = snippets(framework, NUMBER[framework], seed=16)
    pages = shown(framework)
    texts = [*(text for *_, text in made), *(page.text for page in pages.values())]
    results = run(texts, tmp_path)
    about = [f"{row.entry.name} {row.setting} {row.layer}" for row, plan, _ in made]
    assert len(results) == NUMBER[framework] + len(FAMILIES)
    for what, text, (error, printed) in zip([*about, *pages], texts, results, strict=True):
        assert not error, f"{what}\n{text}\n{error}"
        assert DIFFERENCE.search(printed), f"{what}\n{text}\n{printed}"
    for page, (_, printed) in zip(pages.values(), results[len(made) :], strict=True):
        assert page.ran, f"not run since it changed: python benchmarks/snippets.py\n{page.text}"
        recorded, now = (float(DIFFERENCE.search(line)[1]) for line in (page.ran, printed))
        assert 0.1 * recorded <= now <= 10 * recorded, (page.ran, printed)


def test_the_random_layers_are_of_every_kind():
    made = list(islice(rows(seed=16), max(NUMBER.values())))
    axes = [axis for row in made for axis in row.layer.axes]
    assert {row.entry.name for row in made} >= set(FAMILIES)
    assert {len(row.layer.axes) for row in made} == {1, 2, 3}
    for kind in (
        [axis.stride > 1 and not isinstance(axis, Transposed) for axis in axes],
        [axis.dilation > 1 for axis in axes],
        [axis.before != axis.after for axis in axes],
        [axis.kernel % 2 == 0 for axis in axes],
        [axis.size == 1 for axis in axes],
        [isinstance(axis, Transposed) and axis.extra > 0 for axis in axes],
        [row.layer.groups > 1 for row in made],
        [row.layer.transposed for row in made],
    ):
        assert sum(map(bool, kind)) >= 5
