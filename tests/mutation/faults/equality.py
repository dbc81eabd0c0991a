"""Faults of the theorems on equality: which kernels and which layers are the same."""

from dataclasses import replace

from sympy import IndexedBase, Integer

from derive import oracle
from derive.algebra import factorize, inclusion, network, normal_form
from derive.algebra.counting import StageCount
from derive.algebra.kernel import Kernel
from derive.crosschecks import intersections as intersections_checks
from derive.crosschecks import rank_one as rank_one_checks
from derive.crosschecks import two_factor as two_factor_checks
from derive.crosschecks import visibility as visibility_checks
from derive.families import (
    asymmetric,
    blueprint_separable,
    cp,
    depthwise_separable,
    flattened,
    network_decoupling,
    standard,
    tensor_train,
)
from derive.notation import convolution
from derive.notation.axis import Axis
from derive.notation.family import Family
from derive.notation.letters import HEIGHT, i, l, o, p, q, r, T, u, v
from derive.proof.questions import rounded_down
from derive.relations import min_cut, two_sided
from derive.theorems import (
    order_gap,
    trees_and_cp,
    visibility,
)
from tests.mutation.faults.tools import (
    all_brackets,
    BLUEPRINT_OF_INPUTS,
    changed,
    changed_call,
    doubled_rows,
    FLATTENED_ROW_OF_INPUTS,
    FORGOTTEN,
    narrowed,
    one_row_more,
    one_way,
    plus_one,
    SWAPPED,
    weakened,
    wrapped,
)

A, B, C, D, F, P, S, W = map(IndexedBase, "ABCDFPSW")


def _with_one_less(real, *of):
    """Every placement without the first of its crossing letters."""
    for one in real(*of):
        letters = sorted(one.crossing, key=str)
        yield replace(one, crossing=frozenset(letters[1:]))


def _ones_everywhere(kind, *equal, **extents):
    return kind.by(lambda *at: 1, **{x: extents.get(x, 1) for x in "oiuv"})


def _one_window_less(z3, N, room, s):
    return z3.Or(rounded_down(z3, N, room, s) & (room >= 0), (N == 0) & (room < 0))


def _one_pixel_on(axis, y, u):
    return axis.stride * y + axis.dilation * u - axis.before + 1


def _shorter_than_the_image(ints):
    H, s = ints("H s")
    return s < H


def _diagonal():
    return Kernel.by(lambda o, i, u, v: int(u == v), o=1, i=2, u=2, v=2)


def _ones(C_out, C_in, k_h, k_w):
    return Kernel.by(lambda o, i, u, v: 1, o=C_out, i=C_in, u=k_h, v=k_w)


FAULTS = {
    "rows that every tap reads": (
        changed_call(visibility, "places", lambda x: x.xreplace({HEIGHT.dilation: Integer(0)})),
        ("visibility", "never read the same pixel"),
    ),
    "an impulse at every pixel": (
        (visibility, "KroneckerDelta", lambda *_: Integer(1)),
        ("visibility", "Let an image be 1 at the pixel"),
    ),
    "one pixel of room more: the inequality": (
        changed(Axis, "room", plus_one),
        ("visibility", "the second inequality is"),
    ),
    "windows not counted from one": (
        (visibility_checks, "counts_windows", _one_window_less),
        ("visibility", "Given that and"),
    ),
    "a stride below the size of the image": (
        narrowed(
            visibility_checks,
            "no_gaps",
            "the image is no shorter than the stride",
            _shorter_than_the_image,
        ),
        ("visibility", "because among"),
    ),
    "a tap on the image, one way": (
        one_way(visibility_checks, "on_the_image"),
        ("visibility", "lays tap"),
    ),
    "a tap on the image, the other way": (
        one_way(visibility_checks, "on_the_image", back=True),
        ("visibility", "lays tap"),
    ),
    "a tap seen, one way": (
        one_way(visibility_checks, "two_inequalities"),
        ("visibility", "Given that and"),
    ),
    "the oracle one pixel on": (
        (oracle.Axis, "at", _one_pixel_on),
        ("visibility", "Windows and taps, looked at one by one"),
    ),
    "a bracket one row too long": (
        (convolution, "Within", one_row_more),
        ("pipeline", "Asymmetric convolution, vertical first"),
    ),
    "a bracket one row too long, in every order": (
        (convolution, "Within", one_row_more),
        ("pipeline", "Taken in any other order"),
    ),
    "no bracket is implied by its range": (
        (normal_form, "_relevant", all_brackets),
        ("pipeline", "Tensor-train convolution"),
    ),
    "a minor that does not vanish": (
        weakened(rank_one_checks, "pivot_form", "the minors vanish"),
        ("rank-one", "A second prover says the same"),
    ),
    "a pivot of zero": (
        weakened(rank_one_checks, "pivot_form", "the pivot is not zero"),
        ("rank-one", "A second prover says the same"),
    ),
    "taps of the asymmetric pair swapped": (
        (asymmetric, "family", SWAPPED),
        ("asymmetric-rank", "the contraction is a matrix product"),
    ),
    "middle channel forgotten": (
        (asymmetric, "family", FORGOTTEN),
        ("asymmetric-rank", "calls the pair universal"),
    ),
    "one weight more": (
        changed(StageCount, "weights", plus_one),
        ("asymmetric-rank", "weights more than the kernel has entries"),
    ),
    "taps swapped: the gap": (
        (asymmetric, "family", SWAPPED),
        ("order-gap", "it pulls both pairs apart"),
    ),
    "a placement left out": (
        wrapped(min_cut, "_placements", lambda real, *of: list(real(*of))[1:]),
        ("order", "these products are left"),
    ),
    "a crossing letter forgotten": (
        wrapped(min_cut, "_placements", _with_one_less),
        ("order", "What stands on the side of the rows"),
    ),
    "a delta dropped": (
        (two_sided, "KroneckerDelta", lambda *letters: Integer(1)),
        ("order", "Each delta picks out one term"),
    ),
    "taps swapped: the order": (
        (asymmetric, "family", SWAPPED),
        ("order", "these products are left"),
    ),
    "a better placement ignored": (
        (min_cut, "never_more", lambda one, other: True),
        ("order", "and so at most the smallest"),
    ),
    "another kernel for the gap": (
        (order_gap, "gap_kernel", _ones),
        ("order-gap", "Exact ranks of that kernel"),
    ),
    "the pair swapped: the form": (
        (asymmetric, "family", SWAPPED),
        ("two-factor", "So \\(K\\) is of this form"),
    ),
    "a copy that is not mixed": (
        (depthwise_separable, "family", Family(D[i, l, u, v], P[o, l])),
        ("two-factor", "So \\(K\\) is of this form"),
    ),
    "the near side of a bond": (
        (network, "_side", lambda net, bond: frozenset([min(bond.nodes)])),
        ("two-factor", "So \\(K\\) is of this form"),
    ),
    "every kernel passes": (
        (two_factor_checks, "passes", lambda *a, **k: True),
        ("two-factor", "Over a finite field"),
    ),
    "factors twice as large": (
        wrapped(factorize, "_tensor", doubled_rows),
        ("two-factor", "For integer kernels"),
    ),
    "a depthwise filter that forgets its channel": (
        (depthwise_separable, "family", Family(D[l, u, v], P[o, i, l])),
        ("depthwise-multiplier", "The depthwise and the pointwise"),
    ),
    "a blueprint of inputs": (
        (blueprint_separable, "family", BLUEPRINT_OF_INPUTS),
        ("depthwise-multiplier", "In the blueprint layer"),
    ),
    "terms of blueprints": (
        (network_decoupling, "family", T * Family(D[o, u, v], P[o, i])),
        ("depthwise-multiplier", "Side by side"),
    ),
    "a standard layer of two factors": (
        (standard, "family", Family(W[o, u, v], P[o, i])),
        ("depthwise-multiplier", "At these sizes"),
    ),
    "a delta that is always 1": (
        (inclusion, "KroneckerDelta", lambda x, y: Integer(1)),
        ("depthwise-multiplier", "With \\(M = C_{\\mathrm{out}}\\)"),
    ),
    "taps of the train swapped": (
        (tensor_train, "family", Family(A[q, i], B[r, q, v], C[p, r, u], F[o, p])),
        ("trees-and-cp", "Read off the letters"),
    ),
    "a flattened row of inputs": (
        (flattened, "family", FLATTENED_ROW_OF_INPUTS),
        ("trees-and-cp", "For fixed values"),
    ),
    "a last factor without its bond": (
        (cp, "family", Family(S[r, i], A[r, u], B[r, v], F[o, i])),
        ("trees-and-cp", "Divide the four factors"),
    ),
    "another kernel for W": (
        (trees_and_cp, "three_ones", _diagonal),
        ("trees-and-cp", "For \\(\\mathcal{W}\\)"),
    ),
    "the other companion": (
        wrapped(trees_and_cp, "companion", lambda real, square: real(-square)),
        ("trees-and-cp", "Let \\(K_0\\) be the identity"),
    ),
    "factors twice as large: trees": (
        wrapped(factorize, "_tensor", doubled_rows),
        ("trees-and-cp", "For integer kernels"),
    ),
    "a depthwise filter of outputs": (
        (depthwise_separable, "family", Family(D[o, l, u, v], P[o, i, l])),
        ("intersections", "Without multiplier"),
    ),
    "a flattened row of inputs: inclusions": (
        (flattened, "family", FLATTENED_ROW_OF_INPUTS),
        ("intersections", "Flattened in blueprint"),
    ),
    "a blueprint of inputs: intersections": (
        (blueprint_separable, "family", BLUEPRINT_OF_INPUTS),
        ("intersections", "Depthwise separable means"),
    ),
    "both orders one": (
        (intersections_checks, "transposed", lambda family: family),
        ("intersections", "For all weights of zeros and ones"),
    ),
    "every kernel in both": (
        (Kernel, "ones", classmethod(_ones_everywhere)),
        ("intersections", "One input, two outputs"),
    ),
}
