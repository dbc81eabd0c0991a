"""The layer lab before its script runs: conventions against measured figures, the opening table."""

import json
import re

import pytest

from derive.comparison import rows
from derive.facts import compare
from derive.facts.conventions import CONVENTIONS
from derive.parse.layer import read_layer
from derive.render.values import json_values
from derive.site.pages import layer_lab
from derive.site.templating import render

# One layer, 128 × 128, 3 → 8, 3 × 3, as the tools printed it: without and with a bias.
MEASURED = {
    "fvcore": (3_538_944, 3_538_944),
    "thop": (3_538_944, 3_538_944),
    "onnx_opcounter": (3_538_944, 3_538_944),
    "ptflops": (3_538_944, 3_670_016),
    "torchinfo": (3_538_944, 3_670_016),
    "FlopCounterMode": (7_077_888, 7_077_888),
    "calflops": (7_077_888, 7_208_960),
    "DeepSpeed": (7_077_888, 7_208_960),
    "torchscan": (6_946_816, 7_077_888),
    "XLA": (7_004_352, 7_135_424),
}


@pytest.mark.parametrize("tool", MEASURED)
def test_conventions_give_what_the_tools_printed(tool):
    (convention,) = [
        one for one in CONVENTIONS if any(tool in re.split(r"[ ,]", name) for name in one.tools)
    ]
    standard = next(row for row in rows(read_layer())[0] if row.entry.name == "standard")
    written = standard.number("activations")
    counts = {
        "macs": standard.number("macs"),
        "in_bounds": standard.number("macs_in_bounds"),
        "outputs": written,
    }
    assert (
        convention.number(**counts),
        convention.number(**counts, bias=written),
    ) == MEASURED[tool]


def test_exact_convention_is_our_flops():
    (exact,) = [one for one in CONVENTIONS if "exact dense count" in one.words]
    for bias in (False, True):
        for row in rows(read_layer(stride="2", dilation="2", bias=bias))[0]:
            if len(row.line.branches) > 1 or row.entry.name == "network-decoupling":
                continue  # adding branches takes further additions
            written = row.number("activations")
            counts = {"macs": row.number("macs"), "outputs": written}
            wanted = row.number("flops_with_bias" if bias else "flops")
            assert exact.number(**counts, bias=written if bias else 0) == wanted


def test_page_carries_the_data():
    text = render("layer.md.j2", layer_lab.context())
    found = re.search(r'<template class="facts"[^>]*>(.*?)</template>', text)
    assert found
    data = json.loads(found[1])
    assert data["conventions"] == layer_lab.conventions()
    assert data["shape"]["document"] == list(json_values(compare(read_layer())))
    inside = text.split('<div class="layer-lab-frame">')[1].split("<embed-code")[0]
    assert "\n\n" not in inside.strip()  # a blank line would end the raw HTML
