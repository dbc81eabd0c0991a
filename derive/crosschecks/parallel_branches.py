"""Parallel branches: cross-checks by literal loops and grids of cases."""

from derive import oracle
from derive.proof.language import *
from derive.theorems import parallel_branches as theorem


def checks() -> Proof:
    yield "Windows written out: the place that the branch reads, how its taps lie among those of the other, and the number of outputs."
    yield Decides(
        (theorem.start,),
        lambda e, p, p_b, d: reads_the_same(e, oracle.Axis(9, 5, 2, d, p), p_b),
        Grid(e=range(-2, 4), p=range(4), p_b=range(3), d=(1, 2)),
    )
    yield Decides(
        (theorem.inside,),
        lambda e, k, k_b: set(range(e, e + k_b)) <= set(range(k)),
        Grid(e=range(-1, 4), k=range(1, 5), k_b=range(1, 4)),
    )
    yield Decides(
        (theorem.after,),
        lambda e, k, k_b, d, p_after, p_b_after: (
            oracle.Axis(20, k, 1, d, 1 + d * e, p_after).outputs
            == oracle.Axis(20, k_b, 1, d, 1, p_b_after).outputs
        ),
        Grid(e=(0, 1), k=(2, 3), k_b=(1, 2), d=(1, 2), p_after=range(5), p_b_after=(0, 1)),
    )
    yield Establishes(theorem.start, theorem.inside, theorem.after)
    yield "Literal loops, every padding: two branches added are the merged convolution."
    yield Agree(
        lambda **at: loops(**at)[0],
        lambda **at: loops(**at)[1],
        within(H=(3,), k_b=(1, 2), k=(3,), e=(0, 1), s=(1, 2), d=(2,)),
        within(H=(2, 3, 5), k_b=(1, 2, 3), k=(1, 3, 5), e=(0, 1, 2), s=(1, 2, 3), d=(1, 2)),
    )
    yield "The block on a plane, zero padding: three branches added are one convolution."
    yield Agree(
        lambda **at: block(**at)[0],
        lambda **at: block(**at)[1],
        Grid(H=(3,), W=(4,), n=(3,), s=(1, 2), d=(1,)),
        Grid(H=(3, 4), W=(4, 5), n=(1, 3, 5), s=(1, 2, 3), d=(1, 2)),
    )


def reads_the_same(e: int, axis: oracle.Axis, p_b: int) -> bool:
    """Whether tap u of a branch reads what tap u + e of the axis reads, in three windows."""
    branch = replace(axis, kernel=2, before=p_b)
    return all(axis.at(y, u + e) == branch.at(y, u) for y in range(3) for u in range(2))


def within(**ranges: Sequence[int]) -> Grid:
    """A grid of branches that lie within the taps, for every padding."""
    return Grid(
        lambda k_b, k, e, **at: e + k_b <= k, "e + k_b ≤ k", mode=tuple(oracle.PADDINGS), **ranges
    )


def loops(
    mode: str, H: int, k_b: int, k: int, e: int, s: int, d: int
) -> tuple[tuple[oracle.Number, ...], tuple[oracle.Number, ...]]:
    """A convolution and a branch added, and the merged convolution, on a signal."""
    random = Random(H + k)
    whole, branch, pixels = ([random.randint(-9, 9) for _ in range(x)] for x in (k, k_b, H))
    narrow = oracle.Axis(H, k_b, s, d, before=1, after=0)
    wide = oracle.Axis(H, k, s, d, before=1 + d * e, after=d * (k - k_b - e))
    filtered = partial(oracle.filtered, padding=oracle.PADDINGS[mode])
    both = oracle.add(filtered(whole, pixels, wide), filtered(branch, pixels, narrow))
    later = [0] * e + branch + [0] * (k - k_b - e)
    sums = [x + y for x, y in zip(whole, later, strict=True)]
    return both.values, filtered(sums, pixels, wide).values


def block(H: int, W: int, n: int, s: int, d: int) -> tuple[Any, Any]:
    """The block of three branches with paddings of their own, and the merged convolution."""
    random, p = Random(n), d * (n - 1) // 2
    image = oracle.drawn(random, H, W, largest=9)
    tall, wide = (oracle.Axis(x, n, s, d, p, p) for x in (H, W))
    flat, thin = (oracle.Axis(x, 1, s, d) for x in (H, W))
    branches = ((tall, wide), (tall, thin), (flat, wide))
    kernels = [
        oracle.drawn(random, *(axis.kernel for axis in axes), largest=9) for axes in branches
    ]
    runs = (
        oracle.filtered(kernel, image, *axes)
        for kernel, axes in zip(kernels, branches, strict=True)
    )
    square, column, row = kernels
    middle = (n - 1) // 2
    sums: oracle.Tensor = {
        (u, v): weight + (v == middle) * column[u, 0] + (u == middle) * row[0, v]
        for (u, v), weight in square.items()
    }
    one = oracle.filtered(sums, image, tall, wide)
    return tuple(oracle.add(*runs).output.items()), tuple(one.output.items())
