"""What the questions about a bias behind a filter say."""

from tests.symbolic.questions.says import ceil, floor, Says, SIGNED, SIZES, SMALL, upper


def misses(window, k, p, N):
    """The taps of a window that are padding, of a line with p on either side and N windows."""
    line = [None] * p + [*range(N + k - 1 - 2 * p)] + [None] * p
    return [v for v in range(k) if line[window + v] is None]


def ends(k, p, window, N):
    """How many taps are before and after the image, at stride 1."""
    return tuple(upper(k, missed) for missed in (p - window, p - (N - 1 - window)))


def mirrored(q, p, k, N):
    return p >= 1 and 2 * p <= N and 1 <= q <= min(p, k)


LENGTHS = {"q": range(4), "p": range(4), "k": range(4), "N": range(9)}


def tiled(tile, read, least=1):
    """Padding that repeats a tile of pixels: a place reads the pixel there, by its remainder."""
    return Says(
        lambda place, turns, rest, W: (
            least <= W and place == turns * len(tile(W)) + rest and rest in range(len(tile(W)))
        ),
        lambda rest, W: read(rest, W) in range(W),
        {"place": range(-6, 9), "W": range(2, 4)},
        {
            "turns": lambda place, W: floor(place, len(tile(W))),
            "rest": lambda place, W, turns: place - turns * len(tile(W)),
        },
        lambda place, rest, W: tile(W)[place % len(tile(W))] == read(rest, W),
    )


QUESTIONS = {
    "bias_defect.three_cases": [
        Says(
            lambda W: W >= 0,
            lambda place, W: [place < 0, place in range(W), place >= W].count(True) == 1,
            {"place": SIGNED, "W": SIGNED},
        )
    ],
    "bias_defect.prefix": [
        Says(
            lambda v, k, d, P, q: v in range(k) and d >= 1 and q == ceil(P, d),
            lambda v, k, d, P, q: (d * v < P) == (v < upper(k, q)),
            {"v": SMALL, "k": range(1, 5), "d": SIZES, "P": range(-3, 9)},
            {"q": lambda P, d: ceil(P, d)},
            lambda k, d, P, q: [t for t in range(k) if d * t < P] == [*range(upper(k, q))],
        )
    ],
    "bias_defect.untouched_windows": [
        Says(
            lambda x, N, s, P, R, alpha, beta: (
                x in range(N) and s >= 1 and alpha == ceil(P, s) and beta == ceil(R, s)
            ),
            lambda x, N, s, P, R, alpha, beta: (
                (not (s * x < P or s * (N - 1 - x) < R)) == (alpha <= x < N - max(beta, 0))
            ),
            {"x": SMALL, "N": range(1, 6), "s": SIZES, "P": range(-1, 5), "R": range(-3, 5)},
            {"alpha": lambda P, s: ceil(P, s), "beta": lambda R, s: ceil(R, s)},
        )
    ],
    "bias_defect.every_length": [
        Says(
            mirrored,
            lambda q, p, k, N: p - q in range(N) and ends(k, p, p - q, N) == (q, 0),
            LENGTHS,
            counted=lambda q, p, k, N: misses(p - q, k, p, N) == [*range(q)],
        ),
        Says(
            mirrored,
            lambda q, p, k, N: N - 1 - p + q in range(N) and ends(k, p, N - 1 - p + q, N) == (0, q),
            LENGTHS,
            counted=lambda q, p, k, N: misses(N - 1 - p + q, k, p, N) == [*range(k - q, k)],
        ),
    ],
    "bias_defect.copied_pixels": [
        tiled(lambda W: [*range(W)], lambda rest, W: rest),
        tiled(
            lambda W: [*range(W), *reversed(range(W))],
            lambda rest, W: min(rest, 2 * W - 1 - rest),
        ),
        tiled(
            lambda W: [*range(W), *reversed(range(1, W - 1))],
            lambda rest, W: min(rest, 2 * W - 2 - rest),
            least=2,
        ),
        Says(
            lambda W: W >= 1,
            lambda place, W: max(0, min(place, W - 1)) in range(W),
            {"place": SIGNED, "W": SIGNED},
        ),
    ],
}
