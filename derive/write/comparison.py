"""A comparison as a table to take away: CSV, LaTeX and Markdown.

The columns are data, which the pages get too, so that what they offer is the same text.
"""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any

from derive.write.layer_words import layer_words

SIZES = ("m", "M", "P", "Q", "R", "T")
COUNTS = (
    *("parameters", "macs", "macs_in_bounds", "multiplications", "additions", "flops"),
    *("activations", "bytes", "intensity", "degrees_of_freedom"),
)
RATIOS = ("parameters", "macs", "flops")
LAST = ("receptive_field", "exact_when", "break_even_size", "break_even_at_most", "notes")
SHORT = {  # of the tables that are read: title and count
    "parameters": "parameters",
    "MACs": "macs",
    "in-bounds": "macs_in_bounds",
    "FLOPs": "flops",
    "bytes": "bytes",
}
TEX = {
    **{"\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "_": "\\_", "&": "\\&", "%": "\\%"},
    **{"#": "\\#", "$": "\\$", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}"},
    **{"×": "$\\times$", "→": "$\\to$", "·": "$\\cdot$", "≤": "$\\le$", "≥": "$\\ge$"},
    **{"≠": "$\\ne$", "…": "\\dots{}", "–": "--"},
}


def columns() -> dict[str, Any]:
    """The columns of the tables as plain data, for the script of the pages."""
    names = {"sizes": SIZES, "counts": COUNTS, "ratios": RATIOS, "last": LAST}
    return {**names, "short": list(SHORT.items()), "tex": list(TEX.items())}


def to_csv(facts: dict[str, Any]) -> str:
    """One line per row, the names of the columns first; ratios are exact fractions.

    >>> from derive.facts import compare
    >>> from derive.read.layer import read_layer
    >>> to_csv(compare(read_layer())).splitlines()[1][:40]
    'standard,Standard convolution,,,,,,,216,'
    """
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([*("name", "title"), *SIZES, *COUNTS, *(f"ratio_{x}" for x in RATIOS), *LAST])
    for row in facts["families"]:
        edge = row["break_even"] or {"size": "", "at_most": ""}
        writer.writerow(
            [
                *(row["name"], row["title"]),
                *(row["setting"].get(size, "") for size in SIZES),
                *("" if row[name] is None else row[name] for name in COUNTS),
                *(row["ratio"][name] for name in RATIOS),
                "x".join(map(str, row["receptive_field"])),
                *(row["exact_when"], edge["size"], edge["at_most"], "; ".join(row["notes"])),
            ]
        )
    return text.getvalue()


def to_latex(facts: dict[str, Any]) -> str:
    """A booktabs table that compiles in a document with that package.

    >>> from derive.facts import compare
    >>> from derive.read.layer import read_layer
    >>> to_latex(compare(read_layer())).splitlines()[8]
    '    Standard convolution & 216 & 3,538,944 & 3,502,176 & 6,946,816 & 721,760 & $1$ \\\\\\\\'
    """
    head = " & ".join(["family", *SHORT, "MACs $\\div$ standard"])
    lines = [" & ".join([tex(cells[0]), *cells[1:-1], f"${cells[-1]}$"]) for cells in _cells(facts)]
    return "\n".join(
        [
            "% needs \\usepackage{booktabs}",
            "\\begin{table}",
            "  \\centering",
            f"  \\caption{{{tex(layer_words(facts['layer']))}}}",
            f"  \\begin{{tabular}}{{l{'r' * (len(SHORT) + 1)}}}",
            "    \\toprule",
            f"    {head} \\\\",
            "    \\midrule",
            *(f"    {line} \\\\" for line in lines),
            "    \\bottomrule",
            "  \\end{tabular}",
            "\\end{table}",
            "",
        ]
    )


def to_markdown(facts: dict[str, Any]) -> str:
    """A table of Markdown, with the layer in words before it.

    >>> from derive.facts import compare
    >>> from derive.read.layer import read_layer
    >>> to_markdown(compare(read_layer())).splitlines()[4]
    '| Standard convolution | 216 | 3,538,944 | 3,502,176 | 6,946,816 | 721,760 | 1 |'
    """
    titles = ["family", *SHORT, "MACs ÷ standard"]
    lines = [titles, [":--", *["--:"] * (len(titles) - 1)], *_cells(facts)]
    table = "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
    return f"{layer_words(facts['layer'])}\n\n{table}"


def _cells(facts: dict[str, Any]) -> Iterator[list[str]]:
    """The cells of every row of a short table: the title with the setting, counts, the ratio."""
    for row in facts["families"]:
        setting = ", ".join(f"{size} = {number}" for size, number in row["setting"].items())
        name = ", ".join(filter(None, [row["title"], setting]))
        yield [name, *(f"{row[key]:,}" for key in SHORT.values()), row["ratio"]["macs"]]


def tex(text: str) -> str:
    """Text for LaTeX's text mode.

    >>> tex("3×3, 50 %")
    '3$\\\\times$3, 50 \\\\%'
    """
    return "".join(TEX.get(mark, mark) for mark in text)
