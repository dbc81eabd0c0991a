"""Figures that a theorem's statement shows are those that the book works out."""

import re

from derive.comparison import Choices
from derive.facts import compare
from derive.parse.layer import read_layer
from derive.proof.library import THEOREMS
from derive.render.statement import statement
from derive.render.values import json_values

SHOWN = {
    "standard": ("standard", {}),
    "depthwise separable": ("depthwise-separable", {"M": 1}),
    r"asymmetric, \(m = 3\)": ("asymmetric", {"m": 3}),
    r"asymmetric, \(m = 8\)": ("asymmetric", {"m": 8}),
}


def test_the_table_of_break_even_is_the_layer_of_the_opening_question():
    text = "\n".join(statement(THEOREMS["break-even"]))
    facts = json_values(compare(read_layer(), Choices(widths=(3, 8))))["families"]
    for words, (name, setting) in SHOWN.items():
        row = next(x for x in facts if x["name"] == name and x["setting"] == setting)
        (cells,) = re.findall(rf"^\| {re.escape(words)} \|(.*)\|$", text, re.MULTILINE)
        shown = [int(cell.replace(" ", "")) for cell in cells.split("|")]
        assert shown == [row[key] for key in ("parameters", "macs", "macs_in_bounds")]


def test_the_edge_of_break_even_is_where_the_statement_says():
    text = "\n".join(statement(THEOREMS["break-even"]))
    inside, beyond = re.findall(r"with (?:it )?(\d) (?:middle channels )?it has (\d+)", text)
    layer, widths = read_layer(), (int(inside[0]), int(beyond[0]))
    facts = compare(layer, Choices(widths=widths)).families
    dense = next(x.parameters for x in facts if x.name == "standard")
    found = [x.parameters for x in facts if x.name == "asymmetric"]
    assert found == [int(inside[1]), int(beyond[1])]
    assert found[0] < dense < found[1]
