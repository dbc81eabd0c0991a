"""What the questions about what a stride saves say."""

from tests.symbolic.questions.says import (
    BREAK_EVEN,
    count,
    floor,
    pair,
    Says,
    SIZES,
    SMALL,
    windows,
)

QUESTIONS = {
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
}
