"""The filters of a design, as the thread writes them: taps × channels, stage after stage."""

import json
from contextlib import suppress
from itertools import islice
from math import prod
from shlex import split

import derive as public
from derive.catalogue import FAMILIES
from derive.code.plan import plan
from derive.comparison import attempts, Choices, Row
from derive.facts.comparison import row_facts
from derive.notation.errors import InputError
from tests.code.snippets import rows

PAIRS = {
    "in": "3 filters of 3×1×3, then 8 filters of 1×3×3",
    "out": "8 filters of 3×1×3, then 8 filters of 1×3×8",
}


def test_the_width_of_either_side_has_its_filters(derive):
    text = derive(*split("compare --middle in --middle out --stages")).stdout
    for filters in PAIRS.values():
        assert filters in text
    own = derive(*split('define "A[j,i,u] B[o,j,v]" --middle out --stages')).stdout
    assert f"your line m=8  {PAIRS['out']}" in " ".join(own.split()).replace(" m=8 ", " m=8  ")
    assert "filters of" not in derive("compare").stdout
    layer = public.layer()
    for side, filters in PAIRS.items():
        assert public.families["asymmetric"].on(layer, m=side).filters == filters
    facts = json.loads(derive(*split("compare --middle out --json")).stdout)
    (pair,) = (row for row in facts["families"] if row["name"] == "asymmetric")
    found = [(stage["filters"], stage["filter"], stage["branch"]) for stage in pair["stages"]]
    assert found == [(8, [3, 1, 3], 1), (8, [1, 3, 8], 1)]


def test_filters_are_those_of_the_convolutions_of_the_code():
    checked = 0
    for row in islice(rows(seed=41), 100):
        (standard,) = attempts(FAMILIES["standard"], row.layer, Choices())
        assert isinstance(standard, Row)
        stages = row_facts(row, standard).stages
        with suppress(InputError):
            made = plan(row)
            branches = [x for n, x in enumerate(made.branches) if not _copy(made.branches, n)]
            wanted = [
                (stage.channels_out, (*stage.kernel, stage.extent(stage.summed)))
                for branch in branches
                for stage in branch.stages
            ]
            assert [(stage.filters, stage.filter) for stage in stages] == wanted
            assert all(prod(x.filter) * x.filters == x.parameters for x in stages)
            checked += 1
    assert checked > 60


def _copy(branches, n):
    """Whether a branch of a plan is the last copy of the one before, which has the bias."""
    return n > 0 and [x.name for x in branches[n].stages] == [
        x.name for x in branches[n - 1].stages
    ]
