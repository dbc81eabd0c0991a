"""All generated pages and the navigation, derived in a process of its own.

Run as a program it prints what there will be, and then each page as soon as it is made, in a line
of JSON. A server thus sees an edited module without a restart, and reads pages while others are
made.
"""

import atexit
import gc
import json
import os
import sys
from dataclasses import dataclass, field
from typing import Any, NoReturn

from derive.notation.errors import CheckError, InputError
from derive.render.crash import last_line
from derive.site.process import Child, hold_lifeline, start
from derive.site.sources import look

DERIVE = (sys.executable, "-m", "derive.site.generate")
BAD_INPUT = 2  # exit code
HURRIED = "--hurried"
SELDOM = 100_000  # new objects between two searches for cycles, of which expressions make few


@dataclass(frozen=True)
class Contents:
    """Paths of all pages and of what they load, of what scripts fetch later, and what the
    navigation's wildcards stand for."""

    paths: tuple[str, ...] = ()
    fetched: tuple[str, ...] = ()
    navigation: dict[str, list[dict[str, object]]] = field(default_factory=dict)


class Derivation:
    """The pages, while a process of its own derives them: what there is, then text after text."""

    def __init__(self) -> None:
        self.contents = Contents()
        self.whole = False  # whether all is to be made before the first page is read
        self.failure: CheckError | InputError | None = None
        self._run: Child | None = None
        self._texts: dict[str, str] = {}
        self._late: list[str] | None = None

    def begin(self, *, hurried: bool = False) -> Contents:
        """Derive every page anew, and say which there will be.

        Raises InputError if the file of a family or a theorem cannot be read. In a hurry only what
        an edit shows in is made again; what else is stale is late.
        """
        self.stop()
        self._run, self._texts = start((*DERIVE, HURRIED) if hurried else DERIVE), {}
        self.failure = self._late = None
        self.contents = Contents(**self._next())
        return self.contents

    def text(self, path: str) -> str:
        """The text of a page, once it is made; CheckError if a check fails before."""
        while path not in self._texts:
            self._texts |= self._next()["texts"]
        return self._texts[path]

    def late(self) -> list[str]:
        """The names of what is stale and came as it was, once all texts are made."""
        while self._late is None:
            found = self._next()
            self._texts |= found.get("texts", {})
            self._late = found.get("late")
        return self._late

    def stop(self) -> None:
        """Give up what is not made yet."""
        run, self._run = self._run, None
        if run:
            run.end()
            run.result()

    def _next(self) -> dict[str, Any]:
        """What the process prints next; an exception says why it prints no more."""
        assert self._run
        if line := self._run.line():
            found: dict[str, Any] = json.loads(line)
            return found
        ran, self._run = self._run.result(), None
        if ran.returncode == BAD_INPUT:
            raise InputError(ran.stderr.strip())
        raise CheckError(f"deriving the pages failed: {last_line(ran.stderr, ran.returncode)}")


def derived() -> tuple[Contents, dict[str, str]]:
    """What there is, and every page with its text; raises as ``Derivation.begin`` does."""
    derivation = Derivation()
    contents = derivation.begin()
    every = (*contents.paths, *contents.fetched)
    texts = {path: derivation.text(path) for path in every}
    derivation.stop()
    return contents, texts


def main() -> None:
    """Print the pages as JSON; a failed check or bad input in one line."""
    hold_lifeline()
    look()  # before the files are imported
    os.environ.setdefault("SYMPY_CACHE_SIZE", "None")  # what SymPy found is asked for on many pages
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # there is a worker for every processor
    if hasattr(os, "nice"):
        os.nice(10)  # MkDocs reads the pages meanwhile, one after the other, and would end later
    gc.set_threshold(SELDOM)
    atexit.register(gc.freeze)  # Python searches for cycles once more while it ends: for nothing
    from derive.catalogue import FAMILIES
    from derive.proof.library import THEOREMS
    from derive.site.bibliography import unlisted

    if broken := (*FAMILIES.broken, *THEOREMS.broken, *unlisted()):
        _stop("; ".join(map(str, broken)))
    from derive.site.cache import workers
    from derive.site.pages import navigation
    from derive.site.printing import printing

    late: set[str] | None = set() if HURRIED in sys.argv else None
    try:
        with workers() as pool:
            found = printing(pool, late)
            _print(vars(Contents(found.paths, found.fetched, navigation())))
            for path, text in found.texts:
                _print({"texts": {path: text}})
            _print({"late": sorted(late or ())})
    except InputError as error:
        _stop(str(error))
    except CheckError as error:
        sys.exit(str(error))


def _print(part: dict[str, Any]) -> None:
    print(json.dumps(part), flush=True)


def _stop(words: str) -> NoReturn:
    print(words, file=sys.stderr)
    sys.exit(BAD_INPUT)


if __name__ == "__main__":
    main()
