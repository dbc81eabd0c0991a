r"""Intersections: when a depthwise separable convolution is an asymmetric pair too, and which designs contain which.

Let a depthwise separable layer without multiplier realize \(K\) over a field: \($spelled_out\), with a column \(P_i\) of the mix and a \(k_h \times k_w\) filter \(D_i\) for each input channel. Then the widths that [asymmetric pairs](asymmetric-rank.md) need for the same kernel are

\[$by_rows, \qquad $by_columns,\]

where \(\operatorname{row}\) and \(\operatorname{col}\) are the spaces that the rows and columns span. So a kernel is both depthwise separable and an asymmetric pair of width \(m\) if and only if each slice \(K_{\cdot\,i\,\cdot\,\cdot}\), of \(C_{\mathrm{out}}\) rows and \(k_h k_w\) columns, has rank at most 1 and this dimension is at most \(m\). Let \(\rho_i\) be the rank of \(D_i\), and leave out the channels whose \(P_i\) or \(D_i\) is zero. In either order

1. \($between\);
2. if the \(P_i\) are linearly independent, \($independent\);
3. if they are and no channel is left out, an asymmetric pair of width \($width\) will do exactly when \($ones\) for all \(i\), that is, when the kernel is depthwise asymmetric separable;
4. if all \(P_i\) are multiples of one vector, \(\operatorname{rank} M_{vf}\) is the rank of the filters stacked on top of one another, at most \(k_w\), and \(\operatorname{rank} M_{hf}\) that of the filters side by side, at most \(k_h\);
5. with generic weights from an infinite field and \($outputs\) the rank is \($generic\); for square filters this is \($square\), the largest there is.

**Blueprints.** \(K\) is both depthwise separable and blueprint separable if and only if, in the graph that joins \(o\) and \(i\) wherever the filter \(K_{o\,i}\) is not zero, the filters within each connected component are multiples of one. If no \(K_{o\,i}\) is zero, \($single\) with a single filter \(F\).

**Small sizes.**

$small_sizes

**Inclusions.** With \(\mathrm{DAS}\) for depthwise asymmetric separable, \(\mathrm{DWS}\) for depthwise separable, and asymmetric pairs in either order,

\[$flattened_blueprint, \quad $flattened_cp, \quad $das_dws, \quad $das_cp,\]

\[$cp_pair, \quad $cp_train, \quad $cp_tucker.\]

None of these is an equality at all sizes. Of depthwise separable and asymmetric neither contains the other at all sizes, but at some sizes one does. For \($one_output\) and for \(1 \times 1\) kernels every kernel is depthwise separable. And a vertical-first pair represents every depthwise separable kernel if

\[$containing,\]

and a horizontal-first pair if

\[$containing_across.\]

No narrower pair does, at any of the sizes up to 3 that were tried.

Hypotheses:
- a field: kernel and weights come from one field, any one
- independent mixes: for 2 and 3, the columns \(P_i\) that are not left out are linearly independent
- one order: a rank belongs to the order of the two filters for which the kernel is unfolded
- no activation: nothing but linear maps between the stages

Use: A depthwise separable layer can be run as an asymmetric pair exactly when this dimension fits into its width; with as many outputs as inputs or more and generic weights that takes \($square\) middle channels.
"""

from itertools import chain

from derive.algebra.contraction import filled
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
from derive.proof.language import *
from derive.theorems.asymmetric_rank import hf, vf
from derive.theorems.trees_and_cp import three_ones

number = "T18"
topic = "equality"

mix, filters, F, K, rho = map(IndexedBase, ("P", "D", "F", "K", "rho"))
all_ranks = Sum(rho[i], (i, 0, C_in - 1))
either = Quantity("rank", r"\operatorname{rank}")
largest = Quantity("rho_max", r"\max_i \rho_i")
row_spaces = Quantity("dim_rows", r"\dim \sum_i P_i \otimes \operatorname{row}(D_i)")
column_spaces = Quantity("dim_columns", r"\dim \sum_i P_i \otimes \operatorname{col}(D_i)")

FLATTENED = Quantity("flattened", r"\mathrm{flattened}")
BSCONV = Quantity("BSConv", r"\mathrm{BSConv}")
DAS, DWS = Quantity("DAS", r"\mathrm{DAS}"), Quantity("DWS", r"\mathrm{DWS}")
CP_IN = Quantity("CP_C_in", r"\mathrm{CP}_{C_{\mathrm{in}}}")
CP_OUT = Quantity("CP_C_out", r"\mathrm{CP}_{C_{\mathrm{out}}}")
CP_R = Quantity("CP_R", r"\mathrm{CP}_R")
PAIR_IN = Quantity("Asym_C_in", r"\mathrm{Asym}_{C_{\mathrm{in}}}")
PAIR_OUT = Quantity("Asym_C_out", r"\mathrm{Asym}_{C_{\mathrm{out}}}")
PAIR_R = Quantity("Asym_R", r"\mathrm{Asym}_R")
TRAIN = Quantity("TT_RRR", r"\mathrm{TT}_{R,R,R}")
TUCKER = Quantity("Tucker_RR", r"\mathrm{Tucker}_{R,R}")

spelled_out = Claim(K[o, i, u, v], "=", mix[o, i] * filters[i, u, v])
by_rows = Claim(vf, "=", row_spaces)
by_columns = Claim(hf, "=", column_spaces)
between = Claim(largest, "≤", either, "≤", all_ranks)
independent = Claim(either, "=", all_ranks)
width = Claim(m, "=", C_in)
ones = Claim(rho[i], "=", 1)
outputs = Claim(C_in, "≤", C_out)
generic = Claim(C_in * Min(k_h, k_w))
square = Claim(n * C_in)
single = Claim(K[o, i, u, v], "=", mix[o, i] * F[u, v])
small_sizes = Table(
    ("sizes", "depthwise separable", "asymmetric, vertical first"),
    (Claim(k_h, "=", k_w, "=", 1), "every kernel", (r"\(o \times i\) of rank at most ", m)),
    (Claim(C_out, "=", 1), "every kernel", (r"\(v \times (i,u)\) of rank at most ", m)),
    (
        Claim(C_in, "=", 1),
        (r"\((u,v) \times o\) of rank at most ", 1),
        (r"\((o,v) \times u\) of rank at most ", m),
    ),
    (
        Claim(C_in, "=", C_out, "=", 1),
        "every kernel",
        (
            *(r"\(v \times u\) of rank at most ", m),
            *("; every kernel if and only if ", Claim(m, "≥", Min(k_h, k_w))),
        ),
    ),
)
flattened_blueprint = Claim(FLATTENED, "⊂", BSCONV)
flattened_cp = Claim(FLATTENED, "⊂", CP_OUT, "⊂", PAIR_OUT)
das_dws = Claim(DAS, "⊂", DWS)
das_cp = Claim(DAS, "⊂", CP_IN, "⊂", PAIR_IN)
cp_pair = Claim(CP_R, "⊂", PAIR_R)
cp_train = Claim(CP_R, "⊂", TRAIN)
cp_tucker = Claim(CP_R, "⊂", TUCKER)
one_output = Claim(C_out, "=", 1)
containing = Claim(m, "≥", Min(C_out * k_w, C_in * Min(k_h, k_w)))
containing_across = Claim(m, "≥", Min(C_out * k_h, C_in * Min(k_h, k_w)))


def proof() -> Iterator[Part | Sentence]:
    yield from ranks()
    yield from corollaries()
    yield from blueprints()
    yield from at_small_sizes()
    yield from inclusions()
    yield from enough()
    yield from separations()


def ranks() -> Iterator[Part | Sentence]:
    A, B, C, D = symbols("A B C D", commutative=False)
    X, Y = IndexedBase("X"), IndexedBase("Y")
    z, over_z = inner()

    yield Part("Ranks")
    yield step(
        r"Without multiplier the kernel is \(P_{o\,i} D_{i\,u\,v}\). In \(M_{vf}\), with rows \((o, v)\) and columns \((i, u)\), column \((i, u)\) is \(P_i\) times row \(u\) of \(D_i\); in \(M_{hf}\), with rows \((o, u)\) and columns \((i, v)\), column \((i, v)\) is \(P_i\) times column \(v\) of \(D_i\). All together they span the two sums.",
        Equal(contraction(plain()), spelled_out.expr),
        Equal(
            {
                "vertical first": (sides(vertical()), ((o, v), (i, u))),
                "horizontal first": (sides(horizontal()), ((o, u), (i, v))),
            }
        ),
        establishes=spelled_out,
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
        Equal(
            contraction(plain()).xreplace({o: letter("o_1")}),
            spelled_out.expr.xreplace({o: letter("o_1")}),
        ),
    )
    yield step(
        r"If \(D_i\) is a product of inner size \(\rho_i\), say of \(X_i\) and \(Y_i\), so are the columns of channel \(i\), in either order.",
        {
            "vertical first": Equal(
                mix[o, i] * Sum(X[i, u, z] * Y[i, z, v], over_z),
                Sum((mix[o, i] * Y[i, z, v]) * X[i, u, z], over_z),
            ),
            "horizontal first": Equal(
                mix[o, i] * Sum(X[i, u, z] * Y[i, z, v], over_z),
                Sum((mix[o, i] * X[i, u, z]) * Y[i, z, v], over_z),
            ),
        },
    )
    yield (
        r"Side by side, the columns of two channels are a product whose inner size is the sum of the two; and so on. The rank is at most \(\sum_i \rho_i\).",
        Equal(Matrix([[B * A, D * C]]), Matrix([[B, D]]) * Matrix([[A, 0], [0, C]])),
    )


def corollaries() -> Iterator[Part | Sentence]:
    L, c, p = map(IndexedBase, "Lcp")
    X, Y = IndexedBase("X"), IndexedBase("Y")
    U, V, a, b = symbols("U V a b", commutative=False)
    z, over_z = inner()
    over_o, over_i = (o, 0, C_out - 1), (i, 0, C_in - 1)

    yield Part("Special mixes")
    yield (
        r"2. If the \(P_i\) are independent, some matrix \(L\) takes each to a unit vector, \(\sum_o L_{z\,o} P_{o\,i} = [z = i]\). Mixing the outputs by \(L\), which raises no rank, turns the kernel into \([z = i]\, D_i\): in either order its matrix consists of the blocks \(D_i\), or their transposes, along a diagonal.",
        Equal(
            Sum(L[z, o] * contraction(plain()), over_o),
            Sum(L[z, o] * mix[o, i], over_o) * filters[i, u, v],
        ),
    )
    yield (
        r"Take an invertible submatrix of size \(\rho_i\) from each block: together they are invertible, as undoing two of them on a column \((a, b)\) shows. So the rank is at least \(\sum_i \rho_i\), and by 1 equal to it.",
        Equal(
            Matrix([[U, 0], [0, V]]) * (Matrix([[U**-1, 0], [0, V**-1]]) * Matrix([[a], [b]])),
            Matrix([[a], [b]]),
        ),
    )
    yield step(
        r"3. \(\sum_i \rho_i - C_{\mathrm{in}} = \sum_i (\rho_i - 1)\), and no term is negative: the rank is at most \(C_{\mathrm{in}}\) exactly when all \(\rho_i\) are 1.",
        Equal(independent.expr - width.expr, Sum(ones.terms[0] - ones.expr, over_i)),
        establishes=(independent, width, ones),
    )
    yield (
        r"That is: each slice is an outer product of \(P_i\), a column and a row, and the kernel is depthwise asymmetric separable.",
        Uses("trees-and-cp", "Stars"),
    )
    yield step(
        r"4. If \(P_{o\,i} = p_o c_i\), the factors \(c_i\), none of them zero, go into the filters and change no rank. With the filters stacked, a product of inner size \(s\) gives one of \(M_{vf}\), and with the filters side by side one of \(M_{hf}\). Conversely the rows of an output with \(p_o \ne 0\) hold a multiple of the stacked filters' transpose, or of the filters side by side, as in 1. So the ranks are equal; the stack has \(k_w\) columns, the row of filters \(k_h\) rows.",
        {
            "stacked": Equal(
                p[o] * Sum(X[i, u, z] * Y[z, v], over_z), Sum((p[o] * Y[z, v]) * X[i, u, z], over_z)
            ),
            "side by side": Equal(
                p[o] * Sum(X[u, z] * Y[z, i, v], over_z), Sum((p[o] * X[u, z]) * Y[z, i, v], over_z)
            ),
            "the mix": Equal(
                filled(plain(), {mix: lambda o, i: p[o] * c[i], filters: lambda *at: filters[at]}),
                p[o] * (c[i] * filters[i, u, v]),
            ),
        },
    )
    sides_of_square = {k_h: n, k_w: n}
    yield step(
        r"5. Independent columns and filters of full rank are given by minors that are not zero; they are polynomials in the weights, and not the zero polynomial, as \(P_{o\,i} = [o = i]\), \(D_{i\,u\,v} = [u = v]\) shows. So 2 holds for generic weights, with \(\rho_i = \min(k_h, k_w)\). For square filters the sum is \(n C_{\mathrm{in}}\), the number of columns of either matrix.",
        {
            name: Equal(
                network(family).extent(sides(family)[1]).xreplace(sides_of_square), square.expr
            )
            for name, family in {"vertical": vertical(), "horizontal": horizontal()}.items()
        },
        Equal(generic.expr.xreplace(sides_of_square), square.expr),
        Equal(
            {
                f"2 → 3, {tall} × {wide} taps, both ranks": (
                    ranks_of_example(tall, wide),
                    [generic.expr.xreplace({C_in: Integer(2), k_h: tall, k_w: wide})] * 2,
                )
                for tall, wide in ((Integer(4), Integer(3)), (Integer(3), Integer(4)))
            }
        ),
        establishes=(generic, square),
    )


def blueprints() -> Iterator[Part | Sentence]:
    other_mix, other_filters = bases(blueprint_separable.family)

    yield Part("Blueprints")
    yield (
        r"Depthwise separable means that for each \(i\) the filters \(K_{o\,i}\) are multiples of one; blueprint separable, that for each \(o\) they are.",
        Equal(
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
    yield step(
        r"Conversely let \(F\) be the filter of a component. Those that are not zero and share an \(i\) lie in one component, and so do those that share an \(o\): every slice is an outer product in either design, and there both spell \(P_{o\,i} F_{u\,v}\). If no filter is zero, there is one component only.",
        Equal(
            filled(plain(), {mix: lambda o, i: mix[o, i], filters: lambda i, u, v: F[u, v]}),
            single.expr,
        ),
        Equal(
            filled(
                blueprint_separable.family,
                {other_mix: lambda o, i: mix[o, i], other_filters: lambda o, u, v: F[u, v]},
            ),
            single.expr,
        ),
        establishes=single,
    )


def ranks_of_example(tall: int, wide: int) -> list[int]:
    """Ranks in both orders of [o = i][u = v] with two inputs and three outputs."""
    unit: list[list[Number]] = [[int(y == x) for x in range(wide)] for y in range(tall)]
    kernel = spelled([[1, 0], [0, 1], [0, 0]], [unit, unit])
    return [kernel.rank(*sides(order)) for order in (vertical(), horizontal())]


def passed_on() -> Evidence:
    """A minor of f and h from minors of f and g and of g and h."""
    f, g, h = (IndexedBase(name) for name in "fgh")
    x, y, z = map(letter, "xyz")
    a, b = ({w: s[w] * g[z] - s[z] * g[w] for w in (x, y)} for s in (f, h))
    return Equal(
        g[z] ** 2 * (f[x] * h[y] - f[y] * h[x]),
        a[x] * (b[y] + h[z] * g[y])
        - a[y] * (b[x] + h[z] * g[x])
        + f[z] * (g[x] * b[y] - g[y] * b[x]),
    )


def at_small_sizes() -> Iterator[Part | Sentence]:
    yield Part("Small sizes")
    yield step(
        "A letter of one value drops out of rows, columns and slices, and a matrix with one row or column has rank at most 1. What is left of the conditions is the table.",
        Equal(
            {
                f"{row[0]} as in the table": (row == at_one(sizes), True)
                for row, sizes in zip(small_sizes, degenerate(), strict=True)
            }
        ),
        establishes=small_sizes,
    )
    yield (
        r"With one input and one output channel the matrix is \(k_w \times k_h\): \(m = \min(k_h, k_w)\) is enough for every kernel, and the kernel \([u = v]\) needs as much.",
        Uses("asymmetric-rank", "Full width"),
    )


def inclusions() -> Iterator[Part | Sentence]:
    yield Part("Inclusions")
    M, columns, rows = bases(flattened.family)
    yield step(
        r"Flattened in blueprint separable: the column and the row of an output multiply to its blueprint.",
        spells(
            flattened_blueprint.terms,
            lambda o, i: M[o, i],
            lambda o, u, v: columns[o, u] * rows[o, v],
        ),
        establishes=flattened_blueprint,
    )
    yield step(
        r"Flattened in CP with \(R = C_{\mathrm{out}}\): a term for every output, picked by \([o = r]\).",
        spells(
            flattened_cp.terms[:2],
            lambda r, i: M[r, i],
            lambda r, u: columns[r, u],
            lambda r, v: rows[r, v],
            lambda o, r: KroneckerDelta(o, r),
        ),
        establishes=flattened_cp,
    )
    A, B, F = bases(depthwise_asymmetric_separable.family)
    yield step(
        r"Depthwise asymmetric separable in depthwise separable: the column and the row of an input multiply to its filter.",
        spells(das_dws.terms, lambda i, u, v: A[i, u] * B[i, v], lambda o, i: F[o, i]),
        establishes=das_dws,
    )
    yield step(
        r"The same in CP with \(R = C_{\mathrm{in}}\): a term for every input, picked by \([r = i]\).",
        spells(
            das_cp.terms[:2],
            lambda r, i: KroneckerDelta(r, i),
            lambda r, u: A[r, u],
            lambda r, v: B[r, v],
            lambda o, r: F[o, r],
        ),
        establishes=das_cp,
    )
    yield step(
        r"CP in asymmetric pairs of width \(m = R\), in either order: each middle channel is a term, and each filter takes one of the mixes along.",
        {
            f"{small} in {large}, {order}": spells((small, large), *weights, order=number)
            for small, large in (cp_pair.terms, flattened_cp.terms[1:], das_cp.terms[1:])
            for number, (order, weights) in enumerate(each_term_a_channel().items())
        },
        establishes=(cp_pair, flattened_cp, das_cp),
    )
    S, A, B, F = bases(cp.family)
    yield step(
        r"CP in the tensor train with all three bonds of size \(R\): the two inner factors pass the number of the term on.",
        spells(
            cp_train.terms,
            lambda q, i: S[q, i],
            lambda r, q, u: KroneckerDelta(q, r) * A[r, u],
            lambda p, r, v: KroneckerDelta(p, r) * B[r, v],
            lambda o, p: F[o, p],
        ),
        establishes=cp_train,
    )
    yield step(
        r"CP in Tucker-2 with both bonds of size \(R\): the core is diagonal in them.",
        spells(
            cp_tucker.terms,
            lambda q, i: S[q, i],
            lambda p, q, u, v: KroneckerDelta(p, q) * A[p, u] * B[p, v],
            lambda o, p: F[o, p],
        ),
        establishes=cp_tucker,
    )


def each_term_a_channel() -> dict[str, tuple[Callable[..., Any], ...]]:
    """The two filters of a pair, in either order, whose middle channels are the terms of CP."""
    S, A, B, F = bases(cp.family)
    return {
        "vertical first": (lambda j, i, u: S[j, i] * A[j, u], lambda o, j, v: F[o, j] * B[j, v]),
        "horizontal first": (lambda j, i, v: S[j, i] * B[j, v], lambda o, j, u: F[o, j] * A[j, u]),
    }


def designs() -> dict[Symbol, tuple[tuple[Family, dict[Symbol, Expr]], ...]]:
    """What the names of the inclusions stand for: a family at its sizes; a pair, in both orders."""
    cps = {CP_R: R, CP_IN: C_in, CP_OUT: C_out}
    pairs = {PAIR_R: R, PAIR_IN: C_in, PAIR_OUT: C_out}
    return {
        FLATTENED: ((flattened.family, {}),),
        BSCONV: ((blueprint_separable.family, {}),),
        DAS: ((depthwise_asymmetric_separable.family, {}),),
        DWS: ((plain(), {}),),
        TRAIN: ((tensor_train.family, {Q: R, P: R, R: R}),),
        TUCKER: ((tucker_2.family, {Q: R, P: R}),),
        **{name: ((cp.family, {R: terms}),) for name, terms in cps.items()},
        **{name: ((vertical(), {m: x}), (horizontal(), {m: x})) for name, x in pairs.items()},
    }


def enough() -> Iterator[Sentence]:
    """Widths from which on every depthwise separable kernel is an asymmetric pair."""
    orders = {"vertical first": (vertical(), k_w), "horizontal first": (horizontal(), k_h)}
    yield (
        r"The matrix of a pair has \(C_{\mathrm{out}} k_w\) rows, or \(C_{\mathrm{out}} k_h\) horizontal first, which bounds its rank;",
        Every(
            {
                name: Equal(network(family).extent(sides(family)[0]), C_out * extent)
                for name, (family, extent) in orders.items()
            }
        ),
    )
    yield step(
        r"so does \(\sum_i \rho_i\), by 1, and no \(\rho_i\) exceeds \(\min(k_h, k_w)\).",
        Equal(Sum(Min(k_h, k_w), (i, 0, C_in - 1)), generic.expr),
        *(
            Equal(claim.expr, Min(network(family).extent(sides(family)[0]), generic.expr))
            for claim, family in ((containing, vertical()), (containing_across, horizontal()))
        ),
        establishes=(generic, containing, containing_across),
    )


def separations() -> Iterator[Part | Sentence]:
    diagonal, in_two_terms = Kernel.of([[[[1, 0], [0, 1]]]]), two_terms()
    delta = deltas()

    yield Part("Separations")
    yield step(
        r"With one channel the \(2 \times 2\) identity matrix is depthwise separable, blueprint separable and Tucker-2 with bonds of size 1; it is no outer product, so it is not flattened, not depthwise asymmetric separable, not CP with \(R = 1\), and no asymmetric pair of width 1.",
        Equal(
            memberships(
                diagonal,
                {
                    "depthwise separable": (das_dws.terms[1], True),
                    "blueprint separable": (flattened_blueprint.terms[1], True),
                    "Tucker-2": (cp_tucker.terms[1], True),
                    "flattened": (flattened_blueprint.terms[0], False),
                    "depthwise asymmetric separable": (das_dws.terms[0], False),
                    "CP": (cp_tucker.terms[0], False),
                    "vertical first": (cp_pair.terms[1], False),
                },
            )
            | memberships(diagonal, {"horizontal first": (cp_pair.terms[1], False)}, order=1)
        ),
        establishes=(das_dws, flattened_blueprint, cp_tucker),
    )
    yield step(
        r"One input, two outputs, two taps: \(K_{o\,v} = [o = v]\) is an asymmetric pair of width 1, column filter first, and \(K_{o\,u} = [o = u]\) one with the row filter first; neither is depthwise separable, nor CP with \(R = 1 = C_{\mathrm{in}}\).",
        Equal(
            {
                name: pair
                for order, (tap, first) in enumerate((("v", "vertical"), ("u", "horizontal")))
                for name, pair in memberships(
                    delta["o", tap],
                    {
                        f"[o = {tap}], {first} first": (das_cp.terms[2], True),
                        f"[o = {tap}], depthwise separable": (das_dws.terms[1], False),
                        f"[o = {tap}], CP": (das_cp.terms[1], False),
                    },
                    order=order,
                ).items()
            }
        ),
        establishes=(das_cp, das_dws),
    )
    yield step(
        r"One output, two inputs, two taps: \(K_{i\,u} = [i = u]\) is an asymmetric pair of width 1, column filter first, \(K_{i\,v} = [i = v]\) one with the row filter first; neither is CP with \(R = 1 = C_{\mathrm{out}}\).",
        Equal(
            {
                name: pair
                for order, (tap, first) in enumerate((("u", "vertical"), ("v", "horizontal")))
                for narrower, wider in (flattened_cp.terms[1:], cp_pair.terms)
                for name, pair in memberships(
                    delta["i", tap],
                    {
                        f"[i = {tap}], {wider}, {first} first": (wider, True),
                        f"[i = {tap}], {narrower}": (narrower, False),
                    },
                    order=order,
                ).items()
            }
        ),
        establishes=(flattened_cp, cp_pair),
    )
    yield step(
        r"The identity matrix at the first of two outputs, and zeros at the other, is CP with \(R = 2 = C_{\mathrm{out}}\), and not flattened; at the first of two inputs it is CP with \(R = 2 = C_{\mathrm{in}}\), and not depthwise asymmetric separable.",
        Equal(
            memberships(in_two_terms["o"], {"flattened": (flattened_cp.terms[0], False)})
            | memberships(
                in_two_terms["i"], {"depthwise asymmetric separable": (das_cp.terms[0], False)}
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
        establishes=(flattened_cp, das_cp),
    )
    yield step(
        r"The kernel \(\mathcal{W}\) of two inputs, one output and \(2 \times 2\) taps is a tensor train with bonds of size 2,",
        Equal(memberships(three_ones(), {"tensor train": (cp_train.terms[1], True)}, rank=2)),
        establishes=cp_train,
    )
    yield (r"but not CP with \(R = 2\).", Uses("trees-and-cp", "CP of rank two and more"))


def sharpness() -> Iterator[Dropped]:
    both: list[list[Number]] = [[1, 1]]
    units: Filters = [[[1, 0], [0, 1]]] * 2
    kernel = spelled(both, units)
    yield (
        "independent mixes",
        r"One output and two inputs: \(P_1 = P_2 = 1\) are dependent. With the identity matrix for both filters a width of \(2 = C_{\mathrm{in}}\) will do, though the filters have rank 2 each.",
        Counterexample(
            {"K": kernel.nested},
            {
                "width needed": kernel.rank(*sides(vertical())),
                "sum of the filters' ranks": sum(map(rank, units)),
            },
        ),
    )
    kernel = spelled(both, [[[1, 0], [0, 0]], [[0, 1], [0, 0]]])
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


def inner() -> tuple[Symbol, tuple[Symbol, int, Expr]]:
    """An inner index and its range."""
    z = letter("z")
    return z, (z, 0, size("S") - 1)


def sides(family: Family) -> tuple[Letters, Letters]:
    """Row and column letters of the one cut of a pair."""
    (cut,) = network(family).cuts
    return cut.rows, cut.columns


def degenerate() -> list[tuple[Symbol, ...]]:
    """Sizes that are 1."""
    return [(k_h, k_w), (C_out,), (C_in,), (C_in, C_out)]


def at_one(sizes: tuple[Symbol, ...]) -> tuple[Cell, ...]:
    """The row of the table for sizes that are 1, read off the letters of the two designs."""
    said = Claim(*chain(*((size, "=") for size in sizes)), 1)
    channelwise, pair = (
        tested(family, dict.fromkeys(sizes, Integer(1))) for family in (plain(), vertical())
    )
    if sizes != (C_in, C_out) or isinstance(pair, str):
        return said, channelwise, pair
    wide = Claim(m, "≥", Min(*(SIZE[x] for x in (u, v))))
    return said, channelwise, (*pair, "; every kernel if and only if ", wide)


def tested(family: Family, values: dict[Symbol, Expr]) -> str | tuple[str, int | Expr]:
    """The condition on the kernels of a design at some sizes."""
    if Exactness(family, tuple(values.items())).universal:
        return "every kernel"
    net = network(family, values)
    (cut,) = net.cuts
    outer = [net.open_letters(part) for part in net.parts]
    matrix = r" \times ".join(map(tuple_of, (cut.rows, cut.columns) if cut.bonds else outer))
    bound = net.extent(cut.bonds)
    return rf"\({matrix}\) of rank at most ", int(bound) if bound.is_number else bound


def tuple_of(letters: Letters) -> str:
    """Letters as an index."""
    return str(letters[0]) if len(letters) == 1 else f"({','.join(map(str, letters))})"


def spells(inclusion: tuple[Basic, ...], *weights: Callable[..., Any], order: int = 0) -> Evidence:
    """The larger design with these weights contracts to what the smaller one contracts to."""
    (small, own), (large, sizes) = designs()[inclusion[0]][0], designs()[inclusion[1]][order]
    named: Weights = dict(zip(bases(large), weights, strict=True))
    return Equal(filled(large, named, sizes), contraction(small).xreplace(own))


def memberships(
    kernel: Kernel, claims: Mapping[str, tuple[Basic, bool]], rank: int = 1, order: int = 0
) -> dict[str, tuple[bool, bool]]:
    """For each design whether it realizes the kernel, with ``rank`` for R and for the width of a
    pair in that order, beside what is claimed."""
    found = {}
    for name, (design, claim) in claims.items():
        family, sizes = (designs()[design] * 2)[order]
        found[name] = (realizes(family, kernel, dict.fromkeys(sizes, rank)), claim)
    return found


def deltas() -> dict[tuple[str, str], Kernel]:
    """For two letters of two values the kernel that is 1 where they are equal."""
    found = {}
    for pair in (("o", "v"), ("o", "u"), ("i", "u"), ("i", "v")):
        extents = {x: 2 if x in pair else 1 for x in "oiuv"}
        found[pair] = Kernel.by(tied(*pair), **extents)
    return found


def tied(one: str, other: str) -> Callable[..., int]:
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


def nested(inclusions: Iterable[tuple[Claim, dict[Symbol, int]]]) -> Iterator[dict[str, Any]]:
    """The kernels that the two designs of an inclusion reach."""
    for inclusion, sizes in inclusions:
        reach = {}
        for design in inclusion.terms:
            family, own = designs()[design][0]
            widths = {x: sizes[extent] for x, extent in own.items()}
            reach[design] = contractions(family, tuple({**sizes, **widths}.items()))
        yield {"inclusion": inclusion, "reach": reach}
