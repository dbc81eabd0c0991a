r"""Border pixels: how many windows reach over the edge of the image depends on padding, stride and slack, and never exceeds the number of windows; at all others the kind of padding makes no difference.

Along one axis let \(N\) be the number of windows and \(r\) the slack, the rows at the end that no window reaches. A window *leaves* the image if one of its taps reads outside. The windows that do are the first \(\lceil p^-/s \rceil\) and the last \(\lceil (p^+ - r)/s \rceil^+\), where \(t^+ = \max(t, 0)\), and their number is

\[b = \min\Bigl(N, \Bigl\lceil \frac{p^-}{s} \Bigr\rceil + \Bigl\lceil \frac{p^+ - r}{s} \Bigr\rceil^+\Bigr).\]

Kernel size and dilation enter only through \(N\) and \(r\). On two axes an output is untouched if its window leaves the image along neither, so that

\[H_{\mathrm{out}} W_{\mathrm{out}} - (H_{\mathrm{out}} - b_h)(W_{\mathrm{out}} - b_w)\]

outputs read padding. **At all others every kind of padding gives the same result.** For a \(3 \times 3\) layer of stride 1 with one pixel of padding they are the outer ring, \(2(H + W) - 4\) pixels of an image with \(H, W \ge 2\). A bias between the two stages of a vertical-first pair [is off](bias-defect.md) at \(H_{\mathrm{out}} b_w\) outputs, for almost every bias and row filter.

Hypotheses:
- sizes: \(H, k, s, d \ge 1\) and \(p^-, p^+ \ge 0\), any integers
- the slack: after the image the padding counts as \(p^+ - r\), not \(p^+\)
- the cap: there are no more than \(N\) windows, however large the padding

Use: Bound the outputs that anything at the border can reach: the kind of padding, a bias between two stages, a different order of the stages.
"""

from collections.abc import Iterator, Mapping
from itertools import product

from sympy import ceiling, Expr, floor, IndexedBase, Integer, Max, Sum

from derive import brute
from derive.algebra.windows import axis_of, number_of_windows, places, taken_out
from derive.families import standard
from derive.notation.axis import Axis
from derive.notation.letters import H, H_out, HEIGHT, letter, u, W, W_out, WIDTH
from derive.proof.cases import Box
from derive.proof.evidence import (
    Agree,
    Confirmed,
    Counterexample,
    Equivalent,
    Identity,
    SameSum,
    Uses,
)
from derive.proof.loops import extended, zero
from derive.proof.theorem import Dropped, Part, Sentence
from derive.second import border_pixels as second

number = "A4"
topic = "borders"


def proof() -> Iterator[Part | Sentence]:
    place, tap = places(standard.family)[0], letter("u'")
    axis, y = axis_of(HEIGHT), HEIGHT.pixel

    yield Part("One axis")
    yield (
        r"The places that the taps of a window read are in the order of the taps.",
        Equivalent(place - place.xreplace({u: tap}), u - tap),
    )
    yield (
        r"So a window lies on the image with all its taps if it does with the first and the last.",
        Confirmed(second.outer_taps),
    )
    slack, last = axis.slack.rewrite(floor), number_of_windows(axis) - 1
    yield (
        r"The first tap reads before the image if and only if \(s y < p^-\). The last one reads beyond it if and only if \(s(N - 1 - y) < p^+ - r\), because \(s(N - 1) = L - r\) makes \(s(N - 1 - y) - (p^+ - r)\) what lies between it and the last pixel.",
        Identity(
            taken_out(axis.stride * (last - y) - (axis.after - slack)),
            taken_out(axis.size - 1 - place.xreplace({u: axis.kernel - 1})),
        ),
    )
    yield (
        r"Window \(y\) therefore lies on the image if and only if \(\lceil p^-/s \rceil \le y < N - \lceil (p^+ - r)/s \rceil\).",
        Confirmed(second.inside),
    )
    yield (
        r"All but \(\min(N, \lceil p^-/s \rceil + \lceil (p^+ - r)/s \rceil^+)\) of the \(N\) windows are of that kind.",
        Confirmed(second.how_many),
    )

    yield Part("Two axes")
    rows, columns = IndexedBase("h"), IndexedBase("w")
    x = WIDTH.pixel
    tall, wide = (y, Integer(0), H_out - 1), (x, Integer(0), W_out - 1)
    yield (
        r"Let \(h_y\) be 1 if window \(y\) lies on the image along the height and 0 if not, and \(w_x\) the same along the width. An output reads padding if and only if \(1 - h_y w_x = 1\), and reads pixels of the image only, whatever lies outside, if that is 0. The sum over all outputs is \(H_{\mathrm{out}} W_{\mathrm{out}} - \sum_y h_y \sum_x w_x\), and the two sums are \(H_{\mathrm{out}} - b_h\) and \(W_{\mathrm{out}} - b_w\).",
        SameSum(
            Sum(1 - rows[y] * columns[x], tall, wide),
            H_out * W_out - Sum(rows[y], tall) * Sum(columns[x], wide),
        ),
    )
    yield (
        r"With \(k = 3\), \(s = 1\) and \(p = 1\), \(b = 2\) along each axis of at least 2 pixels: the outer ring.",
        Identity(touched(ring(H), ring(W)), 2 * (H + W) - 4),
    )
    yield (
        r"In a vertical-first pair the second stage pads the width only, and what a bias before it leaves is the same in every row: it may be other than zero in the \(b_w\) columns whose window leaves the image, so at \(H_{\mathrm{out}} b_w\) outputs.",
        Uses("bias-defect", "The defect"),
    )


def checks() -> Iterator[Sentence]:
    yield (
        "Windows, looked at tap by tap, agree.",
        Agree(
            lambda **axis: sum(leaving(loop(axis))),
            lambda **axis: formula(loop(axis)),
            Box(H=(1, 2, 5), k=(1, 2, 4), s=(1, 2, 3), d=(1, 2), before=(0, 1, 3), after=(0, 2)),
            Box(
                H=range(1, 11),
                k=range(1, 7),
                s=range(1, 6),
                d=range(1, 5),
                before=range(8),
                after=range(8),
            ),
        ),
    )
    other = brute.Axis(3, 2, before=1)
    yield (
        "Convolve two axes by loops, once with zeros outside and once with ones, all weights positive: as many outputs differ.",
        Agree(
            lambda **axis: different(loop(axis), other),
            lambda **axis: formula_of_two(loop(axis), other),
            Box(H=(1, 4), k=(1, 3), s=(1, 2), d=(1, 2), before=(0, 1), after=(1,)),
            Box(H=range(1, 7), k=(1, 2, 3), s=(1, 2, 3), d=(1, 2), before=range(4), after=range(4)),
        ),
    )


def sharpness() -> Iterator[Dropped]:
    even, tiny = brute.Axis(4, 3, 2, 1, 1, 1), brute.Axis(1, 3, 1, 1, 1, 1)
    yield (
        "the slack",
        r"\(H = 4\), \(k = 3\), \(s = 2\), \(p = 1\) has \(r = 1\): the last window ends with the image, and only the first one leaves it.",
        Counterexample(
            {"image": [1, 1, 1, 1]},
            {"windows that leave": sum(leaving(even)), "with r = 0": formula(even, slack=0)},
        ),
    )
    yield (
        "the cap",
        r"One pixel, \(k = 3\), \(p = 1\): the only window leaves the image on both sides.",
        Counterexample(
            {"image": [1]},
            {"windows that leave": sum(leaving(tiny)), "without the cap": sum(ends(tiny))},
        ),
    )


def ring(size: Expr) -> Axis:
    """The axis of a layer of kernel 3, stride 1 and padding 1."""
    return Axis(size, 3, before=1, after=1)


def touched(tall: Axis, wide: Axis) -> Expr:
    """Outputs that read padding, where the two ends of either axis do not meet."""
    inner = [
        axis.output
        - ceiling(axis.before / axis.stride)
        - Max(0, ceiling((axis.after - axis.slack) / axis.stride))
        for axis in (tall, wide)
    ]
    return tall.output * wide.output - inner[0] * inner[1]


def loop(axis: Mapping[str, int]) -> brute.Axis:
    """A case of a grid as an axis to run loops on."""
    return brute.Axis(*axis.values())


def leaving(axis: brute.Axis) -> list[bool]:
    """For every window, whether it reads outside the image with some tap."""
    return [
        any(not 0 <= axis.at(y, u) < axis.size for u in range(axis.kernel))
        for y in range(axis.outputs)
    ]


def ends(axis: brute.Axis, slack: int | None = None) -> tuple[int, int]:
    """What the formula says of the near and the far end."""
    room = axis.size + axis.before + axis.after - axis.dilation * (axis.kernel - 1) - 1
    after = axis.after - (room % axis.stride if slack is None else slack)
    return -(-axis.before // axis.stride), max(0, -(-after // axis.stride))


def formula(axis: brute.Axis, slack: int | None = None) -> int:
    """b = min(N, ⌈p⁻/s⌉ + ⌈(p⁺ - r)/s⌉⁺)."""
    return min(axis.outputs, sum(ends(axis, slack)))


def formula_of_two(tall: brute.Axis, wide: brute.Axis) -> int:
    """The same on two axes."""
    inner = (tall.outputs - formula(tall)) * (wide.outputs - formula(wide))
    return tall.outputs * wide.outputs - inner


def different(tall: brute.Axis, wide: brute.Axis) -> int:
    """Outputs of a kernel of ones that change when the zeros outside become ones."""
    image: brute.Tensor = dict.fromkeys(product(range(tall.size), range(wide.size)), 0)
    framed = image
    for number, axis in enumerate((tall, wide)):
        framed = extended(framed, number, axis.size, axis.before, axis.after, zero, outside=1)
    kernel: brute.Tensor = dict.fromkeys(product(range(tall.kernel), range(wide.kernel)), 1)
    grown = {tap: unpadded(axis) for tap, axis in zip("uv", (tall, wide), strict=True)}
    return sum(map(bool, brute.convolve(kernel, framed, "", "", "uv", {}, grown).output.values()))


def unpadded(axis: brute.Axis) -> brute.Axis:
    """The axis of the image with its padding, as an image of its own."""
    size = axis.size + axis.before + axis.after
    return brute.Axis(size, axis.kernel, axis.stride, axis.dilation)
