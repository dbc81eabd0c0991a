"""A comparison as text to take away: CSV with every count, a LaTeX table for an article."""

import csv
from collections.abc import Mapping
from fractions import Fraction
from io import StringIO
from typing import Any

from derive.write.layer_words import layer_words

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
TITLES = ("family", "parameters", "MACs", "in-bounds", "FLOPs", "bytes", r"MACs $\div$ standard")
TEX = {
    **{mark: f"\\{mark}" for mark in "{}_&%#$"},
    **{"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"},
    **{"×": r"$\times$", "→": r"$\to$", "·": r"$\cdot$", "…": r"\dots{}"},
    **{"≤": r"$\le$", "≥": r"$\ge$", "≠": r"$\ne$"},
}


def csv_text(facts: Mapping[str, Any]) -> str:
    """A line per row of a comparison, the names of the columns first; ratios are exact fractions.

    >>> csv_text({"families": []})[:12]
    'name,title,m'
    """
    stream = StringIO()
    rows = csv.writer(stream)
    rows.writerow(HEAD)
    rows.writerows(map(_cells, facts["families"]))
    return stream.getvalue()


def _cells(row: Mapping[str, Any]) -> list[Any]:
    edge = row["break_even"] or {"size": "", "at_most": ""}
    return [
        *(row["name"], row["title"], *(row["setting"].get(size, "") for size in SIZES)),
        *(row[name] for name in COUNTS),
        *(row["ratio"][name] for name in RATIOS),
        "x".join(map(str, row["receptive_field"])),
        *(row["exact_when"], edge["size"], edge["at_most"], "; ".join(row["notes"])),
    ]


def latex_text(facts: Mapping[str, Any]) -> str:
    """The rows of a comparison as a table that compiles in a document with the package booktabs."""
    lines = (" & ".join(_tabular(row)) for row in facts["families"])
    return "\n".join(
        [
            r"% needs \usepackage{booktabs}",
            r"\begin{table}",
            r"  \centering",
            rf"  \caption{{{tex(layer_words(facts['layer']))}}}",
            rf"  \begin{{tabular}}{{l{'r' * (len(TITLES) - 1)}}}",
            r"    \toprule",
            rf"    {' & '.join(TITLES)} \\",
            r"    \midrule",
            *(rf"    {line} \\" for line in lines),
            r"    \bottomrule",
            r"  \end{tabular}",
            r"\end{table}",
            "",
        ]
    )


def _tabular(row: Mapping[str, Any]) -> list[str]:
    setting = ", ".join(f"{size} = {number}" for size, number in row["setting"].items())
    counts = (row[name] for name in ("parameters", "macs", "macs_in_bounds", "flops", "bytes"))
    title = f"{row['title']}, {setting}" if setting else row["title"]
    share = Fraction(row["ratio"]["macs"])
    return [tex(title), *(f"{count:,}".replace(",", r"\,") for count in counts), f"${share}$"]


def tex(text: str) -> str:
    r"""Text for LaTeX's text mode.

    >>> tex("3 → 8, 50 %")
    '3 $\\to$ 8, 50 \\%'
    """
    return "".join(TEX.get(mark, mark) for mark in text)
