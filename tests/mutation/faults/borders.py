"""Faults of the theorems on borders: padding, biases and activations between stages."""

from sympy import Integer

from derive.algebra import interlayer
from derive.crosschecks import bias_defect as bias_defect_checks
from derive.crosschecks import border_pixels as border_pixels_checks
from derive.crosschecks import relu_linear as relu_linear_checks
from derive.families import asymmetric
from derive.notation.axis import Axis, Geometry
from derive.proof.claim import Claim
from derive.proof.questions import rounded_down
from derive.theorems import bias_defect, border_pixels, relu_linear, relu_price
from tests.mutation.faults.tools import (
    changed,
    changed_call,
    instead,
    one_way,
    SWAPPED,
    wrapped,
)

FAULTS = {
    "slack 0: the border": (
        changed(Axis, "slack", lambda _, slack: 0 * slack),
        ("border-pixels", "The first tap reads before"),
    ),
    "windows one pixel on": (
        changed_call(border_pixels, "places", lambda place: place + 1),
        ("border-pixels", "The first tap reads before"),
    ),
    "a ceiling that rounds down": (
        (border_pixels_checks, "rounded_up", rounded_down),
        ("border-pixels", "therefore lies on the image"),
    ),
    "a window on the image, one way": (
        one_way(border_pixels_checks, "inside"),
        ("border-pixels", "therefore lies on the image"),
    ),
    "a window on the image, the other way": (
        one_way(border_pixels_checks, "inside", back=True),
        ("border-pixels", "therefore lies on the image"),
    ),
    "an untouched window, one way": (
        one_way(bias_defect_checks, "untouched_windows"),
        ("bias-defect", "A window misses no tap"),
    ),
    "taps swapped: the bias": (
        (asymmetric, "family", SWAPPED),
        ("bias-defect", "Put the first stage with its bias"),
    ),
    "a span of one dilation more: the bias": (
        instead(Geometry, "span", lambda x: x.dilation * x.kernel),
        ("bias-defect", "Count windows and taps from the other end"),
    ),
    "a slack of one pixel more": (
        wrapped(bias_defect, "slack", lambda real: real() + 1),
        ("bias-defect", "Count windows and taps"),
    ),
    "a ceiling that rounds down: the bias": (
        (bias_defect_checks, "rounded_up", rounded_down),
        ("bias-defect", "falls before the image"),
    ),
    "every place off the middle image": (
        (bias_defect, "Within", lambda place, extent: Integer(0)),
        ("bias-defect", "Put the first stage"),
    ),
    "every place on the middle image": (
        (bias_defect, "inside", lambda family: Integer(1)),
        ("bias-defect", "outside instead of zero"),
    ),
    "taps swapped: the activation": (
        (asymmetric, "family", SWAPPED),
        ("relu-linear", "Tap by tap"),
    ),
    "a square instead of the absolute value": (
        (relu_linear, "activation", Claim(relu_linear.at(1), "=", relu_linear.t**2)),
        ("relu-linear", "The odd part of"),
    ),
    "a middle image without end": (
        (relu_linear, "Within", lambda place, extent: Integer(1)),
        ("relu-linear", "Tap by tap"),
    ),
    "all filters in one group": (
        (relu_linear_checks, "direction", lambda form: tuple(map(abs, form))),
        ("relu-linear", "Literal loops"),
    ),
    "a size with its sign": (
        (relu_linear_checks, "absolute", lambda z3, x: x),
        ("relu-linear", "A second prover"),
    ),
    "an activation that takes the opposite for the number": (
        (relu_price, "function", lambda expr: lambda z: expr),
        ("relu-price", "The difference of"),
    ),
    "a first stage twice as large": (
        (relu_price, "altered", lambda f, change: interlayer.altered(f, lambda z: change(2 * z))),
        ("relu-price", "Take the channels"),
    ),
    "no kink": (
        (relu_price, "relu", lambda t: t),
        ("relu-price", "Of all choices of up to three column filters"),
    ),
}
