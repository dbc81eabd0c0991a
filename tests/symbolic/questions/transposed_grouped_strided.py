"""What the questions about transposed convolutions say."""

from tests.symbolic.questions.says import Says, SIZES, SMALL, windows


def scattered(H, s, padded, reach, extra):
    """The size of a transposed convolution, by where its last tap falls."""
    return (
        max(s * y + reach for y in range(H)) + 1 - padded + extra
        if H > 0
        else (H - 1) * s - padded + reach + extra + 1
    )


QUESTIONS = {
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
}
