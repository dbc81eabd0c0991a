"""Arithmetic intensity: cross-checks by literal loops and grids of cases."""

from sympy import lambdify

from derive import oracle
from derive.algebra.sizes import square
from derive.families import standard
from derive.proof.language import *
from derive.theorems import arithmetic_intensity as theorem


def checks() -> Proof:
    function = lambdify((n, C_in, C_out, H, W, H_out, W_out), on_grid(), modules="math")
    yield "Operations counted in literal loops with a bias, over the sizes of the tensors, give the same quotient."
    yield Agree(
        lambda n, C_in, C_out, H: Fraction(
            *function(n, C_in, C_out, H, H + 1, H - n + 1, H - n + 2)
        ),
        counted,
        Grid(n=(1, 2), C_in=(1, 2), C_out=(1, 3), H=(3, 4)),
        Grid(n=(1, 2, 3), C_in=(1, 2, 3), C_out=(1, 2, 3), H=(3, 4, 5)),
    )
    yield "Pixels and multiplications of a depthwise layer, counted in literal loops."
    yield from (
        Holds(claim, depthwise_in_loops, Grid(C=(1, 2), H=(3, 4), W=(3, 5), n=(1, 2)))
        for claim in (theorem.pixels, theorem.depthwise_per_byte, theorem.below)
    )
    yield Establishes(theorem.pixels, theorem.depthwise_per_byte, theorem.below)
    yield "In literal loops of the same size a column filter has fewer operations to a number moved than a square one exactly if it has two taps or more."
    yield Decides(
        (theorem.two_taps,),
        lambda n, C: per_number(C, n, 1) < per_number(C, n, n),
        Grid(n=range(1, 5), C=(1, 2)),
    )
    yield Establishes(theorem.two_taps)


def on_grid() -> tuple[Expr, Expr]:
    """Operations and numbers moved of a standard layer with a bias."""
    count = Count(standard.family)
    formulas = (count.flops_with_bias, count.bytes_with_bias)
    operations, moved = (square(formula.expr).xreplace({nu: Integer(1)}) for formula in formulas)
    return operations, moved


def per_number(C: int, tall: int, wide: int) -> Fraction:
    """Twice the multiplications of C channels to C on 4 x 4 pixels, over the numbers moved."""
    kernel, image = oracle.ones(C, C, tall, wide), oracle.ones(C, 4, 4)
    axes = {
        tap: oracle.Axis(4, taps, before=(taps - 1) // 2, after=taps // 2)
        for tap, taps in (("u", tall), ("v", wide))
    }
    run = oracle.convolve(kernel, image, "i", "o", "uv", {"i": C, "o": C}, axes)
    return Fraction(2 * run.multiplications, len(kernel) + len(image) + len(run.output))


def depthwise_in_loops(C: int, H: int, W: int, n: int) -> dict[Expr, int | Rational]:
    """What a depthwise layer reads, writes and computes per number moved, without padding."""
    tall, wide = oracle.Axis(H, n), oracle.Axis(W, n)
    weights, run = oracle.all_ones(["iuv"], tall, wide, sizes={"i": C}, outputs="i")
    moved = C * H * W + weights + len(run.output)
    return {
        theorem.kappa: Rational(C * H * W, len(run.output)),
        theorem.intensity: Rational(2 * run.multiplications, moved),
        nu: 1,
        H_out: tall.outputs,
        W_out: wide.outputs,
    }


def counted(n: int, C_in: int, C_out: int, H: int) -> Fraction:
    """Intensity counted by loops on tensors of ones, one column more than rows and no padding."""
    kernel, image, bias = (
        oracle.ones(C_out, C_in, n, n),
        oracle.ones(C_in, H, H + 1),
        oracle.ones(C_out),
    )
    axes = {"u": oracle.Axis(H, n), "v": oracle.Axis(H + 1, n)}
    run = oracle.convolve(kernel, image, "i", "o", "uv", {"i": C_in, "o": C_out}, axes, bias)
    moved = len(kernel) + len(image) + len(bias) + len(run.output)
    return Fraction(run.operations, moved)
