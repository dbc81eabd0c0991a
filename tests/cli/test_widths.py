"""The tables of the terminal lose no word and no number, however narrow the screen is."""

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from rich.console import Console

from derive.algebra.kernel import Kernel
from derive.catalogue import FAMILIES
from derive.comparison import Choices
from derive.facts import compare
from derive.facts.family import family_facts
from derive.facts.own_line import own_line_facts
from derive.facts.pareto import pareto
from derive.facts.question import Question
from derive.facts.verdict import verdict_facts
from derive.parse.kernel import read_kernel
from derive.parse.layer import read_layer
from derive.proof.run import Session, Shown
from derive.render.define_table import define_table
from derive.render.factor_table import factor_table
from derive.render.proof_table import proof_table, proofs_table, theorem_table
from derive.render.table import compare_table, family_table

WIDTHS = (60, 80, 100, 120, 200)
BIG = {"image": "224x224", "channels_in": 512, "channels_out": 512, "stride": "2"}


@cache
def proved():
    return Session(second=False).verdict("order-gap")


@cache
def answered():
    laplacian = Kernel.of([[[[0, 1, 0], [1, -4, 1], [0, 1, 0]]]])
    layer = read_layer(channels_in=1, channels_out=1)
    entry = FAMILIES["asymmetric"]
    return verdict_facts(Question("laplacian", laplacian, entry, layer, Choices()))


@cache
def trained():
    """Weights with a curve of 24 widths, next to all families."""
    random = np.random.default_rng(1)
    given = read_kernel(random.standard_normal((9, 8, 3, 3)))
    layer = read_layer(channels_in=8, channels_out=9)
    asked = Question("w", given.kernel, FAMILIES["asymmetric"], layer, Choices(), "float64")
    return replace(verdict_facts(asked), pareto=pareto(asked))


def described(entry):
    facts = family_facts(entry)
    return family_table(facts.words.title, facts.words.summary, facts.derived)


TABLES = {
    "compare": lambda: compare_table(compare(read_layer())),
    "compare, large": lambda: compare_table(compare(read_layer(**BIG))),
    "family": lambda: described(FAMILIES["asymmetric"]),
    "define": lambda: define_table(own_line_facts("A[e,i,u] B[o,e,v] C[o]")),
    "factor": lambda: factor_table(answered()),
    "factor, with a curve": lambda: factor_table(trained()),
    "prove": lambda: proofs_table([Shown.of(proved(), proof_table)]),
    "theorem": lambda: theorem_table(proved()),
}


def printed(table, width):
    console = Console(width=width, highlight=False, markup=False, color_system=None)
    with console.capture() as capture:
        console.print(table)
    return capture.get()


def words(text):
    """What stands between spaces: headings and their order differ between the layouts."""
    plain = re.sub(r"\+-{16,}", " ", text)  # the axis of a plot is as long as the screen allows
    return set(re.sub(r"[:,;·]", " ", plain).split())


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_narrow_screen_shows_every_word_of_a_wide_one(name, width):
    table = TABLES[name]()
    narrow = printed(table, width)
    headings = {"family", "formula"}  # of the column that names the row
    assert words(printed(table, 400)) - headings <= words(narrow)
    assert "…" not in narrow.replace("… ", "")
    assert max(map(len, narrow.splitlines())) <= width


def test_a_table_has_columns_where_they_fit():
    table = compare_table(compare(read_layer()))
    family = re.compile(r" standard +216 +3,538,944 .* every kernel")
    assert any(map(family.match, printed(table, 132).splitlines()))
    assert not any(map(family.match, printed(table, 80).splitlines()))
    below = re.compile(r" +216 +3,538,944 +3,502,176 +6,946,816 +705 KiB +9.62 +1$")
    assert any(map(below.match, printed(table, 80).splitlines()))
    assert "MACs 3,538,944" in printed(table, 60)


def test_the_output_is_in_the_title():
    assert "output 64×64" in printed(compare_table(compare(read_layer(stride="2"))), 132)
