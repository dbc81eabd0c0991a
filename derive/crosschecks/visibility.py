"""Visibility: cross-checks by literal loops, grids of cases and questions for z3."""

from derive import oracle
from derive.proof.exact import *
from derive.proof.language import *
from derive.proof.questions import (
    counts_windows,
    positive,
    Queries,
    rounded_down,
    rounded_up,
    smaller,
)
from derive.theorems import visibility as theorem


def checks() -> Proof:
    small: dict[str, Any] = {"H": (1, 4), "k": (1, 3), "s": (1, 3), "d": (1, 2), "before": (0, 3)}
    large: dict[str, Any] = {
        **{"H": range(1, 7), "k": range(1, 5), "s": range(1, 5), "d": range(1, 4)},
        **{"before": range(5), "beyond": range(5)},
    }
    yield "Windows and taps, looked at one by one, agree with the criterion for every tap."
    yield Decides(
        (theorem.on_image, theorem.windows),
        lambda y, u, **axis: (
            y in range(oracle.Axis.named(**axis).outputs)
            and oracle.Axis.named(**axis).on_image(y, u)
        ),
        Grid(
            H=(1, 4),
            k=(3,),
            s=(1, 3),
            d=(1, 2),
            before=(0, 3),
            beyond=(1,),
            y=(-1, 0, 1, 2, 3),
            u=(0, 2),
        ),
        measured=lambda y, u, **axis: theorem.measured(**axis),
    )
    yield Decides(
        (theorem.criterion,),
        lambda u, **axis: theorem.is_seen(oracle.Axis.named(**axis), u),
        Grid(in_kernel, "u < k", **small, beyond=(0, 1), u=(0, 1, 2)),
        Grid(in_kernel, "u < k", **large, u=range(4)),
        measured=lambda u, **axis: theorem.measured(**axis),
    )
    yield Establishes(theorem.on_image, theorem.windows, theorem.criterion)
    yield "They agree with the two inequalities wherever the image is no shorter than the stride."
    yield Decides(
        (theorem.last, theorem.first),
        lambda **axis: theorem.all_seen(oracle.Axis.named(**axis)),
        Grid(long_enough, "H >= s", **small, beyond=(0, 1)),
        Grid(long_enough, "H >= s", **large),
        measured=theorem.measured,
    )
    yield Decides(
        (theorem.both,),
        lambda p, **axis: theorem.all_seen(oracle.Axis.named(**axis, p=p)),
        Grid(long_enough, "H >= s", H=(1, 4), k=(1, 3), s=(1, 3), d=(1, 2), p=(0, 1, 3)),
    )
    yield SameCondition(theorem.both.given({theorem.s: Integer(1)}), theorem.stride_one)
    yield Establishes(theorem.last, theorem.first, theorem.both, theorem.stride_one)
    yield "For every image that is shorter than the stride there are two taps and paddings for which the two inequalities are not enough."
    yield Decides((theorem.long,), theorem.enough, Grid(H=(1, 2, 3), s=(1, 2, 3)))
    yield Establishes(theorem.long)
    yield "The operators of all kernels of two axes span a space whose dimension is the number of taps seen: literal convolutions of every impulse, exact ranks."
    yield Agree(
        lambda **axis: dimension_of_operators(
            oracle.Axis.named(**axis), oracle.Axis(2, 2, before=1)
        ),
        lambda **axis: (
            theorem.seen_taps(oracle.Axis.named(**axis))
            * theorem.seen_taps(oracle.Axis(2, 2, before=1))
        ),
        Grid(H=(1, 3), k=(1, 3), s=(1, 2), d=(2,), before=(0, 2), beyond=(1,)),
        Grid(H=range(1, 5), k=range(1, 4), s=(1, 2, 3), d=(1, 2), before=range(3), beyond=range(3)),
    )


def on_the_image(z3: Any) -> Queries:
    """Window y reads the image with tap u iff y lies between a ceiling and a floor."""
    y, u, H, s, d, before, low, high = z3.Ints("y u H s d before low high")
    place = s * y + d * u - before
    yield Query(
        assume={
            "the stride": s >= 1,
            "low is the ceiling": rounded_up(z3, low, before - d * u, s),
            "high is the floor": rounded_down(z3, high, H - 1 + before - d * u, s),
        },
        claim=((place >= 0) & (place < H)) == ((low <= y) & (y <= high)),
        dropped=["low is the ceiling", "high is the floor"],
    )


def some_window(z3: Any) -> Queries:
    """Between low and high there is one of the windows 0 .. N - 1 iff max(0, low) is one."""
    y, N, low, high = z3.Ints("y N low high")
    first = positive(z3, low)
    last = smaller(z3, high, N - 1)
    window = {"a window": (y >= 0) & (y < N), "between": (low <= y) & (y <= high)}
    yield Query(assume=window, claim=first <= last, dropped=["a window", "between"])
    yield Query(
        assume={"not empty": first <= last},
        claim=(first >= 0) & (first < N) & (low <= first) & (first <= high),
        dropped=["not empty"],
    )


def extreme_taps(z3: Any) -> Queries:
    """A later tap has lower ends: rounding up or down keeps the order of what is rounded."""
    s, less, more, low, high = z3.Ints("s less more low high")
    for rounded in (rounded_up, rounded_down):
        yield Query(
            assume={
                "one quotient": rounded(z3, low, less, s),
                "the other": rounded(z3, high, more, s),
                "in order": less <= more,
            },
            claim=low <= high,
            dropped=["one quotient", "the other", "in order"],
            unsharp=["one quotient", "the other"],  # one half of each is needed
        )


def no_gaps(z3: Any) -> Queries:
    """Among H >= s consecutive places there is a multiple of s: low <= high."""
    H, s, shift, low, high = z3.Ints("H s shift low high")
    wide = "the image is no shorter than the stride"
    yield Query(
        assume={
            "low is the ceiling": rounded_up(z3, low, shift, s),
            "high is the floor": rounded_down(z3, high, H - 1 + shift, s),
            wide: s <= H,
        },
        claim=low <= high,
        dropped=["low is the ceiling", "high is the floor", wide],
        unsharp=["low is the ceiling", "high is the floor"],  # one half of each is needed
    )


def two_inequalities(z3: Any) -> Queries:
    """With low <= high a tap is seen iff high >= 0 and low <= N - 1, which are inequalities."""
    reach, room, s, N, before, low, high = z3.Ints("reach room s N before low high")
    first, last = positive(z3, low), smaller(z3, high, N - 1)
    yield Query(
        assume={"no gaps": low <= high, "a window": N >= 1},
        claim=(first <= last) == ((high >= 0) & (low <= N - 1)),
        dropped=["no gaps", "a window"],
    )
    yield Query(
        assume={"seen": first <= last},
        claim=(high >= 0) & (low <= N - 1) & (N >= 1),
        dropped=["seen"],
    )
    yield Query(
        assume={"high is the floor": rounded_down(z3, high, reach, s)},
        claim=(high >= 0) == (reach >= 0),
        dropped=["high is the floor"],
    )
    yield Query(
        assume={
            "padding": before >= 0,
            "low is the ceiling": rounded_up(z3, low, before, s),
            "N counts the windows": counts_windows(z3, N, room, s),
        },
        claim=((low <= N - 1) == (s * low <= room)) & z3.Implies(low <= N - 1, N >= 1),
        dropped=["padding", "low is the ceiling", "N counts the windows"],
        unsharp=["N counts the windows"],
    )


def equal_padding(z3: Any) -> Queries:
    """With equal padding both inequalities are one; with stride 1 it is the first of them."""
    k, H, s, d, p, up = z3.Ints("k H s d p up")
    room = H + 2 * p - d * (k - 1) - 1
    long, single = d * (k - 1) <= H - 1 + p, d * (k - 1) <= H - 1 + 2 * p - s * up
    rounded = {"up is the ceiling": rounded_up(z3, up, p, s)}
    yield Query(
        assume=rounded,
        claim=(long & (s * up <= room)) == single,
        dropped=["up is the ceiling"],
        unsharp=["up is the ceiling", CLAIM],  # of the two inequalities, one implies the other
    )
    yield Query(
        assume={**rounded, "stride 1": s == 1},
        claim=single == long,
        dropped=["up is the ceiling", "stride 1"],
    )


def in_kernel(k: int, u: int, **rest: int) -> bool:
    return u < k


def long_enough(H: int, s: int, **rest: int) -> bool:
    return s <= H


def dimension_of_operators(tall: oracle.Axis, wide: oracle.Axis) -> int:
    """The rank of K -> conv(K) for one channel: one row for each tap, all outputs of all impulses."""

    def layer(kernel: oracle.Tensor) -> oracle.Rows:
        return oracle.operator(
            lambda image: oracle.filtered(kernel, image, tall, wide), tall.size, wide.size
        )

    taps = oracle.impulses(tall.kernel, wide.kernel)
    return rank([[x for row in layer(tap) for x in row] for tap in taps])
