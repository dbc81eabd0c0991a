"""Pooling fusion: cross-checks by literal loops, grids of cases and questions for z3."""

from derive import oracle
from derive.proof.exact import *
from derive.proof.language import *
from derive.proof.questions import Queries
from derive.theorems import pooling_fusion as theorem


def checks() -> Proof:
    yield "Literal loops: a convolution and an average pooling are the one strided convolution."
    yield Agree(
        in_two_layers,
        in_one_layer,
        Grid(H=(1, 3, 5), k=(1, 2, 3), s=(1, 2, 3), before=(0, 1), after=(0, 2)),
        Grid(H=range(1, 9), k=range(1, 5), s=range(1, 5), before=range(4), after=range(4)),
    )
    yield "One pixel in the first window, convolved, then averaged by literal loops: each place in turn gives an entry of the one kernel,"
    yield Holds(theorem.joint, entry, Grid(o=(0, 1), i=(0, 1), s=(1, 2), u=(0, 2), v=(1,)))
    yield Establishes(theorem.joint)
    sizes = Grid(k_h=(1, 2), k_w=(3,), s=(1, 2))
    yield "and that many places count."
    yield from (
        Holds(Claim(theorem.places_read, "=", one.expr), partial(pixels_read, one), sizes)
        for one in (theorem.tall, theorem.wide)
    )
    yield Establishes(theorem.tall, theorem.wide)
    yield "The ranks of a spread kernel, unfolded in five ways, are those of the kernel."
    yield Agree(
        lambda K, s: theorem.ranks(K),
        lambda K, s: theorem.ranks(spread(K, s)),
        CaseList("6 kernels of small rank", lambda: theorem.kernels(2)),
        CaseList("120 kernels of small rank", lambda: theorem.kernels(40)),
    )
    yield "Literal pooling: one pass over the window and two along its sides agree, for the maximum and for the average of what lies on the image."
    yield Agree(
        lambda how, **layer: pooled(how, layer),
        lambda how, **layer: pooled_twice(how, layer),
        Grid(how=("max", "mean"), H=(1, 3, 4), k=(1, 2, 3), s=(1, 2), d=(1, 2), before=(0, 1)),
        Grid(
            how=("max", "mean"),
            H=range(1, 7),
            k=range(1, 5),
            s=range(1, 4),
            d=range(1, 4),
            before=range(4),
        ),
    )


def triangular(z3: Any) -> Queries:
    """The first rows of that matrix: ones on the diagonal, zeros above it."""
    t, u, s = z3.Ints("t u s")

    def entry(row: Any, column: Any) -> Any:
        return z3.If(z3.And(row - column >= 0, row - column < s), 1, 0)

    yield Query(
        assume={"a window has a pixel": s >= 1},
        claim=entry(u, u) == 1,
        dropped=["a window has a pixel"],
    )
    yield Query(assume={"above": t < u}, claim=entry(t, u) == 0, dropped=["above"])


def in_two_layers(H: int, k: int, s: int, before: int, after: int) -> tuple[oracle.Number, ...]:
    """A convolution and a sum over windows of s with stride s."""
    axis = oracle.Axis(H, k, 1, 1, before, after)
    middle = oracle.filtered(theorem.numbers(k), theorem.numbers(H), axis).values
    return oracle.filtered([1] * s, middle, oracle.Axis(len(middle), s, s)).values


def in_one_layer(H: int, k: int, s: int, before: int, after: int) -> tuple[oracle.Number, ...]:
    """The convolution with the kernel spread by s, with stride s."""
    axis = oracle.Axis(H, k + s - 1, s, 1, before, after)
    return oracle.filtered(theorem.box(theorem.numbers(k), s), theorem.numbers(H), axis).values


def entry(**at: int) -> Mapping[Any, Any]:
    """An entry of the kernel of both layers, and the kernel of the first, 0 outside its taps."""
    channels, pixel = (at["o"], at["i"]), (at["u"], at["v"])
    weights = iter(theorem.numbers(24))
    kernel = {tap: next(weights) for tap in product((0, 1), (0, 1), range(2), range(3))}
    plane: oracle.Tensor = {tap: kernel[*channels, *tap] for tap in product(range(2), range(3))}
    around = product((0, 1), (0, 1), range(-1, 3), range(-1, 3))
    measured = {theorem.K_joint[o, i, u, v]: response(plane, at["s"], *pixel)}
    return {theorem.K[tap]: kernel.get(tap, 0) for tap in around} | measured


def response(kernel: oracle.Tensor, s: int, *pixel: int) -> Fraction:
    """The first output of a convolution and an average over windows of s, for one pixel of 1."""
    image: oracle.Tensor = {at: int(at == pixel) for at in product(range(6), repeat=2)}
    taps = (max(lengths) + 1 for lengths in zip(*kernel, strict=True))
    middle = oracle.filtered(kernel, image, *(oracle.Axis(6, length) for length in taps)).output
    return Fraction(sum(middle[at] for at in product(range(s), repeat=2))) / s**2


def pixels_read(side: Claim, k_h: int, k_w: int, s: int) -> Mapping[Any, int]:
    """How many pixels of the first column or row count in the first output, for weights of 1."""
    kernel = oracle.ones(k_h, k_w)
    line = ((a, 0) if side is theorem.tall else (0, a) for a in range(6))
    return {theorem.places_read: sum(response(kernel, s, *pixel) != 0 for pixel in line)}


def spread(K: Kernel, s: int) -> Kernel:
    """The kernel spread along both axes."""
    C_o, C_i, _, _ = K.extents
    return Kernel.of(
        [
            [theorem.transposed(theorem.transposed(K.nested[o][i], s), s) for i in range(C_i)]
            for o in range(C_o)
        ]
    )


def pooled(how: str, layer: dict[str, int]) -> theorem.Pooled:
    """One pass over square windows of a square image; None where a window lies off the image."""
    axis = oracle.Axis.named(**layer, beyond=layer["before"])
    image = [theorem.numbers(axis.size + n)[n:] for n in range(axis.size)]
    windows = list(product(range(axis.outputs), repeat=2))
    taps = list(product(range(axis.kernel), repeat=2))
    seen = ([(axis.at(y, u), axis.at(x, v)) for u, v in taps] for y, x in windows)
    on = range(axis.size)
    return tuple(
        theorem.of(how, [image[a][b] for a, b in at if a in on and b in on]) for at in seen
    )


def pooled_twice(how: str, layer: dict[str, int]) -> theorem.Pooled:
    """Along the columns, then along the rows."""
    axis = oracle.Axis.named(**layer, beyond=layer["before"])
    image = [theorem.numbers(axis.size + n)[n:] for n in range(axis.size)]
    columns = [along(how, column, axis) for column in zip(*image, strict=True)]
    rows = [along(how, row, axis) for row in zip(*columns, strict=True)]
    return tuple(value for row in rows for value in row)


def along(how: str, line: Sequence[Any], axis: oracle.Axis) -> list[Any]:
    """Pooling of one row or column."""
    places = (
        [axis.at(window, tap) for tap in range(axis.kernel)] for window in range(axis.outputs)
    )
    return [theorem.of(how, [line[a] for a in at if 0 <= a < axis.size]) for at in places]
