"""What literal loops need beyond zero padding and numbers: extended images, other semirings.

``derive.brute`` pads with zeros; an image that is extended first and then convolved without padding
has any other padding. It adds with ``+`` from 0 and multiplies with ``*`` from 1, so numbers of any
semiring that take 0 and 1 for its own will do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias

Index: TypeAlias = tuple[int, ...]
Place: TypeAlias = int | None  # a pixel of the image, or None where nothing is read


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


PADDINGS: Mapping[str, Callable[[int, int], Place]] = {
    "zero": zero,
    "circular": circular,
    "replicate": replicate,
    "symmetric": symmetric,
    "reflect": reflect,
}


def extended(
    image: Mapping[Index, Any],
    axis: int,
    size: int,
    before: int,
    after: int,
    mode: Callable[[int, int], Place],
    outside: Any = 0,
) -> dict[Index, Any]:
    """An image longer along one index: place a of the old one stands at a + before.

    ``outside`` fills the places where the mode reads nothing.

    >>> extended({(0,): 5, (1,): 7}, 0, 2, 1, 1, circular)
    {(0,): 7, (1,): 5, (2,): 7, (3,): 5}
    """
    longer: dict[Index, Any] = {}
    ends = [range(max(index[n] for index in image) + 1) for n in range(len(next(iter(image))))]
    ends[axis] = range(size + before + after)
    for index in product(*ends):
        place = mode(index[axis] - before, size)
        known = (*index[:axis], place, *index[axis + 1 :])
        longer[index] = outside if place is None else image[known]  # type: ignore[index]
    return longer


@dataclass(frozen=True)
class Tropical:
    """A number of the max-plus semiring: sums are maxima, products are sums, 0 is minus infinity.

    >>> Tropical(3) * Tropical(4) + Tropical(5), 0 + Tropical(3), Tropical(3) * 0
    (Tropical(value=7), Tropical(value=3), Tropical(value=None))
    """

    value: int | None  # None is minus infinity, the zero

    @classmethod
    def of(cls, number: "Tropical | int") -> "Tropical":
        """A tropical number; the integers 0 and 1 are the zero and the one of the semiring."""
        if isinstance(number, Tropical):
            return number
        return cls({0: None, 1: 0}[number])

    def __add__(self, other: "Tropical | int") -> "Tropical":
        values = [x for x in (self.value, Tropical.of(other).value) if x is not None]
        return Tropical(max(values, default=None))

    def __mul__(self, other: "Tropical | int") -> "Tropical":
        one, two = self.value, Tropical.of(other).value
        return Tropical(None if one is None or two is None else one + two)

    __radd__ = __add__
    __rmul__ = __mul__
