"""The first state of the calculators: drawn in node by their own scripts, or said to be missing."""

import re

import pytest

from derive.facts import compare
from derive.parse.layer import read_fields, read_layer
from derive.site import at_work, first_state, formulas, grammar, thresholds
from derive.site.cache import BuildCache
from derive.site.first_state import first_states, Given, mark, with_first_states
from derive.site.pages import home, layer_lab
from derive.site.templating import render
from tests.tools import program

GIVEN = Given(home.known(), [], at_work.figures())


@pytest.fixture(scope="module")
def scripts():
    """The modules that the scripts of the first states need."""
    program("node")
    return {
        "assets/js/order-2.js": thresholds.module(2),
        "assets/js/formulas.js": formulas.module(),
        "assets/js/grammar.js": grammar.module(),
        "assets/js/formulas-plain-2.js": formulas.part(2, "plain"),
    }


@pytest.fixture
def pages(scripts, tmp_path):
    """The pages of the calculators and of a figure, with their first states."""
    return drawn(scripts, BuildCache(tmp_path))


def drawn(scripts, cache):
    """Pages with marks, after the scripts have drawn."""
    marked = {
        "index.md": f"<p>{home.context().calculator}</p>",
        "lab/layer.md": render("layer.md.j2", layer_lab.context()),
        "relations/index.md": f"<design-order>{mark('order')}</design-order>",
        "families/asymmetric.md": at_work.figure("asymmetric"),
    }
    states = first_states(scripts, GIVEN, cache)
    return {path: with_first_states(text, states) for path, text in marked.items()}


def test_the_opening_layer_is_drawn_with_the_numbers_of_compare(pages):
    facts = compare(read_layer())
    for row in facts.families:
        numbers = f"<td>{row.parameters:,}</td><td>{row.macs:,}</td>"
        assert numbers in pages["index.md"]
        assert f">{row.macs:,}</td>" in pages["lab/layer.md"]
        assert row.exact_when_brief in pages["index.md"]
    for one in facts.omitted:
        assert f"{one.name} ({one.reason})" in pages["index.md"]
        assert f"{one.name} ({one.reason})" in pages["lab/layer.md"]
    assert (
        "derive.compare(derive.layer(image=(128, 128), channels=(3, 8), kernel=3))"
        in (pages["index.md"])
    )
    for path in ("index.md", "lab/layer.md"):
        inside = pages[path].split("<form")[1].split("</form>")[1]
        assert "\n\n" not in inside.split("</layer-lab>")[0]  # it would end the raw HTML
        assert "first state" not in pages[path]


def test_what_is_drawn_is_kept(scripts, pages, tmp_path, monkeypatch):
    monkeypatch.setattr(first_state, "_drawn", lambda *_: pytest.fail("drawn again"))
    assert drawn(scripts, BuildCache(tmp_path)) == pages


def test_the_order_of_the_opening_question_is_drawn(pages):
    words = re.sub(r"<[^>]+>", "|", pages["relations/index.md"])
    assert "first state" not in words
    row = re.search(r'data-small="depthwise-separable".*?</tr>', pages["relations/index.md"])
    found = dict(re.findall(r'data-large="([\w-]+)".*?>([^<>]+)</a>', row.group()))
    assert found["asymmetric"] == found["asymmetric-horizontal-first"] == "9"
    assert (found["tucker-2"], found["standard"], found["flattened"]) == ("3; 3", "yes", "–")
    assert "7 of 14 designs" in words


def test_a_pipeline_at_work_is_drawn_with_its_last_number(pages):
    text, facts = pages["families/asymmetric.md"], at_work.at_work("asymmetric")
    middle = facts["side"] // 2
    made_last = facts["tensors"][-1]["planes"][0]["rows"][middle][middle]
    words = re.sub(r"<template.*?</template>|<[^>]+>", "", text)
    assert f"Y[0, {middle}, {middle}] = " in words
    assert f" = {made_last}".replace("-", "−") in words
    assert text.count('class="cell') == facts["side"] ** 2 * sum(
        len(tensor["planes"]) for tensor in facts["tensors"]
    )
    assert "\n\n" not in text  # it would end the raw HTML
    assert 'role="radio"' not in text  # without a script there is nothing to choose


def test_without_node_the_pages_say_so(scripts, tmp_path, monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(first_state, "command", missing)
    pages = drawn(scripts, BuildCache(tmp_path))
    for path in ("index.md", "lab/layer.md", "relations/index.md"):
        assert first_state.WITHOUT in pages[path]
        assert "first state" not in pages[path]
    assert first_state.WITHOUT_FIGURE in pages["families/asymmetric.md"]


def test_layers_to_try_are_layers():
    for fields in home.KNOWN.values():
        assert read_fields(fields).axes
