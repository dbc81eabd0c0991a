"""Each question for the second prover says what its theorem says: both are worked out in numbers.

A question is a formula of z3; what it should say is written here once more, in plain Python, with
loops where the theorem counts. The two are compared as functions of all their numbers, also where
no hypothesis holds, so that an inequality off by one, a bound that is strict or an equivalence cut
to one of its directions shows, though the weaker claim would still follow.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from itertools import islice, product
from math import prod
from random import Random
from typing import Any

import pytest

from derive.proof import second_prover
from derive.proof.questions import question
from derive.proof.second_prover import answer, equivalence
from tests.questions import every_question
from tests.tools import need

DRAWS, FITTING = 4000, 40  # how many cases are drawn, and how many of those are looked at
STEPS = (-2, -1, 1, 2)
UNDEFINED = "divides by zero"
FAR = range(-80, 81)


@dataclass(frozen=True)
class Says:
    """What a query says: its numbers, its hypotheses, its claim, and what its theorem counts.

    ``numbers`` are drawn, ``found`` worked out of those before. ``counted`` holds wherever the
    hypotheses do: the sentence of the theorem, by literal loops.
    """

    given: Callable[..., bool]
    claim: Callable[..., bool | str]
    numbers: Mapping[str, Sequence[Any]]
    found: Mapping[str, Callable[..., int]] = field(default_factory=dict)
    counted: Callable[..., bool] = lambda: True


def ceil(number, divisor):
    """The least integer that the divisor takes to the number or beyond."""
    return next((n for n in FAR if divisor * n >= number), None) if divisor > 0 else None


def floor(number, divisor):
    """The largest integer that the divisor does not take beyond the number."""
    return next((n for n in reversed(FAR) if divisor * n <= number), None) if divisor > 0 else None


def windows(room, stride):
    """How many windows begin within so much room: their first places, counted."""
    return len([y for y in range(80) if stride * y <= room]) if stride > 0 else None


def count(*sizes):
    """How many tuples of indices there are, one by one."""
    return sum(1 for _ in product(*map(range, sizes)))


def counts_windows(N, room, s):
    """Whether N counts the windows; where not even one fits, the stride does not matter."""
    return N == 0 if room < 0 else windows(room, s) == N


def upper(N, number):
    """How many of N, if not fewer than none and not more than all."""
    return min(N, max(number, 0))


def spread(taps, e, reach):
    """The offsets that a layer makes of all up to a reach."""
    return {x + e * u for x in range(reach + 1) for u in range(taps)}


SMALL, SIZES, SIGNED = range(4), range(1, 4), range(-3, 4)
COUNTS = range(5)
HALVES = [Fraction(n, 2) for n in range(-4, 5)]
DRAWN = Random(0)
PLACES = range(-2, 5)


def table(arity, entries):
    return {at: DRAWN.choice(entries) for at in product(PLACES, repeat=arity)}


TABLES = [table(2, (0, 1)) for _ in range(6)]
OUTER = [
    {(y, x): (y + p) * (q - x) for y, x in product(PLACES, repeat=2)}
    for p in (0, 1)
    for q in (1, 3)
]
VECTORS = [table(1, (0, 1, 2)) for _ in range(4)]


def axis_room(H, p_before, p_after, ahead, behind):
    return H + p_before + p_after - (ahead + behind) - 1


TAP = {
    **{"s": SIZES, "H": range(1, 6), "ahead": SMALL, "behind": SMALL},
    **{"p_before": SMALL, "p_after": SMALL},
}
TAP_FOUND = {
    "N": lambda s, H, p_before, p_after, ahead, behind: (
        windows(axis_room(H, p_before, p_after, ahead, behind), s) or None
    ),
    "r": lambda s, H, p_before, p_after, ahead, behind, N: (
        axis_room(H, p_before, p_after, ahead, behind) - s * (N - 1)
    ),
    "low": lambda s, p_before, ahead: ceil(p_before - ahead, s),
    "high": lambda s, p_after, r, behind: ceil(p_after - r - behind, s),
}


def tap_given(s, H, N, r, ahead, behind, p_before, p_after, low, high):
    return (
        H >= 1
        and s * (N - 1) == axis_room(H, p_before, p_after, ahead, behind) - r
        and low == ceil(p_before - ahead, s)
        and high == ceil(p_after - r - behind, s)
        and None not in (low, high)
    )


def tap_counted(s, H, N, ahead, p_before, low, high):
    """The windows that miss are the first and the last ones, as many as it says."""
    places = [s * y + ahead - p_before for y in range(N)]
    before, after = ([p < 0 for p in places], [p >= H for p in places])
    first, last = upper(N, low), upper(N, high)
    return before == [y < first for y in range(N)] and after == [y >= N - last for y in range(N)]


BORDER = {"s": SIZES, "H": range(1, 6), "span": range(1, 5), "p_before": SMALL, "p_after": SMALL}
KERNELS = {"H": range(1, 4), "k1": range(4), "k2": range(4)}
PADDINGS = dict.fromkeys(("before1", "after1", "before2", "after2"), range(3))


def middle(H, k1, before1, after1):
    return H + before1 + after1 - k1 + 1


def outputs(H, k1, k2, before1, after1, before2, after2):
    return middle(H, k1, before1, after1) + before2 + after2 - k2 + 1


def outside(place, pixel, k1, k2, before1, before2, N):
    """Whether the window that lays its last possible tap on a place reads the pixel through it."""
    reach = place + before2
    v = min(reach, k2 - 1)
    return 0 <= reach - v < N and 0 <= v < k2 and 0 <= pixel + before1 - place < k1


def two_layers(H, k1, k2, before1, after1, before2, after2):
    paddings = (before1, after1, before2, after2)
    two = middle(H, k1, before1, after1) >= 1 and outputs(H, k1, k2, *paddings) >= 1
    return min(H, k1, k2) >= 1 and min(paddings) >= 0 and two


def seen_outside(H, k1, k2, before1, after1, before2, after2, after):
    """Some window of the second layer reads a pixel through a place outside the middle image."""
    N = outputs(H, k1, k2, before1, after1, before2, after2)
    places = [y + v - before2 for y in range(N) for v in range(k2)]
    beyond = [p for p in places if (p >= middle(H, k1, before1, after1) if after else p < 0)]
    return any(0 <= p + u - before1 < H for p in beyond for u in range(k1))


def misses(window, k, p, N):
    """The taps of a window that are padding, of a line with p on either side and N windows."""
    line = [None] * p + [*range(N + k - 1 - 2 * p)] + [None] * p
    return [v for v in range(k) if line[window + v] is None]


def ends(k, p, window, N):
    """How many taps are before and after the image, at stride 1."""
    return tuple(upper(k, missed) for missed in (p - window, p - (N - 1 - window)))


def mirrored(q, p, k, N):
    return p >= 1 and 2 * p <= N and 1 <= q <= min(p, k)


LENGTHS = {"q": range(4), "p": range(4), "k": range(4), "N": range(9)}


def tiled(tile, read, least=1):
    """Padding that repeats a tile of pixels: a place reads the pixel there, by its remainder."""
    return Says(
        lambda place, turns, rest, W: (
            least <= W and place == turns * len(tile(W)) + rest and rest in range(len(tile(W)))
        ),
        lambda rest, W: read(rest, W) in range(W),
        {"place": range(-6, 9), "W": range(2, 4)},
        {
            "turns": lambda place, W: floor(place, len(tile(W))),
            "rest": lambda place, W, turns: place - turns * len(tile(W)),
        },
        lambda place, rest, W: tile(W)[place % len(tile(W))] == read(rest, W),
    )


def between(N, low, high, after, first, last):
    return (
        N >= 0
        and low >= 0
        and after == max(high, 0)
        and first == min(low, N)
        and last == max(N - after, first)
    )


BETWEEN = {
    "after": lambda high: max(high, 0),
    "first": lambda low, N: min(low, N),
    "last": lambda N, after, first: max(N - after, first),
}
LAYER = {"H": range(1, 6), "k": range(1, 5), "s": SIZES, "d": SIZES, "p": SMALL}
WINDOWS = {"N": lambda H, k, s, d, p: windows(H + 2 * p - d * (k - 1) - 1, s)}


def long(k, H, d, p):
    return d * (k - 1) <= H - 1 + p


def scattered(H, s, padded, reach, extra):
    """The size of a transposed convolution, by where its last tap falls."""
    return (
        max(s * y + reach for y in range(H)) + 1 - padded + extra
        if H > 0
        else (H - 1) * s - padded + reach + extra + 1
    )


def within(first, last, N, low, high):
    return (first <= last) == any(low <= y <= high for y in range(N))


def pair(n, m, c, C, s=1):
    """Weights of two filters of n taps with m channels between; the first runs s times as often."""
    return count(n, m, c, s) + count(n, m, C)


def separable(n, c, C):
    return count(n, n, c) + count(c, C)


BREAK_EVEN = dict.fromkeys(("n", "m", "C_in", "C_out"), range(5))
WITHOUT_PADDING = Says(
    lambda n, H_out: n >= 1 and H_out >= 1,
    lambda n, m, C_in, C_out, H_out, W, W_out: (
        (H_out * n * (m * (C_in * W + C_out * W_out)) < H_out * n * (n * C_in * C_out * W_out))
        == (m * (C_in * W + C_out * W_out) < n * C_in * C_out * W_out)
    ),
    dict.fromkeys(("n", "m", "C_in", "C_out", "H_out", "W", "W_out"), SMALL),
    counted=lambda n, m, C_in, C_out, H_out, W, W_out: (
        min(m, C_in, C_out, W, W_out) < 0
        or (
            count(H_out, n, m, C_in, W) + count(H_out, n, m, C_out, W_out)
            < count(H_out, n, n, C_in, C_out, W_out)
        )
        == (m * (C_in * W + C_out * W_out) < n * C_in * C_out * W_out)
    ),
)
RECTANGULAR = Says(
    lambda K, C_in: K >= 1 and C_in >= 1,
    lambda K, C_in, C_out: (C_in * (K + C_out) == C_in * (K * C_out)) == (K == 2 == C_out),
    {"K": COUNTS, "C_in": COUNTS, "C_out": COUNTS},
    counted=lambda K, C_in, C_out: (
        C_out < 0
        or (count(K, C_in) + count(C_in, C_out) == count(K, C_in, C_out)) == (K == 2 == C_out)
    ),
)

QUESTIONS = {
    "bias_defect.three_cases": [
        Says(
            lambda W: W >= 0,
            lambda place, W: [place < 0, place in range(W), place >= W].count(True) == 1,
            {"place": SIGNED, "W": SIGNED},
        )
    ],
    "bias_defect.prefix": [
        Says(
            lambda v, k, d, P, q: v in range(k) and d >= 1 and q == ceil(P, d),
            lambda v, k, d, P, q: (d * v < P) == (v < upper(k, q)),
            {"v": SMALL, "k": range(1, 5), "d": SIZES, "P": range(-3, 9)},
            {"q": lambda P, d: ceil(P, d)},
            lambda k, d, P, q: [t for t in range(k) if d * t < P] == [*range(upper(k, q))],
        )
    ],
    "bias_defect.untouched_windows": [
        Says(
            lambda x, N, s, P, R, alpha, beta: (
                x in range(N) and s >= 1 and alpha == ceil(P, s) and beta == ceil(R, s)
            ),
            lambda x, N, s, P, R, alpha, beta: (
                (not (s * x < P or s * (N - 1 - x) < R)) == (alpha <= x < N - max(beta, 0))
            ),
            {"x": SMALL, "N": range(1, 6), "s": SIZES, "P": range(-1, 5), "R": range(-3, 5)},
            {"alpha": lambda P, s: ceil(P, s), "beta": lambda R, s: ceil(R, s)},
        )
    ],
    "bias_defect.every_length": [
        Says(
            mirrored,
            lambda q, p, k, N: p - q in range(N) and ends(k, p, p - q, N) == (q, 0),
            LENGTHS,
            counted=lambda q, p, k, N: misses(p - q, k, p, N) == [*range(q)],
        ),
        Says(
            mirrored,
            lambda q, p, k, N: N - 1 - p + q in range(N) and ends(k, p, N - 1 - p + q, N) == (0, q),
            LENGTHS,
            counted=lambda q, p, k, N: misses(N - 1 - p + q, k, p, N) == [*range(k - q, k)],
        ),
    ],
    "bias_defect.copied_pixels": [
        tiled(lambda W: [*range(W)], lambda rest, W: rest),
        tiled(
            lambda W: [*range(W), *reversed(range(W))],
            lambda rest, W: min(rest, 2 * W - 1 - rest),
        ),
        tiled(
            lambda W: [*range(W), *reversed(range(1, W - 1))],
            lambda rest, W: min(rest, 2 * W - 2 - rest),
            least=2,
        ),
        Says(
            lambda W: W >= 1,
            lambda place, W: max(0, min(place, W - 1)) in range(W),
            {"place": SIGNED, "W": SIGNED},
        ),
    ],
    "border_pixels.outer_taps": [
        Says(
            lambda H, d, u, k, first: (
                0 <= u < k and d >= 0 and first >= 0 and first + d * (k - 1) < H
            ),
            lambda H, d, u, first: 0 <= first + d * u < H,
            {"H": range(7), "d": SMALL, "u": SIGNED, "k": SMALL, "first": range(-1, 4)},
        )
    ],
    "border_pixels.inside": [
        Says(
            lambda s, H, N, r, span, p_before, p_after, low, high: (
                H >= 1
                and span >= 1
                and s * (N - 1) == H + p_before + p_after - span - r
                and s >= 1
                and low == ceil(p_before, s)
                and high == ceil(p_after - r, s)
            ),
            lambda y, s, H, N, span, p_before, low, high: (
                (s * y - p_before >= 0 and s * y - p_before + span - 1 < H) == (low <= y < N - high)
            ),
            {"y": SIGNED, **BORDER},
            {
                "N": lambda s, H, span, p_before, p_after: (
                    windows(H + p_before + p_after - span, s) or None
                ),
                "r": lambda s, H, span, p_before, p_after, N: (
                    H + p_before + p_after - span - s * (N - 1)
                ),
                "low": lambda s, p_before: ceil(p_before, s),
                "high": lambda s, p_after, r: ceil(p_after - r, s),
            },
            lambda s, H, N, span, p_before, low, high: (
                [
                    y
                    for y in range(N)
                    if {*range(s * y - p_before, s * y - p_before + span)} <= {*range(H)}
                ]
                == [*range(low, N - max(high, 0))]
            ),
        )
    ],
    "border_pixels.how_many": [
        Says(
            lambda y, N, **ends_: 0 <= y < N and between(N, **ends_),
            lambda y, N, low, high, first, last: (first <= y < last) == (low <= y < N - high),
            {"y": SIGNED, "N": range(6), "low": SMALL, "high": SIGNED},
            BETWEEN,
            lambda N, low, high: (
                len([w for w in range(N) if not low <= w < N - high]) == min(N, low + max(high, 0))
            ),
        ),
        Says(
            between,
            lambda N, low, after, first, last: (
                0 <= first <= last <= N and N - (last - first) == min(N, low + after)
            ),
            {"N": range(6), "low": SMALL, "high": SIGNED},
            BETWEEN,
        ),
    ],
    "break_even.thresholds": [
        Says(
            lambda n, m, C_in, C_out: min(n, m, C_in, C_out) >= 1,
            lambda n, m, C_in, C_out: (
                (n * m * (C_in + C_out) < n * (n * C_in * C_out))
                == (m * (C_in + C_out) < n * C_in * C_out)
            ),
            BREAK_EVEN,
            counted=lambda n, m, C_in, C_out: (
                (pair(n, m, C_in, C_out) < count(n, n, C_in, C_out))
                == (m * (C_in + C_out) < n * C_in * C_out)
            ),
        ),
        Says(
            lambda n, C_in: n >= 1 and C_in >= 1,
            lambda n, C_in: (n * C_in * C_in * 2 < n * C_in * C_in * n) == (n > 2),
            {"n": COUNTS, "C_in": COUNTS},
            counted=lambda n, C_in: (
                (pair(n, C_in, C_in, C_in) < count(n, n, C_in, C_in)) == (n > 2)
            ),
        ),
        Says(
            lambda n, C_in, C_out: min(n, C_in, C_out) >= 1,
            lambda n, C_in, C_out: (
                (C_in * (n * n + C_out) < C_in * (n * n * C_out)) == (n >= 2 and C_out >= 2)
            ),
            {"n": COUNTS, "C_in": COUNTS, "C_out": COUNTS},
            counted=lambda n, C_in, C_out: (
                (separable(n, C_in, C_out) < count(n, n, C_in, C_out)) == (n >= 2 and C_out >= 2)
            ),
        ),
        Says(
            lambda n, C_in, C_out: C_in >= n >= 2 and C_out >= 1,
            lambda n, C_in, C_out: C_in * (n * n + C_out) < C_in * n * (C_in + C_out),
            {"n": COUNTS, "C_in": COUNTS, "C_out": COUNTS},
            counted=lambda n, C_in, C_out: separable(n, C_in, C_out) < pair(n, C_in, C_in, C_out),
        ),
        WITHOUT_PADDING,
        RECTANGULAR,
    ],
    "break_even.without_padding": [WITHOUT_PADDING],
    "break_even.rectangular": [RECTANGULAR],
    "composition.enough": [
        Says(
            lambda H, k1, k2, y, u, v, before1, after1, before2, after2: (
                min(before1, after1, before2, after2) >= 0
                and y in range(outputs(H, k1, k2, before1, after1, before2, after2))
                and v in range(k2)
                and u in range(k1)
                and (before2 == 0 or before1 >= k1 - 1)
                and (after2 == 0 or after1 >= k1 - 1)
            ),
            lambda H, k1, y, u, v, before1, after1, before2: (
                y + v - before2 in range(middle(H, k1, before1, after1))
                or y + v - before2 + u - before1 not in range(H)
            ),
            {**KERNELS, **PADDINGS, **dict.fromkeys("yuv", range(-1, 3))},
        )
    ],
    "composition.necessary": [
        Says(
            lambda H, k1, k2, before1, after1, before2, after2: (
                two_layers(H, k1, k2, before1, after1, before2, after2)
                and before2 >= 1
                and before1 < k1 - 1
            ),
            lambda H, k1, k2, before1, after1, before2, after2: outside(
                -1,
                0,
                k1,
                k2,
                before1,
                before2,
                outputs(H, k1, k2, before1, after1, before2, after2),
            ),
            {**KERNELS, **PADDINGS},
            counted=lambda **sizes: seen_outside(**sizes, after=False),
        ),
        Says(
            lambda H, k1, k2, before1, after1, before2, after2: (
                two_layers(H, k1, k2, before1, after1, before2, after2)
                and after2 >= 1
                and after1 < k1 - 1
            ),
            lambda H, k1, k2, before1, after1, before2, after2: outside(
                middle(H, k1, before1, after1),
                H - 1,
                k1,
                k2,
                before1,
                before2,
                outputs(H, k1, k2, before1, after1, before2, after2),
            ),
            {**KERNELS, **PADDINGS},
            counted=lambda **sizes: seen_outside(**sizes, after=True),
        ),
    ],
    "in_bounds_taps.misses_are_first": [
        Says(
            lambda y, s, P, N, c: 0 <= y < N and s >= 1 and c == ceil(P, s),
            lambda y, s, P, N, c: (s * y < P) == (y < upper(N, c)),
            {"y": SMALL, "s": SIZES, "P": range(-3, 9), "N": range(1, 6)},
            {"c": lambda P, s: ceil(P, s)},
            lambda s, P, N, c: [y for y in range(N) if s * y < P] == [*range(upper(N, c))],
        )
    ],
    "in_bounds_taps.one_tap": [
        Says(
            lambda y, N, **tap: 0 <= y < N and tap_given(N=N, **tap),
            lambda y, s, H, N, ahead, p_before, low, high: (
                (0 <= s * y + ahead - p_before < H) == (upper(N, low) <= y < N - upper(N, high))
            ),
            {"y": SMALL, **TAP},
            TAP_FOUND,
            tap_counted,
        ),
        Says(
            lambda N, **tap: N >= 1 and tap_given(N=N, **tap),
            lambda N, low, high: upper(N, low) + upper(N, high) <= N,
            TAP,
            TAP_FOUND,
            tap_counted,
        ),
    ],
    "in_bounds_taps.without_cap": [
        Says(
            lambda s, P, N, c, later: (
                N >= 0 and s >= 1 and c == ceil(P, s) and later == ceil(P - s * N, s)
            ),
            lambda N, c, later: upper(N, c) == max(c, 0) - max(later, 0),
            {"s": SIZES, "P": range(-3, 12), "N": SMALL},
            {"c": lambda P, s: ceil(P, s), "later": lambda P, s, N: ceil(P - s * N, s)},
            lambda s, P, N, c, later: (
                len([y for y in range(N) if s * y < P]) == max(c, 0) - max(later, 0)
            ),
        )
    ],
    "in_bounds_taps.nothing_missed": [
        Says(
            lambda s, P, c: s >= 1 and c == ceil(P, s),
            lambda P, c: (c > 0) == (P > 0),
            {"s": SIZES, "P": range(-3, 9)},
            {"c": lambda P, s: ceil(P, s)},
            lambda s, P: any(s * y < P for y in range(9)) == (P > 0),
        ),
        Says(
            lambda u, d, P: u >= 0 and d >= 0 and P <= 0,
            lambda u, d, P: P - d * u <= 0,
            {"u": SIGNED, "d": SIGNED, "P": SIGNED},
        ),
    ],
    "in_bounds_taps.room_enough": [
        Says(
            lambda H, k, s, d, p, N, r: (
                counts_windows(N, H + 2 * p - d * (k - 1) - 1, s)
                and p >= 0
                and r >= 0
                and H + p >= d * (k - 1)
            ),
            lambda s, p, N, r: p <= s * N and p - r <= s * N,
            {**LAYER, "r": SMALL},
            WINDOWS,
        ),
        Says(
            lambda H, k, s, d, p, N, r: (
                counts_windows(N, H + 2 * p - d * (k - 1) - 1, s)
                and p >= 0
                and r >= 0
                and N >= 1
                and s == 1
                and p <= s * N
            ),
            lambda H, k, d, p: H + p >= d * (k - 1),
            {**LAYER, "r": SMALL},
            WINDOWS,
        ),
    ],
    "in_bounds_taps.nested": [
        Says(
            lambda x, a, b, inner, outer: (
                min(a, b) >= 1 and inner == floor(x, a) and outer == floor(inner, b)
            ),
            lambda x, a, b, outer: a * b >= 1 and outer == floor(x, a * b),
            {"x": range(-9, 20), "a": SIZES, "b": SIZES},
            {"inner": lambda x, a: floor(x, a), "outer": lambda inner, b: floor(inner, b)},
        )
    ],
    "in_bounds_taps.last_tap": [
        Says(
            lambda s, d, u, P, c, q: min(s, d) >= 1 and c == ceil(P - d * u, s) and q == ceil(P, d),
            lambda u, c, q: (c > 0) == (u < q),
            {"s": SIZES, "d": SIZES, "u": SMALL, "P": range(-2, 9)},
            {"c": lambda s, d, u, P: ceil(P - d * u, s), "q": lambda P, d: ceil(P, d)},
            lambda s, d, u, P, q: any(s * y < P - d * u for y in range(9)) == (u < q),
        )
    ],
    "in_bounds_taps.up_by_down": [
        Says(
            lambda x, s, c: s >= 1 and c == ceil(x, s),
            lambda x, s, c: s >= 1 and c == floor(x + s - 1, s),
            {"x": range(-9, 10), "s": SIZES},
            {"c": lambda x, s: ceil(x, s)},
        )
    ],
    "in_bounds_taps.rows_that_miss": [
        Says(
            lambda s, k, P, Y, full: s >= 1 and ceil(P, s) == Y and full - 1 == floor(P - k, s),
            lambda y, s, k, P, Y, full: (
                (y < Y) == (P - s * y > 0) and (y < full) == (P - s * y >= k)
            ),
            {"y": SIGNED, "s": SIZES, "k": SIZES, "P": range(-2, 9)},
            {"Y": lambda P, s: ceil(P, s), "full": lambda P, k, s: floor(P - k, s) + 1},
            lambda s, k, P, Y, full: (
                k < 0
                or all(
                    len([u for u in range(k) if u < P - s * y])
                    == (k if y < full else P - s * y if y < Y else 0)
                    for y in range(9)
                )
            ),
        )
    ],
    "no_holes.one_more_layer": [
        Says(
            lambda x, e, k, reach, quotient, u: (
                k >= 1
                and 0 <= x <= reach + e * (k - 1)
                and e >= 1
                and quotient == floor(x, e)
                and u == min(quotient, k - 1)
                and e <= reach + 1
            ),
            lambda x, e, k, reach, u: 0 <= u < k and 0 <= x - e * u <= reach,
            {"x": range(9), "e": SIZES, "k": SIZES, "reach": SMALL},
            {
                "quotient": lambda x, e: floor(x, e),
                "u": lambda quotient, k: min(quotient, k - 1),
            },
            lambda e, k, reach: spread(k, e, reach) == {*range(reach + e * (k - 1) + 1)},
        )
    ],
    "no_holes.gap": [
        Says(
            lambda e, later, tap: later >= e and tap >= 1 and e >= 0,
            lambda e, later, tap: later * tap >= e,
            {"e": SIGNED, "later": SIGNED, "tap": SIGNED},
        ),
        Says(
            lambda e, reach, fine, coarse: (
                0 <= fine <= reach and (coarse == 0 or coarse >= e) and e > reach + 1
            ),
            lambda reach, fine, coarse: fine + coarse != reach + 1,
            {"e": range(6), "reach": SMALL, "fine": range(-1, 4), "coarse": range(6)},
        ),
        Says(
            lambda e, k, reach: k >= 2 and e > reach + 1 and reach >= 0,
            lambda e, k, reach: reach + 1 < reach + e * (k - 1),
            {"e": range(6), "k": SMALL, "reach": SIGNED},
            counted=lambda e, k, reach: reach + 1 not in spread(k, e, reach),
        ),
    ],
    "pooling_fusion.triangular": [
        Says(lambda s: s >= 1, lambda s: 0 in range(s), {"s": SIGNED, "u": SIGNED}),
        Says(
            lambda t, u: t < u,
            lambda t, u, s: t - u not in range(s),
            {"t": SIGNED, "u": SIGNED, "s": SMALL},
        ),
    ],
    "rank_one.pivot_form": [
        Says(
            lambda K, n, u0, v0, u, v: (
                K[u0, v0] != 0
                and all(
                    K[y, x] * K[u0, v0] == K[y, v0] * K[u0, x]
                    for y, x in product(range(n), repeat=2)
                )
                and u in range(n)
                and v in range(n)
            ),
            lambda K, u0, v0, u, v: (
                Fraction(K[u, v0] * K[u0, v], K[u0, v0]) == K[u, v] if K[u0, v0] else UNDEFINED
            ),
            {
                "K": [*TABLES, *OUTER],
                "n": range(4),
                **dict.fromkeys(("u0", "v0", "u", "v"), range(3)),
            },
        )
    ],
    "rank_one.minors_vanish": [
        Says(
            lambda K, a, b, u, v, y, x: all(
                K[s, t] == a[s,] * b[t,] for s, t in product((u, y), (v, x))
            ),
            lambda K, u, v, y, x: K[u, v] * K[y, x] == K[u, x] * K[y, v],
            {"K": TABLES, "a": VECTORS, "b": VECTORS, **dict.fromkeys("uvyx", range(3))},
        )
    ],
    "relu_linear.far_along": [
        Says(
            lambda alpha, beta, t: (
                (alpha != 0 or beta != 0) and (beta == 0 or t * abs(beta) > abs(alpha))
            ),
            lambda alpha, beta, t: alpha + beta * t != 0,
            dict.fromkeys(("alpha", "beta", "t"), HALVES),
        )
    ],
    "relu_linear.smooth_away_from_zero": [
        Says(
            lambda x, e: abs(e) <= abs(x),
            lambda x, e: abs(x + e) + abs(x - e) == 2 * abs(x),
            {"x": HALVES, "e": HALVES},
        )
    ],
    "relu_linear.kink_at_zero": [
        Says(
            lambda x, e: x == 0 and e != 0,
            lambda x, e: abs(x + e) + abs(x - e) > 2 * abs(x),
            {"x": HALVES, "e": HALVES},
        )
    ],
    "stride_saving.strides": [
        Says(
            lambda s, h, q: s >= 1 and q == floor(s * h - 1, s),
            lambda h, q: q + 1 == h,
            {"s": SIZES, "h": SMALL},
            {"q": lambda s, h: floor(s * h - 1, s)},
            lambda s, h: windows(s * h - 1, s) == max(h, 0),
        ),
        Says(
            lambda n, C_in: n >= 1 and C_in >= 1,
            lambda n, s, C_in: (n * C_in * C_in * (s + 1) < n * C_in * C_in * n) == (n > s + 1),
            {"n": range(6), "s": SMALL, "C_in": SMALL},
            counted=lambda n, s, C_in: (
                s < 0 or (pair(n, C_in, C_in, C_in, s) < count(n, n, C_in, C_in)) == (n > s + 1)
            ),
        ),
        Says(
            lambda n: n >= 1,
            lambda n, m, s, C_in, C_out: (
                (m * n * (s * C_in + C_out) < n * (n * C_in * C_out))
                == (m * (s * C_in + C_out) < n * C_in * C_out)
            ),
            {**BREAK_EVEN, "s": SMALL},
            counted=lambda n, m, s, C_in, C_out: (
                min(m, s, C_in, C_out) < 0
                or (pair(n, m, C_in, C_out, s) < count(n, n, C_in, C_out))
                == (m * (s * C_in + C_out) < n * C_in * C_out)
            ),
        ),
    ],
    "transposed_grouped_strided.transposed": [
        Says(
            lambda H, s, p, reach, extra, N, r: (
                0 <= extra < s
                and scattered(H, s, p, reach, extra) + p - reach - 1 == s * (N - 1) + r
                and 0 <= r < s
            ),
            lambda H, extra, N, r: N == H and r == extra,
            {"H": SIZES, "s": SIZES, "p": SMALL, "reach": SMALL, "extra": range(3)},
            {
                "N": lambda H, s, p, reach, extra: windows(
                    scattered(H, s, p, reach, extra) + p - reach - 1, s
                ),
                "r": lambda H, s, p, reach, extra, N: (
                    scattered(H, s, p, reach, extra) + p - reach - 1 - s * (N - 1)
                ),
            },
        )
    ],
    "truncation_error.no_term_is_negative": [
        Says(
            lambda S, tau, weight: tau <= S and weight <= 1,
            lambda S, tau, weight: (S - tau) * (1 - weight) >= 0,
            dict.fromkeys(("S", "tau", "weight"), HALVES),
        ),
        Says(
            lambda S, tau, weight: tau >= S and weight >= 0,
            lambda S, tau, weight: (tau - S) * weight >= 0,
            dict.fromkeys(("S", "tau", "weight"), HALVES),
        ),
    ],
    "truncation_error.only_without_weight": [
        Says(
            lambda S, tau: tau > S,
            lambda S, tau, weight: ((tau - S) * weight == 0) == (weight == 0),
            dict.fromkeys(("S", "tau", "weight"), HALVES),
        )
    ],
    "truncation_error.congruent_taps": [
        Says(
            lambda e, q, k, c, n: q >= 1 and e >= 0 and k <= q * c and e + q * n < k,
            lambda c, n: n < c,
            {"e": SMALL, "q": SIZES, "k": range(7), "n": SMALL},
            {"c": lambda k, q: ceil(k, q)},
            lambda e, q, k, c: len([u for u in range(k) if u % q == e % q]) <= c,
        )
    ],
    "truncation_error.no_second_turn": [
        Says(
            lambda a, b, H, p, q, L, turns: (
                -p <= a < H + q and -p <= b < H + q and H + p + q <= L and a == b + L * turns
            ),
            lambda a, b: a == b,
            {**dict.fromkeys("ab", range(-2, 5)), "H": SIZES, "p": range(3), "q": range(3)},
            {"L": lambda H, p, q: H + p + q, "turns": lambda a, b, L: (a - b) // L},
            lambda H, p, q, L: len({t % L for t in range(-p, H + q)}) == H + p + q,
        )
    ],
    "visibility.on_the_image": [
        Says(
            lambda u, H, s, d, before, low, high: (
                s >= 1
                and low == ceil(before - d * u, s)
                and high == floor(H - 1 + before - d * u, s)
            ),
            lambda y, u, H, s, d, before, low, high: (
                (0 <= s * y + d * u - before < H) == (low <= y <= high)
            ),
            {"y": SIGNED, "u": SMALL, "H": range(1, 6), "s": SIZES, "d": SIZES, "before": SMALL},
            {
                "low": lambda u, s, d, before: ceil(before - d * u, s),
                "high": lambda u, H, s, d, before: floor(H - 1 + before - d * u, s),
            },
        )
    ],
    "visibility.some_window": [
        Says(
            lambda y, N, low, high: 0 <= y < N and low <= y <= high,
            lambda N, low, high: max(low, 0) <= min(high, N - 1),
            {"y": SIGNED, "N": COUNTS, "low": SIGNED, "high": SIGNED},
            counted=lambda N, low, high: within(max(low, 0), min(high, N - 1), N, low, high),
        ),
        Says(
            lambda N, low, high: max(low, 0) <= min(high, N - 1),
            lambda N, low, high: max(low, 0) in range(N) and low <= max(low, 0) <= high,
            {"N": COUNTS, "low": SIGNED, "high": SIGNED},
            counted=lambda N, low, high: within(max(low, 0), min(high, N - 1), N, low, high),
        ),
    ],
    "visibility.extreme_taps": [
        Says(
            lambda s, less, more, low, high, rounded=rounded: (
                s >= 1 and low == rounded(less, s) and high == rounded(more, s) and less <= more
            ),
            lambda low, high: low <= high,
            {"s": SIZES, "less": SIGNED, "more": SIGNED},
            {
                "low": lambda less, s, rounded=rounded: rounded(less, s),
                "high": lambda more, s, rounded=rounded: rounded(more, s),
            },
        )
        for rounded in (ceil, floor)
    ],
    "visibility.no_gaps": [
        Says(
            lambda H, s, shift, low, high: (
                1 <= s <= H and low == ceil(shift, s) and high == floor(H - 1 + shift, s)
            ),
            lambda low, high: low <= high,
            {"H": range(1, 6), "s": range(1, 6), "shift": range(-4, 5)},
            {
                "low": lambda shift, s: ceil(shift, s),
                "high": lambda H, shift, s: floor(H - 1 + shift, s),
            },
            lambda H, s, shift: any(place % s == 0 for place in range(shift, shift + H)),
        )
    ],
    "visibility.two_inequalities": [
        Says(
            lambda N, low, high: low <= high and N >= 1,
            lambda N, low, high: (max(low, 0) <= min(high, N - 1)) == (high >= 0 and low <= N - 1),
            {"N": COUNTS, "low": SIGNED, "high": SIGNED},
            counted=lambda N, low, high: (
                any(low <= y <= high for y in range(N)) == (high >= 0 and low <= N - 1)
            ),
        ),
        Says(
            lambda N, low, high: max(low, 0) <= min(high, N - 1),
            lambda N, low, high: high >= 0 and low <= N - 1 and N >= 1,
            {"N": COUNTS, "low": SIGNED, "high": SIGNED},
        ),
        Says(
            lambda reach, s, high: s >= 1 and high == floor(reach, s),
            lambda reach, high: (high >= 0) == (reach >= 0),
            {"reach": range(-5, 6), "s": SIZES},
            {"high": lambda reach, s: floor(reach, s)},
        ),
        Says(
            lambda room, s, N, before, low: (
                before >= 0 and s >= 1 and low == ceil(before, s) and counts_windows(N, room, s)
            ),
            lambda room, s, N, low: (low <= N - 1) == (s * low <= room) and (low > N - 1 or N >= 1),
            {"room": range(-3, 8), "s": SIZES, "before": SMALL},
            {"N": lambda room, s: windows(room, s), "low": lambda before, s: ceil(before, s)},
        ),
    ],
    "visibility.equal_padding": [
        Says(
            lambda s, p, up: s >= 1 and up == ceil(p, s),
            lambda k, H, s, d, p, up: (
                (long(k, H, d, p) and s * up <= H + 2 * p - d * (k - 1) - 1)
                == (d * (k - 1) <= H - 1 + 2 * p - s * up)
            ),
            LAYER,
            {"up": lambda p, s: ceil(p, s)},
        ),
        Says(
            lambda s, p, up: s == 1 and up == ceil(p, s),
            lambda k, H, s, d, p, up: (d * (k - 1) <= H - 1 + 2 * p - s * up) == long(k, H, d, p),
            LAYER,
            {"up": lambda p, s: ceil(p, s)},
        ),
    ],
}


@pytest.fixture(scope="module")
def z3():
    return loaded()


def loaded():
    found = second_prover.load()
    need(not isinstance(found, str), found)
    return found


@cache
def asks(function):
    """The names of the numbers that a function takes; None where it takes all of a case."""
    parameters = inspect.signature(function).parameters.values()
    if any(x.kind is x.VAR_KEYWORD for x in parameters):
        return None
    return [x.name for x in parameters if x.default is x.empty]


def called(function, case):
    """A function of some of the numbers of a case."""
    names = asks(function)
    return function(**(case if names is None else {name: case[name] for name in names}))


def cases(says):
    """Numbers that meet the hypotheses, and around each of them those with one number off."""
    fitting = islice((case for case in drawn(says) if called(says.given, case)), FITTING)
    for case in fitting:
        yield case
        numbers = [name for name, value in case.items() if not isinstance(value, dict)]
        yield from ({**case, name: case[name] + step} for name in numbers for step in STEPS)


def drawn(says):
    """Numbers drawn, with those found from them if there are any."""
    random = Random(0)
    for _ in range(DRAWS):
        case = {name: random.choice(numbers) for name, numbers in says.numbers.items()}
        for name, find in says.found.items():
            case[name] = called(find, case)
            if case[name] is None:
                break
        else:
            yield case


def reading(z3):
    """What each operation of z3 does to the values of its arguments."""
    return {
        z3.Z3_OP_TRUE: lambda: True,
        z3.Z3_OP_FALSE: lambda: False,
        z3.Z3_OP_ADD: lambda *terms: sum(terms),
        z3.Z3_OP_SUB: lambda first, *rest: first - sum(rest),
        z3.Z3_OP_UMINUS: lambda x: -x,
        z3.Z3_OP_MUL: lambda *factors: prod(factors),
        z3.Z3_OP_DIV: Fraction,
        z3.Z3_OP_LE: lambda x, y: x <= y,
        z3.Z3_OP_LT: lambda x, y: x < y,
        z3.Z3_OP_GE: lambda x, y: x >= y,
        z3.Z3_OP_GT: lambda x, y: x > y,
        z3.Z3_OP_EQ: lambda x, y: x == y,
        z3.Z3_OP_DISTINCT: lambda x, y: x != y,
        z3.Z3_OP_ITE: lambda condition, x, y: x if condition else y,
        z3.Z3_OP_NOT: lambda x: not x,
        z3.Z3_OP_AND: lambda *parts: all(parts),
        z3.Z3_OP_OR: lambda *parts: any(parts),
        z3.Z3_OP_IMPLIES: lambda x, y: y or not x,
        z3.Z3_OP_TO_REAL: lambda x: x,
    }


def read(z3, formula):
    """A formula of z3 as a function of a case, and of the values of its bound indices."""
    if z3.is_int_value(formula):
        value = formula.as_long()
        return lambda case, at: value
    if z3.is_rational_value(formula):
        fraction = formula.as_fraction()
        return lambda case, at: fraction
    if z3.is_var(formula):
        index = z3.get_var_index(formula)
        return lambda case, at: at[index]
    if z3.is_quantifier(formula):  # over the places of a table
        body, indices = read(z3, formula.body()), [PLACES] * formula.num_vars()
        return lambda case, at: all(body(case, here) for here in product(*indices))
    parts, kind = [read(z3, part) for part in formula.children()], formula.decl().kind()
    if kind == z3.Z3_OP_UNINTERPRETED:
        name = formula.decl().name()
        if not parts:
            return lambda case, at: case[name]
        return lambda case, at: case[name][tuple(part(case, at) for part in parts)]
    does = reading(z3)[kind]
    return lambda case, at: does(*(part(case, at) for part in parts))


def check(z3, name):
    """A question is what is written here, for all numbers drawn; and the theorem holds of them."""
    asked = list(question(name)(z3))
    assert len(asked) == len(QUESTIONS[name])
    for query, says in zip(asked, QUESTIONS[name], strict=True):
        check_query(z3, query, says)


def check_query(z3, query, says):
    assumed, claimed = read(z3, z3.And(*query.assume.values())), read(z3, query.claim)
    seen = set()
    for case in cases(says):
        given, claim = called(says.given, case), called(says.claim, case)
        assert assumed(case, ()) == given, ("hypotheses", case)
        if claim is not UNDEFINED:
            assert claimed(case, ()) == claim, ("claim", case)
            assert not given or (claim and called(says.counted, case)), ("theorem", case)
        seen |= {("hypotheses", given), ("claim", claim)}
    assert {*product(("hypotheses", "claim"), (True, False))} <= seen, "a part has one value"


def test_every_question_is_here():
    assert {*every_question()} == QUESTIONS.keys()


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_says_what_its_theorem_says(name, z3):
    check(z3, name)


def cuts(z3, formula):
    """A formula with one of its equivalences cut to one of its directions."""
    parts = formula.children()
    if equivalence(z3, formula):
        yield z3.Implies(parts[0], parts[1])
        yield z3.Implies(parts[1], parts[0])
    for n, part in enumerate(parts):
        for cut in cuts(z3, part) if z3.is_bool(part) else ():
            yield formula.decl()(*parts[:n], cut, *parts[n + 1 :])


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_equivalence_cut_to_one_direction_is_found_out(name, z3):
    for query, says in zip(question(name)(z3), QUESTIONS[name], strict=True):
        for claim in cuts(z3, query.claim):
            if second_prover._refutation(z3, {"cut": claim}, query.claim) == z3.sat:
                cut = replace(query, claim=claim)
                try:
                    check_query(z3, cut, says)
                except AssertionError:
                    continue
                assert answer(z3, [cut]).wrong, claim
