"""The filters of a design in words: 3 filters of 3×1×3, then 8 filters of 1×3×3."""

from collections.abc import Sequence
from itertools import groupby

from derive.facts.comparison import StageNumbers


def filters(stages: Sequence[StageNumbers]) -> str:
    """The filters of every stage, in order, each as taps by channels; branches that are added are
    joined by plus.

    >>> from derive.facts import compare
    >>> from derive.parse.layer import read_layer
    >>> filters(compare(read_layer()).row("asymmetric").stages)
    '3 filters of 3×1×3, then 8 filters of 1×3×3'
    """
    branches = [list(branch) for _, branch in groupby(stages, lambda stage: stage.branch)]
    return " plus ".join(_branch(branch, len(branches) > 1) for branch in branches)


def _branch(stages: Sequence[StageNumbers], several: bool) -> str:
    words = ", then ".join(
        f"{stage.filters:,} {'filter' if stage.filters == 1 else 'filters'} of"
        f" {'×'.join(map(str, stage.filter))}"
        for stage in stages
    )
    times = stages[0].times
    if times > 1:
        return f"{times} times ({words})"
    return f"({words})" if several and len(stages) > 1 else words
