"""The worked examples of the lessons, the count that is retold, and time against balance, by other
routes."""

import re
from fractions import Fraction
from itertools import product

import pytest

from derive.notation.errors import CheckError
from derive.parse.layer import read_layer
from derive.site.balance_plot import balance_plot, crossings, Curve, MARKS, time
from derive.site.pages.learn import channels, counting, course, same, speed, stacking
from derive.site.pages.learn import where_equality_breaks as breaks
from derive.site.templating import render
from derive.site.worked import line

WORKED = (channels, same, breaks, stacking)


TERM = re.compile(r"(?:^|\s)(−|\+)? ?(\d+)·(\d+|\(−\d+\))")


def evaluated(words):
    """A sum of products as it is written, read term by term."""
    found = list(TERM.finditer(words))
    assert "".join(one[0] for one in found) == words
    return sum(
        (-1 if sign == "−" else 1) * int(a) * int(b.strip("()").replace("−", "-"))
        for sign, a, b in (one.groups() for one in found)
    )


@pytest.mark.parametrize("lesson", WORKED, ids=lambda one: one.__name__.rsplit(".", 1)[1])
def test_every_sum_by_hand_is_what_is_written_behind_it(lesson):
    lines = lesson.by_hand().lines
    assert len(lines) >= 5
    for one in lines:
        assert evaluated(one.sum) == one.value, one


def test_a_sum_by_hand_that_is_not_what_loops_make_stops_the_build():
    assert line("right", [(2, 3), (-1, 4)], 2).sum == "2·3 − 1·4"
    with pytest.raises(CheckError, match="by hand 2, by loops 3"):
        line("wrong", [(2, 3), (-1, 4)], 3)


def test_both_ways_by_hand_end_at_one_number():
    found = {one.words: one.value for one in channels.by_hand().lines}
    for o in (0, 1):
        whole = found[f"One convolution, output {o}"]
        assert found[f"Then the column filter, output {o}"] == whole
    found = {one.words: one.value for one in same.by_hand().lines}
    assert found["One convolution"] == found["Then the mix"] == found["Then the row filter"]
    found = {one.words: one.value for one in stacking.by_hand().lines}
    assert found["Two layers, pixel 3, from the middle row"] == found["The one layer, pixel 3"]
    assert found["Two layers, pixel 0, from the middle row"] != found["The one layer, pixel 0"]


def test_the_kernel_that_has_one_form_needs_more_middle_channels():
    entries = {
        (o, i, u, v): (same.MIX[i] + o) * same.SQUARE[u][(v + i) % 2]
        for o, i, u, v in product(range(2), repeat=4)
    }
    rows = [
        [Fraction(entries[o, i, u, v]) for i, u in product(range(2), repeat=2)]
        for o, v in product(range(2), repeat=2)
    ]
    found = 0
    for column in range(4):
        pivot = next((n for n in range(found, 4) if rows[n][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for n in range(found + 1, 4):
            share = rows[n][column] / rows[found][column]
            rows[n] = [a - share * b for a, b in zip(rows[n], rows[found], strict=True)]
        found += 1
    assert same.apart() == found > 2


# The count that is retold


def test_the_count_that_is_retold_product_by_product():
    shown = counting.retold()
    tried = {one.name: one for one in shown.quantities}
    windows = [(y, x) for y in range(12 - 5 + 1) for x in range(12 - 5 + 1)]
    assert len(windows) == shown.pixels == 64
    whole = sum(1 for _ in product(windows, range(256), range(3), range(5), range(5)))
    first = sum(1 for _ in product(windows, range(3), range(5), range(5)))
    last = sum(1 for _ in product(windows, range(256), range(3)))
    products = tried["products"]
    assert (whole, first, last) == (1_228_800, 4_800, 49_152)
    assert (products.standard, products.depthwise, products.pointwise) == (whole, first, last)
    assert products.both == 53_952
    sums = tried["additions"]
    assert sums.standard == whole - 64 * 256
    assert (sums.depthwise, sums.pointwise) == (first - 64 * 3, last - 64 * 256)
    assert tried["additions for biases"].standard == 64 * 256
    moved = tried["numbers moved"]
    assert moved.standard == 12 * 12 * 3 + 256 * 3 * 25 + 64 * 256
    assert moved.both == 12 * 12 * 3 + 75 + 2 * 64 * 3 + 768 + 64 * 256


def test_the_lesson_retells_the_count_with_what_it_leaves_out():
    lesson = next(one for one in course.COURSE if one.slug == "counting")
    text = render(lesson.template, counting.context(), navigation=course.navigation("counting"))
    section = text.split("{: #retold }")[1].split("\n## ")[0]
    for words in ("64·256·3·5² = 1,228,800", "64·3·5² = 4,800", "64·256·3 = 49,152", "53,952"):
        assert words in section
    assert "without biases" in section
    assert "zero padding and nothing between" in section
    assert "2,764,800 and 121,392" in text


# Time against balance


def stages_of(name, layer):
    family = next(one for one in layer["families"] if one["title"] == name)
    return [(stage["flops"], stage["bytes"]) for stage in family["stages"]]


@pytest.fixture(scope="module")
def layer():
    return speed.described(read_layer("56x56", 64, 64))


def test_the_balance_at_which_the_pair_stops_being_faster_by_bisection(layer):
    whole, pair = stages_of("standard", layer), stages_of("asymmetric", layer)
    low, high = 1.0, 256.0
    for _ in range(60):
        middle = (low + high) / 2
        faster = sum(max(f / middle, b) for f, b in pair) < sum(
            max(f / middle, b) for f, b in whole
        )
        low, high = (middle, high) if faster else (low, middle)
    (found,) = crossings(whole, pair)
    assert float(found) == pytest.approx(low)
    assert f"{float(found):.1f}" == "69.8"
    assert time(pair, found) == time(whole, found)


def test_designs_that_never_change_places_have_no_crossing():
    assert crossings([(10, 10)], [(5, 5)]) == []
    assert crossings([(10, 10)], [(10, 10)]) == []


def test_at_the_ends_of_the_plot_stages_wait_as_the_lesson_says(layer):
    for family in layer["families"]:
        for flops, moved in stages_of(family["title"], layer):
            assert MARKS[0] < flops / moved < MARKS[-1]


def test_the_lesson_says_who_is_faster_where(layer):
    shown = speed.balance(layer, {"slow": 10.0, "fast": 250.0})
    assert [name for name, *_ in shown.designs] == ["depthwise separable", "asymmetric"]
    for _, edges, machines in shown.designs:
        assert len(edges) == 1
        assert [faster for *_, faster in machines] == [True, False]
    assert shown.plot.count('class="crossing') == 2


def test_a_curve_of_the_plot_lies_where_the_shares_are():
    svg = balance_plot([(100, 10)], [Curve("half", [(50, 10)])], {}, "t")
    path = re.search(r'class="curve of-1" d="M([^"]*)"', svg)[1]
    heights = [float(point.split()[1]) for point in path.split("L")]
    assert heights[0] == max(heights)
    assert heights[-1] == min(heights)
    whole = float(re.search(r'class="whole"[^>]*y1="([\d.]+)"', svg)[1])
    assert heights[-1] == pytest.approx(whole, abs=0.1)


def test_the_roofline_by_hand_is_the_time_of_the_model(layer):
    for shown in speed.by_hand(layer, {"one": 17.4, "two": 76.5}):
        for title, stages, total in shown.designs:
            work = stages_of(title, layer)
            assert float(total) == pytest.approx(sum(max(f / shown.balance, b) for f, b in work))
            assert len(stages) == len(work)
