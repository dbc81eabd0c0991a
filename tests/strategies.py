"""Random small layers, small enough to convolve by loops: the sizes of tests by the oracle."""

from hypothesis import strategies as st

from derive.notation.axis import Axis, Transposed
from derive.notation.layer import Layer
from derive.notation.letters import C_c, M, m, P, Q, R, T

# of 1, 2 and 3 axes: largest size, kernel, padding, channels
LIMITS = {1: (6, 4, 3, 4), 2: (6, 4, 3, 3), 3: (3, 3, 1, 2)}
WIDTHS = (m, M, Q, R, P, C_c, T)
seeds = st.integers(0, 2**32 - 1)


def fits(axis):
    return axis.size + axis.before + axis.after >= axis.span


@st.composite
def axis_numbers(draw, size=6, kernel=4, padding=3, odd=False, dilation=3):
    """H, k, s, d, p-, p+: a window fits, paddings are unequal as often as not."""
    taps = st.integers(1, kernel)
    return (
        draw(st.integers(1, size)),
        draw(taps.filter(lambda k: k % 2) if odd else taps),
        draw(st.integers(1, 3)),
        draw(st.integers(1, dilation)),
        draw(st.integers(0, padding)),
        draw(st.integers(0, padding)),
    )


def axes(**limits):
    return axis_numbers(**limits).map(lambda numbers: Axis(*numbers)).filter(fits)


@st.composite
def any_transposed(draw, **limits):
    numbers = draw(axis_numbers(**limits))
    return Transposed(*numbers, extra=draw(st.integers(0, numbers[2] - 1)))


def transposed_axes(**limits):
    return any_transposed(**limits).filter(lambda axis: axis.output > 0)


@st.composite
def layers(draw, odd, transposed=False):
    """A layer with an axis per entry of ``odd``, which says whose kernel must have a middle."""
    size, kernel, padding, channels = LIMITS[len(odd)]
    limits = {"size": size, "kernel": kernel, "padding": padding, "dilation": 3}
    groups = draw(st.integers(1, 2))
    per_group = st.integers(1, max(1, channels // groups))
    return Layer(
        groups * draw(per_group),
        groups * draw(per_group),
        tuple(draw((transposed_axes if transposed else axes)(**limits, odd=tap)) for tap in odd),
        groups,
    )


def layers_of(design, transposed=False):
    return layers(design.odd, transposed)


@st.composite
def widths(draw):
    """Widths, multipliers, ranks and numbers of terms, 1 to 3."""
    small = st.integers(1, 3)
    return {symbol: draw(small) for symbol in WIDTHS}
