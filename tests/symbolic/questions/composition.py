"""What the questions about composition of two layers say."""

from tests.symbolic.questions.says import Says

KERNELS = {"H": range(1, 4), "k1": range(4), "k2": range(4)}

PADDINGS = dict.fromkeys(("before1", "after1", "before2", "after2"), range(3))


def middle(H, k1, before1, after1):
    return H + before1 + after1 - k1 + 1


def outputs(H, k1, k2, before1, after1, before2, after2):
    return middle(H, k1, before1, after1) + before2 + after2 - k2 + 1


def outside(place, pixel, k1, k2, before1, before2, N):
    """Whether the window that lays its last possible tap on a place reads the pixel through it."""
    reach = place + before2
    v = min(reach, k2 - 1)
    return 0 <= reach - v < N and 0 <= v < k2 and 0 <= pixel + before1 - place < k1


def two_layers(H, k1, k2, before1, after1, before2, after2):
    paddings = (before1, after1, before2, after2)
    two = middle(H, k1, before1, after1) >= 1 and outputs(H, k1, k2, *paddings) >= 1
    return min(H, k1, k2) >= 1 and min(paddings) >= 0 and two


def seen_outside(H, k1, k2, before1, after1, before2, after2, after):
    """Some window of the second layer reads a pixel through a place outside the middle image."""
    N = outputs(H, k1, k2, before1, after1, before2, after2)
    places = [y + v - before2 for y in range(N) for v in range(k2)]
    beyond = [p for p in places if (p >= middle(H, k1, before1, after1) if after else p < 0)]
    return any(0 <= p + u - before1 < H for p in beyond for u in range(k1))


QUESTIONS = {
    "composition.enough": [
        Says(
            lambda H, k1, k2, y, u, v, before1, after1, before2, after2: (
                min(before1, after1, before2, after2) >= 0
                and y in range(outputs(H, k1, k2, before1, after1, before2, after2))
                and v in range(k2)
                and u in range(k1)
                and (before2 == 0 or before1 >= k1 - 1)
                and (after2 == 0 or after1 >= k1 - 1)
            ),
            lambda H, k1, y, u, v, before1, after1, before2: (
                y + v - before2 in range(middle(H, k1, before1, after1))
                or y + v - before2 + u - before1 not in range(H)
            ),
            {**KERNELS, **PADDINGS, **dict.fromkeys("yuv", range(-1, 3))},
        )
    ],
    "composition.necessary": [
        Says(
            lambda H, k1, k2, before1, after1, before2, after2: (
                two_layers(H, k1, k2, before1, after1, before2, after2)
                and before2 >= 1
                and before1 < k1 - 1
            ),
            lambda H, k1, k2, before1, after1, before2, after2: outside(
                -1,
                0,
                k1,
                k2,
                before1,
                before2,
                outputs(H, k1, k2, before1, after1, before2, after2),
            ),
            {**KERNELS, **PADDINGS},
            counted=lambda **sizes: seen_outside(**sizes, after=False),
        ),
        Says(
            lambda H, k1, k2, before1, after1, before2, after2: (
                two_layers(H, k1, k2, before1, after1, before2, after2)
                and after2 >= 1
                and after1 < k1 - 1
            ),
            lambda H, k1, k2, before1, after1, before2, after2: outside(
                middle(H, k1, before1, after1),
                H - 1,
                k1,
                k2,
                before1,
                before2,
                outputs(H, k1, k2, before1, after1, before2, after2),
            ),
            {**KERNELS, **PADDINGS},
            counted=lambda **sizes: seen_outside(**sizes, after=True),
        ),
    ],
}
