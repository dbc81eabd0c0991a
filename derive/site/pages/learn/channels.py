"""The lesson on several channels: one kernel, two matrices, two ranks.

With several channels a pair of filters mixes channels at both of its stages, so the order of the
two decides which letters share a side of the matrix whose rank is the width (A1).
"""

from collections.abc import Callable, Mapping
from itertools import product
from random import Random

from sympy import IndexedBase

from derive.algebra.kernel import Kernel
from derive.algebra.matrix import Number
from derive.catalogue import FAMILIES, own
from derive.comparison import Row
from derive.notation.errors import CheckError
from derive.notation.letters import C_in, C_out, i, k_h, k_w, m, o, u, v
from derive.oracle import Axis, convolve, Factor, Index, pipeline, Tensor
from derive.parse.layer import read_layer
from derive.site.grids import grid
from derive.site.pages.learn.course import facts_html
from derive.site.pages.learn.exercise import agreed, Exercise
from derive.site.worked import line, table, Worked
from derive.theorems.asymmetric_rank import both_orders
from derive.theorems.order_gap import gap_kernel

Entry = Callable[..., Number]

SMALL, LARGE = 2, 3
MIX = ((1, 2), (3, 5))  # P[o, i] of the examples
FILTERS = (((1, 2), (2, 4)), ((1, -1), (1, 1)))  # D[i, u, v]: rank one, rank two
WINDOW = (((1, 2), (3, 4)), ((5, 6), (7, 8)))  # X[i][y][x] of the example by hand
PAIRWISE = {"o": 64, "i": 16, "u": 3, "v": 3}  # the tensors that are often multiplied pair by pair


def context() -> dict[str, object]:
    """The facts of the figure, its still picture and the numbers of the text."""
    shown = [preset(*one) for one in presets()]
    gap = both_orders(gap_kernel(C_out=LARGE, C_in=LARGE, k_h=LARGE, k_w=LARGE))
    return {
        "facts": facts_html({"presets": shown}),
        "kernel": grid("K", shown[0]["kernel"]),
        "ranks": shown[0]["ranks"],
        "gap": list(gap.values()),
        "mirror": mirror(),
        "pairwise": pairwise(),
        "by_hand": by_hand(),
        "exercises": (widest(),),
    }


def by_hand() -> Worked:
    """One pixel of the two outputs of the figure's first kernel, in one convolution and in either
    order; CheckError if loops make other numbers.
    """
    sizes = {"i": SMALL, "o": SMALL, "u": SMALL, "v": SMALL}
    entries: dict[Index, int] = {
        (o, i, u, v): int(o == u and i == v) for o, i, u, v in product(range(SMALL), repeat=4)
    }
    image: Tensor = {(i, y, x): WINDOW[i][y][x] for i, y, x in product(range(SMALL), repeat=3)}
    axes = {tap: Axis(SMALL, SMALL) for tap in "uv"}
    whole = convolve(entries, image, "i", "o", "uv", sizes, axes).output
    weights: dict[Index, int] = {(0, i, v): int(i == v) for i, v in product(range(SMALL), repeat=2)}
    down: dict[Index, int] = {(o, 0, u): int(o == u) for o, u in product(range(SMALL), repeat=2)}
    row: Factor = ("jiv", weights)
    column: Factor = ("oju", down)
    narrow = sizes | {"j": 1}
    middle = pipeline([row], image, "i", "j", narrow, axes | {"u": Axis(SMALL, 1)})
    if pipeline([row, column], image, "i", "o", narrow, axes).output != whole:
        raise CheckError("row filter first, one middle channel does not make the kernel")
    pixels = {y: middle.output[0, y, 0] for y in range(SMALL)}
    lines = [
        line(f"One convolution, output {o}", _taken(entries, o), _whole(whole[o, 0, 0]))
        for o in range(SMALL)
    ]
    lines += [
        line(
            f"Row filter first, its one middle channel in row {y}",
            [(weights[0, i, v], WINDOW[i][y][v]) for i, v in product(range(SMALL), repeat=2)],
            _whole(pixels[y]),
        )
        for y in range(SMALL)
    ]
    lines += [
        line(
            f"Then the column filter, output {o}",
            [(down[o, 0, u], _whole(pixels[u])) for u in range(SMALL)],
            _whole(whole[o, 0, 0]),
        )
        for o in range(SMALL)
    ]
    tables = (table(f"X, i = {i}", WINDOW[i]) for i in range(SMALL))
    return Worked(tuple(tables), tuple(lines))


def _taken(entries: Mapping[Index, int], o: int) -> list[tuple[int, int]]:
    """The products of one output whose weight is not 0."""
    return [
        (weight, WINDOW[i][u][v])
        for (out, i, u, v), weight in entries.items()
        if out == o and weight
    ]


def _whole(number: Number) -> int:
    return int(number)


def widest() -> Exercise:
    """The largest width that the other order can need: the bound, and a kernel that reaches it."""
    out, into, tall, wide = 4, 2, 3, 3
    ranks = both_orders(gap_kernel(C_out=out, C_in=into, k_h=tall, k_w=wide))
    most = agreed(ranks["column filter first"], min(out, tall) * min(into, wide))
    agreed(ranks["row filter first"], 1)
    return Exercise(
        f"{into} → {out} channels, {tall} × {wide}: a kernel needs one middle channel if the row"
        " filter comes first. How many can it need, column filter first?",
        f"Up to min({out}, {tall})·min({into}, {wide}) = {most}. The kernel"
        r" \([o = u]\,[i = v]\) needs that many.",
    )


def mirror() -> dict[str, object]:
    """A kernel whose two ranks differ by the second bound of A1 where the first one is 1.

    >>> mirror()["ranks"], mirror()["bounds"]
    ([1, 3], [1, 3])
    """
    sizes = {"o": LARGE, "i": 1, "u": 1, "v": LARGE}
    kernel = Kernel.by(lambda o, i, u, v: int(o == v), **sizes)
    out, into, tall, wide = sizes.values()
    bounds = [min(out, tall) * min(into, wide), min(out, wide) * min(into, tall)]
    return {"sizes": sizes, "ranks": list(both_orders(kernel).values()), "bounds": bounds}


def presets() -> list[tuple[str, str, int, Entry]]:
    """Kernels to start from: label, words, size of every letter, entries."""
    random = Random(6)  # noqa: S311
    noise = {n: random.randint(-2, 2) for n in range(SMALL**4)}

    def gap(o: int, i: int, u: int, v: int) -> int:
        return int(o == u and i == v)

    return [
        ("[o = u] [i = v]", "row first needs only one middle channel", SMALL, gap),
        (
            "[o = v] [i = u]",
            "its mirror image: now column first needs only one",
            SMALL,
            lambda o, i, u, v: gap(o, i, v, u),
        ),
        (
            "one filter, mixed",
            "every pair of channels has the same rank-one filter, times a number",
            SMALL,
            lambda o, i, u, v: MIX[o][i] * FILTERS[0][u][v],
        ),
        (
            "depthwise separable",
            "one filter for every input channel, then a mix",
            SMALL,
            lambda o, i, u, v: MIX[o][i] * FILTERS[i][u][v],
        ),
        (
            "noise",
            "whole numbers drawn at random",
            SMALL,
            lambda o, i, u, v: noise[8 * o + 4 * i + 2 * u + v],
        ),
        ("3 × 3, three channels", "[o = u] [i = v] again, with three of everything", LARGE, gap),
    ]


def preset(label: str, words: str, size: int, entry: Entry) -> dict[str, object]:
    """A kernel with its ranks in either order and what a middle channel costs."""
    kernel = Kernel.by(entry, o=size, i=size, u=size, v=size)
    sizes = {C_in: size, C_out: size, k_h: size, k_w: size}
    return {
        "label": label,
        "words": words,
        "kernel": kernel.nested,
        "ranks": list(both_orders(kernel).values()),
        "weights": [
            int(FAMILIES[name].parameters.xreplace({**sizes, m: 1}))
            for name in ("asymmetric", "asymmetric-horizontal-first")
        ],
        "whole": int(FAMILIES["standard"].parameters.xreplace(sizes)),
    }


def pairwise() -> dict[str, object]:
    """What the product of [64, 16, 3, 1] and [64, 16, 1, 3], pair by pair, is as a layer.

    >>> pairwise()["ranks"], pairwise()["middle"]
    ([48, 48], 1024)
    """
    A, B = IndexedBase("A"), IndexedBase("B")
    layer = read_layer(channels_in=PAIRWISE["i"], channels_out=PAIRWISE["o"])
    entry = own(A[o, i, u], B[o, i, v])
    row = Row(entry, entry.family, layer, ())
    pixels = int(layer.axes[0].output * layer.axes[1].output)
    kernel = drawn()
    ranks = list(both_orders(kernel).values())
    chain = FAMILIES["asymmetric"].parameters.xreplace({**layer.values, m: ranks[0]})
    return {
        "shapes": [[PAIRWISE[x] for x in "oi"] + side for side in ([3, 1], [1, 3])],
        "weights": row.number("parameters"),
        "whole": int(FAMILIES["standard"].parameters.xreplace(layer.values)),
        "ranks": ranks,
        "chain": int(chain),
        "middle": int(row.stages[0][1].outputs.xreplace(row.values)) // pixels,
        "products": row.number("macs") // pixels,
    }


def drawn() -> Kernel:
    """A kernel of rank one for every pair of channels, with whole numbers drawn at random."""
    random = Random(64)  # noqa: S311
    columns, rows = (
        {
            (a, b): [random.randint(-9, 9) for _ in range(3)]
            for a in range(PAIRWISE["o"])
            for b in range(PAIRWISE["i"])
        }
        for _ in range(2)
    )
    return Kernel.by(lambda o, i, u, v: columns[o, i][u] * rows[o, i][v], **PAIRWISE)
