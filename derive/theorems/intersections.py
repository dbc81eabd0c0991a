r"""Intersections: when a depthwise separable convolution is an asymmetric pair too, and which designs contain which.

Let a depthwise separable layer without multiplier realize \(K\) over a field: \($spelled_out\), with a column \(P_i\) of the mix and a \(k_h \times k_w\) filter \(D_i\) for each input channel. Then the widths that [asymmetric pairs](asymmetric-rank.md) need for the same kernel are

\[$by_rows, \qquad $by_columns,\]

where \(\operatorname{row}\) and \(\operatorname{col}\) are the spaces that the rows and columns span. So a kernel is both depthwise separable and an asymmetric pair of width \(m\) $iff_both_designs each slice \(K_{\cdot\,i\,\cdot\,\cdot}\), of \(C_{\mathrm{out}}\) rows and \(k_h k_w\) columns, has rank at most 1 and this dimension is at most \(m\). Let \(\rho_i\) be the rank of \(D_i\), and leave out the channels whose \(P_i\) or \(D_i\) is zero. In either order

1. \($between\);
2. if the \(P_i\) are linearly independent, \($independent\);
3. if they are and no channel is left out, an asymmetric pair of width \($width\) will do $iff_all_ones \($ones\) for all \(i\), that is, when the kernel is depthwise asymmetric separable;
4. if all \(P_i\) are multiples of one vector, \(\operatorname{rank} M_{vf}\) is the rank of the filters stacked on top of one another, at most \(k_w\), and \(\operatorname{rank} M_{hf}\) that of the filters side by side, at most \(k_h\);
5. with generic weights from an infinite field and \($outputs\) the rank is \($generic\); for square filters this is \($square\), the largest there is.

**Blueprints.** \(K\) is both depthwise separable and blueprint separable $iff_multiples, in the graph that joins \(o\) and \(i\) wherever the filter \(K_{o\,i}\) is not zero, the filters within each connected component are multiples of one. If no \(K_{o\,i}\) is zero, \($single\) with a single filter \(F\).

**Small sizes.**

$small_sizes

**Inclusions.** With \(\mathrm{DAS}\) for depthwise asymmetric separable, \(\mathrm{DWS}\) for depthwise separable, and asymmetric pairs in either order,

\[$flattened_blueprint, \quad $flattened_cp,\]

\[$das_dws, \quad $das_cp,\]

\[$cp_pair, \quad $cp_train, \quad $cp_tucker.\]

None of these is an equality at all sizes. Of depthwise separable and asymmetric $neither at all sizes, but at some sizes one does. For \($one_output\) and for \(1 \times 1\) kernels every kernel is depthwise separable. And a vertical-first pair represents every depthwise separable kernel if

\[$containing,\]

and a horizontal-first pair if

\[$containing_across.\]

No narrower pair does, at any of the sizes up to 3 that were tried.

Hypotheses:
- a field: kernel and weights come from one field, any one
- independent mixes: for 2 and 3, the columns \(P_i\) that are not left out are linearly independent
- one order: a rank belongs to the order of the two filters for which the kernel is unfolded
- no activation: nothing but linear maps between the stages

Use: A depthwise separable layer can be run as an asymmetric pair $iff_fits this dimension fits into its width; with as many outputs as inputs or more and generic weights that takes \($square\) middle channels.
"""

from itertools import chain

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
from derive.proof.exact import *
from derive.proof.language import *
from derive.theorems.asymmetric_rank import both_orders, hf, vf
from derive.theorems.trees_and_cp import three_ones

number = "T18"
topic = "equality"
families = (
    "asymmetric",
    "asymmetric-horizontal-first",
    "blueprint-separable",
    "cp",
    "depthwise-asymmetric-separable",
    "depthwise-separable",
    "flattened",
    "tensor-train",
    "tucker-2",
)
iff_both_designs = iff()
iff_all_ones = iff("exactly when")
iff_multiples = iff()
iff_fits = iff("exactly when")
neither = Said(
    "neither contains the other",
    ("a depthwise separable kernel is no pair", "a pair is not depthwise separable"),
)


def at_most(rows: Letters, columns: Letters, bound: int | Expr) -> tuple[Cell, ...]:
    """A cell of the table: a matrix, and what its rank may be."""
    return rf"\({indices(rows)} \times {indices(columns)}\) of rank at most ", bound


mix, filters, F, K, rho = map(IndexedBase, ("P", "D", "F", "K", "rho"))
all_ranks = Sum(rho[i], over(i))
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
    (Claim(k_h, "=", k_w, "=", 1), "every kernel", at_most((o,), (i,), m)),
    (Claim(C_out, "=", 1), "every kernel", at_most((v,), (i, u), m)),
    (Claim(C_in, "=", 1), at_most((u, v), (o,), 1), at_most((o, v), (u,), m)),
    (
        Claim(C_in, "=", C_out, "=", 1),
        "every kernel",
        (*at_most((v,), (u,), m), "; every kernel if and only if ", Claim(m, "≥", Min(k_h, k_w))),
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
    yield from small_and_large()
    yield from separations()


def ranks() -> Iterator[Part | Sentence]:
    A, B, C, D = symbols("A B C D", commutative=False)
    X, Y, z, o_1 = *map(IndexedBase, "XY"), letter("z"), letter("o_1")
    all_z = over(z, size("S"))
    kernel = mix[o, i] * Sum(X[i, u, z] * Y[i, z, v], all_z)

    yield Part("Ranks")
    yield step(
        r"Without multiplier the kernel is \(P_{o\,i} D_{i\,u\,v}\). In \(M_{vf}\), with rows \((o, v)\) and columns \((i, u)\), column \((i, u)\) is \(P_i\) times row \(u\) of \(D_i\); in \(M_{hf}\), with rows \((o, u)\) and columns \((i, v)\), column \((i, v)\) is \(P_i\) times column \(v\) of \(D_i\). All together they span the two sums.",
        Equal(contraction(plain()), spelled_out.expr),
        {
            name: (cut_of(order).sides, ((o, y), (i, x)))
            for (name, order), x, y in zip(orders().items(), (u, v), (v, u), strict=True)
        },
        establishes=spelled_out,
    )
    yield step(
        "That every slice has rank at most 1 says that the kernel is depthwise separable without multiplier,",
        Uses("depthwise-multiplier", "Rank per channel"),
        establishes=iff_both_designs.halves,
    )
    yield step(
        r"and that the dimension is at most \(m\), that it is an asymmetric pair of width \(m\).",
        Uses("asymmetric-rank", "Width"),
        establishes=(*iff_both_designs.halves, *iff_fits.halves),
    )
    yield (
        r"1. If \(P_{o\,i} \ne 0\) for some output \(o = o_1\), the rows of that output and the columns of channel \(i\) hold \(P_{o_1\,i} D_i\) or its transpose, of rank \(\rho_i\): no rank of a submatrix exceeds that of the matrix.",
        Equal(contraction(plain()).xreplace({o: o_1}), spelled_out.expr.xreplace({o: o_1})),
    )
    yield step(
        r"If \(D_i\) is a product of inner size \(\rho_i\), say of \(X_i\) and \(Y_i\), so are the columns of channel \(i\), in either order.",
        Equal(kernel, Sum((mix[o, i] * Y[i, z, v]) * X[i, u, z], all_z)),
        Equal(kernel, Sum((mix[o, i] * X[i, u, z]) * Y[i, z, v], all_z)),
    )
    yield (
        r"Side by side, the columns of two channels are a product whose inner size is the sum of the two; and so on. The rank is at most \(\sum_i \rho_i\).",
        Equal(([[B, D]], [[A, 0], [0, C]]), [[B * A, D * C]]),
    )


def corollaries() -> Iterator[Part | Sentence]:
    L, c, p, X, Y = map(IndexedBase, "LcpXY")
    U, V, a, b = symbols("U V a b", commutative=False)
    z, squares = letter("z"), {k_h: n, k_w: n}
    all_z = over(z, size("S"))

    yield Part("Special mixes")
    yield (
        r"2. If the \(P_i\) are independent, some matrix \(L\) takes each to a unit vector, \(\sum_o L_{z\,o} P_{o\,i} = [z = i]\). Mixing the outputs by \(L\), which raises no rank, turns the kernel into \([z = i]\, D_i\): in either order its matrix consists of the blocks \(D_i\), or their transposes, along a diagonal.",
        Equal(
            Sum(L[z, o] * contraction(plain()), over(o)),
            Sum(L[z, o] * mix[o, i], over(o)) * filters[i, u, v],
        ),
    )
    yield (
        r"Take an invertible submatrix of size \(\rho_i\) from each block: together they are invertible, as undoing two of them on a column \((a, b)\) shows. So the rank is at least \(\sum_i \rho_i\), and by 1 equal to it.",
        Equal(([[U, 0], [0, V]], [[U**-1, 0], [0, V**-1]], [[a], [b]]), [[a], [b]]),
    )
    yield step(
        r"3. \(\sum_i \rho_i - C_{\mathrm{in}} = \sum_i (\rho_i - 1)\), and no term is negative: the rank is at most \(C_{\mathrm{in}}\) exactly when all \(\rho_i\) are 1.",
        Equal(independent.expr - width.expr, Sum(ones.terms[0] - ones.expr, over(i))),
        establishes=(
            independent,
            width,
            ones,
            *iff_all_ones.halves,
        ),
    )
    yield (
        r"That is: each slice is an outer product of \(P_i\), a column and a row, and the kernel is depthwise asymmetric separable.",
        Uses("trees-and-cp", "Stars"),
    )
    yield step(
        r"4. If \(P_{o\,i} = p_o c_i\), the factors \(c_i\), none of them zero, go into the filters and change no rank. With the filters stacked, a product of inner size \(s\) gives one of \(M_{vf}\), and with the filters side by side one of \(M_{hf}\). Conversely the rows of an output with \(p_o \ne 0\) hold a multiple of the stacked filters' transpose, or of the filters side by side, as in 1. So the ranks are equal; the stack has \(k_w\) columns, the row of filters \(k_h\) rows.",
        Equal(p[o] * Sum(X[i, u, z] * Y[z, v], all_z), Sum((p[o] * Y[z, v]) * X[i, u, z], all_z)),
        Equal(p[o] * Sum(X[u, z] * Y[z, i, v], all_z), Sum((p[o] * X[u, z]) * Y[z, i, v], all_z)),
        Equal(
            contraction(plain()).xreplace({mix[o, i]: p[o] * c[i]}),
            p[o] * (c[i] * filters[i, u, v]),
        ),
    )
    yield step(
        r"5. Independent columns and filters of full rank are given by minors that are not zero; they are polynomials in the weights, and not the zero polynomial, as \(P_{o\,i} = [o = i]\), \(D_{i\,u\,v} = [u = v]\) shows. So 2 holds for generic weights, with \(\rho_i = \min(k_h, k_w)\). For square filters the sum is \(n C_{\mathrm{in}}\), the number of columns of either matrix.",
        {
            name: Equal(order.extent(cut_of(order).columns).xreplace(squares), square.expr)
            for name, order in orders().items()
        },
        Equal(generic.expr.xreplace(squares), square.expr),
        {
            f"2 → 3, {tall} × {across} taps, {name}": (
                Kernel.ones("oi", "uv", o=3, i=2, u=tall, v=across).rank_in(order),
                generic.expr.xreplace(sized(C_in=2, k_h=tall, k_w=across)),
            )
            for tall, across in ((4, 3), (3, 4))
            for name, order in orders().items()
        },
        establishes=(generic, square),
    )


def blueprints() -> Iterator[Part | Sentence]:
    f, g, h = map(IndexedBase, "fgh")
    x, y, z = map(letter, "xyz")
    a, b = ({w: s[w] * g[z] - s[z] * g[w] for w in (x, y)} for s in (f, h))
    blueprint = blueprint_separable.family
    P, D = blueprint.bases

    yield Part("Blueprints")
    yield step(
        r"Depthwise separable means that for each \(i\) the filters \(K_{o\,i}\) are multiples of one; blueprint separable, that for each \(o\) they are.",
        {"depthwise separable": (cut_of(plain()), Cut((i,), (o,), (u, v), ()))},
        {"blueprint separable": (cut_of(blueprint), Cut((o,), (u, v), (i,), ()))},
    )
    yield step(
        r"So two filters that are not zero and share an \(i\) or an \(o\) are multiples of each other. If \(f\) and \(g\) are, and \(g\) and \(h\), with \(g_z \ne 0\), so are \(f\) and \(h\): each of their minors, times \(g_z^2\), is a sum of multiples of minors of \(f\) and \(g\), \(a_x = f_x g_z - f_z g_x\), and of \(g\) and \(h\), \(b_x = h_x g_z - h_z g_x\). Along a path, and so within a component, all are multiples of one.",
        Equal(
            g[z] ** 2 * (f[x] * h[y] - f[y] * h[x]),
            a[x] * (b[y] + h[z] * g[y])
            - a[y] * (b[x] + h[z] * g[x])
            + f[z] * (g[x] * b[y] - g[y] * b[x]),
        ),
        establishes=iff_multiples["only if"],
    )
    yield step(
        r"Conversely let \(F\) be the filter of a component. Those that are not zero and share an \(i\) lie in one component, and so do those that share an \(o\): every slice is an outer product in either design, and there both spell \(P_{o\,i} F_{u\,v}\). If no filter is zero, there is one component only.",
        Equal(contraction(plain()).xreplace({filters[i, u, v]: F[u, v]}), single.expr),
        Equal(
            contraction(blueprint).xreplace({P[o, i]: mix[o, i], D[o, u, v]: F[u, v]}), single.expr
        ),
        establishes=(
            single,
            iff_multiples["if"],
        ),
    )


def small_and_large() -> Iterator[Part | Sentence]:
    ones_of_table = (k_h, k_w), (C_out,), (C_in,), (C_in, C_out)

    yield Part("Small sizes")
    yield step(
        "A letter of one value drops out of rows, columns and slices, and a matrix with one row or column has rank at most 1. What is left of the conditions is the table.",
        {
            f"{row[0]} as in the table": (row == at_one(*sizes), True)
            for row, sizes in zip(small_sizes, ones_of_table, strict=True)
        },
        establishes=small_sizes,
    )
    yield (
        r"With one input and one output channel the matrix is \(k_w \times k_h\): \(m = \min(k_h, k_w)\) is enough for every kernel, and the kernel \([u = v]\) needs as much.",
        Uses("asymmetric-rank", "Full width"),
    )

    yield Part("Inclusions")
    for sentence, inclusion in {
        r"Flattened in blueprint separable: the column and the row of an output multiply to its blueprint.": flattened_blueprint,
        r"Flattened in CP with \(R = C_{\mathrm{out}}\): a term for every output, picked by \([o = r]\).": flattened_cp,
        r"Depthwise asymmetric separable in depthwise separable: the column and the row of an input multiply to its filter.": das_dws,
        r"The same in CP with \(R = C_{\mathrm{in}}\): a term for every input, picked by \([r = i]\).": das_cp,
    }.items():
        yield step(sentence, includes(*inclusion.terms[:2]), establishes=inclusion)
    yield step(
        r"CP in asymmetric pairs of width \(m = R\), in either order: each middle channel is a term, and each filter takes one of the mixes along.",
        {
            f"{small} in {large}, {name}": includes(small, large, name)
            for small, large in (cp_pair.terms, flattened_cp.terms[1:], das_cp.terms[1:])
            for name in orders()
        },
        establishes=(cp_pair, flattened_cp, das_cp),
    )
    yield step(
        r"CP in the tensor train with all three bonds of size \(R\): the two inner factors pass the number of the term on.",
        includes(*cp_train.terms),
        establishes=cp_train,
    )
    yield step(
        r"CP in Tucker-2 with both bonds of size \(R\): the core is diagonal in them.",
        includes(*cp_tucker.terms),
        establishes=cp_tucker,
    )
    yield step(
        r"The matrix of a pair has \(C_{\mathrm{out}} k_w\) rows, or \(C_{\mathrm{out}} k_h\) horizontal first, which bounds its rank;",
        {
            name: Equal(order.extent(cut_of(order).rows), C_out * side)
            for (name, order), side in zip(orders().items(), (k_w, k_h), strict=True)
        },
    )
    yield step(
        r"so does \(\sum_i \rho_i\), by 1, and no \(\rho_i\) exceeds \(\min(k_h, k_w)\).",
        Equal(Sum(Min(k_h, k_w), over(i)), generic.expr),
        *(
            Equal(claim.expr, Min(order.extent(cut_of(order).rows), generic.expr))
            for claim, order in zip((containing, containing_across), orders().values(), strict=True)
        ),
        establishes=(generic, containing, containing_across),
    )


def separations() -> Iterator[Part | Sentence]:
    unit, zeros = [[1, 0], [0, 1]], [[0, 0], [0, 0]]
    down, across = (designs(order, terms=1) for order in orders().values())

    yield Part("Separations")
    yield step(
        r"With one channel the \(2 \times 2\) identity matrix is depthwise separable, blueprint separable and Tucker-2 with bonds of size 1; it is no outer product, so it is not flattened, not depthwise asymmetric separable, not CP with \(R = 1\), and no asymmetric pair of width 1.",
        Members(
            Kernel.of([[unit]]),
            down,
            inside=(das_dws.terms[1], flattened_blueprint.terms[1], cp_tucker.terms[1]),
            outside=(flattened_blueprint.terms[0], das_dws.terms[0], *cp_pair.terms),
        ),
        Members(Kernel.of([[unit]]), across, outside=(cp_tucker.terms[0], cp_pair.terms[1])),
        establishes=(
            *(das_dws, flattened_blueprint, cp_tucker),
            neither["a depthwise separable kernel is no pair"],
        ),
    )
    not_by_channel = das_dws.terms[1], das_cp.terms[1]
    yield step(
        r"One input, two outputs, two taps: \(K_{o\,v} = [o = v]\) is an asymmetric pair of width 1, column filter first, and \(K_{o\,u} = [o = u]\) one with the row filter first; neither is depthwise separable, nor CP with \(R = 1 = C_{\mathrm{in}}\).",
        Members(Kernel.ones("ov", o=2, v=2), down, das_cp.terms[2:], not_by_channel),
        Members(Kernel.ones("ou", o=2, u=2), across, das_cp.terms[2:], not_by_channel),
        establishes=(das_cp, das_dws, neither["a pair is not depthwise separable"]),
    )
    narrower, wider = zip(flattened_cp.terms[1:], cp_pair.terms, strict=True)
    yield step(
        r"One output, two inputs, two taps: \(K_{i\,u} = [i = u]\) is an asymmetric pair of width 1, column filter first, \(K_{i\,v} = [i = v]\) one with the row filter first; neither is CP with \(R = 1 = C_{\mathrm{out}}\).",
        Members(Kernel.ones("iu", i=2, u=2), down, wider, narrower),
        Members(Kernel.ones("iv", i=2, v=2), across, wider, narrower),
        establishes=(flattened_cp, cp_pair),
    )
    outputs, inputs = [[unit], [zeros]], [[unit, zeros]]
    yield step(
        r"The identity matrix at the first of two outputs, and zeros at the other, is CP with \(R = 2 = C_{\mathrm{out}}\), and not flattened; at the first of two inputs it is CP with \(R = 2 = C_{\mathrm{in}}\), and not depthwise asymmetric separable.",
        Members(Kernel.of(outputs), down, outside=flattened_cp.terms[:1]),
        Members(Kernel.of(inputs), down, outside=das_cp.terms[:1]),
        {
            "two terms, two outputs": (
                kernel_with(cp.family, [[1], [1]], unit, unit, [[1, 1], [0, 0]]).nested,
                outputs,
            ),
            "two terms, two inputs": (
                kernel_with(cp.family, [[1, 0], [1, 0]], unit, unit, [[1, 1]]).nested,
                inputs,
            ),
        },
        establishes=(flattened_cp, das_cp),
    )
    yield step(
        r"The kernel \(\mathcal{W}\) of two inputs, one output and \(2 \times 2\) taps is a tensor train with bonds of size 2,",
        Members(three_ones(), designs(asymmetric.family, terms=2), inside=cp_train.terms[1:]),
        establishes=cp_train,
    )
    yield (r"but not CP with \(R = 2\).", Uses("trees-and-cp", "CP of rank two and more"))


def sharpness() -> Iterator[Dropped]:
    unit = [[1, 0], [0, 1]]
    kernel = Kernel.of([[unit, unit]])
    needed = {"width needed": kernel.rank_in(asymmetric.family)}
    yield (
        "independent mixes",
        r"One output and two inputs: \(P_1 = P_2 = 1\) are dependent. With the identity matrix for both filters a width of \(2 = C_{\mathrm{in}}\) will do, though the filters have rank 2 each.",
        Counterexample(
            {"K": kernel.nested}, {**needed, "sum of the filters' ranks": rank(unit) + rank(unit)}
        ),
    )
    kernel = Kernel.of([[[[1, 0], [0, 0]], [[0, 1], [0, 0]]]])
    yield (
        "one order",
        "Filters with a single 1 each, side by side: stacked they have rank 2, next to one another rank 1.",
        Counterexample({"K": kernel.nested}, both_orders(kernel)),
    )


def plain() -> Family:
    """Depthwise separable without multiplier."""
    return depthwise_separable.family.without([l])


def orders() -> dict[str, Family]:
    """The asymmetric pair in its two orders."""
    across = asymmetric_horizontal_first.family
    return {"vertical first": asymmetric.family, "horizontal first": across}


def at_one(*sizes: Symbol) -> tuple[Cell, ...]:
    """The row of the table for sizes that are 1, read off the letters of the two designs."""
    values = dict.fromkeys(sizes, Integer(1))
    said = Claim(*chain(*((size, "=") for size in sizes)), 1)
    channelwise, pair = (condition(one, values) for one in (plain(), asymmetric.family))
    if sizes == (C_in, C_out):
        wide = Claim(m, "≥", Min(*(SIZE[x] for x in (u, v))))
        return said, channelwise, (*pair, "; every kernel if and only if ", wide)
    return said, channelwise, pair


def condition(family: Family, values: dict[Symbol, Expr]) -> str | tuple[Cell, ...]:
    """The condition on the kernels of a design at some sizes."""
    if Exactness(family, tuple(values.items())).universal:
        return "every kernel"
    cut = cut_of(family, values)
    rows, columns = cut.sides if cut.bonds else cut.sides[::-1]
    return at_most(rows, columns, family.extent(cut.bonds))


def designs(pair: Family, terms: int | Expr = R) -> dict[Any, tuple[Family, dict[Symbol, Any]]]:
    """What the names of the inclusions stand for: lines with the sizes of their bonds."""
    return {
        FLATTENED: (flattened.family, {}),
        BSCONV: (blueprint_separable.family, {}),
        DAS: (depthwise_asymmetric_separable.family, {}),
        DWS: (plain(), {}),
        **{x: (cp.family, {R: n}) for x, n in ((CP_R, terms), (CP_IN, C_in), (CP_OUT, C_out))},
        **{x: (pair, {m: n}) for x, n in ((PAIR_R, terms), (PAIR_IN, C_in), (PAIR_OUT, C_out))},
        TRAIN: (tensor_train.family, {Q: terms, P: terms, R: terms}),
        TUCKER: (tucker_2.family, {Q: terms, P: terms}),
    }


def includes(small: Basic, large: Basic, order: str = "vertical first") -> Evidence:
    """The smaller of two designs is within the larger, of pairs in the given order."""
    (one, its_sizes), (other, sizes) = (designs(orders()[order])[x] for x in (small, large))
    return Includes(one, other, its_sizes, sizes)
