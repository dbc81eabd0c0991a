r"""Composition: two convolutions in a row are one convolution whose kernel is the product of theirs as polynomials, except at borders.

Along one axis let the first layer have \(k_1\) taps, stride \(s_1\), dilation \(d_1\) and padding \(p_1^\pm\), and the second \(k_2, s_2, d_2, p_2^\pm\). Write a kernel as a polynomial, \($polynomial\). Together they are the layer of stride \($stride\) and padding \($margins\), with the kernel

\[$kernel,\]

and its output size is exactly theirs, provided the first layer has an output, \($output\). With several channels these are polynomials of matrices, multiplied in this order. In the plane it holds for each axis.

**Borders.** With zero padding, the two layers are the one on every image and for all weights $iff_unseen no window of the second that leaves the middle image would see a pixel through the first: for all \(y\), \(v\) with \($place\) outside \([0, N_1)\) and all \(u\), the place \($pixel\) is outside \([0, H)\). It is enough that on the side before the image

\[$bare \quad\text{or}\quad $wide,\]

and on the side after it likewise: the second layer is unpadded there, or the first one is *full*. If all strides and dilations are 1 (and \($outputs_of_both\)) this is also necessary.

**Other paddings.** Let the first layer have stride 1 and "same" padding, and let the second and the one layer use the same kind of padding. Circular padding is exact. Padding that mirrors the image, with the border pixel repeated (symmetric) or not (reflect, which takes at least two pixels), is exact if \(A\) is a palindrome and padded equally on both sides. In general neither is exact for other \(A\), and padding that repeats the border pixel (replicate) is not even for palindromes.

**Dimension.** With one channel throughout and strides and dilations 1 a kernel in the plane is such a composition $iff_is_product its polynomial, in two variables, is a product of two of the right degrees or less. The compositions of an \(a \times b\) and a \(c \times d\) kernel have \($freedom\) [degrees of freedom](dimension.md), in the \($entries\) entries of the result: \($missing\) fewer. Two \(3 \times 3\) kernels have 17 of 25, so a generic \(5 \times 5\) kernel is no composition of two \(3 \times 3\). For an \(n \times 1\) and a \(1 \times n\) kernel \($square\) are missing: the kernels of rank 1. None are missing only if one kernel is a single number or both lie along the same axis.

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

from sympy import Poly

from derive import oracle
from derive.algebra.jacobian import derivative_rank, stacked_products
from derive.algebra.stacked import TwoLayers
from derive.families import standard
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

polynomial = Claim(A_of(z), "=", Sum(A[u] * z**u, (u, 0, k_1 - 1)))
stride, margins = Claim(s_1 * s_2), Claim(either_1 + s_1 * either_2)
kernel = Claim(K_of(z), "=", B_of(z ** (s_1 * d_2)) * A_of(z**d_1))
output = Claim(N_1, "≥", 1)
place, pixel = Claim(t, "=", s_2 * y + d_2 * v - p_2), Claim(s_1 * t + d_1 * u - p_1)
bare, wide = Claim(p_2, "=", 0), Claim(p_1, "≥", d_1 * (k_1 - 1))
outputs_of_both = Claim((N_1, N_2), "≥", 1)
freedom = Claim(height * width + height_2 * width_2 - 1)
entries = Claim((height + height_2 - 1) * (width + width_2 - 1))
missing = Claim((height - 1) * (width_2 - 1) + (height_2 - 1) * (width - 1))
square = Claim((n - 1) ** 2)
some = Claim(ell, "≥", 1)
odd, even, fewer = Claim(2 * ell + 1), Claim(2 * ell), Claim(ell - 1)
iff_unseen, iff_is_product = iff(), iff("exactly if")


def proof() -> Proof:
    merged = stride.expr, margins.expr
    two, plane = (TwoLayers(standard.family, margin, x) for x in ((HEIGHT,), PLANE))
    whole, in_the_plane, one = two.as_one(*merged), plane.as_one(*merged), two.axis(*merged)
    first, last = two.first, two.last

    yield Part("Kernel")
    yield r"Put the first layer into the second, on images without borders. Tap \(v\) of the second and tap \(u\) of the first read place \(s_1 (s_2 y + d_2 v - p_2^-) + d_1 u - p_1^-\): the layer of stride \(s_1 s_2\) and padding \(p_1^- + s_1 p_2^-\) reads it with its tap \(d_1 u + s_1 d_2 v\). So \(K_t\) is the sum of \(B_v A_u\) over \(d_1 u + s_1 d_2 v = t\), which is how powers of \(z\) multiply in \(B(z^{s_1 d_2}) A(z^{d_1})\); the sum over the middle channel makes it a product of matrices, \(B\) on the left."
    yield Equal(two.in_a_row(), whole)
    yield Establishes(stride, margins)
    yield "In the plane every axis does this for itself."
    yield Equal(plane.in_a_row(), in_the_plane)
    yield r"A layer has \(\max(0, \lfloor L/s \rfloor + 1)\) outputs, where \(L\) is how far its first window can move. With \(L_1\), \(L_2\) for the two layers, the one layer has \(L = L_1 + s_1 (L_2 - (N_1 - 1))\)."
    yield Equal(one.room, first.axis.room + s_1 * (last.axis.room - (N_1 - 1)))
    r_1, r_2, e_1, e_2 = map(padding, ("r_1", "r_2", "e_1", "e_2"))
    bracket = s_1 * r_2 + r_1
    less = (s_1 * s_2 - bracket).xreplace({s_1: r_1 + 1 + e_1, s_2: r_2 + 1 + e_2})
    room = (s_1 * (N_1 - 1) + r_1) + s_1 * (s_2 * q + r_2 - (N_1 - 1))
    yield r"Divide: \(L_1 = s_1 (N_1 - 1) + r_1\), as \(N_1 \ge 1\), and \(L_2 = s_2 q + r_2\). Then \(L = s_1 s_2\, q + (s_1 r_2 + r_1)\), where the bracket is less than \(s_1 s_2\), as \(r_1 < s_1\) and \(r_2 < s_2\). So the one layer has \(\max(0, q + 1)\) outputs, like the second."
    yield {"quotient": Equal(room, s_1 * s_2 * q + bracket), "remainder": Positive(less)}
    yield Domain(output)

    yield Part("Borders")
    missed = (1 - Within(last.reads, last.axis.size)) * whole.function
    both = two.in_a_row(brackets=True) + Sum(missed, *whole.limits)
    yield r"Now let the middle image end, with zeros around it. The one layer exceeds the two by the terms in which window \(y\) and tap \(v\) of the second read a place \(t\) outside the middle image. For one output these are different products \(B_v A_u X_a\), so that nothing cancels: the excess is zero for all weights and images if and only if every \(a = s_1 t + d_1 u - p_1^-\) in it lies outside the image."
    yield Equal(whole, both, supports={X: (None, H)})
    yield Equal(last.reads, place)
    yield Equal(first.reads.xreplace({y: t}), pixel)
    yield Establishes(iff_unseen)
    rows, taps, behind = padding("y_+"), padding("v_+"), last.axis
    yield r"If the second layer is unpadded before the image, no place \(t\) lies before it."
    yield Positive(last.reads.xreplace({p_2: bare.expr}) + 1, {y: 0, v: 0})
    yield Establishes(bare)
    end = {y: N_2 - 1 - rows, v: k_2 - 1 - taps, behind.after: Integer(0)}
    middle = N_1 + s_2 * (N_2 - 1) + r_2 - behind.room
    yield r"If it is unpadded after the image, none lies after it: \(N_2\) windows and a remainder \(r_2\) fit, which makes \(N_1 - t\) positive for the window \(N_2 - 1 - y_+\) and the tap \(k_2 - 1 - v_+\)."
    yield Positive((middle - last.reads).xreplace(end))
    beyond, more, taps, ahead = *map(padding, ("t_+", "e", "u_+")), first.axis
    full = wide.expr + more
    yield r"If the first layer is full before the image, a place \(t = -1 - t_+\) sees nothing: even the tap \(k_1 - 1 - u_+\) reads a place before the image, as \(p_1^- = d_1 (k_1 - 1) + e\)."
    yield Positive(-first.reads.xreplace({y: -1 - beyond, u: k_1 - 1 - taps, p_1: full}))
    yield Establishes(wide)
    pixels = H + s_1 * (N_1 - 1) + r_1 - ahead.room
    past = (first.reads - (pixels - 1)).xreplace({y: N_1 + beyond, ahead.after: full})
    yield r"If it is full after the image, a place \(t = N_1 + t_+\) sees nothing either: \(H\) pixels take \(N_1\) windows and leave a remainder \(r_1 < s_1\), so that every tap \(u\) reads beyond the last pixel, \(H - 1\)."
    yield Positive(past.xreplace({s_1: r_1 + 1 + e_1}), {u: 0})
    still, then = first.still, last.still
    windows, middle = then.axis.room + 1, still.axis.room + 1
    yield r"Conversely let all strides and dilations be 1. The places \(y + v - p_2^-\) are all integers from \(-p_2^-\) to \(N_1 - 1 + p_2^+\). So the place \(-1\) is among them if the second layer is padded before, and \(N_1\) if it is padded after."
    yield Equal(then.reads.xreplace({y: windows - 1, v: k_2 - 1}), N_1 - 1 + behind.after)
    yield Domain(outputs_of_both)
    yield r"Through the first layer the place \(-1\) covers all integers up to \((k_1 - 1 - p_1^-) - 1\), from a negative one on: it sees pixel 0 unless \(p_1^- \ge k_1 - 1\)."
    yield Equal(replaced(still.reads, {y: -1, u: k_1 - 1}), (k_1 - 1 - p_1) - 1)
    yield r"And \(N_1\) covers all integers from \(H - (k_1 - 1 - p_1^+)\) on, past the image: it sees pixel \(H - 1\) unless \(p_1^+ \ge k_1 - 1\)."
    yield Equal(replaced(still.reads, {y: middle, u: 0}), H - (k_1 - 1 - ahead.after))

    yield Part("Other paddings")
    yield r"Extend \(X\) to all integers as the padding says, and let \(A X\) be the first layer on this extension. By the first part the one layer is the second on \(A X\). The two layers are the second on the extension of what \(A X\) is on the image. So they agree if \(A X\) is its own extension."
    yield Equal(two.in_a_row(), whole)
    half = d_1 * (k_1 - 1) / 2
    same = {s_1: Integer(1), p_1: half, ahead.after: half}
    yield r'"Same" padding leaves as many middle pixels as pixels: \(p_1^- + p_1^+ = d_1 (k_1 - 1)\).'
    yield Equal(ahead.room.xreplace(same) + 1, H)
    read = replaced(first.reads, {s_1: 1})
    yield r"Circular padding: the extension is what has period \(H\). A window \(H\) further on reads \(H\) places further on, so \(A X\) has this period too."
    yield Equal(read.xreplace({y: y + H}), read + H)
    read, mirror = first.reads.xreplace(same), letter("c")
    yield r"Mirrored padding: the extension is what is the same at \(t\) and at \(c - t\), for \(c = -1\) and \(c = 2H - 1\) if border pixels are repeated, else for \(c = 0\) and \(c = 2H - 2\). Tap \(k_1 - 1 - u\) at window \(c - t\) reads the mirror image of what tap \(u\) reads at window \(t\), the same pixel; and their weights are equal, for \(A\) is a palindrome. So \(A X\) is the same at \(t\) and \(c - t\) too."
    yield Equal(read.xreplace({y: mirror - y, u: k_1 - 1 - u}), mirror - read)

    yield Part("Dimension")
    a, b, c, d = height, width, height_2, width_2
    both, lam, mu = in_the_plane, Symbol("lambda"), Symbol("mu")
    A, B = plane.first.stage.factor.xreplace({o: j}), plane.last.stage.factor
    yield r"Without stride and dilation \(K(z, w) = B(z, w) A(z, w)\). The derivative in the direction \((\lambda A, \mu B)\) is \((\lambda + \mu) A B\), zero for \(\mu = -\lambda\): it never has a rank above \(ab + cd - 1\)."
    yield Equal(both.xreplace({A: lam * A}) + both.xreplace({B: mu * B}), (lam + mu) * both)
    yield Establishes(iff_is_product)
    common = shared((0, a), (a - 1, a - 1 + c)) * shared((0, b), (b - 1, b - 1 + d))
    yield r"Where \(A = z^{a-1} w^{b-1}\) and \(B = 1\), the derivative sends \((A', B')\) to \(A' + z^{a-1} w^{b-1} B'\). The entries of \(A'\) become entries of the result at \([0, a) \times [0, b)\), those of \(B'\) at \([a - 1, a - 1 + c) \times [b - 1, b - 1 + d)\): its rank is the number of places in the two boxes, which share one."
    yield Equal(a * b + c * d - common, freedom)
    codimension = entries.expr - freedom.expr
    yield "So this is the largest rank that the derivative takes, which is the dimension of what a polynomial map fills; what is missing is the difference."
    yield Equal(codimension, missing)
    yield Establishes(entries)
    weights = stacked_products(3, 3, 3, 3)
    yield r"Two \(3 \times 3\) kernels have 17 degrees of freedom in the 25 entries of the result, so almost no \(5 \times 5\) kernel is a composition of two."
    yield {
        "formula": (int(freedom.given(dict.fromkeys((a, b, c, d), 3)).expr), 17),
        "rank of the derivative at a random point": (derivative_rank(weights), 17),
        "entries": (len({entry for entry, _ in weights}), 25),
    }
    yield r"For an \(n \times 1\) and a \(1 \times n\) kernel \((n - 1)^2\) are missing."
    yield Equal(replaced(codimension, {a: n, b: 1, c: 1, d: n}), square)
    yield "Neither product is negative, so none are missing only if both vanish: a or d is 1, and b or c is. That is a kernel of a single number, or two kernels along the same axis."
    yield {
        "a, d > 1": Positive(codimension, {a: 2, b: 1, c: 1, d: 2}),
        "b, c > 1": Positive(codimension, {a: 1, b: 2, c: 2, d: 1}),
    }

    yield Part("One axis")
    yield "A real polynomial splits over the complex numbers into linear factors; those that are not real come in conjugate pairs."
    yield Cited("the fundamental theorem of algebra")
    x_0, y_0 = Symbol("x_0", real=True), Symbol("y_0", real=True)
    yield r"Such a pair multiplies to a real quadratic, and so do any two real factors: a polynomial of degree \(2q\) is a product of \(q\) real quadratics, one of degree \(2q + 1\) of \(q\) quadratics and a linear one. A kernel of length \(2\ell + 1\) has degree at most \(2\ell\), hence at most \(\ell\) such factors; one of length \(2\ell\) has degree at most \(2\ell - 1\), hence at most \(\ell - 1\) quadratics and one linear factor. Missing factors are 1, and the zero kernel is trivially a composition. A factor is a kernel of length 3 or 2, if need be with zeros at its end, and compositions are products."
    yield Equal((z - x_0 - I * y_0) * (z - x_0 + I * y_0), z**2 - 2 * x_0 * z + x_0**2 + y_0**2)
    yield Equal((3 - 1) * ell + 1, odd)
    yield Equal((3 - 1) * fewer.expr + (2 - 1) + 1, even)
    yield Domain(some)
    yield Establishes(fewer)


def sharpness() -> Proof:
    middle = oracle.Axis(1, 2, dilation=2)
    last, both = (oracle.Axis(x, n, before=1, after=1) for x, n in ((middle.outputs, 2), (1, 4)))
    outputs = {"two layers": last.outputs, "one layer": both.outputs}
    yield Without("middle image")
    yield r"One pixel, two taps with dilation 2, no padding: the first layer has no output. The second, two taps and a zero all round, makes one of nothing; the one layer, with four taps, has none."
    yield Counterexample({"A": [1, 1], "B": [1, 1]}, outputs)
    A, B, palindrome = [0, 0, 1], [1, 0, 0], [1, 0, 1]
    yield Without("unpadded or full")
    yield 'One pixel, two layers with three taps and "same" padding: what the first moves out of the image is lost to the second, but the one layer, with five taps, sees it.'
    yield moved(A, B, [1], "zero")
    yield Without("palindrome")
    yield "Three pixels, reflect padding: the same two kernels move the image one pixel to and fro."
    yield moved(A, B, [1, 2, 4], "reflect")
    yield "Two pixels, symmetric padding: the same."
    yield moved(A, B, [1, 2], "symmetric")
    yield Without("mirrored or circular")
    yield r"Two pixels, replicate padding, a palindrome: at the first pixel the two layers give \(X_0 + X_1\) and the one \(2 X_0\)."
    yield moved(palindrome, B, [1, 2], "replicate")
    dimension = derivative_rank(stacked_products(3, 3, 3, 3, channels=2))
    yield Without("one channel")
    yield r"Two \(3 \times 3\) layers of two channels throughout: mixing the middle channels in between and undoing it costs four degrees of freedom, not one."
    yield Counterexample({}, {"dimension": dimension, "weights less one": 2 * 2**2 * 3**2 - 1})
    quartic = [1, 0, 0, 0, 1]
    over = {"rationals": Poly(quartic, z), "real numbers": Poly(quartic, z, extension=sqrt(2))}
    lengths = {x: [f.degree() + 1 for f, _ in one.factor_list()[1]] for x, one in over.items()}
    yield Without("real weights")
    yield r"\((1, 0, 0, 0, 1)\) is a composition of \((1, \sqrt2, 1)\) and \((1, -\sqrt2, 1)\), but of no shorter kernels with rational entries."
    yield Counterexample(
        {"K": quartic, "A": ["1", "√2", "1"], "B": ["1", "-√2", "1"]},
        {f"lengths over the {name}": found for name, found in lengths.items()},
    )
    small = product(range(-3, 4), repeat=4)
    least = min((a * d + b * c) ** 2 - 4 * a * c * b * d for a, b, c, d in small)
    low, middle_tap, high = palindrome
    discriminant = {"discriminant of the kernel": middle_tap**2 - 4 * low * high}
    others = {"least one of compositions with entries -3 to 3": least}
    yield Without("length 3")
    yield r"\((1, 0, 1)\) is no composition of two real kernels of length 2: for \((a + bz)(c + dz)\) the discriminant \(K_1^2 - 4 K_0 K_2\) is \((ad - bc)^2\), never negative."
    yield Counterexample({"K": palindrome}, {**discriminant, **others})


def shared(one: tuple[Expr, Expr], other: tuple[Expr, Expr]) -> Expr:
    """How many integers two ranges [first, end) share that overlap."""
    return minimum(one[1], other[1]) - maximum(one[0], other[0])


def moved(A: list[int], B: list[int], pixels: list[int], mode: str) -> Counterexample:
    """An image after two "same" layers of three taps, and after the one of five, which differ."""
    filtered = partial(oracle.filtered, padding=oracle.PADDINGS[mode])
    three, five = (oracle.Axis(len(pixels), 2 * p + 1, before=p, after=p) for p in (1, 2))
    K = [sum(A[t - n] * B[n] for n in range(3) if 0 <= t - n < 3) for t in range(5)]
    two = filtered(B, filtered(A, pixels, three).values, three).values
    one = filtered(K, pixels, five).values
    return Counterexample({"A": A, "B": B, "X": pixels}, {"two layers": two, "one layer": one})
