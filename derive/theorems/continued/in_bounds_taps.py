"""In-bounds taps, continued: closed forms of the sum, and the layers of every day."""

from derive.families import standard
from derive.notation.axis import seen
from derive.proof.language import *
from derive.theorems import in_bounds_taps as theorem
from derive.theorems.in_bounds_taps import (
    after,
    B,
    before,
    c,
    d,
    e,
    full,
    H,
    k,
    N,
    P,
    p,
    phi,
    Q,
    q,
    r,
    rho,
    s,
    t,
    Y,
)


def proof() -> Proof:
    place = places(standard.family, (ALONE, WIDTH))[0]

    yield Part("Closed forms")
    yield r"The terms of \(\varphi(P)\) that are positive are those with \(u < \lceil P/d \rceil\): there are \(q = \min(k, \lceil P/d \rceil)\)."
    yield Confirmed("in_bounds_taps.last_tap")
    yield r"\(\lfloor \lfloor x/a \rfloor / b \rfloor = \lfloor x/(a b) \rfloor\), and the same for ceilings, which are floors of the opposite number."
    yield Confirmed("in_bounds_taps.nested")
    yield r"Let \(c\) divide \(s = c s'\) and \(d = c d'\). Dividing first by \(c\), \(\lceil (P - d u)/c \rceil = \lceil P/c \rceil - d' u\), then by \(s'\), each term is that of \(s'\), \(d'\) and \(\lceil P/c \rceil\)."
    yield Equal(ceiling(((P - c * d * u) / c).expand()), ceiling(P / c) - d * u)
    term = ceiling((P - d * u) / s)
    yield r"If \(d = e s\), take \(c = s\): the stride is now 1 and the terms are \(B - e u\) with \(B = \lceil P/s \rceil\). The first \(q\) of them add up to \(q B - e\, q(q - 1)/2\)."
    yield Equal(taken_out(term.xreplace({d: e * s})), theorem.taps_bound.expr - e * u)
    yield Equation(theorem.taps_step, {d: e * s})
    yield Equal(theorem.euclid_q.expr.xreplace({P: B, d: e}), theorem.taps_many)
    yield Telescoping(B - e * u, u, q, theorem.by_taps.expr)
    yield Establishes(theorem.by_taps, theorem.taps_bound)
    yield r"If \(s = e d\), take \(c = d\): the dilation is now 1, and the same points are counted by rows. In row \(y\) there are \(\min(k, B - e y)\) of them as long as that is positive, which is for \(y < Y = \lceil B/e \rceil\); it is \(k\) for \(y < Y_k\)."
    yield Confirmed("in_bounds_taps.rows_that_miss")
    across, z = term.xreplace({u: y, s: d, d: s}), letter("z")
    yield r"The first \(Y_k\) rows give \(k Y_k\); the next \(z = Y - Y_k\) rows give \(z B - e z(2 Y_k + z - 1)/2\)."
    yield Equal(taken_out(across.xreplace({s: e * d})), theorem.rows_bound.expr - e * y)
    yield Equation(theorem.rows_step, {s: e * d})
    yield Equal(term.xreplace({P: B, u: Integer(0), s: e}), theorem.rows_some)
    yield Equal(
        Max(0, taken_out(floor((B - k + 1 + e - 1) / e))), taken_out(theorem.rows_full.expr)
    )
    yield Telescoping(
        B - e * (full + u), u, z, theorem.by_rows.given({Y: full + z}).expr - k * full
    )
    yield Establishes(theorem.by_rows, theorem.rows_full, theorem.rows_bound)
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
    yield Telescoping(grown, u, t, theorem.quadratic.expr - phi(rho))
    yield Establishes(theorem.quadratic)

    yield Part("Corollaries")
    unpadded, strideless, same, small, three, halved, seven = (
        said for _, said in theorem.everyday.claims
    )
    h, more, half = padding("h"), padding("e"), size("delta")
    bare = Axis(H, k, s, d)
    letters = theorem.taps_many, theorem.taps_step, theorem.taps_bound
    closed = theorem.written_out(theorem.by_taps, *letters)
    yield r"Without padding, and as long as \(p^- = 0\) and \(p^+ \le r\), \(\varphi_N(p^-) = \varphi_N(p^+ - r) = 0\)."
    yield Equal(in_bounds(bare, closed), unpadded[0].given({N: bare.output}).expr)
    yield Establishes(theorem.everyday)
    fitting, (form, misses) = Axis(more + d * (k - 1) - p, k, 1, d, p, p), strideless
    fit = form.given({N: p + more, q: misses.expr})
    yield r"Stride 1 has no slack. If \(N = p + e\), \(e \ge 0\), windows fit, so that \(H = N + d(k - 1) - 2p\), the first closed form gives both sides the same misses, and no cap is needed."
    yield Equal(in_bounds(fitting, closed), fit.expr)
    yield Establishes(theorem.everyday)
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
    yield Establishes(theorem.everyday)
    centred, j = Axis(H, 2 * h + 1, 1, d, d * h, d * h), padding("j")
    yield r"Tap \(h \pm j\), at distance \(d j\) from the centre, is on the image in \(H - \min(H, d j)\) windows."
    yield {
        "after the centre": Equal(taken_out(seen(centred, h + j)), H - minimum(H, d * j)),
        "before it": Equal(taken_out(seen(centred, h - j)), H - minimum(H, d * j)),
    }
    yield r"That is positive for \(j \le Q = \lfloor (H - 1)/d \rfloor\), and if \(H \le d h = p\), all these are taps. The centre gives \(H\), the other \(2Q\) give \(2 Q H - d\, Q(Q + 1)\)."
    yield Telescoping(2 * (H - d * (u + 1)), u, Q, small[0].expr - H)
    yield Establishes(theorem.everyday)
    covered = Axis(d + more, 3, 1, d, d, d)
    yield r"For \(k = 3\), \(h = 1\): \(H \ge d = p\) gives \(3H - 2d\), and \(H \le d\) gives \(Q = 0\), so \(T = H\)."
    yield Equal(in_bounds(covered, closed), three[0].given({H: d + more}).expr)
    yield Equal(small[0].given({Q: 0}).expr, three[2].expr)
    yield Establishes(theorem.everyday)
    closed = theorem.written_out(
        theorem.by_rows, theorem.rows_full, theorem.rows_some, theorem.rows_step, theorem.rows_bound
    )

    def strided(axis: Axis, outputs: Expr, form: Claim) -> Evidence:
        found = Matrix([axis.output, in_bounds(axis, closed)])
        return Equal(found, Matrix([outputs, form.given({N: outputs}).expr]))

    yield r"Stride 2 leaves a slack of 1 for even \(H\), which takes away one row of padding after the image, and none for odd \(H\). With \(k = 3\) and \(p = 1\), \(H = 2h + 2\) and \(H = 2h + 1\) have \(N = h + 1\) windows."
    yield {
        "even H": strided(Axis(2 * h + 2, 3, 2, 1, 1, 1), h + 1, halved[0]),
        "odd H": strided(Axis(2 * h + 1, 3, 2, 1, 1, 1), h + 1, halved[1]),
    }
    yield Establishes(theorem.everyday)
    yield r"With \(k = 7\) and \(p = 3\), \(H = 2h + 4\) and \(H = 2h + 3\) have \(N = h + 2\) windows."
    yield {
        "even H": strided(Axis(2 * h + 4, 7, 2, 1, 3, 3), h + 2, seven[0]),
        "odd H": strided(Axis(2 * h + 3, 7, 2, 1, 3, 3), h + 2, seven[1]),
    }
    yield Establishes(theorem.everyday)
    stem, branch = Axis(224, 7, 2, 1, 3, 3), Axis(33, 3, 1, 18, 18, 18)
    on_stem, on_branch = (Fraction(x.pairs, int(x.kernel * x.output)) ** 2 for x in (stem, branch))
    yield r"The first layer of ResNet, \(7 \times 7\) at stride 2 on \(224 \times 224\), has 778 of 784 taps in bounds along each axis, 98.475 % of the products; a \(3 \times 3\) branch of dilation 18 on \(33 \times 33\) has 63 of 99, and spends 59.5 % of its multiply-adds on zeros."
    yield {
        "stem": (stem.pairs, 778),
        "share on pixels, %": (f"{float(100 * on_stem):.3f}", "98.475"),
        "branch": (branch.pairs, 63),
        "share on zeros, %": (f"{float(100 * (1 - on_branch)):.1f}", "59.5"),
    }


def in_bounds(axis: Axis, closed: Expr) -> Expr:
    """The in-bounds taps of an axis without a cap, by a closed form of φ; φ(P) is 0 for P ≤ 0."""
    known = {k: axis.kernel, s: axis.stride, d: axis.dilation, N: axis.output, r: axis.slack}
    known |= {before: axis.before, after: axis.after}
    body = {phi: lambda bound: closed.xreplace({**known, P: Max(bound, 0)})}
    return theorem.without_cap().given({**known, **body}).expr
