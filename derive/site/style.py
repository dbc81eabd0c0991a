"""One style sheet for the whole site, and the fonts that a page's first formulas need.

The sheets of the theme and of ``extra_css`` become one file next to KaTeX's fonts, so that a page
waits for one request and not for one per component.
"""

import re
from functools import partial

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from derive.notation.errors import InputError
from derive.site.tables import ANY, UNFRAMED

SHEET = "assets/katex/book.css"
THEME = "assets/stylesheets/"
DOCSTRINGS = "assets/_mkdocstrings.css"  # on the page of the API only
CHARSET = '@charset "UTF-8";'
SWITCHING = "[data-md-color-switching]"
SCRIPT = "assets/javascripts/bundle."
SCHEME = '{name:"color-scheme"}'
# How the script watches the size of an element: of the nearest one around it that is shown, and at
# once. What follows is up to the first size that it gives.
WATCHED = re.compile(
    r"let t=e;for\(;(t\.clientWidth===0.{0,260}?\(\(\)=>(\w+)\(e\)\)),(\w+)\(\2\(e\)\)\)\}"
)
LISTING = 'e.localName==="code"'
CODE_BUTTONS = '"nav",{class:"md-code__nav"}'
COPYING = re.compile(r"\w+\.default\.isSupported\(\)")  # whether a browser can copy
LETTERS = "assets/katex/fonts/KaTeX_{}.woff2"
FONTS = {  # a font, and the class that asks for it
    "Main-Regular": 'class="katex"',
    "Math-Italic": "</i>",
    "Size1-Regular": "op-symbol small-op",
    "Size2-Regular": "op-symbol large-op",
    "Size3-Regular": "delimsizing size3",
}


def bundle(files: Files, config: MkDocsConfig) -> None:
    """Put the style sheets of the theme and ours into one, which ``overrides/main.html`` names.

    InputError if one that the configuration names is not there.
    """
    theme = sorted(name for name in files.src_uris if name.startswith(THEME))
    ours = [name for name in config.extra_css if name != DOCSTRINGS]
    if missing := [name for name in ours if name not in files.src_uris]:
        raise InputError(f"extra_css names {', '.join(missing)}: no such file under docs/")
    parts = [
        files.src_uris[name].content_string for name in [*theme, *ours] if name.endswith(".css")
    ]
    for name in [*theme, *ours]:
        files.remove(files.src_uris[name])
    files.append(File.generated(config, SHEET, content=_quick("\n".join(parts))))
    config.extra_css = []
    for file in [file for file in files if file.src_uri.startswith(SCRIPT)]:
        if file.src_uri.endswith(".js"):
            files.remove(file)
            files.append(File.generated(config, file.src_uri, content=_mended(file.content_string)))


def preloaded(output: str, page: Page, face: str = "") -> str:
    """The page with its fonts asked for early, so that nothing moves when they come.

    ``face`` is the file of the face of its text, if it has one of its own.
    """
    letters = [LETTERS.format(font) for font, mark in FONTS.items() if mark in output]
    fonts = [face, *letters] if face else letters
    return output.replace("</head>", f"{''.join(map(partial(_link, page), fonts))}</head>", 1)


def _link(page: Page, font: str) -> str:
    place = get_relative_url(font, page.url)
    return f'<link rel="preload" href="{place}" as="font" type="font/woff2" crossorigin>'


def _quick(text: str) -> str:
    """The sheet without what makes a page wait.

    ENH: while Material sets the colours, which it also does when a page opens, it forbids every
    element to fade, and so has the whole page styled twice. Only the header, whose colour it reads
    at that moment, is kept from fading.
    """
    everything = ",".join(f"{SWITCHING} {part}" for part in ("*", ":after", ":before"))
    text = text.replace(everything, f"{SWITCHING} .md-header")
    return CHARSET + re.sub(rf"{CHARSET}|/\*# sourceMappingURL=.*?\*/", "", text)


def _mended(script: str) -> str:
    """The theme's script without the element that names the colour scheme, and without false parts.

    ENH: when that element comes and when it is set, a browser styles the whole page again. Our
    sheet says the same by a rule. The buttons of a listing are no part of the navigation. The size
    of a listing is read as soon as its buttons are put in, for which a browser lays out the page
    each time; the next frame reports it anyhow, of all listings at once. It also lays out the page
    to say whether it can copy, which every browser can. Tables are in their frames already.
    """
    script = script.replace(SCHEME, '{name:"scheme"}')
    watched = rf"let t=e;for(;!({LISTING})&&\1,{LISTING}?r=>r:\3(\2(e)))}}"
    script = WATCHED.sub(watched, script)
    script = COPYING.sub("!0", script)
    script = script.replace(CODE_BUTTONS, CODE_BUTTONS.replace("nav", "div", 1))
    return script.replace(ANY, UNFRAMED)
