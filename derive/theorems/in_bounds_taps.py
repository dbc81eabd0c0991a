r"""In-bounds taps: of the pairs of a window and a tap, those that miss the image are the lattice points below two lines, so that the work spent on pixels has a closed form.

Along one axis let \(N\) be the number of windows, \($room\), and \($slack\) the slack: the rows at the end that no window reaches. For an integer \(P\) let

\[$capped,\]

the number of pairs \($windows\), \($taps\) with \($below\), where \(t^+\) is \(t\), or 0 if \(t\) is negative. Then the number \(T\) of pairs of a window \(y\) and a tap \(u\) with \($on_image\) is

\[$total,\]

and tap \(u\) alone is on the image in

\[$one_tap\]

windows. On several axes the numbers multiply.

Write \(\varphi\) for \(\varphi_N\) without the cap \(N\). Always \($removed\), and \($none\) exactly for \($nothing\): the cap may be dropped **$iff_dropped** \($low\) and \($high\); otherwise the result is too small. With equal padding, \($enough\) is enough, and for stride 1 and at least one window it is necessary.

For positive \(P\), closed forms of \(\varphi\):

- \(s\) divides \(d\), as for every layer of stride 1: with \($taps_bound\), \($taps_step\) and \($taps_many\), \($by_taps\).
- \(d\) divides \(s\), as for every layer without dilation: with \($rows_bound\), \($rows_step\), \($rows_some\) and \($rows_full\), \($by_rows\).
- otherwise divide \(s\), \(d\) and \(P\) by \($divisor\), the last rounded up. For coprime \(s\) and \(d\), \($euclid\) with \($euclid_q\), a floor sum, which Euclid's algorithm adds up in a logarithmic number of steps. While \(\rho\) is not negative and \($reach\), it is quadratic in \(t\): \($quadratic\).

Common cases, with equal padding \(p\) on both sides:

$everyday

The multiply-adds that meet a pixel follow: \($grouped_macs\) for a convolution in \(G\) groups, \($pair_macs\) for a vertical-first asymmetric pair, \($separable_macs\) for a depthwise separable layer with \(M\) filters for each input.

Hypotheses:
- sizes: \($sizes\) and \($paddings\), any integers
- the slack: after the image the padding counts as \(p^+ - r\), not \(p^+\)
- the cap: \(\varphi_N\), unless both paddings are at most \(s N\)
- room: \($room_of_same\), for the formula of "same" padding

Use: Report the multiply-adds spent on pixels rather than on padding, and see which dilated branches spend most of their work on zeros.
"""

from derive import oracle
from derive.algebra.windows import axis_of
from derive.families import asymmetric, depthwise_separable, grouped, standard
from derive.notation.axis import seen
from derive.proof.language import *

number = "T9"
topic = "counting"

H, N, k, s, d = ALONE.input, ALONE.output, ALONE.kernel, ALONE.stride, ALONE.dilation
before, after, p, r = ALONE.before, ALONE.after, padding("p"), padding("r")
L, P, T, t, rho, t_u = map(letter, ("L", "P", "T", "t", "rho", "t_u"))
B, q, Q, Y, full = map(letter, ("B", "q", "Q", "Y", "Y_k"))
e, c = size("e"), size("c")
phi_capped, phi = Function(r"\varphi_N"), Function(r"\varphi")
T_h, T_w = HEIGHT.pairs, WIDTH.pairs

sizes = Claim((H, k, s, d), "≥", 1)
paddings = Claim((before, after), "≥", 0)
room = Claim(L, "=", H + before + after - d * (k - 1) - 1)
slack = Claim(r, "=", Mod(L, s))
capped = Claim(
    phi_capped(P), "=", Sum(minimum(N, positive_part(ceiling((P - d * u) / s))), (u, 0, k - 1))
)
windows = Claim(0, "≤", y, "<", N)
taps = Claim(0, "≤", u, "<", k)
below = Claim(s * y + d * u, "<", P)
on_image = Claim(0, "≤", s * y + d * u - before, "<", H)
total = Claim(T, "=", k * N - phi_capped(before) - phi_capped(after - r))
one_tap = Claim(
    t_u,
    "=",
    N
    - minimum(N, positive_part(ceiling((before - d * u) / s)))
    - minimum(N, positive_part(ceiling((after - r - d * (k - 1 - u)) / s))),
)

removed = Claim(phi_capped(P), "=", phi(P) - phi(P - s * N))
none = Claim(phi(P), "=", 0)
nothing = Claim(P, "≤", 0)
low = Claim(before, "≤", s * N)
high = Claim(after - r, "≤", s * N)
enough = Claim(H + p, "≥", d * (k - 1))

taps_bound = Claim(B, "=", ceiling(P / s))
taps_step = Claim(e, "=", d / s)
taps_many = Claim(q, "=", minimum(k, ceiling(B / e)))
by_taps = Claim(phi(P), "=", q * B - e * q * (q - 1) / 2)
rows_bound = Claim(B, "=", ceiling(P / d))
rows_step = Claim(e, "=", s / d)
rows_some = Claim(Y, "=", ceiling(B / e))
rows_full = Claim(full, "=", positive_part(floor((B - k) / e) + 1))
by_rows = Claim(phi(P), "=", k * full + (Y - full) * B - e * (Y - full) * (Y + full - 1) / 2)
divisor = Claim(c, "=", Gcd(s, d))
euclid = Claim(phi(P), "=", Sum(ceiling((P - d * u) / s), (u, 0, q - 1)))
euclid_q = Claim(q, "=", minimum(k, ceiling(P / d)))
reach = Claim(rho + s * d * t, "≤", d * k)
quadratic = Claim(
    phi(rho + s * d * t),
    "=",
    phi(rho) + rho * t + s * d * t * (t + 1) / 2 - (s - 1) * (d - 1) * t / 2,
)
iff_dropped = iff()


come_to = partial(Claim, T, "=")
even, odd = r" for even \(H\)", r" for odd \(H\)"
everyday = Table(
    ("layer", "in-bounds taps of an axis"),
    (("no padding, or ", Claim(before, "=", 0), " and ", Claim(after, "≤", r)), come_to(k * N)),
    (
        ("stride 1, ", Claim(N, "≥", p)),
        (
            come_to(k * N - q * (2 * p - d * (q - 1))),
            " with ",
            Claim(q, "=", minimum(k, ceiling(p / d))),
        ),
    ),
    (
        ('"same": stride 1, ', Claim(2 * p, "=", d * (k - 1)), ", ", Claim(H, "≥", p)),
        come_to(k * H - d * floor(k**2 / 4)),
    ),
    (
        (r'"same", \(k\) odd, ', Claim(H, "≤", p)),
        (come_to((2 * Q + 1) * H - d * Q * (Q + 1)), " with ", Claim(Q, "=", floor((H - 1) / d))),
    ),
    (
        (Claim(k, "=", 3), ", ", Claim(d, "=", p), ", stride 1"),
        (
            *(come_to(3 * H - 2 * d), " for ", Claim(H, "≥", d), "; "),
            *(come_to(H), " for ", Claim(H, "≤", d), ": only the centre is on the image"),
        ),
    ),
    (
        (Claim(k, "=", 3), ", ", Claim(d, "=", p, "=", 1), ", stride 2"),
        (come_to(3 * N - 1), even, ", ", come_to(3 * N - 2), odd),
    ),
    (
        (
            *(Claim(k, "=", 7), ", ", Claim(d, "=", 1), ", ", Claim(p, "=", 3)),
            *(", stride 2, ", Claim(H, "≥", 3)),
        ),
        (come_to(7 * N - 6), even, ", ", come_to(7 * N - 8), odd),
    ),
)
room_of_same = Claim(H, "≥", d * (k - 1) / 2)

grouped_macs = Claim(C_out * C_in * T_h * T_w / G)
pair_macs = Claim(m * (C_in * T_h * WIDTH.input + C_out * HEIGHT.output * T_w))
separable_macs = Claim(M * C_in * (T_h * T_w + C_out * HEIGHT.output * WIDTH.output))


def proof() -> Proof:
    axis, place = axis_of(ALONE), places(standard.family, (ALONE, WIDTH))[0]

    yield Part("The count")
    yield r"Of \(N\) windows, those with \(s y + d u < P\) are the first \(\min(N, \lceil (P - d u)/s \rceil^+)\). So \(\varphi_N(P)\) counts the pairs with \(s y + d u < P\), and \(\varphi_N(p^-)\) those that read before the image."
    yield Confirmed("in_bounds_taps.misses_are_first")
    mirrored = s * (number_of_windows(axis) - 1 - y) + d * (k - 1 - u)
    yield r"If \(N \ge 1\), then \(s(N - 1) = L - r\), and hence \(s(N - 1 - y) + d(k - 1 - u) - (p^+ - r) = H - 1 - (s y + d u - p^-)\). So a pair reads beyond the image if and only if the mirrored window and tap have \(s y' + d u' < p^+ - r\): there are \(\varphi_N(p^+ - r)\) such pairs."
    yield Equal(taken_out(mirrored - (after - axis.slack.rewrite(floor))), taken_out(H - 1 - place))
    yield SameCondition(below.given({P: before}), Claim(place, "<", 0))
    yield {
        "how far a window can move": (room, Claim(L, "=", axis.room)),
        "the slack": (slack.given({L: room.expr}), Claim(r, "=", axis.slack)),
        "on the image": (on_image, Claim(0, "≤", place, "<", axis.size)),
    }
    yield Domain(sizes, paddings)
    yield Establishes(room, slack, below, on_image)
    yield r"As \(H \ge 1\), no pair reads both before and beyond the image. Of the windows, tap \(u\) misses the image in the first \(\min(N, \lceil (p^- - d u)/s \rceil^+)\) and in the last \(\min(N, \lceil (p^+ - r - d(k - 1 - u))/s \rceil^+)\), together at most \(N\), and in no others."
    yield Confirmed("in_bounds_taps.one_tap")
    ahead, behind = (capped.given(x).expr.function for x in ({P: before}, {P: after - r}))
    yield r"What remains is \(t_u\), the expression from which this book counts; for \(N = 0\) it is 0. Summed over \(u\), the last term backwards, it is \(k N - \varphi_N(p^-) - \varphi_N(p^+ - r)\)."
    yield Equal(seen(axis, u), one_tap.given({N: axis.output, r: axis.slack}).expr)
    yield Equal(N - one_tap.expr, ahead + behind.xreplace({u: k - 1 - u}))
    yield Establishes(one_tap, capped)
    row, column = map(Within, places(standard.family), (x.input for x in PLANE))
    tall, wide = ((over(x.pixel, x.output), over(x.tap, x.kernel)) for x in PLANE)
    yield "On two axes a pair lies on the image if its row and its column do, and windows and taps are chosen along each axis on their own: the numbers multiply."
    yield Equal(Sum(row * column, *tall, *wide), Sum(row, *tall) * Sum(column, *wide))

    yield Part("When the cap may go")
    yield r"Of each term, \(\min(N, c^+) = c^+ - (c - N)^+\), and if \(c = \lceil (P - d u)/s \rceil\), then \(c - N = \lceil (P - s N - d u)/s \rceil\). So \(\varphi_N(P) = \varphi(P) - \varphi(P - s N)\): the points with \(y \ge N\) are removed."
    yield Confirmed("in_bounds_taps.without_cap")
    corrected = phi(before - s * N) + phi(after - r - s * N)
    yield r"With this \(T\) has no cap in it: \(T = k N - \varphi(p^-) - \varphi(p^+ - r) + \varphi(p^- - s N) + \varphi(p^+ - r - s N)\)."
    yield Equal(without_cap().expr, k * N - phi(before) - phi(after - r) + corrected)
    yield Establishes(total, removed)
    yield r"\(\varphi(P) = 0\) if \(P \le 0\), and otherwise its first term is positive. So both corrections vanish if and only if \(p^- \le s N\) and \(p^+ - r \le s N\); without them \(T\) would come out too small."
    yield Confirmed("in_bounds_taps.nothing_missed")
    yield Establishes(iff_dropped)
    yield r"With \(p^- = p^+ = p\): from \(H + p \ge d(k - 1)\) follows \(p \le L + 1 \le s N\). For stride 1 and \(N \ge 1\) the cap may go only then."
    yield Confirmed("in_bounds_taps.room_enough")

    yield Part("Closed forms")
    yield r"The terms of \(\varphi(P)\) that are positive are those with \(u < \lceil P/d \rceil\): there are \(q = \min(k, \lceil P/d \rceil)\)."
    yield Confirmed("in_bounds_taps.last_tap")
    yield r"\(\lfloor \lfloor x/a \rfloor / b \rfloor = \lfloor x/(a b) \rfloor\), and the same for ceilings, which are floors of the opposite number."
    yield Confirmed("in_bounds_taps.nested")
    yield r"Let \(c\) divide \(s = c s'\) and \(d = c d'\). Dividing first by \(c\), \(\lceil (P - d u)/c \rceil = \lceil P/c \rceil - d' u\), then by \(s'\), each term is that of \(s'\), \(d'\) and \(\lceil P/c \rceil\)."
    yield Equal(ceiling(((P - c * d * u) / c).expand()), ceiling(P / c) - d * u)
    term = ceiling((P - d * u) / s)
    yield r"If \(d = e s\), take \(c = s\): the stride is now 1 and the terms are \(B - e u\) with \(B = \lceil P/s \rceil\). The first \(q\) of them add up to \(q B - e\, q(q - 1)/2\)."
    yield Equal(taken_out(term.xreplace({d: e * s})), taps_bound.expr - e * u)
    yield Equation(taps_step, {d: e * s})
    yield Equal(euclid_q.expr.xreplace({P: B, d: e}), taps_many)
    yield Telescoping(B - e * u, u, q, by_taps.expr)
    yield Establishes(by_taps, taps_bound)
    yield r"If \(s = e d\), take \(c = d\): the dilation is now 1, and the same points are counted by rows. In row \(y\) there are \(\min(k, B - e y)\) of them as long as that is positive, which is for \(y < Y = \lceil B/e \rceil\); it is \(k\) for \(y < Y_k\)."
    yield Confirmed("in_bounds_taps.rows_that_miss")
    across, z = term.xreplace({u: y, s: d, d: s}), letter("z")
    yield r"The first \(Y_k\) rows give \(k Y_k\); the next \(z = Y - Y_k\) rows give \(z B - e z(2 Y_k + z - 1)/2\)."
    yield Equal(taken_out(across.xreplace({s: e * d})), rows_bound.expr - e * y)
    yield Equation(rows_step, {s: e * d})
    yield Equal(term.xreplace({P: B, u: Integer(0), s: e}), rows_some)
    yield Equal(Max(0, taken_out(floor((B - k + 1 + e - 1) / e))), taken_out(rows_full.expr))
    yield Telescoping(B - e * (full + u), u, z, by_rows.given({Y: full + z}).expr - k * full)
    yield Establishes(by_rows, rows_full, rows_bound)
    n, modulus, alpha, beta, slope, offset = map(size, ("n", "m", "alpha", "beta", "a", "b"))
    x = letter("x")
    yield r"Otherwise, as \(\lceil x/s \rceil = \lfloor (x + s - 1)/s \rfloor\), \(\varphi(P)\) is the sum of \(q\) terms \(\lfloor (a x + b)/m \rfloor\)."
    yield Confirmed("in_bounds_taps.up_by_down")
    yield r"Whole parts of \(a/m\) and \(b/m\) leave such a sum as an arithmetic series, \(\sum_{x<n} (\alpha x + \beta) = \alpha\, n(n - 1)/2 + \beta n\),"
    yield Equal(
        taken_out(floor(((alpha * modulus + slope) * x + beta * modulus + offset) / modulus)),
        alpha * x + beta + taken_out(floor((slope * x + offset) / modulus)),
    )
    yield Telescoping(alpha * u + beta, u, q, alpha * q * (q - 1) / 2 + beta * q)
    rest = modulus * Y + rho - slope * n
    yield r"and what is left, with \(a, b < m\), counts the points \(0 \le x < n\), \(y \ge 1\) with \(m y \le a x + b\). Let \(a n + b = m Y + \rho\) with \(0 \le \rho < m\). Mirrored, \(x' = n - 1 - x\) and \(y' = Y - y\), they are the points \(0 \le y' < Y\), \(x' \ge 0\) with \(a(x' + 1) \le m y' + \rho\), of which there are \(\sum_{y'<Y} \lfloor (m y' + \rho)/a \rfloor\): a sum with \(a < m\) as its modulus. These are the steps of Euclid's algorithm."
    yield Equal(slope * x + rest - modulus * y, modulus * (Y - y) + rho - slope * (n - 1 - x + 1))

    yield Part("Neither divides the other")
    later = (place + before).xreplace({y: y + d})
    yield r"Let \(0 \le P\) and \(P + s d \le d k\), so that every \(u \ge 0\) with \(d u < P + s d\) is a tap. Among the points with \(s y + d u < P + s d\), those with \(y \ge d\), moved by \(d\) rows, are the \(\varphi(P)\) points with \(s y + d u < P\)."
    yield Equal(later - (P + s * d), place + before - P)
    yield r"Each row \(y < d\) holds \(\lceil (P + s d - s y)/d \rceil = s + \lceil (P - s y)/d \rceil\) further points, which is positive."
    yield Equal(
        taken_out(ceiling((P + s * d - s * y) / d)), s + taken_out(ceiling((P - s * y) / d))
    )
    g, alpha, beta, gap = map(letter, ("g", "alpha", "beta", "delta"))
    yield r"Now let \(s\) and \(d\) be coprime, \(\alpha s + \beta d = 1\), and \(d \lceil (P - s y)/d \rceil = P - s y + \rho_y\) with \(0 \le \rho_y < d\). If \(\rho_y\) is the same for two rows, a distance \(\delta\) apart, then \(s \delta = d g\) and \(\delta = \delta(\alpha s + \beta d) = d(\alpha g + \beta \delta)\), a multiple of \(d\): so \(\delta = 0\), and the \(\rho_y\) are \(0, \dots, d - 1\) in some order."
    yield Equal((gap * (alpha * s + beta * d)).subs(s, d * g / gap), d * (alpha * g + beta * gap))
    yield r"So \(d\) times all the ceilings is \(\sum_{y<d} (P - s y + y) = d P - (s - 1)\, d(d - 1)/2\), and \(\varphi(P + s d) = \varphi(P) + s d + P - (s - 1)(d - 1)/2\)."
    yield Telescoping(P - s * u + u, u, z, z * P - (s - 1) * z * (z - 1) / 2)
    grown = s * d + (rho + s * d * u) - (s - 1) * (d - 1) / 2
    yield r"Step by step from \(\rho\) to \(\rho + s d\, t\) this adds up to \(\rho\, t + s d\, t(t + 1)/2 - (s - 1)(d - 1)\, t/2\), a polynomial of degree 2."
    yield Telescoping(grown, u, t, quadratic.expr - phi(rho))
    yield Establishes(quadratic)

    yield Part("Corollaries")
    unpadded, strideless, same, small, three, halved, seven = (
        claims_of(row)[1] for row in everyday
    )
    h, more, half = padding("h"), padding("e"), size("delta")
    bare, closed = Axis(H, k, s, d), written_out(by_taps, taps_many, taps_step, taps_bound)
    yield r"Without padding, and as long as \(p^- = 0\) and \(p^+ \le r\), \(\varphi_N(p^-) = \varphi_N(p^+ - r) = 0\)."
    yield Equal(in_bounds(bare, closed), unpadded[0].given({N: bare.output}).expr)
    yield Establishes(everyday)
    fitting, (form, misses) = Axis(more + d * (k - 1) - p, k, 1, d, p, p), strideless
    fit = form.given({N: p + more, q: misses.expr})
    yield r"Stride 1 has no slack. If \(N = p + e\), \(e \ge 0\), windows fit, so that \(H = N + d(k - 1) - 2p\), the first closed form gives both sides the same misses, and no cap is needed."
    yield Equal(in_bounds(fitting, closed), fit.expr)
    yield Establishes(everyday)
    both = half * (2 * h + 1)
    alike = {
        "odd k": Axis(d * h + more, 2 * h + 1, 1, d, d * h, d * h),
        "even k": Axis(both + more, 2 * h + 2, 1, 2 * half, both, both),
    }
    yield r'"Same" padding: \(p = d h\) for \(k = 2h + 1\), and \(p = (d/2)(2h + 1)\) for \(k = 2h + 2\) and even \(d\), with \(H = p + e\), \(e \ge 0\). Then \(q = \lfloor k/2 \rfloor\), and \(T = k H - d \lfloor k^2/4 \rfloor\).'
    yield {
        words: Equal(
            in_bounds(one, closed),
            taken_out(same[0].given({k: one.kernel, H: one.size, d: one.dilation}).expr),
        )
        for words, one in alike.items()
    }
    yield Establishes(everyday)
    centred, j = Axis(H, 2 * h + 1, 1, d, d * h, d * h), padding("j")
    yield r"Tap \(h \pm j\), at distance \(d j\) from the centre, is on the image in \(H - \min(H, d j)\) windows."
    yield {
        "after the centre": Equal(taken_out(seen(centred, h + j)), H - minimum(H, d * j)),
        "before it": Equal(taken_out(seen(centred, h - j)), H - minimum(H, d * j)),
    }
    yield r"That is positive for \(j \le Q = \lfloor (H - 1)/d \rfloor\), and if \(H \le d h = p\), all these are taps. The centre gives \(H\), the other \(2Q\) give \(2 Q H - d\, Q(Q + 1)\)."
    yield Telescoping(2 * (H - d * (u + 1)), u, Q, small[0].expr - H)
    yield Establishes(everyday)
    covered = Axis(d + more, 3, 1, d, d, d)
    yield r"For \(k = 3\), \(h = 1\): \(H \ge d = p\) gives \(3H - 2d\), and \(H \le d\) gives \(Q = 0\), so \(T = H\)."
    yield Equal(in_bounds(covered, closed), three[0].given({H: d + more}).expr)
    yield Equal(small[0].given({Q: 0}).expr, three[2].expr)
    yield Establishes(everyday)
    closed = written_out(by_rows, rows_full, rows_some, rows_step, rows_bound)

    def strided(axis: Axis, outputs: Expr, form: Claim) -> Evidence:
        found = Matrix([axis.output, in_bounds(axis, closed)])
        return Equal(found, Matrix([outputs, form.given({N: outputs}).expr]))

    yield r"Stride 2 leaves a slack of 1 for even \(H\), which takes away one row of padding after the image, and none for odd \(H\). With \(k = 3\) and \(p = 1\), \(H = 2h + 2\) and \(H = 2h + 1\) have \(N = h + 1\) windows."
    yield {
        "even H": strided(Axis(2 * h + 2, 3, 2, 1, 1, 1), h + 1, halved[0]),
        "odd H": strided(Axis(2 * h + 1, 3, 2, 1, 1, 1), h + 1, halved[1]),
    }
    yield Establishes(everyday)
    yield r"With \(k = 7\) and \(p = 3\), \(H = 2h + 4\) and \(H = 2h + 3\) have \(N = h + 2\) windows."
    yield {
        "even H": strided(Axis(2 * h + 4, 7, 2, 1, 3, 3), h + 2, seven[0]),
        "odd H": strided(Axis(2 * h + 3, 7, 2, 1, 3, 3), h + 2, seven[1]),
    }
    yield Establishes(everyday)
    stem, branch = Axis(224, 7, 2, 1, 3, 3), Axis(33, 3, 1, 18, 18, 18)
    on_stem, on_branch = (Fraction(x.pairs, int(x.kernel * x.output)) ** 2 for x in (stem, branch))
    yield r"The first layer of ResNet, \(7 \times 7\) at stride 2 on \(224 \times 224\), has 778 of 784 taps in bounds along each axis, 98.475 % of the products; a \(3 \times 3\) branch of dilation 18 on \(33 \times 33\) has 63 of 99, and spends 59.5 % of its multiply-adds on zeros."
    yield {
        "stem": (stem.pairs, 778),
        "share on pixels, %": (f"{float(100 * on_stem):.3f}", "98.475"),
        "branch": (branch.pairs, 63),
        "share on zeros, %": (f"{float(100 * (1 - on_branch)):.1f}", "59.5"),
    }

    yield Part("Effective multiply-adds")
    forms = {
        "standard": (standard, grouped_macs.given({G: 1})),
        "grouped": (grouped, grouped_macs.given({C_in: G * C_a, C_out: G * C_b})),
        "asymmetric": (asymmetric, pair_macs),
        "depthwise separable": (depthwise_separable, separable_macs),
    }
    yield r"In every stage windows and taps along an axis occur as a product, which becomes \(T\). Not counting what padding contributes, a standard layer takes \(C_{\mathrm{out}} C_{\mathrm{in}} T_h T_w\) multiply-adds, one in \(G\) groups a \(G\)-th of that, an asymmetric pair \(m(C_{\mathrm{in}} T_h W + C_{\mathrm{out}} H' T_w)\), a depthwise separable layer \(M C_{\mathrm{in}} (T_h T_w + C_{\mathrm{out}} H' W')\)."
    yield {x: Equal(Count(leaf.family).macs_in_bounds.expr, y) for x, (leaf, y) in forms.items()}
    yield Establishes(grouped_macs)


def sharpness() -> Proof:
    same = claims_of(everyday.rows[2])[1][0]
    yield Without("room")
    yield r'One pixel, \(k = 3\), \(d = 2\), "same" padding: the formula of the larger images is negative.'
    yield misjudged("kH − d⌊k²/4⌋", same, 1, 3, 1, 2, 2, 2)
    closed = written_out(euclid, euclid_q)
    uncapped = total.given({phi_capped: lambda bound: closed.xreplace({P: bound})})
    yield Without("the cap")
    yield r"One pixel, \(k = 5\), \(p = 2\): there is one window, and without the cap more taps are taken away than it has."
    yield misjudged("without the cap", uncapped, 1, 5, 1, 1, 2, 2)
    yield Without("the slack")
    yield r"Two pixels, \(k = 3\), \(s = 2\), \(p = 1\): the only window does not reach the zero after the image; with \(r = 0\) one tap would be missing."
    yield misjudged("with r = 0", total.given({r: 0}), 2, 3, 2, 1, 1, 1)


def misjudged(name: str, form: Claim, *sizes: int) -> Counterexample:
    """In-bounds taps of an axis, looked at one by one, and what a formula says that they are."""
    axis, known = Axis(*sizes), dict(zip((H, k, s, d, before, after), sizes, strict=True))
    said = form.given({phi_capped: lambda bound: capped.given({P: bound}).expr}).expr
    values = {**known, N: axis.output, r: axis.slack}
    counted = oracle.taps_in_bounds(oracle.Axis(*sizes))
    found = {"in-bounds taps": counted, name: int(value(said, values))}
    return Counterexample({"image": [1] * sizes[0]}, found)


def without_cap() -> Claim:
    """The number of in-bounds taps with φ instead of φ_N."""
    return total.given({phi_capped: lambda bound: removed.expr.xreplace({P: bound})})


def written_out(form: Claim, *letters: Claim) -> Expr:
    """A closed form of φ(P) with what its letters stand for, one after another."""
    expr = form.expr
    for one in letters:
        expr = expr.xreplace(dict([one.sides]))
    return expr


def in_bounds(axis: Axis, closed: Expr) -> Expr:
    """The in-bounds taps of an axis without a cap, by a closed form of φ; φ(P) is 0 for P ≤ 0."""
    known = {k: axis.kernel, s: axis.stride, d: axis.dilation, N: axis.output, r: axis.slack}
    known |= {before: axis.before, after: axis.after}
    body = {phi: lambda bound: closed.xreplace({**known, P: Max(bound, 0)})}
    return without_cap().given({**known, **body}).expr


def claims_of(row: tuple[Any, ...]) -> list[list[Claim]]:
    """The claims in each cell of a row of the table."""
    cells = (cell if isinstance(cell, tuple) else (cell,) for cell in row)
    return [[one for one in cell if isinstance(one, Claim)] for cell in cells]
