"""One output pixel by hand: the sum of the one convolution, channel by channel, for a small layer.

It is the pixel in the middle of the first plane of the figure at work, and the number is the same.
"""

from dataclasses import dataclass
from itertools import chain
from math import prod

from derive.catalogue import FAMILIES
from derive.comparison import attempts, Row
from derive.notation.errors import CheckError
from derive.site.at_work import all_filters, at_work_row, SIDE, SMALL, worked
from derive.site.heat import heat
from derive.site.pages.learn.exercise import sum_words


@dataclass(frozen=True)
class Channel:
    """What one input channel adds to a pixel: kernel and window as tables, the sum, its value."""

    kernel: str
    window: str
    sum: str
    value: int


@dataclass(frozen=True)
class ByHand:
    """A pixel by one convolution with the multiplied-out kernel.

    ``alone`` and ``direct`` are the products that this pixel takes in two stages and in one;
    ``staged`` and ``whole`` those of a pixel of all outputs, as an average over the image.
    """

    channels: tuple[Channel, ...]
    total: str
    value: int
    alone: int
    direct: int
    staged: int
    whole: int


def by_hand(name: str) -> ByHand:
    """A family of two stages, its middle pixel worked out in one; CheckError if they differ.

    >>> found = by_hand("depthwise-separable")
    >>> found.alone, found.direct, found.staged, found.whole
    (30, 27, 33, 54)
    """
    row = at_work_row(FAMILIES[name])
    assert row is not None
    run, middle = worked(row), SIDE // 2
    taps = range(run.sizes["u"])
    window = [middle - len(taps) // 2 + tap for tap in taps]
    channels = []
    for i in range(row.layer.channels_in):
        kernel = [[int(run.kernel[0, i, u, v]) for v in taps] for u in taps]
        pixels = [[run.pixels[i, y, x] for x in window] for y in window]
        pairs = list(zip(chain(*kernel), chain(*pixels), strict=True))
        value = sum(weight * pixel for weight, pixel in pairs)
        tables = heat(f"Kernel, i = {i}", kernel), heat(f"Window, i = {i}", pixels)
        channels.append(Channel(*tables, sum_words(pairs), value))
    value = sum(one.value for one in channels)
    if value != run.made[-1][0, middle, middle]:
        raise CheckError(f"{name}: one pixel by hand is not what its stages make")
    first, second = (prod((*map(int, one.sides), int(one.depth))) for one in all_filters(row))
    (whole,) = attempts(FAMILIES["standard"], row.layer, SMALL)
    assert isinstance(whole, Row)
    return ByHand(
        channels=tuple(channels),
        total=sum_words([(one.value, 1) for one in channels]).replace("·1", ""),
        value=value,
        alone=second + second * first,
        direct=len(taps) ** 2 * len(channels),
        staged=row.number("macs") // SIDE**2,
        whole=whole.number("macs") // SIDE**2,
    )
