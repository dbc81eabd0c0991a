"""The page of one family: its words, and everything derived from its line."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sympy import cancel, Expr, factor, Min, Symbol

from derive.algebra.counting import Count
from derive.algebra.dimension import degrees_of_freedom, dimension
from derive.algebra.everyday import everyday
from derive.algebra.exactness import Exactness
from derive.algebra.pipeline import is_the_convolution
from derive.catalogue import Entry, FAMILIES
from derive.facts import layer_facts, row_facts
from derive.notation.errors import CheckError
from derive.notation.formula import Formula
from derive.notation.letters import meaning
from derive.read.layer import read_layer
from derive.rows import Row, rows
from derive.site.bibliography import links
from derive.site.citation import citation
from derive.site.copying import copy_buttons
from derive.site.diagram import pipelines
from derive.site.roads import small_layer, two_roads
from derive.write.code import sympy_code
from derive.write.define import LAYERS
from derive.write.family import (
    definition_document,
    is_sum,
    narrow_document,
    transposed_document,
)
from derive.write.latex import guard_latex, guard_words, latex
from derive.write.steps import stage_steps
from derive.write.table import layer_words

FOLDER = Path(__file__).parents[2] / "families"
MU = Symbol("mu")  # a bond clipped to what it joins


@dataclass(frozen=True)
class Section:
    """A count on the page: its name among the counts, title, meaning, and the step deriving it.

    ``joined`` counts grow when parallel branches are added; ``shared`` ones are compared with the
    standard convolution in symbols.
    """

    name: str
    title: str
    words: str
    step: str
    joined: bool = False
    shared: bool = False


SECTIONS = (
    Section(
        "parameters",
        "Parameters",
        "weights of all factors; a bias adds one per channel written",
        "weights",
        shared=True,
    ),
    Section(
        "macs", "MACs", "multiply–accumulates, padding zeros included", "products", shared=True
    ),
    Section(
        "macs_in_bounds",
        "In-bounds MACs",
        "multiply–accumulates on pixels of the image",
        "in_bounds",
    ),
    Section(
        "multiplications",
        "Multiplications",
        "one for each product of a weight and a number",
        "products",
    ),
    Section(
        "additions",
        "Additions",
        "a sum of D products takes D − 1; a bias adds one per output",
        "additions",
        joined=True,
    ),
    Section(
        "flops",
        "FLOPs",
        "multiplications plus additions, without bias",
        "additions",
        joined=True,
        shared=True,
    ),
    Section(
        "flops_with_bias",
        "FLOPs with bias",
        "the same when every stage has a bias",
        "additions_with_bias",
        joined=True,
    ),
    Section("activations", "Activations", "numbers written by all stages", "outputs", joined=True),
    Section(
        "bytes",
        "Bytes moved",
        "each stage reads input and weights once and writes its output once",
        "moved",
        joined=True,
    ),
)


def named(name: str) -> dict[str, Any]:
    """What the template shows of a family, by its id."""
    return context(FAMILIES[name])


def context(entry: Entry) -> dict[str, Any]:
    """What the template shows."""
    row, yardstick = example(entry)
    return {
        "entry": entry,
        "document": definition_document(entry),
        "transposed": transposed_document(entry),
        "transposed_fields": [
            latex(Count(entry.family, entry.directions, transposed=True).receptive_field(d).expr)
            for d in entry.directions
        ],
        "number": _numbers(row),
        "standard_number": _numbers(yardstick),
        "layer": layer_words(layer_facts(row.layer)),
        "setting": ", ".join(f"{s} = {n}" for s, n in row.setting),
        "facts": row_facts(row, yardstick),
        "pictures": pipelines(row),
        "branches": [(str(times), stages) for times, stages in row.count.stages],
        "counts": [_count(entry, section) for section in SECTIONS],
        "steps": [
            (str(times), [(stage.stage.factor, stage_steps(stage)) for stage in stages])
            for times, stages in entry.count.stages
        ],
        "bytes_per_number": row.layer.bytes_per_number,
        "roads": two_roads(row),
        "small": layer_words(layer_facts(small_layer(row))),
        "leaf": (FOLDER / f"{entry.name.replace('-', '_')}.py").read_text("utf-8"),
        "command": _command(row),
        "copies": _copies(entry),
        "sources": [(source, links(source)) for source in entry.sources],
        "cite": citation(entry.name, entry.title, f"families/{entry.name}/"),
        "proved": _proved(entry),
        "always": Exactness(entry.family).every_kernel,
        "decided": Exactness(entry.family).decided,
        "narrow": narrow_document(entry.family),
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
    """True if every branch is the convolution with its kernel for all sizes; CheckError if not."""
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


def _numbers(row: Row) -> dict[str, int]:
    return {section.name: row.number(section.name) for section in SECTIONS}


def _count(entry: Entry, section: Section) -> dict[str, Any]:
    """One count: its general and its everyday form with their guards, and its share of standard."""
    formula: Formula = getattr(entry.count, section.name)
    square = everyday(formula, entry.directions)
    shared = section.shared and entry.name != "standard"
    return {
        "name": section.name,
        "title": section.title,
        "words": section.words,
        "step": section.step,
        "general": latex(formula.expr),
        "guard": guard_latex(formula.guard),
        "general_copy": _copy(entry, section.name, "general", formula),
        "square": latex(square.expr),
        "square_copy": _copy(entry, section.name, "everyday", square),
        "square_guard": guard_latex(square.guard),
        "ratio": _ratio(entry, section.name, square.expr) if shared else "",
        "joined": section.joined and is_sum(entry.family),
    }


def _copy(entry: Entry, name: str, form: str, formula: Formula) -> str:
    """The buttons that copy a formula of the family."""
    return copy_buttons(
        f"{name.replace('_', ' ')}, {form} form",
        tex=latex(formula.expr),
        sympy=sympy_code(formula.expr, name),
        name=name,
        of=entry.name,
        form=form,
        guard=guard_words(formula.guard),
    )


def _copies(entry: Entry) -> dict[str, Any]:
    """The buttons for the definition, the stages and the dimension."""
    document = definition_document(entry)
    (name,) = (name for name in entry.formulas if name.startswith("degrees_of_freedom"))
    return {
        "definition": copy_buttons(
            "definition", tex=document["definition"], einsum=document["einsum"]
        ),
        "stages": [
            copy_buttons(f"stage {stage['factor']}", tex=stage["textbook"])
            for stage in document["stages"]
        ],
        "nested": copy_buttons("nested sum", tex=document["nested"]),
        "freedom": _copy(entry, name, "general", entry.formulas[name]),
    }


def _ratio(entry: Entry, name: str, square: Expr) -> str:
    """The everyday count over that of the standard convolution with the same channels."""
    line = FAMILIES["standard"].family.on(tuple(d.tap for d in entry.directions))
    assert line is not None
    standard = everyday(getattr(Count(line, entry.directions), name), entry.directions).expr
    return latex(factor(cancel(square / standard.xreplace(entry.family.channels))))


def example(entry: Entry) -> tuple[Row, Row]:
    """A family on the first example layer that it fits, and the standard convolution there.

    Raises CheckError if it fits none.
    """
    for words in LAYERS:
        found, _ = _rows(json.dumps(words))
        fitting = [row for row in found if row.entry.name == entry.name]
        if fitting:
            return fitting[0], next(row for row in found if row.entry.name == "standard")
    raise CheckError(f"{entry.name} fits no example layer: add one to LAYERS")


@cache
def _rows(words: str) -> tuple[list[Row], list[dict[str, str]]]:
    return rows(read_layer(**json.loads(words)))


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
