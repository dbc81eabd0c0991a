"""Build the site, serve it, or write its pages as Markdown for another builder."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from derive.notation.errors import InputError

DOCS = Path("docs")


def build_site() -> int:
    """Derive, render and build strictly into site/; the exit code of MkDocs."""
    return _mkdocs("build", "--strict", "--clean")


def serve_site(address: str) -> int:
    """Serve with live reload until interrupted; the exit code of MkDocs."""
    return _mkdocs("serve", "--dev-addr", address, "--watch-theme")


def write_markdown(folder: Path) -> int:
    """Write hand-written and generated pages to a folder; how many pages there are."""
    _check_clone()
    from derive.site.pages import pages

    shutil.copytree(DOCS, folder, dirs_exist_ok=True)
    for path, text in pages().items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return len(list(folder.rglob("*.md")))


def _mkdocs(*arguments: str) -> int:
    _check_clone()
    if find_spec("material") is None or find_spec("mkdocs") is None:
        raise InputError("the site needs its extra: pip install 'separable[site]'")
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", *arguments]
    try:
        return subprocess.run(command, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 0


def _check_clone() -> None:
    if not Path("mkdocs.yml").is_file():
        raise InputError("no mkdocs.yml here: run this inside a clone of the repository")
