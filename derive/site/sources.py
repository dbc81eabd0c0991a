"""What a result was made from: the files that a module reaches by its imports, and their digest.

Two folders are read by name and not by import. A file that imports the catalogue's FAMILIES may
look at any family, and a theorem that names another one by its id uses it. What the packages offer
to readers as public Python is no part of a result.
"""

import hashlib
import re
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from derive.site.imports import Import, imports

PACKAGE = Path(__file__).parents[1]
ENGINES = ("sympy", "python-flint", "numpy", "z3-solver")
TEMPLATES = PACKAGE / "site" / "templates"
TEMPLATE = re.compile(r"""["']([\w/.-]+\.j2)["']""")
DATA = re.compile(r"""["']([\w-]+\.json)["']""")  # next to the module that reads it
WORD = re.compile(r"""["']([\w-]+)["']""")
SEEN = {".py", ".j2", ".json", ".mjs"}
DOORS = {PACKAGE / name / "__init__.py" for name in ("", "families", "theorems")}
EVERY_FAMILY = {"FAMILIES", "Catalogue"}


def digest(paths: Iterable[Path], *words: str) -> str:
    """A digest of files, of words, and of the versions of Python and of what the results run on."""
    found = hashlib.sha256("\0".join([sys.version, *map(_version, ENGINES), *words]).encode())
    for name, content in sorted((str(path), _content(path)) for path in paths):
        found.update(name.removeprefix(str(PACKAGE)).encode() + b"\0" + content)
    return found.hexdigest()[:32]


def look() -> None:
    """See every file of the package anew: what is edited later makes stale what is made now."""
    _content.cache_clear()
    for path in PACKAGE.rglob("*"):
        if path.suffix in SEEN:
            _content(path)


@cache
def _content(path: Path) -> bytes:
    """The digest of a file as it was first seen."""
    return hashlib.sha256(path.read_bytes()).digest()


def reached(*roots: str) -> frozenset[Path]:
    """Every file that these files of the package reach, themselves included.

    >>> found = {str(path.relative_to(PACKAGE)) for path in reached("theorems/rank_one.py")}
    >>> "families/asymmetric.py" in found, "families/cp.py" in found
    (True, False)
    >>> PACKAGE / "theorems/continued/intersections.py" in reached("theorems/intersections.py")
    True
    """
    found: set[Path] = set()
    waiting = [PACKAGE / root for root in roots]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _next(path, _content(path))
    return frozenset(found)


@cache
def _next(path: Path, _seen: bytes) -> tuple[Path, ...]:
    """The files of the package that one file leads to; none for data."""
    if path.suffix == ".j2":
        return tuple(TEMPLATES / name for name in TEMPLATE.findall(path.read_text("utf-8")))
    if path.suffix != ".py" or path in DOORS:
        return ()
    found, text = imports(path), path.read_text("utf-8")
    targets = {target for one in found for target in _imported(one)}
    if path.parent.name in ("theorems", "continued"):
        targets |= {*_theorems_named(text), path.parent / "continued" / path.name}
    if any(map(_any_family, found)):
        targets |= set((PACKAGE / "families").glob("[!_]*.py"))
    targets |= {path.with_name(name) for name in DATA.findall(text)}
    if path == PACKAGE / "kernels" / "__init__.py":
        targets |= set((PACKAGE / "kernels").glob("*.json"))
    return tuple(target for target in targets if target.is_file())


def _imported(found: Import) -> list[Path]:
    """The files that an import may mean: of the module, and of a module in a package."""
    names = (f"{found.module}.{name}" for name in found.names)
    return [file for name in (found.module, *names) for file in _files(name)]


def _files(module: str) -> list[Path]:
    first, *rest = module.split(".")
    if first != "derive":
        return []
    place = PACKAGE.joinpath(*rest)
    return [place.with_suffix(".py") if rest else place / "__init__.py", place / "__init__.py"]


def _any_family(found: Import) -> bool:
    """Whether an import brings in the catalogue of families as a whole."""
    whole = found.module == "derive" and "families" in found.names
    return whole or (found.module == "derive.catalogue" and bool(EVERY_FAMILY & {*found.names}))


def _theorems_named(text: str) -> list[Path]:
    """The theorems whose ids a file writes down."""
    names = {word.replace("-", "_") for word in WORD.findall(text)}
    files = {path.stem: path for path in (PACKAGE / "theorems").glob("[!_]*.py")}
    return [files[name] for name in names & files.keys()]


@cache
def _version(package: str) -> str:
    """The version of a package; without z3 its sentences are not confirmed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
