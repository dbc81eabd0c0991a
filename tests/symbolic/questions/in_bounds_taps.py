"""What the questions about in-bounds taps say."""

from tests.symbolic.questions.says import (
    ceil,
    counts_windows,
    floor,
    LAYER,
    Says,
    SIGNED,
    SIZES,
    SMALL,
    upper,
    windows,
)


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


WINDOWS = {"N": lambda H, k, s, d, p: windows(H + 2 * p - d * (k - 1) - 1, s)}


QUESTIONS = {
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
}
