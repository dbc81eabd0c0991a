r"""Border pixels: how many windows reach over the edge of the image depends on padding, stride and slack, and never exceeds the number of windows; at all others the kind of padding makes no difference.

Along one axis let \(N\) be the number of windows and \(r\) the slack, the rows at the end that no window reaches. A window *leaves* the image if one of its taps reads outside. The windows that do are the first \($near\) and the last \($far\), where \(t^+\) is \(t\), or 0 if \(t\) is negative, and their number is

\[$count.\]

Kernel size and dilation enter only through \(N\) and \(r\). On two axes an output is untouched if its window leaves the image along neither, so that

\[$touched\]

outputs read padding. **At all others every kind of padding gives the same result.** For a \(3 \times 3\) layer of stride 1 with one pixel of padding they are the outer ring, \($ring\) pixels of an image with \($two\). A bias between the two stages of a vertical-first pair [is off](bias-defect.md) at \($off\) outputs, for almost every bias and row filter.

Hypotheses:
- sizes: \($sizes\) and \($paddings\), any integers
- the slack: after the image the padding counts as \(p^+ - r\), not \(p^+\)
- the cap: there are no more than \(N\) windows, however large the padding

Use: Bound the outputs that anything at the border can reach: the kind of padding, a bias between two stages, a different order of the stages.
"""

from derive import oracle
from derive.algebra.windows import axis_of
from derive.families import standard
from derive.proof.language import *

number = "A4"
topic = "borders"

N, s, before, after = ALONE.output, ALONE.stride, ALONE.before, ALONE.after
r, b, b_h, b_w = map(padding, ("r", "b", "b_h", "b_w"))

near = Claim(ceiling(before / s))
far = Claim(positive_part(ceiling((after - r) / s)))
count = Claim(b, "=", minimum(N, near.expr + far.expr))
touched = Claim(H_out * W_out - (H_out - b_h) * (W_out - b_w))
ring = Claim(2 * (H + W) - 4)
two = Claim((H, W), "≥", 2)
off = Claim(H_out * b_w)
sizes = Claim((H, ALONE.kernel, s, ALONE.dilation), "≥", 1)
paddings = Claim((before, after), "≥", 0)


def proof() -> Proof:
    place, tap = places(standard.family, (ALONE, WIDTH))[0], letter("u'")
    axis, y = axis_of(ALONE), ALONE.pixel

    yield Part("One axis")
    yield r"The places that the taps of a window read are in the order of the taps."
    yield Equivalent(place - place.xreplace({u: tap}), u - tap)
    yield r"So a window lies on the image with all its taps if it does with the first and the last."
    yield Confirmed("border_pixels.outer_taps")
    slack, last = axis.slack.rewrite(floor), number_of_windows(axis) - 1
    yield r"The first tap reads before the image if and only if \(s y < p^-\). The last one reads beyond it if and only if \(s(N - 1 - y) < p^+ - r\), because \(s(N - 1) = L - r\) makes \(s(N - 1 - y) - (p^+ - r)\) what lies between it and the last pixel."
    yield Equal(
        taken_out(axis.stride * (last - y) - (axis.after - slack)),
        taken_out(axis.size - 1 - place.xreplace({u: axis.kernel - 1})),
    )
    yield Domain(sizes, paddings)
    yield Establishes(sizes, paddings)
    yield r"Window \(y\) therefore lies on the image if and only if \(\lceil p^-/s \rceil \le y < N - \lceil (p^+ - r)/s \rceil\)."
    yield Confirmed("border_pixels.inside")
    yield r"All but \(\min(N, \lceil p^-/s \rceil + \lceil (p^+ - r)/s \rceil^+)\) of the \(N\) windows are of that kind."
    yield Confirmed("border_pixels.how_many")

    yield Part("Two axes")
    rows, columns = IndexedBase("h"), IndexedBase("w")
    x = WIDTH.pixel
    tall, wide = (y, Integer(0), H_out - 1), (x, Integer(0), W_out - 1)
    yield r"Let \(h_y\) be 1 if window \(y\) lies on the image along the height and 0 if not, and \(w_x\) the same along the width. An output reads padding if and only if \(1 - h_y w_x = 1\), and reads pixels of the image only, whatever lies outside, if that is 0. The sum over all outputs is \(H' W' - \sum_y h_y \sum_x w_x\), and the two sums are \(H' - b_h\) and \(W' - b_w\)."
    yield Equal(
        Sum(1 - rows[y] * columns[x], tall, wide),
        touched.expr.xreplace(
            {b_h: H_out - Sum(rows[y], tall), b_w: W_out - Sum(columns[x], wide)}
        ),
    )
    yield Establishes(touched)
    longer = {one.terms[0]: one.expr + padding(f"{one.terms[0]}_+") for one in two.each}
    yield r"With \(k = 3\), \(s = 1\) and \(p = 1\), \(b = 2\) along each axis of at least 2 pixels: the outer ring."
    yield Equal(of_a_ring().xreplace(longer), ring.expr.xreplace(longer))
    yield Establishes(ring)
    yield r"In a vertical-first pair the second stage pads the width only, and what a bias before it leaves is the same in every row: it may be other than zero in the \(b_w\) columns whose window leaves the image, so at \(H' b_w\) outputs."
    yield Uses("bias-defect", "The defect")


def sharpness() -> Proof:
    even, tiny = oracle.Axis(4, 3, 2, 1, 1, 1), oracle.Axis(1, 3, 1, 1, 1, 1)
    yield Without("the slack")
    yield r"\(H = 4\), \(k = 3\), \(s = 2\), \(p = 1\) has \(r = 1\): the last window ends with the image, and only the first one leaves it."
    yield Counterexample(
        {"image": [1, 1, 1, 1]},
        {"windows that leave": sum(leaving(even)), "with r = 0": at(count.expr, even, slack=0)},
    )
    yield Without("the cap")
    yield r"One pixel, \(k = 3\), \(p = 1\): the only window leaves the image on both sides."
    yield Counterexample(
        {"image": [1]},
        {
            "windows that leave": sum(leaving(tiny)),
            "without the cap": at(near.expr + far.expr, tiny),
        },
    )


def of_a_ring() -> Expr:
    """The outputs that read padding, of kernel 3, stride 1 and padding 1."""
    known: dict[Expr, Expr] = {}
    for image, outputs, border in ((H, H_out, b_h), (W, W_out, b_w)):
        axis = Axis(image, 3, before=1, after=1)
        own = {N: axis.output, s: axis.stride, r: axis.slack}
        known |= {
            outputs: axis.output,
            border: count.expr.xreplace(own | {before: axis.before, after: axis.after}),
        }
    return touched.expr.xreplace(known)


def leaving(axis: oracle.Axis) -> list[bool]:
    """For every window, whether it reads outside the image with some tap."""
    return [any(not axis.on_image(y, u) for u in range(axis.kernel)) for y in range(axis.outputs)]


def sizes_of(axis: oracle.Axis) -> dict[Any, Integer]:
    """What the formulas ask of an axis; the slack is what lies beyond the last tap."""
    last = axis.at(axis.outputs - 1, axis.kernel - 1)
    known = {N: axis.outputs, s: axis.stride, before: axis.before, after: axis.after}
    known[r] = max(0, axis.size + axis.after - 1 - last)
    return {symbol: Integer(number) for symbol, number in known.items()}


def at(expr: Expr, axis: oracle.Axis, slack: int | None = None) -> int:
    """What a formula says of an axis."""
    return int(expr.xreplace(sizes_of(axis) | ({} if slack is None else {r: Integer(slack)})))


def biased(tall: oracle.Axis, wide: oracle.Axis) -> int:
    """Outputs of a pair of ones at which a bias of 1 in the middle is not the bias folded."""
    first, last, image = (
        oracle.ones(1, *extents)
        for extents in ((1, tall.kernel), (1, wide.kernel), (tall.size, wide.size))
    )
    sides = oracle.biased_pair(first, last, image, [1], {"u": tall, "v": wide})
    return sum(one != other for one, other in zip(*sides, strict=True))
