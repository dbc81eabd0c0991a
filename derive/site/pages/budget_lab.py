"""A block within a budget: the tasks, and the best of every listed design on the opening layer,
which the page shows before its script runs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from sympy import Symbol

from derive.catalogue import Entry, FAMILIES
from derive.comparison import attempts, Choices, free_sizes, Row
from derive.facts.block import largest_within
from derive.facts.layer import layer_facts, LayerFacts
from derive.notation.layer import Layer
from derive.parse.layer import read_layer
from derive.site.pages.learn.course import facts_html

PERCENT, MEASURE = 50, "macs"  # of the opening layer
TASKS: tuple[tuple[dict[str, str], str, int], ...] = (
    ({}, "macs", 50),
    ({"image": "56x56", "in": "64", "out": "64"}, "parameters", 25),
    ({"image": "17x17", "in": "192", "out": "192", "kernel": "7"}, "macs", 10),
)
NAMES = {"macs": "MACs", "parameters": "weights"}


@dataclass(frozen=True)
class Best:
    """A design at the setting with the most degrees of freedom within a budget."""

    name: str
    title: str
    setting: str
    cost: int
    freedom: int
    exact: bool
    condition: str


@dataclass(frozen=True)
class BudgetLabPage:
    """What the template shows: the opening task worked out, and the data of the script."""

    layer: LayerFacts
    percent: int
    most: int
    best: tuple[Best, ...]
    facts: str


def context() -> BudgetLabPage:
    """The page with the opening task."""
    layer = read_layer()
    most = budget(layer, MEASURE, PERCENT)
    tasks = [
        {"fields": fields, "measure": of, "percent": share, "words": _words(fields, of, share)}
        for fields, of, share in TASKS
    ]
    return BudgetLabPage(
        layer_facts(layer),
        PERCENT,
        most,
        tuple(within(layer, MEASURE, most)),
        facts_html({"tasks": tasks}),
    )


def _words(fields: dict[str, str], measure: str, percent: int) -> str:
    kernel = fields.get("kernel", "3")
    layer = f"{fields.get('in', 3)} → {fields.get('out', 8)}, {kernel} × {kernel}"
    return f"{layer}: {percent} % of the {NAMES[measure]}"


def budget(layer: Layer, measure: str, percent: int) -> int:
    """A share of what the standard convolution takes, rounded down.

    >>> budget(read_layer(), "parameters", 50)
    108
    """
    (standard,) = attempts(FAMILIES["standard"], layer, Choices())
    assert isinstance(standard, Row)
    return standard.number(measure) * percent // 100


def within(layer: Layer, measure: str, most: int) -> list[Best]:
    """Every listed design at its best setting within a budget, most degrees of freedom first."""
    found = (_best(entry, layer, measure, most) for entry in FAMILIES.values())
    return sorted(filter(None, found), key=lambda one: (-one.freedom, one.cost))


def _best(entry: Entry, layer: Layer, measure: str, most: int) -> Best | None:
    rows = list(_affordable(entry, layer, measure, most))
    if not rows:
        return None
    row = max(rows, key=lambda row: (row.freedom[0], -row.number(measure)))
    setting = ", ".join(f"{size} = {n}" for size, n in row.chosen.items())
    freedom, exact = row.freedom
    title, cost = entry.title, row.number(measure)
    return Best(entry.name, title, setting, cost, freedom, exact, row.exactness.brief)


def _affordable(entry: Entry, layer: Layer, measure: str, most: int) -> Iterator[Row]:
    """A design at every setting within a budget that leaves no room for its last size."""
    usual = [row for row in attempts(entry, layer, Choices()) if isinstance(row, Row)]
    for row in usual[:1]:
        sizes = [size for size, _ in row.setting]
        if not sizes:
            yield from [row] if row.number(measure) <= most else []
        elif set(sizes) <= free_sizes(row.line):
            yield from _filled(row, sizes, measure, most)


def _filled(row: Row, sizes: list[Symbol], measure: str, most: int) -> Iterator[Row]:
    *outer, last = sizes
    formula = getattr(row.count, measure).expr
    limits = [largest_within(row, dict.fromkeys(sizes, 1), size, formula, most) for size in outer]
    for chosen in product(*(range(1, limit + 1) for limit in limits)):
        setting = dict(zip(outer, chosen, strict=True))
        number = largest_within(row, setting | {last: 1}, last, formula, most)
        if number:
            yield Row(row.entry, row.line, row.layer, tuple({**setting, last: number}.items()))
