r"""Transposed, grouped, strided: the counts and conditions of factorized layers carry over to these variants, and the axis that shrinks more goes first.

**Transposed.** From \(H\) pixels, with output padding \($small\), a transposed convolution makes

\[$grown.\]

If that is at least 1, it is the transpose of the convolution from \(H_t\) pixels whose output has exactly \(H\) pixels and whose slack is \(\pi\). The stages of every family, transposed one by one, are the one transposed convolution with the contracted kernel. Every pixel is multiplied by every tap: \($formed\) MACs in \(G\) groups. Those that land on a pixel that is kept are \($landing\), with the [in-bounds taps](in-bounds-taps.md) \(T\) of that convolution, of \($windows\) windows and slack \($slack\). An asymmetric pair with \(m\) middle channels costs

\[$growing_down \quad\text{or}\quad $growing_across\]

MACs, the vertical filter first or the horizontal one. For a square kernel and equal \(m\) vertical first is cheaper $iff_cheaper_transposed \($grows_less\): the axis that grows less goes first.

**Grouped asymmetric.** Let \(G\) divide \(m\). Number the \(G\) groups \(g\), and within a group its inputs \(a\) and its outputs \(b\), where a stage groups them. The pair represents \(K\) $iff_group_ranks, for each group \(g\), the matrix of its entries of \(K\) has at most this rank, and, where both stages are grouped, \(K\) is zero between different groups:

$blocks

**Strided order.** A pair on an image that shrinks from \(H \times W\) to \(H' \times W'\) costs \($shrinking_down\) MACs vertical first and \($shrinking_across\) horizontal first. For a square kernel and equal \(m\) vertical first is cheaper $iff_cheaper_strided \($shrinks_more\): the axis that shrinks more goes first. Axes that shrink by the same factor tie.

Hypotheses:
- small output padding: \($small\)
- something kept: \($something\)
- groups divide: \(G\) divides \(C_{\mathrm{in}}\), \(C_{\mathrm{out}}\) and \(m\), where it groups them
- a field: for the ranks, weights from a field
- square kernel: \($same\), for the rule which axis goes first
- equal width: as many middle channels in either order, for the same rule; a kernel may need [more in one order](order-gap.md)

Use: Order the stages of a pair by how much each axis shrinks; count a decoder's layers like an encoder's.

Source: Dumoulin, Visin (2016), A guide to convolution arithmetic for deep learning, arXiv 1603.07285 (sizes of transposed convolutions)
"""

from derive import oracle
from derive.algebra.sizes import square
from derive.algebra.transposed import hits, through_matrices
from derive.catalogue import FAMILIES
from derive.families import asymmetric, grouped, grouped_asymmetric, standard
from derive.notation.axis import Transposed
from derive.notation.letters import c
from derive.proof.exact import *
from derive.proof.language import *
from derive.theorems.asymmetric_rank import orders

number = "T19"
topic = "counting"
families = tuple(FAMILIES)

Z = IndexedBase("Z")  # an image as large as the result
k, s, d, pi, N, r = *map(size, "ksd"), *map(padding, ("pi", "N", "r"))
p, p_after = Quantity("p", "p^-"), Quantity("p_after", "p^+")
H_t, W_t, T_h, T_w = size("H_t"), size("W_t"), HEIGHT.pairs, WIDTH.pairs

small = Claim(0, "≤", pi, "<", s)
grown = Claim(H_t, "=", (H - 1) * s - p - p_after + d * (k - 1) + pi + 1)
something = Claim((H_t, W_t), "≥", 1)
formed = Claim(k_h * k_w * H * W * C_in * C_out / G)
landing = Claim(T_h * T_w * C_in * C_out / G)
windows = Claim(N, "=", H)
slack = Claim(r, "=", pi)
growing_down = Claim(m * (k_h * C_in * H * W + k_w * C_out * H_t * W))
growing_across = Claim(m * (k_w * C_in * H * W + k_h * C_out * H * W_t))
grows_less = Claim(H_t / H, "<", W_t / W)
blocks = Table(
    ("grouped", "rows", "columns", "rank at most"),
    ("first stage only", Tuple(o, v), Tuple(a, u), m / G),
    ("second stage only", Tuple(b, v), Tuple(i, u), m / G),
    ("both", Tuple(b, v), Tuple(a, u), m / G),
)
shrinking_down = Claim(m * (k_h * C_in * H_out * W + k_w * C_out * H_out * W_out))
shrinking_across = Claim(m * (k_w * C_in * H * W_out + k_h * C_out * H_out * W_out))
shrinks_more = Claim(H_out / H, "<", W_out / W)
same = Claim(k_h, "=", k_w)
iff_cheaper_transposed = iff()
iff_group_ranks = iff()
iff_cheaper_strided = iff()


def proof() -> Proof:
    yield Part("Transposed size")
    axis = Transposed(H, k, s, d, p, p_after, pi)
    room = unclipped(axis.adjoint.room)
    yield r"The first pixel and tap write to place \(-p^-\), the last to \(s(H - 1) + d(k - 1) - p^-\). What is kept starts at 0 and ends \(p^+\) before the last, \(\pi\) later: \(H_t\) pixels."
    yield Equal(unclipped(axis.output), grown)
    yield r"The first window of the convolution on \(H_t\) pixels can move \(L = H_t + p^- + p^+ - d(k - 1) - 1 = s(H - 1) + \pi\) pixels."
    yield Equal(room, s * (H - 1) + pi)
    yield r"As \(0 \le \pi < s\), \(\pi\) is the remainder of \(L\) modulo \(s\), the slack, and \(\lfloor L/s \rfloor = H - 1\): it has \(H\) windows. With \(s = \pi + 1 + e\), \(e \ge 0\), indeed \(L < sH\)."
    yield Positive((s * windows.expr - room).xreplace({s: pi + 1 + padding("e")}))
    yield Equal(room, s * (windows.expr - 1) + slack.expr)
    yield Establishes(windows, slack)

    yield Part("Transposed stages")
    (forth,) = stages(standard.family, transposed=True)
    back = Family(standard.family.factors[0], inputs=(o,), outputs=(i,))
    given = [over(i), *(over(d.position, d.input) for d in PLANE)]
    made = [over(o), *(over(d.pixel, d.output) for d in PLANE)]
    large, little = (
        image[tuple(x for x, *_ in limits)] for image, limits in ((Z, made), (X, given))
    )
    there = Sum(large * hits(forth.value), *made)
    here = Sum(little * through_matrices(back, PLANE, Z), *given)
    yield r"Pixel \(a\) and tap \(u\) write to pixel \(y = sa + du - p^-\); the convolution reads, for window \(a\) and tap \(u\), the same pixel \(y\). With \(E_{b\,y} = [b = y]\) both are sums over \(y\), and \(\langle \mathrm{conv}^\top X, Z \rangle = \langle X, \mathrm{conv}\, Z \rangle\) for all images \(X\) and \(Z\): the one is the transpose of the other."
    yield Equal(there, here)
    yield "The stages of every family, each transposed, are one nested sum; flattened it is the transposed convolution with the contracted kernel."
    yield Every(
        lambda: {name: scattered(one.family, one.directions) for name, one in FAMILIES.items()}
    )

    yield Part("Transposed counts")
    group, all_channels = Count(grouped.family, transposed=True), {C_a: C_in / G, C_b: C_out / G}
    yield "Every input pixel meets every tap of its group."
    yield Equal(group.macs.expr.xreplace(all_channels), formed)
    yield r"Those that land between 0 and \(H_t - 1\), and \(W_t - 1\), are the in-bounds taps of the convolution, axis by axis."
    yield Equal(group.macs_in_bounds.expr.xreplace(all_channels), landing)
    down, across = (Count(one, transposed=True).macs.expr for one in orders().values())
    sizes = {H_t: H_out, W_t: W_out}
    yield r"Vertical first, the column filter grows the height, then the row filter works on \(H_t \times W\) pixels; horizontal first on \(H \times W_t\)."
    yield {
        "vertical first": Equal(down, growing_down.given(sizes).expr),
        "horizontal first": Equal(across, growing_across.given(sizes).expr),
    }
    yield Establishes(growing_down, growing_across)
    yield r"For \(k_h = k_w = n\) the difference is \(m n\, C_{\mathrm{out}} (H W_t - H_t W)\)."
    yield SameCondition(Claim(square(down), "<", square(across)), grows_less.given(sizes))
    yield Establishes(grows_less, iff_cheaper_transposed)

    yield Part("Grouped asymmetric")
    alone = str.maketrans("abc", "ioj")
    yield r"Write \(i = (g, a)\), \(o = (g, b)\) and \(j = (g, c)\) where a stage is grouped: divisibility is built in, and each group has \(m/G\) middle channels \(c\). For one value of \(g\) every such pair is an asymmetric one."
    yield {
        name: (family.without([g]).einsum.translate(alone), asymmetric.family.einsum)
        for name, family in pairs().items()
    }
    yield "Both factors hold the group, so the two-factor theorem decides group by group, with the bond of a group,"
    yield Uses("two-factor", "Slice by slice")
    yield Establishes(iff_group_ranks)
    lines: list[Any] = list(blocks)
    yield r"by the matrices with rows \((o, v)\) and columns \((a, u)\), rows \((b, v)\) and columns \((i, u)\), rows \((b, v)\) and columns \((a, u)\)."
    yield {
        name: (cut_of(pairs()[name]), Cut((g,), tuple(rows), tuple(columns), (c,)))
        for name, rows, columns, _ in lines
    }
    yield {
        name: Equal(rank.xreplace({m: G * C_c}), pairs()[name].sizes[c]) for name, *_, rank in lines
    }
    yield Establishes(blocks)
    zeros = {"both": ("zero between different groups",)}
    yield "If both are grouped no weight joins an input of one group to an output of another; if one is, every such pair of channels is joined."
    yield {name: (Exactness(one).zeros, zeros.get(name, ())) for name, one in pairs().items()}

    yield Part("Strided order")
    down, across = (Count(one).macs.expr for one in orders().values())
    yield r"The first filter writes \(H' \times W\) or \(H \times W'\) pixels, the second \(H' \times W'\)."
    yield {
        "vertical first": Equal(down, shrinking_down.expr),
        "horizontal first": Equal(across, shrinking_across.expr),
    }
    yield Establishes(shrinking_down, shrinking_across)
    yield r"For \(k_h = k_w = n\) the difference is \(m n\, C_{\mathrm{in}} (H W' - H' W)\)."
    cheaper = Claim(square(down), "<", square(across))
    yield SameCondition(cheaper, shrinks_more, iff_cheaper_strided)
    alike = {H: HEIGHT.stride * H_out, W: HEIGHT.stride * W_out}
    yield "With both axes shrunk by the same factor the two orders cost the same."
    yield Equal(square(down).xreplace(alike), square(across).xreplace(alike))


def sharpness() -> Proof:
    yield Without("small output padding")
    yield r"One pixel, one tap, \(s = 1\), \(\pi = 1\): two pixels come out, and a convolution of two pixels has two windows, not one."
    yield there_and_back(extra=1)
    yield Without("something kept")
    yield r"One pixel, one tap, padding 1: everything is cropped, but a convolution of nothing with padding 1 has two windows."
    yield there_and_back(margin=1)
    gap = Kernel.ones("ou", "iv", o=3, i=3, u=3, v=3)
    tall = {H: 2, W: 1, H_out: 1, W_out: 1, C_in: 3, C_out: 3, k_h: 3, k_w: 3}
    yield Without("equal width")
    yield r"Three channels to three, \(K_{o\,i\,u\,v} = [o = u][i = v]\), on a column of two pixels that shrinks to one: the rule says vertical first, but that order needs nine middle channels and the other one."
    yield Counterexample(
        {"K": gap.nested},
        {
            f"MACs, {name}": int(Count(one).macs.at(tall | {m: gap.rank_in(one)}))
            for name, one in orders().items()
        },
    )
    flat = {H: 2, W: 2, H_out: 1, W_out: 1, C_in: 1, C_out: 3, k_h: 1, k_w: 2, m: 1}
    yield Without("square kernel")
    yield r"One channel to three, a kernel of one row and two columns, both axes halved: the rule says a tie."
    yield Counterexample(
        {"A": [[1]], "B": [[1, 1]]},
        {f"MACs, {name}": int(Count(one).macs.at(flat)) for name, one in orders().items()},
    )


def unclipped(expr: Expr) -> Expr:
    """An expression where the sizes in it are not cut off at 0."""
    return expr.replace(Max, lambda *sides: next(side for side in sides if side != 0))


def scattered(line: Line, directions: tuple[Direction, ...]) -> Every:
    """The transposed stages of every branch, and the transposed convolution with its kernel."""
    return Every(
        {
            str(family): Equal(
                hits(compose(stages(family, directions, transposed=True))),
                through_matrices(family, directions),
            )
            for _, family in line.branches
        }
    )


def pairs() -> dict[str, Family]:
    """The asymmetric pair with one stage grouped, the other, or both."""
    A, B = map(IndexedBase, "AB")
    return {
        "first stage only": Family(A[g, c, a, u], B[o, g, c, v], inputs=(g, a)),
        "second stage only": Family(A[g, c, i, u], B[g, b, c, v], outputs=(g, b)),
        "both": grouped_asymmetric.family,
    }


def there_and_back(margin: int = 0, extra: int = 0) -> Counterexample:
    """One pixel transposed with one tap, and the windows of the convolution on the result."""
    axis = oracle.Axis(1, 1, before=margin, after=margin)
    grown = oracle.scattered([1], [1], axis, extra=extra).values
    windows = replace(axis, size=len(grown)).outputs
    return Counterexample({"X": [1]}, {"pixels": 1, "windows of the convolution": windows})
