"""Every generated file with its text, in the order in which MkDocs can go on soonest.

A file is made again only when something it is made from has changed: what its module and its
template reach, and the words that are handed to it.
"""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

from derive.facts.image import image, Json
from derive.facts.restored import restored
from derive.site import at_work
from derive.site.cache import BuildCache, CACHE, Filling, Wanted
from derive.site.examples import ran, scripts, ShownExample
from derive.site.first_state import first_states, Given, with_first_states
from derive.site.made import nothing, Results, wanted
from derive.site.order import ordered, ordering
from derive.site.pages import assets, CURVES, generated, home, parts
from derive.site.proved import proved, proving
from derive.site.sources import digest, PACKAGE, reached


@dataclass(frozen=True)
class Printing:
    """The paths of all generated files, of which no page needs the ``fetched``, and each with its
    text once that is made, these last."""

    paths: tuple[str, ...]
    fetched: tuple[str, ...]
    texts: Iterator[tuple[str, str]]


def printing(pool: Executor, late: set[str] | None = None) -> Printing:
    """All generated files, first those that no result is in; the texts of the others come once
    every proof has run. CheckError if one fails, or any other check.

    Given a set for the late ones, what an edit shows in is made at once, and the names of what else
    it makes stale are added to the set by the time of the last text.
    """
    cache = BuildCache(CACHE / "pages")
    loaded = cache.begun(wanted(assets()), pool, late)
    figures = cache.begun([_figures()], pool, late)
    files, last = tuple(generated()), tuple(parts())
    first = cache.begun(wanted(made for made in files if made.given is nothing), pool, late)
    running = cache.begun(_running(), pool, late)
    proofs, pairs = proving(pool, late), ordering(pool, late)
    rest = tuple(made for made in files if made.given is not nothing)

    def texts() -> Iterator[tuple[str, str]]:
        own = dict(_plain(loaded))
        yield from own.items()
        scripts = {path: text for path, text in own.items() if path.endswith(".js")}
        states = first_states(scripts, _given(own[CURVES], figures), cache)
        yield from _complete(first, states)
        shown = tuple(restored(ShownExample, one) for one in running.result().values())
        results = Results(proved(proofs), ordered(pairs), shown)
        others = cache.begun(wanted(rest, results), pool, late)
        fetched = cache.begun(wanted(last), pool, late)
        yield from _complete(others, states)
        yield from _plain(fetched)

    paths = (*loaded.names, *first.names, *(made.path for made in rest))
    return Printing(paths, tuple(made.path for made in last), texts())


def _plain(made: Filling) -> Iterator[tuple[str, str]]:
    return ((path, str(text)) for path, text in made.each())


def _complete(made: Filling, states: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((path, with_first_states(text, states)) for path, text in _plain(made))


def _given(curves: str, figures: Filling) -> Given:
    """What the scripts that draw first states get from Python."""
    (facts,) = figures.result().values()
    assert isinstance(facts, dict)
    return Given(home.known(), json.loads(curves), facts)


def _figures() -> Wanted:
    """The facts of the families at work, which an edit of any family shows in."""
    files = reached("site/at_work.py")
    own = [file for file in files if file.parent.name == "families"]
    return Wanted("figures", digest(files), at_work.figures, digest(own))


def _running() -> Iterator[Wanted]:
    """The examples as they run, which may show anything of the book."""
    theorems = (f"theorems/{file.name}" for file in (PACKAGE / "theorems").glob("[!_]*.py"))
    faces = (f"api/{file.name}" for file in (PACKAGE / "api").glob("*.py"))
    every = reached("site/examples.py", *theorems, *faces)
    for one in scripts():
        yield Wanted(f"run {one.anchor}", digest(every, one.source), partial(_ran, one.name))


def _ran(name: str) -> Json:
    return image(ran(name))
