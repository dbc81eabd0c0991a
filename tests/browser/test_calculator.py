"""The answer on the reader's own layer: the page's arithmetic, its address, its messages."""

import pytest

from derive.notation.fields import FIELDS as GRAMMAR
from derive.site.pages.home import KNOWN
from tests.browser import states
from tests.browser.test_site import PHONE
from tests.site.test_formulas_js import (
    expected,
    folder,  # noqa: F401
    node,
    numbers,
    RUN,
    sample,
    SAMPLES,
)

FIELDS = [
    *("image", "in", "out", "kernel", "middle", "multiplier", "stride", "padding", "dilation"),
    "groups",
]
MEASURES = {
    "parameters": "parameters",
    "macs": "MACs",
    "macs_in_bounds": "in-bounds MACs",
    "flops": "FLOPs",
    "bytes": "memory moved",
    "intensity": "FLOPs per byte",
}
NUMBERS = ["0", "-1", "2.5", "three", "10000000000", "9" * 199]
BAD = {
    "image": ["12a", "0", "-1x3", "2.5x3", "9x9x9x9", "9x9x9", "99999999999999x1", "1e3x1e3"],
    "kernel": ["0", "-3", "2.5", "n", "3x3x3", "3x", "129x1000"],
    "stride": ["0", "-1", "1.5", "fast", "1x2x3", "99999999999"],
    "dilation": ["0", "-1", "1.5", "wide", "1x2x3", "99999999999"],
    "padding": ["-1", "1.5", "some", "1x2x3", "1:2:3", "99999999999"],
    "groups": ["2", *NUMBERS],
    "middle": ["m", " ".join("1" * 33), *NUMBERS],
    **dict.fromkeys(("in", "out", "multiplier"), NUMBERS),
}
ASK = """async (asked) => {
  const script = (name) => import(new URL(`assets/js/${name}.js`, document.baseURI).href);
  const { coming, compare } = await script("engine");
  const { understood } = await script("read-layer");
  const exact = (_, value) => (typeof value === "bigint" ? { big: String(value) } : value);
  const answers = [];
  for (const fields of asked) {
    const { layer, choices, errors } = understood(fields);
    if (layer) await coming(layer);
    answers.push(errors ? { errors } : compare(layer, choices));
  }
  return JSON.stringify(answers, exact);
}"""
# Without what says nothing; Material makes links absolute.
HTML = """e => e.innerHTML.replace(/>\\s+/g, ">").replace(/\\s+</g, "<")
  .replace(/ class=""/g, "").replace(/href="[^"]*(?=families|lab|[?])/g, 'href="')"""


def ready(page):
    page.wait_for_function("Boolean(customElements.get('layer-calculator'))")
    states.everything_laid_out(page)
    return page.locator("layer-calculator")


def fill(page, **fields):
    for name, word in fields.items():
        page.locator(f"#calculator-{name}").fill(word)


def address(page):
    """The address once it has followed what was typed, which it does when a field is left; the
    section at its end is the one that is read."""
    page.locator("layer-calculator").dispatch_event("focusout")
    return states.address(page).partition("#")[0]


def choose(page, measure):
    page.locator(f"[name=measure][value={measure}]").check()


def spaced(count):
    return f"{count:,}"


def test_what_python_drew_is_what_the_page_draws(visit):
    page = visit("")
    calculator = ready(page)
    drawn = calculator.evaluate(HTML)
    calculator.evaluate("e => e.update()")
    assert calculator.evaluate(HTML) == drawn
    assert page.complaints == []


def test_every_measure_is_charted(visit):
    page = visit("")
    ready(page)
    for measure in MEASURES.keys() - {"macs"}:
        choose(page, measure)
        assert page.locator("th.measure").inner_text() == MEASURES[measure]
        assert f"measure={measure}" in address(page)
        assert page.locator(".calc-bars tbody tr").first.locator(".share").inner_text() == "1"


def test_typing_updates_table_pipelines_and_address(visit):
    page = visit("")
    ready(page)
    fields = {"image": "56x48", "in": "64", "out": "96", "kernel": "5x3", "middle": "40"}
    fields |= {"multiplier": "2", "stride": "2x1", "padding": "1:2x0:1", "dilation": "1x2"}
    fill(page, **fields)
    page.locator("#calculator-bias").select_option("last")
    usual = {name: field.usual for name, field in GRAMMAR.items()}
    facts = expected(usual | fields | {"bias": "last"})
    cells = page.locator(".calc-counts tbody tr")
    assert cells.count() == len(facts["families"])
    for line, row in zip(cells.all_text_contents(), facts["families"], strict=True):
        assert line.startswith(row["name"])
        numbers = ("parameters", "macs", "macs_in_bounds", "flops")
        assert "".join(spaced(row[name]) for name in numbers) in line
    named = {row["name"]: row for row in facts["families"]}
    for side in ("asymmetric", "depthwise-separable"):
        text = page.locator(f"[data-family={side}]").inner_text()
        assert f"{spaced(named[side]['parameters'])} weights" in text
        assert f"{named[side]['ratio']['macs']} of the MACs of the standard layer" in text
        for stage in named[side]["stages"]:
            assert f"{spaced(stage['parameters'])} weights" in text
            assert f"{spaced(stage['macs'])} MACs" in text
    output = " × ".join(map(str, facts["layer"]["output"]))
    assert f"{output} × 96" in page.locator("[data-family=asymmetric]").inner_text()
    assert page.locator("[data-family=asymmetric] .tap").count() == 5 + 3
    page.wait_for_url(
        lambda url: "image=56x48" in url and "bias=last" in url
    )  # the list keeps focus
    assert "groups" not in address(page)
    assert page.complaints == []


def test_what_is_typed_before_the_scripts_come_counts(visit, site):
    page = visit("learn/")
    late = []
    page.route("**/js/calculator.js", lambda route: late.append(route))
    with page.expect_request("**/js/calculator.js"):
        page.goto(site, wait_until="commit")
    page.locator("#calculator-in").fill("64")
    late[0].continue_()
    ready(page)
    page.locator("[data-family=depthwise-separable] .sum", has_text="1,088 weights").wait_for()
    assert page.locator("#calculator-in").input_value() == "64"


def test_the_code_of_either_layer_is_a_link_away(visit):
    page = visit("")
    ready(page)
    fill(page, **{"in": "64", "out": "96"})
    side = page.locator("[data-family=depthwise-separable]")
    side.locator(".sum", has_text="6,720 weights").wait_for()
    side.get_by_role("link", name="Code for this layer").click()
    page.wait_for_selector("layer-lab .py-panel")
    assert page.get_by_label("family", exact=True).input_value() == "depthwise-separable M=1"
    assert page.get_by_label("channels in", exact=True).input_value() == "64"


def test_the_usual_width_is_never_beyond_full_rank(visit):
    page = visit("")
    ready(page)
    fill(page, **{"in": "64", "out": "8"})
    side = page.locator("[data-family=asymmetric]")
    side.get_by_text("9/8 of the MACs of the standard layer, 12.5 % more.").wait_for()
    assert page.locator("#calculator-middle").get_attribute("placeholder") == "24"
    assert page.locator(".calc-counts tbody").get_by_text("asymmetric m=24").count() == 1
    fill(page, middle="64")
    side.get_by_text("3 times the MACs of the standard layer.").wait_for()


def test_the_address_restores_the_setting(visit):
    page = visit("")
    calculator = ready(page)
    fill(page, image="56x56", padding="0:1x2:3", middle="2, 8")
    page.locator("#calculator-bias").select_option("all")
    choose(page, "flops")
    drawn, there = calculator.evaluate(HTML), address(page).partition("/book/")[2]
    again = visit(there)
    other = ready(again)
    assert other.evaluate(HTML) == drawn
    assert again.locator("#calculator-padding").input_value() == "0:1x2:3"
    assert again.locator("#calculator-bias").input_value() == "all"
    fill(again, image="128x128", padding="same", middle="")
    again.locator("#calculator-bias").select_option("none")
    choose(again, "macs")
    assert "?" not in address(again)
    assert again.complaints == []


def test_the_back_button_returns_to_the_setting(visit):
    page = visit("")
    ready(page)
    fill(page, image="32x32", kernel="5")
    there = address(page)
    page.locator(".calc-counts, .calc-bars").first.locator("a").first.click()
    page.wait_for_url("**/families/standard/?*")
    page.locator("h1", has_text="Standard").wait_for()
    page.go_back()
    page.wait_for_url(lambda url: url.partition("#")[0] == there)
    page.wait_for_function("document.querySelector('#calculator-kernel')?.value === '5'")
    assert "32×32 image" in page.locator(".messages .layer").inner_text()
    fill(page, kernel="7")
    assert "kernel=7" in address(page)
    assert page.complaints == []


def test_layers_to_try_are_filled_in_and_are_links(visit):
    page = visit("")
    ready(page)
    page.get_by_role("link", name="ResNet-50, 3 × 3").click()
    for field, word in KNOWN["ResNet-50, 3 × 3"].items():
        assert page.locator(f"#calculator-{field}").input_value() == word
    assert "56×56 image, 64 → 64 channels" in page.locator(".messages .layer").inner_text()
    assert address(page).endswith("?image=56x56&in=64&out=64")
    page.get_by_role("link", name="This question").click()
    assert "?" not in address(page)


def test_bad_words_are_reported_and_the_last_good_state_stays(visit):
    page = visit("")
    ready(page)
    fill(page, **{"image": "24x24", "padding": "valid"})
    for field in FIELDS:
        refused(page, field)
    assert page.complaints == []


def refused(page, field):
    """Bad words in a field change nothing but what is said at the field, until they are mended."""
    good, good_address = page.locator(".pair").inner_text(), address(page)
    box, told = page.locator(f"#calculator-{field}"), page.locator(f"#calculator-{field}-error")
    for word in [*BAD[field], "<b>", "∞"]:
        box.fill(word)
        assert told.is_visible(), word
        assert told.inner_text().strip()
        assert box.get_attribute("aria-invalid") == "true"
        assert box.get_attribute("aria-describedby") == told.get_attribute("id")
        assert page.locator(".pair").inner_text() == good
    assert address(page) == good_address
    box.fill(
        {"image": "24x24", "padding": "valid", "middle": "", "multiplier": ""}.get(
            field, GRAMMAR[field].usual
        )
    )
    assert not told.is_visible()
    assert box.get_attribute("aria-invalid") is None
    assert page.locator(".pair").inner_text() == good
    assert page.locator("layer-calculator [aria-invalid]").count() == 0


def test_a_bad_address_is_reported_too(visit):
    page = visit("?kernel=zero&in=%3Cb%3E")
    ready(page)
    assert page.locator("#calculator-kernel-error").is_visible()
    assert page.locator("#calculator-in-error").is_visible()
    assert "99 weights" in page.locator("[data-family=asymmetric]").inner_text()
    assert page.complaints == []


@pytest.mark.parametrize("axes", SAMPLES)
def test_random_layers_in_the_page_are_those_of_node(visit, folder, axes):  # noqa: F811
    """tests/site/test_formulas_js.py holds what node answers for them against Python."""
    page = visit("")
    ready(page)
    asked = sample(axes)
    assert numbers(page.evaluate(ASK, asked)) == node(folder, RUN, asked)


def test_transposed_layers_are_drawn_and_followed(visit):
    page = visit("")
    ready(page)
    fill(page, image="16x16", kernel="4", stride="2", padding="1")
    assert not page.locator("#calculator-output_padding").is_visible()
    page.locator("#calculator-transposed").check()
    page.locator("#calculator-output_padding").fill("1")
    fields = {"image": "16x16", "kernel": "4", "stride": "2", "padding": "1", "transposed": "yes"}
    usual = {name: field.usual for name, field in GRAMMAR.items()}
    facts = expected(usual | fields | {"output_padding": "1"})
    page.get_by_text("33 × 33 × 8").first.wait_for()
    side = page.locator("[data-family=asymmetric]").inner_text()
    row = next(row for row in facts["families"] if row["name"] == "asymmetric")
    assert f"{spaced(row['parameters'])} weights, {spaced(row['macs'])} MACs" in side
    assert "adds each number to" in side
    there = address(page)
    assert "transposed=1&output_padding=1" in there
    words = page.locator(".same-words").inner_text()
    assert "--kernel 4 --stride 2 --padding 1 --transposed --output-padding 1" in words
    assert "stride=2, padding=(1, 1), transposed=True, output_padding=1)" in words
    page.locator(".calc-bars").get_by_role("link", name="asymmetric m=3", exact=True).click()
    page.wait_for_url("**/families/asymmetric/?*")
    mine = page.locator("your-layer")
    mine.get_by_text("Your layer").wait_for()
    assert f"{spaced(row['parameters'])} weights, {spaced(row['macs'])} MACs" in mine.inner_text()
    assert page.complaints == []


def test_nothing_moves_when_the_page_comes_to_life(visit):
    page = visit("", first=True)
    ready(page)
    assert states.shifted(page) < 0.02


def test_the_answer_is_above_the_fold(visit):
    page = visit("")
    ready(page)
    low = page.locator(".answer").evaluate("e => e.getBoundingClientRect().bottom")
    tops = page.locator("at-work .player").evaluate_all(
        "all => all.map((e) => e.getBoundingClientRect().bottom)"
    )
    assert len(tops) == 2
    assert max(low, *tops) <= 900
    flows = page.locator(".calc-flow").evaluate_all(
        "all => all.map((flow) => [...flow.children].map((e) => e.getBoundingClientRect().top))"
    )
    assert all(max(tops) - min(tops) < 1 for tops in flows)


@pytest.mark.parametrize(
    "query", ["", "?image=1080x1920&in=512&out=1024&kernel=31&middle=100000000"]
)
def test_a_phone_never_scrolls_sideways(visit, query):
    page = visit(query, PHONE)
    ready(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sides = page.locator(".side").evaluate_all(
        "all => all.map((e) => e.scrollWidth - e.clientWidth)"
    )
    assert max(sides) <= 1
