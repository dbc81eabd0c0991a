r"""Composition: two convolutions in a row are one convolution whose kernel is the product of theirs as polynomials, except at borders.

Along one axis let the first layer have \(k_1\) taps, stride \(s_1\), dilation \(d_1\) and padding \(p_1^\pm\), and the second \(k_2, s_2, d_2, p_2^\pm\). Write a kernel as a polynomial, \($polynomial\). Together they are the layer of stride \($stride\) and padding \($margins\), with the kernel

\[$kernel,\]

and its output size is exactly theirs, provided the first layer has an output, \($output\). With several channels these are polynomials of matrices, multiplied in this order. In the plane it holds for each axis.

**Borders.** With zero padding, the two layers are the one on every image and for all weights if and only if no window of the second that leaves the middle image would see a pixel through the first: for all \(y\), \(v\) with \($place\) outside \([0, N_1)\) and all \(u\), the place \($pixel\) is outside \([0, H)\). It is enough that on the side before the image

\[$bare \quad\text{or}\quad $wide,\]

and on the side after it likewise: the second layer is unpadded there, or the first one is *full*. If all strides and dilations are 1 (and \($outputs_of_both\)) this is also necessary.

**Other paddings.** Let the first layer have stride 1 and "same" padding, and let the second and the one layer use the same kind of padding. Circular padding is exact. Padding that mirrors the image, with the border pixel repeated (symmetric) or not (reflect, which takes at least two pixels), is exact if \(A\) is a palindrome and padded equally on both sides. In general neither is exact for other \(A\), and padding that repeats the border pixel (replicate) is not even for palindromes.

**Dimension.** With one channel throughout and strides and dilations 1 a kernel in the plane is such a composition exactly if its polynomial, in two variables, is a product of two of the right degrees or less. The compositions of an \(a \times b\) and a \(c \times d\) kernel have \($freedom\) [degrees of freedom](dimension.md), in the \($entries\) entries of the result: \($missing\) fewer. Two \(3 \times 3\) kernels have 17 of 25, so a generic \(5 \times 5\) kernel is no composition of two \(3 \times 3\). For an \(n \times 1\) and a \(1 \times n\) kernel \($square\) are missing: the kernels of rank 1. None are missing only if one kernel is a single number or both lie along the same axis.

**One axis.** There, with one channel throughout and \($some\), every real kernel of length \($odd\) is a composition of \(\ell\) kernels of length 3, and every one of length \($even\) of \($fewer\) of length 3 and one of length 2.

Hypotheses:
- middle image: the first layer has an output, \($output\)
- linear layers: no activation between the two, no bias in the first
- unpadded or full: with zero padding, on each side the second layer is unpadded or the first is full
- palindrome: with mirrored padding, the first kernel reads the same backwards
- mirrored or circular: other padding than zero is circular or mirrors the image
- one channel: for the dimension and on one axis, the two layers have one channel at either end and between
- length 2: on one axis, the long kernel has at least two taps
- real weights: on one axis, the short kernels may have real entries
- length 3: on one axis, the short kernels may have length 3, not 2

Use: Fuse two linear convolutions if the second is unpadded or the first is full; do not expect two 3 × 3 layers of one channel to replace a 5 × 5 one.

Source: Kohn, Merkh, Montúfar, Trager (2022), Geometry of Linear Convolutional Networks, SIAM Journal on Applied Algebra and Geometry, arXiv 2108.01538; Kohn, Montúfar, Shahverdi, Trager (2023), Function Space and Critical Points of Linear Convolutional Networks, arXiv 2304.05752
"""

from functools import partial

from flint import fmpz_poly
from sympy import degree, factor_list

from derive import oracle
from derive.algebra.jacobian import derivative_rank, Product
from derive.families import standard
from derive.notation.axis import Axis
from derive.notation.convolution import Stage
from derive.oracle import PADDINGS
from derive.proof.language import *

number = "T13"
topic = "stacking"


def margin(layer: str, side: str) -> Quantity:
    """The padding of a layer before it, after it, or either of the two."""
    names = {"-": f"p_{layer}", "+": f"p_{layer}_after", r"\pm": f"p_{layer}_either"}
    return Quantity(names[side], f"p_{{{layer}}}^{side}")


k_1, s_1, d_1, N_1 = map(size, ("k_1", "s_1", "d_1", "N_1"))
k_2, s_2, d_2, N_2 = map(size, ("k_2", "s_2", "d_2", "N_2"))
p_1, p_2, either_1, either_2 = (margin(n, side) for side in ("-", r"\pm") for n in "12")
height, width, height_2, width_2 = map(size, "abcd")
z, y = letter("z"), HEIGHT.pixel
A, B = map(IndexedBase, "AB")
A_of, B_of, K_of = (sequence(name, f"{name}(%s)", commutative=False) for name in "ABK")
ell = Quantity("ell", r"\ell", integer=True, positive=True)
counted = Quantity("counted", r"\text{counted}")

polynomial = Claim(A_of(z), "=", Sum(A[u] * z**u, (u, 0, k_1 - 1)))
stride = Claim(s_1 * s_2)
margins = Claim(either_1 + s_1 * either_2)
kernel = Claim(K_of(z), "=", B_of(z ** (s_1 * d_2)) * A_of(z**d_1))
output = Claim(N_1, "≥", 1)
place = Claim(t, "=", s_2 * y + d_2 * v - p_2)
pixel = Claim(s_1 * t + d_1 * u - p_1)
bare = Claim(p_2, "=", 0)
wide = Claim(p_1, "≥", d_1 * (k_1 - 1))
outputs_of_both = Claim((N_1, N_2), "≥", 1)
freedom = Claim(height * width + height_2 * width_2 - 1)
entries = Claim((height + height_2 - 1) * (width + width_2 - 1))
missing = Claim((height - 1) * (width_2 - 1) + (height_2 - 1) * (width - 1))
square = Claim((n - 1) ** 2)
some = Claim(ell, "≥", 1)
odd = Claim(2 * ell + 1)
even = Claim(2 * ell)
fewer = Claim(ell - 1)


def proof() -> Iterator[Part | Sentence]:
    first, last = layer(1), layer(2)

    yield Part("Kernel")
    yield step(
        r"Put the first layer into the second, on images without borders. Tap \(v\) of the second and tap \(u\) of the first read place \(s_1 (s_2 y + d_2 v - p_2^-) + d_1 u - p_1^-\): the layer of stride \(s_1 s_2\) and padding \(p_1^- + s_1 p_2^-\) reads it with its tap \(d_1 u + s_1 d_2 v\). So \(K_t\) is the sum of \(B_v A_u\) over \(d_1 u + s_1 d_2 v = t\), which is how powers of \(z\) multiply in \(B(z^{s_1 d_2}) A(z^{d_1})\); the sum over the middle channel makes it a product of matrices, \(B\) on the left.",
        Equal(in_a_row((HEIGHT,)), as_one((HEIGHT,))),
        establishes=(stride, margins),
    )
    yield ("In the plane every axis does this for itself.", Equal(in_a_row(PLANE), as_one(PLANE)))
    one = fused(first.axis, last.axis)
    yield (
        r"A layer has \(\max(0, \lfloor L/s \rfloor + 1)\) outputs, where \(L\) is how far its first window can move. With \(L_1\), \(L_2\) for the two layers, the one layer has \(L = L_1 + s_1 (L_2 - (N_1 - 1))\).",
        Equal(one.room, first.axis.room + s_1 * (last.axis.room - (N_1 - 1))),
    )
    q, r_1, r_2, e_1, e_2 = letter("q"), *map(padding, ("r_1", "r_2", "e_1", "e_2"))
    yield step(
        r"Divide: \(L_1 = s_1 (N_1 - 1) + r_1\), as \(N_1 \ge 1\), and \(L_2 = s_2 q + r_2\). Then \(L = s_1 s_2\, q + (s_1 r_2 + r_1)\), where the bracket is less than \(s_1 s_2\), as \(r_1 < s_1\) and \(r_2 < s_2\). So the one layer has \(\max(0, q + 1)\) outputs, like the second.",
        {
            "quotient": Equal(
                (s_1 * (N_1 - 1) + r_1) + s_1 * (s_2 * q + r_2 - (N_1 - 1)),
                s_1 * s_2 * q + (s_1 * r_2 + r_1),
            ),
            "remainder": Positive(
                (s_1 * s_2 - (s_1 * r_2 + r_1)).xreplace({s_1: r_1 + 1 + e_1, s_2: r_2 + 1 + e_2})
            ),
        },
        Domain(output),
        establishes=output,
    )

    yield Part("Borders")
    yield step(
        r"Now let the middle image end, with zeros around it. The one layer exceeds the two by the terms in which window \(y\) and tap \(v\) of the second read a place \(t\) outside the middle image. For one output these are different products \(B_v A_u X_a\), so that nothing cancels: the excess is zero for all weights and images if and only if every \(a = s_1 t + d_1 u - p_1^-\) in it lies outside the image.",
        Equal(
            as_one((HEIGHT,)),
            in_a_row((HEIGHT,), brackets=True) + excess(),
            supports={X: (None, first.axis.size)},
        ),
        Equal(last.reads, place.expr),
        Equal(first.reads.xreplace({y: t}), pixel.expr),
        establishes=(place, pixel),
    )
    yield from unpadded(last)
    yield from full(first)
    yield from necessary(first, last)

    yield Part("Other paddings")
    yield (
        r"Extend \(X\) to all integers as the padding says, and let \(A X\) be the first layer on this extension. By the first part the one layer is the second on \(A X\). The two layers are the second on the extension of what \(A X\) is on the image. So they agree if \(A X\) is its own extension.",
        Equal(in_a_row((HEIGHT,)), as_one((HEIGHT,))),
    )
    yield from other_paddings(first)

    yield Part("Dimension")
    yield from dimension()

    yield Part("One axis")
    yield (
        "A real polynomial splits over the complex numbers into linear factors; those that are not real come in conjugate pairs.",
        Cited("the fundamental theorem of algebra"),
    )
    x_0, y_0 = Symbol("x_0", real=True), Symbol("y_0", real=True)
    yield step(
        r"Such a pair multiplies to a real quadratic, and so do any two real factors: a polynomial of degree \(2q\) is a product of \(q\) real quadratics, one of degree \(2q + 1\) of \(q\) quadratics and a linear one. A kernel of length \(2\ell + 1\) has degree at most \(2\ell\), hence at most \(\ell\) such factors; one of length \(2\ell\) has degree at most \(2\ell - 1\), hence at most \(\ell - 1\) quadratics and one linear factor. Missing factors are 1, and the zero kernel is trivially a composition. A factor is a kernel of length 3 or 2, if need be with zeros at its end, and compositions are products.",
        Equal((z - x_0 - I * y_0) * (z - x_0 + I * y_0), z**2 - 2 * x_0 * z + x_0**2 + y_0**2),
        Equal(odd.expr, (3 - 1) * ell + 1),
        Equal(even.expr, (3 - 1) * fewer.expr + (2 - 1) + 1),
        Domain(some),
        establishes=(odd, even, fewer, some),
    )


def unpadded(layer: "Layer") -> Iterator[Sentence]:
    """Where the second layer is unpadded no window leaves the middle image."""
    axis = layer.axis
    r_2, rows, taps = padding("r_2"), padding("y_+"), padding("v_+")
    yield step(
        r"If the second layer is unpadded before the image, no place \(t\) lies before it.",
        Positive(layer.reads.xreplace({axis.before: bare.expr}) + 1, {y: 0, v: 0}),
        establishes=bare,
    )
    last = {y: N_2 - 1 - rows, v: axis.kernel - 1 - taps, axis.after: Integer(0)}
    middle = axis.size + axis.stride * (N_2 - 1) + r_2 - axis.room
    yield (
        r"If it is unpadded after the image, none lies after it: \(N_2\) windows and a remainder \(r_2\) fit, which makes \(N_1 - t\) positive for the window \(N_2 - 1 - y_+\) and the tap \(k_2 - 1 - v_+\).",
        Positive((middle - layer.reads).xreplace(last)),
    )


def full(layer: "Layer") -> Iterator[Sentence]:
    """Where the first layer is full, a place beside the middle image sees nothing of the image."""
    axis = layer.axis
    beyond, more, taps, r_1, e_1 = map(padding, ("t_+", "e", "u_+", "r_1", "e_1"))
    enough = wide.expr + more
    left = {HEIGHT.pixel: -1 - beyond, layer.tap: axis.kernel - 1 - taps, axis.before: enough}
    yield step(
        r"If the first layer is full before the image, a place \(t = -1 - t_+\) sees nothing: even the tap \(k_1 - 1 - u_+\) reads a place before the image, as \(p_1^- = d_1 (k_1 - 1) + e\).",
        Positive(-layer.reads.xreplace(left)),
        establishes=wide,
    )
    pixels = axis.size + axis.stride * (N_1 - 1) + r_1 - axis.room
    right = {HEIGHT.pixel: N_1 + beyond, axis.after: enough}
    yield (
        r"If it is full after the image, a place \(t = N_1 + t_+\) sees nothing either: \(H\) pixels take \(N_1\) windows and leave a remainder \(r_1 < s_1\), so that every tap \(u\) reads beyond the last pixel, \(H - 1\).",
        Positive(
            (layer.reads - (pixels - 1)).xreplace(right).xreplace({axis.stride: r_1 + 1 + e_1}),
            {layer.tap: 0},
        ),
    )


def necessary(first: "Layer", last: "Layer") -> Iterator[Sentence]:
    """With strides and dilations 1 nothing less is enough."""
    one, two = first.still, last.still
    middle, windows = one.axis.room + 1, two.axis.room + 1
    yield step(
        r"Conversely let all strides and dilations be 1. The places \(y + v - p_2^-\) are all integers from \(-p_2^-\) to \(N_1 - 1 + p_2^+\). So the place \(-1\) is among them if the second layer is padded before, and \(N_1\) if it is padded after.",
        Equal(
            two.reads.xreplace({y: windows - 1, two.tap: two.axis.kernel - 1}),
            two.axis.size - 1 + two.axis.after,
        ),
        Domain(outputs_of_both),
        establishes=outputs_of_both,
    )
    k_1, before, after = one.axis.kernel, one.axis.before, one.axis.after
    yield (
        r"Through the first layer the place \(-1\) covers all integers up to \((k_1 - 1 - p_1^-) - 1\), from a negative one on: it sees pixel 0 unless \(p_1^- \ge k_1 - 1\).",
        Equal(
            one.reads.xreplace({HEIGHT.pixel: Integer(-1), one.tap: k_1 - 1}),
            (k_1 - 1 - before) - 1,
        ),
    )
    yield (
        r"And \(N_1\) covers all integers from \(H - (k_1 - 1 - p_1^+)\) on, past the image: it sees pixel \(H - 1\) unless \(p_1^+ \ge k_1 - 1\).",
        Equal(
            one.reads.xreplace({y: middle, one.tap: Integer(0)}), one.axis.size - (k_1 - 1 - after)
        ),
    )


def other_paddings(first: "Layer") -> Iterator[Sentence]:
    """Which extensions are those of their own restriction after a filter."""
    axis, mirror = first.axis, letter("c")
    half = axis.dilation * (axis.kernel - 1) / 2
    same = {axis.stride: Integer(1), axis.before: half, axis.after: half}
    yield (
        r'"Same" padding leaves as many middle pixels as pixels: \(p_1^- + p_1^+ = d_1 (k_1 - 1)\).',
        Equal(axis.room.xreplace(same) + 1, axis.size),
    )
    yield (
        r"Circular padding: the extension is what has period \(H\). A window \(H\) further on reads \(H\) places further on, so \(A X\) has this period too.",
        Equal(
            first.reads.xreplace({axis.stride: Integer(1), y: y + axis.size}),
            first.reads.xreplace({axis.stride: Integer(1)}) + axis.size,
        ),
    )
    flipped = {y: mirror - y, first.tap: axis.kernel - 1 - first.tap}
    yield (
        r"Mirrored padding: the extension is what is the same at \(t\) and at \(c - t\), for \(c = -1\) and \(c = 2H - 1\) if border pixels are repeated, else for \(c = 0\) and \(c = 2H - 2\). Tap \(k_1 - 1 - u\) at window \(c - t\) reads the mirror image of what tap \(u\) reads at window \(t\), the same pixel; and their weights are equal, for \(A\) is a palindrome. So \(A X\) is the same at \(t\) and \(c - t\) too.",
        Equal(first.reads.xreplace(same).xreplace(flipped), mirror - first.reads.xreplace(same)),
    )


def dimension() -> Iterator[Sentence]:
    """Degrees of freedom of the compositions of two kernels in the plane."""
    a, b, c, d = height, width, height_2, width_2
    lam, mu = Symbol("lambda"), Symbol("mu")
    both = as_one(PLANE)
    one, two = (layer(which, PLANE).stage.factor for which in (1, 2))
    one = one.xreplace({o: j})
    yield (
        r"Without stride and dilation \(K(z, w) = B(z, w) A(z, w)\). The derivative in the direction \((\lambda A, \mu B)\) is \((\lambda + \mu) A B\), zero for \(\mu = -\lambda\): it never has a rank above \(ab + cd - 1\).",
        Equal(both.xreplace({one: lam * one}) + both.xreplace({two: mu * two}), (lam + mu) * both),
    )
    places = a * b + c * d - shared((0, a), (a - 1, a - 1 + c)) * shared((0, b), (b - 1, b - 1 + d))
    yield step(
        r"Where \(A = z^{a-1} w^{b-1}\) and \(B = 1\), the derivative sends \((A', B')\) to \(A' + z^{a-1} w^{b-1} B'\). The entries of \(A'\) become entries of the result at \([0, a) \times [0, b)\), those of \(B'\) at \([a - 1, a - 1 + c) \times [b - 1, b - 1 + d)\): its rank is the number of places in the two boxes, which share one.",
        Equal(places, freedom.expr),
        establishes=freedom,
    )
    codimension = entries.expr - freedom.expr
    yield step(
        "So this is the largest rank that the derivative takes, which is the dimension of what a polynomial map fills; what is missing is the difference.",
        Equal(codimension, missing.expr),
        establishes=(entries, missing),
    )
    numbers = dict.fromkeys((a, b, c, d), Integer(3))
    yield (
        r"Two \(3 \times 3\) kernels have 17 degrees of freedom in the 25 entries of the result, so almost no \(5 \times 5\) kernel is a composition of two.",
        Equal(
            {
                "formula": (int(freedom.expr.xreplace(numbers)), 17),
                "rank of the derivative at a random point": (
                    derivative_rank(products(3, 3, 3, 3)),
                    17,
                ),
                "entries": (len({entry for entry, _ in products(3, 3, 3, 3)}), 25),
            }
        ),
    )
    yield step(
        r"For an \(n \times 1\) and a \(1 \times n\) kernel \((n - 1)^2\) are missing.",
        Equal(codimension.xreplace({a: n, b: Integer(1), c: Integer(1), d: n}), square.expr),
        establishes=square,
    )
    yield step(
        "Neither product is negative, so none are missing only if both vanish: a or d is 1, and b or c is. That is a kernel of a single number, or two kernels along the same axis.",
        {
            "a, d > 1": Positive(codimension, {a: 2, b: 1, c: 1, d: 2}),
            "b, c > 1": Positive(codimension, {a: 1, b: 2, c: 2, d: 1}),
        },
    )


def sharpness() -> Iterator[Dropped]:
    ones = [1, 1]
    _, *counted = outputs(H=1, k_1=2, k_2=2, d_1=2, before_2=1, after_2=1)
    yield (
        "middle image",
        r"One pixel, two taps with dilation 2, no padding: the first layer has no output. The second, two taps and a zero all round, makes one of nothing; the one layer, with four taps, has none.",
        Counterexample({"A": ones, "B": ones}, dict(zip(KINDS, counted, strict=True))),
    )
    last, first = [0, 0, 1], [1, 0, 0]
    yield (
        "unpadded or full",
        'One pixel, two layers with three taps and "same" padding: what the first moves out of the image is lost to the second, but the one layer, with five taps, sees it.',
        Counterexample({"A": last, "B": first, "X": [1]}, moved(last, first, [1], "zero")),
    )
    yield (
        "palindrome",
        "Three pixels, reflect padding: the same two kernels move the image one pixel to and fro.",
        Counterexample(
            {"A": last, "B": first, "X": [1, 2, 4]}, moved(last, first, [1, 2, 4], "reflect")
        ),
    )
    yield (
        "palindrome",
        "Two pixels, symmetric padding: the same.",
        Counterexample(
            {"A": last, "B": first, "X": [1, 2]}, moved(last, first, [1, 2], "symmetric")
        ),
    )
    both = [1, 0, 1]
    yield (
        "mirrored or circular",
        r"Two pixels, replicate padding, a palindrome: at the first pixel the two layers give \(X_0 + X_1\) and the one \(2 X_0\).",
        Counterexample(
            {"A": both, "B": first, "X": [1, 2]}, moved(both, first, [1, 2], "replicate")
        ),
    )
    yield (
        "one channel",
        r"Two \(3 \times 3\) layers of two channels throughout: mixing the middle channels in between and undoing it costs four degrees of freedom, not one.",
        Counterexample(
            {}, {"dimension": derivative_rank(layered(2)), "weights less one": 2 * 2**2 * 3**2 - 1}
        ),
    )
    quartic = [1, 0, 0, 0, 1]
    yield (
        "real weights",
        r"\((1, 0, 0, 0, 1)\) is a composition of \((1, \sqrt2, 1)\) and \((1, -\sqrt2, 1)\), but of no shorter kernels with rational entries.",
        Counterexample(
            {"K": quartic, "A": ["1", "√2", "1"], "B": ["1", "-√2", "1"]},
            {
                "lengths over the rationals": lengths(fmpz_poly(quartic)),
                "lengths over the real numbers": real_lengths(quartic, sqrt(2)),
            },
        ),
    )
    yield (
        "length 3",
        r"\((1, 0, 1)\) is no composition of two real kernels of length 2: for \((a + bz)(c + dz)\) the discriminant \(K_1^2 - 4 K_0 K_2\) is \((ad - bc)^2\), never negative.",
        Counterexample(
            {"K": both},
            {
                "discriminant of the kernel": discriminant(both),
                "least one of compositions with entries -3 to 3": least_discriminant(3),
            },
        ),
    )


KINDS = ("two layers", "one layer")
MIRRORED = ("symmetric", "reflect")
OTHER = (*MIRRORED, "circular", "replicate")


@dataclass(frozen=True)
class Layer:
    """A standard layer with symbols of its own, and its geometry along the first axis."""

    stage: Stage
    axis: Axis
    tap: Symbol

    @property
    def reads(self) -> Expr:
        """The place that a window's tap reads."""
        return self.stage.source.indices[-1]

    @property
    def still(self) -> "Layer":
        """The same with stride and dilation 1."""
        ones = {self.axis.stride: Integer(1), self.axis.dilation: Integer(1)}
        axis = replace(self.axis, stride=1, dilation=1)
        return Layer(renamed(self.stage, ones), axis, self.tap)


def layer(which: int, directions: tuple[Direction, ...] = (HEIGHT,)) -> Layer:
    """The first or second of two standard layers, as the book derives it from the family."""
    names = numbered(which, directions)
    d = directions[0]
    fields = (d.input, d.kernel, d.stride, d.dilation, d.before, d.after)
    return Layer(
        renamed(single(directions), names), Axis(*(names.get(x, x) for x in fields)), names[d.tap]
    )


def single(directions: tuple[Direction, ...]) -> Stage:
    """The standard layer on an image with these axes."""
    family = standard.family.on(tuple(d.tap for d in directions))
    assert family is not None, "a standard layer exists on every image"
    (stage,) = stages(family, directions)
    return stage


def numbered(which: int, directions: tuple[Direction, ...]) -> dict[Basic, Basic]:
    """Symbols of their own: the first reads X and writes Z, N_1 long, which the second reads."""
    weight = standard.family.factors[0].base
    names: dict[Basic, Basic] = {weight: IndexedBase("AB"[which - 1])}
    names |= {Y: IndexedBase("Z"), C_out: m} if which == 1 else {X: IndexedBase("Z"), i: j, C_in: m}
    for d in directions:
        axis = d.kernel.name[-1] if len(directions) > 1 else ""
        names |= {
            d.tap: d.tap if which == 1 else later(d.tap, directions),
            d.kernel: size(f"k_{axis}{which}"),
            d.stride: size(f"s_{axis}{which}"),
            d.dilation: size(f"d_{axis}{which}"),
            d.before: margin(f"{axis}{which}", "-"),
            d.after: margin(f"{axis}{which}", "+"),
            (d.output if which == 1 else d.input): size(f"N_{axis}1"),
        }
    return names


def later(tap: Symbol, directions: tuple[Direction, ...]) -> Symbol:
    """The tap letter of the second layer."""
    return v if len(directions) == 1 else letter(f"{tap}'")


def renamed(stage: Stage, names: Mapping[Basic, Basic]) -> Stage:
    """A stage in other symbols."""
    return replace(
        stage,
        factor=stage.factor.xreplace(names),
        source=stage.source.xreplace(names),
        target=stage.target.xreplace(names),
        value=stage.value.xreplace(names),
        domain=tuple((x.xreplace(names), extent.xreplace(names)) for x, extent in stage.domain),
    )


def in_a_row(directions: tuple[Direction, ...], *, brackets: bool = False) -> Expr:
    """The second layer of the first."""
    return compose(tuple(layer(which, directions).stage for which in (1, 2)), brackets=brackets)


def as_one(directions: tuple[Direction, ...]) -> Expr:
    """The standard layer of the theorem: its strides and paddings, and its taps by pairs."""
    return Sum(*whole(directions))


def excess() -> Expr:
    """The terms of the one layer in which the second reads a place outside the middle image."""
    summand, *limits = whole((HEIGHT,))
    last = layer(2)
    return Sum((1 - Within(last.reads, last.axis.size)) * summand, *limits)


def whole(directions: tuple[Direction, ...]) -> tuple[Any, ...]:
    """The summand of the one layer, and the limits of its sum."""
    first, last = (layer(which, directions).stage for which in (1, 2))
    values: dict[Basic, Basic] = {}
    for d in directions:
        one, two = (numbered(which, directions) for which in (1, 2))
        taps = one[d.dilation] * one[d.tap] + one[d.stride] * two[d.dilation] * two[d.tap]
        sizes = {s_1: one[d.stride], s_2: two[d.stride]}
        sizes |= {either_1: one[d.before], either_2: two[d.before]}
        values |= {d.tap: taps, d.dilation: Integer(1), d.stride: stride.expr.xreplace(sizes)}
        values[d.before] = margins.expr.xreplace(sizes)
    read = single(directions).source.xreplace(values)
    return last.factor * first.factor.xreplace({o: j}) * read, *last.limits, *first.limits


def fused(first: Axis, last: Axis) -> Axis:
    """The geometry of the one layer: its kernel is as long as the product of the polynomials."""
    span = first.dilation * (first.kernel - 1) + first.stride * last.dilation * (last.kernel - 1)
    return Axis(
        first.size,
        kernel=span + 1,
        stride=stride.expr,
        before=margins.expr.xreplace({either_1: first.before, either_2: last.before}),
        after=margins.expr.xreplace({either_1: first.after, either_2: last.after}),
    )


def shared(one: tuple[Expr, Expr], other: tuple[Expr, Expr]) -> Expr:
    """How many integers two ranges [first, end) share that overlap."""
    return Min(one[1], other[1]) - Max(one[0], other[0])


def products(a: int, b: int, c: int, d: int) -> list[Product]:
    """The products of weights in the composition of an a × b and a c × d kernel."""
    boxes = product(range(a), range(b), range(c), range(d))
    return [((y + t, x + z), (("A", y, x), ("B", t, z))) for y, x, t, z in boxes]


def layered(channels: int) -> list[Product]:
    """The products of weights in two 3 × 3 layers with that many channels throughout."""
    boxes = product(*(range(extent) for extent in (channels,) * 3 + (3,) * 4))
    return [
        ((o, i, y + t, x + z), (("A", j, i, y, x), ("B", o, j, t, z)))
        for o, i, j, y, x, t, z in boxes
    ]


WEIGHTS = ([2, 3, 5], [7, 11, 13])  # of the first layer and of the second, to start from


def axes(
    H: int,
    k_1: int,
    k_2: int,
    s_1: int = 1,
    s_2: int = 1,
    d_1: int = 1,
    d_2: int = 1,
    before_1: int = 0,
    after_1: int = 0,
    before_2: int = 0,
    after_2: int = 0,
) -> tuple[oracle.Axis, oracle.Axis, oracle.Axis]:
    """The first, the second and the one layer, in numbers."""
    first = oracle.Axis(H, k_1, s_1, d_1, before_1, after_1)
    return (
        first,
        oracle.Axis(first.outputs, k_2, s_2, d_2, before_2, after_2),
        oracle.Axis(
            H,
            d_1 * (k_1 - 1) + s_1 * d_2 * (k_2 - 1) + 1,
            s_1 * s_2,
            1,
            before_1 + s_1 * before_2,
            after_1 + s_1 * after_2,
        ),
    )


def outputs(**at: int) -> tuple[int, ...]:
    """Outputs of the first, the second and the one layer."""
    return tuple(axis.outputs for axis in axes(**at))


def slid(
    pixels: Sequence[int],
    mode: str,
    A: Sequence[int] | None = None,
    B: Sequence[int] | None = None,
    **at: int,
) -> tuple[tuple[oracle.Number, ...], tuple[oracle.Number, ...]]:
    """What two layers and the one make of an image, by loops; kernels of primes if none are given."""
    first, last, one = axes(H=len(pixels), **at)
    A, B = A or WEIGHTS[0][: first.kernel], B or WEIGHTS[1][: last.kernel]
    K = [0] * one.kernel
    for (tap, a), (later, b) in product(enumerate(A), enumerate(B)):
        K[first.dilation * tap + first.stride * last.dilation * later] += a * b
    filtered = partial(oracle.filtered, padding=PADDINGS[mode])
    middle = filtered(A, pixels, first).values
    return filtered(B, middle, last).values, filtered(K, pixels, one).values


def moved(
    A: Sequence[int], B: Sequence[int], pixels: Sequence[int], mode: str
) -> dict[str, tuple[oracle.Number, ...]]:
    """An image after two "same" layers of three taps, and after the one."""
    margins = dict.fromkeys(("before_1", "after_1", "before_2", "after_2"), 1)
    return dict(zip(KINDS, slid(pixels, mode, A, B, k_1=3, k_2=3, **margins), strict=True))


def lengths(kernel: fmpz_poly) -> list[int]:
    """Lengths of the irreducible factors over the rationals."""
    _, factors = kernel.factor()
    return sorted(len(factor) for factor, power in factors for _ in range(power))


def real_lengths(kernel: Sequence[int], root: Expr) -> list[int]:
    """The same over the rationals with a root added."""
    z = Symbol("z")
    _, factors = factor_list(sum(x * z**n for n, x in enumerate(kernel)), z, extension=root)
    return sorted(degree(factor, z) + 1 for factor, power in factors for _ in range(power))


def discriminant(kernel: Sequence[int]) -> int:
    """The discriminant of a kernel of length 3 as a polynomial; negative without real zeros."""
    low, middle, high = kernel
    return middle**2 - 4 * low * high


def least_discriminant(largest: int) -> int:
    """The least discriminant of a composition of two kernels of length 2 with small entries."""
    entries = range(-largest, largest + 1)
    return min(
        discriminant((a * c, a * d + b * c, b * d)) for a, b, c, d in product(entries, repeat=4)
    )
