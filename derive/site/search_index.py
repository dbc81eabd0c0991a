r"""What search reads: formulas as plain text, and no listings of whole files."""

import html
import json
import re
from pathlib import Path

from derive.notation.errors import CheckError
from derive.site.katex import MARKED
from derive.write.plain import text_of_tex

LISTING = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
KEYBOARD = str.maketrans({"×": "x", "→": " ", "–": "-", "·": " "})
SIGN = re.compile(r"[()+]+")
TAG = re.compile(r"<[^>]*>")
LONGEST_TEXT = 400  # characters of a section: the index is fetched with the first page
LONGEST = 600  # characters of code that are words to search for rather than a listing


def lightened(index: str) -> str:
    """The index with mathematics in plain text and without long listings."""
    document = json.loads(index)
    for entry in document["docs"]:
        entry["text"] = opening(readable(entry["text"]))
        if "tags" in entry:
            entry["tags"] = typed(entry["tags"])
        entry["title"] = html.escape(_titled(html.unescape(entry["title"])), quote=False)
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


def opening(text: str) -> str:
    """The first words of a section: titles and openings are what is searched for.

    >>> opening("<p>One two.</p>"), len(opening("word " * 200)) <= LONGEST_TEXT
    ('<p>One two.</p>', True)
    """
    if len(text) <= LONGEST_TEXT:
        return text
    return TAG.sub(" ", text)[:LONGEST_TEXT].rpartition(" ")[0]


def typed(names: list[str]) -> list[str]:
    """Names, and how they are typed on a keyboard without the signs of mathematics.

    >>> typed(["1×1 convolution", "R(2+1)D"])
    ['1×1 convolution', 'R(2+1)D', '1x1 convolution', 'R 2 1 D', 'R2plus1D']
    """
    plain = [name.translate(KEYBOARD) for name in names]
    apart = [" ".join(SIGN.split(name)).strip() for name in plain]
    spelt = [re.sub(r"[()]", "", name.replace("+", "plus")) for name in plain if "+" in name]
    return list(dict.fromkeys([*names, *plain, *apart, *spelt]))


def readable(text: str) -> str:
    r"""A section's text with its formulas as plain text.

    >>> readable(r'<p>So <span class="arithmatex">\(m \le n^2\)</span>.</p>')
    '<p>So m ≤ n².</p>'
    """
    short = LISTING.sub(lambda m: m[0] if len(m[0]) <= LONGEST else "", text)
    return BARE.sub(lambda m: _plain(html.unescape(m[1] or m[2])), MARKED.sub(_marked, short))


BARE = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)


def _titled(title: str) -> str:
    return BARE.sub(lambda m: text_or_tex(m[1] or m[2]), title)


def _marked(match: re.Match[str]) -> str:
    return _plain(html.unescape(match["inline"] or match["display"]))


def _plain(tex: str) -> str:
    return html.escape(text_or_tex(tex), quote=False)


def text_or_tex(tex: str) -> str:
    r"""TeX as plain text, or without its backslashes and braces where that is not to be had.

    >>> text_or_tex(r"\unknown{x} + 1")
    'unknown x + 1'
    """
    try:
        return text_of_tex(tex)
    except CheckError:
        return " ".join(re.sub(r"[\\{}]", " ", tex).split())


def lighten(site: Path) -> None:
    """Rewrite the index of a built site."""
    path = site / "search" / "search_index.json"
    if path.is_file():
        path.write_text(lightened(path.read_text("utf-8")), encoding="utf-8")
