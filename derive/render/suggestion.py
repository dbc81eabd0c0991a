"""What factorizations would change in a model, as a table, and the plan of a budget in words."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from derive.facts.design import DesignFacts, Guarantee
from derive.facts.model import ModelFacts
from derive.facts.plan import PlanFacts, SuggestionFacts, SuggestionsFacts
from derive.facts.rewriting import RewritingFacts
from derive.render.amount import memory, number
from derive.render.curve import error_words
from derive.render.sheet import Column, Sheet
from derive.render.tabular import Cell, Tabular, written

COLUMNS = {
    "break_even": "cheaper",
    "half_cost": "half the MACs",
    "within_cost": "within the cost",
    "plan": "plan",
}
OF_DESIGN = ("family", "setting", "relative_error", "error", "parameters", "macs")
HEAD = (
    *("name", "parameters", "macs"),
    *(f"{column}_{name}" for column in COLUMNS for name in OF_DESIGN),
    "reason",
)


def suggestion_table(facts: ModelFacts) -> RenderableType:
    """A row for each layer: the smallest error at each cost, and the design of the plan, or at half
    the MACs where there is no plan."""
    found = facts.suggestions
    assert found is not None
    errors = _costs(found)
    shown = "plan" if found.plan else "half_cost"
    columns = (
        *(Column("layer"), Column("MACs", number=True)),
        *(Column(title, number=True) for title in errors.values()),
        *(Column(COLUMNS[shown]), Column("error", number=True), Column("× MACs", number=True)),
    )
    rows = [
        [
            *(one.name, number(one.macs)),
            *(_error(_of(one, found, name)) for name in errors),
            *_design(one, _of(one, found, shown)),
        ]
        for one in found.layers
    ]
    title = f"{facts.model}: the smallest relative error of each kernel at a cost"
    lines = [*plan_lines(found.plan), *rewriting_lines(facts.rewriting)]
    return Group(Text(title, "italic"), Sheet(columns, rows), *map(Text, ["", *lines]))


def _costs(found: SuggestionsFacts) -> dict[str, str]:
    """The columns of errors: for what share of the MACs of a layer."""
    columns = {"break_even": "< 1 ×", "half_cost": "≤ 0.5 ×"}
    if found.share is not None:
        columns["within_cost"] = f"≤ {float(found.share):g} ×"
    return columns


def _of(one: SuggestionFacts, found: SuggestionsFacts, name: str) -> DesignFacts | None:
    """The design of a layer in one of the columns."""
    if name != "plan":
        design: DesignFacts | None = getattr(one, name)
        return design
    replaced = found.plan.replaced if found.plan else ()
    return next((each.design for each in replaced if each.name == one.name), None)


def _error(design: DesignFacts | None) -> str:
    if design is None:
        return "–"
    most = "≤ " if design.error is Guarantee.AT_MOST else ""
    return f"{most}{error_words(design.point.relative_error)}"


def _design(one: SuggestionFacts, design: DesignFacts | None) -> list[str]:
    """A design in words, its error and its share of the MACs."""
    if design is None:
        return [one.reason or "as it is", "", ""]
    share = float(design.point.ratio.macs)
    return [design_words(design), _error(design), f"{share:.3f}"]


def design_words(design: DesignFacts) -> str:
    """A design by its family and the sizes of its bonds.

    >>> from fractions import Fraction
    >>> from derive.facts.design import CostShares, PointFacts
    >>> from derive.notation.letters import m
    >>> point = PointFacts({m: 8}, 0.1, 9, 9, CostShares(Fraction(1, 2), Fraction(1, 2)))
    >>> design_words(DesignFacts("asymmetric", Guarantee.LEAST, point))
    'asymmetric m=8'
    """
    return design.family + "".join(f" {x}={n}" for x, n in design.point.setting.items())


def plan_lines(plan: PlanFacts | None) -> Iterator[str]:
    """The plan in words: what it replaces, what that saves, and what an error does not say."""
    if plan is None:
        return
    share = plan.macs / plan.macs_before if plan.macs_before else 1.0
    layers = f"{len(plan.replaced)} layer{'' if len(plan.replaced) == 1 else 's'}"
    yield (
        f"Plan within {plan.budget}: {layers} replaced,"
        f" {number(plan.macs)} of {number(plan.macs_before)} MACs ({share:.3f} of them),"
        f" {number(plan.parameters)} of {number(plan.parameters_before)} weights;"
        f" largest error of a layer {error_words(plan.largest_error)}."
    )
    yield plan.caveat


def rewriting_lines(found: RewritingFacts | None) -> Iterator[str]:
    """What was written, how it compares with the old model, and which layers had to stay."""
    if found is None:
        return
    one = found.measured
    yield (
        f"Written to {found.file}: {memory(found.bytes)}, before {memory(found.bytes_before)};"
        f" {1000 * one.seconds_after:.3g} ms, before {1000 * one.seconds_before:.3g} ms (median of"
        f" {one.runs} runs in {one.runtime} on this machine); on random input the output differs by"
        f" {error_words(one.difference)} of its norm."
    )
    for each in found.left:
        yield f"Left as it is: {each.name}, {each.reason}."


def suggestion_text(facts: ModelFacts, form: str) -> str:
    """The designs of every layer as csv, with all numbers, or as latex or markdown."""
    found = facts.suggestions
    assert found is not None
    if form == "csv":
        rows = [[*_numbers(one, found), one.reason or ""] for one in found.layers]
        return written(Tabular(HEAD, rows), form)
    titles = ("layer", "MACs", *COLUMNS.values())
    shown: list[list[Cell]] = [
        [one.name, one.macs, *(_words(_of(one, found, name)) for name in COLUMNS)]
        for one in found.layers
    ]
    return written(Tabular(titles, shown, facts.model), form)


def _words(design: DesignFacts | None) -> str:
    return "–" if design is None else f"{_error(design)}: {design_words(design)}"


def _numbers(one: SuggestionFacts, found: SuggestionsFacts) -> Iterator[Cell]:
    yield from (one.name, one.parameters, one.macs)
    for name in COLUMNS:
        design = _of(one, found, name)
        if design is None:
            yield from [""] * len(OF_DESIGN)
            continue
        point = design.point
        setting = " ".join(f"{x}={n}" for x, n in point.setting.items())
        yield from (design.family, setting, repr(point.relative_error), design.error.value)
        yield from (point.parameters, point.macs)
