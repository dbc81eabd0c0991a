"""The page of the order of designs in a browser: its table against the engine, phone, keyboard."""

import pytest

from derive.catalogue import FAMILIES
from derive.comparison import attempts, Choices, Row
from derive.parse.layer import read_layer
from derive.relations.relation import included
from tests.browser.axe import in_both_schemes
from tests.browser.states import still

PAGE = "relations/"
PHONE = {"width": 390, "height": 844}
ROOM = 5  # of two lines of a label, which the letters themselves do not take


def opened(visit, query="", **more):
    page = visit(f"{PAGE}?{query}" if query else PAGE, **more)
    page.wait_for_selector("design-order select")
    page.wait_for_function("customElements.get('design-order') !== undefined")
    return page


def cells(page):
    """What every cell says, by the two families."""
    return page.eval_on_selector_all(
        ".order-table td[data-large]",
        "all => all.map(td => [td.parentElement.dataset.small, td.dataset.large,"
        " td.innerText.trim(), td.classList.contains('holds')])",
    )


def expected(layer):
    found = {name: next(attempts(entry, layer, Choices())) for name, entry in FAMILIES.items()}
    rows = {name: row for name, row in found.items() if isinstance(row, Row)}
    for small, one in rows.items():
        for large, other in rows.items():
            if small != large:
                pair = included(one.line, other.line, one.values, other.values)
                times = other.values.get("G", 1)
                yield [small, large, said(pair, int(times)), pair.verdict is True]


def said(pair, times):
    if not pair.needs:
        return "yes" if pair.verdict else "–"
    if any(need.least is None for need in pair.needs):
        return "–"
    one = ((n.least * times, n.most * times) for n in pair.needs)
    return "; ".join(f"{a:,}" if a == b else f"{a:,} to {b:,}" for a, b in one)


@pytest.mark.parametrize(
    ("query", "layer"),
    [
        ("", {}),
        ("in=5&out=2&kernel=2x3", {"channels_in": 5, "channels_out": 2, "kernel": "2x3"}),
        (
            "image=9&axes=1&in=2&out=4",
            {"image": "9", "axes": 1, "channels_in": 2, "channels_out": 4},
        ),
    ],
)
def test_every_cell_is_what_exact_ranks_say(visit, query, layer):
    page = opened(visit, query)
    page.wait_for_function(
        f"document.querySelectorAll('.order-table tbody tr').length > {1 if layer else 5}"
    )
    assert cells(page) == list(expected(read_layer(**layer)))
    assert page.complaints == []


def test_a_budget_is_asked_by_keyboard(visit):
    page = opened(visit)
    page.get_by_label("what it has to represent").focus()
    page.keyboard.type("Asymmetric convolution, v")
    page.get_by_label("at most").focus()
    page.keyboard.type("300")
    page.wait_for_selector('ol.within li[data-name="asymmetric"]')
    names = page.eval_on_selector_all("ol.within li", "all => all.map(li => li.dataset.name)")
    assert names[0] == "asymmetric"
    assert "design=asymmetric" in page.url
    page.keyboard.type("x")
    page.wait_for_function("document.querySelector('#order-most-error').textContent !== ''")
    assert page.complaints == []


def test_a_line_of_the_diagram_opens_its_pair_by_keyboard(visit):
    page = opened(visit)
    line = page.locator('a[data-pair="cp-in-tensor-train"]')
    line.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#cp-in-tensor-train[open]")
    assert "Weights with which it does" in page.locator("#cp-in-tensor-train").inner_text()
    assert page.complaints == []


def test_on_a_phone_the_diagram_is_legible_and_nothing_overflows(visit):
    page = opened(visit, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    heights = page.eval_on_selector_all(
        ".inclusions text",
        "all => all.map(one => one.getScreenCTM().d * parseFloat(getComputedStyle(one).fontSize))",
    )
    assert min(heights) >= 9
    boxes = page.eval_on_selector_all(
        ".inclusions .label", "all => all.map(one => one.getBoundingClientRect().toJSON())"
    )
    assert all(apart(one, other) for one in boxes for other in boxes if one != other)
    assert page.complaints == []


def test_on_paper_no_column_is_cut_off(visit):
    """A sheet of A4 less its margins is 160 mm wide, 605 pixels."""
    page = opened(visit, viewport={"width": 605, "height": 900})
    page.emulate_media(media="print")
    still(page)
    right = page.locator(".order-table").evaluate("table => table.getBoundingClientRect().right")
    assert right <= page.locator(".order-frame").evaluate("e => e.getBoundingClientRect().right")
    assert not page.locator(".md-code__nav").first.is_visible()
    page.emulate_media(media="screen")


def apart(one, other):
    return (
        one["right"] <= other["left"] + 1
        or other["right"] <= one["left"] + 1
        or one["bottom"] <= other["top"] + ROOM
        or other["bottom"] <= one["top"] + ROOM
    )


def test_both_schemes_have_no_barrier(visit):
    page = opened(visit)
    assert in_both_schemes(page) == {}


def test_without_a_script_the_opening_layer_is_there(browser, site):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(site + PAGE)
    row = page.locator('.order-table tr[data-small="depthwise-separable"]')
    assert row.locator('td[data-large="asymmetric"]').inner_text().strip() == "9"
