"""The rank of a matrix of integers, proved from both sides, and the matrix as a product.

A minor that is not 0 modulo a prime is not 0, so the rank is at least its size; and a product has
at most as much rank as it sums over. Should the two disagree, then the prime divides every minor
that is larger, and the next one is tried.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import fmpz, fmpz_mat, nmod_mat

from derive.algebra.matrix import Number, Rows

Places = tuple[int, ...]
BITS = 62  # of the primes
INTEGER_EFFORT = 40_000_000  # rank³ · bits of an entry, about: three seconds or less
FLAT = 5  # a matrix this many times wider than its rank has many columns off J


@dataclass(frozen=True)
class Skeleton:
    """A matrix M of integers and as many independent columns J of it as its rank. Unless that is
    its width or height, also what proves it: integers with M = ``weights`` · ``basis``, or the
    ``others``, which are the remaining columns in terms of those of J.

    >>> found = skeleton([[1, 2, 3], [2, 4, 6], [0, 0, 1]])
    >>> found.rank, found.columns, found.minor(2)
    (2, (0, 2), ((0, 2), (0, 2)))
    """

    matrix: Rows
    columns: Places
    weights: Any = None  # fmpz_mat
    basis: Any = None  # fmpz_mat
    others: Any = None  # fmpq_mat

    @property
    def rank(self) -> int:
        """The rank."""
        return len(self.columns)

    def minor(self, size: int) -> tuple[Places, Places]:
        """Rows and columns of a minor that is not 0, of a size up to the rank."""
        columns = self.columns[:size]
        for prime in primes():
            rows = independent_rows(self.matrix, columns, prime)
            if len(rows) == size:
                return rows, columns
        raise AssertionError("there are infinitely many primes")

    def split(self) -> tuple[Rows, Rows]:
        """Two factors with as many columns, and rows, as the rank, and M as their product.

        They are integers: the second is a basis of the lattice that the rows of M span, of short
        vectors. Only if rank³ times the bits of an entry, and half of those of the rank, are more
        than INTEGER_EFFORT the first holds columns of M and the second fractions.

        >>> skeleton([[2, 4], [3, 6]]).split()
        ([[2], [3]], [[1, 2]])
        """
        height, width = len(self.matrix), len(self.matrix[0])
        if self.rank == width:
            return self.matrix, _identity(width)
        if self.rank == height:
            return _identity(height), self.matrix
        if not self.rank:
            return [[]] * height, []
        found = self
        if self.weights is None and _effort(self.matrix, self.rank) <= INTEGER_EFFORT:
            exact, (rows, _) = fmpz_mat(list(map(list, self.matrix))), self.minor(self.rank)
            found = _integers(exact, self.matrix, self.columns, rows) or self
        if found.weights is not None:
            return _table(found.weights), _table(found.basis)
        return [[row[x] for x in self.columns] for row in self.matrix], self._coordinates(width)

    def _coordinates(self, width: int) -> Rows:
        """Every column of M in terms of those of J."""
        entries = self.others.entries()
        rest = _rest(width, self.columns)
        rows: list[list[Number]] = [[0] * width for _ in self.columns]
        for number, (row, own) in enumerate(zip(rows, self.columns, strict=True)):
            row[own] = 1
            for place, x in enumerate(rest):
                entry = entries[number * len(rest) + place]
                row[x] = Fraction(int(entry.p), int(entry.q))
        return rows


def skeleton(matrix: Rows) -> Skeleton:
    """The rank of a matrix of integers, with what proves it.

    >>> skeleton([[0, 0], [0, 0]]).rank, skeleton([[10**30, 0], [0, 1]]).rank
    (0, 2)
    """
    width = len(matrix[0])
    exact = fmpz_mat(list(map(list, matrix)))
    for prime in primes():
        columns = pivots(nmod_mat(exact, prime))
        if len(columns) == min(len(matrix), width):
            return Skeleton(matrix, columns)
        rows = independent_rows(matrix, columns, prime)
        if not columns:
            found = None if any(map(any, matrix)) else Skeleton(matrix, ())
        elif _short(matrix, len(columns)):
            found = _integers(exact, matrix, columns, rows)
        else:
            found = _rationals(matrix, columns, rows)
        if found:
            return found
    raise AssertionError("there are infinitely many primes")


def pivots(matrix: nmod_mat) -> Places:
    """The first columns that are independent of those before them, modulo a prime.

    >>> pivots(nmod_mat(2, 3, [1, 2, 0, 2, 4, 1], 7))
    (0, 2)
    """
    reduced, rank = matrix.rref()
    found: list[int] = []
    for row in range(rank):
        column = found[-1] + 1 if found else 0
        while not int(reduced[row, column]):
            column += 1
        found.append(column)
    return tuple(found)


def independent_rows(matrix: Rows, columns: Places, prime: int) -> Places:
    """The first rows that are independent in some columns, modulo a prime."""
    return pivots(nmod_mat(_flint(matrix, columns).transpose(), prime))


def primes(bits: int = BITS) -> Iterator[int]:
    """The odd primes of at most a number of bits, from the largest down.

    >>> next(primes(3)), next(primes()) == 2**62 - 57
    (7, True)
    """
    return (number for number in range(2**bits - 1, 2, -1) if fmpz(number).is_prime())


def _effort(matrix: Rows, rank: int) -> int:
    largest = max(abs(int(x)) for row in matrix for x in row)
    return rank**3 * (largest.bit_length() + rank.bit_length() // 2)


def _short(matrix: Rows, rank: int) -> bool:
    """Whether the lattice of the rows is found sooner than all other columns."""
    return len(matrix[0]) >= FLAT * rank and _effort(matrix, rank) <= INTEGER_EFFORT


def _integers(exact: fmpz_mat, matrix: Rows, columns: Places, rows: Places) -> Skeleton | None:
    """M = weights · basis: the rows of M[:, J] in terms of a short basis of the lattice they span,
    and the basis that they then have with all columns."""
    inner = _flint(matrix, columns)
    hermite = fmpz_mat(_table(inner.hnf())[: len(columns)])
    short = fmpz_mat(sorted(map(_upright, _table(hermite.lll())), key=_first))
    weights = short.transpose().solve(inner.transpose()).numer_denom()[0].transpose()
    table = _table(weights)
    chosen = fmpz_mat([table[y] for y in rows]), fmpz_mat([list(map(int, matrix[y])) for y in rows])
    basis, below = chosen[0].solve(chosen[1]).numer_denom()
    proved = below == 1 and weights * basis == exact
    return Skeleton(matrix, columns, weights, basis) if proved else None


def _rationals(matrix: Rows, columns: Places, rows: Places) -> Skeleton | None:
    """The columns off J in terms of those of J: solved in independent rows, tried in the others."""
    rest, chosen = _rest(len(matrix[0]), columns), [matrix[y] for y in rows]
    left = [matrix[y] for y in _rest(len(matrix), rows)]
    others = _flint(chosen, columns).solve(_flint(chosen, rest))
    above, below = others.numer_denom()
    proved = _flint(left, columns) * above == _flint(left, rest) * below
    return Skeleton(matrix, columns, others=others) if proved else None


def _flint(matrix: Rows, columns: Iterable[int]) -> fmpz_mat:
    """Some columns of a matrix."""
    columns = tuple(columns)
    return fmpz_mat(len(matrix), len(columns), [int(row[x]) for row in matrix for x in columns])


def _table(matrix: fmpz_mat) -> list[list[int]]:
    return [[int(x) for x in row] for row in matrix.tolist()]


def _rest(size: int, places: Places) -> list[int]:
    """The places up to a size that are not among some."""
    return sorted(set(range(size)).difference(places))


def _identity(size: int) -> list[list[int]]:
    return [[int(x == y) for x in range(size)] for y in range(size)]


def _upright(row: Sequence[int]) -> list[int]:
    """The row or its negative: the first entry that is not 0 is positive."""
    return [-x for x in row] if next(filter(None, row)) < 0 else list(row)


def _first(row: Sequence[int]) -> int:
    return next(place for place, x in enumerate(row) if x)
