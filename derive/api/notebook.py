"""What a notebook shows: Markdown with dollars around formulas, nothing longer than a screen."""

import re
from collections.abc import Iterable, Sequence

LINES = 14  # rows of a table that is still shown whole


def table(head: Sequence[str], rows: Iterable[Sequence[str]], align: str = "") -> str:
    r"""A table in Markdown; ``align`` has l, c or r for each column, left where it ends.

    >>> print(table(("size", "value"), [("m", "3")], "lr"))
    | size | value |
    |:---|---:|
    | m | 3 |
    """
    rules = {"l": ":---", "r": "---:", "c": ":---:"}
    marks = [rules[align[n]] if n < len(align) else rules["l"] for n in range(len(head))]
    lines = [head, *rows]
    written = [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in x)} |" for x in lines]
    return "\n".join([written[0], f"|{'|'.join(marks)}|", *written[1:]])


def brief(rows: Sequence[Sequence[str]], columns: int, more: str) -> list[Sequence[str]]:
    """The first rows of a table, and a last one that says how many more there are and where.

    >>> brief([["1"], ["2"]], 1, "print(it)")
    [['1'], ['2']]
    """
    if len(rows) <= LINES:
        return list(rows)
    rest = [f"… {len(rows) - LINES + 1} more: `{more}`", *[""] * (columns - 1)]
    return [*rows[: LINES - 1], rest]


def dollars(sentence: str) -> str:
    r"""A sentence of the book with its formulas between dollars, and without links to pages.

    >>> dollars(r"By [T2](rank-one.md), \(m < 3\).")
    'By T2, $m < 3$.'
    """
    words = re.sub(r"\[([^\]]*)\]\([^)]*\.md[^)]*\)", r"\1", sentence)
    words = re.sub(r"\\\[(.*?)\\\]", r"$$\1$$", words, flags=re.DOTALL)
    return re.sub(r"\\\((.*?)\\\)", r"$\1$", words, flags=re.DOTALL)
