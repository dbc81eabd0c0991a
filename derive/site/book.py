"""All generated pages and the navigation, kept in a cache while nothing they depend on changes.

Run as a program it prints them as JSON, which is how the MkDocs hook asks for them.
"""

import hashlib
import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from derive.notation.errors import CheckError, InputError

PACKAGE = Path(__file__).parents[1]
CACHE = Path(".derive-cache")
CITATION = Path("CITATION.cff")
PROVERS = ("sympy", "python-flint", "z3-solver")


def book() -> dict[str, Any]:
    """Pages by path and what the navigation's wildcards stand for."""
    kept = CACHE / f"pages-{_fingerprint()}.json"
    if kept.is_file():
        found: dict[str, Any] = json.loads(kept.read_text("utf-8"))
        return found
    from derive.site.pages import navigation, pages

    derived = {"pages": pages(), "navigation": navigation()}
    CACHE.mkdir(exist_ok=True)
    for stale in CACHE.glob("pages-*.json"):
        stale.unlink()
    kept.write_text(json.dumps(derived, ensure_ascii=False), encoding="utf-8")
    return derived


def _fingerprint() -> str:
    """A digest of our sources and of the versions of Python and of what the proofs run on."""
    digest = hashlib.sha256(" ".join([sys.version, *map(_version, PROVERS)]).encode())
    for path in sorted(p for p in PACKAGE.rglob("*") if p.suffix in (".py", ".j2")):
        digest.update(str(path.relative_to(PACKAGE)).encode() + b"\0" + path.read_bytes())
    digest.update(CITATION.read_bytes())
    return digest.hexdigest()[:32]


def _version(package: str) -> str:
    """The version of a package; without z3 its sentences are not confirmed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def main() -> None:
    """Print the book as JSON; a failed check or bad input in one line."""
    try:
        print(json.dumps(book()))
    except (CheckError, InputError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
