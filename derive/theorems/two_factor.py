r"""Two factors: a kernel is a contraction of two factors exactly when, for each value of the letters both hold, one matrix has rank at most the size of their bond.

Let two factors contract to the kernel. Sort its letters: \(s\) for those in both factors, \(x\) for those in the first alone, \(y\) for those in the second alone, and \(\beta\) for the summed letters, which stand in both. Several letters of a kind are read as one that runs over all their tuples, and none as one of a single value. The factors represent

\[$form.\]

Over any field, \(K\) is of this form **$iff_slices for every value of \(s\) the matrix with rows \(x\), columns \(y\) and entries \(K_{s\,x\,y}\) has rank at most \(|\beta|\)**, the number of values of \(\beta\). With no summed letter the bound is 1. With no \(x\), or no \(y\), the matrix is a single row or column and the condition always holds.

For the designs of two factors in this book this reads

$conditions

where \(a\), \(b\) are the input and output channels of group \(g\), and \(C_c\) the middle channels of a group.

Hypotheses:
- a field: kernel and weights come from one field, any one
- every letter in a factor: each kernel letter stands in at least one of the two
- shared bond: each summed letter stands in both factors

Use: One test, the rank of a matrix for each value of the shared letters, decides for every design of two stages whether it can replace a given convolution exactly.
"""

from derive import oracle
from derive.families import (
    asymmetric,
    asymmetric_horizontal_first,
    blueprint_separable,
    depthwise_asymmetric,
    depthwise_separable,
    grouped_asymmetric,
    network_decoupling,
    r2plus1d,
)
from derive.proof.exact import *
from derive.proof.language import *

number = "T5"
topic = "equality"

F, W, K = map(IndexedBase, ("F", "G", "K"))
s, x, y, beta = map(letter, ("s", "x", "y", "beta"))
count = Quantity("beta_count", r"|\beta|", integer=True, positive=True)

form = Claim(K[s, x, y], "=", Sum(F[s, x, beta] * W[s, y, beta], (beta, 0, count - 1)))
conditions = Table(
    ("design", "for each", "rows × columns", "rank at most"),
    ("asymmetric, vertical first", "", r"\((o,v) \times (i,u)\)", m),
    ("asymmetric, horizontal first", "", r"\((o,u) \times (i,v)\)", m),
    (r"depthwise separable, multiplier \(M\)", r"\(i\)", r"\(o \times (u,v)\)", M),
    (r"sum of \(T\) depthwise separable", r"\(i\)", r"\(o \times (u,v)\)", T),
    ("blueprint separable", r"\(o\)", r"\((u,v) \times i\)", 1),
    ("depthwise asymmetric", r"\(i\)", r"\(v \times u\)", 1),
    ("grouped asymmetric", r"\(g\)", r"\((b,v) \times (a,u)\)", C_c),
    ("(2+1)D", "", r"\((o,t) \times (i,u,v)\)", m),
)
iff_slices = iff()


def proof() -> Proof:
    A, B, C, L, R = symbols("A B C L R", commutative=False)
    U, c, r, x, h, d, a, b = symbols("U c r x h d a b", commutative=False)

    yield Part("Rank")
    yield r"The rank is the largest size of an invertible square submatrix. Let \(M = BA\) with \(m\) columns in \(B\). Any \(m + 1\) rows of \(B\) make a matrix \(L\), any \(m + 1\) columns of \(A\) a matrix \(R\), and \(LR\) is a square submatrix of \(M\). A column of zeros next to \(L\) and a row of zeros below \(R\) make both square and leave the product as it was. A square matrix with a column of zeros has determinant 0 and determinants multiply, so every minor of size \(m + 1\) is zero: \(M\) has rank at most \(m\)."
    yield Equal(([[L, 0]], [[R], [0]]), [[L * R]])
    yield Establishes(iff_slices["only if"])
    yield r"Conversely let \(M\) have rank at most \(m\), and let \(U\) be an invertible submatrix of the largest size; if there is none, \(M = 0\) and zeros will do. Add to \(U\) one more row \(r\) and one more column \(c\) of \(M\), with the entry \(x\) where they meet. The larger matrix is a product."
    yield Equal(([[U, 0], [r, 1]], [[1, U**-1 * c], [0, x - r * U**-1 * c]]), [[U, c], [r, x]])
    larger = Matrix([[U, 0], [r, 1]]) * Matrix([[1, h], [0, d]])
    undone = Matrix([[1, -h * d**-1], [0, d**-1]]) * Matrix([[U**-1, 0], [-r * U**-1, 1]])
    yield r"If the last entry \(d = x - rU^{-1}c\) were not zero, both factors would have inverses (here with \(h = U^{-1}c\), and undoing both on an arbitrary column \((a, b)\)): the larger matrix would be invertible, against the choice of \(U\). So \(d = 0\), and each entry outside the rows and columns of \(U\) is \(x = rU^{-1}c\)."
    yield Equal((larger, undone, [[a], [b]]), [[a], [b]])
    yield r"With the rows and columns of \(U\) written first, \(M\) is the product of its columns through \(U\) and of \(U^{-1}\) times its rows through \(U\). The inner size is that of \(U\), which is at most \(m\)."
    yield Equal(([[U], [R]], [[1, U**-1 * C]]), [[U, C], [R, R * U**-1 * C]])
    yield r"Columns of zeros next to the first factor and as many rows of zeros below the second make the inner size \(m\) exactly. So \(M\) is a product of inner size \(m\) if and only if its rank is at most \(m\)."
    yield Equal(([[B, 0]], [[A], [0]]), [[B * A]])
    yield Establishes(iff_slices["if"])

    yield Part("Slice by slice")
    yield r"Fix \(s\). What the two factors contract to is the product of the \(x \times \beta\) matrix of the first and the \(\beta \times y\) matrix of the second: nothing but \(\beta\) is summed, and both hold it."
    yield Every(
        {name: two_matrices(family) for name, family in pairs().items()}, designs=tuple(pairs())
    )
    yield Establishes(form)
    yield r"Both factors hold \(s\), so different values of \(s\) use different weights, and each slice can be met without regard to the others."
    yield slices_apart(pairs())
    yield r"So \(K\) is of this form if and only if every slice is a product of inner size \(|\beta|\), and by the last part if and only if every slice has rank at most \(|\beta|\). No letters take one value together: without a summed letter the bound is 1, without rows or columns the matrix is a single one. Read off the letters of the designs, the conditions are those of the table."
    yield (
        {
            f"{name}, {cut_of(pair)}, as in the table": (row[1:] == condition(pair), True)
            for (name, pair), row in zip(pairs().items(), conditions, strict=True)
        }
        | {"values of no letters": (asymmetric.family.extent(()), 1)}
    )
    yield Establishes(conditions, iff_slices["only if"], iff_slices["if"])


def sharpness() -> Proof:
    two, values = [[2, 0], [0, 2]], list(product(range(4), repeat=2))
    yield Without("a field")
    yield r"Modulo 4 every minor of \(\mathrm{diag}(2, 2)\) of size 2 is \(4 = 0\), yet no column times a row gives this matrix: all were tried."
    yield Counterexample(
        {"K": two},
        {
            "minors of size 2 vanish": (two[0][0] * two[1][1] - two[0][1] * two[1][0]) % 4 == 0,
            "some weights give it": any(
                tuple(a * b % 4 for a, b in product(column, row)) == (2, 0, 0, 2)
                for column, row in product(values, repeat=2)
            ),
        },
    )
    pair, sizes = Kernel.of([[1, 0]], (i, o)), {"i": 1, "o": 2}
    without = [oracle.contract([("i", {(0,): w})], "i", "o", "", sizes) for w in (0, 1)]
    yield Without("every letter in a factor")
    yield r"One factor \(F_i\) for a kernel \(K_{o\,i}\) with two output channels: the kernel \((1, 0)\) passes for each \(o\), but without \(o\) in a factor all channels are equal."
    yield Counterexample(
        {"K": [1, 0]},
        {
            "every slice passes": pair.rank((i,), (), (o,)) <= 1,
            "some weights give it": list(pair.flat) in [list(one.values()) for one in without],
        },
    )
    private = (
        contracted([Kernel.of([w[:2], w[2:4]], (x, beta)), Kernel.of(w[4:], (y,))], (x, y))
        for w in product((0, 1), repeat=6)
    )
    yield Without("shared bond")
    yield r"A letter \(\beta\) of two values, summed in the first factor alone, \(\sum_\beta F_{x\,\beta} G_y\), counts for nothing: the sum is a single column and the rank at most 1."
    yield Counterexample(
        {"K": [[1, 0], [0, 1]]},
        {
            "values of the summed letter": 2,
            "largest rank that 0/1 weights give": max(one.rank((x,), (y,)) for one in private),
        },
    )


def pairs() -> dict[str, Family]:
    """The designs of two factors, each as one contraction."""
    lines = {
        "vertical first": asymmetric.family,
        "horizontal first": asymmetric_horizontal_first.family,
        "depthwise separable": depthwise_separable.family,
        "sum of depthwise separable": network_decoupling.family,
        "blueprint separable": blueprint_separable.family,
        "depthwise asymmetric": depthwise_asymmetric.family,
        "grouped asymmetric": grouped_asymmetric.family,
        "(2+1)D": r2plus1d.family,
    }
    return {name: whole(line) for name, line in lines.items()}


def condition(family: Family) -> tuple[Cell, ...]:
    """The cells of a design: the kept letters, the rows and columns and the bound of its cut."""
    cut = cut_of(family)
    kept = rf"\({indices(cut.kept)}\)" if cut.kept else ""
    return kept, rf"\({cut.tex}\)", family.extent(cut.bonds)


def two_matrices(family: Family) -> Evidence:
    """The contraction is the product of the two factors summed over their bond and nothing else."""
    (limit,) = form.expr.limits
    summand = form.expr.function.xreplace(
        dict(zip((F[s, x, beta], W[s, y, beta]), family.factors, strict=True))
    )
    bonds = ({beta: z, count: family.sizes[z]} for z in cut_of(family).bonds)
    limits = [tuple(part.xreplace(bond) for part in limit) for bond in bonds]
    return Equal(contraction(family), Sum(summand, *limits) if limits else summand)
