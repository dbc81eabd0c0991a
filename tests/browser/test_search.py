"""The search field: questions of readers, names, slips, and texts fetched when it is used."""

import json
import re
from collections import defaultdict
from html.parser import HTMLParser

import pytest

from derive.site import search_index
from tests.browser.conftest import LAPTOP
from tests.browser.states import still

ITEM, META = ".md-search-result__item", ".md-search-result__meta"
SUGGESTION = ".md-search__suggest"
FETCHED = """name => performance.getEntriesByType("resource")
  .some((one) => one.name.endsWith(name))"""
FIRST_OF_ALL = 27  # questions of the 30 whose best page must come first
QUESTIONS = {  # what readers type, and the pages that answer it best
    "depthwise separable params": ("families/depthwise-separable/", "learn/depthwise-separable/"),
    "rank 1 kernel": ("theorems/rank-one/", "learn/asymmetric/"),
    "FLOPs vs MACs": ("reference/conventions/", "learn/counting/", "theorems/operation-count/"),
    "spatially separable": ("families/asymmetric/", "theorems/rank-one/", "reference/glossary/"),
    "sobel separable": ("gallery/", "theorems/named-kernels/", "learn/asymmetric/"),
    "1x1 conv": ("families/pointwise/",),
    "grouped": ("families/grouped/",),
    "MobileNet cost": ("families/depthwise-separable/", "learn/depthwise-separable/"),
    "inception asymmetric": ("families/asymmetric/", "learn/asymmetric/"),
    "dilation": ("learn/convolution/", "theorems/no-holes/", "reference/conventions/"),
    "transposed": ("theorems/transposed-grouped-strided/", "reference/conventions/"),
    "CP decomposition": ("families/cp/",),
    "why not faster": ("learn/speed/",),
    "difference between depthwise separable and asymmetric": ("", "learn/same/"),
    "roofline": ("learn/speed/", "theorems/arithmetic-intensity/"),
    "SVD": ("theorems/truncation-error/", "learn/asymmetric/", "lab/kernel/"),
    "3x3": ("families/standard/", "learn/stacking/", "learn/convolution/"),
    "3x1 1x3": ("families/asymmetric/", "learn/asymmetric/"),
    "seperable": ("families/depthwise-separable/", "families/asymmetric/", "reference/glossary/"),
    "two 3x3 vs 5x5": ("learn/stacking/", "theorems/composition/"),
    "pytorch flops": ("reference/conventions/", "learn/counting/"),
    "receptive field": ("theorems/no-holes/", "learn/stacking/"),
    "how many parameters": ("learn/counting/", "lab/layer/", ""),
    "relu between": ("theorems/relu-linear/", "learn/where-equality-breaks/"),
    "batch norm fold": ("theorems/bias-defect/", "learn/where-equality-breaks/"),
    "gaussian filter": ("gallery/", "theorems/gaussian-radial/"),
    "laplacian of gaussian": ("gallery/", "theorems/named-kernels/"),
    "depth multiplier": ("theorems/depthwise-multiplier/", "learn/depthwise-separable/"),
    "bias": ("theorems/bias-defect/", "learn/where-equality-breaks/"),
    "tucker": ("families/tucker-2/",),
}
NAMES = {
    "spatially separable": "asymmetric",
    "factorized": "asymmetric",
    "bottleneck": "tucker-2",
    "SeparableConv2D": "depthwise-separable",
    "pointwise": "pointwise",
    "1x1 convolution": "pointwise",
    "BSConv": "blueprint-separable",
    "strip": "depthwise-asymmetric",
    "(2+1)D": "r2plus1d",
    "R(2+1)D": "r2plus1d",
    "P3D": "r2plus1d",
    "DWS": "depthwise-separable",
    "CANDECOMP": "cp",
    "inverted residual": "cp-joint",
    "LVH": "flattened",
    "XSepConv": "depthwise-asymmetric-separable",
    "ResNeXt": "grouped",
    "ACB": "acnet-block",
    "matrix product state": "tensor-train",
    "parameters of depthwise separable": "depthwise-separable",
}
PAIRS = (  # two ways to write one thing
    ("3x3", "3×3"),
    ("3x3", "3 × 3"),
    ("3x3", "3*3"),
    ("seperable", "separable"),
    ("mult-adds", "MACs"),
    ("multiply-adds", "MACs"),
    ("disk", "disc"),
    ("conv layer", "convolution layer"),
    ("depthwise-separable", "depthwise separable"),
    ("guassian", "gaussian"),
)


@pytest.fixture(scope="module")
def search(browser, site):
    """Ask the field of the first page, and read the addresses of the pages it lists."""
    context = browser.new_context(viewport=LAPTOP)
    page = context.new_page()
    page.goto(site)
    page.keyboard.press("/")

    def asked(words):
        return answers(page, site, words)

    yield asked
    context.close()


def answers(page, site, words):
    """The pages that the open search lists for the words, best first."""
    typed(page, "")
    page.wait_for_function(f"document.querySelector('{META}').textContent.includes('Type to')")
    typed(page, words)
    page.wait_for_function(f"!document.querySelector('{META}').textContent.includes('Type to')")
    links = page.eval_on_selector_all(f"{ITEM} > a:first-child", "all => all.map(one => one.href)")
    return [re.split("[?#]", link.removeprefix(site))[0] for link in links]


def typed(page, words):
    """Words in the field as if typed."""
    page.locator("input[name=query]").fill(words)
    page.keyboard.press("End")


@pytest.fixture(scope="module")
def places(search):
    """For each question the place of the first page that answers it."""
    listed = {words: search(words) for words in QUESTIONS}
    return {
        words: next((n for n, one in enumerate(listed[words]) if one in best), len(listed[words]))
        for words, best in QUESTIONS.items()
    }


@pytest.mark.parametrize("words", QUESTIONS)
def test_a_question_is_answered_in_the_first_three(places, words):
    assert places[words] < 3


def test_most_questions_are_answered_first(places):
    late = [words for words, place in places.items() if place]
    assert len(QUESTIONS) - len(late) >= FIRST_OF_ALL, late


@pytest.mark.parametrize(("words", "family"), NAMES.items())
def test_a_family_is_found_by_any_of_its_names(search, words, family):
    assert f"families/{family}/" in search(words)[:3]


def test_a_formula_is_found_by_its_words(search):
    assert search("break-even width")[0] == "theorems/break-even/"
    assert "families/cp/" in search("degrees of freedom of cp")[:2]


@pytest.mark.parametrize(("words", "same"), PAIRS)
def test_other_spellings_find_the_same(search, words, same):
    assert search(words)[:3] == search(same)[:3] != []


@pytest.mark.parametrize("word", ["slower", "SVD", "roofline", "GFLOPS", "1", "T13"])
def test_a_word_is_found(search, word):
    assert search(word)


def test_the_texts_wait_for_the_focus(visit):
    page = visit("")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_function(FETCHED, arg="search_index.json")
    still(page)
    assert not page.evaluate(FETCHED, "texts.json")
    with page.expect_response("**/search/texts.json"):
        page.keyboard.press("/")
    typed(page, "rank")
    page.wait_for_selector(ITEM)
    page.locator("input[name=query]").blur()
    page.locator("input[name=query]").focus()
    assert len([url for url in asked if url.endswith("texts.json")]) == 1
    assert page.complaints == []


def test_what_is_typed_before_the_texts_come_is_answered(visit, site):
    page = visit("families/cp/")
    held = []
    page.context.route("**/search/texts.json", lambda route: held.append(route))
    with page.expect_request("**/search/texts.json"):
        page.keyboard.press("/")
    typed(page, "roofline")
    assert page.locator(META).inner_text() == "Initializing search"
    held.pop().continue_()
    page.wait_for_selector(ITEM)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}learn/speed/**")
    page.wait_for_selector("mark[data-md-highlight]")
    page.keyboard.press("/")  # the worker stays when the next page comes
    assert answers(page, site, "tucker")[0] == "families/tucker-2/"
    assert held == []


def test_the_texts_are_asked_for_again_if_they_did_not_come(visit):
    page = visit("")
    page.context.route("**/search/texts.json", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.keyboard.press("/")
    page.context.unroute("**/search/texts.json")
    page.locator("input[name=query]").blur()
    typed(page, "rank")  # this focuses the field
    page.wait_for_selector(ITEM, state="attached")


@pytest.mark.parametrize("path", ["", "no/such/page", "learn/same/"])
def test_a_link_to_a_search_works_from_anywhere(visit, path):
    page = visit(f"{path}?q=roofline")
    page.wait_for_selector(ITEM)
    assert "learn/speed/" in page.locator(f"{ITEM} > a").first.get_attribute("href")


def test_a_word_is_completed(visit):
    page = visit("")
    page.keyboard.press("/")
    typed(page, "depthw")
    page.wait_for_function("one => document.querySelector(one).textContent", arg=SUGGESTION)
    assert page.locator(SUGGESTION).text_content() == "depthwise"
    page.keyboard.press("ArrowRight")
    assert page.locator("input[name=query]").input_value() == "depthwise"


def test_without_an_answer_it_says_what_to_try(visit):
    page = visit("")
    page.keyboard.press("/")
    typed(page, "xyzzy")
    page.get_by_text("Nothing found").wait_for()
    for word in ("rank", "bias"):
        assert word in page.locator(META).inner_text()
        typed(page, word)
        page.wait_for_selector(ITEM)
        typed(page, "xyzzy")
        page.wait_for_selector(ITEM, state="detached")


def test_a_result_is_a_few_lines_of_the_page(visit, site):
    page = visit("")
    page.keyboard.press("/")
    for words in ("difference", "glossary", "macs", "derive"):
        answers(page, site, words)
        shown = page.locator(f"{ITEM} > a").all_text_contents()
        assert shown
        assert max(map(len, shown)) < 1000


@pytest.fixture(scope="module")
def texts(site_folder):
    return json.loads((site_folder / "search" / "texts.json").read_text("utf-8"))


def test_the_settings_are_light_and_no_formula_is_tex(site_folder, texts):
    settings = json.loads((site_folder / "search" / "search_index.json").read_text("utf-8"))
    assert settings["docs"] == []
    prose = " ".join(re.sub(r"<code.*?</code>", "", one["text"]) for one in texts["docs"])
    assert "\\frac" not in prose
    assert "arithmatex" not in prose
    assert search_index.MARK not in prose
    assert "n m (C_in + C_out)" in prose


def test_every_subject_is_of_a_page(texts):
    words = json.loads(search_index.WORDS.read_text("utf-8"))
    assert set(words["subjects"]) <= {one["location"] for one in texts["docs"]}


class Visible(HTMLParser):
    """The words of an article, without formulas, listings and what is kept from the search."""

    def __init__(self, page):
        super().__init__()
        self.words, self.skipped, self.inside = set(), [], False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        marks = dict(attributes)
        self.inside |= tag == "article"
        out = tag in ("script", "style", "template", "pre") or "katex" in (marks.get("class") or "")
        out |= "data-search-exclude" in marks or "headerlink" in (marks.get("class") or "")
        if self.skipped or out:
            self.skipped += [tag] * (tag not in ("br", "img", "input", "hr", "wbr", "link", "path"))

    def handle_endtag(self, tag):
        self.inside &= tag != "article"
        if self.skipped and self.skipped[-1] == tag:
            self.skipped.pop()

    def handle_data(self, data):
        if self.inside and not self.skipped:
            self.words |= long_words(data)


def test_every_word_of_an_article_is_indexed(site_folder, texts):
    indexed = defaultdict(set)
    for one in texts["docs"]:
        text = re.sub("<[^>]*>", "", " ".join([one["title"], one["text"], *one.get("tags", [])]))
        indexed[one["location"].split("#")[0]] |= long_words(text)
    assert len(indexed) > 70
    for place, words in indexed.items():
        article = Visible((site_folder / place / "index.html").read_text("utf-8"))
        assert article.words - words == set(), place


def long_words(text):
    return set(re.findall(r"[^\W\d_]{4,}", text.lower()))
