"""Transposed, grouped, strided: cross-checks by literal loops, grids of cases and questions for z3."""

from derive import oracle
from derive.proof.exact import *
from derive.proof.language import *
from derive.proof.questions import Queries
from derive.proof.samples import rebuilt
from derive.theorems import transposed_grouped_strided as theorem


def checks() -> Proof:
    yield "A second prover confirms size and slack of the transposed convolution over all integers."
    yield Confirmed(transposed)
    few = grid(H=(1, 3), k=(1, 3), s=(1, 2), d=(1, 2), p=(0, 1), p_after=(0, 2), pi=(0, 1))
    many = grid(
        H=range(1, 5),
        k=range(1, 4),
        s=(1, 2, 3),
        d=(1, 2),
        p=range(3),
        p_after=range(3),
        pi=range(3),
    )
    yield r"Literal scattering along one axis makes \(H_t\) pixels, and a convolution on them has \(H\) windows and slack \(\pi\)."
    yield from (
        Holds(claim, back, few, many) for claim in (theorem.grown, theorem.windows, theorem.slack)
    )
    yield Establishes(theorem.grown, theorem.windows, theorem.slack)
    yield r"It forms \(kH\) products, and drops as many as miss the image by the count of in-bounds taps, \(\varphi_H(p^-) + \varphi_H(p^+ - \pi)\)."
    yield Agree(predicted, looped, few, many)
    yield "As many windows come back as there were pixels exactly if the output padding is small, and there is anything to come back from exactly if both sizes are positive."
    yield Decides(
        (theorem.small,),
        lambda **at: back(**at)[theorem.N] == at["H"],
        Grid(H=(2,), k=(2,), s=(1, 2, 3), pi=range(4)),
    )
    yield Decides(
        (theorem.something,),
        lambda p, p_after: all(scatter(oracle.Axis(2, 2, 1, 1, x), 0).output for x in (p, p_after)),
        Grid(p=range(5), p_after=range(5)),
        measured=lambda p, p_after: {theorem.H_t: made(p=p), theorem.W_t: made(p=p_after)},
    )
    yield Establishes(theorem.small, theorem.something)
    yield "The rule which axis goes first is right for images and channels of all kinds exactly if the kernel is square."
    yield Decides((theorem.same,), rule_holds, Grid(k_h=(1, 2, 3), k_w=(1, 2, 3)))
    yield Establishes(theorem.same)
    yield "For kernels of integers, weights of a grouped pair are worked out that contract to them exactly, and there are none where a block fails."
    yield Agree(
        rebuilt,
        lambda family, sizes, kernel: realizes(family, kernel, sizes),
        CaseList(
            "4 seeded kernels for each of the three pairs",
            lambda: seeded(theorem.pairs().values(), 4),
        ),
        CaseList(
            "60 seeded kernels for each of the three pairs",
            lambda: seeded(theorem.pairs().values(), 60),
        ),
    )


def transposed(z3: Any) -> Queries:
    """The convolution on the pixels of a transposed one has as many windows as that had pixels,
    and the output padding for its slack."""
    H, s, padded, reach, extra = z3.Ints("H s p reach extra")
    windows, slack = z3.Ints("N r")
    grown = (H - 1) * s - padded + reach + extra + 1
    room = grown + padded - reach - 1
    yield Query(
        {
            "output padding": z3.And(extra >= 0, extra < s),
            "floor": z3.And(room == s * (windows - 1) + slack, slack >= 0, slack < s),
        },
        z3.And(windows == H, slack == extra),
        dropped=["output padding", "floor"],
    )


def kept(**at: int) -> bool:
    """Whether the output padding is allowed and a pixel comes out."""
    sizes = {theorem.pi: at["pi"], theorem.s: at["s"]}
    sizes |= dict.fromkeys((theorem.H_t, theorem.W_t), made(**at))
    return theorem.small.holds(sizes) and theorem.something.holds(sizes)


def made(**at: int) -> int:
    """Pixels made, by the formula, which is not positive where all is cropped."""
    sizes = {"H": 2, "k": 2, "s": 1, "d": 1, "p": 0, "p_after": 0, "pi": 0} | at
    free = theorem.grown.symbols - {theorem.H_t}
    return int(theorem.grown.given({one: sizes[one.name] for one in free}).expr)


def grid(**ranges: Sequence[int]) -> Grid:
    """A grid of transposed convolutions with a small output padding, some of it kept."""
    return Grid(kept, "π < s, something kept", **ranges)


def predicted(**at: int) -> tuple[int, ...]:
    """Products formed, and products kept, by the formulas."""
    H, k, s, d = (at[name] for name in "Hksd")
    missed = sum(
        min(H, max(0, -((d * tap - bound) // s)))
        for bound in (at["p"], at["p_after"] - at["pi"])
        for tap in range(k)
    )
    return k * H, k * H - missed


def scatter(axis: oracle.Axis, extra: int) -> oracle.Run:
    """A filter of ones on a signal of ones, transposed."""
    return oracle.scattered(oracle.ones(axis.kernel), oracle.ones(axis.size), axis, extra=extra)


def looped(**at: int) -> tuple[int, ...]:
    """Multiplications by literal loops, with padding and in bounds."""
    run = scatter(
        oracle.Axis(*(at[name] for name in ("H", "k", "s", "d", "p", "p_after"))), at["pi"]
    )
    return run.multiplications, run.in_bounds


def back(
    H: int, k: int, s: int = 1, d: int = 1, p: int = 0, p_after: int = 0, pi: int = 0
) -> Mapping[Any, int]:
    """Pixels made, and windows and slack of the convolution on them."""
    there = oracle.Axis(H, k, s, d, p, p_after)
    again = replace(there, size=len(scatter(there, pi).output))
    reached = again.at(again.outputs - 1, k - 1)
    return {
        theorem.H_t: again.size,
        theorem.N: again.outputs,
        theorem.r: again.size - 1 + p_after - reached,
    }


def rule_holds(**kernel: int) -> bool:
    """Whether vertical first is cheaper exactly where the height shrinks more."""
    images = product((2, 4), (3, 4), (1, 2), (1, 2), (1, 9), (1, 9))
    sizes = (dict(zip((H, W, H_out, W_out, C_in, C_out), image, strict=True)) for image in images)
    taps = {k_h: kernel["k_h"], k_w: kernel["k_w"], m: 1}
    cheaper = Claim(theorem.shrinking_down.expr, "<", theorem.shrinking_across.expr)
    return all(cheaper.holds(one | taps) == theorem.shrinks_more.holds(one) for one in sizes)
