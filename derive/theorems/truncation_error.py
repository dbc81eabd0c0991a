r"""Truncation error: the best narrow asymmetric pair is a truncated singular value decomposition, and one singular value bounds what it can change in the output.

**Best kernel.** Let \(K\) be a real kernel and \(M_{vf}\) its matrix with rows \((o, v)\) and columns \((i, u)\), of singular values \(\sigma_1, \dots, \sigma_N\), the largest first. Of all kernels of vertical-first pairs with \(m\) middle channels, the one nearest to \(K\) is \(K_m\), whose matrix keeps the first \(m\) terms of the singular value decomposition:

\[$best.\]

It is the only one $iff_only_one \($gap\) or \($zero\). Row filter first it is the other matrix, \(M_{hf}\), with other singular values. A depthwise separable layer with multiplier \(M\) truncates the slice of every input channel on its own, a blueprint layer that of every output channel. For a [tensor train or Tucker-2](trees-and-cp.md) layer, truncating one bond after another comes within a factor \($factor\) of the best error; for a sum of \(R\) outer products (CP), \($several\), there may be no best one. With rational weights there may be none either, even for a pair.

**Output error.** Let \(E\) be \(K - K_m\), on a layer of any stride and dilation with zero padding, and \($period\) along either axis. As a map of images, with the Euclidean norm,

\[$pair.\]

For any \(E\), with \(\lVert E\rVert\) the largest singular value of the matrix with the named rows and columns,

$bounds

so by the least of the three. At stride 1 the first root is \($first_root\): for a square kernel \($square\).

**Frequencies.** With \($transform\), for every \(\omega\) a matrix \(\hat E(\omega)\) of output by input channels, also

\[$frequency,\]

at every stride and dilation, which do not change the middle term.

Hypotheses:
- real numbers: weights may be any real numbers; among rational ones there may be no best
- gap: \($gap\), or \($zero\); for the best kernel to be the only one
- white error: the error counts every entry of the kernel alike, as for images without correlations; for others this truncation need not be best
- overlap: the root in the bound, for pixels that several taps read and outputs that several taps add to
- zero padding: a tap off the image reads 0

Use: One singular value bounds how far the output of a compressed layer can move, before any image is seen. Keep it apart from the [rank](asymmetric-rank.md) of a rational kernel, which is exact.

Source: Eckart, Young (1936), The approximation of one matrix by another of lower rank, Psychometrika; Treitel, Shanks (1971), The Design of Multistage Separable Planar Filters, doi 10.1109/TGE.1971.271457 (planar filters as sums of separable ones); Tai, Xiao, Zhang, Wang, E (2016), Convolutional neural networks with low-rank regularization, ICLR, arXiv 1511.06067
"""

from derive.algebra.spectral import largest_singular_value, squared_length
from derive.families import standard
from derive.proof.exact import *
from derive.proof.language import *
from derive.theorems.asymmetric_rank import orders

number = "T14"
topic = "freedom"

N, k = size("N"), letter("k")
s, d, reduced, s_h, s_w = map(size, ("s", "d", "s'", "s'_h", "s'_w"))
w_h, w_w = (Symbol(name, real=True) for name in ("omega_h", "omega_w"))
sigma, E, transformed = map(IndexedBase, ("sigma", "E", r"\hat{E}"))
iff_only_one = iff("exactly if")

measure = partial(Quantity, nonnegative=True)  # a length, an error, a singular value
least_error = measure("least_error", r"\min \sum_{o,i,u,v} (K - K')_{o\,i\,u\,v}^2")
of_conv = measure("norm_conv_E", r"\lVert\mathrm{conv}(E)\rVert")
of_difference = measure("norm_conv_K_K_m", r"\lVert\mathrm{conv}(K) - \mathrm{conv}(K_m)\rVert")
of_matrix = measure("norm_E", r"\lVert E\rVert")
of_pair = measure("norm_E_vf", r"\lVert E_{(o,v) \times (i,u)}\rVert")
supremum = measure("sup", r"\sup_\omega \lVert\hat E(\omega)\rVert")
next_value = measure("sigma_next", r"\sigma_{m+1}")
next_of_pair = measure("sigma_next_vf", r"\sigma_{m+1}(M_{vf})")
bonds = Quantity("bonds", r"\text{number of bonds}")

best = Claim(least_error, "=", Sum(sigma[k] ** 2, (k, m + 1, N)))
gap = Claim(sigma[m], ">", sigma[m + 1])
zero = Claim(sigma[m], "=", 0)
factor = Claim(sqrt(bonds))
several = Claim(R, "≥", 2)
period = Claim(reduced, "=", s / Gcd(s, d))
pair = Claim(of_conv, "≤", square_root(k_w * ceiling(k_h / s_h), next_of_pair))
bounds = Table(
    ("rows", "columns", r"\(\lVert\mathrm{conv}(E)\rVert\) is at most"),
    (Tuple(o, v), Tuple(i, u), square_root(k_w * ceiling(k_h / s_h), of_matrix)),
    (Tuple(o, u), Tuple(i, v), square_root(k_h * ceiling(k_w / s_w), of_matrix)),
    (Tuple(o), Tuple(i, u, v), square_root(ceiling(k_h / s_h) * ceiling(k_w / s_w), of_matrix)),
)
first_root = Claim(square_root(k_h * k_w))
square = Claim(of_difference, "≤", n * next_value)
wave = exp(I * (w_h * u + w_w * v))
transform = Claim(transformed[o, i], "=", Sum(E[o, i, u, v] * wave, over(u), over(v)))
frequency = Claim(of_conv, "≤", supremum, "≤", square_root(k_h * k_w, of_pair))


def proof() -> Proof:
    K, (row, column) = standard.family.factors[0], places(standard.family)

    yield Part("Best kernel")
    by_slices = Sum(Sum(K**2, over(o), over(v)), over(i), over(u))
    yield r"Unfolding a kernel moves its entries and keeps the sum of their squares, also slice by slice for the slices of a channel."
    yield Equal(Sum(K**2, over(o), over(i), over(u), over(v)), by_slices)
    yield r"The kernels of vertical-first pairs with \(m\) middle channels are those whose matrix has rank at most \(m\)."
    yield Uses("asymmetric-rank", "Width")
    M, X_, P = symbols("M X P", commutative=False)
    yield r"Let \(X\) be a matrix of rank at most \(m\), and \(P = P^2 = P^T\) project on \(m\) dimensions that contain its rows, so that \(X = X P\). Then \(M - X = M(1 - P) + (M - X) P\), where the rows of the two terms are orthogonal, because \((1 - P) P = 0\). So \(\|M - X\|^2 \ge \|M (1 - P)\|^2 = \|M\|^2 - \|M P\|^2\), the squares of all entries summed, with equality only for \(X = M P\)."
    yield Equal(M - X_ * P, M * (1 - P) + (M - X_) * P)
    yield Equal((1 - P) * P, P - P**2)
    S, weight, tau = IndexedBase("S"), IndexedBase("pi"), Symbol("tau")
    first, later = (k, Integer(1), m), (k, m + 1, N)
    yield r"The symmetric matrix \(M^T M\) has orthonormal eigenvectors \(e_k\), with eigenvalues \(S_k = \sigma_k^2\), largest first. In them \(\|M P\|^2 = \mathrm{tr}(P M^T M) = \sum_k S_k \pi_k\) with \(\pi_k = \|P e_k\|^2\) from 0 to 1, and \(\sum_k \pi_k = \mathrm{tr}\,P = m\). Now for any \(\tau\) the difference \(\sum_{k \le m} S_k - \sum_k S_k \pi_k\) is \(\sum_{k \le m} (S_k - \tau)(1 - \pi_k) + \sum_{k > m} (\tau - S_k) \pi_k\), for what is added, \(\tau\) times \(\sum_k \pi_k - m\), is 0."
    yield Equal(
        Sum((S[k] - tau) * (1 - weight[k]), first) + Sum((tau - S[k]) * weight[k], later),
        (Sum(S[k], first) - Sum(S[k] * weight[k], first) - Sum(S[k] * weight[k], later))
        + tau * (Sum(weight[k], first) + Sum(weight[k], later) - m),
    )
    yield r"Take \(\tau = S_m\). The first \(m\) eigenvalues are no smaller and the others no larger, and \(0 \le \pi_k \le 1\): no term is negative, so \(\|M - X\|^2 \ge \|M\|^2 - \sum_{k \le m} S_k = \sum_{k > m} \sigma_k^2\)."
    yield Confirmed("truncation_error.no_term_is_negative")
    squares = best.given({sigma[k]: Pow(S[k], Rational(1, 2))}).expr
    yield r"The truncated decomposition \(M_m = \sum_{k \le m} (M e_k) e_k^T\) has that error: it is \(M P\) for the projection on \(e_1, \dots, e_m\), so that \(\pi_k = 1\) for \(k \le m\) and \(\pi_k = 0\) for others."
    yield Equal(Sum(S[k], first) + Sum(S[k], later) - Sum(S[k], first), squares)
    yield Establishes(best)
    yield r"If \(S_m > S_{m+1}\), the terms of \(k > m\) are 0 only with \(\pi_k = 0\): equality asks that \(P\) projects on \(e_1, \dots, e_m\), and \(X = M P = M_m\). If \(\sigma_m = 0\), the least error is 0 and \(X = M\)."
    yield Confirmed("truncation_error.only_without_weight")
    yield Establishes(iff_only_one["if"])
    above, below = symbols("a b", nonnegative=True)
    yield r"But take the term of \(m + 1\) instead of that of \(m\): it makes another kernel if \(\sigma_m \ne 0\), and its squared error is larger by \(\sigma_m^2 - \sigma_{m+1}^2 = (\sigma_m - \sigma_{m+1})(\sigma_m + \sigma_{m+1})\), which is 0 if the two are equal."
    yield Equal(above**2 - below**2, (above - below) * (above + below))
    yield Establishes(iff_only_one["only if"])
    yield r"A depthwise separable layer with multiplier \(M\) has the kernels whose slice for each input channel has rank at most \(M\), with weights of its own for each: the squared error is a sum over the slices, and each is truncated by itself."
    yield Uses("depthwise-multiplier", "Rank per channel")
    yield r"For the blueprint layer it is the slice of each output channel."
    yield Uses("depthwise-multiplier", "Blueprints")
    crossed = Kernel.ones("ou", "iv", o=2, i=2, u=2, v=2)
    down, across = (Matrix(crossed.matrix(*cut_of(order).sides)) for order in orders().values())
    yield r"The two orders have different singular values: for \(K_{o\,i\,u\,v} = [o = u][i = v]\), with two of each, the squares add up to 4 in both, their squares to 4 and 16. Column first all four are 1; row first one is 4, the others 0."
    yield {
        "squares, column first": (squared_length(down), 4),
        "squares, row first": (squared_length(across), 4),
        "fourth powers, column first": (squared_length(down.T * down), 4),
        "fourth powers, row first": (squared_length(across.T * across), 16),
    }

    yield Part("Several bonds")
    p, q = symbols("P Q")
    yield r"Truncating the matrix of a bond is an orthogonal projection of the kernel, on the letters of one side. Truncate bond after bond, in a tensor train from the input on. Two such projections commute: in Tucker-2 they act on different letters, in a tensor train the later projects on a part of what the earlier keeps. So the result is left alone by all of them, and has the ranks that all bonds allow. The errors of the steps add up, \(1 - QP = (1 - P) + (1 - Q) P\), and are orthogonal, since \((1 - P)(1 - Q) P = (P - P^2)(1 - Q) = 0\): so are their squares."
    yield Equal(1 - q * p, (1 - p) + (1 - q) * p)
    yield Equal((1 - p) * (1 - q) * p, (p - p**2) * (1 - q))
    yield Argued(
        "The projections of the bonds of one design commute, for the reason that is given."
    )
    error, bond = measure("error", r"\mathrm{error}"), letter("bond")
    yield r"No step has a larger error than any kernel \(K'\) of the wanted form: at its bond \(K'\) has a rank that the bond allows, and so has \(P K'\), with \(P\) the steps before. The truncation of \(P K\) is nearest, no further than \(\|P K - P K'\| \le \|K - K'\|\). The squared error is at most the number of bonds times that of \(K'\)."
    yield Uses("trees-and-cp", "Trees")
    yield Telescoping(error**2, bond, bonds, (factor.expr * error) ** 2)
    yield Establishes(factor)
    yield r"For CP the infimum of the error may not be reached: there is a kernel that is no sum of two outer products, but a limit of such sums."
    yield Uses("trees-and-cp", "CP of rank two and more")

    yield Part("Rational weights")
    matrix, unknown = Matrix([[1, 1], [0, 1]]), Symbol("lambda")
    G = matrix.T * matrix
    from_roots = (unknown - (3 + sqrt(5)) / 2) * (unknown - (3 - sqrt(5)) / 2)
    yield r"For the matrix \(M\) with rows \((1, 1)\) and \((0, 1)\), \(M^T M\) has trace 3 and determinant 1, so the squares of the singular values are the roots \((3 \pm \sqrt 5)/2\) of \(\lambda^2 - 3 \lambda + 1\)."
    yield Equal(unknown**2 - G.trace() * unknown + G.det(), from_roots)
    yield r"A best rational matrix of rank 1 would have a rational squared error. As rational matrices of rank 1 come as near as one likes to the best real one, that error would be \((3 - \sqrt 5)/2\), but then 5 would be the square of a rational number, hence of an integer, and it lies between \(2^2\) and \(3^2\): there is no best one."
    yield {"discriminant": (G.trace() ** 2 - 4 * G.det(), 5), "between": (2**2 < 5 < 3**2, True)}
    yield Argued("Rational matrices of rank 1 come as near as one likes to a real one.")

    yield Part("Output error")
    sides, read = two_sides(standard.family), K * X[i, row, column]
    ways = {
        "the layer": sides.single,
        "(o, v) × (i, u)": Sum(Within(column, W) * Sum(read, over(i), over(u)), over(v)),
        "(o, u) × (i, v)": Sum(Within(row, H) * Sum(read, over(i), over(v)), over(u)),
        "o × (i, u, v)": Sum(read, over(i), over(u), over(v)),
    }
    yield r"The layer is \(Q\,(E \otimes 1)\,P\) in three ways. First \(P\) writes the pixel that tap \(u\) of window \(y\) reads, for every \(i\), \(u\), \(y\) and column; then \(E\), as the matrix of rows \((o, v)\) and columns \((i, u)\), acts at every \(y\) and column; then \(Q\) adds up, for every output, what its taps \(v\) read. Or the same with \(u\) and \(v\) exchanged. Or \(P\) writes the pixels that both taps read, and \(E\) makes the output of them."
    yield Equal(ways, free=sides.free, supports=sides.supports)
    s1, d1, common = size("s_1"), size("d_1"), size("g")
    alpha, beta, U, Y = symbols("alpha beta U Y", integer=True)
    y1, x1, u1 = map(letter, ("y_1", "x_1", "u_1"))
    apart = HEIGHT.stride * (y - y1) - HEIGHT.dilation * (u1 - u)
    yield r"How often is a pixel written? Let \(s = g s'\), \(d = g d'\) with \(\alpha s' + \beta d' = 1\). If taps \(u\) and \(u_1\) of windows \(y\) and \(y_1\) read the same one, then \(s' Y = d' U\) with \(Y = y - y_1\), \(U = u_1 - u\), and so \(U = (\alpha s' + \beta d') U = s' (\alpha U + \beta Y)\) is a multiple of \(s'\). And a tap reads different pixels in different windows."
    yield Equal(row - row.xreplace({y: y1, u: u1}), apart)
    yield Equal(common * s1 * Y - common * d1 * U, common * (s1 * Y - d1 * U))
    yield Equal(
        (alpha * s1 + beta * d1) * U - s1 * (alpha * U + beta * Y), beta * (d1 * U - s1 * Y)
    )
    yield r"Of the \(k\) taps at most \(\lceil k/s' \rceil\) are congruent modulo \(s'\), so no pixel is written more often: \(\|P X\|^2 \le \lceil k_h/s'_h \rceil \|X\|^2\), and with both taps it is the product of the two counts."
    yield Confirmed("truncation_error.congruent_taps")
    z, w = IndexedBase("z"), letter("w")
    yield r"In \(Q\) each number is read at most once, as windows read different columns with the same tap; an output adds at most \(k_w\) of them. Now \(\bigl(\sum_v z_v\bigr)^2 \le k_w \sum_v z_v^2\), since twice the difference is \(\sum_{v,w} (z_v - z_w)^2\). So \(\|Q Z\|^2 \le k_w \|Z\|^2\)."
    squares, square_of_sum = Sum(z[v] ** 2, over(v)), Sum(z[v], over(v)) ** 2
    differences = Sum((z[v] - z[w]) ** 2, over(v), over(w, k_w))
    yield Equal(column - column.xreplace({x: x1}), WIDTH.stride * (x - x1))
    yield Equal(differences, 2 * k_w * squares - 2 * square_of_sum)
    once = copies((o, v), (i, u))
    at_stride_1 = replaced(once, {s_h: 1})
    yield r"\(E \otimes 1\) lengthens by the largest singular value \(\sigma\) of \(E\) at most, which is \(\sigma_{m+1}\) for \(K - K_m\). Multiply the three: the bound squared is \(k_w\), times \(\lceil k_h/s'_h \rceil\), times \(\sigma^2\). At stride 1, \(s' = 1\), it is \(k_h k_w \sigma^2\)."
    yield Equal(pair.expr**2, once * next_of_pair**2)
    yield {
        f"bound {number}": Equal(Claim(cell).expr ** 2, copies(*letters) * of_matrix**2)
        for number, (*letters, cell) in enumerate(bounds, start=1)
    }
    yield Equal(first_root.expr**2, at_stride_1)
    yield Equal(square.expr**2, at_stride_1.xreplace({k_h: n, k_w: n}) * next_value**2)
    yield Establishes(pair, bounds, first_root, square)

    yield Part("Frequencies")
    row, column = (replaced(at, {HEIGHT.stride: 1, WIDTH.stride: 1}) for at in (row, column))
    yield r"Lay the image, zeros around it, on a torus of \(L\) pixels along each axis, at least the padded size. Windows of the layer lie in the padded image, and there no two places are the same on the torus: so the layer's outputs are among those of the torus at stride 1, and the layer lengthens no more than the torus does."
    yield Confirmed("truncation_error.no_second_turn")
    read = E[o, i, u, v] * exp(I * w_h * row) * exp(I * w_w * column)
    turned = exp(-I * (w_h * HEIGHT.before + w_w * WIDTH.before))
    spun = transform.given({w_h: HEIGHT.dilation * w_h, w_w: WIDTH.dilation * w_w}).expr
    yield r"There it sends the wave \(e^{i \omega a}\), in each direction, with a vector of channels in front, to a wave of the same frequency, the vector multiplied by \(\hat E(d\,\omega)\) and by a number of absolute value 1."
    yield Equal(read, exp(I * (w_h * y + w_w * x)) * spun.function * turned)
    yield Establishes(transform)
    z, L = Symbol("z"), size("L")
    yield r"The waves whose frequencies are multiples of \(2\pi/L\) are orthogonal: with \(z = e^{i(\omega - \omega')} \ne 1\), \(z^L = 1\), the sum of their products is \(\sum_a z^a\), and \((1 - z) \sum_a z^a = 1 - z^L = 0\). There are \(L\) of them along an axis, a basis, so the torus lengthens by the largest \(\|\hat E(d\,\omega)\|\) among them, at most by the supremum."
    yield Telescoping((1 - z) * z**a, a, L, 1 - z**L)
    f, g = IndexedBase("f"), IndexedBase("g")
    by_phase = Sum(g[v] * Sum(E[o, i, u, v] * f[u], over(u)), over(v))
    yield r"With phases \(f_u\) and \(g_v\) in the two directions, \(\hat E = \sum_v g_v \bigl(\sum_u E\, f_u\bigr)\): write the vector \(c\) of channels as \((f_u c)_u\), of squared length \(k_h \|c\|^2\), apply the matrix of rows \((o, v)\) and columns \((i, u)\), and add up over \(v\) with phases, which is at most \(k_w\) times the squared length, as above."
    yield Equal(transform.given({wave: f[u] * g[v]}).expr, by_phase)
    yield Equal(frequency.expr**2, k_h * k_w * of_pair**2)
    yield Establishes(transform, frequency)


def sharpness() -> Proof:
    M, lines = Matrix([[1, 1], [0, 1]]), [Matrix(x) for x in ((1, 1), (2, 3), (5, 8), (13, 21))]
    errors = {f"along {tuple(p)}": squared_length(M - M * p * p.T / p.dot(p)) for p in lines}
    yield Without("real numbers")
    yield r"The matrix with rows \((1, 1)\) and \((0, 1)\), approximated by its part along a rational direction: along neighbours of Fibonacci's sequence the squared error falls and falls, towards \((3 - \sqrt 5)/2\), which is not rational."
    yield Counterexample({"M": [[1, 1], [0, 1]]}, errors)
    of_rank_one = (X for X in product((0, 1), repeat=4) if X[0] * X[3] == X[1] * X[2])
    nearest = [
        X for X in of_rank_one if squared_length(Matrix(2, 2, X) - Matrix([[1, 0], [0, 1]])) == 1
    ]
    yield Without("gap")
    yield r"The identity matrix has \(\sigma_1 = \sigma_2 = 1\): two matrices of 0 and 1, of rank 1, have the least squared error 1."
    named = {f"nearest, {n}": [X[:2], X[2:]] for n, X in enumerate(nearest, start=1)}
    yield Counterexample({"M": [[1, 0], [0, 1]]}, named)
    image, first, second = Matrix([0, 1]), Matrix([[2, 0], [0, 0]]), Matrix([[0, 0], [0, 1]])
    left = {"error of the truncation": second * image, "error of the other": first * image}
    errors = {name: int(squared_length(x)) for name, x in left.items()}
    yield Without("white error")
    yield r"A \(1 \times 1\) layer of two channels with the matrix \(\mathrm{diag}(2, 1)\), and images that live in the second channel alone: the truncation keeps the first and errs by 1; keeping the second errs by 0."
    yield Counterexample({"M": [[2, 0], [0, 1]], "X": [0, 1]}, errors)
    line = [[int(abs(p - q) <= 1) for q in range(20)] for p in range(20)]
    singular, norm = largest_singular_value([[1, 1, 1]] * 3), largest_singular_value(line) ** 2
    sizes = {"singular value": singular, "norm on 20 × 20 pixels": norm, "bound": 3 * singular}
    yield Without("overlap")
    yield r"The \(3 \times 3\) kernel of ones has the one singular value 3. With nothing kept, \(m = 0\), the error on \(20 \times 20\) pixels is its norm, the square of that of a line, far above 3 and just below \(n \sigma_1 = 9\)."
    yield Counterexample({"K": [[1, 1, 1]] * 3}, {x: f"{sizes[x]:.4f}" for x in sizes})


def copies(rows: Any, columns: Any) -> Expr:
    """How many numbers an output adds, for the taps among the rows of a matrix, times how often a
    pixel is written, for those among its columns."""
    added, written = {u: k_h, v: k_w}, {u: ceiling(k_h / s_h), v: ceiling(k_w / s_w)}
    return Mul(*(added.get(x, 1) for x in rows), *(written.get(x, 1) for x in columns))
