"""Kernels for the tests of floating point, and the norm of a layer from its definition."""

from fractions import Fraction
from itertools import product
from random import Random

import numpy as np

from derive.algebra.kernel import Kernel
from derive.decide.cuts import Cuts
from derive.decide.form import form
from derive.notation.letters import C_c, G, i, M, m, o, P, Q, R, T, u, v

FULL = (o, i, u, v)
EDGE, CORNER = 0.6065306597126334, 0.36787944117144233  # exp(-1/2) and exp(-1), rounded
GAUSSIAN = [[CORNER, EDGE, CORNER], [EDGE, 1.0, EDGE], [CORNER, EDGE, CORNER]]


def plane(rows):
    """One channel in, one out, each number as the fraction that it is."""
    return Kernel.of([[[[Fraction(x) for x in row] for row in rows]]])


def floats(array, precision="float64"):
    """The array rounded to a precision, as a kernel of one channel."""
    rounded = np.asarray(array, dtype=np.dtype(precision)).astype(np.float64)
    return plane(rounded.tolist())


def outer(column, row):
    return [[a * b for b in row] for a in column]


def random_kernel(seed, extents, letters=FULL, bound=9):
    random = Random(seed)
    numbers = [random.randint(-bound, bound) for _ in product(*map(range, extents))]
    return Kernel(letters, tuple(extents), numbers)


def sizes(width):
    """All that a family may choose, the same for each."""
    return dict.fromkeys((m, M, Q, R, P, C_c, T), width)


def cuts(line, kernel, width=1, groups=2):
    return Cuts(form(line, kernel, {**sizes(width), G: groups}))


def scattered(kernel, axes):
    """The transposed layer as a matrix: every pixel and tap adds to the place that it writes."""
    outputs, inputs, *_ = kernel.extents
    sizes = [axis.at(axis.size - 1, axis.kernel - 1) + 1 - axis.after for axis in axes]
    rows = list(product(range(outputs), *map(range, sizes)))
    columns = list(product(range(inputs), *(range(axis.size) for axis in axes)))
    places = {place: number for number, place in enumerate(rows)}
    matrix = np.zeros((len(rows), len(columns)))
    for number, (channel, *pixel) in enumerate(columns):
        for (out, into, *taps), weight in kernel.entries.items():
            place = tuple(axis.at(*at) for axis, *at in zip(axes, pixel, taps, strict=True))
            if into == channel and (out, *place) in places:
                matrix[places[out, *place], number] += float(weight)
    return matrix


def operator(kernel, axes):
    """The layer as a matrix, output by output and pixel by pixel, from the definition."""
    outputs, inputs, *_ = kernel.extents
    rows = list(product(range(outputs), *(range(axis.outputs) for axis in axes)))
    columns = list(product(range(inputs), *(range(axis.size) for axis in axes)))
    found = {pixel: number for number, pixel in enumerate(columns)}
    matrix = np.zeros((len(rows), len(columns)))
    for number, (channel, *window) in enumerate(rows):
        for (out, into, *taps), weight in kernel.entries.items():
            pixel = tuple(axis.at(*at) for axis, *at in zip(axes, window, taps, strict=True))
            if out == channel and (into, *pixel) in found:
                matrix[number, found[into, *pixel]] += float(weight)
    return matrix
