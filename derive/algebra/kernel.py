"""A kernel in numbers: its entries by letter, and the ranks of its matrices."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations, product
from math import lcm, prod
from typing import Any

from sympy import Symbol

from derive.algebra.dyadic import Dyadics
from derive.algebra.matrix import Number, rank
from derive.algebra.network import Cut, cut_of
from derive.algebra.skeleton import Skeleton, skeleton
from derive.notation.errors import InputError, require
from derive.notation.family import Family, Letters
from derive.notation.letters import i, o, u, v

FULL = (o, i, u, v)
LARGEST_SCALED = 2**32  # bits of all entries over their common denominator
Index = tuple[int, ...]


@dataclass(frozen=True, init=False)
class Kernel:
    """Numbers indexed by letters: K[o, i, u, v] for the usual ones, in ``flat`` by rows: the last
    letter runs fastest.

    They are given in that order or by their index; InputError if there are too few or too many.

    >>> Kernel.of([[[[1, 2], [2, 4]]]]).rank((u,), (v,))
    1
    """

    letters: Letters
    extents: Index
    flat: Sequence[Number]

    def __init__(
        self,
        letters: Letters,
        extents: Index,
        entries: Mapping[Index, Number] | Sequence[Number],
    ) -> None:
        if isinstance(entries, Mapping):
            entries = tuple(entries[at] for at in product(*map(range, extents)))
        if len(entries) != prod(extents):
            sizes = " × ".join(map(str, extents))
            raise InputError(
                f"a kernel of {sizes} needs {prod(extents)} entries, has {len(entries)}"
            )
        flat = entries if isinstance(entries, Dyadics) else tuple(entries)
        object.__setattr__(self, "letters", tuple(letters))
        object.__setattr__(self, "extents", tuple(extents))
        object.__setattr__(self, "flat", flat)

    def __repr__(self) -> str:
        return f"Kernel of {', '.join(f'{extent} {x}' for x, extent in self.sizes.items())}"

    def __reduce__(self) -> tuple[type["Kernel"], tuple[Letters, Index, Sequence[Number]]]:
        """Without what was worked out from the entries, which need not be fit for a pickle."""
        return Kernel, (self.letters, self.extents, self.flat)

    @classmethod
    def of(cls, nested: Any, letters: Letters = FULL) -> "Kernel":
        """From nested sequences or an array, one level for each letter.

        InputError if there are fewer levels, if they are ragged or empty, or if an entry is neither
        an integer nor a Fraction: a float has to be made exact first.
        """
        extents, level = [], [_plain(nested)]
        for depth, _ in enumerate(letters):
            if not all(isinstance(part, list | tuple) for part in level):
                names = ", ".join(map(str, letters))
                raise InputError(
                    f"a kernel K[{names}] needs lists nested {len(letters)} deep, not {depth}"
                )
            lengths = sorted({len(part) for part in level})
            if len(lengths) > 1 or not lengths[0]:
                raise InputError(
                    "a kernel needs lists of equal length at every level, not empty; those of level"
                    f" {depth + 1} have {' and '.join(map(str, lengths))} entries"
                )
            extents.append(lengths[0])
            level = [_plain(entry) for part in level for entry in part]
        return cls(letters, tuple(extents), _exact(level))

    @classmethod
    def ones(cls, *equal: str, **extents: int) -> "Kernel":
        """1 where the letters of each group are equal, else 0; o, i, u and v that are not named
        have one value.

        >>> Kernel.ones("ov", o=2, v=2).nested
        [[[[1, 0]]], [[[0, 1]]]]
        """

        def entry(o: int, i: int, u: int, v: int) -> int:
            at = {"o": o, "i": i, "u": u, "v": v}
            return int(all(len({at[x] for x in group}) == 1 for group in equal))

        return cls.by(entry, **{x: extents.get(x, 1) for x in "oiuv"})

    @classmethod
    def by(cls, entry: Callable[..., Number], **extents: int) -> "Kernel":
        """From a function of the indices: the keywords are letters in order, with their sizes.
        InputError if an entry is neither an integer nor a Fraction.

        >>> gap = Kernel.by(lambda o, i, u, v: int(o == u and i == v), o=2, i=2, u=2, v=2)
        >>> gap.rank((o, v), (i, u)), gap.rank((o, u), (i, v))
        (4, 1)
        """
        letters = tuple(Symbol(name, integer=True) for name in extents)
        indices = product(*map(range, extents.values()))
        return cls(letters, tuple(extents.values()), _exact([entry(*at) for at in indices]))

    @cached_property
    def entries(self) -> Mapping[Index, Number]:
        """The entries by index.

        >>> Kernel.of([[5, 7]], (u, v)).entries[0, 1]
        7
        """
        return dict(zip(self.over(self.letters), self.flat, strict=True))

    @cached_property
    def sizes(self) -> dict[Symbol, int]:
        """How far each letter runs."""
        return dict(zip(self.letters, self.extents, strict=True))

    @cached_property
    def strides(self) -> dict[Symbol, int]:
        """How far apart in ``flat`` the neighbours along each letter are.

        >>> Kernel.of([[1, 2, 3], [4, 5, 6]], (u, v)).strides
        {u: 3, v: 1}
        """
        return {x: prod(self.extents[n + 1 :]) for n, x in enumerate(self.letters)}

    @cached_property
    def scaled(self) -> tuple["Kernel", int]:
        """The kernel as integers over their least common denominator; InputError if that would
        take more than LARGEST_SCALED bits in all.

        >>> kernel, below = Kernel.of([[Fraction(1, 2), Fraction(1, 3)]], (u, v)).scaled
        >>> kernel.flat, below
        ((3, 2), 6)
        """
        if isinstance(self.flat, Dyadics):
            return self._over_a_power_of_two(self.flat)
        if all(isinstance(entry, int) for entry in self.flat):
            return self, 1
        parts = {entry.denominator for entry in self.flat}
        below = lcm(*parts)
        self._check_length(below.bit_length())
        times = {part: below // part for part in parts}
        numbers = [entry.numerator * times[entry.denominator] for entry in self.flat]
        return Kernel(self.letters, self.extents, numbers), below

    def _over_a_power_of_two(self, flat: Dyadics) -> tuple["Kernel", int]:
        self._check_length(flat.below)
        numbers, below = flat.scaled
        return Kernel(self.letters, self.extents, numbers), below

    def _check_length(self, bits: int) -> None:
        if bits * len(self.flat) > LARGEST_SCALED:
            raise InputError(
                f"the entries have a common denominator of {bits} bits,"
                " too long for exact arithmetic: round them first"
            )

    @property
    def nested(self) -> Any:
        """The entries as nested lists, in the order of the letters."""
        level: list[Any] = list(self.flat)
        for extent in self.extents[:0:-1]:
            level = [level[start : start + extent] for start in range(0, len(level), extent)]
        return level if self.letters else level[0]

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
        rows, columns, flat = tuple(rows), tuple(columns), self.flat
        start, across = self._start((*rows, *columns), at), self.places(columns)
        return [[flat[start + place + step] for step in across] for place in self.places(rows)]

    def skeleton(self, cut: Cut, at: Index) -> Skeleton:
        """The rank of the matrix that a cut names at some kept values, with its proof, of a kernel
        of integers; worked out once.

        >>> Kernel.of([[1, 2], [2, 4]], (u, v)).skeleton(Cut((), (u,), (v,), ()), ()).columns
        (0,)
        """
        key = (cut.rows, cut.columns, cut.kept, at)
        if key not in self._skeletons:
            held = dict(zip(cut.kept, at, strict=True))
            self._skeletons[key] = skeleton(self.matrix(cut.rows, cut.columns, held))
        return self._skeletons[key]

    @cached_property
    def _skeletons(self) -> dict[tuple[Letters, Letters, Letters, Index], Skeleton]:
        return {}

    def view(self, letters: Iterable[Symbol], at: Mapping[Symbol, int] | None = None) -> "Kernel":
        """The entries where the other letters have the given values (0 if they have a single one),
        with the letters in the given order.

        >>> Kernel.of([[1, 2, 3], [4, 5, 6]], (u, v)).view((v,), {u: 1}).flat
        (4, 5, 6)
        """
        letters, flat = tuple(letters), self.flat
        if letters == self.letters:
            return self
        start = self._start(letters, at)
        if isinstance(flat, Dyadics):
            numbers: Sequence[Number] = flat.at([start + place for place in self.places(letters)])
        else:
            numbers = [flat[start + place] for place in self.places(letters)]
        return Kernel(letters, tuple(self.sizes.get(x, 1) for x in letters), numbers)

    def places(
        self, letters: Iterable[Symbol], sizes: Mapping[Symbol, int] | None = None
    ) -> list[int]:
        """Where in ``flat`` the entries are, for every value of some letters, the last one fastest,
        with the others at 0. A letter that is not the kernel's own changes nothing and runs as far
        as ``sizes`` say.

        >>> Kernel.of([[1, 2, 3], [4, 5, 6]], (u, v)).places((v, u))
        [0, 3, 1, 4, 2, 5]
        """
        return places(letters, self.strides, {**(sizes or {}), **self.sizes})

    def place(self, at: Index) -> int:
        """Where in ``flat`` the entry with an index is."""
        return sum(step * x for step, x in zip(self.strides.values(), at, strict=True))

    def index(self, place: int) -> Index:
        """The values of the letters at a place in ``flat``.

        >>> Kernel.of([[1, 2, 3], [4, 5, 6]], (u, v)).index(5)
        (1, 2)
        """
        steps = zip(self.strides.values(), self.extents, strict=True)
        return tuple(place // step % extent for step, extent in steps)

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

    def rank_in(self, family: Family) -> int:
        """The rank of the one matrix that decides for a design of two factors.

        >>> from derive.families import asymmetric
        >>> Kernel.ones("ou", "iv", o=2, i=2, u=2, v=2).rank_in(asymmetric.family)
        4
        """
        return self.rank_at(cut_of(family))

    @property
    def largest_cut(self) -> int:
        """The largest rank over all divisions of its letters in two.

        >>> Kernel.ones("ou", "iv", o=2, i=2, u=2, v=2).largest_cut
        4
        """
        counts = range(1, len(self.letters) // 2 + 1)
        sides = (rows for count in counts for rows in combinations(self.letters, count))
        return max(self.rank(rows, (x for x in self.letters if x not in rows)) for rows in sides)

    def _start(self, moving: Letters, at: Mapping[Symbol, int] | None) -> int:
        """Where the entry is that has the others at their values; KeyError if one has none."""
        held = {x: 0 for x, extent in self.sizes.items() if extent == 1} | dict(at or {})
        return sum(self.strides[x] * held[x] for x in self.letters if x not in moving)


def _plain(value: Any) -> Any:
    """An array as nested lists, a scalar of NumPy as Python's; anything else as it is."""
    return value.tolist() if hasattr(value, "tolist") else value


def _exact(entries: list[Any]) -> list[Number]:
    """The entries, if all are exact numbers."""
    for entry in entries:
        require(
            entry,
            (int, Fraction),
            "a kernel needs integers and Fractions (read_kernel takes floats, each as the exact"
            " fraction it is)",
        )
    return entries


def places(
    letters: Iterable[Symbol], strides: Mapping[Symbol, int], sizes: Mapping[Symbol, int]
) -> list[int]:
    """Where the entries are for every value of some letters, the last one fastest.

    >>> places((u, v), {u: 1, v: 10}, {u: 2, v: 2})
    [0, 10, 1, 11]
    """
    found = [0]
    for x in letters:
        steps = [strides.get(x, 0) * value for value in range(sizes.get(x, 1))]
        found = [place + step for place in found for step in steps]
    return found
