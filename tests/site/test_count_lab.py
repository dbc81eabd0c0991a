"""Counting a list in the page: the numbers and files of the command, and words that stay words."""

import json
import re
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner

from derive.cli import cli
from derive.models.library import NETWORKS
from derive.models.network import network_model
from derive.render.live import counted, LIST
from derive.render.model_page import MOST
from derive.site.pages import count_lab
from derive.site.pages.network import listed

SMALL = "image 3x32x32\neach: bn relu\nstem: 3x3/2 8\n( . + dw 3x3 > 1x1 8 )\nglobal\nlinear 10"


class Cells(HTMLParser):
    """The rows of the tables of a page as texts, and every tag."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.tags = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data):
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


@pytest.mark.parametrize("form", ["json", "csv", "markdown"])
def test_the_files_of_the_page_are_what_the_command_prints(form, tmp_path, monkeypatch):
    (tmp_path / LIST).write_text(SMALL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke(cli, ["count", LIST, f"--{form}"])
    assert run.exit_code == 0, run.output
    assert json.loads(counted(SMALL))["files"][form].rstrip("\n") == run.output.rstrip("\n")


def test_the_page_shows_every_layer_and_the_sums_of_the_document():
    answer = json.loads(counted(SMALL))
    document, shown = json.loads(answer["files"]["json"]), Cells(answer["html"]).rows
    layers = {row[0]: row for row in shown}
    for one in document["layers"]:
        assert layers[one["name"]][3:5] == [f"{one['parameters']:,}", f"{one['macs']:,}"]
    total = document["totals"]
    assert layers["sum"][3:5] == [f"{total['parameters']:,}", f"{total['macs']:,}"]
    for tool, one in total["conventions"].items():
        assert layers[tool][1:] == [f"{one['number']:,}", one["formula"], one["words"]]
    by_hand = 8 * 27 * 256 + 8 * 9 * 256 + 8 * 8 * 256 + 8 * 10
    assert total["macs"] == by_hand


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("image 3x8x8\n\n3x3 4\n3x3 8 ?", "line 4: '?' is not known"),
        ("image 3x8x8\n( 3x3 4", "line 2: this parenthesis is not closed"),
        ("3x3 4", "line 1: '3x3 4' is no image"),
        ("image 3x8x8", "a list of layers needs a layer below its image"),
        ("", "a list of layers begins with its image"),
        ("image 3x8x8\n" + "9" * 10**6, "a list of layers has at most 1,000,000 characters"),
    ],
)
def test_a_bad_list_is_refused_in_one_line_that_names_the_line(text, words):
    answer = json.loads(counted(text))
    assert answer["error"].startswith(words)
    assert "\n" not in answer["error"]
    assert list(answer) == ["error"]


def test_what_a_reader_types_is_shown_and_never_becomes_markup():
    tags = Cells(json.loads(counted("image 3x8x8\nstem: 3x3 4"))["html"]).tags
    for name in ("<img/src=x/onerror=alert`1`", '"<script'):
        found = Cells(json.loads(counted(f"image 3x8x8\n{name}: 3x3 4"))["html"])
        assert found.tags == tags
        assert name in [row[0] for row in found.rows]


def test_a_long_list_is_shown_in_part_and_said_to_be():
    answer = json.loads(counted(f"image 3x8x8\n{MOST + 7} * ( 1x1 3 )"))
    assert f"The first {MOST} of {MOST + 7} layers" in answer["html"]
    names = [row[0] for row in Cells(answer["html"]).rows]
    assert len([name for name in names if re.fullmatch(r"1\.\d+", name)]) == MOST
    assert answer["files"]["csv"].count("\n") >= MOST + 7


def test_every_list_to_start_from_is_the_network_it_is_named_after():
    facts = re.search(r"<template[^>]*>(.*)</template>", count_lab.context().facts)
    lists = json.loads(facts[1])["lists"]
    forms = [(one, form) for one in NETWORKS.values() for form in ("", *one.network.variants)]
    assert list(lists) == [f"{one.name} {form}".strip() for one, form in forms]
    for one, form in forms:
        model = network_model("", lists[f"{one.name} {form}".strip()])
        assert model.layers == one.model(form).layers
        assert model.passed == one.model(form).passed
        assert lists[f"{one.name} {form}".strip()] == listed(one, form)


def test_the_page_shows_the_opening_list_counted():
    page = count_lab.context()
    assert page.result == json.loads(counted(page.text))["html"]
    assert "568,740,352" in page.result  # MobileNet v1, as in its paper: 569 M
