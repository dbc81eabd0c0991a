"""Faults of the theorems on stacking: layers and poolings one behind the other."""

from dataclasses import replace

from sympy import IndexedBase, Sum

from derive.algebra import normal_form, stacked
from derive.crosschecks import composition as composition_checks
from derive.crosschecks import no_holes as no_holes_checks
from derive.families import depthwise_asymmetric, pointwise
from derive.notation import convolution
from derive.notation.axis import Geometry
from derive.notation.family import Family
from derive.notation.letters import C_in, HEIGHT, i, letter, u, v
from derive.oracle import PADDINGS, replicate
from derive.theorems import composition, no_holes, pooling_fusion
from tests.mutation.faults.tools import (
    all_brackets,
    changed,
    changed_call,
    instead,
    narrowed,
    one_row_more,
    plus_one,
    read_with,
    weakened,
    without,
    wrapped,
)

A, B = map(IndexedBase, "AB")


def _without_stride(real, two, *merged):
    return replace(real(two, *merged), before=two.first.axis.before + two.last.axis.before)


def _dilated(real, *sizes):
    pairs = (pair for _, pair in real(*sizes))
    return [
        ((o, i, y + 2 * t, x + 2 * z), ((a, j, i, y, x), (b, o, j, t, z)))
        for (a, j, i, y, x), (b, o, _, t, z) in pairs
    ]


def _summed(value, s):
    return Sum(value, *((letter(name), 0, s - 1) for name in "ab"))


def _mixed_one_row_on(pixel):
    (weight,) = pointwise.family.factors
    return Sum(weight * pixel.xreplace({HEIGHT.pixel: HEIGHT.pixel + 1}), (i, 0, C_in - 1))


def _one_tap_less(kernel, s):
    return [sum(kernel[max(0, t - s + 2) : t + 1]) for t in range(len(kernel) + s - 1)]


def _more_than_full(ints):
    first, taps, second = ints("before1 k1 before2")
    return (second == 0) | (first >= taps)


FAULTS = {
    "more than full padding": (
        narrowed(composition_checks, "enough", "unpadded or full before", _more_than_full),
        ("composition", "A second prover confirms that this is enough"),
    ),
    "a larger stride": (
        changed_call(no_holes, "places", lambda x: x.xreplace({HEIGHT.stride: HEIGHT.stride + 1})),
        ("no-holes", "Let the layers below read"),
    ),
    "dilations without the strides below": (
        (no_holes, "effective", lambda stack: [(d, k) for k, d, _ in stack]),
        ("no-holes", "Going back from one output"),
    ),
    "layers not sorted": (
        wrapped(no_holes, "inequalities", lambda real, d, in_order=False: real(d, True)),
        ("no-holes", "and fill it exactly where the inequalities hold"),
    ),
    "layers of a single tap": (
        without(no_holes_checks, "two taps"),
        ("no-holes", "no choice of taps gives"),
    ),
    "a middle image one row too long": (
        (convolution, "Within", one_row_more),
        ("composition", "Now let the middle image end"),
    ),
    "no bracket is implied: the middle image": (
        (normal_form, "_relevant", all_brackets),
        ("composition", "Now let the middle image end"),
    ),
    "the second padding without the first stride": (
        wrapped(stacked.TwoLayers, "axis", _without_stride),
        ("composition", "how far its first window can move"),
    ),
    "a span of one pixel less": (
        instead(Geometry, "span", lambda x: x.dilation * (x.kernel - 1)),
        ("composition", "leaves as many middle pixels as pixels"),
    ),
    "windows that read one pixel on": (
        changed(stacked.NumberedLayer, "reads", plus_one),
        ("composition", "If it is unpadded after the image"),
    ),
    "windows that read one pixel back": (
        changed(stacked.NumberedLayer, "reads", lambda _, place: place - 1),
        ("composition", "Mirrored padding"),
    ),
    "windows without dilation": (
        read_with("dilation", 1),
        ("composition", "Put the first layer into the second"),
    ),
    "a second kernel with holes": (
        wrapped(composition, "stacked_products", _dilated),
        ("composition", "have 17 degrees of freedom"),
    ),
    "an overlap that looks at one range only": (
        (composition, "shared", lambda one, other: one[1] - one[0]),
        ("composition", "its rank is the number of places"),
    ),
    "padding before the image, first layer not full": (
        weakened(composition_checks, "enough", "unpadded or full before"),
        ("composition", "A second prover confirms that this is enough"),
    ),
    "layers without output": (
        weakened(composition_checks, "necessary", "both layers have an output"),
        ("composition", "and that it is necessary"),
    ),
    "circular padding that repeats the border": (
        (composition_checks, "PADDINGS", {**PADDINGS, "circular": replicate}),
        ("composition", "With other paddings"),
    ),
    "both taps in one pass": (
        (depthwise_asymmetric, "family", Family(A[i, u, v], B[i], outputs=(i,))),
        ("pooling-fusion", "Max pooling is a convolution"),
    ),
    "a sum instead of the average": (
        (pooling_fusion, "average", _summed),
        ("pooling-fusion", "then averaged, is the average"),
    ),
    "a pointwise layer that reads one row on": (
        (pooling_fusion, "mixed", _mixed_one_row_on),
        ("pooling-fusion", "Upsampling by"),
    ),
    "a box one tap short": (
        (pooling_fusion, "box", _one_tap_less),
        ("pooling-fusion", "Literal loops: a convolution"),
    ),
}
