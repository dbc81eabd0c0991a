"""The two layers at work, in a real browser: played, stepped, chosen by pointer and by keyboard."""

import pytest

from derive.site.at_work import at_work
from tests.browser.axe import serious
from tests.browser.states import shifted, still

PHONE, NARROW = {"width": 390, "height": 844}, {"width": 320, "height": 700}
LAPTOP = {"width": 1280, "height": 900}
PATHS = (
    "",
    "families/",
    "families/asymmetric/",
    "families/depthwise-separable/",
    "families/network-decoupling/",
    "learn/asymmetric/",
    "learn/depthwise-separable/",
    "install/",
)
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def figure(visit):
    """A figure of a page that has come to life."""

    def opened(path="families/asymmetric/", **options):
        page = visit(path, **options)
        found = page.locator("at-work[data-ready]").first
        found.wait_for()
        return found

    return opened


def result(name, plane, y, x):
    """A number of the last tensor, as the figure writes it."""
    rows = at_work(name)["tensors"][-1]["planes"][plane]["rows"]
    return str(rows[y][x]).replace("-", "−")


def says(found, words):
    found.locator(".sum-line", has_text=words).wait_for()


def counts(found, words):
    found.locator(".count", has_text=words).wait_for()


def test_it_comes_finished_and_steps_through_every_number(figure):
    found = figure()
    counts(found, "Number 7 of 7")
    says(found, f"= {result('asymmetric', 0, 2, 2)}")
    assert found.locator(".window").count() == 2
    found.get_by_role("button", name="Step forward").click()
    counts(found, "Number 1 of 7")
    says(found, "Z[0, 2, 1] = ")
    assert found.locator(".cell.target").count() == 1
    assert found.locator(".window").count() == 3
    found.get_by_role("button", name="Step back").click()
    says(found, "Y[0, 2, 2] = ")
    assert found.page.complaints == []


def test_it_plays_to_the_end_and_pauses(figure):
    found = figure("families/depthwise-separable/")
    found.get_by_role("button", name="Play").click()
    counts(found, "Number 1 of 4")
    found.get_by_role("button", name="Pause").click()
    found.get_by_role("button", name="Play").wait_for()
    found.get_by_role("button", name="Play").click()
    counts(found, "Number 4 of 4")
    found.get_by_role("button", name="Play").wait_for()
    says(found, f"= {result('depthwise-separable', 0, 2, 2)}")


def test_a_pixel_is_chosen_by_pointer_and_by_dragging(figure):
    found = figure()
    found.scroll_into_view_if_needed()
    found.locator('[data-pixel="1,0,0"]').click()
    says(found, "Y[1, 0, 0] = ")
    says(found, f"= {result('asymmetric', 1, 0, 0)}")
    page = found.page
    start, end = (found.locator(f'[data-pixel="0,{at}"]').bounding_box() for at in ("1,1", "3,2"))
    middle = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in (start, end)]
    page.mouse.move(*middle[0])
    page.mouse.down()
    page.mouse.move(*middle[1], steps=4)
    page.mouse.up()
    says(found, "Y[0, 3, 2] = ")
    says(found, f"= {result('asymmetric', 0, 3, 2)}")


def test_arrow_keys_move_the_pixel_also_into_the_next_plane(figure):
    found = figure()
    chosen = found.locator('[data-pixel][tabindex="0"]')
    chosen.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight"):
        found.page.keyboard.press(key)
    says(found, "Y[1, 3, 0] = ")
    assert found.page.evaluate("document.activeElement.dataset.pixel") == "1,3,0"
    assert found.locator('[role=radio][aria-checked="true"]').count() == 1


def test_with_reduced_motion_steps_are_the_readers(visit):
    page = visit("")
    page.emulate_media(reduced_motion="reduce")
    page.reload()
    found = page.locator("at-work[data-ready]").first
    found.wait_for()
    assert found.get_by_role("button", name="Play").count() == 0
    found.get_by_role("button", name="Step forward").click()
    counts(found, "Number 1 of 7")


def test_without_scripts_the_last_number_and_all_sums_are_there(browser, site):
    page = browser.new_page(java_script_enabled=False)
    page.goto(site)
    found = page.locator("at-work").first
    assert not found.locator(".player").is_visible()
    assert f"= {result('asymmetric', 0, 2, 2)}" in found.locator(".sum-line").inner_text()
    found.locator("summary").click()
    assert found.locator("tbody tr").count() == 7
    page.close()


@pytest.mark.parametrize("path", PATHS)
def test_pages_with_figures_fit_a_phone_stand_still_and_are_readable(visit, path):
    page = visit(path, viewport=PHONE)
    assert shifted(page) == pytest.approx(0, abs=0.01)
    assert page.evaluate(WIDER) <= 0
    assert page.complaints == []
    page.set_viewport_size(NARROW)
    still(page)
    assert page.evaluate(WIDER) <= 0
    page.set_viewport_size(LAPTOP)
    assert serious(page) == {}
