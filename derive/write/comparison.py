"""A comparison as text to take away: CSV has every count, LaTeX and Markdown the main ones."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from derive.write.layer_words import layer_words
from derive.write.tabular import Cell, Mathematics, SENTENCE, Tabular, TEX, written

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


def columns() -> dict[str, Any]:
    """What the columns hold, as plain data: the script of the pages writes the same tables.

    >>> columns()["shown"][:2]
    ('parameters', 'macs')
    """
    every = {"head": HEAD, "sizes": SIZES, "counts": COUNTS, "ratios": RATIOS}
    main = {"titles": TITLES, "shown": SHOWN, "sentence": SENTENCE, "tex": list(TEX.items())}
    return every | main


def comparison_text(facts: Mapping[str, Any], form: str) -> str:
    """The rows of a comparison as csv, with every count, or as latex or markdown.

    Counts are written in full, ratios as exact fractions.

    >>> comparison_text({"families": []}, "csv")[:12]
    'name,title,m'
    """
    if form == "csv":
        return written(Tabular(HEAD, [_all(row) for row in facts["families"]]), form)
    rows = [_main(row) for row in facts["families"]]
    return written(Tabular(TITLES, rows, layer_words(facts["layer"])), form)


def _all(row: Mapping[str, Any]) -> list[Cell]:
    edge = row["break_even"] or {"size": "", "at_most": ""}
    return [
        *(row["name"], row["title"], *(row["setting"].get(size, "") for size in SIZES)),
        *(row[name] for name in COUNTS),
        *(row["ratio"][name] for name in RATIOS),
        "x".join(map(str, row["receptive_field"])),
        *(row["exact_when"], edge["size"], edge["at_most"], "; ".join(row["notes"])),
    ]


def _main(row: Mapping[str, Any]) -> list[Cell]:
    setting = ", ".join(f"{size} = {number}" for size, number in row["setting"].items())
    share = str(Fraction(row["ratio"]["macs"]))
    name = f"{row['title']}, {setting}" if setting else row["title"]
    return [name, *(row[count] for count in SHOWN), Mathematics(share, share)]
