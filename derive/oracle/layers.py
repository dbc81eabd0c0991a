"""Layers in short: one channel, a matrix of what a layer does, factors of ones."""

from collections.abc import Callable, Iterable
from typing import Any

from derive.oracle.axis import Axis
from derive.oracle.loops import convolve, Factor, Run, Sizes
from derive.oracle.padding import extended, Padding, zero
from derive.oracle.tensors import impulses, Number, ones, Tensor, tensor

Rows = tuple[tuple[Number, ...], ...]

TAPS = "uvw"


def filtered(kernel: Any, image: Any, *axes: Axis, padding: Padding = zero) -> Run:
    """The convolution of one channel, both as tensors or as nested sequences.

    With other padding than zeros the image is extended first, and every pixel counts as in bounds.

    >>> filtered([1, -1], [5, 3, 2], Axis(size=3, kernel=2, after=1)).values
    (2, 1, 2)
    """
    image = tensor(image)
    if padding is not zero:
        image, axes = extended(image, *axes, padding=padding), tuple(x.unpadded for x in axes)
    taps = TAPS[: len(axes)]
    named = dict(zip(taps, axes, strict=True))
    return convolve(tensor(kernel), image, "", "", taps, {}, named)


def operator(layer: Callable[[Tensor], Run], *extents: int) -> Rows:
    """The matrix of a layer, a row for every pixel: what it makes of the image with a single 1.

    >>> operator(lambda image: filtered([1, 2], image, Axis(size=2, kernel=2, before=1)), 2)
    ((2, 1), (0, 2))
    """
    return tuple(layer(image).values for image in impulses(*extents))


def factors_of_ones(words: Iterable[str], sizes: Sizes) -> list[Factor]:
    """Factors with these letters, all weights 1.

    >>> factors_of_ones(["ju", "oj"], {"j": 1, "u": 2, "o": 1})
    [('ju', {(0, 0): 1, (0, 1): 1}), ('oj', {(0, 0): 1})]
    """
    return [(word, ones(*(sizes[letter] for letter in word))) for word in words]
