"""The library: every theorem of the folder, by id or by number."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pathlib import Path

from derive.notation.errors import InputError
from derive.proof.theorem import Theorem, theorem

FOLDER = Path(__file__).parents[1] / "theorems"


class Library(Mapping[str, Theorem]):
    """Theorem ids to theorems, read from the folder; a number such as T2 is an id too.

    Raises InputError for an unknown id, naming the nearest.

    >>> THEOREMS["T2"].name, "rank-one" in THEOREMS
    ('rank-one', True)
    """

    def __getitem__(self, name: str) -> Theorem:
        known, name = _ids(), str(name)
        if name in known:
            return _read(name)
        numbers = {_read(slug).number.casefold(): slug for slug in known}
        if name.casefold() in numbers:
            return _read(numbers[name.casefold()])
        raise UnknownTheoremError(name, known)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(_ids(), key=lambda name: _place(_read(name).number)))

    def __len__(self) -> int:
        return len(_ids())


THEOREMS = Library()


class UnknownTheoremError(InputError, KeyError):
    """No theorem has this id; the text names the nearest."""

    def __init__(self, name: str, known: list[str]) -> None:
        near = get_close_matches(name, known, n=1, cutoff=0.6)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
        super().__init__(f"unknown theorem {name or repr(name)}; {hint}")

    def __str__(self) -> str:
        return str(self.args[0])


@cache
def _ids() -> list[str]:
    return sorted(path.stem.replace("_", "-") for path in FOLDER.glob("[!_]*.py"))


@cache
def _read(name: str) -> Theorem:
    return theorem(name, import_module(f"derive.theorems.{name.replace('-', '_')}"))


def _place(number: str) -> tuple[int, int]:
    """L before T before A, then by number."""
    return "LTA".index(number[0]), int(number[1:])
