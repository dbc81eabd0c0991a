"""Classical filters: cross-checks by grids of cases."""

from derive.algebra import matrix
from derive.kernels import gallery
from derive.proof.exact import *
from derive.proof.language import *
from derive.theorems import named_kernels as theorem


def checks() -> Proof:
    yield "Only with one channel in and one out is the matrix of a pair as large as the kernel."
    yield Decides(
        (theorem.one_channel,), of_the_size_of_the_kernel, Grid(C_in=(1, 2), C_out=(1, 2))
    )
    yield Establishes(theorem.one_channel)
    yield "The exponent of a turned Gaussian has no mixed term exactly if the envelope is circular."
    yield Decides(
        (theorem.circular,),
        lambda gamma: (
            ((3 * theorem.x + 4 * theorem.y) ** 2 + (gamma * (3 * theorem.y - 4 * theorem.x)) ** 2)
            .expand()
            .coeff(theorem.x * theorem.y)
            == 0
        ),
        Grid(gamma=(1, 2, 3)),
    )
    yield Establishes(theorem.circular)
    yield "Exact factors of every table, as many as its rank, multiply back to it."
    yield Agree(
        factors,
        lambda name: rank(gallery()[name].entries),
        CaseList("every table of the gallery", lambda: kernels(sampled=False)),
        CaseList("every kernel of the gallery, sampled ones too", lambda: kernels(sampled=True)),
    )
    yield "Random kernels that are the same upside down have a rank of at most half their size, rounded up,"
    yield Bounded(
        lambda size, seed: rank(flipped(size, 1, seed)),
        lambda size, seed: theorem.same.given({n: size}).expr,
        Grid(size=range(1, 8), seed=(1,)),
        Grid(size=range(1, 16), seed=range(20)),
    )
    yield Establishes(theorem.same)
    yield "and those that change sign of half their size, rounded down."
    yield Bounded(
        lambda size, seed: rank(flipped(size, -1, seed)),
        lambda size, seed: theorem.opposite.given({n: size}).expr,
        Grid(size=range(1, 8), seed=(1,)),
        Grid(size=range(1, 16), seed=range(20)),
    )
    yield Establishes(theorem.opposite)
    yield "The 3 × 3 kernel of corners, edges and middle has rank at most 1 exactly if the square of the edge is corner times middle."
    yield Decides(
        (theorem.square,),
        lambda a, b, c: rank([[a, b, a], [b, c, b], [a, b, a]]) <= 1,
        Grid(a=range(-2, 3), b=range(-2, 3), c=(-1, 0, 4)),
        Grid(a=range(-9, 10), b=range(-9, 10), c=range(-9, 10)),
    )
    yield Establishes(theorem.square)
    yield "Discs in pixels: radius 2 and 3 are those of the gallery."
    yield Agree(
        lambda radius: disc(radius),
        lambda radius: gallery()[f"disc-{radius}"].table,
        Grid(radius=(2, 3)),
    )
    yield r"The matrix of powers \(p^{xy}\) is of full rank."
    yield Agree(
        lambda n, p: rank([[p ** (x * y) for x in range(n)] for y in range(n)]),
        lambda n, p: n,
        Grid(n=range(1, 6), p=(2, 3)),
        Grid(n=range(1, 12), p=(2, 3, 7)),
    )


def kernels(sampled: bool) -> Iterator[Case]:
    """The kernels of the gallery by name: tables, and filters sampled from a formula if asked."""
    return ({"name": name} for name, one in gallery().items() if sampled or one.sampled is None)


def factors(name: str) -> int:
    """The inner size of exact factors of a table, 0 if they do not multiply back."""
    entries = gallery()[name].entries
    left, right = matrix.rank_factors(entries)
    return len(right) if matrix.product(left, right) == [list(row) for row in entries] else 0


def of_the_size_of_the_kernel(**channels: int) -> bool:
    """Whether the matrix of a pair has the rows and columns of a 2 × 3 kernel."""
    ones = Kernel.by(lambda *at: 1, o=channels["C_out"], i=channels["C_in"], u=2, v=3)
    rows = ones.matrix((o, v), (i, u))
    return (len(rows), len(rows[0])) == (3, 2)


def flipped(n: int, sign: int, seed: int) -> list[list[int]]:
    """A random kernel that the flip upside down multiplies by the sign."""
    random = Random(seed)
    upper = [[random.randint(-99, 99) for _ in range(n)] for _ in range(n // 2)]
    middle = [[random.randint(-99, 99) * (sign == 1) for _ in range(n)] for _ in range(n % 2)]
    return [*upper, *middle, *([sign * x for x in row] for row in reversed(upper))]


def disc(radius: int) -> tuple[tuple[int, ...], ...]:
    """The pixels at most a radius away from the middle one."""
    pixels = range(-radius, radius + 1)
    return tuple(tuple(int(x * x + y * y <= radius**2) for x in pixels) for y in pixels)
