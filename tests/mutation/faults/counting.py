"""Faults of the theorems on counting: operations, weights, activations and taps."""

from sympy import IndexedBase, Max

from derive.algebra.counting import Count, StageCount
from derive.crosschecks import in_bounds_taps as in_bounds_taps_checks
from derive.families import (
    asymmetric,
    asymmetric_horizontal_first,
    depthwise,
    depthwise_separable,
    grouped_asymmetric,
)
from derive.notation import axis, convolution
from derive.notation.axis import Axis, Geometry, Transposed
from derive.notation.family import Family
from derive.notation.formula import Formula
from derive.notation.letters import a, c, g, i, l, o, u, v
from derive.proof.claim import Claim
from derive.theorems import in_bounds_taps
from derive.theorems.continued import in_bounds_taps as in_bounds_taps_continued
from tests.mutation.faults.tools import (
    BACKWARDS,
    changed,
    DENSE,
    instead,
    one_way,
    plus_one,
    POINTWISE_FIRST,
    SWAPPED,
    wrapped,
)

A, B, D, P = map(IndexedBase, "ABDP")


def plus_one_in(module, name):
    """A claim of a theorem whose last term is one more."""
    one = getattr(module, name)
    return module, name, Claim(*one.terms[:1], "=", one.expr + 1)


def _all_letters(family):
    return (family.inputs,) * len(family.factors) + (family.outputs,)


def _without_output_padding(x):
    return Max(0, (x.size - 1) * x.stride + x.span - x.before - x.after)


def _without_padding(direction, family):
    tap = convolution._tap(direction, family)
    return direction.stride * direction.position + direction.dilation * tap


def _with_bias(count):
    return Formula(count.flops_with_bias.expr / count.bytes.expr)


FAULTS = {
    "additions as many as products": (
        instead(StageCount, "additions", lambda s: s.products),
        ("operation-count", "The first product begins a sum"),
    ),
    "a multiplication too many": (
        instead(StageCount, "multiplications", lambda s: s.products * len(s.factors)),
        ("operation-count", "A stage forms one product"),
    ),
    "a bias for every channel only": (
        instead(StageCount, "bias_additions", lambda s: s.biases),
        ("operation-count", "The bias is one more addition"),
    ),
    "padding counted as image": (
        instead(StageCount, "products_in_bounds", lambda s: s.products),
        ("operation-count", "Hence the MACs"),
    ),
    "no letter ends before the last stage": (
        instead(Family, "states", _all_letters),
        ("operation-count", "A stage forms one product"),
    ),
    "the pair run backwards": (
        (asymmetric, "family", BACKWARDS),
        ("break-even", "The column filter runs on"),
    ),
    "the pair swapped": ((asymmetric, "family", SWAPPED), ("break-even", "The pair saves")),
    "pointwise before depthwise": (
        (depthwise_separable, "family", POINTWISE_FIRST),
        ("break-even", "Both stages write at all"),
    ),
    "a tap moved to the pointwise stage": (
        (depthwise_separable, "family", Family(D[i, l, u], P[o, i, l, v])),
        ("break-even", "For a rectangular kernel only"),
    ),
    "no tap misses the image": (
        (Axis, "misses", lambda self, bound, windows, kernel: 0),
        ("break-even", "give the table"),
    ),
    "as much read as written": (
        instead(StageCount, "reads", lambda s: s.outputs),
        ("arithmetic-intensity", "The layer reads"),
    ),
    "numbers of one byte": (
        instead(Count, "bytes", lambda c: c._sum("reads", "weights", "outputs", joins=3)),
        ("arithmetic-intensity", "Divide twice the MACs"),
    ),
    "the intensity with bias throughout": (
        instead(Count, "intensity", _with_bias),
        ("arithmetic-intensity", "Without one there is an addition less"),
    ),
    "a depthwise layer that mixes channels": (
        (depthwise, "family", Family(D[o, i, u, v])),
        ("arithmetic-intensity", "the number of channels cancels"),
    ),
    "both taps in the first filter": (
        (asymmetric, "family", DENSE),
        ("arithmetic-intensity", "Each stage has"),
    ),
    "the pair run backwards, strided": (
        (asymmetric, "family", BACKWARDS),
        ("stride-saving", "The filters write"),
    ),
    "both taps in the first filter, row first": (
        (asymmetric_horizontal_first, "family", DENSE),
        ("stride-saving", "of the parameters"),
    ),
    "one pixel of room more": (
        changed(Axis, "room", plus_one),
        ("stride-saving", "the first window of"),
    ),
    "a product for every output only": (
        instead(StageCount, "products", lambda s: s.outputs),
        ("stride-saving", "The products of a stage"),
    ),
    "output padding forgotten": (
        instead(Transposed, "output", _without_output_padding),
        ("transposed-grouped-strided", "The first window of the convolution"),
    ),
    "a span of one dilation more": (
        instead(Geometry, "span", lambda x: x.dilation * x.kernel),
        ("transposed-grouped-strided", "The first pixel and tap"),
    ),
    "transposed without its padding": (
        (convolution, "_write", _without_padding),
        ("transposed-grouped-strided", "Pixel \\(a\\) and tap"),
    ),
    "the second filter not grouped": (
        (grouped_asymmetric, "family", Family(A[g, c, a, u], B[o, g, c, v], inputs=(g, a))),
        ("transposed-grouped-strided", "by the matrices with rows"),
    ),
    "landing pairs counted as all": (
        instead(StageCount, "products_in_bounds", lambda s: s.products),
        ("transposed-grouped-strided", "Those that land between"),
    ),
    "slack 0": (
        changed(Axis, "slack", lambda _, slack: 0 * slack),
        ("in-bounds-taps", "s(N - 1) = L - r"),
    ),
    "the next tap": (
        wrapped(in_bounds_taps, "seen", lambda real, axis, tap: real(axis, tap + 1)),
        ("in-bounds-taps", "What remains is"),
    ),
    "too many missed, by taps": (
        plus_one_in(in_bounds_taps, "by_taps"),
        ("in-bounds-taps", "the stride is now 1"),
    ),
    "too many missed, by rows": (
        plus_one_in(in_bounds_taps, "by_rows"),
        ("in-bounds-taps", "The first \\(Y_k\\) rows give"),
    ),
    "terms of one tap later": (
        wrapped(in_bounds_taps_continued, "taken_out", lambda real, expr: real(expr) + 1),
        ("in-bounds-taps", "the stride is now 1"),
    ),
    "taps that nothing counts": (
        wrapped(in_bounds_taps_continued, "in_bounds", lambda real, *axis: real(*axis) + 1),
        ("in-bounds-taps", "Stride 1 has no slack"),
    ),
    "misses capped at none": (
        (in_bounds_taps_checks, "positive", lambda z3, x: x),
        ("in-bounds-taps", "Of each term"),
    ),
    "a tap that misses the image, one way": (
        one_way(in_bounds_taps_checks, "one_tap"),
        ("in-bounds-taps", "no pair reads both before and beyond"),
    ),
    "a tap that misses the image, the other way": (
        one_way(in_bounds_taps_checks, "one_tap", back=True),
        ("in-bounds-taps", "no pair reads both before and beyond"),
    ),
    "the first windows miss, one way": (
        one_way(in_bounds_taps_checks, "misses_are_first"),
        ("in-bounds-taps", "are the first"),
    ),
    "rows that miss, the other way": (
        one_way(in_bounds_taps_checks, "rows_that_miss", back=True),
        ("in-bounds-taps", "the same points are counted by rows"),
    ),
    "a floor sum with a term too many": (
        (axis, "floor_sum", lambda n, m, a, b: sum((a * x + b) // m for x in range(n + 1))),
        ("in-bounds-taps", "The first layer of ResNet"),
    ),
}
