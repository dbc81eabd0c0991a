"""Python for the page "your own line": Pyodide, SymPy and this package, on our own origin.

Pyodide is a package of npm in the cache. SymPy and mpmath are packed from what is installed, less
what no formula of ours reaches; of this package goes what ``derive.render.live`` reaches, and the
theorems that are provable with these alone.
"""

import hashlib
import json
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from derive.catalogue import THEOREMS
from derive.notation.errors import InputError
from derive.render.files import write_file
from derive.site.cache import BuildCache, checksum
from derive.site.imports import imports
from derive.site.katex import PACKAGE as KATEX
from derive.site.npm import Package, Store
from derive.site.sources import digest, PACKAGE, reached

PYODIDE = Package(
    "pyodide",
    "314.0.7",
    "0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A==",
)
CORE = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
)
ENTRY = "render/live.py"
LIBRARIES = ("mpmath", "sympy")
NEEDLESS = {
    *("sympy/categories", "sympy/codegen", "sympy/crypto", "sympy/diffgeom", "sympy/holonomic"),
    *("sympy/liealgebras", "sympy/physics", "sympy/sandbox", "sympy/stats", "sympy/testing"),
    *("sympy/parsing/autolev", "sympy/parsing/c", "sympy/parsing/fortran", "sympy/parsing/latex"),
    *("sympy/vector", "sympy/integrals/rubi"),
}
NEEDLESS_ANYWHERE = {"tests", "benchmarks", "__pycache__"}
STAMP = (1980, 1, 1, 0, 0, 0)  # the same files make the same archive


def assets(store: Store) -> dict[str, Path]:
    """Every file that the page fetches once Python is asked for, by its path in the site.

    None where the store has no Pyodide, or no KaTeX, and is not online.
    """
    if not (store.online or all(map(store.has, (PYODIDE, KATEX)))):
        return {}
    core, folder = store.folder(PYODIDE), store.cache / "python"
    folder.mkdir(parents=True, exist_ok=True)
    found = {f"assets/pyodide/{name}": core / name for name in CORE}
    archives = {"libraries.zip": libraries(folder), "derive.zip": ours(folder)}
    found |= {f"assets/pyodide/{name}": file for name, file in archives.items()}
    found["assets/katex/katex.min.js"] = store.folder(KATEX) / "dist" / "katex.min.js"
    listed = folder / "python.json"
    write_file(listed, json.dumps(_listed(found)).encode(), durable=False)
    return {**found, "assets/python.json": listed}


def _listed(files: Mapping[str, Path]) -> dict[str, int]:
    """How many bytes each file has, by which the page measures progress."""
    return {name.removeprefix("assets/"): file.stat().st_size for name, file in files.items()}


def libraries(folder: Path) -> Path:
    """SymPy and mpmath in one archive, made anew when their versions or this file change."""
    versions = "-".join(f"{name}-{version(name)}" for name in LIBRARIES)
    recipe = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]
    return _archive(folder, "libraries", f"{versions}-{recipe}", _library_files)


def _library_files() -> Iterable[tuple[str, Path]]:
    for name in LIBRARIES:
        place = find_spec(name)
        if place is None or place.origin is None:
            raise InputError(f"{name} is not installed, which the site needs")
        root = Path(place.origin).parent
        for file in sorted(root.rglob("*.py")):
            path = file.relative_to(root.parent)
            if not _needless(path):
                yield path.as_posix(), file


def _needless(path: Path) -> bool:
    parents = {parent.as_posix() for parent in path.parents}
    return bool(parents & NEEDLESS) or bool(set(path.parts) & NEEDLESS_ANYWHERE)


def ours(folder: Path) -> Path:
    """What the page needs of this package in one archive, made anew when the package changes."""
    return _archive(folder, "derive", digest(PACKAGE.rglob("*.py")), _our_entries)


def _our_entries() -> Iterable[tuple[str, Path]]:
    return ((f"derive/{file.relative_to(PACKAGE)}", file) for file in sorted(_our_files()))


def _archive(
    folder: Path, name: str, key: str, entries: Callable[[], Iterable[tuple[str, Path]]]
) -> Path:
    """The archive as it was packed for this key; packed anew if it is another one, or damaged."""
    cache, archive = BuildCache(folder), folder / f"{name}.zip"
    kept = cache.find(name, key)
    if not archive.is_file() or checksum(archive.read_bytes()).decode() != kept:
        packed = _packed(entries())
        write_file(archive, packed, durable=False)
        cache.put(name, key, checksum(packed).decode())
    return archive


def _our_files() -> frozenset[Path]:
    """What the entry and the theorems reach, and the folders they stand in."""
    found = reached(ENTRY, *(f"theorems/{name.replace('-', '_')}.py" for name in provable()))
    folders = {parent for file in found for parent in file.relative_to(PACKAGE).parents}
    return found.union(
        init for folder in folders if (init := PACKAGE / folder / "__init__.py").is_file()
    )


@cache
def provable() -> tuple[str, ...]:
    """Ids of the theorems whose proofs reach nothing but SymPy and this package.

    >>> "operation-count" in provable(), "named-kernels" in provable()
    (True, False)
    """
    files = sorted(THEOREMS.path.glob("[!_]*.py"))
    alone = (file for file in files if not foreign(f"theorems/{file.name}"))
    return tuple(file.stem.replace("_", "-") for file in alone)


def foreign(*roots: str) -> set[str]:
    """What these files of the package reach that the page has not.

    >>> foreign("render/live.py"), foreign("algebra/matrix.py")
    (set(), {'flint'})
    """
    known = {"derive", *LIBRARIES, *sys.stdlib_module_names}
    files = (file for file in reached(*roots) if file.suffix == ".py")
    return {name for file in files for name in _needed(file)} - known


def _needed(file: Path) -> set[str]:
    """The first names of everything that a file imports when it runs, functions included."""
    return {one.module.partition(".")[0] for one in imports(file) if one.runs}


def _packed(entries: Iterable[tuple[str, Path]]) -> bytes:
    """Files in an archive that depends on nothing else: not on their dates, nor on their owner."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, file in entries:
            entry = zipfile.ZipInfo(name, STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    return written.getvalue()
