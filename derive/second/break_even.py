"""Break-even (T10) for the second prover: thresholds over all integers, nothing from the book."""

from collections.abc import Iterator
from typing import Any

from derive.proof.evidence import CLAIM, Query


def thresholds(z3: Any) -> Iterator[Query]:
    """Which layer has fewer parameters, or MACs, written out by hand."""
    n, m, c, C = z3.Ints("n m C_in C_out")
    sizes = {"taps": n >= 1, "inputs": c >= 1, "outputs": C >= 1, "middle": m >= 1}
    pair = n * m * c + n * m * C
    standard, separable = n * n * c * C, n * n * c + c * C
    yield Query(
        sizes,
        (pair < standard) == (m * (c + C) < n * c * C),
        dropped=["taps"],
        unsharp=["taps"],
    )
    yield Query(
        {"taps": n >= 1, "inputs": c >= 1},
        (2 * n * c * c < n * n * c * c) == (n > 2),
        dropped=["taps", "inputs"],
        unsharp=["taps", CLAIM],  # both sides are multiples of c
    )
    yield Query(
        {"taps": n >= 1, "inputs": c >= 1, "outputs": C >= 1},
        (separable < standard) == z3.And(n >= 2, C >= 2),
        dropped=["taps", "inputs"],
        unsharp=["taps", CLAIM],  # at the threshold the two differ by more than 1
    )
    yield Query(
        {"taps": n >= 2, "inputs": c >= n, "outputs": C >= 1},
        separable < n * c * c + n * c * C,
        dropped=["taps", "inputs"],
        unsharp=[CLAIM],  # the difference is a multiple of c, which is at least 2
    )
    yield from without_padding(z3)
    yield from rectangular(z3)


def without_padding(z3: Any) -> Iterator[Query]:
    """MACs without padding: fewer columns come out than go in."""
    n, m, c, C, rows, columns, fewer = z3.Ints("n m C_in C_out H_out W W_out")
    yield Query(
        {"taps": n >= 1, "rows": rows >= 1},
        (rows * n * m * (c * columns + C * fewer) < rows * n * n * c * C * fewer)
        == (m * (c * columns + C * fewer) < n * c * C * fewer),
        dropped=["taps", "rows"],
    )


def rectangular(z3: Any) -> Iterator[Query]:
    """K taps in all: the only tie is K = 2 = C_out."""
    taps, c, C = z3.Ints("K C_in C_out")
    yield Query(
        {"taps": taps >= 1, "inputs": c >= 1},
        (taps * c + c * C == taps * c * C) == z3.And(taps == 2, C == 2),
        dropped=["taps", "inputs"],
    )
