"""Pictures that are saved, labs that stand in other pages, addresses that open where they lead."""

import struct
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

SVG = "{http://www.w3.org/2000/svg}"


def saved(page, button):
    with page.expect_download() as coming:
        button.click()
    return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()


def test_a_plot_is_saved_as_it_is_seen(visit):
    page = visit("theorems/stride-saving/")
    figure = page.locator("[data-picture=stride-saving]")
    name, file = saved(page, figure.get_by_role("button", name="Save as SVG"))
    drawn = fromstring(file)
    assert name == "stride-saving.svg"
    assert drawn.find(f"{SVG}title").text == figure.locator("svg title").text_content()
    colours = {"stroke: rgb(", "stroke-dasharray: "}
    paths = [path.get("style") for path in drawn.iter(f"{SVG}path")]
    assert all(any(colour in style for style in paths) for colour in colours)
    assert not any("class" in node.attrib for node in drawn.iter())
    name, file = saved(page, figure.get_by_role("button", name="Save as PNG"))
    width, height = struct.unpack(">II", file[16:24])
    assert (name, file[:4]) == ("stride-saving.png", b"\x89PNG")
    _, _, wide, high = map(float, drawn.get("viewBox").split())
    assert (width, height) == (3 * wide, 3 * high)


@pytest.mark.parametrize("path", ["relations/", "learn/same/"])
def test_the_inclusion_diagram_is_saved(visit, path):
    page = visit(path)
    frame = page.locator("[data-picture=inclusions]")
    name, file = saved(page, frame.get_by_role("button", name="Save as SVG"))
    drawn = fromstring(file)
    assert name == "inclusions.svg"
    assert len(list(drawn.iter(f"{SVG}rect"))) == 1 + frame.locator("svg .node").count()
    fills = {node.get("style").partition("fill: ")[2][:3] for node in drawn.iter(f"{SVG}path")}
    assert fills == {"non"}
    name, file = saved(page, frame.get_by_role("button", name="Save as PNG"))
    assert (name, file[:4]) == ("inclusions.png", b"\x89PNG")


def test_a_sentence_of_a_long_proof_is_unfolded_by_its_address(visit):
    page = visit("theorems/intersections/#step-20")
    page.wait_for_function("document.querySelector('#step-20').closest('details').open")
    assert page.locator("#step-20").is_visible()
    assert page.locator("details.part:not([open])").count() > 0


def test_a_layer_in_the_address_opens_at_the_calculator(visit):
    page = visit("?image=56&in=64&out=64")
    page.locator("layer-calculator[data-ready]").wait_for()
    page.wait_for_function(
        "(({top}) => top >= 0 && top < innerHeight / 2)"
        "(document.getElementById('calculator').getBoundingClientRect())"
    )


def test_an_embedded_calculator_stands_alone_and_stays_so(visit):
    page = visit("?image=56&embed", first=True)
    page.locator("layer-calculator[data-ready]").wait_for()
    for place in (".md-header", ".md-footer", "embed-code"):
        assert page.locator(place).first.is_hidden(), place
    page.locator("#calculator-out").fill("32")
    page.wait_for_url("**/?image=56&out=32&embed")


def test_a_lab_says_how_it_is_embedded(visit):
    page = visit("lab/layer/?image=56&in=64")
    page.locator("embed-code summary").click()
    page.wait_for_function("document.querySelector('embed-code code').textContent")
    code = page.locator("embed-code code").text_content()
    frame = fromstring(code.replace("></iframe>", "/>"))
    assert frame.get("src").endswith("/lab/layer/?image=56&in=64&embed")
    assert frame.get("title") == "Every factorization on your layer"


def test_a_line_that_is_edited_makes_its_results_stale(visit):
    page = visit("lab/line/")
    lab = page.locator("line-lab[data-ready]")
    lab.wait_for()
    page.locator("#ll-line").fill("A[i,u] B[o,v]")
    page.locator("line-lab[data-outdated]").wait_for()
    page.locator("#ll-line").fill("A[j,i,u] B[o,j,v]")
    page.locator("line-lab:not([data-outdated])").wait_for()


def test_a_kernel_is_drawn_as_two_layers_on_the_image_of_the_reader(visit):
    page = visit("lab/kernel/?image=56x48&name=laplacian-4")
    drawn = page.locator("[data-layer] .calc-flow")
    drawn.wait_for()
    assert drawn.locator("b").all_text_contents() == ["56 × 48 × 1"] * 3
    assert "6 weights, 16,128 MACs" in page.locator("[data-layer]").text_content()
    assert "m ≤ 1" in page.locator("[data-layer]").text_content()
