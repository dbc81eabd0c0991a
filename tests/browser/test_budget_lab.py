"""The budget lab in a browser: scored as it should be, by keyboard, on a phone, from its address;
and a slide that is saved as a picture, and the sheet as one page."""

import re

import pytest

from derive.parse.layer import read_layer
from derive.site.pages import budget_lab
from tests.browser.axe import in_both_schemes
from tests.browser.states import shown, still

LAB = "lab/budget/"
LINE, FREEDOM = "A[e,i,u] B[o,e,v]", 90  # an asymmetric pair of width 3
PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture
def lab(visit):
    def opened(query="", **where):
        page = visit(f"{LAB}{query}", **where)
        page.wait_for_selector("block-budget[data-ready]")
        return page

    return opened


def said(page):
    return page.locator("block-budget .said").inner_text()


def test_a_block_is_scored_as_python_would(lab):
    page = lab()
    most = budget_lab.budget(read_layer(), "macs", 50)
    best = next(one for one in budget_lab.within(read_layer(), "macs", most) if one.exact)
    page.fill("block-budget .sizes input", "2")
    shown(page, "Within the budget", ".said")
    assert f"of at most {most:,}" in said(page)
    assert f"{100 * 62 // best.freedom} points" in said(page)
    assert f"has {best.freedom}" in said(page)
    page.fill("block-budget .sizes input", "9")
    shown(page, "Over the budget", ".said")
    assert "With m up to 3 it is within" in said(page)
    assert "it equals every kernel of this layer" in said(page)
    assert "points" not in said(page)
    assert page.complaints == []


def test_what_is_refused_is_said_and_changes_nothing(lab):
    page = lab()
    before = said(page)
    for text in ("0", "x", "-3", "1.5", "", "<b>"):
        page.fill("block-budget .sizes input", text)
        shown(page, "a whole number from 1", ".sizes .error")
        assert said(page) == before
    assert "Out of date" in page.locator(".outdated").inner_text()
    page.fill("block-budget .sizes input", "3")
    assert page.locator("block-budget .sizes .error").inner_text() == ""


def test_by_keyboard_alone_to_the_best_design(lab):
    page = lab()
    page.locator("block-budget .tasks button").first.focus()
    page.keyboard.press("Enter")
    page.locator("block-budget summary").focus()
    page.keyboard.press("Enter")
    button = page.locator("block-budget table button").first
    button.wait_for()
    name = button.inner_text()
    button.focus()
    page.keyboard.press("Enter")
    shown(page, "100 points", ".said")
    assert page.evaluate("document.activeElement.tagName") == "SELECT"
    assert name.split()[0] == page.locator("block-budget select").last.input_value()


def test_the_address_holds_the_exercise_and_nonsense_in_it_is_usual(lab):
    page = lab("?in=16&out=16&measure=parameters&budget=25&design=depthwise-separable&sizes=M:2")
    assert "depthwise-separable" in page.url
    text = said(page)
    assert f"{2 * 16 * 9 + 2 * 16 * 16:,} weights of at most {16 * 16 * 9 // 4:,}" in text
    other = lab("?measure=%3Cb%3E&budget=-1&design=nothing&sizes=m:0,x,P:-2")
    assert "of at most" in said(other)
    assert other.complaints == []


@pytest.fixture(scope="module")
def started(kept, site):
    """One page with a line of the reader's own in it, scored by Python."""
    page = kept
    page.goto(f"{site}{LAB}?design=line&line={LINE}")
    page.wait_for_selector("block-budget[data-ready]")
    shown(page, "The line is scored when Python has read it.", ".said")
    assert not page.locator(".outdated").is_visible()
    page.locator(".own-line button[type=submit]").click()
    shown(page, f"has {FREEDOM}", ".said")
    return page


def score(page, line):
    page.fill(".own-line input", line)
    page.press(".own-line input", "Enter")


def test_a_line_is_scored_as_the_family_that_it_is(lab, started):
    """The line is the asymmetric pair, but for the names of its letters."""
    page, listed = started, lab("?design=asymmetric&sizes=m:3")
    shown(listed, f"has {FREEDOM}", ".said")
    ours, theirs = said(page).splitlines(), said(listed).splitlines()
    represents = next(line for line in ours if line.startswith("Represents"))
    assert "asymmetric m=3" in represents
    assert [line for line in ours if "epresent" not in line] == [
        line for line in theirs if "epresent" not in line
    ]
    assert page.locator(".sizes label").all_inner_texts() == ["N_e"]
    page.fill("block-budget .sizes input", "9")
    shown(page, "With N_e up to 3 it is within", ".said")
    assert page.evaluate("document.activeElement.closest('.sizes') !== null")
    page.locator(".tasks button").nth(1).click()  # another layer and another measure
    shown(page, "weights of at most 9,216", ".said")
    page.locator(".tasks button").first.click()
    shown(page, "MACs of at most 1,769,472", ".said")
    assert "line=A%5Be" in page.url
    assert "sizes=N_e:3" in page.url
    assert page.complaints == []


def test_a_line_is_refused_with_the_sentences_of_the_line_lab(started):
    page = started
    for line, words in {
        "A[j,i,u,v] B[o,j,v]": "tap v stands in A (position 9) and B (position 18)",
        "": "the line is empty",
        "D[i,u,v]": "it makes 3 output channels, the layer has 8",
    }.items():
        score(page, line)
        shown(page, words, ".own-line .py-said")
        assert page.get_attribute(".own-line input", "aria-invalid") == "true"
        assert "Out of date" in page.locator(".outdated").inner_text()
    score(page, LINE)
    shown(page, "Up to date again", ".outdated")
    page.fill(".own-line input", "A[j,i,u] ")
    shown(page, "Out of date", ".outdated")
    page.fill(".own-line input", LINE)
    shown(page, "Up to date again", ".outdated")


def test_a_line_without_a_dimension_says_so(started):
    page = started
    score(page, "D[i,u,v] E[e,i] F[o,e] where e = 2")
    shown(page, "only an upper bound of the degrees of freedom is known", ".said")
    assert "It has at most" in said(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= LAPTOP["width"]
    assert in_both_schemes(page, ".md-content") == {}
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.set_viewport_size(LAPTOP)
    score(page, LINE)


def test_a_listed_design_follows_a_refused_line(started):
    page = started
    score(page, "A[")
    page.wait_for_selector(".own-line input[aria-invalid=true]")
    page.locator("block-budget select").last.select_option("standard")
    shown(page, "Over the budget", ".said")
    shown(page, "Up to date again", ".outdated")
    assert not page.locator(".own-line").is_visible()


@pytest.mark.parametrize("viewport", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_it_fits_and_axe_finds_nothing(lab, viewport):
    page = lab(viewport=viewport)
    still(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.locator("block-budget summary").click()
    page.locator("block-budget table").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert in_both_schemes(page, ".md-content") == {}


def test_without_scripts_the_first_task_is_there(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}{LAB}")
    assert page.locator("block-budget tbody tr").count() > 10
    context.close()


def test_a_slide_is_saved_as_a_picture(visit):
    page = visit("families/asymmetric/")
    button = page.locator("slide-picture button")
    button.wait_for()
    with page.expect_download() as saved:
        button.click()
    assert saved.value.suggested_filename == "asymmetric.png"
    data = saved.value.path().read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) == (1600, 900)


def test_the_sheet_is_one_page_of_a4(visit):
    page = visit("families/sheet/")
    pdf = page.pdf(prefer_css_page_size=True)
    pages = re.findall(rb"/Type\s*/Page[^s]", pdf)
    (box,) = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert len(pages) == 1
    assert [round(float(side) / 72 * 25.4) for side in box] == [210, 297]
    assert page.locator(".one-page tbody tr").count() == 19
