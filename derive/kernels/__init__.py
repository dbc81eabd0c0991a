"""The gallery: classical filters by name, as integer tables with a divisor, in gallery.json."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from types import MappingProxyType

Table = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class NamedKernel:
    """A filter of one channel: its entries are those of the table over the divisor."""

    name: str
    title: str
    divisor: int
    source: str
    table: Table

    @property
    def entries(self) -> tuple[tuple[Fraction, ...], ...]:
        """The weights.

        >>> gallery()["box-3"].entries[0][0]
        Fraction(1, 9)
        """
        return tuple(tuple(Fraction(x, self.divisor) for x in row) for row in self.table)


@cache
def gallery() -> Mapping[str, NamedKernel]:
    """Every filter of the gallery by name.

    >>> gallery()["sobel"].table
    ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))
    """
    known = json.loads((files(__package__) / "gallery.json").read_text(encoding="utf-8"))
    kernels = (NamedKernel(**{**one, "table": tuple(map(tuple, one["table"]))}) for one in known)
    return MappingProxyType({kernel.name: kernel for kernel in kernels})
