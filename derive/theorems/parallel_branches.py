r"""Parallel branches: convolutions side by side whose windows are aligned merge into one, borders included.

A branch with kernel \(B\) runs in parallel with a convolution with kernel \(K\), at the same strides and dilations, and their outputs are added. Along each axis let \(K\) have \(k\) taps and padding \(p^\pm\), the branch \(k_b\) taps and padding \(p_b^\pm\). A tap of the branch reads, in every window, what the tap of \(K\) reads whose number is larger by \(e\), $iff_same_reads

\[$start.\]

So the branch embeds in the taps of \(K\) $iff_embeds along each axis \(e\) is an integer, \($inside\), and the outputs have equal sizes, for which \($after\) is enough. Then the sum of the two is **one** convolution, with \(B_{o\,i\,u\,v}\) added to \(K\) at tap \(($tap)\): for every stride, at the borders too, and for every padding that depends only on the place, such as zeros, another constant, circular, reflect or replicate.

**ACNet block.** For odd \(n\), an \(n \times n\) convolution with padding \($margin\) and, in parallel, an \(n \times 1\) and a \(1 \times n\) convolution, padded along their own axis only, are aligned: their taps fall on the middle column and the middle row. Their \($apart\) weights merge into \($together\). A batch normalization in each branch merges as well: in use it multiplies each output channel by a number and adds one, a bias after the merged convolution.

The block has the kernels of the \(n \times n\) convolution and no others: nothing is factorized, and nothing is gained or lost in what it can compute.

Hypotheses:
- alignment: along each axis the offset \(e\) is an integer, the branch lies within the taps of \(K\), and the outputs have equal sizes
- odd size: for the block, \(n\) is odd, so that there is a middle column and a middle row
- linear branches: no activation before the sum, batch normalizations with fixed statistics, as in use
- same steps: the same strides and dilations in every branch

Use: Train with branches side by side, then merge them into one convolution to run.

Source: Ding, Guo, Ding, Han (2019), ACNet: Strengthening the Kernel Skeletons for Powerful CNN via Asymmetric Convolution Blocks, ICCV, arXiv 1908.03930
"""

from derive import oracle
from derive.families import acnet_block, standard
from derive.proof.language import *

number = "T15"
topic = "freedom"

k, k_b, s, d = map(size, ("k", "k_b", "s", "d"))
p, p_after = Quantity("p", "p^-"), Quantity("p_after", "p^+")
p_b, p_b_after = Quantity("p_b", "p_b^-"), Quantity("p_b_after", "p_b^+")
e, e_h, e_w = map(letter, ("e", "e_h", "e_w"))

start = Claim(e, "=", (p - p_b) / d)
inside = Claim(0, "≤", e, "≤", k - k_b)
after = Claim(p_after - p_b_after, "=", d * (k - k_b - e))
tap = Claim((u + e_h, v + e_w))
margin = Claim(d * (n - 1) / 2)
apart = Claim((n**2 + 2 * n) * C_in * C_out)
together = Claim(n**2 * C_in * C_out)
iff_same_reads = iff()
iff_embeds = iff("exactly if")


def proof() -> Proof:
    yield Part("Merging")
    place = reads(HEIGHT).xreplace(
        {HEIGHT.stride: s, HEIGHT.dilation: d, HEIGHT.before: p, HEIGHT.kernel: k}
    )
    yield r"Along an axis, tap \(u\) of the branch reads place \(s y + d u - p_b^-\) and tap \(u + e\) of \(K\) reads \(s y + d(u + e) - p^-\). The two differ by \(d e - (p^- - p_b^-)\) in every window: they are one place if and only if \(e = (p^- - p_b^-)/d\)."
    yield Equal(place.xreplace({u: u + e}) - place.xreplace({p: p_b}), -d * start.gap)
    yield Establishes(start, iff_same_reads, iff_embeds["only if"])
    room = Axis(HEIGHT.input, k, s, d, p, p_after).room
    room_b = Axis(HEIGHT.input, k_b, s, d, p_b, p_b_after).room
    yield r"Let the outputs have \(\lfloor L/s \rfloor + 1\) and \(\lfloor L_b/s \rfloor + 1\) pixels: \(L - L_b = (p^- - p_b^-) + (p^+ - p_b^+) - d(k - k_b)\), which is zero if \(p^- - p_b^- = de\) and \(p^+ - p_b^+ = d(k - k_b - e)\)."
    yield Equal(room - room_b, p - p_b + after.terms[0] - d * (k - k_b))
    yield Equal(room - room_b, d * start.gap - after.gap)
    yield Establishes(after, iff_embeds["only if"])
    yield r"With equal sizes, the outputs of both, added, are one sum over the taps of \(K\), with the weights of the branch at the taps \((u + e_h, v + e_w)\). No bracket stands for a border: what \(X\) is outside the image is the padding's affair, and the same for both."
    yield Equal(side_by_side(), merged())
    yield Establishes(tap, iff_embeds["if"])

    yield Part("ACNet block")
    yield from acnet()

    yield Part("Batch normalization")
    yield from normalization()


def acnet() -> Proof:
    """The block of three branches."""
    square = {k_h: n, k_w: n}
    padded, bare = (n, s, d, margin.expr, margin.expr), (1, s, d, 0, 0)
    yield r"The \(n \times 1\) branch has width 1 and no padding across. Its offset there is \((p - 0)/d = (n - 1)/2\), the middle column, an integer since \(n\) is odd."
    yield Equal(start.given({p: margin.expr, p_b: 0}).expr, WIDTH.middle.xreplace(square))
    yield Establishes(margin)
    yield "Its output is as large as that of the square branch."
    yield Equal(Axis(WIDTH.input, *padded).room, Axis(WIDTH.input, *bare).room)
    yield Establishes(margin)
    yield r"So with weights of their own, and paddings of their own, the three branches are the three that the book writes down, where a factor without a tap is read at the middle: the column, and the row likewise."
    yield {"column": own_column(HEIGHT, WIDTH), "row": own_column(WIDTH, HEIGHT)}
    yield r"Count the weights: \((n^2 + 2n)\, C_{\mathrm{in}} C_{\mathrm{out}}\) in the three branches,"
    yield Equal(Count(acnet_block.family).parameters.expr.xreplace(square), apart)
    yield r"and \(n^2\, C_{\mathrm{in}} C_{\mathrm{out}}\) once they are merged."
    yield Equal(Count(standard.family).parameters.expr.xreplace(square), together)
    lines = {"square branch": standard.family, "block": acnet_block.family}
    yield "The square branch alone has every kernel, so the block has every kernel, and no more."
    yield {
        f"every kernel is one of the {name}": (Exactness(line).every_kernel, True)
        for name, line in lines.items()
    }


def normalization() -> Proof:
    """A batch normalization after each branch of the block."""
    sums = [direct(family) for _, family in acnet_block.family.branches]
    weights = [family.factors[0] for _, family in acnet_block.family.branches]
    scales, means, shifts = (
        [IndexedBase(f"{name}_{b + 1}")[o] for b in range(len(sums))]
        for name in ("gamma", "mu", "beta")
    )
    branches = zip(sums, scales, means, shifts, strict=True)
    scaled = (
        one.xreplace({weight: scale * weight})
        for one, weight, scale in zip(sums, weights, scales, strict=True)
    )
    biases = zip(scales, means, shifts, strict=True)
    yield r"In use a batch normalization sends \(Y_o\) to \(\gamma_o (Y_o - \mu_o) + \beta_o\), where \(\gamma_o\) is its weight over the deviation. The block with one in every branch is the sum of convolutions with the weights of output \(o\) times \(\gamma_o\), and the bias \(\sum_b (\beta_{b,o} - \gamma_{b,o}\, \mu_{b,o})\) after it."
    yield Equal(
        sum(scale * (one - mean) + shift for one, scale, mean, shift in branches),
        sum(scaled) + sum(shift - scale * mean for scale, mean, shift in biases),
    )


def sharpness() -> Proof:
    yield Without("alignment")
    yield "Three rows, nothing padded: the 3 × 3 branch has one row of output, the 1 × 3 branch three. There is no sum."
    yield Counterexample(
        {"K": [[1] * 3] * 3, "B": [[1] * 3]},
        {
            "rows of the 3 × 3 branch": oracle.Axis(3, 3).outputs,
            "rows of the 1 × 3 branch": oracle.Axis(3, 1).outputs,
        },
    )
    yield Without("odd size")
    yield r"Two rows, \(n = 2\): with equal padding on both sides the \(2 \times 2\) branch has one row or three, the \(1 \times 2\) branch two. Only unequal padding, \(p^- \ne p^+\), would align them."
    yield Counterexample(
        {"K": [[1] * 2] * 2, "B": [[1] * 2]},
        {
            "rows of the 2 × 2 branch, unpadded": oracle.Axis(2, 2).outputs,
            "padded by 1": oracle.Axis(2, 2, before=1, after=1).outputs,
            "rows of the 1 × 2 branch": oracle.Axis(2, 1).outputs,
        },
    )


def branch_names() -> dict[Basic, Basic]:
    """Symbols of the branch that are its own: weights, taps and paddings."""
    names: dict[Basic, Basic] = {standard.family.factors[0].base: IndexedBase("B")}
    for d in PLANE:
        axis = d.kernel.name[-1]
        names |= {
            d.kernel: size(f"k_b{axis}"),
            d.before: padding(f"p_b{axis}"),
            d.after: padding(f"p_b{axis}_after"),
        }
    return names


def reads(direction: Direction) -> Expr:
    """The place that a tap reads, as the convolution of the book has it."""
    return next(x for x in the_pixel().indices if direction.tap in x.free_symbols)


def the_pixel() -> Indexed:
    """The pixel in the sum of a convolution."""
    return next(x for x in direct(standard.family).atoms(Indexed) if x.base == X)


def side_by_side() -> Expr:
    """The convolution and the branch, whose padding before is what the offset says."""
    aligned = {
        branch_names()[d.before]: d.before - d.dilation * e
        for d, e in zip(PLANE, (e_h, e_w), strict=True)
    }
    branch = direct(standard.family).xreplace(branch_names()).xreplace(aligned)
    return direct(standard.family) + branch


def merged() -> Expr:
    """The convolution, and its window again with the weights of the branch at later taps."""
    whole, names = direct(standard.family), branch_names()
    (weight,) = standard.family.factors
    there = the_pixel().xreplace(dict(zip((u, v), tap.expr, strict=True)))
    return whole + Sum(
        weight.xreplace(names) * there, *(limit.xreplace(names) for limit in whole.limits)
    )


def own_column(along: Direction, across: Direction) -> Evidence:
    """The branch of the block along one axis, against a convolution of its own geometry: one tap
    and no padding across."""
    (family,) = (f for _, f in acnet_block.family.branches if f.taps == (along.tap,))
    margin = across.dilation * (across.kernel - 1) / 2
    lone = {across.kernel: Integer(1), across.before: Integer(0)}
    lone |= dict(zip(standard.family.factors, family.factors, strict=True))
    return Equal(
        direct(family).xreplace({across.before: margin}), direct(standard.family).xreplace(lone)
    )
