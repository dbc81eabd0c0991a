r"""Intersections: when a depthwise separable convolution is an asymmetric pair too, and which designs contain which.

Let a depthwise separable layer without multiplier realize \(K\) over a field: \(K_{o\,i\,u\,v} = P_{o\,i}\, D_{i\,u\,v}\), with a column \(P_i\) of the mix and a \(k_h \times k_w\) filter \(D_i\) for each input channel. Then the widths that [asymmetric pairs](asymmetric-rank.md) need for the same kernel are

\[\operatorname{rank} M_{vf} = \dim \sum_i P_i \otimes \operatorname{row}(D_i), \qquad \operatorname{rank} M_{hf} = \dim \sum_i P_i \otimes \operatorname{col}(D_i),\]

where \(\operatorname{row}\) and \(\operatorname{col}\) are the spaces that the rows and columns span. So a kernel is both depthwise separable and an asymmetric pair of width \(m\) if and only if each slice \(K_{\cdot\,i\,\cdot\,\cdot}\), of \(C_{\mathrm{out}}\) rows and \(k_h k_w\) columns, has rank at most 1 and this dimension is at most \(m\). Let \(\rho_i = \operatorname{rank} D_i\), and leave out the channels with \(P_i = 0\) or \(D_i = 0\). In either order

1. \(\max_i \rho_i \le \operatorname{rank} \le \sum_i \rho_i\);
2. if the \(P_i\) are linearly independent, \(\operatorname{rank} = \sum_i \rho_i\);
3. if they are and no channel is left out, an asymmetric pair of width \(m = C_{\mathrm{in}}\) will do exactly when all \(\rho_i = 1\), that is, when the kernel is depthwise asymmetric separable;
4. if all \(P_i\) are multiples of one vector, \(\operatorname{rank} M_{vf}\) is the rank of the filters stacked on top of one another, at most \(k_w\), and \(\operatorname{rank} M_{hf}\) that of the filters side by side, at most \(k_h\);
5. with generic weights from an infinite field and \(C_{\mathrm{in}} \le C_{\mathrm{out}}\) the rank is \(C_{\mathrm{in}} \min(k_h, k_w)\); for square filters this is \(n C_{\mathrm{in}}\), the largest there is.

**Blueprints.** \(K\) is both depthwise separable and blueprint separable if and only if, in the graph that joins \(o\) and \(i\) wherever the filter \(K_{o\,i}\) is not zero, the filters within each connected component are multiples of one. If no \(K_{o\,i}\) is zero, \(K_{o\,i\,u\,v} = P_{o\,i} F_{u\,v}\) with a single filter \(F\).

**Small sizes.**

| sizes | depthwise separable | asymmetric, vertical first |
|---|---|---|
| \(k_h = k_w = 1\) | every kernel | \(o \times i\) of rank at most \(m\) |
| \(C_{\mathrm{out}} = 1\) | every kernel | \(v \times (i,u)\) of rank at most \(m\) |
| \(C_{\mathrm{in}} = 1\) | \((u,v) \times o\) of rank at most 1 | \((o,v) \times u\) of rank at most \(m\) |
| \(C_{\mathrm{in}} = C_{\mathrm{out}} = 1\) | every kernel | \(v \times u\) of rank at most \(m\); every kernel if and only if \(m \ge \min(k_h, k_w)\) |

**Inclusions.** With \(\mathrm{DAS}\) for depthwise asymmetric separable, \(\mathrm{DWS}\) for depthwise separable, and asymmetric pairs in either order,

\[\mathrm{flattened} \subset \mathrm{BSConv}, \quad \mathrm{flattened} \subset \mathrm{CP}_{C_{\mathrm{out}}} \subset \mathrm{Asym}_{C_{\mathrm{out}}}, \quad \mathrm{DAS} \subset \mathrm{DWS}, \quad \mathrm{DAS} \subset \mathrm{CP}_{C_{\mathrm{in}}} \subset \mathrm{Asym}_{C_{\mathrm{in}}},\]

\[\mathrm{CP}_R \subset \mathrm{Asym}_R, \quad \mathrm{CP}_R \subset \mathrm{TT}_{R,R,R}, \quad \mathrm{CP}_R \subset \mathrm{Tucker}_{R,R}.\]

None of these is an equality at all sizes. Of depthwise separable and asymmetric neither contains the other at all sizes, but at some sizes one does. For \(C_{\mathrm{out}} = 1\) and for \(1 \times 1\) kernels every kernel is depthwise separable. And a vertical-first pair represents every depthwise separable kernel if

\[m \ge \min\bigl(C_{\mathrm{out}} k_w,\; C_{\mathrm{in}} \min(k_h, k_w)\bigr);\]

horizontal first, with \(k_h\) for the first \(k_w\). No narrower pair does, at any of the sizes up to 3 that were tried.

Hypotheses:
- a field: kernel and weights come from one field, any one
- independent mixes: for 2 and 3, the columns \(P_i\) that are not left out are linearly independent
- one order: a rank belongs to the order of the two filters for which the kernel is unfolded
- no activation: nothing but linear maps between the stages

Use: A depthwise separable layer can be run as an asymmetric pair exactly when this dimension fits into its width; with as many outputs as inputs or more and generic weights that takes \(n C_{\mathrm{in}}\) middle channels.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from random import Random
from typing import Any

from sympy import Expr, IndexedBase, Integer, KroneckerDelta, Matrix, Min, Sum, Symbol, symbols

from derive.algebra.contraction import contraction, filled, Weights
from derive.algebra.exactness import Exactness
from derive.algebra.factorize import contracted, realizes
from derive.algebra.finite import contractions
from derive.algebra.kernel import FULL, Index, Kernel
from derive.algebra.matrix import Number, rank, rank_factors
from derive.algebra.network import network
from derive.families import (
    asymmetric,
    asymmetric_horizontal_first,
    blueprint_separable,
    cp,
    depthwise_asymmetric_separable,
    depthwise_separable,
    flattened,
    tensor_train,
    tucker_2,
)
from derive.notation.family import Family, Letters
from derive.notation.letters import (
    C_in,
    C_out,
    i,
    k_h,
    k_w,
    l,
    letter,
    m,
    n,
    o,
    P,
    Q,
    R,
    size,
    u,
    v,
)
from derive.proof.cases import Box, Listed
from derive.proof.evidence import Agree, Counterexample, Every, Exact, Identity, SameSum, Uses
from derive.proof.theorem import Dropped, Part, Sentence
from derive.theorems.trees_and_cp import three_ones

number = "T18"
topic = "equality"


def proof() -> Iterator[Part | Sentence]:
    yield from ranks()
    yield from corollaries()
    yield from blueprints()
    yield from small_sizes()
    yield from inclusions()
    yield from containing()
    yield from separations()


def ranks() -> Iterator[Part | Sentence]:
    mix, filters = mix_and_filters()
    A, B, C, D = symbols("A B C D", commutative=False)
    X, Y = IndexedBase("X"), IndexedBase("Y")
    z, over_z = inner()

    yield Part("Ranks")
    yield (
        r"Without multiplier the kernel is \(P_{o\,i} D_{i\,u\,v}\). In \(M_{vf}\), with rows \((o, v)\) and columns \((i, u)\), column \((i, u)\) is \(P_i\) times row \(u\) of \(D_i\); in \(M_{hf}\), with rows \((o, u)\) and columns \((i, v)\), column \((i, v)\) is \(P_i\) times column \(v\) of \(D_i\). All together they span the two sums.",
        Every(
            {
                "kernel": SameSum(contraction(plain()), mix[o, i] * filters[i, u, v]),
                "rows and columns": Exact(
                    {
                        "vertical first": (sides(vertical()), ((o, v), (i, u))),
                        "horizontal first": (sides(horizontal()), ((o, u), (i, v))),
                    }
                ),
            }
        ),
    )
    yield (
        "That every slice has rank at most 1 says that the kernel is depthwise separable without multiplier,",
        Uses("depthwise-multiplier", "Rank per channel"),
    )
    yield (
        r"and that the dimension is at most \(m\), that it is an asymmetric pair of width \(m\).",
        Uses("asymmetric-rank", "Width"),
    )
    yield (
        r"1. If \(P_{o\,i} \ne 0\) for some output \(o = o_1\), the rows of that output and the columns of channel \(i\) hold \(P_{o_1\,i} D_i\) or its transpose, of rank \(\rho_i\): no rank of a submatrix exceeds that of the matrix.",
        SameSum(
            contraction(plain()).xreplace({o: letter("o_1")}),
            mix[letter("o_1"), i] * filters[i, u, v],
        ),
    )
    yield (
        r"If \(D_i\) is a product of inner size \(\rho_i\), say of \(X_i\) and \(Y_i\), so are the columns of channel \(i\), in either order.",
        Every(
            {
                "vertical first": SameSum(
                    mix[o, i] * Sum(X[i, u, z] * Y[i, z, v], over_z),
                    Sum((mix[o, i] * Y[i, z, v]) * X[i, u, z], over_z),
                ),
                "horizontal first": SameSum(
                    mix[o, i] * Sum(X[i, u, z] * Y[i, z, v], over_z),
                    Sum((mix[o, i] * X[i, u, z]) * Y[i, z, v], over_z),
                ),
            }
        ),
    )
    yield (
        r"Side by side, the columns of two channels are a product whose inner size is the sum of the two; and so on. The rank is at most \(\sum_i \rho_i\).",
        Identity(Matrix([[B * A, D * C]]), Matrix([[B, D]]) * Matrix([[A, 0], [0, C]])),
    )


def corollaries() -> Iterator[Part | Sentence]:
    mix, filters = mix_and_filters()
    L, rho, c, p = (IndexedBase(name) for name in ("L", "rho", "c", "p"))
    X, Y = IndexedBase("X"), IndexedBase("Y")
    U, V, a, b = symbols("U V a b", commutative=False)
    z, over_z = inner()
    over_o, over_i = (o, 0, C_out - 1), (i, 0, C_in - 1)

    yield Part("Special mixes")
    yield (
        r"2. If the \(P_i\) are independent, some matrix \(L\) takes each to a unit vector, \(\sum_o L_{z\,o} P_{o\,i} = [z = i]\). Mixing the outputs by \(L\), which raises no rank, turns the kernel into \([z = i]\, D_i\): in either order its matrix consists of the blocks \(D_i\), or their transposes, along a diagonal.",
        SameSum(
            Sum(L[z, o] * contraction(plain()), over_o),
            Sum(L[z, o] * mix[o, i], over_o) * filters[i, u, v],
        ),
    )
    yield (
        r"Take an invertible submatrix of size \(\rho_i\) from each block: together they are invertible, as undoing two of them on a column \((a, b)\) shows. So the rank is at least \(\sum_i \rho_i\), and by 1 equal to it.",
        Identity(
            Matrix([[U, 0], [0, V]]) * (Matrix([[U**-1, 0], [0, V**-1]]) * Matrix([[a], [b]])),
            Matrix([[a], [b]]),
        ),
    )
    yield (
        r"3. \(\sum_i \rho_i - C_{\mathrm{in}} = \sum_i (\rho_i - 1)\), and no term is negative: the rank is at most \(C_{\mathrm{in}}\) exactly when all \(\rho_i\) are 1.",
        SameSum(Sum(rho[i], over_i) - C_in, Sum(rho[i] - 1, over_i)),
    )
    yield (
        r"That is: each slice is an outer product of \(P_i\), a column and a row, and the kernel is depthwise asymmetric separable.",
        Uses("trees-and-cp", "Stars"),
    )
    yield (
        r"4. If \(P_{o\,i} = p_o c_i\), the factors \(c_i\), none of them zero, go into the filters and change no rank. With the filters stacked, a product of inner size \(s\) gives one of \(M_{vf}\), and with the filters side by side one of \(M_{hf}\). Conversely the rows of an output with \(p_o \ne 0\) hold a multiple of the stacked filters' transpose, or of the filters side by side, as in 1. So the ranks are equal; the stack has \(k_w\) columns, the row of filters \(k_h\) rows.",
        Every(
            {
                "stacked": SameSum(
                    p[o] * Sum(X[i, u, z] * Y[z, v], over_z),
                    Sum((p[o] * Y[z, v]) * X[i, u, z], over_z),
                ),
                "side by side": SameSum(
                    p[o] * Sum(X[u, z] * Y[z, i, v], over_z),
                    Sum((p[o] * X[u, z]) * Y[z, i, v], over_z),
                ),
                "the mix": SameSum(
                    filled(
                        plain(), {mix: lambda o, i: p[o] * c[i], filters: lambda *at: filters[at]}
                    ),
                    p[o] * (c[i] * filters[i, u, v]),
                ),
            }
        ),
    )
    square = {k_h: n, k_w: n}
    yield (
        r"5. Independent columns and filters of full rank are given by minors that are not zero; they are polynomials in the weights, and not the zero polynomial, as \(P_{o\,i} = [o = i]\), \(D_{i\,u\,v} = [u = v]\) shows. So 2 holds for generic weights, with \(\rho_i = \min(k_h, k_w)\). For square filters the sum is \(n C_{\mathrm{in}}\), the number of columns of either matrix.",
        Every(
            {
                name: Identity(network(family).extent(sides(family)[1]).xreplace(square), n * C_in)
                for name, family in {"vertical": vertical(), "horizontal": horizontal()}.items()
            }
            | {
                "the example": Exact(
                    {"2 → 3, 3 × 2 taps, both ranks": (ranks_of_example(), [4, 4])}
                )
            }
        ),
    )


def blueprints() -> Iterator[Part | Sentence]:
    mix, filters = mix_and_filters()
    other_mix, other_filters = (factor.base for factor in blueprint_separable.family.factors)
    F = IndexedBase("F")

    yield Part("Blueprints")
    yield (
        r"Depthwise separable means that for each \(i\) the filters \(K_{o\,i}\) are multiples of one; blueprint separable, that for each \(o\) they are.",
        Exact(
            {
                "depthwise separable": (Exactness(plain()).brief, "per i: (u, v) ⊗ o"),
                "blueprint separable": (
                    Exactness(blueprint_separable.family).brief,
                    "per o: i ⊗ (u, v)",
                ),
            }
        ),
    )
    yield (
        r"So two filters that are not zero and share an \(i\) or an \(o\) are multiples of each other. If \(f\) and \(g\) are, and \(g\) and \(h\), with \(g_z \ne 0\), so are \(f\) and \(h\): each of their minors, times \(g_z^2\), is a sum of multiples of minors of \(f\) and \(g\), \(a_x = f_x g_z - f_z g_x\), and of \(g\) and \(h\), \(b_x = h_x g_z - h_z g_x\). Along a path, and so within a component, all are multiples of one.",
        passed_on(),
    )
    yield (
        r"Conversely let \(F\) be the filter of a component. Those that are not zero and share an \(i\) lie in one component, and so do those that share an \(o\): every slice is an outer product in either design, and there both spell \(P_{o\,i} F_{u\,v}\). If no filter is zero, there is one component only.",
        SameSum(
            filled(plain(), {mix: lambda o, i: mix[o, i], filters: lambda i, u, v: F[u, v]}),
            filled(
                blueprint_separable.family,
                {other_mix: lambda o, i: mix[o, i], other_filters: lambda o, u, v: F[u, v]},
            ),
        ),
    )


def ranks_of_example() -> list[int]:
    """Ranks in both orders of [o = i][u = v] with two inputs, three outputs and 3 × 2 taps."""
    mix: list[list[Number]] = [[1, 0], [0, 1], [0, 0]]
    kernel = spelled(mix, [mix, mix])
    return [kernel.rank(*sides(order)) for order in (vertical(), horizontal())]


def passed_on() -> Identity:
    """A minor of f and h from minors of f and g and of g and h."""
    f, g, h = (IndexedBase(name) for name in "fgh")
    x, y, z = map(letter, "xyz")
    a, b = ({w: s[w] * g[z] - s[z] * g[w] for w in (x, y)} for s in (f, h))
    return Identity(
        g[z] ** 2 * (f[x] * h[y] - f[y] * h[x]),
        a[x] * (b[y] + h[z] * g[y])
        - a[y] * (b[x] + h[z] * g[x])
        + f[z] * (g[x] * b[y] - g[y] * b[x]),
    )


def small_sizes() -> Iterator[Part | Sentence]:
    yield Part("Small sizes")
    yield (
        "A letter of one value drops out of rows, columns and slices, and a matrix with one row or column has rank at most 1. What is left of the conditions is the table.",
        Exact(
            {
                name: (tuple(Exactness(f, values).brief for f in (plain(), vertical())), claim)
                for name, values, claim in degenerate()
            }
        ),
    )
    yield (
        r"With one input and one output channel the matrix is \(k_w \times k_h\): \(m = \min(k_h, k_w)\) is enough for every kernel, and the kernel \([u = v]\) needs as much.",
        Uses("asymmetric-rank", "Full width"),
    )


def inclusions() -> Iterator[Part | Sentence]:
    yield Part("Inclusions")
    mix, columns, rows = bases(flattened.family)
    yield (
        r"Flattened in blueprint separable: the column and the row of an output multiply to its blueprint.",
        spells(
            flattened.family,
            blueprint_separable.family,
            lambda o, i: mix[o, i],
            lambda o, u, v: columns[o, u] * rows[o, v],
        ),
    )
    yield (
        r"Flattened in CP with \(R = C_{\mathrm{out}}\): a term for every output, picked by \([o = r]\).",
        spells(
            flattened.family,
            cp.family,
            lambda r, i: mix[r, i],
            lambda r, u: columns[r, u],
            lambda r, v: rows[r, v],
            lambda o, r: KroneckerDelta(o, r),
            sizes={R: C_out},
        ),
    )
    columns, rows, mix = bases(depthwise_asymmetric_separable.family)
    yield (
        r"Depthwise asymmetric separable in depthwise separable: the column and the row of an input multiply to its filter.",
        spells(
            depthwise_asymmetric_separable.family,
            plain(),
            lambda i, u, v: columns[i, u] * rows[i, v],
            lambda o, i: mix[o, i],
        ),
    )
    yield (
        r"The same in CP with \(R = C_{\mathrm{in}}\): a term for every input, picked by \([r = i]\).",
        spells(
            depthwise_asymmetric_separable.family,
            cp.family,
            lambda r, i: KroneckerDelta(r, i),
            lambda r, u: columns[r, u],
            lambda r, v: rows[r, v],
            lambda o, r: mix[o, r],
            sizes={R: C_in},
        ),
    )
    S, A, B, F = bases(cp.family)
    yield (
        r"CP in asymmetric pairs of width \(m = R\), in either order: each middle channel is a term, and each filter takes one of the mixes along.",
        Every(
            {
                "vertical first": spells(
                    cp.family,
                    vertical(),
                    lambda j, i, u: S[j, i] * A[j, u],
                    lambda o, j, v: F[o, j] * B[j, v],
                    sizes={m: R},
                ),
                "horizontal first": spells(
                    cp.family,
                    horizontal(),
                    lambda j, i, v: S[j, i] * B[j, v],
                    lambda o, j, u: F[o, j] * A[j, u],
                    sizes={m: R},
                ),
            }
        ),
    )
    yield (
        r"CP in the tensor train with all three bonds of size \(R\): the two inner factors pass the number of the term on.",
        spells(
            cp.family,
            tensor_train.family,
            lambda q, i: S[q, i],
            lambda r, q, u: KroneckerDelta(q, r) * A[r, u],
            lambda p, r, v: KroneckerDelta(p, r) * B[r, v],
            lambda o, p: F[o, p],
            sizes={Q: R, P: R},
        ),
    )
    yield (
        r"CP in Tucker-2 with both bonds of size \(R\): the core is diagonal in them.",
        spells(
            cp.family,
            tucker_2.family,
            lambda q, i: S[q, i],
            lambda p, q, u, v: KroneckerDelta(p, q) * A[p, u] * B[p, v],
            lambda o, p: F[o, p],
            sizes={Q: R, P: R},
        ),
    )


def containing() -> Iterator[Sentence]:
    """Widths from which on every depthwise separable kernel is an asymmetric pair."""
    orders = {"vertical first": (vertical(), k_w), "horizontal first": (horizontal(), k_h)}
    yield (
        r"The matrix of a pair has \(C_{\mathrm{out}} k_w\) rows, or \(C_{\mathrm{out}} k_h\) horizontal first, which bounds its rank;",
        Every(
            {
                name: Identity(network(family).extent(sides(family)[0]), C_out * extent)
                for name, (family, extent) in orders.items()
            }
        ),
    )
    yield (
        r"so does \(\sum_i \rho_i\), by 1, and no \(\rho_i\) exceeds \(\min(k_h, k_w)\).",
        SameSum(Sum(Min(k_h, k_w), (i, 0, C_in - 1)), C_in * Min(k_h, k_w)),
    )


def containing_width() -> Expr:
    """The width from which on a vertical-first pair represents every depthwise separable kernel."""
    return Min(C_out * k_w, C_in * Min(k_h, k_w))


def separations() -> Iterator[Part | Sentence]:
    diagonal, in_two_terms = Kernel.of([[[[1, 0], [0, 1]]]]), two_terms()
    delta = deltas()

    yield Part("Separations")
    yield (
        r"With one channel the \(2 \times 2\) identity matrix is depthwise separable, blueprint separable and Tucker-2 with bonds of size 1; it is no outer product, so it is not flattened, not depthwise asymmetric separable, not CP with \(R = 1\), and no asymmetric pair of width 1.",
        Exact(
            memberships(
                diagonal,
                {
                    "depthwise separable": (plain(), {}, True),
                    "blueprint separable": (blueprint_separable.family, {}, True),
                    "Tucker-2": (tucker_2.family, {Q: 1, P: 1}, True),
                    "flattened": (flattened.family, {}, False),
                    "depthwise asymmetric separable": (
                        depthwise_asymmetric_separable.family,
                        {},
                        False,
                    ),
                    "CP": (cp.family, {R: 1}, False),
                    "vertical first": (vertical(), {m: 1}, False),
                    "horizontal first": (horizontal(), {m: 1}, False),
                },
            )
        ),
    )
    yield (
        r"One input, two outputs, two taps: \(K_{o\,v} = [o = v]\) is an asymmetric pair of width 1, column filter first, and \(K_{o\,u} = [o = u]\) one with the row filter first; neither is depthwise separable, nor CP with \(R = 1 = C_{\mathrm{in}}\).",
        Exact(
            memberships(
                delta["o", "v"],
                {
                    "[o = v], vertical first": (vertical(), {m: 1}, True),
                    "[o = v], depthwise separable": (plain(), {}, False),
                    "[o = v], CP": (cp.family, {R: 1}, False),
                },
            )
            | memberships(
                delta["o", "u"],
                {
                    "[o = u], horizontal first": (horizontal(), {m: 1}, True),
                    "[o = u], depthwise separable": (plain(), {}, False),
                    "[o = u], CP": (cp.family, {R: 1}, False),
                },
            )
        ),
    )
    yield (
        r"One output, two inputs, two taps: \(K_{i\,u} = [i = u]\) is an asymmetric pair of width 1, column filter first, \(K_{i\,v} = [i = v]\) one with the row filter first; neither is CP with \(R = 1 = C_{\mathrm{out}}\).",
        Exact(
            memberships(
                delta["i", "u"],
                {
                    "[i = u], vertical first": (vertical(), {m: 1}, True),
                    "[i = u], CP": (cp.family, {R: 1}, False),
                },
            )
            | memberships(
                delta["i", "v"],
                {
                    "[i = v], horizontal first": (horizontal(), {m: 1}, True),
                    "[i = v], CP": (cp.family, {R: 1}, False),
                },
            )
        ),
    )
    yield (
        r"The identity matrix at the first of two outputs, and zeros at the other, is CP with \(R = 2 = C_{\mathrm{out}}\), and not flattened; at the first of two inputs it is CP with \(R = 2 = C_{\mathrm{in}}\), and not depthwise asymmetric separable.",
        Exact(
            memberships(in_two_terms["o"], {"flattened": (flattened.family, {}, False)})
            | memberships(
                in_two_terms["i"],
                {
                    "depthwise asymmetric separable": (
                        depthwise_asymmetric_separable.family,
                        {},
                        False,
                    )
                },
            )
            | {
                "contraction, two outputs": (
                    in_two_terms["o"].nested,
                    [[[[1, 0], [0, 1]]], [[[0, 0], [0, 0]]]],
                ),
                "contraction, two inputs": (
                    in_two_terms["i"].nested,
                    [[[[1, 0], [0, 1]], [[0, 0], [0, 0]]]],
                ),
            }
        ),
    )
    yield (
        r"The kernel \(\mathcal{W}\) of two inputs, one output and \(2 \times 2\) taps is a tensor train with bonds of size 2,",
        Exact(
            memberships(
                three_ones(), {"tensor train": (tensor_train.family, {Q: 2, R: 2, P: 2}, True)}
            )
        ),
    )
    yield (
        r"but not CP with \(R = 2\).",
        Uses("trees-and-cp", "CP of rank two and more"),
    )


def checks() -> Iterator[Sentence]:
    orders = [sides(vertical()), sides(horizontal())]
    yield (
        "For all weights of zeros and ones the two ranks are the two dimensions, worked out from bases of the rows and of the columns of each filter.",
        Agree(
            lambda mix, filters: tuple(spelled(mix, filters).rank(*order) for order in orders),
            lambda mix, filters: (dimension(mix, filters), dimension(mix, transposed(filters))),
            Listed("1 output, 2 inputs, 2 × 2 filters", lambda: zeros_and_ones([((1, 1),)])),
            Listed(
                "2 outputs, 2 inputs, 2 × 2 filters",
                lambda: zeros_and_ones(product(product((0, 1), repeat=2), repeat=2)),
            ),
        ),
    )
    yield (
        "Some depthwise separable kernel has the rank that bounds them all, so no narrower pair represents every one.",
        Agree(
            lambda **extents: drawn(**extents).rank(*orders[0]),
            lambda **extents: int(containing_width().xreplace(named(**extents))),
            Box(C_out=(1, 2), C_in=(1, 3), k_h=(1, 2), k_w=(1, 3)),
            Box(C_out=(1, 2, 3), C_in=(1, 2, 3), k_h=(1, 2, 3), k_w=(1, 2, 3)),
        ),
    )
    cuts = [*network(plain()).cuts, *network(blueprint_separable.family).cuts]
    yield (
        "For all kernels of zeros and ones, two outputs and two inputs, both conditions hold exactly when the filters of each component are multiples of one.",
        Agree(
            lambda filters: all(kernel_of(filters).rank_at(cut) <= 1 for cut in cuts),
            multiples_by_component,
            Listed("1 × 2 filters", lambda: all_filters(2)),
            Listed("1 × 3 filters", lambda: all_filters(3)),
        ),
    )
    yield (
        "Over the field of two elements, all weights tried, what the smaller design reaches the larger reaches too.",
        Agree(
            lambda kernel, small, large: kernel in small,
            lambda kernel, small, large: kernel in small and kernel in large,
            Listed("2 inclusions, every kernel over {0, 1}", lambda: nested(included()[:2])),
            Listed("6 inclusions, every kernel over {0, 1}", lambda: nested(included())),
        ),
    )


def sharpness() -> Iterator[Dropped]:
    mix: list[list[Number]] = [[1, 1]]
    filters: Filters = [[[1, 0], [0, 1]]] * 2
    kernel = spelled(mix, filters)
    yield (
        "independent mixes",
        r"One output and two inputs: \(P_1 = P_2 = 1\) are dependent. With the identity matrix for both filters a width of \(2 = C_{\mathrm{in}}\) will do, though the filters have rank 2 each.",
        Counterexample(
            {"K": kernel.nested},
            {
                "width needed": kernel.rank(*sides(vertical())),
                "sum of the filters' ranks": sum(map(rank, filters)),
            },
        ),
    )
    filters = [[[1, 0], [0, 0]], [[0, 1], [0, 0]]]
    kernel = spelled(mix, filters)
    yield (
        "one order",
        "Filters with a single 1 each, side by side: stacked they have rank 2, next to one another rank 1.",
        Counterexample(
            {"K": kernel.nested},
            {
                "column filter first": kernel.rank(*sides(vertical())),
                "row filter first": kernel.rank(*sides(horizontal())),
            },
        ),
    )


def plain() -> Family:
    """Depthwise separable without multiplier."""
    return depthwise_separable.family.without([l])


def vertical() -> Family:
    """The asymmetric pair, column filter first."""
    return asymmetric.family


def horizontal() -> Family:
    """The asymmetric pair, row filter first."""
    return asymmetric_horizontal_first.family


def bases(family: Family) -> tuple[IndexedBase, ...]:
    """The names of the factors in order."""
    return tuple(factor.base for factor in family.factors)


def mix_and_filters() -> tuple[IndexedBase, IndexedBase]:
    """P and D."""
    filters, mix = bases(plain())
    return mix, filters


def inner() -> tuple[Symbol, tuple[Symbol, int, Expr]]:
    """An inner index and its range."""
    z = letter("z")
    return z, (z, 0, size("S") - 1)


def sides(family: Family) -> tuple[Letters, Letters]:
    """Row and column letters of the one cut of a pair."""
    (cut,) = network(family).cuts
    return cut.rows, cut.columns


def degenerate() -> Iterator[tuple[str, tuple[tuple[Symbol, Expr], ...], tuple[str, str]]]:
    """Sizes that are 1, and the conditions claimed for them."""
    one = Integer(1)
    every = "every kernel"
    yield "1 × 1 kernel", ((k_h, one), (k_w, one)), (every, "rank o × i ≤ m")
    yield "one output", ((C_out, one),), (every, "rank v × (i, u) ≤ m")
    yield "one input", ((C_in, one),), ("(u, v) ⊗ o", "rank (o, v) × u ≤ m")
    yield "one channel", ((C_in, one), (C_out, one)), (every, "rank v × u ≤ m")


def spells(
    small: Family,
    large: Family,
    *weights: Callable[..., Any],
    sizes: dict[Symbol, Expr] | None = None,
) -> SameSum:
    """The larger design with these weights contracts to what the smaller one contracts to."""
    named: Weights = dict(zip(bases(large), weights, strict=True))
    return SameSum(filled(large, named, sizes or {}), contraction(small))


def memberships(
    kernel: Kernel, claims: dict[str, tuple[Family, dict[Symbol, int], bool]]
) -> dict[str, tuple[bool, bool]]:
    """For each design whether it realizes the kernel, beside what is claimed."""
    return {
        name: (realizes(family, kernel, values), claim)
        for name, (family, values, claim) in claims.items()
    }


def deltas() -> dict[tuple[str, str], Kernel]:
    """For two letters of two values the kernel that is 1 where they are equal."""
    found = {}
    for pair in (("o", "v"), ("o", "u"), ("i", "u"), ("i", "v")):
        extents = {x: 2 if x in pair else 1 for x in "oiuv"}
        found[pair] = Kernel.by(equal(*pair), **extents)
    return found


def equal(one: str, other: str) -> Callable[..., int]:
    """1 where two of the letters o, i, u, v have the same value, else 0."""
    first, second = "oiuv".index(one), "oiuv".index(other)
    return lambda *at: int(at[first] == at[second])


def two_terms() -> dict[str, Kernel]:
    """What CP contracts to with two terms, a column and a row with a single 1 in each; the letter
    has two values, the mix with it is 1 for the first."""

    def tensor(letters: Letters, extents: dict[str, int]) -> Kernel:
        shape = {x.name: extents.get(x.name, 1) for x in letters}
        taps = len({"u", "v"} & shape.keys())
        return Kernel.by(lambda t, x: int(x == t if taps else x == 0), **shape)

    found = {}
    for channel in "oi":
        extents = {"r": 2, "u": 2, "v": 2, channel: 2}
        factors = [tuple(sorted(f.indices, key=lambda x: x.name != "r")) for f in cp.family.factors]
        found[channel] = contracted([tensor(x, extents) for x in factors], FULL)
    return found


Filters = list[list[list[Number]]]


def spelled(mix: list[list[Number]], filters: Filters) -> Kernel:
    """The depthwise separable kernel with these weights."""
    height, width = len(filters[0]), len(filters[0][0])
    return Kernel.by(
        lambda o, i, u, v: mix[o][i] * filters[i][u][v],
        o=len(mix),
        i=len(filters),
        u=height,
        v=width,
    )


def drawn(C_out: int, C_in: int, k_h: int, k_w: int) -> Kernel:
    """A depthwise separable kernel with whole numbers drawn at random."""
    random = Random(18)
    mix: list[list[Number]] = [[random.randint(1, 99) for _ in range(C_in)] for _ in range(C_out)]
    return spelled(
        mix,
        [[[random.randint(1, 99) for _ in range(k_w)] for _ in range(k_h)] for _ in range(C_in)],
    )


def named(**extents: int) -> dict[Symbol, Integer]:
    """Sizes by their symbols."""
    return {size(name): Integer(extent) for name, extent in extents.items()}


def transposed(filters: Filters) -> Filters:
    """Every filter with rows and columns exchanged."""
    return [list(map(list, zip(*f, strict=True))) for f in filters]


def dimension(mix: list[list[Number]], filters: Filters) -> int:
    """The dimension of the sum of the columns of the mix times the row spaces of the filters."""
    return rank(
        [
            [p * x for p in column for x in row]
            for column, f in zip(zip(*mix, strict=True), filters, strict=True)
            for row in rank_factors(f)[1]
        ]
    )


def zeros_and_ones(mixes: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """All pairs of 2 × 2 filters over {0, 1}, with the given mixes."""
    for mix in mixes:
        for e in product((0, 1), repeat=8):
            filters = [[[e[k], e[k + 1]], [e[k + 2], e[k + 3]]] for k in (0, 4)]
            yield {"mix": [list(row) for row in mix], "filters": filters}


def all_filters(width: int) -> Iterator[dict[str, Any]]:
    """Every kernel over {0, 1} with two outputs, two inputs and one row of taps."""
    for e in product((0, 1), repeat=4 * width):
        rows = [list(e[k * width : (k + 1) * width]) for k in range(4)]
        yield {"filters": {(k // 2, k % 2): row for k, row in enumerate(rows)}}


def kernel_of(filters: dict[Index, list[int]]) -> Kernel:
    """The kernel with these filters of one row, by output and input."""
    return Kernel.of([[[filters[o, i]] for i in range(2)] for o in range(2)])


def multiples_by_component(filters: dict[Index, list[int]]) -> bool:
    """Whether the filters of each component of the graph of those that are not zero have rank 1."""
    left = [edge for edge, row in filters.items() if any(row)]
    while left:
        component = {left[0]}
        for _ in left:
            component |= {e for e in left if any(e[0] == f[0] or e[1] == f[1] for f in component)}
        if rank([filters[edge] for edge in component]) > 1:
            return False
        left = [edge for edge in left if edge not in component]
    return True


def included() -> list[tuple[Family, dict[Symbol, int], Family, dict[Symbol, int]]]:
    """Smaller and larger designs at sizes at which all weights over {0, 1} can be tried."""
    two = {C_in: 2, C_out: 1, k_h: 2, k_w: 2}
    mirror = {C_in: 1, C_out: 2, k_h: 2, k_w: 2}
    das = depthwise_asymmetric_separable.family
    return [
        (das, mirror, plain(), mirror),
        (cp.family, two | {R: 1}, vertical(), two | {m: 1}),
        (flattened.family, mirror, blueprint_separable.family, mirror),
        (flattened.family, mirror, cp.family, mirror | {R: 2}),
        (das, two, cp.family, two | {R: 2}),
        (cp.family, two | {R: 1}, tucker_2.family, two | {Q: 1, P: 1}),
    ]


def nested(pairs: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """All kernels beside what two designs reach."""
    for small, sizes, large, larger in pairs:
        reach = [contractions(f, tuple(at.items())) for f, at in ((small, sizes), (large, larger))]
        for kernel in product((0, 1), repeat=len(next(iter(reach[0])))):
            yield {"kernel": kernel, "small": reach[0], "large": reach[1]}
