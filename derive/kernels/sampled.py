"""Filters sampled from a formula: their float64 entries, and the rank before any rounding.

Entries are evaluated in ball arithmetic and rounded once, to the nearest float64, so that they are
the same on every machine. The rank of the filter itself is certain too: the formula is a sum of
products of a function of the row and one of the column, and a minor of as many rows is not 0.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations, product
from math import prod
from types import MappingProxyType

from flint import arb, arb_mat, ctx
from sympy import Add, cos, E, exp, Expr, Mul, pi, Pow, Rational, sin, Symbol, symbols, sympify

from derive.notation.errors import CheckError
from derive.notation.letters import x, y

BITS = 256
Balls = tuple[tuple[arb, ...], ...]

# Widths, the wave's length, the angle of the axis to the right, and how slim the envelope is.
SYMBOLS = symbols("sigma rho lambda theta gamma", positive=True)
sigma, rho, wave, theta, gamma = SYMBOLS

# Pixels along an axis and across it.
along, across = symbols("x' y'", real=True)
TURNED = {along: x * cos(theta) + y * sin(theta), across: y * cos(theta) - x * sin(theta)}

GAUSSIAN = exp(-(x**2 + y**2) / (2 * sigma**2))
SLIM = exp(-(along**2 + gamma**2 * across**2) / (2 * sigma**2))
WAVE = cos(2 * pi * along / wave)

FORMULAS = {
    "gaussian": GAUSSIAN,
    "slim gaussian": SLIM,
    "laplacian of gaussian": (x**2 + y**2 - 2 * sigma**2) * GAUSSIAN / (2 * pi * sigma**6),
    "difference of gaussians": GAUSSIAN / (2 * pi * sigma**2)
    - GAUSSIAN.xreplace({sigma: rho}) / (2 * pi * rho**2),
    "gabor": GAUSSIAN * WAVE,
    "slim gabor": SLIM * WAVE,
}


@dataclass(frozen=True)
class Sampled:
    """A formula in x (to the right) and y (downwards), at the pixels from -reach to reach.

    ``total`` 1 divides the samples by their sum, ``total`` 0 takes their mean off each.

    >>> blur = Sampled(GAUSSIAN, ((sigma, 1),), reach=1)
    >>> float(blur.entries[0][1]), blur.ideal_rank
    (0.6065306597126334, 1)
    """

    formula: Expr
    values: tuple[tuple[Symbol, Expr], ...]
    reach: int
    total: int | None = None

    @cached_property
    def expression(self) -> Expr:
        """The formula with the values of its widths and angles."""
        return self.formula.xreplace(TURNED).xreplace(
            {one: sympify(x, strict=True) for one, x in self.values}
        )

    @property
    def turned(self) -> dict[Symbol, Expr]:
        """The turned axes that the formula speaks of."""
        return {axis: TURNED[axis] for axis in TURNED if self.formula.has(axis)}

    @cached_property
    def samples(self) -> Balls:
        """Each sample as a ball, that is with bounds on its error."""
        pixels = range(-self.reach, self.reach + 1)
        with ctx.workprec(BITS):
            balls = {at: self._sample(*at) for at in _square(pixels)}
            whole = sum(balls.values(), arb(0))
            if self.total == 1:
                balls = {pixel: value / whole for pixel, value in balls.items()}
            if self.total == 0:
                balls = {pixel: value - whole / len(balls) for pixel, value in balls.items()}
        return tuple(tuple(balls[row, column] for column in pixels) for row in pixels)

    def _sample(self, down: int, right: int) -> arb:
        """The formula at a pixel; whether a ball about 0 is exactly 0, SymPy finds out."""
        found = ball(self.expression, {y: arb(down), x: arb(right)})
        return ball(self.expression.subs({y: down, x: right})) if found.contains(0) else found

    @cached_property
    def entries(self) -> tuple[tuple[Fraction, ...], ...]:
        """The samples as float64, each the nearest to its value; CheckError if that is not sure."""
        return tuple(tuple(map(_nearest, row)) for row in self.samples)

    @cached_property
    def terms(self) -> int | None:
        """Products of a function of x and one of y that add up to the filter; None if none do.

        >>> Sampled(x**2 + y**2, (), 1).terms, Sampled(exp(x * y), (), 1).terms
        (2, None)
        """
        expanded = self.expression.expand(power_exp=True, trig=True)
        pairs = [_parts(term) for term in Add.make_args(expanded)]
        if any(across.has(y) or down.has(x) for across, down in pairs):
            return None
        pairs += [(Rational(1), Rational(1))] if self.total == 0 else []  # the mean
        return min(len(set(side)) for side in zip(*pairs, strict=True))

    @cached_property
    def ideal_rank(self) -> int:
        """The rank of the filter before rounding; CheckError if balls cannot tell.

        At most as many as the terms, and at least as many as the rows of a non-zero minor.
        """
        size = min(self.terms or len(self.samples), len(self.samples))
        chosen = list(combinations(range(len(self.samples)), size))
        with ctx.workprec(BITS):
            for rows, columns in product(chosen, chosen):
                minor = arb_mat([[self.samples[a][b] for b in columns] for a in rows]).det()
                if not minor.contains(0):
                    return size
        raise CheckError(f"no {size} × {size} minor of {self.formula} is certainly not 0")


def ball(value: Expr, at: Mapping[Symbol, arb] = MappingProxyType({})) -> arb:
    """A number that is built of integers, pi, exp, sin and cos, in ball arithmetic; ``at`` holds
    the values of its symbols.

    Raises CheckError for an expression that is built of anything else.

    >>> ball(cos(pi / 4) ** 2 - Rational(1, 2)).contains(0)
    True
    >>> ball(x**2 - 9, {x: arb(-3)}).contains(0)
    True
    """
    if value in at:
        return at[value]
    if value.is_Rational:
        return arb(int(value.p)) / int(value.q)
    if value in (pi, E):
        return arb.pi() if value is pi else arb.const_e()
    parts = [ball(part, at) for part in value.args]
    match value:
        case Add():
            return sum(parts, arb(0))
        case Mul():
            return prod(parts, start=arb(1))
        case Pow():
            return parts[0] ** parts[1]
        case exp() | cos() | sin():
            return getattr(parts[0], value.func.__name__)()
    raise CheckError(f"{value} has no ball")


def _square(pixels: range) -> Iterator[tuple[int, int]]:
    return product(pixels, pixels)


def _nearest(sample: arb) -> Fraction:
    """The float64 next to every point of a ball."""
    with ctx.workprec(BITS):
        low, high = float(sample.lower()), float(sample.upper())
    if low != high:
        raise CheckError(f"{sample} is too wide a ball to round")
    return Fraction(low)


def _parts(term: Expr) -> tuple[Expr, Expr]:
    """A product as its part with x and its part with y, without the constant."""
    _, variable = term.as_independent(x, y, as_Add=False)
    down, across = variable.as_independent(x, as_Add=False)
    return across, down
