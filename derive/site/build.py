"""Build the site, serve it, or write its pages as Markdown for another builder."""

import errno
import os
import socket
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile

from derive.notation.errors import InputError
from derive.render.progress import working
from derive.site.cache import CACHE
from derive.site.export import export
from derive.site.generate import derived
from derive.site.katex import Katex
from derive.site.npm import GIVEN, OFFLINE, store
from derive.site.sources import PACKAGE
from derive.site.staging import staged

DOCS, SITE = Path("docs"), Path("site")
EXTRA = ("jinja2", "material", "mkdocs")
INSTALL = 'install the clone itself, with pip install -e ".[site]"'


def build_site() -> None:
    """Derive, render and build strictly into site/.

    MkDocs builds into a folder next to site/, which takes its place once it is complete: a build
    that fails or is interrupted leaves the last site as it was.
    """
    _ready()
    with staged(SITE) as site:
        _mkdocs("build", "--strict", "--clean", "--site-dir", str(site.built))
        site.publish()


def serve_site(host: str, port: int) -> None:
    """Serve with live reload until interrupted, which raises KeyboardInterrupt.

    Raises InputError, before anything is derived, if nothing can be served at that address.
    """
    _ready()
    _free(host, port)
    _mkdocs("serve", "--dirty", "--dev-addr", f"{host}:{port}")
    raise KeyboardInterrupt  # which MkDocs takes for a wish to stop, and returns


def offer(packages: Path | None, *, offline: bool) -> None:
    """Say where the packages of npm come from: a folder first, and nowhere else if offline.

    Raises InputError if that is no folder.
    """
    if packages and not packages.is_dir():
        raise InputError(f"--packages {packages} is no folder")
    if packages:
        os.environ[GIVEN] = str(packages.resolve())
    if offline:
        os.environ[OFFLINE] = "yes"


def write_markdown(folder: Path) -> int:
    """Write hand-written and generated pages to a folder as a project; how many pages there are.

    Another builder that reads mkdocs.yml renders it, and needs nothing outside the folder.

    Raises InputError, before anything is written, if the folder lies in docs/ or holds it, if it
    cannot be written, and if a file is in the way that this did not write.
    """
    _ready()
    docs, place = DOCS.resolve(), folder.resolve()
    if place.is_relative_to(docs) or docs.is_relative_to(place):
        raise InputError(f"{folder} lies in docs/, or holds it: choose another folder")
    with working("deriving every page"):
        contents, pages = derived()
    written = (path for path in sorted(DOCS.rglob("*")) if path.is_file())
    files = {path.relative_to(DOCS).as_posix(): path.read_bytes() for path in written}
    files |= {path: text.encode() for path, text in pages.items()}
    from derive.site.standalone import standalone

    export(standalone(files, contents.navigation, Katex(store(CACHE))), folder)
    return sum(path.endswith(".md") for path in files)


def _ready() -> None:
    """InputError unless this is a clone and what the site needs is installed."""
    if not Path("mkdocs.yml").is_file():
        raise InputError("no mkdocs.yml here: run this inside a clone of Separable")
    if not Path("derive/site/hook.py").is_file():
        raise InputError("mkdocs.yml is another project's: run this inside a clone of Separable")
    if missing := [name for name in EXTRA if find_spec(name) is None]:
        raise InputError(f"the site needs {', '.join(missing)}: {INSTALL}")
    one_copy()
    _writable(CACHE)


def _writable(folder: Path) -> None:
    """InputError, before anything is derived, unless files can be written to a folder."""
    try:
        folder.mkdir(exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(f"cannot write to {folder.resolve()}: {error.strerror}") from None


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

    cli.main(args=list(arguments), prog_name="mkdocs", standalone_mode=False)


def _free(host: str, port: int) -> None:
    """InputError unless a server can listen there."""
    try:
        family, kind, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(place)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        reason = "another program is using it" if taken else error.strerror or "no such address"
        hint = f"choose another, for example --address {host}:{port % 65535 + 1}"
        raise InputError(f"cannot serve at {host}:{port}: {reason}; {hint}") from None
