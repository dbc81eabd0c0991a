"""All generated pages and the navigation.

Run as a program it prints them as JSON; ``derived`` asks for them in a process of its own, so that
a server sees an edited module without a restart.
"""

import atexit
import gc
import json
import sys
from dataclasses import dataclass
from typing import NoReturn

from derive.notation.errors import CheckError, InputError
from derive.render.crash import last_line
from derive.site.process import hold_lifeline, start
from derive.site.sources import look

DERIVE = (sys.executable, "-m", "derive.site.generate")
BAD_INPUT = 2  # exit code
HURRIED = "--hurried"
SELDOM = 100_000  # new objects between two searches for cycles, of which expressions make few


@dataclass(frozen=True)
class Book:
    """Pages by path, what the navigation's wildcards stand for, and the names of what is stale."""

    pages: dict[str, str]
    navigation: dict[str, list[dict[str, object]]]
    late: tuple[str, ...]


def derived(*, hurried: bool = False) -> Book:
    """Every generated page.

    Raises CheckError if a check fails, and InputError if the file of a family or a theorem cannot
    be read. In a hurry only what an edit shows in is made again; what else is stale is late.
    """
    run = start((*DERIVE, HURRIED) if hurried else DERIVE).result()
    if run.returncode == BAD_INPUT:
        raise InputError(run.stderr.strip())
    if run.returncode:
        reason = last_line(run.stderr, run.returncode)
        raise CheckError(f"deriving the pages failed: {reason}")
    found = json.loads(run.stdout)
    return Book(found["pages"], found["navigation"], tuple(found["late"]))


def main() -> None:
    """Print the book as JSON; a failed check or bad input in one line."""
    hold_lifeline()
    look()  # before the files are imported
    gc.set_threshold(SELDOM)
    atexit.register(gc.freeze)  # Python searches for cycles once more while it ends: for nothing
    from derive.catalogue import FAMILIES
    from derive.proof.library import THEOREMS
    from derive.site.bibliography import unlisted

    if broken := (*FAMILIES.broken, *THEOREMS.broken, *unlisted()):
        _stop("; ".join(map(str, broken)))
    from derive.site.pages import navigation, pages

    late: set[str] | None = set() if HURRIED in sys.argv else None
    try:
        found = pages(late)
        print(json.dumps(vars(Book(found, navigation(), tuple(sorted(late or ()))))))
    except InputError as error:
        _stop(str(error))
    except CheckError as error:
        sys.exit(str(error))


def _stop(words: str) -> NoReturn:
    print(words, file=sys.stderr)
    sys.exit(BAD_INPUT)


if __name__ == "__main__":
    main()
