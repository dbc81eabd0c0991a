"""Composition: cross-checks by literal loops, grids of cases and questions for z3."""

from functools import partial, reduce

from derive import oracle
from derive.algebra.jacobian import derivative_rank, stacked_products
from derive.oracle import PADDINGS
from derive.proof.language import *
from derive.proof.questions import Queries, smaller
from derive.theorems import composition as theorem

WEIGHTS = ([2, 3, 5], [7, 11, 13])  # of the first layer and of the second, to start from
MIRRORED = ("symmetric", "reflect")
OTHER = (*MIRRORED, "circular", "replicate")
counted = Quantity("counted", r"\text{counted}")


def checks() -> Proof:
    one, two = (1,), (1, 2)
    still = {"s_1": one, "s_2": one, "d_1": one, "d_2": one}
    yield "The polynomial of three weights, by Horner's rule."
    yield Holds(
        theorem.polynomial,
        lambda z: {theorem.A_of: horner(WEIGHTS[0]), **named_weights()},
        Grid(z=(2, 10)),
    )
    yield Establishes(theorem.polynomial)
    yield "One pixel in the first window, moved on place by place: what two unpadded layers make of it are the coefficients of the product of the polynomials."
    yield Holds(
        theorem.kernel,
        coefficients,
        Grid(k_1=(2, 3), k_2=(2,), s_1=two, s_2=one, d_1=two, d_2=(1, 3)),
    )
    yield Establishes(theorem.kernel)
    yield "The place that a window's tap of the second layer reads."
    yield Holds(
        theorem.place,
        lambda y, v, s_2, d_2, p_2: {t: oracle.Axis(9, 3, s_2, d_2, p_2).at(y, v)},
        Grid(y=(0, 2), v=two, s_2=two, d_2=two, p_2=(0, 1)),
    )
    yield Establishes(theorem.place)
    yield "Literal loops: two unpadded layers are the one whose kernel is the product of the polynomials, at every stride and dilation."
    yield Agree(
        lambda H, **at: slid(range(3, 3 + H), "zero", **at)[0],
        lambda H, **at: slid(range(3, 3 + H), "zero", **at)[1],
        Grid(H=(12,), k_1=(3,), k_2=(2,), s_1=two, s_2=two, d_1=two, d_2=(3,)),
        Grid(
            H=range(8, 16),
            k_1=(1, 2, 3),
            k_2=(1, 2, 3),
            s_1=(1, 2, 3),
            s_2=two,
            d_1=two,
            d_2=(1, 3),
        ),
    )
    yield "Floor by floor the two layers have as many outputs as the one."
    yield Agree(
        lambda **at: outputs(**at)[1],
        lambda **at: outputs(**at)[2],
        padded(H=(1, 5), k_1=(3,), k_2=(2,), s_1=(2,), s_2=(3,), d_1=one, d_2=two),
        padded(H=range(1, 8), k_1=two, k_2=(1, 4), s_1=(1, 2, 3), s_2=(1, 3), d_1=two, d_2=two),
    )
    yield "Zero padding, product by product: with weights and pixels that are different powers of 2, loops agree exactly when no window outside the middle image sees a pixel."
    yield Agree(
        lambda **at: same_function("zero", **at),
        nothing_seen,
        padded(H=(3,), k_1=(2,), k_2=(2,), s_1=two, s_2=one, d_1=one, d_2=(2,)),
        padded(H=(1, 3, 4), k_1=(1, 2, 3), k_2=two, s_1=two, s_2=two, d_1=two, d_2=two),
    )
    yield "If strides and dilations are 1, they agree exactly when on each side the second layer is unpadded or the first is full."
    yield Agree(
        lambda **at: same_function("zero", **at),
        unpadded_or_full,
        padded(H=(2,), k_1=(1, 2, 3), k_2=(3, 4), **still),
        padded(H=range(1, 6), k_1=(1, 2, 3), k_2=(1, 2, 3), **still),
    )
    yield Establishes(theorem.bare, theorem.wide, theorem.outputs_of_both)
    yield "A second prover confirms that this is enough,"
    yield Confirmed(enough)
    yield "and that it is necessary."
    yield Confirmed(necessary)
    yield 'With other paddings, stride 1 and "same" padding in the first layer, they agree exactly for circular padding, and for mirrored padding of palindromes.'
    yield Agree(
        same_padding,
        lambda mode, palindrome, **at: mode == "circular" or (palindrome and mode in MIRRORED),
        Grid(mode=OTHER, palindrome=(False, True), H=(3,), k_2=(2,), d_1=one, s_2=one, p_2=one),
        Grid(
            mode=OTHER, palindrome=(False, True), H=(4, 5, 6), k_2=(2, 3), d_1=two, s_2=two, p_2=two
        ),
    )
    few = Grid(a=(1, 3), b=(2,), c=(1, 3), d=two)
    many = Grid(a=(1, 2, 3, 4), b=(1, 2, 3), c=(1, 2, 3), d=(1, 2, 3))
    yield "The rank of the derivative of a composition at a random point is the stated dimension."
    yield Holds(
        Claim(counted, "=", theorem.freedom.expr),
        lambda **at: {counted: derivative_rank(stacked_products(**at))},
        few,
        many,
    )
    yield Holds(
        Claim(counted, "=", theorem.entries.expr),
        lambda **at: {counted: len({entry for entry, _ in stacked_products(**at)})},
        few,
        many,
    )
    yield Establishes(theorem.freedom, theorem.entries)


def enough(z3: Any) -> Queries:
    """A window of the second layer outside the middle image sees no pixel through the first."""
    H, k1, k2, y, u, v = z3.Ints("H k1 k2 y u v")
    before1, after1, before2, after2 = z3.Ints("before1 after1 before2 after2")
    middle = H + before1 + after1 - k1 + 1
    windows = middle + before2 + after2 - k2 + 1
    place = y + v - before2
    pixel = place + u - before1
    yield Query(
        assume={
            "the paddings are not negative": at_least(z3, 0, before1, after1, before2, after2),
            "it is a window and a tap": z3.And(y >= 0, y < windows, v >= 0, v < k2),
            "it is a tap of the first": z3.And(u >= 0, u < k1),
            "unpadded or full before": z3.Or(before2 == 0, before1 >= k1 - 1),
            "unpadded or full after": z3.Or(after2 == 0, after1 >= k1 - 1),
        },
        claim=z3.Or(z3.And(place >= 0, place < middle), pixel < 0, pixel >= H),
        dropped=["unpadded or full before", "unpadded or full after", "it is a window and a tap"],
    )


def necessary(z3: Any) -> Queries:
    """Without the condition a window just outside the middle image sees an end of the image."""
    H, k1, k2 = z3.Ints("H k1 k2")
    before1, after1, before2, after2 = z3.Ints("before1 after1 before2 after2")
    middle = H + before1 + after1 - k1 + 1
    windows = middle + before2 + after2 - k2 + 1
    sizes = {
        "the sizes are positive": at_least(z3, 1, H, k1, k2),
        "the paddings are not negative": at_least(z3, 0, before1, after1, before2, after2),
        "both layers have an output": z3.And(middle >= 1, windows >= 1),
    }
    for side, padded, margin, place, pixel in (
        ("before", before2, before1, z3.IntVal(-1), z3.IntVal(0)),
        ("after", after2, after1, middle, H - 1),
    ):
        reach = place + before2
        v = smaller(z3, reach, k2 - 1)
        y, u = reach - v, pixel + before1 - place
        yield Query(
            assume={
                **sizes,
                f"the second is padded {side}": padded >= 1,
                f"the first is not full {side}": margin < k1 - 1,
            },
            claim=z3.And(y >= 0, y < windows, v >= 0, v < k2, u >= 0, u < k1),
            dropped=[
                "both layers have an output",
                f"the second is padded {side}",
                f"the first is not full {side}",
            ],
            unsharp=["both layers have an output", CLAIM],  # the window is one of several
        )


def at_least(z3: Any, least: int, *numbers: Any) -> Any:
    return z3.And(*(number >= least for number in numbers))


def axes(
    H: int,
    k_1: int,
    k_2: int,
    s_1: int = 1,
    s_2: int = 1,
    d_1: int = 1,
    d_2: int = 1,
    before_1: int = 0,
    after_1: int = 0,
    before_2: int = 0,
    after_2: int = 0,
) -> tuple[oracle.Axis, oracle.Axis, oracle.Axis]:
    """The first, the second and the one layer, in numbers."""
    first = oracle.Axis(H, k_1, s_1, d_1, before_1, after_1)
    return (
        first,
        oracle.Axis(first.outputs, k_2, s_2, d_2, before_2, after_2),
        oracle.Axis(
            H,
            d_1 * (k_1 - 1) + s_1 * d_2 * (k_2 - 1) + 1,
            s_1 * s_2,
            1,
            before_1 + s_1 * before_2,
            after_1 + s_1 * after_2,
        ),
    )


def outputs(**at: int) -> tuple[int, ...]:
    """Outputs of the first, the second and the one layer."""
    return tuple(axis.outputs for axis in axes(**at))


def slid(
    pixels: Sequence[int],
    mode: str,
    A: Sequence[int] | None = None,
    B: Sequence[int] | None = None,
    **at: int,
) -> tuple[tuple[oracle.Number, ...], tuple[oracle.Number, ...]]:
    """What two layers and the one make of an image, by loops; kernels of primes if none are given."""
    first, last, one = axes(H=len(pixels), **at)
    A, B = A or WEIGHTS[0][: first.kernel], B or WEIGHTS[1][: last.kernel]
    K = [0] * one.kernel
    for (tap, a), (later, b) in product(enumerate(A), enumerate(B)):
        K[first.dilation * tap + first.stride * last.dilation * later] += a * b
    filtered = partial(oracle.filtered, padding=PADDINGS[mode])
    middle = filtered(A, pixels, first).values
    return filtered(B, middle, last).values, filtered(K, pixels, one).values


def horner(weights: Sequence[oracle.Number]) -> Callable[[Expr], Expr]:
    """The body of a polynomial with these coefficients, the constant one first."""
    return lambda at: reduce(lambda found, weight: found * at + weight, reversed(weights), 0 * at)


def named_weights() -> dict[Any, int]:
    """The weights of a first layer of three taps, by their names."""
    return {
        theorem.k_1: len(WEIGHTS[0]),
        **{theorem.A[u]: weight for u, weight in enumerate(WEIGHTS[0])},
    }


def coefficients(**at: Any) -> Mapping[Any, Any]:
    """Two polynomials, and the kernel of the layers in a row: what each pixel alone comes to."""
    _, _, one = axes(H=16, **at)
    pixels = ([int(a == place) for a in range(16)] for place in range(one.kernel + 1))
    found = [slid(image, "zero", **at)[0][0] for image in pixels]
    lengths = at["k_1"], at["k_2"]
    first, last = (horner(x[:taps]) for x, taps in zip(WEIGHTS, lengths, strict=True))
    return {theorem.A_of: first, theorem.B_of: last, theorem.K_of: horner(found), theorem.z: 1000}


def padded(**ranges: Sequence[int]) -> Grid:
    """A grid of pairs of layers with paddings of their own on every side."""
    return Grid(
        lambda **at: theorem.outputs_of_both.holds(
            dict(zip((theorem.N_1, theorem.N_2), outputs(**at), strict=False))
        ),
        "N_1, N_2 ≥ 1",
        **ranges,
        before_1=(0, 2),
        after_1=(0, 1),
        before_2=(0, 1),
        after_2=(0, 2),
    )


def same_function(mode: str, *, palindrome: bool = False, **at: int) -> bool:
    """Whether two layers are the one for all weights and pixels: these are powers of 2 such that
    every product has binary digits of its own, 8 of them, to count how often it occurs."""
    H, k_1, k_2 = at.pop("H"), at["k_1"], at["k_2"]
    A = [1 << 8 * (min(u, k_1 - 1 - u) if palindrome else u) for u in range(k_1)]
    B = [1 << 8 * k_1 * v for v in range(k_2)]
    two, one = slid([1 << 8 * k_1 * k_2 * a for a in range(H)], mode, A, B, **at)
    return two == one


def nothing_seen(**at: int) -> bool:
    """Whether no place outside the middle image, read by the second layer, sees a pixel."""
    first, last, _ = axes(**at)
    places = {last.at(y, v) for y, v in product(range(last.outputs), range(last.kernel))} - set(
        range(last.size)
    )
    return not any(first.on_image(t, u) for t, u in product(places, range(first.kernel)))


def unpadded_or_full(**at: int) -> bool:
    """Whether on each side the second layer is unpadded or the first is full."""
    first, last, _ = axes(**at)
    sizes = {theorem.d_1: first.dilation, theorem.k_1: first.kernel}
    sides = ((first.before, last.before), (first.after, last.after))
    return all(
        theorem.bare.holds({theorem.p_2: second})
        or theorem.wide.holds(sizes | {theorem.p_1: reach})
        for reach, second in sides
    )


def same_padding(
    mode: str, palindrome: bool, H: int, k_2: int, d_1: int, s_2: int, p_2: int
) -> bool:
    """Whether two layers are one function, the first of three taps with "same" padding of any kind."""
    margins = {"before_1": d_1, "after_1": d_1, "before_2": p_2, "after_2": p_2}
    sizes = {"H": H, "k_1": 3, "k_2": k_2, "d_1": d_1, "s_2": s_2}
    return same_function(mode, palindrome=palindrome, **sizes, **margins)
