"""What the questions about pixels near the border say."""

from tests.symbolic.questions.says import ceil, Says, SIGNED, SIZES, SMALL, windows

BORDER = {"s": SIZES, "H": range(1, 6), "span": range(1, 5), "p_before": SMALL, "p_after": SMALL}


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


QUESTIONS = {
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
}
