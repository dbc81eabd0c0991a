"""Break-even: cross-checks by literal loops, grids of cases and questions for z3."""

from derive import oracle
from derive.families import asymmetric, standard
from derive.proof.language import *
from derive.proof.questions import Queries
from derive.theorems import break_even as theorem


def checks() -> Proof:
    yield "A second prover finds the same thresholds over all integers."
    yield Confirmed(thresholds)
    yield "Literal loops without padding spend fewer multiplications on the pair exactly below the threshold in MACs."
    yield Decides(
        (theorem.fewer_macs,),
        lambda **layer: fewer("multiplications", asymmetric.family, H=3, **layer),
        Grid(n=(2, 3), W=(3, 5), C_in=(1, 2), C_out=(1, 3), m=(1, 2)),
        Grid(n=(1, 2, 3), W=range(3, 7), C_in=(1, 2, 3), C_out=(1, 2, 3), m=range(1, 6)),
        lambda n, W, **_: {k_h: n, k_w: n, W_out: W - n + 1},
    )
    yield Establishes(theorem.fewer_macs)
    yield "Weights counted one by one: which depthwise separable layers have fewer than the standard one, and which as many."
    yield Decides(
        (theorem.two_taps, theorem.two_outputs),
        lambda n, C_out: fewer(
            "parameters", theorem.lines()["depthwise separable"], n=n, C_in=2, C_out=C_out
        ),
        Grid(n=range(1, 4), C_out=range(1, 4)),
    )
    yield Decides(
        (theorem.tie,),
        lambda k_h, k_w, C_out: (
            len(oracle.ones(k_h, k_w)) + len(oracle.ones(C_out))
            == len(oracle.ones(C_out, k_h, k_w))
        ),
        Grid(k_h=range(1, 5), k_w=range(1, 4), C_out=range(1, 4)),
    )
    yield Establishes(theorem.two_taps, theorem.two_outputs, theorem.tie)
    yield "The standard layer multiplies something exactly if a tap of each axis falls on the image."
    yield Decides(
        (theorem.one_tap,),
        lambda tall, wide: meets_a_pixel(standard.family, tall, wide),
        CaseList("axes with 0, 1 and 4 pairs of a window and a tap on the image", few_pairs),
        measured=lambda tall, wide: {
            theorem.T_h: oracle.taps_in_bounds(tall),
            theorem.T_w: oracle.taps_in_bounds(wide),
        },
    )
    yield Establishes(theorem.one_tap)


def meets_a_pixel(family: Family, *axes: oracle.Axis) -> bool:
    """Whether a family multiplies any pixel."""
    return oracle.all_ones(family.factors, *axes, sizes={})[1].in_bounds > 0


def fewer(what: str, family: Family, **layer: int) -> bool:
    """Whether a family has fewer parameters, or multiplications, than the standard one."""
    letters = {"C_in": "i", "C_out": "o", "m": "j"}
    sizes = {letters.get(name, name): number for name, number in layer.items()}
    return theorem.spent(family, **sizes)[what] < theorem.spent(standard.family, **sizes)[what]


def thresholds(z3: Any) -> Queries:
    """Which layer has fewer parameters, or MACs, written out by hand."""
    n, m, c, C = z3.Ints("n m C_in C_out")
    sizes = {"taps": n >= 1, "inputs": c >= 1, "outputs": C >= 1, "middle": m >= 1}
    pair = n * m * c + n * m * C
    standard, separable = n * n * c * C, n * n * c + c * C
    yield Query(
        sizes, (pair < standard) == (m * (c + C) < n * c * C), dropped=["taps"], unsharp=["taps"]
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


def without_padding(z3: Any) -> Queries:
    """MACs without padding: fewer columns come out than go in."""
    n, m, c, C, rows, columns, fewer = z3.Ints("n m C_in C_out H_out W W_out")
    yield Query(
        {"taps": n >= 1, "rows": rows >= 1},
        (rows * n * m * (c * columns + C * fewer) < rows * n * n * c * C * fewer)
        == (m * (c * columns + C * fewer) < n * c * C * fewer),
        dropped=["taps", "rows"],
    )


def rectangular(z3: Any) -> Queries:
    """K taps in all: the only tie is K = 2 = C_out."""
    taps, c, C = z3.Ints("K C_in C_out")
    yield Query(
        {"taps": taps >= 1, "inputs": c >= 1},
        (taps * c + c * C == taps * c * C) == z3.And(taps == 2, C == 2),
        dropped=["taps", "inputs"],
    )


def few_pairs() -> Iterator[Case]:
    """Two axes, each with no, one or four pairs of a window and a tap on the image."""
    blank = oracle.Axis(1, 2, dilation=2, before=1, after=1)
    for tall, wide in product((blank, oracle.Axis(1, 1), oracle.Axis(3, 2)), repeat=2):
        yield {"tall": tall, "wide": wide}
