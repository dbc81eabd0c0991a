"""What the questions about rank one say."""

from fractions import Fraction
from itertools import product
from random import Random

from tests.symbolic.questions.says import PLACES, Says, UNDEFINED

DRAWN = Random(0)


def table(arity, entries):
    return {at: DRAWN.choice(entries) for at in product(PLACES, repeat=arity)}


TABLES = [table(2, (0, 1)) for _ in range(6)]

OUTER = [
    {(y, x): (y + p) * (q - x) for y, x in product(PLACES, repeat=2)}
    for p in (0, 1)
    for q in (1, 3)
]

VECTORS = [table(1, (0, 1, 2)) for _ in range(4)]


QUESTIONS = {
    "rank_one.pivot_form": [
        Says(
            lambda K, n, u0, v0, u, v: (
                K[u0, v0] != 0
                and all(
                    K[y, x] * K[u0, v0] == K[y, v0] * K[u0, x]
                    for y, x in product(range(n), repeat=2)
                )
                and u in range(n)
                and v in range(n)
            ),
            lambda K, u0, v0, u, v: (
                Fraction(K[u, v0] * K[u0, v], K[u0, v0]) == K[u, v] if K[u0, v0] else UNDEFINED
            ),
            {
                "K": [*TABLES, *OUTER],
                "n": range(4),
                **dict.fromkeys(("u0", "v0", "u", "v"), range(3)),
            },
        )
    ],
    "rank_one.minors_vanish": [
        Says(
            lambda K, a, b, u, v, y, x: all(
                K[s, t] == a[s,] * b[t,] for s, t in product((u, y), (v, x))
            ),
            lambda K, u, v, y, x: K[u, v] * K[y, x] == K[u, x] * K[y, v],
            {"K": TABLES, "a": VECTORS, "b": VECTORS, **dict.fromkeys("uvyx", range(3))},
        )
    ],
}
