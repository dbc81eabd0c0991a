"""How far a layer's output can move if its kernel is off by E: bounds on the norm of conv(E).

For any set S of taps, conv(E) reads pixels, multiplies by E as a matrix with rows (outputs, S) and
columns (inputs, other taps), and adds up the taps of S (T14). A pixel is read by at most ⌈k/s'⌉
taps along an axis, s' = s/gcd(s, d), and an output adds k; their root times the norm of the matrix
is a bound at every stride and dilation, with zero padding. In a transposed layer, the adjoint of a
convolution, a pixel is read by k taps and an output adds ⌈k/s'⌉. So is the largest norm of the
matrix of channels at any frequency, which a grid of N points finds up to 1/cos(π(k - 1)/2N) along
an axis.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import cos, gcd, pi, prod, sqrt
from typing import Any

from sympy import Symbol

from derive.decide.difference import Difference
from derive.decide.form import Form
from derive.decide.magnitude import Magnitude
from derive.decide.spectrum import CutSpectrum
from derive.notation.family import Letters

Windows = Mapping[Symbol, tuple[int, int]]  # of a tap letter: stride and dilation
MARGIN = 1 + 2.0**-30  # what the largest value of LAPACK may be short of, up to 100,000 rows
FINE = (32, 8)  # points of the grid per tap, the first that is not too many
FREQUENCIES = 2**23  # entries of all matrices of the grid, times their smaller side


@dataclass(frozen=True)
class Variant:
    """One of the bounds: √(repeats) times the norm of the matrix with these rows and columns."""

    rows: Letters
    columns: Letters
    repeats: int
    norm: Magnitude

    @property
    def bound(self) -> Magnitude:
        """What the output moves at most, for an image of norm 1."""
        return self.norm * (sqrt(self.repeats) * MARGIN)


@dataclass(frozen=True)
class OutputBound:
    """Bounds on the norm of conv(E), the largest change of the output for an image of norm 1."""

    variants: tuple[Variant, ...]
    frequencies: Magnitude | None

    @property
    def value(self) -> Magnitude:
        """The smallest of the bounds."""
        found = [variant.bound for variant in self.variants]
        return min([*found, self.frequencies] if self.frequencies is not None else found)


def output_bound(
    error: Difference, windows: Windows | None = None, transposed: bool = False
) -> OutputBound:
    """Bounds for an error E[o, i, taps] of a layer's kernel, true for E itself and not only as
    rounded: every norm is that of E in float64 plus the rounding of E, and every bound 2^-30 more
    than computed. ``windows`` says the stride and dilation of a tap, (1, 1) if it says nothing.

    >>> from derive.algebra.kernel import Kernel
    >>> from derive.decide.difference import exactly
    >>> ones = Kernel.of([[[[1] * 3] * 3]])
    >>> round(float(output_bound(exactly(ones)).value), 6)
    9.0
    """
    _, _, *taps = error.tensor.letters
    sets = (added for number in range(len(taps) + 1) for added in combinations(taps, number))
    variants = tuple(_variant(error, added, windows or {}, transposed) for added in sets)
    return OutputBound(variants, _frequencies(error))


def truncation_bound(
    found: CutSpectrum,
    asked: Form,
    size: int,
    windows: Windows | None = None,
    transposed: bool = False,
) -> Magnitude | None:
    """√(repeats) σ_{m+1}: what truncating a matrix to rank m can move; None if it is none of
    outputs and taps by inputs and taps, or not all that is truncated.

    >>> from derive.algebra.kernel import Kernel
    >>> from derive.decide.cuts import Cuts
    >>> from derive.decide.form import form
    >>> from derive.decide.spectrum import spectra
    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import m
    >>> asked = form(asymmetric.family, Kernel.of([[[[1] * 3] * 3]]), {m: 1})
    >>> (found,) = spectra(Cuts(asked))
    >>> round(float(truncation_bound(found, asked, 0)), 6)
    9.0
    """
    taps = {tap: asked.kernel.sizes[tap] for tap in asked.taps}
    outputs, inputs = ({*x, *taps} for x in (asked.line.outputs, asked.line.inputs))
    one, two = set(found.cut.rows), set(found.cut.columns)
    sides = [a & {*taps} for a, b in ((one, two), (two, one)) if a <= outputs and b <= inputs]
    if not sides or found.outside or not outputs & inputs >= set(found.cut.kept):
        return None
    least = min(repeats(taps, added, windows or {}, transposed) for added in sides)
    return (found.next(size) + found.slack) * (sqrt(least) * MARGIN)


def repeats(
    sizes: Mapping[Symbol, int],
    added: Iterable[Symbol],
    windows: Windows,
    transposed: bool = False,
) -> int:
    """How often a pixel is read, times how many taps an output adds, of which ``added`` is S.

    >>> from derive.notation.letters import u, v
    >>> repeats({u: 3, v: 5}, [v], {u: (2, 1)})
    10
    """
    added, every = set(added), {tap: windows.get(tap, (1, 1)) for tap in sizes}
    return prod(
        k if (tap in added) != transposed else _few(k, *every[tap]) for tap, k in sizes.items()
    )


def _few(kernel: int, stride: int, dilation: int) -> int:
    """⌈k/s'⌉: taps whose windows read one pixel, or transposed write to one, agree modulo s'."""
    return -(-kernel // (stride // gcd(stride, dilation)))


def _variant(error: Difference, added: Letters, windows: Windows, transposed: bool) -> Variant:
    output, *others = error.tensor.letters
    columns = tuple(x for x in others if x not in added)
    matrix = error.tensor.matrix((output, *added))
    norm = Magnitude.of(_largest(matrix), error.tensor.exponent) + error.slack
    often = repeats(_taps(error), added, windows, transposed)
    return Variant((output, *added), columns, often, norm)


def _largest(matrix: Any) -> float:
    """The largest singular value."""
    import numpy as np

    return float(np.linalg.norm(matrix, 2))


def _frequencies(error: Difference) -> Magnitude | None:
    """The largest norm of Ê(ω) = Σ_u E_u exp(iωu) over all ω; None if it took too many."""
    outputs, inputs, *sizes = error.tensor.array.shape
    for fine in FINE:
        grid = [fine * k if k > 1 else 1 for k in sizes]
        if prod(grid) * (outputs * inputs * min(outputs, inputs) + 256) <= FREQUENCIES:
            between = prod(cos(pi * (k - 1) / (2 * N)) for k, N in zip(sizes, grid, strict=True))
            found = Magnitude.of(_largest_wave(error.tensor.array, grid), error.tensor.exponent)
            return found * (MARGIN / between) + error.slack * sqrt(prod(sizes))
    return None


def _largest_wave(array: Any, grid: list[int]) -> float:
    """The largest norm on the grid; that of -ω is that of ω.

    It is the root of the largest eigenvalue of Ê*Ê, which takes half the time of singular values
    and is as near: the products of n rows and r columns are off by about n r units of rounding
    times the largest, which MARGIN covers for the grids that FREQUENCIES lets pass.
    """
    import numpy as np

    waves = np.fft.rfftn(array, s=grid, axes=range(2, array.ndim)) if grid else array
    tall = np.moveaxis(waves, (0, 1), (-2, -1) if len(waves) >= waves.shape[1] else (-1, -2))
    squares = np.linalg.eigvalsh(tall.conj().swapaxes(-2, -1) @ tall)
    return float(np.sqrt(max(0.0, squares.max())))


def _taps(error: Difference) -> dict[Symbol, int]:
    _, _, *taps = zip(error.tensor.letters, error.tensor.array.shape, strict=True)
    return dict(taps)
