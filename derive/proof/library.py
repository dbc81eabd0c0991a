"""The library: every theorem of the folder, by id or by number."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from derive.catalogue import theorem_id, theorem_leaves
from derive.notation.errors import InputError
from derive.notation.leaf import Leaf, LeafError, need_title, readable
from derive.proof.theorem import Theorem, theorem

NUMBER = re.compile(r"[LTA]\d{1,4}")


class Library(Mapping[str, Theorem]):
    """Theorem ids to theorems, read from the folder.

    A number such as T2, a title or an alias is looked up like an id, and so is the path of a file
    such as ./mine.py, whose Python is run. Raises UnknownNameError for a name that no theorem has,
    naming the nearest, and LeafError for a file that cannot be read.

    >>> THEOREMS["T2"].name, "rank-one" in THEOREMS
    ('rank-one', True)
    """

    def __getitem__(self, name: str) -> Theorem:
        return _read(theorem_id(name))

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(_found()[0], key=lambda name: _place(_read(name).number)))

    def __len__(self) -> int:
        return len(_found()[0])

    @property
    def broken(self) -> tuple[LeafError, ...]:
        """What is wrong with files that cannot be read, or that take the name of another one."""
        return _found()[1]


THEOREMS = Library()


@cache
def _found() -> tuple[dict[str, Theorem], tuple[LeafError, ...]]:
    """Every theorem that can be read, and what is wrong with the files."""
    good, wrong = readable(theorem_leaves(), _read)
    taken: dict[str, Leaf] = {}
    pairs = ((theorem_leaves()[name], one.number) for name, one in good.items())
    twice = (
        leaf.wrong(f"its number is that of {taken[number].path.name}", leaf.line_of("number"))
        for leaf, number in pairs
        if taken.setdefault(number, leaf) is not leaf
    )
    return good, (*wrong, *twice)


@cache
def _read(name: str) -> Theorem:
    """The theorem of a file; LeafError if its docstring, number, topic or proof is missing."""
    leaf = theorem_leaves().get(name) or Leaf(Path(name))
    module = leaf.module()
    need_title(leaf, module)
    for word, right in (("topic", "such as topic = 'costs'"), ("proof", "a function of steps")):
        if not hasattr(module, word):
            raise leaf.wrong(f"a theorem needs {word}, {right}")
    if not NUMBER.fullmatch(str(getattr(module, "number", ""))):
        raise leaf.wrong("a theorem needs a number, such as number = 'T99'", leaf.line_of("number"))
    try:
        return theorem(leaf.name, module)
    except InputError as error:
        raise leaf.wrong(str(error), 1) from None


def _place(number: str) -> tuple[int, int]:
    """L before T before A, then by number."""
    return "LTA".index(number[0]), int(number[1:])
