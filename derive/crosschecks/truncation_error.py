"""Truncation error: cross-checks by literal loops, grids of cases and questions for z3."""

import math
from itertools import combinations_with_replacement

from derive import oracle
from derive.algebra.spectral import largest_singular_value
from derive.crosschecks.trees_and_cp import cuts_do_not_decide
from derive.notation import letters
from derive.proof.exact import *
from derive.proof.language import *
from derive.proof.questions import Queries
from derive.theorems import truncation_error as theorem

nearest = Symbol("nearest")
Square = tuple[tuple[int, int], tuple[int, int]]  # a 2 × 2 matrix, by rows


def checks() -> Proof:
    diagonals = CaseList(
        "diagonal 3 × 3 matrices over 0..2",
        [
            {"m": m, "N": 3, "values": values}
            for m in (1, 2)
            for values in combinations_with_replacement((2, 1, 0), 3)
        ],
    )
    yield "Of all diagonal integer matrices of rank m the nearest to a diagonal one has that error, and there is one only where the two singular values differ or are 0."
    yield Holds(theorem.best, nearest_diagonals, diagonals)
    yield Agree(
        lambda **case: any(
            one.holds(nearest_diagonals(**case)) for one in (theorem.gap, theorem.zero)
        ),
        lambda **case: nearest_diagonals(**case)[nearest] == 1,
        diagonals,
    )
    yield Establishes(theorem.best, theorem.gap, theorem.zero)
    yield "Where cuts decide, limits of kernels of the form pass them too, so that there is a nearest one: with one outer product it is so, with two it is not."
    yield Decides((theorem.several,), cuts_do_not_decide, Grid(R=(1, 2)))
    yield Establishes(theorem.several)
    yield "The kernel that sends each tap to a channel of its own reaches the bound (floating point)."
    yield Holds(theorem.pair, of_the_taps, Grid(k_h=(1, 2, 3), k_w=(1, 2), s=(1, 2), d=(1, 2)))
    yield Holds(theorem.square, lambda n: of_the_taps(n, n, 1, 1), Grid(n=(1, 2, 3)))
    yield Establishes(theorem.pair, theorem.square)
    yield "Frequencies that are multiples of a quarter turn, and kernels without negative entries (floating point)."
    yield Holds(
        theorem.transform,
        at_quarter_turns,
        Grid(o=(0,), i=(0, 1), k_h=(1, 2), k_w=(1, 3), a=(1,), b=(1, 3)),
    )
    yield Holds(theorem.frequency, without_negative, Grid(k_h=(1, 2), k_w=(1, 3), slope=(0, 1)))
    yield Establishes(theorem.transform, theorem.frequency)
    yield "Counted by loops, a pixel is read at most as often as stated, and as often for some."
    yield Bounded(
        most_read,
        lambda H, k, s, d, before: ceiling(Integer(k) / reduced_stride(s, d)),
        Grid(H=(1, 3, 6), k=(1, 2, 4), s=range(1, 5), d=range(1, 4), before=(0, 2)),
        Grid(H=range(1, 11), k=range(1, 7), s=range(1, 6), d=range(1, 5), before=range(5)),
    )
    yield Holds(
        theorem.period,
        lambda s, d: {theorem.reduced: next(n for n in range(1, s + 1) if n * d % s == 0)},
        Grid(s=range(1, 7), d=range(1, 5)),
    )
    yield Establishes(theorem.period)
    yield r"With nothing kept, \(m = 0\), the bound is reached at any stride and dilation: by literal loops, \(K_{o\,i\,u\,v} = [o = u][i = v]\), whose singular values are all 1, lengthens an image of a single row, padded in full, by exactly the root."
    yield Agree(
        lengthened,
        lambda k_h, k_w, s, d: squared_bound(k_h, k_w, s, d),
        Grid(k_h=(1, 2, 4), k_w=(1, 2), s=range(1, 5), d=range(1, 4)),
        Grid(k_h=range(1, 7), k_w=range(1, 4), s=range(1, 7), d=range(1, 5)),
    )
    yield "No integer matrix of rank 1 lies nearer to a 2 × 2 matrix than its second singular value (floating point)."
    yield Bounded(
        lambda M: round(smallest_square(M), 9),
        lambda M: min(squared_distance(M, X) for X in rank_one(range(-1, 3))),
        CaseList("2 × 2 matrices over {0, 1}", lambda: all_matrices((0, 1))),
        CaseList("2 × 2 matrices over -2..2", lambda: all_matrices(range(-2, 3))),
    )
    yield "Random layers lengthen no image more than the least of the three bounds (floating point)."
    yield Bounded(
        lambda seed: round(measured(seed)[0], 6),
        lambda seed: round(measured(seed)[1], 6),
        CaseList("3 layers of two channels on 3 × 4 pixels", [{"seed": n} for n in range(3)]),
        CaseList("80 layers of two channels on 3 × 4 pixels", [{"seed": n} for n in range(80)]),
    )
    yield Establishes(theorem.bounds)
    yield "Random kernels of one channel lengthen no image more than the largest value of their frequencies on a torus (floating point)."
    yield Bounded(
        lambda seed: round(one_channel(seed)[0], 6),
        lambda seed: round(one_channel(seed)[1], 6),
        CaseList("6 layers of one channel on 4 × 4 pixels", [{"seed": n} for n in range(6)]),
        CaseList("60 layers of one channel on 4 × 4 pixels", [{"seed": n} for n in range(60)]),
    )


def no_term_is_negative(z3: Any) -> Queries:
    """(S - tau)(1 - w) for S >= tau, and (tau - S) w for S <= tau, of a weight w from 0 to 1."""
    S, tau, weight = z3.Reals("S tau weight")
    yield Query(
        assume={"S is one of the first": tau <= S, "the weight is at most 1": weight <= 1},
        claim=(S - tau) * (1 - weight) >= 0,
        dropped=["S is one of the first", "the weight is at most 1"],
    )
    yield Query(
        assume={"S is one of the others": tau >= S, "the weight is at least 0": weight >= 0},
        claim=(tau - S) * weight >= 0,
        dropped=["S is one of the others", "the weight is at least 0"],
    )


def only_without_weight(z3: Any) -> Queries:
    """With a gap below tau, (tau - S) w is 0 only for w = 0."""
    S, tau, weight = z3.Reals("S tau weight")
    yield Query(
        assume={"a gap": tau > S},
        claim=((tau - S) * weight == 0) == (weight == 0),
        dropped=["a gap"],
    )


def congruent_taps(z3: Any) -> Queries:
    """Taps e, e + q, e + 2q, ... below k are at most as many as k/q, rounded up."""
    e, q, k, c, n = z3.Ints("e q k c n")
    yield Query(
        assume={
            "the period is positive": q >= 1,
            "e is the first of its class": e >= 0,
            "c is at least k / q": k <= q * c,
            "the tap is in the kernel": e + q * n < k,
        },
        claim=n < c,
        dropped=["e is the first of its class", "c is at least k / q", "the tap is in the kernel"],
    )


def no_second_turn(z3: Any) -> Queries:
    """Places of the padded image that are equal on the torus are equal."""
    a, b, H, p, q, L, turns = z3.Ints("a b H p q L turns")

    def padded(place: Any) -> Any:
        return z3.And(-p <= place, place < H + q)

    yield Query(
        assume={
            "a is in the padded image": padded(a),
            "b is in the padded image": padded(b),
            "the torus is large enough": H + p + q <= L,
            "a and b differ by whole turns": a == b + L * turns,
        },
        claim=a == b,
        dropped=[
            "a is in the padded image",
            "the torus is large enough",
            "a and b differ by whole turns",
        ],
    )


def paired(k_h: int, k_w: int) -> Kernel:
    """The kernel [o = u][i = v]."""
    return Kernel.ones("ou", "iv", o=k_h, i=k_w, u=k_h, v=k_w)


def reduced_stride(stride: int, dilation: int) -> Expr:
    """A stride over what it has in common with a dilation."""
    return theorem.period.given({theorem.s: stride, theorem.d: dilation}).expr


def squared_bound(tall: int, wide: int, stride: int, dilation: int) -> Expr:
    """The square of the bound at a singular value of 1."""
    sizes = {letters.k_h: tall, letters.k_w: wide, theorem.s_h: reduced_stride(stride, dilation)}
    return theorem.pair.given({**sizes, theorem.next_of_pair: Integer(1)}).expr ** 2


def all_matrices(entries: Sequence[int]) -> Iterator[dict[str, Square]]:
    """Every 2 × 2 matrix over some integers."""
    yield from ({"M": ((a, b), (c, d))} for a, b, c, d in product(entries, repeat=4))


def rank_one(entries: Sequence[int]) -> Iterator[Square]:
    """Every 2 × 2 matrix over some integers with determinant 0."""
    for case in all_matrices(entries):
        (a, b), (c, d) = case["M"]
        if a * d == b * c:
            yield case["M"]


def squared_distance(M: Square, X: Square) -> int:
    """The sum of the squared differences of entries."""
    return sum((p - q) ** 2 for r, s in zip(M, X, strict=True) for p, q in zip(r, s, strict=True))


def nearest_diagonals(m: int, N: int, values: tuple[int, ...]) -> Mapping[Expr, Any]:
    """Singular values of a diagonal matrix, and how near diagonal matrices of rank m come to it:
    their least squared distance, and how many have it."""
    others = (x for x in product(range(3), repeat=N) if sum(map(bool, x)) <= m)
    distances = [sum((p - q) ** 2 for p, q in zip(values, x, strict=True)) for x in others]
    found = {theorem.sigma[at]: value for at, value in enumerate(values, start=1)}
    least = min(distances)
    return {**found, letters.m: m, theorem.least_error: least, nearest: distances.count(least)}


def of_the_taps(k_h: int, k_w: int, s: int, d: int) -> Mapping[Expr, Any]:
    """The norms of the layer whose outputs are the vertical taps and whose inputs the horizontal
    ones, at an image that all of them fit in."""
    K = paired(k_h, k_w)
    axes = oracle.Axis(6, k_h, s, d, 0, 0), oracle.Axis(k_w, k_w, 1, 1, 0, 0)
    norm = exactly(largest_singular_value(operator(K, axes)))
    value = exactly(largest_singular_value(K.matrix((o, v), (i, u))))
    return {
        **{
            theorem.of_conv: norm,
            theorem.of_difference: norm,
            theorem.next_of_pair: value,
            theorem.next_value: value,
        },
        theorem.s_h: reduced_stride(s, d),
    }


def exactly(number: float) -> Expr:
    """The root of a rational number with six digits."""
    return sqrt(Rational(round(number**2 * 10**6), 10**6))


def at_quarter_turns(o: int, i: int, k_h: int, k_w: int, a: int, b: int) -> Mapping[Expr, Any]:
    """The transform of a kernel of integers where a power of the imaginary unit is enough."""
    entries = {
        theorem.E[o, i, p, q]: 1 + p + 2 * q + 3 * i for p, q in product(range(k_h), range(k_w))
    }
    total = sum(x * I ** (a * at.indices[2] + b * at.indices[3]) for at, x in entries.items())
    return {
        **{theorem.transformed[o, i]: total.expand(), letters.o: o, letters.i: i},
        **entries,
        **{theorem.w_h: a * pi / 2, theorem.w_w: b * pi / 2},
    }


def without_negative(k_h: int, k_w: int, slope: int) -> Mapping[Expr, Any]:
    """The norms of a layer of one channel whose frequencies are largest at 0."""
    K = Kernel.by(lambda o, i, u, v: 1 + slope * u * v, o=1, i=1, u=k_h, v=k_w)
    axes = oracle.Axis(4, k_h, 1, 1, 1, 1), oracle.Axis(4, k_w, 1, 1, 1, 1)
    return {
        theorem.of_conv: exactly(largest_singular_value(operator(K, axes))),
        theorem.supremum: exactly(response(K, 0, 0)),
        theorem.of_pair: exactly(largest_singular_value(K.matrix((o, v), (i, u)))),
    }


def most_read(H: int, k: int, s: int, d: int, before: int) -> int:
    """How often the pixel read most is read."""
    axis = oracle.Axis(H, k, s, d, before, before)
    reads = [axis.at(y, u) for y in range(axis.outputs) for u in range(k)]
    return max((reads.count(pixel) for pixel in range(H)), default=0)


def lengthened(k_h: int, k_w: int, s: int, d: int) -> Fraction:
    """How much longer, squared, [o = u][i = v] makes a row whose channel i is 1 under tap v = i."""
    below, across = d * (k_h - 1), d * (k_w - 1)
    tall, wide = oracle.Axis(1, k_h, s, d, below, below), oracle.Axis(across + 1, k_w, s, d)
    image = [int(x == d * i) for i in range(k_w) for x in range(across + 1)]
    outputs = (
        sum(weight * pixel for weight, pixel in zip(row, image, strict=True))
        for row in operator(paired(k_h, k_w), (tall, wide))
    )
    return Fraction(sum(output**2 for output in outputs), sum(image))


def smallest_square(M: Square) -> float:
    """The square of the second singular value of a 2 × 2 matrix."""
    (a, b), (c, d) = M
    total, determinant = a * a + b * b + c * c + d * d, a * d - b * c
    return (total - math.sqrt(total * total - 4 * determinant * determinant)) / 2


def measured(seed: int) -> tuple[float, float]:
    """The norm of a random layer of two channels, and the least of the three bounds."""
    K, axes = random_layer(Random(seed), 2)
    tall, wide = axes
    sizes = {
        **{k_h: tall.kernel, k_w: wide.kernel},
        **{theorem.s_h: reduced_stride(tall.stride, tall.dilation)},
        **{theorem.s_w: reduced_stride(wide.stride, wide.dilation)},
    }
    least = min(
        float(Claim(cell).given({**sizes, theorem.of_matrix: norm_of(K, rows, columns)}).expr)
        for rows, columns, cell in theorem.bounds
    )
    return largest_singular_value(operator(K, axes)), least


def one_channel(seed: int) -> tuple[float, float]:
    """The norm of a random layer of one channel, and its largest frequency on a torus."""
    K, axes = random_layer(Random(seed), 1)
    sizes = [axis.size + axis.before + axis.after for axis in axes]
    waves = (
        [2 * math.pi * axis.dilation * f / L for axis, f, L in zip(axes, at, sizes, strict=True)]
        for at in product(*map(range, sizes))
    )
    return largest_singular_value(operator(K, axes)), max(response(K, *at) for at in waves)


def response(K: Kernel, tall: float, wide: float) -> float:
    """The absolute value of the sum of a kernel of one channel against a wave."""
    phases = {at: tall * at[2] + wide * at[3] for at in K.entries}
    real = sum(float(K.entries[at]) * math.cos(phase) for at, phase in phases.items())
    imaginary = sum(float(K.entries[at]) * math.sin(phase) for at, phase in phases.items())
    return math.sqrt(real * real + imaginary * imaginary)


def norm_of(K: Kernel, rows: Any, columns: Any) -> float:
    """The largest singular value of a matrix of a kernel."""
    return largest_singular_value(K.matrix(tuple(rows), tuple(columns)))


def random_layer(random: Random, channels: int) -> tuple[Kernel, tuple[oracle.Axis, oracle.Axis]]:
    """A kernel of small integers and two axes that have an output."""
    tall, wide = (random_axis(random, extent) for extent in (3, 4))
    entries = channels, channels, tall.kernel, wide.kernel
    weights = oracle.drawn(random, *entries, largest=3)
    return Kernel.by(
        lambda *at: weights[at], o=channels, i=channels, u=tall.kernel, v=wide.kernel
    ), (tall, wide)


def random_axis(random: Random, extent: int) -> oracle.Axis:
    """A random axis of the given size with an output."""
    while True:
        k, s, d, p = map(random.randint, (1, 1, 1, 0), (3, 2, 2, 1))
        axis = oracle.Axis(extent, k, s, d, p, p)
        if axis.outputs:
            return axis


def operator(K: Kernel, axes: tuple[oracle.Axis, oracle.Axis]) -> list[list[int]]:
    """The matrix of a layer: a row for every output, a column for every pixel."""
    outputs, inputs, *_ = K.extents
    sizes, named = {"o": outputs, "i": inputs}, dict(zip("uv", axes, strict=True))
    columns = oracle.operator(
        lambda image: oracle.convolve(K.entries, image, "i", "o", "uv", sizes, named),
        *(inputs, *(axis.size for axis in axes)),
    )
    return [list(map(int, row)) for row in zip(*columns, strict=True)]
