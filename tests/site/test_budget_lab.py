"""The budget lab: its search in node against another one in Python, and what it shows at first."""

import shutil
from fractions import Fraction

import pytest

from derive.parse.layer import read_layer
from derive.site import formulas, grammar, thresholds
from derive.site.pages import budget_lab
from derive.site.templating import render
from tests.site.test_formulas_js import node, SCRIPTS

NEEDED = ("engine.js", "numbers.js", "read-layer.js", "text.js", "order.js", "lab/budget.js")
RUN = """
import { readFileSync } from "node:fs";
import { evaluate } from "./engine.js";
import { budget, largest, designs, represented, within } from "./lab/budget.js";
import { understood, USUAL } from "./read-layer.js";
const answers = JSON.parse(readFileSync(0, "utf-8")).map(([fields, measure, percent, own]) => {
  const { layer } = understood({ ...USUAL, ...fields });
  const most = budget(layer, measure, BigInt(percent));
  const row = evaluate(layer, "asymmetric", { m: BigInt(own) });
  const { all, some, open } = represented(layer, row);
  const names = (pairs) => pairs.map(({ small }) => small.name);
  return {
    most: Number(most),
    largest: Number(largest(layer, row, "m", row.setting, measure, most)),
    best: within(layer, measure, most)
      .map((one) => [one.name, Number(one[measure]), Number(one.degrees_of_freedom)]),
    all: names(all), some: names(some), open: names(open),
  };
});
process.stdout.write(JSON.stringify(answers));
"""
ASKED = (
    ({}, "macs", 50, 3),
    ({}, "parameters", 20, 9),
    ({"in": "2", "out": "3", "image": "5x6"}, "parameters", 70, 2),
)


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("js")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "formulas.js").write_text(formulas.module(), "utf-8")
    (folder / "formulas-plain-2.js").write_text(formulas.part(2, "plain"), "utf-8")
    (folder / "order-2.js").write_text(thresholds.module(2), "utf-8")
    (folder / "grammar.js").write_text(grammar.module(), "utf-8")
    (folder / "lab").mkdir()
    for name in NEEDED:
        shutil.copy(SCRIPTS / name, folder / name)
    return node(folder, RUN, ASKED)


@pytest.mark.parametrize("place", range(len(ASKED)))
def test_the_page_finds_what_python_finds(answers, place):
    fields, measure, percent, _ = ASKED[place]
    layer = read_layer(
        image=fields.get("image", "128x128"),
        channels_in=int(fields.get("in", 3)),
        channels_out=int(fields.get("out", 8)),
    )
    most = budget_lab.budget(layer, measure, percent)
    found = {one.name: one.freedom for one in budget_lab.within(layer, measure, most)}
    assert answers[place]["most"] == most
    assert {name: freedom for name, _, freedom in answers[place]["best"]} == found
    assert all(cost <= most for _, cost, _ in answers[place]["best"])
    freedoms = [freedom for *_, freedom in answers[place]["best"]]
    assert freedoms == sorted(freedoms, reverse=True)
    assert len(found) > 5


def test_the_largest_width_within_a_budget_by_trying_every_one(answers):
    for (fields, measure, _, _), answer in zip(ASKED, answers, strict=True):
        into, out = int(fields.get("in", 3)), int(fields.get("out", 8))
        tall, wide = map(int, fields.get("image", "128x128").split("x"))
        pixels = tall * wide if measure == "macs" else 1
        costs = {m: pixels * m * 3 * (into + out) for m in range(1, 100)}
        assert answer["largest"] == max(
            (m for m, cost in costs.items() if cost <= answer["most"]), default=0
        )


def test_a_wide_pair_equals_every_kernel_and_a_narrow_one_does_not(answers):
    narrow, wide, small = answers
    assert "standard" in wide["all"]
    assert wide["some"] == wide["open"] == []
    assert "standard" in narrow["some"]
    assert "depthwise-asymmetric-separable" in narrow["all"]  # at as many channels as inputs
    assert set(small["all"]) & set(small["some"]) == set()


def test_the_budget_is_a_share_of_the_standard_layer_rounded_down():
    layer = read_layer(image="5x5", channels_in=1, channels_out=1)
    for percent in (1, 33, 50, 99, 100, 150):
        assert budget_lab.budget(layer, "parameters", percent) == int(Fraction(9 * percent, 100))


def test_before_its_script_runs_the_page_shows_the_first_task():
    page = budget_lab.context()
    text = render("budget.md.j2", page)
    assert f"{page.most:,}" in text
    assert page.most == 3_538_944 // 2
    assert text.count('<th scope="row">') == len(page.best)
    for one in page.best:
        assert one.cost <= page.most
        assert f"<td>{'' if one.exact else 'at most '}{one.freedom}</td>" in text
    assert "with zero padding and nothing between the stages" in text
