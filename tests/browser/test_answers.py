"""While a field is refused, answers are out of date: dimmed, said so and not handed out."""

from dataclasses import dataclass

import pytest

from tests.browser.axe import serious

PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
OUTDATED = "Out of date: these results are for the last accepted input."
STATE = """() => [...document.querySelectorAll("[data-answer]")].map(x => (
  {inert: x.inert, opacity: Number(getComputedStyle(x).opacity), shown: x.offsetHeight > 0}))"""
SEEN = """() => {
  const box = document.querySelector(".outdated").getBoundingClientRect();
  return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight;
}"""


@dataclass(frozen=True)
class Place:
    """A page with answers: a field of it, what is refused there and what is accepted."""

    path: str
    alive: str
    field: str
    bad: str
    good: str
    buttons: tuple[str, ...] = ()


PLACES = {
    "home": Place("", "layer-calculator[data-ready]", "#calculator-image", "8y8", "8x8"),
    "layer lab": Place(
        *("lab/layer/", "layer-lab [data-convention]", "layer-lab [name=image]", "8y8", "8x8"),
        ("Download", "Copy the link", "Copy the command"),
    ),
    "kernel lab": Place(
        *("lab/kernel/", "kernel-lab[data-rank]", "#kl-text", "1 2\n3", "1 2\n3 4"), ("Copy",)
    ),
}


def opened(visit, place, query="", **options):
    page = visit(place.path + query, **options)
    page.wait_for_selector(place.alive, state="attached")
    return page


def fresh(page):
    page.wait_for_function(
        "() => document.querySelectorAll('[data-answer]').length"
        " && !document.querySelector('[data-outdated], [data-answer][inert]')"
    )
    assert not page.locator(".outdated").is_visible()


def outdated(page):
    page.wait_for_selector("[data-outdated]")
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-answer]')]"
        ".every(x => getComputedStyle(x).opacity < 0.5)"
    )
    state = page.evaluate(STATE)
    assert state
    assert all(one["inert"] for one in state)
    note = page.locator(".outdated")
    assert note.is_visible()
    assert (note.inner_text(), note.get_attribute("role")) == (OUTDATED, "status")
    assert page.evaluate(SEEN), "the note is in the window"


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_answers_are_out_of_date_while_a_field_is_refused(visit, place):
    page = opened(visit, place)
    fresh(page)
    page.locator(place.field).fill(place.bad)
    outdated(page)
    for name in place.buttons:
        button = page.locator("[data-answer] button", has_text=name).or_(
            page.locator(f"[data-answer] button[aria-label='{name}']")
        )
        assert button.count() > 0
        assert button.first.evaluate("e => e.focus() || document.activeElement !== e")
    page.locator(place.field).fill(place.good)
    fresh(page)
    assert page.locator(".outdated").text_content() == "Up to date again."
    assert page.complaints == []


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("home", "?image=8y8"),
        ("layer lab", "?image=8y8"),
        ("kernel lab", "?k=1,x"),
        ("kernel lab", "?name=no-such"),
    ],
)
def test_a_refused_address_shows_its_page_out_of_date(visit, name, query):
    page = opened(visit, PLACES[name], query)
    outdated(page)


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_out_of_date_can_be_read_by_everyone_and_fits_a_phone(visit, place):
    page = opened(visit, place, viewport=PHONE)
    page.locator(place.field).fill(place.bad)
    outdated(page)
    assert serious(page) == {}
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("label", ["row 1, column 2", "Rows", "columns", "with", "by", "of rank"])
def test_every_field_of_the_kernel_lab_counts(visit, label):
    page = opened(visit, PLACES["kernel lab"])
    field = page.get_by_label(label, exact=True)
    field.fill("abc")
    if label in ("by", "of rank"):
        field.press("Enter")
    outdated(page)
    page.get_by_label("Row by row").fill("1 2\n3 4")
    fresh(page)
    assert page.locator("kernel-lab").get_attribute("data-rank") == "2"


# A matrix that is pasted keeps its rows.

PASTE = """([selector, text]) => {
  const field = document.querySelector(selector);
  field.focus();
  field.select();
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const event = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
  if (field.dispatchEvent(event)) document.execCommand("insertText", false, text);
}"""
SHEETS = ("1 2 1\n2 4 2\n1 2 2", "1\t2\t1\r\n2\t4\t2\r\n1\t2\t2\r\n", "1 2 1 \n\n2 4 2\n1 2 2\n")


@pytest.mark.parametrize("text", SHEETS)
@pytest.mark.parametrize("field", ["#kl-text", "table.edit tbody input"])
def test_pasted_lines_are_rows(visit, field, text):
    page = opened(visit, PLACES["kernel lab"])
    page.evaluate(PASTE, [field, text])
    page.wait_for_selector("kernel-lab[data-rank='2']")
    assert page.locator("table.edit tbody tr").count() == 3
    assert "rank 2" in page.locator("[data-say=verdict]").inner_text()
    page.wait_for_url("**?k=1,2,1;2,4,2;1,2,2")
    fresh(page)


def test_a_bad_matrix_pasted_into_a_cell_is_shown_and_refused(visit):
    page = opened(visit, PLACES["kernel lab"])
    page.evaluate(PASTE, ["table.edit tbody input", "1 2\n3 x"])
    outdated(page)
    said = page.locator("[data-say=text]").inner_text()
    assert said.startswith("Row 2, entry 2: 'x' is no number")
    assert page.locator("#kl-text").input_value() == "1 2\n3 x"
