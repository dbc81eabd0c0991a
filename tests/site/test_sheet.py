"""The print sheet and the slides: every family once, with the facts of its page."""

import re
from xml.etree.ElementTree import fromstring

import pytest

from derive.catalogue import FAMILIES
from derive.facts import compare
from derive.parse.layer import read_layer
from derive.site.glance import glance, HEIGHT, MARGIN, slide, WIDTH
from derive.site.pages import sheet
from derive.site.templating import render

SVG = "{http://www.w3.org/2000/svg}"
BROADEST = {"title": 34, "line": 25, "text": 18, "small": 15}  # pixels of a letter, at most


@pytest.fixture(scope="module")
def text():
    return render("sheet.md.j2", sheet.context())


def test_the_sheet_has_every_family_once_with_its_facts(text):
    lines = re.findall(r'<tr><th scope="row"><a href="\.\./([\w-]+)/">.*?</tr>', text)
    assert lines == list(FAMILIES)
    shown = {row.name: row for row in compare(read_layer()).families}
    assert len(shown) > 10
    for name, row in shown.items():
        line = re.search(rf'<tr><th scope="row"><a href="\.\./{name}/">.*?</tr>', text)[0]
        assert f"<td>{row.parameters:,}</td><td>{row.macs:,}</td>" in line
        assert row.exact_when_brief in line
    assert "with zero padding and nothing between the stages" in text


def test_counts_of_another_layer_are_marked(text):
    page = sheet.context()
    for one in page.lines:
        assert (one.mark == "") == (one.glance.layer == page.layer)
        if one.mark:
            assert (one.mark, one.glance.layer) in page.others
    assert len({one.mark for one in page.lines}) == len(page.others) + 1 > 2


@pytest.mark.parametrize("name", FAMILIES)
def test_a_slide_holds_the_facts_and_stays_within_its_edges(name):
    picture, shown = fromstring(slide(name)), glance(FAMILIES[name])
    assert int(picture.get("width")) * 9 == int(picture.get("height")) * 16
    words = [(one.get("class"), int(one.get("y")), one.text) for one in picture.iter(f"{SVG}text")]
    whole = " ".join(text for *_, text in words)
    for fact in (shown.title, shown.line, f"{shown.parameters:,} weights", f"{shown.macs:,} MACs"):
        assert fact in whole
    assert shown.exact_when in whole
    for kind, y, text in words:
        assert y <= HEIGHT - 20
        assert MARGIN + BROADEST[kind] * len(text) <= WIDTH, text
    heights = [y for _, y, _ in words]
    assert len(set(heights)) == len(heights)
    assert heights == sorted(heights)
    assert "var(" not in slide(name)  # it needs no style sheet of the site
