"""The MkDocs hook: generated pages join the hand-written ones, and formulas are set.

Pages are derived in a process of their own, so that an edited family shows without a restart.
"""

import gc
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from click import ClickException
from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from derive.notation.errors import CheckError, InputError
from derive.render.crash import crashed
from derive.render.files import write_file
from derive.site import face, first_state, katex, pyodide
from derive.site.accessible import cornered, named
from derive.site.background import Background
from derive.site.backlinks import mentions, Seen, with_backlinks
from derive.site.build import one_copy
from derive.site.cache import CACHE
from derive.site.card import social_card
from derive.site.citation import last_change
from derive.site.copying import unwritten
from derive.site.edited import edited
from derive.site.far import marked_far
from derive.site.finish import finish, PageItem
from derive.site.generate import BAD_INPUT, Derivation, SELDOM
from derive.site.indentation import unindented
from derive.site.links import marked
from derive.site.listing import plain
from derive.site.npm import store
from derive.site.raw_html import whole_options, without_ways
from derive.site.search_index import part, searched
from derive.site.sources import look
from derive.site.standalone import expanded
from derive.site.style import bundle, preloaded
from derive.site.tables import framed

STORE = store(CACHE)
KATEX, DERIVATION, BACKGROUND = katex.Katex(STORE), Derivation(), Background(CACHE)
KATEX_SHEET = "assets/katex/katex.min.css"
log = get_plugin_logger("derive")


def on_startup(command: str, dirty: bool) -> None:
    """Let pages be late under a server, and search for cycles seldom."""
    gc.set_threshold(SELDOM)
    BACKGROUND.serving = command == "serve"
    DERIVATION.whole = dirty  # which skips the pages whose files did not change


def on_config(config: MkDocsConfig) -> None:
    """Refuse a clone that is not the package that runs; date pages by what they are made from."""
    one_copy()
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(last_change()))


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
    """Rebuild when the late pages are made."""
    BACKGROUND.folder.mkdir(parents=True, exist_ok=True)
    server.watch(str(BACKGROUND.folder))
    return server


def on_shutdown() -> None:
    """Leave nothing running."""
    DERIVATION.stop()
    BACKGROUND.stop()


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages, KaTeX's style and fonts; put the families into the navigation."""
    log.info("Deriving every page")
    STORE.fetch((katex.PACKAGE, pyodide.PYODIDE, face.PACKAGE))
    look()
    with ThreadPoolExecutor() as pool:
        python = pool.submit(pyodide.assets, STORE)
        contents = DERIVATION.begin(hurried=BACKGROUND.serving)
    _keep(path for path in contents.paths if DERIVATION.whole or path.endswith(".css"))
    for path in contents.paths:
        file = File.generated(config, path, abs_src_path=str(_place(path)))
        file.edit_uri = f"../{edited(path)}" if path.endswith(".md") else None
        files.append(file)
    files.append(File.generated(config, "assets/social-card.png", content=social_card()))
    for asset in KATEX.assets():
        name = f"assets/katex/{asset.relative_to(KATEX.folder)}"
        files.append(File.generated(config, name, abs_src_path=str(asset.resolve())))
    letters = face.files(STORE)
    for name, asset in [*python.result().items(), *letters.items()]:
        files.append(File.generated(config, name, abs_src_path=str(asset.resolve())))
    if letters:
        files.append(File.generated(config, face.SHEET, content=face.sheet(f"../../{face.FILE}")))
        config.extra_css.insert(0, face.SHEET)
    config.extra["face"] = next(iter(letters), "")
    _say_offline(config, python=bool(python.result()), node=bool(first_state.node()))
    bundle(files, config)
    config.nav = expanded(config.nav, contents.navigation)
    return files


def _say_offline(config: MkDocsConfig, *, python: bool, node: bool) -> None:
    """Have every page say what a build without a network, or without node, could not bring."""
    lacking = []
    if not KATEX.here:
        lacking.append("formulas are shown as TeX")
        config.extra_css = [sheet for sheet in config.extra_css if sheet != KATEX_SHEET]
    if not python:
        lacking.append("no Python runs in its pages")
    if not node:
        lacking.append("its calculators appear when their scripts have run")
    config.extra["offline"] = " and ".join(lacking)


def on_pre_page(page: Page, config: MkDocsConfig, files: Files) -> Page:
    """Wait for a page that is being made.

    MkDocs names the page that it reads with any error, which has no part in it: what fails is said
    once all pages are read, those that are still to come without a text.
    """
    if page.file.src_uri in DERIVATION.contents.paths and not DERIVATION.failure:
        try:
            _keep([page.file.src_uri])
        except (CheckError, InputError) as error:
            DERIVATION.failure = error
    return page


def on_page_read_source(page: Page, config: MkDocsConfig) -> str | None:
    """Read nothing once a check has failed."""
    return "" if DERIVATION.failure else None


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Leave out what Markdown and the highlighter needed and a browser does not; mark links."""
    KATEX.note(html)
    return marked(cornered(plain(whole_options(without_ways(unwritten(html))))))


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Set the formulas of all pages in one go, say on each page what mentions it, and list all.

    What pages load is copied next.
    """
    if DERIVATION.failure:
        raise DERIVATION.failure
    _keep(path for path in DERIVATION.contents.paths if not path.endswith(".md"))
    pages = _in_order([file.page for file in files.documentation_pages() if file.page])
    KATEX.prepare(page.content or "" for page in pages)
    seen = {page.url: _seen(page) for page in pages}
    found = mentions(seen.values())
    for page in pages:
        page.content = with_backlinks(seen[page.url], found)
    finish(Path(config.site_dir), [_page_item(page) for page in pages], config.site_url or "")
    return env


def _before_search(context: Any, page: Page, **_: Any) -> Any:
    page.content, context["shown"] = searched(page.content or ""), page.content
    return context


def _after_search(context: Any, page: Page, **_: Any) -> Any:
    page.content = context.pop("shown")
    return context


# The search reads the page between the two.
on_page_context = CombinedEvent(
    event_priority(100)(_before_search), event_priority(-100)(_after_search)
)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Put the set formulas where their TeX stands, which the search index keeps."""
    output = KATEX.typeset(marked_far(framed(named(unindented(output)))))
    return preloaded(output, page, config.extra["face"])


def on_post_template(output: str, template_name: str, config: MkDocsConfig) -> str:
    """Name what has no name on the page for missing addresses too."""
    return named(output)


def on_build_error(error: Exception) -> None:
    """End a failure in one line, under a server too: exit code 2 for bad input, else 1."""
    if isinstance(error, InputError | CheckError):
        raise _abort(str(error), BAD_INPUT if isinstance(error, InputError) else 1) from None
    if not isinstance(error, ClickException):
        raise _abort(crashed(error), 1) from None


def _abort(words: str, code: int) -> Abort:
    abort = Abort(words)
    abort.code = code
    return abort


def on_post_build(config: MkDocsConfig) -> None:
    """Part the search index into what comes with a page and what is fetched for a search; write
    what else scripts fetch, and then have made what an edit does not show in."""
    site = Path(config.site_dir)
    part(site)
    for path in DERIVATION.contents.fetched:
        write_file(site / path, DERIVATION.text(path).encode(), durable=False)
    late = DERIVATION.late()
    DERIVATION.stop()
    if late:
        BACKGROUND.begin()


def _seen(page: Page) -> Seen:
    return Seen(page.url.removeprefix("./"), str(page.title), page.content or "")


def _in_order(pages: list[Page]) -> list[Page]:
    """The pages as the navigation has them, whichever could be read first; then all others."""
    place: dict[str, int] = {}
    page = next((page for page in pages if page.next_page and not page.previous_page), None)
    while page:
        place[page.url] = len(place)
        page = page.next_page
    return sorted(pages, key=lambda page: place.get(page.url, len(place)))


def _page_item(page: Page) -> PageItem:
    description = str(page.meta.get("description", ""))
    return PageItem(page.url.removeprefix("./"), str(page.title), description)


def _place(path: str) -> Path:
    """Where a generated page is kept as a file."""
    return (CACHE / "book" / path).resolve()


def _keep(paths: Iterable[str]) -> None:
    """Write pages once they are made, and none whose text is the same: --dirty skips those."""
    for path in paths:
        file, text = _place(path), DERIVATION.text(path)
        if not file.is_file() or file.read_text("utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            write_file(file, text.encode(), durable=False)
