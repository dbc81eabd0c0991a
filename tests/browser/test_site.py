"""The built site in a real browser: quiet, self-contained, readable on a phone and by everyone."""

from pathlib import Path

import pytest

from derive.catalogue import FAMILIES
from derive.facts import compare
from derive.models.library import NETWORKS
from derive.parse.layer import read_layer
from derive.proof.library import THEOREMS
from tests.browser.axe import in_both_schemes, in_scheme
from tests.browser.states import alive, everything_laid_out, shifted, still

ROOT = Path(__file__).parents[2]
ARTEFACTS = ROOT / "test-artifacts"
PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
KEY_PAGES = (
    "",
    "families/",
    "families/asymmetric/",
    "families/acnet-block/",
    "theorems/",
    "theorems/asymmetric-rank/",
)
OTHER_PAGES = (
    "networks/",
    "networks/mobilenet-v1/",
    "gallery/",
    "examples/",
    "theorems/how-to-read/",
    "reference/conventions/",
    "reference/glossary/",
    "reference/oracle/",
    "reference/command-line/",
    "reference/python/",
    "project/decisions/",
    "project/changelog/",
)


EVERY_PAGE = dict.fromkeys(
    (
        *KEY_PAGES,
        *OTHER_PAGES,
        *(f"families/{name}/" for name in FAMILIES),
        *(f"networks/{name}/" for name in NETWORKS),
        *(f"theorems/{name}/" for name in THEOREMS),
    )
)


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_a_page_loads_quietly_and_fits_a_phone(visit, path):
    page = visit(path, PHONE)
    assert page.status == 200
    alive(page)
    assert page.complaints == []
    assert shifted(page) < 0.01
    everything_laid_out(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.locator("h1").count() == 1
    assert page.locator(".arithmatex").count() == 0, "a formula was not set"


@pytest.mark.parametrize("path", [*KEY_PAGES, *OTHER_PAGES])
def test_axe_finds_nothing(visit, path):
    assert in_both_schemes(visit(path)) == {}


def test_there_is_no_banner_without_words(site_folder):
    for page in site_folder.rglob("*.html"):
        assert 'class="md-banner"' not in page.read_text("utf-8"), page


def test_home_shows_what_compare_says(visit):
    page = visit("")
    page.get_by_text("All numbers").click()
    cells = page.locator(".wide tbody tr").all_inner_texts()
    shown = {line.split("\t")[0].split(" ")[0]: line.split("\t") for line in cells}
    for row in compare(read_layer()).families:
        counts = (row.parameters, row.macs, row.macs_in_bounds, row.flops, row.with_bias.flops)
        assert shown[row.name][1:6] == [f"{count:,}" for count in counts]


def test_letters_have_one_colour_everywhere(visit):
    page = visit("families/asymmetric/")
    table = page.locator("td .letter-i").first.evaluate("e => getComputedStyle(e).color")
    drawn = page.locator(".pipeline .letter-i").first.evaluate("e => getComputedStyle(e).fill")
    assert table == drawn


def test_the_small_print_of_a_proof_opens_by_keyboard(visit):
    page = visit("theorems/rank-one/")
    fold = page.locator("details.evidence").first
    formula = fold.locator(".formula").first
    assert not formula.is_visible()
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    formula.wait_for()


def test_the_graph_scrolls_in_its_frame_and_its_boxes_lead_to_the_theorems(visit):
    page = visit("theorems/", PHONE)
    frame = page.locator(".graph-frame")
    assert frame.evaluate("e => e.scrollWidth > e.clientWidth")
    over = """[...document.querySelectorAll(".graph .node")].filter((node) => {
      const box = node.querySelector("rect").getBBox();
      return [...node.querySelectorAll("text")].map((words) => words.getBBox())
        .some(({ x, width }) => x + width > box.x + box.width - 2);
    }).map((node) => node.textContent)"""
    assert page.evaluate(over) == []
    box = frame.get_by_role("link", name="T2 Rank one")
    assert box.evaluate("e => getComputedStyle(e.querySelector('text')).fontSize") == "12px"
    box.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/theorems/rank-one/")
    page.locator("h1", has_text="Rank one").wait_for()  # the address comes before the page
    assert page.locator("h1").evaluate("e => e.firstChild.textContent") == "Rank one"


def test_a_missing_page_is_the_sites_own(visit):
    page = visit("no/such/page")
    assert page.status == 404


SHOTS = (("laptop", LAPTOP, "light"), ("phone", PHONE, "light"), ("dark", LAPTOP, "dark"))


@pytest.mark.parametrize("path", KEY_PAGES)
def test_screenshots_are_kept(visit, path):
    ARTEFACTS.mkdir(exist_ok=True)
    page = visit(path)
    for name, viewport, scheme in SHOTS:
        page.set_viewport_size(viewport)
        in_scheme(page, scheme)
        still(page)
        file = ARTEFACTS / f"{name}-{path.strip('/').replace('/', '-') or 'home'}.png"
        page.screenshot(path=file, full_page=True)
        assert file.stat().st_size > 20_000


def test_a_page_asks_for_one_style_sheet_once(browser, site):
    page = browser.new_page()
    sheets = []
    page.on("request", lambda r: sheets.append(r.url) if r.resource_type == "stylesheet" else None)
    page.goto(site + "families/asymmetric/")
    page.wait_for_function("window.document$ !== undefined")
    assert sheets == [site + "assets/katex/book.css"]
    sheet = page.locator("link[rel=stylesheet]")
    assert sheet.get_attribute("href") == sheets[0], "no script will write it anew"
    assert "[data-md-color-switching] *" not in page.request.get(sheets[0]).text()
    page.close()


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(visit):
    page = visit("families/asymmetric/", PHONE)
    still(page)
    link = page.locator(".md-sidebar--primary a.md-nav__link", has_text="Standard").first
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("!document.activeElement.closest('.md-sidebar--primary')")
    menu = page.get_by_role("checkbox", name="Menu")
    menu.focus()
    page.keyboard.press("Enter")
    assert menu.is_checked()
    link.wait_for()
    while not link.evaluate("e => e === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert not menu.is_checked()
    link.wait_for(state="hidden")
    assert menu.evaluate("e => e === document.activeElement")
    assert page.complaints == []


def test_words_never_wait_for_the_colour_of_what_they_stand_on(visit):
    page = visit("reference/api/")
    still(page)
    in_scheme(page, "dark")
    fading = """document.getAnimations().filter((one) => one instanceof CSSTransition)
      .map((one) => one.effect.target).filter((one) => one.closest(".md-content :is(p, pre)"))
      .map((one) => one.outerHTML.slice(0, 80))"""
    assert page.evaluate(fading) == []


def test_what_is_below_the_screen_is_laid_out_when_it_comes_near(visit):
    page = visit("families/asymmetric/", PHONE)
    folded = page.locator(".md-content__inner > details:not([open])").last
    laid_out = "e => e.firstElementChild.checkVisibility({contentVisibilityAuto: true})"
    assert not folded.evaluate(laid_out)
    folded.scroll_into_view_if_needed()
    page.wait_for_function(f"e => ({laid_out})(e)", arg=folded.element_handle())
    folded.locator("summary").first.focus()
    assert folded.evaluate("e => getComputedStyle(e).contentVisibility") == "visible"


def test_the_gallery_fits_a_narrow_phone(visit):
    page = visit("gallery/", {"width": 320, "height": 700})
    everything_laid_out(page)
    still(page)
    cut = """[...document.querySelectorAll(".specimen, .specimen *")]
      .filter((one) => !["caption"].includes(one.localName) && !one.closest(".katex, .objects"))
      .filter((one) => one.clientWidth && one.scrollWidth > one.clientWidth + 1)
      .map((one) => one.outerHTML.slice(0, 120))"""
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(cut) == []
