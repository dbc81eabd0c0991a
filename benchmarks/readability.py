"""How long the sentences of the site's prose are: words per sentence, and the share of long ones.

    python benchmarks/readability.py [FOLDER]

FOLDER holds generated Markdown, as `derive build --markdown FOLDER` writes it. Code, tables, raw
HTML are left out, and so are the folds of the relations, which are conditions in symbols; a formula
counts as one word.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

LONG = 30  # words
PAGES = {"home": "index.md", "lessons": "learn/*.md", "families": "families/*.md"}
LEFT_OUT = re.compile(
    r"^---\n.*?\n---\n|^ *```.*?^ *```$|<template.*?</template>|<(svg|table|at-work).*?</\1>"
    r"|<details class=.pair.*?</details>"
    r"|<pre.*?</pre>|<!--.*?-->|^ *\|[^\n]*$|^ *\\\[.*?\\\]$|^\{:[^\n]*\}$|^#[^\n]*$",
    flags=re.MULTILINE | re.DOTALL,
)
FORMULA = re.compile(r"\\\(.*?\\\)", flags=re.DOTALL)
CODE = re.compile(r"`[^`]*`")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)(\{[^}]*\})?")
TAG = re.compile(r"<[^>]*>")
START = re.compile(r"^( *[-*] | *\d+\. |\?\?\? \w+ |!!! \w+ )", flags=re.MULTILINE)
END = re.compile(r"(?<=[.!?:])[\"*_”)]*\s+(?=[^a-z])|\n\s*\n")
WORD = re.compile(r"\w[\w’'.,×-]*")


def sentences(text: str) -> Iterator[str]:
    """The sentences of a page's prose, the items of its lists included.

    >>> list(sentences("One. Two `x` three.\\n\\n- Four"))
    ['One.', 'Two X three.', 'Four']
    """
    text = START.sub("\n\n", LEFT_OUT.sub("\n\n", text))
    for pattern, words in ((FORMULA, "X"), (CODE, "X"), (LINK, r"\1"), (TAG, " ")):
        text = pattern.sub(words, text)
    for part in END.split(text):
        if WORD.search(part):
            yield " ".join(part.split())


def measured(pages: list[str]) -> tuple[int, float, float]:
    """How many sentences there are, their mean length in words, and the share of long ones."""
    lengths = [len(WORD.findall(one)) for page in pages for one in sentences(page)]
    return len(lengths), sum(lengths) / len(lengths), sum(n > LONG for n in lengths) / len(lengths)


def longest(pages: list[str]) -> list[str]:
    """The sentences that are long, the longest first."""
    found = {one for page in pages for one in sentences(page)}
    return sorted(
        (one for one in found if len(WORD.findall(one)) > LONG),
        key=lambda one: -len(WORD.findall(one)),
    )


def main(folder: Path, listed: bool) -> None:
    """Print the three numbers for every kind of page, and the long sentences if asked for."""
    for name, pattern in PAGES.items():
        pages = [path.read_text("utf-8") for path in sorted(folder.glob(pattern))]
        if not pages:
            sys.exit(f"{folder} has no {pattern}: derive build --markdown {folder} writes them")
        count, mean, share = measured(pages)
        print(f"{name}: {count} sentences, {mean:.1f} words, {share:.1%} over {LONG} words")
        if listed:
            print(*(f"  {one}" for one in longest(pages)), sep="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--list" in sys.argv)
