"""A kernel in numbers: its entries by letter, and the ranks of its matrices."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from sympy import Symbol

from derive.algebra.matrix import Number, rank
from derive.algebra.network import Cut
from derive.notation.errors import InputError
from derive.notation.family import Letters
from derive.notation.letters import i, o, u, v

FULL = (o, i, u, v)
Index = tuple[int, ...]


@dataclass(frozen=True)
class Kernel:
    """Numbers indexed by letters: K[o, i, u, v] for the usual ones.

    >>> Kernel.of([[[[1, 2], [2, 4]]]]).rank((u,), (v,))
    1
    """

    letters: Letters
    extents: Index
    entries: Mapping[Index, Number]

    @classmethod
    def of(cls, nested: Any, letters: Letters = FULL) -> "Kernel":
        """From nested sequences, one level for each letter; InputError if they are ragged."""
        extents, level = [], nested
        for _ in letters:
            extents.append(len(level))
            level = level[0]
        indices = list(product(*map(range, extents)))
        try:
            entries = {index: _picked(nested, index) for index in indices}
        except (IndexError, TypeError):
            raise InputError("a kernel needs lists of equal length at every level") from None
        return cls(tuple(letters), tuple(extents), entries)

    @classmethod
    def by(cls, entry: Callable[..., Number], **extents: int) -> "Kernel":
        """From a function of the indices: the keywords are letters in order, with their sizes.

        >>> gap = Kernel.by(lambda o, i, u, v: int(o == u and i == v), o=2, i=2, u=2, v=2)
        >>> gap.rank((o, v), (i, u)), gap.rank((o, u), (i, v))
        (4, 1)
        """
        letters = tuple(Symbol(name, integer=True) for name in extents)
        indices = product(*map(range, extents.values()))
        return cls(letters, tuple(extents.values()), {at: entry(*at) for at in indices})

    @property
    def sizes(self) -> dict[Symbol, int]:
        """How far each letter runs."""
        return dict(zip(self.letters, self.extents, strict=True))

    @property
    def nested(self) -> Any:
        """The entries as nested lists, in the order of the letters."""
        return self._nested(())

    def matrix(
        self,
        rows: Iterable[Symbol],
        columns: Iterable[Symbol],
        at: Mapping[Symbol, int] | None = None,
    ) -> list[list[Number]]:
        """The matrix with the given row and column letters, the other letters held at ``at``
        (at 0 if they have a single value).

        >>> Kernel.of([[[[1, 2], [3, 4]]]]).matrix((v,), (i, u), {o: 0})
        [[1, 3], [2, 4]]
        """
        rows, columns = tuple(rows), tuple(columns)
        fixed = {x: 0 for x, extent in self.sizes.items() if extent == 1} | dict(at or {})
        return [
            [self._entry(fixed, rows, row, columns, column) for column in self.over(columns)]
            for row in self.over(rows)
        ]

    def rank(
        self, rows: Iterable[Symbol], columns: Iterable[Symbol], kept: Iterable[Symbol] = ()
    ) -> int:
        """The rank of that matrix; with kept letters, the largest over all their values."""
        rows, columns, kept = tuple(rows), tuple(columns), tuple(kept)
        return max(
            rank(self.matrix(rows, columns, dict(zip(kept, at, strict=True))))
            for at in self.over(kept)
        )

    def over(self, letters: Iterable[Symbol]) -> Iterator[Index]:
        """Every value of some letters."""
        return product(*(range(self.sizes.get(x, 1)) for x in letters))

    def rank_at(self, cut: Cut) -> int:
        """The rank of the matrix that a cut of a network names."""
        rows, columns, kept = (
            tuple(x for x in letters if x in self.letters)
            for letters in (cut.rows, cut.columns, cut.kept)
        )
        return self.rank(rows, columns, kept)

    def _entry(
        self, fixed: dict[Symbol, int], rows: Letters, row: Index, columns: Letters, column: Index
    ) -> Number:
        at = fixed | dict(zip(rows, row, strict=True)) | dict(zip(columns, column, strict=True))
        return self.entries[tuple(at[x] for x in self.letters)]

    def _nested(self, prefix: Index) -> Any:
        if len(prefix) == len(self.extents):
            return self.entries[prefix]
        return [self._nested((*prefix, x)) for x in range(self.extents[len(prefix)])]


def _picked(nested: Any, index: Index) -> Number:
    for x in index:
        nested = nested[x]
    if not isinstance(nested, int | Fraction):
        raise TypeError(nested)
    return nested
