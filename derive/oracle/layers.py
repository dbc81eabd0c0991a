"""Layers in short: one channel, the matrix of a layer, a pipeline of ones."""

from collections.abc import Callable, Iterable
from typing import Any

from derive.oracle.axis import Axis
from derive.oracle.loops import Axes, contract, convolve, pipeline, Run, scatter, Sizes
from derive.oracle.padding import extended, Padding, zero
from derive.oracle.tensors import impulses, Number, ones, Tensor, tensor, word

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


def scattered(kernel: Any, image: Any, *axes: Axis, extra: int = 0) -> Run:
    """The transposed convolution of one channel, with an output padding, both as tensors or as
    nested sequences.

    >>> scattered([1, 2], [1, 10], Axis(size=2, kernel=2, stride=2), extra=1).values
    (1, 2, 10, 20, 0)
    """
    taps = TAPS[: len(axes)]
    named, extras = dict(zip(taps, axes, strict=True)), dict.fromkeys(taps, extra)
    return scatter([(taps, tensor(kernel))], tensor(image), "", "", {}, named, extras)


def operator(layer: Callable[[Tensor], Run], *extents: int) -> Rows:
    """The matrix of a layer, a row for every pixel: what it makes of the image with a single 1.

    >>> operator(lambda image: filtered([1, 2], image, Axis(size=2, kernel=2, before=1)), 2)
    ((2, 1), (0, 2))
    """
    return tuple(layer(image).values for image in impulses(*extents))


def all_ones(
    factors: Iterable[Any], *axes: Axis, sizes: Sizes, inputs: str = "i", outputs: str = "o"
) -> tuple[int, Run]:
    """A pipeline of ones on an image of ones, for its counts: how many weights it has, and its run.

    Each factor is given by its letters, or has them as its ``indices``; a tap has the size of its
    axis, a letter without a size is a single value.

    >>> weights, run = all_ones(["ju", "oj"], Axis(size=3, kernel=2), sizes={}, inputs="")
    >>> weights, run.multiplications
    (3, 6)
    """
    words = [word(getattr(factor, "indices", factor)) for factor in factors]
    along = dict(zip(TAPS, axes, strict=False))
    taps = {tap: axis.kernel for tap, axis in along.items()}
    extents = {**dict.fromkeys("".join(words), 1), **sizes, **taps}
    weights = [(letters, ones(*(extents[letter] for letter in letters))) for letters in words]
    pixels = (axis.size for axis in axes)
    image = ones(*(extents[letter] for letter in inputs), *pixels)
    run = pipeline(weights, image, inputs, outputs, extents, along)
    return sum(len(tensor) for _, tensor in weights), run


def biased_pair(
    A: Any, B: Any, image: Any, bias: Any, axes: Axes
) -> tuple[tuple[Number, ...], tuple[Number, ...]]:
    """What a vertical-first pair with a bias in the middle makes of an image, and what the one
    convolution with its kernel does, the bias folded into one number for every output channel.

    Shapes: A[j, i, u], B[o, j, v], image[i, y, x], bias[j], as tensors or as nested sequences.

    >>> axes = {"u": Axis(1, 1), "v": Axis(1, 1, before=1, after=1)}
    >>> biased_pair([[[1]]], [[[1]]], [[[0]]], [1], axes)
    ((0, 1, 0), (1, 1, 1))
    """
    A, B, bias = map(tensor, (A, B, bias))
    (j, i, _), (o, _, _) = (map(max, zip(*entries, strict=True)) for entries in (A, B))
    sizes = {"i": i + 1, "j": j + 1, "o": o + 1, **{tap: x.kernel for tap, x in axes.items()}}
    factors = [("jiu", A), ("ojv", B)]
    run = pipeline(factors, tensor(image), "i", "o", sizes, axes, [bias, None])
    kernel = contract(factors, "i", "o", "uv", sizes)
    folded = contract([("ojv", B), ("j", bias)], "", "o", "", sizes)
    return run.values, convolve(kernel, tensor(image), "i", "o", "uv", sizes, axes, folded).values
