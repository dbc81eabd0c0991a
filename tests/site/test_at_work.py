"""The pipelines at work: every number of the figure is the sum that the figure writes out."""

import json
import re
import shutil
import subprocess
from itertools import product

import pytest

from derive.catalogue import FAMILIES
from derive.site import at_work
from derive.site.by_hand import by_hand
from derive.site.first_state import MARK, node, SCRIPTS
from tests.tools import program

# What the script of the figure says of every output pixel.
STEPS = """
import { readFileSync } from "node:fs";
import { name, steps, sum, value } from "./assets/at-work-view.js";
const facts = JSON.parse(readFileSync(0, "utf-8"));
const { side, tensors } = facts, range = [...Array(side).keys()];
const found = tensors.at(-1).planes.flatMap((_, plane) => range.flatMap((y) => range.map((x) =>
  [[plane, y, x], steps(facts, [plane, y, x]).map((one) =>
    ({ ...one, words: sum(one), name: name(facts, one), value: value(facts, one) }))])));
console.log(JSON.stringify(found));
"""
# Two factors whose product is the kernel K[o, i, u, v], written out.
KERNELS = {
    "asymmetric": lambda w, o, i, u, v: sum(
        w[0][f"{j},{i},{u}"] * w[1][f"{o},{j},{v}"] for j in range(2)
    ),
    "depthwise-separable": lambda w, o, i, u, v: w[0][f"{i},0,{u},{v}"] * w[1][f"{o},{i},0"],
}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What the script says of the facts of a figure."""
    program("node")
    folder = tmp_path_factory.mktemp("at-work")
    shutil.copytree(SCRIPTS, folder / "assets")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "steps.mjs").write_text(STEPS)

    def run(facts):
        made = subprocess.run(
            [node(), "steps.mjs"],
            input=json.dumps(facts),
            capture_output=True,
            encoding="utf-8",
            check=False,
            cwd=folder,
        )
        assert made.returncode == 0, made.stderr
        return json.loads(made.stdout)

    return run


def worked_out(words):
    """A sum such as ``2·3 − 1·(−4)`` as a number."""
    terms = list(re.finditer(r"(^−|^|[+−] )(\d+)·(\(−\d+\)|\d+)", words))
    assert " ".join(term[0] for term in terms) == words
    number = {True: -1, False: 1}
    return sum(
        number["−" in sign] * int(a) * number["−" in b] * int(b.strip("()−"))
        for sign, a, b in (term.groups() for term in terms)
    )


def wrong(found):
    """The numbers that their products or the sum in words do not add up to."""
    return [
        one["name"]
        for _, steps in found
        for one in steps
        if not (
            one["value"]
            == sum(p["weight"] * (p["value"] or 0) for p in one["products"])
            == worked_out(one["words"])
        )
    ]


@pytest.mark.parametrize("name", FAMILIES)
def test_every_number_is_the_sum_that_is_written_out(told, name):
    facts = at_work.at_work(name)
    if facts is None:
        assert name in ("acnet-block", "network-decoupling", "r2plus1d")
        return
    found = told(facts)
    assert wrong(found) == []
    for pixel, steps in found:
        assert steps[-1]["place"] == pixel
        places = [(one["stage"], *one["place"]) for one in steps]
        assert len(set(places)) == len(places), "a number is made once"
        read = {
            (one["stage"] - 1, *p["place"])
            for one in steps
            for p in one["products"]
            if one["stage"] and p["value"] is not None
        }
        assert set(places) == read | {(len(facts["stages"]) - 1, *pixel)}


def test_a_wrong_number_would_be_seen(told):
    facts = at_work.at_work("asymmetric")
    facts["tensors"][1]["planes"][0]["rows"][2][2] += 1
    assert "Z[0, 2, 2]" in wrong(told(facts))


@pytest.mark.parametrize("name", KERNELS)
def test_the_result_is_the_convolution_with_the_kernel(name):
    facts = at_work.at_work(name)
    image, result = ([plane["rows"] for plane in facts["tensors"][at]["planes"]] for at in (0, -1))
    weights, side = [stage["weights"] for stage in facts["stages"]], range(facts["side"])
    for o, y, x in product(range(len(result)), side, side):
        assert result[o][y][x] == sum(
            KERNELS[name](weights, o, i, u, v) * image[i][y + u - 1][x + v - 1]
            for i, u, v in product(range(len(image)), range(3), range(3))
            if y + u - 1 in side and x + v - 1 in side
        )


@pytest.mark.parametrize("name", KERNELS)
def test_a_pixel_by_hand_is_the_one_of_the_figure(told, name):
    hand, found = (
        by_hand(name),
        {tuple(pixel): steps for pixel, steps in told(at_work.at_work(name))},
    )
    steps = found[0, 2, 2]
    assert hand.value == steps[-1]["value"]
    assert hand.alone == sum(len(one["products"]) for one in steps)
    assert [worked_out(one.sum) for one in hand.channels] == [one.value for one in hand.channels]
    everything = {
        (one["stage"], *one["place"]): len(one["products"]) for s in found.values() for one in s
    }
    assert hand.staged * at_work.SIDE**2 == sum(everything.values())


def test_every_figure_of_a_page_is_drawn():
    drawn = at_work.figures()
    for name in FAMILIES:
        marks = MARK.findall(at_work.figure(name))
        assert marks == [one for one, facts in drawn.items() if facts["name"] == name]
    assert len(drawn) > 10
    assert at_work.figure("acnet-block") == ""


def test_both_layers_of_the_question_are_at_work_on_one_image():
    pair, separable = map(at_work.at_work, KERNELS)
    assert pair["tensors"][0] == separable["tensors"][0]
