"""Lessons 5 and 7 to 10 in a browser: each figure answers its controls with Python's numbers."""

import re
from itertools import product
from random import Random

import pytest

from derive import oracle
from derive.algebra import winograd
from derive.algebra.kernel import Kernel
from derive.site.pages.learn import channels, counting, speed, stacking
from derive.site.pages.learn import where_equality_breaks as breaks
from derive.theorems.asymmetric_rank import both_orders
from tests.browser.axe import in_both_schemes
from tests.browser.states import shifted, still

LESSONS = ("channels", "counting", "where-equality-breaks", "speed", "stacking")
PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def number(text):
    """An integer as it is written on the page."""
    return int(text.replace("−", "-").replace(",", ""))


def numbers(text):
    """All integers in a text."""
    return [number(found) for found in re.findall(r"−?\d[\d,]*", text)]


def pick(figure, label, option):
    """Choose an option of a row of radio buttons, by its label."""
    row = figure.locator("fieldset", has=figure.page.get_by_text(label, exact=True))
    radio = row.get_by_label(option, exact=True)
    radio.scroll_into_view_if_needed()
    still(figure.page)  # formulas are laid out when they come near
    radio.check(force=True)


def slide(control, value):
    """Move a slider."""
    control.evaluate(
        "(bar, to) => { bar.value = to; bar.dispatchEvent(new Event('input')); }", value
    )


def entries(figure, caption):
    """The numbers of a grid, empty cells left out."""
    rows = figure.locator(f"table:has(caption:text-is('{caption}'))").evaluate(
        """(table) => [...table.tBodies[0].rows].map((row) =>
            [...row.querySelectorAll("td")].map((cell) => cell.textContent))"""
    )
    cells = [[number(cell) for cell in row if cell] for row in rows]
    return [line for line in cells if line]


def said(figure):
    return figure.locator(".said").inner_text()


@pytest.fixture
def figure(visit):
    def opened(lesson, name, **how):
        page = visit(f"learn/{lesson}/", **how)
        found = page.locator(f"learn-{name}")
        found.locator(".said").first.wait_for()
        return found

    return opened


@pytest.mark.parametrize("viewport", [PHONE, LAPTOP], ids=["phone", "laptop"])
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_is_quiet_fits_and_does_not_jump(visit, lesson, viewport):
    page = visit(f"learn/{lesson}/", viewport, first=True)
    page.locator(".learn-figure .said").last.wait_for()
    moved = shifted(page)
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert moved < 0.02


@pytest.mark.parametrize("lesson", LESSONS)
def test_axe_finds_nothing(visit, lesson):
    page = visit(f"learn/{lesson}/")
    page.locator(".learn-figure .said").last.wait_for()
    assert in_both_schemes(page, ".md-content") == {}


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_makes_its_point_without_scripts(browser, site, lesson):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}learn/{lesson}/")
    stills = page.locator(".learn-figure .still").all()
    assert stills
    assert all(still.locator("p").first.inner_text() for still in stills)
    assert not any("{" in still.inner_text() for still in stills)
    context.close()


def kernel_shown(figure):
    """The kernel as the buttons name its entries."""
    found = {}
    for button in figure.locator(".kernel-blocks button").all():
        at, value = button.get_attribute("aria-label").split(" = ")
        found[tuple(map(int, re.findall(r"\d+", at)))] = number(value)
    return found


def ranks_shown(figure):
    return [numbers(line)[:2] for line in figure.locator(".rank").all_inner_texts()]


@pytest.mark.parametrize("one", channels.presets(), ids=lambda one: one[0])
def test_ranks_of_a_kernel_in_both_orders(figure, one):
    shown = figure("channels", "channels")
    pick(shown, "Kernel", one[0])
    preset = channels.preset(*one)
    pairs = zip(preset["ranks"], preset["weights"], strict=True)
    assert ranks_shown(shown) == [[rank, rank * weights] for rank, weights in pairs]
    assert set(map(str, preset["ranks"])) <= set(map(str, numbers(said(shown))))


def test_ranks_follow_every_change(figure):
    shown, random = figure("channels", "channels"), Random(3)
    for _ in range(12):
        buttons = shown.locator(".kernel-blocks button")
        button = buttons.nth(random.randrange(16))
        button.focus()
        button.press("Enter")
        kernel = kernel_shown(shown)
        size = 1 + max(at[0] for at in kernel)
        found = Kernel.by(lambda *at: kernel[at], o=size, i=size, u=size, v=size)  # noqa: B023
        assert [rank for rank, _ in ranks_shown(shown)] == list(both_orders(found).values())


def test_an_entry_shows_where_it_goes(figure):
    shown = figure("channels", "channels")
    shown.get_by_label("K[1, 0, 0, 1] = 0").focus()
    places = [
        table.evaluate(
            """(table) => [...table.querySelectorAll("tbody tr")].flatMap((row, y) =>
                [...row.querySelectorAll("td")].flatMap((cell, x) =>
                    cell.classList.contains("lit") ? [[y, x]] : []))"""
        )
        for table in shown.locator("table.unfolded").all()
    ]
    assert places == [[[2 * 1 + 1, 2 * 0 + 0]], [[2 * 1 + 0, 2 * 0 + 1]]]


def test_products_of_every_dilation(figure):
    shown = figure("counting", "counting")
    for dilation in range(1, counting.SIDE + 1):
        slide(shown.get_by_label("Dilation = padding"), dilation)
        axis = oracle.Axis(counting.SIDE, counting.TAPS, 1, dilation, dilation, dilation)
        inside = oracle.taps_in_bounds(axis) ** 2
        dense = (axis.outputs * axis.kernel) ** 2
        assert numbers(said(shown))[:2] == [dense, inside]
        cells = [number(text) for text in shown.locator("svg text").all_text_contents()]
        assert (len(cells), sum(cells)) == (counting.SIDE**2, inside)


def test_one_output_step_by_step(figure):
    shown = figure("counting", "counting")
    steps = shown.locator("ol.steps-of-output li")
    assert numbers(steps.first.inner_text()) == [9, 9, 4, 5]
    assert steps.last.inner_text() == "17 operations: twice the 9 MACs, less one"
    shown.get_by_label("Step forward").press("Enter")
    assert numbers(steps.first.inner_text()) == [9, 9, 6, 3]
    assert (shown.locator(".tap-in").count(), shown.locator(".tap-out").count()) == (6, 3)
    pick(shown, "Bias", "yes")
    assert steps.last.inner_text() == "18 operations: twice the 9 MACs"


def test_the_table_of_conventions_of_every_layer(figure):
    shown, table = figure("counting", "conventions"), counting.convention_table()
    whole = table["families"][0]
    for family, (key, option) in product(table["families"], [("plain", "no"), ("biased", "yes")]):
        pick(shown, "Layer", family["label"])
        pick(shown, "Bias", option)
        found = [number(text) for text in shown.locator(".count").all_inner_texts()]
        assert found == family[key]
        assert numbers(said(shown))[0] == len(set(found))
        if family is not whole:
            ratios = [a / b for a, b in zip(whole[key], family[key], strict=True)]
            assert shown.locator(".ratio").all_inner_texts() == [f"{x:.2f}×" for x in ratios]


STRIDES = {
    "1": ((1, 1), (1, 1)),
    "2, split by axis": ((2, 1), (1, 2)),
    "2, all in the second": ((1, 1), (2, 2)),
    "2, all in the first": ((2, 2), (1, 1)),
}


def read(line, place, outside):
    """An entry of a line; outside it a number, or the nearest entry."""
    if 0 <= place < len(line):
        return line[place]
    return line[0 if place < 0 else -1] if outside == "edge" else outside


def two_stages(image, bias, relu, padding, stride):
    (down, across), (later_down, later_across) = STRIDES[stride]
    outside = {"edge repeated": "edge", "ones": 1}.get(padding, 0)
    columns = list(zip(*image, strict=True))
    middle = [
        [bias + sum(breaks.COLUMN[u] * read(column, y + u - 1, outside) for u in range(3))
         for column in columns[::across]]
        for y in range(0, 6, down)
    ]  # fmt: skip
    if relu:
        middle = [[max(0, entry) for entry in row] for row in middle]
    outside = bias if padding == "zeros, then the bias" else outside
    return [
        [
            sum(breaks.ROW[v] * read(row, x + v - 1, outside) for v in range(3))
            for x in range(0, len(row), later_across)
        ]
        for row in middle[::later_down]
    ]


def one_convolution(image, bias, padding, stride):
    (down, across), (later_down, later_across) = STRIDES[stride]
    outside = {"edge repeated": "edge", "ones": 1}.get(padding, 0)

    def pixel(y, x):
        if outside == "edge":
            return image[min(max(y, 0), 5)][min(max(x, 0), 5)]
        return image[y][x] if 0 <= y < 6 and 0 <= x < 6 else outside

    taps = list(product(range(3), repeat=2))
    return [
        [
            bias * sum(breaks.ROW)
            + sum(breaks.COLUMN[u] * breaks.ROW[v] * pixel(y + u - 1, x + v - 1) for u, v in taps)
            for x in range(0, 6, across * later_across)
        ]
        for y in range(0, 6, down * later_down)
    ]


def agree(shown, image, bias, relu, padding, stride):
    """The figure shows what loops find; the places that differ."""
    chain = two_stages(image, bias, relu, padding, stride)
    single = one_convolution(image, bias, padding, stride)
    gap = [[a - b for a, b in zip(*rows, strict=True)] for rows in zip(chain, single, strict=True)]
    assert entries(shown, "Two stages") == chain
    assert entries(shown, "One convolution") == single
    assert entries(shown, "Difference") == gap
    places = [(y, x) for y, row in enumerate(gap) for x, entry in enumerate(row) if entry]
    found = numbers(said(shown))
    assert found[0] == (len(places) or len(gap) * len(gap[0]))
    assert said(shown).startswith("They differ" if places else "They agree")
    assert shown.locator(".of-gap td.differs").count() == len(places)
    return places


PADDINGS = ("zeros", "edge repeated", "ones", "zeros, then the bias")


@pytest.mark.parametrize("stride", STRIDES)
def test_where_two_stages_differ_from_one_convolution(figure, stride):
    shown = figure("where-equality-breaks", "breaks")
    pick(shown, "Stride", stride)
    for bias, relu, padding in product((0, 1), (False, True), PADDINGS):
        pick(shown, "Bias between", "yes" if bias else "no")
        pick(shown, "ReLU between", "yes" if relu else "no")
        pick(shown, "Padding", padding)
        places = agree(shown, breaks.IMAGE, bias * breaks.BIAS, relu, padding, stride)
        if relu or stride == "2, all in the first":
            continue
        exact = padding in ("edge repeated", "zeros, then the bias") or (padding, bias) == (
            "zeros",
            0,
        )
        assert exact == (not places)


def test_the_bias_defect_does_not_depend_on_the_image(figure):
    shown, image = figure("where-equality-breaks", "breaks"), [list(row) for row in breaks.IMAGE]
    before = entries(shown, "Difference")
    random = Random(8)
    for _ in range(6):
        y, x = random.randrange(6), random.randrange(6)
        shown.locator(".of-image button").nth(6 * y + x).press("Enter")
        image[y][x] = (image[y][x] + 1) % (breaks.TOP + 1)
    agree(shown, image, breaks.BIAS, relu=False, padding="zeros", stride="1")
    assert entries(shown, "Difference") == before


@pytest.mark.parametrize("stride", STRIDES)
def test_products_of_both_ways_by_loops(figure, stride):
    shown = figure("where-equality-breaks", "breaks")
    pick(shown, "Stride", stride)
    (down, across), (later_down, later_across) = STRIDES[stride]
    rows, columns = range(0, 6, down), range(0, 6, across)
    last = [(y, x) for y in rows[::later_down] for x in columns[::later_across]]
    spent = 3 * len(rows) * len(columns) + 3 * len(last)
    assert numbers(said(shown))[-2:] == [spent, 9 * len(last)]


@pytest.mark.parametrize("layer", range(len(speed.LAYERS)))
def test_time_on_every_machine(figure, layer):
    shown, data = figure("speed", "speed"), speed.context()
    described = [speed.described(speed.read_layer(*one)) for one in speed.LAYERS]
    pick(shown, "Layer", described[layer]["words"])
    families = [family["stages"] for family in described[layer]["families"]]
    for at, balance in enumerate(speed.BALANCES):
        slide(shown.get_by_label("Machine, operations per byte"), at)
        times = [speed.seconds(stages, balance) for stages in families]
        works = [sum(stage["flops"] for stage in stages) for stages in families]
        wanted = [100 * x / column[0] for column in (works, times) for x in column]
        found = [number(text[:-2]) for text in shown.locator(".bars .words").all_inner_texts()]
        assert len(found) == len(wanted)
        assert all(abs(a - b) <= 0.5 + 1e-9 for a, b in zip(found, wanted, strict=True))
    shown.get_by_role("button", name=re.compile("A100")).press("Enter")
    balance = data["machines"][1]["balance"]
    whole, cheap = (speed.seconds(stages, balance) for stages in families[:2])
    assert f"{round(100 * cheap / whole)} % of the time" in said(shown)


def test_winograd_in_the_page(figure):
    shown, random = figure("speed", "winograd"), Random(2)
    for _ in range(8):
        shown.locator("button").nth(random.randrange(7)).press("Enter")
        values = [number(text) for text in shown.locator("table button").all_inner_texts()]
        wanted = winograd.two_outputs(values[:4], values[4:])
        lines = shown.locator(".sum-line")
        for at in (0, 2):
            ends = [line.rsplit("= ", 1)[1] for line in lines.nth(at).inner_text().splitlines()]
            assert [number(end) for end in ends] == wanted


def test_kernels_multiply_and_the_border_remembers(figure):
    shown = figure("stacking", "stacking")
    for (label, (A, B)), (words, pads) in product(
        stacking.PAIRS.items(), stacking.PADDINGS.items()
    ):
        pick(shown, "Kernels", label)
        pick(shown, "Zeros around the image, then around the middle one", words)
        assert entries(shown, "Product K") == stacking.multiplied(A, B)
        assert entries(shown, "chain") == stacking.in_a_row(A, B, *pads)
        assert entries(shown, "single") == stacking.as_one(A, B, *pads)
        differ = shown.locator("table:has(caption:text-is('gap')) td.differs").count()
        assert numbers(said(shown))[0] == (differ or 36)
        assert said(shown).startswith("They differ" if differ else "They agree")


def test_a_press_changes_the_product_and_its_sum_is_shown(figure):
    shown = figure("stacking", "stacking")
    A, B = ([list(row) for row in kernel] for kernel in stacking.PAIRS["blur, edge"])
    shown.get_by_label("A, row 0, column 1: 2").press("Enter")
    A[0][1] = 3
    assert entries(shown, "Product K") == stacking.multiplied(A, B)
    shown.get_by_label(re.compile("^K, row 1, column 2")).focus()
    line = shown.locator(".sum-line").inner_text()
    terms, total = line.split(" = ")
    assert len(terms.split(" + ")) == 6
    assert sum(a * b for a, b in map(numbers, terms.split(" + "))) == number(total)
    assert number(total) == stacking.multiplied(A, B)[1][2]


def test_three_numbers_split_where_the_parabola_meets_the_axis(figure):
    shown = figure("stacking", "quadratic")
    bars = [shown.get_by_label(f"Entry {name}") for name in "abc"]
    for kernel in product(range(-4, 5, 2), (-4, -1, 0, 3), (-3, 0, 1, 4)):
        for bar, value in zip(bars, kernel, strict=True):
            slide(bar, value)
        a, b, c = kernel
        text = said(shown)
        assert f"b² − 4ac = {b * b - 4 * a * c}".replace("= -", "= −") in text
        assert ("is no product" in text) == (b * b - 4 * a * c < 0)
        if "is no product" in text:
            continue
        left, right = re.findall(r"\[([^]]*)\]", text)[1:3]
        p, q = ([float(x.replace("−", "-")) for x in side.split(",")] for side in (left, right))
        made = [p[0] * q[0], p[0] * q[1] + p[1] * q[0], p[1] * q[1]]
        assert all(abs(x - y) < 0.1 for x, y in zip(made, kernel, strict=True))
    bars[0].focus()
    before = bars[0].input_value()
    bars[0].press("ArrowLeft")
    assert bars[0].input_value() != before or before == "-4"
