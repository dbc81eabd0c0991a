"""A comparison as text to take away: CSV has every count, LaTeX and Markdown the main ones."""

from fractions import Fraction

from derive.facts.comparison import ComparisonFacts, RowFacts
from derive.render.layer_words import layer_words
from derive.render.tabular import Cell, Mathematics, SENTENCE, Tabular, TEX, written

SIZES = ("m", "M", "P", "Q", "R", "T")
COUNTS = (
    *("parameters", "macs", "macs_in_bounds", "multiplications", "additions", "flops"),
    *("activations", "bytes", "intensity", "degrees_of_freedom"),
)
RATIOS = ("parameters", "macs", "flops")
HEAD = (
    *("name", "title", *SIZES, *COUNTS, *(f"ratio_{name}" for name in RATIOS)),
    *("receptive_field", "exact_when", "break_even_size", "break_even_at_most", "notes"),
)
SHOWN = ("parameters", "macs", "macs_in_bounds", "flops", "bytes")
TITLES = ("family", "parameters", "MACs", "in-bounds", "FLOPs", "bytes", "MACs ÷ standard")


def columns() -> dict[str, object]:
    """What the columns hold, as plain data: the script of the pages writes the same tables.

    >>> columns()["shown"][:2]
    ('parameters', 'macs')
    """
    every = {"head": HEAD, "sizes": SIZES, "counts": COUNTS, "ratios": RATIOS}
    main = {"titles": TITLES, "shown": SHOWN, "sentence": SENTENCE, "tex": list(TEX.items())}
    return every | main


def comparison_text(facts: ComparisonFacts, form: str) -> str:
    """The rows of a comparison as csv, with every count, or as latex or markdown.

    Counts are written in full, ratios as exact fractions.

    >>> from derive.facts import compare
    >>> from derive.parse.layer import read_layer
    >>> comparison_text(compare(read_layer()), "csv")[:12]
    'name,title,m'
    """
    if form == "csv":
        return written(Tabular(HEAD, [_all(row) for row in facts.families]), form)
    rows = [_main(row) for row in facts.families]
    return written(Tabular(TITLES, rows, layer_words(facts.layer)), form)


def _all(row: RowFacts) -> list[Cell]:
    setting = {symbol.name: size for symbol, size in row.setting.items()}
    edge = (row.break_even.size.name, row.break_even.at_most) if row.break_even else ("", "")
    return [
        *(row.name, row.title, *(setting.get(size, "") for size in SIZES)),
        *(_exact(getattr(row, name)) for name in COUNTS),
        *(str(getattr(row.ratio, name)) for name in RATIOS),
        "x".join(map(str, row.receptive_field)),
        *(row.exact_when, *edge, "; ".join(note.words for note in row.notes)),
    ]


def _exact(number: int | Fraction) -> Cell:
    return str(number) if isinstance(number, Fraction) else number


def _main(row: RowFacts) -> list[Cell]:
    setting = ", ".join(f"{size} = {number}" for size, number in row.setting.items())
    share = str(row.ratio.macs)
    name = f"{row.title}, {setting}" if setting else row.title
    return [name, *(getattr(row, count) for count in SHOWN), Mathematics(share, share)]
