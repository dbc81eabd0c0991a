r"""Activation between the stages: with a kinked activation in the middle, the pair is linear only if its middle channels cancel in groups.

Put an activation \($activation\) with \($kinked\) between the two stages of a vertical-first asymmetric pair, without biases: ReLU is \($half\), a leaky ReLU of slope \(\epsilon\) is \($leaky_a\), \($leaky_b\). Write \(A_j\) for the column filters of middle channel \(j\), one number for every input channel and tap. Sort the channels with \($nonzero\) into groups of proportional ones, \($proportional\) for every \(j\) whose group \(G_j\) is \(G\).

On an image with a row whose window lies on the image with all its \(k_h\) taps, and on which every tap \(v\) is [seen](visibility.md), the pair is linear in \(X\) $iff_linear in every group the kinks cancel:

\[$cancelling \quad \text{for all } G,\ o,\ v.\]

It is then the convolution with \($kernel\). In particular a group of one channel must have \($no_weight\): without two proportional column filters, no pair with such an activation inside is a convolution, except the zero one.

If the groups do not cancel, the pair is still linear on parts of the space of images: where all results of the first stage are at least 0, say if \(X\) and \(A\) have no negative entry, it is \($on_cone\) times the convolution.

Hypotheses:
- kinked activation: \($activation\) with \($kinked\), between the stages only
- cancelling groups: the condition on \(\lambda\) and \(B\); where it fails the pair is not linear
- no bias: none before the activation
- zero padding: of the image and of the middle image
- a full row: some output row reads all its \(k_h\) taps on the image; from linear to cancelling only
- every column tap is seen: each \(v\) meets a column of the image in some window; from linear to cancelling only

Use: Do not count on a rank theorem across an activation: only this cancellation, which spends at least two middle channels on one, keeps the pair a convolution.
"""

from derive import oracle
from derive.families import asymmetric, standard
from derive.proof.language import *

Form = tuple[int, ...]
Forms = Sequence[Form]  # one for every middle channel

number = "T12"
topic = "borders"

a, b, t, epsilon = (Symbol(name, real=True) for name in ("a", "b", "t", "epsilon"))
tau, G = Function("tau"), letter("G")
filters, weights, scale, shape, group = map(IndexedBase, ("A", "B", "lambda", "g", "G"))

activation = Claim(tau(t), "=", a * t + b * Abs(t))
kinked = Claim(b, "≠", 0)
half = Claim(a, "=", b, "=", Rational(1, 2))
leaky_a = Claim(a, "=", product_as_written(1 + epsilon, Rational(1, 2)))
leaky_b = Claim(b, "=", product_as_written(1 - epsilon, Rational(1, 2)))
nonzero = Claim(filters[j], "≠", 0)
proportional = Claim(filters[j], "=", product_as_written(scale[j], shape[G]))
cancelling = Claim(
    Sum(Abs(scale[j]) * weights[o, j, v] * KroneckerDelta(group[j], G), (j, 0, m - 1)), "=", 0
)
kernel = Claim(a * Sum(filters[j, i, u] * weights[o, j, v], (j, 0, m - 1)))
no_weight = Claim(weights[o, j, v], "=", 0)
on_cone = Claim(a + b)
iff_linear = iff("exactly when")


def proof() -> Proof:
    family = asymmetric.family
    first, last = stages(family)
    sides = two_sides(family)

    yield Part("Odd part")
    yield r"The odd part of \(\tau\) is \(a t\), its even part \(b |t|\): \(\tau(t) + \tau(-t) = 2b|t|\), and \(\tau(0) = 0\), so zero padding of the middle image stays zero."
    yield Equal(at(t) + at(-t), 2 * b * Abs(t))
    yield Establishes(activation)
    kinks = IndexedBase("N")[first.target.indices]
    whole = direct(standard.family).xreplace({standard.family.factors[0]: kernel.expr})
    yield r"So the pair computes \(f(X) = a\,\mathrm{conv}(\sum_j A_j B_j)(X) + b\,h(X)\), where \(h\) is the second stage on the absolute values \(N_{j\,y\,x}\) of the first. As \(h(-X) = h(X)\), a linear \(f\) has \(0 = f(X) + f(-X) = 2b\,h(X)\), so \(h \equiv 0\). If \(h \equiv 0\), then \(f\) is \(a\) times the convolution, and linear."
    yield Equal(
        altered(family, lambda z: activation.expr.xreplace({Abs(t): kinks, t: z})),
        whole + b * altered(family, lambda z: kinks),
        sides.free,
        sides.supports,
    )
    yield Establishes(kernel)

    yield Part("One tap at a time")
    u0, v0 = letter("u_0"), letter("v_0")
    row, _ = read_places(first)[0]
    column, width = read_places(last)[1]
    read = last.factor * kinks.xreplace({WIDTH.pixel: column})
    yield r"Tap by tap, \(h = \sum_v \sum_j B_{o\,j\,v} |\ell_j(\xi)|\), with \(\ell_j(\xi) = \sum_{i,u} A_{j\,i\,u}\, \xi_{i\,u}\) and \(\xi\) the pixels that the window of row \(y\) reads in the column of tap \(v\), zero off the image. If \(\sum_j B_{o\,j\,v} |\ell_j(\xi)| = 0\) for all \(o\), \(v\) and all numbers \(\xi\), then \(h \equiv 0\)."
    yield Equal(
        altered(family, lambda z: kinks),
        Sum(Within(column, width) * Sum(read, (j, 0, m - 1)), (v, 0, k_w - 1)),
        sides.free,
    )
    yield Establishes(iff_linear["if"])
    yield r"Conversely let \(h \equiv 0\) and let tap \(v\) meet a column in window \(x\). Other taps of that window read other columns, \(d_w (v - v_0)\) further: on an image that is blank outside this column only tap \(v\) is left. In a full row \(y\) different taps \(u\) read different pixels, \(d_h (u - u_0)\) further, so \(\xi\) may be any numbers: the sum over \(j\) is zero for all \(\xi\)."
    yield {
        "columns": Equal(column - column.xreplace({v: v0}), WIDTH.dilation * (v - v0)),
        "rows": Equal(row - row.xreplace({u: u0}), HEIGHT.dilation * (u - u0)),
    }
    yield Establishes(iff_linear["only if"])

    yield Part("Independence")
    one, other = (Symbol(name, real=True) for name in ("lambda", "g"))
    inside, absolute = IndexedBase("E")[G, j], IndexedBase("M")[j]  # of G, of lambda_j
    there = IndexedBase("S")[G]  # the absolute value of g_G at the point
    named = {KroneckerDelta(group[j], G): inside, Abs(scale[j]): absolute}
    yield r"Channels with \(A_j = 0\) drop out, and in a group \(|\ell_j| = |\lambda_j|\,|g_G|\), as both are at least 0 and have equal squares: the sum over \(j\) is \(\sum_G c_G\, |g_G(\xi)|\) with \(c_G = \sum_{j \in G} |\lambda_j| B_{o\,j\,v}\). If all \(c_G\) are 0, it is zero. The converse is to show: \(c_1 = 0\), if \(\sum_G c_G\, |g_G| \equiv 0\) and no two \(g_G\) are proportional."
    yield Equal(Abs(one * other) ** 2, (Abs(one) * Abs(other)) ** 2)
    yield Equal(
        Sum(inside * absolute * there * last.factor, (j, 0, m - 1)),
        there * cancelling.terms[0].xreplace(named),
    )
    yield Establishes(cancelling)
    g = [Symbol(f"g_1{place}") for place in "ab"]
    f = [Symbol(f"g_G{place}") for place in "ab"]
    yield r"For every other \(G\) some \(2 \times 2\) minor of the coefficients of \(g_1\) and \(g_G\), in places \(\alpha\) and \(\beta\), is not zero. The point with \(-g_{1\beta}\) in place \(\alpha\) and \(g_{1\alpha}\) in place \(\beta\) lies in the kernel of \(g_1\), and there \(g_G\) is that minor, not zero."
    yield Equal(Matrix([g, f]) * Matrix([-g[1], g[0]]), Matrix([0, g[0] * f[1] - g[1] * f[0]]))
    yield r"So some point of that kernel has \(g_G \ne 0\) for all \(G \ne 1\): add one group at a time. If \(p\) serves those so far and \(q\) the new one, then along \(p + t q\) each of them is \(\alpha + \beta t\), with \(\alpha = g_G(p)\) and \(\beta = g_G(q)\) not both zero. Far enough along, \(t |\beta| > |\alpha|\) wherever \(\beta \ne 0\), none of these is zero; some \(t\) exceeds the finitely many bounds \(|\alpha|/|\beta|\)."
    yield Confirmed("relu_linear.far_along")
    small = Symbol("e", real=True)
    yield r"At such a point \(p\) take a small step \(w\) forth and back, with \(g_1(w) \ne 0\). For \(G \ne 1\), \(|g_G(p + w)| + |g_G(p - w)| = 2 |g_G(p)|\) once \(|g_G(w)| \le |g_G(p)|\), which a multiple of \(w\) has for all these \(G\). But \(g_1(p) = 0\), so \(|g_1(p \pm w)| = |g_1(w)|\)."
    yield {
        "another group": Confirmed("relu_linear.smooth_away_from_zero"),
        "group 1": Equal(Abs(0 + small) + Abs(0 - small), 2 * Abs(small)),
    }
    c, here, drift, there = (Symbol(name, real=True) for name in ("c_1", "S", "D", "k_1"))
    yield r"The sum \(\sum_G c_G |g_G|\), taken at \(p + w\) and \(p - w\) less twice at \(p\), keeps only \(2 c_1 |g_1(w)|\): the others come to \(S + D\) and \(S - D\), with \(S\) what they are at \(p\). It is 0 everywhere, so \(c_1 = 0\), and every group can be group 1."
    yield Equal(
        (here + drift + c * Abs(there)) + (here - drift + c * Abs(-there)) - 2 * here,
        2 * c * Abs(there),
    )
    yield Establishes(iff_linear["only if"])

    yield Part("Cones")
    positive = Symbol("t", nonnegative=True)
    yield r"Where \(t \ge 0\), \(\tau(t) = (a + b) t\): the pair is \(a + b\) times the pair without activation."
    yield Equal(at(positive), on_cone.expr * positive)
    yield Establishes(on_cone, activation)


def sharpness() -> Proof:
    one = ((1,),)
    alone = {m: 1, G: 0, group[0]: 0, scale[0]: 1, weights[o, 0, v]: 1}
    sum_of_one = int(value(cancelling.terms[0], alone))
    yield Without("cancelling groups")
    yield r"One channel, \(A = B = 1\), the pixel \(-1\): with ReLU 0, as a convolution \(-1\)."
    yield Counterexample(
        {"A": [[1]], "B": [[1]], "X": [[-1]]},
        {"with ReLU": run(one, one, [[-1]], relu), "convolution": run(one, one, [[-1]], int)},
    )
    low = ((1, 0, 0),)
    padded = (oracle.Axis(1, 3, before=1, after=1), oracle.Axis(1, 1))
    yield Without("a full row")
    yield r"One pixel, \(k_h = 3\), \(p_h = 1\), \(A = (1, 0, 0)\), \(B = 1\): the tap that is not zero never meets the pixel. The pair is zero, so linear, yet its one group does not cancel."
    yield Counterexample(
        {"A": [[1], [0], [0]], "B": [[1]]},
        {"f(-1) + f(1)": even_part(low, one, padded), "sum of the group": sum_of_one},
    )
    yield Without("every column tap is seen")
    yield r"One pixel, \(k_w = 3\), \(p_w = 1\), \(A = 1\), \(B = (1, 0, 0)\): the first tap never meets the pixel. The pair is zero, so linear, yet its group does not cancel at that tap."
    yield Counterexample(
        {"A": [[1]], "B": [[1, 0, 0]]},
        {"f(-1) + f(1)": even_part(one, low, padded[::-1]), "sum of the group": sum_of_one},
    )
    opposite = ((1,), (-1,))
    before, middle, after = (
        run(opposite, opposite, [[pixel]], relu, bias=(1, 0))[0] for pixel in (-1, 0, 1)
    )
    yield Without("no bias")
    yield r"\(A = B = (1, -1)\) cancel; with the bias 1 on the first channel, \(f(x) = \mathrm{ReLU}(x + 1) - \mathrm{ReLU}(-x)\) rises by 2 from \(-1\) to 0 and by 1 from 0 to 1."
    yield Counterexample(
        {"A": [1, -1], "B": [1, -1], "bias": [1, 0]},
        {"f(0) - f(-1)": middle - before, "f(1) - f(0)": after - middle},
    )


def at(z: Expr) -> Expr:
    """The activation of a number."""
    return activation.expr.xreplace({t: z})


def relu(t: int) -> int:
    """The integer t if it is positive, else 0."""
    return max(t, 0)


def run(
    A: Forms,
    B: Forms,
    image: Sequence[Sequence[int]],
    between: Callable[[int], int],
    axes: tuple[oracle.Axis, oracle.Axis] | None = None,
    bias: Sequence[int] = (),
) -> list[int]:
    """A pair with one input and one output channel by loops: rows of A and B are its channels."""
    height, width = len(image), len(image[0])
    tall, wide = axes or (oracle.Axis(height, len(A[0])), oracle.Axis(width, len(B[0])))
    pixels = oracle.tensor([image])
    columns = oracle.tensor([[[[value] for value in form]] for form in A])
    rows = oracle.tensor([[[form] for form in B]])
    added = oracle.tensor(bias or [0] * len(A))
    sizes, still = {"i": 1, "j": len(A), "o": 1}, {"u": tall, "v": oracle.Axis(width, 1)}
    first = oracle.convolve(columns, pixels, "i", "j", "uv", sizes, still, added).output
    middle = {at: between(int(value)) for at, value in first.items()}
    later = {"u": oracle.Axis(tall.outputs, 1), "v": wide}
    return [int(x) for x in oracle.convolve(rows, middle, "j", "o", "uv", sizes, later).values]


def even_part(A: Forms, B: Forms, axes: tuple[oracle.Axis, oracle.Axis]) -> int:
    """f(1) + f(-1) for images of one pixel and one output."""
    return sum(run(A, B, [[pixel]], relu, axes)[0] for pixel in (1, -1))
