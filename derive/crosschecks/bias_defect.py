"""Bias defect: cross-checks by literal loops, grids of cases and questions for z3."""

from derive import oracle
from derive.algebra.matrix import product as matrix_product
from derive.proof.exact import *
from derive.proof.language import *
from derive.proof.questions import positive, Queries, rounded_up, smaller
from derive.theorems import bias_defect as theorem

Missed = tuple[tuple[int, ...], ...]  # for every window the taps that fall on padding


def checks() -> Proof:
    some = Grid(
        lambda x, **axis: x < oracle.Axis.named(**axis).outputs,
        "x < W_out",
        W=(1, 4),
        k=(1, 3),
        s=(1, 2),
        d=(1, 2),
        before=(0, 3),
        beyond=(0, 3),
        x=(0, 1),
    )
    many_axes: dict[str, Any] = {
        "W": range(1, 6),
        "k": range(1, 5),
        "s": range(1, 4),
        "d": range(1, 4),
    }
    ends_of: dict[str, Any] = {"before": range(4), "beyond": range(4)}
    yield "Window by window, the taps on padding are the first and the last ones named, each once."
    yield from (
        Holds(claim, lambda x, **axis: at_a_window(oracle.Axis.named(**axis), x), some)
        for claim in (theorem.first, theorem.last, theorem.defect)
    )
    yield Establishes(theorem.first, theorem.last, theorem.defect)
    windows = Grid(W=(1, 4), k=(1, 3), s=(1, 2), d=(1, 2), before=(0, 1, 3), beyond=(0, 1, 3))
    yield "As many columns have taps on padding, and there are none exactly where no padding is reached."
    yield Holds(
        Claim(Symbol("columns"), "=", theorem.columns.expr),
        lambda **axis: {
            Symbol("columns"): sum(map(bool, missed(oracle.Axis.named(**axis)))),
            **of_the_axis(oracle.Axis.named(**axis)),
        },
        windows,
        Grid(**many_axes, **ends_of),
    )
    yield Decides(
        (theorem.none_before, theorem.none_after),
        lambda **axis: not any(missed(oracle.Axis.named(**axis))),
        Grid(lambda **axis: oracle.Axis.named(**axis).outputs > 0, "W_out >= 1", **windows.ranges),
        measured=lambda **axis: of_the_axis(oracle.Axis.named(**axis)),
    )
    yield Establishes(theorem.columns, theorem.none_before, theorem.none_after)
    outputs = [
        CaseList(f"the outputs of {number} random small layers", partial(outputs_of, number))
        for number in (8, 100)
    ]
    yield "Literal loops: a pair with a bias in the middle is the convolution with the constant less the defect."
    yield Holds(theorem.output, lambda seed, at: biased(seed)[at], *outputs)
    yield Holds(
        theorem.theta,
        lambda seed, at: {
            **biased(seed)[at],
            v: 1,
            theorem.Theta[o, v]: biased(seed)[at][theorem.Theta[0, 1]],
        },
        CaseList(
            "an output of each of them that has two taps",
            lambda: (
                {"seed": seed, "at": at}
                for seed, at in (case.values() for case in outputs_of(8))
                if at == 0 and biased(seed)[at][k_w] > 1
            ),
        ),
    )
    yield Establishes(theorem.output, theorem.theta)
    yield "Stride and dilation 1: the sums of the defect have as many independent ones among them as there are taps among the first and last min(p, k), and name no other tap."
    yield Agree(
        independent,
        lambda W, k, p: (border := len(ends(k, p)), border),
        Grid(
            lambda W, k, p: W + 2 * p - k + 1 >= 2 * p,
            "W_out >= 2p",
            W=range(1, 7),
            k=range(1, 6),
            p=(1, 2),
        ),
        Grid(
            lambda W, k, p: W + 2 * p - k + 1 >= 2 * p,
            "W_out >= 2p",
            W=range(1, 13),
            k=range(1, 10),
            p=range(1, 6),
        ),
    )
    yield Holds(
        Claim(Symbol("taps"), "=", theorem.many.expr),
        lambda k, p: {
            Symbol("taps"): len(set().union(*before_the_image(oracle.Axis(k, k, 1, 1, p, p)))),
            k_w: k,
        },
        Grid(k=range(1, 5), p=range(1, 4)),
    )
    yield Decides((theorem.wide,), one_by_one, Grid(W_out=range(1, 6), p=(1, 2)))
    yield Establishes(theorem.many, theorem.wide)
    yield "Of five paddings the bias folds behind the four that copy pixels, and behind zeros only if there are none."
    yield Agree(
        folds,
        lambda mode, W, before, after: mode != "zero" or before == after == 0,
        Grid(mode=tuple(oracle.PADDINGS), W=(1, 3), before=(0, 2), after=(0, 1)),
        Grid(mode=tuple(oracle.PADDINGS), W=range(1, 7), before=range(5), after=range(5)),
    )
    yield "If a product of two factors has their inner size as its rank, scaled in between it has as rank the number of scales that are not zero."
    yield Agree(
        lambda B, A, scale: rank(scaled(B, A, scale)),
        lambda B, A, scale: sum(a != 0 for a in scale),
        CaseList("2 × 2 factors over {0, 1} of rank 2, scales 0, 1, -2", lambda: full_rank((0, 1))),
        CaseList(
            "2 × 2 factors over {-1, 0, 1} of rank 2, scales 0, 1, -2",
            lambda: full_rank((-1, 0, 1)),
        ),
    )


def three_cases(z3: Any) -> Queries:
    """A place lies before the image, on it or after it, and exactly one of the three holds."""
    place, W = z3.Ints("place W")
    before, after = place < 0, place >= W
    on = z3.And(place >= 0, place < W)
    count = z3.Sum([z3.If(case, 1, 0) for case in (before, on, after)])
    yield Query(assume={"no negative size": W >= 0}, claim=count == 1, dropped=["no negative size"])


def prefix(z3: Any) -> Queries:
    """d v < P for just the first min(k, max(0, ceiling of P / d)) taps v."""
    v, k, d, P, q = z3.Ints("v k d P q")
    cut = z3.If(q < 0, 0, z3.If(q > k, k, q))
    yield Query(
        assume={
            "the dilation is positive": d >= 1,
            "q is the ceiling of P / d": rounded_up(z3, q, P, d),
            "v is a tap": z3.And(v >= 0, v < k),
        },
        claim=(d * v < P) == (v < cut),
        dropped=["q is the ceiling of P / d", "v is a tap"],
    )


def untouched_windows(z3: Any) -> Queries:
    """No tap is missed, neither before nor after, for just the windows from alpha to N - beta."""
    x, N, s, P, R, alpha, beta = z3.Ints("x N s P R alpha beta")
    missed = z3.Or(s * x < P, s * (N - 1 - x) < R)
    yield Query(
        assume={
            "the stride is positive": s >= 1,
            "alpha is the ceiling of P / s": rounded_up(z3, alpha, P, s),
            "beta is the ceiling of R / s": rounded_up(z3, beta, R, s),
            "x is a window": z3.And(x >= 0, x < N),
        },
        claim=z3.Not(missed) == z3.And(alpha <= x, x < N - positive(z3, beta)),
        dropped=["alpha is the ceiling of P / s", "beta is the ceiling of R / s", "x is a window"],
        unsharp=["x is a window"],
    )


def every_length(z3: Any) -> Queries:
    """Stride 1, dilation 1: window p - q misses the first q taps and no other, and its mirror."""
    q, p, k, N = z3.Ints("q p k N")
    assume = {
        "there is padding": p >= 1,
        "two paddings of windows": 2 * p <= N,
        "q is a length": z3.And(q >= 1, q <= p, q <= k),
    }
    for x, lengths in ((p - q, (q, 0)), (N - 1 - (p - q), (0, q))):
        missed = (z3.If(m < 0, 0, z3.If(m > k, k, m)) for m in (p - x, p - (N - 1 - x)))
        equal = (one == other for one, other in zip(missed, lengths, strict=True))
        yield Query(
            assume=assume,
            claim=z3.And(x >= 0, x < N, *equal),
            dropped=["two paddings of windows", "q is a length"],
            unsharp=[CLAIM],  # the windows of one side end before those of the other begin
        )


def copied_pixels(z3: Any) -> Queries:
    """Circular, replicate, symmetric and reflect padding read a pixel of the image at any place."""
    place, turns, rest, W = z3.Ints("place turns rest W")

    def modulo(period: Any) -> Any:
        return z3.And(place == turns * period + rest, rest >= 0, rest < period)

    def query(read: Any, remainder: Any, least: int = 1) -> Query:
        """The place read lies on the image; without the remainder it need not."""
        assume = {"the image is large enough": least <= W, "rest is the remainder": remainder}
        unsharp = ["rest is the remainder"] if least > 1 else []  # a place further is a pixel too
        return Query(assume, z3.And(read >= 0, read < W), ["rest is the remainder"], unsharp)

    yield query(rest, modulo(W))
    yield query(smaller(z3, rest, 2 * W - 1 - rest), modulo(2 * W))
    yield query(smaller(z3, rest, 2 * W - 2 - rest), modulo(2 * W - 2), least=2)
    nearest = z3.If(place < 0, 0, z3.If(place > W - 1, W - 1, place))
    yield Query(
        {"the image has a pixel": W >= 1},
        z3.And(nearest >= 0, nearest < W),
        ["the image has a pixel"],
    )


def before_the_image(axis: oracle.Axis) -> list[set[int]]:
    """The taps of every window that fall before the image."""
    return [
        {tap for tap in range(axis.kernel) if axis.at(window, tap) < 0}
        for window in range(axis.outputs)
    ]


def of_the_axis(axis: oracle.Axis) -> Mapping[Any, int]:
    """What the formulas ask of an axis; the slack is what lies beyond the last tap."""
    unread = axis.size + axis.after - 1 - axis.at(axis.outputs - 1, axis.kernel - 1)
    return {
        **{k_w: axis.kernel, theorem.s: axis.stride, theorem.d: axis.dilation, W_out: axis.outputs},
        **{theorem.before: axis.before, theorem.after: axis.after, theorem.r: max(0, unread)},
    }


def at_a_window(axis: oracle.Axis, window: int) -> Mapping[Any, int]:
    """The taps that a window misses at either end, and their share of some numbers theta."""
    weights, taps = [10**tap for tap in range(axis.kernel)], missed(axis)[window]
    early = len(before_the_image(axis)[window])
    return {
        **of_the_axis(axis),
        **{theorem.q_first: early, theorem.q_last: len(taps) - early, o: 0},
        theorem.Delta[o, x]: sum(weights[tap] for tap in taps),
        **{theorem.Theta[0, tap]: weight for tap, weight in enumerate(weights)},
    }


def outputs_of(layers: int) -> Iterator[dict[str, int]]:
    """Every output of random layers."""
    return ({"seed": seed, "at": at} for seed in range(layers) for at in range(len(biased(seed))))


def ends(k: int, p: int) -> set[int]:
    """The first and the last min(p, k) taps."""
    return {tap for tap in range(k) if tap < p or tap >= k - p}


def independent(W: int, k: int, p: int) -> tuple[int, int]:
    """The rank of the 0/1 matrix of windows and the taps they miss, and how many taps it names."""
    windows = missed(oracle.Axis(W, k, 1, 1, p, p))
    rows = [[int(tap in taps) for tap in range(k)] for taps in windows]
    return rank(rows), len(set().union(*windows))


def one_by_one(W_out: int, p: int) -> bool:
    """Whether the criterion tap by tap is right for every number of taps."""
    kernels = (k for k in range(1, 2 * p + 3) if W_out - 2 * p + k > 1)
    return all(independent(W_out - 2 * p + k - 1, k, p) == (len(ends(k, p)),) * 2 for k in kernels)


def folds(mode: str, W: int, before: int, after: int) -> bool:
    """Whether a bias of 1 on the middle image comes out of a row filter as one constant."""
    axis, taps = oracle.Axis(W, 2, before=before, after=after), (1, 5)

    def slid(bias: int) -> tuple[oracle.Number, ...]:
        image = [a * a + 1 + bias for a in range(W)]
        return oracle.filtered(taps, image, axis, padding=oracle.PADDINGS[mode]).values

    return {one - other for one, other in zip(slid(1), slid(0), strict=True)} <= {sum(taps)}


def full_rank(entries: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Pairs of 2 × 2 factors whose product has rank 2, with scales."""
    matrices = [[list(row[:2]), list(row[2:])] for row in product(entries, repeat=4)]
    for B, A in product(matrices, repeat=2):
        if rank(matrix_product(B, A)) == 2:
            for scale in product((0, 1, -2), repeat=2):
                yield {"B": B, "A": A, "scale": scale}


def missed(axis: oracle.Axis) -> Missed:
    """The taps of every window that do not fall on the image, by looking at each."""
    return tuple(
        tuple(tap for tap in range(axis.kernel) if not axis.on_image(window, tap))
        for window in range(axis.outputs)
    )


@cache
def biased(seed: int) -> tuple[Mapping[Any, Any], ...]:
    """A random pair with a bias in the middle: for every output, what the formulas ask."""
    random = Random(seed)
    axes = {tap: random_axis(random) for tap in "uv"}
    sizes = {letter: random.randint(1, 2) for letter in "oij"}
    first_, last_, image, constant = (
        oracle.drawn(random, *extents, largest=4)
        for extents in (
            (sizes["j"], sizes["i"], axes["u"].kernel),
            (sizes["o"], sizes["j"], axes["v"].kernel),
            (sizes["i"], axes["u"].size, axes["v"].size),
            (sizes["j"],),
        )
    )
    run, folded = oracle.biased_pair(first_, last_, image, constant, axes)
    through = oracle.contract(
        [("ojv", last_), ("j", constant)], "", "o", "v", sizes | {"v": axes["v"].kernel}
    )
    known: dict[Any, Any] = {
        **{m: sizes["j"], k_w: axes["v"].kernel, v: 0},
        **{theorem.Theta[at]: number for at, number in through.items()},
        **{theorem.B[at]: number for at, number in last_.items()},
        **{theorem.c[at]: number for at, number in constant.items()},
    }
    places = product(range(sizes["o"]), range(axes["u"].outputs), range(axes["v"].outputs))
    return tuple(
        {
            **known,
            **{theorem.pipeline: one, o: row, x: window},
            theorem.convolution: other - sum(int(n) for (at, _), n in through.items() if at == row),
            theorem.Delta[o, x]: sum(int(through[row, tap]) for tap in missed(axes["v"])[window]),
        }
        for (row, _, window), one, other in zip(places, run, folded, strict=True)
    )


def random_axis(random: Random) -> oracle.Axis:
    """A small axis with unequal paddings."""
    low, high = (2, 1, 1, 1, 0, 0), (4, 3, 2, 2, 2, 2)
    return oracle.Axis(*map(random.randint, low, high))


def scaled(B: Rows, A: Rows, scale: Sequence[int]) -> list[list[Number]]:
    """The product of two factors with a diagonal matrix between them."""
    return matrix_product([[x * a for x, a in zip(row, scale, strict=True)] for row in B], A)
