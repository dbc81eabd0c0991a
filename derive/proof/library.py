"""The library: every theorem of the folder, by id or by number."""

import re
from collections.abc import Iterable, Mapping

from derive import catalogue
from derive.notation.errors import InputError
from derive.notation.leaf import Leaf, LeafError, Library, need_title
from derive.proof.theorem import Theorem, theorem

NUMBER = re.compile(r"[LTA]\d{1,4}")


class Theorems(Library[Theorem]):
    """Theorem ids to theorems, read from the folder.

    A number such as T2, a title or an alias is looked up like an id, and so is the path of a file
    such as ./mine.py, whose Python is run. Raises UnknownNameError for a name that no theorem has,
    naming the nearest, and LeafError for a file that cannot be read.

    >>> THEOREMS["T2"].name, "rank-one" in THEOREMS
    ('rank-one', True)
    """

    def read(self, leaf: Leaf) -> Theorem:
        """The theorem of a file; LeafError if its docstring, number, topic or proof is missing."""
        module = leaf.module()
        need_title(leaf, module)
        for word, right in (("topic", "such as topic = 'costs'"), ("proof", "a function of steps")):
            if not hasattr(module, word):
                raise leaf.wrong(f"a theorem needs {word}, {right}")
        if not NUMBER.fullmatch(str(getattr(module, "number", ""))):
            right = "a theorem needs a number, such as number = 'T99'"
            raise leaf.wrong(right, leaf.line_of("number"))
        try:
            return theorem(leaf.name, module)
        except InputError as error:
            raise leaf.wrong(str(error), 1) from None

    def place(self, name: str) -> tuple[int, int]:
        """L before T before A, then by number."""
        number = self[name].number
        return "LTA".index(number[0]), int(number[1:])

    def taken_twice(self, good: Mapping[str, Theorem]) -> Iterable[LeafError]:
        """What is wrong with theorems that have the title or the number of another one."""
        yield from super().taken_twice(good)
        taken: dict[str, Leaf] = {}
        for name, one in good.items():
            leaf = self.folder.leaves[name]
            if (other := taken.setdefault(one.number, leaf)) is not leaf:
                line = leaf.line_of("number")
                yield leaf.wrong(f"its number is that of {other.path.name}", line)


THEOREMS = Theorems(catalogue.THEOREMS)
