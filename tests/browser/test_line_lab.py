"""Your own line in a real browser: Python starts on request, derives, proves, and says no."""

import re

import pytest

from derive.facts.own_line import own_line_facts
from derive.proof.library import THEOREMS
from derive.proof.run import Session
from derive.render.proof import theorem_facts
from derive.render.values import json_values
from derive.site.pages.line_lab import LINE
from tests.browser.axe import serious
from tests.browser.conftest import LAPTOP
from tests.browser.states import shown, still
from tests.browser.test_answers import fresh, outdated

PAGE = "lab/line/"
MINE = "A[e,i,u] B[r,e] C[o,r,v]"
PHONE = {"width": 390, "height": 844}


def said(page, name="line"):
    return page.locator(f'[data-say="{name}"]')


def waits(page, text, name="line"):
    shown(page, text, f"[data-say={name}]")


def derive(page, line):
    page.fill("#ll-line", line)
    page.press("#ll-line", "Enter")
    waits(page, "Derived in")


@pytest.fixture
def lab(visit):
    """The page, once it has come to life."""

    def opened(path=PAGE, **where):
        page = visit(path, **where)
        page.wait_for_selector("line-lab[data-ready]")
        return page

    return opened


@pytest.fixture(scope="module")
def started(kept, site):
    """One page with Python running in it, and every request and complaint of it so far."""
    page = kept
    page.goto(site + PAGE)
    page.wait_for_selector("line-lab[data-ready]")
    page.click("[data-do=derive]")
    waits(page, "Derived in")
    return page


def tex(page, selector):
    """The TeX of every formula below a selector, as KaTeX keeps it in its MathML."""
    return page.locator(f"{selector} annotation").all_text_contents()


def test_without_a_click_nothing_of_python_comes(visit):
    seen = []
    page = visit("lab/")
    page.on("request", lambda request: seen.append(request.url))
    page.goto(page.url.replace("/lab/", f"/{PAGE}"))
    page.wait_for_selector("line-lab[data-ready]")
    still(page)
    assert not [url for url in seen if "/pyodide/" in url or "katex.min.js" in url]
    assert re.search(
        r"Start Python in the page \(\d+\.\d MB\)", page.text_content("[data-do=derive]")
    )
    assert page.complaints == []


def test_the_page_shows_a_line_derived_before_python_starts(lab):
    page, document = lab(), json_values(own_line_facts(LINE))
    assert page.locator(".ll-result h2").inner_text() == LINE
    assert document["definition"] in tex(page, ".ll-result > .formula")
    assert page.locator(".ll-stages li").count() == len(document["stages"])
    assert page.locator(".ll-counts tbody tr").first.inner_text().split("\t")[:3] == [
        "Parameters", "99", "216"
    ]  # fmt: skip


def test_a_line_is_derived_as_by_the_package(started, site):
    page = started
    derive(page, MINE)
    document = json_values(own_line_facts(MINE))
    assert page.locator(".ll-result h2").inner_text() == MINE
    assert tex(page, ".ll-stages") == [stage["textbook"] for stage in document["stages"]]
    page.locator("details.ll-fold:has(.ll-formulas)").locator("summary").click()
    shown = [text.removeprefix(r"\displaystyle ") for text in tex(page, ".ll-formulas")]
    assert shown == [formula["latex"] for formula in document["formulas"].values()]
    guards = page.locator(".ll-formulas tbody td:last-child").all_inner_texts()
    wanted = [formula["guard"] for formula in document["formulas"].values()]
    assert guards == ["" if words == "all sizes at least 1" else words for words in wanted]
    assert document["exact_when"] in page.locator(".ll-result").inner_text()
    assert "proved for all sizes" in page.locator(".ll-verdict").inner_text()
    numbers = page.locator(".ll-counts tbody tr").all_inner_texts()
    line, standard = (document["example"][side] for side in ("line", "standard"))
    for row, name in zip(numbers, ("parameters", "macs", "macs_in_bounds"), strict=False):
        assert row.split("\t")[1:3] == [f"{line[name]:,}", f"{standard[name]:,}"]
    assert f'derive define "{MINE}"' in page.locator(".ll-elsewhere").inner_text()
    assert any(url.endswith("pyodide.asm.wasm") for url in page.requests)
    assert [url for url in page.requests if not url.startswith(site)] == []
    assert page.complaints == []


def test_a_bad_line_is_refused_with_pythons_words_and_the_last_result_stays(started):
    page = started
    before = page.locator(".ll-result").inner_html()
    for line, words in {
        "A[j,i,u,v] B[o,j,v]": "tap v stands in A (position 9) and B (position 18)",
        "": "the line is empty",
        "<img src=x onerror=alert(1)>": "'<' at position 1 belongs to no line",
    }.items():
        page.fill("#ll-line", line)
        page.press("#ll-line", "Enter")
        waits(page, words)
        assert page.get_attribute("#ll-line", "aria-invalid") == "true"
        assert page.locator(".ll-result").inner_html() == before
    assert page.locator("line-lab img").count() == 0
    derive(page, MINE)
    assert page.get_attribute("#ll-line", "aria-invalid") == "false"
    assert page.complaints == []


def test_a_theorem_is_proved_in_the_page(started):
    page = started
    page.select_option("#ll-theorem", "operation-count")
    page.click("[data-do=prove]")
    waits(page, "The theorem is proved for all sizes.", "proof")
    steps = json_values(theorem_facts(Session().verdict("operation-count")))["steps"]
    rows = page.locator("ol.proof > li[data-status]")
    assert rows.count() == len(steps)
    statuses = rows.evaluate_all("rows => rows.map((row) => row.dataset.status)")
    assert statuses == [step["status"] for step in steps]
    assert set(statuses) == {"proved", "computed"}
    at = next(n for n, step in enumerate(steps) if step["expressions"])
    rows.nth(at).locator("summary").click()
    rows.nth(at).locator(".formula").first.wait_for()
    shown = tex(page, f"ol.proof > li[data-status] >> nth={at} >> .formula")
    assert shown == [expression["latex"] for expression in steps[at]["expressions"]]
    page.select_option("#ll-theorem", "no-holes")
    page.click("[data-do=prove]")
    waits(page, "ask the second prover, which a page has not", "proof")
    assert len(THEOREMS) > page.locator("#ll-theorem option").count() >= 5
    assert page.complaints == []


def test_a_refused_line_leaves_the_last_result_out_of_date(started):
    page = started
    page.fill("#ll-line", "A[j,i,u,v] B[o,j,v]")
    page.press("#ll-line", "Enter")
    waits(page, "tap v stands in A")
    outdated(page)
    page.fill("#ll-line", "A[e,i,u] B[o,e,v]")
    page.press("#ll-line", "Enter")
    waits(page, "Derived in")
    fresh(page)
    assert page.locator(".ll-result h2").inner_text() == "A[e,i,u] B[o,e,v]"
    page.wait_for_function("() => location.search.includes('line=')")


def test_the_layer_is_changed_on_the_page_and_the_result_waits_for_it(started):
    page = started
    derive(page, LINE)
    page.locator(".layer-fold summary").click()
    for name, text in {"image": "56", "in": "64", "out": "64", "padding": "same-upper"}.items():
        page.fill(f".layer-fold [name={name}]", text)
        outdated(page)
    page.check(".layer-fold [name=transposed]")
    page.select_option(".layer-fold [name=bias]", "last")
    page.uncheck(".layer-fold [name=transposed]")
    page.press("#ll-line", "Enter")
    waits(page, "Derived in")
    fresh(page)
    caption = page.locator(".ll-counts caption").inner_text()
    assert "56×56 image, 64 → 64 channels" in caption
    assert "bias on the last stage" in caption
    assert "image=56&in=64&out=64" in page.url
    assert "56×56 image, 64 → 64 channels" in page.locator("your-layer").inner_text()
    page.fill(".layer-fold [name=in]", "x")
    outdated(page)
    assert "x" in page.locator(".layer-fold .field:has([name=in]) .error").inner_text()
    for name, text in {"image": "128", "in": "3", "out": "8", "padding": "same"}.items():
        page.fill(f".layer-fold [name={name}]", text)
    page.select_option(".layer-fold [name=bias]", "none")
    page.press("#ll-line", "Enter")
    waits(page, "Derived in")
    assert page.complaints == []


def test_the_address_holds_the_line(lab, started):
    page = lab(f"{PAGE}?line=A%5Br,i,u,v%5D%20B%5Bo,r%5D")
    assert page.input_value("#ll-line") == "A[r,i,u,v] B[o,r]"
    assert said(page).inner_text() == "Start Python, and this line is derived."
    derive(started, MINE)
    again = lab(started.url[started.url.index(PAGE) :])
    assert again.input_value("#ll-line") == MINE


def test_python_lives_on_through_instant_navigation(started):
    page = started
    page.evaluate("window.mark = true")
    page.locator(".md-tabs").get_by_text("Families", exact=True).click()
    page.wait_for_url("**/families/")
    page.locator("h1", has_text="families").wait_for()
    page.go_back()
    page.wait_for_selector("line-lab[data-ready]")
    assert page.evaluate("window.mark === true"), "the page was loaded anew"
    waits(page, "Derived in")  # the line in the address, without being asked
    page.requests.clear()
    derive(page, "A[j,i,u] B[o,j,v]")
    assert not [url for url in page.requests if "/pyodide/" in url]


def test_starting_says_what_could_not_be_fetched_and_can_be_cancelled(lab):
    page = lab(first=True)  # nothing of Python is in its cache
    page.context.set_offline(True)
    page.click("[data-do=derive]")
    waits(page, "could not be fetched")
    assert page.get_attribute("#ll-line", "aria-invalid") == "true"
    page.context.set_offline(False)
    page.route("**/python_stdlib.zip", lambda route: None)  # never answered
    page.click("[data-do=derive]")
    page.wait_for_selector("[data-list=files] li")
    page.click("[data-do=cancel]")
    waits(page, "cancelled: nothing is running")
    assert page.locator(".py-loading").is_hidden()
    page.unroute("**/python_stdlib.zip")
    page.click("[data-do=derive]")
    waits(page, "Derived in")


def test_the_result_fits_a_phone_and_everyone_can_read_it(started):
    page = started
    page.set_viewport_size(PHONE)
    page.select_option("#ll-theorem", "operation-count")
    page.click("[data-do=prove]")
    waits(page, "The theorem is proved", "proof")
    derive(page, "D[i,u,v] E[j,i] F[o,j]")
    page.eval_on_selector_all("details.ll-fold", "folds => folds.forEach((f) => (f.open = true))")
    assert "That restates the definition" in page.locator(".ll-result").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert serious(page) == {}
    assert page.complaints == []
    page.set_viewport_size(LAPTOP)


def test_without_javascript_the_page_shows_the_example_and_the_command(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + PAGE)
    text = page.locator("line-lab").inner_text()
    assert "the (o, v) × (i, u) matrix of the kernel has rank at most m" in text
    assert f'derive define "{LINE}"' in text
    assert not page.locator(".ll-form").is_visible()
    context.close()
