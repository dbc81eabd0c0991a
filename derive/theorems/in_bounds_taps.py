r"""In-bounds taps: of the pairs of a window and a tap, those that miss the image are the lattice points below two lines, so that the work spent on pixels has a closed form.

Along one axis let \(N\) be the number of windows, \(L = H + p^- + p^+ - d(k - 1) - 1\), and \(r = L \bmod s\) the slack: the rows at the end that no window reaches. For an integer \(P\) let

\[\varphi_N(P) = \sum_{u=0}^{k-1} \min\Bigl(N, \Bigl\lceil \frac{P - d u}{s} \Bigr\rceil^+\Bigr),\]

the number of pairs \(0 \le y < N\), \(0 \le u < k\) with \(s y + d u < P\), where \(t^+ = \max(t, 0)\). Then the number \(T\) of pairs of a window \(y\) and a tap \(u\) with \(0 \le s y + d u - p^- < H\) is

\[T = k N - \varphi_N(p^-) - \varphi_N(p^+ - r),\]

and tap \(u\) alone is on the image in

\[t_u = N - \min\Bigl(N, \Bigl\lceil \frac{p^- - d u}{s} \Bigr\rceil^+\Bigr) - \min\Bigl(N, \Bigl\lceil \frac{p^+ - r - d(k - 1 - u)}{s} \Bigr\rceil^+\Bigr)\]

windows. On several axes the numbers multiply.

Write \(\varphi\) for \(\varphi_N\) without the cap \(N\). Always \(\varphi_N(P) = \varphi(P) - \varphi(P - s N)\), and \(\varphi(P) = 0\) exactly for \(P \le 0\): the cap may be dropped **if and only if** \(p^- \le s N\) and \(p^+ - r \le s N\); otherwise the result is too small. With equal padding, \(H + p \ge d(k - 1)\) is enough, and for stride 1 and \(N \ge 1\) it is necessary.

For \(P > 0\), closed forms of \(\varphi\):

- \(s\) divides \(d\), as for every layer of stride 1: with \(B = \lceil P/s \rceil\), \(e = d/s\) and \(q = \min(k, \lceil B/e \rceil)\), \(\varphi(P) = q B - e\, q(q - 1)/2\).
- \(d\) divides \(s\), as for every layer without dilation: with \(B = \lceil P/d \rceil\), \(e = s/d\), \(Y = \lceil B/e \rceil\) and \(Y_k = \max(0, \lfloor (B - k)/e \rfloor + 1)\), \(\varphi(P) = k Y_k + (Y - Y_k) B - e (Y - Y_k)(Y + Y_k - 1)/2\).
- otherwise divide \(s\), \(d\) and \(P\) by \(c = \gcd(s, d)\), the last rounded up. For coprime \(s\) and \(d\), \(\varphi(P) = \sum_{u<q} \lceil (P - d u)/s \rceil\) with \(q = \min(k, \lceil P/d \rceil)\), a floor sum, which Euclid's algorithm adds up in a logarithmic number of steps. While \(0 \le \rho\) and \(\rho + s d\, t \le d k\), it is quadratic in \(t\): \(\varphi(\rho + s d\, t) = \varphi(\rho) + \rho\, t + s d\, t(t + 1)/2 - (s - 1)(d - 1)\, t/2\).

Everyday cases, with equal padding \(p\) on both sides:

| layer | in-bounds taps of an axis |
|---|---|
| no padding, or \(p^- = 0\) and \(p^+ \le r\) | \(T = k N\) |
| stride 1, \(N \ge p\) | \(T = k N - q(2p - d(q - 1))\) with \(q = \min(k, \lceil p/d \rceil)\) |
| "same": stride 1, \(2p = d(k - 1)\), \(H \ge p\) | \(T = k H - d \lfloor k^2/4 \rfloor\) |
| "same", \(k\) odd, \(H \le p\) | \(T = (2Q + 1) H - d\, Q(Q + 1)\) with \(Q = \lfloor (H - 1)/d \rfloor\) |
| \(k = 3\), \(d = p\), stride 1 | \(T = 3H - 2d\) for \(H \ge d\); \(T = H\) for \(H \le d\): only the centre is on the image |
| \(k = 3\), \(d = p = 1\), stride 2 | \(T = 3N - 1\) for even \(H\), \(3N - 2\) for odd \(H\) |
| \(k = 7\), \(d = 1\), \(p = 3\), stride 2, \(H \ge 3\) | \(T = 7N - 6\) for even \(H\), \(7N - 8\) for odd \(H\) |

The multiply-adds that meet a pixel follow: \(C_{\mathrm{out}} C_{\mathrm{in}} T_h T_w / g\) for a convolution in \(g\) groups, \(m(C_{\mathrm{in}} T_h W + C_{\mathrm{out}} H_{\mathrm{out}} T_w)\) for a vertical-first asymmetric pair, \(M C_{\mathrm{in}} (T_h T_w + C_{\mathrm{out}} H_{\mathrm{out}} W_{\mathrm{out}})\) for a depthwise separable layer with \(M\) filters for each input.

Hypotheses:
- sizes: \(H, k, s, d \ge 1\) and \(p^-, p^+ \ge 0\), any integers
- the slack: after the image the padding counts as \(p^+ - r\), not \(p^+\)
- the cap: \(\varphi_N\), unless both paddings are at most \(s N\)
- room: \(H \ge d(k - 1)/2\), for the formula of "same" padding

Use: Report the multiply-adds spent on pixels rather than on padding, and see which dilated branches spend most of their work on zeros.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import gcd

from sympy import ceiling, Expr, floor, Function, Integer, Matrix, Max, Min, Sum, Symbol

from derive import brute
from derive.algebra.counting import Count
from derive.algebra.windows import axis_of, number_of_windows, places, taken_out
from derive.brute import taps_in_bounds
from derive.families import asymmetric, depthwise_separable, grouped, standard
from derive.notation.axis import (
    all_but_missed,
    Axis,
    in_bounds,
    missed_by_taps,
    missed_by_windows,
    points_below,
    seen,
)
from derive.notation.convolution import PLANE, Within
from derive.notation.letters import (
    C_a,
    C_b,
    C_in,
    C_out,
    G,
    HEIGHT,
    letter,
    M,
    m,
    padding,
    size,
    u,
    WIDTH,
)
from derive.proof.cases import Box
from derive.proof.evidence import (
    Agree,
    Confirmed,
    Counterexample,
    Every,
    Exact,
    Identity,
    SameSum,
    Telescoping,
)
from derive.proof.theorem import Dropped, Part, Sentence
from derive.second import in_bounds_taps as second

number = "T9"
topic = "counting"


def proof() -> Iterator[Part | Sentence]:
    yield Part("The count")
    yield from the_count()
    yield Part("When the cap may go")
    yield from the_cap()
    yield Part("Closed forms")
    yield from closed_forms()
    yield Part("Neither divides the other")
    yield from coprime()
    yield Part("Corollaries")
    yield from corollaries()
    yield Part("Effective multiply-adds")
    yield from multiply_adds()


def the_count() -> Iterator[Sentence]:
    yield (
        r"Of \(N\) windows, those with \(s y + d u < P\) are the first \(\min(N, \lceil (P - d u)/s \rceil^+)\). So \(\varphi_N(P)\) counts the pairs with \(s y + d u < P\), and \(\varphi_N(p^-)\) those that read before the image.",
        Confirmed(second.misses_are_first),
    )
    axis, place = axis_of(HEIGHT), places(standard.family)[0]
    windows, slack = number_of_windows(axis), axis.slack.rewrite(floor)
    mirrored = axis.stride * (windows - 1 - HEIGHT.pixel) + axis.dilation * (axis.kernel - 1 - u)
    yield (
        r"If \(N \ge 1\), then \(s(N - 1) = L - r\), and hence \(s(N - 1 - y) + d(k - 1 - u) - (p^+ - r) = H - 1 - (s y + d u - p^-)\). So a pair reads beyond the image if and only if the mirrored window and tap have \(s y' + d u' < p^+ - r\): there are \(\varphi_N(p^+ - r)\) such pairs.",
        Identity(
            taken_out(mirrored - (axis.after - slack)),
            taken_out(axis.size - 1 - place),
        ),
    )
    yield (
        r"As \(H \ge 1\), no pair reads both before and beyond the image. Of the windows, tap \(u\) misses the image in the first \(\min(N, \lceil (p^- - d u)/s \rceil^+)\) and in the last \(\min(N, \lceil (p^+ - r - d(k - 1 - u))/s \rceil^+)\), together at most \(N\), and in no others.",
        Confirmed(second.one_tap),
    )
    yield (
        r"What remains is \(t_u\), the expression from which this book counts; for \(N = 0\) it is 0. Summed over \(u\), the last term backwards, it is \(k N - \varphi_N(p^-) - \varphi_N(p^+ - r)\).",
        Identity(
            seen(axis, u),
            axis.output
            - missed(axis, axis.before, u)
            - missed(axis, axis.after - axis.slack, axis.kernel - 1 - u),
        ),
    )
    brackets = [Within(at, d.input) for at, d in zip(places(standard.family), PLANE, strict=True)]
    limits = [
        ((d.pixel, Integer(0), d.output - 1), (d.tap, Integer(0), d.kernel - 1)) for d in PLANE
    ]
    (rows, columns), (tall, wide) = brackets, limits
    yield (
        "On two axes a pair lies on the image if its row and its column do, and windows and taps are chosen along each axis on their own: the numbers multiply.",
        SameSum(Sum(rows * columns, *tall, *wide), Sum(rows, *tall) * Sum(columns, *wide)),
    )


def the_cap() -> Iterator[Sentence]:
    yield (
        r"Of each term, \(\min(N, c^+) = c^+ - (c - N)^+\), and if \(c = \lceil (P - d u)/s \rceil\), then \(c - N = \lceil (P - s N - d u)/s \rceil\). So \(\varphi_N(P) = \varphi(P) - \varphi(P - s N)\): the points with \(y \ge N\) are removed.",
        Confirmed(second.without_cap),
    )
    axis, phi = axis_of(HEIGHT), Function("varphi")
    far, capped = axis.after - axis.slack, axis.stride * axis.output
    yield (
        r"With this \(T\) has no cap in it: \(T = k N - \varphi(p^-) - \varphi(p^+ - r) + \varphi(p^- - s N) + \varphi(p^+ - r - s N)\).",
        Identity(
            all_but_missed(axis, lambda _, bound: phi(bound)),
            axis.kernel * axis.output
            - phi(axis.before)
            - phi(far)
            + phi(axis.before - capped)
            + phi(far - capped),
        ),
    )
    yield (
        r"\(\varphi(P) = 0\) if \(P \le 0\), and otherwise its first term is positive. So both corrections vanish if and only if \(p^- \le s N\) and \(p^+ - r \le s N\); without them \(T\) would come out too small.",
        Confirmed(second.nothing_missed),
    )
    yield (
        r"With \(p^- = p^+ = p\): from \(H + p \ge d(k - 1)\) follows \(p \le L + 1 \le s N\). For stride 1 and \(N \ge 1\) the cap may go only then.",
        Confirmed(second.room_enough),
    )


def closed_forms() -> Iterator[Sentence]:
    axis, P, B, q, z, y_k = axis_of(HEIGHT), *map(letter, ("P", "B", "q", "z", "Y_k"))
    s, d, k = axis.stride, axis.dilation, axis.kernel
    yield (
        r"The terms of \(\varphi(P)\) that are positive are those with \(u < \lceil P/d \rceil\): there are \(q = \min(k, \lceil P/d \rceil)\).",
        Confirmed(second.last_tap),
    )
    yield (
        r"\(\lfloor \lfloor x/a \rfloor / b \rfloor = \lfloor x/(a b) \rfloor\), and the same for ceilings, which are floors of the opposite number.",
        Confirmed(second.nested),
    )
    c, B_c = size("c"), ceiling(P / size("c"))
    yield (
        r"Let \(c\) divide \(s = c s'\) and \(d = c d'\). Dividing first by \(c\), \(\lceil (P - d u)/c \rceil = \lceil P/c \rceil - d' u\), then by \(s'\), each term is that of \(s'\), \(d'\) and \(\lceil P/c \rceil\).",
        Identity(ceiling(((P - c * d * u) / c).expand()), B_c - d * u),
    )
    yield (
        r"If \(d = e s\), take \(c = s\): the stride is now 1 and the terms are \(B - e u\) with \(B = \lceil P/s \rceil\). The first \(q\) of them add up to \(q B - e\, q(q - 1)/2\).",
        Telescoping(B - d / s * u, u, q, by_taps(axis, P, B, q)),
    )
    yield (
        r"If \(s = e d\), take \(c = d\): the dilation is now 1, and the same points are counted by rows. In row \(y\) there are \(\min(k, B - e y)\) of them as long as that is positive, which is for \(y < Y = \lceil B/e \rceil\); it is \(k\) for \(y < Y_k\).",
        Confirmed(second.rows_that_miss),
    )
    yield (
        r"The first \(Y_k\) rows give \(k Y_k\); the next \(z = Y - Y_k\) rows give \(z B - e z(2 Y_k + z - 1)/2\).",
        Telescoping(B - s / d * (y_k + u), u, z, by_windows(axis, P, B, y_k, z) - k * y_k),
    )
    n, modulus, alpha, beta, slope, offset = map(size, ("n", "m", "alpha", "beta", "a", "b"))
    x, y, Y, rho = map(letter, ("x", "y", "Y", "rho"))
    yield (
        r"Otherwise, as \(\lceil x/s \rceil = \lfloor (x + s - 1)/s \rfloor\), \(\varphi(P)\) is the sum of \(q\) terms \(\lfloor (a x + b)/m \rfloor\).",
        Confirmed(second.up_by_down),
    )
    yield (
        r"Whole parts of \(a/m\) and \(b/m\) leave such a sum as an arithmetic series, \(\sum_{x<n} (\alpha x + \beta) = \alpha\, n(n - 1)/2 + \beta n\),",
        Every(
            {
                "one term": Identity(
                    taken_out(
                        floor(((alpha * modulus + slope) * x + beta * modulus + offset) / modulus)
                    ),
                    alpha * x + beta + taken_out(floor((slope * x + offset) / modulus)),
                ),
                "their sum": Telescoping(
                    alpha * u + beta, u, q, alpha * q * (q - 1) / 2 + beta * q
                ),
            }
        ),
    )
    total = modulus * Y + rho
    b_n = total - slope * n
    yield (
        r"and what is left, with \(a, b < m\), counts the points \(0 \le x < n\), \(y \ge 1\) with \(m y \le a x + b\). Let \(a n + b = m Y + \rho\) with \(0 \le \rho < m\). Mirrored, \(x' = n - 1 - x\) and \(y' = Y - y\), they are the points \(0 \le y' < Y\), \(x' \ge 0\) with \(a(x' + 1) \le m y' + \rho\), of which there are \(\sum_{y'<Y} \lfloor (m y' + \rho)/a \rfloor\): a sum with \(a < m\) as its modulus. These are the steps of Euclid's algorithm.",
        Identity(slope * x + b_n - modulus * y, modulus * (Y - y) + rho - slope * (n - 1 - x + 1)),
    )


def coprime() -> Iterator[Sentence]:
    P, t, rho = map(letter, ("P", "t", "rho"))
    s, d = HEIGHT.stride, HEIGHT.dilation
    place, y = places(standard.family)[0] + HEIGHT.before, HEIGHT.pixel
    yield (
        r"Let \(0 \le P\) and \(P + s d \le d k\), so that every \(u \ge 0\) with \(d u < P + s d\) is a tap. Among the points with \(s y + d u < P + s d\), those with \(y \ge d\), moved by \(d\) rows, are the \(\varphi(P)\) points with \(s y + d u < P\).",
        Identity(place.xreplace({y: y + d}) - (P + s * d), place - P),
    )
    yield (
        r"Each row \(y < d\) holds \(\lceil (P + s d - s y)/d \rceil = s + \lceil (P - s y)/d \rceil\) further points, which is positive.",
        Identity(
            taken_out(ceiling((P + s * d - s * y) / d)), s + taken_out(ceiling((P - s * y) / d))
        ),
    )
    g, alpha, beta, gap = map(letter, ("g", "alpha", "beta", "delta"))
    yield (
        r"Now let \(s\) and \(d\) be coprime, \(\alpha s + \beta d = 1\), and \(d \lceil (P - s y)/d \rceil = P - s y + \rho_y\) with \(0 \le \rho_y < d\). If \(\rho_y\) is the same for two rows, a distance \(\delta\) apart, then \(s \delta = d g\) and \(\delta = \delta(\alpha s + \beta d) = d(\alpha g + \beta \delta)\), a multiple of \(d\): so \(\delta = 0\), and the \(\rho_y\) are \(0, \dots, d - 1\) in some order.",
        Identity((gap * (alpha * s + beta * d)).subs(s, d * g / gap), d * (alpha * g + beta * gap)),
    )
    rows = letter("z")
    yield (
        r"So \(d\) times all the ceilings is \(\sum_{y<d} (P - s y + y) = d P - (s - 1)\, d(d - 1)/2\), and \(\varphi(P + s d) = \varphi(P) + s d + P - (s - 1)(d - 1)/2\).",
        Telescoping(P - s * u + u, u, rows, rows * P - (s - 1) * rows * (rows - 1) / 2),
    )
    yield (
        r"Step by step from \(\rho\) to \(\rho + s d\, t\) this adds up to \(\rho\, t + s d\, t(t + 1)/2 - (s - 1)(d - 1)\, t/2\), a polynomial of degree 2.",
        Telescoping(
            s * d + (rho + s * d * u) - (s - 1) * (d - 1) / 2,
            u,
            t,
            rho * t + s * d * t * (t + 1) / 2 - (s - 1) * (d - 1) * t / 2,
        ),
    )


def corollaries() -> Iterator[Sentence]:
    H, k, s, d, p = (
        HEIGHT.input,
        HEIGHT.kernel,
        HEIGHT.stride,
        HEIGHT.dilation,
        HEIGHT.before,
    )
    h, e, Q = padding("h"), padding("e"), letter("Q")
    unpadded = Axis(H, k, s, d)
    yield (
        r"Without padding, and as long as \(p^- = 0\) and \(p^+ \le r\), \(\varphi_N(p^-) = \varphi_N(p^+ - r) = 0\).",
        Identity(all_but_missed(unpadded, missed_by_taps), k * unpadded.output),
    )
    N = p + e
    q = Min(k, ceiling(p / d))
    yield (
        r"Stride 1 has no slack. If \(N = p + e\), \(e \ge 0\), windows fit, so that \(H = N + d(k - 1) - 2p\), the first closed form gives both sides the same misses, and no cap is needed.",
        Identity(
            no_remainder(Axis(N + d * (k - 1) - 2 * p, k, 1, d, p, p)),
            k * N - q * (2 * p - d * (q - 1)),
        ),
    )
    half = size("delta")
    yield (
        r'"Same" padding: \(p = d h\) for \(k = 2h + 1\), and \(p = (d/2)(2h + 1)\) for \(k = 2h + 2\) and even \(d\), with \(H = p + e\), \(e \ge 0\). Then \(q = \lfloor k/2 \rfloor\), and \(T = k H - d \lfloor k^2/4 \rfloor\).',
        Every(
            {
                "odd k": same(Axis(d * h + e, 2 * h + 1, 1, d, d * h, d * h)),
                "even k": same(
                    Axis(
                        half * (2 * h + 1) + e,
                        2 * h + 2,
                        1,
                        2 * half,
                        half * (2 * h + 1),
                        half * (2 * h + 1),
                    )
                ),
            }
        ),
    )
    j, centred = padding("j"), Axis(H, 2 * h + 1, 1, d, d * h, d * h)
    yield (
        r"Tap \(h \pm j\), at distance \(d j\) from the centre, is on the image in \(H - \min(H, d j)\) windows.",
        Every(
            {
                "after the centre": Identity(taken_out(seen(centred, h + j)), H - Min(H, d * j)),
                "before it": Identity(taken_out(seen(centred, h - j)), H - Min(H, d * j)),
            }
        ),
    )
    yield (
        r"That is positive for \(j \le Q = \lfloor (H - 1)/d \rfloor\), and if \(H \le d h = p\), all these are taps. The centre gives \(H\), the other \(2Q\) give \(2 Q H - d\, Q(Q + 1)\).",
        Telescoping(2 * (H - d * (u + 1)), u, Q, 2 * Q * H - d * Q * (Q + 1)),
    )
    yield (
        r"For \(k = 3\), \(h = 1\): \(H \ge d = p\) gives \(3H - 2d\), and \(H \le d\) gives \(Q = 0\), so \(T = H\).",
        Identity(no_remainder(Axis(d + e, 3, 1, d, d, d)), 3 * (d + e) - 2 * d),
    )
    yield (
        r"Stride 2 leaves a slack of 1 for even \(H\), which takes away one row of padding after the image, and none for odd \(H\). With \(k = 3\) and \(p = 1\), \(H = 2h + 2\) and \(H = 2h + 1\) have \(N = h + 1\) windows.",
        Every(
            {
                "even H": all_but(1, Axis(2 * h + 2, 3, 2, 1, 1, 1), h + 1),
                "odd H": all_but(2, Axis(2 * h + 1, 3, 2, 1, 1, 1), h + 1),
            }
        ),
    )
    yield (
        r"With \(k = 7\) and \(p = 3\), \(H = 2h + 4\) and \(H = 2h + 3\) have \(N = h + 2\) windows.",
        Every(
            {
                "even H": all_but(6, Axis(2 * h + 4, 7, 2, 1, 3, 3), h + 2),
                "odd H": all_but(8, Axis(2 * h + 3, 7, 2, 1, 3, 3), h + 2),
            }
        ),
    )
    stem, branch = Axis(224, 7, 2, 1, 3, 3), Axis(33, 3, 1, 18, 18, 18)
    yield (
        r"The first layer of ResNet, \(7 \times 7\) at stride 2 on \(224 \times 224\), has 778 of 784 taps in bounds along each axis, 98.475 % of the products; a \(3 \times 3\) branch of dilation 18 on \(33 \times 33\) has 63 of 99, and spends 59.5 % of its multiply-adds on zeros.",
        Exact(
            {
                "stem": (stem.pairs, 778),
                "share on pixels, %": (percent(share(stem), 3), "98.475"),
                "branch": (branch.pairs, 63),
                "share on zeros, %": (percent(1 - share(branch), 1), "59.5"),
            }
        ),
    )


def multiply_adds() -> Iterator[Sentence]:
    T_h, T_w = HEIGHT.pairs, WIDTH.pairs
    forms = {
        "standard": (standard.family, C_out * C_in * T_h * T_w),
        "grouped": (grouped.family, (G * C_b) * (G * C_a) * T_h * T_w / G),
        "asymmetric": (
            asymmetric.family,
            m * (C_in * T_h * WIDTH.input + C_out * HEIGHT.output * T_w),
        ),
        "depthwise separable": (
            depthwise_separable.family,
            M * C_in * (T_h * T_w + C_out * HEIGHT.output * WIDTH.output),
        ),
    }
    yield (
        r"In every stage windows and taps along an axis occur as a product, which becomes \(T\). Not counting what padding contributes, a standard layer takes \(C_{\mathrm{out}} C_{\mathrm{in}} T_h T_w\) multiply-adds, one in \(g\) groups a \(g\)-th of that, an asymmetric pair \(m(C_{\mathrm{in}} T_h W + C_{\mathrm{out}} H_{\mathrm{out}} T_w)\), a depthwise separable layer \(M C_{\mathrm{in}} (T_h T_w + C_{\mathrm{out}} H_{\mathrm{out}} W_{\mathrm{out}})\).",
        Every(
            {
                name: Identity(Count(family).macs_in_bounds.expr, claim)
                for name, (family, claim) in forms.items()
            }
        ),
    )


def checks() -> Iterator[Sentence]:
    some = Box(H=(1, 2, 5), k=(1, 2, 4), s=(1, 2, 3), d=(1, 2), before=(0, 1, 3), after=(0, 2))
    many = Box(
        H=range(1, 11), k=range(1, 7), s=range(1, 6), d=range(1, 5), before=range(8), after=range(8)
    )
    yield (
        "Windows and taps, looked at one by one, agree with the formula.",
        Agree(
            lambda **axis: taps_in_bounds(loop(axis)),
            lambda **axis: formula(loop(axis)),
            some,
            many,
        ),
    )
    yield (
        "The cap may go exactly where the theorem says.",
        Agree(
            lambda **axis: uncapped(loop(axis)) == taps_in_bounds(loop(axis)),
            lambda **axis: cap_may_go(loop(axis)),
            some,
            many,
        ),
    )
    yield (
        "The number of pairs that this book works with, a floor sum by Euclid's algorithm, agrees.",
        Agree(
            lambda **axis: taps_in_bounds(loop(axis)),
            lambda **axis: Axis(*axis.values()).pairs,
            Box(H=(1, 4), k=(1, 3), s=(1, 3), d=(1, 2), before=(0, 3), after=(1,)),
            Box(
                H=range(1, 9),
                k=range(1, 7),
                s=range(1, 5),
                d=(1, 2, 3),
                before=range(6),
                after=(0, 1, 4),
            ),
        ),
    )
    yield (
        "So do lattice points under a line, one by one, for bounds of either sign.",
        Agree(
            lambda P, N, k, s, d: sum(s * y + d * u < P for y in range(N) for u in range(k)),
            lambda P, N, k, s, d: points_below(P, N, k, s, d),
            Box(P=(-3, 0, 5, 12), N=(0, 3), k=(1, 4), s=(1, 2, 5), d=(1, 3)),
            Box(P=range(-5, 40), N=range(6), k=range(1, 7), s=range(1, 7), d=range(1, 7)),
        ),
    )
    yield (
        "So does the polynomial in steps of the product of stride and dilation.",
        Agree(
            lambda rho, t, s, d: phi(rho + s * d * t, s * (t + 2), s, d),
            lambda rho, t, s, d: (
                phi(rho, s, s, d) + rho * t + (s * d * (t + 1) - (s - 1) * (d - 1)) * t // 2
            ),
            Box(
                coprime_steps,
                "s and d coprime, rho < s d",
                rho=(0, 1, 5),
                t=(1, 3),
                s=(1, 2, 3),
                d=(1, 2, 5),
            ),
            Box(
                coprime_steps,
                "s and d coprime, rho < s d",
                rho=range(56),
                t=range(1, 6),
                s=range(1, 9),
                d=range(1, 9),
            ),
        ),
    )
    other = brute.Axis(2, 2, before=1)
    yield (
        "Convolutions of two axes, run with six loops, take as many products with pixels.",
        Agree(
            lambda **axis: products(loop(axis), other),
            lambda **axis: taps_in_bounds(loop(axis)) * taps_in_bounds(other),
            Box(H=(1, 3), k=(1, 3), s=(2,), d=(1, 2), before=(0, 2), after=(1,)),
            Box(H=range(1, 6), k=(1, 2, 3), s=(1, 2, 3), d=(1, 2), before=range(4), after=range(4)),
        ),
    )


def sharpness() -> Iterator[Dropped]:
    dilated, wide, strided = (1, 3, 1, 2, 2, 2), (1, 5, 1, 1, 2, 2), (2, 3, 2, 1, 1, 1)
    yield (
        "room",
        r'One pixel, \(k = 3\), \(d = 2\), "same" padding: the formula of the larger images is negative.',
        Counterexample(
            {"image": [1]},
            {
                "in-bounds taps": taps_in_bounds(brute.Axis(*dilated)),
                "kH − d⌊k²/4⌋": int(in_bounds(Axis(*dilated))["same"].expr),
            },
        ),
    )
    yield (
        "the cap",
        r"One pixel, \(k = 5\), \(p = 2\): there is one window, and without the cap more taps are taken away than it has.",
        Counterexample(
            {"image": [1]},
            {
                "in-bounds taps": taps_in_bounds(brute.Axis(*wide)),
                "without the cap": uncapped(brute.Axis(*wide)),
            },
        ),
    )
    yield (
        "the slack",
        r"Two pixels, \(k = 3\), \(s = 2\), \(p = 1\): the only window does not reach the zero after the image; with \(r = 0\) one tap would be missing.",
        Counterexample(
            {"image": [1, 1]},
            {
                "in-bounds taps": taps_in_bounds(brute.Axis(*strided)),
                "with r = 0": formula(brute.Axis(*strided), slack=0),
            },
        ),
    )


def missed(axis: Axis, bound: Expr, tap: Expr) -> Expr:
    """A term of the capped sum: the windows with s y + d u below the bound."""
    quotient = ceiling((bound - axis.dilation * tap) / axis.stride)
    return Min(axis.output, Max(0, quotient))


def by_taps(axis: Axis, P: Expr, B: Symbol, q: Symbol) -> Expr:
    """The closed form for s | d, with letters for the rounded bound and the number of taps."""
    form = missed_by_taps(axis, P)
    taps = next(iter(form.atoms(Min)))
    return form.xreplace({taps: q}).xreplace({ceiling(Max(P, 0) / axis.stride): B})


def by_windows(axis: Axis, P: Expr, B: Symbol, full: Symbol, more: Symbol) -> Expr:
    """The closed form for d | s, with letters for the bound and the two numbers of rows."""
    form = missed_by_windows(axis, P)
    some = next(x for x in form.atoms(ceiling) if axis.stride in x.free_symbols)
    all_ = next(x for x in form.atoms(Max) if axis.kernel in x.free_symbols)
    counted_by = form.xreplace({some: full + more, all_: full})
    return counted_by.xreplace({ceiling(Max(P, 0) / axis.dilation): B})


def no_remainder(axis: Axis) -> Expr:
    """In-bounds taps where the stride divides the dilation."""
    return all_but_missed(axis, missed_by_taps)


def no_quotient(axis: Axis) -> Expr:
    """In-bounds taps where the dilation divides the stride."""
    return all_but_missed(axis, missed_by_windows)


def all_but(missed: int, axis: Axis, windows: Expr) -> Identity:
    """Evidence for the number of windows, and that all their taps but so many are on the image."""
    return Identity(
        Matrix([axis.output, no_quotient(axis)]),
        Matrix([windows, axis.kernel * axis.output - missed]),
    )


def same(axis: Axis) -> Identity:
    """Evidence that the first closed form of an axis is kH - d⌊k²/4⌋."""
    claim = axis.kernel * axis.size - axis.dilation * floor(axis.kernel**2 / 4)
    return Identity(no_remainder(axis), taken_out(claim))


def share(axis: Axis) -> Fraction:
    """The share of the products of a square layer that meet a pixel."""
    return Fraction(axis.pairs, int(axis.kernel * axis.output)) ** 2


def percent(part: Fraction, digits: int) -> str:
    """A share in percent, rounded."""
    return f"{float(100 * part):.{digits}f}"


def loop(axis: Mapping[str, int]) -> brute.Axis:
    """A case of a grid as an axis to run loops on."""
    return brute.Axis(*axis.values())


def slack_of(axis: brute.Axis) -> int:
    """r = L mod s."""
    room = axis.size + axis.before + axis.after - axis.dilation * (axis.kernel - 1) - 1
    return room % axis.stride


def formula(axis: brute.Axis, slack: int | None = None) -> int:
    """T = kN - φ_N(p⁻) - φ_N(p⁺ - r), term by term."""
    after = axis.after - (slack_of(axis) if slack is None else slack)
    low, high = (
        phi(bound, axis.kernel, axis.stride, axis.dilation, cap=axis.outputs)
        for bound in (axis.before, after)
    )
    return axis.kernel * axis.outputs - low - high


def uncapped(axis: brute.Axis) -> int:
    """The same without the cap."""
    low, high = (
        phi(bound, axis.kernel, axis.stride, axis.dilation)
        for bound in (axis.before, axis.after - slack_of(axis))
    )
    return axis.kernel * axis.outputs - low - high


def phi(bound: int, kernel: int, stride: int, dilation: int, cap: int | None = None) -> int:
    """φ, or φ_N with the cap N, term by term."""
    terms = (max(0, -((dilation * u - bound) // stride)) for u in range(kernel))
    return sum(term if cap is None else min(cap, term) for term in terms)


def cap_may_go(axis: brute.Axis) -> bool:
    """Both paddings are at most s N."""
    return max(axis.before, axis.after - slack_of(axis)) <= axis.stride * axis.outputs


def coprime_steps(rho: int, s: int, d: int, **rest: int) -> bool:
    return gcd(s, d) == 1 and rho < s * d


def products(tall: brute.Axis, wide: brute.Axis) -> int:
    """Products with pixels in a convolution of one channel, by literal loops."""
    kernel: brute.Tensor = dict.fromkeys(product(range(tall.kernel), range(wide.kernel)), 1)
    image: brute.Tensor = dict.fromkeys(product(range(tall.size), range(wide.size)), 1)
    axes = {"u": tall, "v": wide}
    return brute.convolve(kernel, image, "", "", "uv", {}, axes).in_bounds
