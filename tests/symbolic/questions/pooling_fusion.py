"""What the questions about pooling behind a convolution say."""

from tests.symbolic.questions.says import Says, SIGNED, SMALL

QUESTIONS = {
    "pooling_fusion.triangular": [
        Says(lambda s: s >= 1, lambda s: 0 in range(s), {"s": SIGNED, "u": SIGNED}),
        Says(
            lambda t, u: t < u,
            lambda t, u, s: t - u not in range(s),
            {"t": SIGNED, "u": SIGNED, "s": SMALL},
        ),
    ],
}
