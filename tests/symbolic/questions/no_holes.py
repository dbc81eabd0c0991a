"""What the questions about stacked dilations without holes say."""

from tests.symbolic.questions.says import floor, Says, SIGNED, SIZES, SMALL


def spread(taps, e, reach):
    """The offsets that a layer makes of all up to a reach."""
    return {x + e * u for x in range(reach + 1) for u in range(taps)}


QUESTIONS = {
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
}
