"""Counting a network in a browser: Python starts on request, counts, and says what is wrong."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from derive.models.library import NETWORKS
from derive.render.live import counted
from derive.site.pages.count_lab import OPENING
from derive.site.pages.network import listed
from tests.browser.axe import serious
from tests.browser.states import address, shown, still
from tests.browser.test_answers import fresh, outdated

PAGE = "lab/count/"
SMALL = "image 3x32x32\neach: bn relu\nstem: 3x3/2 8\n( . + dw 3x3 > 1x1 8 )\nglobal\nlinear 10"
PHONE = {"width": 390, "height": 844}


def waits(page, text, name="list"):
    shown(page, text, f"[data-say={name}]")


def count(page, text):
    page.fill("#cl-text", text)
    page.press("#cl-text", "Control+Enter")
    waits(page, "Counted in")
    fresh(page)


def rows(page):
    """The cells of every layer and of the sums."""
    found = page.locator(".cl-layers tr").all_inner_texts()
    return {row.split("\t")[0]: row.split("\t")[1:] for row in found}


@pytest.fixture
def lab(visit):
    """The page, once it has come to life."""

    def opened(path=PAGE, **where):
        page = visit(path, **where)
        page.wait_for_selector("count-lab[data-ready]")
        return page

    return opened


@pytest.fixture(scope="module")
def started(kept, site):
    """One page with Python running in it, and every request and complaint of it so far."""
    page = kept
    page.goto(site + PAGE)
    page.wait_for_selector("count-lab[data-ready]")
    page.click("count-lab [type=submit]")
    waits(page, "Counted in")
    return page


def test_the_first_list_is_counted_before_python_starts(lab):
    page = lab()
    fresh(page)
    assert page.input_value("#cl-start") == OPENING
    assert page.input_value("#cl-text") == listed(NETWORKS[OPENING])
    assert rows(page)["sum"][3] == "568,740,352"
    assert "Start Python in the page (" in page.locator("count-lab [type=submit]").inner_text()
    with page.expect_download() as saved:
        page.click("[data-form=json]")
    document = json.loads(saved.value.path().read_text("utf-8"))
    assert document["totals"]["macs"] == 568_740_352
    assert page.complaints == []


def test_a_list_is_counted_as_by_the_package(started, site):
    page, answer = started, json.loads(counted(SMALL))
    count(page, SMALL)
    document, shown = json.loads(answer["files"]["json"]), rows(page)
    for one in document["layers"]:
        assert shown[one["name"]][2:4] == [f"{one['parameters']:,}", f"{one['macs']:,}"]
    assert shown["sum"][3] == f"{document['totals']['macs']:,}"
    for form, text in answer["files"].items():
        with page.expect_download() as saved:
            page.click(f"[data-form={form}]")
        assert saved.value.path().read_text("utf-8") == text
    with page.expect_download() as saved:
        page.click("[data-form=list]")
    assert saved.value.suggested_filename == "layers.txt"
    assert saved.value.path().read_text("utf-8") == f"{SMALL}\n"
    assert [url for url in page.requests if not url.startswith((site, "blob:", "data:"))] == []
    assert page.complaints == []


def test_an_edit_and_a_bad_list_leave_the_last_result_out_of_date(started):
    page = started
    count(page, SMALL)
    before = page.locator(".cl-result").inner_html()
    page.fill("#cl-text", f"{SMALL}\n3x3 8 ?")
    outdated(page)
    page.press("#cl-text", "Control+Enter")
    waits(page, "Line 7: '?' is not known")
    assert page.get_attribute("#cl-text", "aria-invalid") == "true"
    outdated(page)
    assert page.locator(".cl-result").inner_html() == before
    page.fill("#cl-text", SMALL)
    fresh(page)
    page.fill("#cl-text", "image 3x8x8\n<img/src=x/onerror=alert`1`: 3x3 4")
    page.press("#cl-text", "Control+Enter")
    page.wait_for_function("document.querySelector('.cl-layers').textContent.includes('<img/src')")
    assert page.locator("count-lab img").count() == 0
    assert page.complaints == []


def test_the_address_holds_the_list_or_the_name_of_a_network(started, lab):
    page = started
    count(page, SMALL)
    assert parse_qs(urlsplit(address(page)).query) == {"layers": [SMALL]}
    again = lab(PAGE + "?" + urlsplit(address(page)).query)
    assert again.input_value("#cl-text") == SMALL
    waits(again, "Start Python, and this list is counted.")
    outdated(again)
    page.select_option("#cl-start", "vgg-16 depthwise-separable")
    page.wait_for_url("**?network=vgg-16+depthwise-separable")
    fresh(page)
    count(page, "image 3x8x8\n" + "3x3 4\n" * 1000)
    assert urlsplit(address(page)).query == ""
    page.click("[data-do=link]")
    waits(page, "The list is too long for a link", "take")
    nothing = lab(f"{PAGE}?network=no-such")
    fresh(nothing)


def test_the_page_of_a_network_leads_to_its_list(visit):
    page = visit("networks/vgg-16/")
    page.get_by_role("link", name="Change it and count again").click()
    page.wait_for_selector("count-lab[data-ready]")
    assert page.input_value("#cl-start") == "vgg-16"
    assert page.input_value("#cl-text") == listed(NETWORKS["vgg-16"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_read_it_and_it_fits_a_phone(lab, scheme):
    page = lab(viewport=PHONE, scheme=scheme)
    still(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert serious(page) == {}
    page.fill("#cl-text", "image 3x8x8")
    outdated(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert serious(page) == {}


def test_without_javascript_the_page_shows_the_table_and_the_command(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + PAGE)
    assert "568,740,352" in page.locator("count-lab .cl-layers").inner_text()
    assert "derive count layers.txt" in page.locator("count-lab noscript").inner_text()
    assert not page.locator(".cl-form").is_visible()
    context.close()
