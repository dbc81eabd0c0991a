"""Every generated page of the site, as Markdown: one pure function of the catalogue."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from sympy import cancel, ceiling, Expr, factor, floor, Function, Max, Min, Mod, Symbol

from derive import brute
from derive.algebra.counting import Count
from derive.algebra.dimension import degrees_of_freedom, dimension
from derive.algebra.everyday import everyday
from derive.algebra.exactness import Exactness
from derive.algebra.pipeline import is_the_convolution
from derive.catalogue import Entry, FAMILIES
from derive.facts import compare, layer_facts, row_facts
from derive.notation.axis import (
    all_but_missed,
    Axis,
    in_bounds,
    missed_by_taps,
    missed_by_windows,
    Transposed,
)
from derive.notation.errors import CheckError
from derive.notation.family import Family
from derive.notation.formula import Formula
from derive.notation.layer import Layer
from derive.notation.letters import HEIGHT, MEANING, meaning, padding, SIZE, size
from derive.read.layer import read_layer
from derive.rows import Choices, Row, rows
from derive.site.diagram import pipelines
from derive.site.roads import two_roads
from derive.site.templating import render
from derive.write.family import family_document, is_sum
from derive.write.latex import definition_latex, guard_latex, latex
from derive.write.steps import stage_steps
from derive.write.table import label, layer_words

FOLDER = Path(__file__).parents[1] / "families"
ROOM = Symbol("L", integer=True)  # how far the first window can move
BOUND = Symbol("P", integer=True, positive=True)  # pixels before it are missed
PHI = Function("phi")  # how many window-tap pairs are
MU = Symbol("mu")  # a bond clipped to what it joins

# Layers on which a family is shown: the first one that it fits.
EXAMPLES: tuple[dict[str, Any], ...] = (
    {},
    {"channels_out": 3},
    {"channels_in": 4, "groups": 2},
    {"image": "16x128x128"},
)

# Counts in the order of a family's page: name, title, what it is, and the step that derives it.
JOINED = {"additions", "flops", "flops_with_bias", "activations", "bytes"}
COUNTS = (
    (
        "parameters",
        "Parameters",
        "weights of all factors; a bias adds one per channel written",
        "weights",
    ),
    ("macs", "MACs", "multiply–accumulates, padding zeros included", "products"),
    (
        "macs_in_bounds",
        "In-bounds MACs",
        "multiply–accumulates on pixels of the image",
        "in_bounds",
    ),
    (
        "multiplications",
        "Multiplications",
        "one for each product of a weight and a number",
        "products",
    ),
    (
        "additions",
        "Additions",
        "a sum of D products takes D − 1; a bias adds one per output",
        "additions",
    ),
    ("flops", "FLOPs", "multiplications plus additions, without bias", "additions"),
    (
        "flops_with_bias",
        "FLOPs with bias",
        "the same when every stage has a bias",
        "additions_with_bias",
    ),
    ("activations", "Activations", "numbers written by all stages", "outputs"),
    (
        "bytes",
        "Bytes moved",
        "each stage reads input and weights once and writes its output once",
        "moved",
    ),
)


def pages() -> dict[str, str]:
    """All generated pages, path to Markdown."""
    found = {
        "index.md": render("index.md.j2", **_home()),
        "families/index.md": render("families.md.j2", **_index()),
        "reference/conventions.md": render("conventions.md.j2", **_conventions()),
        "reference/oracle.md": render(
            "oracle.md.j2", source=Path(brute.__file__).read_text("utf-8")
        ),
    }
    for name, entry in FAMILIES.items():
        found[f"families/{name}.md"] = render("family.md.j2", **_family(entry))
    return found


def navigation() -> dict[str, list[dict[str, str]]]:
    """What each wildcard of the navigation stands for."""
    families = [{_short(entry): f"families/{name}.md"} for name, entry in FAMILIES.items()]
    return {"families/*": families}


def _home() -> dict[str, Any]:
    layer = read_layer()
    found, _ = rows(layer)
    by_name = {row.entry.name: row for row in found}
    wide = compare(layer, Choices(widths=(3, 8)))
    pair = [_lean(by_name[name]) for name in ("asymmetric", "depthwise-separable")]
    return {
        "layer": layer_words(layer_facts(layer)),
        "facts": wide,
        "rows": {label(row): row for row in wide["families"]},
        "pictures": {row.entry.name: pipelines(row)[0] for row in pair},
        "definitions": {row.entry.name: definition_latex(row.line) for row in pair},
        "alone": _one_channel(("asymmetric", "depthwise-separable")),
    }


def _lean(row: Row) -> Row:
    """The same row without bonds of size 1, which is how its line is best read."""
    assert isinstance(row.line, Family)
    single = [x for x in row.line.summed if row.line.sizes[x].xreplace(row.values) == 1]
    return replace(row, line=row.line.without(single))


def _one_channel(names: tuple[str, ...]) -> dict[str, str]:
    """What families spell when there is one input and one output channel and every width is 1."""
    found, _ = rows(read_layer(channels_in=1, channels_out=1))
    return {row.entry.name: row.exactness.words for row in found if row.entry.name in names}


def _index() -> dict[str, Any]:
    return {
        "entries": list(FAMILIES.values()),
        "documents": {name: _document(name) for name in FAMILIES},
        "letters": [(str(x), latex(SIZE[x]), MEANING[x]) for x in SIZE],
    }


def _conventions() -> dict[str, Any]:
    d = HEIGHT
    geometry = (d.input, d.kernel, d.stride, d.dilation, d.before, d.after)
    axis, named = Axis(*geometry), Named(*geometry)
    chosen = ("standard", "depthwise-separable", "asymmetric")
    layer = read_layer()
    seed = [row for row in rows(layer)[0] if row.entry.name in chosen]
    return {
        "layer": layer_words(layer_facts(layer)),
        "convolution": _document("standard")["stages"][0]["latex"],
        "room": latex(axis.room),
        "output": latex(_in_terms_of_room(axis)),
        "transposed": latex(Transposed(*geometry, extra=padding("pi")).output),
        "forms": {
            name: (latex(formula.expr), guard_latex(formula.guard))
            for name, formula in in_bounds(named).items()
        },
        "missed": latex(all_but_missed(named, lambda _, bound: PHI(bound))),
        "elementary": [_elementary(named, rule) for rule in (missed_by_taps, missed_by_windows)],
        "rows": [(row, _number_of(row)) for row in seed],
        "doubled": all(row.number("flops_with_bias") == 2 * row.number("macs") for row in seed),
        "dilated": _dilated(),
    }


def _in_terms_of_room(axis: Axis) -> Expr:
    """The output size with L for the room; CheckError if the axis computes another, or slack."""
    output = Max(0, floor(ROOM / axis.stride) + 1)
    if output.xreplace({ROOM: axis.room}) != axis.output or axis.slack != Mod(
        axis.room, axis.stride
    ):
        raise CheckError("the conventions page no longer describes the axis")
    return output


def _elementary(axis: Axis, rule: Callable[[Axis, Expr], Expr]) -> tuple[str, list[str]]:
    """A closed form of phi at a bound P > 0, its roundings named q_1, q_2, ... inside out."""
    rounded = (ceiling, Max, Min)
    form = rule(axis, BOUND)
    names: list[str] = []
    while inner := [x for x in form.atoms(*rounded) if x.atoms(*rounded) == {x}]:
        least = min(inner, key=str)
        name = Symbol(f"q_{len(names) + 1}", integer=True)
        names.append(f"{latex(name)} = {latex(least)}")
        form = form.xreplace({least: name})
    return latex(form), names


class Named(Axis):
    """An axis whose number of windows and slack go by their names N and r: short formulas."""

    output = size("N")
    slack = padding("r")


def _dilated() -> list[tuple[int, str]]:
    """Share of the dense MACs of a 3 × 3 on 33 × 33 that multiply padding, by dilation."""
    found = []
    for dilation in (1, 6, 12, 18, 24, 36):
        layer = read_layer(image="33x33", channels_in=1, channels_out=1, dilation=str(dilation))
        standard = next(row for row in rows(layer)[0] if row.entry.name == "standard")
        dense, inside = standard.number("macs"), standard.number("macs_in_bounds")
        found.append((dilation, f"{100 * (1 - inside / dense):.1f} %"))
    return found


def _family(entry: Entry) -> dict[str, Any]:
    row, yardstick = example(entry)
    document = _document(entry.name)
    for name, about in document["letters"].items():
        about["size_latex"] = latex(_size(entry, name))
    return {
        "entry": entry,
        "short": _short(entry),
        "document": document,
        "row": row,
        "number": _number_of(row),
        "standard_number": _number_of(yardstick),
        "layer": layer_words(layer_facts(row.layer)),
        "setting": ", ".join(f"{s} = {n}" for s, n in row.setting),
        "facts": row_facts(row, yardstick),
        "pictures": pipelines(row),
        "branches": [(str(times), stages) for times, stages in row.count.stages],
        "counts": [_count(entry, *count) for count in COUNTS],
        "steps": [
            (str(times), [(stage.stage.factor, stage_steps(stage)) for stage in stages])
            for times, stages in entry.count.stages
        ],
        "roads": two_roads(row),
        "leaf": (FOLDER / f"{entry.name.replace('-', '_')}.py").read_text("utf-8"),
        "command": _command(row),
        "proved": _proved(entry),
        "always": Exactness(entry.family).every_kernel,
        "decided": Exactness(entry.family).decided,
        "middles": [rf"\bar{{{d.tap}}}" for d in entry.directions if d.tap in _unheld(entry)],
        "symbol_rows": [(latex(s), meaning(s)) for s in _symbols(entry)],
        "freedom": _freedom(entry, row),
        "intensity": latex(everyday(entry.count.intensity, entry.directions).expr),
        "intensity_here": f"{float(row.ratio_of('intensity')):.3g}",
        "fields": [
            latex(everyday(entry.count.receptive_field(d), entry.directions).expr)
            for d in entry.directions
        ],
    }


def _unheld(entry: Entry) -> set[Symbol]:
    """Taps of the axes that some branch reads at their middle."""
    axes = {direction.tap for direction in entry.directions}
    return set().union(*(axes - set(family.taps) for _, family in entry.family.branches))


def _symbols(entry: Entry) -> list[Symbol]:
    """Every symbol of a family's formulas."""
    found = set().union(*(formula.symbols for formula in entry.formulas.values()))
    return sorted(found, key=str)


def _proved(entry: Entry) -> bool:
    """That every branch is the convolution with its kernel for all sizes; CheckError if not."""
    for _, family in entry.family.branches:
        if not is_the_convolution(family, entry.directions):
            raise CheckError(f"{family} is not the convolution with its kernel")
    return True


def _freedom(entry: Entry, row: Row) -> dict[str, Any]:
    """The dimension, with a clipped bond written as mu."""
    formula, exact = degrees_of_freedom(entry.family)
    clipped = sorted(formula.expr.atoms(Min), key=str) if exact else []
    short = factor(formula.expr.xreplace(dict.fromkeys(clipped, MU)))
    return {
        "general": latex(short),
        "where": latex(clipped[0]) if clipped else "",
        "guard": guard_latex(formula.guard),
        "exact": exact,
        "here": dimension(row.line, row.values)[0],
    }


def _size(entry: Entry, name: str) -> Expr:
    sizes = {x.name: size for _, f in entry.family.branches for x, size in f.sizes.items()}
    return sizes[name]


def _count(entry: Entry, name: str, title: str, words: str, step: str) -> dict[str, Any]:
    formula: Formula = getattr(entry.count, name)
    square = everyday(formula, entry.directions)
    return {
        "name": name,
        "title": title,
        "words": words,
        "step": step,
        "general": latex(formula.expr),
        "guard": guard_latex(formula.guard),
        "square": latex(square.expr),
        "square_guard": guard_latex(square.guard),
        "ratio": _ratio(entry, name, square.expr),
        "joined": name in JOINED and is_sum(entry.family),
    }


def _ratio(entry: Entry, name: str, square: Expr) -> str:
    """The everyday count over that of the standard convolution with the same channels."""
    if name not in ("parameters", "macs", "flops") or entry.name == "standard":
        return ""
    line = FAMILIES["standard"].family.on(tuple(d.tap for d in entry.directions))
    assert line is not None
    standard = everyday(getattr(Count(line, entry.directions), name), entry.directions).expr
    return latex(factor(cancel(square / standard.xreplace(entry.family.channels))))


def example(entry: Entry) -> tuple[Row, Row]:
    """A family on the first example layer that it fits, and the standard convolution there."""
    for words in EXAMPLES:
        found, _ = _rows(json.dumps(words))
        fitting = [row for row in found if row.entry.name == entry.name]
        if fitting:
            return fitting[0], next(row for row in found if row.entry.name == "standard")
    raise AssertionError(f"{entry.name} fits no example layer: add one to EXAMPLES")


@cache
def _document(name: str) -> dict[str, Any]:
    return family_document(FAMILIES[name])


@cache
def _rows(words: str) -> tuple[list[Row], list[dict[str, str]]]:
    layer: Layer = read_layer(**json.loads(words))
    return rows(layer)


def _number_of(row: Row) -> dict[str, int]:
    names = [name for name, *_ in COUNTS] + ["parameters_with_bias", "flops_in_bounds"]
    return {name: row.number(name) for name in names}


def _command(row: Row) -> str:
    layer = row.layer
    words = ["derive compare"]
    sides = "x".join(str(axis.size) for axis in layer.axes)
    for option, value, usual in (
        ("--image", sides, "128x128"),
        ("--in", layer.channels_in, 3),
        ("--out", layer.channels_out, 8),
        ("--groups", layer.groups, 1),
    ):
        words += [f"{option} {value}"] if value != usual else []
    return " ".join(words)


def _short(entry: Entry) -> str:
    return entry.title.replace(" convolution", "")
