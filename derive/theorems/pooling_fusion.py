r"""Pooling fusion: a convolution and an average pooling behind it are one strided convolution, with all its ranks unchanged.

Let a convolution with the kernel \(K\), stride and dilation 1 and zero padding be followed by average pooling over \(s \times s\) windows with stride \(s\) and **no padding of its own**. Together they are one convolution with stride \(s\), the padding of the first layer, and the kernel

\[$joint,\]

of \(($tall) \times ($wide)\) taps: the kernel, 0 outside its taps, spread by a box. This is exact everywhere, borders included, and the output sizes agree. The matrices of \(K'\) have the ranks of those of \(K\): the [asymmetric ranks](asymmetric-rank.md) of both orders and the ranks of the [slices per channel](depthwise-multiplier.md), so it splits exactly where \(K\) does.

A \(1 \times 1\) convolution, with or without bias, may change places with an average pooling; behind the pooling it takes \($fewer\) times fewer multiply-accumulates, if \(s\) divides height and width. It may also change places with nearest-neighbour upsampling, together with a batch normalization and an activation behind it. It may not with max pooling.

**Max pooling** over \(k_h \times k_w\) windows is max pooling over \(k_h \times 1\), then over \(1 \times k_w\), at any stride, dilation and padding (by \(-\infty\), as is usual). **Average pooling** splits in the same way, whether padding counts in the divisor, \($window\), or not: then the divisor is \($on_image\), rows times columns of the window that lie on the image.

Hypotheses:
- average pooling: in the first two paragraphs the pooling is an average, or a sum
- no pool padding: where a convolution goes before it, the pooling reads no padding
- stride 1: of the convolution, and dilation 1; for others see [the composition of two layers](composition.md)
- linear layers: no activation between convolution and pooling
- windows with a pixel: where padding does not count, every window averaged has a pixel of the image

Use: Merge a convolution and the average pooling behind it into one strided layer, put \(1 \times 1\) convolutions behind the pooling, and run large max poolings as two passes.
"""

from derive import oracle
from derive.families import depthwise_asymmetric, pointwise, standard
from derive.proof.exact import *
from derive.proof.language import *

Pooled = tuple[Fraction | int | None, ...]

number = "A5"
topic = "stacking"

s = size("s")
places_read = Quantity("places_read", r"\text{places}")
K, K_joint = IndexedBase("K"), IndexedBase("K'")
t_h, t_w = sequence("t_h", "t_h(%s)"), sequence("t_w", "t_w(%s)")

joint = Claim(
    K_joint[o, i, u, v], "=", Sum(K[o, i, u - a, v - b], (a, 0, s - 1), (b, 0, s - 1)) / s**2
)
tall = Claim(k_h + s - 1)
wide = Claim(k_w + s - 1)
fewer = Claim(s**2)
window = Claim(k_h * k_w)
on_image = Claim(t_h(y) * t_w(x))


def proof() -> Proof:
    yield Part("Average pooling behind a convolution")
    yield r"Average pooling is a convolution of its own for every channel, with \(s \times s\) taps of \(1/s^2\), stride \(s\) and dilation 1. Behind a convolution of stride and dilation 1 it makes one of stride \(s\), whose kernel is the product of the two as polynomials, \(K'\), and whose output size is the same."
    yield Uses("composition", "Kernel")
    yield "As the pooling reads no padding, nothing is lost at the borders: the padding of the one layer is that of the first. Where the first layer has no output, neither way has any."
    yield Uses("composition", "Borders")

    yield Part("Ranks")
    yield r"Along one axis, with places \(0 \le t \le k + s - 2\), spreading multiplies with the matrix \(T_{t\,u} = [0 \le t - u < s]\). Its first \(k\) rows are triangular with ones on the diagonal, so they form an invertible matrix \(U\)."
    yield Confirmed("pooling_fusion.triangular")
    U, V, M = (Symbol(name, commutative=False) for name in "UVM")
    yield r"With \(V\) for the other rows of \(T\), the matrix \((U^{-1}\ 0)\) takes \(T M\) back to \(M\). As products raise no rank, \(T M\) has the rank of \(M\); transposed, the same holds on the right."
    yield Equal(Matrix([[U**-1, 0]]) * (Matrix([[U], [V]]) * M), Matrix([[M]]))
    t_1 = letter("t_1")
    down, across = Within(t - u, s), Within(t_1 - v, s)
    (kernel,) = standard.family.factors
    columns, rows = (u, Integer(0), k_h - 1), (v, Integer(0), k_w - 1)
    yield r"Spread along both axes is spread along one, then the other. So every matrix of \(K\), whatever side \(u\) and \(v\) are on, is multiplied by such matrices, one for each axis, and by \(1/s^2\): its rank is that of the same matrix of \(K'\)."
    yield Equal(
        Sum(down * across * kernel, columns, rows) / s**2,
        Sum(across * Sum(down * kernel, columns), rows) / s**2,
    )

    yield Part("Pointwise convolutions")
    first, bias = X[i, s * y + a, s * x + b], IndexedBase("c")[o]
    yield r"A \(1 \times 1\) convolution with a bias \(c_o\), then averaged, is the average, then convolved: the sums change places, and an average keeps the constant."
    yield Equal(average(mixed(first) + bias, s), mixed(average(first, s)) + bias)
    macs = Count(pointwise.family).macs.expr
    yield r"Its multiply-accumulates are in proportion to the pixels it runs on: \(s^2\) times as many before the pooling as behind it."
    yield Equal(macs.xreplace({H_out: s * H_out, W_out: s * W_out}), fewer.expr * macs)
    yield Establishes(fewer)
    up, phi = {y: floor(y / s), x: floor(x / s)}, Function("phi")
    yield r"Upsampling by \(s\) puts pixel \((\lfloor y/s \rfloor, \lfloor x/s \rfloor)\) at \((y, x)\). A \(1 \times 1\) convolution, with a bias and any \(\varphi\) behind it that acts on every pixel alone, depends on one pixel: to rename the pixel it reads or the pixel it makes is the same."
    yield Equal(phi(mixed(X[i, y, x]) + bias).xreplace(up), phi(mixed(X[i, up[y], up[x]]) + bias))

    yield Part("Max pooling")
    passes = stages(depthwise_asymmetric.family)
    yield r"Max pooling is a convolution of each channel in the max-plus semiring: a sum is a maximum, a product a sum, all taps are the number 0, which is one there, and padding is \(-\infty\), which is zero. Its kernel of ones is a column of ones times a row of ones, so it is of the depthwise asymmetric family: a filter along the height, then one along the width, both channel by channel."
    yield Equal(
        {
            "taps of the stages": (
                [tuple(d.tap for d in stage.applied) for stage in passes],
                [(u,), (v,)],
            ),
            "channels of the stages": (depthwise_asymmetric.family.states, ((i,),) * 3),
        }
    )
    yield "Stages are the one convolution with their kernel at any stride, dilation and padding with zero."
    yield Uses("pipeline", "Zero padding")
    yield "They are so in every commutative semiring, max-plus among them."
    yield Uses("pipeline", "Semirings")

    yield Part("Average pooling in two passes")
    sides, (in_passes, at_once) = two_sides(depthwise_asymmetric.family), divided()
    row, column = places(depthwise_asymmetric.family)
    yield r"The pixels of a window that lie on the image are counted by \(\sum_{u,v} [\text{row } u \text{ on it}]\,[\text{column } v \text{ on it}]\), which is a product of a count of rows and a count of columns, \(t_h(y)\, t_w(x)\)."
    yield Equal(
        Sum(Within(row, H) * Within(column, W), columns, rows),
        on_image.given(
            {
                t_h: lambda at: Sum(Within(row.xreplace({y: at}), H), columns),
                t_w: lambda at: Sum(Within(column.xreplace({x: at}), W), rows),
            }
        ).expr,
    )
    yield Establishes(on_image)
    yield r"Sum the columns of the window and divide by a number that depends on \(y\) only; sum the results along the row and divide by a number that depends on \(x\) only. That is the sum over the window divided by their product: by \(t_h(y)\, t_w(x)\), or by \(k_h k_w\) where padding counts."
    yield Equal(in_passes, at_once, sides.free, sides.supports)
    yield Equal(Sum(1, columns, rows), window)


def sharpness() -> Proof:
    image, weight = (0, 1), -1
    yield Without("average pooling")
    yield r"The weight \(-1\) and the pixels 0 and 1: the maximum, then weighted, is \(-1\); weighted, then the maximum, it is 0."
    yield Counterexample(
        {"weight": [weight], "X": list(image)},
        {
            "pooled first": weight * max(image),
            "convolved first": max(weight * pixel for pixel in image),
        },
    )
    kernel, pixel = [0, 0, 1], [1]
    middle = oracle.filtered(kernel, pixel, oracle.Axis(1, 3, before=1, after=1)).values
    yield Without("no pool padding")
    yield r"One pixel, \(K = (0, 0, 1)\) with one zero on either side, then windows of two, padded with one zero each side and summed: 0. The one kernel \((0, 0, 1, 1)\) with its two zeros on either side sees the pixel."
    yield Counterexample(
        {"K": kernel, "X": pixel},
        {
            "two layers": list(
                oracle.filtered([1, 1], middle, oracle.Axis(1, 2, 2, before=1, after=1)).values
            ),
            "one layer": list(
                oracle.filtered(
                    box(kernel, 2), pixel, oracle.Axis(1, 4, 2, before=2, after=2)
                ).values
            ),
        },
    )


def mixed(pixel: Expr) -> Expr:
    """A pointwise convolution that reads the given pixel."""
    (stage,) = stages(pointwise.family, ())
    return stage.value.xreplace({stage.source: pixel})


def average(value: Expr, s: Expr) -> Expr:
    """The average over a and b from 0 to s - 1."""
    return Sum(value, *((x, Integer(0), s - 1) for x in map(letter, "ab"))) / s**2


def divided() -> tuple[Expr, Expr]:
    """Two passes that sum and multiply by the reciprocal of a divisor, which depends on the row
    in the first and on the column in the second; and one pass by the product of the two."""
    family = depthwise_asymmetric.family
    by = dict(zip(family.factors, (IndexedBase("1/t_h")[y], IndexedBase("1/t_w")[x]), strict=True))
    passes = (replace(one, value=one.value.xreplace(by)) for one in stages(family))
    return compose(tuple(passes), brackets=True), two_sides(family).single.xreplace(by)


def numbers(count: int) -> list[int]:
    """Some integers without a pattern."""
    return [(7 * n * n + 3 * n) % 11 - 4 for n in range(count)]


def box(kernel: Sequence[int], s: int) -> list[int]:
    """The kernel spread: place t holds the sum of the taps from t - s + 1 to t."""
    return [sum(kernel[max(0, t - s + 1) : t + 1]) for t in range(len(kernel) + s - 1)]


def transposed(rows: Sequence[Sequence[int]], s: int) -> list[list[int]]:
    """Rows spread, then read as columns: twice spreads both ways."""
    return [list(column) for column in zip(*(box(row, s) for row in rows), strict=True)]


def ranks(K: Kernel) -> tuple[int, ...]:
    """The ranks of both orders, of the slices per input and per output channel, and of (o, i)."""
    return (
        K.rank((o, v), (i, u)),
        K.rank((o, u), (i, v)),
        K.rank((o,), (u, v), (i,)),
        K.rank((i,), (u, v), (o,)),
        K.rank((o, i), (u, v)),
    )


def kernels(count: int) -> Iterator[dict[str, Any]]:
    """Random kernels of asymmetric rank 1, 2 and 3 at most, with a size of pooling."""
    random = Random(5)
    for _, width in product(range(count), (1, 2, 3)):
        sizes = {x: random.randint(1, 3) for x in "oiuv"} | {"j": width}
        A, B = (
            oracle.drawn(random, *(sizes[x] for x in word), largest=2) for word in ("jiu", "ojv")
        )
        entries = oracle.contract([("jiu", A), ("ojv", B)], "i", "o", "uv", sizes)
        yield {"K": Kernel(FULL, tuple(sizes[x] for x in "oiuv"), entries), "s": 2}


def of(how: str, values: list[Any]) -> Any:
    """The maximum or the mean of what lies on the image."""
    if not values or None in values:
        return None
    return max(values) if how == "max" else Fraction(sum(values)) / len(values)
