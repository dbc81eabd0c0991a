"""Layers in short: one channel, the matrix of a layer, a pipeline of ones."""

from collections.abc import Callable, Iterable
from typing import Any

from derive.oracle.axis import Axis
from derive.oracle.loops import Axes, convolve, pipeline, Run, Sizes
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


def all_ones(
    words: Iterable[str], inputs: str, outputs: str, sizes: Sizes, axes: Axes
) -> tuple[int, Run]:
    """A pipeline of ones on an image of ones, for its counts: how many weights it has, and its run.

    The words are the letters of its factors; a tap has the size of its axis.

    >>> axes = {"u": Axis(size=3, kernel=2)}
    >>> weights, run = all_ones(["ju", "oj"], "", "o", {"j": 1, "o": 1}, axes)
    >>> weights, run.multiplications
    (3, 6)
    """
    sizes = {**sizes, **{tap: axis.kernel for tap, axis in axes.items()}}
    factors = [(word, ones(*(sizes[letter] for letter in word))) for word in words]
    pixels = (axis.size for axis in axes.values())
    image = ones(*(sizes[letter] for letter in inputs), *pixels)
    run = pipeline(factors, image, inputs, outputs, sizes, axes)
    return sum(len(tensor) for _, tensor in factors), run
