"""The pages as a project of their own, which any builder that reads mkdocs.yml renders.

It needs nothing outside its folder: the navigation is written out, snippets and docstrings are in
the pages, and KaTeX, where there is one, sets the formulas in the browser.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from mkdocs.utils.yaml import yaml_load

from derive.notation.errors import InputError
from derive.site.api_text import with_docstrings
from derive.site.katex import Katex

CONFIG = "mkdocs.yml"
SNIPPET = re.compile(r'^--8<-- "(.+)"$', re.MULTILINE)
TYPESET = Path(__file__).with_name("typeset.mjs")
KATEX = "assets/katex"
API = "reference/api.md"
KEPT = ("site_name", "site_description", "copyright", "extra_javascript")
OURS = {"pymdownx.snippets"}  # extensions for what is no longer in the pages
THEME = ("name", "favicon", "font", "language", "features", "palette", "icon")


def standalone(
    files: Mapping[str, bytes], navigation: Mapping[str, list[Any]], katex: Katex
) -> dict[str, bytes]:
    """Every file of the project by its path, given the files of ``docs/``.

    Raises InputError if a page takes in a file that is not there.
    """
    set_ = {f"{KATEX}/{path.relative_to(katex.folder)}": path for path in katex.assets()}
    if set_:
        set_[f"{KATEX}/katex.min.js"] = katex.folder / "katex.min.js"
        set_["assets/js/typeset.js"] = TYPESET
    pages = {path: _alone(path, content) for path, content in files.items()}
    docs = {**pages, **{path: file.read_bytes() for path, file in set_.items()}}
    written = yaml.safe_dump(
        configuration(navigation, bool(set_)), allow_unicode=True, sort_keys=False
    )
    return {CONFIG: written.encode(), **{f"docs/{path}": text for path, text in docs.items()}}


def configuration(navigation: Mapping[str, list[Any]], formulas: bool) -> dict[str, Any]:
    """The configuration of the site without hooks, overrides and plugins of ours."""
    with Path(CONFIG).open(encoding="utf-8") as stream:
        ours: dict[str, Any] = yaml_load(stream)
    found = {key: ours[key] for key in KEPT}
    styles = [sheet for sheet in ours["extra_css"] if formulas or not sheet.startswith(KATEX)]
    scripts = [f"{KATEX}/katex.min.js", {"path": "assets/js/typeset.js", "type": "module"}]
    found["extra_javascript"] = [*(scripts if formulas else []), *ours["extra_javascript"]]
    return {
        **found,
        "docs_dir": "docs",
        "theme": {key: ours["theme"][key] for key in THEME},
        "nav": expanded(ours["nav"], navigation),
        "extra_css": styles,
        "plugins": ["search"],
        "markdown_extensions": [
            one
            for one in ours["markdown_extensions"]
            if not OURS & ({one} if isinstance(one, str) else set(one))
        ],
    }


def expanded(nav: Any, generated: Mapping[str, list[Any]]) -> Any:
    """The navigation with each ``families/*`` replaced by the pages there.

    >>> expanded([{"All": ["families/*"]}], {"families/*": ["families/cp.md"]})
    [{'All': ['families/cp.md']}]
    """
    if isinstance(nav, str):
        return nav
    if isinstance(nav, dict):
        return {title: expanded(item, generated) for title, item in nav.items()}
    pages = []
    for item in nav:
        wild = isinstance(item, str) and item in generated
        pages += generated[item] if wild else [expanded(item, generated)]
    return pages


def _alone(path: str, content: bytes) -> bytes:
    """A page with the texts that it takes from elsewhere."""
    if not path.endswith(".md"):
        return content
    text = SNIPPET.sub(lambda found: _snippet(path, found[1]), content.decode())
    return (with_docstrings(text) if path == API else text).encode()


def _snippet(path: str, name: str) -> str:
    try:
        return Path(name).read_text("utf-8").rstrip()
    except OSError as error:
        raise InputError(
            f"{path} takes in {name}, which cannot be read: {error.strerror}"
        ) from None
