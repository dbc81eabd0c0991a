"""What a generated file is made from: files, words, and results that other processes make first."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from inspect import getfile
from pathlib import Path
from types import ModuleType

from derive.facts.theorem import TheoremFacts
from derive.site.cache import Wanted
from derive.site.citation import CITATION
from derive.site.examples import ShownExample
from derive.site.order import PairFacts
from derive.site.sources import digest, PACKAGE, reached
from derive.site.templating import render

TEMPLATING = "site/templating.py"


@dataclass(frozen=True)
class Results:
    """What many pages are made from: the theorems with their proofs run, every ordered pair of
    families, and the examples as they ran."""

    proofs: dict[str, TheoremFacts]
    pairs: list[PairFacts]
    shown: tuple[ShownExample, ...]


Given = Callable[[Results], tuple[object, ...]]


def nothing(_: Results) -> tuple[object, ...]:
    """What is given to a file that no result is in."""
    return ()


@dataclass(frozen=True)
class Made:
    """A generated file: its path, how its text is made from what is ``given`` of the results, and
    the files and words it is made from too.

    ``own`` are the files one edits to change this file and no other of its kind.
    """

    path: str
    make: Callable[..., str]
    files: frozenset[Path]
    words: str = ""
    own: tuple[Path, ...] = ()
    given: Given = nothing

    def of(self, *values: object) -> "Made":
        """The file made from some values, which come before what is given."""
        return replace(self, make=partial(self.make, *values), words=repr((values, self.words)))


def page(
    path: str,
    module: ModuleType | None = None,
    given: Given = nothing,
    template: str = "",
    **more: object,
) -> Made:
    """A page made from a template, ``module.context`` of what is given, and ``more``.

    The template is that of the page's own name unless another is named.

    >>> page("reference/oracle.md", sources={}).path
    'reference/oracle.md'
    """
    template = template or f"{Path(path).name}.j2"
    own = (f"site/templates/{template}", *(file_of(m.__file__) for m in [module] if m))
    make = partial(_filled, template, module.context if module else dict, more)
    files = reached(*own, TEMPLATING)
    return Made(path, make, files, repr(more), tuple(PACKAGE / file for file in own), given)


def asset(path: str, make: Callable[..., str], *values: object) -> Made:
    """A file that a function of a module writes."""
    source = file_of(getfile(make))
    return Made(path, make, reached(source), own=(PACKAGE / source,)).of(*values)


def wanted(files: Iterable[Made], results: Results | None = None) -> Iterator[Wanted]:
    """The files as the cache asks for them; those that results are in need these."""
    cited = CITATION.read_text("utf-8")
    for made in files:
        given = made.given(results) if results else ()
        known = digest(made.files, made.words, repr(given), cited)
        yield Wanted(made.path, known, partial(made.make, *given), digest(made.own))


def file_of(path: str | None) -> str:
    """The file of a module, below the package."""
    return str(Path(path or "").relative_to(PACKAGE))


def _filled(
    template: str, context: Callable[..., object], more: Mapping[str, object], *given: object
) -> str:
    return render(template, context(*given), **more)
