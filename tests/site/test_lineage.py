"""The picture of the lineage: its wires by running the stages, its counts by the published ones."""

import re
from itertools import product

import pytest

from derive import oracle
from derive.site import lineage
from derive.site.lineage import DRAWN, DRAWN_TAPS
from derive.site.pages.learn import course, same
from derive.site.templating import render

CHAINS = [families for _, *pair in lineage.STEPS for families in pair]


@pytest.fixture(scope="module")
def shown():
    return lineage.lineage()


def reached(factor, indices, row, stage):
    """Which channels of the source reach which of the target: one channel alight at a time, run by
    the loops with weights of one."""
    family = row.line.branches[0][1]
    sizes = {x.name: row.size(family.sizes[x]) for x in family.letters}
    sizes |= {d.tap.name: row.size(d.kernel) for d in row.layer.directions}
    pixels = {"y", "x"}
    source = [x.name for x, _ in stage.stage.reads if x.name not in pixels]
    target = [x.name for x, _ in stage.stage.domain if x.name not in pixels]
    places = list(product(*(range(sizes[x]) for x in source)))
    weights = dict.fromkeys(product(*(range(sizes[x]) for x in indices)), 1)
    axes = {
        tap: oracle.Axis(1, sizes[tap], before=sizes[tap] // 2, after=sizes[tap] // 2)
        for tap in "uv"
    }
    found = set()
    for number, lit in enumerate(places):
        image = {(*at, 0, 0): int(at == lit) for at in places}
        run = oracle.pipeline(
            [(indices, weights)], image, "".join(source), "".join(target), sizes, axes
        )
        ends = product(*(range(sizes[x]) for x in target))
        found |= {(number, n) for n, at in enumerate(ends) if run.output[*at, 0, 0]}
    return found


@pytest.mark.parametrize("families", CHAINS, ids=" then ".join)
def test_a_wire_runs_exactly_where_a_stage_carries_a_channel(families):
    tried = 0
    for row in lineage._rows(families, DRAWN, DRAWN_TAPS):
        for _, stage in row.stages:
            indices = oracle.word(stage.stage.factor.indices)
            wires = set(lineage.connections(row, stage))
            assert wires == reached(stage.stage.factor, indices, row, stage)
            tried += 1
    assert tried == {"grouped-asymmetric": 3}.get(families[-1], tried)


def test_the_weights_are_those_of_the_published_tables_and_of_lists_of_weights(shown):
    by_families = {
        design.families: design.weights
        for step in shown.steps
        for design in (step.whole, step.apart)
    }
    assert by_families[("asymmetric",)] == 2 * 258_048  # a 1 × 7 layer of block 6e in the tables
    c, n, g = 192, 7, 3
    assert by_families[("standard",)] == c * c * n * n
    assert by_families[("pointwise", "grouped")] == c * c + c * (c // g) * n * n
    assert by_families[("pointwise", "grouped-asymmetric")] == c * c + 2 * c * (c // g) * n
    assert by_families[("flattened",)] == c * c + 2 * c * n
    assert dict(shown.segments)[1] == c * c + c * c * n * n
    assert dict(shown.segments)[c] == by_families[("blueprint-separable",)]


def test_more_segments_are_fewer_weights(shown):
    weights = [weights for _, weights in shown.segments]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == len(weights) > 3


def test_the_lesson_says_what_the_relations_say(shown, monkeypatch):
    monkeypatch.setattr(same, "lineage", lambda: shown)  # worked out once for this file
    lesson = next(one for one in course.COURSE if one.slug == "same")
    text = render(lesson.template, same.context(), navigation=course.navigation("same"))
    section = text.split("{: #lineage }")[1].split("\n## ")[0]
    for there, _ in shown.relations:
        assert there in section
    assert section.count("<svg") == 8
    assert not re.search(r"[{}]{2}", section)
    assert "do not represent the same kernels" in section
