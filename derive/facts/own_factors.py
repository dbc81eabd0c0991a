"""Columns and rows for a kernel of one channel, as the asymmetric pair that they are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import chain, product, starmap
from math import sqrt

from sympy import Indexed, Symbol

from derive.catalogue import FAMILIES
from derive.comparison import Row
from derive.facts.factors import (
    ArrayFacts,
    FactorFacts,
    FactorsFacts,
    NearFactorsFacts,
    TensorFacts,
)
from derive.notation.family import Family
from derive.notation.letters import m
from derive.parse.layer import read_layer_of

Numbers = Sequence[Fraction] | Sequence[float]


@dataclass(frozen=True)
class OwnFactors:
    """A kernel, exact, and as many columns as rows: all exact, or all in floating point."""

    name: str
    kernel: Sequence[Sequence[Fraction]]
    columns: Sequence[Numbers]
    rows: Sequence[Numbers]

    family = "asymmetric"

    @property
    def setting(self) -> Mapping[Symbol, int]:
        """The width of the pair."""
        return {m: len(self.columns)}

    @cached_property
    def row(self) -> Row:
        """The pair on the layer of the kernel."""
        layer = read_layer_of((1, 1, len(self.kernel), len(self.kernel[0])))
        return Row(FAMILIES[self.family], self._line, layer, tuple(self.setting.items()))

    @property
    def einsum(self) -> str:
        """How the factors contract to the kernel K[o, i, u, v]."""
        return self._line.einsum

    @property
    def _line(self) -> Family:
        ((_, family),) = FAMILIES[self.family].family.branches
        return family

    @property
    def exact(self) -> bool:
        """Whether the factors are exact numbers."""
        return all(isinstance(x, Fraction) for x in chain(*self.columns, *self.rows))

    @cached_property
    def relative_error(self) -> float:
        """The distance of the kernel from what the factors contract to, over the norm of the
        kernel, from sums that are exact up to the last root; 0 for a kernel of zeros.

        >>> kernel = [[Fraction(3), Fraction(0)], [Fraction(0), Fraction(4)]]
        >>> OwnFactors("", kernel, [[0.0, 4.0]], [[0.0, 1.0]]).relative_error
        0.6
        """
        kernel = list(chain.from_iterable(self.kernel))
        rest = sum((x - y) ** 2 for x, y in zip(kernel, self._contracted(), strict=True))
        return sqrt(rest / whole) if (whole := sum(x * x for x in kernel)) else 0.0

    def _contracted(self) -> Iterator[Fraction]:
        columns, rows = (
            [[Fraction(x) for x in one] for one in vectors] for vectors in (self.columns, self.rows)
        )
        terms = list(zip(columns, rows, strict=True))
        for y, x in product(range(len(self.kernel)), range(len(self.kernel[0]))):
            yield sum((column[y] * row[x] for column, row in terms), Fraction())

    @property
    def arrays(self) -> dict[str, Sequence[Sequence[Sequence[Fraction | float]]]]:
        """A[j, i, u] and B[o, j, v] by name."""
        first, second = (str(factor.base) for factor in self._line.factors)
        return {first: [[one] for one in self.columns], second: [self.rows]}

    @property
    def facts(self) -> FactorsFacts | NearFactorsFacts:
        """The factors with how they contract, as ``derive factor --out`` writes them."""
        pairs = list(zip(self._line.factors, (self.columns, self.rows), strict=True))
        if self.exact:
            exact = tuple(
                FactorFacts(name, TensorFacts(letters, extents, [Fraction(x) for x in numbers]))
                for name, letters, extents, numbers in starmap(self._flat, pairs)
            )
            return FactorsFacts("derive/factors/1", self.einsum, self._sizes, exact)
        near = tuple(
            ArrayFacts(name, letters, extents, tuple(float(x) for x in numbers))
            for name, letters, extents, numbers in starmap(self._flat, pairs)
        )
        return NearFactorsFacts(
            "derive/nearest-factors/1",
            self.einsum,
            self._sizes,
            {str(m): len(self.columns)},
            self.relative_error,
            "float64",
            near,
        )

    def _flat(
        self, factor: Indexed, vectors: Sequence[Numbers]
    ) -> tuple[str, str, tuple[int, ...], Iterator[Fraction | float]]:
        """The name of a factor, its letters, how far each runs, and its numbers, the last letter
        fastest."""
        letters = [x.name for x in factor.indices]
        extents = tuple(self._sizes[x] for x in letters)
        return str(factor.base), "".join(letters), extents, chain.from_iterable(vectors)

    @property
    def _sizes(self) -> dict[str, int]:
        line, values = self._line, self.row.sizes
        letters = dict.fromkeys(x for factor in line.factors for x in factor.indices)
        return {x.name: int(line.sizes[x].xreplace(values)) for x in letters}
