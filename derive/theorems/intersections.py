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

from derive.proof.exact import *
from derive.proof.language import *
from derive.proof.sets import *
from derive.theorems.asymmetric_rank import both_orders, hf, orders, vf

number = "T18"
topic = "equality"
iff_both_designs = iff()
iff_all_ones = iff("exactly when")
iff_multiples = iff()
iff_fits = iff("exactly when")
neither = Said(
    "neither contains the other",
    ("a depthwise separable kernel is no pair", "a pair is not depthwise separable"),
)


def at_most(rows: Letters, columns: Letters, *bound: Any) -> tuple[Cell, ...]:
    """A cell of the table: a matrix, and what its rank may be."""
    return rf"\({indices(rows)} \times {indices(columns)}\) of rank at most ", *bound


mix, filters, F, K, rho = map(IndexedBase, ("P", "D", "F", "K", "rho"))
all_ranks = Sum(rho[i], over(i))
either = Quantity("rank", r"\operatorname{rank}")
largest = Quantity("rho_max", r"\max_i \rho_i")
row_spaces = Quantity("dim_rows", r"\dim \sum_i P_i \otimes \operatorname{row}(D_i)")
column_spaces = Quantity("dim_columns", r"\dim \sum_i P_i \otimes \operatorname{col}(D_i)")

spelled_out = Claim(K[o, i, u, v], "=", mix[o, i] * filters[i, u, v])
by_rows = Claim(vf, "=", row_spaces)
by_columns = Claim(hf, "=", column_spaces)
between = Claim(largest, "≤", either, "≤", all_ranks)
independent = Claim(either, "=", all_ranks)
width = Claim(m, "=", C_in)
ones = Claim(rho[i], "=", 1)
outputs = Claim(C_in, "≤", C_out)
generic = Claim(C_in * minimum(k_h, k_w))
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
        at_most((v,), (u,), m, "; every kernel if and only if ", Claim(m, "≥", minimum(k_h, k_w))),
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
containing = Claim(m, "≥", minimum(C_out * k_w, C_in * minimum(k_h, k_w)))
containing_across = Claim(m, "≥", minimum(C_out * k_h, C_in * minimum(k_h, k_w)))


def proof() -> Proof:
    A, B, C, D, U, V, a, b = symbols("A B C D U V a b", commutative=False)
    L, X, Y, c, p = map(IndexedBase, "LXYcp")
    z, all_z = letter("z"), over(letter("z"), size("S"))
    plain, down, across = DWS.line(), *orders().values()

    yield Part("Ranks")
    yield r"Without multiplier the kernel is \(P_{o\,i} D_{i\,u\,v}\). In \(M_{vf}\), with rows \((o, v)\) and columns \((i, u)\), column \((i, u)\) is \(P_i\) times row \(u\) of \(D_i\); in \(M_{hf}\), with rows \((o, u)\) and columns \((i, v)\), column \((i, v)\) is \(P_i\) times column \(v\) of \(D_i\). All together they span the two sums."
    yield Equal(contraction(plain), spelled_out)
    yield {"vertical first": (cut_of(down).sides, ((o, v), (i, u)))}
    yield {"horizontal first": (cut_of(across).sides, ((o, u), (i, v)))}
    yield "That every slice has rank at most 1 says that the kernel is depthwise separable without multiplier,"
    yield Uses("depthwise-multiplier", "Rank per channel")
    yield Establishes(iff_both_designs)
    yield r"and that the dimension is at most \(m\), that it is an asymmetric pair of width \(m\)."
    yield Uses("asymmetric-rank", "Width")
    yield Establishes(iff_both_designs, iff_fits)
    single_output = {o: letter("o_1")}
    yield r"1. If \(P_{o\,i} \ne 0\) for some output \(o = o_1\), the rows of that output and the columns of channel \(i\) hold \(P_{o_1\,i} D_i\) or its transpose, of rank \(\rho_i\): no rank of a submatrix exceeds that of the matrix."
    yield Equal(contraction(plain).xreplace(single_output), spelled_out.given(single_output).expr)
    kernel = mix[o, i] * Sum(X[i, u, z] * Y[i, z, v], all_z)
    yield r"If \(D_i\) is a product of inner size \(\rho_i\), say of \(X_i\) and \(Y_i\), so are the columns of channel \(i\), in either order."
    yield Equal(kernel, Sum((mix[o, i] * Y[i, z, v]) * X[i, u, z], all_z))
    yield Equal(kernel, Sum((mix[o, i] * X[i, u, z]) * Y[i, z, v], all_z))
    yield r"Side by side, the columns of two channels are a product whose inner size is the sum of the two; and so on. The rank is at most \(\sum_i \rho_i\)."
    yield Equal(([[B, D]], [[A, 0], [0, C]]), [[B * A, D * C]])

    yield Part("Special mixes")
    undone = Sum(L[z, o] * mix[o, i], over(o)) * filters[i, u, v]
    yield r"2. If the \(P_i\) are independent, some matrix \(L\) takes each to a unit vector, \(\sum_o L_{z\,o} P_{o\,i} = [z = i]\). Mixing the outputs by \(L\), which raises no rank, turns the kernel into \([z = i]\, D_i\): in either order its matrix consists of the blocks \(D_i\), or their transposes, along a diagonal."
    yield Equal(Sum(L[z, o] * contraction(plain), over(o)), undone)
    yield r"Take an invertible submatrix of size \(\rho_i\) from each block: together they are invertible, as undoing two of them on a column \((a, b)\) shows. So the rank is at least \(\sum_i \rho_i\), and by 1 equal to it."
    yield Equal(([[U, 0], [0, V]], [[U**-1, 0], [0, V**-1]], [[a], [b]]), [[a], [b]])
    yield r"3. \(\sum_i \rho_i - C_{\mathrm{in}} = \sum_i (\rho_i - 1)\), and no term is negative: the rank is at most \(C_{\mathrm{in}}\) exactly when all \(\rho_i\) are 1."
    yield Equal(independent.expr - width.expr, Sum(ones.terms[0] - ones.expr, over(i)))
    yield Establishes(independent, width, ones, iff_all_ones)
    yield r"That is: each slice is an outer product of \(P_i\), a column and a row, and the kernel is depthwise asymmetric separable."
    yield Uses("trees-and-cp", "Stars")
    multiples = {mix[o, i]: p[o] * c[i]}
    yield r"4. If \(P_{o\,i} = p_o c_i\), the factors \(c_i\), none of them zero, go into the filters and change no rank. With the filters stacked, a product of inner size \(s\) gives one of \(M_{vf}\), and with the filters side by side one of \(M_{hf}\). Conversely the rows of an output with \(p_o \ne 0\) hold a multiple of the stacked filters' transpose, or of the filters side by side, as in 1. So the ranks are equal; the stack has \(k_w\) columns, the row of filters \(k_h\) rows."
    yield Equal(p[o] * Sum(X[i, u, z] * Y[z, v], all_z), Sum((p[o] * Y[z, v]) * X[i, u, z], all_z))
    yield Equal(p[o] * Sum(X[u, z] * Y[z, i, v], all_z), Sum((p[o] * X[u, z]) * Y[z, i, v], all_z))
    yield Equal(contraction(plain).xreplace(multiples), p[o] * (c[i] * filters[i, u, v]))
    squares = {k_h: n, k_w: n}
    yield r"5. Independent columns and filters of full rank are given by minors that are not zero; they are polynomials in the weights, and not the zero polynomial, as \(P_{o\,i} = [o = i]\), \(D_{i\,u\,v} = [u = v]\) shows. So 2 holds for generic weights, with \(\rho_i = \min(k_h, k_w)\). For square filters the sum is \(n C_{\mathrm{in}}\), the number of columns of either matrix."
    yield {
        name: Equal(order.extent(cut_of(order).columns).xreplace(squares), square)
        for name, order in orders().items()
    }
    yield Equal(generic.expr.xreplace(squares), square)
    yield {
        f"2 → 3, {tall} × {wide} taps, {name}": (
            Kernel.ones("oi", "uv", o=3, i=2, u=tall, v=wide).rank_in(order),
            generic.expr.xreplace(sized(C_in=2, k_h=tall, k_w=wide)),
        )
        for tall, wide in ((4, 3), (3, 4))
        for name, order in orders().items()
    }
    yield Establishes(generic)

    yield Part("Blueprints")
    blueprint = blueprint_separable.family
    yield r"Depthwise separable means that for each \(i\) the filters \(K_{o\,i}\) are multiples of one; blueprint separable, that for each \(o\) they are."
    yield {"depthwise separable": (cut_of(plain), Cut((i,), (o,), (u, v), ()))}
    yield {"blueprint separable": (cut_of(blueprint), Cut((o,), (u, v), (i,), ()))}
    f, g, h, x, y = *map(IndexedBase, "fgh"), *map(letter, "xy")
    a, b = ({w: s[w] * g[z] - s[z] * g[w] for w in (x, y)} for s in (f, h))
    of_the_first = a[x] * (b[y] + h[z] * g[y]) - a[y] * (b[x] + h[z] * g[x])
    of_the_second = f[z] * (g[x] * b[y] - g[y] * b[x])
    yield r"So two filters that are not zero and share an \(i\) or an \(o\) are multiples of each other. If \(f\) and \(g\) are, and \(g\) and \(h\), with \(g_z \ne 0\), so are \(f\) and \(h\): each of their minors, times \(g_z^2\), is a sum of multiples of minors of \(f\) and \(g\), \(a_x = f_x g_z - f_z g_x\), and of \(g\) and \(h\), \(b_x = h_x g_z - h_z g_x\). Along a path, and so within a component, all are multiples of one."
    yield Equal(g[z] ** 2 * (f[x] * h[y] - f[y] * h[x]), of_the_first + of_the_second)
    yield Establishes(iff_multiples["only if"])
    first, last = blueprint.bases
    by_output = {first[o, i]: mix[o, i], last[o, u, v]: F[u, v]}
    yield r"Conversely let \(F\) be the filter of a component. Those that are not zero and share an \(i\) lie in one component, and so do those that share an \(o\): every slice is an outer product in either design, and there both represent \(P_{o\,i} F_{u\,v}\). If no filter is zero, there is one component only."
    yield Equal(contraction(plain).xreplace({filters[i, u, v]: F[u, v]}), single)
    yield Equal(contraction(blueprint).xreplace(by_output), single)
    yield Establishes(iff_multiples["if"])

    yield Part("Small sizes")
    ones_of_table = (k_h, k_w), (C_out,), (C_in,), (C_in, C_out)
    yield "A letter of one value drops out of rows, columns and slices, and a matrix with one row or column has rank at most 1. What is left of the conditions is the table."
    yield {
        f"{row[0]} as in the table": (row == at_one(*sizes), True)
        for row, sizes in zip(small_sizes, ones_of_table, strict=True)
    }
    yield Establishes(small_sizes)
    yield r"With one input and one output channel the matrix is \(k_w \times k_h\): \(m = \min(k_h, k_w)\) is enough for every kernel, and the kernel \([u = v]\) needs as much."
    yield Uses("asymmetric-rank", "Full width")

    yield from continued(__name__)


def sharpness() -> Proof:
    unit = [[1, 0], [0, 1]]
    kernel = Kernel.of([[unit, unit]])
    needed = {"width needed": kernel.rank_in(asymmetric.family)}
    ranks = {"sum of the filters' ranks": rank(unit) + rank(unit)}
    yield Without("independent mixes")
    yield r"One output and two inputs: \(P_1 = P_2 = 1\) are dependent. With the identity matrix for both filters a width of \(2 = C_{\mathrm{in}}\) will do, though the filters have rank 2 each."
    yield Counterexample({"K": kernel.nested}, needed | ranks)
    kernel = Kernel.of([[[[1, 0], [0, 0]], [[0, 1], [0, 0]]]])
    yield Without("one order")
    yield "Filters with a single 1 each, side by side: stacked they have rank 2, next to one another rank 1."
    yield Counterexample({"K": kernel.nested}, both_orders(kernel))


def at_one(*sizes: Symbol) -> tuple[Cell, ...]:
    """The row of the table for sizes that are 1, read off the letters of the two designs."""
    values = dict.fromkeys(sizes, Integer(1))
    channelwise, pair = (condition(one, values) for one in (DWS.line(), asymmetric.family))
    if sizes == (C_in, C_out):
        wide = Claim(m, "≥", minimum(*(SIZE[x] for x in (u, v))))
        pair = (*pair, "; every kernel if and only if ", wide)
    return Claim(*(x for size in sizes for x in (size, "=")), 1), channelwise, pair


def condition(family: Family, values: dict[Symbol, Expr]) -> str | tuple[Cell, ...]:
    """The condition on the kernels of a design at some sizes."""
    if Exactness(family, tuple(values.items())).universal:
        return "every kernel"
    cut = cut_of(family, values)
    rows, columns = cut.sides if cut.bonds else cut.sides[::-1]
    return at_most(rows, columns, family.extent(cut.bonds))
