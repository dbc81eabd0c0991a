r"""Rank one: with one channel, a column filter then a row filter is an n × n convolution exactly when the kernel has rank at most one.

Let \(K\) be a \(k_h \times k_w\) kernel over a field, with one input, one output and one middle channel, and let every tap be [seen](visibility.md): on an image of this size it meets a pixel. Then $equivalent:

1. there are a column \(a\) and a row \(b\) such that sliding \(a\), then \(b\), gives the convolution with \(K\) on **every** image;
2. \($outer\);
3. \(K\) has rank at most 1;
4. all \(2 \times 2\) minors \($minor\) are zero.

If \($pivot\), the minors through that entry are enough, and \($column\), \($row\) are the filters. The zero kernel is included, and a kernel with a single row or column has no minors, so it always splits. That 2 implies 1 needs no tap to be seen. Where some are not, 1 is the same for the rows and columns of \(K\) that are seen. Row filter first gives the same output; it may cost more or less.

If the entries are integers, so may be \(a\) and \(b\).

Hypotheses:
- one channel: \($single\)
- every tap is seen: each tap meets a pixel of the image in some window; needed from 1 to 2 only
- a field: or the integers; vanishing minors do not give factors over every ring
- zero padding: no bias and no activation between the two filters, as in [the pipeline theorem](pipeline.md)

Use: A single-channel filter can be run as a column pass and a row pass $iff_one_pass_each its rank is at most 1; an entry that is not zero shows the two filters, or a minor that is not zero shows that there are none.

Source: Steve Eddins (2006), Separable convolution: Part 2, Steve on Image Processing, 28 November 2006
"""

from derive import oracle
from derive.families import asymmetric
from derive.proof.exact import *
from derive.proof.language import *

number = "T2"
topic = "equality"

a, b, K = map(IndexedBase, "abK")
u0, v0, u1, v1 = map(letter, ("u_0", "v_0", "u'", "v'"))

outer = Claim(K[u, v], "=", a[u] * b[v])
minor = Claim(K[u, v] * K[u1, v1] - K[u, v1] * K[u1, v])
pivot = Claim(K[u0, v0], "≠", 0)
column = Claim(a[u], "=", K[u, v0])
row = Claim(b[v], "=", K[u0, v] / K[u0, v0])
single = Claim(C_in, "=", C_out, "=", m, "=", 1)
iff_one_pass_each = iff("exactly when")
equivalent = Said(
    "these are equivalent",
    ("2 implies 1", "1 implies 2", "2 implies 3", "3 implies 4", "4 implies 2"),
)


def proof() -> Proof:
    A, B = (factor.base for factor in asymmetric.family.factors)
    alone = dict.fromkeys(single.terms[:-1], single.expr)

    yield Part("An outer product splits")
    yield r"With one channel the kernel that a vertical-first pair contracts to is \(a_u b_v\); its two stages are the convolution with it, whatever the sizes, strides, dilations and zero paddings."
    yield one_channel(asymmetric.family, alone)
    yield Equal(
        contraction(asymmetric.family).xreplace(alone),
        outer.expr.xreplace({a[u]: A[0, i, u], b[v]: B[o, 0, v]}),
    )
    yield Establishes(outer, single, equivalent["2 implies 1"])
    yield "Row filter first is the same function: in the other order the stages flatten to the same sum."
    yield one_channel(Family(*reversed(asymmetric.family.factors)), alone)

    yield Part("Equal layers have equal kernels")
    yield r"Conversely let the two filters agree with \(K\) on every image. They are the convolution with \(a_u b_v\), and convolutions that agree on every image have equal entries at every tap that is seen, so \(K_{u\,v} = a_u b_v\) there. And if the rows and columns of \(K\) that are seen are an outer product, \(a\) and \(b\) continued by zeros agree with \(K\) at every tap that is seen, hence on every image."
    yield Uses("visibility", "Independence")
    yield Establishes(equivalent["1 implies 2"])

    yield Part("Outer products and minors")
    multiplied = {K[y, x]: outer.expr.xreplace({u: y, v: x}) for y in (u, u1) for x in (v, v1)}
    one, other = (term.xreplace(multiplied) for term in minor.expr.args)
    yield r"If \(K_{u\,v} = a_u b_v\), every \(2 \times 2\) minor is zero, and with them all larger minors, which are sums of multiples of these: the rank is at most 1."
    yield Equal(one, -other)
    yield Establishes(outer, minor, equivalent["2 implies 3"], iff_one_pass_each["only if"])
    yield r"If the rank is at most 1, all \(2 \times 2\) minors are zero. Should \(K\) be zero, \(a = 0\) will do. Otherwise some entry \(K_{u_0\,v_0}\) is not zero; take its column \(a_u = K_{u\,v_0}\) and its row \(b_v = K_{u_0\,v} / K_{u_0\,v_0}\). Then \(K_{u\,v} - a_u b_v\) is the minor of \((u, v)\) and \((u_0, v_0)\), divided by \(K_{u_0\,v_0}\): it is zero for every \(u\) and \(v\) as soon as the minors through the pivot are."
    yield Equal(
        K[u, v] - outer.expr.xreplace(dict([column.sides, row.sides])),
        minor.expr.xreplace({u1: u0, v1: v0}) / pivot.terms[0],
    )
    yield Establishes(
        *(minor, pivot, column, row, iff_one_pass_each["if"]),
        *(equivalent["3 implies 4"], equivalent["4 implies 2"]),
    )

    yield Part("Integers")
    x, r, c = (IndexedBase(name) for name in "xrc")
    yield r"Let \(K\) be an integer matrix of rank 1, and \(r\) one of its rows, not zero, divided by the greatest common divisor of its entries, so that \(\sum_v x_v r_v = 1\) for some integers \(x_v\). Every row is \(c_u r\) with \(c_u\) rational; but \(\sum_v x_v K_{u\,v} = c_u \sum_v x_v r_v = c_u\), so \(c_u\) is an integer, and \(K_{u\,v} = c_u r_v\)."
    yield Equal(
        Sum(x[v] * (c[u] * r[v]), (v, 0, k_w - 1)), c[u] * Sum(x[v] * r[v], (v, 0, k_w - 1))
    )


def sharpness() -> Proof:
    diagonal = [[1, 0], [0, 1]]
    corner = [[0, 0], [0, 1]]
    blind = (oracle.Axis(1, 2, stride=2, before=1, after=1),) * 2
    yield Without("every tap is seen")
    yield r"On an image of one pixel, with \(n = 2\), stride 2 and one zero all round, only the last tap is seen: the identity matrix, of rank 2, acts like \(a = b = (0, 1)\)."
    yield Counterexample(
        {"K": diagonal, "a ⊗ b": corner},
        {
            "K has rank at most 1": rank(diagonal) <= 1,
            "a, b act like K": operator(diagonal, blind) == operator(corner, blind),
        },
    )
    two = [[2, 0], [0, 2]]
    yield Without("a field")
    yield r"Modulo 4 the minor of \(\mathrm{diag}(2, 2)\) is \(4 = 0\), yet no column and row multiply to it: all were tried."
    yield Counterexample(
        {"K": two},
        {
            "minors vanish": (two[0][0] * two[1][1] - two[0][1] * two[1][0]) % 4 == 0,
            "factors exist": splits_modulo(two, 4),
        },
    )
    root = [[(2, 0), (1, 1)], [(1, -1), (3, 0)]]
    yield r"With entries in \(\mathbb{Z}[\sqrt{-5}]\), where 6 is both \(2 \cdot 3\) and \((1 + \sqrt{-5})(1 - \sqrt{-5})\), a minor of zero gives no factors: every divisor of 2 was tried."
    yield Counterexample(
        {"K": [["2", "1+√-5"], ["1-√-5", "3"]]},
        {
            "minors vanish": times(root[0][0], root[1][1]) == times(root[0][1], root[1][0]),
            "factors exist": splits_beyond_unique_factors(root),
        },
    )
    crossed = Kernel.of([[[[0, 1]], [[1, 0]]]])
    yield Without("one channel")
    yield "Two input channels, a 1 × 2 kernel: each channel's slice has rank 1, but one middle channel is not enough for both."
    yield Counterexample(
        {"K": crossed.nested},
        {
            "every slice has rank at most 1": crossed.rank((u,), (v,), (o, i)) <= 1,
            "one middle channel is enough": crossed.rank((o, v), (i, u)) <= 1,
        },
    )


def one_channel(order: Family, alone: Mapping[Expr, Expr]) -> Evidence:
    """The pipeline of an order at one channel and width 1, against the convolution with the outer product."""
    sides = two_sides(order, kernel_of=asymmetric.family)
    nested, flat = (side.xreplace(alone) for side in (sides.nested, sides.single))
    free = {x: extent.xreplace(alone) for x, extent in sides.free.items()}
    return Equal(nested, flat, free, sides.supports)


def operator(kernel: Picture, axes: tuple[oracle.Axis, oracle.Axis]) -> tuple[object, ...]:
    """What a kernel of one channel makes of every image with a single 1: the whole linear map."""
    sizes = (axis.size for axis in axes)
    return oracle.operator(lambda image: oracle.filtered(kernel, image, *axes), *sizes)


Pair = tuple[tuple[int, ...], tuple[int, ...]]


def splits_modulo(K: Picture, modulus: int) -> bool:
    """Whether a 2 × 2 matrix is an outer product modulo a number, by trying all."""
    return any(
        all((e[y] * e[2 + x] - K[y][x]) % modulus == 0 for y, x in product(range(2), repeat=2))
        for e in product(range(modulus), repeat=4)
    )


Surd = tuple[int, int]  # x + y√-5


def times(one: Surd, two: Surd) -> Surd:
    """The product in the ring of x + y√-5."""
    return one[0] * two[0] - 5 * one[1] * two[1], one[0] * two[1] + one[1] * two[0]


def splits_beyond_unique_factors(K: Picture) -> bool:
    """Whether K = a ⊗ b for the given matrix over that ring; a_0 divides 2, so its norm divides 4,
    and then so does that of b_0, and the norms of a_1 and b_1 divide 36."""
    near = [(x, y) for x, y in product(range(-6, 7), range(-2, 3)) if 0 < x * x + 5 * y * y <= 36]
    firsts = [(a, b) for a, b in product(near, near) if times(a, b) == K[0][0]]
    return any(
        times(a, d) == K[0][1] and times(c, b) == K[1][0] and times(c, d) == K[1][1]
        for a, b in firsts
        for c, d in product(near, near)
    )
