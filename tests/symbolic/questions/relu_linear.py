"""What the questions about functions that are linear along lines say."""

from tests.symbolic.questions.says import HALVES, Says

QUESTIONS = {
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
}
