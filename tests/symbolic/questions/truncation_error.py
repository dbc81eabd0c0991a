"""What the questions about truncation error say."""

from tests.symbolic.questions.says import ceil, HALVES, Says, SIZES, SMALL

QUESTIONS = {
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
}
