"""Operation count: cross-checks by literal loops and grids of cases."""

from sympy import lambdify

from derive import oracle
from derive.families import standard
from derive.proof.language import *
from derive.theorems import operation_count as theorem


def checks() -> Proof:
    yield "Literal loops along one axis spend as many operations as the formulas say, with and without the padding, with and without bias."
    yield Agree(
        formulas(),
        looped,
        Grid(H=(1, 4), k=(1, 3), s=(1, 2), p=(0, 2), channels=(1, 2), bias=(0, 1)),
        Grid(H=range(1, 6), k=range(1, 5), s=(1, 2, 3), p=range(4), channels=(1, 2), bias=(0, 1)),
    )
    small = Grid(H=(1, 4), k=(1, 3), s=(1,), p=(1,), channels=(1, 2), bias=(0, 1))
    yield "In the same loops the operations are twice the multiplications exactly if there is a bias, and without one nothing is added exactly if one product is formed for every output."
    yield Decides(
        (theorem.twice,),
        lambda bias, **_: bias == 1,
        small,
        measured=lambda **case: dict(
            zip((theorem.macs, theorem.operations), spent(**case), strict=True)
        ),
    )
    yield Decides(
        (theorem.one_term,),
        lambda **case: looped(**case)[1] == 0,
        Grid(H=(3, 4), k=(1, 3), s=(1,), p=(1,), channels=(1, 2), bias=(0,)),
        measured=lambda k, channels, **_: {theorem.D: k * channels},
    )
    yield Establishes(theorem.twice, theorem.one_term)


def formulas() -> Callable[..., tuple[int, ...]]:
    """Multiplications and additions with the padding and without it, from the one stage of a
    standard convolution along one axis to two output channels; with the bias if there is one."""
    line = standard.family.on((v,))
    assert line is not None
    stage = Count(line, (WIDTH,)).stages[0][1][0]
    symbols = (C_in, C_out, k_w, W_out, WIDTH.pairs, WIDTH.reached)
    dense = (stage.multiplications, stage.additions, stage.bias_additions)
    inner = (stage.products_in_bounds, stage.additions_in_bounds, stage.reached)
    function = lambdify(symbols, dense + inner, modules="math")

    def counts(**case: int) -> tuple[int, ...]:
        axis, channels, bias = axis_of(case), case["channels"], case["bias"]
        seeing = sum(
            any(axis.on_image(row, tap) for tap in range(axis.kernel))
            for row in range(axis.outputs)
        )
        known = (channels, 2, axis.kernel, axis.outputs, oracle.taps_in_bounds(axis), seeing)
        products, added, biases, pairs, joined, reached = function(*known)
        return products, added + bias * biases, pairs, joined + bias * reached

    return counts


def looped(**case: int) -> tuple[int, ...]:
    """Multiplications and additions by literal loops, with padding and in bounds."""
    axis, sizes = axis_of(case), {"i": case["channels"], "o": 2}
    taps, image, bias = (
        oracle.ones(2, sizes["i"], axis.kernel),
        oracle.ones(sizes["i"], axis.size),
        oracle.ones(2) if case["bias"] else None,
    )
    run = oracle.convolve(taps, image, "i", "o", "u", sizes, {"u": axis}, bias)
    return run.multiplications, run.additions, run.in_bounds, run.additions_in_bounds


def spent(**case: int) -> tuple[int, int]:
    """Multiplications in those loops, and all operations."""
    multiplications, additions, *_ = looped(**case)
    return multiplications, multiplications + additions


def axis_of(case: Mapping[str, int]) -> oracle.Axis:
    """The axis of a case, without its channels and bias."""
    return oracle.Axis.named(**{name: case[name] for name in "Hksp"})
