"""Borders of two layers for z3: strides and dilations are 1, all else is an arbitrary integer.

On either side two layers are one if the second is unpadded there or the first is full.
"""

from collections.abc import Iterator
from typing import Any

from derive.proof.evidence import CLAIM, Query


def enough(z3: Any) -> Iterator[Query]:
    """A window of the second layer beside the middle image sees no pixel through the first."""
    H, k1, k2, y, u, v = z3.Ints("H k1 k2 y u v")
    before1, after1, before2, after2 = z3.Ints("before1 after1 before2 after2")
    middle = H + before1 + after1 - k1 + 1
    windows = middle + before2 + after2 - k2 + 1
    place = y + v - before2
    pixel = place + u - before1
    yield Query(
        assume={
            "the paddings are not negative": _at_least(z3, 0, before1, after1, before2, after2),
            "it is a window and a tap": z3.And(y >= 0, y < windows, v >= 0, v < k2),
            "it is a tap of the first": z3.And(u >= 0, u < k1),
            "unpadded or full before": z3.Or(before2 == 0, before1 >= k1 - 1),
            "unpadded or full after": z3.Or(after2 == 0, after1 >= k1 - 1),
        },
        claim=z3.Or(z3.And(place >= 0, place < middle), pixel < 0, pixel >= H),
        dropped=["unpadded or full before", "unpadded or full after", "it is a window and a tap"],
    )


def necessary(z3: Any) -> Iterator[Query]:
    """If the second layer is padded and the first is not full, a window next to the middle image
    sees the first or the last pixel."""
    H, k1, k2 = z3.Ints("H k1 k2")
    before1, after1, before2, after2 = z3.Ints("before1 after1 before2 after2")
    middle = H + before1 + after1 - k1 + 1
    windows = middle + before2 + after2 - k2 + 1
    sizes = {
        "the sizes are positive": _at_least(z3, 1, H, k1, k2),
        "the paddings are not negative": _at_least(z3, 0, before1, after1, before2, after2),
        "both layers have an output": z3.And(middle >= 1, windows >= 1),
    }
    for side, padded, margin, place, pixel in (
        ("before", before2, before1, z3.IntVal(-1), z3.IntVal(0)),
        ("after", after2, after1, middle, H - 1),
    ):
        reach = place + before2
        v = z3.If(reach < k2, reach, k2 - 1)
        y, u = reach - v, pixel + before1 - place
        yield Query(
            assume={
                **sizes,
                f"the second is padded {side}": padded >= 1,
                f"the first is not full {side}": margin < k1 - 1,
            },
            claim=z3.And(y >= 0, y < windows, v >= 0, v < k2, u >= 0, u < k1),
            dropped=[
                "both layers have an output",
                f"the second is padded {side}",
                f"the first is not full {side}",
            ],
            unsharp=["both layers have an output", CLAIM],  # the window is one of several
        )


def _at_least(z3: Any, least: int, *numbers: Any) -> Any:
    return z3.And(*(number >= least for number in numbers))
