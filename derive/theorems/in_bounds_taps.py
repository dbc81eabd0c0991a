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

    yield from continued(__name__)

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
    same = everyday.claims[2][1][0]
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
