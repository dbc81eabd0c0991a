"""Weights that stand in the code as numbers: read as what they are, and the code runs with them."""

import ast
import random
from fractions import Fraction
from itertools import islice
from math import prod

import numpy as np
import pytest

from derive.code.text import loaded
from tests.code.snippets import installed, PRINTERS, run, snippets

NUMBERS = (
    lambda rng: rng.randint(-9, 9),
    lambda rng: Fraction(rng.randint(-9, 9), rng.randint(1, 9)),
    lambda rng: rng.gauss(0, 1),
)


def nested(rng, shape):
    kind = rng.choice(NUMBERS)
    if len(shape) == 1:
        return [kind(rng) for _ in range(shape[0])]
    return [nested(rng, shape[1:]) for _ in range(shape[0])]


def weights(rng, plan):
    """An array for every factor of a plan."""
    return {
        name: nested(rng, stage.sizes(stage.letters))
        for branch in plan.branches
        for names in branch.names
        for stage, name in zip(branch.stages, names, strict=True)
    }


def floats(array):
    return np.array(array, object).astype(float)


@pytest.mark.parametrize("framework", PRINTERS)
def test_code_with_weights_in_it_runs(framework, tmp_path):
    installed(framework)
    rng = random.Random(7)
    made = [(plan, weights(rng, plan)) for _, plan, _ in snippets(framework, 6, seed=3)]
    texts = [PRINTERS[framework](plan, given) for plan, given in made]
    for text, (error, printed) in zip(texts, run(texts, tmp_path), strict=True):
        assert not error, f"{text}\n{error}"
        assert ": difference " in printed


def test_the_numbers_are_those_given():
    rng = random.Random(3)
    for shape in ((1,), (4,), (1, 3), (3, 1), (2, 1, 3), (1, 2, 3), (2, 3, 1, 2), (1, 1, 1, 1)):
        given = {"A": nested(rng, shape), "A_2": nested(rng, shape)}
        names = {"np": np}
        exec("\n".join(loaded(given)), names)
        for name, array in given.items():
            found = names["factors"][name]
            assert found.dtype == float
            assert found.shape == shape
            assert np.array_equal(found, floats(array))


def test_a_row_of_numbers_stands_on_a_line_of_its_own():
    rng = random.Random(1)
    for shape in ((2, 1, 3), (1, 2, 3), (4, 3)):
        lines = loaded({"A": nested(rng, shape)})
        assert sum("," in line.rstrip(",") for line in lines[1:-1]) >= prod(shape[:-1])
        ast.parse("\n".join(lines))
    assert len(list(islice(loaded({"A": [[[1, 2, 1]]]}), 9))) == 3
