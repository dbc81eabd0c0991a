"""Why a kernel is not of a form: a minor of one of its matrices that is not zero and too large."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpz_mat, nmod_mat
from sympy import Symbol

from derive.algebra.kernel import Index, Kernel
from derive.algebra.network import Cut
from derive.algebra.skeleton import primes, Skeleton
from derive.notation.family import Letters

EXACT_SIZE = 16  # up to here the value is given, beyond it what it leaves modulo a prime
RESIDUE_BITS = 30  # of that prime: short, for the checker


@dataclass(frozen=True)
class Minor:
    """Rows and columns of a kernel's matrix at some kept letters, and that their determinant is not
    zero: its value, or its residue modulo a prime that divides no denominator.

    The form allows the matrix a rank up to ``bound``, which is less than the number of rows. At
    bound 0 it is a single entry of the kernel itself, where the form leaves zeros.
    """

    kept: Mapping[Symbol, int]
    row_letters: Letters
    rows: tuple[Index, ...]
    column_letters: Letters
    columns: tuple[Index, ...]
    value: Fraction | None
    residue: tuple[int, int] | None
    bound: int

    @property
    def size(self) -> int:
        """How many rows the minor has."""
        return len(self.rows)


def minor(kernel: Kernel, below: int, cut: Cut, at: Index, found: Skeleton, bound: int) -> Minor:
    """The minor one larger than the bound, of a matrix whose skeleton is found, of a kernel that is
    integers over a common denominator.

    >>> from derive.algebra.skeleton import skeleton
    >>> from derive.notation.letters import u, v
    >>> kernel, cut = Kernel.of([[1, 2], [3, 4]], (u, v)), Cut((), (u,), (v,), ())
    >>> minor(kernel, 10, cut, (), skeleton([[1, 2], [3, 4]]), 1).value
    Fraction(-1, 50)
    """
    down, across = found.minor(bound + 1)
    rows, columns = list(kernel.over(cut.rows)), list(kernel.over(cut.columns))
    square = fmpz_mat([[int(found.matrix[y][x]) for x in across] for y in down])
    exact = bound < EXACT_SIZE
    return Minor(
        kept=dict(zip(cut.kept, at, strict=True)),
        row_letters=cut.rows,
        rows=tuple(rows[y] for y in down),
        column_letters=cut.columns,
        columns=tuple(columns[x] for x in across),
        value=Fraction(int(square.det()), below ** (bound + 1)) if exact else None,
        residue=None if exact else _residue(square, below),
        bound=bound,
    )


def entry(kernel: Kernel, at: Index) -> Minor:
    """A single entry, as a minor of one row and one column, where a form leaves zeros."""
    (out, into, *taps), (row, column, *steps) = kernel.letters, at
    return Minor(
        kept=dict(zip(taps, steps, strict=True)),
        row_letters=(out,),
        rows=((row,),),
        column_letters=(into,),
        columns=((column,),),
        value=Fraction(kernel.flat[kernel.place(at)]),
        residue=None,
        bound=0,
    )


def _residue(square: fmpz_mat, below: int) -> tuple[int, int]:
    """What the determinant, divided by the denominators, leaves modulo a prime: not 0."""
    for prime in primes(RESIDUE_BITS):
        left = int(nmod_mat(square, prime).det())
        if left and below % prime:
            return left * pow(below, -square.nrows(), prime) % prime, prime
    raise AssertionError("there are infinitely many primes")
