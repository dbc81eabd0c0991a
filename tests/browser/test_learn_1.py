"""The first half of the course in a real browser: every figure answers its controls with the right
numbers, by mouse and by keyboard, in both schemes, on a phone, and without scripts.
"""

import pytest

from derive.parse.layer import read_layer
from derive.site.pages.learn import asymmetric, convolution, factoring, same
from derive.site.pages.learn import depthwise_separable as dws
from tests.browser.axe import serious
from tests.browser.states import shifted, still

PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 900}
LESSONS = ("convolution", "factoring", "asymmetric", "depthwise-separable", "same")
FIGURES = {
    "convolution": ("convolution",),
    "factoring": ("distributive", "factoring"),
    "asymmetric": ("outer", "matrix", "width"),
    "depthwise-separable": ("mix", "shares", "combination"),
    "same": ("same",),
}
PATHS = ("learn/", *(f"learn/{lesson}/" for lesson in LESSONS))

OUTGROWN = """(all) => all
  .filter((one) => one.offsetHeight > parseFloat(getComputedStyle(one).minHeight) + 1)
  .map((one) => `${one.firstElementChild.dataset.figure}: ${one.offsetHeight}`)"""


@pytest.fixture
def figure(visit):
    """A figure that has come to life."""

    def opened(name, **options):
        lesson = next(slug for slug, names in FIGURES.items() if name in names)
        page = visit(f"learn/{lesson}/", **options)
        found = page.locator(f"learn-{name}[data-ready]")
        found.wait_for()
        return found

    return opened


def numbers(table):
    """The entries of a grid, row after row, without empty cells."""
    rows = table.evaluate(
        """(table) => [...table.tBodies[0].rows].map((row) =>
          [...row.querySelectorAll("td")].map((cell) => cell.textContent))"""
    )
    filled = [[int(entry.replace("−", "-")) for entry in row if entry] for row in rows]
    return [row for row in filled if row]


def slide(figure, name, value):
    figure.get_by_role("slider", name=name, exact=True).fill(str(value))


def pick(figure, label):
    tick(figure.get_by_role("radio", name=label, exact=True))


def tick(radio):
    """Choose a radio button, once formulas near it have been laid out."""
    radio.scroll_into_view_if_needed()
    still(radio.page)
    radio.check(force=True)


def said(figure):
    return " ".join(figure.locator(".said").last.inner_text().replace("−", "-").split())


# All pages


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_serious(visit, path):
    page = visit(path)
    for lesson_figure in page.locator("[data-figure]").all():
        lesson_figure.and_(page.locator("[data-ready]")).wait_for()
    assert serious(page) == {}
    assert page.complaints == []


@pytest.mark.parametrize("viewport", [PHONE, LAPTOP], ids=["phone", "laptop"])
@pytest.mark.parametrize("path", PATHS)
def test_pages_fit_and_do_not_shift(visit, path, viewport):
    page = visit(path, viewport, first=True)
    moved = shifted(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert moved < 0.02
    assert page.locator(".learn-figure").evaluate_all(OUTGROWN) == []
    assert page.complaints == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_makes_its_point_without_scripts(browser, site, lesson):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}learn/{lesson}/")
    for name in FIGURES[lesson]:
        still = page.locator(f"learn-{name} .still")
        assert still.is_visible()
        assert still.locator("table, svg, p").count() > 0
    context.close()


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_control_is_reached_by_keyboard_and_has_a_name(visit, lesson):
    page = visit(f"learn/{lesson}/")
    for name in FIGURES[lesson]:
        found = page.locator(f"learn-{name}[data-ready]")
        found.wait_for()
        controls = found.locator("button, input, [role=button]")
        assert controls.count() > 1
        assert found.locator("[tabindex='-1']").count() == 0
        slider = found.get_by_role("slider").first
        if slider.count():
            slider.focus()
            before = slider.get_attribute("aria-valuetext")
            page.keyboard.press("ArrowRight")
            page.keyboard.press("ArrowRight")
            assert slider.get_attribute("aria-valuetext") != before, name
    assert page.complaints == []


def test_figures_survive_instant_navigation(visit):
    page = visit("learn/")
    page.locator(".md-content").get_by_role("link", name="A convolution is a sum").click()
    page.locator("learn-convolution[data-ready]").wait_for()
    page.locator(".onward a").click()
    page.locator("learn-factoring[data-ready]").wait_for()
    page.go_back()
    page.locator("learn-convolution[data-ready]").wait_for()
    slide(page.locator("learn-convolution"), "Stride s", 2)
    assert "(3 × 3)" in page.locator("learn-convolution").inner_text()
    assert page.complaints == []


def test_with_reduced_motion_nothing_offers_to_play(browser, site):
    for motion, shown in (("reduce", False), ("no-preference", True)):
        context = browser.new_context(reduced_motion=motion)
        page = context.new_page()
        page.goto(f"{site}learn/convolution/")
        page.locator("learn-convolution[data-ready]").wait_for()
        assert page.get_by_role("button", name="Play").is_visible() == shown
        context.close()


# Lesson 1


@pytest.mark.parametrize(
    ("channels", "stride", "dilation", "padding"),
    [(1, 1, 1, 0), (1, 1, 1, 2), (2, 2, 1, 1), (2, 1, 2, 2), (1, 3, 2, 1), (2, 3, 1, 0)],
)
def test_a_result_is_what_the_loops_say(figure, channels, stride, dilation, padding):
    found = figure("convolution")
    slide(found, "Stride s", stride)
    slide(found, "Dilation d", dilation)
    slide(found, "Padding p", padding)
    if channels == 2:
        group = found.get_by_role("group", name="Input channels")
        group.get_by_role("radio", name="2").check(force=True)
    wanted = convolution.output(channels, stride, dilation, padding)
    side = 1 + max(y for _, y, _ in wanted)
    for o in range(2):
        group = found.get_by_role("group", name="Output channel")
        group.get_by_role("radio", name=str(o)).check(force=True)
        shown = numbers(found.locator("table.heat", has_text="Result"))
        assert shown == [[wanted[o, y, x] for x in range(side)] for y in range(side)]
    last = side * side - 1
    slide(found, "Output pixel", last)
    value = wanted[1, side - 1, side - 1]
    assert (
        said(found) == f"Y[1, {side - 1}, {side - 1}] = {value}, a sum of {9 * channels} products"
    )
    assert found.locator("button.term").count() == 9 * channels


def test_a_product_lights_its_letters_its_weight_and_its_pixel(figure):
    found = figure("convolution")
    slide(found, "Padding p", 0)
    found.get_by_role("button", name="Step forward").press("Enter")
    found.locator("button.term").nth(5).focus()
    kernel, image = convolution.KERNELS[0][0], convolution.IMAGE[0]
    detail = found.locator(".detail").inner_text().replace("−", "-")
    assert detail == (
        f"i = 0, u = 1, v = 2: weight {kernel[1][2]} times pixel {image[1][3]} at row 1, column 3"
    )
    lit = found.locator(".sum-line .letter.lit").all_inner_texts()
    assert {*lit} == {"i", "u", "v"}
    assert found.locator("td.lit").all_inner_texts() == [str(image[1][3]), "−2"]


def test_playing_moves_the_window_and_stops(figure):
    found = figure("convolution")
    found.get_by_role("button", name="Play").click()
    found.page.wait_for_function(
        "bar => Number(bar.value) >= 1",
        arg=found.get_by_role("slider", name="Output pixel").element_handle(),
    )
    found.get_by_role("button", name="Pause").click()
    found.get_by_role("button", name="Play").wait_for()


# Lesson 2


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (2, 3), (5, 5), (4, 1)])
def test_cells_and_factored_sum_are_the_same_area(figure, rows, columns):
    found = figure("distributive")
    slide(found, "Rows", rows)
    slide(found, "Columns", columns)
    area = sum(factoring.HEIGHTS[:rows]) * sum(factoring.WIDTHS[:columns])
    cells = rows * columns
    products = f"{cells} product{'' if cells == 1 else 's'}"
    assert f"= {area}: {products}" in said(found)
    pick(found, "factored")
    assert f"= {area}: 1 product, {rows + columns - 2} addition" in said(found)


ASSIGNMENTS = (
    "first both second first bond",
    "both second first first none",
    "second second first second bond",
    "first second first first bond",
    "both both second second none",
    "first second first second none",
)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_an_assignment_shows_what_is_derived_from_its_line(figure, assignment):
    found = figure("factoring")
    *homes, bond = assignment.split()
    for group, home in zip(found.locator("fieldset").all(), homes, strict=False):
        tick(group.locator(f"input[value={home}]"))
    tick(found.locator("fieldset").last.locator(f"input[value={bond}]"))
    wanted = dict(factoring.assignments(read_layer()))[assignment]
    text = " ".join(found.inner_text().split())
    assert " · ".join(wanted["factors"]) in text
    parts = " + ".join(str(stage["products"]) for stage in wanted["stages"])
    whole = f"{parts} = {wanted['products']}" if len(wanted["stages"]) > 1 else parts
    assert f"{whole} products, {wanted['weights']} weights" in text
    assert wanted["exact"] in said(found)
    if wanted["family"]:
        link = found.get_by_role("link", name=wanted["family"]["title"])
        link.click()
        found.page.wait_for_url(f"**/families/{wanted['family']['name']}/")


def test_presets_set_the_deal(figure):
    found = figure("factoring")
    found.get_by_role("button", name="Space, then channels").press("Enter")
    assert found.locator("input:checked").evaluate_all("all => all.map((one) => one.value)") == [
        "both", "second", "first", "first", "none",
    ]  # fmt: skip


# Lesson 3


@pytest.mark.parametrize("name", asymmetric.ONE_CHANNEL)
def test_a_filter_is_exact_from_its_rank_on(figure, name):
    found = figure("outer")
    wanted = asymmetric.specimen(name)
    tick(found.locator(f"input[value='{name}']"))
    for width in (1, 2, 3):
        slide(found, "Width m", width)
        one = wanted["widths"][str(width)]
        assert said(found).startswith(
            f"{'Exact' if one['exact'] else 'Not exact'} at width {width}."
        )
        grids = found.locator(".terms-of table.heat")
        assert numbers(grids.first) == wanted["rows"]
        assert grids.count() == 1 + min(width, wanted["rank"]) + (not one["exact"])
        if not one["exact"]:
            down, across = one["minor"]["at"]
            assert found.locator("td.marked").count() == len(down) * len(across)
            assert f"{one['error']} %" in said(found)
            assert f"minor is {one['minor']['value']}".replace("−", "-") in said(found)


@pytest.mark.parametrize("name", ["shared", "pairs", "identity"])
def test_the_matrix_shows_the_kernel_and_its_rank(figure, name):
    found = figure("matrix")
    wanted = asymmetric.several()[name]
    tick(found.locator(f"input[value='{name}']"))
    assert numbers(found.locator("table.blocks")) == wanted["matrix"]
    assert f"Rank {wanted['rank']} of 6" in found.locator(".verdict-of").inner_text()
    slide(found, "Entry", 6 * 4 + 2)  # row (1, 1), column (0, 2)
    assert said(found) == (
        f"Row (o = 1, v = 1), column (i = 0, u = 2): K is {wanted['filters'][1][0][2][1]}"
    )
    assert found.locator("td.lit").count() == 2


@pytest.mark.parametrize("place", range(3))
def test_a_width_costs_what_the_facts_say(figure, place):
    found = figure("width")
    wanted = asymmetric.costs(*asymmetric.LAYERS[place])
    found.locator("fieldset input").nth(place).check(force=True)
    for step, one in enumerate(wanted["widths"]):
        slide(found, "Width m", step)
        assert f"{one['weights']:,} weights" in found.locator("dl.bars .chosen").inner_text()
        dear = "Cheaper" if one["m"] <= wanted["break_even"] else "More expensive"
        word = "A tie" if one["weights"] == wanted["standard"] else dear
        assert said(found).startswith(f"{word}: it saves up to m = {wanted['break_even']}.")
        assert one["exact"] in said(found)


# Lesson 4


def test_all_filters_of_an_input_are_multiples_of_one(figure):
    found = figure("mix")
    pick(found, "1")
    for o, weight in enumerate((3, -2, 0)):
        slide(found, f"Weight to output {o}", weight)
    shown = [numbers(table) for table in found.locator(".slice").nth(1).locator("table").all()]
    assert shown[0] == dws.FILTERS[1]
    assert shown[1:] == [dws.times(weight, dws.FILTERS[1]) for weight in (3, -2, 0)]
    first = [numbers(table) for table in found.locator(".slice").nth(0).locator("table").all()]
    assert first[1:] == [dws.times(line[0], dws.FILTERS[0]) for line in dws.MIX]


@pytest.mark.parametrize("side", dws.SIDES)
def test_shares_are_those_of_the_counts(figure, side):
    found = figure("shares")
    pick(found, f"{side} × {side}")
    for place, outputs in enumerate(dws.OUTPUTS):
        slide(found, "Output channels", place)
        wanted = dws.share(side, outputs)
        first, second = wanted["parts"]
        assert said(found).startswith(f"Filters {first} + mix {second} = {wanted['total']} of")
        assert ("more expensive" in said(found)) == (wanted["all"] > 100)


def test_a_pointwise_convolution_is_the_linear_combination(figure):
    found = figure("combination")
    for i, weight in enumerate((2, 3, -1)):
        slide(found, f"Weight of channel {i}", weight)
    assert numbers(found.locator("table", has_text="Output")) == dws.combined([2, 3, -1])
    slide(found, "Pixel", 5)
    first, second, third = (plane[1][1] for plane in dws.PLANES)
    value = dws.combined([2, 3, -1])[1][1]
    assert said(found).startswith(f"Pixel (1, 1): 2·{first} + 3·{second} + (-1)·{third} = {value}.")


# Lesson 6


def test_every_kernel_lies_in_the_page_where_python_puts_it(figure):
    found = figure("same")
    regions = found.page.evaluate(
        """async (width) => {
          const { judge } = await import(new URL("../../assets/js/learn/same.js", location).href);
          return Array.from({ length: 2 ** 16 }, (_, number) =>
            judge([...number.toString(2).padStart(16, "0")].map(Number), width).region);
        }""",
        same.WIDTH,
    )
    assert regions == same.signatures()


@pytest.mark.parametrize("region", same.PLACES)
def test_a_dot_shows_its_witness(figure, region):
    found = figure("same")
    wanted = same.witness(region)
    dot = found.locator(f".dot[data-region='{region}']")
    dot.focus()
    found.page.keyboard.press("Enter")
    assert dot.get_attribute("aria-pressed") == "true"
    shown = [
        entry for table in found.locator("table").all() for row in numbers(table) for entry in row
    ]
    assert shown == wanted["entries"]
    assert said(found).lower().startswith(f"{wanted['name']}. {same.census()[region]:,} of 65,536")
    assert said(found).endswith("this is the smallest.")
    verdicts = found.locator(".verdicts li").all_inner_texts()
    for form, words in zip(same.FORMS, verdicts, strict=True):
        assert words.startswith("Yes" if form in region else "No"), words
        if form not in region:
            assert wanted["why"][form] in words
    ranks = f"rank {wanted['vertical']} column first, {wanted['horizontal']} row first"
    assert ranks in verdicts[1]


def test_an_entry_that_is_pressed_moves_the_kernel(figure):
    found = figure("same")
    entries = same.witness("DA")["entries"]
    regions = same.signatures()
    for place in (6, 9, 15, 0):
        entries[place] = 1 - entries[place]
        o, i, u, v = (place >> shift & 1 for shift in (3, 2, 1, 0))
        found.get_by_role("button", name=f"K {o}, {i}, {u}, {v} is").press("Space")
        region = regions[int("".join(map(str, entries)), 2)]
        assert found.locator(".dot[aria-pressed=true]").get_attribute("data-region") == region
        x, y = same.PLACES[region]
        assert (
            found.locator(".you").evaluate("e => e.style.transform") == f"translate({x}px, {y}px)"
        )
