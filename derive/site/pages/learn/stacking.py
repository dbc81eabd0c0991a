"""The lesson on stacks: kernels of layers in a row multiply like polynomials (T13)."""

from collections.abc import Iterator, Sequence
from itertools import product

from sympy import cancel

from derive.algebra.jacobian import derivative_rank, Product
from derive.algebra.sizes import square
from derive.catalogue import FAMILIES
from derive.comparison import Row
from derive.facts import layer_facts
from derive.notation.letters import C_in, C_out, m, n
from derive.oracle import Axis, convolve, Number, Tensor
from derive.parse.layer import read_layer
from derive.render.table import layer_words
from derive.site.heat import heat
from derive.site.pages.learn.course import facts_html
from derive.site.pages.learn.where_equality_breaks import IMAGE, Plane
from derive.site.worked import line, table, Worked

PAIRS: dict[str, tuple[Plane, Plane]] = {
    "blur, blur": ([[1, 2, 1], [2, 4, 2], [1, 2, 1]], [[1, 2, 1], [2, 4, 2], [1, 2, 1]]),
    "blur, edge": ([[1, 2, 1], [2, 4, 2], [1, 2, 1]], [[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
    "shift, shift back": ([[0, 0, 0], [0, 0, 1], [0, 0, 0]], [[0, 0, 0], [1, 0, 0], [0, 0, 0]]),
    "column, row": ([[0, 1, 0], [0, 2, 0], [0, -1, 0]], [[0, 0, 0], [2, 1, -1], [0, 0, 0]]),
}
PADDINGS = {"1, then 1": (1, 1), "2, then 0": (2, 0), "0, then 2": (0, 2)}
FIRST, SECOND, PIXELS = (1, 2, 1), (1, 0, -1), (3, 1, 4, 1, 5, 9)  # of the example by hand
SIZE, TAPS = len(IMAGE), 3
BOTH = 2 * TAPS - 1  # taps of the two together


def context() -> dict[str, object]:
    """The facts of the figure, its still picture and the numbers of the text."""
    A, B = PAIRS["blur, edge"]
    chain, single = in_a_row(A, B, 1, 1), as_one(A, B, 1, 1)
    gap = [[a - b for a, b in zip(*rows, strict=True)] for rows in zip(chain, single, strict=True)]
    pairs = [{"label": label, "A": A, "B": B} for label, (A, B) in PAIRS.items()]
    pads = [{"label": label, "pads": pads} for label, pads in PADDINGS.items()]
    return {
        "facts": facts_html({"pairs": pairs, "paddings": pads, "image": IMAGE, "start": 1}),
        "quadratic": facts_html({"start": [1, 1, 1], "most": 4}),
        "A": heat("A", A),
        "B": heat("B", B),
        "K": heat("K", multiplied(A, B)),
        "gap": heat("Difference", gap),
        "differ": sum(entry != 0 for row in gap for entry in row),
        "paddings": list(PADDINGS),
        "differences": differences(),
        "freedom": derivative_rank(products(1, 1, 1)),
        "entries": BOTH**2,
        "by_hand": by_hand(),
        **costs(),
    }


def by_hand() -> Worked:
    """Two filters of three taps along a row of pixels, against their product of five: in the middle
    of the row and at its end; CheckError if loops make other numbers.
    """
    (both,) = multiplied([list(FIRST)], [list(SECOND)])
    middle = along(PIXELS, FIRST, 1)
    chain, single = along(middle, SECOND, 1), along(PIXELS, both, 2)
    inside = len(PIXELS) // 2
    products_ = [
        (
            f"K, tap {tap}",
            [(a, b) for n, a in enumerate(FIRST) for p, b in enumerate(SECOND) if n + p == tap],
            entry,
        )
        for tap, entry in enumerate(both)
    ]
    lines = [line(*one) for one in products_]
    for x, where in ((inside, f"pixel {inside}"), (0, "pixel 0")):
        seen = [(b, middle[x + p - 1]) for p, b in enumerate(SECOND) if x + p > 0]
        lines.append(line(f"Two layers, {where}, from the middle row", seen, chain[x]))
        seen = [(k, PIXELS[x + t - 2]) for t, k in enumerate(both) if x + t > 1]
        lines.append(line(f"The one layer, {where}", seen, single[x]))
    outside = along((0, *PIXELS), FIRST, 1)[0]  # what the first filter makes left of the row
    lost = [(SECOND[0], outside)]
    lines.append(
        line(
            "The difference at pixel 0: a weight of B, times what A makes left of the image",
            lost,
            single[0] - chain[0],
        )
    )
    tables = (
        table("X", [list(PIXELS)]),
        table("A", [list(FIRST)]),
        table("B", [list(SECOND)]),
        table("Middle row", [middle]),
    )
    return Worked(tables, tuple(lines))


def along(pixels: Sequence[int], taps: Sequence[int], margin: int) -> list[int]:
    """A filter along one row of pixels, by the oracle's loops.

    >>> along((1, 2, 3), (1, 0, -1), 1)
    [-2, -2, 2]
    """
    axis = Axis(len(pixels), len(taps), before=margin, after=margin)
    kernel: Tensor = {(v,): weight for v, weight in enumerate(taps)}
    image: Tensor = {(x,): pixel for x, pixel in enumerate(pixels)}
    run = convolve(kernel, image, "", "", "v", {}, {"v": axis})
    return [_whole(value) for value in run.output.values()]


def differences() -> list[tuple[str, list[int]]]:
    """For each pair of kernels, and each padding, the pixels at which two layers and one differ."""
    return [
        (label, [_differing(A, B, *pads) for pads in PADDINGS.values()])
        for label, (A, B) in PAIRS.items()
    ]


def _differing(A: Plane, B: Plane, first: int, last: int) -> int:
    both = zip(in_a_row(A, B, first, last), as_one(A, B, first, last), strict=True)
    return sum(one != other for rows in both for one, other in zip(*rows, strict=True))


def multiplied(A: Plane, B: Plane) -> Plane:
    """The product of two kernels as polynomials in two variables.

    >>> multiplied([[1, 1]], [[1, 1]])
    [[1, 2, 1]]
    """
    K = [[0] * (len(A[0]) + len(B[0]) - 1) for _ in range(len(A) + len(B) - 1)]
    for (u, a), (p, b) in product(enumerate(A), enumerate(B)):
        for (v, left), (q, right) in product(enumerate(a), enumerate(b)):
            K[u + p][v + q] += left * right
    return K


def in_a_row(A: Plane, B: Plane, first: int, last: int) -> Plane:
    """Two layers with these paddings on the lesson's image."""
    return filtered(filtered(IMAGE, A, first), B, last)


def as_one(A: Plane, B: Plane, first: int, last: int) -> Plane:
    """The layer with their product and both paddings at once."""
    return filtered(IMAGE, multiplied(A, B), first + last)


def filtered(image: Plane, kernel: Plane, margin: int) -> Plane:
    """One layer on a square image, by the oracle's loops."""
    side = len(image)
    axis = Axis(side, len(kernel), before=margin, after=margin)
    entries: Tensor = {(u, v): x for u, row in enumerate(kernel) for v, x in enumerate(row)}
    pixels: Tensor = {(y, x): p for y, row in enumerate(image) for x, p in enumerate(row)}
    run = convolve(entries, pixels, "", "", "uv", {}, {"u": axis, "v": axis})
    return [[_whole(run.output[y, x]) for x in range(axis.outputs)] for y in range(axis.outputs)]


def _whole(number: Number) -> int:
    return int(number)


def products(inputs: int, middle: int, outputs: int) -> Iterator[Product]:
    """Every product of weights in the kernel of two 3 × 3 layers with these channels."""
    taps = range(TAPS)
    for o, j, i in product(range(outputs), range(middle), range(inputs)):
        for u, v, p, q in product(taps, repeat=4):
            yield (o, i, u + p, v + q), (("A", j, i, u, v), ("B", o, j, p, q))


def costs() -> dict[str, object]:
    """Two 3 × 3 layers against one 5 × 5, at equal channels and on the opening layer."""
    weights = square(FAMILIES["standard"].parameters)
    equal = weights.xreplace({C_in: m, C_out: m})
    share = cancel(2 * equal.subs(n, TAPS) / equal.subs(n, BOTH))
    layer = read_layer()
    into, out = layer.channels_in, layer.channels_out
    stack = _weights(into, out, TAPS) + _weights(out, out, TAPS)
    whole = _weights(into, out, BOTH)
    widest = (whole - 1) // (_weights(into, 1, TAPS) + _weights(1, out, TAPS))
    return {
        "layer": layer_words(layer_facts(layer)),
        "channels": (into, out),
        "twice": int(2 * equal.subs({n: TAPS, m: 1})),
        "once": int(equal.subs({n: BOTH, m: 1})),
        "saved": round(100 * (1 - float(share))),
        "stack": stack,
        "whole": whole,
        "extra": round(100 * (stack / whole - 1)),
        "widest": widest,
        "stacked": derivative_rank(products(into, out, out)),
    }


def _weights(into: int, out: int, side: int) -> int:
    """Weights of a standard layer."""
    layer = read_layer(channels_in=into, channels_out=out, kernel=str(side))
    entry = FAMILIES["standard"]
    return Row(entry, entry.family, layer, ()).number("parameters")
