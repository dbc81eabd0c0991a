"""What the questions about visible taps say."""

from tests.symbolic.questions.says import (
    ceil,
    COUNTS,
    counts_windows,
    floor,
    LAYER,
    Says,
    SIGNED,
    SIZES,
    SMALL,
    windows,
)


def long(k, H, d, p):
    return d * (k - 1) <= H - 1 + p


def within(first, last, N, low, high):
    return (first <= last) == any(low <= y <= high for y in range(N))


QUESTIONS = {
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
