"""The page of one family: its words, and everything derived from its line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sympy import cancel, Expr, factor, Indexed, Min, Symbol

from derive.algebra.counting import Count
from derive.algebra.dimension import degrees_of_freedom
from derive.algebra.exactness import Exactness
from derive.algebra.pipeline import is_the_convolution
from derive.algebra.same_size import same_size, same_size_guard
from derive.catalogue import Entry, FAMILIES
from derive.comparison import Row
from derive.facts.comparison import row_facts
from derive.facts.family import (
    is_sum,
    line_facts,
    LineFacts,
    narrow_facts,
    NarrowFacts,
    transposed_facts,
    TransposedFacts,
)
from derive.facts.layer import layer_facts, LayerFacts
from derive.facts.own_line import ExampleFacts
from derive.notation.errors import CheckError
from derive.notation.formula import Formula, Guard
from derive.notation.letters import meaning
from derive.render.code import sympy_code
from derive.render.diagram import pipelines
from derive.render.latex import guard_words, latex, printed_latex
from derive.render.steps import stage_steps, Step
from derive.site import at_work
from derive.site.bibliography import links
from derive.site.citation import Citation, citation
from derive.site.copying import copy_buttons
from derive.site.cross_check import both_ways, CheckedQuantity, small_layer
from derive.site.example_row import example
from derive.site.family_plots import family_plots, FamilyPlots
from derive.site.snippets import Snippet, snippets

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


@dataclass(frozen=True)
class ShownCount:
    """A count on the page: on the example layer, in general and on a same-size layer, each with
    the buttons that copy it, and as a share of the standard convolution. The short form holds for
    every same-size layer (if ``same_size``) that meets the rest of its guard.

    ``title`` names every count that has this formula.
    """

    section: Section
    title: str
    here: int
    standard: int
    general: Formula
    square: Formula
    same_size: bool
    rest: Guard
    buttons: str
    square_buttons: str
    ratio: Expr | None
    joined: bool


@dataclass(frozen=True)
class ShownFreedom:
    """The dimension; ``clipped`` is what mu stands for in it, if anything."""

    general: Expr
    clipped: Expr | None
    guard: Guard
    exact: bool


@dataclass(frozen=True)
class ShownBranch:
    """A pipeline of the line: how often it occurs, its picture, and how its counts come about."""

    times: Expr
    picture: str
    steps: tuple[tuple[Indexed, dict[str, Step]], ...]


@dataclass(frozen=True)
class Buttons:
    """The buttons that copy the definition with its code, every stage, the nested sum and the
    dimension."""

    definition: str
    stages: tuple[str, ...]
    nested: str
    freedom: str


@dataclass(frozen=True)
class FamilyPage:
    """What the template shows of a family; ``setting`` are all its sizes on the example layer."""

    entry: Entry
    at_work: str
    line: LineFacts
    transposed: TransposedFacts
    example: ExampleFacts
    setting: tuple[tuple[Symbol, int], ...]
    branches: tuple[ShownBranch, ...]
    transposed_fields: tuple[Expr, ...]
    same_size: Guard
    counts: tuple[ShownCount, ...]
    both_ways: list[CheckedQuantity]
    small: LayerFacts
    leaf: str
    command: str
    snippets: list[Snippet]
    code_command: str
    buttons: Buttons
    sources: list[tuple[str, str]]
    cite: Citation
    proved: bool
    exactness: Exactness
    narrow: NarrowFacts | None
    middles: tuple[Symbol, ...]
    symbols: tuple[tuple[Symbol, str], ...]
    freedom: ShownFreedom
    intensity: Expr
    fields: tuple[Expr, ...]
    titles: Mapping[str, str]
    plots: FamilyPlots


def named(name: str) -> FamilyPage:
    """What the template shows of a family, by its id."""
    return context(FAMILIES[name])


def context(entry: Entry) -> FamilyPage:
    """What the template shows of a family."""
    row, standard = example(entry)
    here = row_facts(row, standard)
    adjoint = Count(entry.family, entry.directions, transposed=True)
    code = snippets(row)
    return FamilyPage(
        entry=entry,
        at_work=at_work.figure(entry.name),
        line=line_facts(entry),
        transposed=transposed_facts(entry),
        example=ExampleFacts(layer_facts(row.layer), here, (here,), row_facts(standard, standard)),
        setting=row.setting,
        branches=_branches(entry, row),
        transposed_fields=tuple(adjoint.receptive_field(d).expr for d in entry.directions),
        same_size=same_size_guard(entry.directions),
        counts=tuple(_counts(entry, row, standard)),
        both_ways=both_ways(row),
        small=layer_facts(small_layer(row)),
        leaf=(FOLDER / f"{entry.name.replace('-', '_')}.py").read_text("utf-8"),
        command=_command("compare", row),
        snippets=code,
        code_command=_command(f"code {entry.name}", row),
        buttons=_buttons(entry, code),
        sources=[(source, links(source)) for source in entry.sources],
        cite=citation(entry.name, entry.title, f"families/{entry.name}/"),
        proved=_proved(entry),
        exactness=Exactness(entry.family),
        narrow=narrow_facts(entry.family),
        middles=tuple(d.tap for d in entry.directions if d.tap in _unheld(entry)),
        symbols=tuple((symbol, meaning(symbol)) for symbol in _symbols(entry)),
        freedom=_freedom(entry),
        intensity=same_size(entry.count.intensity, entry.directions).expr,
        fields=tuple(
            same_size(entry.count.receptive_field(d), entry.directions).expr
            for d in entry.directions
        ),
        titles={name: one.title for name, one in FAMILIES.items()},
        plots=family_plots(entry, row.layer),
    )


def _branches(entry: Entry, row: Row) -> tuple[ShownBranch, ...]:
    """The pipelines: drawn on the example layer, derived in general."""
    drawn = zip(row.count.stages, pipelines(row), entry.count.stages, strict=True)
    return tuple(
        ShownBranch(
            times, picture, tuple((stage.stage.factor, stage_steps(stage)) for stage in stages)
        )
        for (times, _), picture, (_, stages) in drawn
    )


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


def _freedom(entry: Entry) -> ShownFreedom:
    """The dimension, with a clipped bond written as mu."""
    formula, exact = degrees_of_freedom(entry.family)
    clipped = sorted(formula.expr.atoms(Min), key=str) if exact else []
    short = factor(formula.expr.xreplace(dict.fromkeys(clipped, MU)))
    return ShownFreedom(short, clipped[0] if clipped else None, formula.guard, exact)


def _counts(entry: Entry, row: Row, standard: Row) -> Iterator[ShownCount]:
    """Every count once: those with one formula share its place."""
    alike: dict[Formula, list[Section]] = {}
    for section in SECTIONS:
        alike.setdefault(getattr(entry.count, section.name), []).append(section)
    for sections in alike.values():
        title = " and ".join((sections[0].title, *(one.title.lower() for one in sections[1:])))
        yield _count(entry, sections[0], title, row, standard)


def _count(entry: Entry, section: Section, title: str, row: Row, standard: Row) -> ShownCount:
    """One count: its general and its short form with their guards, and its share of standard."""
    formula: Formula = getattr(entry.count, section.name)
    square = same_size(formula, entry.directions)
    whole = same_size_guard(entry.directions)
    every = set(whole) <= set(square.guard)
    shared = section.shared and entry.name != standard.entry.name
    return ShownCount(
        section=section,
        title=title,
        here=row.number(section.name),
        standard=standard.number(section.name),
        general=formula,
        square=square,
        same_size=every,
        rest=tuple(one for one in square.guard if not (every and one in whole)),
        buttons=_copy(entry, section.name, "general", formula),
        square_buttons=_copy(entry, section.name, "square", square),
        ratio=_ratio(entry, section.name, square.expr) if shared else None,
        joined=section.joined and is_sum(entry.family),
    )


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


def _buttons(entry: Entry, code: list[Snippet]) -> Buttons:
    """The buttons for the definition, the stages and the dimension."""
    line = line_facts(entry)
    (name,) = (name for name in entry.formulas if name.startswith("degrees_of_freedom"))
    return Buttons(
        definition=copy_buttons(
            "definition",
            tex=printed_latex(line.line),
            einsum=line.einsum,
            code=", ".join(snippet.title for snippet in code),
        ),
        stages=tuple(
            copy_buttons(f"stage {stage.factor}", tex=printed_latex(stage.textbook))
            for stage in line.stages
        ),
        nested=copy_buttons("nested sum", tex=printed_latex(line.nested)),
        freedom=_copy(entry, name, "general", entry.formulas[name]),
    )


def _ratio(entry: Entry, name: str, square: Expr) -> Expr:
    """Ratio of the same-size count to that of the standard convolution with the same channels."""
    line = FAMILIES["standard"].family.on(tuple(d.tap for d in entry.directions))
    assert line is not None
    standard = same_size(getattr(Count(line, entry.directions), name), entry.directions).expr
    return factor(cancel(square / standard.xreplace(entry.family.channels)))


def _command(name: str, row: Row) -> str:
    """A command on the layer of a row, with the options that are not as usual."""
    layer = row.layer
    words = [f"derive {name}"]
    sides = "x".join(str(axis.size) for axis in layer.axes)
    for option, value, usual in (
        ("--image", sides, "128x128"),
        ("--in", layer.channels_in, 3),
        ("--out", layer.channels_out, 8),
        ("--groups", layer.groups, 1),
    ):
        words += [f"{option} {value}"] if value != usual else []
    return " ".join(words)
