"""The list of families: pictures, what each costs on one layer, and their letters."""

from dataclasses import dataclass

from derive.algebra.same_size import same_size
from derive.catalogue import Entry, FAMILIES
from derive.facts import compare, LayerFacts, RowFacts
from derive.notation.letters import MEANING, SIZE
from derive.parse.layer import read_layer
from derive.render.latex import definition_latex, latex
from derive.site.example_row import example
from derive.site.freedom_plot import freedom_plot
from derive.site.strip import strip


@dataclass(frozen=True)
class FamilyLine:
    """A family in short: its picture, its kernel and its parameters on an odd square kernel as
    LaTeX, and its row on the layer of the plot, if it has one there."""

    number: int
    name: str
    title: str
    summary: str
    picture: str
    kernel: str
    parameters: str
    row: RowFacts | None


@dataclass(frozen=True)
class FamiliesPage:
    """What the template shows: the families, a plot of them on one layer, and every letter with its
    size and its meaning."""

    families: tuple[FamilyLine, ...]
    layer: LayerFacts
    plot: str
    standard: RowFacts
    letters: tuple[tuple[str, str, str], ...]


def context() -> FamiliesPage:
    """The page of the families of the book."""
    facts = compare(read_layer(image="56x56", channels_in=64, channels_out=64))
    rows = {row.name: row for row in facts.families}
    lines = tuple(_line(n, entry, rows) for n, entry in enumerate(FAMILIES.values(), start=1))
    title = "Multiply–accumulates against degrees of freedom, every family at its usual width"
    return FamiliesPage(
        families=lines,
        layer=facts.layer,
        plot=freedom_plot([(line.number, line.row) for line in lines if line.row], title),
        standard=facts.row("standard"),
        letters=tuple((str(x), latex(SIZE[x]), MEANING[x]) for x in SIZE),
    )


def _line(number: int, entry: Entry, rows: dict[str, RowFacts]) -> FamilyLine:
    _, kernel = definition_latex(entry.family).split(" = ", 1)
    row, _ = example(entry)
    return FamilyLine(
        number=number,
        name=entry.name,
        title=entry.title,
        summary=entry.summary,
        picture=strip(row),
        kernel=kernel,
        parameters=latex(same_size(entry.formulas["parameters"], entry.directions).expr),
        row=rows.get(entry.name),
    )
