"""Bias defect: the same by other roads, literal loops and grids among them."""

from functools import partial

from derive import brute
from derive.algebra.matrix import product as matrix_product
from derive.proof.language import *
from derive.proof.loops import extended as extension
from derive.proof.loops import PADDINGS
from derive.theorems import bias_defect as theorem


def checks() -> Iterator[Sentence]:
    some = Box(
        lambda x, **axis: x < loop(axis).outputs,
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
    yield step(
        "Window by window, the taps on padding are the first and the last ones named, each once.",
        *(
            Holds(claim, lambda x, **axis: at_a_window(loop(axis), x), some)
            for claim in (theorem.first, theorem.last, theorem.defect)
        ),
        establishes=(theorem.first, theorem.last, theorem.defect),
    )
    windows = Box(W=(1, 4), k=(1, 3), s=(1, 2), d=(1, 2), before=(0, 1, 3), beyond=(0, 1, 3))
    yield step(
        "As many columns have taps on padding, and there are none exactly where no padding is reached.",
        Holds(
            Claim(Symbol("columns"), "=", theorem.columns.expr),
            lambda **axis: {
                Symbol("columns"): sum(map(bool, theorem.missed(loop(axis)))),
                **of_the_axis(loop(axis)),
            },
            windows,
            Box(**many_axes, **ends_of),
        ),
        Decides(
            (theorem.none_before, theorem.none_after),
            lambda **axis: not any(theorem.missed(loop(axis))),
            Box(lambda **axis: loop(axis).outputs > 0, "W_out >= 1", **windows.ranges),
            measured=lambda **axis: of_the_axis(loop(axis)),
        ),
        establishes=(theorem.columns, theorem.none_before, theorem.none_after),
    )
    outputs = [
        Listed(f"the outputs of {number} random small layers", partial(outputs_of, number))
        for number in (8, 100)
    ]
    yield step(
        "Literal loops: a pair with a bias in the middle is the convolution with the constant less the defect.",
        Holds(theorem.output, lambda seed, at: theorem.biased(seed)[at], *outputs),
        Holds(
            theorem.theta,
            lambda seed, at: {
                **theorem.biased(seed)[at],
                v: 1,
                theorem.Theta[o, v]: theorem.biased(seed)[at][theorem.Theta[0, 1]],
            },
            Listed(
                "an output of each of them that has two taps",
                lambda: (
                    {"seed": seed, "at": at}
                    for seed, at in (case.values() for case in outputs_of(8))
                    if at == 0 and theorem.biased(seed)[at][k_w] > 1
                ),
            ),
        ),
        establishes=(theorem.output, theorem.theta),
    )
    yield step(
        "Stride and dilation 1: the sums of the defect have as many independent ones among them as there are taps among the first and last min(p, k), and name no other tap.",
        Agree(
            independent,
            lambda W, k, p: (border := len(ends(k, p)), border),
            Box(
                lambda W, k, p: W + 2 * p - k + 1 >= 2 * p,
                "W_out >= 2p",
                W=range(1, 7),
                k=range(1, 6),
                p=(1, 2),
            ),
            Box(
                lambda W, k, p: W + 2 * p - k + 1 >= 2 * p,
                "W_out >= 2p",
                W=range(1, 13),
                k=range(1, 10),
                p=range(1, 6),
            ),
        ),
        Holds(
            Claim(Symbol("taps"), "=", theorem.many.expr),
            lambda k, p: {
                Symbol("taps"): len(set().union(*before_the_image(brute.Axis(k, k, 1, 1, p, p)))),
                k_w: k,
            },
            Box(k=range(1, 5), p=range(1, 4)),
        ),
        Decides((theorem.wide,), one_by_one, Box(W_out=range(1, 6), p=(1, 2))),
        establishes=(theorem.many, theorem.wide),
    )
    yield (
        "Of five paddings the bias folds behind the four that copy pixels, and behind zeros only if there are none.",
        Agree(
            folds,
            lambda mode, W, before, after: mode != "zero" or before == after == 0,
            Box(mode=tuple(PADDINGS), W=(1, 3), before=(0, 2), after=(0, 1)),
            Box(mode=tuple(PADDINGS), W=range(1, 7), before=range(5), after=range(5)),
        ),
    )
    yield (
        "If a product of two factors has their inner size as its rank, scaled in between it has as rank the number of scales that are not zero.",
        Agree(
            lambda B, A, scale: rank(theorem.scaled(B, A, scale)),
            lambda B, A, scale: sum(a != 0 for a in scale),
            Listed(
                "2 × 2 factors over {0, 1} of rank 2, scales 0, 1, -2", lambda: full_rank((0, 1))
            ),
            Listed(
                "2 × 2 factors over {-1, 0, 1} of rank 2, scales 0, 1, -2",
                lambda: full_rank((-1, 0, 1)),
            ),
        ),
    )


def loop(axis: Mapping[str, int]) -> brute.Axis:
    """A case of a grid as an axis to run loops on."""
    return brute.Axis(*axis.values())


def before_the_image(axis: brute.Axis) -> list[set[int]]:
    """The taps of every window that fall before the image."""
    return [
        {tap for tap in range(axis.kernel) if axis.at(window, tap) < 0}
        for window in range(axis.outputs)
    ]


def of_the_axis(axis: brute.Axis) -> Mapping[Any, int]:
    """What the formulas ask of an axis; the slack is what lies beyond the last tap."""
    unread = axis.size + axis.after - 1 - axis.at(axis.outputs - 1, axis.kernel - 1)
    return {
        **{k_w: axis.kernel, theorem.s: axis.stride, theorem.d: axis.dilation, W_out: axis.outputs},
        **{theorem.before: axis.before, theorem.after: axis.after, theorem.r: max(0, unread)},
    }


def at_a_window(axis: brute.Axis, window: int) -> Mapping[Any, int]:
    """The taps that a window misses at either end, and their share of some numbers theta."""
    weights, taps = [10**tap for tap in range(axis.kernel)], theorem.missed(axis)[window]
    early = len(before_the_image(axis)[window])
    return {
        **of_the_axis(axis),
        **{theorem.q_first: early, theorem.q_last: len(taps) - early, o: 0},
        theorem.Delta[o, x]: sum(weights[tap] for tap in taps),
        **{theorem.Theta[0, tap]: weight for tap, weight in enumerate(weights)},
    }


def outputs_of(layers: int) -> Iterator[dict[str, int]]:
    """Every output of random layers."""
    return (
        {"seed": seed, "at": at}
        for seed in range(layers)
        for at in range(len(theorem.biased(seed)))
    )


def ends(k: int, p: int) -> set[int]:
    """The first and the last min(p, k) taps."""
    return {tap for tap in range(k) if tap < p or tap >= k - p}


def independent(W: int, k: int, p: int) -> tuple[int, int]:
    """The rank of the 0/1 matrix of windows and the taps they miss, and how many taps it names."""
    windows = theorem.missed(brute.Axis(W, k, 1, 1, p, p))
    rows = [[int(tap in taps) for tap in range(k)] for taps in windows]
    return rank(rows), len(set().union(*windows))


def one_by_one(W_out: int, p: int) -> bool:
    """Whether the criterion tap by tap is right for every number of taps."""
    kernels = (k for k in range(1, 2 * p + 3) if W_out - 2 * p + k > 1)
    return all(independent(W_out - 2 * p + k - 1, k, p) == (len(ends(k, p)),) * 2 for k in kernels)


def folds(mode: str, W: int, before: int, after: int) -> bool:
    """Whether a bias of 1 on the middle image comes out of a row filter as one constant."""
    image: brute.Tensor = {(a,): a * a + 1 for a in range(W)}
    taps: brute.Tensor = {(0,): 1, (1,): 5}

    def filtered(bias: int) -> list[Any]:
        middle = {at: pixel + bias for at, pixel in image.items()}
        longer = extension(middle, 0, W, before, after, PADDINGS[mode])
        axis = brute.Axis(W + before + after, 2)
        return list(brute.convolve(taps, longer, "", "", "v", {}, {"v": axis}).output.values())

    return set(theorem.differences(filtered(1), filtered(0))) <= {sum(taps.values())}


def full_rank(entries: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Pairs of 2 × 2 factors whose product has rank 2, with scales."""
    matrices = [[list(row[:2]), list(row[2:])] for row in product(entries, repeat=4)]
    for B, A in product(matrices, repeat=2):
        if rank(matrix_product(B, A)) == 2:
            for scale in product((0, 1, -2), repeat=2):
                yield {"B": B, "A": A, "scale": scale}
