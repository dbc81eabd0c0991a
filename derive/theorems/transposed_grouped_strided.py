r"""Transposed, grouped, strided: the counts and conditions of factorized layers carry over to these variants, and the axis that shrinks more goes first.

**Transposed.** From \(H\) pixels, with output padding \($small\), a transposed convolution makes

\[$grown.\]

If that is at least 1, it is the transpose of the convolution from \(H_t\) pixels whose output has exactly \(H\) pixels and whose slack is \(\pi\). The stages of every family, transposed one by one, are the one transposed convolution with the contracted kernel. Every pixel is multiplied by every tap: \($formed\) MACs in \(G\) groups. Those that land on a pixel that is kept are \($landing\), with the [in-bounds taps](in-bounds-taps.md) \(T\) of that convolution, of \($windows\) windows and slack \($slack\). An asymmetric pair with \(m\) middle channels costs

\[$growing_down \quad\text{or}\quad $growing_across\]

MACs, the vertical filter first or the horizontal one. For a square kernel and equal \(m\) vertical first is cheaper if and only if \($grows_less\): the axis that grows less goes first.

**Grouped asymmetric.** Let \(G\) divide \(m\). Number the \(G\) groups \(g\), and within a group its inputs \(a\) and its outputs \(b\), where a stage groups them. The pair spells \(K\) if and only if, for each group \(g\), the matrix of its entries of \(K\) has at most this rank, and, where both stages are grouped, \(K\) is zero between different groups:

$blocks

**Strided order.** A pair on an image that shrinks from \(H \times W\) to \(H' \times W'\) costs \($shrinking_down\) MACs vertical first and \($shrinking_across\) horizontal first. For a square kernel and equal \(m\) vertical first is cheaper if and only if \($shrinks_more\): the axis that shrinks more goes first. Axes that shrink by the same factor tie.

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
from derive.families import (
    asymmetric,
    asymmetric_horizontal_first,
    grouped,
    grouped_asymmetric,
    standard,
)
from derive.notation.axis import Transposed
from derive.notation.letters import c
from derive.proof.language import *

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


def proof() -> Iterator[Part | Sentence]:
    yield from transposed_size()
    yield from transposed_stages()
    yield from transposed_counts()
    yield from grouped_pairs()
    yield from strided_order()


def transposed_size() -> Iterator[Part | Sentence]:
    axis = Transposed(H, k, s, d, p, p_after, pi)
    room = unclipped(axis.adjoint.room)
    yield Part("Transposed size")
    yield step(
        r"The first pixel and tap write to place \(-p^-\), the last to \(s(H - 1) + d(k - 1) - p^-\). What is kept starts at 0 and ends \(p^+\) before the last, \(\pi\) later: \(H_t\) pixels.",
        Equal(unclipped(axis.output), grown.expr),
        establishes=grown,
    )
    yield (
        r"The first window of the convolution on \(H_t\) pixels can move \(L = H_t + p^- + p^+ - d(k - 1) - 1 = s(H - 1) + \pi\) pixels.",
        Equal(room, s * (H - 1) + pi),
    )
    yield step(
        r"As \(0 \le \pi < s\), \(\pi\) is the remainder of \(L\) modulo \(s\), the slack, and \(\lfloor L/s \rfloor = H - 1\): it has \(H\) windows. With \(s = \pi + 1 + e\), \(e \ge 0\), indeed \(L < sH\).",
        Positive((s * windows.expr - room).xreplace({s: pi + 1 + padding("e")})),
        Equal(room, s * (windows.expr - 1) + slack.expr),
        establishes=(windows, slack),
    )


def transposed_stages() -> Iterator[Part | Sentence]:
    yield Part("Transposed stages")
    yield (
        r"Pixel \(a\) and tap \(u\) write to pixel \(y = sa + du - p^-\); the convolution reads, for window \(a\) and tap \(u\), the same pixel \(y\). With \(E_{b\,y} = [b = y]\) both are sums over \(y\), and \(\langle \mathrm{conv}^\top X, Z \rangle = \langle X, \mathrm{conv}\, Z \rangle\) for all images \(X\) and \(Z\): the one is the transpose of the other.",
        transposes(),
    )
    yield (
        "The stages of every family, each transposed, are one nested sum; flattened it is the transposed convolution with the contracted kernel.",
        Every(
            lambda: {name: scattered(one.family, one.directions) for name, one in FAMILIES.items()}
        ),
    )


def transposed_counts() -> Iterator[Part | Sentence]:
    down, across = (transposed(family).macs.expr for family in orders().values())
    made = {H_t: H_out, W_t: W_out}
    yield Part("Transposed counts")
    yield step(
        "Every input pixel meets every tap of its group.",
        Equal(all_channels(transposed(grouped.family).macs.expr), formed.expr),
        establishes=formed,
    )
    yield step(
        r"Those that land between 0 and \(H_t - 1\), and \(W_t - 1\), are the in-bounds taps of the convolution, axis by axis.",
        Equal(all_channels(transposed(grouped.family).macs_in_bounds.expr), landing.expr),
        establishes=landing,
    )
    yield step(
        r"Vertical first, the column filter grows the height, then the row filter works on \(H_t \times W\) pixels; horizontal first on \(H \times W_t\).",
        {
            "vertical first": Equal(down, growing_down.given(made).expr),
            "horizontal first": Equal(across, growing_across.given(made).expr),
        },
        establishes=(growing_down, growing_across),
    )
    yield step(
        r"For \(k_h = k_w = n\) the difference is \(m n\, C_{\mathrm{out}} (H W_t - H_t W)\).",
        SameCondition(Claim(square(down), "<", square(across)), grows_less.given(made)),
        establishes=grows_less,
    )


def grouped_pairs() -> Iterator[Part | Sentence]:
    lines: list[Any] = list(blocks)
    yield Part("Grouped asymmetric")
    yield (
        r"Write \(i = (g, a)\), \(o = (g, b)\) and \(j = (g, c)\) where a stage is grouped: divisibility is built in, and each group has \(m/G\) middle channels \(c\). For one value of \(g\) every such pair is an asymmetric one.",
        Equal(
            {
                name: (for_one_group(family), asymmetric.family.einsum)
                for name, family in pairs().items()
            }
        ),
    )
    yield (
        "Both factors hold the group, so the two-factor theorem decides group by group, with the bond of a group,",
        Uses("two-factor", "Slice by slice"),
    )
    yield step(
        r"by the matrices with rows \((o, v)\) and columns \((a, u)\), rows \((b, v)\) and columns \((i, u)\), rows \((b, v)\) and columns \((a, u)\).",
        Equal(
            {
                name: (network(pairs()[name]).cuts, one_cut(tuple(rows), tuple(columns)))
                for name, rows, columns, _ in lines
            }
        ),
        {
            name: Equal(rank.xreplace({m: G * C_c}), pairs()[name].sizes[c])
            for name, *_, rank in lines
        },
        establishes=blocks,
    )
    yield (
        "If both are grouped no weight joins an input of one group to an output of another; if one is, every such pair of channels is joined.",
        Equal(
            {
                name: (Exactness(family).zeros, zeros)
                for (name, family), zeros in zip(
                    pairs().items(), ((), (), ("zero between different groups",)), strict=True
                )
            }
        ),
    )


def strided_order() -> Iterator[Part | Sentence]:
    down, across = (Count(family).macs.expr for family in orders().values())
    yield Part("Strided order")
    yield step(
        r"The first filter writes \(H' \times W\) or \(H \times W'\) pixels, the second \(H' \times W'\).",
        {
            "vertical first": Equal(down, shrinking_down.expr),
            "horizontal first": Equal(across, shrinking_across.expr),
        },
        establishes=(shrinking_down, shrinking_across),
    )
    yield step(
        r"For \(k_h = k_w = n\) the difference is \(m n\, C_{\mathrm{in}} (H W' - H' W)\).",
        SameCondition(Claim(square(down), "<", square(across)), shrinks_more),
        establishes=shrinks_more,
    )
    factor = HEIGHT.stride
    alike = {H: factor * H_out, W: factor * W_out}
    yield (
        "With both axes shrunk by the same factor the two orders cost the same.",
        Equal(square(down).xreplace(alike), square(across).xreplace(alike)),
    )


def sharpness() -> Iterator[Dropped]:
    yield (
        "small output padding",
        r"One pixel, one tap, \(s = 1\), \(\pi = 1\): two pixels come out, and a convolution of two pixels has two windows, not one.",
        Counterexample({"X": [1]}, there_and_back(extra=1)),
    )
    yield (
        "something kept",
        r"One pixel, one tap, padding 1: everything is cropped, but a convolution of nothing with padding 1 has two windows.",
        Counterexample({"X": [1]}, there_and_back(before=1, after=1)),
    )
    tall = {H: 2, W: 1, H_out: 1, W_out: 1, C_in: 3, C_out: 3, k_h: 3, k_w: 3}
    gap = Kernel.by(lambda o, i, u, v: int(o == u and i == v), o=3, i=3, u=3, v=3)
    widths = {
        "vertical first": gap.rank((o, v), (i, u)),
        "horizontal first": gap.rank((o, u), (i, v)),
    }
    yield (
        "equal width",
        r"Three channels to three, \(K_{o\,i\,u\,v} = [o = u][i = v]\), on a column of two pixels that shrinks to one: the rule says vertical first, but that order needs nine middle channels and the other one.",
        Counterexample(
            {"K": gap.nested},
            {
                f"MACs, {name}": number_of_macs(family, tall | {m: widths[name]})
                for name, family in orders().items()
            },
        ),
    )
    flat = {H: 2, W: 2, H_out: 1, W_out: 1, C_in: 1, C_out: 3, k_h: 1, k_w: 2, m: 1}
    yield (
        "square kernel",
        r"One channel to three, a kernel of one row and two columns, both axes halved: the rule says a tie.",
        Counterexample(
            {"A": [[1]], "B": [[1, 1]]},
            {f"MACs, {name}": number_of_macs(family, flat) for name, family in orders().items()},
        ),
    )


def unclipped(expr: Expr) -> Expr:
    """An expression where the sizes in it are not cut off at 0."""
    return expr.replace(Max, lambda *sides: next(side for side in sides if side != 0))


def transposed(line: Line) -> Count:
    """The counts of a line whose stages scatter."""
    return Count(line, transposed=True)


def hits(expr: Expr) -> Expr:
    """The expression with every bracket [pixel = place] as a matrix E of its axis."""
    return expr.replace(
        KroneckerDelta, lambda pixel, place: IndexedBase(f"E_{pixel}")[place, pixel]
    )


def scattered(line: Line, directions: tuple[Direction, ...]) -> Every:
    """The transposed stages of every branch, and the transposed convolution with its kernel."""
    return Every(
        {
            str(family): Equal(
                hits(compose(stages(family, directions, transposed=True))),
                through_matrices(family, directions, scatter=True),
            )
            for _, family in line.branches
        }
    )


def through_matrices(family: Family, directions: tuple[Direction, ...], scatter: bool) -> Expr:
    """The one convolution with the kernel of a family, its windows at the places read through a
    matrix E per axis that is then written to (transposed) or read from."""
    once = direct(family, directions)
    (image,) = (x for x in once.atoms(Indexed) if x.base == X)
    places = dict(zip(directions, image.indices[len(family.inputs) :], strict=True))
    matrices = (
        IndexedBase(f"E_{d.pixel}")[place.xreplace({d.pixel: d.position}), d.pixel]
        for d, place in places.items()
    )
    read = [d.position if scatter else d.pixel for d in directions]
    ends = [d.input if scatter else d.output for d in directions]
    seen = Mul(*matrices, (X if scatter else Z)[(*family.inputs, *read)])
    limits = ((letter, Integer(0), end - 1) for letter, end in zip(read, ends, strict=True))
    return Sum(once.function.xreplace({image: seen}), *once.limits, *limits)


def transposes() -> Evidence:
    """<transposed X, Z> and <X, convolution of Z>, the standard kernel between them."""
    (weights,) = standard.family.factors
    back = Family(weights, inputs=(o,), outputs=(i,))
    (forth,) = stages(standard.family, transposed=True)
    grown = [(o, Integer(0), C_out - 1), *((d.pixel, Integer(0), d.output - 1) for d in PLANE)]
    given = [(i, Integer(0), C_in - 1), *((d.position, Integer(0), d.input - 1) for d in PLANE)]
    large, little = Z[(o, *(d.pixel for d in PLANE))], X[(i, *(d.position for d in PLANE))]
    return Equal(
        Sum(large * hits(forth.value), *grown),
        Sum(little * through_matrices(back, PLANE, scatter=False), *given),
    )


def all_channels(expr: Expr) -> Expr:
    """In terms of all channels in place of those of a group."""
    return expr.xreplace({C_a: C_in / G, C_b: C_out / G})


def orders() -> dict[str, Family]:
    """The asymmetric pair in its two orders."""
    return {
        "vertical first": asymmetric.family,
        "horizontal first": asymmetric_horizontal_first.family,
    }


def pairs() -> dict[str, Family]:
    """The asymmetric pair with one stage grouped, the other, or both."""
    A, B = map(IndexedBase, "AB")
    return {
        "first stage only": Family(A[g, c, a, u], B[o, g, c, v], inputs=(g, a)),
        "second stage only": Family(A[g, c, i, u], B[g, b, c, v], outputs=(g, b)),
        "both": grouped_asymmetric.family,
    }


def for_one_group(family: Family) -> str:
    """The line of a single group, in the letters of a pair without groups."""
    return family.without([g]).einsum.translate(str.maketrans("abc", "ioj"))


def one_cut(rows: Letters, columns: Letters) -> tuple[Cut, ...]:
    """The matrix of a group, its bond the middle channels of the group."""
    return (Cut((g,), rows, columns, (c,)),)


def kept(**at: int) -> bool:
    """Whether the output padding is allowed and a pixel comes out."""
    sizes = {pi: at["pi"], s: at["s"]} | dict.fromkeys((H_t, W_t), made(**at))
    return small.holds(sizes) and something.holds(sizes)


def made(**at: int) -> int:
    """Pixels made, by the formula, which is not positive where all is cropped."""
    sizes = {"H": 2, "k": 2, "s": 1, "d": 1, "p": 0, "p_after": 0, "pi": 0} | at
    return int(grown.given({one: sizes[one.name] for one in (H, k, s, d, p, p_after, pi)}).expr)


def scatter(axis: oracle.Axis, extra: int) -> oracle.Run:
    """A filter of ones on a signal of ones, transposed."""
    taps, image = oracle.ones(axis.kernel), oracle.ones(axis.size)
    return oracle.scatter([("u", taps)], image, "", "", {}, {"u": axis}, {"u": extra})


def there_and_back(before: int = 0, after: int = 0, extra: int = 0) -> dict[str, int]:
    """One pixel transposed with one tap, and the windows of the convolution on the result."""
    axis = oracle.Axis(1, 1, before=before, after=after)
    grown = oracle.Axis(len(scatter(axis, extra).output), 1, before=before, after=after)
    return {"pixels": axis.size, "windows of the convolution": grown.outputs}


def number_of_macs(family: Family, values: Mapping[Symbol, int]) -> int:
    """MACs at given sizes."""
    return int(Count(family).macs.at(values))
