"""What lies outside the image: zeros, or pixels of the image once more.

The loops pad with zeros; an image that is extended first and then convolved without padding has any
other padding.
"""

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

from derive.oracle.axis import Axis
from derive.oracle.tensors import Index

Place = int | None  # a pixel of the image, or None where nothing is read
Padding = Callable[[int, int], Place]


def zero(place: int, size: int) -> Place:
    """Nothing outside the image."""
    return place if 0 <= place < size else None


def circular(place: int, size: int) -> Place:
    """The image repeated.

    >>> circular(-1, 4)
    3
    """
    return place % size


def replicate(place: int, size: int) -> Place:
    """The pixel of the border.

    >>> replicate(-2, 4), replicate(9, 4)
    (0, 3)
    """
    return min(max(place, 0), size - 1)


def symmetric(place: int, size: int) -> Place:
    """Mirrored, the border pixel twice: b a | a b c.

    >>> symmetric(-1, 3), symmetric(3, 3)
    (0, 2)
    """
    place %= 2 * size
    return min(place, 2 * size - 1 - place)


def reflect(place: int, size: int) -> Place:
    """Mirrored about the border pixel: c b | a b c.

    >>> reflect(-1, 3), reflect(3, 3), reflect(5, 1)
    (1, 1, 0)
    """
    if size == 1:
        return 0
    place %= 2 * size - 2
    return min(place, 2 * size - 2 - place)


PADDINGS: Mapping[str, Padding] = {
    "zero": zero,
    "circular": circular,
    "replicate": replicate,
    "symmetric": symmetric,
    "reflect": reflect,
}


def extended(
    image: Mapping[Index, Any], *axes: Axis, padding: Padding = zero, outside: Any = 0
) -> dict[Index, Any]:
    """An image with its padding, along its last indices: place a of the old one stands at a + p-.

    ``outside`` fills the places where the padding reads nothing.

    >>> extended({(0,): 5, (1,): 7}, Axis(size=2, kernel=1, before=1, after=1), padding=circular)
    {(0,): 7, (1,): 5, (2,): 7, (3,): 5}
    """
    channels = dict.fromkeys(index[: len(index) - len(axes)] for index in image)
    ends = [range(-axis.before, axis.size + axis.after) for axis in axes]
    longer = {}
    for channel, places in product(channels, product(*ends)):
        at = tuple(place + axis.before for place, axis in zip(places, axes, strict=True))
        read = (padding(place, axis.size) for place, axis in zip(places, axes, strict=True))
        pixel = tuple(place for place in read if place is not None)
        longer[channel + at] = image[channel + pixel] if len(pixel) == len(axes) else outside
    return longer
