"""Copying formulas, missing pages, print, and what is in the head."""

import json
import re
from html import unescape
from urllib.parse import urlsplit

import pytest

from derive.catalogue import FAMILIES
from tests.browser.axe import in_both_schemes
from tests.browser.states import heard, listen, still

PHONE = {"width": 390, "height": 844}
PAGES = ("reference/api/", "reference/bibliography/", "reference/errata/", "reference/conventions/")


def copied(page):
    return page.evaluate("navigator.clipboard.readText()")


@pytest.fixture
def copying(visit, site):
    """Open a page that may use the clipboard."""

    def opened(path, **how):
        page = visit(path, **how)
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(site))
        page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=origin)
        page.wait_for_selector("copy-formula button", state="attached")
        listen(page)
        return page

    return opened


def test_a_formula_is_copied_in_three_forms_by_keyboard(copying):
    page = copying("families/asymmetric/")
    formula = FAMILIES["asymmetric"].formulas["parameters"]
    row = page.locator("copy-formula[data-name=parameters][data-form=general]")
    row.evaluate("e => e.closest('details').open = true")
    row.get_by_role("button", name="Copy SymPy").focus()
    assert row.locator("[aria-live=polite]").count() == 1  # it says so for a while only
    page.keyboard.press("Enter")
    heard(page, "SymPy copied")
    space = {}
    exec(copied(page), space)  # the page's own code
    assert space["parameters"] == formula.expr
    row.get_by_role("button", name="Copy JSON").click()
    heard(page, "JSON copied")
    told = json.loads(copied(page))
    assert told["sympy"] == str(formula.expr)
    assert (told["of"], told["name"], told["form"]) == ("asymmetric", "parameters", "general")
    assert told["guard"]
    row.get_by_role("button", name="Copy TeX").click()
    heard(page, "TeX copied")
    assert copied(page) == told["latex"]
    assert page.complaints == []


def test_the_code_of_a_framework_is_copied_as_its_tab_shows_it(copying):
    page = copying("families/tensor-train/")
    row = page.locator("copy-formula[data-label=definition]")
    for name in ("PyTorch", "ONNX"):
        row.get_by_role("button", name=f"Copy {name}").click()
        heard(page, f"{name} copied")
        text = copied(page)
        assert text.startswith(f'"""Tensor-train convolution in {name}')
        compile(text, name, "exec")
    assert page.complaints == []


def test_the_expressions_of_a_proof_can_be_copied(copying):
    page = copying("theorems/asymmetric-rank/")
    row = page.locator("copy-formula[data-sympy]").first
    row.evaluate("e => e.closest('details').open = true")
    row.get_by_role("button", name="Copy SymPy").click()
    heard(page, "SymPy copied")
    exec(copied(page), {})  # the page's own code
    assert page.locator("copy-formula").count() == page.locator("p.copy > copy-formula").count()


@pytest.mark.parametrize("path", ["families/cp/", "theorems/asymmetric-rank/"])
def test_the_buttons_move_nothing(visit, path):
    page = visit("reference/errata/", first=True)
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(l => l.getEntries().forEach(e => window.moved +="
        " e.value)).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(page.url.replace("reference/errata/", path))
    page.wait_for_selector("copy-formula button", state="attached")
    still(page)
    assert page.evaluate("window.moved") < 0.02


def test_without_a_script_there_are_no_buttons(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}families/cp/")
    assert page.locator("p.copy").count() > 10
    assert page.locator("p.copy").first.is_hidden()
    context.close()


@pytest.mark.parametrize("path", ["families/asymetric/", "no/such/page", "theorem/rank-one/"])
def test_a_missing_page_leads_on(visit, site, path):
    page = visit(path)
    assert page.status == 404
    page.wait_for_selector("page-finder a" if path != "no/such/page" else "h1")
    if "asymetric" in path:
        first = page.locator("page-finder a").first
        assert first.get_attribute("href") == f"{site}families/asymmetric/"
    for link in page.locator(".lost > ul a").all():
        address = link.evaluate("e => e.href")
        assert address.startswith(site)
        assert page.request.get(address).status == 200


@pytest.mark.parametrize("path", [*PAGES, "no/such/page", "families/cp/"])
def test_axe_finds_nothing(visit, path):
    assert in_both_schemes(visit(path)) == {}


@pytest.mark.parametrize("path", PAGES)
def test_the_reference_fits_a_phone(visit, path):
    page = visit(path, PHONE)
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_folds_are_open_on_paper(visit):
    page = visit("families/asymmetric/")
    page.emulate_media(media="print")
    fold = page.locator("details:not([open])").first
    assert fold.locator("> :not(summary)").first.evaluate("e => e.checkVisibility()")
    assert not page.locator(".md-header").is_visible()
    assert not page.locator("p.copy").first.is_visible()


PRINTED = """() => [...document.querySelectorAll(".md-typeset a[href]")]
  .filter((one) => getComputedStyle(one, "::after").content.includes("("))
  .map((one) => [one.href, Boolean(one.closest("td, th"))])"""


def test_on_paper_only_links_that_lead_elsewhere_have_addresses(visit, site):
    page = visit("families/asymmetric/")
    page.emulate_media(media="print")
    printed = page.evaluate(PRINTED)
    assert any("arxiv" in address for address, _ in printed)
    assert not [address for address, _ in printed if address.startswith(site)]
    page = visit("reference/bibliography/")
    page.emulate_media(media="print")
    assert not [address for address, cell in page.evaluate(PRINTED) if cell]


@pytest.mark.parametrize("path", ["theorems/rank-one/", "reference/oracle/", "reference/checker/"])
def test_sources_are_not_printed(visit, path):
    page = visit(path)
    page.emulate_media(media="print")
    fold = page.locator("details.abstract").first
    assert fold.locator("summary").is_visible()
    assert "derive/" in fold.locator("summary").inner_text()
    assert page.locator("details.abstract pre:visible").count() == 0
    assert fold.evaluate("e => e.getBoundingClientRect().height") < 60


def test_the_head_of_every_page(site_folder, site):
    described = {}
    for page in sorted(site_folder.rglob("*.html")):
        text = page.read_text("utf-8")
        path = str(page.relative_to(site_folder))
        head = text.split("</head>")[0]
        description = re.search(r'<meta name="description" content="([^"]+)">', head)
        assert description, path
        if path != "404.html":
            described.setdefault(description[1], []).append(path)
        assert f'<meta property="og:image" content="{site}assets/social-card.png">' in head, path
        assert 'name="twitter:card"' in head
        assert re.search(r'rel="icon" href="[^"]*assets/favicon.svg"', head), path
    twice = {words: paths for words, paths in described.items() if len(paths) > 1}
    assert twice == {}


def test_signatures_of_the_api_are_set_in_short_lines(site_folder):
    page = (site_folder / "reference" / "api" / "index.html").read_text("utf-8")
    found = re.findall(r'<div class="[^"]*doc-signature[^"]*">(.*?)</div>', page, re.DOTALL)
    texts = [unescape(re.sub(r"<[^>]+>", "", one)) for one in found]
    assert any("read_kernel(\n" in text for text in texts)
    assert max(len(line) for text in texts for line in text.splitlines()) <= 80


def test_llms_txt_lists_every_page_with_its_line(site_folder, site):
    text = (site_folder / "llms.txt").read_text("utf-8")
    for page in site_folder.rglob("index.html"):
        path = str(page.relative_to(site_folder)).removesuffix("index.html")
        assert re.search(rf"\]\({re.escape(site + path) or site}(?:\./)?\): \S", text), path
    for contract in ("derive/compare/1", "derive define", "--json"):
        assert contract in text


def test_backlinks_lead_to_pages_that_link_here(site_folder):
    page = site_folder / "families" / "asymmetric" / "index.html"
    listed = re.search(r'<ul class="backlinks".*?</ul>', page.read_text("utf-8"))[0]
    links = re.findall(r'href="([^"#]+)', listed)
    assert len(links) > 10
    for link in links:
        other = (page.parent / link / "index.html").resolve()
        text = other.read_text("utf-8")
        assert re.search(r'href="[^"]*(?:families|\.\.)/asymmetric/', text), link
