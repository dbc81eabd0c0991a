"""What the questions about break-even widths say."""

from tests.symbolic.questions.says import BREAK_EVEN, count, COUNTS, pair, Says, SMALL


def separable(n, c, C):
    return count(n, n, c) + count(c, C)


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
}
