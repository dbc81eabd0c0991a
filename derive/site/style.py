"""One style sheet for the whole site, and the fonts that a page's first formulas need.

The sheets of ``extra_css`` become one file beside KaTeX's fonts, so that a page waits for one
request and not for one per component.
"""

from functools import partial
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

SHEET = "assets/katex/book.css"
FONTS = {  # a font, and the class that asks for it
    "Main-Regular": 'class="katex"',
    "Math-Italic": "mord mathnormal",
    "Size1-Regular": "op-symbol small-op",
    "Size2-Regular": "op-symbol large-op",
    "Size3-Regular": "delimsizing size3",
}


def bundle(files: Files, config: MkDocsConfig) -> None:
    """Put all style sheets of ours into one, which the configuration names instead of them."""
    found = [name for name in config.extra_css if name in files.src_uris and name != SHEET]
    text = "\n".join(_text(files.src_uris[name]) for name in found)
    files.append(File.generated(config, SHEET, content=text))
    config.extra_css = [SHEET, *(name for name in config.extra_css if name not in {*found, SHEET})]


def preloaded(output: str, page: Page) -> str:
    """The page with its fonts asked for early, so that no formula moves when they come."""
    fonts = [font for font, mark in FONTS.items() if mark in output]
    return output.replace("</head>", f"{''.join(map(partial(_link, page), fonts))}</head>", 1)


def _link(page: Page, font: str) -> str:
    place = get_relative_url(f"assets/katex/fonts/KaTeX_{font}.woff2", page.url)
    return f'<link rel="preload" href="{place}" as="font" type="font/woff2" crossorigin>'


def _text(file: File) -> str:
    return Path(file.abs_src_path or "").read_text("utf-8")
