r"""Composition: two convolutions in a row are one convolution whose kernel is the product of theirs as polynomials, except at borders.

Along one axis let the first layer have \(k_1\) taps, stride \(s_1\), dilation \(d_1\) and padding \(p_1^\pm\), and the second \(k_2, s_2, d_2, p_2^\pm\). Write a kernel as a polynomial, \(A(z) = \sum_u A_u z^u\). Together they are the layer of stride \(s_1 s_2\) and padding \(p_1^\pm + s_1 p_2^\pm\), with the kernel

\[K(z) = B\bigl(z^{s_1 d_2}\bigr)\, A\bigl(z^{d_1}\bigr),\]

and its output size is exactly theirs, provided the first layer has an output, \(N_1 \ge 1\). With several channels these are polynomials of matrices, multiplied in this order. In the plane it holds for each axis.

**Borders.** With zero padding, the two layers are the one on every image and for all weights if and only if no window of the second that leaves the middle image would see a pixel through the first: for all \(y\), \(v\) with \(t = s_2 y + d_2 v - p_2^-\) outside \([0, N_1)\) and all \(u\), the place \(s_1 t + d_1 u - p_1^-\) is outside \([0, H)\). It is enough that on the side before the image

\[p_2^- = 0 \quad\text{or}\quad p_1^- \ge d_1 (k_1 - 1),\]

and on the side after it likewise: the second layer is unpadded there, or the first one is *full*. If all strides and dilations are 1 (and \(N_1, N_2 \ge 1\)) this is also necessary.

**Other paddings.** Let the first layer have stride 1 and "same" padding, and let the second and the one layer use the same kind of padding. Circular padding is exact. Padding that mirrors the image, with the border pixel repeated (symmetric) or not (reflect, which takes at least two pixels), is exact if \(A\) is a palindrome and padded equally on both sides. In general neither is exact for other \(A\), and padding that repeats the border pixel (replicate) is not even for palindromes.

**Dimension.** With one channel throughout and strides and dilations 1 a kernel in the plane is such a composition exactly if its polynomial, in two variables, is a product of two of the right degrees or less. The compositions of an \(a \times b\) and a \(c \times d\) kernel have \(ab + cd - 1\) [degrees of freedom](dimension.md), in the \((a + c - 1)(b + d - 1)\) entries of the result: \((a - 1)(d - 1) + (c - 1)(b - 1)\) fewer. Two \(3 \times 3\) kernels have 17 of 25, so a generic \(5 \times 5\) kernel is no composition of two \(3 \times 3\). For an \(n \times 1\) and a \(1 \times n\) kernel \((n - 1)^2\) are missing: the kernels of rank 1. None are missing only if one kernel is a single number or both lie along the same axis.

**One axis.** There, with one channel throughout and \(\ell \ge 1\), every real kernel of length \(2\ell + 1\) is a composition of \(\ell\) kernels of length 3, and every one of length \(2\ell\) of \(\ell - 1\) of length 3 and one of length 2.

Hypotheses:
- middle image: the first layer has an output, \(N_1 \ge 1\)
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

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from flint import fmpz_poly
from sympy import (
    Basic,
    degree,
    Expr,
    factor_list,
    I,
    IndexedBase,
    Integer,
    Max,
    Min,
    sqrt,
    Sum,
    Symbol,
)

from derive import brute
from derive.algebra.jacobian import derivative_rank, Product
from derive.families import standard
from derive.notation.axis import Axis
from derive.notation.convolution import compose, PLANE, Stage, stages, Within
from derive.notation.letters import (
    C_in,
    C_out,
    Direction,
    HEIGHT,
    i,
    j,
    letter,
    m,
    n,
    o,
    padding,
    size,
    v,
    X,
    Y,
)
from derive.proof.cases import Box
from derive.proof.evidence import (
    Agree,
    Cited,
    Confirmed,
    Counterexample,
    Every,
    Exact,
    Identity,
    Positive,
    SameSum,
)
from derive.proof.loops import extended, PADDINGS
from derive.proof.theorem import Dropped, Part, Sentence
from derive.second import composition as second

number = "T13"
topic = "stacking"


def proof() -> Iterator[Part | Sentence]:
    first, last = layer(1), layer(2)
    s_1, s_2 = first.axis.stride, last.axis.stride
    N_1 = last.axis.size
    z = letter("z")

    yield Part("Kernel")
    yield (
        r"Put the first layer into the second, on images without borders. Tap \(v\) of the second and tap \(u\) of the first read place \(s_1 (s_2 y + d_2 v - p_2^-) + d_1 u - p_1^-\): the layer of stride \(s_1 s_2\) and padding \(p_1^- + s_1 p_2^-\) reads it with its tap \(d_1 u + s_1 d_2 v\). So \(K_t\) is the sum of \(B_v A_u\) over \(d_1 u + s_1 d_2 v = t\), which is how powers of \(z\) multiply in \(B(z^{s_1 d_2}) A(z^{d_1})\); the sum over the middle channel makes it a product of matrices, \(B\) on the left.",
        SameSum(in_a_row((HEIGHT,)), as_one((HEIGHT,))),
    )
    yield ("In the plane every axis does this for itself.", SameSum(in_a_row(PLANE), as_one(PLANE)))
    one = fused(first.axis, last.axis)
    yield (
        r"A layer has \(\max(0, \lfloor L/s \rfloor + 1)\) outputs, where \(L\) is how far its first window can move. With \(L_1\), \(L_2\) for the two layers, the one layer has \(L = L_1 + s_1 (L_2 - (N_1 - 1))\).",
        Identity(one.room, first.axis.room + s_1 * (last.axis.room - (N_1 - 1))),
    )
    q, r_1, r_2, e_1, e_2 = letter("q"), *map(padding, ("r_1", "r_2", "e_1", "e_2"))
    yield (
        r"Divide: \(L_1 = s_1 (N_1 - 1) + r_1\), as \(N_1 \ge 1\), and \(L_2 = s_2 q + r_2\). Then \(L = s_1 s_2\, q + (s_1 r_2 + r_1)\), where the bracket is less than \(s_1 s_2\), as \(r_1 < s_1\) and \(r_2 < s_2\). So the one layer has \(\max(0, q + 1)\) outputs, like the second.",
        Every(
            {
                "quotient": Identity(
                    (s_1 * (N_1 - 1) + r_1) + s_1 * (s_2 * q + r_2 - (N_1 - 1)),
                    s_1 * s_2 * q + (s_1 * r_2 + r_1),
                ),
                "remainder": Positive(
                    (s_1 * s_2 - (s_1 * r_2 + r_1)).xreplace(
                        {s_1: r_1 + 1 + e_1, s_2: r_2 + 1 + e_2}
                    )
                ),
            }
        ),
    )

    yield Part("Borders")
    yield (
        r"Now let the middle image end, with zeros around it. The one layer exceeds the two by the terms in which window \(y\) and tap \(v\) of the second read a place \(t\) outside the middle image. For one output these are different products \(B_v A_u X_a\), so that nothing cancels: the excess is zero for all weights and images if and only if every \(a = s_1 t + d_1 u - p_1^-\) in it lies outside the image.",
        SameSum(
            as_one((HEIGHT,)),
            in_a_row((HEIGHT,), brackets=True) + excess(),
            supports={X: (None, first.axis.size)},
        ),
    )
    yield from unpadded(last)
    yield from full(first)
    yield from necessary(first, last)

    yield Part("Other paddings")
    yield (
        r"Extend \(X\) to all integers as the padding says, and let \(A X\) be the first layer on this extension. By the first part the one layer is the second on \(A X\). The two layers are the second on the extension of what \(A X\) is on the image. So they agree if \(A X\) is its own extension.",
        SameSum(in_a_row((HEIGHT,)), as_one((HEIGHT,))),
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
    yield (
        r"Such a pair multiplies to a real quadratic, and so do any two real factors: a polynomial of degree \(2q\) is a product of \(q\) real quadratics, one of degree \(2q + 1\) of \(q\) quadratics and a linear one. A kernel of length \(2\ell + 1\) has degree at most \(2\ell\), hence at most \(\ell\) such factors; one of length \(2\ell\) has degree at most \(2\ell - 1\), hence at most \(\ell - 1\) quadratics and one linear factor. Missing factors are 1, and the zero kernel is trivially a composition. A factor is a kernel of length 3 or 2, if need be with zeros at its end, and compositions are products.",
        Identity((z - x_0 - I * y_0) * (z - x_0 + I * y_0), z**2 - 2 * x_0 * z + x_0**2 + y_0**2),
    )


def unpadded(layer: "Layer") -> Iterator[Sentence]:
    """Where the second layer is unpadded no window leaves the middle image."""
    axis, y, v = layer.axis, HEIGHT.pixel, layer.tap
    N_2, r_2, rows, taps = size("N_2"), padding("r_2"), padding("y_+"), padding("v_+")
    yield (
        r"If the second layer is unpadded before the image, no place \(t\) lies before it.",
        Positive(layer.reads.xreplace({axis.before: Integer(0)}) + 1, {y: 0, v: 0}),
    )
    last = {y: N_2 - 1 - rows, v: axis.kernel - 1 - taps, axis.after: Integer(0)}
    middle = axis.size + axis.stride * (N_2 - 1) + r_2 - axis.room
    yield (
        r"If it is unpadded after the image, none lies after it: \(N_2\) windows and a remainder \(r_2\) fit, which makes \(N_1 - t\) positive for the window \(N_2 - 1 - y_+\) and the tap \(k_2 - 1 - v_+\).",
        Positive((middle - layer.reads).xreplace(last)),
    )


def full(layer: "Layer") -> Iterator[Sentence]:
    """Where the first layer is full, a place beside the middle image sees nothing of the image."""
    axis, N_1 = layer.axis, size("N_1")
    beyond, more, taps, r_1, e_1 = map(padding, ("t_+", "e", "u_+", "r_1", "e_1"))
    enough = axis.dilation * (axis.kernel - 1) + more
    left = {HEIGHT.pixel: -1 - beyond, layer.tap: axis.kernel - 1 - taps, axis.before: enough}
    yield (
        r"If the first layer is full before the image, a place \(t = -1 - t_+\) sees nothing: even the tap \(k_1 - 1 - u_+\) reads a place before the image, as \(p_1^- = d_1 (k_1 - 1) + e\).",
        Positive(-layer.reads.xreplace(left)),
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
    N_1, N_2 = one.axis.room + 1, two.axis.room + 1
    yield (
        r"Conversely let all strides and dilations be 1. The places \(y + v - p_2^-\) are all integers from \(-p_2^-\) to \(N_1 - 1 + p_2^+\). So the place \(-1\) is among them if the second layer is padded before, and \(N_1\) if it is padded after.",
        Identity(
            two.reads.xreplace({HEIGHT.pixel: N_2 - 1, two.tap: two.axis.kernel - 1}),
            two.axis.size - 1 + two.axis.after,
        ),
    )
    k_1, before, after = one.axis.kernel, one.axis.before, one.axis.after
    yield (
        r"Through the first layer the place \(-1\) covers all integers up to \((k_1 - 1 - p_1^-) - 1\), from a negative one on: it sees pixel 0 unless \(p_1^- \ge k_1 - 1\).",
        Identity(
            one.reads.xreplace({HEIGHT.pixel: Integer(-1), one.tap: k_1 - 1}),
            (k_1 - 1 - before) - 1,
        ),
    )
    yield (
        r"And \(N_1\) covers all integers from \(H - (k_1 - 1 - p_1^+)\) on, past the image: it sees pixel \(H - 1\) unless \(p_1^+ \ge k_1 - 1\).",
        Identity(
            one.reads.xreplace({HEIGHT.pixel: N_1, one.tap: Integer(0)}),
            one.axis.size - (k_1 - 1 - after),
        ),
    )


def other_paddings(first: "Layer") -> Iterator[Sentence]:
    """Which extensions are those of their own restriction after a filter."""
    axis, y, mirror = first.axis, HEIGHT.pixel, letter("c")
    margin = axis.dilation * (axis.kernel - 1) / 2
    same = {axis.stride: Integer(1), axis.before: margin, axis.after: margin}
    yield (
        r'"Same" padding leaves as many middle pixels as pixels: \(p_1^- + p_1^+ = d_1 (k_1 - 1)\).',
        Identity(axis.room.xreplace(same) + 1, axis.size),
    )
    yield (
        r"Circular padding: the extension is what has period \(H\). A window \(H\) further on reads \(H\) places further on, so \(A X\) has this period too.",
        Identity(
            first.reads.xreplace({axis.stride: Integer(1), y: y + axis.size}),
            first.reads.xreplace({axis.stride: Integer(1)}) + axis.size,
        ),
    )
    flipped = {y: mirror - y, first.tap: axis.kernel - 1 - first.tap}
    yield (
        r"Mirrored padding: the extension is what is the same at \(t\) and at \(c - t\), for \(c = -1\) and \(c = 2H - 1\) if border pixels are repeated, else for \(c = 0\) and \(c = 2H - 2\). Tap \(k_1 - 1 - u\) at window \(c - t\) reads the mirror image of what tap \(u\) reads at window \(t\), the same pixel; and their weights are equal, for \(A\) is a palindrome. So \(A X\) is the same at \(t\) and \(c - t\) too.",
        Identity(first.reads.xreplace(same).xreplace(flipped), mirror - first.reads.xreplace(same)),
    )


def dimension() -> Iterator[Sentence]:
    """Degrees of freedom of the compositions of two kernels in the plane."""
    a, b, c, d = map(size, "abcd")
    lam, mu = Symbol("lambda"), Symbol("mu")
    both = as_one(PLANE)
    A, B = (layer(which, PLANE).stage.factor for which in (1, 2))
    A = A.xreplace({o: j})
    yield (
        r"Without stride and dilation \(K(z, w) = B(z, w) A(z, w)\). The derivative in the direction \((\lambda A, \mu B)\) is \((\lambda + \mu) A B\), zero for \(\mu = -\lambda\): it never has a rank above \(ab + cd - 1\).",
        SameSum(
            both.xreplace({A: lam * A}) + both.xreplace({B: mu * B}),
            (lam + mu) * both,
        ),
    )
    freedom = (
        a * b + c * d - shared((0, a), (a - 1, a - 1 + c)) * shared((0, b), (b - 1, b - 1 + d))
    )
    yield (
        r"Where \(A = z^{a-1} w^{b-1}\) and \(B = 1\), the derivative sends \((A', B')\) to \(A' + z^{a-1} w^{b-1} B'\). The entries of \(A'\) become entries of the result at \([0, a) \times [0, b)\), those of \(B'\) at \([a - 1, a - 1 + c) \times [b - 1, b - 1 + d)\): its rank is the number of places in the two boxes, which share one.",
        Identity(freedom, a * b + c * d - 1),
    )
    codimension = (a + c - 1) * (b + d - 1) - freedom
    yield (
        "So this is the largest rank that the derivative takes, which is the dimension of what a polynomial map fills; what is missing is the difference.",
        Identity(codimension, (a - 1) * (d - 1) + (c - 1) * (b - 1)),
    )
    numbers = dict.fromkeys((a, b, c, d), Integer(3))
    yield (
        r"Two \(3 \times 3\) kernels have 17 degrees of freedom in the 25 entries of the result, so almost no \(5 \times 5\) kernel is a composition of two.",
        Exact(
            {
                "formula": (int(freedom.xreplace(numbers)), 17),
                "rank of the derivative at a random point": (
                    derivative_rank(products(3, 3, 3, 3)),
                    17,
                ),
                "entries": (len({entry for entry, _ in products(3, 3, 3, 3)}), 25),
            }
        ),
    )
    yield (
        r"For an \(n \times 1\) and a \(1 \times n\) kernel \((n - 1)^2\) are missing.",
        Identity(codimension.xreplace({a: n, b: Integer(1), c: Integer(1), d: n}), (n - 1) ** 2),
    )
    yield (
        "Neither product is negative, so none are missing only if both vanish: a or d is 1, and b or c is. That is a kernel of a single number, or two kernels along the same axis.",
        Every(
            {
                "a, d > 1": Positive(codimension, {a: 2, b: 1, c: 1, d: 2}),
                "b, c > 1": Positive(codimension, {a: 1, b: 2, c: 2, d: 1}),
            }
        ),
    )


def checks() -> Iterator[Sentence]:
    one, two = (1,), (1, 2)
    still = {"s_1": one, "s_2": one, "d_1": one, "d_2": one}
    yield (
        "Literal loops: two unpadded layers are the one whose kernel is the product of the polynomials, at every stride and dilation.",
        Agree(
            lambda H, **at: slid(range(3, 3 + H), "zero", **at)[0],
            lambda H, **at: slid(range(3, 3 + H), "zero", **at)[1],
            Box(H=(12,), k_1=(3,), k_2=(2,), s_1=two, s_2=two, d_1=two, d_2=(3,)),
            Box(
                H=range(8, 16),
                k_1=(1, 2, 3),
                k_2=(1, 2, 3),
                s_1=(1, 2, 3),
                s_2=two,
                d_1=two,
                d_2=(1, 3),
            ),
        ),
    )
    yield (
        "Floor by floor the two layers have as many outputs as the one.",
        Agree(
            lambda **at: outputs(**at)[0],
            lambda **at: outputs(**at)[1],
            padded(H=(1, 5), k_1=(3,), k_2=(2,), s_1=(2,), s_2=(3,), d_1=one, d_2=two),
            padded(H=range(1, 8), k_1=two, k_2=(1, 4), s_1=(1, 2, 3), s_2=(1, 3), d_1=two, d_2=two),
        ),
    )
    yield (
        "Zero padding, product by product: with weights and pixels that are different powers of 2, loops agree exactly when no window beside the middle image sees a pixel.",
        Agree(
            lambda **at: same_function("zero", **at),
            nothing_seen,
            padded(H=(3,), k_1=(2,), k_2=(2,), s_1=two, s_2=one, d_1=one, d_2=(2,)),
            padded(H=(1, 3, 4), k_1=(1, 2, 3), k_2=two, s_1=two, s_2=two, d_1=two, d_2=two),
        ),
    )
    yield (
        "If strides and dilations are 1, they agree exactly when on each side the second layer is unpadded or the first is full.",
        Agree(
            lambda **at: same_function("zero", **at),
            unpadded_or_full,
            padded(H=(2,), k_1=two, k_2=(3,), **still),
            padded(H=range(1, 6), k_1=(1, 2, 3), k_2=(1, 2, 3), **still),
        ),
    )
    yield ("A second prover confirms that this is enough,", Confirmed(second.enough))
    yield ("and that it is necessary.", Confirmed(second.necessary))
    yield (
        'With other paddings, stride 1 and "same" padding in the first layer, they agree exactly for circular padding, and for mirrored padding of palindromes.',
        Agree(
            same_padding,
            lambda mode, palindrome, **at: mode == "circular" or (palindrome and mode in MIRRORED),
            Box(mode=OTHER, palindrome=(False, True), H=(3,), k_2=(2,), d_1=one, s_2=one, p_2=one),
            Box(
                mode=OTHER,
                palindrome=(False, True),
                H=(4, 5, 6),
                k_2=(2, 3),
                d_1=two,
                s_2=two,
                p_2=two,
            ),
        ),
    )
    yield (
        "The rank of the derivative of a composition at a random point is the stated dimension.",
        Agree(
            lambda a, b, c, d: derivative_rank(products(a, b, c, d)),
            lambda a, b, c, d: a * b + c * d - 1,
            Box(a=(1, 3), b=(2,), c=(1, 3), d=two),
            Box(a=(1, 2, 3, 4), b=(1, 2, 3), c=(1, 2, 3), d=(1, 2, 3)),
        ),
    )


def sharpness() -> Iterator[Dropped]:
    ones = [1, 1]
    counted = outputs(H=1, k_1=2, k_2=2, d_1=2, before_2=1, after_2=1)
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
            {},
            {
                "dimension": derivative_rank(layered(2)),
                "weights less one": 2 * 2**2 * 3**2 - 1,
            },
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
            d.before: padding(f"p_{axis}{which}"),
            d.after: padding(f"p_{axis}{which}_after"),
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
        values |= {d.tap: taps, d.dilation: Integer(1), d.stride: one[d.stride] * two[d.stride]}
        values[d.before] = one[d.before] + one[d.stride] * two[d.before]
    pixel = single(directions).source.xreplace(values)
    return last.factor * first.factor.xreplace({o: j}) * pixel, *last.limits, *first.limits


def fused(first: Axis, last: Axis) -> Axis:
    """The geometry of the one layer: its kernel is as long as the product of the polynomials."""
    span = first.dilation * (first.kernel - 1) + first.stride * last.dilation * (last.kernel - 1)
    return Axis(
        first.size,
        kernel=span + 1,
        stride=first.stride * last.stride,
        before=first.before + first.stride * last.before,
        after=first.after + first.stride * last.after,
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


def padded(**ranges: Sequence[int]) -> Box:
    """A grid of pairs of layers with paddings of their own on every side."""
    return Box(
        lambda **at: axes(**at)[0].outputs > 0 and axes(**at)[1].outputs > 0,
        "N_1, N_2 ≥ 1",
        **ranges,
        before_1=(0, 2),
        after_1=(0, 1),
        before_2=(0, 1),
        after_2=(0, 2),
    )


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
) -> tuple[brute.Axis, brute.Axis, brute.Axis]:
    """The first, the second and the one layer, in numbers."""
    first = brute.Axis(H, k_1, s_1, d_1, before_1, after_1)
    return (
        first,
        brute.Axis(first.outputs, k_2, s_2, d_2, before_2, after_2),
        brute.Axis(
            H,
            d_1 * (k_1 - 1) + s_1 * d_2 * (k_2 - 1) + 1,
            s_1 * s_2,
            1,
            before_1 + s_1 * before_2,
            after_1 + s_1 * after_2,
        ),
    )


def outputs(**at: int) -> tuple[int, int]:
    """Outputs of two layers and of the one."""
    _, last, one = axes(**at)
    return last.outputs, one.outputs


def slid(
    pixels: Sequence[int],
    mode: str,
    A: Sequence[int] | None = None,
    B: Sequence[int] | None = None,
    **at: int,
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What two layers and the one make of an image, by loops; kernels of primes if none are given."""
    first, last, one = axes(H=len(pixels), **at)
    A, B = A or [2, 3, 5][: first.kernel], B or [7, 11, 13][: last.kernel]
    K = [0] * one.kernel
    for (u, a), (w, b) in product(enumerate(A), enumerate(B)):
        K[first.dilation * u + first.stride * last.dilation * w] += a * b
    middle = filtered(A, pixels, first, mode)
    return filtered(B, middle, last, mode), filtered(K, pixels, one, mode)


def filtered(
    kernel: Sequence[int], pixels: Sequence[int], axis: brute.Axis, mode: str
) -> tuple[int, ...]:
    """One layer by literal loops, on the image extended as the padding says."""
    image: brute.Tensor = {(a,): pixel for a, pixel in enumerate(pixels)}
    longer = extended(image, 0, axis.size, axis.before, axis.after, PADDINGS[mode])
    bare = replace(axis, size=len(longer), before=0, after=0)
    weights: brute.Tensor = {(u,): weight for u, weight in enumerate(kernel)}
    return tuple(
        map(int, brute.convolve(weights, longer, "", "", "u", {}, {"u": bare}).output.values())
    )


def same_function(mode: str, *, palindrome: bool = False, **at: int) -> bool:
    """Whether two layers are the one for all weights and pixels: these are powers of 2 such that
    every product has binary digits of its own, 8 of them, to count how often it occurs."""
    H, k_1, k_2 = at.pop("H"), at["k_1"], at["k_2"]
    A = [1 << 8 * (min(u, k_1 - 1 - u) if palindrome else u) for u in range(k_1)]
    B = [1 << 8 * k_1 * v for v in range(k_2)]
    two, one = slid([1 << 8 * k_1 * k_2 * a for a in range(H)], mode, A, B, **at)
    return two == one


def nothing_seen(**at: int) -> bool:
    """Whether no place beside the middle image, read by the second layer, sees a pixel."""
    first, last, _ = axes(**at)
    places = {last.at(y, v) for y, v in product(range(last.outputs), range(last.kernel))} - set(
        range(last.size)
    )
    return not any(
        0 <= first.at(t, u) < first.size for t, u in product(places, range(first.kernel))
    )


def unpadded_or_full(**at: int) -> bool:
    """Whether on each side the second layer is unpadded or the first is full."""
    first, last, _ = axes(**at)
    sides = ((first.before, last.before), (first.after, last.after))
    return all(margin == 0 or reach >= first.kernel - 1 for reach, margin in sides)


def same_padding(
    mode: str, palindrome: bool, H: int, k_2: int, d_1: int, s_2: int, p_2: int
) -> bool:
    """The same for a first layer of three taps with "same" padding, of any kind."""
    margins = {"before_1": d_1, "after_1": d_1, "before_2": p_2, "after_2": p_2}
    sizes = {"H": H, "k_1": 3, "k_2": k_2, "d_1": d_1, "s_2": s_2}
    return same_function(mode, palindrome=palindrome, **sizes, **margins)


def moved(
    A: Sequence[int], B: Sequence[int], pixels: Sequence[int], mode: str
) -> dict[str, tuple[int, ...]]:
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
