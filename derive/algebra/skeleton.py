"""The rank of a matrix of integers, proved from both sides, and the matrix as a product.

A minor that is not 0 modulo a prime is not 0, so the rank is at least its size; and
M = M[:, J] M[I, J]⁻¹ M[I, :] has at most the rank of M[I, J]. Should they disagree, then the prime
divides every minor that is larger, and the next one is tried.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq_mat, fmpz, fmpz_mat, nmod_mat

from derive.algebra.matrix import Rows

Places = tuple[int, ...]
BITS = 62  # of the primes
INTEGER_RANK = 64  # a larger matrix is split into rational factors
SHORT_RANK, SHORT_BITS = 32, 1000  # up to here the factors have short rows too


@dataclass(frozen=True)
class Skeleton:
    """A matrix M of integers, as many independent columns J of it as its rank, and, unless the rank
    is its width or height, the X with M = M[:, J] X.

    >>> found = skeleton([[1, 2, 3], [2, 4, 6], [0, 0, 1]])
    >>> found.rank, found.columns, found.minor(2)
    (2, (0, 2), ((0, 2), (0, 2)))
    """

    matrix: Rows
    columns: Places
    coordinates: fmpq_mat | None

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

        They are integers up to rank INTEGER_RANK, the second then a basis of the lattice of the
        rows, and of short vectors up to SHORT_RANK and SHORT_BITS. Else the first holds columns.

        >>> skeleton([[2, 4], [3, 6]]).split()
        ([[2], [3]], [[1, 2]])
        """
        width = len(self.matrix[0])
        if not self.rank:
            return [[] for _ in self.matrix], []
        if self.rank == width:
            return [list(row) for row in self.matrix], _identity(width)
        if self.rank == len(self.matrix):
            return _identity(self.rank), [list(row) for row in self.matrix]
        if self.rank <= INTEGER_RANK:
            return self._integers()
        assert self.coordinates is not None
        left = [[row[x] for x in self.columns] for row in self.matrix]
        entries = [Fraction(int(x.p), int(x.q)) for x in self.coordinates.entries()]
        return left, [entries[y * width : (y + 1) * width] for y in range(self.rank)]

    def _integers(self) -> tuple[Rows, Rows]:
        """Rows of the Hermite form of M[:, J] are integer sums of its rows: H X of those of M."""
        assert self.coordinates is not None
        columns = _flint(self.matrix, self.columns)
        top = columns.hnf().tolist()[: self.rank]
        above, below = self.coordinates.numer_denom()
        basis = [[int(x) // int(below) for x in row] for row in (fmpz_mat(top) * above).tolist()]
        longest = max(abs(x) for row in basis for x in row).bit_length()
        if self.rank <= SHORT_RANK and longest <= SHORT_BITS:
            basis = [[int(x) for x in row] for row in fmpz_mat(basis).lll().tolist()]
        basis = sorted(map(_upright, basis), key=_first)
        inner = _flint(basis, self.columns)
        weights, _ = inner.transpose().solve(columns.transpose()).numer_denom()
        return [[int(x) for x in row] for row in weights.transpose().tolist()], list(basis)


def skeleton(matrix: Rows) -> Skeleton:
    """The rank of a matrix of integers, with what proves it.

    >>> skeleton([[0, 0], [0, 0]]).rank, skeleton([[10**30, 0], [0, 1]]).rank
    (0, 2)
    """
    exact = _flint(matrix, range(len(matrix[0])))
    for prime in primes():
        columns = pivots(nmod_mat(exact, prime))
        if len(columns) == min(len(matrix), len(matrix[0])):
            return Skeleton(matrix, columns, None)
        rows = independent_rows(matrix, columns, prime)
        found, coordinates = _coordinates(exact, matrix, rows, columns)
        if found:
            return Skeleton(matrix, columns, coordinates)
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
    return pivots(nmod_mat(_flint(matrix, columns).transpose(), prime)) if columns else ()


def primes(bits: int = BITS) -> Iterator[int]:
    """The odd primes of so many bits or fewer, from the largest down.

    >>> next(primes(3)), next(primes()) == 2**62 - 57
    (7, True)
    """
    return (number for number in range(2**bits - 1, 2, -1) if fmpz(number).is_prime())


def _coordinates(
    exact: fmpz_mat, matrix: Rows, rows: Places, columns: Places
) -> tuple[bool, fmpq_mat | None]:
    """Whether M = M[:, J] X for the X that is right in some rows, and that X."""
    if not rows:
        return not any(x for row in matrix for x in row), None
    chosen = [matrix[y] for y in rows]
    inner, across = _flint(chosen, columns), _flint(chosen, range(len(matrix[0])))
    coordinates = inner.solve(across)
    above, below = coordinates.numer_denom()
    return _flint(matrix, columns) * above == exact * below, coordinates


def _flint(matrix: Rows, columns: Iterable[int]) -> fmpz_mat:
    """Some columns of a matrix."""
    columns = tuple(columns)
    return fmpz_mat(len(matrix), len(columns), [row[x] for row in matrix for x in columns])


def _identity(size: int) -> Rows:
    return [[int(x == y) for x in range(size)] for y in range(size)]


def _upright(row: Sequence[int]) -> list[int]:
    """The row or its negative: the first entry that is not 0 is positive."""
    return [-x for x in row] if next(filter(None, row)) < 0 else list(row)


def _first(row: Sequence[int]) -> int:
    return next(place for place, x in enumerate(row) if x)
