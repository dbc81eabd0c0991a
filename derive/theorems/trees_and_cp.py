r"""Trees and CP: where the factors of a design form a tree, the ranks of its cuts decide which kernels it realizes; for CP of rank two and more they only rule kernels out.

**Trees.** Join two factors by a bond if they share summed letters; all the letters that the same two share are one bond, and its size is the product of theirs. Let every kernel letter stand in one factor, every summed letter in two, and let the bonds form a tree. Removing a bond leaves two sides; the kernel letters of one as rows and those of the other as columns make a matrix of the kernel, a *cut*. Over any field the design can realize \(K\) **$iff_cut_ranks every cut has rank at most the size of its bond**. If, in addition, some kernel letters stand in **all** factors, the same holds for each of their values. Factors that hang together in no way count as joined by a bond of size 1.

$cuts_of_trees

**Stars.** Let the factors share no letters but those that stand in all of them: flattened, depthwise asymmetric separable, blueprint separable, depthwise separable with \($one_copy\), and CP with \($one_term\). Then the design can realize \(K\) $iff_slicewise every slice, for fixed shared letters, is an outer product of one tensor per factor; and that is so $iff_mode_ranks, for all factors but one, the matrix of the factor's letters by all others has rank at most 1.

**CP.** In CP one bond of size \(R\) joins all four factors. Every cut then has rank at most \(R\), but for \($more\) this is not enough. With one output and two input channels and \($taps\), the kernel \(\mathcal{W}\) with

\[$ones\]

and zeros elsewhere has all cuts of rank at most 2, and needs \($three\), over every field. Over the reals, kernels with \($two\) come as near to it as one likes: a best approximation with \($two\) does not exist. And the least \(R\) depends on the field: there are integer kernels that need 3 over the rationals and 2 over the reals, or 3 over the reals and 2 over the complex numbers.

To decide whether a given \(R\) is enough is NP-hard over the rationals, when the sizes and \(R\) are part of the question, and over any field as hard as solving polynomial equations in it. For one size and one \(R\) nothing is said.

Hypotheses:
- same kept letters: a kernel letter that several factors share stands in all of them
- bonds of two: each summed letter joins two factors, and the bonds form a tree
- a field: kernel and weights come from one field; for cuts and stars any one

Use: Ranks decide exactly whether a convolution has a given tensor-train, Tucker-2, flattened or depthwise asymmetric form; for CP they can only say no.

Source: Schaefer, Štefankovič (2016), The Complexity of Tensor Rank, arXiv 1612.04338; Hillar, Lim (2013), Most tensor problems are NP-hard, J. ACM 60(6), arXiv 0911.1393; Lebedev et al. (2015), Speeding-up Convolutional Neural Networks Using Fine-tuned CP-Decomposition, arXiv 1412.6553; Phan et al. (2020), Stable Low-rank Tensor Decomposition for Compression of Convolutional Neural Network, ECCV, arXiv 2008.05441 (degenerate CP approximations); Kim et al. (2016), Compression of Deep Convolutional Neural Networks for Fast and Low Power Mobile Applications, arXiv 1511.06530; Jin, Dundar, Culurciello (2015), Flattened Convolutional Neural Networks for Feedforward Acceleration, arXiv 1412.5474
"""

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
from derive.proof.exact import *
from derive.proof.language import *

number = "T6"
topic = "equality"

W = IndexedBase(r"\mathcal{W}")
cuts_of_trees = Table(
    ("design", "rows of the cut", "columns", "rank at most"),
    ("tensor train", Tuple(o, u, v), Tuple(i), Q),
    ("tensor train", Tuple(o, v), Tuple(i, u), R),
    ("tensor train", Tuple(o), Tuple(i, u, v), P),
    ("Tucker-2", Tuple(o, u, v), Tuple(i), Q),
    ("Tucker-2", Tuple(o), Tuple(i, u, v), P),
)
one_copy, one_term = Claim(M, "=", 1), Claim(R, "=", 1)
more, taps = Claim(R, "≥", 2), Claim(n, "=", 2)
ones = Claim(W[0, 0, 0, 1], "=", W[0, 0, 1, 0], "=", W[0, 1, 0, 0], "=", 1)
three, two = Claim(R, "=", 3), Claim(R, "=", 2)
iff_cut_ranks, iff_slicewise, iff_mode_ranks = iff(), iff(), iff()


def proof() -> Proof:
    V, W, Y = symbols("V W Y", commutative=False)
    F, G, L = map(IndexedBase, "FGL")
    x, y, z, t, beta = map(letter, ("x", "y", "z", "t", "beta"))
    all_x, bond = over(x, size("X")), over(beta, size("S"))
    trees, stars = forests(), {name: star for name, (star, *_) in bondless().items()}

    yield Part("Trees")
    yield "Remove a bond. What the factors on either side contract to, each on their own, are two factors of the kernel, and the bond is all that joins them."
    yield at_every_bond(trees)
    yield "So the matrix of the cut is a product whose inner size is that of the bond, and its rank is at most that."
    yield Uses("two-factor", "Rank")
    yield Establishes(iff_cut_ranks["only if"])
    yield r"Conversely let every cut have rank at most the size of its bond. A single factor is any kernel. A tree of more has a leaf; let \(M\), of rank \(\rho\), be the matrix of its letters by all others, with an invertible submatrix of size \(\rho\) in its first \(\rho\) rows. Then \(M = YQ\) where \(Y\) has \(\rho\) columns and its first \(\rho\) rows, \(V\), are invertible. Hence \(L = (V^{-1}\; 0)\) undoes \(Y\), and \(Q = LM\)."
    yield Equal(([[V**-1, 0]], [[V], [W]], [[Y]]), [[Y]])
    yield r"\(Q\) is a kernel of the tree without the leaf, whose neighbour now holds an index \(z\) instead of the leaf's letters \(x\). Any other cut has the leaf on one side, with further letters \(t\), and was a product through its bond \(\beta\); with \(L\) it still is, through the same bond. So no rank has grown."
    yield Equal(
        Sum(L[z, x] * Sum(F[x, t, beta] * G[beta, y], bond), all_x),
        Sum(Sum(L[z, x] * F[x, t, beta], all_x) * G[beta, y], bond),
    )
    path_and_fork = {name: trees[name] for name in ("tensor train", "Tucker in all letters")}
    yield r"By induction on the number of factors \(Q\) is a contraction of the smaller tree; putting \(Y\) back as the leaf, with zeros if its bond is larger than \(\rho\), contracts the whole tree to \(YQ = M\)."
    yield at_every_bond(path_and_fork, leaves=True)
    yield Establishes(iff_cut_ranks["if"])
    yield "Letters that stand in every factor: two of their values use no weight in common, so each value is a question of its own."
    yield slices_apart(trees)
    yield "Read off the letters, these are the cuts and their bounds. Two letters between the same factors are one bond, and a bond between factors that share no letter sums one term: it has size 1."
    rows = (
        (name, *(Tuple(*side) for side in cut.sides), trees[name].extent(cut.bonds))
        for name in ("tensor train", "Tucker-2")
        for cut in network(trees[name]).cuts
    )
    yield {"the table": (tuple(rows), cuts_of_trees.rows)}
    yield {name: (network(trees[name]).cuts, cuts) for name, cuts in OTHER_CUTS.items()}
    yield {"values of no letters": (tensor_train.family.extent(()), 1)}
    yield Establishes(cuts_of_trees)

    yield Part("Stars")
    yield "For fixed values of the letters in all factors, the design represents an outer product, and the slices use no weight in common."
    yield {
        name: ((network(star).kept, [*network(star).modes], network(star).bonds), (kept, own, ()))
        for name, (star, kept, own) in bondless().items()
    }
    yield slices_apart(stars)
    yield Establishes(one_copy, one_term, iff_slicewise)
    yield r"In an outer product, swapping one factor's letters between two entries leaves their product as it was: each \(2 \times 2\) minor of the matrix of these letters by all others is zero, and its rank is at most 1."
    yield modes_of_rank_one(stars)
    yield Establishes(iff_mode_ranks["only if"])
    yield r"Conversely let the matrices of all factors but the last have rank at most 1. If the slice is not zero, let \(K_0\) be an entry that is not. Changing the letters of one factor after the other to those of \(K_0\), each time against a minor \(\mu_t\) of the matrix of factor \(t\), gives for a slice of \(k\) factors \(K_{x_1 \dots x_k} K_0^{k-1} = \prod_t K_{0 \dots x_t \dots 0}\) plus a multiple of every \(\mu_t\), \(t < k\). These are zero: the slice is an outer product, and the last matrix was not needed. It is multiplied out for two, three and four factors: no design of the book has more."
    yield entries_from_minors((2, 3, 4), stars)
    yield Establishes(iff_mode_ranks["if"])

    yield from cp_terms()

    yield Part("Hardness")
    yield r"Deciding whether a kernel has CP rank at most \(R\), with \(C_{\mathrm{in}}\), \(k_h\), \(k_w\) and \(R\) in the input, is NP-hard over the rationals, and over any field it is, up to polynomial time, the existential theory of the field."
    yield Cited("Schaefer, Štefankovič (2016), The Complexity of Tensor Rank, arXiv 1612.04338")


def cp_terms() -> Proof:
    A, B, D, E = symbols("A B Delta_0 Delta_1", commutative=False)
    inputs, down, across, outputs = cp.family.bases

    yield Part("CP of rank two and more")
    yield r"Divide the four factors in two in any way: what either side contracts to are two factors with the bond of size \(R\) between them, so all seven cuts have rank at most \(R\)."
    yield in_two(cp.family, (r,))
    middle = Matrix.diag(*(inputs[x, i] * outputs[o, x] for x in (0, 1)))
    row, column = Matrix([[down[0, u], down[1, u]]]), Matrix([across[0, v], across[1, v]])
    yield r"Now let \(C_{\mathrm{out}} = 1\), \(C_{\mathrm{in}} = n = 2\) and \(R = 2\). The slices \(K_i\) of the two input channels are \(A^{T} \Delta_i B\), with the column filters in \(A\), the row filters in \(B\) and a diagonal \(\Delta_i\) of the weights of both mixes."
    yield Equal(contraction(cp.family).subs(R, 2).doit(), (row * middle * column)[0])
    yield r"If \(K_0\) is invertible, so are all three, and \(K_0 N = K_1\) for \(N = B^{-1} \Delta_0^{-1} \Delta_1 B\): \(N = K_0^{-1} K_1\) is diagonalizable over the field of the weights."
    yield Equal(A * D * B * (B**-1 * D**-1 * E * B), A * E * B)
    kernel = three_ones()
    W0, W1 = map(Matrix, kernel.nested[0])
    N = W0.inv() * W1
    ones_of_w = (x for at, entry in kernel.entries.items() if entry for x in (W[at], "="))
    yield r"For \(\mathcal{W}\) all cuts have rank at most 2 and \(K_0\) has determinant \(-1\), so it is invertible over every field. There \(N^2 = 0\), so a diagonal form of \(N\) would have square 0 and be 0; but \(N\) is not. Two terms do not suffice."
    yield {
        "entries": (ones, Claim(*ones_of_w, 1)),
        "taps": ([taps] * 2, [Claim(n, "=", k) for k in kernel.extents[2:]]),
        "largest rank of a cut": (kernel.largest_cut, 2),
        "determinant": (W0.det(), -1),
        "N": (N.tolist(), [[0, 0], [1, 0]]),
        "N²": ((N**2).tolist(), [[0, 0], [0, 0]]),
    }
    yield Establishes(ones, taps)
    ends = [([0, 1], [1, 0], [1, 0]), ([1, 0], [0, 1], [1, 0]), ([1, 0], [1, 0], [0, 1])]
    yield r"Three do: one outer product for each entry that is not zero."
    yield {
        "terms": (three, Claim(R, "=", len(ends))),
        "sum of three outer products": (outer_sum(ends), kernel.flat),
    }
    yield Establishes(three)
    f, g, h, z = (*map(IndexedBase, "fgh"), letter("z"))
    entry, last = (sum(f[t, x] * g[t, u] * h[t, v] for t in (0, 1)) for x in (i, z))
    yield r"For every larger \(R\) add a single 1 to such a kernel, in a further input channel \(z\) at a further tap of both directions: the ranks of all cuts but that of the output, and so the largest, grow by 1. In a sum \(\sum_t f_{t\,i}\, g_{t\,u}\, h_{t\,v}\) that makes it, some \(f_{t\,z}\) is not 0, say the first: take \(f_{0\,i} / f_{0\,z}\) times the slice \(z\) off each other slice \(i\). That changes the further tap alone, and the other terms, with other \(f\), are left. Without the further channel and taps they make the kernel from before: it needed one term less."
    yield Equal(
        entry - f[0, i] / f[0, z] * last,
        (f[1, i] - f[0, i] / f[0, z] * f[1, z]) * g[1, u] * h[1, v],
    )
    yield {f"largest rank of a cut, R = {x}": (ones_added(x).largest_cut, x) for x in (3, 4)}
    eps = Symbol("epsilon")
    terms = [([1 / eps, 1], [1, eps], [1, eps]), ([-1 / eps, 0], [1, 0], [1, 0])]
    error = (Matrix(outer_sum(terms)) - Matrix(kernel.flat)).expand()
    yield r"The difference quotient \(\bigl((e_0 + \varepsilon e_1)^{\otimes 3} - e_0^{\otimes 3}\bigr)/\varepsilon\) has two terms and differs from \(\mathcal{W}\) by \(\varepsilon\) in three entries and by \(\varepsilon^2\) in one."
    yield Equal(error, Matrix([0, 0, 0, eps, 0, eps, eps, eps**2]))
    yield {"terms": (two, Claim(R, "=", len(terms)))}
    yield Establishes(two)
    yield r"Its squared error tends to 0 with \(\varepsilon\), yet no kernel of two terms reaches 0, since \(\mathcal{W}\) is none."
    yield Equal(sum(x**2 for x in error), 3 * eps**2 + eps**4)
    for square, name, larger, smaller in SQUARES:
        other = companion(square)
        yield rf"Let \(K_0\) be the identity and \(K_1\) have rows \((0, {square})\) and \((1, 0)\). Now \(N = K_1\) and \(N^2 = {square}\), so a diagonal form has entries of square \({square}\), that is \(\pm {name}\), which is not {smaller}: two terms do not suffice over the {smaller} numbers. Over the {larger} numbers they do, and three do over the integers."
        yield {
            "N²": ((Matrix(other.nested[0][1]) ** 2).tolist(), [[square, 0], [0, square]]),
            f"the root is {smaller}": (roots_in(smaller)(square), False),
            f"the root is {larger}": (roots_in(larger)(square), True),
            "sum of two outer products": (outer_sum(by_eigenvalues(square)), other.flat),
            "sum of three outer products": (outer_sum(by_corners(square)), other.flat),
        }


def sharpness() -> Proof:
    unit, (A, B, P) = [[1, 0], [0, 1]], map(IndexedBase, "ABP")
    entry = contraction(Family(P[o, i], A[o, u], B[i, v])).subs({o: 0, v: 0})
    every = Matrix(2, 2, lambda y, x: entry.subs({i: y, u: x}))
    matrices = {"K": Matrix(unit), "every contraction": every}
    determinants = {f"determinant of {name}": M.det().expand() for name, M in matrices.items()}
    yield Without("same kept letters")
    yield r"In \(P_{o\,i} A_{o\,u} B_{i\,v}\) the letter \(i\) stands in two factors of three. With one \(o\) and one \(v\) the kernel \(K_{i\,u} = [i = u]\) passes for each pair of \(o\) and \(i\), since nothing but \(u\) is left; but the design represents outer products of \(i\) and \(u\) alone, which have determinant 0."
    yield Counterexample({"K": unit}, determinants)
    kernel = three_ones()
    needed = terms_needed(kernel.nested[0], lambda number: True)
    yield Without("bonds of two")
    yield r"In CP one bond joins four factors: the kernel \(\mathcal{W}\) passes every cut with \(R = 2\) and needs three terms."
    yield Counterexample(
        {"W": kernel.nested}, {"largest rank of a cut": kernel.largest_cut, "terms needed": needed}
    )
    for square, _, larger, smaller in SQUARES:
        kernel = companion(square)
        terms = {
            f"terms over the {name} numbers": terms_needed(kernel.nested[0], roots_in(name))
            for name in (larger, smaller)
        }
        yield Without("a field")
        yield f"A kernel of integers needs a term less if the weights may be {larger} instead of {smaller}."
        yield Counterexample({"K": kernel.nested}, terms)


def forests() -> dict[str, Family]:
    """Designs that are trees: of the catalogue, and some with more branches."""
    A, B, C, D, F = map(IndexedBase, "ABCDF")
    in_groups = A[g, q, a], B[g, r, q, u], C[g, b, r, v]
    return {
        "tensor train": tensor_train.family,
        "Tucker-2": tucker_2.family,
        "vertical first": asymmetric.family,
        "Tucker in all letters": Family(A[q, i], B[r, u], C[p, v], D[l, p, q, r], F[o, l]),
        "tensor train in groups": Family(*in_groups, inputs=(g, a), outputs=(g, b)),
        "two letters in a bond": Family(A[q, r, i, u], B[o, q, r, v]),
    }


OTHER_CUTS = {
    "vertical first": (Cut((), (o, v), (i, u), (j,)),),
    "Tucker in all letters": (
        Cut((), (o, u, v), (i,), (q,)),
        Cut((), (o, i, v), (u,), (r,)),
        Cut((), (o, i, u), (v,), (p,)),
        Cut((), (o,), (i, u, v), (l,)),
    ),
    "tensor train in groups": (Cut((g,), (b, u, v), (a,), (q,)), Cut((g,), (b, v), (a, u), (r,))),
    "two letters in a bond": (Cut((), (o, v), (i, u), (q, r)),),
}


def bondless() -> dict[str, tuple[Family, Letters, list[Letters]]]:
    """Designs whose factors share no letters but those that stand in all of them, with these and
    with the letters that each factor has as well."""
    plain = Family(*depthwise_separable.family.factors, sizes={l: one_copy.expr})
    single = Family(*cp.family.factors, sizes={r: one_term.expr})
    das = depthwise_asymmetric_separable.family
    return {
        "flattened": (flattened.family, (o,), [(i,), (u,), (v,)]),
        "depthwise asymmetric separable": (das, (i,), [(u,), (v,), (o,)]),
        "blueprint separable": (blueprint_separable.family, (o,), [(i,), (u, v)]),
        "depthwise separable, M = 1": (plain, (i,), [(u, v), (o,)]),
        "CP, R = 1": (single, (), [(i,), (u,), (v,), (o,)]),
    }


SQUARES = ((2, r"\sqrt 2", "real", "rational"), (-1, "i", "complex", "real"))  # and their roots
