"""Faults of the theorems on freedom: how many numbers a kernel has, and how near one comes."""

from dataclasses import replace
from math import gcd

from sympy import IndexedBase, Integer

from derive.algebra import dimension as algebra_dimension
from derive.algebra import jacobian
from derive.algebra.counting import StageCount
from derive.crosschecks import truncation_error as truncation_error_checks
from derive.families import acnet_block, asymmetric, cp, cp_joint, tensor_train
from derive.kernels import gallery
from derive.notation import convolution
from derive.notation.axis import Geometry
from derive.notation.family import Family
from derive.notation.letters import C_out, i, letter, o, p, q, r, u, v
from derive.theorems import (
    gaussian_radial,
    named_kernels,
    parallel_branches,
    truncation_error,
)
from tests.mutation.faults.tools import (
    changed,
    FORGOTTEN,
    instead,
    narrowed,
    one_way,
    plus_one,
    read_with,
    SWAPPED,
    wrapped,
)

A, B, C, F = map(IndexedBase, "ABCF")


def _off_the_middle(real, direction, family):
    return real(direction, family) + int(direction.tap not in family.taps)


def _offset_back(real):
    offset = letter("e_h")
    return real().xreplace({offset: -offset})


def _binomial_for_gaussian():
    table = gallery()["binomial-5"].table
    return {**gallery(), "gaussian-273": replace(gallery()["gaussian-273"], table=table)}


def _permanent(entry):
    x, y, z, w = (getattr(named_kernels, name) for name in "xyzw")
    return entry(x, y) * entry(z, w) + entry(x, w) * entry(z, y)


def _from_one(real, *letter):
    index, _, last = real(*letter)
    return index, 1, last


def _beyond_the_padded_image(ints):
    H, p, q, L = ints("H p q L")
    return H + p + q < L


def _counting_every_tap(tall, wide, stride, dilation):
    return Integer(wide * tall)


def _counting_one_tap(tall, wide, stride, dilation):
    return Integer(wide * (tall if stride == gcd(stride, dilation) else 1))


FAULTS = {
    "a torus with room to spare": (
        narrowed(
            truncation_error_checks,
            "no_second_turn",
            "the torus is large enough",
            _beyond_the_padded_image,
        ),
        ("truncation-error", "Lay the image, zeros around it, on a torus"),
    ),
    "taps swapped: the freedom": (
        (asymmetric, "family", SWAPPED),
        ("dimension", "cuts the kernel, for every value"),
    ),
    "middle channel forgotten: the freedom": (
        (asymmetric, "family", FORGOTTEN),
        ("dimension", "A single bond of size"),
    ),
    "one degree of freedom more": (
        wrapped(
            algebra_dimension, "forest_dimension", lambda real, net, clipped: real(net, clipped) + 1
        ),
        ("dimension", "Matrices for different values"),
    ),
    "both taps in one core of the train": (
        (tensor_train, "family", Family(A[q, i], B[r, q, u, v], C[p, r], F[o, p])),
        ("dimension", "Leaf by leaf"),
    ),
    "ranks modulo 2": ((jacobian, "PRIME", 2), ("dimension", "Where the two meet")),
    "both taps in one factor of CP": (
        (cp, "family", cp_joint.family),
        ("dimension", "A kernel of CP rank"),
    ),
    "a bond bounded by one of its factors": (
        wrapped(algebra_dimension, "_room", lambda real, *at: real(*at)[:1]),
        ("dimension", "These are the conditions in the table"),
    ),
    "no two sums of squares agree": (
        (gaussian_radial, "relations", lambda n: []),
        ("gaussian-radial", "the logarithms of"),
    ),
    "pairs without a zero": (
        wrapped(gaussian_radial, "pairs_of", lambda real, n: [p for p in real(n) if p[0]]),
        ("gaussian-radial", "The first sum that two pairs"),
    ),
    "a filter that is not symmetric": (
        (gaussian_radial, "PEAK", (1, 2, 7, 2, 2)),
        ("gaussian-radial", "the filter \\((1, 2, 7, 2, 1)\\) is one"),
    ),
    "every kernel radial": (
        (gaussian_radial, "is_radial", lambda kernel: True),
        ("gaussian-radial", "A symmetric filter of different primes"),
    ),
    "taps swapped: the named kernels": (
        (asymmetric, "family", SWAPPED),
        ("named-kernels", "With one channel the matrix that decides"),
    ),
    "no rank above 2": (
        wrapped(named_kernels, "rank", lambda real, rows: min(real(rows), 2)),
        ("named-kernels", "Rank 3, by exact arithmetic"),
    ),
    "the binomial instead of the Gaussian": (
        (named_kernels, "gallery", _binomial_for_gaussian),
        ("named-kernels", "Rank 3, by exact arithmetic"),
    ),
    "a permanent instead of the minor": (
        (named_kernels, "minor_of", _permanent),
        ("named-kernels", "Its minor of rows"),
    ),
    "a round Gabor filter": (
        wrapped(named_kernels, "elongated", lambda real, stretch=None: real(Integer(1))),
        ("named-kernels", "interval arithmetic shows a determinant"),
    ),
    "filters off the middle": (
        wrapped(convolution, "_tap", _off_the_middle),
        ("parallel-branches", "the three that the book writes down"),
    ),
    "a branch forgotten": (
        (acnet_block, "family", Family(A[o, i, u]) + Family(B[o, i, v])),
        ("parallel-branches", "Count the weights"),
    ),
    "a span without dilation": (
        instead(Geometry, "span", lambda x: x.kernel),
        ("parallel-branches", "Its output is as large"),
    ),
    "one weight more, merged": (
        changed(StageCount, "weights", plus_one),
        ("parallel-branches", "once they are merged"),
    ),
    "a branch without its padding": (
        wrapped(parallel_branches, "reads", lambda real, d: real(d) + d.before),
        ("parallel-branches", "Along an axis"),
    ),
    "a filter placed the wrong way": (
        wrapped(parallel_branches, "merged", _offset_back),
        ("parallel-branches", "the outputs of both, added"),
    ),
    "windows without padding": (
        read_with("before", 0),
        ("parallel-branches", "Along an axis"),
    ),
    "an image as wide as the channels": (
        (truncation_error, "W", C_out),
        ("truncation-error", "in three ways"),
    ),
    "a bound without the taps added": (
        wrapped(truncation_error, "copies", lambda real, rows, columns: real((), columns)),
        ("truncation-error", "lengthens by the largest singular value"),
    ),
    "a bound that counts every tap": (
        (truncation_error_checks, "squared_bound", _counting_every_tap),
        ("truncation-error", "the bound is reached at any stride and dilation"),
    ),
    "a bound that counts one tap": (
        (truncation_error_checks, "squared_bound", _counting_one_tap),
        ("truncation-error", "the bound is reached at any stride and dilation"),
    ),
    "a bound with the stride for the period": (
        (truncation_error_checks, "reduced_stride", lambda stride, dilation: Integer(stride)),
        ("truncation-error", "the bound is reached at any stride and dilation"),
    ),
    "only without weight, one way": (
        one_way(truncation_error_checks, "only_without_weight"),
        ("truncation-error", "the terms of"),
    ),
    "stride and dilation called coprime": (
        (truncation_error_checks, "reduced_stride", lambda stride, dilation: Integer(stride)),
        ("truncation-error", "Counted by loops"),
    ),
    "sums without their first term": (
        wrapped(truncation_error, "over", _from_one),
        ("truncation-error", "in three ways"),
    ),
    "singular values that are all 1": (
        (truncation_error, "squared_length", lambda M: M.rows),
        ("truncation-error", "The two orders have different singular values"),
    ),
}
