r"""Degrees of freedom: where the factors form a tree, the kernels have as many as there are weights, less those that a change of basis at each bond takes up.

The *degrees of freedom* of a family over a field of characteristic 0 are the dimension of its set of kernels (of its Zariski closure): the rank of the derivative of the kernel by the weights, at a generic point. Write

\[$matrices, \qquad $least\]

for the dimension of the \(a \times b\) matrices of rank at most \(m\). Then:

$table

A bond larger than what either of its factors joins apart from it is first cut down to that, again and again until none is.

For CP the bound may be missed. It is missed at \($side\), \($channels\), \($terms\), for every \($every\): the bound is \($missed\) and the dimension at most \($reached\). The smallest case with all sizes at least 2 has dimension 14, not 15. Where the rank of the derivative at a single point equals the bound, the bound is the dimension.

Hypotheses:
- characteristic 0: weights from a field of characteristic 0, such as the rationals
- clipping: no bond is larger than what either of its factors joins apart from it; larger ones are cut down first
- not defective: for CP, the derivative reaches the bound at some point

Use: Compare designs by their degrees of freedom, not by their parameter counts: the difference is spent on changes of basis that no image can show.
"""

from derive.algebra.dimension import degrees_of_freedom, dimension, leaf_by_leaf
from derive.algebra.jacobian import jacobian_rank
from derive.families import (
    asymmetric,
    blueprint_separable,
    cp,
    depthwise_asymmetric_separable,
    depthwise_separable,
    flattened,
    tensor_train,
    tucker_2,
)
from derive.notation.letters import tau
from derive.proof.exact import *
from derive.proof.language import *

number = "T7"
topic = "freedom"

Lambda = Function(r"\Lambda")
mu, a, b, c = map(size, ("mu", "a", "b", "c"))
matrices = Claim(Lambda(m, a, b), "=", mu * (a + b - mu))
least = Claim(mu, "=", minimum(m, a, b))


def at_most(*bounds: tuple[Expr, Expr]) -> tuple[Cell, ...]:
    """A cell of the table: what bonds are at most."""
    return tuple(x for pair in bounds for x in (", ", Claim(pair[0], "≤", pair[1])))[1:]


table = Table(
    ("family", "degrees of freedom", "sizes"),
    ("asymmetric, vertical first", Lambda(m, k_h * C_in, k_w * C_out), "all"),
    (r"depthwise separable, multiplier \(M\)", C_in * Lambda(M, C_out, k_h * k_w), "all"),
    (r"blueprint separable, multiplier \(M\)", C_out * Lambda(M, C_in, k_h * k_w), "all"),
    ("flattened", C_out * (C_in + k_h + k_w - 2), "all"),
    ("depthwise asymmetric separable", C_in * (C_out + k_h + k_w - 2), "all"),
    (
        "Tucker-2",
        Q * C_in + P * Q * k_h * k_w + P * C_out - Q**2 - P**2,
        at_most((Q, C_in), (P, C_out), (Q, P * k_h * k_w), (P, Q * k_h * k_w)),
    ),
    (
        "tensor train",
        Q * C_in + Q * R * k_h + R * P * k_w + P * C_out - Q**2 - R**2 - P**2,
        at_most((Q, C_in), (Q, R * k_h), (R, Q * k_h), (R, P * k_w), (P, R * k_w), (P, C_out)),
    ),
    (
        "CP",
        ("at most ", minimum(C_in * C_out * k_h * k_w, R * (C_in + C_out + k_h + k_w - 3))),
        "equal when the size is not defective",
    ),
)
side = Claim(n, "=", 2)
channels = Claim(C_in, "=", C_out, "=", c)
terms = Claim(R, "=", 2 * c - 1)
every = Claim(c, "≥", 2)
missed = Claim(4 * c**2 - 1)
reached = Claim(4 * c**2 - 2)


def proof() -> Proof:
    A, S, U, V, Y, Z, d = symbols("A S U V Y Z a", commutative=False)
    lines = {
        "asymmetric": asymmetric.family,
        "depthwise separable": depthwise_separable.family,
        "blueprint separable": whole(M * blueprint_separable.family),
        "flattened": flattened.family,
        "depthwise asymmetric separable": depthwise_asymmetric_separable.family,
        "Tucker-2": tucker_2.family,
        "tensor train": tensor_train.family,
        "CP": cp.family,
    }
    formula, conditions = (dict(zip(lines, x, strict=True)) for x in zip(*stated(), strict=True))
    found = {name: degrees_of_freedom(line) for name, line in lines.items()}
    freedom = {name: form.expr for name, (form, _) in found.items()}
    one_bond = {
        "asymmetric": Cut((), (o, v), (i, u), (j,)),
        "depthwise separable": Cut((i,), (o,), (u, v), (l,)),
        "blueprint separable": Cut((o,), (u, v), (i,), (tau,)),
    }
    no_bond, trees = ("flattened", "depthwise asymmetric separable"), ("Tucker-2", "tensor train")

    yield Part("One bond")
    yield r"A single bond of size \(m\) cuts the kernel, for every value of the letters that both factors keep, into an \(a \times b\) matrix."
    yield {name: (cut_of(lines[name]), cut) for name, cut in one_bond.items()}
    yield r"The products of inner size \(m\) are the matrices of rank at most \(m\), so of rank at most \(\mu = \min(m, a, b)\)."
    yield Uses("asymmetric-rank", "Width")
    yield r"A generic one has an invertible \(\mu \times \mu\) block \(U\) in its corner, and it is a product of \(\binom{I}{Y}\), \(U\) and \((I\;Z)\). The blocks show \(U\), then \(Y\) and \(Z\): these are coordinates, each used once."
    yield Equal(([[1], [Y]], [[U]], [[1, Z]]), [[U, U * Z], [Y * U, Y * U * Z]])
    yield r"\(U\), \(Y\) and \(Z\) have \(\mu^2 + \mu(a - \mu) + \mu(b - \mu)\) entries."
    yield Equal(mu**2 + mu * (a - mu) + mu * (b - mu), matrices)
    yield r"Matrices for different values of the kept letters have no weight in common, so their dimensions add up. That is the number of weights at width \(\mu\), less \(\mu^2\) for the change of basis at the bond."
    yield {name: Equal(freedom[name], formula[name]) for name in one_bond}
    yield Establishes(matrices, least, table)
    layers = (sized(C_in=3, C_out=8, k_h=3, k_w=3, m=width) for width in range(1, 10))
    pairs = [dimension(asymmetric.family, sizes)[0] for sizes in layers]
    yield "From 3 to 8 channels with a 3 × 3 kernel the widths 1 to 9 have 32, 62, 90, 116, 140, 162, 182, 200 and 216 degrees of freedom."
    yield {"degrees of freedom": (pairs, [32, 62, 90, 116, 140, 162, 182, 200, 216])}

    yield Part("No bond")
    f, g, h = map(IndexedBase, "abc")
    edges = (k_h - 1) + (k_w - 1)
    yield r"Without a bond every slice is an outer product \(K_{p\,u\,v} = a_p b_u c_v\). Where its first entry is not zero, the entries along the three edges through it show all others."
    yield Equal(
        (f[i] * g[u] * h[v]) * (f[0] * g[0] * h[0]) ** 2,
        (f[i] * g[0] * h[0]) * (f[0] * g[u] * h[0]) * (f[0] * g[0] * h[v]),
    )
    yield "These entries can be any numbers, the first one other than 0: one, and one less than the length of every edge. Slices have no weight in common, so their dimensions add up."
    yield Equal(formula["flattened"], C_out * (1 + (C_in - 1) + edges))
    yield Equal(formula["depthwise asymmetric separable"], C_in * (1 + (C_out - 1) + edges))
    yield {f"{name}, derived": Equal(freedom[name], formula[name]) for name in no_bond}
    yield Establishes(table)

    yield Part("Trees")
    yield r"Take a factor \(A\) that hangs on the others by one bond: with its other letters as rows, the kernel is \(A S\), where \(S\) is the kernel of the remaining tree. If \(A\) has at least as many rows as columns, its upper block \(U\) is generically invertible, and a change of basis at the bond makes it the identity."
    yield Equal(([[U], [Y * U]], [[U**-1]], [[U * S]]), [[U * S], [Y * U * S]])
    yield r"Then the kernel shows \(S\) as its upper rows. If these are independent, the rows below them show \(Y\): a factor with \(c\) rows at a bond of size \(s\) adds \(s(c - s)\) to the dimension of the smaller tree, in which the bond is an open letter."
    yield Equal(([[1], [Y]], [[S]]), [[S], [Y * S]])
    yield r"The rows of \(S\) are independent for generic weights if no bond is larger than what either of its factors joins apart from it. For then the factor next to the bond, with the bond in its rows, is a generic matrix with no fewer columns than rows: with the columns in some order it is \((U\; V)\), \(U\) invertible, and \(U^{-1}\) above zeros undoes it from the right. \(S\) is this matrix \(F\) times a matrix for every bond further on, \(S_1\), \(S_2\) and so on, each undone from the right by the same argument; then so is \(S\), by the products of what undoes them."
    yield {
        "one factor": Equal(([[U, V]], [[U**-1], [0]], [[d]]), [[d]]),
        "factor and bonds": undone_together(),
    }
    free = [name for name, (form, _) in found.items() if not form.guard]
    yield "These are the conditions in the table: no bond larger than what either of its factors joins apart from it."
    yield {
        **{name: (set(found[name][0].guard), conditions[name]) for name in trees},
        "without conditions": (free, [name for name in lines if not conditions[name]]),
        "exact": ([name for name in lines if found[name][1]], [*one_bond, *no_bond, *trees]),
    }
    yield Establishes(table)
    yield r"Leaf by leaf, down to a single factor of free entries, a tensor train has \(Q(C_{\mathrm{in}} - Q) + R(Q k_h - R) + P(R k_w - P) + P C_{\mathrm{out}}\), and Tucker-2 has \(Q(C_{\mathrm{in}} - Q) + P(C_{\mathrm{out}} - P) + P Q k_h k_w\): multiplied out, the polynomials of the table."
    yield {name: Equal(leaf_by_leaf(lines[name]), formula[name]) for name in trees}
    yield Establishes(table)
    yield "That is the number of weights, less the square of every bond: what the book derives from the letters of any tree."
    yield {name: Equal(freedom[name], formula[name]) for name in trees}
    yield Establishes(table)
    yield r"A bond that is larger than the \(c\) rows of its factor may be cut down to \(c\): \(A S\) is the identity times the \(c\) rows of \(A S\), which the factor next to it takes in."
    yield Equal(([[1]], [[A * S]]), [[A * S]])

    yield Part("CP")
    entries = C_in * C_out * k_h * k_w
    yield r"A kernel of CP rank \(R\) is a sum of \(R\) outer products of four vectors. Each has \(1 + (C_{\mathrm{in}} - 1) + (C_{\mathrm{out}} - 1) + (k_h - 1) + (k_w - 1)\) degrees of freedom, as above. Their sum has at most \(R\) times as many, and no more than there are entries."
    yield Equal(formula["CP"], minimum(entries, R * (1 + (C_in - 1) + (C_out - 1) + edges)))
    yield Equal(freedom["CP"], formula["CP"])
    yield Establishes(table)
    yield "The rank of the derivative at a single point is a lower bound. Where the two meet, the bound is the dimension:"
    yield {
        f"{x} → {y}, {k} × {k}, R = {rank}": of_cp(x, y, k, rank)
        for x, y, k, rank in ((2, 3, 3, 1), (3, 8, 3, 2), (3, 3, 2, 3), (2, 3, 3, 4))
    }
    beyond, pair, delta = 2 + padding("beyond"), range(2), KroneckerDelta
    corner = {
        "row (0, 1), i < 2": ([delta(0, 1) * delta(x, y) for x in pair for y in pair], [0] * 4),
        "row (0, 1), i beyond": ([delta(0, beyond) * delta(1, y) for y in pair], [0] * 2),
        "between the four and those beyond": ([delta(x, beyond) for x in pair], [0] * 2),
        "rank of the four": (both_ranks(2)[1], 4),
    }
    ranks = {f"c = {c}": (both_ranks(c), [2 * c - 3, 2 * c]) for c in (2, 3, 4)}
    yield r"Now let \(n = 2\), \(C_{\mathrm{in}} = C_{\mathrm{out}} = c \ge 2\) and \(R = 2c - 1\). With rows \((o, u)\) and columns \((i, v)\) the kernel is a \(2c \times 2c\) matrix, a sum of \(2c - 1\) outer products, so its determinant is 0. So is that with rows \((o, v)\) and columns \((i, u)\). Both are determinants of matrices of independent entries, so irreducible polynomials; and they are not multiples of each other: let \(K_{o\,i\,u\,v}\) be \(\delta_{o\,u} \delta_{i\,v}\) for \(o, i < 2\) and \(\delta_{o\,i} \delta_{u\,v}\) beyond, then row \((0, 1)\) of the first matrix is 0, while the second falls apart into a permutation of four rows and an identity matrix."
    yield Every({"the corner": Equal(corner), "ranks": Equal(ranks)}, designs=tuple(ranks))
    sizes = dict.fromkeys((k_h, k_w), side.expr) | dict.fromkeys(channels.terms[:2], channels.expr)
    of_these = entries.xreplace(sizes)
    yield r"Two irreducible equations that are not multiples of each other cut the dimension down by 2, from \(4c^2\) entries to \(4c^2 - 2\) at most. The bound is larger, so it is missed for every \(c \ge 2\)."
    yield Equal(formula["CP"].xreplace({**sizes, R: terms.expr}), minimum(of_these, missed.expr))
    yield Equal(of_these - 2, reached)
    yield {"more than that": (missed.expr - reached.expr, 1)}
    yield Establishes(side, channels, terms, missed)
    yield r"At \(c = 2\) the derivative has rank 14 at some point: the dimension is 14."
    yield {"2 → 2, 2 × 2, R = 3": (of_cp(2, 2, 2, 3)[0], 14)}


def sharpness() -> Proof:
    single = sized(C_in=1, C_out=1, k_h=1, k_w=1, m=2)
    unclipped = matrices.given({mu: m, a: k_h * C_in, b: k_w * C_out}).expr.xreplace(single)
    rank_found = jacobian_rank(asymmetric.family, single)
    yield Without("clipping")
    yield r"One channel in and out, a 1 × 1 kernel, two middle channels: the formula with \(m = 2\) instead of \(\mu = 1\) gives 0 degrees of freedom, but there is one."
    yield Counterexample(
        {"A": ["a_0", "a_1"], "B": ["b_0", "b_1"], "K": ["a_0 b_0 + a_1 b_1"]},
        {"with m": int(unclipped), "rank of the derivative": rank_found},
    )
    rank_found, bound = of_cp(2, 2, 2, 3)
    yield Without("not defective")
    yield r"CP of rank 3 with two channels in and out and a 2 × 2 kernel: 24 weights, less 3 scales in each of 3 terms, are 15; the dimension is 14."
    yield Counterexample({}, {"bound": bound, "rank of the derivative": rank_found})


def stated() -> Iterator[tuple[Expr, set[Basic]]]:
    """The degrees of freedom of every row of the table, those of the matrices written out, and the
    conditions on the sizes; none for all."""
    expr = matrices.given({mu: least.expr}).expr
    body = {Lambda: lambda *at: expr.xreplace(dict(zip((m, a, b), at, strict=True)))}
    rows: Any = table
    for _, cell, sizes in rows:
        shown = Claim(cell[-1] if isinstance(cell, tuple) else cell)
        claims = (one for one in sizes if isinstance(one, Claim))
        yield shown.given(body).expr, {relation for one in claims for relation in one.relations}


def undone_together() -> Evidence:
    """F (S_1 x S_2) times what undoes S_1, S_2 and F: the inner sums are identity matrices."""
    s, s1, x, y, p, q, p1, q1 = map(letter, ("s", "s'", "x", "y", "p", "q", "p'", "q'"))
    F, S1, S2, F1, T1, T2 = map(IndexedBase, ("F", "S_1", "S_2", "F'", "T_1", "T_2"))
    X, Y, *four = (over(z, size(f"N_{z}")) for z in (x, y, p, q, p1, q1))
    done = Sum(F[s, p, q] * S1[p, x] * S2[q, y], *four[:2])
    undone = Sum(T1[x, p1] * T2[y, q1] * F1[p1, q1, s1], *four[2:])
    ones = Sum(S1[p, x] * T1[x, p1], X) * Sum(S2[q, y] * T2[y, q1], Y)
    return Equal(Sum(done * undone, X, Y), Sum(F[s, p, q] * ones * F1[p1, q1, s1], *four))


def both_ranks(c: int) -> list[int]:
    """Ranks of the two unfoldings of the kernel that is singular in one of them only."""
    kernel = Kernel.by(
        lambda o, i, u, v: int((o, i) == (u, v) if o < 2 and i < 2 else (o, u) == (i, v)),
        **{"o": c, "i": c, "u": 2, "v": 2},
    )
    return [kernel.rank((o, u), (i, v)), kernel.rank((o, v), (i, u))]


def of_cp(c_in: int, c_out: int, side: int, rank: int) -> tuple[int, int]:
    """The rank of the derivative of CP at a random point, and the bound."""
    sizes = sized(C_in=c_in, C_out=c_out, k_h=side, k_w=side, R=rank)
    return jacobian_rank(cp.family, sizes), dimension(cp.family, sizes)[0]
