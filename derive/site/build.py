"""Build the site, serve it, or write its pages as Markdown for another builder."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console

from derive.notation.errors import InputError
from derive.site.book import derived
from derive.site.sources import PACKAGE

DOCS = Path("docs")
EXTRA = ("jinja2", "material", "mkdocs")
INSTALL = 'install the clone itself, with pip install -e ".[site]"'


def build_site() -> None:
    """Derive, render and build strictly into site/; exits as MkDocs does."""
    _ready()
    _mkdocs("build", "--strict", "--clean")


def serve_site(address: str) -> None:
    """Serve with live reload until interrupted; exits as MkDocs does."""
    _ready()
    _mkdocs("serve", "--dirty", "--dev-addr", address)


def write_markdown(folder: Path) -> int:
    """Write hand-written and generated pages to a folder; how many pages there are.

    Raises InputError if the folder is that of the hand-written pages, or cannot be written.
    """
    _ready()
    if folder.resolve() == DOCS.resolve():
        raise InputError(f"{folder} holds the hand-written pages: choose another folder")
    with Console(stderr=True).status("deriving every page"):
        pages = derived()["pages"]
    try:
        shutil.copytree(DOCS, folder, dirs_exist_ok=True)
        for path, text in pages.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write to {folder}: {error.strerror or 'no such place'}") from None
    return len(list(folder.rglob("*.md")))


def _ready() -> None:
    """InputError unless this is a clone and what the site needs is installed."""
    if not Path("mkdocs.yml").is_file():
        raise InputError("no mkdocs.yml here: run this inside a clone of the repository")
    if missing := [name for name in EXTRA if find_spec(name) is None]:
        raise InputError(f"the site needs {', '.join(missing)}: {INSTALL}")
    one_copy()


def one_copy() -> None:
    """InputError unless the package that runs is the one of this clone.

    The site is made of both the package and the clone around it. An installed copy would mix its
    code with the hook, the sources and the texts of the clone.
    """
    if not (Path("derive").is_dir() and PACKAGE.samefile("derive")):
        raise InputError(f"the copy of derive in {PACKAGE} cannot build this clone: {INSTALL}")


def _mkdocs(*arguments: str) -> None:
    """Run MkDocs in this process, so that its hook finds the package that runs."""
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    from mkdocs.__main__ import cli

    cli.main(args=list(arguments), prog_name="mkdocs")
