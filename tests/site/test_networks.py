"""The pages of the networks: numbers of the facts, shares, and what rows of layers save."""

import re
from fractions import Fraction
from itertools import pairwise
from xml.etree.ElementTree import tostring

import pytest

from derive.facts.network import network_facts, published
from derive.facts.savings import savings
from derive.facts.shares import sort_shares
from derive.models.library import NETWORKS
from derive.models.network import network_model
from derive.render.model_page import shares_plot
from derive.site.pages import navigation, network, networks
from derive.site.templating import render


@pytest.fixture(params=["mobilenet-v1", "erfnet"])
def page(request):
    return request.param, render("network.md.j2", network.context(request.param))


def test_every_layer_has_a_row_with_its_numbers(page):
    name, text = page
    facts = network_facts(NETWORKS[name])
    for one in facts.layers:
        row = next(line for line in text.splitlines() if line.startswith(f"| {one.name} | "))
        assert f"| {one.parameters:,} | {one.macs:,} |" in row
        assert f"| {one.macs_in_bounds:,} | {one.flops:,} |" in row
    assert f"**{facts.totals.macs:,}**" in text
    for tool, one in facts.totals.conventions.items():
        assert f"| {tool} | {one.number:,} | {one.formula} |" in text


def test_every_figure_in_print_has_a_verdict(page):
    name, text = page
    for one in published(NETWORKS[name]):
        verdict = "agrees" if one.agrees else f"**differs**: {one.reason}"
        assert f"| {one.count:,} | {verdict} |" in text
        assert one.source in text


def test_headings_stand_on_lines_of_their_own(page):
    lines = page[1].splitlines()
    for above, line in pairwise(lines):
        assert above == "" or not line.startswith("## ")


def test_the_list_and_the_navigation_have_every_network():
    text = render("networks.md.j2", networks.context())
    for name, one in NETWORKS.items():
        assert f"| [{one.title}]({name}.md) |" in text
        assert {one.title: f"networks/{name}.md"} in navigation()["networks/*"]


@pytest.mark.parametrize("name", ["inception-v3", "segnext-strip"])
def test_shares_add_up_to_one(name):
    facts = network_facts(NETWORKS[name])
    shares, drawn = sort_shares(facts), tostring(shares_plot(facts), "unicode")
    assert sum(macs for _, macs, _ in shares) == sum(weights for *_, weights in shares) == 1
    bars = [float(x) for x in re.findall(r"--share:([\d.]+)%", drawn)]
    assert sum(bars) == pytest.approx(200, abs=0.1)


def test_a_layer_of_mobilenet_against_the_one_convolution():
    alike = {one.times: one for one in savings(NETWORKS["mobilenet-v1"].model())}
    one = alike[5]  # table 3 of the paper, 14 × 14 pixels, 512 channels
    assert (one.macs, one.single_macs) == (52_283_392, 462_422_016)
    assert one.ratio == Fraction(462_422_016, 52_283_392)
    assert (one.kernel, one.channels, one.output) == ((3, 3), (512, 512), (512, 14, 14))


def test_a_pair_of_erfnet_costs_two_thirds():
    found = savings(NETWORKS["erfnet"].model())
    assert [one.times for one in found] == [14, 16, 4]
    assert {one.ratio for one in found if one.channels[0] > 16} == {Fraction(3, 2)}
    assert {one.sorts for one in found} == {("asymmetric", "asymmetric")}


ROWS = {
    "no row without a name": ("dw 3x3 > 1x1 8", []),
    "a pair": ("a: ( dw 3x3/2 > 1x1 8 )", [("a.1", "a.2")]),
    "a stride before the taps": ("a: ( 1x1/2 8 > 3x3 8 )", []),
    "taps twice": ("a: ( 3x3 8 > 3x3 8 )", []),
    "taps across": ("a: ( 3x1/2x1 8 > 1x3/1x2 8 )", [("a.1", "a.2")]),
    "pointwise alone": ("a: ( 1x1 8 > 1x1 4 )", []),
    "a pooling between": ("a: ( dw 3x3 > max 2x2/2 > 1x1 8 )", []),
    "read twice": ("a: ( 1x1 4 > ( . + dw 3x3 ) )", []),
    "transposed": ("a: ( transposed 3x3 8 > 1x1 8 )", []),
}


@pytest.mark.parametrize("text", ROWS)
def test_which_rows_one_convolution_would_stand_for(text):
    layers, rows = ROWS[text]
    model = network_model("x", f"image 4x16x16\n{layers}")
    assert [one.names for one in savings(model)] == rows


def test_the_one_convolution_has_all_strides():
    (one,) = savings(network_model("x", "image 4x16x16\na: ( 3x1/2x1 8 > 1x3/1x2 6 )"))
    assert (one.output, one.single_macs) == ((6, 8, 8), 4 * 6 * 9 * 64)
