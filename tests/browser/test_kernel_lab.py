"""The kernel lab in a browser: what it says is what ``derive factor`` says, however one asks."""

import json
import re
from fractions import Fraction
from math import hypot

import pytest
from click.testing import CliRunner

from derive.cli import cli
from derive.kernels import gallery
from tests.browser.axe import in_both_schemes, is_serious
from tests.browser.states import heard, listen, shifted, shown
from tests.browser.test_answers import fresh, outdated

PATH = "lab/kernel/"
PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
PLUS = "1 2 1; 2 5 2; 1 2 1"
KERNELS = (
    PLUS,
    "1 2 1; 2 4 2; 1 2 1",
    "-1 0 1; -2 0 2; -1 0 1",
    "1/9 0.25 2; 1 2 3",
    "0 0; 0 0",
    "5;",
    "0 1 0; 1 -4 1; 0 1 0",
    "1 2 3 4; 5 6 7 8; 9 10 11 12; 13 14 15 17",
    "1e-3 2; 0.5 1/7; -3 4; 1 1",
)
NAMED = ("prewitt", "log-5", "emboss", "gaussian-5", "log-9", "binomial-4")


def factor(kernel, *options):
    """What derive factor says, as data."""
    run = CliRunner().invoke(cli, ["factor", "--json", *options, "--", kernel])
    assert run.exit_code == 0, run.output
    return json.loads(run.output)


def lab(page):
    return page.locator("kernel-lab")


def said(page, name):
    return page.locator(f'[data-say="{name}"]').inner_text()


def message(page, name):
    return page.locator(f'[data-say="{name}"].complaint').inner_text()


def cell(page, y, x):
    return page.get_by_label(f"row {y + 1}, column {x + 1}", exact=True)


def write(page, text):
    page.get_by_label("Row by row").fill(text)


def opened(visit, query="", **options):
    page = visit(PATH + query, **options)
    page.wait_for_selector("kernel-lab[data-rank]")
    return page


def drawn(page):
    """Wait until the pictures show the kernel of now."""
    page.locator(".kl-picture").scroll_into_view_if_needed()
    page.wait_for_function(
        "document.querySelector('.kl-picture').dataset.drawn"
        " && document.querySelector('[data-say=scale]').textContent"
    )


def exact(text):
    return Fraction(text.replace("−", "-"))


def shown_terms(page):
    """The outer products as drawn: scale, column and row of each."""
    terms = page.locator(".term").evaluate_all(
        """terms => terms.map(term => [
          term.querySelector(".times")?.textContent ?? "",
          [...term.querySelectorAll("tbody th")].map(cell => cell.textContent),
          [...term.querySelectorAll("thead th")].map(cell => cell.textContent),
        ])"""
    )
    for times, column, row in terms:
        scale = times.replace("+", "").replace("×", "").strip() or "1"
        yield exact(scale), list(map(exact, column)), list(map(exact, row))


def framed(page):
    """Rows and columns of the framed minor."""
    places = page.locator("td.marked input").evaluate_all("cells => cells.map(x => x.ariaLabel)")
    found = [tuple(map(int, re.findall(r"\d+", place))) for place in places]
    return sorted({y - 1 for y, _ in found}), sorted({x - 1 for _, x in found})


def rank_of(document):
    """The rank; a single row or column has none in the document."""
    filled = any(map(Fraction, document["kernel"]["entries"]))
    return int(filled) if document["rank"] is None else document["rank"]


def verdict_of(document, rank):
    """How the verdict begins: for floats with what they are to their own precision."""
    width = (document["practical"] or {}).get("width") or rank
    if width < rank:
        return "As floats, one column" if width == 1 else f"As floats, of rank {width} "
    return "Separable" if rank < 2 else f"Not separable: rank {rank}"


def entries_of(document):
    height, width = document["kernel"]["extents"][2:]
    flat = list(map(Fraction, document["kernel"]["entries"]))
    return [flat[width * y : width * (y + 1)] for y in range(height)]


def compare(page, document):
    """Everything on the page that the document speaks of."""
    rank, rows = rank_of(document), entries_of(document)
    assert lab(page).get_attribute("data-verdict") == document["verdict"]
    assert lab(page).get_attribute("data-rank") == str(rank)
    assert said(page, "verdict").startswith(verdict_of(document, rank))
    values = page.locator("[data-bars] li").evaluate_all("x => x.map(y => Number(y.dataset.value))")
    expected = document["singular_values"] or [hypot(*(float(x) for row in rows for x in row))]
    assert values == pytest.approx(expected, abs=1e-9 * (max(expected) or 1))
    if rank < 2:
        assert framed(page) == ([], [])
        return
    (top, low), (left, right) = framed(page)
    minor = rows[top][left] * rows[low][right] - rows[top][right] * rows[low][left]
    assert minor != 0
    words = said(page, "minor")
    if "≈" not in words:
        assert exact(words.rpartition("= ")[2]) == minor
    for width, found in ((x["width"], x) for x in document["approximations"]):
        page.locator("#kl-near").fill(str(width))
        error = float(lab(page).get_attribute("data-relative-error"))
        assert error == pytest.approx(found["relative_error"], abs=1e-9)


def multiplies_back(page, document):
    rows = entries_of(document)
    total = [[Fraction(0)] * len(rows[0]) for _ in rows]
    terms = list(shown_terms(page))
    assert len(terms) == rank_of(document)
    for scale, column, row in terms:
        for y, a in enumerate(column):
            for x, b in enumerate(row):
                total[y][x] += scale * a * b
    assert total == rows


def test_typed_kernels_get_the_verdict_of_derive_factor(visit):
    page = opened(visit)
    for text in KERNELS:
        write(page, text)
        document = factor(text)
        compare(page, document)
        multiplies_back(page, document)
        rank = max(rank_of(document), 1)
        least = next(x for x in document["widths"] if x["family"] == "asymmetric")
        assert least["minimal"]["m"] == rank
        assert f"{least['parameters']} multiplication" in said(page, "cost")
        assert ("No saving" in said(page, "cost")) != least["saves"]["parameters"]
    assert page.complaints == []


@pytest.mark.parametrize("name", NAMED)
def test_presets_get_the_verdict_of_derive_factor(visit, name):
    page = opened(visit)
    page.get_by_label("From the gallery").select_option(name)
    page.wait_for_url(f"**?name={name}")
    document = factor(name)
    compare(page, document)
    if not gallery()[name].sampled:
        multiplies_back(page, document)
    else:
        assert f"rank {gallery()[name].sampled.ideal_rank}" in said(page, "rounded")
        width, rank = document["practical"]["width"], rank_of(document)
        assert width == gallery()[name].sampled.ideal_rank
        exactly = said(page, "proof").startswith("Exactly it is not, with every float taken")
        assert exactly == (width < rank)
        sides = document["kernel"]["extents"][2:]
        assert f"{width * sum(sides)} multiplications" in said(page, "cost")
    assert page.complaints == []


def test_every_kernel_of_the_gallery_can_be_chosen(visit):
    page = opened(visit)
    offered = page.locator("#kl-preset option").evaluate_all("x => x.map(y => y.value)")
    assert set(offered) == {"", *gallery()}


def test_without_a_script_the_page_says_the_same(visit, browser):
    page = opened(visit)
    context = browser.new_context(viewport=LAPTOP, java_script_enabled=False)
    bare = context.new_page()
    bare.goto(page.url)
    for part in (".kl-verdict", ".kl-terms", ".bars", ".kl-pair"):
        with_script, without = (
            [x.replace("Copy", "").strip() for x in one.locator(part).inner_text().split("\n")]
            for one in (page, bare)
        )
        assert [x for x in with_script if x] == [x for x in without if x]
    # Edges and cells, whose words are in their values.
    for one in (page, bare):
        assert one.locator("td.edge:not(.corner)").all_inner_texts() == [
            "−1",
            "0",
            "1",
            "1",
            "2",
            "1",
        ]
    assert bare.locator("noscript").count() == 1
    assert not bare.get_by_label("Row by row").is_visible()
    context.close()


def test_a_cell_is_typed_and_arrows_move(visit):
    page = opened(visit)
    cell(page, 0, 0).click()
    page.keyboard.type("1/9")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert cell(page, 1, 1).evaluate("e => e === document.activeElement")
    page.keyboard.type("0.25")
    page.keyboard.press("Enter")
    page.keyboard.type("-7")
    assert page.get_by_label("Row by row").input_value() == "1/9 0 1; -2 0.25 2; -1 -7 1"
    for _ in range(3):
        page.keyboard.press("ArrowUp")  # stays in the grid
    assert cell(page, 0, 1).evaluate("e => e === document.activeElement")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "kl-rows"  # one stop for the whole grid
    page.keyboard.press("Shift+Tab")
    assert cell(page, 0, 1).evaluate("e => e === document.activeElement")
    compare(page, factor("1/9 0 1; -2 0.25 2; -1 -7 1"))
    assert page.complaints == []


def test_the_caret_moves_within_a_word_first(visit):
    page = opened(visit)
    cell(page, 0, 0).click()
    page.keyboard.type("12")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("5")
    assert cell(page, 0, 0).input_value() == "152"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert cell(page, 0, 1).evaluate("e => e === document.activeElement")


def test_painting_by_pointer(visit):
    page = opened(visit, "?k=0,0,0;0,0,0;0,0,0")
    page.get_by_label("with", exact=True).fill("1/3")
    page.get_by_role("button", name="Paint").click()
    assert page.get_by_role("button", name="Paint").get_attribute("aria-pressed") == "true"
    boxes = [cell(page, y, 0).bounding_box() for y in range(3)]
    page.mouse.move(boxes[0]["x"] + 9, boxes[0]["y"] + 9)
    page.mouse.down()
    page.mouse.move(boxes[2]["x"] + 9, boxes[2]["y"] + 9, steps=8)
    page.mouse.up()
    page.mouse.move(boxes[2]["x"] + 99, boxes[2]["y"] + 9)  # no longer down
    text = page.get_by_label("Row by row").input_value()
    assert text == "1/3 0 0; 1/3 0 0; 1/3 0 0"
    compare(page, factor(text))
    page.get_by_role("button", name="Paint").click()
    cell(page, 1, 1).click()
    assert page.get_by_label("Row by row").input_value() == text
    assert page.complaints == []


def test_painting_by_keyboard(visit):
    page = opened(visit, "?k=0,0,0;0,0,0;0,0,0")
    page.get_by_role("button", name="Paint").press("Enter")
    cell(page, 0, 0).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.type("8")  # painting, not typing
    assert page.get_by_label("Row by row").input_value() == "1 1 0; 0 0 1; 0 0 0"
    compare(page, factor("1 1 0; 0 0 1; 0 0 0"))


def test_resize_transpose_scale_random(visit):
    page = opened(visit, "?k=1,2;3,4")
    page.get_by_label("columns", exact=True).fill("3")
    page.get_by_label("Rows", exact=True).fill("1")
    text = page.get_by_label("Row by row")
    assert text.input_value() == "1 2 0"
    page.get_by_role("button", name="Transpose").click()
    assert text.input_value() == "1; 2; 0"
    page.get_by_label("by", exact=True).fill("-0.5")
    page.get_by_role("button", name="Scale").click()
    assert text.input_value() == "-1/2; -1; 0"
    page.get_by_label("Rows", exact=True).fill("15")
    page.get_by_label("columns", exact=True).fill("15")
    page.get_by_label("of rank", exact=True).fill("7")
    page.get_by_role("button", name="Random").click()
    assert lab(page).get_attribute("data-rank") == "7"
    document = factor(text.input_value())
    assert document["rank"] == 7
    compare(page, document)
    page.get_by_label("of rank", exact=True).fill("0")
    page.get_by_label("of rank", exact=True).press("Enter")
    assert lab(page).get_attribute("data-rank") == "0"
    assert page.complaints == []


def test_the_address_holds_the_kernel(visit):
    page = opened(visit)
    assert "?" not in page.url
    write(page, "1/9 -0.25; 1e3 +4")
    page.wait_for_url(lambda url: url.endswith("?k=1/9,-0.25;1e3,%2B4"))
    again = opened(visit, page.url.partition(PATH)[2])
    assert again.get_by_label("Row by row").input_value() == "1/9 -0.25; 1e3 +4"
    assert again.url == page.url
    assert said(again, "verdict") == said(page, "verdict")
    page.get_by_label("From the gallery").select_option("emboss")
    page.wait_for_url("**?name=emboss")
    named = opened(visit, "?name=emboss")
    named.wait_for_function("document.querySelector('#kl-preset').value === 'emboss'")
    assert lab(named).get_attribute("data-rank") == lab(page).get_attribute("data-rank") == "3"
    write(page, PLUS)
    assert page.get_by_label("From the gallery").input_value() == ""


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?k=1,x;2,3", "'x' is no number"),
        ("?k=1;2,3", "all rows must be equally long"),
        ("?k=", "the kernel is empty: write one row of numbers per line"),
        ("?name=no-such", "which the gallery does not have"),
        ("?name=constructor", "which the gallery does not have"),
        ("?k=<img src=x onerror=alert(1)>", "is no number"),
    ],
)
def test_a_bad_address_is_reported_and_sobel_stays(visit, query, words):
    page = opened(visit, query)
    assert words.lower() in message(page, "text").lower()
    assert lab(page).get_attribute("data-rank") == "1"
    assert cell(page, 1, 0).input_value() == "-2"
    assert page.complaints == []


@pytest.mark.parametrize(
    ("label", "place", "good"),
    [
        ("Row by row", "text", "1 2; 3 4"),
        ("row 1, column 2", "cell", "1/2"),
        ("Rows", "tool", "2"),
        ("columns", "tool", "15"),
        ("with", "tool", "0.1"),
        ("by", "tool", "-3"),
        ("of rank", "tool", "1"),
    ],
)
def test_bad_input_is_reported_and_the_last_kernel_kept(visit, label, place, good):
    page = opened(visit, "?k=1,2;2,5")
    field = page.get_by_label(label, exact=True)
    before = said(page, "verdict"), page.url
    bad = ["abc", "", "1/0", "1e999", "9" * 400, "--1", "NaN", "<b>1</b>", "1 2; 3"]
    if place == "tool" and label not in ("with", "by"):
        bad += ["-1", "16", "1/2", "2.5", "1e1"]
    for word in bad:
        field.fill(word)
        if label in ("by", "of rank"):
            field.press("Enter")
        assert field.get_attribute("aria-invalid") == "true", word
        text = message(page, place)
        assert re.search("write|at most|beyond|finite|divides by 0|equally long", text), text
        assert "kept" in text
        described = field.get_attribute("aria-describedby") or "kl-cell-said"
        assert page.locator(f"#{described}").inner_text() == text
        assert (said(page, "verdict"), page.url) == before
    field.fill(good)
    if label in ("by", "of rank"):
        field.press("Enter")
    assert field.get_attribute("aria-invalid") is None
    assert page.locator(".complaint").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= LAPTOP["width"]
    assert page.complaints == []


def test_escape_gives_a_cell_its_number_back(visit):
    page = opened(visit)
    cell(page, 0, 0).fill("oops")
    assert "row 1, column 1" in message(page, "cell").lower()
    page.keyboard.press("Escape")
    assert cell(page, 0, 0).input_value() == "-1"
    assert page.locator(".complaint").count() == 0


def test_the_command_is_one_that_runs(visit):
    page = opened(visit)
    assert said(page, "command") == "derive factor sobel"
    for text in ("1 2; 3 4", "-1 0; 0 1/3", "1 2; 2 4", "1 2 3", "-7", "1; 0"):
        write(page, text)
        words = said(page, "command").replace('"', "\0").split("\0")
        arguments = [*words[0].split()[1:], *words[1:2]]
        run = CliRunner().invoke(cli, [arguments[0], "--json", *arguments[1:]])
        assert run.exit_code == 0, run.output
        assert json.loads(run.output)["verdict"] == "exact"


def test_the_command_is_copied(visit):
    page = opened(visit)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    listen(page)
    page.get_by_role("button", name="Copy").click()
    heard(page, "Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "derive factor sobel"


PIXELS = """name => {
  const canvas = document.querySelector(`[data-canvas=${name}]`);
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return [...data].filter((_, k) => k % 4 === 0).map(x => String.fromCharCode(x)).join("");
}"""


def pixels(page, name):
    return list(map(ord, page.evaluate(PIXELS, name)))


def test_the_pictures_are_drawn_and_differ(visit):
    page = opened(visit, "?k=1,2,1;2,5,2;1,2,1")
    drawn(page)
    image, full, passes, apart = (
        pixels(page, name) for name in ("image", "full", "passes", "difference")
    )
    assert all(len(set(one)) > 20 for one in (image, full, passes, apart))
    assert image != full != passes
    assert "Difference: middle grey is 0" in said(page, "apart")
    assert "331,776 multiplications, in two passes 221,184" in said(page, "time")
    page.locator("#kl-near").fill("2")  # exact: no difference
    page.wait_for_function(
        "document.querySelector('[data-say=apart]').textContent.includes('none')"
    )
    assert set(pixels(page, "difference")) <= {127, 128}
    assert pixels(page, "full") == full
    labels = page.locator("canvas").evaluate_all("x => x.map(y => y.getAttribute('aria-label'))")
    assert len(set(labels)) == 4
    assert all(labels)


def test_the_pictures_of_a_kernel_of_zeros(visit):
    page = opened(visit, "?k=0,0;0,0")
    drawn(page)
    assert set(pixels(page, "full")) == {0}
    assert set(pixels(page, "difference")) <= {127, 128}
    assert page.complaints == []


def test_a_delta_leaves_the_image_as_it_is(visit):
    page = opened(visit, "?k=0,0,0;0,1,0;0,0,0")
    drawn(page)
    white = max(pixels(page, "full"))
    assert white == 255
    scaled = [x - y for x, y in zip(pixels(page, "full"), pixels(page, "image"), strict=True)]
    assert 0 <= min(scaled) <= max(scaled) < 15  # the brightest is white


def test_an_image_of_ones_own(visit, tmp_path):
    page = opened(visit)
    drawn(page)
    sample = pixels(page, "image")
    page.set_input_files(
        "#kl-file", files=[{"name": "x.txt", "mimeType": "text/plain", "buffer": b"no"}]
    )
    page.wait_for_function(
        "document.querySelector('[data-say=file]').textContent.includes('not an image')"
    )
    assert pixels(page, "image") == sample
    page.screenshot(path=tmp_path / "own.png", clip={"x": 0, "y": 0, "width": 800, "height": 200})
    page.set_input_files("#kl-file", tmp_path / "own.png")
    page.wait_for_function("document.querySelector('[data-canvas=full]').width === 384")
    assert page.locator("[data-canvas=image]").evaluate("e => [e.width, e.height]") == [384, 96]
    page.get_by_role("button", name="Back to the sample").click()
    page.wait_for_function("document.querySelector('[data-canvas=full]').width === 192")
    assert pixels(page, "image") == sample
    assert page.complaints == []


@pytest.mark.parametrize("query", ["", "?k=1,2,1;2,5,2;1,2,1", "?k=1,x", "?name=log-9"])
def test_axe_finds_nothing(visit, query):
    page = opened(visit, query)
    if "name" in query:
        page.wait_for_url("**?name=*")
    drawn(page)
    assert in_both_schemes(page, counts=counts) == {}


def counts(violation):
    """Whether it keeps someone from reading the page, or is the lab's own."""
    return is_serious(violation) or any("kl-" in node["html"] for node in violation["nodes"])


@pytest.mark.parametrize("query", ["", "?name=log-9", "?k=" + ";".join([",".join("1" * 15)] * 15)])
def test_a_phone_does_not_scroll_sideways(visit, query):
    page = opened(visit, query, viewport=PHONE)
    drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.complaints == []


@pytest.mark.parametrize("viewport", [PHONE, LAPTOP])
def test_nothing_moves_when_the_module_arrives(visit, viewport):
    page = opened(visit, viewport=viewport, first=True)
    assert shifted(page) < 0.02


def test_instant_navigation_brings_the_lab(visit):
    page = visit("lab/")
    page.locator("article").get_by_role("link", name="kernel").first.click()
    page.wait_for_selector("kernel-lab[data-rank]")
    write(page, PLUS)
    assert lab(page).get_attribute("data-rank") == "2"
    page.go_back()
    page.wait_for_url("**/lab/")
    assert page.complaints == []


def test_the_layer_is_changed_on_the_page(visit):
    page = opened(visit, "?name=laplacian-4")
    drawn(page)
    place = page.locator("[data-layer]")
    page.locator(".layer-fold summary").click()
    page.fill(".layer-fold [name=image]", "56x48")
    shown(page, "56×48 image, 1 → 1 channels", "[data-layer]")
    page.fill(".layer-fold [name=stride]", "2")
    page.select_option(".layer-fold [name=bias]", "last")
    page.check(".layer-fold [name=transposed]")
    shown(page, "transposed", "[data-layer]")
    assert "stride 2" in place.inner_text()
    said = page.locator(".layer-fold summary").inner_text()
    assert said == "The layer: image 56×48, stride 2, bias last, transposed"
    assert "image=56x48&stride=2&bias=last&transposed=1" in page.url
    page.fill(".layer-fold [name=image]", "8x8x8")
    outdated(page)
    assert "the layer has 3 axes" in page.locator(".layer-fold .error").first.inner_text()
    page.fill(".layer-fold [name=image]", "2x2")
    page.fill(".layer-fold [name=padding]", "0")
    page.uncheck(".layer-fold [name=transposed]")
    outdated(page)  # the window is larger than the image
    page.fill(".layer-fold [name=image]", "3x3")
    fresh(page)
    write(page, "1 2 3 4\n1 2 3 4\n1 2 3 4\n1 2 3 4")
    shown(page, "On your layer there are no numbers: ", "[data-layer]")
    assert page.complaints == []
