"""Code, numbers and notebooks that the package writes in the page: those of the package itself."""

import json
import re
import shlex
import subprocess
import sys
from fractions import Fraction
from io import StringIO

import numpy as np
import pytest
from click.testing import CliRunner

from derive.cli import cli
from derive.code.printers import TITLES
from derive.kernels import gallery
from derive.render.curve import EVEN, HALF, WITHIN
from derive.render.live import FILES
from tests.browser.axe import serious
from tests.browser.conftest import LAPTOP
from tests.browser.states import address, still
from tests.browser.test_answers import fresh, outdated

LAYER, KERNEL = "lab/layer/", "lab/kernel/"
PHONE = {"width": 390, "height": 844}
FULL = "7 1 3; 2 8 5; 1 0 9"  # of rank 3
WRITTEN = """(name) => {
  const lab = document.querySelector(name), panel = lab.files ?? lab.code;
  return panel.question === panel.words() && panel.element.hasAttribute("data-written");
}"""
ELSEWHERE = "project/decisions/"  # a page without a lab
GO = """(href) => {
  const link = Object.assign(document.createElement("a"), { href });
  document.body.append(link);
  link.click();
  link.remove();
}"""


def written(page, lab):
    """Wait until the panel shows the answer to its question."""
    page.wait_for_function(WRITTEN, arg=lab)


def panel(page):
    return page.locator(".py-panel")


def file(page, title):
    """The text of one of the files."""
    panel(page).get_by_role("radio", name=title, exact=True).check(force=True)
    return panel(page).locator("pre code").text_content()


def start(page, lab):
    page.click(".py-start")
    written(page, lab)


@pytest.fixture(scope="module")
def started(kept, site):
    """One page with Python running in it, started in the layer lab."""
    page = kept
    page.goto(site + LAYER)
    page.wait_for_selector("layer-lab [data-convention]", state="attached")
    start(page, "layer-lab")
    return page


def moved(page, site, path, ready):
    """Go to a lab by instant navigation, which keeps Python running, from a page without one."""
    page.evaluate(GO, site + ELSEWHERE)
    page.wait_for_selector("h1#decisions")
    page.evaluate(GO, site + path)
    page.wait_for_selector(ready, state="attached")


@pytest.fixture
def layer(started, site):
    """The layer lab of that page, on the layer of a query."""

    def opened(query="", width=LAPTOP):
        started.set_viewport_size(width)
        moved(started, site, f"{LAYER}?{query}", "layer-lab [data-convention]")
        written(started, "layer-lab")
        return started

    return opened


@pytest.fixture
def kernel(started, site):
    """The kernel lab of that page, with a kernel."""

    def opened(query, width=LAPTOP):
        started.set_viewport_size(width)
        moved(started, site, f"{KERNEL}?{query}", "kernel-lab[data-rank]")
        started.wait_for_function(
            "name => document.querySelector('kernel-lab').kernel.name === name",
            arg=query.removeprefix("name=") if query.startswith("name=") else "",
        )
        written(started, "kernel-lab")
        return started

    return opened


def printed(command):
    run = CliRunner().invoke(cli, shlex.split(command)[1:])
    assert run.exit_code == 0, run.output
    return run.output


def ran(text, folder):
    """What a file prints."""
    run = subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, check=False, cwd=folder
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.parametrize("path", [LAYER, KERNEL])
def test_without_a_click_nothing_of_python_comes(visit, path):
    seen = []
    page = visit("lab/")
    page.on("request", lambda request: seen.append(request.url))
    page.goto(page.url.replace("/lab/", f"/{path}"))
    page.wait_for_function("() => /MB/.test(document.querySelector('.py-start')?.textContent)")
    still(page)
    assert not [url for url in seen if "/pyodide/" in url]
    words = page.text_content(".py-start")
    assert re.fullmatch(r"Write the \w+ \(starts Python in the page, \d+\.\d MB\)", words)
    assert not panel(page).locator("pre").is_visible()
    assert page.complaints == []


LAYERS = {
    "opening": ("", "standard"),
    "a pair": ("in=16&out=32&middle=8,24&row=asymmetric+m%3D24", "asymmetric m=24"),
    "strides": (
        "in=6&out=12&image=17x23&kernel=3x5&stride=2x1&dilation=1x2&padding=0:1x2&multiplier=2"
        "&row=depthwise-separable+M%3D2",
        "depthwise-separable M=2",
    ),
    "groups and bias": ("in=8&out=16&groups=4&bias=1&row=grouped", "grouped"),
    "ranks": ("in=6&out=6&rank=P%3D3,Q%3D2&row=tucker-2+P%3D3+Q%3D2", "tucker-2 P=3 Q=2"),
    "a volume": ("image=6x7x8&in=4&out=4&kernel=3&row=r2plus1d", "r2plus1d"),
    "a signal": ("image=40&axes=1&in=4&out=4&row=depthwise", "depthwise"),
}


@pytest.mark.parametrize("name", LAYERS)
def test_the_code_of_a_row_is_what_derive_code_prints(layer, name, tmp_path):
    query, label = LAYERS[name]
    page = layer(query)
    assert page.get_by_label("family", exact=True).input_value().startswith(label)
    for framework, title in TITLES.items():
        text = file(page, title)
        command = page.get_by_role("region", name="Command line for the code").inner_text()
        assert command.endswith(f"--framework {framework}")
        assert text == printed(command)
    assert "difference" in ran(file(page, "NumPy"), tmp_path)
    assert page.complaints == []


def test_the_code_follows_the_row_and_the_layer(layer):
    page = layer("middle=3,8&code=numpy")
    page.get_by_label("family", exact=True).select_option("asymmetric m=8")
    written(page, "layer-lab")
    assert "m = 8" in panel(page).locator("pre code").text_content()
    assert page.get_by_label("row", exact=True).input_value() == "asymmetric m=8"
    assert "row=asymmetric+m%3D8" in address(page)
    assert "code=numpy" in address(page)
    page.get_by_label("channels in", exact=True).fill("5")
    written(page, "layer-lab")
    assert "5 × 128 × 128 →" in panel(page).locator("pre code").text_content()
    page.get_by_label("channels in", exact=True).fill("x")
    outdated(page)
    page.get_by_label("channels in", exact=True).fill("5")
    fresh(page)


def test_until_python_has_answered_the_old_code_is_not_to_be_had(layer):
    page = layer("")
    page.evaluate("""() => {
      const panel = document.querySelector("layer-lab").code;
      panel.ask = () => {};  // an answer that never comes
    }""")
    page.get_by_label("family", exact=True).select_option("pointwise")
    page.wait_for_selector(".py-panel[data-stale]")
    assert page.evaluate("document.querySelector('.py-code').inert")
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.py-panel pre')).opacity < 0.5"
    )
    page.get_by_label("family", exact=True).select_option("standard")
    page.wait_for_selector(".py-panel[data-written]")
    assert not page.evaluate("document.querySelector('.py-code').inert")


def test_a_framework_that_has_no_such_layer_says_so(layer):
    page = layer("in=8&out=8&groups=4&transposed=1&stride=2&row=grouped&code=keras")
    said = panel(page).locator(".py-said")
    assert said.inner_text().endswith(
        "transposed convolution in groups, which Keras does not have."
    )
    assert panel(page).get_by_role("button", name="Copy").is_disabled()
    assert not panel(page).locator("pre").is_visible()
    assert file(page, "PyTorch").startswith('"""')


def test_code_is_copied_and_downloaded(layer):
    page = layer("middle=3&row=asymmetric+m%3D3&code=jax")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    text = file(page, "JAX")
    panel(page).get_by_role("button", name="Copy: JAX").click()
    page.wait_for_function("() => document.querySelector('.py-said').textContent === 'Copied.'")
    assert page.evaluate("navigator.clipboard.readText()") == text
    with page.expect_download() as coming:
        panel(page).get_by_role("button", name="Download: JAX").click()
    assert coming.value.suggested_filename == "asymmetric_jax.py"
    assert coming.value.path().read_text() == text


def curve_of(command):
    """The whole curve: without the one width that the command may name."""
    return json.loads(printed(f"{re.sub('--middle [0-9]+', '', command)} --json"))


KERNELS = ("k=7,1,3;2,8,5;1,0,9", "name=log-9", "name=gaussian-rotated", "name=unsharp-5")


@pytest.mark.parametrize("query", KERNELS)
def test_errors_costs_and_marks_are_those_of_derive_factor(kernel, query):
    page = kernel(query)
    document = curve_of(page.locator("[data-say=command]").inner_text())
    points = page.evaluate("""() => [...document.querySelectorAll(".kl-widths tbody tr")]
      .map((row) => [...row.children].map((cell) => cell.textContent))""")
    curve = document["curve"][: len(points)]
    assert [int(point[0]) for point in points] == [one["setting"]["m"] for one in curve]
    assert [int(point[2]) for point in points] == [one["parameters"] for one in curve]
    for point, one in zip(points, curve, strict=True):
        error = one["relative_error"]
        assert point[1] == "0" if error < 1e-13 else percent(point[1]) == pytest.approx(error, 6e-2)
        assert point[3] == f"{float(Fraction(one['ratio']['macs'])):.2f} ×"
    marks = {words: int(point[0]) for point in points for words in point[4].split(", ") if words}
    wanted = {HALF: document["half_cost"], EVEN: document["break_even"]}
    wanted |= {
        WITHIN.format(float(Fraction(x["error"]))): x["point"] for x in document["within_error"]
    }
    known = {name: one["setting"]["m"] for name, one in wanted.items() if one}
    assert marks == {name: width for name, width in known.items() if width <= len(points)}
    assert page.locator(".kl-curve .dot").count() == len(points)


def percent(text):
    mantissa, _, power = text.replace("\u00a0", " ").removesuffix(" %").partition(" × 10")
    raised = power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return float(mantissa) * 10.0 ** int(raised or 0) / 100


def test_a_width_of_the_table_is_kept_everywhere(kernel):
    page = kernel("name=log-9")
    page.get_by_role("button", name="Keep 2", exact=True).focus()
    page.keyboard.press("Enter")
    assert page.locator("[data-say=kept]").inner_text() == "2 of 5"
    assert page.evaluate("document.activeElement.textContent") == "2"
    assert page.locator(".kl-curve .kept").get_attribute("data-width") == "2"
    assert page.locator("tr.kept").get_attribute("data-width") == "2"
    written(page, "kernel-lab")
    assert "m = 2." in panel(page).locator("pre code").text_content()
    page.locator("#kl-near").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("tr.kept").get_attribute("data-width") == "3"
    page.get_by_label("Row by row").fill("1 2; 2 4")
    page.wait_for_selector("kernel-lab[data-rank='1']")
    assert page.locator("[data-choice]").is_hidden()


def contracted(document):
    arrays = [
        np.array([float(Fraction(x)) for x in one["entries"]]).reshape(one["extents"])
        for one in document["factors"]
    ]
    return np.einsum(document["einsum"], *arrays)[0, 0]


@pytest.mark.parametrize("width", [1, 2])
def test_the_nearest_factors_are_the_best_there_are(kernel, width):
    page = kernel("k=7,1,3;2,8,5;1,0,9")
    page.get_by_role("button", name=f"Keep {width}", exact=True).click()
    written(page, "kernel-lab")
    document = json.loads(file(page, FILES["factors"]))
    given = np.array([[float(x) for x in row.split()] for row in FULL.split(";")])
    error = np.linalg.norm(given - contracted(document)) / np.linalg.norm(given)
    values = np.linalg.svd(given, compute_uv=False)
    least = np.linalg.norm(values[width:]) / np.linalg.norm(values)
    assert document["schema"] == "derive/nearest-factors/1"
    assert document["setting"] == {"m": width}
    assert document["relative_error"] == pytest.approx(error, rel=1e-10)
    assert error == pytest.approx(least, rel=1e-10)
    norms = [np.linalg.norm(one["entries"]) for one in document["factors"]]
    assert norms[0] == pytest.approx(norms[1])
    assert page.locator("[data-say=checked]").inner_text().startswith("Multiplied back exactly")


@pytest.mark.parametrize("query", ["name=sobel", "name=laplacian-4", "k=0,0;0,0", "k=1/3,0.5"])
def test_exact_factors_multiply_back_to_the_kernel(kernel, query):
    page = kernel(query)
    if (choice := page.locator(".kl-widths button")).count():
        choice.last.click()
        written(page, "kernel-lab")
    document = json.loads(file(page, FILES["factors"]))
    assert document["schema"] == "derive/factors/1"
    entries = page.locator("table.edit tbody tr").evaluate_all(
        "rows => rows.map((row) => [...row.querySelectorAll('input')].map((one) => one.value))"
    )
    first, second = ([Fraction(x) for x in one["entries"]] for one in document["factors"])
    height, wide = len(entries), len(entries[0])
    terms = document["sizes"]["j"]
    for y, row in enumerate(entries):
        for x, entry in enumerate(row):
            made = sum(first[j * height + y] * second[j * wide + x] for j in range(terms))
            assert made == Fraction(entry)
    assert page.locator("[data-say=checked]").inner_text() == (
        "Multiplied back exactly, these factors are the kernel."
    )


def test_code_and_notebook_hold_the_kernel_and_run(kernel, tmp_path, monkeypatch):
    page = kernel("k=7,1,3;2,8,5;1,0,9")
    page.get_by_role("button", name="Keep 2", exact=True).click()
    written(page, "kernel-lab")
    document = json.loads(file(page, FILES["factors"]))
    for title in TITLES.values():
        text = file(page, title)
        for one in document["factors"]:
            assert all(repr(x) in text for x in one["entries"])
    near = "\nprint(np.einsum('jiu,ojv->oiuv', *factors.values())[0, 0].tolist())"
    *_, last = ran(file(page, "NumPy") + near, tmp_path).splitlines()
    assert np.allclose(json.loads(last), contracted(document), rtol=1e-14)
    cells = json.loads(file(page, FILES["notebook"]))["cells"]
    source = "\n".join("".join(one["source"]) for one in cells if one["cell_type"] == "code")
    assert "derive.factor('7 1 3; 2 8 5; 1 0 9', 'asymmetric', middle=2, nearest=True)" in source
    monkeypatch.setattr(sys, "stdout", StringIO())
    names = {}
    exec(source, names)  # a notebook of this repository
    assert np.allclose(names["near"][0, 0], contracted(document), rtol=1e-10)


def test_factors_of_long_numbers_are_in_floating_point(kernel):
    page = kernel("name=gaussian-rotated")
    page.locator(".kl-widths button").last.click()
    written(page, "kernel-lab")
    document = json.loads(file(page, FILES["factors"]))
    given = np.array([[float(x) for x in row] for row in gallery()["gaussian-rotated"].entries])
    assert document["schema"] == "derive/nearest-factors/1"
    assert np.allclose(contracted(document), given, rtol=1e-12)
    assert 0 < document["relative_error"] < 1e-14


def test_python_is_started_once_for_all_labs(kernel, layer):
    page = layer("")
    page.requests.clear()
    kernel("name=sobel")
    assert file(page, "PyTorch").startswith('"""Asymmetric')
    assert not [url for url in page.requests if "/pyodide/" in url]


def test_starting_says_what_could_not_be_fetched_and_can_be_cancelled(visit):
    page = visit(KERNEL, first=True)  # nothing of Python is in its cache
    page.wait_for_function("() => /MB/.test(document.querySelector('.py-start')?.textContent)")
    said = "words => document.querySelector('.py-said').textContent.includes(words)"
    page.context.set_offline(True)
    page.click(".py-start")
    page.wait_for_function(said, arg="could not be fetched")
    page.context.set_offline(False)
    page.route("**/python_stdlib.zip", lambda route: None)  # never answered
    page.click(".py-start")
    page.wait_for_selector("[data-list=files] li")
    page.click("[data-do=cancel]")
    page.wait_for_function(said, arg="nothing is running")
    assert page.locator(".py-start").is_visible()


@pytest.mark.parametrize("lab", ["layer", "kernel"])
def test_everyone_can_read_it_and_it_fits_a_phone(lab, request):
    opened = request.getfixturevalue(lab)
    page = opened("name=log-9" if lab == "kernel" else "in=16&out=32", width=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert serious(page) == {}
    page.set_viewport_size(LAPTOP)
    assert serious(page) == {}
    assert page.complaints == []
