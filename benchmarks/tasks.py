"""Ten things that a newcomer comes for, done from the home page: python benchmarks/tasks.py FOLDER

FOLDER is a built site. Everything is done by the words that stand on the pages, and is done when a
page says what the package says. Goal: three clicks each. A click is a link, a tab, a choice, a
button, a field that is typed into; typing and scrolling are not counted. The seconds are for
comparison on one machine only. The exit code is 1 if something was not found.
"""

import re
import shutil
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Error, Page, sync_playwright

import derive

GOAL = 3
PATIENCE = 180_000  # ms
LAYER = {"image": "56x56", "channels in": "64", "channels out": "128"}
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu")


class Quiet(SimpleHTTPRequestHandler):
    """The folder, without a word."""

    def log_message(self, *_: object) -> None:
        pass


@dataclass
class Newcomer:
    """Someone at a page, who knows the words they look for."""

    page: Page
    clicks: int = 0

    def press(self, words: str, role: str = "link") -> None:
        """Click on what has these words."""
        found = self.page.locator(f"role={role}[name=/{words}/]").locator("visible=true").first
        found.click()
        self.clicks += 1

    def choose(self, label: str, option: str) -> None:
        """Take an option of a list, or a button of a row of them."""
        self.page.get_by_label(label, exact=True).locator("visible=true").first.select_option(
            option
        )
        self.clicks += 1

    def write(self, label: str, text: str) -> None:
        """Type into a field."""
        self.page.get_by_label(label, exact=True).first.fill(text)
        self.clicks += 1

    def sees(self, place: str, words: str) -> None:
        """Wait until a place that can be seen says so."""
        self.page.locator(place).filter(has_text=words, visible=True).first.wait_for()


def the_answer(one: Newcomer) -> None:
    """What is the difference between the two?"""
    one.sees(".answer", "They are not the same thing")


def cost(one: Newcomer) -> None:
    """What does my layer cost, 56 × 56, 64 → 128 channels?"""
    for label, text in LAYER.items():
        one.write(label, text)
    layer = derive.layer(image=(56, 56), channels=(64, 128), kernel=3)
    macs = derive.families["depthwise-separable"].on(layer, M=1).macs
    one.sees("[data-family=depthwise-separable]", f"{macs:,}")


def keras(one: Newcomer) -> None:
    """What is the code of that layer, depthwise separable, in Keras?"""
    for label, text in LAYER.items():
        one.write(label, text)
    one.clicks = 0  # the layer is that of the task before
    side = one.page.locator("[data-family=depthwise-separable]")
    side.get_by_role("link", name="Code for this layer").click()
    one.clicks += 1
    one.press("^Write the code", "button")
    one.page.locator(".py-panel[data-written]").wait_for()
    one.page.locator(".py-panel").get_by_role("radio", name="Keras", exact=True).check()
    one.clicks += 1
    one.sees(".py-panel pre", "DepthwiseConv2D")


def sobel(one: Newcomer) -> None:
    """Is Sobel separable, and which are its two vectors?"""
    one.press("classical filters")
    column, row = derive.factor("sobel", derive.families["asymmetric"]).factors.values()
    found = one.page.locator(".specimen", has_text="derive factor sobel --as asymmetric").first
    found.scroll_into_view_if_needed()
    found.get_by_text("Rank 1: the column on the left times the row on top").wait_for()
    edges = [found.locator(place).all_inner_texts() for place in ("tbody th", "thead th")]
    shown = [[float(text.replace("−", "-")) for text in texts] for texts in edges]
    products = [a * b for a in shown[0] for b in shown[1]]
    assert products == [float(a * b) for a in column.ravel() for b in row.ravel()]


def replace(one: Newcomer) -> None:
    """Can an asymmetric pair replace my depthwise separable layer?"""
    one.press("Which design represents which")
    layer = derive.layer(image=(128, 128), channels=(3, 8), kernel=3)
    needs = derive.relate("depthwise-separable", "asymmetric", layer).one_in_other.needs["m"]
    says = "Asymmetric convolution, vertical first represents every Depthwise separable"
    link = one.page.get_by_role("link", name=re.compile(says)).first
    assert f"m at least {needs}" in (link.get_attribute("aria-label") or link.inner_text())


def fvcore(one: Newcomer) -> None:
    """What does fvcore report for ResNet-50?"""
    one.press("^Networks$")
    one.press("^ResNet-50")
    reported = derive.count("resnet-50").reported["fvcore 0.1.5"]
    one.sees("tr", f"{reported:,}")


def padding(one: Newcomer) -> None:
    """Where does padding break the equality?"""
    one.press("^Learn$")
    one.press("^Where equality breaks")
    one.sees("h2, h3", "adding")


def cite(one: Newcomer) -> None:
    """How do I cite the theorem on rank one?"""
    one.press("Rank one")
    one.page.get_by_text("BibTeX", exact=True).first.click()
    one.clicks += 1
    one.sees("pre", "@misc{separable-rank-one")


def picture(one: Newcomer) -> None:
    """May I have the picture of a flattened convolution?"""
    one.press("^Families$")
    one.press("^Flattened")
    with one.page.expect_download() as saved:
        one.press("Save as SVG", "button")
    assert saved.value.path().read_text("utf-8").startswith("<svg")


def install(one: Newcomer) -> None:
    """How do I install and run it?"""
    one.press("^Install$")
    one.sees("pre", ".venv/bin/derive build")


TASKS = (the_answer, cost, keras, sobel, replace, fvcore, padding, cite, picture, install)


def done(task: Callable[[Newcomer], None], page: Page, address: str) -> bool:
    """Do a task and print how it went."""
    page.goto(address)
    page.locator("layer-calculator[data-ready]").wait_for()
    one, start = Newcomer(page), time.perf_counter()
    try:
        task(one)
        went = "" if one.clicks <= GOAL else f"more than {GOAL}"
    except (Error, AssertionError) as error:
        went = f"NOT FOUND: {' '.join(str(error).split())[:120]}"
    spent = time.perf_counter() - start
    print(f"{(task.__doc__ or '').rstrip('.'):62} {one.clicks:2} clicks {spent:6.1f} s  {went}")
    return "NOT FOUND" not in went


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=sys.argv[1]))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        found = []
        for task in TASKS:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(PATIENCE)
            found.append(done(task, page, address))
            page.close()
        browser.close()
    server.shutdown()
    sys.exit(0 if all(found) else 1)


if __name__ == "__main__":
    main()
