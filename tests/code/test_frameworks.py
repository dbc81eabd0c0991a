"""The code that is printed runs in its framework: random layers, every family, some lines."""

import re

import pytest

from derive.notation.axis import Transposed
from tests.code.snippets import entries, installed, run, snippets

NUMBER = {"pytorch": 110, "numpy": 100, "onnx": 100, "jax": 24, "keras": 40}


@pytest.mark.parametrize("framework", NUMBER)
def test_every_snippet_equals_its_single_convolution(framework, tmp_path):
    installed(framework)
    made = snippets(framework, NUMBER[framework], seed=16)
    results = run([text for *_, text in made], tmp_path)
    assert len(results) == NUMBER[framework]
    for (row, plan, text), (error, printed) in zip(made, results, strict=True):
        assert not error, f"{row.entry.name} {row.setting} {row.layer} {plan.bias}\n{text}\n{error}"
        assert re.search(r": difference [0-9]e[-+]\d\d$", printed), printed
