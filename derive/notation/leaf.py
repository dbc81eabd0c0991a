"""Leaf files: a folder with one file per family, or per theorem, is the list of them.

A leaf that cannot be read is one line: the file, where in it, and what would be right. The others
go on working. What a leaf is called stands in its text and is known before its Python runs.
"""

import inspect
import re
import sys
import traceback
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, Protocol, TypeVar

from derive.notation.errors import InputError
from derive.notation.names import resolve
from derive.notation.words import brief, short

WITHOUT_TEXTS = "the texts of the book are docstrings: run without -OO and PYTHONOPTIMIZE=2"
LARGEST = 10**6  # bytes of a leaf
STEM = re.compile(r"[a-z][a-z0-9_]*")
DOCSTRING = re.compile(r'''\s*[rR]?("""|\'\'\')(.*?)\1''', re.DOTALL)
NUMBER = re.compile(r"^number = \W*(\w+)", re.MULTILINE)
LABELLED = re.compile(r"(Also called|Source): (.+?)\.?(?= Source: |$)")


class Titled(Protocol):
    """What a leaf is read as: a family or a theorem."""

    @property
    def title(self) -> str:
        """The words before the colon in its docstring."""


Named = TypeVar("Named", bound=Titled, covariant=True)


class LeafError(InputError):
    """A leaf file that cannot be read; the text names file, line, and what would be right."""


@dataclass(frozen=True)
class Leaf:
    """A leaf file, ``path``, in a package such as ``derive.families``, or in none."""

    path: Path
    package: str = ""

    @property
    def name(self) -> str:
        """The id of the leaf: the name of the file with dashes.

        >>> Leaf(Path("depthwise_separable.py"), "derive.families").name
        'depthwise-separable'
        """
        return self.path.stem.replace("_", "-")

    def module(self) -> ModuleType:
        """The file read as a module; LeafError if its name or its Python is wrong.

        Raises InputError if Python leaves docstrings out, which hold the texts of the book.
        """
        if sys.flags.optimize > 1:
            raise InputError(WITHOUT_TEXTS)
        if not STEM.fullmatch(self.path.stem):
            right = re.sub(r"\W+", "_", self.path.stem).strip("_").lower() or "mine"
            raise self.wrong(f"name the file in lower case, with _ between words: {right}.py")
        if not self.path.is_file():
            kind = "a folder" if self.path.is_dir() else "a link to nothing, a pipe or a device"
            raise self.wrong(f"this is {kind}: a leaf is a file")
        self._need_text()
        try:
            if self.package:
                return import_module(f"{self.package}.{self.path.stem}")
            return _module_of(self.path)
        except SyntaxError as error:
            raise self.wrong(f"this is not Python: {error.msg}", error.lineno) from None
        except (Exception, SystemExit) as error:
            raise self.wrong(_reason(error), self._line(error)) from None

    def _need_text(self) -> None:
        """LeafError unless the file is text in UTF-8, of a length that somebody could write."""
        try:
            with self.path.open("rb") as stream:
                data = stream.read(LARGEST + 1)
        except OSError as error:
            raise self.wrong(f"it cannot be read: {error.strerror}") from None
        if len(data) > LARGEST:
            raise self.wrong(
                f"it has more than {LARGEST:,} bytes: a leaf is one line and its words"
            )
        place = data.find(b"\0")
        try:
            data.decode()
        except UnicodeDecodeError as error:
            place = error.start
        if place >= 0:
            line = data.count(b"\n", 0, place) + 1
            raise self.wrong(
                f"byte 0x{data[place]:02x} is no text in UTF-8: save it as UTF-8", line
            )

    def wrong(self, reason: str, line: int | None = None) -> LeafError:
        """The error that says what is wrong with this file, and on which line."""
        here = self.path.parent.parent.parent if self.package else Path.cwd()
        shown = self.path.relative_to(here) if self.path.is_relative_to(here) else self.path
        where = f", line {line}" if line else ""
        return LeafError(f"{shown}{where}: {brief(reason)}")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Number, title and aliases of the leaf, from its text, whether or not it is Python.

        >>> Leaf(Path(__file__).parents[1] / "families" / "cp.py", "derive.families").names[:2]
        ('CP convolution', 'canonical polyadic decomposition')
        """
        try:
            text = self.path.read_text("utf-8", errors="replace")[:LARGEST]
        except OSError:
            return ()
        found = DOCSTRING.match(text)
        docstring = inspect.cleandoc(found[2]) if found else ""
        title = " ".join(docstring.partition(": ")[0].split())
        return (*NUMBER.findall(text), *filter(None, (title,)), *labelled(docstring, "Also called"))

    def line_of(self, word: str) -> int | None:
        """The first line of the file that begins with a word."""
        lines = self.path.read_text("utf-8", errors="replace").splitlines()
        return next((n for n, text in enumerate(lines, 1) if text.startswith(word)), None)

    def _line(self, error: BaseException) -> int | None:
        """The last line of this file that ran before an error."""
        frames = traceback.extract_tb(error.__traceback__)
        return next((f.lineno for f in reversed(frames) if f.filename == str(self.path)), None)


def leaves(folder: Path, package: str) -> list[Leaf]:
    """The leaves of a folder, whether or not they can be read, by name."""
    return [Leaf(path, package) for path in sorted(folder.glob("[!_.]*.py"))]


def need_title(leaf: Leaf, module: ModuleType) -> None:
    """LeafError unless the docstring begins with ``Title: one sentence.``"""
    head = inspect.cleandoc(module.__doc__ or "").split("\n\n")[0]
    title, colon, sentence = head.partition(": ")
    if not (title.strip() and colon and sentence.strip()):
        raise leaf.wrong("the file must begin with a docstring, 'Title: one sentence.'", 1)


class LeafFolder:
    """The leaves of a folder by id, whether or not they can be read: a ``kind`` such as family, in
    a package such as ``derive.families``."""

    def __init__(self, kind: str, path: Path, package: str) -> None:
        self.kind, self.path, self.package = kind, path, package

    @cached_property
    def leaves(self) -> dict[str, Leaf]:
        """Every file of the folder by its id; none is run."""
        return {leaf.name: leaf for leaf in leaves(self.path, self.package)}

    def id(self, text: str) -> str:
        """The id of the leaf that a text names: an id, a title, another name, or a file's path.

        The id of a file that is not in the folder is its whole path. Raises UnknownNameError for a
        name that no leaf has, or several have, and InputError if there is no file at the path.
        """
        leaf = outside(text)
        if leaf:
            return leaf.name if leaf.path.parent == self.path.resolve() else str(leaf.path)
        return resolve(self.kind, text, {name: one.names for name, one in self.leaves.items()})

    def leaf(self, name: str) -> Leaf:
        """The leaf of an id, or the file of a path."""
        return self.leaves.get(name) or Leaf(Path(name))

    def cache_clear(self) -> None:
        """Forget which files there are."""
        vars(self).pop("leaves", None)


class Library(Mapping[str, Named]):
    """Ids to what the leaves of a folder are read as: those of all files that can be read.

    A title or another name is looked up like an id, and so is the path of a file such as ./mine.py,
    whose Python is run. Raises UnknownNameError for a name that no leaf has, and LeafError for a
    file that cannot be read.
    """

    def __init__(self, folder: LeafFolder) -> None:
        self.folder = folder
        self._of_id = cache(lambda name: self.read(folder.leaf(name)))

    @abstractmethod
    def read(self, leaf: Leaf) -> Named:
        """What a leaf is read as; LeafError if something is missing in it."""

    def place(self, name: str) -> Any:
        """What the leaves are sorted by; their ids, unless a library says another."""
        return name

    def taken_twice(self, good: Mapping[str, Any]) -> Iterable[LeafError]:
        """What is wrong with leaves that can be read and have something that another one has."""
        titles: dict[str, str] = {}
        for name, one in good.items():
            if (other := titles.setdefault(one.title.casefold(), name)) != name:
                found = self.folder.leaves
                yield found[name].wrong(f"its title is that of {found[other].path.name}", 1)

    def __getitem__(self, name: str) -> Named:
        return self._of_id(self.folder.id(name))

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._found[0], key=self.place))

    def __len__(self) -> int:
        return len(self._found[0])

    @property
    def broken(self) -> tuple[LeafError, ...]:
        """What is wrong with files that cannot be read, or that take a name of another one."""
        return self._found[1]

    @cached_property
    def _found(self) -> tuple[dict[str, Named], tuple[LeafError, ...]]:
        """What can be read, by id; and what is wrong with the rest."""
        good: dict[str, Named] = {}
        wrong: list[LeafError] = []
        for name in self.folder.leaves:
            try:
                good[name] = self._of_id(name)
            except LeafError as error:
                wrong.append(error)
        return good, (*wrong, *self.taken_twice(good))

    def cache_clear(self) -> None:
        """Forget what was read, and which files there are."""
        self._of_id.cache_clear()
        self.folder.cache_clear()
        vars(self).pop("_found", None)


def outside(text: object) -> Leaf | None:
    """The leaf of a path such as ./mine.py, None for any other text; InputError without a file."""
    if not (isinstance(text, str) and text.endswith(".py")):
        return None
    path = Path(text).absolute()
    try:
        there = path.exists()
    except OSError:
        there = False
    if not there:
        raise InputError(f"there is no file {short(text)}")
    return Leaf(path.resolve())


def labelled(docstring: str, label: str) -> tuple[str, ...]:
    """What a label in the last paragraph of a docstring lists: aliases or sources.

    >>> labelled("A title: a sentence.\\n\\nAlso called: one, other.\\nSource: A; B.", "Source")
    ('A', 'B')
    """
    _, *paragraphs = docstring.split("\n\n")
    text = " ".join(paragraphs[-1].split()) if paragraphs else ""
    found = dict(LABELLED.findall(text)).get(label, "")
    return tuple(filter(None, found.split("; " if label == "Source" else ", ")))


class Description(NamedTuple):
    """What the docstring of a leaf says of it."""

    title: str
    summary: str
    prose: tuple[str, ...]
    aliases: tuple[str, ...]
    sources: tuple[str, ...]


def described(docstring: str | None) -> Description:
    """A docstring as its parts: "Title: summary", paragraphs, and what the last one lists.

    >>> described("A title: a sentence.\\n\\nMore.\\n\\nSource: A; B.")
    Description(title='A title', summary='A sentence.', prose=('More.',), aliases=(), \
sources=('A', 'B'))
    """
    text = inspect.cleandoc(docstring or "")
    head, *paragraphs = (" ".join(one.split()) for one in text.split("\n\n"))
    title, _, summary = head.partition(": ")
    aliases, sources = labelled(text, "Also called"), labelled(text, "Source")
    prose = paragraphs[:-1] if aliases or sources else paragraphs
    return Description(title, summary[:1].upper() + summary[1:], tuple(prose), aliases, sources)


class _Once(SourceFileLoader):
    """Reads a file of the reader's, next to which Python writes nothing."""

    def set_data(self, path: str, data: object, *, _mode: int = 0o666) -> None:
        """Compiled code is not kept."""


def _module_of(path: Path) -> ModuleType:
    """A file outside the package, run as a module of its own."""
    loader = _Once(f"leaf_{path.stem}", str(path))
    module = module_from_spec(ModuleSpec(loader.name, loader, origin=str(path)))
    sys.modules[loader.name] = module  # dataclasses look their module up
    loader.exec_module(module)
    return module


def _reason(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return "this ends the program: a leaf only declares, it does nothing"
    if isinstance(error, InputError):
        return str(error)
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
