"""The plots of theorems: their own named formulas, evaluated exactly at the sizes shown.

A theorem has plots if its id is a key of ``PLOTS``. No formula is written here: what is plotted is
a side of a claim of the theorem, at numbers for its symbols.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from math import lcm, sqrt
from typing import Any

from sympy import IndexedBase, Rational

from derive.decide.spectrum import enclosed
from derive.kernels import gallery
from derive.notation.axis import Axis
from derive.proof.claim import Claim, value
from derive.proof.library import THEOREMS
from derive.site.plot import figure, Line, Plot

POWERS = tuple(2**power for power in range(10))
CHANNELS = 64  # where their number does not vary
SIDE = 56  # pixels of an image
WORD = 4  # bytes of a number
DILATIONS = (1, 6, 12, 18)
TAPS = 3
KERNEL = "log-9"  # of the gallery, of high rank
Points = list[tuple[int, int | Fraction | float]]


def theorem_plots(name: str) -> tuple[str, ...]:
    """The plots of a theorem as HTML, none for most.

    >>> theorem_plots("rank-one")
    ()
    """
    return tuple(map(figure, PLOTS[name]())) if name in PLOTS else ()


def claim(theorem: str, formula: str) -> Claim:
    """A named formula of a theorem."""
    found = THEOREMS[theorem].formulas[formula]
    assert isinstance(found, Claim)
    return found


def at(theorem: str, formula: str, **sizes: Any) -> int | Fraction:
    """The last side of a named formula at numbers for its symbols, by their names.

    >>> at("T10", "fewer_square", n=3, C_in=64, C_out=64), at("A3", "ratio", n=3, s=1)
    (96, Fraction(2, 3))
    """
    stated = claim(theorem, formula)
    numbers = {one: sizes[one.name] for one in stated.symbols if one.name in sizes}
    return exact(value(stated.expr, numbers))


def exact(number: Any) -> int | Fraction:
    """A rational number of SymPy's or Python's as Python's."""
    fraction = Fraction(int(Rational(number).p), int(Rational(number).q))
    return fraction.numerator if fraction.denominator == 1 else fraction


def along(theorem: str, formula: str, symbol: str, numbers: Iterable[int], **sizes: Any) -> Points:
    """A named formula at each of some numbers for one of its symbols."""
    return [(size, at(theorem, formula, **{**sizes, symbol: size})) for size in numbers]


def in_bounds() -> Iterator[Plot]:
    """The share of taps on the image against its size, for some dilations."""
    sides = range(8, 73, 4)
    lines = [
        Line(f"dilation {step}", [(side, taps_share(side, step)) for side in sides])
        for step in DILATIONS
    ]
    wide = lines[-1]
    shares = [f"{float(line.points[0][1]):.1%} for {line.name}" for line in lines]
    yield Plot(
        name="share-of-taps",
        title="Share of the taps of a 3 × 3 kernel that fall on the image",
        words=(
            f"3 × 3 taps, same padding, stride 1. On an image of {sides[0]} × {sides[0]} pixels the"
            f" share is {', '.join(shares)}; on {sides[-1]} × {sides[-1]} it is"
            f" {float(wide.points[-1][1]):.1%} for {wide.name}."
        ),
        across="image size H = W",
        up="share of taps on the image",
        lines=lines,
    )


def taps_share(side: int, dilation: int) -> Fraction:
    """The share of taps on a square image, with same padding and stride 1."""
    axis = Axis(side, TAPS, 1, dilation, dilation * (TAPS - 1) // 2, dilation * (TAPS - 1) // 2)
    return Fraction(taps_in_bounds(axis), axis.output * axis.kernel) ** 2


def taps_in_bounds(axis: Axis) -> int:
    """T on an axis, by the formulas of the theorem.

    >>> taps_in_bounds(Axis(56, 3, 1, 1, 1, 1)), taps_in_bounds(Axis(5, 3, 2, 2, 3, 1))
    (166, 5)
    """
    total, capped = claim("T9", "total"), claim("T9", "capped")
    misses = capped.terms[0]
    given = {
        **{"H": axis.size, "N": axis.output, "k": axis.kernel, "s": axis.stride},
        **{"d": axis.dilation, "before": axis.before, "beyond": axis.after},
    }
    given["L"] = at("T9", "room", **given)
    given["r"] = at("T9", "slack", **given)

    def counted(bound: Any) -> Any:
        return at("T9", "capped", **{**given, misses.args[0].name: bound})

    numbers = {one: given[one.name] for one in total.symbols if one.name in given}
    return int(value(total.expr, {**numbers, misses.func: counted}))


def break_even() -> Iterator[Plot]:
    """The width at which a pair stops being cheaper, and what is left of the cost by then."""
    sizes = {"C_in": CHANNELS}
    widths = [
        Line(f"{n} × {n}", along("T10", "fewer_square", "C_out", POWERS, n=n, **sizes))
        for n in (7, 5, 3)
    ]
    edge = at("T10", "fewer_square", n=3, C_in=CHANNELS, C_out=CHANNELS)
    yield Plot(
        name="break-even-width",
        title="The width below which an asymmetric pair has fewer parameters",
        words=(
            f"{CHANNELS} input channels. For {CHANNELS} outputs and 3 × 3 taps a pair saves while"
            f" it has fewer than {edge} middle channels. The same holds for MACs if the output is"
            " as wide as the input."
        ),
        across="output channels",
        up="break-even width m",
        lines=widths,
        log_across=True,
        log_up=True,
        marks=POWERS,
    )
    sides, outputs = range(1, 10), (8, 64)
    shares = [Line("pair, equal channels", along("T10", "share", "n", sides))]
    for many in outputs:
        points = [(n, at("T10", "ratio", k_h=n, k_w=n, C_out=many)) for n in sides]
        shares.append(Line(f"depthwise separable, {many} outputs", points))
    baseline = Line("standard", [(n, 1) for n in sides], baseline=True, dotted=False)
    yield Plot(
        name="share-of-standard",
        title="Share of the parameters of the standard layer",
        words=(
            f"With equal channels the pair saves from {_saves(shares[0])} taps a side on, a"
            f" depthwise separable layer with {outputs[0]} outputs from {_saves(shares[1])}. The"
            " pair takes the same share of MACs if the output is as wide as the input."
        ),
        across="kernel size n",
        up="share of standard",
        lines=[*shares, baseline],
        marks=tuple(sides),
    )


def _saves(line: Line) -> int:
    """Where a share of the standard layer falls below 1."""
    return int(next(x for x, share in line.points if share < 1))


def truncation() -> Iterator[Plot]:
    """The least distance at each width, and the bound for the output, for one kernel."""
    values = singular_values(KERNEL)
    rank = sum(one > 0 for one in values)
    widths = range(rank)  # at the rank both are 0, which a logarithmic axis has not
    sigma = IndexedBase("sigma")
    numbers = {sigma[k]: one for k, one in enumerate(values, start=1)}
    best = claim("T14", "best").expr
    tails = [
        sqrt(float(best.xreplace(_symbols(best, N=len(values), m=width)).doit().xreplace(numbers)))
        for width in widths
    ]
    bound = claim("T14", "square").expr
    bounds = [
        float(bound.xreplace(_symbols(bound, n=len(values), sigma_next=following)))
        for following in values[:rank]
    ]
    yield Plot(
        name="truncation",
        title=f"Distance and bound at each width, for {gallery()[KERNEL].title}",
        words=(
            f"The kernel has norm {tails[0]:.4g}. A pair of {rank // 2} middle channels comes"
            f" within {tails[rank // 2]:.3g} of it. At stride 1, with zero padding, it moves the"
            f" output of an image of norm 1 by at most {bounds[rank // 2]:.3g}. With {rank} middle"
            " channels it is the kernel."
        ),
        across="middle channels m",
        up="in units of the kernel’s entries",
        lines=[
            Line("bound for the output, n σₘ₊₁", list(zip(widths, bounds, strict=True))),
            Line("distance to the kernel", list(zip(widths, tails, strict=True))),
        ],
        log_up=True,
        marks=tuple(widths),
    )


def singular_values(name: str) -> list[float]:
    """The singular values of a kernel of the gallery, largest first."""
    rows = gallery()[name].entries
    below = lcm(*(Fraction(entry).denominator for row in rows for entry in row))
    whole = [[int(entry * below) for entry in row] for row in rows]
    return [float(one) for one in enclosed(whole, below).values]


def intensity() -> Iterator[Plot]:
    """Operations per byte against channels, standard, depthwise and pointwise."""
    pixels = {"H": SIDE, "W": SIDE, "H_out": SIDE, "W_out": SIDE}
    kappa = at("T20", "pixels", **pixels)
    sizes = {**pixels, "kappa": kappa, "nu": WORD, "n": TAPS, "k_h": TAPS, "k_w": TAPS}
    depthwise = at("T20", "depthwise_per_byte", **sizes)
    bound = at("T20", "bound_at_one_size", **sizes)

    def equal(formula: str) -> Points:
        return [(size, at("T20", formula, **sizes, g=1, C_in=size, C_out=size)) for size in POWERS]

    half = at("T20", "half", **sizes)
    yield Plot(
        name="intensity",
        title="Operations per byte against channels",
        words=(
            f"3 × 3 layers on {SIDE} × {SIDE} pixels at {WORD} bytes a number. The depthwise layer"
            f" has {float(depthwise):.4g} operations per byte at any number of channels, below"
            f" {float(bound):.4g}; the standard layer reaches half of its bound at"
            f" {float(half):.3g} channels."
        ),
        across="channels, as many in as out",
        up="operations per byte",
        lines=[
            Line("standard", equal("per_byte")),
            Line("pointwise", equal("pointwise_per_byte")),
            Line("depthwise", [(size, depthwise) for size in POWERS]),
            Line(
                "bound of standard",
                [(size, at("T20", "limit", **sizes)) for size in POWERS],
                baseline=True,
                dotted=False,
            ),
        ],
        log_across=True,
        log_up=True,
        marks=POWERS,
    )


def stride() -> Iterator[Plot]:
    """What a pair costs of the standard layer against the kernel size, at some strides."""
    sides = range(1, 10)
    lines = [Line(f"stride {s}", along("A3", "ratio", "n", sides, s=s)) for s in (1, 2, 3, 4)]
    ties = [f"{n} × {n} at stride {s}" for s in (1, 2, 3, 4) for n in sides if _ties(s, n)]
    yield Plot(
        name="stride-saving",
        title="MACs of an asymmetric pair as a share of the standard layer",
        words=(
            f"Equal channels, {', '.join(ties)}: there the pair takes as many MACs as the standard"
            " layer. It saves to the right of that."
        ),
        across="kernel size n",
        up="share of standard MACs",
        lines=[*lines, Line("standard", [(n, 1) for n in sides], baseline=True, dotted=False)],
        marks=tuple(sides),
    )


def _ties(s: int, n: int) -> bool:
    return at("A3", "ratio", s=s, n=n) == 1


def order() -> Iterator[Plot]:
    """The multiplier and the width that one design needs to represent every kernel of another."""
    widths = range(1, 13)
    lines = [
        Line(
            f"{n} × {n}",
            along("T21", "pair_in_separable", "m", widths, k_h=n, k_w=n, C_out=CHANNELS),
        )
        for n in (7, 5, 3)
    ]
    (few,) = (dict(line.points)[1] for line in lines if line.name == "3 × 3")
    yield Plot(
        name="multiplier-for-a-pair",
        title="The multiplier with which depthwise separable represents every pair",
        words=(
            f"{CHANNELS} output channels. For 3 × 3 taps a pair of one middle channel takes"
            f" multiplier {few}; no pair takes more than {max(y for _, y in lines[-1].points)}."
        ),
        across="middle channels m of the pair",
        up="multiplier M that is enough",
        lines=lines,
        marks=tuple(widths),
    )
    sizes: dict[str, Any] = {"k_h": TAPS, "k_w": TAPS, "n": TAPS, "C_in": CHANNELS}
    enough = along("T21", "separable_in_pair", "C_out", POWERS, **sizes)
    saves = along("T10", "fewer_square", "C_out", POWERS, **sizes)
    above = all(need >= edge for (_, need), (_, edge) in zip(enough, saves, strict=True))
    yield Plot(
        name="width-for-separable",
        title="The width with which a pair represents every depthwise separable kernel",
        words=(
            f"{CHANNELS} input channels, 3 × 3 taps, one multiplier. The dotted line is where a"
            " pair stops having fewer parameters than the standard layer (T10)"
            f"{': a pair that wide never saves' if above else ''}."
        ),
        across="output channels",
        up="width m of the pair",
        lines=[
            Line("wide enough", enough),
            Line("break-even", saves, baseline=True),
        ],
        log_across=True,
        log_up=True,
        marks=POWERS,
    )


def composition() -> Iterator[Plot]:
    """Degrees of freedom of two square kernels in a row, and the entries of the result."""
    sides = range(1, 8)
    square = [(n, {"a": n, "b": n, "c": n, "d": n}) for n in sides]
    lines = [
        Line(words, [(n, at("T13", formula, **sizes)) for n, sizes in square])
        for words, formula in (
            ("entries of the result", "entries"),
            ("degrees of freedom", "freedom"),
        )
    ]
    (many,), (free,) = ([y for n, y in line.points if n == TAPS] for line in lines)
    yield Plot(
        name="composition-freedom",
        title="Two n × n kernels in a row: entries and degrees of freedom",
        words=(
            f"Two {TAPS} × {TAPS} kernels make one with {many} entries, of which {free} are free:"
            f" {many - free} are missing."
        ),
        across="kernel size n of each",
        up="numbers",
        lines=lines,
        marks=tuple(sides),
    )


def intersections() -> Iterator[Plot]:
    """The width that a generic depthwise separable kernel takes as a pair, and break-even."""
    inputs = tuple(size for size in POWERS if size <= CHANNELS)
    lines = [
        Line(f"{n} × {n}, generic weights", along("T18", "square", "C_in", inputs, n=n))
        for n in (7, 5, 3)
    ]
    saves = along("T10", "fewer_square", "C_in", inputs, n=TAPS, C_out=CHANNELS)
    above = all(need >= edge for (_, need), (_, edge) in zip(lines[-1].points, saves, strict=True))
    yield Plot(
        name="generic-width",
        title="The width that a generic depthwise separable kernel needs as a pair",
        words=(
            f"At most as many inputs as outputs, {CHANNELS} outputs. The dotted line is where a"
            " 3 × 3 pair stops having fewer parameters than the standard layer (T10)"
            f"{': a generic 3 × 3 kernel needs at least that' if above else ''}."
        ),
        across="input channels",
        up="width m",
        lines=[*lines, Line("3 × 3, break-even", saves, baseline=True)],
        log_across=True,
        log_up=True,
        marks=inputs,
    )


def _symbols(expr: Any, **sizes: Any) -> dict[Any, Any]:
    """Numbers for the symbols of an expression, by their names."""
    return {
        one: Rational(sizes[one.name]) if isinstance(sizes[one.name], int) else sizes[one.name]
        for one in expr.free_symbols
        if one.name in sizes
    }


PLOTS: Mapping[str, Callable[[], Iterable[Plot]]] = {
    "in-bounds-taps": in_bounds,
    "break-even": break_even,
    "composition": composition,
    "truncation-error": truncation,
    "intersections": intersections,
    "arithmetic-intensity": intensity,
    "stride-saving": stride,
    "order": order,
}
