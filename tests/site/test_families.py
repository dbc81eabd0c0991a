"""The list of families: pictures of every pipeline, and the plot of cost against freedom."""

from itertools import combinations
from math import log
from xml.etree.ElementTree import fromstring

import pytest

from derive.catalogue import FAMILIES
from derive.facts import compare
from derive.parse.layer import read_layer
from derive.site.example_row import example
from derive.site.freedom_plot import freedom_plot
from derive.site.pages import families
from derive.site.strip import strip

WIDE, HIGH = 5.5, 11  # of a character of a label, at most


@pytest.fixture(scope="module")
def page():
    return families.context()


def test_every_family_has_a_picture_and_a_number(page):
    assert [one.name for one in page.families] == list(FAMILIES)
    assert [one.number for one in page.families] == list(range(1, len(FAMILIES) + 1))


@pytest.mark.parametrize("name", FAMILIES)
def test_a_strip_has_the_taps_of_every_stage(name):
    row, _ = example(FAMILIES[name])
    drawn = sum(one.get("class") == "tap" for one in fromstring(strip(row)).iter())
    taps = {direction.tap: row.size(direction.kernel) for direction in row.layer.directions}
    expected = 0
    for _, stage in row.stages:
        one = 1
        for letter in stage.stage.factor.indices:
            one *= taps.get(letter, 1)
        expected += one
    assert drawn == expected


def test_the_plot_has_every_family_of_the_layer_once(page):
    svg = fromstring(page.plot)
    labels = [one.text for one in svg.iter() if one.get("class") == "number"]
    numbers = sorted(int(n) for label in labels for n in label.split(", "))
    rows = {row.name: row for row in compare(read_layer("56x56", 64, 64)).families}
    assert numbers == [one.number for one in page.families if one.name in rows]
    places = {(row.degrees_of_freedom, row.macs) for row in rows.values()}
    dots = [one for one in svg.iter() if one.tag == "circle"]
    assert len(dots) == len(places) == len(labels)


def test_points_lie_where_their_numbers_say(page):
    rows = [one.row for one in page.families if one.row]
    places = list(dict.fromkeys((row.degrees_of_freedom, row.macs) for row in rows))
    dots = [one for one in fromstring(page.plot).iter() if one.tag == "circle"]
    xs, ys = ([float(dot.get(side)) for dot in dots] for side in ("cx", "cy"))
    for (one, x, y), (other, x2, y2) in combinations(zip(places, xs, ys, strict=True), 2):
        assert (x - x2) * log(one[0] / other[0]) >= 0
        assert (y - y2) * log(one[1] / other[1]) <= 0


def test_labels_do_not_overlap(page):
    crowded = freedom_plot([(one.number, one.row) for one in page.families if one.row], "title")
    labels = [one for one in fromstring(crowded).iter() if one.get("class") == "number"]
    for one, other in combinations(labels, 2):
        across = abs(float(one.get("x")) - float(other.get("x")))
        down = abs(float(one.get("y")) - float(other.get("y")))
        assert across >= WIDE * (len(one.text) + len(other.text)) / 2 or down >= HIGH
