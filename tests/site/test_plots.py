"""The plots of families and theorems: what is drawn is what the definitions count."""

import re
from fractions import Fraction
from itertools import product
from xml.etree.ElementTree import fromstring

import numpy as np
import pytest

from derive.catalogue import FAMILIES
from derive.kernels import gallery
from derive.notation.axis import Axis
from derive.parse.layer import read_layer
from derive.proof.library import THEOREMS
from derive.site.family_plots import error_curve, family_plots, larger_kernel, macs
from derive.site.plot import figure, Line, Plot, svg, WIDTH
from derive.site.theorem_examples import EXAMPLES, theorem_example
from derive.site.theorem_plots import at, PLOTS, taps_in_bounds

SVG = "{http://www.w3.org/2000/svg}"


def plots(theorem):
    return list(PLOTS[theorem]())


def points(plot, name):
    (line,) = (line for line in plot.lines if line.name == name)
    return dict(line.points)


def test_a_plot_is_complete_without_script():
    lines = [
        Line("cost", [(1, 10), (2, 200)]),
        Line("standard", [(1, 100), (2, 50)], baseline=True),
    ]
    shown = figure(Plot("name", "Title", "Words.", "width", "MACs", lines, log_up=True))
    drawn = fromstring(svg(Plot("name", "Title", "Words.", "width", "MACs", lines, log_up=True)))
    assert drawn.find("title").text == "Title"
    assert drawn.get("aria-describedby") == "name-words"
    assert 'id="name-words">Words.</figcaption>' in shown
    assert re.findall(r"<td>(.*?)</td>", shown) == ["10", "100", "200", "50"]
    (own, standard) = drawn.findall("g")
    assert own.find("path").get("d") != standard.find("path").get("d")
    places = re.findall(r"[ML](-?[\d.]+),(-?[\d.]+)", own.find("path").get("d"))
    assert all(0 <= float(x) <= WIDTH for x, _ in places)
    assert float(places[0][1]) > float(places[1][1])  # more is higher


@pytest.mark.parametrize("theorem", PLOTS)
def test_a_theorem_with_plots_is_one_and_every_dot_lies_on_the_picture(theorem):
    assert theorem in THEOREMS
    for plot in plots(theorem):
        height = float(fromstring(svg(plot)).get("viewBox").split()[3])
        for group in fromstring(svg(plot)).findall("g"):
            for path in group.findall("path"):
                for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", path.get("d")):
                    assert 0 <= float(x) <= WIDTH
                    assert 0 <= float(y) <= height


def test_costs_of_families_are_those_of_the_definition():
    layer = read_layer()
    pixels = 128 * 128
    wider = [(n, larger_kernel(layer, n)) for n in (1, 3, 5)]
    assert list(macs(FAMILIES["standard"], wider)) == [(n, pixels * n * n * 24) for n in (1, 3, 5)]
    assert dict(macs(FAMILIES["asymmetric"], wider))[5] == pixels * (5 * 3 * 3 + 5 * 3 * 8)
    assert dict(macs(FAMILIES["depthwise-separable"], wider))[5] == pixels * (25 * 3 + 24)


@pytest.mark.parametrize("name", ["standard", "grouped-asymmetric", "tucker-2"])
def test_a_family_shows_its_cost_next_to_standard(name):
    shown = family_plots(FAMILIES[name], read_layer(channels_in=4, channels_out=4, groups=2))
    for plot in shown.costs:
        assert ('class="drawn baseline"' in plot) == (name != "standard")
        assert "nan" not in plot


def test_the_error_of_a_real_kernel_is_what_its_singular_values_leave():
    (kernel,), found = error_curve(FAMILIES["asymmetric"])
    values = np.linalg.svd(np.array(kernel.entries, dtype=float), compute_uv=False)
    left = [np.sqrt((values[m:] ** 2).sum() / (values**2).sum()) for m in range(1, len(values) + 1)]
    assert np.allclose(found.errors, left, atol=1e-12)
    bank, found = error_curve(FAMILIES["depthwise-separable"])
    rows = np.array([np.array(one.entries, dtype=float).ravel() for one in bank])
    values = np.linalg.svd(rows, compute_uv=False)
    left = [np.sqrt((values[m:] ** 2).sum() / (values**2).sum()) for m in range(1, 10)]
    assert np.allclose(found.errors, left, atol=1e-12)


def test_families_without_one_size_have_no_error_curve():
    without = {name for name, entry in FAMILIES.items() if error_curve(entry) is None}
    assert {"standard", "flattened", "r2plus1d", "acnet-block"} <= without


def test_taps_in_bounds_are_those_that_loops_find():
    for size, k, s, d, before, after in product((1, 4, 7), (1, 3), (1, 2), (1, 3), (0, 3), (0, 2)):
        axis = Axis(size, k, s, d, before, after)
        windows = range((size + before + after - d * (k - 1) - 1) // s + 1)
        inside = sum(0 <= s * y + d * u - before < size for y in windows for u in range(k))
        assert taps_in_bounds(axis) == inside, axis


def test_below_break_even_a_pair_has_fewer_weights():
    widths, shares = plots("break-even")
    for outputs, edge in points(widths, "3 × 3").items():
        for width in (int(edge) - 1, int(edge), int(edge) + 1):
            assert (3 * width * (64 + outputs) < 9 * 64 * outputs) == (width < edge)
    assert points(shares, "depthwise separable, 8 outputs")[3] == Fraction(9 * 5 + 5 * 8, 9 * 5 * 8)


def test_the_other_curves_are_those_of_the_definitions():
    (plot,) = plots("arithmetic-intensity")
    carried, moved = 2 * 9 * 16 * 16 * 56**2, 4 * (2 * 16 * 56**2 + 9 * 16 * 16)
    assert points(plot, "standard")[16] == Fraction(carried, moved)
    (plot,) = plots("stride-saving")
    assert points(plot, "stride 2")[5] == Fraction(5 * (2 + 1) * 64 * 64, 25 * 64 * 64)
    (plot,) = plots("composition")
    assert (points(plot, "entries of the result")[4], points(plot, "degrees of freedom")[4]) == (
        49,
        31,
    )
    multipliers, _ = plots("order")
    assert points(multipliers, "5 × 5") == {m: min(64, 25, 5 * m) for m in range(1, 13)}
    (plot,) = plots("intersections")
    assert points(plot, "3 × 3, generic weights")[16] == 48
    (plot,) = plots("truncation-error")
    values = np.linalg.svd(np.array(gallery()["log-9"].entries, dtype=float), compute_uv=False)
    assert np.isclose(points(plot, "distance to the kernel")[2], np.sqrt((values[2:] ** 2).sum()))
    assert np.isclose(points(plot, "bound for the output, n σₘ₊₁")[2], 9 * values[2])
    assert at("T10", "share", n=3) == Fraction(2, 3)


def test_examples_have_numbers_that_are_worked_out():
    said = {name: " ".join(theorem_example(name)) for name in EXAMPLES}
    assert "166 · 166 = 27,556" in said["in-bounds-taps"]
    assert "2 with rows \\(i\\), 2 with rows \\(u\\), 2 with rows \\(v\\)" in said["trees-and-cp"]
    assert "[1, 3, 2]" in said["composition"]
    assert "the rank is 3" in said["intersections"]
