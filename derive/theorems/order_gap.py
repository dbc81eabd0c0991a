r"""Order gap: running the two filters in the wrong order can cost a factor of up to n² in width.

The rank of a kernel unfolded for the column filter first, \(M_{vf}\), and for the row filter first, \(M_{hf}\), bound each other:

\[$bound,\]

\[$mirror.\]

Both bounds are reached at all sizes, by the kernel \($gap\), for which \($one\) and \($many\), and by its mirror image. An \(n \times n\) kernel with at least \(n\) channels on both sides can therefore need one middle channel in one order and \(n^2\) in the other. With a single pair of channels, or a \(1 \times 1\) kernel, the two ranks are equal.

Hypotheses:
- a field: weights from any field
- the whole factor: both minima count; a factor such as \(n\) instead of \(n^2\) is not enough

Use: Work out the rank in either order before deciding which filter of an asymmetric pair comes first.
"""

from derive.families import asymmetric, asymmetric_horizontal_first
from derive.proof.exact import *
from derive.proof.language import *
from derive.theorems.asymmetric_rank import both_orders, hf, vf

number = "A1"
topic = "equality"

K = IndexedBase("K")

bound = Claim(vf, "≤", minimum(C_out, k_h) * minimum(C_in, k_w) * hf)
mirror = Claim(hf, "≤", minimum(C_out, k_w) * minimum(C_in, k_h) * vf)
gap = Claim(K[o, i, u, v], "=", KroneckerDelta(o, u) * KroneckerDelta(i, v))
one = Claim(hf, "=", 1)
many = Claim(vf, "=", minimum(C_out, k_h) * minimum(C_in, k_w))


def proof() -> Proof:
    yield r"A kernel whose \(M_{hf}\) has rank \(\rho\) is a sum of \(\rho\) terms \(a_{o\,u}\, b_{i\,v}\), one for each middle channel of a pair with the row filter first."
    yield Uses("asymmetric-rank", "Width")
    first, last = letters_of(asymmetric_horizontal_first.family)
    yield r"In such a term \(o\) goes with \(u\), and \(i\) with \(v\). \(M_{vf}\) has \(o\) and \(v\) in its rows, \(i\) and \(u\) in its columns: it pulls both pairs apart."
    yield {
        "factors, row filter first": ([last, first], [{o, u}, {i, v}]),
        "rows and columns, column filter first": (
            [set(letters) for letters in cut_of(asymmetric.family).sides],
            [{o, v}, {i, u}],
        ),
    }
    yield r"Write \(a\) as a sum of \(\operatorname{rank} a\) products \(p_{s\,o}\, q_{s\,u}\), and \(b\) as one of \(\operatorname{rank} b\) products \(e_{t\,i}\, f_{t\,v}\). The term is then a sum of \(\operatorname{rank} a \cdot \operatorname{rank} b\) products of something in \((o, v)\) and something in \((i, u)\), so it adds at most that much to the rank of \(M_{vf}\)."
    yield Equal(*regrouped())
    yield r"A matrix \(a\) of \(C_{\mathrm{out}}\) rows and \(k_h\) columns has at most rank \(\min(C_{\mathrm{out}}, k_h)\), and \(b\) at most \(\min(C_{\mathrm{in}}, k_w)\). Adding up the \(\rho\) terms gives the first bound."
    yield Equal(bound.expr, hf * minimum(SIZE[o], SIZE[u]) * minimum(SIZE[i], SIZE[v]))
    yield Establishes(bound)
    yield r"Exchanging \(u\) with \(v\) exchanges the two orders and turns it into the second."
    yield {
        "orders": (
            [exchanged(rows) for rows in cut_of(asymmetric.family).sides],
            [set(rows) for rows in cut_of(asymmetric_horizontal_first.family).sides],
        ),
        "bounds": (bound.given({k_h: k_w, k_w: k_h, vf: hf, hf: vf}), mirror),
    }
    yield Establishes(mirror)
    y, x = letter("o'"), letter("v'")
    yield r"The kernel \([o = u]\,[i = v]\) is one term, so \(M_{hf}\) has rank 1. In \(M_{vf}\) take the rows \((o, v)\) with \(o < \min(C_{\mathrm{out}}, k_h)\) and \(v < \min(C_{\mathrm{in}}, k_w)\), and for each pair of such numbers \((o', v')\) the column with \(u = o'\) and \(i = v'\): the entry is 1 if \((o, v) = (o', v')\) and else 0. That is an identity matrix, so the bound is reached, whatever the sizes."
    yield Equal(gap.expr.xreplace({i: x, u: y}), KroneckerDelta(o, y) * KroneckerDelta(v, x))
    yield Equal(many.expr, bound.expr.xreplace({hf: one.expr}))
    yield {"the letters of a kernel": (gap.terms[0].indices, asymmetric.family.kernel)}
    yield Establishes(gap, one, many)
    yield "For one pair of channels and for one tap the two ranks are equal."
    yield Uses("asymmetric-rank", "Width")


def sharpness() -> Proof:
    kernel = gap_kernel(C_out=3, C_in=3, k_h=3, k_w=3)
    yield Without("the whole factor")
    yield r"A \(3 \times 3\) kernel, three channels to three: row filter first needs one middle channel, column filter first nine, as many as any kernel with three inputs can need."
    yield Counterexample({"K": kernel.nested}, both_orders(kernel))


def letters_of(family: Family) -> list[set[Symbol]]:
    """The kernel letters of every factor, bonds aside."""
    return [set(factor.indices) - set(family.summed) for factor in family.factors]


def exchanged(letters: tuple[Symbol, ...]) -> set[Symbol]:
    """Letters with u for v and v for u."""
    return {{u: v, v: u}.get(x, x) for x in letters}


def regrouped() -> tuple[Expr, Expr]:
    """A term a b with both matrices as sums of products, and the same sum sorted by side."""
    p, q, e, f = map(IndexedBase, "pqef")
    s, t = letter("s"), letter("t")
    terms = over(s, size("rho_a")), over(t, size("rho_b"))
    a, b = Sum(p[s, o] * q[s, u], terms[0]), Sum(e[t, i] * f[t, v], terms[1])
    return a * b, Sum((p[s, o] * f[t, v]) * (q[s, u] * e[t, i]), *terms)


def gap_kernel(C_out: int, C_in: int, k_h: int, k_w: int) -> Kernel:
    """The kernel [o = u][i = v]."""
    return Kernel.ones("ou", "iv", o=C_out, i=C_in, u=k_h, v=k_w)


def ranks(kernel: Kernel) -> Mapping[Symbol, int]:
    """The exact ranks of a kernel in both orders."""
    return dict(zip((vf, hf), both_orders(kernel).values(), strict=True))
