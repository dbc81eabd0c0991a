"""The lesson on space and channels: filters that are multiples of one, the two shares of the cost,
and what a 1 × 1 convolution is.
"""

from collections.abc import Iterator
from fractions import Fraction

from sympy import cancel, Expr

from derive.algebra.exactness import Exactness
from derive.algebra.kernel import Kernel
from derive.catalogue import FAMILIES
from derive.comparison import Row
from derive.decide.verdict import decide
from derive.decide.width import minimal
from derive.facts.certificate import checked
from derive.notation.errors import CheckError
from derive.notation.layer import Layer
from derive.notation.letters import k_h, k_w, M, n
from derive.parse.layer import read_layer
from derive.render.latex import latex
from derive.site import at_work
from derive.site.by_hand import by_hand
from derive.site.heat import heat
from derive.site.pages.learn.course import facts_html
from derive.site.pages.learn.exercise import agreed, Exercise

FAMILY = "depthwise-separable"
LINE = FAMILIES[FAMILY].family
FILTERS = [[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], [[0, 1, 0], [1, -4, 1], [0, 1, 0]]]
MIX = [[1, 2], [-1, 1], [2, 0]]  # P[o][i]
OUTPUTS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
SIDES = (1, 3, 5, 7)
INPUTS = 16  # any number: it cancels in the shares
PLANES = [
    [[3, 1, 0, 2], [0, 2, 4, 1], [1, 5, 0, 0], [2, 0, 1, 3]],
    [[0, 2, 1, 1], [4, 0, 0, 3], [1, 1, 2, 0], [0, 3, 1, 1]],
    [[1, 0, 2, 0], [0, 1, 0, 2], [3, 0, 1, 0], [0, 2, 0, 4]],
]
WEIGHTS = [1, -1, 2]


def context() -> dict[str, object]:
    """The facts of the three figures, their still pictures, and what the multiplier does."""
    shares = [share(side, out) for side in SIDES for out in OUTPUTS]
    ratio = FAMILIES[FAMILY].macs.subs(M, 1) / FAMILIES["standard"].macs
    return {
        "mix": facts_html({"filters": FILTERS, "mix": MIX}),
        "shares": facts_html({"sides": SIDES, "outputs": OUTPUTS, "shares": shares}),
        "combination": facts_html({"planes": PLANES, "weights": WEIGHTS}),
        "filters": [heat(f"Filter of input {i}", one) for i, one in enumerate(FILTERS)],
        "made": [
            [
                heat(f"Output {o}, input {i}", times(weight, FILTERS[i]))
                for i, weight in enumerate(w)
            ]
            for o, w in enumerate(MIX)
        ],
        "planes": [heat(f"Channel {i}", plane) for i, plane in enumerate(PLANES)],
        "combined": heat("Their combination", combined(WEIGHTS)),
        "weights": WEIGHTS,
        "known": next(one for one in shares if (one["side"], one["outputs"]) == (3, 64)),
        "sides": SIDES,
        "ratio": latex(same_size(ratio)),
        "multipliers": list(multipliers()),
        "standard": _row("standard").number("parameters"),
        "condition": Exactness(LINE).words,
        "needed": needed(),
        "figure": at_work.figure(FAMILY),
        "hand": by_hand(FAMILY),
        "exercises": (cheaper(), unpadded()),
    }


def unpadded() -> Exercise:
    """Products of both layers on a small image without padding: from the lines, and by hand."""
    side, into, out, taps = 12, 3, 256, 5
    layer = read_layer(f"{side}x{side}", into, out, kernel=str(taps), padding="valid")
    whole, ours = (
        Row(FAMILIES[name], FAMILIES[name].family, layer, ((M, 1),)).number("multiplications")
        for name in ("standard", FAMILY)
    )
    left = side - taps + 1
    agreed(whole, out * taps**2 * into * left**2)
    first = into * taps**2 * left**2
    second = agreed(ours - first, out * into * left**2)
    return Exercise(
        f"An image of {side} × {side} × {into} becomes {left} × {left} × {out} with a"
        f" {taps} × {taps} kernel and no padding. How many multiplications does each layer take?",
        f"The standard layer {out}·{into}·{taps}²·{left}² = {whole:,}. The depthwise separable one"
        f" {into}·{taps}²·{left}² = {first:,} to filter and {out}·{into}·{left}² = {second:,} to"
        f" mix, {ours:,} in all: {whole / ours:.3g} times fewer.",
    )


def cheaper() -> Exercise:
    """The share of a layer's cost: by the sum of two fractions, and by counting products."""
    side, outputs, pixels = 5, 128, 32 * 32
    found = share(side, outputs)
    ours, whole = (
        Row(FAMILIES[name], FAMILIES[name].family, _layer(outputs, side), ((M, 1),)).number("macs")
        for name in (FAMILY, "standard")
    )
    total = Fraction(1, side**2) + Fraction(1, outputs)
    agreed(int(total * whole), ours, INPUTS * (side**2 + outputs) * pixels)
    return Exercise(
        f"{side} × {side} kernels and {outputs} outputs: which share of the standard layer's"
        " products is left?",
        f"1/{outputs} + 1/{side**2} = {found['total']}, so the layer is {found['times']} times"
        " cheaper. The number of inputs does not matter.",
    )


def same_size(ratio: Expr) -> Expr:
    """A ratio of costs for square kernels, common factors cancelled: the image is one."""
    return cancel(ratio).xreplace({k_h: n, k_w: n}).expand()


def times(weight: int, rows_: list[list[int]]) -> list[list[int]]:
    """A filter multiplied by a weight."""
    return [[weight * entry for entry in row] for row in rows_]


def combined(weights: list[int]) -> list[list[int]]:
    """The linear combination of the planes.

    >>> combined([0, 1, 0]) == PLANES[1]
    True
    """
    side = range(len(PLANES[0]))
    return [
        [sum(w * plane[y][x] for w, plane in zip(weights, PLANES, strict=True)) for x in side]
        for y in side
    ]


def share(side: int, outputs: int) -> dict[str, object]:
    """The cost of both stages as shares of the standard convolution's, exact and in figures."""
    values = {**_layer(outputs, side).values, M: 1}
    whole = int(FAMILIES["standard"].count.macs.at(values))
    ((_, stages),) = FAMILIES[FAMILY].count.stages
    parts = [Fraction(int(stage.products.xreplace(values)), whole) for stage in stages]
    total = sum(parts, Fraction(0))
    return {
        "side": side,
        "outputs": outputs,
        "parts": list(map(str, parts)),
        "percent": [float(100 * part) for part in parts],
        "total": str(total),
        "all": float(100 * total),
        "times": f"{float(1 / total):.3g}",
    }


def _layer(outputs: int, side: int) -> Layer:
    return read_layer(image="32x32", channels_in=INPUTS, channels_out=outputs, kernel=str(side))


def _row(name: str, multiplier: int = 1) -> Row:
    """A family on the layer of the first page."""
    entry = FAMILIES[name]
    return Row(entry, entry.family, read_layer(), ((M, multiplier),))


def multipliers() -> Iterator[dict[str, object]]:
    """Every multiplier on the layer of the first page, until all kernels are reached."""
    for multiplier in range(1, 9):
        row = _row(FAMILY, multiplier)
        yield {
            "M": multiplier,
            "weights": row.number("parameters"),
            "exact": row.exactness.brief,
        }
        if row.exactness.every_kernel:
            return


def needed() -> int:
    """The least multiplier of the kernel whose outputs each look at a tap of their own.

    Raises CheckError if a smaller one would do.
    """
    kernel = Kernel.by(lambda o, i, u, v: int(o == 3 * u + v), o=8, i=3, u=3, v=3)
    found = minimal(LINE, kernel)
    assert found
    verdict = decide(LINE, kernel, {M: found[M] - 1})
    checked(verdict)  # the separate checker agrees
    if verdict.word != "not exact":
        raise CheckError(f"multiplier {found[M]} is not the least")
    return found[M]
