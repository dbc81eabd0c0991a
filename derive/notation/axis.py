"""One spatial axis: its output size, its slack, and the taps that fall on the image.

Every floor and every padding of the book lives here. Cross-correlation: window y reads the pixels
s y + d u - p for the taps u = 0 .. k-1, and pixels outside 0 .. size-1 are zeros.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TypeAlias

from sympy import Eq, Expr, Function, Ge, Integer, Le, Mod, Sum

from derive.notation.errors import InputError
from derive.notation.extremes import ceiling, floor, minimum, positive_part
from derive.notation.formula import exact, Formula, Gcd
from derive.notation.letters import u

Number: TypeAlias = int | Expr
BEYOND = "output padding must be smaller than the stride {stride}, not {extra}"


@dataclass(frozen=True)
class Geometry:
    """What a convolution and a transposed convolution along one axis share, in pixels and taps.

    Raises InputError for a size, kernel, stride or dilation below 1, or a padding below 0.
    """

    size: Number
    kernel: Number
    stride: Number = 1
    dilation: Number = 1
    before: Number = 0
    after: Number = 0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = exact(getattr(self, field.name))
            if value is None:
                wrong = getattr(self, field.name)
                raise InputError(f"{field.name} must be an integer, not {wrong!r}")
            least = 1 if field.name in ("size", "kernel", "stride", "dilation") else 0
            if below_least(value, least):
                raise InputError(f"{field.name} must be at least {least}, not {value}")
            object.__setattr__(self, field.name, value)

    @property
    def input(self) -> Number:
        """Pixels read."""
        return self.size

    @property
    def span(self) -> Expr:
        """Pixels from the first to the last tap: d(k - 1) + 1."""
        return self.dilation * (self.kernel - 1) + Integer(1)


@dataclass(frozen=True)
class Axis(Geometry):
    """The windows of a convolution along one axis; sizes are integers or SymPy expressions.

    >>> Axis(size=128, kernel=3, stride=2, before=1, after=1).output
    64
    """

    @property
    def room(self) -> Expr:
        """How far the first window can move: L = H + p⁻ + p⁺ - d(k - 1) - 1."""
        return self.size + self.before + self.after - self.span

    @cached_property
    def output(self) -> Expr:
        """Windows that fit: max(0, ⌊L/s⌋ + 1).

        >>> Axis(size=1, kernel=4).output
        0
        """
        return positive_part(floor(self.room / self.stride) + 1)

    @property
    def slack(self) -> Expr:
        """Rows at the end of the padded image that the last window does not reach: L mod s."""
        return Mod(self.room, self.stride)

    @cached_property
    def pairs(self) -> Number:
        """In-bounds taps T: the number of (y, u) with 0 <= s y + d u - p⁻ < H, by T9.

        >>> Axis(size=128, kernel=3, before=1, after=1).pairs
        382
        """
        windows, kernel = self.output, self.kernel
        low = self.misses(self.before, windows, kernel)
        high = self.misses(self.after - self.slack, windows, kernel)
        return in_full(kernel * windows) - low - high

    @property
    def reached(self) -> Number:
        """Number of windows that overlap the image: in-bounds taps minus in-bounds pairs of
        adjacent taps."""
        windows, links, low = self.output, self.kernel - 1, self.before
        high = low + positive_part(self.size - self.dilation)
        missed = self.misses(high, windows, links) - self.misses(low, windows, links)
        return self.pairs - missed

    @property
    def centre(self) -> Number:
        """Windows whose middle tap is on the image."""
        return in_full(seen(self, (self.kernel - 1) // 2))

    @property
    def written(self) -> Number:
        """Outputs to which a dense sum is written: all."""
        return in_full(self.output)

    def misses(self, bound: Number, windows: Number, kernel: Number) -> Number:
        """Window-tap pairs that lie before the given pixel of the padded image: φ_N of T9."""
        return below(bound, windows, kernel, self.stride, self.dilation)


@dataclass(frozen=True)
class Transposed(Geometry):
    """A transposed convolution along one axis: pixel a and tap u write to s a + d u - p⁻.

    ``extra`` is the output padding; InputError unless it is smaller than the stride.

    >>> Transposed(size=64, kernel=4, stride=2, before=1, after=1).output
    128
    """

    extra: Number = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.extra >= self.stride) == True:  # noqa: E712
            given = {"stride": self.stride, "extra": self.extra}
            raise InputError(BEYOND.format(**given))

    @cached_property
    def output(self) -> Expr:
        """Pixels kept: (H - 1)s - p⁻ - p⁺ + d(k - 1) + extra + 1, at least 0."""
        grown = (self.size - 1) * self.stride + self.span + self.extra
        return positive_part(grown - self.before - self.after)

    @property
    def adjoint(self) -> Axis:
        """The convolution whose transpose this is, from our output back to our input.

        Its output is exactly our input and its slack is ``extra``.
        """
        return Axis(self.output, self.kernel, self.stride, self.dilation, self.before, self.after)

    @cached_property
    def pairs(self) -> Number:
        """(Pixel, tap) pairs that land on a kept pixel: the adjoint's in-bounds taps."""
        return self.adjoint.pairs if self.output else 0

    @property
    def centre(self) -> Number:
        """Pixels whose middle tap lands on a kept pixel."""
        return self.adjoint.centre if self.output else 0

    @property
    def written(self) -> Number:
        """Pixels written before cropping: all pairs less the links between pairs that meet."""
        pixels, taps, _ = self._links
        return in_full(self.size * self.kernel - pixels * taps)

    @property
    def reached(self) -> Number:
        """Kept pixels that something is written to: those of all, within the kept range."""
        pixels, taps, offset = self._links
        low, lattice = self.before - offset, (pixels, taps, self.stride, self.dilation)
        return self.pairs - below(low + self.output, *lattice) + below(low, *lattice)

    @property
    def _links(self) -> tuple[Expr, Expr, Expr]:
        """(a, u) and (a + d', u - s') meet, with s' = s/c, d' = d/c, c = gcd(s, d): how many
        a, how many u, and how far along the meeting point lies."""
        common = Gcd(self.stride, self.dilation)
        pixels = positive_part(self.size - self.dilation / common)
        taps = positive_part(self.kernel - self.stride / common)
        return pixels, taps, self.stride * self.dilation / common


class PointsBelow(Function):  # type: ignore[misc]
    """``points_below`` for symbols; for integers its value."""

    nargs = 5
    is_integer = True

    @classmethod
    def eval(cls, *arguments: Expr) -> Expr | None:
        """The number, where all arguments are numbers."""
        if all(argument.is_Integer for argument in arguments):
            return Integer(points_below(*map(int, arguments)))
        return None


def below(*arguments: Number) -> Number:
    """The lattice points of ``points_below``: a number for numbers, else an expression."""
    numbers = [in_full(argument) for argument in arguments]
    if all(isinstance(number, int) for number in numbers):
        return points_below(*numbers)
    return PointsBelow(*numbers)


def below_least(value: Expr, least: int) -> bool:
    """Whether a value is less than an integer for all sizes; numbers are compared as Python's."""
    if value.is_Integer:
        return int(value) < least
    return bool((value < least) == True)  # noqa: E712


def in_full(value: Number) -> Number:
    """A Python integer for a number, else the expression."""
    return int(value) if isinstance(value, int) or value.is_Integer else value


def points_below(bound: int, rows: int, columns: int, stride: int, dilation: int) -> int:
    """Lattice points 0 <= y < rows, 0 <= u < columns with stride*y + dilation*u < bound.

    ENH: T9 caps every term at N; removing the points with y >= rows does it in closed form.

    >>> points_below(5, 3, 2, 2, 3)
    4
    """
    if rows <= 0 or columns <= 0:
        return 0
    beyond = bound - stride * rows
    return _unbounded(bound, columns, stride, dilation) - _unbounded(
        beyond, columns, stride, dilation
    )


def _unbounded(bound: int, columns: int, stride: int, dilation: int) -> int:
    """φ(P) of T9: the sum over taps of ⌈(P - d u)/s⌉ while positive, as a floor sum."""
    if bound <= 0:
        return 0
    taps = min(columns, -(-bound // dilation))
    return floor_sum(taps, stride, dilation, bound - dilation * (taps - 1) + stride - 1)


def floor_sum(terms: int, modulus: int, slope: int, offset: int) -> int:
    """The sum of ⌊(slope x + offset)/modulus⌋ over 0 <= x < terms, in O(log) steps as by Euclid.

    >>> floor_sum(4, 10, 6, 3)
    3
    """
    total = 0
    while terms > 0:
        total += terms * (terms - 1) // 2 * (slope // modulus) + terms * (offset // modulus)
        slope, offset = slope % modulus, offset % modulus
        top = slope * terms + offset
        terms, offset = divmod(top, modulus)
        modulus, slope = slope, modulus
    return total


def seen(axis: Axis, tap: Number) -> Expr:
    """Windows in which the given tap is on the image: t_u of T9, for symbols or numbers."""
    windows = axis.output
    low = positive_part(ceiling((axis.before - axis.dilation * tap) / axis.stride))
    beyond = axis.after - axis.slack - axis.dilation * (axis.kernel - 1 - tap)
    high = positive_part(ceiling(beyond / axis.stride))
    return windows - minimum(windows, low) - minimum(windows, high)


def in_bounds(axis: Axis) -> dict[str, Formula]:
    """In-bounds taps of an axis in every closed form there is, each with its guard.

    ``taps``: the finite sum over taps, always true. ``stride divides dilation`` and ``dilation
    divides stride``: elementary. ``unpadded`` and ``same``: the two common cases.

    >>> from derive.notation.letters import H, k_h
    >>> in_bounds(Axis(H, k_h))["unpadded"].expr.subs({H: 5, k_h: 3})
    9
    """
    size, kernel, stride, dilation = axis.size, axis.kernel, axis.stride, axis.dilation
    same = Eq(axis.before + axis.after, dilation * (kernel - 1))
    balanced = Eq(axis.before, axis.after)
    return {
        "taps": Formula(Sum(seen(axis, u), (u, 0, kernel - 1))),
        "stride divides dilation": Formula(
            all_but_missed(axis, missed_by_taps), (Eq(Mod(dilation, stride), 0),)
        ),
        "dilation divides stride": Formula(
            all_but_missed(axis, missed_by_windows), (Eq(Mod(stride, dilation), 0),)
        ),
        "unpadded": Formula(kernel * axis.output, (Eq(axis.before, 0), Le(axis.after, axis.slack))),
        "same": Formula(
            kernel * size - dilation * floor(kernel**2 / 4),
            (Eq(stride, 1), balanced, same, Ge(2 * size, dilation * (kernel - 1))),
        ),
    }


def all_but_missed(axis: Axis, unbounded: Callable[[Axis, Expr], Expr]) -> Expr:
    """k N - φ_N(p⁻) - φ_N(p⁺ - r), with φ_N(P) = φ(P) - φ(P - s N)."""
    windows = axis.output
    total = axis.kernel * windows
    for bound in (axis.before, axis.after - axis.slack):
        total -= unbounded(axis, bound) - unbounded(axis, bound - axis.stride * windows)
    return total


def missed_by_taps(axis: Axis, bound: Expr) -> Expr:
    """φ for s | d: with P and d in units of s, the arithmetic series of P - d u over the taps."""
    bound, dilation = ceiling(positive_part(bound) / axis.stride), axis.dilation / axis.stride
    taps = minimum(axis.kernel, ceiling(bound / dilation))
    return taps * bound - dilation * taps * (taps - 1) / 2


def missed_by_windows(axis: Axis, bound: Expr) -> Expr:
    """φ for d | s: in units of d, the first windows miss all k taps, the later ones P - s y."""
    bound, stride = ceiling(positive_part(bound) / axis.dilation), axis.stride / axis.dilation
    some = ceiling(bound / stride)
    all_ = positive_part(floor((bound - axis.kernel) / stride) + 1)
    return (
        axis.kernel * all_ + (some - all_) * bound - stride * (some - all_) * (some + all_ - 1) / 2
    )
