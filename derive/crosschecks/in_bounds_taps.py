"""In-bounds taps: cross-checks by literal loops, grids of cases and questions for z3."""

from math import gcd

from derive import oracle
from derive.notation.axis import Axis, points_below
from derive.oracle import taps_in_bounds
from derive.proof.established import named
from derive.proof.language import *
from derive.proof.questions import (
    counts_windows,
    positive,
    Queries,
    rounded_down,
    rounded_up,
    smaller,
)
from derive.theorems import in_bounds_taps as theorem


def checks() -> Proof:
    some = Grid(H=(1, 5), k=(1, 4), s=(1, 3), d=(1, 2), before=(0, 1, 3), beyond=(0, 2))
    many = Grid(
        H=range(1, 7), k=range(1, 5), s=range(1, 5), d=range(1, 4), before=range(5), beyond=range(5)
    )
    points = Grid(P=(-1, 0, 1, 5), N=(0, 3), k=(1, 3), s=(1, 2), d=(1, 3))
    yield "Windows and taps, looked at one by one, agree with the formula."
    yield Holds(theorem.total, lambda **axis: {**BODIES, **measured(**axis)}, some, many)
    yield Holds(
        theorem.one_tap,
        lambda u, **case: {
            theorem.t_u: windows_of(oracle.Axis.named(**case), u),
            **measured(**case),
        },
        Grid(
            lambda u, k, **rest: u < k,
            "u < k",
            H=(1, 5),
            k=(1, 4),
            s=(2,),
            d=(1, 3),
            before=(0, 3),
            beyond=(0, 2),
            u=(0, 1, 3),
        ),
    )
    yield Establishes(theorem.total, theorem.one_tap)
    yield "The cap may go exactly where the theorem says."
    yield Decides(
        (theorem.low, theorem.high),
        lambda **axis: at(uncapped(), axis) == taps_in_bounds(oracle.Axis.named(**axis)),
        some,
        many,
        measured,
    )
    yield Decides(
        (theorem.enough,),
        lambda **axis: at(uncapped(), axis) == taps_in_bounds(oracle.Axis.named(**axis)),
        Grid(
            lambda **axis: oracle.Axis.named(**axis).outputs > 0,
            "N >= 1",
            H=(1, 2, 4),
            k=(1, 3, 4),
            s=(1,),
            d=(1, 2),
            p=(0, 1, 2, 3),
        ),
        measured=measured,
    )
    yield Establishes(theorem.low, theorem.high, theorem.enough)
    yield "Pairs below a line, one by one, are as many as the sum says."
    yield Holds(theorem.capped, on_a_line, Grid(P=(-1, 5), N=(1, 3), k=(1, 3), s=(1, 2), d=(1, 3)))
    yield Establishes(theorem.capped)
    yield "Those below a line without the cap, less those below the other, are the pairs with it."
    yield Holds(theorem.removed, on_a_line, points)
    yield Establishes(theorem.removed)
    yield "No pair is below a line exactly where the bound is not positive."
    yield Decides((theorem.none,), lambda P, **sizes: P <= 0, points, measured=on_a_line)
    yield Decides(
        (theorem.nothing,), lambda P, k, s, d, **rest: not pairs_below(P, k, s, d), points
    )
    yield Establishes(theorem.none, theorem.nothing)
    yield "Among all numbers near by, the conditions name those pairs and no others."
    yield Decides(
        (theorem.windows, theorem.taps, theorem.below),
        lambda y, u, P, N, k, s, d: (y, u) in pairs_below(P, k, s, d, N),
        Grid(y=(-1, 0, 1, 2), u=(-1, 0, 1, 2), P=(3, 4), N=(1, 2), k=(2,), s=(1, 2), d=(1, 3)),
    )
    yield Establishes(theorem.windows, theorem.taps, theorem.below)
    yield "The closed form by taps counts the pairs where the stride divides the dilation, and only there."
    yield Decides(
        (theorem.by_taps, theorem.taps_many, theorem.taps_step, theorem.taps_bound),
        lambda s, d, **sizes: d % s == 0,
        Grid(P=(1, 4, 7), k=(1, 3), s=(1, 2, 3), d=(1, 2, 4, 6)),
        measured=lambda P, k, s, d: {
            **on_a_line(k=k, s=s, d=d),
            **{
                theorem.B: -(-P // s),
                theorem.e: max(1, d // s),
                theorem.q: taps_below(P=P, k=k, s=s, d=d),
            },
        },
    )
    yield Establishes(theorem.by_taps, theorem.taps_many, theorem.taps_step, theorem.taps_bound)
    yield "The one by rows does where the dilation divides the stride, and only there."
    yield Decides(
        (
            theorem.by_rows,
            theorem.rows_full,
            theorem.rows_some,
            theorem.rows_step,
            theorem.rows_bound,
        ),
        lambda s, d, **sizes: s % d == 0,
        Grid(P=(1, 4, 7), k=(1, 3), s=(1, 2, 4, 6), d=(1, 2, 3)),
        measured=lambda P, k, s, d: {
            **on_a_line(k=k, s=s, d=d),
            **{theorem.B: -(-P // d), theorem.e: max(1, s // d)},
            theorem.Y: rows_below(1, P=P, k=k, s=s, d=d),
            theorem.full: rows_below(k, P=P, k=k, s=s, d=d),
        },
    )
    yield Establishes(
        theorem.by_rows, theorem.rows_full, theorem.rows_some, theorem.rows_step, theorem.rows_bound
    )
    yield "The floor sum does for any stride and dilation."
    yield from (
        Holds(
            claim,
            lambda **line: {**on_a_line(**line), theorem.q: taps_below(**line)},
            Grid(P=(1, 4, 7), k=(1, 3), s=(1, 2, 3), d=(1, 2, 3)),
        )
        for claim in (theorem.euclid, theorem.euclid_q)
    )
    yield Establishes(theorem.euclid, theorem.euclid_q)
    yield "What both are divided by is the largest number that divides both."
    yield Holds(
        theorem.divisor,
        lambda s, d: {theorem.c: max(x for x in range(1, s + 1) if s % x == d % x == 0)},
        Grid(s=range(1, 7), d=range(1, 7)),
    )
    yield Establishes(theorem.divisor)
    yield "The number of pairs that this book works with, a floor sum by Euclid's algorithm, agrees."
    yield Agree(
        lambda **axis: taps_in_bounds(oracle.Axis.named(**axis)),
        lambda **axis: Axis(*axis.values()).pairs,
        Grid(H=(1, 4), k=(1, 3), s=(1, 3), d=(1, 2), before=(0, 3), beyond=(1,)),
        Grid(
            H=range(1, 9),
            k=range(1, 7),
            s=range(1, 5),
            d=(1, 2, 3),
            before=range(6),
            beyond=(0, 1, 4),
        ),
    )
    yield "So do lattice points under a line, one by one, for bounds of either sign."
    yield Agree(
        lambda P, N, k, s, d: sum(s * y + d * u < P for y in range(N) for u in range(k)),
        lambda P, N, k, s, d: points_below(P, N, k, s, d),
        Grid(P=(-3, 0, 5, 12), N=(0, 3), k=(1, 4), s=(1, 2, 5), d=(1, 3)),
        Grid(P=range(-5, 40), N=range(6), k=range(1, 7), s=range(1, 7), d=range(1, 7)),
    )
    yield "So does the polynomial in steps of the product of stride and dilation, as far as there are taps."
    yield Decides(
        (theorem.quadratic,),
        lambda **sizes: theorem.reach.holds(named(theorem.reach, sizes)),
        Grid(
            lambda s, d, **rest: gcd(s, d) == 1,
            "s and d coprime",
            rho=(0, 1, 5),
            t=(1, 3),
            k=(3, 6),
            s=(1, 2, 3),
            d=(1, 2, 5),
        ),
        measured=on_a_line,
    )
    yield Establishes(theorem.quadratic, theorem.reach)
    alike = theorem.everyday.claims[2]
    yield "Every row of the table is right where it says, and the conditions that are inequalities are needed."
    yield from rows_of_the_table()
    yield Decides(
        (theorem.room_of_same,),
        lambda **axis: measured(**axis)[theorem.T] == at(alike[1][0], axis),
        Grid(
            lambda k, d, p, H: 2 * p == d * (k - 1),
            '"same" padding',
            H=(1, 2, 3),
            k=(1, 2, 3, 4, 5),
            d=(1, 2),
            p=(0, 1, 2, 3, 4),
        ),
    )
    yield Establishes(theorem.everyday, theorem.room_of_same)
    other = oracle.Axis(2, 2, before=1)
    yield "Convolutions of two axes, run with six loops, take as many products with pixels."
    yield Agree(
        lambda **axis: products(oracle.Axis.named(**axis), other),
        lambda **axis: taps_in_bounds(oracle.Axis.named(**axis)) * taps_in_bounds(other),
        Grid(H=(1, 3), k=(1, 3), s=(2,), d=(1, 2), before=(0, 2), beyond=(1,)),
        Grid(H=range(1, 6), k=(1, 2, 3), s=(1, 2, 3), d=(1, 2), before=range(4), beyond=range(4)),
    )


def missed(z3: Any, quotient: Any, N: Any) -> Any:
    """min(N, quotient+)."""
    return smaller(z3, N, positive(z3, quotient))


def misses_are_first(z3: Any) -> Queries:
    """Of N windows those with s y < P are the first min(N, ceil(P / s)+)."""
    y, s, P, N, c = z3.Ints("y s P N c")
    yield Query(
        assume={"a window": (y >= 0) & (y < N), "c is the ceiling": rounded_up(z3, c, P, s)},
        claim=(s * y < P) == (y < missed(z3, c, N)),
        dropped=["a window", "c is the ceiling"],
    )


def one_tap(z3: Any) -> Queries:
    """The windows that lay a tap on the image are those between the misses at either end.

    The tap lies ``ahead`` pixels after the first tap, d u, and ``behind`` before the last.
    """
    y, s, H, N, r, ahead, behind = z3.Ints("y s H N r ahead behind")
    p_before, p_after, low, high = z3.Ints("p_before p_after low high")
    room = H + p_before + p_after - (ahead + behind) - 1
    place = s * y + ahead - p_before
    first, last = missed(z3, low, N), missed(z3, high, N)
    layer = {
        "an image": H >= 1,
        "the slack": s * (N - 1) == room - r,
        "low is the ceiling": rounded_up(z3, low, p_before - ahead, s),
        "high is the ceiling": rounded_up(z3, high, p_after - r - behind, s),
    }
    yield Query(
        assume={**layer, "a window": (y >= 0) & (y < N)},
        claim=((place >= 0) & (place < H)) == ((first <= y) & (y < N - last)),
        dropped=["the slack", "high is the ceiling"],
    )
    yield Query(
        assume={**layer, "a window": N >= 1},
        claim=first + last <= N,
        dropped=["an image", "the slack"],
        unsharp=["an image"],
    )


def without_cap(z3: Any) -> Queries:
    """min(N, c+) = c+ - (c - N)+, where c - N is what (P - s N) / s rounds up to."""
    s, P, N, c, later = z3.Ints("s P N c later")
    yield Query(
        assume={
            "windows": N >= 0,
            "c is the ceiling": rounded_up(z3, c, P, s),
            "the other ceiling": rounded_up(z3, later, P - s * N, s),
        },
        claim=missed(z3, c, N) == positive(z3, c) - positive(z3, later),
        dropped=["windows", "c is the ceiling", "the other ceiling"],
    )


def nothing_missed(z3: Any) -> Queries:
    """A ceiling is positive iff what is rounded is, and that shrinks from tap to tap."""
    s, d, u, P, c = z3.Ints("s d u P c")
    rounded = {"c is the ceiling": rounded_up(z3, c, P, s)}
    yield Query(assume=rounded, claim=(c > 0) == (P > 0), dropped=["c is the ceiling"])
    yield Query(
        assume={"a tap": u >= 0, "dilation": d >= 0, "none before": P <= 0},
        claim=P - d * u <= 0,
        dropped=["a tap", "dilation", "none before"],
    )


def room_enough(z3: Any) -> Queries:
    """With equal padding p <= s N if H + p >= d(k - 1); for stride 1 only then."""
    H, k, s, d, p, N, r = z3.Ints("H k s d p N r")
    room = H + 2 * p - d * (k - 1) - 1
    layer = {
        "N counts the windows": counts_windows(z3, N, room, s),
        "padding": p >= 0,
        "slack": r >= 0,
    }
    yield Query(
        assume={**layer, "room": H + p >= d * (k - 1)},
        claim=(p <= s * N) & (p - r <= s * N),
        dropped=["N counts the windows", "slack", "room"],
        unsharp=["N counts the windows"],
    )
    yield Query(
        assume={**layer, "a window": N >= 1, "stride 1": s == 1, "no cap": p <= s * N},
        claim=H + p >= d * (k - 1),
        dropped=["a window", "stride 1", "no cap"],
    )


def nested(z3: Any) -> Queries:
    """floor(floor(x / a) / b) = floor(x / (a b))."""
    x, a, b, inner, outer = z3.Ints("x a b inner outer")
    yield Query(
        assume={
            "the inner quotient": rounded_down(z3, inner, x, a),
            "the outer quotient": rounded_down(z3, outer, inner, b),
        },
        claim=rounded_down(z3, outer, x, a * b),
        dropped=["the inner quotient", "the outer quotient"],
    )


def last_tap(z3: Any) -> Queries:
    """The term of tap u is positive iff u < ceil(P / d)."""
    s, d, u, P, c, q = z3.Ints("s d u P c q")
    yield Query(
        assume={
            "the term": rounded_up(z3, c, P - d * u, s),
            "q is the ceiling": rounded_up(z3, q, P, d),
        },
        claim=(c > 0) == (u < q),
        dropped=["the term", "q is the ceiling"],
    )


def up_by_down(z3: Any) -> Queries:
    """ceil(x / s) = floor((x + s - 1) / s)."""
    x, s, c = z3.Ints("x s c")
    yield Query(
        assume={"c is the ceiling": rounded_up(z3, c, x, s)},
        claim=rounded_down(z3, c, x + s - 1, s),
        dropped=["c is the ceiling"],
    )


def rows_that_miss(z3: Any) -> Queries:
    """Of the k taps, row y of P - s y > 0 misses all up to a row, then P - s y of them."""
    y, s, k, P, Y, full = z3.Ints("y s k P Y full")
    rows = {
        "Y is the ceiling": rounded_up(z3, Y, P, s),
        "full is past the floor": rounded_down(z3, full - 1, P - k, s),
    }
    yield Query(
        assume=rows,
        claim=((y < Y) == (P - s * y > 0)) & ((y < full) == (P - s * y >= k)),
        dropped=["Y is the ceiling", "full is past the floor"],
    )


class Points(Function):  # type: ignore[misc]
    """The pairs y ≥ 0, 0 <= u < k with s y + d u < P, one by one; with y < N if N is given."""

    @classmethod
    def eval(cls, *sizes: Expr) -> Integer | None:
        """A number for numbers."""
        if all(size.is_Integer for size in sizes):
            return Integer(len(pairs_below(*map(int, sizes))))
        return None


BODIES: Mapping[Any, Any] = {
    theorem.phi_capped: lambda bound: Points(bound, theorem.k, theorem.s, theorem.d, theorem.N),
    theorem.phi: lambda bound: Points(bound, theorem.k, theorem.s, theorem.d),
}


def pairs_below(P: int, k: int, s: int, d: int, N: int | None = None) -> set[tuple[int, int]]:
    """The pairs of a row and a tap below a line."""
    rows = range(max(0, P) if N is None else N)
    return {(y, u) for y in rows for u in range(k) if s * y + d * u < P}


def taps_below(**line: int) -> int:
    """How many taps lie below a line in the first row."""
    return sum(y == 0 for y, _ in pairs_below(**line))


def uncapped() -> Claim:
    """The number of in-bounds taps, worked out without the cap."""
    return theorem.total.given({theorem.phi_capped: theorem.phi})


def measured(**case: int) -> Mapping[Any, Any]:
    """What loops say of an axis."""
    return {theorem.p: Integer(case.get("p", 0)), **looked_at(oracle.Axis.named(**case))}


@cache
def looked_at(axis: oracle.Axis) -> Mapping[Any, Any]:
    """The sizes of an axis, its windows, in-bounds taps and slack, and q and Q of the table."""
    room_of = axis.size + axis.before + axis.after - axis.dilation * (axis.kernel - 1) - 1
    line = {"P": axis.before, "k": axis.kernel, "s": axis.stride, "d": axis.dilation}
    numbers = {
        theorem.H: axis.size,
        theorem.k: axis.kernel,
        theorem.s: axis.stride,
        theorem.d: axis.dilation,
        theorem.before: axis.before,
        theorem.after: axis.after,
        theorem.N: axis.outputs,
        theorem.r: room_of % axis.stride,
        theorem.T: taps_in_bounds(axis),
        theorem.q: taps_below(**line),
        theorem.Q: len(range(axis.dilation, axis.size, axis.dilation)),
    }
    return {symbol: Integer(number) for symbol, number in numbers.items()}


def at(claim: Claim, axis: Mapping[str, int]) -> int:
    """What a formula says of an axis."""
    return int(value(claim.expr, {**BODIES, **measured(**axis)}))


def products(tall: oracle.Axis, wide: oracle.Axis) -> int:
    """Products with pixels in a convolution of one channel, by literal loops."""
    kernel, image = oracle.ones(tall.kernel, wide.kernel), oracle.ones(tall.size, wide.size)
    return oracle.filtered(kernel, image, tall, wide).in_bounds


def on_a_line(**sizes: int) -> Mapping[Any, Any]:
    """What the formulas ask of a line: its numbers, and how to count."""
    known = {x.name: x for x in (theorem.P, theorem.N, theorem.k, theorem.s, theorem.d)}
    return {**BODIES, **{known[x]: Integer(n) for x, n in sizes.items() if x in known}}


def rows_below(least: int, **line: int) -> int:
    """How many rows have a given number of taps below a line."""
    rows = [y for y, _ in pairs_below(**line)]
    return sum(rows.count(y) >= least for y in set(rows))


def rows_of_the_table() -> Iterator[Decides]:
    """For each row: its formula counts the taps exactly where its inequalities hold."""
    unpadded, strideless, alike, small, three, halved, seven = theorem.everyday.claims
    yield exactly(
        *(unpadded[1], unpadded[0], [], lambda **axis: oracle.Axis.named(**axis).outputs > 0),
        H=(1, 4),
        k=(1, 3),
        s=(1, 3),
        before=(0, 1),
        beyond=(0, 1, 2),
    )
    yield exactly(
        strideless[1], strideless[0], [], H=(1, 2, 5), k=(1, 3, 4), d=(1, 2), p=(0, 1, 2, 4)
    )
    square: dict[str, Any] = {"H": (1, 2, 3, 5), "d": (1, 2, 3), "p": (0, 1, 2, 3, 4)}
    yield exactly(alike[1], alike[0][1:], alike[0][:1], **square, k=(1, 2, 3, 4, 5))
    yield exactly(
        small[1],
        small[0],
        alike[0][:1],
        lambda H, d, p, **rest: not p < H <= p + d,
        **square,
        k=(3, 5),
    )
    for form, condition in (three[1][:2], three[1][2:]):
        yield exactly([form], [condition], three[0], **square, k=(1, 3, 4))
    near: dict[str, Any] = {"H": (1, 2, 5, 6), "k": (1, 3, 4), "d": (1, 2), "p": (0, 1, 2)}
    far: dict[str, Any] = {"H": (1, 2, 3, 4, 6), "k": (6, 7, 8), "d": (1, 2), "p": (2, 3, 4)}
    for odd in (0, 1):
        yield exactly([halved[1][odd]], [parity(odd)], halved[0], **near, s=(2,))
        yield exactly([seven[1][odd]], seven[0][3:], [*seven[0][:3], parity(odd)], **far, s=(2,))


def exactly(
    formulas: Sequence[Claim],
    conditions: Sequence[Claim],
    given: Sequence[Claim],
    where: Callable[..., bool] = lambda **case: True,
    **ranges: Sequence[int],
) -> Decides:
    """Evidence that formulas hold exactly under conditions, where others are given."""

    def met(claims: Sequence[Claim], case: Mapping[str, int]) -> bool:
        return all(one.holds(measured(**case)) for one in claims)

    return Decides(
        tuple(formulas),
        lambda **case: met(conditions, case),
        Grid(
            lambda **case: where(**case) and met(given, case),
            " and ".join(map(str, given)),
            **ranges,
        ),
        measured=measured,
    )


def parity(odd: int) -> Claim:
    """Whether the height is even or odd."""
    return Claim(Mod(theorem.H, 2), "=", odd)


def windows_of(axis: oracle.Axis, tap: int) -> int:
    """The windows that lay a tap on the image, one by one."""
    return sum(axis.on_image(window, tap) for window in range(axis.outputs))
