"""The smallest counterexamples of the mathematics: what the proofs work out, and what is known."""

from fractions import Fraction

import pytest

from derive.proof.result import as_text
from tests.proofs import verdicts

# theorem, hypothesis dropped, values of which at least these come out of one object
KNOWN = (
    ("visibility", "every tap is seen", ["2", "0"]),  # n = d = 2, p = H = s = 1
    ("visibility", "every tap is seen", ["3", "1"]),  # n = 3, p = H = 1
    ("visibility", "every tap is seen", ["2", "1"]),  # n = s = 2, p = H = 1
    ("pipeline", "one factor per tap", ["(1, 1)", "(1, 2, 1)"]),  # ones(2)
    ("pipeline", "linear padding", ["(2, 0, 2)", "(1, 0, 1)"]),  # A = 2, B = 1, zeta = 1
    ("rank-one", "every tap is seen", ["no", "yes"]),  # n = s = 2, H = W = p = 1, I_2
    ("rank-one", "a field", ["yes", "no"]),  # Z/4, diag(2, 2)
    ("asymmetric-rank", "the same order", ["2", "1"]),  # 1 x 2, anti-diagonal
    ("asymmetric-rank", "the same order", ["1", "2"]),  # E_00, E_01
    ("depthwise-multiplier", "multiplier at least the rank", ["no", "yes"]),  # delta_ov
    ("trees-and-cp", "same kept letters", ["1", "0"]),  # oi,ou,iv
    ("trees-and-cp", "bonds of two", ["2", "3"]),  # W
    ("trees-and-cp", "a field", ["2", "3"]),  # I, [[0,2],[1,0]]
    ("dimension", "clipping", ["0", "1"]),  # alpha = beta = 1, m = 2
    ("dimension", "not defective", ["15", "14"]),  # C_in = C_out = n = 2, R = 3
    ("operation-count", "dense count", ["0", "-2"]),  # H = k = p = 1
    ("in-bounds-taps", "room", ["1", "-1"]),  # H = 1, k = 3, d = 2
    ("in-bounds-taps", "the cap", ["1", "-1"]),  # H = 1, k = 5, p = 2
    ("in-bounds-taps", "the slack", ["2", "1"]),  # H = 2, k = 3, s = 2, p = 1
    ("break-even", "equal width", ["6", "9"]),  # C = 1, n = W = 3, p = 0, m = 1
    ("bias-defect", "padding that keeps constants", ["(0, 1, 0)", "(1, 1, 1)"]),
    ("relu-linear", "cancelling groups", ["(0)", "(-1)"]),  # 1 x 1, X = -1
    ("composition", "middle image", ["1", "0"]),  # k_1 = d_1 = k_2 = 2, p_2 = H = 1
    ("composition", "unpadded or full", ["(0)", "(1)"]),  # (0, 0, 1), (1, 0, 0)
    ("composition", "mirrored or circular", ["(3, 3)", "(2, 3)"]),
    ("truncation-error", "overlap", ["3.0000", "8.8665", "9.0000"]),  # ones(3 x 3), 20 x 20
    ("parallel-branches", "alignment", ["1", "3"]),  # p = 0, n = H = 3
    ("named-kernels", "circular envelope", ["7"]),  # rotated Gabor, 7 x 7
    ("named-kernels", "a flip", ["3", "2"]),  # I_3
    ("intersections", "independent mixes", ["2", "4"]),  # P = (1, 1), D_1 = D_2 = I_2
    ("order-gap", "the whole factor", ["9", "1"]),  # 3 x 3, 3 -> 3
    ("stride-saving", "stride 1", ["2/3", "1"]),  # 3 x 3, stride 2
    ("pooling-fusion", "average pooling", ["-1", "0"]),  # weight -1, input (0, 1)
    ("no-holes", "the inequalities", ["13", "7"]),  # rates (2, 2, 2), k = 3
    ("no-holes", "the inequalities", ["25", "21"]),  # rates (1, 2, 9)
)


@pytest.mark.parametrize(("theorem", "drops", "values"), KNOWN)
def test_a_known_counterexample_comes_out(theorem, drops, values):
    found = [
        [as_text(value) for value in outcome.evidence.values.values()]
        for outcome in verdicts()[theorem].sharpness
        if outcome.drops == drops
    ]
    assert any(set(values) <= set(one) for one in found), found


def test_tuples_and_fractions_are_written_as_text():
    assert as_text((1, Fraction(1, 2))) == "(1, 1/2)"
