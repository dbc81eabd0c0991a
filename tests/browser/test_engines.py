"""The site in the other two engines, on a phone: quiet, its formulas set, its answers the same."""

import json

import pytest
from click.testing import CliRunner

from derive.cli import cli
from derive.models.library import NETWORKS
from derive.render.live import counted
from derive.site.at_work import at_work
from derive.site.pages.count_lab import OPENING
from derive.site.pages.network import listed
from tests.browser.engines import ENGINES, heard, PHONE
from tests.browser.states import ALIVE, STILL
from tests.waiting import waited

PAGES = (
    "",
    "families/asymmetric/",
    "theorems/rank-one/",
    "lab/layer/",
    "lab/kernel/",
    "lab/line/",
    "lab/count/",
    "learn/channels/",
)
WITHOUT_FORMULAS = ("lab/layer/", "lab/kernel/")
FORMULAS = """[...document.querySelectorAll(".katex-html")]
  .filter((one) => one.getBoundingClientRect().width).length"""
UNSET = """[...document.querySelectorAll(".arithmatex")].map((one) => one.textContent)"""
ELSEWHERE = """performance.getEntriesByType("resource").map((one) => one.name)
  .filter((name) => !name.startsWith(location.origin) && !name.startsWith("data:"))"""
LAYER = {"image": "56x48", "in": "64", "out": "96", "kernel": "5x3", "middle": "40"}
COUNTS = ("parameters", "macs", "macs_in_bounds", "flops")
CELLS = """[...document.querySelectorAll(".calc-counts tbody tr")].map((row) =>
  [...row.cells].map((cell) => cell.textContent))"""


@pytest.fixture(scope="module")
def sites(site_folder):
    """The address of the site whose pages keep what they complain about."""
    with heard(site_folder) as address:
        yield address


@pytest.fixture(scope="module", params=ENGINES.values(), ids=ENGINES)
def engine(request):
    """A window of either engine, the same for all tests of this file."""
    with request.param() as window:
        yield window


@pytest.fixture
def opened(engine, sites):
    """Open a page and wait until it is alive."""

    def page(path=""):
        engine.open(sites + path)
        waited(lambda: engine.run(ALIVE))
        engine.run(f"({STILL})()")
        return engine

    return page


def typed(page, field, text):
    """Type into a field."""
    page.run(
        f"""(() => {{
          const field = document.querySelector({json.dumps(field)});
          field.value = {json.dumps(text)};
          field.dispatchEvent(new Event("input", {{ bubbles: true }}));
        }})()"""
    )


def text(place):
    """A script that reads the text of the first element at a place."""
    return f"document.querySelector({json.dumps(place)})?.textContent"


def says(page, place, words):
    """Wait until an element has the words in it."""
    waited(lambda: words in (page.run(text(place)) or ""))


def command(*words):
    """What the command line answers, as data."""
    run = CliRunner().invoke(cli, [*words, "--json"])
    assert run.exit_code == 0, run.output
    return json.loads(run.output)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_quiet_shows_its_formulas_and_fits_a_phone(opened, path):
    page = opened(path)
    assert page.run("innerWidth") == PHONE["width"]
    assert page.run("document.documentElement.scrollWidth") <= PHONE["width"]
    if path not in WITHOUT_FORMULAS:
        assert page.run(FORMULAS) > 0
        assert page.run('document.fonts.check("1em KaTeX_Main")'), "their font is not there"
    assert page.run(UNSET) == []
    assert page.run(ELSEWHERE) == []
    assert page.run("heard") == []


def test_the_calculator_answers_as_the_command_line(opened):
    page = opened()
    for name, word in LAYER.items():
        typed(page, f"#calculator-{name}", word)
    options = [word for name, value in LAYER.items() for word in (f"--{name}", value)]
    rows = command("compare", *options)["families"]
    expected = [[f"{row[count]:,}" for count in COUNTS] for row in rows]
    assert [cells[1:5] for cells in page.run(CELLS)] == expected
    assert page.run("heard") == []


def test_the_figure_steps(opened):
    page = opened("families/asymmetric/")
    waited(lambda: page.run("Boolean(document.querySelector('at-work[data-ready]'))"))
    says(page, "at-work .count", "Number 7 of 7")
    value = at_work("asymmetric")["tensors"][-1]["planes"][0]["rows"][2][2]
    says(page, "at-work .sum-line", f"= {value}".replace("-", "−"))
    page.run("document.querySelector('at-work [aria-label=\"Step forward\"]').click()")
    says(page, "at-work .count", "Number 1 of 7")
    assert page.run("heard") == []


def test_the_kernel_lab_decides_as_the_command_line(opened):
    page = opened("lab/kernel/")
    kernel = "1 2 1; 2 5 2; 1 2 1"
    typed(page, "#kl-text", kernel)
    found = command("factor", kernel)
    lab = 'document.querySelector("kernel-lab").dataset'
    waited(lambda: page.run(f"{lab}.rank") == str(found["rank"]))
    assert page.run(f"{lab}.verdict") == found["verdict"]
    assert page.run("heard") == []


def test_the_page_that_counts_begins_with_what_the_package_counts(opened):
    page = opened("lab/count/")
    document = json.loads(json.loads(counted(listed(NETWORKS[OPENING])))["files"]["json"])
    says(page, ".cl-layers", f"{document['totals']['macs']:,}")


def test_what_a_page_complains_about_is_heard(engine, sites):
    engine.open(sites)
    engine.run("queueMicrotask(() => { throw new Error('a slip'); })")
    assert "a slip" in waited(lambda: engine.run("heard"))[0]
