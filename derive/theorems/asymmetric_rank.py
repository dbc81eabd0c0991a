r"""Asymmetric rank: an asymmetric pair reaches a kernel exactly when its width is at least the rank of the kernel, unfolded in the pair's own order.

Unfold a kernel over a field into the matrix \(M_{vf}\) with rows \((o, v)\) and columns \((i, u)\), and into \(M_{hf}\) with rows \((o, u)\) and columns \((i, v)\). With \(m\) middle channels

- column filter first: the pair represents \(K\) $iff_column_first \($vertical\);
- row filter first: the pair represents \(K\) $iff_row_first \($horizontal\).

So the rank *is* the number of middle channels needed. The two ranks agree when there is one input and one output channel, and for a \(1 \times 1\) kernel; otherwise they may differ, by [a factor of up to \(n^2\)](order-gap.md).

Write \($columns\) and \($rows\), so that \(M_{vf}\) is \(\beta \times \alpha\). At \($full\) the pair, column filter first, represents every kernel, and has

\[$total\]

weights: exactly \($extra\) more than the kernel itself, whatever the sizes. At full width an asymmetric pair never saves weights.

A kernel of integers has integer filters of the same width; rational and real filters need no less.

Hypotheses:
- a field: weights from any field, or all of them integers
- the same order: the kernel is unfolded for the order in which the two filters run
- kernels, not images: "represents" means that the contraction is \(K\); layers that agree on all images have equal kernels [where taps are seen](visibility.md)

Use: The smaller of the two ranks is the exact width of a layer; a pair as wide as the matrix is always larger than the kernel it replaces.

Source: Tai, Xiao, Zhang, Wang, E (2016), Convolutional neural networks with low-rank regularization, ICLR, arXiv 1511.06067 (the best approximation of given width by one singular value decomposition)
"""

from derive.families import asymmetric, asymmetric_horizontal_first, standard
from derive.proof.exact import *
from derive.proof.language import *

number = "T3"
topic = "equality"

alpha, beta = size("alpha"), size("beta")
vf = Quantity("rank_vf", r"\operatorname{rank} M_{vf}")
hf = Quantity("rank_hf", r"\operatorname{rank} M_{hf}")

vertical = Claim(vf, "≤", m)
horizontal = Claim(hf, "≤", m)
columns = Claim(alpha, "=", k_h * C_in)
rows = Claim(beta, "=", k_w * C_out)
full = Claim(m, "=", minimum(alpha, beta))
total = Claim(m * (alpha + beta), "=", alpha * beta + minimum(alpha, beta) ** 2)
extra = Claim(minimum(alpha, beta) ** 2)
iff_column_first = iff()
iff_row_first = iff()


def proof() -> Proof:
    A, B, U, c, r, x = symbols("A B U c r x", commutative=False)
    pair, mirror = asymmetric.family, asymmetric_horizontal_first.family

    yield Part("Width")
    yield r"One factor holds \(o, v\) and the bond, the other \(i, u\) and the bond: the contraction is a matrix product \(M_{vf} = B A\) of inner size \(m\), rows \((o, v)\), columns \((i, u)\). Every column of \(M_{vf}\) is a combination of the \(m\) columns of \(B\), so its rank is at most \(m\)."
    yield is_product(pair, Cut((), (o, v), (i, u), (j,)))
    yield {"bound": (vertical, Claim(vf, "≤", pair.extent(cut_of(pair).bonds)))}
    yield Establishes(vertical, iff_column_first["only if"])
    yield r"Row filter first the same holds with \(u\) and \(v\) exchanged."
    yield is_product(mirror, Cut((), (o, u), (i, v), (j,)))
    yield {"bound": (horizontal, Claim(hf, "≤", mirror.extent(cut_of(mirror).bonds)))}
    yield Establishes(horizontal, iff_row_first)
    yield r"Conversely let \(\rho\) be the rank and \(U\) an invertible \(\rho \times \rho\) block, which there is since the rank is the largest size of a minor that is not zero. Around it, bring \(M\) to block form: for any further row \(r\), column \(c\) and the entry \(x\) where they meet,"
    yield Equal(([[U, 0], [r, 1]], [[1, U**-1 * c], [0, x - r * U**-1 * c]]), [[U, c], [r, x]])
    yield Establishes(iff_column_first["if"])
    yield r"The minor of this block is \(\det U \cdot (x - r U^{-1} c)\). It has size \(\rho + 1\), so it is zero, and \(x = r U^{-1} c\) for every entry outside. Therefore \(M\) is its \(\rho\) columns through \(U\), times \(U^{-1}\) and the \(\rho\) rows through \(U\): a factorization of inner size \(\rho\), whose factors, reshaped, are the two filters."
    yield Equal(([[U], [r]], [[1, U**-1 * c]]), [[U, c], [r, r * U**-1 * c]])
    yield Establishes(iff_column_first["if"])
    yield r"If \(\rho < m\), add \(m - \rho\) zero channels: the product stays the same."
    yield Equal(([[B, 0]], [[A], [0]]), [[B * A]])
    yield Establishes(iff_column_first["if"])
    single, point = sized(C_in=1, C_out=1), sized(k_h=1, k_w=1)
    yield "With one input and one output channel the two unfoldings are transposes of each other, and with a 1 × 1 kernel they are the same matrix, so the two ranks agree."
    yield {
        "one channel": (cut_of(pair, single).sides, cut_of(mirror, single).sides[::-1]),
        "one tap": (cut_of(pair, point), cut_of(mirror, point)),
    }

    yield Part("Full width")
    sizes = dict([columns.sides, rows.sides])
    down, across = map(pair.extent, cut_of(pair).sides)
    weights, entries = (Count(f).parameters.expr for f in (pair, standard.family))
    yield r"The kernel has \(\alpha\beta\) entries and the pair \(m(\alpha + \beta)\) weights."
    yield Equal(entries, (alpha * beta).xreplace(sizes))
    yield Equal(weights, total.terms[0].xreplace(sizes))
    yield {"columns": (columns, Claim(alpha, "=", across))}
    yield {"rows": (rows, Claim(beta, "=", down))}
    yield Establishes(columns, rows, total)
    yield r"A matrix of \(\beta\) rows and \(\alpha\) columns is itself times the identity: with a middle channel for every pair \((i, u)\), or one for every pair \((o, v)\), one filter picks that pair and the other holds the kernel. So every kernel is reached at \(m = \min(\alpha, \beta)\)."
    yield {
        "one for every (i, u)": Includes(standard.family, pair.split(j, {a: C_in, b: k_h})),
        "one for every (o, v)": Includes(standard.family, pair.split(j, {a: C_out, b: k_w})),
    }
    yield Equal(full.expr.xreplace(sizes), minimum(down, across))
    yield Establishes(full)
    for side, words in {
        alpha: r"At \(m = \alpha\) the pair has \(\alpha^2\) weights more than the kernel has entries,",
        beta: r"and at \(m = \beta\) it has \(\beta^2\) more: the smaller of the two, squared, at the least width that reaches every kernel.",
    }.items():
        smaller = {full.expr: side}
        found = weights.xreplace({m: side.xreplace(sizes)})
        yield words
        yield Equal(found - entries, extra.expr.xreplace(smaller).xreplace(sizes))
        yield Equal(found, total.expr.xreplace(smaller).xreplace(sizes))
        yield Establishes(total, extra)
    yield "That is the size of an invertible change of basis between the two filters, which changes both and not the kernel."
    yield Equal(([[B * U]], [[U**-1 * A]]), [[B * A]])

    yield Part("Integers")
    p, q, s, t, g = map(Symbol, "pqstg")
    yield r"Let two entries of a column be \(g p\) and \(g q\), with \(g\) their greatest common divisor and \(s p + t q = 1\). The integer matrix with rows \((s, t)\) and \((-q, p)\) brings them to \(g\) and 0, and its determinant is 1, so its inverse is one of integers too."
    yield Equal(([[s, t], [-q, p]], [[g * p], [g * q]]), [[g * (s * p + t * q)], [0]])
    yield r"Repeated, such steps bring \(M\) to echelon form: \(V M = E\) with \(\rho\) rows that are not zero and \(V\) a product of such matrices. Then \(M\) is the first \(\rho\) columns of \(V^{-1}\) times these rows, all of integers. Whether a minor is zero does not depend on the field in which it is worked out: rational and real filters need the same width."
    yield Equal(Matrix([[s, t], [-q, p]]).det(), s * p + t * q)


def sharpness() -> Proof:
    crossed = Kernel.of([[[[0, 1]], [[1, 0]]]])
    yield Without("the same order")
    yield r"Two inputs, one output, a \(1 \times 2\) kernel, four entries: column filter first needs two middle channels, row filter first one. Every slice \(K_{o\,i}\) has rank 1: the ranks of slices do not decide."
    yield Counterexample({"K": crossed.nested}, both_orders(crossed))
    square = Kernel.of([[[[1, 0], [0, 0]]], [[[0, 1], [0, 0]]]])
    yield r"One input, two outputs, \(2 \times 2\): here row filter first needs the more."
    yield Counterexample({"K": square.nested}, both_orders(square))


def is_product(pair: Family, cut: Cut) -> Evidence:
    """The contraction of a pair is a matrix product: its matrix, and the letters of its factors."""
    rows, columns = (set(side) | set(cut.bonds) for side in cut.sides)
    letters = [set(factor.indices) for factor in pair.factors]
    return Equal({"matrix": (cut_of(pair), cut), "letters": (letters, [columns, rows])})


def orders() -> dict[str, Family]:
    """The pair in its two orders."""
    across = asymmetric_horizontal_first.family
    return {"vertical first": asymmetric.family, "horizontal first": across}


def both_orders(kernel: Kernel) -> dict[str, int]:
    """The middle channels that a kernel needs in either order."""
    down, across = map(kernel.rank_in, orders().values())
    return {"column filter first": down, "row filter first": across}
