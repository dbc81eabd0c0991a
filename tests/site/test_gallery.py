"""The page of kernels: what is printed is what the pictures show, and what proves each rank."""

import re
from fractions import Fraction
from itertools import permutations
from math import prod, sqrt
from xml.etree.ElementTree import fromstring

import pytest

from derive.algebra.matrix import rank
from derive.kernels import gallery, TAGS
from derive.notation.errors import CheckError
from derive.site.heat import Edges, figures, heat, number
from derive.site.pages import gallery as page
from derive.site.templating import render

TABLES = [name for name, kernel in gallery().items() if not kernel.sampled]
SAMPLED = [name for name, kernel in gallery().items() if kernel.sampled]


@pytest.fixture(scope="module")
def context():
    return page.context()


@pytest.fixture(scope="module")
def shown(context):
    return {one["name"]: one for _, _, members in context["sections"] for one in members}


@pytest.fixture(scope="module")
def text(context):
    return render("gallery.md.j2", **context)


def part(text, name):
    """What the page says about a kernel."""
    return text.split(f"{{: #{name} }}")[1].split("\n### ")[0].split("\n## ")[0]


def cells(picture):
    return [row.findall("td") for row in fromstring(picture).findall("tbody/tr")]


def value(cell):
    return int(cell.text.replace("−", "-"))


def determinant(rows):
    """By permutations."""
    total = 0
    for order in permutations(range(len(rows))):
        swaps = sum(a > b for n, b in enumerate(order) for a in order[:n])
        total += (-1) ** swaps * prod(rows[k][column] for k, column in enumerate(order))
    return total


@pytest.mark.parametrize("name", gallery())
def test_every_kernel_has_a_place_of_its_own(text, shown, name):
    kernel, said = gallery()[name], part(text, name)
    assert text.count(f"### {kernel.title} {{: #{name} }}") == 1
    assert kernel.use in said
    assert shown[name]["picture"] in said
    assert f"<span>derive factor {name}</span> <span>--as asymmetric</span>" in said
    assert (f"Source: {kernel.source}" in said) == bool(kernel.source)
    below = text.split(f"\n## {TAGS[kernel.tags[0]]} {{")[1].split("\n## ")[0]
    assert f"{{: #{name} }}" in below


@pytest.mark.parametrize("name", gallery())
def test_the_rank_is_computed(text, shown, name):
    kernel, said = gallery()[name], part(text, name)
    found = rank(kernel.entries)
    assert shown[name]["rank"] == found
    if name in TABLES:
        assert f"**Rank {found}**" in said
    else:
        assert f"**Rank {kernel.sampled.ideal_rank}**" in said
        assert f"**{found}** once" in said or kernel.sampled.ideal_rank == found


def test_every_place_is_one(text):
    places = re.findall(r"\{: #([a-z0-9-]+) \}", text)
    assert len(set(places)) == len(places) == len(gallery()) + len(TAGS) + len(["widths"])


def test_the_list_by_rank_has_every_kernel_once(text):
    listed = re.findall(r"^\| (\d) \| (.+) \|$", text, flags=re.MULTILINE)
    named = {}
    for number_, row in listed:
        for name, rounded in re.findall(r"\[([a-z0-9-]+)\]\(#\1\)(?: \(rounded: (\d)\))?", row):
            assert name not in named
            named[name] = (int(number_), int(rounded or number_))
    assert set(named) == set(gallery())
    for name, (ideal, rounded) in named.items():
        kernel = gallery()[name]
        assert rounded == rank(kernel.entries)
        assert ideal == (kernel.sampled.ideal_rank if kernel.sampled else rounded)


@pytest.mark.parametrize("name", TABLES)
def test_the_picture_is_the_table(shown, name):
    kernel, drawn = gallery()[name], cells(shown[name]["picture"])
    assert [[value(cell) for cell in row] for row in drawn] == [list(row) for row in kernel.table]
    kinds = {-1: "minus", 0: "zero", 1: "plus"}
    for row in drawn:
        for cell in row:
            sign = (value(cell) > 0) - (value(cell) < 0)
            assert kinds[sign] in cell.get("class").split()
            assert ("style" in cell.attrib) == (sign != 0)
    tint = {cell.get("style") for row in drawn for cell in row} - {None}
    assert "--size:100%" in tint
    scale = Fraction(kernel.divisor)
    assert shown[name]["scale"].replace("−", "-") == (str(1 / scale) if scale != 1 else "")


@pytest.mark.parametrize("name", [x for x in TABLES if rank(gallery()[x].table) == 1])
def test_the_edges_of_rank_one_multiply_to_the_table(shown, name):
    table = fromstring(shown[name]["picture"])
    row = [value(cell) for cell in table.findall("thead/tr/th")]
    column = [value(cell) for cell in table.findall("tbody/tr/th")]
    assert [[a * b for b in row] for a in column] == [list(r) for r in gallery()[name].table]
    assert not table.findall(".//td[@class='marked']")


@pytest.mark.parametrize("name", [x for x in gallery() if rank(gallery()[x].entries) > 1])
def test_the_frame_is_a_minor_with_the_value_that_is_printed(text, shown, name):
    """The framed places, with the exact entries there."""
    kernel = gallery()[name]
    framed = [
        [
            entry
            for entry, cell in zip(row, drawn, strict=True)
            if "marked" in cell.get("class").split()
        ]
        for row, drawn in zip(
            kernel.table or kernel.entries, cells(shown[name]["picture"]), strict=True
        )
    ]
    minor = [row for row in framed if row]
    assert len(minor) == shown[name]["rank"]
    assert {len(row) for row in minor} == {len(minor)}
    found = determinant(minor)
    assert found
    printed = figures(float(found)) if kernel.sampled else str(found).replace("-", "−")
    assert f" is {printed}, not 0" in part(text, name).replace(" of the table", "")


def test_marked_cells_are_in_marked_rows_and_columns():
    drawn = cells(heat("K", [[1, 2, 3], [4, 5, 6]], marked=([1], [0, 2])))
    assert [[("marked" in x.get("class")) for x in row] for row in drawn] == [
        [False, False, False],
        [True, False, True],
    ]


@pytest.mark.parametrize("name", [x for x in TABLES if rank(gallery()[x].table) > 1])
def test_columns_times_rows_add_up_to_the_table(shown, name):
    terms = [[[value(cell) for cell in row] for row in cells(x)] for x in shown[name]["terms"]]
    assert len(terms) == shown[name]["rank"]
    for term, picture in zip(terms, shown[name]["terms"], strict=True):
        table = fromstring(picture)
        row = [value(cell) for cell in table.findall("thead/tr/th")]
        column = [value(cell) for cell in table.findall("tbody/tr/th")]
        assert term == [[a * b for b in row] for a in column]
    total = [[sum(x) for x in zip(*rows, strict=True)] for rows in zip(*terms, strict=True)]
    assert total == [list(row) for row in gallery()[name].table]


@pytest.mark.parametrize("name", SAMPLED)
def test_a_sampled_kernel_has_its_formula(text, name):
    kernel, said = gallery()[name], part(text, name)
    for symbol, _ in kernel.sampled.values:
        assert f"\\{symbol.name} = " in said
    assert ("x'" in said) == bool(kernel.sampled.turned)
    assert ("over its sum" in said) == (kernel.sampled.total == 1)
    assert ("less its mean" in said) == (kernel.sampled.total == 0)


def plain(text):
    """A printed value as a number."""
    digits = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")
    return float(text.translate(digits).replace(" × 10", "e"))


@pytest.mark.parametrize("name", gallery())
def test_singular_values_have_the_norm_of_the_kernel(shown, name):
    values = [plain(x) for x in shown[name]["values"]]
    assert values == sorted(values, reverse=True)
    assert sum(x > 0 for x in values) == shown[name]["rank"]
    norm = sqrt(sum(float(x) ** 2 for row in gallery()[name].entries for x in row))
    assert sqrt(sum(x * x for x in values)) == pytest.approx(norm, rel=0.01)


@pytest.mark.parametrize("name", gallery())
def test_costs_are_those_of_rows_and_columns(text, shown, name):
    one, said = shown[name], part(text, name)
    high, wide = len(gallery()[name].entries), len(gallery()[name].entries[0])
    assert one["weights"] == one["width"] * (high + wide)
    assert one["entries"] == high * wide
    assert (f"{one['weights']} weights instead of {high * wide}." in said) == (
        one["weights"] < high * wide
    )


def test_the_build_stops_at_a_wrong_verdict(monkeypatch):
    assert page.verdicts([[1, 0], [0, 1]], 2)
    with pytest.raises(CheckError, match=r"width 1 .* is not exact, not exact"):
        page.verdicts([[1, 0], [0, 1]], 1)
    with pytest.raises(CheckError, match=r"width 2 .* is exact, not not exact"):
        page.verdicts([[1, 2], [2, 4]], 2)
    monkeypatch.setattr(page, "rank", lambda rows: 2)
    with pytest.raises(CheckError, match="is exact, not not exact"):
        page.specimen(gallery()["sobel"])
    monkeypatch.undo()
    monkeypatch.setattr(page, "checked", lambda verdict: None)
    with pytest.raises(CheckError, match="width 2"):
        page.verdicts([[1, 0], [0, 1]], 2)


def test_numbers_fit_into_their_cells():
    assert max(len(number(x)) for k in gallery().values() for row in k.entries for x in row) <= 5
    assert [number(Fraction(x)) for x in ("0", "-7", "0.5", "-0.0996", "0.0004")] == [
        *("0", "−7", ".50", "−.100", "4e−4")
    ]
    assert [figures(x) for x in (0.0, 1.0, 123.4, 1e-7, 2.5e10)] == [
        *("0", "1", "123", "1 × 10⁻⁷", "2.5 × 10¹⁰")
    ]


def test_a_heat_map_of_zeros_has_no_tint():
    table = heat("K", [[0, 0]], edges=Edges([0], [1, 1]))
    assert "--size" not in table
    assert table.count('class="zero"') == 2
