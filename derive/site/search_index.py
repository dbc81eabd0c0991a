r"""What search reads: whole texts with formulas as plain text, in a file of their own.

Material fetches ``search/search_index.json`` with the first page: it keeps the settings only. The
texts go to ``search/texts.json``, which ``docs/assets/js/search-worker.js`` fetches once the search
field has the focus, with the words of ``search_words.json`` that others use for what is ours.
"""

import html
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from derive.notation.errors import CheckError
from derive.render.plain import text_of_tex
from derive.site.katex import MARKED

Entry = dict[str, Any]  # Material's: location, title, text, tags, boost

WORDS = Path(__file__).with_name("search_words.json")
LISTING = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL)
BARE = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)
SIZES = re.compile(r"(?<![\w.])(\d+|[a-z]) × (?=(?:\d+|[a-z])(?![a-z]))")
BLOCKS = r"(?:td|th|tr|li|dt|dd|p|div|caption|text|title|label|button|option|h\d)"
TOUCHING = re.compile(rf"</{BLOCKS}>(?=<)|<br ?/?>|(?<=>)(?=<{BLOCKS}\b)")
UNREAD = re.compile(  # tags that Material's parser takes no notice of, three of four on a page
    r"</?(?:span|strong|em|small|b|i|td|th|tr|tbody|thead|table|caption|svg|g|rect|path|circle"
    r"|line|text|tspan|title)(?=[\s/>])[^>]*>"
)
MARK = "\x1f"  # ASCII's separator of units, white space for Material's parser
SPACES = re.compile(rf"\s{{2,}}|[\n{MARK}]")
MANY = 10  # pages with one heading: it tells none of them apart
LONGEST = 600  # characters of code that are words to search for rather than a listing


def part(site: Path) -> None:
    """Part the index of a built site into its settings and its texts."""
    path = site / "search" / "search_index.json"
    if path.is_file():
        settings, texts = parted(path.read_text("utf-8"))
        path.write_text(settings, encoding="utf-8")
        path.with_name("texts.json").write_text(texts, encoding="utf-8")


def parted(index: str) -> tuple[str, str]:
    """Material's index as two documents, its settings without texts, and the texts."""
    document = json.loads(index)
    words = json.loads(WORDS.read_text("utf-8"))
    docs = texts(document["docs"], words["subjects"])
    return _json({**document, "docs": []}), _json({"docs": docs, "said": words["said"]})


def texts(entries: list[Entry], subjects: dict[str, list[str]]) -> list[Entry]:
    """The sections as they are searched, a page's names and subjects as its tags."""
    return [_text(entry, subjects) for entry in _joined(entries)]


def searched(content: str) -> str:
    """A page as the index is to read it: with a mark between cells and blocks that touch, which it
    reads as a space, and without the tags that it only has to skip.

    >>> searched("<code>one</code><button>two</button><b>three</b><br>four").split(MARK)
    ['<code>one</code>', '<button>two</button>', 'three<br>', 'four']
    """
    return UNREAD.sub("", TOUCHING.sub(lambda match: match[0] + MARK, content))


def readable(text: str) -> str:
    r"""A section's text with its formulas as plain text and sizes without spaces.

    >>> readable(r'<p>A 3 × 3 filter: <span class="arithmatex">\(m \le n^2\)</span>.</p>')
    '<p>A 3×3 filter: m ≤ n².</p>'
    """
    short = "".join(
        part if part.startswith("<pre") else SPACES.sub(" ", part)
        for part in LISTING.split(text)
        if not (part.startswith("<pre") and len(part) > LONGEST)
    )
    plain = BARE.sub(lambda m: _plain(html.unescape(m[1] or m[2])), MARKED.sub(_marked, short))
    return SIZES.sub(r"\1×", plain)


def text_or_tex(tex: str) -> str:
    r"""TeX as plain text, or without its backslashes and braces where that is not to be had.

    >>> text_or_tex(r"\unknown{x} + 1")
    'unknown x + 1'
    """
    try:
        return text_of_tex(tex)
    except CheckError:
        return " ".join(re.sub(r"[\\{}]", " ", tex).split())


def _joined(entries: list[Entry]) -> list[Entry]:
    """The sections that a heading tells apart, the others being one with their page.

    That is a section headed like its page, and one headed like those of many pages.
    """
    shared = Counter(entry["title"] for entry in entries)
    joined: list[Entry] = []
    page: Entry = {}
    for entry in entries:
        if "#" not in entry["location"]:
            page = dict(entry)
            joined.append(page)
        elif entry["title"] == page["title"] or shared[entry["title"]] >= MANY:
            page["text"] += f" {entry['title']} {entry['text']}"
        else:
            joined.append({name: part for name, part in entry.items() if name != "tags"})
    return joined


def _text(entry: Entry, subjects: dict[str, list[str]]) -> Entry:
    """One section; a heading of few words says more about each, so it counts more."""
    title = " ".join(html.unescape(entry["title"]).split())
    title = BARE.sub(lambda m: text_or_tex(m[1] or m[2]), title)
    tags = [*entry.get("tags", []), *subjects.get(entry["location"], [])]
    return {
        "location": entry["location"],
        "title": html.escape(SIZES.sub(r"\1×", title), quote=False),
        "text": readable(entry["text"]),
        "boost": round(entry.get("boost", 1) / len(title.split()) ** 0.25, 3),
        **({"tags": tags} if tags else {}),
    }


def _marked(match: re.Match[str]) -> str:
    return _plain(html.unescape(match["inline"] or match["display"]))


def _plain(tex: str) -> str:
    return html.escape(text_or_tex(tex), quote=False)


def _json(document: object) -> str:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)
