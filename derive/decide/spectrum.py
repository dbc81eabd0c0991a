"""Singular values of the matrices that decide a family, and the best errors they leave.

Small matrices: the squares of the singular values are the roots of a polynomial with integer
coefficients, det(x - N Nᵀ), which interval arithmetic encloses one by one. So they are right to
the last digit however far apart they lie, where LAPACK's are right to within 1e-16 of the largest.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from math import hypot, ldexp, prod
from typing import Any, TYPE_CHECKING

from flint import arb, ctx, fmpz_mat, fmpz_poly

from derive.algebra.kernel import Index
from derive.algebra.network import Cut
from derive.decide.cuts import Cuts
from derive.decide.floats import exponent_of, integers, scaled
from derive.decide.form import Form
from derive.decide.magnitude import Magnitude, norm
from derive.notation.family import Letters
from derive.notation.letters import DIRECTIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORK = 10**8  # values are certain up to here: smaller sides of all matrices, cubed, times bits
BITS = 64


@dataclass(frozen=True)
class Spectrum:
    """The singular values of a matrix, largest first, as many as its smaller side.

    ``slack`` bounds how far each may be off, on top of a unit in its last place: 0 where interval
    arithmetic encloses them, what is customary for LAPACK elsewhere (not proved).
    """

    values: tuple[Magnitude, ...]
    slack: Magnitude = field(default_factory=Magnitude)

    @property
    def largest(self) -> Magnitude:
        """σ₁, the norm of the matrix as an operator."""
        return self.next(0)

    def next(self, size: int) -> Magnitude:
        """σ_{m+1}, the distance to the nearest matrix of rank at most m as an operator."""
        return self.values[size] if size < len(self.values) else Magnitude()

    def ratio(self, size: int) -> float:
        """σ_{m+1}/σ₁; 0 for a matrix of zeros."""
        return self.next(size) / self.largest if self.largest else 0.0

    def tail(self, size: int) -> Magnitude:
        """√(Σ_{k>m} σ_k²), the distance to the nearest matrix of rank at most m (Eckart-Young)."""
        return norm(self.values[size:])

    @property
    def rank(self) -> int:
        """How many values are not zero, or not known to be."""
        return sum(value > self.slack for value in self.values)


Slices = Mapping[Index, Spectrum]
Known = dict[tuple[Letters, Letters, frozenset[Letters]], Slices]


@dataclass(frozen=True)
class CutSpectrum:
    """The singular values of one deciding matrix of a kernel: of every slice, if letters are kept.

    ``bound`` is the rank that the form allows; ``outside`` the norm of the entries where it has
    zeros, which every error counts.
    """

    cut: Cut
    bound: int
    slices: Slices
    outside: Magnitude = field(default_factory=Magnitude)

    @cached_property
    def total(self) -> Magnitude:
        """The root of the sum of the squares of all entries."""
        return self.error(0)

    @property
    def slack(self) -> Magnitude:
        """How far any of the values may be off."""
        return max(each.slack for each in self.slices.values())

    @property
    def rank(self) -> int:
        """The largest rank of a slice."""
        return max(each.rank for each in self.slices.values())

    def next(self, size: int) -> Magnitude:
        """The largest σ_{m+1} of a slice."""
        return max(each.next(size) for each in self.slices.values())

    def ratio(self, size: int) -> float:
        """The largest σ_{m+1}/σ₁ of a slice, each by its own σ₁."""
        return max(each.ratio(size) for each in self.slices.values())

    def error(self, size: int) -> Magnitude:
        """The distance to the nearest kernel whose slices all have rank at most m."""
        tails = (each.tail(size) for each in self.slices.values())
        return norm((self.outside, *tails))

    def relative(self, size: int) -> float:
        """Relative error of the best approximation of rank ``size``; 0 for the zero kernel."""
        return self.error(size) / self.total if self.total else 0.0

    @cached_property
    def relatives(self) -> "NDArray[Any]":
        """Relative errors of the best approximations of rank 0, 1 and so on, up to full rank, by
        one sum over the squares from the smallest up."""
        import numpy as np

        spectra, top = self.slices.values(), self.total.exponent
        width = max(len(each.values) for each in spectra)
        squares = np.zeros(width + 1)
        for each in spectra:
            scaled = [ldexp(value.mantissa, value.exponent - top) for value in each.values]
            squares[: len(scaled)] += np.square(scaled)
        squares[width] = ldexp(self.outside.mantissa, self.outside.exponent - top) ** 2
        tails = np.cumsum(squares[::-1])[::-1]
        return np.sqrt(tails / tails[0]) if tails[0] else tails

    @property
    def words(self) -> str:
        """How near the kernel is to what this matrix asks for."""
        far = self.relative(self.bound)
        return f"relative error {far:.1g} of the nearest {self.form}" if far else f"a {self.form}"

    @property
    def form(self) -> str:
        """What a kernel is whose matrix has the rank that is allowed."""
        spatial = {*self.cut.rows, *self.cut.columns} <= {*DIRECTIONS}
        two = spatial and len(self.cut.rows) == len(self.cut.columns) == 1
        if two and self.bound == 1:
            return "column times a row"
        return f"sum of {self.bound} columns times rows" if two else f"kernel of rank {self.bound}"


def spectra(cuts: Cuts, known: Known | None = None) -> tuple[CutSpectrum, ...]:
    """The singular values of every matrix whose rank the form bounds; ``known`` are those of other
    forms of the same kernel, and takes up what is found here.

    >>> from derive.algebra.kernel import Kernel
    >>> from derive.decide.form import form
    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import m
    >>> asked = form(asymmetric.family, Kernel.of([[[[3, 0], [0, 1]]]]), {m: 1})
    >>> (found,) = spectra(Cuts(asked))
    >>> found.bound, float(found.next(1)), round(found.relative(1), 4)
    (1, 1.0, 0.3162)
    """
    rest, known = outside(cuts.form), {} if known is None else known
    found = []
    for cut, bound in cuts.bounds.items():
        key = (cuts.form.letters, cut.kept, frozenset({cut.rows, cut.columns}))
        if key not in known:
            known[key] = _slices(cuts, cut)
        found.append(CutSpectrum(cut, bound, known[key], rest))
    return tuple(found)


def _slices(cuts: Cuts, cut: Cut) -> dict[Index, Spectrum]:
    """The singular values of one matrix: enclosed, or by LAPACK where that would take too long."""
    work = _work(cuts.form, cut)
    if work <= WORK and work * cuts.bits <= WORK:
        tensor, below = integers(cuts.whole), cuts.form.kernel.scaled[1]
        values: Callable[[Any], Spectrum] = partial(enclosed, below=below)
    else:
        tensor = cuts.tensor
        values = partial(customary, exponent=tensor.exponent)
    return {at: values(part.matrix(cut.rows)) for at, part in tensor.slices(cut.kept)}


def outside(asked: Form) -> Magnitude:
    """The norm of the entries where the form has zeros."""
    if asked.outside is None:
        return Magnitude()
    inside = {place for term in asked.terms for place in asked.places(term.kernel)}
    rest = [entry for place, entry in enumerate(asked.kernel.flat) if place not in inside]
    exponent = exponent_of(rest)
    return Magnitude.of(hypot(*(scaled(entry, -exponent) for entry in rest)), exponent)


def enclosed(matrix: Any, below: int = 1) -> Spectrum:
    """The singular values of a matrix of integers over a common denominator, to the last digit.

    >>> [float(value) for value in enclosed([[10**16, 0, 0], [0, 1, 0], [0, 0, 0]]).values]
    [1e+16, 1.0, 0.0]
    >>> f"{enclosed([[10**20, 10**20], [10**20, 10**20 + 1]]).ratio(1):.3g}"
    '2.5e-21'
    """
    rows = fmpz_mat([list(row) for row in matrix])
    across = rows.transpose()
    gram = rows * across if rows.nrows() <= rows.ncols() else across * rows
    values: list[Magnitude] = []
    with ctx.workprec(BITS):
        for root, times in _roots(gram.charpoly()):
            values += [_middle(root.sqrt() / below)] * times
    return Spectrum(tuple(sorted(values, reverse=True)))


def customary(matrix: Any, exponent: int = 0) -> Spectrum:
    """The singular values of a matrix of floats times 2^exponent, by LAPACK.

    >>> [float(value) for value in customary([[3.0, 0.0], [0.0, 1.0]], 1).values]
    [6.0, 2.0]
    """
    import numpy as np

    numbers = np.linalg.svd(matrix, compute_uv=False).tolist()
    values = tuple(Magnitude.of(value, exponent) for value in numbers)
    return Spectrum(values, values[0] * (max(np.shape(matrix)) * 2.0**-52))


def _work(asked: Form, cut: Cut) -> int:
    """How many slices, times the cube of the smaller side of their matrices."""
    kept, rows, columns = (prod(map(asked.size, x)) for x in (cut.kept, cut.rows, cut.columns))
    return kept * min(rows, columns) ** 3


def _roots(polynomial: fmpz_poly) -> Iterator[tuple[arb, int]]:
    """The roots, which are real, enclosed to BITS bits and with their exact multiplicities."""
    for root, times in polynomial.complex_roots():
        if not root.imag.is_zero():
            raise ArithmeticError(f"{root} is no eigenvalue of a symmetric matrix")
        yield root.real, times


def _middle(ball: arb) -> Magnitude:
    mantissa, exponent = ball.mid().man_exp()
    return Magnitude.of(float(int(mantissa)), int(exponent))
