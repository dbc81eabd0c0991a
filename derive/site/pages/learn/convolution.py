"""The lesson on the sum: a small image and two kernels, and the still picture of one output."""

from functools import cache
from typing import TypedDict

from derive.algebra.windows import axis_of
from derive.notation.letters import HEIGHT
from derive.oracle import Axis, convolve, Tensor
from derive.render.latex import latex
from derive.site.heat import heat
from derive.site.pages.learn.course import facts_html
from derive.site.pages.learn.exercise import agreed, Exercise, sum_words

Plane = list[list[int]]


class ChannelSum(TypedDict):
    """What an input channel adds to an output: the sum in words, and its value."""

    sum: str
    value: int


IMAGE: list[Plane] = [
    [
        [1, 2, 0, 3, 1, 0],
        [0, 4, 1, 2, 5, 1],
        [3, 1, 6, 0, 2, 2],
        [2, 0, 3, 5, 1, 0],
        [1, 3, 0, 2, 4, 1],
        [0, 1, 2, 1, 0, 3],
    ],
    [
        [2, 0, 1, 0, 3, 1],
        [1, 3, 0, 2, 0, 2],
        [0, 2, 4, 1, 1, 0],
        [5, 0, 1, 3, 0, 1],
        [0, 1, 2, 0, 2, 4],
        [1, 0, 3, 1, 1, 0],
    ],
]
KERNELS: list[list[Plane]] = [
    [[[1, 0, -1], [2, 0, -2], [1, 0, -1]], [[0, 1, 0], [1, -4, 1], [0, 1, 0]]],
    [[[1, 2, 1], [0, 0, 0], [-1, -2, -1]], [[0, 0, 0], [0, 1, 0], [0, 0, 0]]],
]
SIZE, TAPS = len(IMAGE[0]), len(KERNELS[0][0])
STRIDES, DILATIONS, PADDINGS = (1, 2, 3), (1, 2), (0, 1, 2)


def context() -> dict[str, object]:
    """The facts of the figure, its still picture and the number of outputs along an axis."""
    still = output(channels=1, stride=1, dilation=1, padding=0)
    side = max(y for _, y, _ in still) + 1
    return {
        "facts": facts_html(
            {
                "image": IMAGE,
                "kernels": KERNELS,
                "strides": STRIDES,
                "dilations": DILATIONS,
                "paddings": PADDINGS,
            }
        ),
        "image": heat("Image X", IMAGE[0], marked=(range(TAPS), range(TAPS))),
        "kernel": heat("Kernel K", KERNELS[0][0]),
        "result": heat(
            "Result Y",
            [[int(still[0, y, x]) for x in range(side)] for y in range(side)],
            marked=((0,), (0,)),
        ),
        "terms": [(KERNELS[0][0][u][v], IMAGE[0][u][v]) for u in range(TAPS) for v in range(TAPS)],
        "first": int(still[0, 0, 0]),
        "outputs": latex(axis_of(HEIGHT).output),
        "side": side,
        "size": SIZE,
        "taps": TAPS,
        "by_hand": by_hand(),
        "exercises": (windows(),),
    }


def by_hand() -> dict[str, object]:
    """One output of both channels with padding, at the left edge: what each channel adds.

    >>> by_hand()["value"] == sum(one["value"] for one in by_hand()["channels"])
    True
    """
    place = (1, 0)
    value = int(output(channels=2, stride=1, dilation=1, padding=1)[0, *place])
    channels: list[ChannelSum] = []
    for i, kernel in enumerate(KERNELS[0]):
        pairs = [
            (kernel[u][v], IMAGE[i][y][x] if 0 <= (x := place[1] + v - 1) < SIZE else 0)
            for u in range(TAPS)
            for v in range(TAPS)
            if 0 <= (y := place[0] + u - 1) < SIZE
        ]
        found = sum(weight * pixel for weight, pixel in pairs)
        channels.append({"sum": sum_words(pairs), "value": found})
    agreed(value, sum(one["value"] for one in channels))
    return {"place": place, "channels": channels, "value": value}


def windows() -> Exercise:
    """How many windows fit: by the formula, and counted one by one."""
    size, taps, stride, dilation, padding = 9, 5, 2, 2, 3
    axis = Axis(size, taps, stride, dilation, padding, padding)
    span, room = dilation * (taps - 1) + 1, size + 2 * padding
    starts = [start for start in range(0, room, stride) if start + span <= room]
    count = agreed(axis.outputs, len(starts))
    return Exercise(
        f"{size} pixels, {taps} taps, stride {stride}, dilation {dilation}, padding {padding} on"
        " both sides: how many outputs?",
        f"{count}. The taps span {dilation}·({taps} − 1) + 1 = {span} pixels and the padded image"
        f" has {room}, so windows start at {', '.join(map(str, starts))}.",
    )


@cache
def output(channels: int, stride: int, dilation: int, padding: int) -> Tensor:
    """Y[o, y, x] of the lesson's image by the oracle's loops.

    >>> output(1, 1, 1, 0)[0, 0, 0]
    -4
    """
    axis = Axis(SIZE, TAPS, stride, dilation, padding, padding)
    image: Tensor = {
        (i, y, x): IMAGE[i][y][x] for i in range(channels) for y in range(SIZE) for x in range(SIZE)
    }
    kernel: Tensor = {
        (o, i, u, v): KERNELS[o][i][u][v]
        for o in range(len(KERNELS))
        for i in range(channels)
        for u in range(TAPS)
        for v in range(TAPS)
    }
    sizes = {"i": channels, "o": len(KERNELS)}
    return convolve(kernel, image, "i", "o", "uv", sizes, {"u": axis, "v": axis}).output
