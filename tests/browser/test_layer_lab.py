"""The layer lab in a browser: its figures and exports against Python, its address, bad input."""

import json
import re
import shlex
from fractions import Fraction

import pytest
from click.testing import CliRunner

from derive.cli import cli
from derive.comparison import Choices, rows
from derive.facts import compare
from derive.facts.conventions import CONVENTIONS
from derive.parse.layer import read_layer
from derive.render.values import json_values
from tests.browser.axe import in_both_schemes
from tests.browser.states import address, everything_laid_out, still
from tests.waiting import waited

LAB = "lab/layer/"
PHONE = {"width": 390, "height": 844}
LAYERS = {
    "opening": "",
    "several": "in=16&out=32&image=17x23&kernel=3x5&stride=2x1&dilation=1x2&padding=0:1x2"
    "&middle=8,24&multiplier=1,3&rank=4,5",
    "grouped": "in=9&out=18&groups=3&bias=1&middle=6,7&bytes=2",
    "even": "kernel=4&padding=valid&image=9x7",
    "volume": "image=8x9x10&in=4&out=4&kernel=3",
    "huge": "image=999983x999979&in=999999937&out=999999937&kernel=7",
}
COUNTS = (
    "parameters",
    "macs",
    "macs_in_bounds",
    "multiplications",
    "additions",
    "flops",
    "activations",
    "bytes",
)


def opened(visit, query="", **more):
    page = visit(f"{LAB}?{query}" if query else LAB, **more)
    page.wait_for_selector("layer-lab [data-convention]", state="attached")
    everything_laid_out(page)
    return page


def exported(page, name):
    page.get_by_label(name, exact=True).check(force=True)
    return page.locator("layer-lab pre[aria-label=Preview] code").text_content()


def column(page, key):
    return page.locator(f'layer-lab td[data-column="{key}"]').all_inner_texts()


def thousands(number):
    return f"{number:,}"


@pytest.mark.parametrize("name", LAYERS)
def test_table_and_exports_are_what_the_command_line_prints(visit, name):
    page = opened(visit, LAYERS[name])
    command = shlex.split(page.get_by_role("region", name="Command line", exact=True).inner_text())
    assert command[:2] == ["derive", "compare"]
    run = CliRunner().invoke(cli, [*command[1:], "--json"])
    assert run.exit_code == 0, run.output
    assert exported(page, "JSON") == run.output
    for form in ("CSV", "LaTeX", "Markdown"):
        printed = CliRunner().invoke(cli, [*command[1:], f"--{form.lower()}"])
        assert exported(page, form) == printed.output
    facts = json.loads(run.output)["families"]
    for key in COUNTS:
        assert column(page, key) == [thousands(row[key]) for row in facts]
    shares = [f"{float(Fraction(row['ratio']['macs'])):.3g}" for row in facts]
    assert column(page, "ratio_macs") == shares
    assert page.complaints == []


@pytest.mark.parametrize("bias", ["1", "last"])
def test_conventions_are_those_of_the_reference(visit, bias):
    page = opened(visit, f"bias={bias}&in=6&out=8&kernel=3")
    layer = read_layer(channels_in=6, bias=bias)
    for row in rows(layer)[0]:
        label = " ".join([row.entry.name, *(f"{s}={n}" for s, n in row.chosen.items())])
        page.get_by_label("row", exact=True).select_option(label)
        written = sum(
            int((times * stage.outputs).xreplace(row.values)) for times, stage in row.stages
        )
        counts = {
            "macs": row.number("macs"),
            "in_bounds": row.number("macs_in_bounds"),
            "bias": written if bias == "1" else 8 * 128 * 128,
            "outputs": written,
        }
        shown = page.locator("[data-convention] td.number").all_inner_texts()
        assert shown == [thousands(one.number(**counts)) for one in CONVENTIONS]


@pytest.mark.parametrize("part", ["counts", "growth", "tools", "take"])
def test_an_address_leads_to_a_part(visit, part):
    page = visit(f"{LAB}#{part}")
    top = "id => document.getElementById(id)?.getBoundingClientRect().top"
    page.wait_for_function(f"id => Math.abs(({top})(id) - 70) < 20", arg=part)


@pytest.mark.parametrize("name", ["opening", "several", "grouped", "volume"])
def test_break_even_in_the_plot_is_pythons(visit, name):
    page = opened(visit, LAYERS[name])
    page.get_by_label("JSON", exact=True).check(force=True)
    text = page.locator("layer-lab pre[aria-label=Preview] code").text_content()
    facts = json.loads(text)["families"]
    words = page.locator("[data-plot=width] .edges").inner_text()
    edges = {row["name"]: row["break_even"] for row in facts if row["break_even"]}
    assert edges
    for family, edge in edges.items():
        until = f"cheaper while {edge['size']} ≤ {edge['at_most']:,}"
        none = f"at no {edge['size']} cheaper"
        said = re.search(rf"(?:: |; ){family} (.*?)(?:;|\.$)", words)[1]
        assert said.startswith(until if edge["at_most"] else none)
        if mark := page.locator(f'[data-edge="{family}"]').all():
            crossing = Fraction(mark[0].get_attribute("data-at"))
            assert edge["at_most"] < crossing <= edge["at_most"] + (3 if name == "grouped" else 1)


@pytest.mark.parametrize("measure", ["parameters", "flops", "macs_in_bounds", "bytes", "intensity"])
def test_numbers_behind_the_plots_are_pythons(visit, measure):
    page = opened(visit, f"plot={measure}&in=4&out=6&image=15x11&bias=1")
    for plot, size in (("width", "m"), ("kernel", "n")):
        page.locator(f"[data-plot={plot}] summary").click()
        table = page.locator(f"[data-plot={plot}] .numbers table")
        table.locator("tbody tr").first.wait_for()
        heads = table.locator("thead th").all_inner_texts()
        for line in table.locator("tbody tr").all()[1:8:3]:
            cells = line.locator("th, td").all_inner_texts()
            x = int(cells[0])
            layer = read_layer(
                channels_in=4,
                channels_out=6,
                image="15x11",
                bias=True,
                kernel=str(x) if size == "n" else "3",
            )
            choices = Choices((x,), (x,), (x,)) if size == "m" else Choices()
            facts = json_values(compare(layer, choices))["families"]
            named = {row["name"]: row for row in facts}
            for head, cell in zip(heads[1:], cells[1:], strict=True):
                row = named.get(head.split(" ")[0])
                wanted = "–" if row is None else row[measure]
                if isinstance(wanted, str) and row:
                    assert float(cell) == pytest.approx(float(Fraction(wanted)), rel=1e-3)
                else:
                    assert cell == (wanted if row is None else thousands(wanted))


def test_columns_sort_by_buttons(visit):
    page = opened(visit)
    button = page.locator("layer-lab th button[data-sort=bytes]")
    button.focus()
    page.keyboard.press("Enter")
    up = [int(text.replace(",", "")) for text in column(page, "bytes")]
    assert up == sorted(up)
    heading = page.locator("layer-lab th:has(button[data-sort=bytes])")
    assert heading.get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Enter")  # the button keeps the focus
    assert sorted(up, reverse=True) == [int(n.replace(",", "")) for n in column(page, "bytes")]
    assert heading.get_attribute("aria-sort") == "descending"
    page.locator("layer-lab th button[data-sort=ratio_macs]").click()
    macs = [int(text.replace(",", "")) for text in column(page, "macs")]
    assert macs == sorted(macs)


def test_row_opens_into_its_stages(visit):
    page = opened(visit)
    page.get_by_role("button", name="depthwise-separable M=1", exact=True).first.click()
    row = next(
        r
        for r in json_values(compare(read_layer()))["families"]
        if r["name"] == "depthwise-separable"
    )
    for line, stage in zip(page.locator(".stages tbody tr").all(), row["stages"], strict=True):
        cells = line.locator("th, td").all_inner_texts()
        assert cells[0] == stage["factor"]
        assert cells[-4:-1] == [
            thousands(stage[k]) for k in ("parameters", "macs", "macs_in_bounds")
        ]
    assert "128 × 128 × 3" in page.locator(".stages tbody").inner_text()
    assert page.locator(".stages tfoot td").all_inner_texts()[1] == thousands(row["macs"])


def test_address_holds_the_state(visit):
    page = opened(visit)
    page.get_by_label("channels in", exact=True).fill("12")
    page.get_by_label("width m", exact=True).fill("6, 12")
    page.get_by_label("bias", exact=True).select_option("last")
    page.get_by_label("logarithmic").check(force=True)
    page.get_by_label("FLOPs", exact=True).check(force=True)
    page.get_by_label("LaTeX").check(force=True)
    page.locator("layer-lab th button[data-sort=flops]").click()
    page.locator("[data-plot=width] .lab-legend button[data-line=cp]").click()
    page.get_by_label("row", exact=True).select_option("asymmetric m=6")
    page.get_by_role("button", name="asymmetric m=6", exact=True).first.click()
    other = opened(visit, address(page).split("?")[1])
    labs = [one.locator("layer-lab") for one in (page, other)]
    assert waited(lambda: labs[0].inner_text() == labs[1].inner_text())  # plots follow the table
    assert address(other) == address(page)
    assert other.get_by_label("width m", exact=True).input_value() == "6,12"
    assert other.locator("[data-plot=kernel] button[data-line^=cp][aria-pressed=false]").count()
    assert page.complaints == other.complaints == []


BAD = {
    "channels in": ["x", "0", "-3", "2.5", "99999999999999999999", "<b>1</b>"],
    "image": ["7y", "0x4", "1x2x3x4", "axb", "1e3x1"],
    "kernel": ["0", "3x3x3x3", "1/2"],
    "stride": ["0", "-1", "two"],
    "dilation": ["0", "1.5"],
    "padding": ["-1", "sme", "1:2:3"],
    "groups": ["2", "0", "g"],
    "width m": ["0", "3, x", "-1"],
    "multiplier M": ["0.5"],
    "rank": ["0", "P=x"],
    "bytes per number": ["0", "four"],
}


def test_bad_input_is_reported_and_changes_nothing(visit):
    page = opened(visit, "in=6&out=9&groups=3")
    before, url = column(page, "macs"), page.url
    for field, texts in BAD.items():
        box = page.get_by_label(field, exact=True)
        good, message = box.input_value(), f"#{box.get_attribute('aria-describedby').split()[-1]}"
        for text in texts:
            box.fill(text)
            assert box.get_attribute("aria-invalid") == "true", text
            assert len(page.locator(message).inner_text()) > 15
        assert column(page, "macs") == before
        assert page.url == url
        box.fill(good)
        assert box.get_attribute("aria-invalid") is None
    assert page.complaints == []


def test_bad_address_is_reported_and_harmless(visit):
    page = opened(visit, "in=x&kernel=0&sort=toString&plot=__proto__&scale=&row=%00&hide=;;&open=a")
    assert page.get_by_label("channels in", exact=True).get_attribute("aria-invalid") == "true"
    assert column(page, "macs")[0] == "3,538,944"
    assert page.complaints == []


def test_plots_are_read_by_keyboard(visit):
    page = opened(visit)
    slider = page.get_by_role("slider", name="read at width =")
    slider.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert page.locator("[data-plot=width] output").inner_text() == "2"
    facts = json_values(compare(read_layer(), Choices((2,), (2,), (2,))))["families"]
    shown = page.locator("[data-plot=width] .lab-legend .value").all_inner_texts()
    assert shown == [thousands(row["macs"]) for row in facts]
    assert "width = 2; least MACs: pointwise" in slider.get_attribute("aria-valuetext")


def test_downloads_are_what_is_shown(visit):
    page = opened(visit)
    for label, ending in (("CSV", "csv"), ("JSON", "json"), ("LaTeX", "tex")):
        shown = exported(page, label)
        with page.expect_download() as caught:
            page.get_by_role("button", name="Download").click()
        assert caught.value.suggested_filename == f"layer.{ending}"
        text = caught.value.path().read_bytes().decode("utf-8")
        assert text.split() == shown.split()


def test_no_horizontal_scroll_on_a_phone(visit):
    page = opened(visit, "open=asymmetric+m%3D3", viewport=PHONE)
    still(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_axe_finds_nothing(visit):
    page = opened(visit, "open=asymmetric+m%3D3;flattened&hide=cp")
    page.locator("[data-plot=width] summary").click()
    assert in_both_schemes(page) == {}
    page.fill("layer-lab input[name=in]", "x")
    page.wait_for_function("document.querySelector('layer-lab [data-answer]').inert")
    assert in_both_schemes(page) == {}


def test_without_javascript_the_opening_layer_is_there(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + LAB)
    text = page.locator("layer-lab").inner_text()
    assert "3,538,944" in text
    assert "needs JavaScript" in text
    context.close()
